/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-rerun.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <inttypes.h>

#include "lockstep-call-text.h"
#include "lockstep-duration.h"
#include "lockstep-first-call.h"
#include "lockstep-local-host.h"
#include "lockstep-tail.h"

/* Seconds that a solver has to go. */
#define GRACE 5

struct _LockstepRerun
{
  GObject         parent_instance;
  LockstepReplay *replay; /* owned; NULL where no run had the task */
  LockstepPlan   *plan;   /* whose files are there; of a replay once it is launched */
  LockstepStep   *step;   /* not owned */
  GBytes         *params; /* of the call */
  gint64          number; /* of the task */
  LockstepSolver *solver; /* while it is at work */
  LockstepHost   *host;
  LockstepTail   *tail; /* of what it prints */
  char           *directory;
  gboolean        is_given; /* the directory; else it is temporary */
  char           *log;
  GTask          *task; /* while it is at work */
  GBytes         *result;
  GError         *error;  /* the first that happened */
  LockstepReport  report; /* of the solver, once it has ended */
  gboolean        has_report;
  guint           timeout_source; /* until the task has taken too long */
  guint           stall_source;   /* until there was no sign of life for too long */
};

enum
{
  OUTPUT,
  SAID,
  PROGRESS,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (LockstepRerun, lockstep_rerun, G_TYPE_OBJECT)

static void
say (LockstepRerun *self,
     char          *text)
{
  g_signal_emit (self, signals[SAID], 0, text);
  g_free (text);
}

/* The folder goes, unless the solver wrote something, or it is for somebody to look at. */
static void
clear_up (LockstepRerun *self)
{
  if (self->replay == NULL || self->is_given)
    return;
  if (self->log != NULL)
    g_unlink (self->log);
  if (self->directory != NULL && g_rmdir (self->directory) == 0)
    g_clear_pointer (&self->directory, g_free);
}

static void
stop_clocks (LockstepRerun *self)
{
  g_clear_handle_id (&self->timeout_source, g_source_remove);
  g_clear_handle_id (&self->stall_source, g_source_remove);
}

/* Ends a task that takes longer than its step allows. Takes over @reason. */
static void
give_up (LockstepRerun *self,
         char          *reason)
{
  stop_clocks (self);
  if (self->error == NULL)
    self->error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, reason);
  lockstep_solver_stop (self->solver, LOCKSTEP_STOP_ASK, GRACE, reason);
  g_free (reason);
}

static gboolean
timeout_cb (gpointer data)
{
  LockstepRerun   *self = data;
  g_autofree char *allowed = lockstep_duration_dup_text (self->step->policy.timeout);

  self->timeout_source = 0;
  give_up (self, g_strdup_printf (_ ("It had not ended after %s, which is the timeout of its step."), allowed));
  return G_SOURCE_REMOVE;
}

static gboolean
stall_cb (gpointer data)
{
  LockstepRerun   *self = data;
  g_autofree char *allowed = lockstep_duration_dup_text (self->step->policy.stall);

  self->stall_source = 0;
  give_up (self, g_strdup_printf (_ ("It gave no sign of life for %s, as long as its step lets it be silent (stall)."), allowed));
  return G_SOURCE_REMOVE;
}

/* Winds up the clock of silence, where one runs. */
static void
live (LockstepRerun *self)
{
  if (self->stall_source == 0)
    return;

  g_source_remove (self->stall_source);
  self->stall_source = g_timeout_add ((guint) MIN (self->step->policy.stall * 1000, G_MAXUINT), stall_cb, self);
}

/* A task that a run had is done again to be looked at, for as long as that takes; a new one is held to what its step allows. */
static void
start_clocks (LockstepRerun *self)
{
  const LockstepPolicy *policy = &self->step->policy;

  if (self->replay != NULL)
    return;
  if (policy->timeout > 0)
    self->timeout_source = g_timeout_add ((guint) MIN (policy->timeout * 1000, G_MAXUINT), timeout_cb, self);
  if (policy->stall > 0)
    self->stall_source = g_timeout_add ((guint) MIN (policy->stall * 1000, G_MAXUINT), stall_cb, self);
}

/* The only end of it. */
static void
finish (LockstepRerun *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  stop_clocks (self);
  if (self->tail != NULL)
    g_signal_handlers_disconnect_by_data (self->tail, self);
  g_clear_object (&self->tail);
  clear_up (self);
  if (self->error != NULL)
    g_task_return_error (task, g_steal_pointer (&self->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&self->result), (GDestroyNotify) g_bytes_unref);
}

static void
lines_cb (LockstepTail *tail,
          GBytes       *text,
          guint64       skipped,
          gpointer      user_data)
{
  LockstepRerun *self = user_data;

  if (skipped > 0)
    say (self, g_strdup_printf (_ ("%" PRIu64 " bytes of what it printed are left out."), skipped));
  if (g_bytes_get_size (text) == 0)
    return;
  live (self);
  g_signal_emit (self, signals[OUTPUT], 0, text);
}

static void
drained_cb (LockstepTail *tail,
            gpointer      user_data)
{
  g_autoptr (LockstepRerun) self = g_object_ref (user_data);

  finish (self);
}

static void
ready_cb (LockstepSolver *solver,
          GBytes         *answer,
          gpointer        user_data)
{
  LockstepRerun *self = user_data;

  say (self, g_strdup_printf (_ ("It is ready, and computes task %" PRId64 " (%s)."), self->number,
                              self->step->title));
  start_clocks (self);
  lockstep_solver_call (solver, self->number, self->step->method, (GBytes *[]){ self->params, NULL });
}

static void
answered_cb (LockstepSolver *solver,
             gint64          task,
             GBytes         *result,
             const GError   *error,
             gpointer        user_data)
{
  LockstepRerun *self = user_data;

  stop_clocks (self);
  if (result != NULL)
    self->result = g_bytes_ref (result);
  else if (self->error == NULL && self->replay == NULL)
    self->error = g_error_copy (error);
  else if (self->error == NULL)
    self->error = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, _ ("The step ended with an error: %s"), error->message);
  lockstep_solver_stop (solver, LOCKSTEP_STOP_ASK, GRACE, _ ("Its task is done."));
}

static void
logged_cb (LockstepSolver *solver,
           const char     *level,
           const char     *text,
           gpointer        user_data)
{
  live (user_data);
  say (user_data, g_strdup_printf ("%s: %s", level, text));
}

static void
progress_cb (LockstepSolver *solver,
             gint64          task,
             GBytes         *params,
             gpointer        user_data)
{
  if (task < 0)
    return;
  live (user_data);
  g_signal_emit (user_data, signals[PROGRESS], 0, params);
}

static void
started_cb (LockstepSolver *solver,
            gint64          pid,
            gpointer        user_data)
{
  say (user_data, g_strdup_printf (_ ("Started as process %" PRId64 "."), pid));
}

static void
ended_cb (LockstepSolver       *solver,
          const LockstepReport *report,
          const char           *why,
          gpointer              user_data)
{
  LockstepRerun   *self = user_data;
  g_autofree char *text = lockstep_report_dup_text (report);
  g_autofree char *peak = g_format_size (report->peak_memory);

  stop_clocks (self);
  self->report = *report;
  self->has_report = TRUE;
  say (self, g_strdup_printf (_ ("It %s, after %.4g s and %.4g s of CPU time; at most it used %s."), text, report->seconds,
                              report->cpu_seconds, peak));
  if (self->result == NULL && self->error == NULL && why != NULL)
    self->error = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, _ ("The solver brought no result. %s"), why);
  else if (self->result == NULL && self->error == NULL)
    self->error = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, _ ("The solver %s before it had brought a result."), text);
  lockstep_tail_finish (self->tail);
}

static void
lockstep_rerun_dispose (GObject *object)
{
  LockstepRerun *self = LOCKSTEP_RERUN (object);

  stop_clocks (self);
  if (self->solver != NULL)
    g_signal_handlers_disconnect_by_data (self->solver, self);
  g_clear_object (&self->solver);
  g_clear_object (&self->host);
  if (self->tail != NULL)
    g_signal_handlers_disconnect_by_data (self->tail, self);
  g_clear_object (&self->tail);
  g_clear_object (&self->plan);
  g_clear_pointer (&self->replay, lockstep_replay_free);

  G_OBJECT_CLASS (lockstep_rerun_parent_class)->dispose (object);
}

static void
lockstep_rerun_finalize (GObject *object)
{
  LockstepRerun *self = LOCKSTEP_RERUN (object);

  g_clear_pointer (&self->params, g_bytes_unref);
  g_clear_pointer (&self->result, g_bytes_unref);
  g_clear_error (&self->error);
  g_free (self->directory);
  g_free (self->log);

  G_OBJECT_CLASS (lockstep_rerun_parent_class)->finalize (object);
}

static void
lockstep_rerun_class_init (LockstepRerunClass *klass)
{
  const GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lockstep_rerun_dispose;
  G_OBJECT_CLASS (klass)->finalize = lockstep_rerun_finalize;

  signals[OUTPUT] = g_signal_new ("output", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_BYTES | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[PROGRESS] = g_signal_new ("progress", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                    G_TYPE_BYTES | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[SAID] = g_signal_new ("said", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
lockstep_rerun_init (LockstepRerun *self)
{
}

LockstepRerun *
lockstep_rerun_new (LockstepReplay *replay)
{
  LockstepRerun *self = g_object_new (LOCKSTEP_TYPE_RERUN, NULL);

  self->replay = replay;
  self->step = replay->step;
  self->params = g_bytes_ref (replay->params);
  self->number = replay->task;

  return self;
}

LockstepRerun *
lockstep_rerun_new_first (LockstepPlan *plan,
                          gint64        task,
                          GError      **error)
{
  g_autoptr (GBytes) params = NULL;
  LockstepStep      *step;
  LockstepRerun     *self;

  if ((params = lockstep_first_call_new (plan, task, &step, error)) == NULL)
    return NULL;

  self = g_object_new (LOCKSTEP_TYPE_RERUN, NULL);
  self->plan = g_object_ref (plan);
  self->step = step;
  self->params = g_steal_pointer (&params);
  self->number = task;

  return self;
}

/* Makes the folder, and finds the plan and the name that the solver is told of its run. */
static gboolean
prepare (LockstepRerun *self,
         char         **name,
         GError       **error)
{
  if (self->plan == NULL &&
      (self->plan = lockstep_past_run_load_plan (self->replay->past, NULL, NULL, error)) == NULL)
    return FALSE;
  if (self->directory == NULL &&
      (self->directory = g_dir_make_tmp (self->replay != NULL ? "lockstep-rerun-XXXXXX" : "lockstep-try-XXXXXX", error)) == NULL)
    return FALSE;

  *name = g_path_get_basename (self->replay != NULL
                                 ? lockstep_run_get_directory (lockstep_past_run_get_run (self->replay->past))
                                 : self->directory);
  return TRUE;
}

static guint
get_index (LockstepRerun *self)
{
  return self->replay != NULL ? (guint) MAX (self->replay->solver, 0) : 0;
}

/* Starts the solver as the run did, but for where it keeps what it writes. */
static gboolean
launch (LockstepRerun *self,
        GError       **error)
{
  const LockstepSolverSpec *spec;
  const LockstepHostSpec   *host;
  g_autofree char          *name = NULL;
  g_autoptr (GBytes)        params = NULL;
  LockstepLaunch            how = { .grace = GRACE };

  if (!prepare (self, &name, error))
    return FALSE;

  spec = lockstep_plan_get_solver (self->plan);
  host = g_ptr_array_index (lockstep_plan_get_hosts (self->plan), 0);
  self->log = g_build_filename (self->directory, LOCKSTEP_PROGRAM_LOG, NULL);
  self->host = lockstep_local_host_new (host->name, (const char *const *) host->env);
  how.command = (const char *const *) spec->command;
  how.env = (const char *const *) spec->env;
  how.directory = spec->directory;
  how.output = self->log;
  how.threads = spec->threads;
  how.nice = lockstep_plan_get_nice (self->plan);
  params = lockstep_call_text_new_initialize (self->plan, get_index (self), name, self->directory);

  return lockstep_solver_launch (self->solver, self->host, &how, params,
                                 lockstep_plan_get_initialize_timeout (self->plan), error);
}

void
lockstep_rerun_set_directory (LockstepRerun *self,
                              const char    *directory)
{
  g_return_if_fail (self->directory == NULL);

  self->directory = g_canonicalize_filename (directory, NULL);
  self->is_given = TRUE;
}

void
lockstep_rerun_run_async (LockstepRerun      *self,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  g_return_if_fail (LOCKSTEP_IS_RERUN (self));
  g_return_if_fail (self->solver == NULL);

  self->task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->task, lockstep_rerun_run_async);
  self->solver = lockstep_solver_new (get_index (self));
  g_signal_connect (self->solver, "started", G_CALLBACK (started_cb), self);
  g_signal_connect (self->solver, "ready", G_CALLBACK (ready_cb), self);
  g_signal_connect (self->solver, "progress", G_CALLBACK (progress_cb), self);
  g_signal_connect (self->solver, "logged", G_CALLBACK (logged_cb), self);
  g_signal_connect (self->solver, "ended", G_CALLBACK (ended_cb), self);
  lockstep_solver_set_answer_func (self->solver, answered_cb, self);

  if (!launch (self, &self->error))
    {
      finish (self);
      return;
    }

  self->tail = lockstep_tail_new (self->log, FALSE);
  g_signal_connect (self->tail, "lines", G_CALLBACK (lines_cb), self);
  g_signal_connect (self->tail, "drained", G_CALLBACK (drained_cb), self);
}

GBytes *
lockstep_rerun_run_finish (LockstepRerun *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
lockstep_rerun_stop (LockstepRerun *self,
                     LockstepStop   how)
{
  if (self->task != NULL && self->solver != NULL)
    lockstep_solver_stop (self->solver, how, GRACE, _ ("It was terminated."));
}

LockstepStep *
lockstep_rerun_get_step (LockstepRerun *self)
{
  return self->step;
}

GBytes *
lockstep_rerun_get_params (LockstepRerun *self)
{
  return self->params;
}

const LockstepReport *
lockstep_rerun_get_report (LockstepRerun *self)
{
  return self->has_report ? &self->report : NULL;
}

const char *
lockstep_rerun_get_directory (LockstepRerun *self)
{
  return self->directory;
}
