/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-task-grid.h"

#include <glib/gi18n-lib.h>

#include "lockstep-json-writer.h"
#include "lockstep-task-range.h"

static const char *const range_members[] = { "from", "to", "count", "log", NULL };

/* A name and its values: those of a list as they stand in the text, those of a range made when asked for. */
typedef struct
{
  LockstepTaskAxis  axis;
  GBytes           *document; /* what values lie in */
  GArray           *values;   /* of LockstepJson; NULL for a range */
  LockstepTaskRange range;
} GridAxis;

static void
grid_append (LockstepTaskAxis *axis,
             guint64           index,
             GString          *out)
{
  GridAxis *self = (GridAxis *) axis;

  lockstep_json_append_name (out, axis->names[0]);
  if (self->values != NULL)
    {
      const LockstepJson *value = &g_array_index (self->values, LockstepJson, index);

      g_string_append_len (out, value->text, value->length);
    }
  else
    {
      lockstep_task_range_append (&self->range, index, axis->count, out);
    }
}

static void
grid_free (LockstepTaskAxis *axis)
{
  GridAxis *self = (GridAxis *) axis;

  g_clear_pointer (&self->values, g_array_unref);
  g_clear_pointer (&self->document, g_bytes_unref);
  g_free (self);
}

static gboolean
read_list (GridAxis    *self,
           LockstepJson json)
{
  LockstepJsonIter iter;
  LockstepJson     value;

  self->values = g_array_new (FALSE, FALSE, sizeof (LockstepJson));
  lockstep_json_iter_init (&iter, json);
  while (lockstep_json_iter_next (&iter, NULL, &value))
    g_array_append_val (self->values, value);

  self->axis.count = self->values->len;
  return self->axis.count > 0;
}

static gboolean
read_range (GridAxis    *self,
            LockstepJson json,
            const char  *path,
            GError     **error)
{
  g_auto (LockstepPlanObject) object = { 0 };
  gint64                      count = 1;

  if (!lockstep_plan_object_init (&object, json, path, range_members, error) ||
      !lockstep_task_range_read (&self->range, &object, error) ||
      !lockstep_plan_object_require (&object, "count", _ ("how many values to take"), error) ||
      !lockstep_plan_object_read_int (&object, "count", 1, G_MAXUINT32, &count, error))
    return FALSE;

  self->axis.count = count;
  return TRUE;
}

LockstepTaskAxis *
lockstep_task_grid_read (LockstepJson json,
                         const char  *name,
                         const char  *path,
                         GBytes      *document,
                         GError     **error)
{
  GridAxis                    *self = g_new0 (GridAxis, 1);
  g_autoptr (LockstepTaskAxis) axis = &self->axis;

  axis->names = g_new0 (char *, 2);
  axis->names[0] = g_strdup (name);
  axis->append = grid_append;
  axis->free = grid_free;
  self->document = g_bytes_ref (document);

  if (lockstep_json_get_kind (json) == LOCKSTEP_JSON_OBJECT)
    {
      if (!read_range (self, json, path, error))
        return NULL;
    }
  else if (lockstep_json_get_kind (json) != LOCKSTEP_JSON_ARRAY || !read_list (self, json))
    {
      lockstep_plan_set_type_error (error, path,
                                    _ ("a list with at least one value, or {\"from\", \"to\", \"count\"}"), json);
      return NULL;
    }

  return g_steal_pointer (&axis);
}
