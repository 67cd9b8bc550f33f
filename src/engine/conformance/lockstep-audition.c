/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-audition.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "lockstep-json-writer.h"
#include "lockstep-local-host.h"
#include "lockstep-message.h"
#include "lockstep-wire.h"

/* Seconds between SIGTERM and SIGKILL for what the solver leaves behind, or when it does not end. */
#define GRACE 0.25

/* Seconds in which a solver whose stream has ended is expected to end as well, before that is called closing it. */
#define LAST_MOMENT 0.5

/* Nothing in here waits longer than this for what the guard does of itself. */
#define WATCHDOG 60.0

/* A call, and what came of it. */
typedef struct
{
  LockstepHeard heard;
  gint64        called_at;
  gboolean      any_task; /* it calls a step without saying which task it is, as a controller would not */
  gint64        task;     /* -1 for none */
  GBytes       *line;     /* of the answer */
  char         *message;
} Call;

struct _LockstepAudition
{
  GMainContext    *context;
  LockstepProcess *process;
  LockstepWire    *wire;
  GPtrArray       *calls; /* of Call; id 1 is the first */
  guint            n_answers;
  guint            n_refusals;
  GPtrArray       *complaints; /* of char */
  GError          *fault;      /* why the stream is of no use any more */
  gboolean         heard;      /* anything at all */
  gboolean         hung_up;
  gboolean         ended;
  LockstepReport   report;
};

typedef gboolean (*Condition) (LockstepAudition *self,
                               gconstpointer     data);

static gboolean
expire_cb (gpointer expired)
{
  *(gboolean *) expired = TRUE;

  return G_SOURCE_REMOVE;
}

/* Waits until @condition or @seconds have gone; returns whether it is so. */
static gboolean
wait_for (LockstepAudition *self,
          Condition         condition,
          gconstpointer     data,
          double            seconds)
{
  g_autoptr (GSource) timeout = g_timeout_source_new ((guint) CLAMP (seconds * 1000, 0, G_MAXINT32));
  gboolean            expired = FALSE;
  gboolean            met;

  g_source_set_callback (timeout, expire_cb, &expired, NULL);
  g_source_attach (timeout, self->context);
  while (!(met = condition (self, data)) && !expired)
    g_main_context_iteration (self->context, TRUE);
  g_source_destroy (timeout);

  return met;
}

static gboolean
has_ended (LockstepAudition *self,
           gconstpointer     data)
{
  return self->ended;
}

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_pointer (&call->line, g_bytes_unref);
  g_free (call->message);
  g_free (call);
}

/* Takes over @complaint, and drops one that was made before. */
static void
complain (LockstepAudition *self,
          char             *complaint)
{
  if (g_ptr_array_find_with_equal_func (self->complaints, complaint, g_str_equal, NULL))
    g_free (complaint);
  else
    g_ptr_array_add (self->complaints, complaint);
}

static gboolean
is_one_of (LockstepJson value,
           const char  *first,
           const char  *second)
{
  const char *kind = lockstep_json_describe (value);

  return g_str_equal (kind, first) || g_str_equal (kind, second) || g_str_equal (kind, "nothing");
}

/* Whether @task is that of a call, or one is open that has any. */
static gboolean
is_task_of_call (LockstepAudition *self,
                 gint64            task)
{
  for (guint i = 0; i < self->calls->len; i++)
    {
      const Call *call = g_ptr_array_index (self->calls, i);

      if ((task >= 0 && call->task == task) || (call->any_task && call->line == NULL))
        return TRUE;
    }

  return FALSE;
}

static void
check_progress (LockstepAudition *self,
                LockstepJson      params)
{
  LockstepJson     task = lockstep_json_get_member (params, "task");
  LockstepJson     fraction = lockstep_json_get_member (params, "fraction");
  LockstepJson     values = lockstep_json_get_member (params, "values");
  LockstepJsonIter iter;
  LockstepJson     name, value;
  gint64           task_number = -1;
  double           number = 0;

  if (!is_one_of (fraction, "a number", "null") || (lockstep_json_get_double (fraction, &number) && number > 1))
    complain (self, g_strdup_printf (_ ("it sent progress whose “fraction” is %.*s, which is neither a number of at most "
                                        "1 nor null"),
                                     (int) MIN (fraction.length, 40), fraction.text));
  if (!is_one_of (lockstep_json_get_member (params, "message"), "a string", "null"))
    complain (self, g_strdup (_ ("it sent progress whose “message” is neither a string nor null")));
  if (!is_one_of (task, "a number", "nothing"))
    complain (self, g_strdup (_ ("it sent progress whose “task” is not the number of the task")));
  else if (lockstep_json_get_kind (task) == LOCKSTEP_JSON_NUMBER &&
           (!lockstep_json_get_int (task, &task_number) || !is_task_of_call (self, task_number)))
    complain (self, g_strdup_printf (_ ("it sent progress whose “task” is %.*s, which no call has; it is the “task” of the "
                                        "call, and absent during initialize"),
                                     (int) MIN (task.length, 40), task.text));
  if (!is_one_of (values, "an object", "null"))
    complain (self, g_strdup (_ ("it sent progress whose “values” are not an object")));

  lockstep_json_iter_init (&iter, values);
  while (lockstep_json_iter_next (&iter, &name, &value))
    if (!lockstep_json_get_double (value, &number))
      complain (self, g_strdup_printf (_ ("it sent progress with the value %.*s, which is not a number"),
                                       (int) MIN (name.length, 40), name.text));
}

static void
check_log (LockstepAudition *self,
           LockstepJson      params)
{
  static const char *const levels[] = { "debug", "info", "warning", "error", NULL };
  g_autofree char         *level = lockstep_json_dup_string (lockstep_json_get_member (params, "level"), NULL);

  if (level == NULL || !g_strv_contains (levels, level))
    complain (self, g_strdup (_ ("it sent a line for the log whose “level” is none of debug, info, warning and error")));
  if (lockstep_json_get_kind (lockstep_json_get_member (params, "text")) != LOCKSTEP_JSON_STRING)
    complain (self, g_strdup (_ ("it sent a line for the log whose “text” is not a string")));
}

static void
check_call (LockstepAudition      *self,
            const LockstepMessage *message)
{
  g_autofree char *method = lockstep_json_dup_string (message->method, NULL);

  if (message->kind == LOCKSTEP_MESSAGE_REQUEST)
    complain (self, g_strdup_printf (_ ("it called “%s”, but a solver calls nobody; what it tells has no “id”"), method));
  else if (g_str_equal (method, "progress"))
    check_progress (self, message->params);
  else if (g_str_equal (method, "log"))
    check_log (self, message->params);
  else
    complain (self, g_strdup_printf (_ ("it sent the notification “%s”; a solver may send progress and log"), method));
}

/* The reason in the message of an error, as it is shown elsewhere: the last line that is not empty. */
static char *
dup_reason (LockstepJson error)
{
  g_autofree char *text = lockstep_json_dup_string (lockstep_json_get_member (error, "message"), NULL);
  char            *line;

  g_strchomp (text);
  line = strrchr (text, '\n');

  return g_strstrip (g_strdup (line != NULL ? line + 1 : text));
}

static void
take_answer (LockstepAudition      *self,
             GBytes                *line,
             const LockstepMessage *message)
{
  gint64 id = 0;
  Call  *call;

  if (message->kind == LOCKSTEP_MESSAGE_ERROR && lockstep_json_get_kind (message->id) == LOCKSTEP_JSON_NULL)
    {
      self->n_refusals++;
      return;
    }
  if (lockstep_json_get_kind (message->id) == LOCKSTEP_JSON_STRING)
    {
      complain (self, g_strdup_printf (_ ("it answered with the id %.*s, a string; the id must come back as the number that "
                                          "it was"),
                                       (int) MIN (message->id.length, 40), message->id.text));
      return;
    }
  if (!lockstep_json_get_int (message->id, &id) || id < 1 || id > self->calls->len)
    {
      complain (self, g_strdup_printf (_ ("it answered a call that was not made, with the id %.*s"),
                                       (int) MIN (message->id.length, 40), message->id.text));
      return;
    }
  call = g_ptr_array_index (self->calls, id - 1);
  if (call->line != NULL)
    {
      complain (self, g_strdup (_ ("it answered a call twice")));
      return;
    }

  call->line = g_bytes_ref (line);
  call->heard.order = ++self->n_answers;
  call->heard.seconds = (double) (g_get_monotonic_time () - call->called_at) / G_USEC_PER_SEC;
  call->heard.kind = message->kind == LOCKSTEP_MESSAGE_ERROR ? LOCKSTEP_HEARD_ERROR : LOCKSTEP_HEARD_RESULT;
  call->heard.result = message->result;
  if (message->kind == LOCKSTEP_MESSAGE_ERROR)
    {
      lockstep_json_get_int (lockstep_json_get_member (message->error, "code"), &call->heard.code);
      call->heard.message = call->message = dup_reason (message->error);
    }
}

static void
received_cb (gpointer owner,
             GBytes  *line)
{
  LockstepAudition *self = owner;
  LockstepMessage   message;
  int               code;

  self->heard = TRUE;
  if (self->fault != NULL)
    return;
  if (!lockstep_message_read (&message, line, &code, &self->fault))
    return;
  if (message.kind == LOCKSTEP_MESSAGE_RESULT || message.kind == LOCKSTEP_MESSAGE_ERROR)
    take_answer (self, line, &message);
  else
    check_call (self, &message);
}

static void
failed_cb (gpointer      owner,
           const GError *reason)
{
  LockstepAudition *self = owner;

  /* Any other reason lies in what was written. */
  if (!g_error_matches (reason, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_CLOSED))
    self->heard = TRUE;
  if (self->fault == NULL)
    self->fault = g_error_copy (reason);
}

static const LockstepWireEvents events = { received_cb, failed_cb };

static void
ended_cb (LockstepProcess      *process,
          const LockstepReport *report,
          LockstepAudition     *self)
{
  self->ended = TRUE;
  self->report = *report;
}

LockstepAudition *
lockstep_audition_new (const char *const *command,
                       const char        *directory,
                       const char        *output,
                       GError           **error)
{
  g_autoptr (LockstepHost)    host = lockstep_local_host_new ("local", NULL);
  g_autoptr (LockstepProcess) process = NULL;
  LockstepAudition           *self;
  const LockstepLaunch        launch = {
           .command = command,
           .directory = directory,
           .output = output,
           .threads = 1,
           .grace = GRACE,
  };

  if (!(process = lockstep_host_launch (host, &launch, error)))
    return NULL;

  self = g_new0 (LockstepAudition, 1);
  self->context = g_main_context_ref_thread_default ();
  self->process = g_steal_pointer (&process);
  self->calls = g_ptr_array_new_with_free_func (call_free);
  self->complaints = g_ptr_array_new_with_free_func (g_free);
  g_signal_connect (self->process, "ended", G_CALLBACK (ended_cb), self);
  self->wire = lockstep_wire_new (lockstep_process_get_stream (self->process), &events, self);

  return self;
}

void
lockstep_audition_free (LockstepAudition *self)
{
  LockstepReport report;

  lockstep_audition_wait_end (self, 0, &report);
  lockstep_wire_close (self->wire);
  g_object_unref (self->wire);
  g_signal_handlers_disconnect_by_data (self->process, self);
  g_object_unref (self->process);
  g_ptr_array_unref (self->calls);
  g_ptr_array_unref (self->complaints);
  g_clear_error (&self->fault);
  g_main_context_unref (self->context);
  g_free (self);
}

/* Notes which task the call of @method with @params is. */
static void
call_set_task (Call       *call,
               const char *method,
               const char *params)
{
  LockstepJson value = { NULL, 0 };

  call->task = -1;
  if (params == NULL || !lockstep_json_scan (params, strlen (params), &value, NULL))
    return;

  if (!lockstep_json_get_int (lockstep_json_get_member (value, "task"), &call->task))
    call->any_task = !g_str_equal (method, "initialize");
}

guint
lockstep_audition_call (LockstepAudition *self,
                        const char       *method,
                        const char       *params)
{
  g_autoptr (GString) line = g_string_new (NULL);
  Call               *call = g_new0 (Call, 1);

  call_set_task (call, method, params);
  g_ptr_array_add (self->calls, call);
  lockstep_message_append_call (line, self->calls->len, method, params != NULL);
  if (params != NULL)
    g_string_append (line, params);
  g_string_append (line, LOCKSTEP_MESSAGE_TAIL);
  call->called_at = g_get_monotonic_time ();
  lockstep_audition_say (self, line->str);

  return self->calls->len;
}

void
lockstep_audition_say (LockstepAudition *self,
                       const char       *line)
{
  g_autoptr (GString) head = g_string_new (line);

  if (self->fault == NULL && !self->hung_up)
    lockstep_wire_send (self->wire, head, NULL, "");
}

/* Whether the call *@data was answered, or will not be. */
static gboolean
is_decided (LockstepAudition *self,
            gconstpointer     data)
{
  const Call *call = data;

  return call->line != NULL || lockstep_audition_is_over (self);
}

LockstepHeard
lockstep_audition_hear (LockstepAudition *self,
                        guint             id,
                        double            seconds)
{
  Call *call = g_ptr_array_index (self->calls, id - 1);

  wait_for (self, is_decided, call, seconds);
  if (call->line == NULL && lockstep_audition_is_over (self))
    {
      /* That its stream has ended is known first; why, when the guard has told. */
      wait_for (self, has_ended, NULL, LAST_MOMENT);
      call->heard.kind = LOCKSTEP_HEARD_END;
    }

  return call->heard;
}

guint
lockstep_audition_get_n_refusals (LockstepAudition *self)
{
  return self->n_refusals;
}

gboolean
lockstep_audition_has_heard (LockstepAudition *self)
{
  return self->heard;
}

gboolean
lockstep_audition_is_over (LockstepAudition *self)
{
  return self->fault != NULL || self->ended;
}

char *
lockstep_audition_dup_end (LockstepAudition *self)
{
  if (self->fault != NULL && !g_error_matches (self->fault, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_CLOSED))
    return g_strdup (self->fault->message);
  if (self->ended)
    {
      g_autofree char *report = lockstep_report_dup_text (&self->report);

      /* TRANSLATORS: %s is such as “exited with code 3” */
      return g_strdup_printf (_ ("the solver %s"), report);
    }

  return g_strdup (_ ("the solver closed its stream, and lives on"));
}

GPtrArray *
lockstep_audition_get_complaints (LockstepAudition *self)
{
  return self->complaints;
}

gint64
lockstep_audition_get_pid (LockstepAudition *self)
{
  return lockstep_process_get_pid (self->process);
}

void
lockstep_audition_hang_up (LockstepAudition *self)
{
  self->hung_up = TRUE;
  lockstep_wire_close (self->wire);
}

/* The solver's own process is gone, though not what it may have left behind. */
static gboolean
has_gone (LockstepAudition *self,
          gconstpointer     data)
{
  const gint64 pid = lockstep_process_get_pid (self->process);

  return self->ended || (pid > 0 && kill ((pid_t) pid, 0) != 0 && errno == ESRCH);
}

gboolean
lockstep_audition_wait_end (LockstepAudition *self,
                            double            seconds,
                            LockstepReport   *report)
{
  const gint64 until = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);
  gboolean     by_itself;

  /* Nothing tells in between that the solver has gone and only others of it are left, so that is looked for. */
  do
    by_itself = wait_for (self, has_gone, NULL, 0.05);
  while (!by_itself && g_get_monotonic_time () < until);

  if (!by_itself)
    lockstep_process_stop (self->process, GRACE);
  wait_for (self, has_ended, NULL, WATCHDOG);
  *report = self->report;

  return by_itself;
}
