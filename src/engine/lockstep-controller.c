/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-controller.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <unistd.h>

#include "lockstep-batch.h"
#include "lockstep-call-text.h"
#include "lockstep-cpus.h"
#include "lockstep-crew.h"
#include "lockstep-json-writer.h"
#include "lockstep-local-host.h"
#include "lockstep-record.h"
#include "lockstep-sequence.h"
#include "lockstep-tail.h"

/* Seconds that solvers have to go, unless the options say otherwise. */
#define DEFAULT_GRACE 5.0

/* Lines of a dead solver's output that the run's error shows. */
#define LAST_LINES 10

struct _LockstepController
{
  GObject parent_instance;

  LockstepPlan   *plan;
  LockstepRun    *run;
  LockstepRecord *record;
  LockstepCrew   *crew;
  char           *runs_directory; /* where runs are kept; NULL for the usual place */
  gboolean        no_record;

  LockstepSequence *sequence;
  LockstepBatch    *batch;        /* the step at work, or NULL */
  LockstepCallText *call_text;    /* of its calls */
  gint64            step_started; /* monotonic, µs */
  gint64            waited;       /* solver-µs spent at its barrier so far */
  gint64            waiting_from; /* monotonic, µs: waited is up to here */
  guint             n_waiting;    /* solvers at the barrier */

  gboolean         started;
  LockstepRunState towards;   /* FINISHED, FAILED or TERMINATED once the end has begun; IDLE before */
  GString         *error;     /* why it failed; NULL when it did not */
  guint            n_reading; /* last lines that are being read for it */
  gboolean         closed;    /* the last event was told */
};

G_DEFINE_FINAL_TYPE (LockstepController, lockstep_controller, G_TYPE_OBJECT)

static void begin_step (LockstepController *self);

/* An event of the step at work. */
static LockstepEvent
new_step_event (LockstepController *self,
                LockstepEventType   type)
{
  LockstepEvent event;

  lockstep_event_init (&event, type);
  event.step = (int) lockstep_batch_get_step (self->batch)->index;
  event.iteration = (int) lockstep_sequence_get_iteration (self->sequence);

  return event;
}

static LockstepEvent
new_turn_event (LockstepController *self,
                LockstepEventType   type,
                LockstepSolver     *solver,
                const LockstepTurn *turn)
{
  LockstepEvent event = new_step_event (self, type);

  event.solver = (int) lockstep_solver_get_index (solver);
  event.task = turn->task;
  event.attempt = (int) turn->attempt;

  return event;
}

/* Ends the run when nothing of it is left. */
static void
close_run (LockstepController *self)
{
  LockstepEvent event;
  GString      *payload;

  if (self->closed || self->n_reading > 0 || (self->crew != NULL && lockstep_crew_get_n_alive (self->crew) > 0))
    return;

  self->closed = TRUE;
  lockstep_event_init (&event, LOCKSTEP_EVENT_RUN_ENDED);
  payload = g_string_new ("{");
  lockstep_json_append_string_member (payload, "state", lockstep_run_state_to_name (self->towards));
  if (self->error != NULL)
    lockstep_json_append_string_member (payload, "error", self->error->str);
  g_string_append_printf (payload, ",\"reached\":%s}", lockstep_run_get_reached (self->run) ? "true" : "false");
  event.payload = g_string_free_to_bytes (payload);
  lockstep_record_close (self->record, &event);
}

/* Begins the end: no new task, all solvers are stopped. The one path that every run ends on. */
static void
end_run (LockstepController *self,
         LockstepRunState    towards,
         LockstepStop        how,
         const char         *why)
{
  LockstepEvent event;
  GString      *payload;

  if (self->towards != LOCKSTEP_RUN_IDLE)
    return;

  self->towards = towards;
  if (towards == LOCKSTEP_RUN_FAILED)
    self->error = g_string_new (why);

  lockstep_event_init (&event, LOCKSTEP_EVENT_RUN_STOPPING);
  payload = g_string_new ("{");
  lockstep_json_append_string_member (payload, "towards", lockstep_run_state_to_name (towards));
  lockstep_json_append_string_member (payload, "why", why);
  lockstep_record_tell_payload (self->record, &event, payload);

  if (self->crew != NULL)
    lockstep_crew_stop (self->crew, how, why);
  close_run (self);
}

static void
fail_run (LockstepController *self,
          const char         *why)
{
  end_run (self, LOCKSTEP_RUN_FAILED, LOCKSTEP_STOP_ASK, why);
}

static void
last_lines_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (LockstepController) self = user_data;
  g_autofree char               *lines = lockstep_tail_read_last_finish (result, NULL);

  self->n_reading--;
  if (lines != NULL && *lines != '\0')
    {
      g_strchomp (lines);
      g_string_append_printf (self->error, _ ("\nThe last lines it printed:\n%s"), lines);
    }
  close_run (self);
}

/* Fails the run over a solver, with what that printed last. */
static void
fail_over_solver (LockstepController *self,
                  LockstepSolver     *solver,
                  const char         *why)
{
  const guint                   index = lockstep_solver_get_index (solver);
  g_autoptr (LockstepRunSolver) row = g_list_model_get_item (lockstep_run_get_solvers (self->run), index);

  if (self->towards != LOCKSTEP_RUN_IDLE)
    return;

  if (lockstep_run_get_directory (self->run) != NULL)
    {
      self->n_reading++;
      lockstep_tail_read_last_async (lockstep_run_solver_get_log (row), LAST_LINES, NULL,
                                     last_lines_cb, g_object_ref (self));
    }
  fail_run (self, why);
}

/* Solvers that wait at the barrier cost a core each: adds up what that has come to. */
static void
count_waiting (LockstepController *self)
{
  const gint64 now = g_get_monotonic_time ();

  self->waited += self->n_waiting * (now - self->waiting_from);
  self->waiting_from = now;
}

static void
looped_cb (const LockstepLooped *looped,
           gpointer              user_data)
{
  LockstepController *self = user_data;
  LockstepEvent       event;
  GString            *payload = g_string_new (NULL);

  lockstep_event_init (&event, LOCKSTEP_EVENT_LOOP_ITERATED);
  event.step = (int) looped->loop->index;
  event.iteration = (int) looped->iteration;
  g_string_printf (payload, "{\"repeat\":%u,\"reached\":%s,\"left\":%s", looped->loop->repeat,
                   looped->reached ? "true" : "false", looped->left ? "true" : "false");
  if (!isnan (looped->value))
    {
      lockstep_json_append_string_member (payload, "name", lockstep_condition_get_name (looped->loop->until));
      lockstep_json_append_name (payload, "value");
      lockstep_json_append_double (payload, looped->value);
    }
  lockstep_record_tell_payload (self->record, &event, payload);
}

/* The barrier was passed. */
static void
end_step (LockstepController *self)
{
  LockstepEvent      event = new_step_event (self, LOCKSTEP_EVENT_STEP_ENDED);
  GString           *payload = g_string_new ("{");
  g_autoptr (GError) error = NULL;

  count_waiting (self);
  lockstep_json_append_name (payload, "seconds");
  lockstep_json_append_double (payload, (double) (self->waiting_from - self->step_started) / G_USEC_PER_SEC);
  lockstep_json_append_name (payload, "waited");
  lockstep_json_append_double (payload, (double) self->waited / G_USEC_PER_SEC);
  lockstep_record_tell_payload (self->record, &event, payload);
  lockstep_record_sync (self->record);
  g_clear_pointer (&self->batch, lockstep_batch_free);
  g_clear_pointer (&self->call_text, lockstep_call_text_free);

  if (lockstep_sequence_advance (self->sequence, lockstep_run_get_last_one (self->run), looped_cb, self, &error))
    begin_step (self);
  else
    fail_run (self, error->message);
}

/* Gives a free solver the next task, if there is one. */
static void
give_task (LockstepController *self,
           LockstepSolver     *solver)
{
  LockstepStep *step = lockstep_batch_get_step (self->batch);
  LockstepTurn  turn;
  LockstepEvent event;

  if (!lockstep_batch_take (self->batch, lockstep_solver_get_index (solver), &turn))
    return;

  count_waiting (self);
  self->n_waiting--;
  event = new_turn_event (self, LOCKSTEP_EVENT_TASK_STARTED, solver, &turn);
  if (step->kind == LOCKSTEP_STEP_ALL)
    {
      GString *payload = g_string_new (NULL);

      g_string_printf (payload, "{\"part\":%u,\"parts\":%u", turn.index, lockstep_batch_get_n_tasks (self->batch));
      lockstep_record_tell_payload (self->record, &event, payload);
    }
  else
    {
      lockstep_record_tell (self->record, &event);
    }
  lockstep_solver_call (solver, turn.task, step->method, lockstep_call_text_get (self->call_text, &turn));
}

static void
tell_step_started (LockstepController *self,
                   gint64              first)
{
  LockstepStep *step = lockstep_batch_get_step (self->batch);
  LockstepEvent event = new_step_event (self, LOCKSTEP_EVENT_STEP_STARTED);
  GString      *payload = g_string_new ("{");

  lockstep_json_append_string_member (payload, "title", step->title);
  lockstep_json_append_string_member (payload, "method", step->method);
  g_string_append_printf (payload, ",\"tasks\":%u,\"first\":%" G_GINT64_FORMAT ",\"iterations\":",
                          lockstep_batch_get_n_tasks (self->batch), first);
  lockstep_sequence_append_iterations (self->sequence, payload);
  lockstep_record_tell_payload (self->record, &event, payload);
}

/* Starts the step that the sequence stands at, or ends the run that has done them all. */
static void
begin_step (LockstepController *self)
{
  LockstepStep *step = lockstep_sequence_get_step (self->sequence);
  const guint   n_solvers = lockstep_crew_get_n_solvers (self->crew);
  const gint64  first = lockstep_run_get_next_task (self->run);
  guint         n_tasks = 1;

  if (step == NULL)
    {
      end_run (self, LOCKSTEP_RUN_FINISHED, LOCKSTEP_STOP_ASK, _ ("The run is over."));
      return;
    }

  if (step->kind == LOCKSTEP_STEP_ALL)
    n_tasks = n_solvers;

  self->batch = lockstep_batch_new (step, first, n_tasks);
  self->call_text = lockstep_call_text_new (self->run, step, lockstep_sequence_get_iteration (self->sequence),
                                            step->kind == LOCKSTEP_STEP_ALL ? n_tasks : 0);
  self->step_started = g_get_monotonic_time ();
  self->waited = 0;
  self->waiting_from = self->step_started;
  self->n_waiting = n_solvers;
  tell_step_started (self, first);

  for (guint i = 0; i < n_solvers && self->batch != NULL; i++)
    {
      LockstepSolver *solver = lockstep_crew_get_solver (self->crew, i);

      if (lockstep_solver_get_state (solver) == LOCKSTEP_SOLVER_READY)
        give_task (self, solver);
    }
}

static void
ready_cb (LockstepCrew   *crew,
          LockstepSolver *solver,
          gpointer        user_data)
{
  LockstepController *self = user_data;

  if (self->towards == LOCKSTEP_RUN_IDLE && lockstep_crew_get_n_ready (crew) == lockstep_crew_get_n_solvers (crew))
    begin_step (self);
}

/* "step assign, part 3 of 4, iteration 112": where @turn stands, for people. */
static char *
dup_where (LockstepController *self,
           const LockstepTurn *turn)
{
  LockstepStep *step = lockstep_batch_get_step (self->batch);
  GString      *out = g_string_new (NULL);

  g_string_printf (out, _ ("step %s"), step->title);
  if (step->kind == LOCKSTEP_STEP_ALL)
    g_string_append_printf (out, _ (", part %u of %u"), turn->index + 1, lockstep_batch_get_n_tasks (self->batch));
  if (lockstep_sequence_get_iteration (self->sequence) > 1)
    g_string_append_printf (out, _ (", iteration %u"), lockstep_sequence_get_iteration (self->sequence));

  return g_string_free (out, FALSE);
}

static void
tell_task_failed (LockstepController *self,
                  LockstepSolver     *solver,
                  const LockstepTurn *turn,
                  const char         *cause,
                  const char         *reason)
{
  LockstepEvent event = new_turn_event (self, LOCKSTEP_EVENT_TASK_FAILED, solver, turn);
  GString      *payload = g_string_new ("{\"final\":true");

  lockstep_json_append_string_member (payload, "cause", cause);
  lockstep_json_append_string_member (payload, "reason", reason);
  lockstep_record_tell_payload (self->record, &event, payload);
}

static void
answered_cb (LockstepCrew   *crew,
             LockstepSolver *solver,
             gint64          task,
             GBytes         *result,
             const GError   *error,
             gpointer        user_data)
{
  LockstepController *self = user_data;
  LockstepTurn        turn;

  if (self->batch == NULL || !lockstep_batch_get_turn (self->batch, lockstep_solver_get_index (solver), &turn) || turn.task != task)
    return;

  count_waiting (self);
  self->n_waiting++;
  if (result != NULL)
    {
      LockstepEvent event = new_turn_event (self, LOCKSTEP_EVENT_TASK_ENDED, solver, &turn);

      lockstep_batch_end (self->batch, lockstep_solver_get_index (solver));
      event.payload = g_bytes_ref (result);
      lockstep_record_tell (self->record, &event);
    }
  else
    {
      g_autofree char *where = dup_where (self, &turn);
      g_autofree char *why = NULL;

      tell_task_failed (self, solver, &turn, "step-error", error->message);
      lockstep_batch_end (self->batch, lockstep_solver_get_index (solver));
      why = g_strdup_printf (_ ("Solver %u reported a failure in %s: %s"),
                             lockstep_solver_get_index (solver), where, error->message);
      fail_over_solver (self, solver, why);
    }

  if (self->towards != LOCKSTEP_RUN_IDLE)
    return;
  if (lockstep_batch_is_over (self->batch))
    end_step (self);
  else
    give_task (self, solver);
}

static void
ended_cb (LockstepCrew   *crew,
          LockstepSolver *solver,
          const char     *reason,
          gpointer        user_data)
{
  LockstepController *self = user_data;
  const guint         index = lockstep_solver_get_index (solver);
  g_autofree char    *why = NULL;
  LockstepTurn        turn;

  if (self->towards != LOCKSTEP_RUN_IDLE)
    return;

  if (self->batch != NULL && lockstep_batch_get_turn (self->batch, index, &turn))
    {
      g_autofree char *where = dup_where (self, &turn);

      tell_task_failed (self, solver, &turn, "crash", reason);
      why = g_strdup_printf (_ ("Solver %u ended in %s: %s"), index, where, reason);
    }
  else
    {
      why = g_strdup_printf (_ ("Solver %u ended: %s"), index, reason);
    }
  fail_over_solver (self, solver, why);
}

static void
gone_cb (LockstepCrew *crew,
         gpointer      user_data)
{
  LockstepController *self = user_data;

  if (self->towards != LOCKSTEP_RUN_IDLE)
    close_run (self);
}

/* The journal cannot be written: a run whose record has a hole must not look whole. */
static void
record_failed_cb (LockstepRecord *record,
                  const GError   *error,
                  gpointer        user_data)
{
  fail_run (user_data, error->message);
}

static void
state_cb (LockstepController *self)
{
  if (lockstep_run_has_ended (self->run))
    g_object_unref (self);
}

static void
lockstep_controller_dispose (GObject *object)
{
  LockstepController *self = LOCKSTEP_CONTROLLER (object);

  if (self->crew != NULL)
    g_signal_handlers_disconnect_by_data (self->crew, self);
  if (self->record != NULL)
    g_signal_handlers_disconnect_by_data (self->record, self);
  g_clear_object (&self->crew);
  g_clear_object (&self->record);
  g_clear_object (&self->run);
  g_clear_object (&self->plan);

  G_OBJECT_CLASS (lockstep_controller_parent_class)->dispose (object);
}

static void
lockstep_controller_finalize (GObject *object)
{
  LockstepController *self = LOCKSTEP_CONTROLLER (object);

  g_clear_pointer (&self->batch, lockstep_batch_free);
  g_clear_pointer (&self->call_text, lockstep_call_text_free);
  g_clear_pointer (&self->sequence, lockstep_sequence_free);
  if (self->error != NULL)
    g_string_free (self->error, TRUE);
  g_free (self->runs_directory);

  G_OBJECT_CLASS (lockstep_controller_parent_class)->finalize (object);
}

static void
lockstep_controller_class_init (LockstepControllerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lockstep_controller_dispose;
  object_class->finalize = lockstep_controller_finalize;
}

static void
lockstep_controller_init (LockstepController *self)
{
  self->towards = LOCKSTEP_RUN_IDLE;
}

LockstepController *
lockstep_controller_new (LockstepPlan                    *plan,
                         const LockstepControllerOptions *options)
{
  LockstepController      *self = g_object_new (LOCKSTEP_TYPE_CONTROLLER, NULL);
  g_autoptr (LockstepHost) host = lockstep_local_host_new ();
  double                   grace = DEFAULT_GRACE;

  if (options != NULL)
    {
      self->runs_directory = g_strdup (options->runs_directory);
      self->no_record = options->no_record;
      if (options->grace > 0)
        grace = options->grace;
    }

  self->plan = g_object_ref (plan);
  self->run = lockstep_run_new (plan);
  self->record = lockstep_record_new (self->run);
  self->crew = lockstep_crew_new (self->record, host, grace);
  self->sequence = lockstep_sequence_new (plan);
  g_signal_connect (self->record, "failed", G_CALLBACK (record_failed_cb), self);
  g_signal_connect (self->crew, "ready", G_CALLBACK (ready_cb), self);
  g_signal_connect (self->crew, "answered", G_CALLBACK (answered_cb), self);
  g_signal_connect (self->crew, "ended", G_CALLBACK (ended_cb), self);
  g_signal_connect (self->crew, "gone", G_CALLBACK (gone_cb), self);

  return self;
}

LockstepRun *
lockstep_controller_get_run (LockstepController *self)
{
  return self->run;
}

/* How many solvers the plan asks for; for "auto" as many as processors and memory allow. */
static guint
count_solvers (LockstepController *self)
{
  const LockstepSolverSpec *spec = lockstep_plan_get_solver (self->plan);
  LockstepCpus              cpus;
  guint64                   n_solvers = lockstep_plan_get_n_solvers (self->plan);

  if (n_solvers > 0)
    return (guint) n_solvers;

  lockstep_cpus_read (&cpus);
  n_solvers = cpus.allowed / spec->threads;
  if (spec->memory > 0)
    n_solvers = MIN (n_solvers, lockstep_cpus_read_memory () / spec->memory);

  return (guint) MAX (n_solvers, 1);
}

static void
tell_run_started (LockstepController *self,
                  guint               n_solvers)
{
  LockstepEvent event;
  LockstepCpus  cpus;
  GString      *payload = g_string_new ("{");

  lockstep_cpus_read (&cpus);
  lockstep_event_init (&event, LOCKSTEP_EVENT_RUN_STARTED);
  lockstep_json_append_string_member (payload, "name", lockstep_plan_get_name (self->plan));
  if (lockstep_plan_get_note (self->plan) != NULL)
    lockstep_json_append_string_member (payload, "note", lockstep_plan_get_note (self->plan));
  if (lockstep_run_get_directory (self->run) != NULL)
    lockstep_json_append_string_member (payload, "directory", lockstep_run_get_directory (self->run));
  g_string_append_printf (payload, ",\"solvers\":%u,\"cpus\":%u,\"pid\":%d", n_solvers, cpus.allowed, (int) getpid ());
  lockstep_record_tell_payload (self->record, &event, payload);
}

static void
launch (LockstepController *self)
{
  const guint n_solvers = count_solvers (self);

  tell_run_started (self, n_solvers);
  if (self->towards == LOCKSTEP_RUN_IDLE)
    lockstep_crew_launch (self->crew, n_solvers);
}

static void
opened_cb (GObject      *record,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (LockstepController) self = user_data;
  g_autoptr (GError)             error = NULL;

  if (lockstep_record_open_finish (LOCKSTEP_RECORD (record), result, &error))
    {
      launch (self);
    }
  else
    {
      tell_run_started (self, 0);
      fail_run (self, error->message);
    }
}

void
lockstep_controller_start (LockstepController *self)
{
  g_return_if_fail (!self->started);

  self->started = TRUE;
  g_signal_connect_object (self->run, "notify::state", G_CALLBACK (state_cb), g_object_ref (self), G_CONNECT_SWAPPED);
  if (self->no_record)
    launch (self);
  else
    lockstep_record_open_async (self->record, self->runs_directory, opened_cb, g_object_ref (self));
}

void
lockstep_controller_terminate (LockstepController *self,
                               LockstepStop        how)
{
  g_return_if_fail (self->started);

  if (self->closed)
    return;
  if (self->towards == LOCKSTEP_RUN_IDLE)
    end_run (self, LOCKSTEP_RUN_TERMINATED, how, _ ("Terminated."));
  else
    lockstep_crew_stop (self->crew, how, _ ("Terminated."));
}
