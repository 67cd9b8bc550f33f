/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-host.h"

typedef struct
{
  char *name; /* owned */
} LockstepHostPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (LockstepHost, lockstep_host, G_TYPE_OBJECT)

G_DEFINE_QUARK (lockstep - host - error - quark, lockstep_host_error)

enum
{
  PROP_NAME = 1,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static void
lockstep_host_get_property (GObject    *object,
                            guint       property_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  switch (property_id)
    {
    case PROP_NAME:
      g_value_set_string (value, lockstep_host_get_name (LOCKSTEP_HOST (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_host_set_property (GObject      *object,
                            guint         property_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  LockstepHostPrivate *priv = lockstep_host_get_instance_private (LOCKSTEP_HOST (object));

  switch (property_id)
    {
    case PROP_NAME:
      priv->name = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_host_finalize (GObject *object)
{
  LockstepHostPrivate *priv = lockstep_host_get_instance_private (LOCKSTEP_HOST (object));

  g_free (priv->name);

  G_OBJECT_CLASS (lockstep_host_parent_class)->finalize (object);
}

static void
lockstep_host_class_init (LockstepHostClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lockstep_host_get_property;
  object_class->set_property = lockstep_host_set_property;
  object_class->finalize = lockstep_host_finalize;

  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL,
                                               G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
lockstep_host_init (LockstepHost *self)
{
}

const char *
lockstep_host_get_name (LockstepHost *self)
{
  LockstepHostPrivate *priv = lockstep_host_get_instance_private (self);

  g_return_val_if_fail (LOCKSTEP_IS_HOST (self), NULL);

  return priv->name;
}

LockstepProcess *
lockstep_host_launch (LockstepHost         *self,
                      const LockstepLaunch *launch,
                      GError              **error)
{
  g_return_val_if_fail (LOCKSTEP_IS_HOST (self), NULL);
  g_return_val_if_fail (launch != NULL && launch->command != NULL && launch->command[0] != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return LOCKSTEP_HOST_GET_CLASS (self)->launch (self, launch, error);
}
