/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-resume.h"

#include "cli-past.h"
#include "lockstep-run-lookup.h"

LockstepController *
cli_resume_new_controller (const CliResume *self,
                           CliOptions      *options,
                           const char      *runs_directory,
                           LockstepRun    **finished,
                           GError         **error)
{
  g_autofree char            *directory = lockstep_run_lookup (runs_directory, self->run, error);
  g_autoptr (LockstepPastRun) past = directory != NULL ? lockstep_past_run_load (directory, TRUE, error) : NULL;
  g_auto (GStrv)              settings = cli_options_dup_settings (options);
  g_autoptr (GFile)           file = NULL;
  g_autoptr (LockstepPlan)    plan = NULL;
  const LockstepResumeOptions what = { .failed = self->failed, .tasks = self->tasks };
  LockstepController         *controller;
  g_autoptr (GError)          reason = NULL;

  if (past == NULL)
    return NULL;

  if (options->plans != NULL && options->plans[0] != NULL)
    file = g_file_new_for_commandline_arg (options->plans[0]);
  if ((plan = lockstep_past_run_load_plan (past, file, (const char *const *) settings, error)) == NULL)
    return NULL;

  controller = lockstep_controller_new_resume (past, plan, &what, NULL, &reason);
  if (g_error_matches (reason, LOCKSTEP_RESUME_ERROR, LOCKSTEP_RESUME_ERROR_NOTHING))
    *finished = g_object_ref (lockstep_past_run_get_run (past));
  if (reason != NULL)
    g_propagate_error (error, g_steal_pointer (&reason));

  return controller;
}

char *
cli_resume_dup_command (LockstepRun *run)
{
  const char      *directory = lockstep_run_get_directory (run);
  const gboolean   finished = lockstep_run_get_state (run) == LOCKSTEP_RUN_FINISHED;
  g_autofree char *typed = NULL;

  if (directory == NULL || (finished && lockstep_run_get_n_failures (run) == 0))
    return NULL;

  typed = cli_past_dup_typed (directory);

  return g_strdup_printf ("lockstep-cli run --resume %s%s", typed, finished ? " --failed" : "");
}

void
cli_resume_clear (CliResume *self)
{
  g_clear_pointer (&self->run, g_free);
  g_clear_pointer (&self->tasks, g_free);
}
