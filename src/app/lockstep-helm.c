/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-helm.h"

#include <glib/gi18n-lib.h>

#include "lockstep-run-service.h"

struct _LockstepHelm
{
  GObject             parent_instance;
  LockstepRun        *run;
  LockstepController *controller; /* one of these two is NULL */
  LockstepFollower   *follower;
  LockstepRunService *service; /* of controller, for other processes */
  gboolean            lost;    /* the follower hears no more of it */
  gboolean            live;
};

G_DEFINE_FINAL_TYPE (LockstepHelm, lockstep_helm, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_LIVE,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

enum
{
  SIGNAL_REFUSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
update_live (LockstepHelm *self)
{
  gboolean live = !self->lost && !lockstep_run_has_ended (self->run);

  if (live == self->live)
    return;

  self->live = live;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LIVE]);
}

static void
refuse (LockstepHelm *self,
        const char   *why)
{
  g_autofree char *valid = g_utf8_make_valid (why, -1);

  g_signal_emit (self, signals[SIGNAL_REFUSED], 0, valid);
}

static void
lost_cb (LockstepHelm *self,
         const GError *reason)
{
  g_autofree char *why = g_strdup_printf (_ ("The run goes on, and is not followed any more: %s"), reason->message);

  self->lost = TRUE;
  update_live (self);
  refuse (self, why);
}

static void
acted_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (LockstepHelm) self = user_data;
  g_autoptr (GError)       error = NULL;

  if (!lockstep_follower_act_finish (LOCKSTEP_FOLLOWER (object), result, &error))
    refuse (self, error->message);
}

static void
set_run (LockstepHelm *self,
         LockstepRun  *run)
{
  self->run = g_object_ref (run);
  self->live = !lockstep_run_has_ended (run);
  g_signal_connect_object (run, "notify::state", G_CALLBACK (update_live), self, G_CONNECT_SWAPPED);
}

static void
lockstep_helm_get_property (GObject    *object,
                            guint       property_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  LockstepHelm *self = LOCKSTEP_HELM (object);

  switch (property_id)
    {
    case PROP_LIVE:
      g_value_set_boolean (value, self->live);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_helm_dispose (GObject *object)
{
  LockstepHelm *self = LOCKSTEP_HELM (object);

  g_clear_object (&self->service);
  g_clear_object (&self->controller);
  g_clear_object (&self->follower);
  g_clear_object (&self->run);

  G_OBJECT_CLASS (lockstep_helm_parent_class)->dispose (object);
}

static void
lockstep_helm_class_init (LockstepHelmClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = lockstep_helm_get_property;
  object_class->dispose = lockstep_helm_dispose;

  properties[PROP_LIVE] = g_param_spec_boolean ("live", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[SIGNAL_REFUSED] = g_signal_new ("refused", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
lockstep_helm_init (LockstepHelm *self)
{
}

LockstepHelm *
lockstep_helm_new_own (LockstepController *controller)
{
  LockstepHelm *self;

  g_return_val_if_fail (LOCKSTEP_IS_CONTROLLER (controller), NULL);

  self = g_object_new (LOCKSTEP_TYPE_HELM, NULL);
  self->controller = g_object_ref (controller);
  self->service = lockstep_run_service_new (controller);
  set_run (self, lockstep_controller_get_run (controller));
  self->live = TRUE;

  return self;
}

LockstepHelm *
lockstep_helm_new_following (LockstepFollower *follower)
{
  LockstepHelm *self;

  g_return_val_if_fail (LOCKSTEP_IS_FOLLOWER (follower), NULL);

  self = g_object_new (LOCKSTEP_TYPE_HELM, NULL);
  self->follower = g_object_ref (follower);
  set_run (self, lockstep_follower_get_run (follower));
  g_signal_connect_object (follower, "lost", G_CALLBACK (lost_cb), self, G_CONNECT_SWAPPED);

  return self;
}

LockstepRun *
lockstep_helm_get_run (LockstepHelm *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_HELM (self), NULL);

  return self->run;
}

gboolean
lockstep_helm_get_live (LockstepHelm *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_HELM (self), FALSE);

  return self->live;
}

void
lockstep_helm_terminate (LockstepHelm *self,
                         LockstepStop  how)
{
  g_return_if_fail (LOCKSTEP_IS_HELM (self));

  if (self->live && self->follower != NULL)
    lockstep_follower_terminate_async (self->follower, how, acted_cb, g_object_ref (self));
  else if (self->live)
    lockstep_controller_terminate (self->controller, how);
}

void
lockstep_helm_finish_tasks (LockstepHelm *self)
{
  g_return_if_fail (LOCKSTEP_IS_HELM (self));

  if (self->live && self->follower != NULL)
    lockstep_follower_finish_tasks_async (self->follower, acted_cb, g_object_ref (self));
  else if (self->live)
    lockstep_controller_finish_tasks (self->controller);
}

void
lockstep_helm_pause (LockstepHelm *self,
                     gboolean      now)
{
  g_return_if_fail (LOCKSTEP_IS_HELM (self));

  if (self->live && self->follower != NULL)
    lockstep_follower_pause_async (self->follower, now, acted_cb, g_object_ref (self));
  else if (self->live)
    lockstep_controller_pause (self->controller, now);
}

void
lockstep_helm_continue (LockstepHelm *self)
{
  g_return_if_fail (LOCKSTEP_IS_HELM (self));

  if (self->live && self->follower != NULL)
    lockstep_follower_continue_async (self->follower, acted_cb, g_object_ref (self));
  else if (self->live)
    lockstep_controller_continue (self->controller);
}

void
lockstep_helm_stop_iterating (LockstepHelm *self)
{
  g_return_if_fail (LOCKSTEP_IS_HELM (self));

  if (self->live && self->follower != NULL)
    lockstep_follower_stop_iterating_async (self->follower, acted_cb, g_object_ref (self));
  else if (self->live)
    lockstep_controller_stop_iterating (self->controller);
}

void
lockstep_helm_restart (LockstepHelm *self,
                       guint         solver)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (LOCKSTEP_IS_HELM (self));

  if (self->live && self->follower != NULL)
    lockstep_follower_restart_async (self->follower, solver, acted_cb, g_object_ref (self));
  else if (self->live && !lockstep_controller_restart (self->controller, solver, &error))
    refuse (self, error->message);
}

void
lockstep_helm_act_on_late (LockstepHelm      *self,
                           gint64             task,
                           LockstepLateAction action)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (LOCKSTEP_IS_HELM (self));

  if (self->live && self->follower != NULL)
    lockstep_follower_act_on_late_async (self->follower, task, action, acted_cb, g_object_ref (self));
  else if (self->live && !lockstep_controller_act_on_late (self->controller, task, action, &error))
    refuse (self, error->message);
}
