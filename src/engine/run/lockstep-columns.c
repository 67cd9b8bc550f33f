/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-columns.h"

#include <string.h>

struct _LockstepColumns
{
  GHashTable *columns; /* path → number + 1 */
  GPtrArray  *paths;   /* by number; owned by the table */
  GString    *path;    /* of what is looked at */
};

/* A walk through one value. */
typedef struct
{
  LockstepColumnFunc func; /* NULL: add what is new */
  gpointer           user_data;
} Walk;

LockstepColumns *
lockstep_columns_new (void)
{
  LockstepColumns *self = g_new0 (LockstepColumns, 1);

  self->columns = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->paths = g_ptr_array_new ();
  self->path = g_string_new (NULL);

  return self;
}

LockstepColumns *
lockstep_columns_copy (LockstepColumns *self)
{
  LockstepColumns *copy = lockstep_columns_new ();

  for (guint i = 0; i < self->paths->len; i++)
    {
      char *path = g_strdup (g_ptr_array_index (self->paths, i));

      g_ptr_array_add (copy->paths, path);
      g_hash_table_insert (copy->columns, path, GUINT_TO_POINTER (i + 1));
    }

  return copy;
}

void
lockstep_columns_free (LockstepColumns *self)
{
  g_hash_table_unref (self->columns);
  g_ptr_array_unref (self->paths);
  g_string_free (self->path, TRUE);
  g_free (self);
}

static void
append_name (LockstepColumns *self,
             LockstepJson     name)
{
  g_autofree char *decoded = NULL;

  /* Nearly all are as they stand in the text, between quotes. */
  if (memchr (name.text, '\\', name.length) == NULL)
    {
      g_string_append_len (self->path, name.text + 1, (gssize) name.length - 2);
      return;
    }

  decoded = lockstep_json_dup_string (name, NULL);
  g_string_append (self->path, decoded);
}

static gboolean
visit_leaf (LockstepColumns *self,
            LockstepJson     value,
            const Walk      *walk)
{
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (self->columns, self->path->str));
  char *path;

  if (walk->func != NULL)
    {
      if (number > 0)
        walk->func (number - 1, value, walk->user_data);
      return TRUE;
    }
  if (number > 0)
    return TRUE;
  if (self->paths->len == LOCKSTEP_COLUMNS_MAX)
    return FALSE;

  path = g_strdup (self->path->str);
  g_ptr_array_add (self->paths, path);
  g_hash_table_insert (self->columns, path, GUINT_TO_POINTER (self->paths->len));
  return TRUE;
}

static gboolean
visit (LockstepColumns *self,
       LockstepJson     value,
       const Walk      *walk)
{
  const gsize      length = self->path->len;
  LockstepJsonIter iter;
  LockstepJson     name, member;
  gboolean         ok = TRUE;

  if (lockstep_json_get_kind (value) != LOCKSTEP_JSON_OBJECT)
    return visit_leaf (self, value, walk);

  lockstep_json_iter_init (&iter, value);
  while (ok && lockstep_json_iter_next (&iter, &name, &member))
    {
      if (length > 0)
        g_string_append_c (self->path, '.');
      append_name (self, name);
      ok = visit (self, member, walk);
      g_string_truncate (self->path, length);
    }

  return ok;
}

gboolean
lockstep_columns_add (LockstepColumns *self,
                      LockstepJson     value)
{
  return visit (self, value, &(Walk){ NULL, NULL });
}

void
lockstep_columns_walk (LockstepColumns   *self,
                       LockstepJson       value,
                       LockstepColumnFunc func,
                       gpointer           user_data)
{
  visit (self, value, &(Walk){ func, user_data });
}

guint
lockstep_columns_get_count (LockstepColumns *self)
{
  return self->paths->len;
}

const char *
lockstep_columns_get_path (LockstepColumns *self,
                           guint            column)
{
  return g_ptr_array_index (self->paths, column);
}
