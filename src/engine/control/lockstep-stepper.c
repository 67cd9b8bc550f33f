/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-stepper-private.h"

#include "lockstep-json-writer.h"
#include "lockstep-task-spans.h"

/* Tasks shorter than this (s) are queued at a solver before it is free. */
#define SHORT_TASK 0.02

/* Tasks shorter than this (s) are over before a solver's next one could come: many are queued. */
#define VERY_SHORT_TASK 0.001

/* How many turns a solver has at most: the one that it is at, and those queued. */
#define MAX_SHORT_TURNS      2
#define MAX_VERY_SHORT_TURNS 8

/* The weight of the newest task in the running mean of durations. */
#define NEWEST_WEIGHT 0.1

enum
{
  OVER,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (LockstepStepper, lockstep_stepper, G_TYPE_OBJECT)

static LockstepEvent
new_step_event (LockstepStepper  *self,
                LockstepEventType type)
{
  LockstepEvent event;

  lockstep_event_init (&event, type);
  event.step = (int) lockstep_batch_get_step (self->batch)->index;
  event.iteration = (int) lockstep_sequence_get_iteration (self->sequence);

  return event;
}

LockstepEvent
lockstep_stepper_new_turn_event (LockstepStepper    *self,
                                 LockstepEventType   type,
                                 guint               solver,
                                 const LockstepTurn *turn)
{
  LockstepEvent event = new_step_event (self, type);

  event.solver = (int) solver;
  event.task = turn->task;
  event.attempt = (int) turn->attempt;

  return event;
}

/* Each solver without a task costs a core: adds up what that has come to. */
void
lockstep_stepper_count_waiting (LockstepStepper *self,
                                gint64           now)
{
  const guint n_members = lockstep_crew_get_n_members (self->crew);
  const guint n_busy = lockstep_batch_get_n_busy (self->batch);

  if (n_members > n_busy && !self->paused)
    self->waited += (n_members - n_busy) * (now - self->waited_up_to);
  self->waited_up_to = now;
}

/* What became of the estimates that were made in the step, so that they can be judged. */
static void
tell_estimates (LockstepStepper *self)
{
  guint                       n_made;
  const LockstepEstimateMade *made = lockstep_run_get_estimates_made (lockstep_record_get_run (self->record), &n_made);

  for (guint i = 0; i < n_made; i++)
    {
      LockstepEvent event = new_step_event (self, LOCKSTEP_EVENT_ESTIMATE);
      GString      *payload = g_string_new ("{");

      lockstep_json_append_name (payload, "at");
      lockstep_json_append_double (payload, made[i].share);
      lockstep_json_append_name (payload, "low");
      lockstep_json_append_double (payload, made[i].low);
      lockstep_json_append_name (payload, "high");
      lockstep_json_append_double (payload, made[i].high);
      lockstep_json_append_name (payload, "actual");
      lockstep_json_append_double (payload, made[i].actual);
      lockstep_record_tell_payload (self->record, &event, payload);
    }
}

/* Appends `"name":` and the time in seconds. A barrier is passed often: by hand, and to the microsecond. */
static void
append_seconds (GString    *out,
                const char *name,
                gint64      microseconds)
{
  char   digits[32];
  char  *first = digits + sizeof digits;
  gint64 rest = MAX (microseconds, 0);

  for (guint i = 0; i < 6; i++, rest /= 10)
    *--first = (char) ('0' + rest % 10);
  *--first = '.';
  do
    *--first = (char) ('0' + rest % 10);
  while ((rest /= 10) > 0);

  lockstep_json_append_name (out, name);
  lockstep_json_append_text (out, first, (gsize) (digits + sizeof digits - first));
}

static void
tell_step_ended (LockstepStepper *self)
{
  LockstepEvent event = new_step_event (self, LOCKSTEP_EVENT_STEP_ENDED);
  GString      *payload = g_string_new ("{");

  append_seconds (payload, "seconds", self->waited_up_to - self->step_started);
  append_seconds (payload, "waited", self->waited);
  lockstep_record_tell_payload (self->record, &event, payload);
  tell_estimates (self);
  lockstep_record_sync (self->record);
}

/* Looks whether the barrier is passed, or the work that was to be finished is. */
void
lockstep_stepper_check_over (LockstepStepper *self)
{
  if (self->stopped || self->batch == NULL)
    return;

  if (lockstep_batch_is_over (self->batch))
    {
      lockstep_stepper_count_waiting (self, g_get_monotonic_time ());
      tell_step_ended (self);
      g_clear_pointer (&self->batch, lockstep_batch_free);
      g_clear_pointer (&self->call_text, lockstep_call_text_free);
    }
  else if (!self->finishing || lockstep_batch_get_n_busy (self->batch) + self->n_reading > 0)
    {
      return;
    }

  g_signal_emit (self, signals[OVER], 0);
}

void
lockstep_stepper_fail (LockstepStepper *self,
                       LockstepSolver  *solver,
                       const char      *why)
{
  if (self->stopped)
    return;

  self->stopped = TRUE;
  g_signal_emit (self, signals[FAILED], 0, solver, why);
}

/* The solver begins the oldest of its turns. */
static void
begin_turn (LockstepStepper    *self,
            LockstepSolver     *solver,
            const LockstepTurn *turn,
            gint64              now)
{
  const guint   index = lockstep_solver_get_index (solver);
  LockstepEvent event = lockstep_stepper_new_turn_event (self, LOCKSTEP_EVENT_TASK_STARTED, index, turn);

  g_hash_table_remove (self->excused, GUINT_TO_POINTER (index + 1));
  lockstep_watch_begin (self->watch, index, now);
  if (lockstep_batch_get_step (self->batch)->kind == LOCKSTEP_STEP_ALL)
    {
      event.part = (int) turn->index;
      event.parts = (int) lockstep_batch_get_n_tasks (self->batch);
    }
  lockstep_record_tell (self->record, &event);
}

/* Whether a solver that has @n_turns may get another: while tasks are short, and so many wait that each solver could have
 * as many. */
static gboolean
may_queue (LockstepStepper *self,
           guint            n_turns)
{
  const guint most = self->recent < VERY_SHORT_TASK ? MAX_VERY_SHORT_TURNS : MAX_SHORT_TURNS;

  return self->recent >= 0 && self->recent < SHORT_TASK && n_turns < most &&
         lockstep_batch_get_n_waiting (self->batch) / (n_turns + 1) > lockstep_crew_get_n_members (self->crew);
}

/* How far from where it failed a task has to go that @solver is to have. */
static LockstepReach
get_reach (LockstepStepper *self,
           LockstepSolver  *solver)
{
  const guint host = lockstep_crew_get_host_of (self->crew, lockstep_solver_get_index (solver));
  const guint n_members = lockstep_crew_get_n_members (self->crew);

  if (n_members <= 1)
    return LOCKSTEP_REACH_ANY;

  return n_members > lockstep_crew_get_n_members_on (self->crew, host) ? LOCKSTEP_REACH_OTHER_HOST
                                                                       : LOCKSTEP_REACH_OTHER_SOLVER;
}

void
lockstep_stepper_give_tasks (LockstepStepper *self,
                             LockstepSolver  *solver,
                             gboolean         anywhere)
{
  const guint               index = lockstep_solver_get_index (solver);
  const LockstepSolverState state = lockstep_solver_get_state (solver);
  LockstepReach             reach;
  LockstepTurn              turn;
  guint                     n_turns;

  if (self->batch == NULL || lockstep_batch_get_n_waiting (self->batch) == 0 || self->paused || self->finishing ||
      self->stopped || (state != LOCKSTEP_SOLVER_READY && state != LOCKSTEP_SOLVER_BUSY))
    return;

  n_turns = lockstep_batch_get_n_turns (self->batch, index);
  /* A busy solver without a turn is still at a task that nobody waits for. */
  if (n_turns == 0 && state == LOCKSTEP_SOLVER_BUSY)
    return;

  reach = anywhere ? LOCKSTEP_REACH_ANY : get_reach (self, solver);
  while (n_turns == 0 || may_queue (self, n_turns))
    {
      const gint64 now = g_get_monotonic_time ();

      lockstep_stepper_count_waiting (self, now);
      if (!lockstep_batch_take (self->batch, index, reach, &turn))
        return;
      if (n_turns++ == 0)
        begin_turn (self, solver, &turn, now);
      lockstep_solver_call (solver, turn.task, lockstep_batch_get_step (self->batch)->method, lockstep_call_text_get (self->call_text, &turn));
    }
}

/* Something waits that idle solvers may have. */
void
lockstep_stepper_give_all (LockstepStepper *self)
{
  const guint n_solvers = lockstep_crew_get_n_solvers (self->crew);

  for (guint i = 0; i < n_solvers && self->batch != NULL; i++)
    lockstep_stepper_give_tasks (self, lockstep_crew_get_solver (self->crew, i), FALSE);
}

static void
take_result (LockstepStepper    *self,
             LockstepSolver     *solver,
             const LockstepTurn *turn,
             GBytes             *result,
             gint64              now)
{
  const guint   index = lockstep_solver_get_index (solver);
  const double  seconds = lockstep_watch_get_elapsed (self->watch, index, now);
  LockstepEvent event;

  if (!lockstep_batch_succeed (self->batch, turn))
    return;

  lockstep_median_add (self->durations, seconds);
  self->recent = self->recent < 0 ? seconds : self->recent + NEWEST_WEIGHT * (seconds - self->recent);
  lockstep_crew_task_completed (self->crew, solver);
  event = lockstep_stepper_new_turn_event (self, LOCKSTEP_EVENT_TASK_ENDED, index, turn);
  event.payload = g_bytes_ref (result);
  lockstep_record_tell (self->record, &event);
  if (g_hash_table_size (self->late) > 0)
    lockstep_stepper_cancel_rival (self, turn->task, index);
  lockstep_stepper_score_host (self, solver, NULL);
}

static void
answered_cb (LockstepSolver *solver,
             gint64          task,
             GBytes         *result,
             const GError   *error,
             gpointer        user_data)
{
  LockstepStepper *self = user_data;
  const guint      index = lockstep_solver_get_index (solver);
  const gint64     now = g_get_monotonic_time ();
  LockstepTurn     turn;
  gboolean         has_next;

  if (self->stopped || self->batch == NULL)
    return;

  g_hash_table_remove (self->cancelled, GUINT_TO_POINTER (index + 1));
  lockstep_watch_sign (self->watch, index, now);
  /* The answer may belong to a task of a step before, that a rival was faster with. */
  if (lockstep_batch_get_turn (self->batch, index, &turn) && turn.task == task)
    {
      lockstep_stepper_count_waiting (self, now);
      lockstep_batch_pop (self->batch, index, &turn);
      has_next = lockstep_batch_get_n_turns (self->batch, index) > 0;
      if (result != NULL)
        take_result (self, solver, &turn, result, now);
      else
        lockstep_stepper_handle_error (self, solver, &turn, error);
      if (self->stopped)
        return;
      /* One that it was given only now has begun already. */
      if (has_next && lockstep_batch_get_turn (self->batch, index, &turn))
        begin_turn (self, solver, &turn, now);
    }

  lockstep_stepper_give_tasks (self, solver, FALSE);
  lockstep_stepper_check_over (self);
}

static void
ready_cb (LockstepCrew   *crew,
          LockstepSolver *solver,
          gpointer        user_data)
{
  LockstepStepper *self = user_data;

  lockstep_stepper_give_tasks (self, solver, FALSE);
}

static void
alive_cb (LockstepCrew   *crew,
          LockstepSolver *solver,
          gpointer        user_data)
{
  LockstepStepper *self = user_data;

  lockstep_watch_sign (self->watch, lockstep_solver_get_index (solver), g_get_monotonic_time ());
}

static void
ended_cb (LockstepCrew   *crew,
          LockstepSolver *solver,
          LockstepDeath   how,
          int             number,
          const char     *reason,
          gpointer        user_data)
{
  LockstepStepper *self = user_data;

  g_hash_table_remove (self->cancelled, GUINT_TO_POINTER (lockstep_solver_get_index (solver) + 1));
  if (!self->stopped && self->batch != NULL)
    lockstep_stepper_handle_death (self, solver, how, number, reason);
}

static void
lockstep_stepper_dispose (GObject *object)
{
  LockstepStepper *self = LOCKSTEP_STEPPER (object);

  if (self->crew != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->crew, self);
      lockstep_crew_set_answer_func (self->crew, NULL, NULL);
    }
  g_clear_object (&self->crew);
  g_clear_object (&self->record);

  G_OBJECT_CLASS (lockstep_stepper_parent_class)->dispose (object);
}

static void
lockstep_stepper_finalize (GObject *object)
{
  LockstepStepper *self = LOCKSTEP_STEPPER (object);

  g_clear_pointer (&self->batch, lockstep_batch_free);
  g_clear_pointer (&self->call_text, lockstep_call_text_free);
  g_clear_pointer (&self->scores, lockstep_host_score_free);
  lockstep_watch_free (self->watch);
  lockstep_median_free (self->durations);
  g_hash_table_unref (self->late);
  g_hash_table_unref (self->excused);
  g_hash_table_unref (self->cancelled);

  G_OBJECT_CLASS (lockstep_stepper_parent_class)->finalize (object);
}

static void
lockstep_stepper_class_init (LockstepStepperClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GType   type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = lockstep_stepper_dispose;
  object_class->finalize = lockstep_stepper_finalize;

  signals[OVER] = g_signal_new ("over", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 2, LOCKSTEP_TYPE_SOLVER, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
lockstep_stepper_init (LockstepStepper *self)
{
  self->watch = lockstep_watch_new ();
  self->durations = lockstep_median_new ();
  self->late = g_hash_table_new (NULL, NULL);
  self->excused = g_hash_table_new (NULL, NULL);
  self->cancelled = g_hash_table_new_full (NULL, NULL, NULL, g_free);
}

LockstepStepper *
lockstep_stepper_new (LockstepRecord *record,
                      LockstepCrew   *crew)
{
  LockstepStepper *self = g_object_new (LOCKSTEP_TYPE_STEPPER, NULL);

  self->record = g_object_ref (record);
  self->crew = g_object_ref (crew);
  g_signal_connect (crew, "ready", G_CALLBACK (ready_cb), self);
  lockstep_crew_set_answer_func (crew, answered_cb, self);
  g_signal_connect (crew, "alive", G_CALLBACK (alive_cb), self);
  g_signal_connect (crew, "ended", G_CALLBACK (ended_cb), self);

  return self;
}

static void
tell_step_started (LockstepStepper *self,
                   gint64           first,
                   GArray          *again)
{
  LockstepStep *step = lockstep_batch_get_step (self->batch);
  LockstepEvent event = new_step_event (self, LOCKSTEP_EVENT_STEP_STARTED);
  GString      *payload = g_string_new ("{");

  lockstep_json_append_string_member (payload, "title", step->title);
  lockstep_json_append_string_member (payload, "method", step->method);
  lockstep_json_append_int_member (payload, "tasks", lockstep_batch_get_n_tasks (self->batch));
  lockstep_json_append_int_member (payload, "first", first);
  lockstep_json_append_name (payload, "iterations");
  lockstep_sequence_append_iterations (self->sequence, payload);
  if (again != NULL)
    {
      g_string_append (payload, ",\"resumed\":true,\"again\":");
      lockstep_task_spans_append_json (again, payload);
    }
  lockstep_record_tell_payload (self->record, &event, payload);
}

/* Tells the batch which solver is where. */
static void
set_hosts (LockstepStepper *self)
{
  const guint       n_solvers = lockstep_crew_get_n_solvers (self->crew);
  g_autofree guint *hosts = g_new (guint, n_solvers);

  for (guint i = 0; i < n_solvers; i++)
    hosts[i] = lockstep_crew_get_host_of (self->crew, i);
  lockstep_batch_set_hosts (self->batch, hosts, n_solvers);
}

static guint
count_tasks (LockstepStepper *self,
             LockstepStep    *step)
{
  switch (step->kind)
    {
    case LOCKSTEP_STEP_ALL:
      return lockstep_crew_get_n_members (self->crew);
    case LOCKSTEP_STEP_TASKS:
      return (guint) lockstep_task_list_get_count (step->tasks);
    default:
      return 1;
    }
}

/* With @again, of LockstepTaskSpan, the step had begun before the run was resumed. */
static void
begin_step (LockstepStepper  *self,
            LockstepSequence *sequence,
            gint64            first,
            GArray           *again)
{
  LockstepStep *step = lockstep_sequence_get_step (sequence);
  const guint   n_tasks = count_tasks (self, step);

  self->sequence = sequence;
  if (self->scores == NULL)
    self->scores = lockstep_host_score_new (lockstep_crew_get_n_hosts (self->crew));
  self->batch = lockstep_batch_new (step, first, n_tasks);
  self->serial++;
  set_hosts (self);
  lockstep_median_clear (self->durations);
  self->recent = -1;
  g_hash_table_remove_all (self->late);
  self->step_started = g_get_monotonic_time ();
  self->waited = 0;
  self->waited_up_to = self->step_started;

  /* The run may go back to what it was before the step, which calls are made of. */
  tell_step_started (self, first, again);
  self->call_text = lockstep_call_text_new (lockstep_record_get_run (self->record), step,
                                            lockstep_sequence_get_iteration (sequence),
                                            step->kind == LOCKSTEP_STEP_ALL ? n_tasks : 0);
  if (again != NULL)
    lockstep_stepper_restore_batch (self);
  lockstep_stepper_give_all (self);
}

void
lockstep_stepper_begin (LockstepStepper  *self,
                        LockstepSequence *sequence)
{
  begin_step (self, sequence, lockstep_run_get_next_task (lockstep_record_get_run (self->record)), NULL);
}

void
lockstep_stepper_begin_again (LockstepStepper  *self,
                              LockstepSequence *sequence,
                              gint64            first,
                              GArray           *again)
{
  begin_step (self, sequence, first, again);
  lockstep_stepper_check_over (self);
}

void
lockstep_stepper_excuse_attempts (LockstepStepper *self)
{
  const guint n_solvers = lockstep_crew_get_n_solvers (self->crew);

  self->n_troubles++;
  for (guint i = 0; i < n_solvers; i++)
    if (self->batch != NULL && lockstep_batch_get_n_turns (self->batch, i) > 0)
      g_hash_table_add (self->excused, GUINT_TO_POINTER (i + 1));
}

void
lockstep_stepper_set_paused (LockstepStepper *self,
                             gboolean         paused,
                             gboolean         clocks_too)
{
  if (self->batch != NULL)
    lockstep_stepper_count_waiting (self, g_get_monotonic_time ());
  self->paused = paused;
  lockstep_watch_set_paused (self->watch, paused && clocks_too, g_get_monotonic_time ());
  lockstep_stepper_give_all (self);
}

void
lockstep_stepper_finish (LockstepStepper *self)
{
  self->finishing = TRUE;
  lockstep_stepper_check_over (self);
}

void
lockstep_stepper_stop (LockstepStepper *self)
{
  self->stopped = TRUE;
}

gboolean
lockstep_stepper_has_step (LockstepStepper *self)
{
  return self->batch != NULL;
}

guint
lockstep_stepper_get_n_at_work (LockstepStepper *self)
{
  return self->batch != NULL ? lockstep_batch_get_n_busy (self->batch) : 0;
}
