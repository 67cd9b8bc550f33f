/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-cause-private.h"

#include <glib/gi18n-lib.h>

struct _LockstepCause
{
  GObject parent_instance;

  char    *cause;
  char    *text;
  guint    serial;
  GQueue   failures; /* of LockstepFailure, by their own links; the oldest first */
  gboolean changed;  /* since the views were told */
};

enum
{
  PROP_0,
  PROP_CAUSE,
  PROP_TEXT,
  PROP_COUNT,
  PROP_TASK,
  PROP_SOLVER,
  PROP_ATTEMPT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (LockstepCause, lockstep_cause, G_TYPE_OBJECT)

static void
lockstep_cause_get_property (GObject    *object,
                             guint       property_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  LockstepCause *self = LOCKSTEP_CAUSE (object);

  switch (property_id)
    {
    case PROP_CAUSE:
      g_value_set_string (value, self->cause);
      break;
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    case PROP_COUNT:
      g_value_set_uint64 (value, lockstep_cause_get_count (self));
      break;
    case PROP_TASK:
      g_value_set_int64 (value, lockstep_cause_get_task (self));
      break;
    case PROP_SOLVER:
      g_value_set_int (value, lockstep_cause_get_solver (self));
      break;
    case PROP_ATTEMPT:
      g_value_set_int (value, lockstep_cause_get_attempt (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_cause_finalize (GObject *object)
{
  LockstepCause *self = LOCKSTEP_CAUSE (object);

  /* The failures are freed by who made them; one may outlive this when a view holds it. */
  g_free (self->cause);
  g_free (self->text);

  G_OBJECT_CLASS (lockstep_cause_parent_class)->finalize (object);
}

static void
lockstep_cause_class_init (LockstepCauseClass *klass)
{
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = lockstep_cause_get_property;
  object_class->finalize = lockstep_cause_finalize;

  properties[PROP_CAUSE] = g_param_spec_string ("cause", NULL, NULL, NULL, flags);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, flags);
  properties[PROP_COUNT] = g_param_spec_uint64 ("count", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_TASK] = g_param_spec_int64 ("task", NULL, NULL, -1, G_MAXINT64, -1, flags);
  properties[PROP_SOLVER] = g_param_spec_int ("solver", NULL, NULL, -1, G_MAXINT, -1, flags);
  properties[PROP_ATTEMPT] = g_param_spec_int ("attempt", NULL, NULL, -1, G_MAXINT, -1, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
lockstep_cause_init (LockstepCause *self)
{
  g_queue_init (&self->failures);
}

LockstepCause *
lockstep_cause_new (const char *cause,
                    const char *text,
                    guint       serial)
{
  LockstepCause *self = g_object_new (LOCKSTEP_TYPE_CAUSE, NULL);

  self->cause = g_strdup (cause);
  self->text = g_strdup (text);
  self->serial = serial;

  return self;
}

void
lockstep_cause_add (LockstepCause   *self,
                    LockstepFailure *failure)
{
  failure->cause = self;
  failure->link = (GList){ .data = failure };
  g_queue_push_tail_link (&self->failures, &failure->link);
  self->changed = TRUE;
}

void
lockstep_cause_remove (LockstepFailure *failure)
{
  g_queue_unlink (&failure->cause->failures, &failure->link);
  failure->cause->changed = TRUE;
  failure->cause = NULL;
}

int
lockstep_cause_compare (LockstepCause *self,
                        LockstepCause *other)
{
  const guint count = self->failures.length, other_count = other->failures.length;

  if ((self->serial == G_MAXUINT) != (other->serial == G_MAXUINT))
    return self->serial == G_MAXUINT ? 1 : -1;
  if (count != other_count)
    return count > other_count ? -1 : 1;

  return self->serial < other->serial ? -1 : self->serial > other->serial;
}

void
lockstep_cause_flush (LockstepCause *self)
{
  if (!self->changed)
    return;

  self->changed = FALSE;
  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = PROP_COUNT; i < N_PROPS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
  g_object_thaw_notify (G_OBJECT (self));
}

const char *
lockstep_cause_get_cause (LockstepCause *self)
{
  return self->cause;
}

const char *
lockstep_cause_get_text (LockstepCause *self)
{
  return self->text;
}

guint64
lockstep_cause_get_count (LockstepCause *self)
{
  return self->failures.length;
}

gint64
lockstep_cause_get_task (LockstepCause *self)
{
  const LockstepFailure *first = g_queue_peek_head (&self->failures);

  return first != NULL ? first->task : -1;
}

int
lockstep_cause_get_solver (LockstepCause *self)
{
  const LockstepFailure *first = g_queue_peek_head (&self->failures);

  return first != NULL ? first->solver : -1;
}

int
lockstep_cause_get_attempt (LockstepCause *self)
{
  const LockstepFailure *first = g_queue_peek_head (&self->failures);

  return first != NULL ? first->attempt : -1;
}

/* NULL for what the text says alone. */
static const char *
get_word (const char *cause)
{
  static const char *const words[][2] = {
    { "crash", N_ ("crashed") },
    { "memory", N_ ("out of memory") },
    { "timeout", N_ ("took too long") },
    { "stall", N_ ("silent for too long") },
    { "skipped", N_ ("skipped") },
    { "other", N_ ("other causes") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_strcmp0 (cause, words[i][0]) == 0)
      return _ (words[i][1]);

  return NULL;
}

char *
lockstep_cause_dup_title (LockstepCause *self)
{
  const char *word;

  g_return_val_if_fail (LOCKSTEP_IS_CAUSE (self), NULL);

  word = get_word (self->cause);
  if (self->text == NULL || *self->text == '\0')
    return g_strdup (word != NULL ? word : _ ("failed"));

  return word != NULL ? g_strdup_printf ("%s: %s", word, self->text) : g_strdup (self->text);
}
