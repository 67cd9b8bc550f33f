/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-whole-log.h"

#include <glib/gi18n-lib.h>

#include "lockstep-file-lines.h"
#include "lockstep-number-text.h"

struct _LockstepWholeLog
{
  AdwWindow           parent_instance;
  AdwWindowTitle     *window_title;
  GtkSearchBar       *search_bar;
  GtkEditable        *search_entry;
  GtkLabel           *search_label;
  GtkStack           *stack;
  AdwStatusPage      *problem_page;
  GtkListView        *list_view;
  GtkSingleSelection *selection;
  GtkProgressBar     *progress_bar;
  LockstepFileLines  *lines;
  GCancellable       *searching; /* NULL while nothing is looked for */
};

G_DEFINE_FINAL_TYPE (LockstepWholeLog, lockstep_whole_log, ADW_TYPE_WINDOW)

static void
update (LockstepWholeLog *self)
{
  const double     indexed = lockstep_file_lines_get_indexed (self->lines);
  const char      *problem = lockstep_file_lines_get_problem (self->lines);
  const guint      n_lines = g_list_model_get_n_items (G_LIST_MODEL (self->lines));
  g_autofree char *number = lockstep_number_dup_text (n_lines);
  g_autofree char *size = g_format_size (lockstep_file_lines_get_size (self->lines));
  g_autofree char *subtitle = g_strdup_printf (ngettext ("%s line · %s", "%s lines · %s", n_lines), number, size);

  adw_window_title_set_subtitle (self->window_title, subtitle);
  gtk_progress_bar_set_fraction (self->progress_bar, indexed);
  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), indexed < 1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->progress_bar), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, subtitle, -1);

  if (problem != NULL)
    adw_status_page_set_description (self->problem_page, problem);
  if (problem != NULL && n_lines == 0)
    gtk_stack_set_visible_child_name (self->stack, "problem");
  else
    gtk_stack_set_visible_child_name (self->stack, n_lines == 0 && indexed >= 1 ? "empty" : "lines");
}

static void
show_line (LockstepWholeLog *self,
           guint             line)
{
  gtk_single_selection_set_selected (self->selection, line);
  gtk_widget_activate_action (GTK_WIDGET (self->list_view), "list.scroll-to-item", "u", line);
}

static void
found_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (LockstepWholeLog) self = user_data;
  g_autoptr (GError)           error = NULL;
  const gint64                 line = lockstep_file_lines_search_finish (LOCKSTEP_FILE_LINES (object), result, &error);

  if (error != NULL || self->lines == NULL)
    return;

  g_clear_object (&self->searching);
  gtk_label_set_label (self->search_label, line >= 0 ? "" : _ ("Not found"));
  if (line >= 0)
    show_line (self, (guint) line);
}

static void
search (LockstepWholeLog *self,
        gboolean          backwards)
{
  const char *wanted = gtk_editable_get_text (self->search_entry);

  if (self->searching != NULL)
    g_cancellable_cancel (self->searching);
  g_clear_object (&self->searching);
  gtk_label_set_label (self->search_label, "");
  if (*wanted == '\0')
    return;

  self->searching = g_cancellable_new ();
  gtk_label_set_label (self->search_label, _ ("Searching…"));
  lockstep_file_lines_search_async (self->lines, wanted, gtk_single_selection_get_selected (self->selection), backwards,
                                    self->searching, found_cb, g_object_ref (self));
}

static void
search_changed_cb (LockstepWholeLog *self)
{
  search (self, FALSE);
}

static void
previous_match_cb (LockstepWholeLog *self)
{
  search (self, TRUE);
}

static void
search_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  LockstepWholeLog *self = LOCKSTEP_WHOLE_LOG (widget);

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

static void
next_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  search (LOCKSTEP_WHOLE_LOG (widget), FALSE);
}

static void
previous_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  search (LOCKSTEP_WHOLE_LOG (widget), TRUE);
}

static void
first_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  show_line (LOCKSTEP_WHOLE_LOG (widget), 0);
}

static void
last_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  LockstepWholeLog *self = LOCKSTEP_WHOLE_LOG (widget);
  const guint       n_lines = g_list_model_get_n_items (G_LIST_MODEL (self->lines));

  if (n_lines > 0)
    show_line (self, n_lines - 1);
}

static void
copy_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  LockstepFileLine *line = gtk_single_selection_get_selected_item (LOCKSTEP_WHOLE_LOG (widget)->selection);

  if (line != NULL && lockstep_file_line_get_text (line) != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), lockstep_file_line_get_text (line));
}

static void
lockstep_whole_log_dispose (GObject *object)
{
  LockstepWholeLog *self = LOCKSTEP_WHOLE_LOG (object);

  if (self->searching != NULL)
    g_cancellable_cancel (self->searching);
  g_clear_object (&self->searching);
  g_clear_object (&self->lines);

  G_OBJECT_CLASS (lockstep_whole_log_parent_class)->dispose (object);
}

static void
lockstep_whole_log_class_init (LockstepWholeLogClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = lockstep_whole_log_dispose;

  g_type_ensure (LOCKSTEP_TYPE_FILE_LINE);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/lockstep/Lockstep/lockstep-whole-log.ui");
  gtk_widget_class_bind_template_child (widget_class, LockstepWholeLog, window_title);
  gtk_widget_class_bind_template_child (widget_class, LockstepWholeLog, search_bar);
  gtk_widget_class_bind_template_child (widget_class, LockstepWholeLog, search_entry);
  gtk_widget_class_bind_template_child (widget_class, LockstepWholeLog, search_label);
  gtk_widget_class_bind_template_child (widget_class, LockstepWholeLog, stack);
  gtk_widget_class_bind_template_child (widget_class, LockstepWholeLog, problem_page);
  gtk_widget_class_bind_template_child (widget_class, LockstepWholeLog, list_view);
  gtk_widget_class_bind_template_child (widget_class, LockstepWholeLog, selection);
  gtk_widget_class_bind_template_child (widget_class, LockstepWholeLog, progress_bar);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, previous_match_cb);
  gtk_widget_class_install_action (widget_class, "whole.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "whole.next", NULL, next_action);
  gtk_widget_class_install_action (widget_class, "whole.previous", NULL, previous_action);
  gtk_widget_class_install_action (widget_class, "whole.first", NULL, first_action);
  gtk_widget_class_install_action (widget_class, "whole.last", NULL, last_action);
  gtk_widget_class_install_action (widget_class, "whole.copy", NULL, copy_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "whole.search", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_g, GDK_CONTROL_MASK, "whole.next", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_g, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "whole.previous", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "whole.copy", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

/* Before the list takes them: it would go there, and leave the line selected that was. */
static void
take_end_keys (LockstepWholeLog *self)
{
  static const struct
  {
    guint       key;
    const char *action;
  } ends[] = {
    { GDK_KEY_Home, "whole.first" },
    { GDK_KEY_End, "whole.last" },
  };
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                          gtk_shortcut_new (gtk_keyval_trigger_new (ends[i].key, GDK_CONTROL_MASK),
                                                            gtk_named_action_new (ends[i].action)));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
lockstep_whole_log_init (LockstepWholeLog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  take_end_keys (self);
  gtk_search_bar_connect_entry (self->search_bar, self->search_entry);
}

LockstepWholeLog *
lockstep_whole_log_new (GtkWindow   *parent,
                        LockstepRun *run,
                        guint        solver)
{
  LockstepWholeLog             *self;
  g_autoptr (LockstepRunSolver) row = NULL;
  g_autofree char              *title = NULL;
  const char                   *path;

  g_return_val_if_fail (LOCKSTEP_IS_RUN (run), NULL);

  row = g_list_model_get_item (lockstep_run_get_solvers (run), solver);
  g_return_val_if_fail (row != NULL, NULL);

  self = g_object_new (LOCKSTEP_TYPE_WHOLE_LOG, "transient-for", parent, "destroy-with-parent", TRUE, NULL);
  path = lockstep_run_solver_get_log (row);
  title = g_strdup_printf (_ ("Output of Solver %u"), solver);
  gtk_window_set_title (GTK_WINDOW (self), title);
  adw_window_title_set_title (self->window_title, title);

  self->lines = lockstep_file_lines_new (path != NULL ? path : "");
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->lines));
  g_signal_connect_object (self->lines, "notify::indexed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->lines, "notify::problem", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);

  return self;
}
