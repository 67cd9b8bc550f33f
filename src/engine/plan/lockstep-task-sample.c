/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-task-sample.h"

#include <glib/gi18n-lib.h>

#include "lockstep-json-writer.h"
#include "lockstep-task-random.h"
#include "lockstep-task-range.h"

/* Whole numbers beyond this are not all doubles. */
#define MAX_WHOLE (G_GINT64_CONSTANT (1) << 53)

/* A latin hypercube may have this many cells to keep in order: 1 GB. */
#define MAX_CELLS 250000000

static const char *const range_members[] = { "from", "to", "integer", "log", NULL };

static const char *const method_names[] = { "latin", "uniform", NULL };

/* One name of the sample. */
typedef struct
{
  LockstepTaskRange range;
  gboolean          integer;
  guint64           stream;
  guint32          *order; /* latin: which slice of the range each task has; NULL otherwise */
} Dimension;

typedef struct
{
  LockstepTaskAxis axis;
  GArray          *dimensions; /* as many as the axis has names */
} SampleAxis;

static void
clear_dimension (gpointer data)
{
  g_clear_pointer (&((Dimension *) data)->order, g_free);
}

static void
sample_append (LockstepTaskAxis *axis,
               guint64           index,
               GString          *out)
{
  SampleAxis *self = (SampleAxis *) axis;

  for (guint i = 0; i < self->dimensions->len; i++)
    {
      const Dimension *dimension = &g_array_index (self->dimensions, Dimension, i);
      double           share;

      if (dimension->order != NULL)
        share = (dimension->order[index] + lockstep_task_random_get_unit (dimension->stream, axis->count + index)) /
                (double) axis->count;
      else
        share = lockstep_task_random_get_unit (dimension->stream, index);

      lockstep_json_append_name (out, axis->names[i]);
      if (dimension->integer)
        lockstep_task_range_append_whole_share (&dimension->range, share, out);
      else
        lockstep_task_range_append_share (&dimension->range, share, out);
    }
}

static void
sample_free (LockstepTaskAxis *axis)
{
  SampleAxis *self = (SampleAxis *) axis;

  g_array_unref (self->dimensions);
  g_free (self);
}

/* Fisher and Yates' shuffle. */
static guint32 *
shuffle (guint64 stream,
         guint32 count)
{
  guint32 *order = g_new (guint32, count);

  for (guint32 i = 0; i < count; i++)
    order[i] = i;

  for (guint32 i = count - 1; i > 0; i--)
    {
      guint32 other = (guint32) (lockstep_task_random_get_unit (stream, count - 1 - i) * (i + 1.0));
      guint32 swapped = order[i];

      order[i] = order[other];
      order[other] = swapped;
    }

  return order;
}

static gboolean
read_dimension (Dimension   *dimension,
                LockstepJson json,
                const char  *path,
                GError     **error)
{
  g_auto (LockstepPlanObject) object = { 0 };
  const LockstepTaskRange    *range = &dimension->range;

  if (!lockstep_plan_object_init (&object, json, path, range_members, error) ||
      !lockstep_task_range_read (&dimension->range, &object, error) ||
      !lockstep_plan_object_read_boolean (&object, "integer", &dimension->integer, error))
    return FALSE;

  if (range->from > range->to)
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, path, _ ("“from” is greater than “to”"));
      return FALSE;
    }
  if (dimension->integer && (!range->whole || range->whole_from < -MAX_WHOLE || range->whole_to > MAX_WHOLE))
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, path,
                               _ ("with “integer”, “from” and “to” have to be whole numbers of at most 2^53"));
      return FALSE;
    }

  return TRUE;
}

static gboolean
read_dimensions (SampleAxis  *self,
                 LockstepJson json,
                 const char  *path,
                 gint64       seed,
                 GError     **error)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  LockstepJsonIter         iter;
  LockstepJson             name, value;

  if (lockstep_json_get_kind (json) != LOCKSTEP_JSON_OBJECT || lockstep_json_count (json) == 0)
    {
      lockstep_plan_set_type_error (error, path, _ ("an object, from names to {\"from\", \"to\"}"), json);
      return FALSE;
    }

  lockstep_json_iter_init (&iter, json);
  while (lockstep_json_iter_next (&iter, &name, &value))
    {
      g_autofree char *member_path = lockstep_plan_dup_member_path (path, name);
      g_autofree char *text = lockstep_plan_dup_string (name, member_path, error);
      Dimension        dimension = { 0 };

      if (text == NULL || !read_dimension (&dimension, value, member_path, error))
        return FALSE;

      dimension.stream = lockstep_task_random_stream (seed, text);
      g_array_append_val (self->dimensions, dimension);
      g_strv_builder_add (names, text);
    }

  self->axis.names = g_strv_builder_end (names);
  return TRUE;
}

LockstepTaskAxis *
lockstep_task_sample_read (const LockstepPlanObject *object,
                           GError                  **error)
{
  SampleAxis                  *self = g_new0 (SampleAxis, 1);
  g_autoptr (LockstepTaskAxis) axis = &self->axis;
  g_autofree char             *path = lockstep_plan_object_dup_path (object, "sample");
  gint64                       count = 1;
  gint64                       seed = 0;
  guint                        method = 0;

  axis->append = sample_append;
  axis->free = sample_free;
  self->dimensions = g_array_new (FALSE, FALSE, sizeof (Dimension));
  g_array_set_clear_func (self->dimensions, clear_dimension);

  if (!lockstep_plan_object_read_choice (object, "method", method_names, &method, error) ||
      !lockstep_plan_object_require (object, "count", _ ("how many tasks to draw"), error) ||
      !lockstep_plan_object_read_int (object, "count", 1, LOCKSTEP_TASK_LIST_MAX, &count, error) ||
      !lockstep_plan_object_read_int (object, "seed", 0, G_MAXINT64, &seed, error) ||
      !read_dimensions (self, lockstep_plan_object_get (object, "sample"), path, seed, error))
    return NULL;

  axis->count = count;

  if (method != 0)
    return g_steal_pointer (&axis);

  if (count > MAX_CELLS / self->dimensions->len)
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, path,
                               _ ("%lld tasks with %u names need more memory than a latin hypercube may have; "
                                  "\"method\": \"uniform\" needs none"),
                               (long long) count, self->dimensions->len);
      return NULL;
    }
  for (guint i = 0; i < self->dimensions->len; i++)
    {
      Dimension *dimension = &g_array_index (self->dimensions, Dimension, i);

      dimension->order = shuffle (dimension->stream, count);
    }

  return g_steal_pointer (&axis);
}
