/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-crew.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <signal.h>

#include "lockstep-call-text.h"
#include "lockstep-json-writer.h"
#include "lockstep-memory.h"
#include "lockstep-run-folder.h"
#include "lockstep-sampler.h"

/* initialize may fail so often in a row. */
#define MAX_FAILED_INITIALIZE 3

/* The longest pause before a solver is started again (s). */
#define LONGEST_PAUSE 60

/* A solver and its record of failure. */
typedef struct
{
  LockstepCrew   *crew;                /* the one it is in */
  LockstepSolver *solver;              /* owned */
  guint           host;                /* the index of its host */
  gboolean        out;                 /* it will not be started again */
  gboolean        ready;               /* it was initialized, and is not going */
  gboolean        ordered;             /* the stop under way was ordered here */
  guint           n_crashes;           /* since the last task it completed */
  guint           n_failed_initialize; /* in a row */
  guint64         oom_kills;           /* of the kernel, when it was launched */
  gint64          output;              /* bytes it had printed when that was last told; -1 before */
  guint           restart_source;      /* waits to start it again */
  gboolean        launch_due;          /* was to be started again while the run was paused */
} Member;

struct _LockstepCrew
{
  GObject parent_instance;

  LockstepRecord  *record; /* owned */
  GPtrArray       *hosts;  /* of LockstepHost */
  LockstepSampler *sampler;
  double           grace;
  GPtrArray       *members; /* of Member, by index */
  guint            n_alive;
  guint            n_members;    /* of them, those that are not out */
  guint            n_ready;      /* of these, those that are ready */
  guint           *n_members_on; /* by host; what is asked at each task is counted beforehand */
  guint64          oom_kills;    /* those of the kernel's that a death has been put down to, and all before them */
  gboolean         stopping;     /* for good */
  gboolean         paused;       /* with its processes */

  LockstepAnswerFunc answer_func;
  gpointer           answer_data;
};

enum
{
  READY,
  ALIVE,
  ENDED,
  OUT,
  GONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (LockstepCrew, lockstep_crew, G_TYPE_OBJECT)

static LockstepEvent
new_event (LockstepEventType type,
           LockstepSolver   *solver)
{
  LockstepEvent event;

  lockstep_event_init (&event, type);
  event.solver = (int) lockstep_solver_get_index (solver);

  return event;
}

static Member *
get_member (LockstepCrew   *self,
            LockstepSolver *solver)
{
  return g_ptr_array_index (self->members, lockstep_solver_get_index (solver));
}

/* The only place that writes member->ready. */
static void
set_ready (LockstepCrew *self,
           Member       *member,
           gboolean      ready)
{
  if (member->ready == ready || member->out)
    return;

  member->ready = ready;
  if (ready)
    self->n_ready++;
  else
    self->n_ready--;
}

static char *
dup_log (LockstepCrew *self,
         guint         solver)
{
  const char *directory = lockstep_run_get_directory (lockstep_record_get_run (self->record));

  return directory != NULL ? lockstep_run_folder_dup_solver_log (directory, solver) : g_strdup ("/dev/null");
}

static void
started_cb (LockstepSolver *solver,
            gint64          pid,
            gpointer        user_data)
{
  LockstepCrew    *self = user_data;
  LockstepEvent    event = new_event (LOCKSTEP_EVENT_SOLVER_STARTED, solver);
  GString         *payload = g_string_new (NULL);
  g_autofree char *log = dup_log (self, (guint) event.solver);

  g_string_printf (payload, "{\"pid\":%" G_GINT64_FORMAT, pid);
  lockstep_record_tell_payload (self->record, &event, payload);
  lockstep_sampler_add (self->sampler, (guint) event.solver,
                        lockstep_process_get_guard_pid (lockstep_solver_get_process (solver)), log);
}

static void
ready_cb (LockstepSolver *solver,
          GBytes         *answer,
          gpointer        user_data)
{
  LockstepCrew *self = user_data;
  LockstepEvent event = new_event (LOCKSTEP_EVENT_SOLVER_READY, solver);

  get_member (self, solver)->n_failed_initialize = 0;
  set_ready (self, get_member (self, solver), TRUE);
  event.payload = g_bytes_ref (answer);
  lockstep_record_tell (self->record, &event);
  g_signal_emit (self, signals[READY], 0, solver);
}

static void
answered_cb (LockstepSolver *solver,
             gint64          task,
             GBytes         *result,
             const GError   *error,
             gpointer        user_data)
{
  LockstepCrew *self = user_data;

  if (self->answer_func != NULL)
    self->answer_func (solver, task, result, error, self->answer_data);
}

static void
progress_cb (LockstepSolver *solver,
             gint64          task,
             GBytes         *params,
             gpointer        user_data)
{
  LockstepCrew                 *self = user_data;
  LockstepEvent                 event = new_event (LOCKSTEP_EVENT_PROGRESS, solver);
  g_autoptr (LockstepRunSolver) row = g_list_model_get_item (
    lockstep_run_get_solvers (lockstep_record_get_run (self->record)), (guint) event.solver);
  const gint64 sign = lockstep_run_solver_get_sign (row);

  event.task = task;
  event.payload = g_bytes_ref (params);
  lockstep_record_tell (self->record, &event);
  /* The same again is no sign of life. */
  if (lockstep_run_solver_get_sign (row) != sign)
    g_signal_emit (self, signals[ALIVE], 0, solver);
}

static void
logged_cb (LockstepSolver *solver,
           const char     *level,
           const char     *text,
           gpointer        user_data)
{
  LockstepCrew *self = user_data;

  lockstep_record_log (self->record, (int) lockstep_solver_get_index (solver), level, text);
  g_signal_emit (self, signals[ALIVE], 0, solver);
}

static void
stopping_cb (LockstepSolver *solver,
             const char     *why,
             gpointer        user_data)
{
  LockstepCrew *self = user_data;
  LockstepEvent event = new_event (LOCKSTEP_EVENT_SOLVER_STOPPING, solver);
  GString      *payload = g_string_new ("{");

  set_ready (self, get_member (self, solver), FALSE);
  lockstep_json_append_string_member (payload, "why", why);
  lockstep_record_tell_payload (self->record, &event, payload);
}

static void
append_report (GString              *payload,
               const LockstepReport *report)
{
  static const char *const names[] = {
    [LOCKSTEP_EXIT_CODE] = "exit",
    [LOCKSTEP_EXIT_SIGNAL] = "signal",
    [LOCKSTEP_EXIT_NOT_STARTED] = "not-started",
    [LOCKSTEP_EXIT_UNKNOWN] = "unknown",
  };

  lockstep_json_append_name (payload, names[report->kind]);
  g_string_append_printf (payload, "%d,\"peak\":%" G_GUINT64_FORMAT ",\"killed\":%u,\"seconds\":",
                          report->number, report->peak_memory, report->killed);
  lockstep_json_append_double (payload, report->seconds);
  lockstep_json_append_name (payload, "cpu");
  lockstep_json_append_double (payload, report->cpu_seconds);
}

/* How far its log goes: what is in it behind that was printed by the next process, if there is one. */
static void
append_output (GString      *payload,
               LockstepCrew *self,
               guint         solver)
{
  g_autofree char *log = dup_log (self, solver);
  GStatBuf         status;

  if (g_stat (log, &status) == 0 && S_ISREG (status.st_mode))
    g_string_append_printf (payload, ",\"output\":%" G_GINT64_FORMAT, (gint64) status.st_size);
}

/* Whether the kernel has killed a process for want of memory since @member was launched. Each of its kills stands for one
 * death: it does not tell whom it killed, and a kill elsewhere on the machine must not explain the end of every solver. */
static gboolean
ran_out_of_memory (LockstepCrew *self,
                   Member       *member)
{
  const guint64 before = MAX (member->oom_kills, self->oom_kills);

  if (lockstep_memory_read_oom_kills () <= before)
    return FALSE;

  self->oom_kills = before + 1;
  return TRUE;
}

/* What a solver ended of, and the words for it. */
static LockstepDeath
judge (LockstepCrew         *self,
       Member               *member,
       const LockstepReport *report,
       const char           *why,
       char                **reason)
{
  const LockstepSolverSpec *spec = lockstep_plan_get_solver (lockstep_run_get_plan (lockstep_record_get_run (self->record)));
  g_autofree char          *text = lockstep_report_dup_text (report);

  if (report->kind == LOCKSTEP_EXIT_NOT_STARTED)
    {
      *reason = g_strdup_printf (_ ("“%s” %s. Is its name right, is it executable, and is it in a folder of PATH?"),
                                 spec->command[0], text);
      return LOCKSTEP_DEATH_CRASH;
    }
  if (why != NULL)
    {
      *reason = g_strdup_printf ("%s (%s)", why, text);
      return member->ordered ? LOCKSTEP_DEATH_ORDERED : LOCKSTEP_DEATH_CRASH;
    }
  if (report->kind == LOCKSTEP_EXIT_SIGNAL && report->number == SIGKILL && ran_out_of_memory (self, member))
    {
      g_autofree char *peak = g_format_size_full (report->peak_memory, G_FORMAT_SIZE_DEFAULT);

      *reason = g_strdup_printf (_ ("%s, probably because memory had run out; it had used %s"), text, peak);
      return LOCKSTEP_DEATH_MEMORY;
    }

  *reason = g_steal_pointer (&text);
  return LOCKSTEP_DEATH_CRASH;
}

static void
check_gone (LockstepCrew *self)
{
  if (self->n_alive == 0 && (self->stopping || lockstep_crew_get_n_members (self) == 0))
    g_signal_emit (self, signals[GONE], 0);
}

static void
put_out (LockstepCrew *self,
         Member       *member,
         const char   *reason)
{
  if (member->out)
    return;

  set_ready (self, member, FALSE);
  member->out = TRUE;
  self->n_members--;
  self->n_members_on[member->host]--;
  g_clear_handle_id (&member->restart_source, g_source_remove);
  g_signal_emit (self, signals[OUT], 0, member->solver, reason);
}

static void launch_member (LockstepCrew *self,
                           Member       *member);

static gboolean
launch_again (gpointer data)
{
  Member *member = data;

  member->restart_source = 0;
  if (member->crew->paused)
    member->launch_due = TRUE;
  else
    launch_member (member->crew, member);
  return G_SOURCE_REMOVE;
}

/* Starts a solver that has ended again: at once, then after 1, 2, 4… seconds. */
static void
schedule_launch (Member *member)
{
  const guint pause = member->n_crashes <= 1 ? 0 : MIN (1u << MIN (member->n_crashes - 2, 10), LONGEST_PAUSE);

  member->restart_source = g_timeout_add (pause * 1000, launch_again, member);
}

static void
ended_cb (LockstepSolver       *solver,
          const LockstepReport *report,
          const char           *why,
          gpointer              user_data)
{
  g_autoptr (LockstepCrew) self = g_object_ref (user_data);
  Member                  *member = get_member (self, solver);
  const gboolean           was_ready = member->n_failed_initialize == 0;
  g_autofree char         *reason = NULL;
  const LockstepDeath      death = judge (self, member, report, why, &reason);
  LockstepEvent            event = new_event (LOCKSTEP_EVENT_SOLVER_ENDED, solver);
  GString                 *payload = g_string_new ("{");

  set_ready (self, member, FALSE);
  append_report (payload, report);
  append_output (payload, self, (guint) event.solver);
  lockstep_json_append_string_member (payload, "why", reason);
  lockstep_sampler_remove (self->sampler, (guint) event.solver);
  lockstep_record_tell_payload (self->record, &event, payload);

  self->n_alive--;
  if (death == LOCKSTEP_DEATH_ORDERED)
    {
      /* What it is started for has not failed. */
      member->n_failed_initialize = 0;
    }
  else
    {
      member->n_crashes++;
    }
  member->ordered = FALSE;
  g_signal_emit (self, signals[ENDED], 0, solver, death, reason);

  if (!self->stopping && !member->out)
    {
      if (report->kind == LOCKSTEP_EXIT_NOT_STARTED || (!was_ready && member->n_failed_initialize >= MAX_FAILED_INITIALIZE))
        put_out (self, member, reason);
      else
        schedule_launch (member);
    }
  check_gone (self);
}

static void
sampled_cb (LockstepSampler      *sampler,
            const LockstepSample *samples,
            guint                 n_samples,
            gpointer              user_data)
{
  LockstepCrew *self = user_data;

  for (guint i = 0; i < n_samples; i++)
    {
      const LockstepSample *sample = &samples[i];
      LockstepSolver       *solver = lockstep_crew_get_solver (self, sample->key);
      Member               *member = get_member (self, solver);

      if (sample->cpu >= 0 || sample->memory > 0)
        {
          LockstepEvent event = new_event (LOCKSTEP_EVENT_USAGE, solver);
          GString      *payload = g_string_new (NULL);

          g_string_printf (payload, "{\"memory\":%" G_GUINT64_FORMAT ",\"cpu\":", sample->memory);
          lockstep_json_append_double (payload, sample->cpu);
          lockstep_record_tell_payload (self->record, &event, payload);
        }
      /* A sample of something else tells the size as well. */
      if (sample->output >= 0 && sample->output != member->output)
        {
          LockstepEvent event = new_event (LOCKSTEP_EVENT_OUTPUT, solver);
          GString      *payload = g_string_new (NULL);

          member->output = sample->output;
          g_string_printf (payload, "{\"size\":%" G_GINT64_FORMAT, sample->output);
          lockstep_record_tell_payload (self->record, &event, payload);
          if (sample->output > 0)
            g_signal_emit (self, signals[ALIVE], 0, solver);
        }
    }
}

static void
member_free (gpointer data)
{
  Member *member = data;

  g_clear_handle_id (&member->restart_source, g_source_remove);
  g_signal_handlers_disconnect_by_data (member->solver, member->crew);
  lockstep_solver_set_answer_func (member->solver, NULL, NULL);
  g_object_unref (member->solver);
  g_free (member);
}

static void
lockstep_crew_dispose (GObject *object)
{
  LockstepCrew *self = LOCKSTEP_CREW (object);

  g_ptr_array_set_size (self->members, 0);
  if (self->sampler != NULL)
    g_signal_handlers_disconnect_by_data (self->sampler, self);
  g_clear_object (&self->sampler);
  g_clear_pointer (&self->hosts, g_ptr_array_unref);
  g_clear_object (&self->record);

  G_OBJECT_CLASS (lockstep_crew_parent_class)->dispose (object);
}

static void
lockstep_crew_finalize (GObject *object)
{
  LockstepCrew *self = LOCKSTEP_CREW (object);

  g_ptr_array_unref (self->members);
  g_free (self->n_members_on);

  G_OBJECT_CLASS (lockstep_crew_parent_class)->finalize (object);
}

static void
lockstep_crew_class_init (LockstepCrewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GType   type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = lockstep_crew_dispose;
  object_class->finalize = lockstep_crew_finalize;

  signals[READY] = g_signal_new ("ready", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, LOCKSTEP_TYPE_SOLVER);
  signals[ALIVE] = g_signal_new ("alive", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, LOCKSTEP_TYPE_SOLVER);
  signals[ENDED] = g_signal_new ("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                                 LOCKSTEP_TYPE_SOLVER, G_TYPE_UINT, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[OUT] = g_signal_new ("out", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                               LOCKSTEP_TYPE_SOLVER, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[GONE] = g_signal_new ("gone", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lockstep_crew_init (LockstepCrew *self)
{
  self->members = g_ptr_array_new_with_free_func (member_free);
  self->sampler = lockstep_sampler_new ();
  g_signal_connect (self->sampler, "sampled", G_CALLBACK (sampled_cb), self);
}

LockstepCrew *
lockstep_crew_new (LockstepRecord *record,
                   GPtrArray      *hosts,
                   double          grace)
{
  LockstepCrew *self = g_object_new (LOCKSTEP_TYPE_CREW, NULL);

  self->record = g_object_ref (record);
  self->hosts = g_ptr_array_ref (hosts);
  self->n_members_on = g_new0 (guint, hosts->len);
  self->grace = grace;

  return self;
}

static void
tell_launched (LockstepCrew         *self,
               Member               *member,
               const LockstepLaunch *launch)
{
  LockstepEvent event = new_event (LOCKSTEP_EVENT_SOLVER_LAUNCHED, member->solver);
  GString      *payload = g_string_new ("{");

  lockstep_json_append_string_member (payload, "host",
                                      lockstep_host_get_name (lockstep_crew_get_host (self, member->host)));
  lockstep_json_append_string_member (payload, "log", launch->output);
  lockstep_json_append_name (payload, "command");
  for (guint i = 0; launch->command[i] != NULL; i++)
    {
      g_string_append_c (payload, i == 0 ? '[' : ',');
      lockstep_json_append_string (payload, launch->command[i], -1);
    }
  g_string_append_c (payload, ']');
  lockstep_record_tell_payload (self->record, &event, payload);
}

static void
launch_member (LockstepCrew *self,
               Member       *member)
{
  LockstepRun              *run = lockstep_record_get_run (self->record);
  LockstepPlan             *plan = lockstep_run_get_plan (run);
  const LockstepSolverSpec *spec = lockstep_plan_get_solver (plan);
  const char               *directory = lockstep_run_get_directory (run);
  const guint               index = lockstep_solver_get_index (member->solver);
  g_autofree char          *log = dup_log (self, index);
  g_autofree char          *name = directory != NULL ? g_path_get_basename (directory) : g_strdup ("");
  g_autoptr (GBytes)        params = NULL;
  g_autoptr (GError)        error = NULL;
  const LockstepLaunch      launch = {
         .command = (const char *const *) spec->command,
         .env = (const char *const *) spec->env,
         .directory = spec->directory,
         .output = log,
         .threads = spec->threads,
         .nice = lockstep_plan_get_nice (plan),
         .grace = self->grace,
  };

  tell_launched (self, member, &launch);
  /* Until it is ready, it is one that failed to. */
  member->n_failed_initialize++;
  member->oom_kills = lockstep_memory_read_oom_kills ();
  params = lockstep_call_text_new_initialize (plan, index, name, directory != NULL ? directory : spec->directory);
  if (lockstep_solver_launch (member->solver, lockstep_crew_get_host (self, member->host), &launch, params,
                              lockstep_plan_get_initialize_timeout (plan), &error))
    self->n_alive++;
  else
    put_out (self, member, error->message);
}

static void
add_member (LockstepCrew *self,
            guint         host)
{
  Member *member = g_new0 (Member, 1);

  member->crew = self;
  member->host = host;
  member->output = -1;
  member->solver = lockstep_solver_new (self->members->len);
  g_ptr_array_add (self->members, member);
  self->n_members++;
  self->n_members_on[host]++;
  g_signal_connect (member->solver, "started", G_CALLBACK (started_cb), self);
  g_signal_connect (member->solver, "ready", G_CALLBACK (ready_cb), self);
  lockstep_solver_set_answer_func (member->solver, answered_cb, self);
  g_signal_connect (member->solver, "progress", G_CALLBACK (progress_cb), self);
  g_signal_connect (member->solver, "logged", G_CALLBACK (logged_cb), self);
  g_signal_connect (member->solver, "stopping", G_CALLBACK (stopping_cb), self);
  g_signal_connect (member->solver, "ended", G_CALLBACK (ended_cb), self);
}

void
lockstep_crew_set_answer_func (LockstepCrew      *self,
                               LockstepAnswerFunc func,
                               gpointer           user_data)
{
  self->answer_func = func;
  self->answer_data = user_data;
}

void
lockstep_crew_launch (LockstepCrew *self,
                      const guint  *n_solvers)
{
  for (guint host = 0; host < self->hosts->len; host++)
    for (guint i = 0; i < n_solvers[host]; i++)
      add_member (self, host);

  for (guint i = 0; i < self->members->len && !self->stopping; i++)
    launch_member (self, g_ptr_array_index (self->members, i));
}

guint
lockstep_crew_get_n_hosts (LockstepCrew *self)
{
  return self->hosts->len;
}

LockstepHost *
lockstep_crew_get_host (LockstepCrew *self,
                        guint         host)
{
  g_return_val_if_fail (host < self->hosts->len, NULL);

  return g_ptr_array_index (self->hosts, host);
}

guint
lockstep_crew_get_host_of (LockstepCrew *self,
                           guint         solver)
{
  g_return_val_if_fail (solver < self->members->len, 0);

  return ((Member *) g_ptr_array_index (self->members, solver))->host;
}

guint
lockstep_crew_get_n_members_on (LockstepCrew *self,
                                guint         host)
{
  g_return_val_if_fail (host < self->hosts->len, 0);

  return self->n_members_on[host];
}

guint
lockstep_crew_get_n_solvers (LockstepCrew *self)
{
  return self->members->len;
}

LockstepSolver *
lockstep_crew_get_solver (LockstepCrew *self,
                          guint         index)
{
  g_return_val_if_fail (index < self->members->len, NULL);

  return ((Member *) g_ptr_array_index (self->members, index))->solver;
}

guint
lockstep_crew_get_n_alive (LockstepCrew *self)
{
  return self->n_alive;
}

guint
lockstep_crew_get_n_members (LockstepCrew *self)
{
  return self->n_members;
}

gboolean
lockstep_crew_is_settled (LockstepCrew *self)
{
  return self->n_ready == self->n_members;
}

void
lockstep_crew_task_completed (LockstepCrew   *self,
                              LockstepSolver *solver)
{
  get_member (self, solver)->n_crashes = 0;
}

void
lockstep_crew_restart (LockstepCrew   *self,
                       LockstepSolver *solver,
                       LockstepStop    how,
                       const char     *why)
{
  get_member (self, solver)->ordered = TRUE;
  lockstep_solver_stop (solver, how, self->grace, why);
}

void
lockstep_crew_dismiss (LockstepCrew   *self,
                       LockstepSolver *solver,
                       const char     *why)
{
  put_out (self, get_member (self, solver), why);
  if (lockstep_solver_get_state (solver) != LOCKSTEP_SOLVER_DEAD)
    lockstep_crew_restart (self, solver, LOCKSTEP_STOP_ASK, why);
}

void
lockstep_crew_set_paused (LockstepCrew *self,
                          gboolean      paused)
{
  self->paused = paused;
  for (guint i = 0; i < self->members->len; i++)
    {
      Member          *member = g_ptr_array_index (self->members, i);
      LockstepProcess *process = lockstep_solver_get_process (member->solver);

      if (process != NULL)
        lockstep_process_pause (process, paused);
      lockstep_solver_set_paused (member->solver, paused);
      if (!paused && member->launch_due && !member->out)
        launch_member (self, member);
      member->launch_due &= paused;
    }
}

void
lockstep_crew_stop (LockstepCrew *self,
                    LockstepStop  how,
                    const char   *why)
{
  self->stopping = TRUE;
  for (guint i = 0; i < self->members->len; i++)
    {
      Member *member = g_ptr_array_index (self->members, i);

      g_clear_handle_id (&member->restart_source, g_source_remove);
      member->ordered = TRUE;
      lockstep_solver_stop (member->solver, how, self->grace, why);
    }
}
