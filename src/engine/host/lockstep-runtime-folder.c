/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-runtime-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* The file whose lock is that of the whole folder. */
#define FOLDER_LOCK "lock"

/* How long (µs) another process is waited for, and in what steps; it needs no more than a millisecond. */
#define LOCK_WAIT (2 * G_USEC_PER_SEC)
#define LOCK_STEP (5 * 1000)

/* The path of a socket has at most 107 bytes, of which the folder's own name and the socket's take 44. */
#define MAX_RUNTIME 63

struct _LockstepRuntimeFolder
{
  char *path;
  int   descriptor;
  int   lock;
};

static void
set_error (GError    **error,
           const char *path,
           int         number)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), _ ("%s: %s"), path, g_strerror (number));
}

/* Whether it is this person's own and nobody else can write there; then nobody else can look into it either. */
static gboolean
make_private (int descriptor)
{
  struct stat status;

  if (fstat (descriptor, &status) != 0 || status.st_uid != geteuid () || (status.st_mode & 0022) != 0)
    return FALSE;

  return (status.st_mode & 0077) == 0 || fchmod (descriptor, 0700) == 0;
}

static int
open_folder (const char *path,
             GError    **error)
{
  int descriptor;

  if (g_mkdir (path, 0700) != 0 && errno != EEXIST)
    {
      set_error (error, path, errno);
      return -1;
    }
  if ((descriptor = open (path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) < 0)
    {
      set_error (error, path, errno);
      return -1;
    }
  if (!make_private (descriptor))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                   _ ("the folder %s is not this person's alone; remove it, or set XDG_RUNTIME_DIR to one that is"),
                   path);
      close (descriptor);
      return -1;
    }

  return descriptor;
}

/* Waits for the lock of the folder; a process that stands still with it is not waited for for ever. */
static int
lock_folder (int         folder,
             const char *path,
             GError    **error)
{
  const gint64 until = g_get_monotonic_time () + LOCK_WAIT;
  int          descriptor = openat (folder, FOLDER_LOCK, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  int          number = errno;

  while (descriptor >= 0)
    {
      if (flock (descriptor, LOCK_EX | LOCK_NB) == 0)
        return descriptor;
      number = errno;
      if ((number != EWOULDBLOCK && number != EINTR) || g_get_monotonic_time () > until)
        break;
      g_usleep (LOCK_STEP);
    }

  set_error (error, path, number);
  if (descriptor >= 0)
    close (descriptor);
  return -1;
}

char *
lockstep_runtime_folder_dup_path (void)
{
  const char *runtime = g_getenv ("XDG_RUNTIME_DIR");

  if (runtime != NULL && g_path_is_absolute (runtime) && strlen (runtime) <= MAX_RUNTIME &&
      g_file_test (runtime, G_FILE_TEST_IS_DIR))
    return g_build_filename (runtime, "lockstep", NULL);

  return g_strdup_printf ("/tmp/lockstep-%u", (guint) geteuid ());
}

LockstepRuntimeFolder *
lockstep_runtime_folder_lock (GError **error)
{
  g_autofree char       *path = lockstep_runtime_folder_dup_path ();
  const int              descriptor = open_folder (path, error);
  const int              lock = descriptor >= 0 ? lock_folder (descriptor, path, error) : -1;
  LockstepRuntimeFolder *self;

  if (lock < 0)
    {
      if (descriptor >= 0)
        close (descriptor);
      return NULL;
    }

  self = g_new0 (LockstepRuntimeFolder, 1);
  self->path = g_steal_pointer (&path);
  self->descriptor = descriptor;
  self->lock = lock;

  return self;
}

void
lockstep_runtime_folder_unlock (LockstepRuntimeFolder *self)
{
  if (self == NULL)
    return;

  close (self->lock);
  close (self->descriptor);
  g_free (self->path);
  g_free (self);
}

const char *
lockstep_runtime_folder_get_path (LockstepRuntimeFolder *self)
{
  return self->path;
}

int
lockstep_runtime_folder_get_descriptor (LockstepRuntimeFolder *self)
{
  return self->descriptor;
}
