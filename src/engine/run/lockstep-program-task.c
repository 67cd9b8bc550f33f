/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-program-task.h"

#include "lockstep-json.h"
#include "lockstep-program.h"

void
lockstep_program_task_free (LockstepProgramTask *self)
{
  if (self == NULL)
    return;

  g_free (self->folder);
  g_free (self->log);
  g_strfreev (self->command);
  g_strfreev (self->env);
  g_free (self->directory);
  g_free (self->input);
  g_free (self);
}

static char *
dup_member (LockstepJson object,
            const char  *name)
{
  return lockstep_json_dup_string (lockstep_json_get_member (object, name), NULL);
}

static char **
dup_command (LockstepJson array)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  LockstepJsonIter         iter;
  LockstepJson             element;

  lockstep_json_iter_init (&iter, array);
  while (lockstep_json_iter_next (&iter, NULL, &element))
    {
      g_autofree char *word = lockstep_json_dup_string (element, NULL);

      if (word != NULL)
        g_strv_builder_add (words, word);
    }

  return g_strv_builder_end (words);
}

static char **
dup_env (LockstepJson object)
{
  g_autoptr (GStrvBuilder) entries = g_strv_builder_new ();
  LockstepJsonIter         iter;
  LockstepJson             name, value;

  lockstep_json_iter_init (&iter, object);
  while (lockstep_json_iter_next (&iter, &name, &value))
    {
      g_autofree char *variable = lockstep_json_dup_string (name, NULL);
      g_autofree char *text = lockstep_json_dup_string (value, NULL);
      g_autofree char *entry = g_strdup_printf ("%s=%s", variable, text != NULL ? text : "");

      g_strv_builder_add (entries, entry);
    }

  return g_strv_builder_end (entries);
}

/* What stands in @folder, if @solver (or any) was at work there. */
static LockstepProgramTask *
load_folder (const char *folder,
             int         solver)
{
  g_autofree char     *path = g_build_filename (folder, LOCKSTEP_PROGRAM_DESCRIPTION, NULL);
  g_autofree char     *text = NULL;
  LockstepProgramTask *self;
  LockstepJson         json;
  gint64               worker = -1;
  gint64               code = -1;
  gsize                length;

  if (!g_file_get_contents (path, &text, &length, NULL) || !lockstep_json_scan (text, length, &json, NULL))
    return NULL;
  lockstep_json_get_int (lockstep_json_get_member (json, "solver"), &worker);
  if (solver >= 0 && worker != solver)
    return NULL;

  self = g_new0 (LockstepProgramTask, 1);
  self->folder = g_strdup (folder);
  self->log = g_build_filename (folder, LOCKSTEP_PROGRAM_LOG, NULL);
  self->command = dup_command (lockstep_json_get_member (json, "command"));
  self->env = dup_env (lockstep_json_get_member (json, "env"));
  self->directory = dup_member (json, "directory");
  self->input = dup_member (json, "stdin");
  lockstep_json_get_int (lockstep_json_get_member (json, "exit"), &code);
  self->exit_code = (int) code;
  self->seconds = -1;
  lockstep_json_get_double (lockstep_json_get_member (json, "seconds"), &self->seconds);
  lockstep_json_get_double (lockstep_json_get_member (json, "cpu-seconds"), &self->cpu_seconds);
  lockstep_json_get_int (lockstep_json_get_member (json, "peak-memory"), &self->peak_memory);

  return self;
}

LockstepProgramTask *
lockstep_program_task_load (const char *run,
                            gint64      task,
                            int         attempt,
                            int         solver)
{
  g_autoptr (LockstepProgramTask) found = NULL;

  /* The adapter counts on where the name is taken. */
  for (guint i = 1;; i++)
    {
      g_autofree char     *name = i == 1 ? g_strdup_printf ("%d", attempt) : g_strdup_printf ("%d-%u", attempt, i);
      g_autofree char     *number = g_strdup_printf ("%04" G_GINT64_FORMAT, task);
      g_autofree char     *folder = g_build_filename (run, "tasks", number, name, NULL);
      LockstepProgramTask *next;

      /* One before it may have been deleted, since it did well. */
      if (!g_file_test (folder, G_FILE_TEST_IS_DIR) && i > 1)
        return g_steal_pointer (&found);
      if ((next = load_folder (folder, solver)) == NULL)
        continue;
      lockstep_program_task_free (found);
      found = next;
    }
}
