/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-solver.h"

#include <glib/gi18n-lib.h>

#include "lockstep-marshal.h"
#include "lockstep-peer.h"

/* Of the grace period, how much a solver has to go by itself before it gets SIGTERM. */
#define ASK_SHARE 0.4

/* A solver whose connection ended is given this long (ms) to be gone: mostly it has died, and its guard says so. */
#define EOF_GRACE 500

struct _LockstepSolver
{
  GObject parent_instance;

  guint               index;
  LockstepSolverState state;
  LockstepProcess    *process; /* owned; NULL when dead */
  LockstepPeer       *peer;    /* owned; NULL when dead */
  GBytes             *params;  /* of initialize */
  double              timeout; /* of initialize, seconds of silence */
  guint               n_calls;
  char               *why;        /* what it was stopped for */
  double              grace;      /* of the stop under way */
  guint               life_timer; /* initialize's silence, then what follows an ask or an end-of-file */
  LockstepAnswerFunc  answer_func;
  gpointer            answer_data;
};

enum
{
  STARTED,
  READY,
  PROGRESS,
  LOGGED,
  STOPPING,
  ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (LockstepSolver, lockstep_solver, G_TYPE_OBJECT)

/* Every legal edge; anything absent is a bug in the caller. */
static const guint next_states[] = {
  [LOCKSTEP_SOLVER_DEAD] = 1 << LOCKSTEP_SOLVER_LAUNCHING,
  [LOCKSTEP_SOLVER_LAUNCHING] = 1 << LOCKSTEP_SOLVER_INITIALIZING | 1 << LOCKSTEP_SOLVER_TERMINATING | 1 << LOCKSTEP_SOLVER_DEAD,
  [LOCKSTEP_SOLVER_INITIALIZING] = 1 << LOCKSTEP_SOLVER_READY | 1 << LOCKSTEP_SOLVER_TERMINATING | 1 << LOCKSTEP_SOLVER_DEAD,
  [LOCKSTEP_SOLVER_READY] = 1 << LOCKSTEP_SOLVER_BUSY | 1 << LOCKSTEP_SOLVER_TERMINATING | 1 << LOCKSTEP_SOLVER_DEAD,
  [LOCKSTEP_SOLVER_BUSY] = 1 << LOCKSTEP_SOLVER_READY | 1 << LOCKSTEP_SOLVER_TERMINATING | 1 << LOCKSTEP_SOLVER_DEAD,
  [LOCKSTEP_SOLVER_TERMINATING] = 1 << LOCKSTEP_SOLVER_DEAD,
};

/* A call to the solver that waits for its answer. */
typedef struct
{
  LockstepSolver *self;
  gint64          task;
} Call;

/* The only place that writes self->state. */
static void
lockstep_solver_set_state (LockstepSolver     *self,
                           LockstepSolverState state)
{
  g_assert (next_states[self->state] & (1 << state));

  self->state = state;
}

static gboolean
is_talking (LockstepSolver *self)
{
  return self->state == LOCKSTEP_SOLVER_INITIALIZING || self->state == LOCKSTEP_SOLVER_READY || self->state == LOCKSTEP_SOLVER_BUSY;
}

static gboolean
initialize_timed_out (gpointer data)
{
  LockstepSolver  *self = data;
  g_autofree char *why = g_strdup_printf (_ ("It did not answer initialize, and gave no sign of life, for %g s "
                                             "(the plan's initialize.timeout says how long it may)."),
                                          self->timeout);

  self->life_timer = 0;
  lockstep_solver_stop (self, LOCKSTEP_STOP_TERMINATE, self->grace, why);
  return G_SOURCE_REMOVE;
}

/* While it initializes, each sign of life winds the clock up again. */
static void
wind_up (LockstepSolver *self)
{
  g_clear_handle_id (&self->life_timer, g_source_remove);
  if (self->timeout > 0)
    self->life_timer = g_timeout_add ((guint) (self->timeout * 1000), initialize_timed_out, self);
}

static void
break_off (LockstepSolver *self,
           const GError   *error)
{
  g_autofree char *why = g_strdup_printf (_ ("It broke the protocol: %s"), error->message);

  lockstep_solver_stop (self, LOCKSTEP_STOP_TERMINATE, self->grace, why);
}

static gboolean
outlived_its_connection (gpointer data)
{
  LockstepSolver *self = data;

  self->life_timer = 0;
  lockstep_solver_stop (self, LOCKSTEP_STOP_TERMINATE, self->grace, _ ("It closed its connection and went on."));
  return G_SOURCE_REMOVE;
}

static void
closed_cb (LockstepPeer *peer,
           const GError *reason,
           gpointer      user_data)
{
  LockstepSolver *self = user_data;

  if (!is_talking (self))
    return;

  if (!g_error_matches (reason, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_CLOSED))
    {
      break_off (self, reason);
      return;
    }
  g_clear_handle_id (&self->life_timer, g_source_remove);
  self->life_timer = g_timeout_add (EOF_GRACE, outlived_its_connection, self);
}

static void
malformed_cb (LockstepPeer *peer,
              const GError *error,
              gpointer      user_data)
{
  LockstepSolver *self = user_data;

  if (is_talking (self))
    break_off (self, error);
}

static void
stray_cb (LockstepPeer *peer,
          const char   *message,
          gpointer      user_data)
{
  g_signal_emit (user_data, signals[LOGGED], 0, "warning", message);
}

static void
notification_cb (LockstepPeer *peer,
                 const char   *method,
                 GBytes       *params,
                 gpointer      user_data)
{
  LockstepSolver *self = user_data;
  LockstepJson    object = { NULL, 0 };

  if (params != NULL)
    object.text = g_bytes_get_data (params, &object.length);
  if (self->state == LOCKSTEP_SOLVER_INITIALIZING)
    wind_up (self);

  if (g_str_equal (method, "progress") && params != NULL)
    {
      gint64 task = -1;

      lockstep_json_get_int (lockstep_json_get_member (object, "task"), &task);
      g_signal_emit (self, signals[PROGRESS], 0, task, params);
    }
  else if (g_str_equal (method, "log"))
    {
      g_autofree char *level = lockstep_json_dup_string (lockstep_json_get_member (object, "level"), NULL);
      g_autofree char *text = lockstep_json_dup_string (lockstep_json_get_member (object, "text"), NULL);

      g_signal_emit (self, signals[LOGGED], 0, level != NULL ? level : "info", text != NULL ? text : "");
    }
  else
    {
      g_autofree char *text = g_strdup_printf (_ ("The solver sent “%s”, which is not known; it was dropped."), method);

      g_signal_emit (self, signals[LOGGED], 0, "warning", text);
    }
}

static void
initialize_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (LockstepSolver) self = user_data;
  g_autoptr (GError)         error = NULL;
  g_autoptr (GBytes)         answer = lockstep_peer_call_finish (LOCKSTEP_PEER (object), result, &error);

  if (self->state != LOCKSTEP_SOLVER_INITIALIZING || LOCKSTEP_PEER (object) != self->peer)
    return;

  if (answer != NULL)
    {
      g_clear_handle_id (&self->life_timer, g_source_remove);
      lockstep_solver_set_state (self, LOCKSTEP_SOLVER_READY);
      g_signal_emit (self, signals[READY], 0, answer);
    }
  else if (lockstep_peer_error_is_remote (error))
    {
      g_autofree char *why = g_strdup_printf (_ ("initialize failed: %s"), error->message);

      lockstep_solver_stop (self, LOCKSTEP_STOP_ASK, self->grace, why);
    }
}

static void
started_cb (LockstepProcess *process,
            gint64           pid,
            gpointer         user_data)
{
  LockstepSolver *self = user_data;

  if (self->state != LOCKSTEP_SOLVER_LAUNCHING)
    return;

  lockstep_solver_set_state (self, LOCKSTEP_SOLVER_INITIALIZING);
  g_signal_emit (self, signals[STARTED], 0, pid);
  wind_up (self);
  lockstep_peer_call_async (self->peer, "initialize", (GBytes *[]){ self->params, NULL }, NULL,
                            initialize_cb, g_object_ref (self));
}

/* Lets go of the process and the conversation. */
static void
let_go (LockstepSolver *self)
{
  g_clear_handle_id (&self->life_timer, g_source_remove);
  if (self->process != NULL)
    g_signal_handlers_disconnect_by_data (self->process, self);
  if (self->peer != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->peer, self);
      lockstep_peer_close (self->peer, NULL);
    }
  g_clear_object (&self->process);
  g_clear_object (&self->peer);
  g_clear_pointer (&self->params, g_bytes_unref);
  self->n_calls = 0;
}

static void
ended_cb (LockstepProcess      *process,
          const LockstepReport *report,
          gpointer              user_data)
{
  g_autoptr (LockstepSolver) self = g_object_ref (user_data);
  g_autofree char           *why = g_steal_pointer (&self->why);

  let_go (self);
  lockstep_solver_set_state (self, LOCKSTEP_SOLVER_DEAD);
  g_signal_emit (self, signals[ENDED], 0, report, why);
}

static void
lockstep_solver_dispose (GObject *object)
{
  let_go (LOCKSTEP_SOLVER (object));

  G_OBJECT_CLASS (lockstep_solver_parent_class)->dispose (object);
}

static void
lockstep_solver_finalize (GObject *object)
{
  g_free (LOCKSTEP_SOLVER (object)->why);

  G_OBJECT_CLASS (lockstep_solver_parent_class)->finalize (object);
}

static void
lockstep_solver_class_init (LockstepSolverClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GType   type = G_TYPE_FROM_CLASS (klass);
  const GType   borrowed_bytes = G_TYPE_BYTES | G_SIGNAL_TYPE_STATIC_SCOPE;
  const GType   borrowed_string = G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE;

  object_class->dispose = lockstep_solver_dispose;
  object_class->finalize = lockstep_solver_finalize;

  signals[STARTED] = g_signal_new ("started", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[READY] = g_signal_new ("ready", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, borrowed_bytes);
  signals[PROGRESS] = g_signal_new ("progress", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    lockstep_marshal_VOID__INT64_BOXED,
                                    G_TYPE_NONE, 2, G_TYPE_INT64, borrowed_bytes);
  g_signal_set_va_marshaller (signals[PROGRESS], type, lockstep_marshal_VOID__INT64_BOXEDv);
  signals[LOGGED] = g_signal_new ("logged", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 2, borrowed_string, borrowed_string);
  signals[STOPPING] = g_signal_new ("stopping", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, borrowed_string);
  signals[ENDED] = g_signal_new ("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 2, G_TYPE_POINTER, borrowed_string);
}

static void
lockstep_solver_init (LockstepSolver *self)
{
}

LockstepSolver *
lockstep_solver_new (guint index)
{
  LockstepSolver *self = g_object_new (LOCKSTEP_TYPE_SOLVER, NULL);

  self->index = index;

  return self;
}

void
lockstep_solver_set_answer_func (LockstepSolver    *self,
                                 LockstepAnswerFunc func,
                                 gpointer           user_data)
{
  self->answer_func = func;
  self->answer_data = user_data;
}

guint
lockstep_solver_get_index (LockstepSolver *self)
{
  return self->index;
}

LockstepSolverState
lockstep_solver_get_state (LockstepSolver *self)
{
  return self->state;
}

LockstepProcess *
lockstep_solver_get_process (LockstepSolver *self)
{
  return self->process;
}

gboolean
lockstep_solver_launch (LockstepSolver       *self,
                        LockstepHost         *host,
                        const LockstepLaunch *launch,
                        GBytes               *params,
                        double                timeout,
                        GError              **error)
{
  g_return_val_if_fail (self->state == LOCKSTEP_SOLVER_DEAD, FALSE);

  self->process = lockstep_host_launch (host, launch, error);
  if (self->process == NULL)
    return FALSE;

  lockstep_solver_set_state (self, LOCKSTEP_SOLVER_LAUNCHING);
  self->params = g_bytes_ref (params);
  self->timeout = timeout;
  self->grace = launch->grace;
  g_signal_connect (self->process, "started", G_CALLBACK (started_cb), self);
  g_signal_connect (self->process, "ended", G_CALLBACK (ended_cb), self);

  self->peer = lockstep_peer_new (lockstep_process_get_stream (self->process));
  g_signal_connect (self->peer, "notification", G_CALLBACK (notification_cb), self);
  g_signal_connect (self->peer, "malformed", G_CALLBACK (malformed_cb), self);
  g_signal_connect (self->peer, "stray", G_CALLBACK (stray_cb), self);
  g_signal_connect (self->peer, "closed", G_CALLBACK (closed_cb), self);

  return TRUE;
}

static void
answered_cb (LockstepPeer *peer,
             GBytes       *answer,
             const GError *error,
             gpointer      user_data)
{
  Call                      *call = user_data;
  g_autoptr (LockstepSolver) self = call->self;
  const gint64               task = call->task;

  g_free (call);
  if (self->state != LOCKSTEP_SOLVER_BUSY || peer != self->peer)
    return;

  if (answer == NULL && !lockstep_peer_error_is_remote (error))
    {
      /* A closed connection is told by the guard's report. */
      if (!g_error_matches (error, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_CLOSED))
        break_off (self, error);
      return;
    }

  if (--self->n_calls == 0)
    lockstep_solver_set_state (self, LOCKSTEP_SOLVER_READY);
  if (self->answer_func != NULL)
    self->answer_func (self, task, answer, error, self->answer_data);
}

void
lockstep_solver_call (LockstepSolver *self,
                      gint64          task,
                      const char     *method,
                      GBytes *const  *params)
{
  Call *call;

  g_return_if_fail (self->state == LOCKSTEP_SOLVER_READY || self->state == LOCKSTEP_SOLVER_BUSY);

  call = g_new0 (Call, 1);
  call->self = g_object_ref (self);
  call->task = task;
  if (self->n_calls++ == 0)
    lockstep_solver_set_state (self, LOCKSTEP_SOLVER_BUSY);
  lockstep_peer_call (self->peer, method, params, NULL, answered_cb, call);
}

void
lockstep_solver_cancel (LockstepSolver *self,
                        gint64          task)
{
  g_autofree char   *text = g_strdup_printf ("{\"task\":%" G_GINT64_FORMAT "}", task);
  g_autoptr (GBytes) params = g_bytes_new (text, strlen (text));

  if (is_talking (self))
    lockstep_peer_notify (self->peer, "cancel", (GBytes *[]){ params, NULL });
}

guint
lockstep_solver_get_n_calls (LockstepSolver *self)
{
  return self->n_calls;
}

void
lockstep_solver_set_paused (LockstepSolver *self,
                            gboolean        paused)
{
  if (self->state != LOCKSTEP_SOLVER_INITIALIZING)
    return;

  if (paused)
    g_clear_handle_id (&self->life_timer, g_source_remove);
  else
    wind_up (self);
}

/* Its time to go by itself is over. */
static gboolean
was_asked_long_enough (gpointer data)
{
  LockstepSolver *self = data;

  self->life_timer = 0;
  lockstep_process_stop (self->process, self->grace * (1 - ASK_SHARE));
  return G_SOURCE_REMOVE;
}

static void
terminate_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GBytes) answer = lockstep_peer_call_finish (LOCKSTEP_PEER (object), result, NULL);
}

void
lockstep_solver_stop (LockstepSolver *self,
                      LockstepStop    how,
                      double          grace,
                      const char     *why)
{
  const gboolean can_ask = is_talking (self) && !lockstep_peer_is_closed (self->peer);

  if (self->state == LOCKSTEP_SOLVER_DEAD)
    return;
  if (how == LOCKSTEP_STOP_ASK && self->state == LOCKSTEP_SOLVER_TERMINATING)
    return;

  g_clear_handle_id (&self->life_timer, g_source_remove);
  self->grace = grace;
  if (how == LOCKSTEP_STOP_ASK && can_ask)
    {
      lockstep_peer_call_async (self->peer, "terminate", NULL, NULL, terminate_cb, NULL);
      self->life_timer = g_timeout_add ((guint) (grace * ASK_SHARE * 1000), was_asked_long_enough, self);
    }
  else
    {
      lockstep_process_stop (self->process, how == LOCKSTEP_STOP_KILL ? 0 : grace);
    }

  if (self->state == LOCKSTEP_SOLVER_TERMINATING)
    return;
  self->why = g_strdup (why);
  lockstep_solver_set_state (self, LOCKSTEP_SOLVER_TERMINATING);
  g_signal_emit (self, signals[STOPPING], 0, why);
}
