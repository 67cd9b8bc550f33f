/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-file-list.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

typedef struct
{
  char *name; /* in the archive */
  char *path;
} Item;

struct _LockstepFileList
{
  GPtrArray  *items;
  GHashTable *names; /* of the items; owned by them */
  guint64     size;  /* bytes of all regular files */
  gboolean    is_changing;
};

static void
item_free (gpointer data)
{
  Item *item = data;

  g_free (item->name);
  g_free (item->path);
  g_free (item);
}

LockstepFileList *
lockstep_file_list_new (void)
{
  LockstepFileList *self = g_new0 (LockstepFileList, 1);

  self->items = g_ptr_array_new_with_free_func (item_free);
  self->names = g_hash_table_new (g_str_hash, g_str_equal);

  return self;
}

void
lockstep_file_list_set_changing (LockstepFileList *self,
                                 gboolean          is_changing)
{
  self->is_changing = is_changing;
}

void
lockstep_file_list_free (LockstepFileList *self)
{
  g_hash_table_unref (self->names);
  g_ptr_array_unref (self->items);
  g_free (self);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static gboolean
add_children (LockstepFileList *self,
              const char       *name,
              const char       *path,
              const char       *except,
              GError          **error)
{
  g_autoptr (GError)    reason = NULL;
  g_autoptr (GDir)      dir = g_dir_open (path, 0, &reason);
  g_autoptr (GPtrArray) children = g_ptr_array_new_with_free_func (g_free);
  const char           *child;

  if (dir == NULL && self->is_changing && g_error_matches (reason, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return TRUE;
  if (dir == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }

  while ((child = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (children, g_strdup (child));
  g_ptr_array_sort (children, compare_names);

  for (guint i = 0; i < children->len; i++)
    {
      g_autofree char *child_name = g_strconcat (name, "/", g_ptr_array_index (children, i), NULL);
      g_autofree char *child_path = g_build_filename (path, g_ptr_array_index (children, i), NULL);

      if (!lockstep_file_list_add (self, child_name, child_path, except, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
lockstep_file_list_add (LockstepFileList *self,
                        const char       *name,
                        const char       *path,
                        const char       *except,
                        GError          **error)
{
  GStatBuf status;
  Item    *item;
  int      saved;

  if (g_strcmp0 (path, except) == 0 || g_hash_table_contains (self->names, name))
    return TRUE;
  if (g_lstat (path, &status) != 0)
    {
      g_autofree char *shown = NULL;

      saved = errno;
      if (self->is_changing && saved == ENOENT)
        return TRUE;
      shown = g_filename_display_name (path);
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), _ ("%s cannot be read: %s"), shown, g_strerror (saved));
      return FALSE;
    }
  if (!S_ISREG (status.st_mode) && !S_ISDIR (status.st_mode) && !S_ISLNK (status.st_mode))
    return TRUE;

  item = g_new0 (Item, 1);
  item->name = g_strdup (name);
  item->path = g_strdup (path);
  g_ptr_array_add (self->items, item);
  g_hash_table_add (self->names, item->name);
  if (S_ISREG (status.st_mode))
    self->size += (guint64) status.st_size;

  return !S_ISDIR (status.st_mode) || add_children (self, name, path, except, error);
}

guint
lockstep_file_list_get_count (LockstepFileList *self)
{
  return self->items->len;
}

guint64
lockstep_file_list_get_size (LockstepFileList *self)
{
  return self->size;
}

const char *
lockstep_file_list_get_name (LockstepFileList *self,
                             guint             index)
{
  return ((const Item *) g_ptr_array_index (self->items, index))->name;
}

const char *
lockstep_file_list_get_path (LockstepFileList *self,
                             guint             index)
{
  return ((const Item *) g_ptr_array_index (self->items, index))->path;
}

gboolean
lockstep_file_list_write (LockstepFileList *self,
                          LockstepArchive  *archive,
                          GError          **error)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      const Item        *item = g_ptr_array_index (self->items, i);
      g_autoptr (GError) reason = NULL;

      if (lockstep_archive_add (archive, item->name, item->path, &reason) ||
          (self->is_changing && g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)))
        continue;
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }

  return TRUE;
}
