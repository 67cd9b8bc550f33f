/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-plan-program.h"

#include <glib/gi18n-lib.h>

#define MAX_THREADS 4096

static const char *const program_members[] = {
  "command", "env", "threads", "memory", "stdin", "directory", "files", "progress", "values", "results", "succeeds", "fails-if",
  "keep", "collect", NULL
};
static const char *const file_members[] = { "template", "copy", "link", NULL };
static const char *const progress_members[] = { "match", "of", NULL };
static const char *const result_members[] = { "match", "file", "column", "member", "row", "optional", NULL };
static const char *const succeeds_members[] = { "exit", "file", NULL };

static const char *const row_names[] = {
  [LOCKSTEP_ROW_LAST] = "last",
  [LOCKSTEP_ROW_FIRST] = "first",
  [LOCKSTEP_ROW_MIN] = "min",
  [LOCKSTEP_ROW_MAX] = "max",
  NULL,
};
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

static void
file_free (gpointer data)
{
  LockstepProgramFile *file = data;

  g_free (file->target.text);
  g_free (file->target.path);
  g_free (file->source.text);
  g_free (file->source.path);
  g_free (file);
}

static void
value_free (gpointer data)
{
  LockstepProgramValue *value = data;

  g_free (value->name);
  lockstep_pattern_free (value->pattern);
  g_free (value);
}

static void
result_free (gpointer data)
{
  LockstepProgramResult *result = data;

  g_free (result->name);
  lockstep_pattern_free (result->pattern);
  g_free (result->column);
  g_free (result->member);
  g_free (result);
}

/* Takes over @text. */
static LockstepProgramText *
add_text (LockstepProgram *self,
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
static gboolean
read_text (LockstepProgram          *self,
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
    *text = add_text (self, value, path);

  return TRUE;
}

/* Reads a list of strings into @texts; a string alone where @alone is allowed. */
static gboolean
read_texts (LockstepProgram *self,
            LockstepJson     json,
            const char      *path,
            gboolean         alone,
            GPtrArray       *texts,
            GError         **error)
{
  LockstepJsonIter iter;
  LockstepJson     element;
  char            *value;

  if (json.text == NULL)
    return TRUE;
  if (alone && lockstep_json_get_kind (json) == LOCKSTEP_JSON_STRING)
    {
      if ((value = lockstep_plan_dup_string (json, path, error)) == NULL)
        return FALSE;
      g_ptr_array_add (texts, add_text (self, value, path));
      return TRUE;
    }
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
      g_ptr_array_add (texts, add_text (self, value, element_path));
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
  if (!read_texts (self, json, path, FALSE, self->command, error))
    return FALSE;

  if (*((LockstepProgramText *) g_ptr_array_index (self->command, 0))->text == '\0')
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, "program.command[0]",
                               _ ("the name of the program may not be empty"));
      return FALSE;
    }
  return TRUE;
}

/* A pattern that stands at @path; where it @reads, it has to read something. */
static LockstepPattern *
read_pattern (LockstepJson json,
              const char  *path,
              gboolean     reads,
              GError     **error)
{
  g_autoptr (LockstepPattern) pattern = NULL;
  g_autofree char            *text = NULL;

  if (lockstep_json_get_kind (json) != LOCKSTEP_JSON_STRING)
    {
      lockstep_plan_set_type_error (error, path, _ ("a pattern, such as \"gap = {number}\""), json);
      return NULL;
    }
  if ((text = lockstep_plan_dup_string (json, path, error)) == NULL)
    return NULL;
  if ((pattern = lockstep_pattern_new (text, error)) == NULL)
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  if (reads && lockstep_pattern_get_kind (pattern) == LOCKSTEP_PATTERN_NOTHING)
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, path,
                               _ ("the pattern “%s” does not say what to read; expected {number}, {integer} or {word} in it, or "
                                  "a group in a regular expression"),
                               text);
      return NULL;
    }

  return g_steal_pointer (&pattern);
}

/* The same, of a number. */
static LockstepPattern *
read_number_pattern (LockstepJson json,
                     const char  *path,
                     GError     **error)
{
  g_autoptr (LockstepPattern) pattern = read_pattern (json, path, TRUE, error);

  if (pattern == NULL || lockstep_pattern_get_kind (pattern) != LOCKSTEP_PATTERN_WORD)
    return g_steal_pointer (&pattern);

  lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, path, _ ("expected {number} or {integer}, found {word}"));
  return NULL;
}

static gboolean
read_patterns (const LockstepPlanObject *object,
               const char               *name,
               GPtrArray                *patterns,
               GError                  **error)
{
  LockstepJson     json = lockstep_plan_object_get (object, name);
  g_autofree char *path = lockstep_plan_object_dup_path (object, name);
  LockstepJsonIter iter;
  LockstepJson     element;

  if (json.text == NULL)
    return TRUE;
  if (lockstep_json_get_kind (json) != LOCKSTEP_JSON_ARRAY)
    {
      lockstep_plan_set_type_error (error, path, _ ("a list of patterns"), json);
      return FALSE;
    }

  lockstep_json_iter_init (&iter, json);
  while (lockstep_json_iter_next (&iter, NULL, &element))
    {
      g_autofree char *element_path = lockstep_plan_dup_element_path (path, patterns->len);
      LockstepPattern *pattern = read_pattern (element, element_path, FALSE, error);

      if (pattern == NULL)
        return FALSE;
      g_ptr_array_add (patterns, pattern);
    }

  return TRUE;
}

/* Whether the member @name of @object is an object, or absent; then @iter walks its members. */
static gboolean
begin_members (const LockstepPlanObject *object,
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

  if (!begin_members (object, "env", _ ("an object, from the names of variables to their values"), &iter, error))
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

      g_ptr_array_add (self->env, add_text (self, g_strconcat (variable, "=", value, NULL), path));
    }

  return TRUE;
}

static gboolean
read_file (LockstepProgram *self,
           LockstepJson     name,
           LockstepJson     json,
           GError         **error)
{
  g_autofree char            *path = lockstep_plan_dup_member_path ("program.files", name);
  g_auto (LockstepPlanObject) object = { 0 };
  LockstepProgramFile        *file = NULL;
  g_autofree char            *target = lockstep_plan_dup_string (name, path, error);

  if (target == NULL || !lockstep_plan_object_init (&object, json, path, file_members, error))
    return FALSE;
  if (lockstep_json_count (json) != 1)
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, path,
                               _ ("expected exactly one of {\"template\": FILE}, {\"copy\": FILE} and {\"link\": FILE}"));
      return FALSE;
    }

  file = g_new0 (LockstepProgramFile, 1);
  g_ptr_array_add (self->files, file);
  file->target.text = g_steal_pointer (&target);
  file->target.path = g_steal_pointer (&path);
  for (guint i = 0; file_members[i] != NULL; i++)
    if (lockstep_plan_object_has (&object, file_members[i]))
      {
        file->kind = i;
        file->source.path = lockstep_plan_object_dup_path (&object, file_members[i]);
        return lockstep_plan_object_read_text (&object, file_members[i], &file->source.text, error);
      }

  g_assert_not_reached ();
}

/* What lies below a link would be written where the link points to. */
static gboolean
check_links (LockstepProgram *self,
             GError         **error)
{
  for (guint i = 0; i < self->files->len; i++)
    for (guint k = 0; k < self->files->len; k++)
      {
        const LockstepProgramFile *above = g_ptr_array_index (self->files, i);
        const LockstepProgramFile *below = g_ptr_array_index (self->files, k);
        const gsize                length = strlen (above->target.text);

        if (strncmp (above->target.text, below->target.text, length) != 0 || below->target.text[length] != '/')
          continue;
        lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, below->target.path,
                                 _ ("cannot be put into “%s”, which is a file or a link in the task's folder"),
                                 above->target.text);
        return FALSE;
      }

  return TRUE;
}

static gboolean
read_files (LockstepProgram          *self,
            const LockstepPlanObject *object,
            GError                  **error)
{
  const LockstepPlaceholders nothing = { .folder = "/", .run = "/" };
  LockstepJsonIter           iter;
  LockstepJson               name, json;

  if (!begin_members (object, "files", _ ("an object, from the names of files in the task's folder to where they come from"),
                      &iter, error))
    return FALSE;

  while (lockstep_json_iter_next (&iter, &name, &json))
    if (!read_file (self, name, json, error))
      return FALSE;

  /* A name with placeholders is looked at once they are known. */
  for (guint i = 0; i < self->files->len; i++)
    {
      const LockstepProgramFile *file = g_ptr_array_index (self->files, i);
      g_autofree char           *target = NULL;

      if (strchr (file->target.text, '{') == NULL &&
          (target = lockstep_program_file_dup_target (file, &nothing, error)) == NULL)
        return FALSE;
    }

  if (self->files->len > 0 && self->directory != NULL)
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, "program.files",
                               _ ("needs a fresh folder for each task, and “directory” says that there is none; remove one of "
                                  "them"));
      return FALSE;
    }

  return check_links (self, error);
}

static gboolean
read_progress (LockstepProgram          *self,
               const LockstepPlanObject *object,
               GError                  **error)
{
  g_auto (LockstepPlanObject) progress = { 0 };
  LockstepJson                json = lockstep_plan_object_get (object, "progress");
  LockstepJson                of;

  if (json.text == NULL)
    return TRUE;
  if (!lockstep_plan_object_init (&progress, json, "program.progress", progress_members, error) ||
      !lockstep_plan_object_require (&progress, "match", _ ("the pattern of the line that tells how far it is"), error) ||
      !lockstep_plan_object_require (&progress, "of", _ ("the number that is the end, or a placeholder for it"), error))
    return FALSE;

  self->progress = read_number_pattern (lockstep_plan_object_get (&progress, "match"), "program.progress.match", error);
  if (self->progress == NULL)
    return FALSE;

  of = lockstep_plan_object_get (&progress, "of");
  if (lockstep_json_get_kind (of) == LOCKSTEP_JSON_NUMBER)
    {
      self->progress_of = add_text (self, lockstep_json_dup_text (of), "program.progress.of");
      return TRUE;
    }
  if (lockstep_json_get_kind (of) == LOCKSTEP_JSON_STRING)
    return read_text (self, &progress, "of", &self->progress_of, error);

  lockstep_plan_set_type_error (error, "program.progress.of", _ ("a number, or a placeholder for one, such as \"{t_end}\""), of);
  return FALSE;
}

static gboolean
read_values (LockstepProgram          *self,
             const LockstepPlanObject *object,
             GError                  **error)
{
  LockstepJsonIter iter;
  LockstepJson     name, json;

  if (!begin_members (object, "values", _ ("an object, from names to patterns"), &iter, error))
    return FALSE;

  while (lockstep_json_iter_next (&iter, &name, &json))
    {
      g_autofree char      *path = lockstep_plan_dup_member_path ("program.values", name);
      LockstepProgramValue *value = g_new0 (LockstepProgramValue, 1);

      g_ptr_array_add (self->values, value);
      if ((value->name = lockstep_plan_dup_string (name, path, error)) == NULL ||
          (value->pattern = read_number_pattern (json, path, error)) == NULL)
        return FALSE;
    }

  return TRUE;
}

/* What the members of a result have to do with each other. */
static gboolean
check_result (const LockstepPlanObject *object,
              GError                  **error)
{
  const gboolean has_file = lockstep_plan_object_has (object, "file");
  const guint    n_ways = lockstep_plan_object_has (object, "match") + lockstep_plan_object_has (object, "column") +
                       lockstep_plan_object_has (object, "member");

  if (n_ways != 1)
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, object->path,
                               _ ("expected exactly one of “match” (a pattern), “column” (of a table in a “file”) and “member” "
                                  "(of a JSON “file”)"));
      return FALSE;
    }
  if (!has_file && !lockstep_plan_object_has (object, "match"))
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, object->path,
                               _ ("needs a “file”: only a “match” can be looked for in what the program prints"));
      return FALSE;
    }
  if (lockstep_plan_object_has (object, "member") && lockstep_plan_object_has (object, "row"))
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, object->path,
                               _ ("has “row”, which a “member” of a JSON file does not have; enter a list by its index "
                                  "(\"runs.0.gap\")"));
      return FALSE;
    }

  return TRUE;
}

static gboolean
read_result (LockstepProgram *self,
             LockstepJson     name,
             LockstepJson     json,
             GError         **error)
{
  g_autofree char            *path = lockstep_plan_dup_member_path ("program.results", name);
  g_auto (LockstepPlanObject) object = { 0 };
  LockstepProgramResult      *result = g_new0 (LockstepProgramResult, 1);
  guint                       row = LOCKSTEP_ROW_LAST;

  g_ptr_array_add (self->results, result);
  if ((result->name = lockstep_plan_dup_string (name, path, error)) == NULL ||
      !lockstep_plan_object_init (&object, json, path, result_members, error) ||
      !check_result (&object, error) ||
      !read_text (self, &object, "file", &result->file, error) ||
      !lockstep_plan_object_read_line (&object, "column", &result->column, error) ||
      !lockstep_plan_object_read_line (&object, "member", &result->member, error) ||
      !lockstep_plan_object_read_choice (&object, "row", row_names, &row, error) ||
      !lockstep_plan_object_read_boolean (&object, "optional", &result->optional, error))
    return FALSE;

  result->row = row;
  if (lockstep_plan_object_has (&object, "match"))
    {
      g_autofree char *match_path = lockstep_plan_object_dup_path (&object, "match");
      const gboolean   is_number = row == LOCKSTEP_ROW_MIN || row == LOCKSTEP_ROW_MAX;
      LockstepJson     match = lockstep_plan_object_get (&object, "match");

      result->pattern = is_number ? read_number_pattern (match, match_path, error) : read_pattern (match, match_path, TRUE, error);
      return result->pattern != NULL;
    }

  return TRUE;
}

static gboolean
read_results (LockstepProgram          *self,
              const LockstepPlanObject *object,
              GError                  **error)
{
  LockstepJsonIter iter;
  LockstepJson     name, json;

  if (!begin_members (object, "results", _ ("an object, from names to where the results are found"), &iter, error))
    return FALSE;

  while (lockstep_json_iter_next (&iter, &name, &json))
    if (!read_result (self, name, json, error))
      return FALSE;

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
          !read_text (self, &succeeds, "file", &self->succeeds_file, error))
        return FALSE;
      exit = lockstep_plan_object_get (&succeeds, "exit");
    }

  if (exit.text != NULL && lockstep_json_get_kind (exit) != LOCKSTEP_JSON_ARRAY)
    return add_exit (self, exit, "program.succeeds.exit", error);

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
      !read_texts (self, lockstep_plan_object_get (object, "collect"), "program.collect", TRUE, self->collect, error))
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
  self->files = g_ptr_array_new_with_free_func (file_free);
  self->values = g_ptr_array_new_with_free_func (value_free);
  self->results = g_ptr_array_new_with_free_func (result_free);
  self->exits = g_array_new (FALSE, FALSE, sizeof (int));
  self->fails_if = g_ptr_array_new_with_free_func ((GDestroyNotify) lockstep_pattern_free);
  self->collect = g_ptr_array_new ();

  if (!lockstep_plan_object_init (&object, json, "program", program_members, error) ||
      !read_command (self, &object, error) ||
      !read_env (self, &object, error) ||
      !read_text (self, &object, "directory", &self->directory, error) ||
      !read_text (self, &object, "stdin", &self->input, error) ||
      !read_files (self, &object, error) ||
      !read_progress (self, &object, error) ||
      !read_values (self, &object, error) ||
      !read_results (self, &object, error) ||
      !read_succeeds (self, &object, error) ||
      !read_patterns (&object, "fails-if", self->fails_if, error) ||
      !read_rest (self, &object, error))
    return NULL;

  return g_steal_pointer (&self);
}
