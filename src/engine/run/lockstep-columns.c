/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-columns.h"

#include <string.h>

/* In a key, what stands before the name of each member: a dot may be in a name itself. */
#define BEFORE_NAME '\037'

/* In a key, what stands before a control character of a name, which is CONTROL_SHIFT higher there. */
#define BEFORE_CONTROL '\001'
#define CONTROL_SHIFT  0x40

struct _LockstepColumns
{
  GHashTable *columns; /* key → number + 1 */
  GPtrArray  *keys;    /* by number; owned by the table */
  GPtrArray  *paths;   /* by number */
  GString    *key;     /* of what is looked at */
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
  self->keys = g_ptr_array_new ();
  self->paths = g_ptr_array_new_with_free_func (g_free);
  self->key = g_string_new (NULL);

  return self;
}

/* The key as people read it: names with dots between them, and one without a character as "". */
static char *
dup_path (const char *key)
{
  GString *path = g_string_new (NULL);

  for (const char *at = key; *at != '\0'; at++)
    {
      if (*at == BEFORE_NAME && at > key)
        g_string_append_c (path, '.');
      if (*at == BEFORE_NAME && (at[1] == BEFORE_NAME || at[1] == '\0'))
        g_string_append (path, "\"\"");
      if (*at == BEFORE_CONTROL)
        g_string_append_unichar (path, *++at > CONTROL_SHIFT ? (gunichar) (*at - CONTROL_SHIFT) : 0xfffd);
      else if (*at != BEFORE_NAME)
        g_string_append_c (path, *at);
    }

  return g_string_free (path, FALSE);
}

static void
add_column (LockstepColumns *self,
            const char      *key)
{
  char *copy = g_strdup (key);

  g_ptr_array_add (self->keys, copy);
  g_ptr_array_add (self->paths, dup_path (key));
  g_hash_table_insert (self->columns, copy, GUINT_TO_POINTER (self->keys->len));
}

LockstepColumns *
lockstep_columns_copy (LockstepColumns *self)
{
  LockstepColumns *copy = lockstep_columns_new ();

  for (guint i = 0; i < self->keys->len; i++)
    add_column (copy, g_ptr_array_index (self->keys, i));

  return copy;
}

void
lockstep_columns_free (LockstepColumns *self)
{
  g_hash_table_unref (self->columns);
  g_ptr_array_unref (self->keys);
  g_ptr_array_unref (self->paths);
  g_string_free (self->key, TRUE);
  g_free (self);
}

static void
append_name (LockstepColumns *self,
             LockstepJson     name)
{
  g_autofree char *decoded = NULL;
  gsize            length;

  g_string_append_c (self->key, BEFORE_NAME);
  /* Nearly all are as they stand in the text, between quotes. */
  if (memchr (name.text, '\\', name.length) == NULL)
    {
      g_string_append_len (self->key, name.text + 1, (gssize) name.length - 2);
      return;
    }

  decoded = lockstep_json_dup_string (name, &length);
  for (gsize i = 0; i < length; i++)
    {
      if ((guchar) decoded[i] < 0x20)
        g_string_append_c (self->key, BEFORE_CONTROL);
      g_string_append_c (self->key, (guchar) decoded[i] < 0x20 ? (char) (decoded[i] + CONTROL_SHIFT) : decoded[i]);
    }
}

static gboolean
visit_leaf (LockstepColumns *self,
            LockstepJson     value,
            const Walk      *walk)
{
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (self->columns, self->key->str));

  if (walk->func != NULL)
    {
      if (number > 0)
        walk->func (number - 1, value, walk->user_data);
      return TRUE;
    }
  if (number > 0)
    return TRUE;
  if (self->keys->len == LOCKSTEP_COLUMNS_MAX)
    return FALSE;

  add_column (self, self->key->str);
  return TRUE;
}

static gboolean
visit (LockstepColumns *self,
       LockstepJson     value,
       const Walk      *walk)
{
  const gsize      length = self->key->len;
  LockstepJsonIter iter;
  LockstepJson     name, member;
  gboolean         ok = TRUE;

  if (lockstep_json_get_kind (value) != LOCKSTEP_JSON_OBJECT)
    return visit_leaf (self, value, walk);

  lockstep_json_iter_init (&iter, value);
  while (ok && lockstep_json_iter_next (&iter, &name, &member))
    {
      append_name (self, name);
      ok = visit (self, member, walk);
      g_string_truncate (self->key, length);
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
  return self->keys->len;
}

const char *
lockstep_columns_get_path (LockstepColumns *self,
                           guint            column)
{
  return g_ptr_array_index (self->paths, column);
}
