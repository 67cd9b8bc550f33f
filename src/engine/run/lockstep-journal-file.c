/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-journal-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "lockstep-journal.h"

#define NAME "journal.jsonl"

/* Space reserved ahead of the end, and how much of it may be used up before there has to be more. */
#define RESERVE  (1024 * 1024)
#define USED_MAX (RESERVE / 2)

struct _LockstepJournalFile
{
  char      *directory;
  int        fd;
  GString   *lines;    /* to be written */
  GPtrArray *files;    /* of LockstepResultFile, to be written before the lines that name them */
  GString   *unsynced; /* written, not durable */
  gboolean   rewind;   /* what was written last is lost: cut it off before anything else */
  gboolean   renamed;  /* result files were written since the last sync */
  gboolean   is_short; /* there was no room to reserve */
  goffset    position; /* where the file ends */
  goffset    durable;  /* where what is durable ends */
  goffset    reserved; /* up to where the disk has given room */
};

void
lockstep_result_file_free (LockstepResultFile *self)
{
  g_free (self->name);
  g_bytes_unref (self->text);
  g_free (self);
}

static void
set_error_from_errno (LockstepJournalFile *self,
                      GError             **error,
                      const char          *doing,
                      const char          *name)
{
  const int saved = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), _ ("Could not %s %s/%s: %s"), doing, self->directory, name,
               g_strerror (saved));
}

static gboolean
write_all (int         fd,
           const char *text,
           gsize       length,
           gsize      *written)
{
  while (*written < length)
    {
      ssize_t count = write (fd, text + *written, length - *written);

      if (count < 0 && errno == EINTR)
        continue;
      if (count < 0)
        return FALSE;
      *written += (gsize) count;
    }

  return TRUE;
}

LockstepJournalFile *
lockstep_journal_file_new (const char *directory)
{
  LockstepJournalFile *self = g_new0 (LockstepJournalFile, 1);

  self->directory = g_strdup (directory);
  self->fd = -1;
  self->lines = g_string_new (NULL);
  self->unsynced = g_string_new (NULL);
  self->files = g_ptr_array_new_with_free_func ((GDestroyNotify) lockstep_result_file_free);

  return self;
}

void
lockstep_journal_file_free (LockstepJournalFile *self)
{
  if (self->fd >= 0)
    {
      /* What is reserved behind the end would take room for ever; where it cannot be given up, it is left. */
      if (self->reserved > self->position && ftruncate (self->fd, self->position) != 0)
        g_debug ("Could not give up what was reserved for %s/%s: %s", self->directory, NAME, g_strerror (errno));
      close (self->fd);
    }
  g_string_free (self->lines, TRUE);
  g_string_free (self->unsynced, TRUE);
  g_ptr_array_unref (self->files);
  g_free (self->directory);
  g_free (self);
}

void
lockstep_journal_file_take (LockstepJournalFile *self,
                            GString             *lines,
                            GPtrArray           *files)
{
  const gsize before = self->lines->len;

  for (guint i = 0; i < files->len; i++)
    ((LockstepResultFile *) g_ptr_array_index (files, i))->line += before;
  g_string_append_len (self->lines, lines->str, (gssize) lines->len);
  g_string_truncate (lines, 0);
  g_ptr_array_extend_and_steal (self->files, files);
}

static gboolean
open_file (LockstepJournalFile *self,
           GError             **error)
{
  g_autofree char *path = g_build_filename (self->directory, NAME, NULL);
  g_autofree char *first = NULL;

  if (self->fd >= 0)
    return TRUE;

  self->fd = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (self->fd < 0)
    {
      set_error_from_errno (self, error, _ ("open"), NAME);
      return FALSE;
    }

  self->position = lseek (self->fd, 0, SEEK_END);
  self->durable = self->position;
  if (self->position > 0)
    return TRUE;

  first = g_strdup_printf ("{\"lockstep-journal\":%d}\n", LOCKSTEP_JOURNAL_VERSION);
  g_string_prepend (self->lines, first);
  for (guint i = 0; i < self->files->len; i++)
    ((LockstepResultFile *) g_ptr_array_index (self->files, i))->line += strlen (first);

  return TRUE;
}

/* What was written since the last sync is written again, from where the file was durable. */
static gboolean
rewind_file (LockstepJournalFile *self,
             GError             **error)
{
  if (!self->rewind)
    return TRUE;

  if (ftruncate (self->fd, self->durable) != 0)
    {
      set_error_from_errno (self, error, _ ("write"), NAME);
      return FALSE;
    }

  self->rewind = FALSE;
  self->position = self->durable;
  self->reserved = self->durable;
  g_string_prepend_len (self->lines, self->unsynced->str, (gssize) self->unsynced->len);
  for (guint i = 0; i < self->files->len; i++)
    ((LockstepResultFile *) g_ptr_array_index (self->files, i))->line += self->unsynced->len;
  g_string_truncate (self->unsynced, 0);

  return TRUE;
}

/* Not all file systems can reserve; where one cannot, it is left. FALSE, with errno set, when there is no room. */
static gboolean
reserve (LockstepJournalFile *self,
         gsize                length)
{
  const goffset end = self->position + (goffset) length;

  self->is_short = FALSE;
  if (end + RESERVE - USED_MAX <= self->reserved)
    return TRUE;

  if (fallocate (self->fd, FALLOC_FL_KEEP_SIZE, self->position, (off_t) length + RESERVE) == 0)
    self->reserved = end + RESERVE;
  else
    self->is_short = errno == ENOSPC || errno == EDQUOT;

  return !self->is_short;
}

static gboolean
write_result (LockstepJournalFile      *self,
              const LockstepResultFile *file,
              GError                  **error)
{
  g_autofree char *path = g_build_filename (self->directory, file->name, NULL);
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  gsize            length, written = 0;
  const char      *text = g_bytes_get_data (file->text, &length);
  int              fd = open (part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

  /* A task that is done again has a file already, which somebody may be looking at. */
  if (fd < 0 || !write_all (fd, text, length, &written) || fdatasync (fd) != 0 || rename (part, path) != 0)
    {
      set_error_from_errno (self, error, _ ("write"), file->name);
      if (fd >= 0)
        {
          close (fd);
          unlink (part);
        }
      return FALSE;
    }

  close (fd);
  self->renamed = TRUE;
  return TRUE;
}

/* Writes the results that are files; @end is set to how much of the lines may be written then. */
static gboolean
write_results (LockstepJournalFile *self,
               gsize               *end,
               GError             **error)
{
  guint    n_written = 0;
  gboolean ok = TRUE;

  *end = self->lines->len;
  for (; ok && n_written < self->files->len; n_written += ok)
    {
      const LockstepResultFile *file = g_ptr_array_index (self->files, n_written);

      ok = write_result (self, file, error);
      if (!ok)
        *end = file->line;
    }
  g_ptr_array_remove_range (self->files, 0, n_written);

  return ok;
}

gboolean
lockstep_journal_file_write (LockstepJournalFile *self,
                             GError             **error)
{
  gsize    end, written = 0;
  gboolean ok;

  if (!open_file (self, error) || !rewind_file (self, error))
    return FALSE;

  ok = write_results (self, &end, error);
  if (end == 0)
    return ok;

  reserve (self, end);
  if (!write_all (self->fd, self->lines->str, end, &written))
    {
      if (ok)
        set_error_from_errno (self, error, _ ("write"), NAME);
      ok = FALSE;
    }

  self->position += (goffset) written;
  g_string_append_len (self->unsynced, self->lines->str, (gssize) written);
  g_string_erase (self->lines, 0, (gssize) written);
  for (guint i = 0; i < self->files->len; i++)
    ((LockstepResultFile *) g_ptr_array_index (self->files, i))->line -= written;

  return ok;
}

/* The names of the result files, which the lines rely on. */
static gboolean
sync_names (LockstepJournalFile *self)
{
  g_autofree char *path = g_build_filename (self->directory, "results", NULL);
  int              fd, status;

  if (!self->renamed)
    return TRUE;

  fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  status = fd >= 0 ? fsync (fd) : 0;
  /* Not all file systems know this of a folder. */
  self->renamed = status != 0 && (errno == EIO || errno == ENOSPC || errno == EDQUOT);
  if (fd >= 0)
    close (fd);

  return !self->renamed;
}

gboolean
lockstep_journal_file_sync (LockstepJournalFile *self,
                            GError             **error)
{
  if (self->unsynced->len == 0)
    return TRUE;

  if (!sync_names (self))
    {
      set_error_from_errno (self, error, _ ("make durable"), "results");
      return FALSE;
    }
  /* After an error the system forgets what it could not write, and says that all is well when it is asked again. */
  if (fdatasync (self->fd) != 0)
    {
      set_error_from_errno (self, error, _ ("make durable"), NAME);
      self->rewind = TRUE;
      return FALSE;
    }

  self->durable = self->position;
  g_string_truncate (self->unsynced, 0);
  return TRUE;
}

gboolean
lockstep_journal_file_is_dirty (LockstepJournalFile *self)
{
  return self->unsynced->len > 0;
}

gboolean
lockstep_journal_file_is_done (LockstepJournalFile *self)
{
  return self->lines->len == 0 && self->files->len == 0 && self->unsynced->len == 0;
}

gboolean
lockstep_journal_file_is_short (LockstepJournalFile *self)
{
  return self->is_short;
}

gboolean
lockstep_journal_file_check_room (LockstepJournalFile *self,
                                  GError             **error)
{
  struct statvfs status;

  if (self->fd < 0)
    return TRUE;

  if (!reserve (self, 0))
    {
      set_error_from_errno (self, error, _ ("write"), NAME);
      return FALSE;
    }
  /* What has no blocks has no limit, as a tmpfs may be. */
  if (fstatvfs (self->fd, &status) == 0 && status.f_blocks > 0 &&
      (guint64) status.f_bavail * status.f_frsize < LOCKSTEP_JOURNAL_ROOM_MIN)
    {
      errno = ENOSPC;
      set_error_from_errno (self, error, _ ("write"), NAME);
      return FALSE;
    }

  return TRUE;
}

void
lockstep_journal_file_drop_results (LockstepJournalFile *self)
{
  for (guint i = self->files->len; i > 0; i--)
    {
      const LockstepResultFile *file = g_ptr_array_index (self->files, i - 1);
      const char               *line = self->lines->str + file->line;

      g_string_erase (self->lines, (gssize) file->line, strchr (line, '\n') + 1 - line);
    }
  g_ptr_array_set_size (self->files, 0);
}
