/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-details-private.h"

#include <glib/gi18n-lib.h>

#include "lockstep-present.h"
#include "lockstep-shown-text.h"
#include "lockstep-timeline-words.h"
#include "lockstep-trace-solvers.h"

G_DEFINE_FINAL_TYPE (LockstepDetails, lockstep_details, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

enum
{
  SAID,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

void
lockstep_details_say (LockstepDetails *self,
                      const char      *text)
{
  g_signal_emit (self, signals[SAID], 0, text);
}

static gboolean
is_alive (LockstepDetails *self)
{
  return self->solver != NULL && lockstep_run_solver_get_state (self->solver) != LOCKSTEP_SOLVER_DEAD;
}

gint64
lockstep_details_get_task (LockstepDetails *self)
{
  LockstepRunSolver *seen = self->then != NULL ? self->then : self->solver;

  if (self->task != NULL)
    return lockstep_task_row_get_task (self->task);
  if (seen != NULL && lockstep_run_solver_get_state (seen) == LOCKSTEP_SOLVER_BUSY)
    return lockstep_run_solver_get_task (seen);

  return self->mortem != NULL && self->then == NULL && !is_alive (self) ? self->mortem->task : -1;
}

gboolean
lockstep_details_is_at_work (LockstepDetails *self)
{
  if (self->task != NULL)
    return lockstep_task_row_get_state (self->task) == LOCKSTEP_TASK_RUNNING;

  return self->then == NULL && self->solver != NULL && lockstep_run_solver_get_state (self->solver) == LOCKSTEP_SOLVER_BUSY;
}

int
lockstep_details_get_solver (LockstepDetails *self)
{
  if (self->solver != NULL)
    return (int) lockstep_run_solver_get_index (self->solver);
  if (self->task != NULL)
    return lockstep_task_row_get_solver (self->task);

  return -1;
}

gboolean
lockstep_details_is_past (LockstepDetails *self)
{
  return (self->solver != NULL || self->task != NULL) && lockstep_session_get_chronicle (self->session) != NULL &&
         lockstep_moment_get_time (lockstep_session_get_moment (self->session)) != 0;
}

/* The trace, and the time there that is the moment. */
static LockstepTrace *
get_trace (LockstepDetails *self,
           gint64          *time)
{
  LockstepTrace *trace = lockstep_chronicle_get_trace (lockstep_session_get_chronicle (self->session));

  *time = lockstep_trace_from_clock (trace, lockstep_moment_get_time (lockstep_session_get_moment (self->session)));

  return trace;
}

static GtkLabel *
get_label (LockstepDetails *self,
           guint            index)
{
  GtkWidget *label;

  if (index < self->labels->len)
    return g_ptr_array_index (self->labels, index);

  label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_yalign (GTK_LABEL (label), 0);
  if (index % 2 == 0)
    {
      gtk_widget_add_css_class (label, "dim-label");
    }
  else
    {
      gtk_label_set_selectable (GTK_LABEL (label), TRUE);
      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
      gtk_widget_set_hexpand (label, TRUE);
      gtk_widget_add_css_class (label, "numeric");
    }
  gtk_grid_attach (self->grid, label, (int) index % 2, (int) index / 2, 1, 1);
  g_ptr_array_add (self->labels, label);

  return GTK_LABEL (label);
}

static GtkWidget *
get_copy (LockstepDetails *self,
          guint            index)
{
  GtkWidget *button;

  if (index < self->copies->len)
    return g_ptr_array_index (self->copies, index);

  button = gtk_button_new_from_icon_name ("edit-copy-symbolic");
  gtk_widget_set_tooltip_text (button, _ ("Copy All of It"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Copy All of It"), -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "details.copy-fact");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "u", index);
  gtk_widget_set_valign (button, GTK_ALIGN_START);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "copy");
  gtk_grid_attach (self->grid, button, 2, (int) index, 1, 1);
  g_ptr_array_add (self->copies, button);

  return button;
}

/* Labels stay, so that what a person has selected in them does, too. */
static void
set_text (GtkLabel   *label,
          const char *text)
{
  g_autofree char *shown = lockstep_shown_text_dup (text);

  if (g_strcmp0 (gtk_label_get_label (label), shown) != 0)
    gtk_label_set_label (label, shown);
}

static void
show_facts (LockstepDetails *self,
            GPtrArray       *facts)
{
  for (guint i = 0; i < facts->len; i++)
    {
      const LockstepFact *fact = g_ptr_array_index (facts, i);

      set_text (get_label (self, 2 * i), fact->label);
      set_text (get_label (self, 2 * i + 1), fact->text);
      gtk_widget_set_visible (get_copy (self, i), fact->whole != NULL);
    }
  for (guint i = 0; i < self->labels->len; i++)
    gtk_widget_set_visible (g_ptr_array_index (self->labels, i), i < 2 * facts->len);
  for (guint i = facts->len; i < self->copies->len; i++)
    gtk_widget_set_visible (g_ptr_array_index (self->copies, i), FALSE);
}

/* What was known of it at the moment. */
static GPtrArray *
list_past (LockstepDetails *self,
           char           **title)
{
  gint64           time;
  LockstepTrace   *trace = get_trace (self, &time);
  g_autofree char *clock = lockstep_timeline_words_dup_clock (trace, time, G_USEC_PER_SEC);
  g_autofree char *name = NULL;

  if (self->task != NULL)
    name = lockstep_present_dup_past_task_title (self->task);
  else if (self->then != NULL)
    name = lockstep_present_dup_solver_title (self->then);
  else
    name = lockstep_present_dup_solver_title (self->solver);
  *title = g_strdup_printf (_ ("At %s: %s"), clock, name);

  if (self->task != NULL)
    return lockstep_present_list_past_task (self->task, trace, time);

  return lockstep_present_list_past_solver (self->then, trace, time);
}

static void
update (LockstepDetails *self)
{
  const gint64          now = lockstep_clock_get_now (self->clock);
  const gboolean        past = lockstep_details_is_past (self);
  const char           *lines = self->mortem != NULL && !past && !lockstep_details_is_at_work (self) ? self->mortem->lines : NULL;
  g_autoptr (GPtrArray) facts = NULL;
  g_autofree char      *title = NULL;
  g_autofree char      *output = NULL;

  gtk_stack_set_visible_child_name (self->stack, self->solver != NULL || self->task != NULL ? "something" : "nothing");
  if (past)
    {
      facts = list_past (self, &title);
    }
  else if (self->solver != NULL)
    {
      title = lockstep_present_dup_solver_title (self->solver);
      facts = is_alive (self) || self->mortem == NULL ? lockstep_present_list_solver (self->solver, now)
                                                      : lockstep_post_mortem_list_facts (self->mortem, FALSE);
    }
  else if (self->task != NULL)
    {
      title = lockstep_present_dup_task_title (self->task);
      facts = lockstep_present_list_task (self->task, self->mortem);
    }

  gtk_label_set_label (self->title_label, title != NULL ? title : "");
  if (facts != NULL)
    show_facts (self, facts);
  g_clear_pointer (&self->facts, g_ptr_array_unref);
  self->facts = g_steal_pointer (&facts);
  if (lines != NULL)
    output = g_strchomp (g_strdup (lines));
  set_text (self->output_label, output != NULL ? output : "");
  gtk_widget_set_visible (GTK_WIDGET (self->output_label), output != NULL && *output != '\0');
  lockstep_details_update_actions (self);
}

static void
set_loading (LockstepDetails *self,
             gboolean         loading)
{
  self->loading = loading;
  gtk_spinner_set_spinning (self->spinner, loading);
}

/* Which reading a callback is of. */
typedef struct
{
  LockstepDetails *details; /* owned */
  guint            serial;
} Reading;

static void
mortem_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autofree Reading            *reading = user_data;
  g_autoptr (LockstepDetails)    self = reading->details;
  g_autoptr (GError)             error = NULL;
  g_autoptr (LockstepPostMortem) mortem = lockstep_post_mortem_load_finish (result, &error);

  if (reading->serial != self->serial)
    return;

  /* What was never begun has no past; what is known of it is shown already. */
  set_loading (self, FALSE);
  g_clear_pointer (&self->mortem, lockstep_post_mortem_free);
  self->mortem = g_steal_pointer (&mortem);
  update (self);
}

/* What the run's folder knows of it, unless it was read already. */
static void
load (LockstepDetails *self)
{
  LockstepRun *run = self->session != NULL ? lockstep_session_get_run (self->session) : NULL;
  const char  *directory = run != NULL ? lockstep_run_get_directory (run) : NULL;
  gint64       wanted = -1;
  gint64       task = -1;
  Reading     *reading;

  if (self->task != NULL && lockstep_task_row_get_attempts (self->task) > 0)
    {
      task = lockstep_task_row_get_task (self->task);
      wanted = lockstep_task_row_get_attempts (self->task) * (gint64) LOCKSTEP_N_TASK_STATES + lockstep_task_row_get_state (self->task);
    }
  else if (self->solver != NULL && !is_alive (self) && !lockstep_details_is_past (self))
    {
      wanted = lockstep_run_solver_get_since (self->solver);
    }
  else if (self->solver != NULL)
    {
      task = lockstep_details_get_task (self);
      wanted = task;
    }

  if (wanted == self->read)
    return;

  self->read = wanted;
  self->serial++;
  g_clear_pointer (&self->mortem, lockstep_post_mortem_free);
  set_loading (self, wanted >= 0 && directory != NULL);
  if (!self->loading)
    return;

  reading = g_new (Reading, 1);
  reading->details = g_object_ref (self);
  reading->serial = self->serial;
  lockstep_post_mortem_load_async (directory, task, lockstep_details_get_solver (self), mortem_cb, reading);
}

static void
changed_cb (LockstepDetails *self)
{
  g_clear_object (&self->then);
  if (self->solver != NULL && lockstep_details_is_past (self))
    {
      gint64         time;
      LockstepTrace *trace = get_trace (self, &time);

      self->then = lockstep_trace_dup_solver (trace, time, lockstep_run_solver_get_index (self->solver));
    }
  lockstep_clock_set_running (self->clock, is_alive (self));
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    load (self);
  update (self);
}

/* There may be more to tell of the moment. */
static void
chronicle_changed_cb (LockstepDetails *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)) && lockstep_details_is_past (self))
    changed_cb (self);
}

static void
chronicle_cb (LockstepDetails *self)
{
  g_signal_group_set_target (self->chronicle_signals, lockstep_session_get_chronicle (self->session));
  changed_cb (self);
}

/* Nothing is read for a pane that is not seen. */
static void
map_cb (LockstepDetails *self)
{
  changed_cb (self);
}

static void
set_shown (LockstepDetails   *self,
           LockstepRunSolver *solver,
           LockstepTaskRow   *task)
{
  if (solver == self->solver && task == self->task)
    return;

  g_set_object (&self->solver, solver);
  g_set_object (&self->task, task);
  g_signal_group_set_target (self->solver_signals, solver);
  g_signal_group_set_target (self->task_signals, task);
  self->read = -1;
  self->serial++;
  g_clear_pointer (&self->mortem, lockstep_post_mortem_free);
  set_loading (self, FALSE);
  changed_cb (self);
}

static void
lockstep_details_get_property (GObject    *object,
                               guint       property_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  LockstepDetails *self = LOCKSTEP_DETAILS (object);

  switch (property_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_details_set_property (GObject      *object,
                               guint         property_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  switch (property_id)
    {
    case PROP_SESSION:
      lockstep_details_set_session (LOCKSTEP_DETAILS (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_details_dispose (GObject *object)
{
  LockstepDetails *self = LOCKSTEP_DETAILS (object);
  GtkWidget       *child;

  self->serial++;
  if (self->clock != NULL)
    lockstep_clock_set_running (self->clock, FALSE);
  g_clear_object (&self->clock);
  g_clear_object (&self->session_signals);
  g_clear_object (&self->solver_signals);
  g_clear_object (&self->task_signals);
  g_clear_object (&self->moment_signals);
  g_clear_object (&self->chronicle_signals);
  g_clear_object (&self->then);
  g_clear_object (&self->solver);
  g_clear_object (&self->task);
  g_clear_object (&self->session);
  g_clear_object (&self->actions);
  g_clear_pointer (&self->mortem, lockstep_post_mortem_free);
  g_clear_pointer (&self->facts, g_ptr_array_unref);
  g_clear_pointer (&self->labels, g_ptr_array_unref);
  g_clear_pointer (&self->copies, g_ptr_array_unref);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (lockstep_details_parent_class)->dispose (object);
}

static void
lockstep_details_class_init (LockstepDetailsClass *class)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->get_property = lockstep_details_get_property;
  object_class->set_property = lockstep_details_set_property;
  object_class->dispose = lockstep_details_dispose;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, LOCKSTEP_TYPE_SESSION,
                                                  G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[SAID] = g_signal_new ("said", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/lockstep/Lockstep/lockstep-details.ui");
  gtk_widget_class_bind_template_child (widget_class, LockstepDetails, title_label);
  gtk_widget_class_bind_template_child (widget_class, LockstepDetails, spinner);
  gtk_widget_class_bind_template_child (widget_class, LockstepDetails, stack);
  gtk_widget_class_bind_template_child (widget_class, LockstepDetails, grid);
  gtk_widget_class_bind_template_child (widget_class, LockstepDetails, output_label);
  gtk_widget_class_bind_template_child (widget_class, LockstepDetails, retry_button);
  gtk_widget_class_bind_template_child (widget_class, LockstepDetails, now_button);
}

static void
lockstep_details_init (LockstepDetails *self)
{
  self->read = -1;
  self->labels = g_ptr_array_new ();
  self->copies = g_ptr_array_new ();
  self->clock = lockstep_clock_new ();
  lockstep_details_add_actions (self);

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "details", G_ACTION_GROUP (self->actions));
  g_signal_connect (self, "map", G_CALLBACK (map_cb), NULL);
  g_signal_connect_object (self->clock, "notify::now", G_CALLBACK (update), self, G_CONNECT_SWAPPED);

  self->session_signals = g_signal_group_new (LOCKSTEP_TYPE_SESSION);
  g_signal_group_connect_swapped (self->session_signals, "notify::run", G_CALLBACK (lockstep_details_clear), self);
  g_signal_group_connect_swapped (self->session_signals, "notify::busy", G_CALLBACK (lockstep_details_update_actions), self);
  g_signal_group_connect_swapped (self->session_signals, "notify::loading", G_CALLBACK (lockstep_details_update_actions), self);
  g_signal_group_connect_swapped (self->session_signals, "notify::chronicle", G_CALLBACK (chronicle_cb), self);
  self->moment_signals = g_signal_group_new (LOCKSTEP_TYPE_MOMENT);
  g_signal_group_connect_swapped (self->moment_signals, "notify::time", G_CALLBACK (changed_cb), self);
  self->chronicle_signals = g_signal_group_new (LOCKSTEP_TYPE_CHRONICLE);
  g_signal_group_connect_swapped (self->chronicle_signals, "changed", G_CALLBACK (chronicle_changed_cb), self);
  self->solver_signals = g_signal_group_new (LOCKSTEP_TYPE_RUN_SOLVER);
  g_signal_group_connect_swapped (self->solver_signals, "notify::state", G_CALLBACK (changed_cb), self);
  self->task_signals = g_signal_group_new (LOCKSTEP_TYPE_TASK_ROW);
  g_signal_group_connect_swapped (self->task_signals, "changed", G_CALLBACK (changed_cb), self);
}

void
lockstep_details_set_session (LockstepDetails *self,
                              LockstepSession *session)
{
  g_return_if_fail (LOCKSTEP_IS_DETAILS (self));
  g_return_if_fail (LOCKSTEP_IS_SESSION (session));

  if (!g_set_object (&self->session, session))
    return;

  g_signal_group_set_target (self->session_signals, session);
  g_signal_group_set_target (self->moment_signals, lockstep_session_get_moment (session));
  chronicle_cb (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

GActionGroup *
lockstep_details_get_actions (LockstepDetails *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_DETAILS (self), NULL);

  return G_ACTION_GROUP (self->actions);
}

void
lockstep_details_show_solver (LockstepDetails   *self,
                              LockstepRunSolver *solver)
{
  g_return_if_fail (LOCKSTEP_IS_DETAILS (self));
  g_return_if_fail (LOCKSTEP_IS_RUN_SOLVER (solver));

  set_shown (self, solver, NULL);
}

void
lockstep_details_show_task (LockstepDetails *self,
                            LockstepTaskRow *row)
{
  g_return_if_fail (LOCKSTEP_IS_DETAILS (self));
  g_return_if_fail (LOCKSTEP_IS_TASK_ROW (row));

  set_shown (self, NULL, row);
}

void
lockstep_details_clear (LockstepDetails *self)
{
  g_return_if_fail (LOCKSTEP_IS_DETAILS (self));

  set_shown (self, NULL, NULL);
}

gboolean
lockstep_details_get_loading (LockstepDetails *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_DETAILS (self), FALSE);

  return self->loading;
}
