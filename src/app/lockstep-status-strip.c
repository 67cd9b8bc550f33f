/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-status-strip.h"

#include <glib/gi18n-lib.h>

#include "lockstep-clock.h"
#include "lockstep-preflight.h"
#include "lockstep-solver-text.h"
#include "lockstep-standing.h"

struct _LockstepStatusStrip
{
  GtkWidget       parent_instance;
  GtkLabel       *summary_label;
  GtkLabel       *aside_label;
  GtkProgressBar *progress_bar;
  GtkButton      *action_button;
  LockstepRun    *run; /* NULL without a plan */
  GSignalGroup   *run_signals;
  LockstepClock  *clock;     /* runs while the run does */
  guint           n_solvers; /* that a run gets which was not started; 0 until that is known */
};

G_DEFINE_FINAL_TYPE (LockstepStatusStrip, lockstep_status_strip, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_RUN,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static void
set_label (GtkLabel   *label,
           const char *text)
{
  if (g_strcmp0 (text, gtk_label_get_label (label)) != 0)
    gtk_label_set_label (label, text);
}

/* The one thing that a person may want to do now. */
static void
update_action (LockstepStatusStrip   *self,
               LockstepStandingAction action)
{
  static const struct
  {
    const char *label;
    const char *tooltip;
    const char *action;
    const char *target; /* NULL where the action takes none */
  } buttons[] = {
    [LOCKSTEP_STANDING_TRY] = { N_ ("_Try One Task"), N_ ("Do the First Task in a Terminal, and Look at What It Brings"), "win.try-task" },
    [LOCKSTEP_STANDING_CONTINUE] = { N_ ("_Continue"), N_ ("Give Out Tasks Again"), "win.pause" },
    [LOCKSTEP_STANDING_STOP_ITERATING] = { N_ ("Stop _Iterating"), N_ ("Leave the Loop After This Iteration"), "win.stop-iterating" },
    [LOCKSTEP_STANDING_EXPORT] = { N_ ("_Export…"), N_ ("Export the Results"), "win.export", "results" },
  };

  gtk_widget_set_visible (GTK_WIDGET (self->action_button), action != LOCKSTEP_STANDING_NOTHING);
  if (action == LOCKSTEP_STANDING_NOTHING)
    return;

  gtk_button_set_label (self->action_button, _ (buttons[action].label));
  gtk_button_set_use_underline (self->action_button, TRUE);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->action_button), _ (buttons[action].tooltip));
  if (g_strcmp0 (buttons[action].action, gtk_actionable_get_action_name (GTK_ACTIONABLE (self->action_button))) == 0)
    return;

  /* Name and target have to fit together at any time. */
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->action_button), NULL);
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (self->action_button),
                                          buttons[action].target != NULL ? g_variant_new_string (buttons[action].target) : NULL);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->action_button), buttons[action].action);
}

static void
update_standing (LockstepStatusStrip *self)
{
  g_autoptr (LockstepStanding) standing = NULL;

  if (self->run == NULL)
    return;

  standing = lockstep_standing_new (self->run, self->n_solvers, lockstep_clock_get_now (self->clock));
  set_label (self->summary_label, standing->text);
  set_label (self->aside_label, standing->aside != NULL ? standing->aside : "");
  gtk_widget_set_visible (GTK_WIDGET (self->aside_label), standing->aside != NULL);
  update_action (self, standing->action);
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
  const LockstepRunState state = self->run != NULL ? lockstep_run_get_state (self->run) : LOCKSTEP_RUN_IDLE;
  const gboolean         at_work = state != LOCKSTEP_RUN_IDLE && !lockstep_run_has_ended (self->run);

  lockstep_clock_set_running (self->clock, at_work);
  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), at_work);
  update_standing (self);
  update_progress (self);
}

static void
tick_cb (LockstepStatusStrip *self)
{
  update_standing (self);
  if (self->run != NULL && lockstep_run_get_fraction (self->run) < 0)
    update_progress (self);
}

static void
preflight_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (LockstepStatusStrip) self = user_data;
  g_autoptr (LockstepPreflight)   preflight = lockstep_preflight_run_finish (result);

  /* It may be about another plan by now, or gone. */
  if (self->run == NULL || (gpointer) lockstep_run_get_plan (self->run) != object)
    return;

  self->n_solvers = lockstep_preflight_get_n_all (preflight);
  update_standing (self);
}

/* How many solvers it would get depends on the machine. */
static void
look_at_machine (LockstepStatusStrip *self)
{
  self->n_solvers = 0;
  if (self->run != NULL && lockstep_run_get_state (self->run) == LOCKSTEP_RUN_IDLE)
    lockstep_preflight_run_async (lockstep_run_get_plan (self->run), NULL, LOCKSTEP_PREFLIGHT_LOOK, preflight_cb,
                                  g_object_ref (self));
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
  gtk_widget_class_bind_template_child (widget_class, LockstepStatusStrip, aside_label);
  gtk_widget_class_bind_template_child (widget_class, LockstepStatusStrip, action_button);
  gtk_widget_class_bind_template_child (widget_class, LockstepStatusStrip, progress_bar);
}

static void
lockstep_status_strip_init (LockstepStatusStrip *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->clock = lockstep_clock_new ();
  g_signal_connect_object (self->clock, "notify::now", G_CALLBACK (tick_cb), self, G_CONNECT_SWAPPED);

  self->run_signals = g_signal_group_new (LOCKSTEP_TYPE_RUN);
  g_signal_group_connect_swapped (self->run_signals, "notify::state", G_CALLBACK (update_state), self);
  g_signal_group_connect_swapped (self->run_signals, "notify::fraction", G_CALLBACK (update_progress), self);
  g_signal_group_connect_swapped (self->run_signals, "notify::summary", G_CALLBACK (update_standing), self);
  g_signal_group_connect_swapped (self->run_signals, "notify::finishing", G_CALLBACK (update_standing), self);
}

void
lockstep_status_strip_set_run (LockstepStatusStrip *self,
                               LockstepRun         *run)
{
  g_return_if_fail (LOCKSTEP_IS_STATUS_STRIP (self));

  if (!g_set_object (&self->run, run))
    return;

  g_signal_group_set_target (self->run_signals, run);
  gtk_widget_set_visible (GTK_WIDGET (self), run != NULL);
  look_at_machine (self);
  update_state (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUN]);
}
