/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-crew.h"

#include <glib/gi18n-lib.h>

#include "lockstep-call-text.h"
#include "lockstep-json-writer.h"
#include "lockstep-run-folder.h"
#include "lockstep-sampler.h"

struct _LockstepCrew
{
  GObject parent_instance;

  LockstepRecord  *record; /* owned */
  LockstepHost    *host;   /* owned */
  LockstepSampler *sampler;
  double           grace;
  GPtrArray       *solvers; /* of LockstepSolver, by index */
  guint            n_alive;
  guint            n_ready;
};

enum
{
  READY,
  ANSWERED,
  ENDED,
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

  self->n_ready++;
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
  g_signal_emit (user_data, signals[ANSWERED], 0, solver, task, result, error);
}

static void
progress_cb (LockstepSolver *solver,
             gint64          task,
             GBytes         *params,
             gpointer        user_data)
{
  LockstepCrew *self = user_data;
  LockstepEvent event = new_event (LOCKSTEP_EVENT_PROGRESS, solver);

  event.task = task;
  event.payload = g_bytes_ref (params);
  lockstep_record_tell (self->record, &event);
}

static void
logged_cb (LockstepSolver *solver,
           const char     *level,
           const char     *text,
           gpointer        user_data)
{
  LockstepCrew *self = user_data;

  lockstep_record_log (self->record, (int) lockstep_solver_get_index (solver), level, text);
}

static void
stopping_cb (LockstepSolver *solver,
             const char     *why,
             gpointer        user_data)
{
  LockstepCrew *self = user_data;
  LockstepEvent event = new_event (LOCKSTEP_EVENT_SOLVER_STOPPING, solver);
  GString      *payload = g_string_new ("{");

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

static void
ended_cb (LockstepSolver       *solver,
          const LockstepReport *report,
          const char           *why,
          gpointer              user_data)
{
  g_autoptr (LockstepCrew) self = g_object_ref (user_data);
  LockstepEvent            event = new_event (LOCKSTEP_EVENT_SOLVER_ENDED, solver);
  GString                 *payload = g_string_new ("{");
  g_autofree char         *text = lockstep_report_dup_text (report);
  g_autofree char         *reason = NULL;

  if (report->kind == LOCKSTEP_EXIT_NOT_STARTED)
    reason = g_strdup_printf (_ ("“%s” %s. Is its name right, is it executable, and is it in a folder of PATH?"),
                              lockstep_plan_get_solver (lockstep_run_get_plan (lockstep_record_get_run (self->record)))->command[0], text);
  else if (why != NULL)
    reason = g_strdup_printf ("%s (%s)", why, text);
  else
    reason = g_steal_pointer (&text);

  append_report (payload, report);
  lockstep_json_append_string_member (payload, "why", reason);
  lockstep_sampler_remove (self->sampler, (guint) event.solver);
  lockstep_record_tell_payload (self->record, &event, payload);

  self->n_alive--;
  g_signal_emit (self, signals[ENDED], 0, solver, reason);
  if (self->n_alive == 0)
    g_signal_emit (self, signals[GONE], 0);
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

      if (sample->cpu >= 0 || sample->memory > 0)
        {
          LockstepEvent event = new_event (LOCKSTEP_EVENT_USAGE, solver);
          GString      *payload = g_string_new (NULL);

          g_string_printf (payload, "{\"memory\":%" G_GUINT64_FORMAT ",\"cpu\":", sample->memory);
          lockstep_json_append_double (payload, sample->cpu);
          lockstep_record_tell_payload (self->record, &event, payload);
        }
      if (sample->output >= 0)
        {
          LockstepEvent event = new_event (LOCKSTEP_EVENT_OUTPUT, solver);
          GString      *payload = g_string_new (NULL);

          g_string_printf (payload, "{\"size\":%" G_GINT64_FORMAT, sample->output);
          lockstep_record_tell_payload (self->record, &event, payload);
        }
    }
}

static void
lockstep_crew_dispose (GObject *object)
{
  LockstepCrew *self = LOCKSTEP_CREW (object);

  for (guint i = 0; i < self->solvers->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->solvers, i), self);
  g_ptr_array_set_size (self->solvers, 0);
  if (self->sampler != NULL)
    g_signal_handlers_disconnect_by_data (self->sampler, self);
  g_clear_object (&self->sampler);
  g_clear_object (&self->host);
  g_clear_object (&self->record);

  G_OBJECT_CLASS (lockstep_crew_parent_class)->dispose (object);
}

static void
lockstep_crew_finalize (GObject *object)
{
  g_ptr_array_unref (LOCKSTEP_CREW (object)->solvers);

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
  signals[ANSWERED] = g_signal_new ("answered", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 4, LOCKSTEP_TYPE_SOLVER, G_TYPE_INT64,
                                    G_TYPE_BYTES | G_SIGNAL_TYPE_STATIC_SCOPE,
                                    G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[ENDED] = g_signal_new ("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 2, LOCKSTEP_TYPE_SOLVER, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[GONE] = g_signal_new ("gone", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lockstep_crew_init (LockstepCrew *self)
{
  self->solvers = g_ptr_array_new_with_free_func (g_object_unref);
  self->sampler = lockstep_sampler_new ();
  g_signal_connect (self->sampler, "sampled", G_CALLBACK (sampled_cb), self);
}

LockstepCrew *
lockstep_crew_new (LockstepRecord *record,
                   LockstepHost   *host,
                   double          grace)
{
  LockstepCrew *self = g_object_new (LOCKSTEP_TYPE_CREW, NULL);

  self->record = g_object_ref (record);
  self->host = g_object_ref (host);
  self->grace = grace;

  return self;
}

static void
tell_launched (LockstepCrew         *self,
               LockstepSolver       *solver,
               const LockstepLaunch *launch)
{
  LockstepEvent event = new_event (LOCKSTEP_EVENT_SOLVER_LAUNCHED, solver);
  GString      *payload = g_string_new ("{");

  lockstep_json_append_string_member (payload, "host", lockstep_host_get_name (self->host));
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
launch_solver (LockstepCrew   *self,
               LockstepSolver *solver)
{
  LockstepRun              *run = lockstep_record_get_run (self->record);
  LockstepPlan             *plan = lockstep_run_get_plan (run);
  const LockstepSolverSpec *spec = lockstep_plan_get_solver (plan);
  const char               *directory = lockstep_run_get_directory (run);
  const guint               index = lockstep_solver_get_index (solver);
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

  tell_launched (self, solver, &launch);
  params = lockstep_call_text_new_initialize (plan, index, name, directory != NULL ? directory : spec->directory);
  if (lockstep_solver_launch (solver, self->host, &launch, params,
                              lockstep_plan_get_initialize_timeout (plan), &error))
    self->n_alive++;
  else
    g_signal_emit (self, signals[ENDED], 0, solver, error->message);
}

void
lockstep_crew_launch (LockstepCrew *self,
                      guint         n_solvers)
{
  for (guint i = 0; i < n_solvers; i++)
    {
      LockstepSolver *solver = lockstep_solver_new (i);

      g_ptr_array_add (self->solvers, solver);
      g_signal_connect (solver, "started", G_CALLBACK (started_cb), self);
      g_signal_connect (solver, "ready", G_CALLBACK (ready_cb), self);
      g_signal_connect (solver, "answered", G_CALLBACK (answered_cb), self);
      g_signal_connect (solver, "progress", G_CALLBACK (progress_cb), self);
      g_signal_connect (solver, "logged", G_CALLBACK (logged_cb), self);
      g_signal_connect (solver, "stopping", G_CALLBACK (stopping_cb), self);
      g_signal_connect (solver, "ended", G_CALLBACK (ended_cb), self);
    }
  for (guint i = 0; i < n_solvers; i++)
    launch_solver (self, g_ptr_array_index (self->solvers, i));
}

guint
lockstep_crew_get_n_solvers (LockstepCrew *self)
{
  return self->solvers->len;
}

LockstepSolver *
lockstep_crew_get_solver (LockstepCrew *self,
                          guint         index)
{
  g_return_val_if_fail (index < self->solvers->len, NULL);

  return g_ptr_array_index (self->solvers, index);
}

guint
lockstep_crew_get_n_alive (LockstepCrew *self)
{
  return self->n_alive;
}

guint
lockstep_crew_get_n_ready (LockstepCrew *self)
{
  return self->n_ready;
}

void
lockstep_crew_stop (LockstepCrew *self,
                    LockstepStop  how,
                    const char   *why)
{
  for (guint i = 0; i < self->solvers->len; i++)
    lockstep_solver_stop (g_ptr_array_index (self->solvers, i), how, self->grace, why);
}
