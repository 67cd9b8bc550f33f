/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-plan-program.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <sys/stat.h>

#include "lockstep-decimal.h"
#include "lockstep-regular-file.h"
#include "lockstep-step.h"

/* Tasks of a step that are looked at: a list of objects is often written by hand, and seldom longer. */
#define MAX_TASKS 1000

/* Of templates, what is filled after the first task of a step (bytes): a large one takes its time. */
#define MAX_TEMPLATE_BYTES (16 * 1024 * 1024)

/* What may stand at a path that is named. */
typedef enum
{
  EXPECT_ANYTHING,
  EXPECT_READABLE, /* a file or a device: what holds up nobody who opens it */
  EXPECT_REGULAR,
} Expected;

/* The check of a program against one task after the other. */
typedef struct
{
  const LockstepProgram *program;
  LockstepPlaceholders   placeholders;
  GHashTable            *known;     /* paths that were found to be there */
  gboolean               is_first;  /* task of its step */
  GHashTable            *templates; /* from paths to their text, as GBytes */
  gsize                  n_filled;  /* bytes of templates, in this step */
} Check;

/* Whether there is at @path, which @text names, what is @expected. */
static gboolean
check_path (Check                     *self,
            const LockstepProgramText *text,
            char                      *path,
            Expected                   expected,
            GError                   **error)
{
  g_autofree char *own = path;
  struct stat      status;

  if (own == NULL)
    return FALSE;
  if (g_hash_table_contains (self->known, own))
    return TRUE;

  if (stat (own, &status) < 0)
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_FILE, text->path, _ ("there is no file %s"), own);
      return FALSE;
    }
  if (expected != EXPECT_ANYTHING && S_ISDIR (status.st_mode))
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_FILE, text->path, _ ("expected a file, but %s is a folder"), own);
      return FALSE;
    }
  if ((expected == EXPECT_REGULAR && !S_ISREG (status.st_mode)) || (expected == EXPECT_READABLE && S_ISFIFO (status.st_mode)))
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_FILE, text->path, _ ("expected a file, but %s is a pipe or a device"),
                               own);
      return FALSE;
    }

  g_hash_table_add (self->known, g_steal_pointer (&own));
  return TRUE;
}

static gboolean
check_command (Check   *self,
               GError **error)
{
  g_auto (GStrv) command = lockstep_program_dup_command (self->program, &self->placeholders, error);

  if (command == NULL)
    return FALSE;

  return *command[0] != '/' ||
         check_path (self, g_ptr_array_index (self->program->command, 0), g_strdup (command[0]), EXPECT_REGULAR, error);
}

static gboolean
check_template (Check                     *self,
                const LockstepProgramFile *file,
                const char                *path,
                GError                   **error)
{
  g_autoptr (GString) filled = NULL;
  g_autoptr (GError)  reason = NULL;
  GBytes             *bytes = g_hash_table_lookup (self->templates, path);
  const char         *text;
  gsize               length;

  if (bytes == NULL)
    {
      char *contents = lockstep_regular_file_read (path, G_MAXSSIZE, &length, &reason);

      if (contents == NULL)
        {
          lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_FILE, file->source.path, _ ("the template cannot be read: %s"),
                                   reason->message);
          return FALSE;
        }
      bytes = g_bytes_new_take (contents, length);
      g_hash_table_insert (self->templates, g_strdup (path), bytes);
    }

  text = g_bytes_get_data (bytes, &length);
  self->n_filled += length;
  /* Of an empty file GLib keeps no text. */
  filled = lockstep_program_fill_template (&self->placeholders, path, text != NULL ? text : "", length, error);
  if (filled == NULL)
    g_prefix_error (error, "%s: ", file->source.path);

  return filled != NULL;
}

/* Sets @is_input where the program's standard input is this file. */
static gboolean
check_file (Check                     *self,
            const LockstepProgramFile *file,
            const char                *input,
            gboolean                  *is_input,
            GError                   **error)
{
  g_autofree char *target = lockstep_program_file_dup_target (file, &self->placeholders, error);
  g_autofree char *source = NULL;

  if (target == NULL)
    return FALSE;

  *is_input |= g_strcmp0 (target, input) == 0;
  source = lockstep_program_text_fill_path (&file->source, &self->placeholders, self->placeholders.folder, error);
  return source != NULL &&
         check_path (self, &file->source, g_strdup (source),
                     file->kind == LOCKSTEP_PROGRAM_LINK ? EXPECT_ANYTHING : EXPECT_REGULAR, error) &&
         (file->kind != LOCKSTEP_PROGRAM_TEMPLATE || (!self->is_first && self->n_filled > MAX_TEMPLATE_BYTES) ||
          check_template (self, file, source, error));
}

static gboolean
check_files (Check   *self,
             GError **error)
{
  const LockstepProgram *program = self->program;
  g_autofree char       *input = NULL;
  gboolean               is_input = FALSE;

  if (program->input != NULL && (input = lockstep_program_text_fill (program->input, &self->placeholders, error)) == NULL)
    return FALSE;

  for (guint i = 0; i < program->files->len; i++)
    if (!check_file (self, g_ptr_array_index (program->files, i), input, &is_input, error))
      return FALSE;

  return input == NULL || is_input ||
         check_path (self, program->input,
                     lockstep_program_text_fill_path (program->input, &self->placeholders, self->placeholders.folder, error),
                     EXPECT_READABLE, error);
}

static gboolean
check_progress (Check   *self,
                GError **error)
{
  const LockstepProgramText *of = self->program->progress_of;
  g_autofree char           *text = NULL;
  double                     number;

  if (of == NULL)
    return TRUE;
  if ((text = lockstep_program_text_fill (of, &self->placeholders, error)) == NULL)
    return FALSE;
  if (lockstep_decimal_read (text, strlen (text), NULL, &number) && number > 0)
    return TRUE;

  lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, of->path, _ ("expected a number above 0, found “%s”"), text);
  return FALSE;
}

static gboolean
check_collect (Check   *self,
               GError **error)
{
  for (guint i = 0; i < self->program->collect->len; i++)
    {
      const LockstepProgramText *text = g_ptr_array_index (self->program->collect, i);
      g_autofree char           *name = lockstep_program_text_fill (text, &self->placeholders, error);

      if (name == NULL)
        return FALSE;
      if (!lockstep_program_is_inside (name))
        {
          lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, text->path,
                                   _ ("expected the name of a file in the task's folder, found “%s”"), name);
          return FALSE;
        }
    }

  return TRUE;
}

/* With the placeholders as they are. */
static gboolean
check_task (Check   *self,
            GError **error)
{
  const LockstepProgramText *directory = self->program->directory;

  for (guint i = 0; i < self->program->texts->len; i++)
    {
      g_autofree char *filled = lockstep_program_text_fill (g_ptr_array_index (self->program->texts, i), &self->placeholders,
                                                            error);

      if (filled == NULL)
        return FALSE;
    }

  return check_files (self, error) &&
         check_progress (self, error) &&
         check_collect (self, error) &&
         (directory == NULL ||
          check_path (self, directory,
                      lockstep_program_text_fill_path (directory, &self->placeholders, self->placeholders.folder, error),
                      EXPECT_ANYTHING, error)) &&
         check_command (self, error);
}

static LockstepJson
get_json (GBytes *bytes)
{
  LockstepJson json = { NULL, 0 };

  if (bytes != NULL)
    json.text = g_bytes_get_data (bytes, &json.length);

  return json;
}

static gboolean
check_step (Check              *self,
            const LockstepStep *step,
            GError            **error)
{
  const guint64 n_tasks = step->kind == LOCKSTEP_STEP_TASKS ? MIN (lockstep_task_list_get_count (step->tasks), MAX_TASKS) : 1;

  self->placeholders.params[1] = get_json (step->params);
  self->n_filled = 0;
  for (guint64 i = 0; i < n_tasks; i++)
    {
      g_autoptr (GBytes) own = step->tasks != NULL ? lockstep_task_list_dup_params (step->tasks, i) : NULL;

      self->placeholders.params[0] = get_json (own);
      self->placeholders.task = i;
      self->is_first = i == 0;
      if (check_task (self, error))
        continue;

      if (i > 0 && error != NULL)
        {
          g_autofree char *where = g_strdup_printf (_ ("%s (task %" PRIu64 " of step “%s”)"), (*error)->message, i,
                                                    step->title);

          g_free ((*error)->message);
          (*error)->message = g_steal_pointer (&where);
        }
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_steps (Check     *self,
             GPtrArray *steps,
             GError   **error)
{
  for (guint i = 0; i < steps->len; i++)
    {
      const LockstepStep *step = g_ptr_array_index (steps, i);

      if (step->kind == LOCKSTEP_STEP_LOOP ? !check_steps (self, step->steps, error) : !check_step (self, step, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
lockstep_plan_check_program (const LockstepProgram *program,
                             GPtrArray             *steps,
                             GBytes                *params,
                             const char            *directory,
                             GError               **error)
{
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) templates = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  Check                  check = {
                     .program = program,
                     .placeholders = { .folder = directory, .run = directory, .attempt = 1, .threads = program->threads },
                     .known = known,
                     .templates = templates,
  };

  check.placeholders.params[2] = get_json (params);

  return check_steps (&check, steps, error);
}
