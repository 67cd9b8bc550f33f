/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-run-solver-private.h"

struct _LockstepRunSolver
{
  GObject parent_instance;

  guint               index;
  char               *host;
  gint64              pid;
  LockstepSolverState state;
  gboolean            waiting;
  gboolean            late;
  gboolean            idle; /* it was told to stop when it had nothing to do */
  char               *step;
  int                 part;
  int                 parts;
  gint64              task;
  gboolean            listed;
  int                 attempt;
  double              fraction;
  char               *message;
  char               *values;
  double              cpu;
  guint64             memory;
  gint64              sign;
  gint64              since;
  char               *log;
  char               *reason;

  guint32 changed; /* a bit for each property whose notification is due */
};

enum
{
  PROP_0,
  PROP_INDEX,
  PROP_HOST,
  PROP_PID,
  PROP_STATE,
  PROP_WAITING,
  PROP_LATE,
  PROP_STEP,
  PROP_PART,
  PROP_PARTS,
  PROP_TASK,
  PROP_LISTED,
  PROP_ATTEMPT,
  PROP_FRACTION,
  PROP_MESSAGE,
  PROP_VALUES,
  PROP_CPU,
  PROP_MEMORY,
  PROP_SIGN,
  PROP_SINCE,
  PROP_LOG,
  PROP_REASON,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (LockstepRunSolver, lockstep_run_solver, G_TYPE_OBJECT)

static const char *const state_names[] = {
  [LOCKSTEP_SOLVER_DEAD] = "dead",
  [LOCKSTEP_SOLVER_LAUNCHING] = "launching",
  [LOCKSTEP_SOLVER_INITIALIZING] = "initializing",
  [LOCKSTEP_SOLVER_READY] = "ready",
  [LOCKSTEP_SOLVER_BUSY] = "busy",
  [LOCKSTEP_SOLVER_TERMINATING] = "terminating",
};

const char *
lockstep_solver_state_to_name (LockstepSolverState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (state_names), NULL);

  return state_names[state];
}

static void
changed (LockstepRunSolver *self,
         guint              property)
{
  self->changed |= 1u << property;
}

/* Takes @text over. */
static void
take_string (LockstepRunSolver *self,
             char             **string,
             char              *text,
             guint              property)
{
  if (g_strcmp0 (*string, text) != 0)
    changed (self, property);
  g_free (*string);
  *string = text;
}

static void
lockstep_run_solver_get_property (GObject    *object,
                                  guint       property_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  LockstepRunSolver *self = LOCKSTEP_RUN_SOLVER (object);

  switch (property_id)
    {
    case PROP_INDEX:
      g_value_set_uint (value, self->index);
      break;
    case PROP_HOST:
      g_value_set_string (value, self->host);
      break;
    case PROP_PID:
      g_value_set_int64 (value, self->pid);
      break;
    case PROP_STATE:
      g_value_set_uint (value, self->state);
      break;
    case PROP_WAITING:
      g_value_set_boolean (value, self->waiting);
      break;
    case PROP_LATE:
      g_value_set_boolean (value, self->late);
      break;
    case PROP_STEP:
      g_value_set_string (value, self->step);
      break;
    case PROP_PART:
      g_value_set_int (value, self->part);
      break;
    case PROP_PARTS:
      g_value_set_int (value, self->parts);
      break;
    case PROP_TASK:
      g_value_set_int64 (value, self->task);
      break;
    case PROP_LISTED:
      g_value_set_boolean (value, self->listed);
      break;
    case PROP_ATTEMPT:
      g_value_set_int (value, self->attempt);
      break;
    case PROP_FRACTION:
      g_value_set_double (value, self->fraction);
      break;
    case PROP_MESSAGE:
      g_value_set_string (value, self->message);
      break;
    case PROP_VALUES:
      g_value_set_string (value, self->values);
      break;
    case PROP_CPU:
      g_value_set_double (value, self->cpu);
      break;
    case PROP_MEMORY:
      g_value_set_uint64 (value, self->memory);
      break;
    case PROP_SIGN:
      g_value_set_int64 (value, self->sign);
      break;
    case PROP_SINCE:
      g_value_set_int64 (value, self->since);
      break;
    case PROP_LOG:
      g_value_set_string (value, self->log);
      break;
    case PROP_REASON:
      g_value_set_string (value, self->reason);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_run_solver_finalize (GObject *object)
{
  LockstepRunSolver *self = LOCKSTEP_RUN_SOLVER (object);

  g_free (self->host);
  g_free (self->step);
  g_free (self->message);
  g_free (self->values);
  g_free (self->log);
  g_free (self->reason);

  G_OBJECT_CLASS (lockstep_run_solver_parent_class)->finalize (object);
}

static void
lockstep_run_solver_class_init (LockstepRunSolverClass *klass)
{
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = lockstep_run_solver_get_property;
  object_class->finalize = lockstep_run_solver_finalize;

  properties[PROP_INDEX] = g_param_spec_uint ("index", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_HOST] = g_param_spec_string ("host", NULL, NULL, NULL, flags);
  properties[PROP_PID] = g_param_spec_int64 ("pid", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_STATE] = g_param_spec_uint ("state", NULL, NULL, 0, LOCKSTEP_SOLVER_TERMINATING, 0, flags);
  properties[PROP_WAITING] = g_param_spec_boolean ("waiting", NULL, NULL, FALSE, flags);
  properties[PROP_LATE] = g_param_spec_boolean ("late", NULL, NULL, FALSE, flags);
  properties[PROP_STEP] = g_param_spec_string ("step", NULL, NULL, NULL, flags);
  properties[PROP_PART] = g_param_spec_int ("part", NULL, NULL, -1, G_MAXINT, -1, flags);
  properties[PROP_PARTS] = g_param_spec_int ("parts", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_TASK] = g_param_spec_int64 ("task", NULL, NULL, -1, G_MAXINT64, -1, flags);
  properties[PROP_LISTED] = g_param_spec_boolean ("listed", NULL, NULL, FALSE, flags);
  properties[PROP_ATTEMPT] = g_param_spec_int ("attempt", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, -1, 1, -1, flags);
  properties[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, flags);
  properties[PROP_VALUES] = g_param_spec_string ("values", NULL, NULL, NULL, flags);
  properties[PROP_CPU] = g_param_spec_double ("cpu", NULL, NULL, -1, G_MAXDOUBLE, -1, flags);
  properties[PROP_MEMORY] = g_param_spec_uint64 ("memory", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_SIGN] = g_param_spec_int64 ("sign", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_SINCE] = g_param_spec_int64 ("since", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_LOG] = g_param_spec_string ("log", NULL, NULL, NULL, flags);
  properties[PROP_REASON] = g_param_spec_string ("reason", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
lockstep_run_solver_init (LockstepRunSolver *self)
{
  self->part = -1;
  self->task = -1;
  self->fraction = -1;
  self->cpu = -1;
}

LockstepRunSolver *
lockstep_run_solver_new (guint index)
{
  LockstepRunSolver *self = g_object_new (LOCKSTEP_TYPE_RUN_SOLVER, NULL);

  self->index = index;

  return self;
}

void
lockstep_run_solver_set_state (LockstepRunSolver  *self,
                               LockstepSolverState state,
                               gint64              time)
{
  if (state == self->state)
    return;

  if (state == LOCKSTEP_SOLVER_TERMINATING)
    self->idle = self->state == LOCKSTEP_SOLVER_READY;
  else if (state != LOCKSTEP_SOLVER_DEAD)
    self->idle = FALSE;
  /* What told that it was through, and then did not end, is not done. */
  if (self->state == LOCKSTEP_SOLVER_BUSY && self->fraction >= 1)
    lockstep_run_solver_set_fraction (self, -1);
  self->state = state;
  self->since = time;
  changed (self, PROP_STATE);
  changed (self, PROP_SINCE);
}

void
lockstep_run_solver_set_pid (LockstepRunSolver *self,
                             gint64             pid)
{
  self->pid = pid;
  changed (self, PROP_PID);
}

void
lockstep_run_solver_set_launched (LockstepRunSolver *self,
                                  LockstepJson       payload)
{
  take_string (self, &self->host, lockstep_json_dup_string (lockstep_json_get_member (payload, "host"), NULL), PROP_HOST);
  take_string (self, &self->log, lockstep_json_dup_string (lockstep_json_get_member (payload, "log"), NULL), PROP_LOG);
  take_string (self, &self->reason, NULL, PROP_REASON);
  /* What the one before it did is not what this one does. */
  lockstep_run_solver_set_task (self, NULL, -1, FALSE, 0, -1, 0);
  lockstep_run_solver_set_pid (self, 0);
}

void
lockstep_run_solver_set_reason (LockstepRunSolver *self,
                                const char        *reason)
{
  take_string (self, &self->reason, self->idle ? NULL : g_strdup (reason), PROP_REASON);
}

void
lockstep_run_solver_set_waiting (LockstepRunSolver *self,
                                 gboolean           waiting)
{
  if (self->waiting == waiting)
    return;

  self->waiting = waiting;
  changed (self, PROP_WAITING);
}

void
lockstep_run_solver_set_late (LockstepRunSolver *self,
                              gboolean           late)
{
  if (self->late == late)
    return;

  self->late = late;
  changed (self, PROP_LATE);
}

void
lockstep_run_solver_set_task (LockstepRunSolver *self,
                              const char        *step,
                              gint64             task,
                              gboolean           listed,
                              int                attempt,
                              int                part,
                              int                parts)
{
  if (g_strcmp0 (self->step, step) != 0)
    take_string (self, &self->step, g_strdup (step), PROP_STEP);
  self->task = task;
  self->listed = listed;
  self->attempt = attempt;
  self->part = part;
  self->parts = parts;
  self->fraction = -1;
  self->changed |= 1u << PROP_TASK | 1u << PROP_LISTED | 1u << PROP_ATTEMPT | 1u << PROP_PART | 1u << PROP_PARTS | 1u << PROP_FRACTION;
  if (self->message != NULL)
    take_string (self, &self->message, NULL, PROP_MESSAGE);
}

gboolean
lockstep_run_solver_set_progress (LockstepRunSolver *self,
                                  LockstepJson       payload,
                                  gint64             time)
{
  const guint32  before = self->changed;
  LockstepJson   message = lockstep_json_get_member (payload, "message");
  LockstepJson   values = lockstep_json_get_member (payload, "values");
  const gboolean at_work = self->state == LOCKSTEP_SOLVER_BUSY || self->state == LOCKSTEP_SOLVER_INITIALIZING;
  double         fraction;
  gboolean       alive;

  self->changed = 0;
  if (lockstep_json_get_double (lockstep_json_get_member (payload, "fraction"), &fraction) && fraction >= 0 && fraction != self->fraction &&
      (at_work || fraction < 1))
    {
      self->fraction = MIN (fraction, 1);
      changed (self, PROP_FRACTION);
    }
  if (lockstep_json_get_kind (message) == LOCKSTEP_JSON_STRING)
    take_string (self, &self->message, lockstep_json_dup_string (message, NULL), PROP_MESSAGE);
  if (lockstep_json_get_kind (values) == LOCKSTEP_JSON_OBJECT)
    take_string (self, &self->values, lockstep_json_dup_text (values), PROP_VALUES);
  alive = self->changed != 0;
  self->changed |= before;
  if (alive)
    lockstep_run_solver_set_sign (self, time);

  return alive;
}

void
lockstep_run_solver_set_host (LockstepRunSolver *self,
                              const char        *host)
{
  if (g_strcmp0 (host, self->host) != 0)
    take_string (self, &self->host, g_strdup (host), PROP_HOST);
}

void
lockstep_run_solver_set_since (LockstepRunSolver *self,
                               gint64             time)
{
  self->since = time;
  changed (self, PROP_SINCE);
}

void
lockstep_run_solver_set_fraction (LockstepRunSolver *self,
                                  double             fraction)
{
  self->fraction = fraction;
  changed (self, PROP_FRACTION);
}

void
lockstep_run_solver_set_done (LockstepRunSolver *self)
{
  lockstep_run_solver_set_fraction (self, 1);
}

void
lockstep_run_solver_set_usage (LockstepRunSolver *self,
                               double             cpu,
                               guint64            memory)
{
  self->cpu = cpu;
  self->memory = memory;
  changed (self, PROP_CPU);
  changed (self, PROP_MEMORY);
}

void
lockstep_run_solver_set_sign (LockstepRunSolver *self,
                              gint64             time)
{
  self->sign = time;
  changed (self, PROP_SIGN);
}

void
lockstep_run_solver_flush (LockstepRunSolver *self)
{
  const guint32 due = self->changed;

  self->changed = 0;
  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = 1; i < N_PROPS; i++)
    if (due & (1u << i))
      g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
  g_object_thaw_notify (G_OBJECT (self));
}

guint
lockstep_run_solver_get_index (LockstepRunSolver *self)
{
  return self->index;
}

const char *
lockstep_run_solver_get_host (LockstepRunSolver *self)
{
  return self->host;
}

gint64
lockstep_run_solver_get_pid (LockstepRunSolver *self)
{
  return self->pid;
}

LockstepSolverState
lockstep_run_solver_get_state (LockstepRunSolver *self)
{
  return self->state;
}

gboolean
lockstep_run_solver_get_waiting (LockstepRunSolver *self)
{
  return self->waiting;
}

gboolean
lockstep_run_solver_get_late (LockstepRunSolver *self)
{
  return self->late;
}

const char *
lockstep_run_solver_get_step (LockstepRunSolver *self)
{
  return self->step;
}

int
lockstep_run_solver_get_part (LockstepRunSolver *self)
{
  return self->part;
}

int
lockstep_run_solver_get_parts (LockstepRunSolver *self)
{
  return self->parts;
}

gint64
lockstep_run_solver_get_task (LockstepRunSolver *self)
{
  return self->task;
}

gboolean
lockstep_run_solver_get_listed (LockstepRunSolver *self)
{
  return self->listed;
}

int
lockstep_run_solver_get_attempt (LockstepRunSolver *self)
{
  return self->attempt;
}

double
lockstep_run_solver_get_fraction (LockstepRunSolver *self)
{
  return self->fraction;
}

const char *
lockstep_run_solver_get_message (LockstepRunSolver *self)
{
  return self->message;
}

const char *
lockstep_run_solver_get_values (LockstepRunSolver *self)
{
  return self->values;
}

double
lockstep_run_solver_get_cpu (LockstepRunSolver *self)
{
  return self->cpu;
}

guint64
lockstep_run_solver_get_memory (LockstepRunSolver *self)
{
  return self->memory;
}

gint64
lockstep_run_solver_get_sign (LockstepRunSolver *self)
{
  return self->sign;
}

gint64
lockstep_run_solver_get_since (LockstepRunSolver *self)
{
  return self->since;
}

const char *
lockstep_run_solver_get_log (LockstepRunSolver *self)
{
  return self->log;
}

const char *
lockstep_run_solver_get_reason (LockstepRunSolver *self)
{
  return self->reason;
}
