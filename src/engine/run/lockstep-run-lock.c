/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-run-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/file.h>
#include <unistd.h>

#define LOCK_NAME "lock"

/* Somebody who only looks has the lock for an instant: so often, and so far apart (µs), it is tried before it counts as
 * taken. */
#define TRIES         20
#define BETWEEN_TRIES 10000

struct _LockstepRunLock
{
  int fd;
};

static gboolean
try_to_lock (int fd)
{
  for (guint i = 0; i < TRIES; i++)
    {
      if (flock (fd, LOCK_EX | LOCK_NB) == 0)
        return TRUE;
      if (errno != EWOULDBLOCK && errno != EINTR)
        return FALSE;
      g_usleep (BETWEEN_TRIES);
    }

  errno = EWOULDBLOCK;
  return FALSE;
}

char *
lockstep_run_lock_dup_holder (const char *directory)
{
  g_autofree char *path = g_build_filename (directory, LOCK_NAME, NULL);
  g_autofree char *pid = NULL;

  return g_file_get_contents (path, &pid, NULL, NULL) && *g_strchomp (pid) != '\0' ? g_steal_pointer (&pid) : NULL;
}

static void
set_busy_error (GError    **error,
                const char *directory)
{
  g_autofree char *name = g_path_get_basename (directory);
  g_autofree char *pid = lockstep_run_lock_dup_holder (directory);

  if (pid != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                 _ ("The run %s is at work already, by process %s. Wait for its end, or terminate it there."),
                 name, pid);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                 _ ("The run %s is at work already. Wait for its end, or terminate it there."), name);
}

LockstepRunLock *
lockstep_run_lock_take (const char *directory,
                        GError    **error)
{
  g_autofree char *path = g_build_filename (directory, LOCK_NAME, NULL);
  g_autofree char *pid = g_strdup_printf ("%d\n", (int) getpid ());
  int              fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  LockstepRunLock *self;
  int              saved;

  if (fd < 0)
    {
      saved = errno;
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), _ ("Could not open %s: %s"),
                   path, g_strerror (saved));
      return NULL;
    }

  if (!try_to_lock (fd) && errno == EWOULDBLOCK)
    {
      close (fd);
      set_busy_error (error, directory);
      return NULL;
    }

  /* For people and messages only: that it is held is what counts, so that a full disk is no reason to stop. */
  if (ftruncate (fd, 0) != 0 || write (fd, pid, strlen (pid)) < 0)
    g_debug ("Could not write %s: %s", path, g_strerror (errno));

  self = g_new0 (LockstepRunLock, 1);
  self->fd = fd;

  return self;
}

void
lockstep_run_lock_free (LockstepRunLock *self)
{
  if (self == NULL)
    return;

  close (self->fd);
  g_free (self);
}

gboolean
lockstep_run_lock_is_held (const char *directory)
{
  g_autofree char *path = g_build_filename (directory, LOCK_NAME, NULL);
  int              fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  gboolean         held;

  if (fd < 0)
    return FALSE;

  held = flock (fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  close (fd);

  return held;
}
