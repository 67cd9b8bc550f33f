/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-status-strip.h"

#include <glib/gi18n-lib.h>

#include "lockstep-clock.h"
#include "lockstep-solver-text.h"

struct _LockstepStatusStrip
{
  GtkWidget       parent_instance;
  GtkLabel       *summary_label;
  GtkLabel       *elapsed_label;
  GtkProgressBar *progress_bar;
  LockstepRun    *run; /* NULL without a plan */
  GSignalGroup   *run_signals;
  GBindingGroup  *run_bindings;
  LockstepClock  *clock; /* runs while the run does */
};

G_DEFINE_FINAL_TYPE (LockstepStatusStrip, lockstep_status_strip, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_RUN,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

/* "0:41", "1:02:03" */
static char *
dup_elapsed (double elapsed)
{
  int seconds = (int) MAX (elapsed, 0);

  if (seconds < 3600)
    return g_strdup_printf ("%d:%02d", seconds / 60, seconds % 60);

  return g_strdup_printf ("%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

/* While it runs; after that the summary tells. */
static void
update_elapsed (LockstepStatusStrip *self)
{
  gint64           start = self->run != NULL ? lockstep_run_get_start (self->run) : 0;
  g_autofree char *elapsed = NULL;

  if (start > 0 && !lockstep_run_has_ended (self->run))
    elapsed = dup_elapsed (lockstep_run_get_seconds (self->run, lockstep_clock_get_now (self->clock)));

  gtk_label_set_label (self->elapsed_label, elapsed != NULL ? elapsed : "");
}

static void
update_progress (LockstepStatusStrip *self)
{
  double           fraction = self->run != NULL ? lockstep_run_get_fraction (self->run) : 0;
  g_autofree char *text = NULL;

  if (fraction < 0)
    {
      gtk_progress_bar_pulse (self->progress_bar);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->progress_bar),
                                      GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, _ ("not known yet"),
                                      -1);
      return;
    }

  text = g_strdup_printf (_ ("%d %%"), lockstep_fraction_get_percent (fraction));
  gtk_progress_bar_set_fraction (self->progress_bar, fraction);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->progress_bar),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text,
                                  -1);
}

static void
update_state (LockstepStatusStrip *self)
{
  LockstepRunState state = self->run != NULL ? lockstep_run_get_state (self->run) : LOCKSTEP_RUN_IDLE;

  lockstep_clock_set_running (self->clock, state != LOCKSTEP_RUN_IDLE && !lockstep_run_has_ended (self->run));
  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), state != LOCKSTEP_RUN_IDLE);
  update_elapsed (self);
  update_progress (self);
}

static void
tick_cb (LockstepStatusStrip *self)
{
  update_elapsed (self);
  if (self->run != NULL && lockstep_run_get_fraction (self->run) < 0)
    update_progress (self);
}

static void
lockstep_status_strip_get_property (GObject    *object,
                                    guint       property_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  LockstepStatusStrip *self = LOCKSTEP_STATUS_STRIP (object);

  switch (property_id)
    {
    case PROP_RUN:
      g_value_set_object (value, self->run);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_status_strip_set_property (GObject      *object,
                                    guint         property_id,
                                    const GValue *value,
                                    GParamSpec   *pspec)
{
  switch (property_id)
    {
    case PROP_RUN:
      lockstep_status_strip_set_run (LOCKSTEP_STATUS_STRIP (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_status_strip_dispose (GObject *object)
{
  LockstepStatusStrip *self = LOCKSTEP_STATUS_STRIP (object);
  GtkWidget           *child;

  if (self->clock != NULL)
    lockstep_clock_set_running (self->clock, FALSE);
  g_clear_object (&self->run_signals);
  g_clear_object (&self->run_bindings);
  g_clear_object (&self->clock);
  g_clear_object (&self->run);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (lockstep_status_strip_parent_class)->dispose (object);
}

static void
lockstep_status_strip_class_init (LockstepStatusStripClass *class)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->get_property = lockstep_status_strip_get_property;
  object_class->set_property = lockstep_status_strip_set_property;
  object_class->dispose = lockstep_status_strip_dispose;

  properties[PROP_RUN] = g_param_spec_object ("run", NULL, NULL, LOCKSTEP_TYPE_RUN,
                                              G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/lockstep/Lockstep/lockstep-status-strip.ui");
  gtk_widget_class_bind_template_child (widget_class, LockstepStatusStrip, summary_label);
  gtk_widget_class_bind_template_child (widget_class, LockstepStatusStrip, elapsed_label);
  gtk_widget_class_bind_template_child (widget_class, LockstepStatusStrip, progress_bar);
}

static void
lockstep_status_strip_init (LockstepStatusStrip *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->clock = lockstep_clock_new ();
  g_signal_connect_object (self->clock, "notify::now", G_CALLBACK (tick_cb), self, G_CONNECT_SWAPPED);

  self->run_bindings = g_binding_group_new ();
  g_binding_group_bind (self->run_bindings, "summary", self->summary_label, "label", G_BINDING_SYNC_CREATE);

  self->run_signals = g_signal_group_new (LOCKSTEP_TYPE_RUN);
  g_signal_group_connect_swapped (self->run_signals, "notify::state", G_CALLBACK (update_state), self);
  g_signal_group_connect_swapped (self->run_signals, "notify::fraction", G_CALLBACK (update_progress), self);
}

void
lockstep_status_strip_set_run (LockstepStatusStrip *self,
                               LockstepRun         *run)
{
  g_return_if_fail (LOCKSTEP_IS_STATUS_STRIP (self));

  if (!g_set_object (&self->run, run))
    return;

  g_binding_group_set_source (self->run_bindings, run);
  g_signal_group_set_target (self->run_signals, run);
  gtk_widget_set_visible (GTK_WIDGET (self), run != NULL);
  update_state (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUN]);
}
