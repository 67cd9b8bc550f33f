/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-plan-tasks.h"

#include <glib/gi18n-lib.h>

#include "lockstep-plan-settings.h"
#include "lockstep-task-csv.h"
#include "lockstep-task-grid.h"
#include "lockstep-task-list-private.h"
#include "lockstep-task-sample.h"

static const char *const tasks_members[] = { "csv", "grid", "sample", "method", "count", "seed", NULL };

/* Those that mean something with a sample only. */
static const char *const sample_members[] = { "method", "count", "seed", NULL };

static gboolean
check_count (double      count,
             const char *path,
             GError    **error)
{
  if (count <= LOCKSTEP_TASK_LIST_MAX)
    return TRUE;

  lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, path,
                           _ ("%.0f tasks are more than a step may have, %d"), count, LOCKSTEP_TASK_LIST_MAX);
  return FALSE;
}

static LockstepTaskList *
read_number (LockstepJson json,
             const char  *path,
             GError     **error)
{
  gint64 count;

  if (!lockstep_json_get_int (json, &count) || count < 1)
    {
      lockstep_plan_set_type_error (error, path, _ ("a whole number of at least 1"), json);
      return NULL;
    }

  return check_count (count, path, error) ? lockstep_task_list_new_count (count) : NULL;
}

static LockstepTaskList *
read_objects (LockstepJson json,
              const char  *path,
              GBytes      *document,
              GError     **error)
{
  LockstepJsonIter iter;
  LockstepJson     element;
  guint            count = 0;

  lockstep_json_iter_init (&iter, json);
  for (; lockstep_json_iter_next (&iter, NULL, &element); count++)
    if (lockstep_json_get_kind (element) != LOCKSTEP_JSON_OBJECT)
      {
        g_autofree char *element_path = lockstep_plan_dup_element_path (path, count);

        lockstep_plan_set_type_error (error, element_path, _ ("an object, the params of one task"), element);
        return NULL;
      }

  if (count == 0)
    {
      lockstep_plan_set_type_error (error, path, _ ("a list with at least one task"), json);
      return NULL;
    }

  return check_count (count, path, error) ? lockstep_task_list_new_objects (json, document) : NULL;
}

char *
lockstep_plan_dup_table_name (guint step)
{
  return g_strdup_printf ("table-%u.csv", step);
}

/* The file of the csv @name: the copy that a run keeps, where there is one, for the table may have been edited since.
 * */
static char *
find_table (const LockstepPlanContext *context,
            guint                      step,
            const char                *name)
{
  g_autofree char *copy_name = lockstep_plan_dup_table_name (step);
  g_autofree char *copy = context->tables != NULL ? g_build_filename (context->tables, copy_name, NULL) : NULL;

  if (copy != NULL && g_file_test (copy, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&copy);

  return g_canonicalize_filename (name, context->directory);
}

static gboolean
read_csv (GPtrArray                 *axes,
          const LockstepPlanObject  *object,
          guint                      step,
          const LockstepPlanContext *context,
          GBytes                   **table,
          GError                   **error)
{
  g_autofree char  *path = lockstep_plan_object_dup_path (object, "csv");
  g_autofree char  *name = NULL;
  g_autofree char  *file = NULL;
  LockstepTaskAxis *axis;

  if (!lockstep_plan_object_has (object, "csv"))
    return TRUE;
  if (!lockstep_plan_object_read_line (object, "csv", &name, error))
    return FALSE;

  file = find_table (context, step, name);
  if (!g_file_test (file, G_FILE_TEST_EXISTS))
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_FILE, path, _ ("there is no file %s"), file);
      return FALSE;
    }
  if ((axis = lockstep_task_csv_read (file, path, table, error)) == NULL)
    return FALSE;

  g_ptr_array_add (axes, axis);
  return TRUE;
}

static gboolean
read_grid (GPtrArray                *axes,
           const LockstepPlanObject *object,
           GBytes                   *document,
           GError                  **error)
{
  g_autofree char *path = lockstep_plan_object_dup_path (object, "grid");
  LockstepJson     json = lockstep_plan_object_get (object, "grid");
  LockstepJsonIter iter;
  LockstepJson     name, value;

  if (json.text == NULL)
    return TRUE;
  if (lockstep_json_get_kind (json) != LOCKSTEP_JSON_OBJECT || lockstep_json_count (json) == 0)
    {
      lockstep_plan_set_type_error (error, path,
                                    _ ("an object, from names to lists of values or {\"from\", \"to\", \"count\"}"),
                                    json);
      return FALSE;
    }

  lockstep_json_iter_init (&iter, json);
  while (lockstep_json_iter_next (&iter, &name, &value))
    {
      g_autofree char  *member_path = lockstep_plan_dup_member_path (path, name);
      g_autofree char  *text = lockstep_plan_dup_string (name, member_path, error);
      LockstepTaskAxis *axis = NULL;

      if (text == NULL || (axis = lockstep_task_grid_read (value, text, member_path, document, error)) == NULL)
        return FALSE;
      g_ptr_array_add (axes, axis);
    }

  return TRUE;
}

static gboolean
read_sample (GPtrArray                *axes,
             const LockstepPlanObject *object,
             GError                  **error)
{
  LockstepTaskAxis *axis;

  if (!lockstep_plan_object_has (object, "sample"))
    {
      for (guint i = 0; sample_members[i] != NULL; i++)
        if (lockstep_plan_object_has (object, sample_members[i]))
          {
            g_autofree char *path = lockstep_plan_object_dup_path (object, sample_members[i]);

            lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, path,
                                     _ ("belongs to a “sample”, which is missing here"));
            return FALSE;
          }
      return TRUE;
    }

  if ((axis = lockstep_task_sample_read (object, error)) == NULL)
    return FALSE;

  g_ptr_array_add (axes, axis);
  return TRUE;
}

/* Two axes with one name would each overwrite the other. */
static gboolean
check_names (GPtrArray  *axes,
             const char *path,
             GError    **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < axes->len; i++)
    {
      const LockstepTaskAxis *axis = g_ptr_array_index (axes, i);

      for (guint j = 0; axis->names[j] != NULL; j++)
        if (!g_hash_table_add (names, axis->names[j]))
          {
            lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, path,
                                     _ ("“%s” gets its values from two of csv, grid and sample"), axis->names[j]);
            return FALSE;
          }
    }

  return TRUE;
}

static LockstepTaskList *
read_product (LockstepJson               json,
              const char                *path,
              guint                      step,
              const LockstepPlanContext *context,
              GBytes                   **table,
              GError                   **error)
{
  g_autoptr (GPtrArray)       axes = g_ptr_array_new_with_free_func ((GDestroyNotify) lockstep_task_axis_free);
  g_auto (LockstepPlanObject) object = { 0 };
  double                      count = 1.0;

  if (!lockstep_plan_object_init (&object, json, path, tasks_members, error) ||
      !read_csv (axes, &object, step, context, table, error) ||
      !read_grid (axes, &object, context->document, error) ||
      !read_sample (axes, &object, error))
    return NULL;

  if (axes->len == 0)
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, path,
                               _ ("expected at least one of “csv”, “grid” and “sample”"));
      return NULL;
    }

  for (guint i = 0; i < axes->len; i++)
    count *= ((const LockstepTaskAxis *) g_ptr_array_index (axes, i))->count;
  if (!check_names (axes, path, error) || !check_count (count, path, error))
    return NULL;

  return lockstep_task_list_new_product (g_steal_pointer (&axes));
}

LockstepTaskList *
lockstep_plan_read_tasks (LockstepJson               json,
                          const char                *path,
                          guint                      step,
                          const LockstepPlanContext *context,
                          GBytes                   **table,
                          GError                   **error)
{
  LockstepTaskList  *tasks;
  g_autoptr (GError) reason = NULL;

  switch (lockstep_json_get_kind (json))
    {
    case LOCKSTEP_JSON_NUMBER:
      return read_number (json, path, error);
    case LOCKSTEP_JSON_ARRAY:
      return read_objects (json, path, context->document, error);
    case LOCKSTEP_JSON_OBJECT:
      tasks = read_product (json, path, step, context, table, &reason);
      if (tasks == NULL && context->unchecked && g_error_matches (reason, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_FILE))
        return lockstep_task_list_new_count (1);
      if (tasks == NULL)
        g_propagate_error (error, g_steal_pointer (&reason));
      return tasks;
    default:
      lockstep_plan_set_type_error (error, path,
                                    _ ("a number of tasks, a list of objects, or an object with “csv”, “grid” or "
                                       "“sample”"),
                                    json);
      return NULL;
    }
}

/* Collects the paths of all tasks below @steps that want a seed. What is not as it should be is told later, by the
 * reader. */
static void
find_seedless (LockstepJson steps,
               const char  *path,
               GPtrArray   *paths)
{
  LockstepJsonIter iter;
  LockstepJson     step;

  if (lockstep_json_get_kind (steps) != LOCKSTEP_JSON_ARRAY)
    return;

  lockstep_json_iter_init (&iter, steps);
  for (guint i = 0; lockstep_json_iter_next (&iter, NULL, &step); i++)
    {
      LockstepJson     tasks = lockstep_json_get_member (step, "tasks");
      g_autofree char *steps_path = g_strdup_printf ("%s[%u].steps", path, i);

      if (lockstep_json_get_member (tasks, "sample").text != NULL &&
          lockstep_json_get_member (tasks, "seed").text == NULL)
        g_ptr_array_add (paths, g_strdup_printf ("%s[%u].tasks", path, i));
      find_seedless (lockstep_json_get_member (step, "steps"), steps_path, paths);
    }
}

/* The seed at @path in @like, or another one. */
static char *
dup_seed (LockstepJson like,
          const char  *path)
{
  g_autofree char *dotted = g_strdelimit (g_strdup_printf ("%s.seed", path), "[", '.');
  g_auto (GStrv)   parts = g_strsplit (dotted, "]", -1);
  g_autofree char *like_path = g_strjoinv ("", parts);
  LockstepJson     seed = lockstep_json_get_path (like, like_path);

  return seed.text != NULL ? lockstep_json_dup_text (seed) : g_strdup_printf ("%u", g_random_int ());
}

GBytes *
lockstep_plan_draw_seeds (GBytes  *text,
                          GBytes  *like,
                          GError **error)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GBytes)    seeded = g_bytes_ref (text);
  gsize                 length;
  const char           *data = g_bytes_get_data (text, &length);
  LockstepJson          json, like_json = { NULL, 0 };

  if (!lockstep_json_scan (data, length, &json, error))
    return NULL;
  if (like != NULL)
    like_json = (LockstepJson){ g_bytes_get_data (like, NULL), g_bytes_get_size (like) };

  find_seedless (lockstep_json_get_member (json, "steps"), "steps", paths);
  for (guint i = 0; i < paths->len; i++)
    {
      const char      *path = g_ptr_array_index (paths, i);
      g_autofree char *seed = dup_seed (like_json, path);
      g_autofree char *setting = g_strdup_printf ("%s.seed=%s", path, seed);
      GBytes          *next = lockstep_plan_apply_setting (seeded, setting, error);

      if (next == NULL)
        return NULL;
      g_bytes_unref (seeded);
      seeded = next;
    }

  return g_steal_pointer (&seeded);
}
