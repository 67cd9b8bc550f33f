/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-run-members.h"

#include "lockstep-run-solver-private.h"

/* Notifications are held back this long (ms), so that a view is told at most 10 times a second. */
#define NOTIFY_INTERVAL 100

/* Below drawing, as all that solvers can cause. */
#define NOTIFY_PRIORITY 150

enum
{
  PROP_0,
  PROP_STATE,
  PROP_NAME,
  PROP_ERROR,
  PROP_TROUBLE,
  PROP_FINISHING,
  PROP_FRACTION,
  PROP_N_LATE,
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
  if (self->n_late_told != self->late->len)
    {
      self->n_late_told = self->late->len;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_LATE]);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SUMMARY]);

  return G_SOURCE_REMOVE;
}

void
lockstep_run_set_finishing (LockstepRun *self,
                            gboolean     finishing)
{
  if (finishing == self->finishing)
    return;

  self->finishing = finishing;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FINISHING]);
}

void
lockstep_run_set_trouble (LockstepRun *self,
                          const char  *trouble)
{
  if (g_strcmp0 (trouble, self->trouble) == 0)
    return;

  g_free (self->trouble);
  self->trouble = g_strdup (trouble);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TROUBLE]);
}

void
lockstep_run_set_state (LockstepRun     *self,
                        LockstepRunState state)
{
  if (state == self->state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  if (self->trouble != NULL && state != LOCKSTEP_RUN_PAUSED)
    lockstep_run_set_trouble (self, NULL);
  if (state != LOCKSTEP_RUN_STEPPING && state != LOCKSTEP_RUN_PAUSED)
    lockstep_run_set_finishing (self, FALSE);
}
void
lockstep_run_fold (LockstepRun         *self,
                   const LockstepEvent *event)
{
  lockstep_run_take_in (self, event);
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
    case PROP_TROUBLE:
      g_value_set_string (value, lockstep_run_get_trouble (self));
      break;
    case PROP_FINISHING:
      g_value_set_boolean (value, self->finishing);
      break;
    case PROP_FRACTION:
      g_value_set_double (value, lockstep_run_get_fraction (self));
      break;
    case PROP_N_LATE:
      g_value_set_uint (value, self->late->len);
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
  g_free (self->trouble);
  g_ptr_array_unref (self->rows);
  g_object_unref (self->solvers);
  g_array_unref (self->iterations);
  g_array_unref (self->late);
  lockstep_results_free (self->results);
  lockstep_result_files_free (self->files);
  lockstep_causes_free (self->causes);
  g_hash_table_unref (self->leaving);
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
  properties[PROP_TROUBLE] = g_param_spec_string ("trouble", NULL, NULL, NULL, flags);
  properties[PROP_FINISHING] = g_param_spec_boolean ("finishing", NULL, NULL, FALSE, flags);
  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, -1, 1, -1, flags);
  properties[PROP_N_LATE] = g_param_spec_uint ("n-late", NULL, NULL, 0, G_MAXUINT, 0, flags);
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
  self->rows = g_ptr_array_new ();
  self->iterations = g_array_new (FALSE, FALSE, sizeof (guint));
  self->late = g_array_new (FALSE, FALSE, sizeof (LockstepLateTask));
  self->results = lockstep_results_new ();
  self->files = lockstep_result_files_new ();
  self->causes = lockstep_causes_new ();
  self->leaving = g_hash_table_new (NULL, NULL);
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

gint64
lockstep_run_get_kill_time (LockstepRun *self)
{
  return self->state == LOCKSTEP_RUN_STOPPING ? self->kill_time : 0;
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

const char *
lockstep_run_get_error (LockstepRun *self)
{
  return self->error;
}

const char *
lockstep_run_get_trouble (LockstepRun *self)
{
  return self->trouble;
}

gboolean
lockstep_run_get_reached (LockstepRun *self)
{
  return lockstep_results_get_reached (self->results);
}

gboolean
lockstep_run_get_left_early (LockstepRun *self)
{
  return lockstep_results_get_left_early (self->results);
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

guint64
lockstep_run_get_peak_memory (LockstepRun *self)
{
  return self->peak_memory;
}

guint64
lockstep_run_get_memory (LockstepRun *self)
{
  return self->memory;
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

guint
lockstep_run_get_n_solvers (LockstepRun *self)
{
  return self->n_solvers;
}

double
lockstep_run_get_seconds (LockstepRun *self,
                          gint64       now)
{
  const gint64 end = self->end > 0 || self->session == 0 ? self->end : now;

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
  lockstep_run_leave_solvers (self, self->latest);
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

GArray *
lockstep_run_take_superseded (LockstepRun *self)
{
  return lockstep_result_files_take_superseded (self->files);
}

void
lockstep_run_lose_result (LockstepRun *self,
                          gint64       task)
{
  lockstep_results_lose (self->results, task);
}

gboolean
lockstep_run_is_leaving (LockstepRun  *self,
                         LockstepStep *loop)
{
  return g_hash_table_contains (self->leaving, GUINT_TO_POINTER (loop->index));
}

LockstepResults *
lockstep_run_get_outcome (LockstepRun *self)
{
  return self->results;
}
