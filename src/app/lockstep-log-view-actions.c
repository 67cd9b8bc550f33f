/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-log-view-private.h"

#include <glib/gi18n-lib.h>

#include "lockstep-log-search.h"
#include "lockstep-whole-log.h"

int
lockstep_log_view_get_solver (LockstepLogView *self)
{
  const guint selected = gtk_drop_down_get_selected (self->solver_drop_down);

  if (selected == GTK_INVALID_LIST_POSITION || selected == 0)
    return LOCKSTEP_LOG_BUFFER_ALL;

  return (int) selected - 2;
}

static void
search (LockstepLogView *self,
        gboolean         backwards,
        gboolean         here)
{
  const char      *wanted = gtk_editable_get_text (self->search_entry);
  g_autofree char *text = NULL;
  guint            count;

  lockstep_log_buffer_flush (self->buffer);
  count = lockstep_log_search_count (GTK_TEXT_BUFFER (self->buffer), wanted);
  if (count > 0)
    {
      lockstep_log_view_set_following (self, FALSE);
      lockstep_log_search (self->text_view, wanted, backwards, here);
      text = g_strdup_printf (ngettext ("%u match", "%u matches", count), count);
    }
  else if (*wanted != '\0')
    {
      text = g_strdup (_ ("Not found"));
    }
  gtk_label_set_label (self->search_label, text != NULL ? text : "");
}

static void
search_changed_cb (LockstepLogView *self)
{
  search (self, FALSE, TRUE);
}

static void
search_activate_cb (LockstepLogView *self)
{
  search (self, FALSE, FALSE);
}

static void
search_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  LockstepLogView *self = LOCKSTEP_LOG_VIEW (widget);

  gtk_widget_set_visible (widget, TRUE);
  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

static void
next_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  search (LOCKSTEP_LOG_VIEW (widget), FALSE, FALSE);
}

static void
previous_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  search (LOCKSTEP_LOG_VIEW (widget), TRUE, FALSE);
}

/* Of the solver that is chosen, or of the first. */
static void
whole_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  LockstepLogView *self = LOCKSTEP_LOG_VIEW (widget);

  if (self->run != NULL && g_list_model_get_n_items (lockstep_run_get_solvers (self->run)) > 0)
    gtk_window_present (GTK_WINDOW (lockstep_whole_log_new (GTK_WINDOW (gtk_widget_get_root (widget)), self->run,
                                                            (guint) MAX (lockstep_log_view_get_solver (self), 0))));
}

static void
copy_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  LockstepLogView *self = LOCKSTEP_LOG_VIEW (widget);
  GtkTextBuffer   *buffer = GTK_TEXT_BUFFER (self->buffer);
  g_autofree char *text = NULL;
  GtkTextIter      start;
  GtkTextIter      end;

  lockstep_log_buffer_flush (self->buffer);
  if (!gtk_text_buffer_get_selection_bounds (buffer, &start, &end))
    gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static void
clear_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  LockstepLogView *self = LOCKSTEP_LOG_VIEW (widget);

  lockstep_log_buffer_clear (self->buffer);
  lockstep_log_view_set_following (self, TRUE);
}

void
lockstep_log_view_class_add_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_install_action (widget_class, "log.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "log.next", NULL, next_action);
  gtk_widget_class_install_action (widget_class, "log.previous", NULL, previous_action);
  gtk_widget_class_install_action (widget_class, "log.whole", NULL, whole_action);
  gtk_widget_class_install_action (widget_class, "log.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "log.clear", NULL, clear_action);
}
