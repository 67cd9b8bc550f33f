/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-live-places.h"

#include <glib/gi18n-lib.h>

#include "lockstep-run-folder.h"
#include "lockstep-runtime-folder.h"
#include "lockstep-service-socket.h"

/* In what steps (µs) the end of a run is waited for. */
#define END_STEP 10000

LockstepLivePlace *
lockstep_live_place_new (const char *path,
                         const char *directory)
{
  LockstepLivePlace *self = g_new0 (LockstepLivePlace, 1);

  self->path = g_strdup (path);
  self->directory = g_strdup (directory);

  return self;
}

void
lockstep_live_place_free (LockstepLivePlace *self)
{
  g_free (self->path);
  g_free (self->directory);
  g_clear_error (&self->error);
  g_free (self);
}

static gboolean
is_known (GPtrArray  *places,
          const char *path)
{
  for (guint i = 0; i < places->len; i++)
    if (g_str_equal (((LockstepLivePlace *) g_ptr_array_index (places, i))->path, path))
      return TRUE;

  return FALSE;
}

static void
add_kept_runs (GPtrArray *places)
{
  g_autofree char *parent = lockstep_run_folder_dup_parent (NULL);
  g_autoptr (GDir) dir = g_dir_open (parent, 0, NULL);
  const char      *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *directory = g_build_filename (parent, name, NULL);
      g_autofree char *socket = NULL;
      g_autofree char *path = NULL;

      if (!lockstep_run_lock_is_held (directory))
        continue;
      socket = lockstep_service_socket_dup_name (directory);
      path = lockstep_service_socket_dup_path (socket);
      g_ptr_array_add (places, lockstep_live_place_new (path, directory));
    }
}

static void
add_sockets (GPtrArray *places)
{
  g_autofree char *folder = lockstep_runtime_folder_dup_path ();
  g_autofree char *app = lockstep_service_socket_dup_path (LOCKSTEP_SERVICE_APP);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char      *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_str_has_suffix (name, LOCKSTEP_SERVICE_SOCKET_SUFFIX) && !g_str_equal (path, app) &&
          !is_known (places, path))
        g_ptr_array_add (places, lockstep_live_place_new (path, NULL));
    }
}

GPtrArray *
lockstep_live_places_read (void)
{
  GPtrArray *places = g_ptr_array_new_with_free_func ((GDestroyNotify) lockstep_live_place_free);

  add_kept_runs (places);
  add_sockets (places);

  return places;
}

static gboolean
is_at_work (LockstepLivePlace *self)
{
  return self->directory != NULL ? lockstep_run_lock_is_held (self->directory)
                                 : g_file_test (self->path, G_FILE_TEST_EXISTS);
}

static char *
dup_sentence (LockstepLivePlace *self)
{
  g_autofree char *name = NULL;
  g_autofree char *pid = NULL;

  if (self->directory == NULL)
    return g_strdup_printf (_ ("A run is at work that does not answer at %s: %s"), self->path, self->error->message);

  name = g_path_get_basename (self->directory);
  if ((pid = lockstep_run_lock_dup_holder (self->directory)) == NULL)
    pid = g_strdup ("?");
  if (g_error_matches (self->error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return g_strdup_printf (_ ("The run %s is at work by process %s, but its socket %s is gone. It is made again within "
                               "seconds: try again then. “kill %s” ends the run."),
                            name, pid, self->path, pid);

  return g_strdup_printf (_ ("The run %s is at work by process %s, but does not answer at %s: %s"), name, pid, self->path,
                          self->error->message);
}

char *
lockstep_live_place_dup_silence (LockstepLivePlace *self,
                                 gint64             until)
{
  const gboolean refused = g_error_matches (self->error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  gboolean       alive;

  if (refused)
    lockstep_service_socket_remove_stale (self->path);

  /* Its socket goes before its process does. */
  while ((alive = is_at_work (self)) && g_get_monotonic_time () < until &&
         !g_error_matches (self->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    g_usleep (END_STEP);

  return alive ? dup_sentence (self) : NULL;
}
