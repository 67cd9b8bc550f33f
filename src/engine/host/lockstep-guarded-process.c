/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-guarded-process.h"

#include "lockstep-json.h"
#include "lockstep-poll.h"

#include <string.h>
#include <sys/socket.h>

/* The guard writes two short lines; anything longer is not a guard. */
#define MAX_LINE 4096

struct _LockstepGuardedProcess
{
  LockstepProcess    parent_instance;
  GSubprocess       *guard;     /* owned */
  gint64             guard_pid; /* 0 when it was gone before anybody could ask */
  GSocket           *control;   /* owned; closed once the guard has closed its end */
  LockstepPollWatch *watch;     /* owned; of control; NULL once it is closed */
  GString           *received;  /* owned; a line that is not complete yet */
  LockstepReport     report;    /* of an unknown end until the guard has written it */
};

G_DEFINE_FINAL_TYPE (LockstepGuardedProcess, lockstep_guarded_process, LOCKSTEP_TYPE_PROCESS)

static LockstepStartFailure
read_start_failure (LockstepJson what)
{
  if (lockstep_json_is_string (what, "directory"))
    return LOCKSTEP_START_DIRECTORY;
  if (lockstep_json_is_string (what, "output"))
    return LOCKSTEP_START_OUTPUT;
  if (lockstep_json_is_string (what, "fork"))
    return LOCKSTEP_START_FORK;
  return LOCKSTEP_START_PROGRAM;
}

static double
read_double (LockstepJson object,
             const char  *member)
{
  double number = 0;

  lockstep_json_get_double (lockstep_json_get_member (object, member), &number);
  return number;
}

static gint64
read_int (LockstepJson object,
          const char  *member)
{
  gint64 number = 0;

  lockstep_json_get_int (lockstep_json_get_member (object, member), &number);
  return number;
}

static void
take_report (LockstepGuardedProcess *self,
             LockstepJson            object)
{
  static const struct
  {
    const char      *member;
    LockstepExitKind kind;
  } outcomes[] = {
    { "exit", LOCKSTEP_EXIT_CODE },
    { "signal", LOCKSTEP_EXIT_SIGNAL },
    { "error", LOCKSTEP_EXIT_NOT_STARTED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      gint64 number;

      if (!lockstep_json_get_int (lockstep_json_get_member (object, outcomes[i].member), &number))
        continue;

      self->report = (LockstepReport){
        .kind = outcomes[i].kind,
        .number = number,
        .seconds = read_double (object, "seconds"),
        .cpu_seconds = read_double (object, "cpu"),
        .peak_memory = read_int (object, "peak"),
        .killed = read_int (object, "killed"),
        .failure = read_start_failure (lockstep_json_get_member (object, "what")),
      };
    }
}

/* What is no report is as good as none: the process has then ended in a way that is not known. */
static void
take_line (LockstepGuardedProcess *self,
           const char             *line,
           gsize                   length)
{
  LockstepJson object;
  gint64       pid;

  if (!lockstep_json_scan (line, length, &object, NULL))
    return;

  if (lockstep_json_get_int (lockstep_json_get_member (object, "started"), &pid))
    lockstep_process_set_started (LOCKSTEP_PROCESS (self), pid, self->guard_pid);
  else
    take_report (self, object);
}

static void
guard_waited_cb (GObject      *guard,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (LockstepGuardedProcess) self = user_data;

  /* Without a cancellable it cannot fail. */
  g_subprocess_wait_finish (G_SUBPROCESS (guard), result, NULL);
  lockstep_process_set_ended (LOCKSTEP_PROCESS (self), &self->report);
}

/* Only the guard's own end says that nothing is left of what it guards. */
static void
end (LockstepGuardedProcess *self)
{
  g_clear_pointer (&self->watch, lockstep_poll_watch_free);
  g_socket_close (self->control, NULL);

  g_subprocess_wait_async (self->guard, NULL, guard_waited_cb, g_object_ref (self));
}

static void
control_ready_cb (gpointer user_data,
                  gboolean readable,
                  gboolean writable)
{
  g_autoptr (LockstepGuardedProcess) self = g_object_ref (user_data);
  g_autoptr (GError)                 error = NULL;
  char                               bytes[512];
  gssize                             n_bytes = g_socket_receive (self->control, bytes, sizeof bytes, NULL, &error);
  char                              *newline;

  if (n_bytes < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return;

  if (n_bytes > 0)
    g_string_append_len (self->received, bytes, n_bytes);

  while ((newline = memchr (self->received->str, '\n', self->received->len)) != NULL)
    {
      gsize length = newline - self->received->str;

      take_line (self, self->received->str, length);
      g_string_erase (self->received, 0, length + 1);
    }

  if (n_bytes <= 0 || self->received->len > MAX_LINE)
    end (self);
}

/* A guard reads its commands at once; where it does not, because it is going, there is nothing to tell it any more. */
static void
send_command (LockstepGuardedProcess *self,
              const char             *command)
{
  if (!g_socket_is_closed (self->control))
    send (g_socket_get_fd (self->control), command, strlen (command), MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void
lockstep_guarded_process_stop (LockstepProcess *process,
                               double           grace)
{
  g_autofree char *command = NULL;
  char             seconds[G_ASCII_DTOSTR_BUF_SIZE];

  command = g_strdup_printf ("stop %s\n", g_ascii_formatd (seconds, sizeof seconds, "%.3f", grace));
  send_command (LOCKSTEP_GUARDED_PROCESS (process), command);
}

static void
lockstep_guarded_process_pause (LockstepProcess *process,
                                gboolean         paused)
{
  send_command (LOCKSTEP_GUARDED_PROCESS (process), paused ? "pause\n" : "continue\n");
}

static void
lockstep_guarded_process_dispose (GObject *object)
{
  LockstepGuardedProcess *self = LOCKSTEP_GUARDED_PROCESS (object);

  g_clear_pointer (&self->watch, lockstep_poll_watch_free);

  /* End of file is how the guard learns that nobody holds the process any more. */
  if (self->control != NULL)
    g_socket_close (self->control, NULL);
  g_clear_object (&self->control);
  g_clear_object (&self->guard);

  G_OBJECT_CLASS (lockstep_guarded_process_parent_class)->dispose (object);
}

static void
lockstep_guarded_process_finalize (GObject *object)
{
  LockstepGuardedProcess *self = LOCKSTEP_GUARDED_PROCESS (object);

  g_string_free (self->received, TRUE);

  G_OBJECT_CLASS (lockstep_guarded_process_parent_class)->finalize (object);
}

static void
lockstep_guarded_process_class_init (LockstepGuardedProcessClass *klass)
{
  GObjectClass         *object_class = G_OBJECT_CLASS (klass);
  LockstepProcessClass *process_class = LOCKSTEP_PROCESS_CLASS (klass);

  object_class->dispose = lockstep_guarded_process_dispose;
  object_class->finalize = lockstep_guarded_process_finalize;
  process_class->stop = lockstep_guarded_process_stop;
  process_class->pause = lockstep_guarded_process_pause;
}

static void
lockstep_guarded_process_init (LockstepGuardedProcess *self)
{
  self->received = g_string_new (NULL);
  self->report.kind = LOCKSTEP_EXIT_UNKNOWN;
}

LockstepProcess *
lockstep_guarded_process_new (GSubprocess *guard,
                              GIOStream   *stream,
                              GSocket     *control)
{
  LockstepGuardedProcess *self = g_object_new (LOCKSTEP_TYPE_GUARDED_PROCESS, NULL);
  const char             *identifier = g_subprocess_get_identifier (guard);
  g_autoptr (GError)      error = NULL;

  self->guard_pid = identifier != NULL ? g_ascii_strtoll (identifier, NULL, 10) : 0;
  self->guard = g_object_ref (guard);
  self->control = g_object_ref (control);
  lockstep_process_set_stream (LOCKSTEP_PROCESS (self), stream);

  g_socket_set_blocking (control, FALSE);
  self->watch = lockstep_poll_watch_new (g_socket_get_fd (control), control_ready_cb, self, &error);

  /* A process that cannot be heard cannot be kept: its guard is let go, and ends it. */
  if (self->watch == NULL)
    {
      g_warning ("The guard of a process cannot be heard: %s", error->message);
      end (self);
    }

  return LOCKSTEP_PROCESS (self);
}
