/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-plan-program-private.h"

#include <glib/gi18n-lib.h>

static const char *const progress_members[] = { "match", "of", NULL };
static const char *const result_members[] = { "match", "file", "column", "member", "row", "optional", NULL };

static const char *const row_names[] = {
  [LOCKSTEP_ROW_LAST] = "last",
  [LOCKSTEP_ROW_FIRST] = "first",
  [LOCKSTEP_ROW_MIN] = "min",
  [LOCKSTEP_ROW_MAX] = "max",
  NULL,
};

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

gboolean
lockstep_plan_program_read_progress (LockstepProgram          *self,
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
      self->progress_of = lockstep_plan_program_add_text (self, lockstep_json_dup_text (of), "program.progress.of");
      return TRUE;
    }
  if (lockstep_json_get_kind (of) == LOCKSTEP_JSON_STRING)
    return lockstep_plan_program_read_text (self, &progress, "of", &self->progress_of, error);

  lockstep_plan_set_type_error (error, "program.progress.of", _ ("a number, or a placeholder for one, such as \"{t_end}\""), of);
  return FALSE;
}

gboolean
lockstep_plan_program_read_values (LockstepProgram          *self,
                                   const LockstepPlanObject *object,
                                   GError                  **error)
{
  LockstepJsonIter iter;
  LockstepJson     name, json;

  self->values = g_ptr_array_new_with_free_func (value_free);
  if (!lockstep_plan_program_begin_members (object, "values", _ ("an object, from names to patterns"), &iter, error))
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
      !lockstep_plan_program_read_text (self, &object, "file", &result->file, error) ||
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

gboolean
lockstep_plan_program_read_results (LockstepProgram          *self,
                                    const LockstepPlanObject *object,
                                    GError                  **error)
{
  LockstepJsonIter iter;
  LockstepJson     name, json;

  self->results = g_ptr_array_new_with_free_func (result_free);
  if (!lockstep_plan_program_begin_members (object, "results", _ ("an object, from names to where the results are found"), &iter, error))
    return FALSE;

  while (lockstep_json_iter_next (&iter, &name, &json))
    if (!read_result (self, name, json, error))
      return FALSE;

  return TRUE;
}

gboolean
lockstep_plan_program_read_fails_if (LockstepProgram          *self,
                                     const LockstepPlanObject *object,
                                     GError                  **error)
{
  LockstepJson     json = lockstep_plan_object_get (object, "fails-if");
  g_autofree char *path = lockstep_plan_object_dup_path (object, "fails-if");
  LockstepJsonIter iter;
  LockstepJson     element;

  self->fails_if = g_ptr_array_new_with_free_func ((GDestroyNotify) lockstep_pattern_free);
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
      g_autofree char *element_path = lockstep_plan_dup_element_path (path, self->fails_if->len);
      LockstepPattern *pattern = read_pattern (element, element_path, FALSE, error);

      if (pattern == NULL)
        return FALSE;
      g_ptr_array_add (self->fails_if, pattern);
    }

  return TRUE;
}
