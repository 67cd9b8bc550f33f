/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-clock.h"

struct _LockstepClock
{
  GObject parent_instance;
  gint64  now;
  guint   source; /* 0 while it stands still */
};

G_DEFINE_FINAL_TYPE (LockstepClock, lockstep_clock, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_NOW,
  PROP_RUNNING,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static gboolean
tick_cb (gpointer user_data)
{
  LockstepClock *self = user_data;

  self->now = g_get_real_time ();
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NOW]);

  return G_SOURCE_CONTINUE;
}

static void
lockstep_clock_get_property (GObject    *object,
                             guint       property_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  LockstepClock *self = LOCKSTEP_CLOCK (object);

  switch (property_id)
    {
    case PROP_NOW:
      g_value_set_int64 (value, self->now);
      break;
    case PROP_RUNNING:
      g_value_set_boolean (value, self->source != 0);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_clock_set_property (GObject      *object,
                             guint         property_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  switch (property_id)
    {
    case PROP_RUNNING:
      lockstep_clock_set_running (LOCKSTEP_CLOCK (object), g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_clock_dispose (GObject *object)
{
  LockstepClock *self = LOCKSTEP_CLOCK (object);

  g_clear_handle_id (&self->source, g_source_remove);

  G_OBJECT_CLASS (lockstep_clock_parent_class)->dispose (object);
}

static void
lockstep_clock_class_init (LockstepClockClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = lockstep_clock_get_property;
  object_class->set_property = lockstep_clock_set_property;
  object_class->dispose = lockstep_clock_dispose;

  properties[PROP_NOW] = g_param_spec_int64 ("now", NULL, NULL, 0, G_MAXINT64, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE,
                                                   G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
lockstep_clock_init (LockstepClock *self)
{
  self->now = g_get_real_time ();
}

LockstepClock *
lockstep_clock_new (void)
{
  return g_object_new (LOCKSTEP_TYPE_CLOCK, NULL);
}

gint64
lockstep_clock_get_now (LockstepClock *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_CLOCK (self), 0);

  return self->now;
}

void
lockstep_clock_set_running (LockstepClock *self,
                            gboolean       running)
{
  g_return_if_fail (LOCKSTEP_IS_CLOCK (self));

  if (running == (self->source != 0))
    return;

  if (running)
    self->source = g_timeout_add_seconds (1, tick_cb, self);
  else
    g_clear_handle_id (&self->source, g_source_remove);

  tick_cb (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
}

void
lockstep_clock_set_time (LockstepClock *self,
                         gint64         time)
{
  g_return_if_fail (LOCKSTEP_IS_CLOCK (self));

  lockstep_clock_set_running (self, FALSE);
  self->now = time;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NOW]);
}
