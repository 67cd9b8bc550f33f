/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-finding.h"

struct _LockstepFinding
{
  GObject parent_instance;

  LockstepFindingLevel level;
  char                *topic;
  char                *text;
  char                *advice; /* may be NULL */
};

G_DEFINE_FINAL_TYPE (LockstepFinding, lockstep_finding, G_TYPE_OBJECT)

enum
{
  PROP_LEVEL = 1,
  PROP_TOPIC,
  PROP_TEXT,
  PROP_ADVICE,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static void
lockstep_finding_get_property (GObject    *object,
                               guint       property_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  LockstepFinding *self = LOCKSTEP_FINDING (object);

  switch (property_id)
    {
    case PROP_LEVEL:
      g_value_set_uint (value, self->level);
      break;
    case PROP_TOPIC:
      g_value_set_string (value, self->topic);
      break;
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    case PROP_ADVICE:
      g_value_set_string (value, self->advice);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_finding_finalize (GObject *object)
{
  LockstepFinding *self = LOCKSTEP_FINDING (object);

  g_free (self->topic);
  g_free (self->text);
  g_free (self->advice);

  G_OBJECT_CLASS (lockstep_finding_parent_class)->finalize (object);
}

static void
lockstep_finding_class_init (LockstepFindingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lockstep_finding_get_property;
  object_class->finalize = lockstep_finding_finalize;

  properties[PROP_LEVEL] = g_param_spec_uint ("level", NULL, NULL, 0, LOCKSTEP_FINDING_PROBLEM, 0,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_TOPIC] = g_param_spec_string ("topic", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_ADVICE] = g_param_spec_string ("advice", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
lockstep_finding_init (LockstepFinding *self)
{
}

LockstepFinding *
lockstep_finding_new (LockstepFindingLevel level,
                      const char          *topic,
                      char                *text,
                      char                *advice)
{
  LockstepFinding *self = g_object_new (LOCKSTEP_TYPE_FINDING, NULL);

  self->level = level;
  self->topic = g_strdup (topic);
  self->text = text;
  self->advice = advice;

  return self;
}

LockstepFindingLevel
lockstep_finding_get_level (LockstepFinding *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_FINDING (self), LOCKSTEP_FINDING_OK);

  return self->level;
}

const char *
lockstep_finding_get_topic (LockstepFinding *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_FINDING (self), NULL);

  return self->topic;
}

const char *
lockstep_finding_get_text (LockstepFinding *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_FINDING (self), NULL);

  return self->text;
}

const char *
lockstep_finding_get_advice (LockstepFinding *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_FINDING (self), NULL);

  return self->advice;
}

char *
lockstep_finding_dup_sentence (LockstepFinding *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_FINDING (self), NULL);

  return self->advice != NULL ? g_strdup_printf ("%s %s", self->text, self->advice) : g_strdup (self->text);
}
