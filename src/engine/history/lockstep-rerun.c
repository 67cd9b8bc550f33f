/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-rerun.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "lockstep-call-text.h"
#include "lockstep-local-host.h"
#include "lockstep-tail.h"

/* Seconds that a solver has to go. */
#define GRACE 5

struct _LockstepRerun
{
  GObject         parent_instance;
  LockstepReplay *replay; /* owned */
  LockstepPlan   *plan;   /* the run's, whose files are there */
  LockstepSolver *solver; /* while it is at work */
  LockstepHost   *host;
  LockstepTail   *tail;      /* of what it prints */
  char           *directory; /* temporary */
  char           *log;
  GTask          *task; /* while it is at work */
  GBytes         *result;
  GError         *error; /* the first that happened */
};

enum
{
  OUTPUT,
  SAID,
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

/* The folder goes, unless the solver wrote something. */
static void
clear_up (LockstepRerun *self)
{
  if (self->log != NULL)
    g_unlink (self->log);
  if (self->directory != NULL && g_rmdir (self->directory) == 0)
    g_clear_pointer (&self->directory, g_free);
}

/* The only end of it. */
static void
finish (LockstepRerun *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

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
    say (self, g_strdup_printf (_ ("%" G_GUINT64_FORMAT " bytes of what it printed are left out."), skipped));
  if (g_bytes_get_size (text) > 0)
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

  say (self, g_strdup_printf (_ ("It is ready, and computes task %" G_GINT64_FORMAT " (%s)."), self->replay->task,
                              self->replay->step->title));
  lockstep_solver_call (solver, self->replay->task, self->replay->step->method,
                        (GBytes *[]){ self->replay->params, NULL });
}

static void
answered_cb (LockstepSolver *solver,
             gint64          task,
             GBytes         *result,
             const GError   *error,
             gpointer        user_data)
{
  LockstepRerun *self = user_data;

  if (result != NULL)
    self->result = g_bytes_ref (result);
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
  say (user_data, g_strdup_printf ("%s: %s", level, text));
}

static void
started_cb (LockstepSolver *solver,
            gint64          pid,
            gpointer        user_data)
{
  say (user_data, g_strdup_printf (_ ("Started as process %" G_GINT64_FORMAT "."), pid));
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

  return self;
}

/* Starts the solver as the run did, but for where it keeps what it writes. */
static gboolean
launch (LockstepRerun *self,
        GError       **error)
{
  LockstepRun              *run = lockstep_past_run_get_run (self->replay->past);
  const LockstepSolverSpec *spec;
  const LockstepHostSpec   *host;
  const guint               index = (guint) MAX (self->replay->solver, 0);
  g_autofree char          *name = g_path_get_basename (lockstep_run_get_directory (run));
  g_autoptr (GBytes)        params = NULL;
  LockstepLaunch            how = { .grace = GRACE };

  if ((self->plan = lockstep_past_run_load_plan (self->replay->past, NULL, NULL, error)) == NULL ||
      (self->directory = g_dir_make_tmp ("lockstep-rerun-XXXXXX", error)) == NULL)
    return FALSE;

  spec = lockstep_plan_get_solver (self->plan);
  host = g_ptr_array_index (lockstep_plan_get_hosts (self->plan), 0);
  self->log = g_build_filename (self->directory, "output.log", NULL);
  self->host = lockstep_local_host_new (host->name, (const char *const *) host->env);
  how.command = (const char *const *) spec->command;
  how.env = (const char *const *) spec->env;
  how.directory = spec->directory;
  how.output = self->log;
  how.threads = spec->threads;
  how.nice = lockstep_plan_get_nice (self->plan);
  params = lockstep_call_text_new_initialize (self->plan, index, name, self->directory);

  return lockstep_solver_launch (self->solver, self->host, &how, params,
                                 lockstep_plan_get_initialize_timeout (self->plan), error);
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
  self->solver = lockstep_solver_new ((guint) MAX (self->replay->solver, 0));
  g_signal_connect (self->solver, "started", G_CALLBACK (started_cb), self);
  g_signal_connect (self->solver, "ready", G_CALLBACK (ready_cb), self);
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

const char *
lockstep_rerun_get_directory (LockstepRerun *self)
{
  return self->directory;
}
