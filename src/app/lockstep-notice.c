/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-notice.h"

#include <glib/gi18n-lib.h>

#include "lockstep-clock.h"
#include "lockstep-late.h"
#include "lockstep-setback.h"
#include "lockstep-shown-text.h"
#include "lockstep-solver-text.h"

struct _LockstepNotice
{
  GtkWidget           parent_instance;
  GtkInfoBar         *info_bar;
  GtkImage           *image;
  GtkWidget          *text_box; /* of scroller alone */
  GtkScrolledWindow  *scroller; /* of label */
  GtkLabel           *label;
  GtkLabel           *advice_label;
  GtkWidget          *reload_button;
  GtkWidget          *open_button;
  GtkButton          *resume_button;
  GtkWidget          *details_button;
  GtkButton          *late_button;
  GtkWidget          *other_button;
  GtkWidget          *kill_button;
  LockstepSession    *session;
  GSignalGroup       *session_signals;
  GSignalGroup       *run_signals;
  GSimpleActionGroup *actions;
  LockstepClock      *clock;     /* runs while somebody is late */
  GHashTable         *awaited;   /* of gint64: late tasks that a person wants to wait for */
  char               *said;      /* all that it says; NULL while it is not shown */
  char               *dismissed; /* what was said when it was closed; NULL for nothing */
};

G_DEFINE_FINAL_TYPE (LockstepNotice, lockstep_notice, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

/* Lines that a text has without being scrolled, and characters from which on it may have more. */
#define MAX_LINES 7
#define LONG_TEXT 200

/* What there is to say, the most urgent first. */
typedef enum
{
  ABOUT_NOTHING,
  ABOUT_PLAN,     /* it cannot be used */
  ABOUT_STOPPING, /* solvers take their time to end */
  ABOUT_LATE,     /* a barrier waits */
  ABOUT_FAILURE,  /* the run failed */
  ABOUT_TROUBLE,  /* the run pauses by itself */
} About;

static gboolean
is_awaited (LockstepNotice         *self,
            const LockstepLateTask *late)
{
  return g_hash_table_contains (self->awaited, &late->task);
}

/* The first that is late, and that is not waited for on purpose; NULL for none. */
static const LockstepLateTask *
get_late (LockstepNotice *self)
{
  LockstepRun *run = lockstep_session_get_run (self->session);
  GArray      *late = run != NULL && lockstep_session_get_live (self->session) ? lockstep_run_get_late (run) : NULL;

  for (guint i = 0; late != NULL && i < late->len; i++)
    if (!is_awaited (self, &g_array_index (late, LockstepLateTask, i)))
      return &g_array_index (late, LockstepLateTask, i);

  return NULL;
}

/* NULL where nothing is left. */
static char *
dup_stopping_text (LockstepRun *run,
                   gint64       now)
{
  const gint64         kill_time = lockstep_run_get_kill_time (run);
  const double         left = (double) (kill_time - now) / G_USEC_PER_SEC;
  LockstepSolverTotals totals;
  guint                n_left;

  lockstep_solver_totals_count (&totals, lockstep_run_get_solvers (run), 0);
  n_left = totals.n_solvers - totals.n_doing[LOCKSTEP_DOING_ENDED];
  if (n_left == 0)
    return NULL;
  if (kill_time == 0)
    return g_strdup_printf (ngettext ("%u solver is still there.", "%u solvers are still there.", n_left), n_left);
  if (left < 0.5)
    return g_strdup_printf (ngettext ("%u solver is still there, and is being killed.",
                                      "%u solvers are still there, and are being killed.", n_left),
                            n_left);

  return g_strdup_printf (ngettext ("%u solver was asked to end. In %d s what is left of it is killed.",
                                    "%u solvers were asked to end. In %d s what is left of them is killed.", n_left),
                          n_left, (int) (left + 0.5));
}

/* What is said about something. */
typedef struct
{
  About about;
  char *text;
  char *advice;    /* what comes of it, or may help; NULL where nothing is known */
  guint n_solvers; /* to resume with; 0 for as many as there were */
} Matter;

static void
matter_free (Matter *matter)
{
  g_free (matter->text);
  g_free (matter->advice);
  g_free (matter);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Matter, matter_free)

static About
tell_setback (LockstepRun *run,
              Matter      *matter)
{
  g_autoptr (LockstepSetback) setback = lockstep_setback_new (run);

  if (setback == NULL)
    return ABOUT_NOTHING;

  matter->text = g_steal_pointer (&setback->text);
  matter->advice = g_steal_pointer (&setback->advice);
  matter->n_solvers = setback->n_solvers;
  return ABOUT_FAILURE;
}

/* A plan that cannot be used comes before the run that an earlier one made. */
static About
find_matter (LockstepNotice *self,
             Matter         *matter)
{
  LockstepRun *run = lockstep_session_get_run (self->session);
  const char  *problem = lockstep_session_get_problem (self->session);
  /* The clock stood still until there was something to count. */
  const gint64 now = g_get_real_time ();

  if (problem != NULL && *problem != '\0')
    {
      matter->text = g_utf8_make_valid (problem, -1);
      return ABOUT_PLAN;
    }
  if (run == NULL)
    return ABOUT_NOTHING;
  if (lockstep_run_get_state (run) == LOCKSTEP_RUN_STOPPING && lockstep_run_get_towards (run) != LOCKSTEP_RUN_FINISHED &&
      (matter->text = dup_stopping_text (run, now)) != NULL)
    return ABOUT_STOPPING;
  if (get_late (self) != NULL)
    {
      matter->text = lockstep_run_dup_late_text (run, now);
      matter->advice = lockstep_run_dup_late_prospect (run, now);
      return ABOUT_LATE;
    }
  if (lockstep_run_get_trouble (run) != NULL)
    {
      matter->text = g_utf8_make_valid (lockstep_run_get_trouble (run), -1);
      return ABOUT_TROUBLE;
    }

  return tell_setback (run, matter);
}

static Matter *
matter_new (LockstepNotice *self)
{
  Matter *matter = g_new0 (Matter, 1);

  matter->about = find_matter (self, matter);

  return matter;
}

static void
set_action_enabled (LockstepNotice *self,
                    const char     *name,
                    gboolean        enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), name)), enabled);
}

/* One button for what helps most; the menu has the rest. */
static void
update_late (LockstepNotice *self)
{
  LockstepRun            *run = lockstep_session_get_run (self->session);
  const LockstepLateTask *late = get_late (self);
  const gboolean          duplicable = late != NULL && lockstep_late_may_be_duplicated (run, late);

  set_action_enabled (self, "duplicate", duplicable);
  set_action_enabled (self, "restart", late != NULL);
  set_action_enabled (self, "skip", late != NULL && lockstep_late_may_be_skipped (run, late));
  set_action_enabled (self, "wait", late != NULL);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->late_button), duplicable ? "late.duplicate" : "late.restart");
  gtk_button_set_label (self->late_button, duplicable ? _ ("_Duplicate") : _ ("_Restart"));
  gtk_button_set_use_underline (self->late_button, TRUE);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->late_button),
                               duplicable ? _ ("Give the Task to an Idle Solver as Well; the First Result Counts")
                                          : _ ("Stop Its Solver, and Begin the Task Anew"));
}

static void
set_label (GtkLabel   *label,
           const char *text)
{
  g_autofree char *shown = lockstep_shown_text_dup (text);

  if (g_strcmp0 (shown, gtk_label_get_label (label)) != 0)
    gtk_label_set_label (label, shown);
}

/* What is short needs no place for a scrollbar. */
static void
show_text (LockstepNotice *self,
           const char     *text)
{
  guint n_lines = 1;

  for (const char *c = text; *c != '\0'; c++)
    n_lines += *c == '\n';
  gtk_scrolled_window_set_policy (self->scroller, GTK_POLICY_NEVER,
                                  n_lines > MAX_LINES || g_utf8_strlen (text, -1) > LONG_TEXT ? GTK_POLICY_AUTOMATIC
                                                                                              : GTK_POLICY_EXTERNAL);
  set_label (self->label, text);
}

static void
show_resume (LockstepNotice *self,
             guint           n_solvers)
{
  g_autofree char *label = n_solvers > 0 ? g_strdup_printf (_ ("_Resume With %u"), n_solvers) : g_strdup (_ ("_Resume"));

  gtk_button_set_label (self->resume_button, label);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->resume_button), "u", n_solvers);
}

static void
update (LockstepNotice *self)
{
  LockstepRun       *run = lockstep_session_get_run (self->session);
  g_autoptr (Matter) matter = matter_new (self);
  const About        about = matter->about;
  const gboolean     urgent = about == ABOUT_PLAN || about == ABOUT_FAILURE;
  const gboolean     shown = about != ABOUT_NOTHING && g_strcmp0 (matter->text, self->dismissed) != 0;

  lockstep_clock_set_running (self->clock, about == ABOUT_LATE || about == ABOUT_STOPPING);
  if (matter->text != NULL)
    show_text (self, matter->text);
  if (about != ABOUT_NOTHING)
    set_label (self->advice_label, matter->advice != NULL ? matter->advice : "");
  gtk_info_bar_set_message_type (self->info_bar, urgent ? GTK_MESSAGE_ERROR : GTK_MESSAGE_WARNING);
  gtk_image_set_from_icon_name (self->image, urgent ? "dialog-error-symbolic" : "dialog-warning-symbolic");
  gtk_widget_set_visible (self->reload_button, about == ABOUT_PLAN);
  gtk_widget_set_visible (self->open_button, about == ABOUT_PLAN);
  /* Of what was not kept nothing is there to go on with. */
  gtk_widget_set_visible (GTK_WIDGET (self->resume_button),
                          about == ABOUT_FAILURE && lockstep_run_get_directory (run) != NULL);
  gtk_widget_set_visible (self->details_button, about == ABOUT_FAILURE && lockstep_run_get_n_failures (run) > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->late_button), about == ABOUT_LATE);
  gtk_widget_set_visible (self->other_button, about == ABOUT_LATE);
  gtk_widget_set_visible (self->kill_button, about == ABOUT_STOPPING);
  show_resume (self, matter->n_solvers);
  update_late (self);
  gtk_info_bar_set_show_close_button (self->info_bar, about != ABOUT_PLAN && about != ABOUT_STOPPING);
  g_free (self->said);
  self->said = !shown                   ? NULL
               : matter->advice != NULL ? g_strdup_printf ("%s\n%s", matter->text, matter->advice)
                                        : g_strdup (matter->text);
  gtk_widget_set_visible (GTK_WIDGET (self), shown);
}

/* Does it about all tasks that the barrier waits for, and that it can be done about. */
static void
act (LockstepNotice    *self,
     LockstepLateAction action)
{
  LockstepHelm      *helm = lockstep_session_get_helm (self->session);
  LockstepRun       *run = lockstep_session_get_run (self->session);
  g_autoptr (GArray) late = g_array_copy (lockstep_run_get_late (run));

  for (guint i = 0; helm != NULL && i < late->len; i++)
    {
      const LockstepLateTask *task = &g_array_index (late, LockstepLateTask, i);

      if (!is_awaited (self, task) && (action != LOCKSTEP_LATE_ACTION_DUPLICATE || lockstep_late_may_be_duplicated (run, task)))
        lockstep_helm_act_on_late (helm, task->task, action);
    }
  update (self);
}

static void
duplicate_action (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  act (user_data, LOCKSTEP_LATE_ACTION_DUPLICATE);
}

static void
restart_action (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  act (user_data, LOCKSTEP_LATE_ACTION_RESTART);
}

static void
skip_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  act (user_data, LOCKSTEP_LATE_ACTION_SKIP);
}

static void
wait_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  LockstepNotice *self = user_data;
  GArray         *late = lockstep_run_get_late (lockstep_session_get_run (self->session));

  for (guint i = 0; i < late->len; i++)
    g_hash_table_add (self->awaited, g_memdup2 (&g_array_index (late, LockstepLateTask, i).task, sizeof (gint64)));
  update (self);
}

static const GActionEntry actions[] = {
  { .name = "duplicate", .activate = duplicate_action },
  { .name = "restart", .activate = restart_action },
  { .name = "skip", .activate = skip_action },
  { .name = "wait", .activate = wait_action },
};

static void
run_cb (LockstepNotice *self)
{
  g_signal_group_set_target (self->run_signals, lockstep_session_get_run (self->session));
  g_hash_table_remove_all (self->awaited);
  g_clear_pointer (&self->dismissed, g_free);
  update (self);
}

/* Closed while somebody is late, it is the choice to wait. */
static void
response_cb (LockstepNotice *self)
{
  g_autoptr (Matter) matter = matter_new (self);

  if (matter->about == ABOUT_LATE)
    {
      wait_action (NULL, NULL, self);
      return;
    }

  g_free (self->dismissed);
  self->dismissed = g_steal_pointer (&matter->text);
  update (self);
}

static void
lockstep_notice_get_property (GObject    *object,
                              guint       property_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  LockstepNotice *self = LOCKSTEP_NOTICE (object);

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
lockstep_notice_set_property (GObject      *object,
                              guint         property_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  switch (property_id)
    {
    case PROP_SESSION:
      lockstep_notice_set_session (LOCKSTEP_NOTICE (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_notice_dispose (GObject *object)
{
  LockstepNotice *self = LOCKSTEP_NOTICE (object);
  GtkWidget      *child;

  if (self->clock != NULL)
    lockstep_clock_set_running (self->clock, FALSE);
  g_clear_object (&self->clock);
  g_clear_object (&self->session_signals);
  g_clear_object (&self->run_signals);
  g_clear_object (&self->actions);
  g_clear_pointer (&self->awaited, g_hash_table_unref);
  g_clear_pointer (&self->dismissed, g_free);
  g_clear_pointer (&self->said, g_free);
  g_clear_object (&self->session);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (lockstep_notice_parent_class)->dispose (object);
}

static void
lockstep_notice_class_init (LockstepNoticeClass *class)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->get_property = lockstep_notice_get_property;
  object_class->set_property = lockstep_notice_set_property;
  object_class->dispose = lockstep_notice_dispose;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, LOCKSTEP_TYPE_SESSION,
                                                  G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/lockstep/Lockstep/lockstep-notice.ui");
  gtk_widget_class_bind_template_child (widget_class, LockstepNotice, info_bar);
  gtk_widget_class_bind_template_child (widget_class, LockstepNotice, image);
  gtk_widget_class_bind_template_child (widget_class, LockstepNotice, text_box);
  gtk_widget_class_bind_template_child (widget_class, LockstepNotice, scroller);
  gtk_widget_class_bind_template_child (widget_class, LockstepNotice, label);
  gtk_widget_class_bind_template_child (widget_class, LockstepNotice, advice_label);
  gtk_widget_class_bind_template_child (widget_class, LockstepNotice, resume_button);
  gtk_widget_class_bind_template_child (widget_class, LockstepNotice, details_button);
  gtk_widget_class_bind_template_child (widget_class, LockstepNotice, late_button);
  gtk_widget_class_bind_template_child (widget_class, LockstepNotice, other_button);
  gtk_widget_class_bind_template_child (widget_class, LockstepNotice, kill_button);
  gtk_widget_class_bind_template_child (widget_class, LockstepNotice, reload_button);
  gtk_widget_class_bind_template_child (widget_class, LockstepNotice, open_button);
  gtk_widget_class_bind_template_callback (widget_class, response_cb);
}

static GtkSizeRequestMode
get_text_mode (GtkWidget *box)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* A scrolled window asks for the height that its text has where there is room for each line: here it gets what the lines need
 * in this width, up to so many of them. */
static void
measure_text (GtkWidget     *box,
              GtkOrientation orientation,
              int            for_size,
              int           *minimum,
              int           *natural,
              int           *minimum_baseline,
              int           *natural_baseline)
{
  LockstepNotice   *self = LOCKSTEP_NOTICE (gtk_widget_get_ancestor (box, LOCKSTEP_TYPE_NOTICE));
  PangoFontMetrics *metrics;
  int               line, least;

  *minimum_baseline = *natural_baseline = -1;
  gtk_widget_measure (GTK_WIDGET (self->scroller), orientation, for_size, &least, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      metrics = pango_context_get_metrics (gtk_widget_get_pango_context (GTK_WIDGET (self->label)), NULL, NULL);
      line = PANGO_PIXELS_CEIL (pango_font_metrics_get_height (metrics));
      pango_font_metrics_unref (metrics);
      gtk_widget_measure (GTK_WIDGET (self->label), orientation, for_size, NULL, natural, NULL, NULL);
      *natural = MAX (MIN (*natural, MAX_LINES * line), least);
      least = *natural;
    }
  *minimum = least;
}

static void
allocate_text (GtkWidget *box,
               int        width,
               int        height,
               int        baseline)
{
  gtk_widget_size_allocate (gtk_widget_get_first_child (box), &(GtkAllocation){ 0, 0, width, height }, baseline);
}

static void
lockstep_notice_init (LockstepNotice *self)
{
  self->awaited = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->clock = lockstep_clock_new ();
  g_signal_connect_object (self->clock, "notify::now", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), actions, G_N_ELEMENTS (actions), self);

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_layout_manager (self->text_box, gtk_custom_layout_new (get_text_mode, measure_text, allocate_text));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "late", G_ACTION_GROUP (self->actions));

  self->session_signals = g_signal_group_new (LOCKSTEP_TYPE_SESSION);
  g_signal_group_connect_swapped (self->session_signals, "notify::problem", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->session_signals, "notify::live", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->session_signals, "notify::run", G_CALLBACK (run_cb), self);

  self->run_signals = g_signal_group_new (LOCKSTEP_TYPE_RUN);
  g_signal_group_connect_swapped (self->run_signals, "notify::error", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->run_signals, "notify::trouble", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->run_signals, "notify::state", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->run_signals, "notify::n-late", G_CALLBACK (update), self);
}

void
lockstep_notice_set_session (LockstepNotice  *self,
                             LockstepSession *session)
{
  g_return_if_fail (LOCKSTEP_IS_NOTICE (self));
  g_return_if_fail (LOCKSTEP_IS_SESSION (session));

  if (!g_set_object (&self->session, session))
    return;

  g_signal_group_set_target (self->session_signals, session);
  run_cb (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

const char *
lockstep_notice_get_text (LockstepNotice *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_NOTICE (self), NULL);

  return self->said;
}

GActionGroup *
lockstep_notice_get_actions (LockstepNotice *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_NOTICE (self), NULL);

  return G_ACTION_GROUP (self->actions);
}
