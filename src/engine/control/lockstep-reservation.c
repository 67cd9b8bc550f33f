/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-reservation.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "lockstep-json-writer.h"
#include "lockstep-runtime-folder.h"

#define SUFFIX ".run"

/* No honest reservation is larger (bytes). */
#define MAX_SIZE 4096

struct _LockstepReservation
{
  GObject parent_instance;

  char *path;
  int   descriptor; /* holds the lock */
};

G_DEFINE_FINAL_TYPE (LockstepReservation, lockstep_reservation, G_TYPE_OBJECT)

void
lockstep_held_clear (LockstepHeld *held)
{
  g_clear_pointer (&held->names, g_free);
  *held = (LockstepHeld){ 0 };
}

static void
set_error (GError    **error,
           const char *path,
           int         number)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), _ ("%s: %s"), path, g_strerror (number));
}

/* Adds what the file of a live run says to @held. */
static void
add_held (LockstepHeld *held,
          int           descriptor)
{
  char             text[MAX_SIZE];
  const gssize     length = read (descriptor, text, sizeof text);
  gint64           pid = 0;
  gint64           n_solvers = 0;
  gint64           threads = 1;
  g_autofree char *run = NULL;
  g_autofree char *before = NULL;
  g_autofree char *own = NULL;
  LockstepJson     json;

  if (length <= 0 || !lockstep_json_scan (text, (gsize) length, &json, NULL) ||
      !lockstep_json_get_int (lockstep_json_get_member (json, "solvers"), &n_solvers) ||
      !lockstep_json_get_int (lockstep_json_get_member (json, "threads"), &threads) || n_solvers < 0 ||
      n_solvers > G_MAXUINT16 + 1 || threads < 1 || threads > G_MAXUINT16)
    return;

  lockstep_json_get_int (lockstep_json_get_member (json, "pid"), &pid);
  if ((run = lockstep_json_dup_string (lockstep_json_get_member (json, "run"), NULL)) == NULL)
    run = g_strdup ("?");

  held->n_runs++;
  held->n_cpus += (guint) (n_solvers * threads);
  own = g_strdup_printf (_ ("%s (process %d)"), run, (int) pid);
  before = held->names;
  held->names = before == NULL ? g_strdup (own) : g_strdup_printf ("%s, %s", before, own);
}

/* Reads all files of the folder, which is locked, and removes those that nobody holds. */
static void
read_folder (LockstepHeld          *held,
             LockstepRuntimeFolder *shared)
{
  g_autoptr (GDir) dir = g_dir_open (lockstep_runtime_folder_get_path (shared), 0, NULL);
  const int        folder = lockstep_runtime_folder_get_descriptor (shared);
  const char      *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      int descriptor;

      if (!g_str_has_suffix (name, SUFFIX))
        continue;
      if ((descriptor = openat (folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)) < 0)
        continue;
      if (flock (descriptor, LOCK_EX | LOCK_NB) == 0)
        unlinkat (folder, name, 0);
      else
        add_held (held, descriptor);
      close (descriptor);
    }
}

/* Makes the file of @self in @folder, and locks it. */
static gboolean
write_file (LockstepReservation *self,
            const char          *folder,
            const char          *run,
            guint                n_solvers,
            guint                threads,
            GError             **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_printf (text, "{\"pid\":%d", (int) getpid ());
  lockstep_json_append_string_member (text, "run", run);
  if (text->len > MAX_SIZE / 2)
    g_string_printf (text, "{\"pid\":%d,\"run\":\"…\"", (int) getpid ());
  g_string_append_printf (text, ",\"solvers\":%u,\"threads\":%u}\n", n_solvers, threads);

  self->path = g_strdup_printf ("%s/%d-XXXXXX" SUFFIX, folder, (int) getpid ());
  if ((self->descriptor = g_mkstemp_full (self->path, O_RDWR | O_CLOEXEC, 0600)) >= 0 &&
      flock (self->descriptor, LOCK_EX | LOCK_NB) == 0 &&
      write (self->descriptor, text->str, text->len) == (gssize) text->len)
    return TRUE;

  set_error (error, self->path, errno);
  return FALSE;
}

static void
lockstep_reservation_finalize (GObject *object)
{
  LockstepReservation *self = LOCKSTEP_RESERVATION (object);

  if (self->descriptor >= 0)
    {
      g_unlink (self->path);
      close (self->descriptor);
    }
  g_free (self->path);

  G_OBJECT_CLASS (lockstep_reservation_parent_class)->finalize (object);
}

static void
lockstep_reservation_class_init (LockstepReservationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lockstep_reservation_finalize;
}

static void
lockstep_reservation_init (LockstepReservation *self)
{
  self->descriptor = -1;
}

LockstepReservation *
lockstep_reservation_new (const char               *run,
                          guint                     threads,
                          LockstepReservationDecide decide,
                          gpointer                  user_data,
                          GError                  **error)
{
  g_autoptr (LockstepReservation)   self = g_object_new (LOCKSTEP_TYPE_RESERVATION, NULL);
  g_autoptr (LockstepRuntimeFolder) folder = lockstep_runtime_folder_lock (error);
  g_auto (LockstepHeld)             held = { 0 };

  if (folder == NULL)
    return NULL;

  read_folder (&held, folder);
  if (!write_file (self, lockstep_runtime_folder_get_path (folder), run, decide (&held, user_data), threads, error))
    return NULL;

  return g_steal_pointer (&self);
}

gboolean
lockstep_reservation_read_held (LockstepHeld *held,
                                GError      **error)
{
  g_autoptr (LockstepRuntimeFolder) folder = lockstep_runtime_folder_lock (error);

  *held = (LockstepHeld){ 0 };
  if (folder == NULL)
    return FALSE;

  read_folder (held, folder);
  return TRUE;
}
