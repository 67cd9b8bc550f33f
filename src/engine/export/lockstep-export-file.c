/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-export-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER (256 * 1024)

/* The tries to find a name that is not taken. */
#define TRIES 100

struct _LockstepExportFile
{
  int      fd;
  gboolean owns_fd;
  char    *path;    /* where it comes to stand; NULL where it is written straight into */
  char    *partial; /* where it is meanwhile; NULL with path, and when it is finished */
  char    *shown;   /* what a message calls it */
  gboolean replace;
  GString *buffer;
};

static void
set_error (LockstepExportFile *self,
           GError            **error,
           int                 saved)
{
  if (self->path == NULL)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), _ ("Could not write %s: %s"),
                 self->shown, g_strerror (saved));
  else
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved),
                 _ ("Could not write %s: %s. Nothing of it is left; make room or choose another place."),
                 self->shown, g_strerror (saved));
}

static gboolean
open_partial (LockstepExportFile *self,
              GError            **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *name = g_path_get_basename (self->path);
  int              saved = EEXIST;

  for (guint i = 0; i < TRIES && saved == EEXIST; i++)
    {
      /* Cut, so that the longest name that a folder takes can be written. */
      g_autofree char *hidden = g_strdup_printf (".%.200s.%08x", name, g_random_int ());
      g_autofree char *partial = g_build_filename (folder, hidden, NULL);

      self->fd = open (partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
      if (self->fd >= 0)
        {
          self->owns_fd = TRUE;
          self->partial = g_steal_pointer (&partial);
          return TRUE;
        }
      saved = errno;
    }

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), _ ("Could not write %s: %s"), self->shown,
               g_strerror (saved));
  return FALSE;
}

static gboolean
open_straight (LockstepExportFile *self,
               const char         *path,
               GError            **error)
{
  int saved;

  self->fd = open (path, O_WRONLY | O_CLOEXEC);
  if (self->fd >= 0)
    {
      self->owns_fd = TRUE;
      return TRUE;
    }

  saved = errno;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), _ ("Could not write %s: %s"), self->shown,
               g_strerror (saved));
  return FALSE;
}

LockstepExportFile *
lockstep_export_file_new (const char *path,
                          gboolean    replace,
                          GError    **error)
{
  g_autoptr (LockstepExportFile) self = g_new0 (LockstepExportFile, 1);
  g_autofree char               *real = NULL;
  struct stat                    status;

  self->fd = -1;
  self->replace = replace;
  self->buffer = g_string_sized_new (BUFFER);
  if (g_str_equal (path, "-"))
    {
      self->fd = STDOUT_FILENO;
      self->shown = g_strdup (_ ("to standard output"));
      return g_steal_pointer (&self);
    }

  self->shown = g_filename_display_name (path);
  if (stat (path, &status) == 0)
    {
      if (S_ISDIR (status.st_mode))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY,
                       _ ("%s is a folder: name a file in it to be written"), self->shown);
          return NULL;
        }
      if (!S_ISREG (status.st_mode))
        return open_straight (self, path, error) ? g_steal_pointer (&self) : NULL;
      if (!replace)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                       _ ("There is a file %s already: choose another name, or have it replaced with --force"), self->shown);
          return NULL;
        }
      /* A link stays one, and what it leads to is replaced. */
      real = realpath (path, NULL);
    }

  self->path = real != NULL ? g_strdup (real) : g_canonicalize_filename (path, NULL);
  return open_partial (self, error) ? g_steal_pointer (&self) : NULL;
}

void
lockstep_export_file_free (LockstepExportFile *self)
{
  if (self == NULL)
    return;

  if (self->owns_fd)
    close (self->fd);
  if (self->partial != NULL)
    g_unlink (self->partial);
  g_string_free (self->buffer, TRUE);
  g_free (self->path);
  g_free (self->partial);
  g_free (self->shown);
  g_free (self);
}

static gboolean
write_out (LockstepExportFile *self,
           const char         *data,
           gsize               length,
           GError            **error)
{
  while (length > 0)
    {
      ssize_t written = write (self->fd, data, length);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        {
          set_error (self, error, errno);
          return FALSE;
        }
      data += written;
      length -= (gsize) written;
    }

  return TRUE;
}

static gboolean
flush (LockstepExportFile *self,
       GError            **error)
{
  gboolean ok = write_out (self, self->buffer->str, self->buffer->len, error);

  g_string_truncate (self->buffer, 0);
  return ok;
}

gboolean
lockstep_export_file_write (LockstepExportFile *self,
                            const char         *data,
                            gsize               length,
                            GError            **error)
{
  if (self->buffer->len + length > BUFFER && !flush (self, error))
    return FALSE;
  if (length > BUFFER)
    return write_out (self, data, length, error);

  g_string_append_len (self->buffer, data, (gssize) length);
  return TRUE;
}

/* A file that came to stand there meanwhile is not replaced either. */
static int
put_in_place (LockstepExportFile *self)
{
  if (!self->replace)
    {
      if (renameat2 (AT_FDCWD, self->partial, AT_FDCWD, self->path, RENAME_NOREPLACE) == 0)
        return 0;
      if (errno != EINVAL && errno != ENOSYS)
        return -1;
    }

  return g_rename (self->partial, self->path);
}

gboolean
lockstep_export_file_finish (LockstepExportFile *self,
                             GError            **error)
{
  g_autofree char *folder = NULL;
  int              folder_fd;

  if (!flush (self, error))
    return FALSE;
  if (self->path == NULL)
    return TRUE;

  if (fsync (self->fd) != 0 || put_in_place (self) != 0)
    {
      set_error (self, error, errno);
      return FALSE;
    }
  g_clear_pointer (&self->partial, g_free);

  folder = g_path_get_dirname (self->path);
  folder_fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder_fd >= 0)
    {
      fsync (folder_fd);
      close (folder_fd);
    }

  return TRUE;
}

const char *
lockstep_export_file_get_partial (LockstepExportFile *self)
{
  return self->partial;
}
