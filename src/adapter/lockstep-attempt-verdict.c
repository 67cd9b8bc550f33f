/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-attempt-private.h"

#include <glib/gi18n-lib.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lockstep-json-writer.h"
#include "lockstep-result-file.h"
#include "lockstep-signal-text.h"

/* Lines of the output that a reason ends with. */
#define LAST_LINES 5

/* Sets an error with @reason and the last lines that were printed. Takes over @reason. */
static void
set_failure (LockstepAttempt     *self,
             GError             **error,
             LockstepProgramError code,
             char                *reason)
{
  g_autofree char *own = reason;
  g_autofree char *lines = lockstep_output_dup_last_lines (lockstep_task_folder_get_log (self->folder), LAST_LINES);
  const char      *last = strrchr (lines, '\n');

  if (*lines == '\0')
    g_set_error (error, LOCKSTEP_PROGRAM_ERROR, (int) code, _ ("%s It printed nothing."), own);
  else if (code != LOCKSTEP_PROGRAM_ERROR_RESULT)
    g_set_error (error, LOCKSTEP_PROGRAM_ERROR, (int) code, _ ("%s The last lines it printed:\n%s"), own, lines);
  /* Failures are shown and grouped by their last line, and the program alone does not say what is missing. */
  else if (last == NULL)
    g_set_error (error, LOCKSTEP_PROGRAM_ERROR, (int) code, _ ("%s The last line it printed: %s"), own, lines);
  else
    g_set_error (error, LOCKSTEP_PROGRAM_ERROR, (int) code,
                 _ ("The last lines that the program printed:\n%s\n%s The last line it printed: %s"), lines, own, last + 1);
}

/* The same for a program that the signal @number killed. That stands in the last line, too, which failures are grouped by: what
 * was printed before tells less. */
static void
set_killed (LockstepAttempt *self,
            GError         **error,
            int              number)
{
  g_autofree char *lines = lockstep_output_dup_last_lines (lockstep_task_folder_get_log (self->folder), LAST_LINES);
  g_autofree char *name = lockstep_signal_dup_text (number);
  g_autofree char *end = g_strdup_printf (number == SIGKILL ? _ ("killed by %s, as when memory runs out") : _ ("killed by %s"), name);

  if (*lines == '\0')
    g_set_error (error, LOCKSTEP_PROGRAM_ERROR, LOCKSTEP_PROGRAM_ERROR_FAILED,
                 _ ("The program printed nothing before its end:\n%s"), end);
  else
    g_set_error (error, LOCKSTEP_PROGRAM_ERROR, LOCKSTEP_PROGRAM_ERROR_FAILED,
                 _ ("The program was killed by %s. The last lines it printed, and its end:\n%s\n%s"), name, lines, end);
}

const LockstepProbe *
lockstep_attempt_find_failure (const LockstepAttempt *self)
{
  for (guint i = self->probes->len; i > 0; i--)
    {
      const LockstepProbe *probe = g_ptr_array_index (self->probes, i - 1);

      if (probe->kind == LOCKSTEP_PROBE_FAILURE && probe->n_matches > 0)
        return probe;
    }

  return NULL;
}

/* Whether the program ended as it should. */
static gboolean
check_status (LockstepAttempt *self,
              GError         **error)
{
  const int        status = lockstep_program_process_get_status (self->process);
  g_autofree char *missing = NULL;

  if (WIFSIGNALED (status))
    {
      set_killed (self, error, WTERMSIG (status));
      return FALSE;
    }

  for (guint i = 0; i < self->program->exits->len; i++)
    if (g_array_index (self->program->exits, int, i) == WEXITSTATUS (status))
      return TRUE;

  missing = lockstep_output_dup_missing_file (lockstep_task_folder_get_log (self->folder), self->placeholders.folder,
                                              self->working_folder);
  set_failure (self, error, LOCKSTEP_PROGRAM_ERROR_FAILED,
               missing != NULL ? g_strdup_printf (_ ("The program exited with code %d. It names “%s”, which lies beside the plan, and "
                                                     "it runs in a folder of its own: put \"%s\": {\"link\": \"%s\"} into the "
                                                     "“files” of the program, if it looked for that."),
                                                  WEXITSTATUS (status), missing, missing, missing)
                               : g_strdup_printf (_ ("The program exited with code %d."), WEXITSTATUS (status)));
  return FALSE;
}

/* Whether the file that tells success is there. */
static gboolean
check_file (LockstepAttempt *self,
            GError         **error)
{
  g_autofree char *path = NULL;

  if (self->program->succeeds_file == NULL)
    return TRUE;

  path = lockstep_program_text_fill_path (self->program->succeeds_file, &self->placeholders, self->working_folder, error);
  if (path == NULL)
    return FALSE;
  if (access (path, F_OK) == 0)
    return TRUE;

  set_failure (self, error, LOCKSTEP_PROGRAM_ERROR_FAILED,
               g_strdup_printf (_ ("The program ended without the file %s, which tells that it succeeded."), path));
  return FALSE;
}

/* Why the result of @probe is not there. */
static void
set_missing (LockstepAttempt     *self,
             const LockstepProbe *probe,
             const char          *path,
             GError             **error)
{
  const LockstepProgramResult *result = probe->result;
  const char                  *where = path != NULL ? path : _ ("what the program printed");
  char                        *reason;

  if (probe->pattern != NULL)
    reason = g_strdup_printf (_ ("The result “%s” was not found: no line of %s matches “%s”."), probe->name, where,
                              lockstep_pattern_get_text (probe->pattern));
  else if (result->column != NULL)
    reason = g_strdup_printf (_ ("The result “%s” was not found: the column “%s” of %s is empty."), probe->name, result->column,
                              where);
  else
    reason = g_strdup_printf (_ ("The result “%s” was not found: %s has no member “%s”."), probe->name, where, result->member);

  set_failure (self, error, LOCKSTEP_PROGRAM_ERROR_RESULT, reason);
}

/* Reads the file of a result, where it has one; sets @path to it. What an optional one is not found for does not
 * matter. */
static gboolean
read_file (LockstepAttempt *self,
           LockstepProbe   *probe,
           char           **path,
           GError         **error)
{
  g_autoptr (GError) reason = NULL;

  if (probe->result->file == NULL)
    return TRUE;
  *path = lockstep_program_text_fill_path (probe->result->file, &self->placeholders, self->working_folder, error);
  if (*path == NULL)
    return FALSE;
  if (lockstep_result_file_read (probe, *path, &reason) || probe->result->optional)
    return TRUE;

  set_failure (self, error, LOCKSTEP_PROGRAM_ERROR_RESULT,
               g_strdup_printf (_ ("The result “%s” was not found: %s%s"), probe->name, reason->message,
                                g_str_has_suffix (reason->message, "?") ? "" : "."));
  return FALSE;
}

static gboolean
append_result (LockstepAttempt *self,
               LockstepProbe   *probe,
               GString         *out,
               GError         **error)
{
  g_autofree char *path = NULL;

  if (!read_file (self, probe, &path, error))
    return FALSE;

  lockstep_json_append_name (out, probe->name);
  if (probe->found == NULL && probe->result->optional)
    {
      g_string_append (out, "null");
      return TRUE;
    }
  if (probe->found == NULL)
    {
      set_missing (self, probe, path, error);
      return FALSE;
    }
  if (lockstep_probe_append_json (probe, out))
    return TRUE;

  set_failure (self, error, LOCKSTEP_PROGRAM_ERROR_RESULT,
               g_strdup_printf (_ ("The result “%s” is “%s”, which is not a number."), probe->name, probe->found));
  return FALSE;
}

char *
lockstep_attempt_judge (LockstepAttempt *self,
                        GError         **error)
{
  const LockstepProbe *failure = lockstep_attempt_find_failure (self);
  g_autoptr (GString)  out = g_string_new ("{");

  if (failure != NULL)
    {
      set_failure (self, error, LOCKSTEP_PROGRAM_ERROR_FAILED,
                   g_strdup_printf (_ ("The program printed “%s”, which the plan's “fails-if” takes for a failure."),
                                    failure->found));
      return NULL;
    }
  if (!check_status (self, error) || !check_file (self, error))
    return NULL;

  for (guint i = 0; i < self->probes->len; i++)
    {
      LockstepProbe *probe = g_ptr_array_index (self->probes, i);

      if (probe->kind == LOCKSTEP_PROBE_RESULT && !append_result (self, probe, out, error))
        return NULL;
    }
  g_string_append_c (out, '}');

  if (!lockstep_task_folder_collect (self->folder, self->program, &self->placeholders, self->working_folder, error))
    return NULL;

  return g_string_free (g_steal_pointer (&out), FALSE);
}
