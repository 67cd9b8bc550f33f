/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-trial.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lockstep-output-reader.h"
#include "lockstep-program-task.h"
#include "lockstep-trial-folder.h"

struct _LockstepTrial
{
  GObject              parent_instance;
  LockstepPlan        *origin; /* that was given */
  LockstepPlan        *plan;   /* the same, that keeps what a task leaves */
  LockstepRerun       *rerun;
  gint64               number; /* of the task */
  LockstepPlaceholders placeholders;
  gint64               started_at; /* s, UNIX time */
  LockstepTrialReport  report;
};

G_DEFINE_FINAL_TYPE (LockstepTrial, lockstep_trial, G_TYPE_OBJECT)

/* Whether @code is success; then what the program printed says something about other tasks. */
static gboolean
is_success (const LockstepProgram *program,
            int                    code)
{
  for (guint i = 0; i < program->exits->len; i++)
    if (g_array_index (program->exits, int, i) == code)
      return TRUE;

  return FALSE;
}

static char *
dup_missing (LockstepTrial *self)
{
  const int descriptor = open (self->report.log, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  char     *missing;

  if (descriptor < 0)
    return NULL;

  missing = lockstep_output_dup_missing_file (descriptor, lockstep_plan_get_directory (self->plan), self->report.working_folder);
  close (descriptor);
  return missing;
}

/* What the program itself used says more than what its adapter did. */
static void
look_at_program (LockstepTrial         *self,
                 const LockstepProgram *program)
{
  LockstepTrialReport            *report = &self->report;
  g_autoptr (LockstepProgramTask) task = NULL;

  task = lockstep_program_task_load (lockstep_rerun_get_directory (self->rerun), self->number, 1, -1);
  /* What its adapter used says nothing of the program. */
  report->seconds = -1;
  report->cpu_seconds = 0;
  report->peak_memory = 0;
  if (task == NULL)
    return;

  if (task->seconds >= 0)
    {
      report->seconds = task->seconds;
      report->cpu_seconds = task->cpu_seconds;
      report->peak_memory = (guint64) task->peak_memory;
    }
  report->folder = g_strdup (task->folder);
  report->log = g_strdup (task->log);
  report->command = g_strdupv (task->command);
  report->working_folder = g_strdup (task->directory);
  report->sightings = lockstep_sightings_new (program, &self->placeholders, report->log, report->working_folder);
  if (is_success (program, task->exit_code))
    report->proposals = lockstep_proposals_new (program, &self->placeholders, report->log, report->working_folder, self->started_at);
  else
    report->missing = dup_missing (self);
}

/* On a thread, because files may be large. */
static void
look (GTask        *task,
      gpointer      source,
      gpointer      task_data,
      GCancellable *cancellable)
{
  LockstepTrial         *self = source;
  LockstepTrialReport   *report = &self->report;
  const LockstepProgram *program = lockstep_plan_get_program (self->plan);
  const char            *directory = lockstep_rerun_get_directory (self->rerun);

  if (directory != NULL && program != NULL)
    look_at_program (self, program);
  if (directory != NULL && report->folder == NULL)
    {
      report->folder = g_strdup (directory);
      report->log = g_build_filename (directory, LOCKSTEP_PROGRAM_LOG, NULL);
    }
  if (report->folder != NULL)
    report->disk = lockstep_trial_folder_measure (report->folder);
  g_task_return_boolean (task, TRUE);
}

static void
run_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr (GTask)     task = user_data;
  g_autoptr (GError)    error = NULL;
  LockstepTrial        *self = g_task_get_source_object (task);
  const LockstepReport *report;

  self->report.result = lockstep_rerun_run_finish (self->rerun, result, &error);
  if (error != NULL)
    self->report.error = g_strdup (error->message);
  if ((report = lockstep_rerun_get_report (self->rerun)) != NULL)
    {
      self->report.seconds = report->seconds;
      self->report.cpu_seconds = report->cpu_seconds;
      self->report.peak_memory = report->peak_memory;
    }
  self->placeholders.run = lockstep_rerun_get_directory (self->rerun);
  g_task_run_in_thread (task, look);
}

static void
lockstep_trial_finalize (GObject *object)
{
  LockstepTrial       *self = LOCKSTEP_TRIAL (object);
  LockstepTrialReport *report = &self->report;

  g_clear_object (&self->rerun);
  g_clear_object (&self->plan);
  g_clear_object (&self->origin);
  g_clear_pointer (&report->result, g_bytes_unref);
  g_clear_pointer (&report->sightings, g_ptr_array_unref);
  g_clear_pointer (&report->proposals, g_ptr_array_unref);
  g_free (report->error);
  g_free (report->folder);
  g_free (report->log);
  g_strfreev (report->command);
  g_free (report->working_folder);
  g_free (report->missing);

  G_OBJECT_CLASS (lockstep_trial_parent_class)->finalize (object);
}

static void
lockstep_trial_class_init (LockstepTrialClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lockstep_trial_finalize;
}

static void
lockstep_trial_init (LockstepTrial *self)
{
  self->report.seconds = -1;
}

/* @plan, but that what a task leaves is there to be looked at. */
static LockstepPlan *
make_plan (LockstepPlan *plan,
           GError      **error)
{
  static const char *const settings[] = { "program.keep=\"all\"", NULL };
  gsize                    length;
  const char              *text = g_bytes_get_data (lockstep_plan_get_text (plan), &length);

  if (lockstep_plan_get_program (plan) == NULL)
    return g_object_ref (plan);

  return lockstep_plan_new_from_text (text, length, lockstep_plan_get_directory (plan), settings, error);
}

static LockstepJson
get_json (GBytes *text)
{
  LockstepJson json = { NULL, 0 };

  if (text != NULL)
    json.text = g_bytes_get_data (text, &json.length);

  return json;
}

LockstepTrial *
lockstep_trial_new (LockstepPlan *plan,
                    gint64        task,
                    const char   *directory,
                    GError      **error)
{
  g_autoptr (LockstepTrial) self = g_object_new (LOCKSTEP_TYPE_TRIAL, NULL);
  const LockstepProgram    *program;
  LockstepJson              call;

  self->origin = g_object_ref (plan);
  self->number = task;
  if ((self->plan = make_plan (plan, error)) == NULL ||
      (self->rerun = lockstep_rerun_new_first (self->plan, task, error)) == NULL ||
      (directory != NULL && !lockstep_trial_folder_make (directory, error)))
    return NULL;
  if (directory != NULL)
    lockstep_rerun_set_directory (self->rerun, directory);

  program = lockstep_plan_get_program (self->plan);
  call = get_json (lockstep_rerun_get_params (self->rerun));
  self->placeholders = (LockstepPlaceholders){
    .folder = lockstep_plan_get_directory (self->plan),
    .task = (guint64) task,
    .attempt = 1,
    .threads = program != NULL ? program->threads : 1,
    .params = { lockstep_json_get_member (call, "params"),
                get_json (lockstep_rerun_get_step (self->rerun)->params),
                get_json (lockstep_plan_get_params (self->plan)) },
  };

  return g_steal_pointer (&self);
}

LockstepRerun *
lockstep_trial_get_rerun (LockstepTrial *self)
{
  return self->rerun;
}

LockstepPlan *
lockstep_trial_get_plan (LockstepTrial *self)
{
  return self->origin;
}

const LockstepPlaceholders *
lockstep_trial_get_placeholders (LockstepTrial *self)
{
  return &self->placeholders;
}

void
lockstep_trial_run_async (LockstepTrial      *self,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, lockstep_trial_run_async);
  self->started_at = g_get_real_time () / G_USEC_PER_SEC;
  lockstep_rerun_run_async (self->rerun, run_cb, task);
}

const LockstepTrialReport *
lockstep_trial_run_finish (LockstepTrial *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_boolean (G_TASK (result), error) ? &self->report : NULL;
}

void
lockstep_trial_remove (LockstepTrial *self)
{
  if (lockstep_rerun_get_directory (self->rerun) != NULL)
    lockstep_trial_folder_remove (lockstep_rerun_get_directory (self->rerun));
}
