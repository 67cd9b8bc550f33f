/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-plan-page.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "lockstep-cpus.h"
#include "lockstep-json.h"
#include "lockstep-step-text.h"

#define INDENT 24 /* pixels for each loop that a step stands in */

struct _LockstepPlanPage
{
  GtkWidget            parent_instance;
  AdwPreferencesGroup *solver_group;
  AdwActionRow        *command_row;
  AdwActionRow        *folder_row;
  AdwActionRow        *solvers_row;
  GtkListBox          *steps_list;
  AdwPreferencesGroup *params_group;
  GtkListBox          *params_list;
  LockstepPlan        *plan; /* NULL without one */
};

G_DEFINE_FINAL_TYPE (LockstepPlanPage, lockstep_plan_page, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_PLAN,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static void
clear_list (GtkListBox *list)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, child);
}

static AdwActionRow *
append_row (GtkListBox *list,
            const char *title,
            const char *subtitle)
{
  AdwActionRow *row = ADW_ACTION_ROW (adw_action_row_new ());

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (row, subtitle);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_list_box_append (list, GTK_WIDGET (row));

  return row;
}

/* Its number among its neighbours, or that it turns in a circle. */
static GtkWidget *
create_prefix (const LockstepStep *step,
               guint               number)
{
  g_autofree char *text = NULL;
  GtkWidget       *label;

  if (step->kind == LOCKSTEP_STEP_LOOP)
    return gtk_image_new_from_icon_name ("view-refresh-symbolic");

  text = g_strdup_printf ("%u", number);
  label = gtk_label_new (text);
  gtk_label_set_width_chars (GTK_LABEL (label), 2);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "numeric");

  return label;
}

static void
append_steps (LockstepPlanPage *self,
              GPtrArray        *steps,
              guint             depth)
{
  for (guint i = 0; i < steps->len; i++)
    {
      const LockstepStep *step = steps->pdata[i];
      g_autofree char    *text = lockstep_step_dup_text (step);
      g_autofree char    *policy = lockstep_step_dup_policy_text (step);
      g_autofree char    *subtitle = policy != NULL ? g_strdup_printf ("%s · %s", text, policy) : g_strdup (text);
      GtkWidget          *prefix = create_prefix (step, i + 1);
      AdwActionRow       *row;

      row = append_row (self->steps_list, step->kind == LOCKSTEP_STEP_LOOP ? _ ("Repeat") : step->title, subtitle);
      gtk_widget_set_margin_start (prefix, INDENT * depth);
      adw_action_row_add_prefix (row, prefix);

      if (step->kind == LOCKSTEP_STEP_LOOP)
        append_steps (self, step->steps, depth + 1);
    }
}

static void
update_params (LockstepPlanPage *self)
{
  GBytes          *params = lockstep_plan_get_params (self->plan);
  LockstepJsonIter iter;
  LockstepJson     object;
  LockstepJson     name;
  LockstepJson     value;

  object.text = g_bytes_get_data (params, &object.length);
  gtk_widget_set_visible (GTK_WIDGET (self->params_group), lockstep_json_count (object) > 0);

  lockstep_json_iter_init (&iter, object);
  while (lockstep_json_iter_next (&iter, &name, &value))
    {
      g_autofree char *title = lockstep_json_dup_string (name, NULL);
      g_autofree char *subtitle = lockstep_json_dup_string (value, NULL);

      if (subtitle == NULL)
        subtitle = lockstep_json_dup_text (value);
      gtk_widget_add_css_class (GTK_WIDGET (append_row (self->params_list, title, subtitle)), "property-row");
    }
}

/* How many solvers, and why. */
static char *
dup_solvers (LockstepPlan *plan)
{
  const LockstepSolverSpec *solver = lockstep_plan_get_solver (plan);
  guint                     n_solvers = lockstep_plan_get_n_solvers (plan);
  GString                  *text = g_string_new (NULL);

  if (n_solvers > 0)
    {
      g_string_append_printf (text, "%u", n_solvers);
    }
  else
    {
      LockstepCpus cpus;

      lockstep_cpus_read (&cpus);
      g_string_append_printf (text, ngettext ("As many as fit: %u CPU is allowed here", "As many as fit: %u CPUs are allowed here", cpus.allowed),
                              cpus.allowed);
    }

  if (solver->threads > 1)
    g_string_append_printf (text, ngettext (" · %u thread each", " · %u threads each", solver->threads), solver->threads);
  if (solver->memory > 0)
    {
      g_autofree char *memory = g_format_size (solver->memory);

      g_string_append_printf (text, _ (" · %s each"), memory);
    }

  return g_string_free (text, FALSE);
}

static char *
dup_command (LockstepPlan *plan)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv)        command = lockstep_plan_dup_command (plan);

  for (char **word = command; *word != NULL; word++)
    {
      gboolean plain = **word != '\0' && strpbrk (*word, " \t\n\"'\\$&|;<>()*?`") == NULL;

      g_ptr_array_add (words, plain ? g_strdup (*word) : g_shell_quote (*word));
    }
  g_ptr_array_add (words, NULL);

  return g_strjoinv (" ", (char **) words->pdata);
}

static void
update (LockstepPlanPage *self)
{
  const LockstepSolverSpec *solver;
  const char               *note;
  g_autofree char          *command = NULL;
  g_autofree char          *solvers = NULL;
  g_autofree char          *escaped = NULL;

  clear_list (self->steps_list);
  clear_list (self->params_list);
  if (self->plan == NULL)
    return;

  solver = lockstep_plan_get_solver (self->plan);
  command = dup_command (self->plan);
  solvers = dup_solvers (self->plan);
  note = lockstep_plan_get_note (self->plan);
  escaped = note != NULL ? g_markup_escape_text (note, -1) : NULL;
  adw_preferences_group_set_title (self->solver_group, note != NULL ? _ ("Note") : "");
  adw_preferences_group_set_description (self->solver_group, escaped);
  adw_action_row_set_subtitle (self->command_row, command);
  adw_action_row_set_subtitle (self->folder_row, solver->directory);
  adw_action_row_set_subtitle (self->solvers_row, solvers);

  append_steps (self, lockstep_plan_get_steps (self->plan), 0);
  update_params (self);
}

static void
lockstep_plan_page_get_property (GObject    *object,
                                 guint       property_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  LockstepPlanPage *self = LOCKSTEP_PLAN_PAGE (object);

  switch (property_id)
    {
    case PROP_PLAN:
      g_value_set_object (value, self->plan);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_plan_page_set_property (GObject      *object,
                                 guint         property_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  switch (property_id)
    {
    case PROP_PLAN:
      lockstep_plan_page_set_plan (LOCKSTEP_PLAN_PAGE (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_plan_page_dispose (GObject *object)
{
  LockstepPlanPage *self = LOCKSTEP_PLAN_PAGE (object);
  GtkWidget        *child;

  g_clear_object (&self->plan);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (lockstep_plan_page_parent_class)->dispose (object);
}

static void
lockstep_plan_page_class_init (LockstepPlanPageClass *class)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->get_property = lockstep_plan_page_get_property;
  object_class->set_property = lockstep_plan_page_set_property;
  object_class->dispose = lockstep_plan_page_dispose;

  properties[PROP_PLAN] = g_param_spec_object ("plan", NULL, NULL, LOCKSTEP_TYPE_PLAN,
                                               G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/lockstep/Lockstep/lockstep-plan-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LockstepPlanPage, solver_group);
  gtk_widget_class_bind_template_child (widget_class, LockstepPlanPage, command_row);
  gtk_widget_class_bind_template_child (widget_class, LockstepPlanPage, folder_row);
  gtk_widget_class_bind_template_child (widget_class, LockstepPlanPage, solvers_row);
  gtk_widget_class_bind_template_child (widget_class, LockstepPlanPage, steps_list);
  gtk_widget_class_bind_template_child (widget_class, LockstepPlanPage, params_group);
  gtk_widget_class_bind_template_child (widget_class, LockstepPlanPage, params_list);
}

static void
lockstep_plan_page_init (LockstepPlanPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
lockstep_plan_page_set_plan (LockstepPlanPage *self,
                             LockstepPlan     *plan)
{
  g_return_if_fail (LOCKSTEP_IS_PLAN_PAGE (self));

  if (!g_set_object (&self->plan, plan))
    return;

  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLAN]);
}
