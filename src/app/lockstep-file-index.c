/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-file-index.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#include "lockstep-log-text.h"

#define CHUNK (256 * 1024)

/* Bytes of a block that are read; a line longer than that is cut anyway. */
#define MAX_BLOCK ((gsize) 16 << 20)

struct _LockstepFileIndex
{
  char    *path;
  GMutex   lock;
  GArray  *blocks;  /* of guint64: where they begin */
  guint    n_lines; /* that begin before done */
  guint64  done;
  guint64  size;
  gboolean at_start; /* of a line, at done */
};

LockstepFileIndex *
lockstep_file_index_new (const char *path)
{
  LockstepFileIndex *self = g_atomic_rc_box_new0 (LockstepFileIndex);

  self->path = g_strdup (path);
  self->blocks = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->at_start = TRUE;
  g_mutex_init (&self->lock);

  return self;
}

LockstepFileIndex *
lockstep_file_index_ref (LockstepFileIndex *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  LockstepFileIndex *self = data;

  g_array_unref (self->blocks);
  g_mutex_clear (&self->lock);
  g_free (self->path);
}

void
lockstep_file_index_unref (LockstepFileIndex *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

static int
open_file (LockstepFileIndex *self,
           GError           **error)
{
  const int fd = open (self->path, O_RDONLY | O_CLOEXEC);

  if (fd < 0)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), _ ("%s cannot be read: %s"), self->path, g_strerror (errno));

  return fd;
}

/* Counts the lines that begin in @text, which stands at the index's end. */
static void
take (LockstepFileIndex *self,
      const char        *text,
      gsize              length)
{
  const char *start = text;
  const char *end = text + length;

  while (start < end)
    {
      const char *newline;

      if (self->at_start)
        {
          const guint64 offset = self->done + (guint64) (start - text);

          if (self->n_lines % LOCKSTEP_FILE_INDEX_BLOCK == 0)
            g_array_append_val (self->blocks, offset);
          self->n_lines++;
        }
      newline = memchr (start, '\n', (gsize) (end - start));
      self->at_start = newline != NULL;
      start = newline != NULL ? newline + 1 : end;
    }
  self->done += length;
}

gboolean
lockstep_file_index_advance (LockstepFileIndex *self,
                             gsize              bytes,
                             gboolean          *more,
                             GError           **error)
{
  const int        fd = open_file (self, error);
  g_autofree char *chunk = NULL;
  struct stat      status;
  gsize            taken = 0;
  ssize_t          count = 1;

  *more = FALSE;
  if (fd < 0)
    return FALSE;

  chunk = g_malloc (CHUNK);
  while (taken < bytes && count > 0)
    {
      do
        count = pread (fd, chunk, CHUNK, (off_t) self->done);
      while (count < 0 && errno == EINTR);
      if (count < 0)
        g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), _ ("%s cannot be read: %s"), self->path, g_strerror (errno));
      if (count <= 0)
        break;

      g_mutex_lock (&self->lock);
      take (self, chunk, (gsize) count);
      g_mutex_unlock (&self->lock);
      taken += (gsize) count;
    }

  g_mutex_lock (&self->lock);
  self->size = fstat (fd, &status) == 0 ? (guint64) status.st_size : self->done;
  *more = count > 0;
  g_mutex_unlock (&self->lock);
  close (fd);

  return count >= 0;
}

void
lockstep_file_index_get_state (LockstepFileIndex *self,
                               guint             *n_lines,
                               guint64           *done,
                               guint64           *size)
{
  g_mutex_lock (&self->lock);
  *n_lines = self->n_lines;
  *done = self->done;
  *size = self->size;
  g_mutex_unlock (&self->lock);
}

GPtrArray *
lockstep_file_index_read_block (LockstepFileIndex *self,
                                guint              block)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autofree char      *bytes = NULL;
  guint64               from = 0, to = 0;
  ssize_t               length;
  const char           *start, *end;
  int                   fd;

  g_mutex_lock (&self->lock);
  if (block < self->blocks->len)
    {
      from = g_array_index (self->blocks, guint64, block);
      to = block + 1 < self->blocks->len ? g_array_index (self->blocks, guint64, block + 1) : self->done;
    }
  g_mutex_unlock (&self->lock);
  if (to <= from || (fd = open_file (self, NULL)) < 0)
    return g_steal_pointer (&lines);

  bytes = g_malloc (MIN (to - from, MAX_BLOCK));
  do
    length = pread (fd, bytes, MIN (to - from, MAX_BLOCK), (off_t) from);
  while (length < 0 && errno == EINTR);
  close (fd);

  end = bytes + MAX (length, 0);
  for (start = bytes; start < end && lines->len < LOCKSTEP_FILE_INDEX_BLOCK;)
    {
      const char *newline = memchr (start, '\n', (gsize) (end - start));
      const char *line_end = newline != NULL ? newline : end;
      GString    *line = g_string_new (NULL);

      lockstep_log_text_append (line, start, (gsize) (line_end - start));
      g_ptr_array_add (lines, g_string_free (line, FALSE));
      start = line_end + 1;
    }

  return g_steal_pointer (&lines);
}
