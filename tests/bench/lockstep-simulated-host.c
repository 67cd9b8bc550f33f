/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-simulated-host.h"

#include <errno.h>
#include <gio/gio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "echo-many.h"
#include "lockstep-simulated-process.h"

struct _LockstepSimulatedHost
{
  LockstepHost parent_instance;
  int          control; /* of the process that answers */
  pid_t        pid;
};

G_DEFINE_FINAL_TYPE (LockstepSimulatedHost, lockstep_simulated_host, LOCKSTEP_TYPE_HOST)

static void
set_error (GError **error,
           int      number)
{
  g_set_error (error, LOCKSTEP_HOST_ERROR, LOCKSTEP_HOST_ERROR_LAUNCH,
               "A simulated solver could not be connected: %s", g_strerror (number));
}

static LockstepProcess *
lockstep_simulated_host_launch (LockstepHost         *host,
                                const LockstepLaunch *launch,
                                GError              **error)
{
  LockstepSimulatedHost        *self = LOCKSTEP_SIMULATED_HOST (host);
  g_autoptr (GSocket)           socket = NULL;
  g_autoptr (GSocketConnection) connection = NULL;
  int                           ends[2];
  int                           added;

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
    {
      set_error (error, errno);
      return NULL;
    }

  socket = g_socket_new_from_fd (ends[0], NULL);
  added = echo_many_add (self->control, ends[1]);
  if (added < 0)
    set_error (error, errno);
  close (ends[1]);
  if (added < 0)
    return NULL;

  connection = g_socket_connection_factory_create_connection (socket);

  return lockstep_simulated_process_new (G_IO_STREAM (connection), self->pid);
}

static void
lockstep_simulated_host_finalize (GObject *object)
{
  lockstep_simulated_host_end (LOCKSTEP_SIMULATED_HOST (object));

  G_OBJECT_CLASS (lockstep_simulated_host_parent_class)->finalize (object);
}

static void
lockstep_simulated_host_class_init (LockstepSimulatedHostClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lockstep_simulated_host_finalize;
  LOCKSTEP_HOST_CLASS (klass)->launch = lockstep_simulated_host_launch;
}

static void
lockstep_simulated_host_init (LockstepSimulatedHost *self)
{
  self->pid = echo_many_start (&self->control);
}

LockstepHost *
lockstep_simulated_host_new (void)
{
  return g_object_new (LOCKSTEP_TYPE_SIMULATED_HOST, "name", "simulated", NULL);
}

void
lockstep_simulated_host_end (LockstepSimulatedHost *self)
{
  if (self->pid == 0)
    return;

  close (self->control);
  waitpid (self->pid, NULL, 0);
  self->pid = 0;
}
