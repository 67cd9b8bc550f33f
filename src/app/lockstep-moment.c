/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-moment.h"

struct _LockstepMoment
{
  GObject parent_instance;
  gint64  time;
};

G_DEFINE_FINAL_TYPE (LockstepMoment, lockstep_moment, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_TIME,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static void
lockstep_moment_get_property (GObject    *object,
                              guint       property_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  switch (property_id)
    {
    case PROP_TIME:
      g_value_set_int64 (value, LOCKSTEP_MOMENT (object)->time);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_moment_set_property (GObject      *object,
                              guint         property_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  switch (property_id)
    {
    case PROP_TIME:
      lockstep_moment_set_time (LOCKSTEP_MOMENT (object), g_value_get_int64 (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_moment_class_init (LockstepMomentClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = lockstep_moment_get_property;
  object_class->set_property = lockstep_moment_set_property;

  properties[PROP_TIME] = g_param_spec_int64 ("time", NULL, NULL, 0, G_MAXINT64, 0,
                                              G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
lockstep_moment_init (LockstepMoment *self)
{
}

LockstepMoment *
lockstep_moment_new (void)
{
  return g_object_new (LOCKSTEP_TYPE_MOMENT, NULL);
}

gint64
lockstep_moment_get_time (LockstepMoment *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_MOMENT (self), 0);

  return self->time;
}

void
lockstep_moment_set_time (LockstepMoment *self,
                          gint64          time)
{
  g_return_if_fail (LOCKSTEP_IS_MOMENT (self));

  if (time == self->time)
    return;

  self->time = time;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TIME]);
}
