/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-plan-program-private.h"

#include <glib/gi18n-lib.h>

#define MAX_THREADS 4096

static const char *const program_members[] = {
  "command", "env", "threads", "memory", "stdin", "directory", "files", "progress", "values", "results", "succeeds", "fails-if",
  "keep", "collect", NULL
};
static const char *const succeeds_members[] = { "exit", "file", NULL };

static const char *const keep_names[] = {
  [LOCKSTEP_KEEP_ALL] = "all",
  [LOCKSTEP_KEEP_FAILED] = "failed",
  [LOCKSTEP_KEEP_NONE] = "none",
  NULL,
};

static void
text_free (gpointer data)
{
  LockstepProgramText *text = data;

  g_free (text->text);
  g_free (text->path);
  g_free (text);
}

/* Takes over @text. */
LockstepProgramText *
lockstep_plan_program_add_text (LockstepProgram *self,
                                char            *text,
                                const char      *path)
{
  LockstepProgramText *entry = g_new0 (LockstepProgramText, 1);

  entry->text = text;
  entry->path = g_strdup (path);
  g_ptr_array_add (self->texts, entry);

  return entry;
}

/* Reads the text member @name of @object, where it is there. */
gboolean
lockstep_plan_program_read_text (LockstepProgram          *self,
                                 const LockstepPlanObject *object,
                                 const char               *name,
                                 LockstepProgramText     **text,
                                 GError                  **error)
{
  g_autofree char *path = lockstep_plan_object_dup_path (object, name);
  char            *value = NULL;

  if (!lockstep_plan_object_read_text (object, name, &value, error))
    return FALSE;
  if (value != NULL)
    *text = lockstep_plan_program_add_text (self, value, path);

  return TRUE;
}

/* Reads a list of strings into @texts. */
static gboolean
read_texts (LockstepProgram *self,
            LockstepJson     json,
            const char      *path,
            GPtrArray       *texts,
            GError         **error)
{
  LockstepJsonIter iter;
  LockstepJson     element;
  char            *value;

  if (json.text == NULL)
    return TRUE;
  if (lockstep_json_get_kind (json) != LOCKSTEP_JSON_ARRAY)
    {
      lockstep_plan_set_type_error (error, path, _ ("a list of strings"), json);
      return FALSE;
    }

  lockstep_json_iter_init (&iter, json);
  while (lockstep_json_iter_next (&iter, NULL, &element))
    {
      g_autofree char *element_path = lockstep_plan_dup_element_path (path, texts->len);

      if ((value = lockstep_plan_dup_string (element, element_path, error)) == NULL)
        return FALSE;
      g_ptr_array_add (texts, lockstep_plan_program_add_text (self, value, element_path));
    }

  return TRUE;
}

static gboolean
read_command (LockstepProgram          *self,
              const LockstepPlanObject *object,
              GError                  **error)
{
  LockstepJson     json = lockstep_plan_object_get (object, "command");
  g_autofree char *path = lockstep_plan_object_dup_path (object, "command");

  if (!lockstep_plan_object_require (object, "command", _ ("a list: the program and its arguments"), error))
    return FALSE;
  if (lockstep_json_get_kind (json) != LOCKSTEP_JSON_ARRAY || lockstep_json_count (json) == 0)
    {
      lockstep_plan_set_type_error (error, path, _ ("a list of strings, the program and its arguments"), json);
      return FALSE;
    }
  if (!read_texts (self, json, path, self->command, error))
    return FALSE;

  if (*((LockstepProgramText *) g_ptr_array_index (self->command, 0))->text == '\0')
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, "program.command[0]",
                               _ ("the name of the program may not be empty"));
      return FALSE;
    }
  return TRUE;
}

/* Whether the member @name of @object is an object, or absent; then @iter walks its members. */
gboolean
lockstep_plan_program_begin_members (const LockstepPlanObject *object,
                                     const char               *name,
                                     const char               *expected,
                                     LockstepJsonIter         *iter,
                                     GError                  **error)
{
  LockstepJson     json = lockstep_plan_object_get (object, name);
  g_autofree char *path = NULL;

  lockstep_json_iter_init (iter, json);
  if (json.text == NULL || lockstep_json_get_kind (json) == LOCKSTEP_JSON_OBJECT)
    return TRUE;

  path = lockstep_plan_object_dup_path (object, name);
  lockstep_plan_set_type_error (error, path, expected, json);
  return FALSE;
}

static gboolean
read_env (LockstepProgram          *self,
          const LockstepPlanObject *object,
          GError                  **error)
{
  LockstepJsonIter iter;
  LockstepJson     name, json;

  if (!lockstep_plan_program_begin_members (object, "env", _ ("an object, from the names of variables to their values"), &iter, error))
    return FALSE;

  while (lockstep_json_iter_next (&iter, &name, &json))
    {
      g_autofree char *path = lockstep_plan_dup_member_path ("program.env", name);
      g_autofree char *variable = lockstep_plan_dup_string (name, path, error);
      g_autofree char *value = NULL;

      if (variable == NULL)
        return FALSE;
      if (*variable == '\0' || strpbrk (variable, "={") != NULL)
        {
          lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, path,
                                   _ ("the name of a variable may not be empty or hold “=” or a brace"));
          return FALSE;
        }
      if (lockstep_json_get_kind (json) == LOCKSTEP_JSON_NUMBER)
        value = lockstep_json_dup_text (json);
      else if (lockstep_json_get_kind (json) == LOCKSTEP_JSON_STRING)
        value = lockstep_plan_dup_string (json, path, error);
      else
        lockstep_plan_set_type_error (error, path, _ ("a string or a number"), json);
      if (value == NULL)
        return FALSE;

      g_ptr_array_add (self->env, lockstep_plan_program_add_text (self, g_strconcat (variable, "=", value, NULL), path));
    }

  return TRUE;
}

static gboolean
add_exit (LockstepProgram *self,
          LockstepJson     json,
          const char      *path,
          GError         **error)
{
  gint64 code;
  int    number;

  if (!lockstep_json_get_int (json, &code) || code < 0 || code > 255)
    {
      lockstep_plan_set_type_error (error, path, _ ("an exit code from 0 to 255"), json);
      return FALSE;
    }

  number = (int) code;
  g_array_append_val (self->exits, number);
  return TRUE;
}

static gboolean
read_succeeds (LockstepProgram          *self,
               const LockstepPlanObject *object,
               GError                  **error)
{
  const int                   zero = 0;
  g_auto (LockstepPlanObject) succeeds = { 0 };
  LockstepJson                json = lockstep_plan_object_get (object, "succeeds");
  LockstepJson                exit = { NULL, 0 }, element;
  LockstepJsonIter            iter;

  if (json.text != NULL)
    {
      if (!lockstep_plan_object_init (&succeeds, json, "program.succeeds", succeeds_members, error) ||
          !lockstep_plan_program_read_text (self, &succeeds, "file", &self->succeeds_file, error))
        return FALSE;
      exit = lockstep_plan_object_get (&succeeds, "exit");
    }

  if (exit.text != NULL && lockstep_json_get_kind (exit) != LOCKSTEP_JSON_ARRAY)
    {
      lockstep_plan_set_type_error (error, "program.succeeds.exit", _ ("a list of exit codes"), exit);
      return FALSE;
    }

  lockstep_json_iter_init (&iter, exit);
  while (lockstep_json_iter_next (&iter, NULL, &element))
    {
      g_autofree char *path = lockstep_plan_dup_element_path ("program.succeeds.exit", self->exits->len);

      if (!add_exit (self, element, path, error))
        return FALSE;
    }
  if (self->exits->len == 0)
    g_array_append_val (self->exits, zero);

  return TRUE;
}

static gboolean
read_rest (LockstepProgram          *self,
           const LockstepPlanObject *object,
           GError                  **error)
{
  gint64 threads = 1;
  guint  keep = LOCKSTEP_KEEP_ALL;

  if (!lockstep_plan_object_read_int (object, "threads", 1, MAX_THREADS, &threads, error) ||
      !lockstep_plan_object_read_size (object, "memory", &self->memory, error) ||
      !lockstep_plan_object_read_choice (object, "keep", keep_names, &keep, error) ||
      !read_texts (self, lockstep_plan_object_get (object, "collect"), "program.collect", self->collect, error))
    return FALSE;

  self->threads = (guint) threads;
  self->keep = keep;
  return TRUE;
}

LockstepProgram *
lockstep_plan_read_program (LockstepJson json,
                            GError     **error)
{
  g_autoptr (LockstepProgram) self = g_new0 (LockstepProgram, 1);
  g_auto (LockstepPlanObject) object = { 0 };

  self->texts = g_ptr_array_new_with_free_func (text_free);
  self->command = g_ptr_array_new ();
  self->env = g_ptr_array_new ();
  self->exits = g_array_new (FALSE, FALSE, sizeof (int));
  self->collect = g_ptr_array_new ();

  if (!lockstep_plan_object_init (&object, json, "program", program_members, error) ||
      !read_command (self, &object, error) ||
      !read_env (self, &object, error) ||
      !lockstep_plan_program_read_text (self, &object, "directory", &self->directory, error) ||
      !lockstep_plan_program_read_text (self, &object, "stdin", &self->input, error) ||
      !lockstep_plan_program_read_files (self, &object, error) ||
      !lockstep_plan_program_read_progress (self, &object, error) ||
      !lockstep_plan_program_read_values (self, &object, error) ||
      !lockstep_plan_program_read_results (self, &object, error) ||
      !read_succeeds (self, &object, error) ||
      !lockstep_plan_program_read_fails_if (self, &object, error) ||
      !read_rest (self, &object, error))
    return NULL;

  return g_steal_pointer (&self);
}
