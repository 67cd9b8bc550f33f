/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "window-fixture.h"

#include <string.h>

#include "lockstep-application.h"
#include "lockstep-log-view.h"
#include "lockstep-results-page.h"
#include "lockstep-solvers-page.h"

static LockstepApplication *application;

/* GTK 4.8 measures text while it paints it, and then says of the scroll bar beside it that it was not laid out for that. */
static GLogWriterOutput
write_log (GLogLevelFlags   level,
           const GLogField *fields,
           gsize            n_fields,
           gpointer         user_data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE") && strstr (fields[i].value, "Trying to snapshot GtkGizmo") != NULL)
      return G_LOG_WRITER_HANDLED;

  return g_log_writer_default (level, fields, n_fields, user_data);
}

void
window_fixture_init (int    *argc,
                     char ***argv)
{
  g_test_init (argc, argv, NULL);
  g_log_set_writer_func (write_log, NULL, NULL);

  application = lockstep_application_new ();
  g_application_set_flags (G_APPLICATION (application), g_application_get_flags (G_APPLICATION (application)) | G_APPLICATION_NON_UNIQUE);
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));
  /* GTK 4.8 complains when a page is hidden while it scrolls by itself. */
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
}

int
window_fixture_run (void)
{
  const int result = g_test_run ();

  g_clear_object (&application);

  return result;
}

GtkApplication *
window_fixture_get_application (void)
{
  return GTK_APPLICATION (application);
}

void
window_fixture_set_up (WindowFixture *self,
                       gconstpointer  data)
{
  g_autofree char *runs = NULL;

  self->folder = g_dir_make_tmp ("lockstep-test-window-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "test.lockstep", NULL);
  self->mark = g_path_get_basename (self->folder);
  runs = g_build_filename (self->folder, "runs", NULL);
  g_setenv ("LOCKSTEP_RUNS_DIR", runs, TRUE);

  g_set_weak_pointer (&self->window, lockstep_window_new (GTK_APPLICATION (application)));
  self->session = g_object_ref (lockstep_window_get_session (self->window));
  gtk_window_present (GTK_WINDOW (self->window));
}

void
window_fixture_tear_down (WindowFixture *self,
                          gconstpointer  data)
{
  g_assert_false (lockstep_session_get_live (self->session));
  g_assert_false (app_test_has_process (self->mark));

  if (self->window != NULL)
    gtk_window_destroy (GTK_WINDOW (self->window));
  /* GTK keeps it until it has heard that a folder was opened. */
  app_test_wait (window_fixture_is_closed, self);
  g_assert_finalize_object (self->session);
  app_test_remove_folder (self->folder);
  g_free (self->folder);
  g_free (self->path);
  g_free (self->mark);
}

void
window_fixture_write_plan (WindowFixture *self,
                           guint          n_solvers,
                           const char    *arguments)
{
  g_autofree char *text = NULL;

  text = g_strdup_printf ("{ \"lockstep\": 1, \"name\": \"Test\", \"solvers\": %u,\n"
                          "  \"solver\": { \"command\": [\"%s\", %s, \"%s\"] },\n"
                          "  \"params\": { \"zones\": 400 },\n"
                          "  \"steps\": [ { \"step\": \"work\", \"on\": \"all\" }, { \"step\": \"gather\", \"on\": \"one\" } ] }",
                          n_solvers, g_getenv ("LOCKSTEP_FAKE_SOLVER"), arguments, self->mark);
  g_assert_true (g_file_set_contents (self->path, text, -1, NULL));
}

void
window_fixture_write_tasks (WindowFixture *self,
                            guint          n_solvers,
                            const char    *more,
                            const char    *tasks)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_printf (text,
                   "{ 'lockstep': 1, 'name': 'Test', 'solvers': %u, 'on-failure': 'continue', 'retries': 0, %s"
                   "  'solver': { 'command': ['%s', 'obeys', '%s'] },"
                   "  'steps': [ { 'step': 'work', 'tasks': %s } ] }",
                   n_solvers, more, g_getenv ("LOCKSTEP_FAKE_SOLVER"), self->mark, tasks);
  g_string_replace (text, "'", "\"", 0);
  g_string_replace (text, "FOLDER", self->folder, 0);
  g_assert_true (g_file_set_contents (self->path, text->str, -1, NULL));
}

void
window_fixture_open (WindowFixture *self)
{
  g_autoptr (GFile) file = g_file_new_for_path (self->path);

  lockstep_window_open (self->window, file, FALSE);
  app_test_wait (window_fixture_is_loaded, self);
}

void
window_fixture_start (WindowFixture *self)
{
  g_autoptr (GFile) file = g_file_new_for_path (self->path);

  lockstep_window_open (self->window, file, TRUE);
  app_test_wait (window_fixture_is_live, self);
}

void
window_fixture_activate (WindowFixture *self,
                         const char    *name)
{
  g_autofree char     *action = NULL;
  g_autoptr (GVariant) target = NULL;
  g_autoptr (GError)   error = NULL;

  g_action_parse_detailed_name (name, &action, &target, &error);
  g_assert_no_error (error);
  g_assert_true (gtk_widget_activate_action_variant (GTK_WIDGET (self->window), action, target));
}

static void
got_text_cb (GObject      *clipboard,
             GAsyncResult *result,
             gpointer      user_data)
{
  char **text = user_data;

  *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result, NULL);
}

static gboolean
is_set (gpointer data)
{
  return *(char **) data != NULL;
}

char *
window_fixture_dup_clipboard (WindowFixture *self)
{
  char *text = NULL;

  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (self->window)), NULL, got_text_cb, &text);
  app_test_wait (is_set, &text);

  return text;
}

gboolean
window_fixture_is_enabled (WindowFixture *self,
                           const char    *action)
{
  return g_action_group_get_action_enabled (G_ACTION_GROUP (self->window), action);
}

gpointer
window_fixture_get (WindowFixture *self,
                    GType          type)
{
  return app_test_find (GTK_WIDGET (self->window), type);
}

char *
window_fixture_dup_shown (WindowFixture *self,
                          GType          type)
{
  return app_test_dup_shown (window_fixture_get (self, type));
}

gboolean
window_fixture_shows (WindowFixture *self,
                      GType          type,
                      const char    *text)
{
  g_autofree char *shown = window_fixture_dup_shown (self, type);

  return strstr (shown, text) != NULL;
}

char *
window_fixture_dup_log (WindowFixture *self)
{
  LockstepLogBuffer *buffer = lockstep_log_view_get_buffer (window_fixture_get (self, LOCKSTEP_TYPE_LOG_VIEW));
  GtkTextIter        start;
  GtkTextIter        end;

  gtk_text_buffer_get_bounds (GTK_TEXT_BUFFER (buffer), &start, &end);

  return gtk_text_buffer_get_text (GTK_TEXT_BUFFER (buffer), &start, &end, FALSE);
}

guint
window_fixture_count_in_log (WindowFixture *self,
                             const char    *text)
{
  g_autofree char *log = window_fixture_dup_log (self);
  guint            count = 0;

  for (const char *found = log; (found = strstr (found, text)) != NULL; found++)
    count++;

  return count;
}

LockstepRunState
window_fixture_get_state (WindowFixture *self)
{
  return lockstep_run_get_state (lockstep_session_get_run (self->session));
}

guint
window_fixture_count_tasks (WindowFixture    *self,
                            LockstepTaskState state)
{
  LockstepTaskTable *table = lockstep_results_page_get_table (window_fixture_get (self, LOCKSTEP_TYPE_RESULTS_PAGE));

  return table != NULL ? lockstep_task_table_count (table, state) : 0;
}

AdwMessageDialog *
window_fixture_get_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (window) && gtk_widget_get_visible (window))
        return ADW_MESSAGE_DIALOG (window);
    }

  return NULL;
}

static GtkButton *
find_button (GtkWidget  *widget,
             const char *label)
{
  GtkButton *found = NULL;

  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
    return GTK_BUTTON (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_button (child, label);

  return found;
}

void
window_fixture_respond (const char *response)
{
  AdwMessageDialog *dialog = window_fixture_get_dialog ();

  g_assert_nonnull (dialog);
  g_signal_emit_by_name (find_button (GTK_WIDGET (dialog), adw_message_dialog_get_response_label (dialog, response)), "clicked");
}

gboolean
window_fixture_is_loaded (gpointer self)
{
  return !lockstep_session_get_loading (((WindowFixture *) self)->session);
}

gboolean
window_fixture_is_live (gpointer self)
{
  return lockstep_session_get_live (((WindowFixture *) self)->session);
}

gboolean
window_fixture_is_over (gpointer self)
{
  LockstepSession *session = ((WindowFixture *) self)->session;

  return !lockstep_session_get_live (session) && !lockstep_session_get_busy (session) && !lockstep_session_get_loading (session);
}

gboolean
window_fixture_is_computing (gpointer self)
{
  return window_fixture_shows (self, LOCKSTEP_TYPE_SOLVERS_PAGE, "computing\n");
}

gboolean
window_fixture_is_closed (gpointer self)
{
  return ((WindowFixture *) self)->window == NULL;
}
