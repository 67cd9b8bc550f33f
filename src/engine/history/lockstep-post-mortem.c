/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-post-mortem.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "lockstep-local-host.h"
#include "lockstep-program-task.h"
#include "lockstep-replay.h"
#include "lockstep-run-folder.h"
#include "lockstep-tail.h"

static LockstepJson
get_member (GBytes     *payload,
            const char *name)
{
  LockstepJson object = { NULL, 0 };

  if (payload != NULL)
    object.text = g_bytes_get_data (payload, &object.length);

  return lockstep_json_get_member (object, name);
}

static char *
dup_member (GBytes     *payload,
            const char *name)
{
  return lockstep_json_dup_string (get_member (payload, name), NULL);
}

static gint64
get_int (GBytes     *payload,
         const char *name,
         gint64      otherwise)
{
  gint64 number;

  return lockstep_json_get_int (get_member (payload, name), &number) ? number : otherwise;
}

/* The guard's report, as SOLVER_ENDED has it. */
static void
read_report (LockstepReport *report,
             GBytes         *death)
{
  static const struct
  {
    const char      *name;
    LockstepExitKind kind;
  } kinds[] = {
    { "exit", LOCKSTEP_EXIT_CODE },
    { "signal", LOCKSTEP_EXIT_SIGNAL },
    { "not-started", LOCKSTEP_EXIT_NOT_STARTED },
  };

  report->kind = LOCKSTEP_EXIT_UNKNOWN;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (get_member (death, kinds[i].name).text != NULL)
      {
        report->kind = kinds[i].kind;
        report->number = (int) get_int (death, kinds[i].name, 0);
      }
  report->peak_memory = (guint64) MAX (get_int (death, "peak", 0), 0);
  report->killed = (guint) MAX (get_int (death, "killed", 0), 0);
  lockstep_json_get_double (get_member (death, "seconds"), &report->seconds);
  lockstep_json_get_double (get_member (death, "cpu"), &report->cpu_seconds);
}

static char **
dup_strings (LockstepJson array)
{
  g_autoptr (GStrvBuilder) strings = g_strv_builder_new ();
  LockstepJsonIter         iter;
  LockstepJson             element;

  lockstep_json_iter_init (&iter, array);
  while (lockstep_json_iter_next (&iter, NULL, &element))
    {
      g_autofree char *text = lockstep_json_dup_string (element, NULL);

      if (text != NULL)
        g_strv_builder_add (strings, text);
    }

  return g_strv_builder_end (strings);
}

static const LockstepHostSpec *
find_host (LockstepPlan *plan,
           const char   *name)
{
  GPtrArray *hosts = lockstep_plan_get_hosts (plan);

  for (guint i = 0; i < hosts->len; i++)
    {
      const LockstepHostSpec *spec = g_ptr_array_index (hosts, i);

      if (g_strcmp0 (spec->name, name) == 0)
        return spec;
    }

  return NULL;
}

/* With what, and where, it was started. */
static void
describe_launch (LockstepPostMortem *self,
                 LockstepPlan       *plan,
                 GBytes             *launch)
{
  const LockstepSolverSpec *spec = lockstep_plan_get_solver (plan);
  const LockstepHostSpec   *host = NULL;
  const LockstepLaunch      same = { .env = (const char *const *) spec->env, .threads = spec->threads };

  self->host = dup_member (launch, "host");
  host = find_host (plan, self->host);
  self->command = launch != NULL ? dup_strings (get_member (launch, "command")) : g_strdupv (spec->command);
  self->env = lockstep_local_host_dup_env (&same, host != NULL ? (const char *const *) host->env : NULL);
  self->directory = g_strdup (spec->directory);
}

/* The same of the program that the adapter ran for the task, and what that printed. */
static void
describe_program (LockstepPostMortem *self,
                  const char         *run)
{
  g_autoptr (LockstepProgramTask) program = NULL;

  if (self->task < 0)
    return;
  if ((program = lockstep_program_task_load (run, self->task, self->attempt, self->solver)) == NULL)
    {
      /* Nothing of it was kept. What the adapter was started with and printed would be taken for the program's, and matters only
       * where the adapter itself died. */
      if (!self->ended)
        {
          g_clear_pointer (&self->command, g_strfreev);
          g_clear_pointer (&self->env, g_strfreev);
          g_clear_pointer (&self->directory, g_free);
          g_clear_pointer (&self->log, g_free);
        }
      return;
    }

  g_strfreev (self->command);
  g_strfreev (self->env);
  g_free (self->directory);
  g_free (self->log);
  self->command = g_steal_pointer (&program->command);
  self->env = g_steal_pointer (&program->env);
  self->directory = g_steal_pointer (&program->directory);
  self->input = g_steal_pointer (&program->input);
  self->log = g_steal_pointer (&program->log);
}

static void
find_log (LockstepPostMortem *self,
          const char         *run,
          GBytes             *launch)
{
  g_autofree char *log = NULL;

  if (self->solver < 0)
    return;

  /* The run's folder may have been moved since. */
  self->log = lockstep_run_folder_dup_solver_log (run, (guint) self->solver);
  if (!g_file_test (self->log, G_FILE_TEST_EXISTS) && (log = dup_member (launch, "log")) != NULL)
    {
      g_free (self->log);
      self->log = g_steal_pointer (&log);
    }
}

LockstepPostMortem *
lockstep_post_mortem_new (LockstepDigest     *digest,
                          const LockstepCase *found)
{
  LockstepRun        *run = lockstep_digest_get_run (digest);
  LockstepPlan       *plan = lockstep_run_get_plan (run);
  LockstepStep       *step = found->step >= 0 ? lockstep_plan_get_step (plan, (guint) found->step) : NULL;
  LockstepPostMortem *self = g_new0 (LockstepPostMortem, 1);

  self->task = found->task;
  self->attempt = found->attempt;
  self->failed = found->failed;
  self->iteration = MAX (found->iteration, 0);
  self->solver = found->solver;
  self->time = found->time;
  if (step != NULL)
    {
      self->step = g_strdup (step->title);
      self->method = g_strdup (step->method);
    }

  self->cause = dup_member (found->failure, "cause");
  self->reason = dup_member (found->failure, "reason");
  self->final = lockstep_case_is_final (found);
  self->ended = found->death != NULL;
  if (self->ended)
    {
      read_report (&self->report, found->death);
      self->end = lockstep_report_dup_text (&self->report);
      self->why = dup_member (found->death, "why");
    }
  describe_launch (self, plan, found->launch);
  find_log (self, lockstep_run_get_directory (run), found->launch);
  if (lockstep_plan_get_program (plan) != NULL)
    describe_program (self, lockstep_run_get_directory (run));

  return self;
}

void
lockstep_post_mortem_free (LockstepPostMortem *self)
{
  g_free (self->step);
  g_free (self->method);
  g_clear_pointer (&self->params, g_bytes_unref);
  g_free (self->params_lost);
  g_free (self->cause);
  g_free (self->reason);
  g_free (self->host);
  g_free (self->end);
  g_free (self->why);
  g_free (self->log);
  g_free (self->lines);
  g_strfreev (self->command);
  g_strfreev (self->env);
  g_free (self->directory);
  g_free (self->input);
  g_free (self);
}

static void
append_quoted (GString    *out,
               const char *text)
{
  g_autofree char *quoted = NULL;

  if (*text != '\0' && strpbrk (text, " \t\n'\"\\$`&|;<>()*?[]#~!{}") == NULL)
    {
      g_string_append (out, text);
      return;
    }

  quoted = g_shell_quote (text);
  g_string_append (out, quoted);
}

char *
lockstep_post_mortem_dup_command_line (const LockstepPostMortem *self)
{
  GString *out;

  if (self->command == NULL || self->command[0] == NULL)
    return NULL;

  out = g_string_new ("cd ");
  append_quoted (out, self->directory);
  g_string_append (out, " && env");
  for (char **change = self->env; *change != NULL; change++)
    {
      g_string_append_c (out, ' ');
      append_quoted (out, *change);
    }
  for (char **argument = self->command; *argument != NULL; argument++)
    {
      g_string_append_c (out, ' ');
      append_quoted (out, *argument);
    }

  if (self->input != NULL)
    {
      g_string_append (out, " < ");
      append_quoted (out, self->input);
    }

  return g_string_free (out, FALSE);
}

/* What is asked for. */
typedef struct
{
  char  *directory;
  gint64 task;
  int    solver;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_free (question->directory);
  g_free (question);
}

/* The attempt that was begun last, where it did not fail: the replay knows of it. */
static void
make_case (LockstepCase         *self,
           const LockstepReplay *replay)
{
  *self = (LockstepCase){
    .solver = replay->solver,
    .step = (int) replay->step->index,
    .iteration = replay->iteration,
    .task = replay->task,
    .attempt = (int) replay->attempt,
    .failed = -1,
  };
}

/* Sets @answer to the case that is asked for. */
static gboolean
find_case (const Question *question,
           LockstepDigest *digest,
           LockstepCase   *answer,
           GError        **error)
{
  LockstepInquest    *inquest = lockstep_digest_get_inquest (digest);
  const LockstepCase *found;

  if (question->task >= 0)
    {
      found = lockstep_inquest_find_task (inquest, question->task);
      if (found != NULL)
        lockstep_case_copy (answer, found);
      return found != NULL;
    }

  found = question->solver >= 0 ? lockstep_inquest_find_solver (inquest, (guint) question->solver) : NULL;
  if (found == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 _ ("The journal of the run in %s does not tell of an end of solver %d."), question->directory,
                 question->solver);
  else
    lockstep_case_copy (answer, found);

  return found != NULL;
}

static void
load (GTask        *job,
      gpointer      source,
      gpointer      task_data,
      GCancellable *cancellable)
{
  const Question            *question = task_data;
  g_autoptr (GError)         error = NULL;
  g_autoptr (LockstepDigest) digest = lockstep_digest_load (question->directory, FALSE, &error);
  g_autoptr (LockstepReplay) replay = NULL;
  g_auto (LockstepCase)      found = { 0 };
  LockstepPostMortem        *self;
  gboolean                   failed;

  if (digest == NULL || (!(failed = find_case (question, digest, &found, &error)) && error != NULL))
    {
      g_task_return_error (job, g_steal_pointer (&error));
      return;
    }

  if (!failed || found.request > 0)
    replay = lockstep_replay_load (question->directory, question->task, found.request, &error);
  if (!failed && replay == NULL)
    {
      g_task_return_error (job, g_steal_pointer (&error));
      return;
    }

  if (!failed)
    make_case (&found, replay);
  self = lockstep_post_mortem_new (digest, &found);
  /* It may have been started again since, and go on in the same file. */
  if (self->log != NULL)
    self->lines = lockstep_tail_dup_last (self->log, LOCKSTEP_POST_MORTEM_LINES, get_int (found.death, "output", -1), NULL);
  if (replay != NULL)
    self->params = g_bytes_ref (replay->params);
  else if (error != NULL)
    self->params_lost = g_strdup (error->message);
  g_task_return_pointer (job, self, (GDestroyNotify) lockstep_post_mortem_free);
}

void
lockstep_post_mortem_load_async (const char         *directory,
                                 gint64              task,
                                 int                 solver,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  g_autoptr (GTask) job = g_task_new (NULL, NULL, callback, user_data);
  Question         *question = g_new0 (Question, 1);

  question->directory = g_canonicalize_filename (directory, NULL);
  question->task = task;
  question->solver = solver;
  g_task_set_source_tag (job, lockstep_post_mortem_load_async);
  g_task_set_task_data (job, question, question_free);
  g_task_run_in_thread (job, load);
}

LockstepPostMortem *
lockstep_post_mortem_load_finish (GAsyncResult *result,
                                  GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
