/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-run.h"

#include "lockstep-causes.h"
#include "lockstep-run-fraction.h"
#include "lockstep-run-private.h"
#include "lockstep-run-solver-private.h"

/* Notifications are held back this long (ms), so that a view is told at most 10 times a second. */
#define NOTIFY_INTERVAL 100

/* Below drawing, as all that solvers can cause. */
#define NOTIFY_PRIORITY 150

struct _LockstepRun
{
  GObject parent_instance;

  LockstepPlan    *plan; /* owned */
  char            *directory;
  LockstepRunState state;
  LockstepRunState towards; /* IDLE until it stops */
  char            *error;
  gint64           start;
  gint64           session; /* when it was resumed last; start where it was not */
  gint64           worked;  /* µs at work in the sessions before */
  gint64           latest;  /* time of the newest event */
  gint64           end;

  GListStore *solvers; /* of LockstepRunSolver, by index */

  LockstepStep *step; /* the plan's; at work or last at work */
  int           iteration;
  GArray       *iterations; /* of guint, outermost loop first */
  gboolean      at_work;    /* the step has not ended */

  LockstepStep *loop; /* the plan's; the last that came round */
  double        loop_value;

  LockstepResults  *results;
  LockstepCauses   *causes;
  LockstepEstimate *estimate;

  guint    notify_source;
  gboolean loading; /* nobody is told anything */
};

enum
{
  PROP_0,
  PROP_STATE,
  PROP_NAME,
  PROP_ERROR,
  PROP_FRACTION,
  PROP_SUMMARY,
  PROP_DIRECTORY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  EVENT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (LockstepRun, lockstep_run, G_TYPE_OBJECT)

static const char *const state_names[] = {
  [LOCKSTEP_RUN_IDLE] = "idle",
  [LOCKSTEP_RUN_LAUNCHING] = "launching",
  [LOCKSTEP_RUN_STEPPING] = "stepping",
  [LOCKSTEP_RUN_PAUSED] = "paused",
  [LOCKSTEP_RUN_STOPPING] = "stopping",
  [LOCKSTEP_RUN_FINISHED] = "finished",
  [LOCKSTEP_RUN_FAILED] = "failed",
  [LOCKSTEP_RUN_TERMINATED] = "terminated",
  [LOCKSTEP_RUN_INTERRUPTED] = "interrupted",
};

const char *
lockstep_run_state_to_name (LockstepRunState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (state_names), NULL);

  return state_names[state];
}

static gboolean
notify_views (gpointer data)
{
  LockstepRun *self = data;
  const guint  n_solvers = g_list_model_get_n_items (G_LIST_MODEL (self->solvers));

  self->notify_source = 0;
  for (guint i = 0; i < n_solvers; i++)
    {
      g_autoptr (LockstepRunSolver) solver = g_list_model_get_item (G_LIST_MODEL (self->solvers), i);

      lockstep_run_solver_flush (solver);
    }
  lockstep_causes_flush (self->causes);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRACTION]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SUMMARY]);

  return G_SOURCE_REMOVE;
}

/* The only place that writes self->state. */
static void
lockstep_run_set_state (LockstepRun     *self,
                        LockstepRunState state)
{
  if (state == self->state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

/* The row of that index; the first event that names a solver makes it. */
static LockstepRunSolver *
get_solver (LockstepRun *self,
            int          index)
{
  g_autoptr (LockstepRunSolver) solver = NULL;

  if (index < 0)
    return NULL;

  while (g_list_model_get_n_items (G_LIST_MODEL (self->solvers)) <= (guint) index)
    {
      g_autoptr (LockstepRunSolver) made = NULL;

      made = lockstep_run_solver_new (g_list_model_get_n_items (G_LIST_MODEL (self->solvers)));
      g_list_store_append (self->solvers, made);
    }

  /* The store keeps it alive. */
  solver = g_list_model_get_item (G_LIST_MODEL (self->solvers), (guint) index);
  return solver;
}

static LockstepJson
get_payload (const LockstepEvent *event)
{
  LockstepJson payload = { NULL, 0 };

  if (event->payload != NULL)
    payload.text = g_bytes_get_data (event->payload, &payload.length);

  return payload;
}

static char *
dup_payload_string (const LockstepEvent *event,
                    const char          *name)
{
  return lockstep_json_dup_string (lockstep_json_get_member (get_payload (event), name), NULL);
}

static gint64
get_payload_int (const LockstepEvent *event,
                 const char          *name,
                 gint64               otherwise)
{
  gint64 number;

  return lockstep_json_get_int (lockstep_json_get_member (get_payload (event), name), &number) ? number : otherwise;
}

/* No process of the run is left: what its solvers were last seen at is over. */
static void
leave_solvers (LockstepRun *self,
               gint64       time)
{
  const guint n_solvers = g_list_model_get_n_items (G_LIST_MODEL (self->solvers));

  for (guint i = 0; i < n_solvers; i++)
    {
      LockstepRunSolver *solver = get_solver (self, (int) i);

      lockstep_run_solver_set_state (solver, LOCKSTEP_SOLVER_DEAD, time);
      lockstep_run_solver_set_waiting (solver, FALSE);
      lockstep_run_solver_set_usage (solver, -1, 0);
    }
}

static void
fold_run_started (LockstepRun         *self,
                  const LockstepEvent *event)
{
  if (self->start == 0)
    {
      self->start = event->time;
    }
  else
    {
      self->worked += MAX ((self->end > 0 ? self->end : self->latest) - self->session, 0);
      leave_solvers (self, event->time);
      g_clear_pointer (&self->error, g_free);
    }

  lockstep_estimate_start (self->estimate, event->time);
  self->session = event->time;
  self->end = 0;
  self->towards = LOCKSTEP_RUN_IDLE;
  lockstep_run_set_state (self, LOCKSTEP_RUN_LAUNCHING);
}

/* "again": [[17,17],[33,40]] */
static void
take_back (LockstepRun *self,
           LockstepJson again)
{
  LockstepJsonIter iter;
  LockstepJson     range;

  lockstep_json_iter_init (&iter, again);
  while (lockstep_json_iter_next (&iter, NULL, &range))
    {
      const gint64 end = lockstep_run_get_next_task (self);
      gint64       from, to;

      if (lockstep_json_get_int (lockstep_json_get_path (range, "0"), &from) &&
          lockstep_json_get_int (lockstep_json_get_path (range, "1"), &to))
        for (gint64 task = MAX (from, lockstep_results_get_first (self->results)); task <= to && task < end; task++)
          lockstep_results_take_back (self->results, task);
    }
}

static void
fold_step_started (LockstepRun         *self,
                   const LockstepEvent *event)
{
  LockstepJson     iterations = lockstep_json_get_member (get_payload (event), "iterations"), element;
  LockstepJsonIter iter;
  LockstepStep    *step = lockstep_plan_get_step (self->plan, (guint) event->step);
  const gint64     first = get_payload_int (event, "first", 0);
  const guint      n_tasks = (guint) get_payload_int (event, "tasks", 0);
  gboolean         resumed = FALSE;

  if (step == NULL)
    return;

  self->step = step;
  self->iteration = event->iteration;
  self->at_work = TRUE;

  g_array_set_size (self->iterations, 0);
  lockstep_json_iter_init (&iter, iterations);
  while (lockstep_json_iter_next (&iter, NULL, &element))
    {
      gint64 number = 1;
      guint  iteration;

      lockstep_json_get_int (element, &number);
      iteration = (guint) number;
      g_array_append_val (self->iterations, iteration);
    }

  lockstep_json_get_boolean (lockstep_json_get_member (get_payload (event), "resumed"), &resumed);
  if (resumed)
    {
      lockstep_results_begin_again (self->results, step, self->iterations, first, n_tasks);
      take_back (self, lockstep_json_get_member (get_payload (event), "again"));
      lockstep_causes_forget (self->causes, first, lockstep_results_get_current (self->results)->failures);
    }
  else
    {
      lockstep_results_begin (self->results, step, self->iterations, first, n_tasks);
    }
  lockstep_estimate_begin_step (self->estimate, step, (const guint *) self->iterations->data, self->iterations->len,
                                n_tasks, lockstep_results_get_n_ended (self->results), event->time);
}

static void
fold_step_ended (LockstepRun         *self,
                 const LockstepEvent *event)
{
  self->at_work = FALSE;
  lockstep_estimate_end_step (self->estimate, event->time);
  if (self->step != NULL)
    lockstep_results_end (self->results, self->step);
}

static void
fold_task_started (LockstepRun         *self,
                   const LockstepEvent *event,
                   LockstepRunSolver   *solver)
{
  if (solver == NULL || self->step == NULL)
    return;

  lockstep_results_begin_attempt (self->results, event->task, event->attempt);
  lockstep_run_solver_set_state (solver, LOCKSTEP_SOLVER_BUSY, event->time);
  lockstep_run_solver_set_waiting (solver, FALSE);
  lockstep_run_solver_set_sign (solver, event->time);
  lockstep_run_solver_set_task (solver, self->step->title, event->task, event->attempt,
                                (int) get_payload_int (event, "part", -1), (int) get_payload_int (event, "parts", 0));
  lockstep_estimate_begin_task (self->estimate, (guint) event->solver, event->task, event->time);
}

static void
fold_task_ended (LockstepRun         *self,
                 const LockstepEvent *event,
                 LockstepRunSolver   *solver)
{
  const gboolean is_first = lockstep_results_set (self->results, event->task, event->payload);
  const gboolean had_failed = is_first && lockstep_causes_remove (self->causes, event->task);

  if (solver != NULL)
    {
      lockstep_estimate_end_task (self->estimate, (guint) event->solver, event->task, is_first && !had_failed, event->time);
      lockstep_run_solver_set_state (solver, LOCKSTEP_SOLVER_READY, event->time);
      lockstep_run_solver_set_waiting (solver, TRUE);
      lockstep_run_solver_set_done (solver);
      lockstep_run_solver_set_sign (solver, event->time);
    }
}

static void
fold_task_failed (LockstepRun         *self,
                  const LockstepEvent *event,
                  LockstepRunSolver   *solver)
{
  gboolean final = FALSE, ended = FALSE;

  lockstep_json_get_boolean (lockstep_json_get_member (get_payload (event), "final"), &final);
  if (final)
    {
      g_autofree char *reason = dup_payload_string (event, "reason");
      g_autofree char *cause = dup_payload_string (event, "cause");
      g_autofree char *line = dup_payload_string (event, "line");
      const char      *last_line = line != NULL ? line : reason;

      ended = lockstep_results_fail (self->results, event->task, reason);
      if (ended || lockstep_causes_lookup (self->causes, event->task) != NULL)
        lockstep_causes_add (self->causes, cause != NULL ? cause : "step-error", last_line != NULL ? last_line : "",
                             event->task, event->solver, event->attempt);
    }
  if (solver != NULL)
    lockstep_estimate_end_task (self->estimate, (guint) event->solver, event->task, ended, event->time);
  if (solver != NULL && lockstep_run_solver_get_state (solver) == LOCKSTEP_SOLVER_BUSY)
    lockstep_run_solver_set_state (solver, LOCKSTEP_SOLVER_READY, event->time);
}

/* A loop that was left goes on. */
static void
go_back (LockstepRun *self,
         gint64       first)
{
  LockstepStep *step = lockstep_results_go_back (self->results, self->plan, first, self->iterations);

  if (step == NULL)
    return;

  lockstep_causes_forget (self->causes, first, lockstep_results_get_current (self->results)->failures);
  self->step = step;
  self->at_work = FALSE;
}

static void
fold_loop_iterated (LockstepRun         *self,
                    const LockstepEvent *event)
{
  gboolean reached = FALSE, left = FALSE;

  LockstepStep *loop = lockstep_plan_get_step (self->plan, (guint) event->step);

  if (loop == NULL || self->step == NULL)
    return;

  if (lockstep_json_get_member (get_payload (event), "back").text != NULL)
    go_back (self, get_payload_int (event, "back", -1));
  self->loop = loop;
  self->loop_value = 0;
  lockstep_json_get_double (lockstep_json_get_member (get_payload (event), "value"), &self->loop_value);
  lockstep_json_get_boolean (lockstep_json_get_member (get_payload (event), "reached"), &reached);
  lockstep_json_get_boolean (lockstep_json_get_member (get_payload (event), "left"), &left);
  lockstep_results_come_round (self->results, loop->index, self->step->index, self->iterations, left,
                               reached || loop->until == NULL);
}

/* The state that the payload's member @name has the name of; IDLE where it has none. */
static LockstepRunState
get_payload_state (const LockstepEvent *event,
                   const char          *name)
{
  g_autofree char *state = dup_payload_string (event, name);

  for (guint i = LOCKSTEP_RUN_FINISHED; i < G_N_ELEMENTS (state_names); i++)
    if (g_strcmp0 (state, state_names[i]) == 0)
      return i;

  return LOCKSTEP_RUN_IDLE;
}

static void
fold_run_ended (LockstepRun         *self,
                const LockstepEvent *event)
{
  const guint n_solvers = g_list_model_get_n_items (G_LIST_MODEL (self->solvers));

  for (guint i = 0; i < n_solvers; i++)
    lockstep_run_solver_set_waiting (get_solver (self, (int) i), FALSE);

  g_free (self->error);
  self->error = dup_payload_string (event, "error");
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
  self->end = event->time;
  self->towards = get_payload_state (event, "state");
  lockstep_run_set_state (self, self->towards);
}

static void
fold_run_paused (LockstepRun         *self,
                 const LockstepEvent *event)
{
  gboolean now = FALSE;

  lockstep_json_get_boolean (lockstep_json_get_member (get_payload (event), "now"), &now);
  lockstep_estimate_pause (self->estimate, now, event->time);
}

/* What an event says of the solver that it names. */
static void
fold_solver (const LockstepEvent *event,
             LockstepRunSolver   *solver)
{
  LockstepJson     payload = get_payload (event);
  g_autofree char *why = NULL;
  double           cpu = -1;
  gint64           memory = 0;

  switch (event->type)
    {
    case LOCKSTEP_EVENT_SOLVER_LAUNCHED:
      lockstep_run_solver_set_launched (solver, payload);
      lockstep_run_solver_set_state (solver, LOCKSTEP_SOLVER_LAUNCHING, event->time);
      break;
    case LOCKSTEP_EVENT_SOLVER_STARTED:
      lockstep_run_solver_set_pid (solver, get_payload_int (event, "pid", 0));
      lockstep_run_solver_set_state (solver, LOCKSTEP_SOLVER_INITIALIZING, event->time);
      break;
    case LOCKSTEP_EVENT_SOLVER_READY:
      lockstep_run_solver_set_state (solver, LOCKSTEP_SOLVER_READY, event->time);
      break;
    case LOCKSTEP_EVENT_SOLVER_STOPPING:
      lockstep_run_solver_set_state (solver, LOCKSTEP_SOLVER_TERMINATING, event->time);
      break;
    case LOCKSTEP_EVENT_SOLVER_ENDED:
      why = dup_payload_string (event, "why");
      lockstep_run_solver_set_state (solver, LOCKSTEP_SOLVER_DEAD, event->time);
      lockstep_run_solver_set_waiting (solver, FALSE);
      lockstep_run_solver_set_reason (solver, why);
      lockstep_run_solver_set_usage (solver, -1, 0);
      break;
    case LOCKSTEP_EVENT_PROGRESS:
      lockstep_run_solver_set_progress (solver, payload, event->time);
      break;
    case LOCKSTEP_EVENT_USAGE:
      lockstep_json_get_double (lockstep_json_get_member (payload, "cpu"), &cpu);
      lockstep_json_get_int (lockstep_json_get_member (payload, "memory"), &memory);
      lockstep_run_solver_set_usage (solver, cpu, (guint64) memory);
      break;
    case LOCKSTEP_EVENT_OUTPUT:
    case LOCKSTEP_EVENT_LOG:
      lockstep_run_solver_set_sign (solver, event->time);
      break;
    default:
      break;
    }
}

void
lockstep_run_fold (LockstepRun         *self,
                   const LockstepEvent *event)
{
  LockstepRunSolver *solver = get_solver (self, event->solver);

  switch (event->type)
    {
    case LOCKSTEP_EVENT_RUN_STARTED:
      fold_run_started (self, event);
      break;
    case LOCKSTEP_EVENT_RUN_STOPPING:
      self->towards = get_payload_state (event, "towards");
      lockstep_run_set_state (self, LOCKSTEP_RUN_STOPPING);
      break;
    case LOCKSTEP_EVENT_RUN_PAUSED:
      fold_run_paused (self, event);
      lockstep_run_set_state (self, LOCKSTEP_RUN_PAUSED);
      break;
    case LOCKSTEP_EVENT_RUN_CONTINUED:
      lockstep_estimate_continue (self->estimate, event->time);
      lockstep_run_set_state (self, LOCKSTEP_RUN_STEPPING);
      break;
    case LOCKSTEP_EVENT_RUN_ENDED:
      fold_run_ended (self, event);
      break;
    case LOCKSTEP_EVENT_STEP_STARTED:
      fold_step_started (self, event);
      if (self->state == LOCKSTEP_RUN_LAUNCHING)
        lockstep_run_set_state (self, LOCKSTEP_RUN_STEPPING);
      break;
    case LOCKSTEP_EVENT_STEP_ENDED:
      fold_step_ended (self, event);
      break;
    case LOCKSTEP_EVENT_TASK_STARTED:
      fold_task_started (self, event, solver);
      break;
    case LOCKSTEP_EVENT_TASK_ENDED:
      fold_task_ended (self, event, solver);
      break;
    case LOCKSTEP_EVENT_TASK_FAILED:
      fold_task_failed (self, event, solver);
      break;
    case LOCKSTEP_EVENT_LOOP_ITERATED:
      fold_loop_iterated (self, event);
      break;
    default:
      if (solver != NULL)
        fold_solver (event, solver);
      if (event->type == LOCKSTEP_EVENT_PROGRESS && solver != NULL)
        lockstep_estimate_progress (self->estimate, (guint) event->solver, lockstep_run_solver_get_fraction (solver),
                                    event->time);
      break;
    }

  self->latest = MAX (self->latest, event->time);
  if (self->notify_source == 0 && !self->loading)
    self->notify_source = g_timeout_add_full (NOTIFY_PRIORITY, NOTIFY_INTERVAL, notify_views, self, NULL);
  g_signal_emit (self, signals[EVENT], 0, event);
}

static void
lockstep_run_get_property (GObject    *object,
                           guint       property_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  LockstepRun *self = LOCKSTEP_RUN (object);

  switch (property_id)
    {
    case PROP_STATE:
      g_value_set_uint (value, self->state);
      break;
    case PROP_NAME:
      g_value_set_string (value, lockstep_plan_get_name (self->plan));
      break;
    case PROP_ERROR:
      g_value_set_string (value, self->error);
      break;
    case PROP_FRACTION:
      g_value_set_double (value, lockstep_run_get_fraction (self));
      break;
    case PROP_SUMMARY:
      g_value_take_string (value, lockstep_run_dup_summary (self));
      break;
    case PROP_DIRECTORY:
      g_value_set_string (value, self->directory);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_run_dispose (GObject *object)
{
  LockstepRun *self = LOCKSTEP_RUN (object);

  g_clear_handle_id (&self->notify_source, g_source_remove);

  G_OBJECT_CLASS (lockstep_run_parent_class)->dispose (object);
}

static void
lockstep_run_finalize (GObject *object)
{
  LockstepRun *self = LOCKSTEP_RUN (object);

  g_object_unref (self->plan);
  g_free (self->directory);
  g_free (self->error);
  g_object_unref (self->solvers);
  g_array_unref (self->iterations);
  lockstep_results_free (self->results);
  lockstep_causes_free (self->causes);
  lockstep_estimate_free (self->estimate);

  G_OBJECT_CLASS (lockstep_run_parent_class)->finalize (object);
}

static void
lockstep_run_class_init (LockstepRunClass *klass)
{
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = lockstep_run_get_property;
  object_class->dispose = lockstep_run_dispose;
  object_class->finalize = lockstep_run_finalize;

  properties[PROP_STATE] = g_param_spec_uint ("state", NULL, NULL, 0, LOCKSTEP_RUN_INTERRUPTED, 0, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_ERROR] = g_param_spec_string ("error", NULL, NULL, NULL, flags);
  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, -1, 1, -1, flags);
  properties[PROP_SUMMARY] = g_param_spec_string ("summary", NULL, NULL, NULL, flags);
  properties[PROP_DIRECTORY] = g_param_spec_string ("directory", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[EVENT] = g_signal_new ("event", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
lockstep_run_init (LockstepRun *self)
{
  self->solvers = g_list_store_new (LOCKSTEP_TYPE_RUN_SOLVER);
  self->iterations = g_array_new (FALSE, FALSE, sizeof (guint));
  self->results = lockstep_results_new ();
  self->causes = lockstep_causes_new ();
}

LockstepRun *
lockstep_run_new (LockstepPlan *plan)
{
  LockstepRun *self = g_object_new (LOCKSTEP_TYPE_RUN, NULL);

  self->plan = g_object_ref (plan);
  self->estimate = lockstep_estimate_new (plan);

  return self;
}

LockstepPlan *
lockstep_run_get_plan (LockstepRun *self)
{
  return self->plan;
}

const char *
lockstep_run_get_directory (LockstepRun *self)
{
  return self->directory;
}

void
lockstep_run_set_directory (LockstepRun *self,
                            const char  *directory)
{
  g_free (self->directory);
  self->directory = g_strdup (directory);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DIRECTORY]);
}

LockstepRunState
lockstep_run_get_state (LockstepRun *self)
{
  return self->state;
}

LockstepRunState
lockstep_run_get_towards (LockstepRun *self)
{
  return self->towards;
}

gboolean
lockstep_run_has_ended (LockstepRun *self)
{
  return self->state >= LOCKSTEP_RUN_FINISHED;
}

GListModel *
lockstep_run_get_solvers (LockstepRun *self)
{
  return G_LIST_MODEL (self->solvers);
}

/* The share of the step at work that is done. */
static double
get_step_fraction (LockstepRun *self)
{
  const guint n_solvers = g_list_model_get_n_items (G_LIST_MODEL (self->solvers));
  double      done = lockstep_results_get_n_ended (self->results);

  if (!self->at_work)
    return 1;
  if (lockstep_results_get_n_tasks (self->results) == 0)
    return 0;

  for (guint i = 0; i < n_solvers; i++)
    {
      LockstepRunSolver *solver = get_solver (self, (int) i);

      if (lockstep_run_solver_get_state (solver) == LOCKSTEP_SOLVER_BUSY)
        done += MAX (lockstep_run_solver_get_fraction (solver), 0);
    }

  return MIN (done / lockstep_results_get_n_tasks (self->results), 1);
}

double
lockstep_run_get_fraction (LockstepRun *self)
{
  if (self->state == LOCKSTEP_RUN_FINISHED)
    return 1;
  if (self->step == NULL)
    return self->state == LOCKSTEP_RUN_IDLE ? 0 : -1;

  return lockstep_run_fraction (self->plan, self->step, (const guint *) self->iterations->data, self->iterations->len,
                                get_step_fraction (self));
}

const char *
lockstep_run_get_error (LockstepRun *self)
{
  return self->error;
}

gboolean
lockstep_run_get_reached (LockstepRun *self)
{
  return lockstep_results_get_reached (self->results);
}

guint64
lockstep_run_get_n_failures (LockstepRun *self)
{
  return lockstep_results_get_n_failed (self->results);
}

GListModel *
lockstep_run_get_causes (LockstepRun *self)
{
  lockstep_causes_flush (self->causes);

  return lockstep_causes_get_model (self->causes);
}

LockstepCause *
lockstep_run_get_cause (LockstepRun *self,
                        gint64       task)
{
  return lockstep_causes_lookup (self->causes, task);
}

LockstepEstimateScope
lockstep_run_get_estimate (LockstepRun *self,
                           double      *low,
                           double      *high)
{
  if (self->state != LOCKSTEP_RUN_STEPPING && self->state != LOCKSTEP_RUN_PAUSED)
    return LOCKSTEP_ESTIMATE_NONE;

  return lockstep_estimate_get (self->estimate, g_get_real_time (), low, high);
}

const LockstepEstimateMade *
lockstep_run_get_estimates_made (LockstepRun *self,
                                 guint       *n_made)
{
  return lockstep_estimate_get_made (self->estimate, n_made);
}

LockstepStep *
lockstep_run_get_step (LockstepRun *self)
{
  return self->step;
}

int
lockstep_run_get_iteration (LockstepRun *self)
{
  return self->iteration;
}

guint64
lockstep_run_get_n_tasks (LockstepRun *self)
{
  return lockstep_results_get_n_tasks (self->results);
}

guint64
lockstep_run_get_n_done (LockstepRun *self)
{
  return lockstep_results_get_n_ended (self->results);
}

LockstepStep *
lockstep_run_get_loop (LockstepRun *self)
{
  return self->loop;
}

gboolean
lockstep_run_get_loop_value (LockstepRun *self,
                             double      *value)
{
  if (self->loop == NULL || self->loop->until == NULL)
    return FALSE;

  *value = self->loop_value;
  return TRUE;
}

GBytes *
lockstep_run_get_result (LockstepRun *self,
                         guint64      task)
{
  return lockstep_results_get (self->results, (guint) task);
}

GPtrArray *
lockstep_run_get_results (LockstepRun *self)
{
  return lockstep_results_get_last (self->results);
}

GHashTable *
lockstep_run_get_failures (LockstepRun *self)
{
  return lockstep_results_get_last_failures (self->results);
}

GBytes *
lockstep_run_get_last_one (LockstepRun *self)
{
  return lockstep_results_get_last_one (self->results);
}

GBytes *
lockstep_run_get_previous (LockstepRun *self,
                           guint        step)
{
  return lockstep_results_get_previous (self->results, step);
}

gint64
lockstep_run_get_next_task (LockstepRun *self)
{
  return lockstep_results_get_first (self->results) + lockstep_results_get_n_tasks (self->results);
}

gint64
lockstep_run_get_start (LockstepRun *self)
{
  return self->start;
}

gint64
lockstep_run_get_end (LockstepRun *self)
{
  return self->end;
}

double
lockstep_run_get_seconds (LockstepRun *self,
                          gint64       now)
{
  const gint64 end = self->end > 0 ? self->end : now;

  return (double) (self->worked + MAX (end - self->session, 0)) / G_USEC_PER_SEC;
}

void
lockstep_run_set_loading (LockstepRun *self,
                          gboolean     loading)
{
  self->loading = loading;
}

void
lockstep_run_set_interrupted (LockstepRun *self)
{
  self->end = self->latest;
  leave_solvers (self, self->latest);
  lockstep_run_set_state (self, LOCKSTEP_RUN_INTERRUPTED);
}

void
lockstep_run_set_plan (LockstepRun  *self,
                       LockstepPlan *plan)
{
  if (self->step != NULL)
    self->step = lockstep_plan_get_step (plan, self->step->index);
  if (self->loop != NULL)
    self->loop = lockstep_plan_get_step (plan, self->loop->index);
  lockstep_estimate_set_plan (self->estimate, plan);
  g_set_object (&self->plan, plan);
}

void
lockstep_run_reopen (LockstepRun *self)
{
  lockstep_run_set_state (self, LOCKSTEP_RUN_IDLE);
}

gboolean
lockstep_run_get_place (LockstepRun   *self,
                        LockstepPlace *place)
{
  *place = (LockstepPlace){
    .step = self->step != NULL ? self->step->index : 0,
    .iterations = self->iterations,
    .first = lockstep_results_get_first (self->results),
  };

  return self->at_work;
}

LockstepResults *
lockstep_run_get_outcome (LockstepRun *self)
{
  return self->results;
}
