/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-session.h"

#include "lockstep-run-service.h"

struct _LockstepSession
{
  GObject             parent_instance;
  GFile              *file;
  LockstepPlan       *plan;       /* the last one that could be read */
  LockstepRun        *run;        /* of plan */
  LockstepController *controller; /* that makes run; NULL while it is idle */
  LockstepRunService *service;    /* of controller, for other processes */
  char               *problem;
  LockstepChronicle  *chronicle; /* of run; NULL without one */
  LockstepMoment     *moment;
  GCancellable       *loading; /* the reading at work; NULL when there is none */
  gboolean            live;
};

G_DEFINE_FINAL_TYPE (LockstepSession, lockstep_session, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_FILE,
  PROP_PLAN,
  PROP_RUN,
  PROP_LIVE,
  PROP_LOADING,
  PROP_PROBLEM,
  PROP_CHRONICLE,
  PROP_MOMENT,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static void
set_live (LockstepSession *self,
          gboolean         live)
{
  if (live == self->live)
    return;

  self->live = live;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LIVE]);
}

static void
set_problem (LockstepSession *self,
             const char      *problem)
{
  if (g_strcmp0 (problem, self->problem) == 0)
    return;

  g_free (self->problem);
  self->problem = g_strdup (problem);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);
}

static void
state_cb (LockstepRun     *run,
          GParamSpec      *pspec,
          LockstepSession *self)
{
  if (lockstep_run_has_ended (run))
    set_live (self, FALSE);
}

static void
set_run (LockstepSession    *self,
         LockstepRun        *run,
         LockstepController *controller)
{
  if (self->run != NULL)
    g_signal_handlers_disconnect_by_func (self->run, state_cb, self);
  g_set_object (&self->run, run);
  g_set_object (&self->controller, controller);
  g_clear_object (&self->service);
  if (controller != NULL)
    self->service = lockstep_run_service_new (controller);
  if (run != NULL)
    g_signal_connect (run, "notify::state", G_CALLBACK (state_cb), self);

  /* It hears of the run from the first event on. */
  g_clear_object (&self->chronicle);
  if (run != NULL)
    self->chronicle = lockstep_chronicle_new (run);
  lockstep_moment_set_time (self->moment, 0);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHRONICLE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUN]);
}

static void
set_plan (LockstepSession *self,
          LockstepPlan    *plan)
{
  g_set_object (&self->plan, plan);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLAN]);
}

static void
set_file (LockstepSession *self,
          GFile           *file)
{
  if (self->file != NULL && g_file_equal (self->file, file))
    return;

  g_set_object (&self->file, file);
  set_plan (self, NULL);
  set_run (self, NULL, NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILE]);
}

/* Views see the run from its first event on, so they get it before it starts. */
static void
start_plan (LockstepSession *self)
{
  g_autoptr (LockstepController) controller = lockstep_controller_new (self->plan, NULL);

  set_run (self, lockstep_controller_get_run (controller), controller);
  set_live (self, TRUE);
  lockstep_controller_start (controller);
}

static void
load_on_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  LockstepPlan      *plan;

  if ((plan = lockstep_plan_load (G_FILE (task_data), NULL, &error)) == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, plan, g_object_unref);
}

static void
load_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  LockstepSession         *self = LOCKSTEP_SESSION (object);
  gboolean                 start = GPOINTER_TO_INT (user_data);
  g_autoptr (LockstepPlan) plan = NULL;
  g_autoptr (GError)       error = NULL;

  plan = g_task_propagate_pointer (G_TASK (result), &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->loading);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);

  set_problem (self, error != NULL ? error->message : NULL);
  if (plan == NULL)
    return;

  set_plan (self, plan);
  if (start)
    {
      start_plan (self);
    }
  else
    {
      g_autoptr (LockstepRun) idle = lockstep_run_new (plan);

      set_run (self, idle, NULL);
    }
}

static void
load (LockstepSession *self,
      gboolean         start)
{
  g_autoptr (GTask) task = NULL;

  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  self->loading = g_cancellable_new ();

  task = g_task_new (self, self->loading, load_cb, GINT_TO_POINTER (start));
  g_task_set_source_tag (task, load);
  g_task_set_task_data (task, g_object_ref (self->file), g_object_unref);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, load_on_thread);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

static void
lockstep_session_get_property (GObject    *object,
                               guint       property_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  LockstepSession *self = LOCKSTEP_SESSION (object);

  switch (property_id)
    {
    case PROP_FILE:
      g_value_set_object (value, self->file);
      break;
    case PROP_PLAN:
      g_value_set_object (value, self->plan);
      break;
    case PROP_RUN:
      g_value_set_object (value, self->run);
      break;
    case PROP_LIVE:
      g_value_set_boolean (value, self->live);
      break;
    case PROP_LOADING:
      g_value_set_boolean (value, self->loading != NULL);
      break;
    case PROP_PROBLEM:
      g_value_set_string (value, self->problem);
      break;
    case PROP_CHRONICLE:
      g_value_set_object (value, self->chronicle);
      break;
    case PROP_MOMENT:
      g_value_set_object (value, self->moment);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_session_dispose (GObject *object)
{
  LockstepSession *self = LOCKSTEP_SESSION (object);

  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  if (self->run != NULL)
    g_signal_handlers_disconnect_by_func (self->run, state_cb, self);
  g_clear_object (&self->loading);
  g_clear_object (&self->service);
  g_clear_object (&self->chronicle);
  g_clear_object (&self->moment);
  g_clear_object (&self->controller);
  g_clear_object (&self->run);
  g_clear_object (&self->plan);
  g_clear_object (&self->file);
  g_clear_pointer (&self->problem, g_free);

  G_OBJECT_CLASS (lockstep_session_parent_class)->dispose (object);
}

static void
lockstep_session_class_init (LockstepSessionClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = lockstep_session_get_property;
  object_class->dispose = lockstep_session_dispose;

  properties[PROP_FILE] = g_param_spec_object ("file", NULL, NULL, G_TYPE_FILE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_PLAN] = g_param_spec_object ("plan", NULL, NULL, LOCKSTEP_TYPE_PLAN, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_RUN] = g_param_spec_object ("run", NULL, NULL, LOCKSTEP_TYPE_RUN, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_LIVE] = g_param_spec_boolean ("live", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_CHRONICLE] = g_param_spec_object ("chronicle", NULL, NULL, LOCKSTEP_TYPE_CHRONICLE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_MOMENT] = g_param_spec_object ("moment", NULL, NULL, LOCKSTEP_TYPE_MOMENT, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
lockstep_session_init (LockstepSession *self)
{
  self->moment = lockstep_moment_new ();
}

LockstepSession *
lockstep_session_new (void)
{
  return g_object_new (LOCKSTEP_TYPE_SESSION, NULL);
}

void
lockstep_session_open (LockstepSession *self,
                       GFile           *file,
                       gboolean         start)
{
  g_return_if_fail (LOCKSTEP_IS_SESSION (self));
  g_return_if_fail (G_IS_FILE (file));
  g_return_if_fail (!self->live);

  set_file (self, file);
  load (self, start);
}

void
lockstep_session_reload (LockstepSession *self)
{
  g_return_if_fail (LOCKSTEP_IS_SESSION (self));
  g_return_if_fail (self->file != NULL);
  g_return_if_fail (!self->live);

  load (self, FALSE);
}

void
lockstep_session_start (LockstepSession *self)
{
  g_return_if_fail (LOCKSTEP_IS_SESSION (self));
  g_return_if_fail (self->file != NULL);
  g_return_if_fail (!self->live);

  load (self, TRUE);
}

void
lockstep_session_terminate (LockstepSession *self,
                            LockstepStop     how)
{
  g_return_if_fail (LOCKSTEP_IS_SESSION (self));

  if (self->live)
    lockstep_controller_terminate (self->controller, how);
}

GFile *
lockstep_session_get_file (LockstepSession *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_SESSION (self), NULL);

  return self->file;
}

LockstepPlan *
lockstep_session_get_plan (LockstepSession *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_SESSION (self), NULL);

  return self->plan;
}

LockstepRun *
lockstep_session_get_run (LockstepSession *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_SESSION (self), NULL);

  return self->run;
}

gboolean
lockstep_session_get_live (LockstepSession *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_SESSION (self), FALSE);

  return self->live;
}

gboolean
lockstep_session_get_loading (LockstepSession *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_SESSION (self), FALSE);

  return self->loading != NULL;
}

const char *
lockstep_session_get_problem (LockstepSession *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_SESSION (self), NULL);

  return self->problem;
}

LockstepChronicle *
lockstep_session_get_chronicle (LockstepSession *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_SESSION (self), NULL);

  return self->chronicle;
}

LockstepMoment *
lockstep_session_get_moment (LockstepSession *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_SESSION (self), NULL);

  return self->moment;
}
