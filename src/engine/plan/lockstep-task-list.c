/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-task-list-private.h"

struct _LockstepTaskList
{
  guint64    count;
  char     **names;
  GBytes    *document; /* what objects lie in; NULL without them */
  GArray    *objects;  /* of LockstepJson, a task each; NULL unless it is a list of objects */
  GPtrArray *axes;     /* of LockstepTaskAxis; NULL unless it is a product */
};

/* The names of all members, in the order in which they first appear. */
static char **
dup_object_names (GArray *objects)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray)  names = g_ptr_array_new ();

  for (guint i = 0; i < objects->len; i++)
    {
      LockstepJsonIter iter;
      LockstepJson     name, value;

      lockstep_json_iter_init (&iter, g_array_index (objects, LockstepJson, i));
      while (lockstep_json_iter_next (&iter, &name, &value))
        {
          char *text = lockstep_json_dup_string (name, NULL);

          if (g_hash_table_contains (seen, text))
            {
              g_free (text);
              continue;
            }
          g_hash_table_add (seen, text);
          g_ptr_array_add (names, text);
        }
    }

  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_steal (names, NULL);
}

LockstepTaskList *
lockstep_task_list_new_count (guint64 count)
{
  LockstepTaskList *self = g_new0 (LockstepTaskList, 1);

  self->count = count;
  self->names = g_new0 (char *, 1);
  return self;
}

LockstepTaskList *
lockstep_task_list_new_objects (LockstepJson array,
                                GBytes      *document)
{
  LockstepTaskList *self = g_new0 (LockstepTaskList, 1);
  LockstepJsonIter  iter;
  LockstepJson      object;

  self->document = g_bytes_ref (document);
  self->objects = g_array_new (FALSE, FALSE, sizeof (LockstepJson));

  lockstep_json_iter_init (&iter, array);
  while (lockstep_json_iter_next (&iter, NULL, &object))
    g_array_append_val (self->objects, object);

  self->count = self->objects->len;
  self->names = dup_object_names (self->objects);
  return self;
}

LockstepTaskList *
lockstep_task_list_new_product (GPtrArray *axes)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  LockstepTaskList        *self = g_new0 (LockstepTaskList, 1);

  self->axes = axes;
  self->count = 1;
  for (guint i = 0; i < axes->len; i++)
    {
      const LockstepTaskAxis *axis = g_ptr_array_index (axes, i);

      self->count *= axis->count;
      g_strv_builder_addv (names, (const char **) axis->names);
    }

  self->names = g_strv_builder_end (names);
  return self;
}

void
lockstep_task_list_free (LockstepTaskList *self)
{
  if (self == NULL)
    return;

  g_strfreev (self->names);
  g_clear_pointer (&self->objects, g_array_unref);
  g_clear_pointer (&self->document, g_bytes_unref);
  g_clear_pointer (&self->axes, g_ptr_array_unref);
  g_free (self);
}

guint64
lockstep_task_list_get_count (LockstepTaskList *self)
{
  return self->count;
}

const char *const *
lockstep_task_list_get_names (LockstepTaskList *self)
{
  return (const char *const *) self->names;
}

static GBytes *
dup_product (LockstepTaskList *self,
             guint64           index)
{
  GString *params = g_string_new ("{");
  guint64  stride = self->count;

  for (guint i = 0; i < self->axes->len; i++)
    {
      LockstepTaskAxis *axis = g_ptr_array_index (self->axes, i);

      stride /= axis->count;
      axis->append (axis, index / stride, params);
      index %= stride;
    }

  g_string_append_c (params, '}');
  return g_string_free_to_bytes (params);
}

GBytes *
lockstep_task_list_dup_params (LockstepTaskList *self,
                               guint64           index)
{
  g_return_val_if_fail (index < self->count, NULL);

  if (self->objects != NULL)
    return lockstep_json_slice (g_array_index (self->objects, LockstepJson, index), self->document);

  if (self->axes != NULL)
    return dup_product (self, index);

  return g_bytes_new_static ("{}", 2);
}
