/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-task-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lockstep-program-process.h"
#include "lockstep-regular-file.h"

/* Copied at a time; the kernel may do less. */
#define COPY_BYTES (16 * 1024 * 1024)

struct _LockstepTaskFolder
{
  char *task; /* the folder of the task, with one for each attempt */
  char *path;
  int   log;
};

/* Sets an error: @what could not be done with @path. */
static void
set_error (GError    **error,
           const char *format,
           const char *path,
           int         number)
{
  g_autofree char *what = NULL;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  what = g_strdup_printf (format, path);
#pragma GCC diagnostic pop
  g_set_error (error, LOCKSTEP_PROGRAM_ERROR, LOCKSTEP_PROGRAM_ERROR_START, "%s: %s%s", what, g_strerror (number),
               number == ENOSPC || number == EDQUOT ? _ (" Make room on the disk.") : "");
}

/* Makes the folder of the attempt, under a name that is free. */
static gboolean
make_attempt (LockstepTaskFolder *self,
              guint               attempt,
              GError            **error)
{
  for (guint i = 1;; i++)
    {
      g_free (self->path);
      self->path = i == 1 ? g_strdup_printf ("%s/%u", self->task, attempt) : g_strdup_printf ("%s/%u-%u", self->task, attempt, i);
      if (mkdir (self->path, 0777) == 0)
        return TRUE;
      /* Another attempt at the task may have been the last one to leave, and have taken its folder along. */
      if (errno == ENOENT && g_mkdir_with_parents (self->task, 0777) == 0)
        i--;
      else if (errno != EEXIST)
        break;
    }

  set_error (error, _ ("The folder %s could not be made"), self->path, errno);
  return FALSE;
}

LockstepTaskFolder *
lockstep_task_folder_new (const LockstepPlaceholders *placeholders,
                          GError                    **error)
{
  g_autoptr (LockstepTaskFolder) self = g_new0 (LockstepTaskFolder, 1);
  g_autofree char               *log = NULL;

  self->log = -1;
  self->task = g_strdup_printf ("%s/tasks/%04" G_GUINT64_FORMAT, placeholders->run, placeholders->task);
  if (!make_attempt (self, placeholders->attempt, error))
    return NULL;

  log = g_build_filename (self->path, LOCKSTEP_PROGRAM_LOG, NULL);
  if ((self->log = open (log, O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0666)) < 0)
    {
      set_error (error, _ ("The file %s could not be made"), log, errno);
      return NULL;
    }

  return g_steal_pointer (&self);
}

void
lockstep_task_folder_free (LockstepTaskFolder *self)
{
  if (self == NULL)
    return;

  if (self->log >= 0)
    close (self->log);
  g_free (self->task);
  g_free (self->path);
  g_free (self);
}

const char *
lockstep_task_folder_get_path (const LockstepTaskFolder *self)
{
  return self->path;
}

int
lockstep_task_folder_get_log (const LockstepTaskFolder *self)
{
  return self->log;
}

static void
set_source_error (GError      **error,
                  const GError *reason)
{
  g_set_error (error, LOCKSTEP_PROGRAM_ERROR, LOCKSTEP_PROGRAM_ERROR_START, _ ("A file could not be read: %s."), reason->message);
}

/* FALSE with errno. */
static gboolean
write_all (int         to,
           const char *text,
           gsize       length)
{
  while (length > 0)
    {
      const ssize_t written = write (to, text, length);

      if (written < 0)
        return FALSE;
      text += written;
      length -= (gsize) written;
    }

  return TRUE;
}

/* Copies all of @from to @to; -1 with errno. */
static int
copy_contents (int from,
               int to)
{
  char    buffer[64 * 1024];
  ssize_t n;

  while ((n = copy_file_range (from, NULL, to, NULL, COPY_BYTES, 0)) > 0)
    ;
  if (n == 0 || (errno != EXDEV && errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP))
    return (int) n;

  while ((n = read (from, buffer, sizeof buffer)) > 0)
    if (!write_all (to, buffer, (gsize) n))
      return -1;

  return (int) n;
}

/* A copy of the file, which may be executed if it may. */
static gboolean
copy_file (const char *source,
           const char *target,
           int         flags,
           GError    **error)
{
  g_autoptr (GError) reason = NULL;
  struct stat        status;
  int                from = lockstep_regular_file_open (source, NULL, &reason);
  int                to, number;

  if (from < 0)
    {
      set_source_error (error, reason);
      return FALSE;
    }
  if (fstat (from, &status) < 0)
    status.st_mode = 0666;

  to = open (target, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | flags, (status.st_mode & 0777) | 0200);
  number = to < 0 || copy_contents (from, to) < 0 ? errno : 0;
  close (from);
  if (to >= 0 && close (to) < 0 && number == 0)
    number = errno;
  if (number != 0)
    set_error (error, _ ("The file %s could not be written"), target, number);

  return number == 0;
}

static gboolean
fill_template (const char                 *source,
               const char                 *target,
               const LockstepPlaceholders *placeholders,
               GError                    **error)
{
  g_autoptr (GString) filled = NULL;
  g_autoptr (GError)  reason = NULL;
  g_autofree char    *text = NULL;
  gsize               length;
  int                 to, number;

  if ((text = lockstep_regular_file_read (source, G_MAXSSIZE, &length, &reason)) == NULL)
    {
      set_source_error (error, reason);
      return FALSE;
    }
  if ((filled = lockstep_program_fill_template (placeholders, source, text, length, error)) == NULL)
    return FALSE;

  /* In a fresh folder, and never over what another file of the plan has put there. */
  to = open (target, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, 0666);
  number = to < 0 || !write_all (to, filled->str, filled->len) ? errno : 0;
  if (to >= 0 && close (to) < 0 && number == 0)
    number = errno;
  if (number != 0)
    set_error (error, _ ("The file %s could not be written"), target, number);

  return number == 0;
}

/* Whether the way to @target, below the folder, leads through a link: what is written there would be the person's own files. */
static gboolean
check_way (LockstepTaskFolder *self,
           const char         *target,
           GError            **error)
{
  for (const char *slash = strchr (target + strlen (self->path) + 1, '/'); slash != NULL; slash = strchr (slash + 1, '/'))
    {
      g_autofree char *folder = g_strndup (target, (gsize) (slash - target));
      struct stat      status;

      if (lstat (folder, &status) < 0)
        return TRUE;
      if (S_ISLNK (status.st_mode))
        {
          g_set_error (error, LOCKSTEP_PROGRAM_ERROR, LOCKSTEP_PROGRAM_ERROR_START,
                       _ ("The file %s cannot be put there: %s is a link, and what it leads to is not the task's own. Link the "
                          "files in it one by one, or copy them."),
                       target, folder);
          return FALSE;
        }
    }

  return TRUE;
}

/* The path of @name in the folder, with the folders that it is in. */
static char *
make_target (LockstepTaskFolder *self,
             const char         *name,
             GError            **error)
{
  char *target = g_build_filename (self->path, name, NULL);

  if (strchr (name, '/') != NULL)
    {
      g_autofree char *folder = g_path_get_dirname (target);

      if (!check_way (self, target, error))
        {
          g_clear_pointer (&target, g_free);
        }
      else if (g_mkdir_with_parents (folder, 0777) < 0)
        {
          set_error (error, _ ("The folder %s could not be made"), folder, errno);
          g_clear_pointer (&target, g_free);
        }
    }

  return target;
}

static gboolean
place_file (LockstepTaskFolder         *self,
            const LockstepProgramFile  *file,
            const LockstepPlaceholders *placeholders,
            GError                    **error)
{
  g_autofree char *name = lockstep_program_file_dup_target (file, placeholders, error);
  g_autofree char *source = NULL;
  g_autofree char *target = NULL;

  if (name == NULL ||
      (source = lockstep_program_text_fill_path (&file->source, placeholders, placeholders->folder, error)) == NULL ||
      (target = make_target (self, name, error)) == NULL)
    return FALSE;

  switch (file->kind)
    {
    case LOCKSTEP_PROGRAM_TEMPLATE:
      return fill_template (source, target, placeholders, error);
    case LOCKSTEP_PROGRAM_COPY:
      return copy_file (source, target, O_EXCL, error);
    case LOCKSTEP_PROGRAM_LINK:
    default:
      /* A link to nothing would be a riddle to the program. */
      if (access (source, F_OK) == 0 && symlink (source, target) == 0)
        return TRUE;
      set_error (error, _ ("The file %s could not be linked"), source, errno);
      return FALSE;
    }
}

gboolean
lockstep_task_folder_place (LockstepTaskFolder         *self,
                            const LockstepProgram      *program,
                            const LockstepPlaceholders *placeholders,
                            GError                    **error)
{
  for (guint i = 0; i < program->files->len; i++)
    if (!place_file (self, g_ptr_array_index (program->files, i), placeholders, error))
      return FALSE;

  return TRUE;
}

/* "out/flows.csv" of task 137 is collected/out/0137-flows.csv. */
static char *
dup_collected (const LockstepPlaceholders *placeholders,
               const char                 *name)
{
  g_autofree char *folder = g_path_get_dirname (name);
  g_autofree char *base = g_path_get_basename (name);
  g_autofree char *named = g_strdup_printf ("%04" G_GUINT64_FORMAT "-%s", placeholders->task, base);
  g_autofree char *path = g_build_filename (placeholders->run, "collected", folder, named, NULL);

  return g_canonicalize_filename (path, NULL);
}

gboolean
lockstep_task_folder_collect (LockstepTaskFolder         *self,
                              const LockstepProgram      *program,
                              const LockstepPlaceholders *placeholders,
                              const char                 *working_folder,
                              GError                    **error)
{
  for (guint i = 0; i < program->collect->len; i++)
    {
      const LockstepProgramText *text = g_ptr_array_index (program->collect, i);
      g_autofree char           *name = lockstep_program_text_fill (text, placeholders, error);
      g_autofree char           *source = NULL;
      g_autofree char           *target = NULL;
      g_autofree char           *folder = NULL;
      g_autofree char           *unfinished = NULL;

      if (name == NULL)
        return FALSE;
      if (!lockstep_program_is_inside (name))
        {
          g_set_error (error, LOCKSTEP_PROGRAM_ERROR, LOCKSTEP_PROGRAM_ERROR_RESULT,
                       _ ("%s: “%s” is not the name of a file in the task's folder"), text->path, name);
          return FALSE;
        }

      source = g_build_filename (working_folder, name, NULL);
      target = dup_collected (placeholders, name);
      folder = g_path_get_dirname (target);
      /* Whole or not at all, since a rival may collect the same. */
      unfinished = g_strdup_printf ("%s.%u", target, placeholders->solver);
      g_mkdir_with_parents (folder, 0777);
      if (!copy_file (source, unfinished, O_TRUNC, error))
        {
          unlink (unfinished);
          return FALSE;
        }
      if (rename (unfinished, target) < 0)
        {
          set_error (error, _ ("The file %s could not be written"), target, errno);
          unlink (unfinished);
          return FALSE;
        }
    }

  return TRUE;
}

static int
remove_entry (const char        *path,
              const struct stat *status,
              int                type,
              struct FTW        *where)
{
  /* What cannot be removed stays; the rest need not. */
  if (remove (path) < 0)
    g_debug ("%s: %s", path, g_strerror (errno));

  return 0;
}

void
lockstep_task_folder_remove (LockstepTaskFolder *self)
{
  nftw (self->path, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
  rmdir (self->task);
}
