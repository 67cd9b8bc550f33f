/* SPDX-License-Identifier: MIT */

#include "lockstep-serve.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "lockstep-json-writer.h"
#include "lockstep-sdk-message.h"

/* A step that lasts longer has the stream served by the watcher. */
#define SHORT_STEP (G_USEC_PER_SEC / 1000)

/* How late a long step may be noticed where short ones went before it. */
#define LONGEST_PATIENCE (32 * G_USEC_PER_SEC / 1000)

/* How long a step may take to notice that its process ends. */
#define LAST_MOMENTS (G_USEC_PER_SEC / 2)

typedef enum
{
  NOBODY,
  COMPUTER, /* the thread that called lockstep_serve() */
  WATCHER,
} Reader;

typedef struct
{
  LockstepSdkSolver *solver;
  LockstepStream    *stream;
  LockstepOutlet     outlet;
  int                timer; /* wakes the watcher when it reads: progress is due, or reading is wanted back */
  int                alarm; /* wakes the watcher when it does not: the step may be a long one, or all is over */
  gboolean           patient;

  GMutex         lock; /* of everything below */
  GCond          changed;
  Reader         reader;  /* whose the reading half of the stream is */
  GQueue         waiting; /* calls, in the order they came */
  LockstepCall  *running;
  gint64         running_since;
  gint64         alarm_due; /* past when none is set */
  gint64         patience;  /* how long after the beginning of a step the alarm is set to go off */
  gboolean       closing;
  LockstepServed served;
} Server;

static void
set_timer (int    timer,
           gint64 due)
{
  struct itimerspec time = { .it_value = { due / G_USEC_PER_SEC, due % G_USEC_PER_SEC * 1000 } };

  timerfd_settime (timer, TFD_TIMER_ABSTIME, &time, NULL);
}

static void
notify (gpointer    data,
        const char *method,
        const char *params,
        gsize       length)
{
  lockstep_sdk_message_notify (((Server *) data)->stream, method, params, length);
}

static void
remind (gpointer data,
        gint64   due)
{
  set_timer (((Server *) data)->timer, due);
}

/* The call that computes, to be looked at without the lock; NULL when there is none. @n_waiting may be NULL. */
static LockstepCall *
ref_running (Server *self,
             guint  *n_waiting)
{
  LockstepCall *call;

  g_mutex_lock (&self->lock);
  call = self->running ? lockstep_call_ref (self->running) : NULL;
  if (n_waiting)
    *n_waiting = self->waiting.length;
  g_mutex_unlock (&self->lock);

  return call;
}

static void
answer_status (Server      *self,
               LockstepJson id)
{
  guint                    n_waiting;
  g_autoptr (LockstepCall) call = ref_running (self, &n_waiting);
  g_autoptr (GString)      status = g_string_new ("{\"state\":\"busy\"");

  if (call && strcmp (call->method->name, "initialize") == 0)
    g_string_assign (status, "{\"state\":\"initializing\"");
  if (call && lockstep_call_append_status (call, status))
    g_string_append_c (status, '}');
  else /* one whose result is on its way does not compute, but the next may be about to */
    g_string_printf (status, "{\"state\":\"%s\",\"fraction\":null,\"message\":null}", n_waiting > 0 ? "busy" : "ready");
  lockstep_sdk_message_answer (self->stream, id, (LockstepJson){ status->str, status->len });
}

/* Takes the call of @task out of those that wait. */
static LockstepCall *
take_waiting (Server *self,
              gint64  task)
{
  for (GList *link = self->waiting.head; link; link = link->next)
    {
      LockstepCall *call = link->data;

      if (call->task != task)
        continue;
      g_queue_unlink (&self->waiting, link);
      return call;
    }

  return NULL;
}

static void
cancel (Server      *self,
        LockstepJson params)
{
  LockstepCall *waiting = NULL;
  gint64        task;

  if (!lockstep_json_get_int (lockstep_json_get_member (params, "task"), &task))
    return;
  g_mutex_lock (&self->lock);
  /* One that is over may be tried again under the same number. */
  if (!self->running || self->running->task != task || !lockstep_call_cancel (self->running))
    waiting = take_waiting (self, task);
  g_mutex_unlock (&self->lock);

  if (waiting)
    {
      lockstep_sdk_message_fail (self->stream, waiting->id, LOCKSTEP_CODE_STEP_FAILED, "cancelled before it began");
      lockstep_call_unref (waiting);
    }
}

/* Ends the process under a step that does not come back. Nothing that the step may stand in is torn down. */
static void
abandon (void)
{
  if (ftrylockfile (stdout) == 0)
    fflush_unlocked (stdout);
  _exit (0);
}

/* The one way to the end: called by the thread that reads. */
static void
finish (Server        *self,
        LockstepServed served)
{
  gint64   until = g_get_monotonic_time () + LAST_MOMENTS;
  gboolean for_ever = self->patient && served == LOCKSTEP_SERVED_GONE;

  g_mutex_lock (&self->lock);
  self->closing = TRUE;
  self->served = served;
  if (self->running)
    lockstep_call_cancel (self->running);
  while (self->running)
    {
      if (for_ever)
        g_cond_wait (&self->changed, &self->lock);
      else if (!g_cond_wait_until (&self->changed, &self->lock, until))
        abandon ();
    }
  g_cond_broadcast (&self->changed);
  set_timer (self->alarm, 1);
  g_mutex_unlock (&self->lock);
}

/* Keeps the call of a step, or answers why not. */
static void
accept_call (Server             *self,
             LockstepSdkMessage *message)
{
  const LockstepMethod *method = lockstep_sdk_solver_find (self->solver, message->method);
  LockstepCall         *call;
  g_autoptr (GError)    error = NULL;

  if (!method)
    {
      g_autofree char *steps = lockstep_sdk_solver_list_steps (self->solver);
      g_autofree char *name = lockstep_json_dup_string (message->method, NULL);
      g_autofree char *reason = g_strdup_printf ("the solver %s has no method “%s”; its steps are %s",
                                                 self->solver->name, name, steps);

      lockstep_sdk_message_fail (self->stream, message->id, LOCKSTEP_CODE_METHOD_NOT_FOUND, reason);
      return;
    }
  call = lockstep_call_new (method, message->memory, message->params, message->members, &self->outlet,
                            &error);
  if (!call)
    {
      lockstep_sdk_message_fail (self->stream, message->id, LOCKSTEP_CODE_INVALID_PARAMS, error->message);
      return;
    }
  message->memory = NULL; /* it is the call's */
  call->id = message->id;

  g_mutex_lock (&self->lock);
  g_queue_push_tail_link (&self->waiting, &call->link);
  if (self->reader == WATCHER)
    g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

/* Does what a line asks for, or keeps it. Takes over @line. */
static void
handle_line (Server *self,
             char   *line,
             gsize   length)
{
  LockstepSdkMessage message;
  g_autoptr (GError) error = NULL;
  int                code;

  if (length == 0 || strcmp (line, "\r") == 0)
    {
      g_free (line);
      return;
    }
  if (lockstep_sdk_message_read (&message, line, length, &code, &error))
    {
      if (lockstep_json_is_string (message.method, "cancel"))
        cancel (self, message.params);
      else if (!message.id.text)
        g_debug ("A notification that solvers do not know was passed over: %.*s", (int) message.method.length,
                 message.method.text);
      else if (lockstep_json_is_string (message.method, "status"))
        answer_status (self, message.id);
      else if (lockstep_json_is_string (message.method, "terminate"))
        {
          lockstep_sdk_message_answer (self->stream, message.id, (LockstepJson){ "{}", 2 });
          finish (self, LOCKSTEP_SERVED_TERMINATED);
        }
      else
        accept_call (self, &message);
    }
  else if (error)
    {
      lockstep_sdk_message_fail (self->stream, message.id, code, error->message);
    }
  lockstep_sdk_message_clear (&message);
}

/* Reads until there is a call to compute. Of the computer. */
static void
read_call (Server *self)
{
  while (!self->closing && g_queue_is_empty (&self->waiting))
    {
      gsize length;
      char *line = lockstep_stream_take_line (self->stream, &length);

      if (line)
        handle_line (self, line, length);
      else if (!lockstep_stream_fill (self->stream))
        finish (self, LOCKSTEP_SERVED_GONE);
    }
}

/* Waits for bytes to read, or the timer. */
static void
wait_for_bytes (Server *self)
{
  struct pollfd descriptors[] = {
    { .fd = lockstep_stream_get_descriptor (self->stream), .events = POLLIN },
    { .fd = self->timer, .events = POLLIN },
  };
  guint64 n_expired;

  poll (descriptors, G_N_ELEMENTS (descriptors), -1);
  if (descriptors[1].revents && read (self->timer, &n_expired, sizeof n_expired) == sizeof n_expired)
    {
      LockstepCall *call = ref_running (self, NULL);

      if (call)
        {
          lockstep_call_flush (call);
          lockstep_call_unref (call);
        }
    }
  if (descriptors[0].revents && !lockstep_stream_fill (self->stream))
    finish (self, LOCKSTEP_SERVED_GONE);
}

/* Reads as long as a step computes. Of the watcher, with the lock held outside of what takes time. */
static void
read_beside_step (Server *self)
{
  self->reader = WATCHER;
  while (!self->closing && (self->running || !g_queue_is_empty (&self->waiting)))
    {
      gsize length;
      char *line;

      g_mutex_unlock (&self->lock);
      line = lockstep_stream_take_line (self->stream, &length);
      if (line)
        handle_line (self, line, length);
      else
        wait_for_bytes (self);
      g_mutex_lock (&self->lock);
    }
  self->reader = NOBODY;
  g_cond_broadcast (&self->changed);
}

/* Sets the alarm for the step that begins, with the lock held. While steps follow each other it is moved on now and
 * then, and never goes off: that costs less than to wake the watcher, be it seldom. */
static void
set_alarm (Server *self)
{
  const gint64 ahead = self->alarm_due - self->running_since;

  if (self->reader == WATCHER || ahead >= self->patience / 2)
    return;
  if (ahead > 0)
    self->patience = MIN (self->patience * 2, LONGEST_PATIENCE);
  self->alarm_due = self->running_since + self->patience;
  set_timer (self->alarm, self->alarm_due);
}

/* Waits for the alarm. Of the watcher, with the lock held outside of it. */
static void
wait_for_alarm (Server *self)
{
  guint64 n_expired;

  g_mutex_unlock (&self->lock);
  while (read (self->alarm, &n_expired, sizeof n_expired) < 0 && errno == EINTR)
    ;
  g_mutex_lock (&self->lock);
}

/* The alarm has gone off, or has just been set anew. Of the watcher, with the lock held. */
static void
look_at_step (Server *self)
{
  const gint64 now = g_get_monotonic_time ();

  if (self->alarm_due > now)
    return;
  if (!self->running)
    {
      self->patience = MIN (self->patience * 2, LONGEST_PATIENCE);
    }
  else if (now >= self->running_since + SHORT_STEP)
    {
      self->patience = SHORT_STEP;
      read_beside_step (self);
    }
  else
    {
      self->alarm_due = self->running_since + SHORT_STEP;
      set_timer (self->alarm, self->alarm_due);
    }
}

static gpointer
watch (gpointer data)
{
  Server *self = data;

  g_mutex_lock (&self->lock);
  while (!self->closing)
    {
      wait_for_alarm (self);
      if (!self->closing)
        look_at_step (self);
    }
  g_mutex_unlock (&self->lock);

  return NULL;
}

/* Computes the call and answers it. */
static void
compute (Server       *self,
         LockstepCall *call)
{
  g_autoptr (GError) error = NULL;
  int                code;

  if (lockstep_sdk_solver_compute (self->solver, call, &code, &error))
    lockstep_sdk_message_answer (self->stream, call->id, lockstep_call_get_answer (call));
  else
    lockstep_sdk_message_fail (self->stream, call->id, code, error->message);
}

/* Takes the stream for the computer; FALSE when there is something better to do. */
static gboolean
take_reading (Server *self)
{
  if (self->reader == WATCHER)
    {
      set_timer (self->timer, 1);
      g_cond_wait (&self->changed, &self->lock);
      return FALSE;
    }
  self->reader = COMPUTER;

  return TRUE;
}

static void
run_call (Server       *self,
          LockstepCall *call)
{
  self->running = call;
  self->running_since = g_get_monotonic_time ();
  set_alarm (self);
  g_mutex_unlock (&self->lock);

  compute (self, call);

  g_mutex_lock (&self->lock);
  self->running = NULL;
  if (self->closing)
    g_cond_broadcast (&self->changed);
  lockstep_call_unref (call);
}

static void
compute_calls (Server *self)
{
  g_mutex_lock (&self->lock);
  while (!self->closing)
    {
      GList *link = g_queue_pop_head_link (&self->waiting);

      if (link)
        {
          run_call (self, link->data);
        }
      else if (take_reading (self))
        {
          g_mutex_unlock (&self->lock);
          read_call (self);
          g_mutex_lock (&self->lock);
          self->reader = NOBODY;
        }
    }
  g_mutex_unlock (&self->lock);
}

static void
drop_waiting (Server *self)
{
  GList *link;

  while ((link = g_queue_pop_head_link (&self->waiting)))
    lockstep_call_unref (link->data);
}

static int
make_timer (int flags)
{
  int timer = timerfd_create (CLOCK_MONOTONIC, TFD_CLOEXEC | flags);

  if (timer < 0)
    g_error ("The solver cannot serve: a timer could not be made: %s; if files are left open, close them",
             g_strerror (errno));

  return timer;
}

/* Starts the watcher with all signals blocked: handlers of the solver run on the thread that its author knows. */
static GThread *
start_watcher (Server *self)
{
  sigset_t all;
  sigset_t before;
  GThread *thread;

  sigfillset (&all);
  pthread_sigmask (SIG_SETMASK, &all, &before);
  thread = g_thread_new ("lockstep-watch", watch, self);
  pthread_sigmask (SIG_SETMASK, &before, NULL);

  return thread;
}

LockstepServed
lockstep_serve (LockstepSdkSolver *solver,
                int                descriptor,
                gboolean           patient)
{
  Server self = {
    .solver = solver,
    .stream = lockstep_stream_new (descriptor),
    .outlet = { notify, remind, &self },
    .timer = make_timer (TFD_NONBLOCK),
    .alarm = make_timer (0),
    .patient = patient,
    .patience = SHORT_STEP,
  };
  GThread *watcher;

  g_mutex_init (&self.lock);
  g_cond_init (&self.changed);
  watcher = start_watcher (&self);
  compute_calls (&self);
  g_thread_join (watcher);

  drop_waiting (&self);
  g_cond_clear (&self.changed);
  g_mutex_clear (&self.lock);
  lockstep_stream_free (self.stream);
  close (self.timer);
  close (self.alarm);

  return self.served;
}
