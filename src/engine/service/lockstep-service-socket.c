/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-service-socket.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "lockstep-runtime-folder.h"

/* Characters of a run's folder that its socket begins with: the time of the start, and four digits. */
#define START_LENGTH 20

/* Of the digest that tells folders of that beginning apart. */
#define DIGEST_LENGTH 8

/* Connections that wait to be accepted; the kernel cuts it where it has a lower limit. */
#define BACKLOG 512

struct _LockstepServiceSocket
{
  GSocket *socket;
  char    *path;
  dev_t    device; /* of the file at path, to know it again */
  ino_t    inode;
};

char *
lockstep_service_socket_dup_name (const char *directory)
{
  g_autofree char *base = NULL;
  g_autofree char *digest = NULL;
  char            *real;

  if (directory == NULL)
    return g_strdup_printf ("process-%d", (int) getpid ());

  real = realpath (directory, NULL);
  base = g_path_get_basename (real != NULL ? real : directory);
  digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, real != NULL ? real : directory, -1);
  free (real);
  if (strlen (base) > START_LENGTH)
    base[START_LENGTH] = '\0';
  g_strcanon (base, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_", '-');

  return g_strdup_printf ("%s-%.*s", base, DIGEST_LENGTH, digest);
}

char *
lockstep_service_socket_dup_path (const char *name)
{
  g_autofree char *folder = lockstep_runtime_folder_dup_path ();

  return g_strconcat (folder, G_DIR_SEPARATOR_S, name, LOCKSTEP_SERVICE_SOCKET_SUFFIX, NULL);
}

static gboolean
fill_address (struct sockaddr_un *address,
              const char         *path,
              GError            **error)
{
  *address = (struct sockaddr_un){ .sun_family = AF_UNIX };
  if (g_strlcpy (address->sun_path, path, sizeof address->sun_path) < sizeof address->sun_path)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FILENAME_TOO_LONG,
               _ ("%s is too long for the path of a socket, which has %d bytes at most"), path,
               (int) sizeof address->sun_path - 1);
  return FALSE;
}

/* Whether somebody listens at the address, as far as that can be told. */
static gboolean
is_listened_at (const struct sockaddr_un *address)
{
  const int descriptor = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  int       number = 0;

  if (descriptor < 0)
    return TRUE;
  if (connect (descriptor, (const struct sockaddr *) address, sizeof *address) != 0)
    number = errno;
  close (descriptor);

  return number != ECONNREFUSED && number != ENOENT;
}

static int
listen_at (const struct sockaddr_un *address,
           int                      *number)
{
  const int descriptor = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  /* The file that bind makes has the mode that the socket has by then. */
  if (descriptor >= 0 && fchmod (descriptor, 0600) == 0 &&
      bind (descriptor, (const struct sockaddr *) address, sizeof *address) == 0 && listen (descriptor, BACKLOG) == 0)
    return descriptor;

  *number = errno;
  if (descriptor >= 0)
    close (descriptor);
  return -1;
}

LockstepServiceSocket *
lockstep_service_socket_listen (const char *name,
                                GError    **error)
{
  g_autoptr (LockstepRuntimeFolder) folder = lockstep_runtime_folder_lock (error);
  g_autoptr (LockstepServiceSocket) self = NULL;
  struct sockaddr_un                address;
  struct stat                       status = { 0 };
  int                               descriptor, number;

  if (folder == NULL)
    return NULL;

  self = g_new0 (LockstepServiceSocket, 1);
  self->path = g_strconcat (lockstep_runtime_folder_get_path (folder), G_DIR_SEPARATOR_S, name,
                            LOCKSTEP_SERVICE_SOCKET_SUFFIX, NULL);
  if (!fill_address (&address, self->path, error))
    return NULL;

  if (is_listened_at (&address))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE, _ ("Another process listens at %s"), self->path);
      return NULL;
    }
  unlink (self->path);
  if ((descriptor = listen_at (&address, &number)) < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), _ ("Could not listen at %s: %s"), self->path,
                   g_strerror (number));
      return NULL;
    }

  if (lstat (self->path, &status) == 0)
    {
      self->device = status.st_dev;
      self->inode = status.st_ino;
    }
  if ((self->socket = g_socket_new_from_fd (descriptor, error)) == NULL)
    {
      close (descriptor);
      return NULL;
    }
  g_socket_set_blocking (self->socket, FALSE);

  return g_steal_pointer (&self);
}

void
lockstep_service_socket_free (LockstepServiceSocket *self)
{
  g_autoptr (LockstepRuntimeFolder) folder = NULL;
  struct stat                       status;

  if (self == NULL)
    return;

  if (self->socket != NULL)
    {
      folder = lockstep_runtime_folder_lock (NULL);
      if (lstat (self->path, &status) == 0 && status.st_dev == self->device && status.st_ino == self->inode)
        unlink (self->path);
      g_socket_close (self->socket, NULL);
      g_object_unref (self->socket);
    }
  g_free (self->path);
  g_free (self);
}

GSocket *
lockstep_service_socket_get_socket (LockstepServiceSocket *self)
{
  return self->socket;
}

const char *
lockstep_service_socket_get_path (LockstepServiceSocket *self)
{
  return self->path;
}

gboolean
lockstep_service_socket_is_file (LockstepServiceSocket *self,
                                 GFileInfo             *info)
{
  return g_file_info_get_attribute_uint32 (info, G_FILE_ATTRIBUTE_UNIX_DEVICE) == (guint32) self->device &&
         g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_UNIX_INODE) == self->inode;
}

void
lockstep_service_socket_remove_stale (const char *path)
{
  /* Who listens does so with the lock from the moment the file is there. */
  g_autoptr (LockstepRuntimeFolder) folder = lockstep_runtime_folder_lock (NULL);
  struct sockaddr_un                address;

  if (folder != NULL && fill_address (&address, path, NULL) && !is_listened_at (&address))
    unlink (path);
}

static void
connected_cb (GObject      *client,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask)  task = user_data;
  GError            *error = NULL;
  GSocketConnection *connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (client), result, &error);

  if (connection != NULL)
    g_task_return_pointer (task, connection, g_object_unref);
  else
    g_task_return_error (task, error);
}

void
lockstep_service_socket_connect_async (const char         *path,
                                       GCancellable       *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data)
{
  GTask                     *task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GSocketClient)  client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);

  g_task_set_source_tag (task, lockstep_service_socket_connect_async);
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_connect_async (client, G_SOCKET_CONNECTABLE (address), cancellable, connected_cb, task);
}

GIOStream *
lockstep_service_socket_connect_finish (GAsyncResult *result,
                                        GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
