/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <locale.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK (256 * 1024)

struct _LockstepArchive
{
  LockstepExportFile *file;
  struct archive     *archive;
  LockstepArchiveFunc func;
  gpointer            user_data;
  GError             *error; /* why the file could not be written */
  char               *chunk; /* of CHUNK bytes */
  locale_t            utf8;  /* names are UTF-8, whatever the locale of the process; 0 where there is none */
};

static la_ssize_t
write_cb (struct archive *archive,
          void           *user_data,
          const void     *data,
          size_t          length)
{
  LockstepArchive *self = user_data;

  if (self->error != NULL)
    return -1;

  return lockstep_export_file_write (self->file, data, length, &self->error) ? (la_ssize_t) length : -1;
}

static gboolean
fail (LockstepArchive *self,
      GError         **error)
{
  if (self->error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->error));
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("The archive could not be written: %s"),
                 archive_error_string (self->archive));
  return FALSE;
}

LockstepArchive *
lockstep_archive_new (LockstepExportFile *file,
                      LockstepArchiveFunc func,
                      gpointer            user_data,
                      GError            **error)
{
  g_autoptr (LockstepArchive) self = g_new0 (LockstepArchive, 1);

  self->file = file;
  self->func = func;
  self->user_data = user_data;
  self->chunk = g_malloc (CHUNK);
  self->utf8 = newlocale (LC_CTYPE_MASK, "C.UTF-8", (locale_t) 0);
  self->archive = archive_write_new ();

  if (archive_write_set_format_zip (self->archive) != ARCHIVE_OK ||
      archive_write_set_bytes_in_last_block (self->archive, 1) != ARCHIVE_OK ||
      archive_write_open (self->archive, self, NULL, write_cb, NULL) != ARCHIVE_OK)
    {
      fail (self, error);
      return NULL;
    }

  return g_steal_pointer (&self);
}

void
lockstep_archive_free (LockstepArchive *self)
{
  if (self == NULL)
    return;

  /* What is written while it is closed does not matter any more. */
  if (self->error == NULL)
    self->error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, "");
  archive_write_free (self->archive);
  if (self->utf8 != (locale_t) 0)
    freelocale (self->utf8);
  g_clear_error (&self->error);
  g_free (self->chunk);
  g_free (self);
}

static gboolean
fail_to_read (const char *path,
              int         saved,
              GError    **error)
{
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), _ ("%s cannot be read: %s"), shown, g_strerror (saved));
  return FALSE;
}

/* Exactly @size bytes, which the archive was told of. */
static gboolean
add_contents (LockstepArchive *self,
              const char      *path,
              int              fd,
              goffset          size,
              GError         **error)
{
  while (size > 0)
    {
      ssize_t count;

      do
        count = read (fd, self->chunk, (gsize) MIN (size, CHUNK));
      while (count < 0 && errno == EINTR);
      if (count < 0)
        return fail_to_read (path, errno, error);
      if (count == 0)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, _ ("%s became shorter while it was read"), path);
          return FALSE;
        }

      if (archive_write_data (self->archive, self->chunk, (gsize) count) < count)
        return fail (self, error);
      if (self->func != NULL && !self->func ((gsize) count, self->user_data, error))
        return FALSE;
      size -= count;
    }

  return TRUE;
}

static gboolean
add_entry (LockstepArchive      *self,
           struct archive_entry *entry,
           const char           *path,
           int                   fd,
           const struct stat    *status,
           GError              **error)
{
  if (S_ISLNK (status->st_mode))
    {
      g_autofree char *target = g_file_read_link (path, NULL);

      archive_entry_set_symlink_utf8 (entry, target != NULL ? target : "");
    }
  if (archive_write_header (self->archive, entry) < ARCHIVE_WARN)
    return fail (self, error);

  return fd < 0 || add_contents (self, path, fd, status->st_size, error);
}

gboolean
lockstep_archive_add (LockstepArchive *self,
                      const char      *name,
                      const char      *path,
                      GError         **error)
{
  g_autofree char      *valid = g_utf8_make_valid (name, -1);
  struct archive_entry *entry;
  struct stat           status;
  locale_t              previous;
  int                   fd = -1;
  gboolean              ok;

  if (lstat (path, &status) != 0)
    return fail_to_read (path, errno, error);
  if (S_ISREG (status.st_mode) && ((fd = open (path, O_RDONLY | O_CLOEXEC)) < 0 || fstat (fd, &status) != 0))
    {
      ok = fail_to_read (path, errno, error);
      if (fd >= 0)
        close (fd);
      return ok;
    }

  previous = self->utf8 != (locale_t) 0 ? uselocale (self->utf8) : (locale_t) 0;
  entry = archive_entry_new ();
  archive_entry_copy_stat (entry, &status);
  archive_entry_set_pathname_utf8 (entry, valid);
  if (!S_ISREG (status.st_mode))
    archive_entry_set_size (entry, 0);
  ok = add_entry (self, entry, path, fd, &status, error);
  archive_entry_free (entry);
  if (previous != (locale_t) 0)
    uselocale (previous);

  if (fd >= 0)
    close (fd);
  return ok;
}

gboolean
lockstep_archive_finish (LockstepArchive *self,
                         GError         **error)
{
  return archive_write_close (self->archive) == ARCHIVE_OK ? TRUE : fail (self, error);
}
