/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * A Unix socket in the runtime folder that this process listens at, as `NAME.sock`. Its mode is 0600, and so is its
 * folder's 0700; a path fits into the 108 bytes that an address has for it.
 */
typedef struct _LockstepServiceSocket LockstepServiceSocket;

#define LOCKSTEP_SERVICE_SOCKET_SUFFIX ".sock"

/* Where an idle window listens. */
#define LOCKSTEP_SERVICE_APP "app"

/* The name that the controller of the run in the folder @directory listens under: how the folder's own begins, and
 * something that no other folder of that name has. For a run without a folder (NULL) one by the number of the
 * process. */
char *lockstep_service_socket_dup_name (const char *directory);

/* The path of the socket @name. */
char *lockstep_service_socket_dup_path (const char *name);

/* Listens as @name, in place of a socket that nobody listens at any more. Waits for other processes: call it on a
 * thread. NULL with an error: G_IO_ERROR_ADDRESS_IN_USE when somebody does listen there. */
LockstepServiceSocket *lockstep_service_socket_listen (const char *name,
                                                       GError    **error);

/* Stops to listen. The socket goes, unless another process has put its own there. On a thread as well. */
void lockstep_service_socket_free (LockstepServiceSocket *self);

/* To accept from; non-blocking. */
GSocket *lockstep_service_socket_get_socket (LockstepServiceSocket *self);

const char *lockstep_service_socket_get_path (LockstepServiceSocket *self);

/* Whether the file that @info tells the attributes below of is that of the socket. */
#define LOCKSTEP_SERVICE_SOCKET_ATTRIBUTES G_FILE_ATTRIBUTE_UNIX_DEVICE "," G_FILE_ATTRIBUTE_UNIX_INODE
gboolean lockstep_service_socket_is_file (LockstepServiceSocket *self,
                                          GFileInfo             *info);

/* Removes the socket at @path, in the runtime folder, when nobody listens at it: its process died. On a thread. */
void lockstep_service_socket_remove_stale (const char *path);

/* A stream to who listens at @path. The error is G_IO_ERROR_NOT_FOUND or G_IO_ERROR_CONNECTION_REFUSED where nobody
 * does. */
void       lockstep_service_socket_connect_async (const char         *path,
                                                  GCancellable       *cancellable,
                                                  GAsyncReadyCallback callback,
                                                  gpointer            user_data);
GIOStream *lockstep_service_socket_connect_finish (GAsyncResult *result,
                                                   GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepServiceSocket, lockstep_service_socket_free)

G_END_DECLS
