/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "app-test.h"
#include "lockstep-log-view.h"
#include "lockstep-resources.h"

typedef struct
{
  GtkWindow         *window;
  LockstepLogView   *view;
  LockstepLogBuffer *buffer;
  GtkAdjustment     *adjustment;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  GtkWidget *scrolled;

  fixture->window = GTK_WINDOW (gtk_window_new ());
  fixture->view = g_object_new (LOCKSTEP_TYPE_LOG_VIEW, NULL);
  fixture->buffer = lockstep_log_view_get_buffer (fixture->view);
  gtk_window_set_default_size (fixture->window, 700, 300);
  gtk_window_set_child (fixture->window, GTK_WIDGET (fixture->view));
  gtk_window_present (fixture->window);
  app_test_wait_frames (GTK_WIDGET (fixture->window), 2);

  scrolled = gtk_widget_get_ancestor (app_test_find (GTK_WIDGET (fixture->view), GTK_TYPE_TEXT_VIEW), GTK_TYPE_SCROLLED_WINDOW);
  fixture->adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  gtk_window_destroy (fixture->window);
}

/* Adds lines "line FIRST" … as a solver's output. */
static void
add_lines (Fixture *fixture,
           guint    first,
           guint    n_lines)
{
  g_autoptr (GString) lines = g_string_new (NULL);

  for (guint i = 0; i < n_lines; i++)
    g_string_append_printf (lines, "line %u\n", first + i);

  lockstep_log_buffer_add (fixture->buffer, g_get_real_time (), 1, LOCKSTEP_LEVEL_INFO, lines->str, lines->len);
}

/* However many digits the number of its solver has, a line's text stands at the same place. */
static void
test_aligned (Fixture      *fixture,
              gconstpointer data)
{
  static const int solvers[] = { -1, 5, 51, 510 };
  GtkTextIter      start;
  GtkTextIter      end;

  for (guint i = 0; i < G_N_ELEMENTS (solvers); i++)
    lockstep_log_buffer_add (fixture->buffer, g_get_real_time (), solvers[i], LOCKSTEP_LEVEL_INFO, "text", strlen ("text"));
  lockstep_log_buffer_flush (fixture->buffer);
  for (int i = 0; i < (int) G_N_ELEMENTS (solvers); i++)
    {
      g_autofree char *text = NULL;

      gtk_text_buffer_get_iter_at_line_offset (GTK_TEXT_BUFFER (fixture->buffer), &start, i, LOCKSTEP_LOG_BUFFER_PREFIX - 2);
      end = start;
      gtk_text_iter_forward_to_line_end (&end);
      text = gtk_text_buffer_get_text (GTK_TEXT_BUFFER (fixture->buffer), &start, &end, FALSE);
      g_assert_cmpstr (text, ==, "  text");
    }
}

static gboolean
is_flushed (gpointer data)
{
  return !lockstep_log_buffer_is_waiting (data);
}

static char *
dup_line (Fixture *fixture,
          guint    line)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (fixture->buffer);
  GtkTextIter    start;
  GtkTextIter    end;

  gtk_text_buffer_get_iter_at_line (buffer, &start, (int) line);
  end = start;
  if (!gtk_text_iter_ends_line (&end))
    gtk_text_iter_forward_to_line_end (&end);

  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static void
assert_lines (Fixture *fixture,
              guint    n_lines,
              guint    first)
{
  g_autofree char *first_text = g_strdup_printf ("line %u", first);
  g_autofree char *last_text = g_strdup_printf ("line %u", first + n_lines - 1);
  g_autofree char *top = dup_line (fixture, 0);
  g_autofree char *bottom = dup_line (fixture, n_lines - 1);

  g_assert_cmpuint (lockstep_log_buffer_get_n_lines (fixture->buffer), ==, n_lines);
  g_assert_cmpint (gtk_text_buffer_get_line_count (GTK_TEXT_BUFFER (fixture->buffer)), ==, n_lines);
  g_assert_true (g_str_has_suffix (top, first_text));
  g_assert_true (g_str_has_suffix (bottom, last_text));
}

static void
test_newest (Fixture      *fixture,
             gconstpointer data)
{
  add_lines (fixture, 0, 1);
  app_test_wait (is_flushed, fixture->buffer);
  assert_lines (fixture, 1, 0);

  add_lines (fixture, 1, 8999);
  app_test_wait (is_flushed, fixture->buffer);
  assert_lines (fixture, 9000, 0);

  /* Some go, then exactly all, then more than there is room for. */
  add_lines (fixture, 9000, 3000);
  app_test_wait (is_flushed, fixture->buffer);
  assert_lines (fixture, 10000, 2000);

  add_lines (fixture, 12000, 10000);
  app_test_wait (is_flushed, fixture->buffer);
  assert_lines (fixture, 10000, 12000);

  add_lines (fixture, 22000, 123456);
  app_test_wait (is_flushed, fixture->buffer);
  assert_lines (fixture, 10000, 22000 + 123456 - 10000);
}

/* Lines of all levels, so that what waits is in many pieces. */
static void
test_levels (Fixture      *fixture,
             gconstpointer data)
{
  GtkTextTagTable *table = gtk_text_buffer_get_tag_table (GTK_TEXT_BUFFER (fixture->buffer));

  for (guint round = 0; round < 3; round++)
    {
      for (guint i = 0; i < 7000; i++)
        {
          g_autofree char *text = g_strdup_printf ("line %u", round * 7000 + i);

          lockstep_log_buffer_add (fixture->buffer, 0, -1, i % 7 == 0 ? LOCKSTEP_LEVEL_ERROR : LOCKSTEP_LEVEL_INFO, text, strlen (text));
        }
      app_test_wait (is_flushed, fixture->buffer);
    }
  assert_lines (fixture, 10000, 11000);

  for (guint i = 0; i < 10000; i++)
    {
      gboolean    is_error = (11000 + i) % 7000 % 7 == 0;
      GtkTextIter iter;

      gtk_text_buffer_get_iter_at_line (GTK_TEXT_BUFFER (fixture->buffer), &iter, (int) i);
      g_assert_true (gtk_text_iter_has_tag (&iter, gtk_text_tag_table_lookup (table, "error")) == is_error);
    }
}

static void
test_any_bytes (Fixture      *fixture,
                gconstpointer data)
{
  static const char        bytes[] = "one\r\ntwo\xff\0\n\nfour, without an end";
  static const char *const ends[] = { "one", "two\357\277\275\357\277\275", "", "four, without an end" };

  lockstep_log_buffer_add (fixture->buffer, 0, 1, LOCKSTEP_LEVEL_INFO, bytes, sizeof bytes - 1);
  app_test_wait (is_flushed, fixture->buffer);

  g_assert_cmpuint (lockstep_log_buffer_get_n_lines (fixture->buffer), ==, G_N_ELEMENTS (ends));
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *line = dup_line (fixture, i);

      g_assert_true (g_str_has_suffix (line, ends[i]));
      g_assert_nonnull (strstr (line, "solver 1"));
    }
}

/* What wraps goes on below the text, not below the time. */
static void
test_wrap (Fixture      *fixture,
           gconstpointer data)
{
  GtkTextView     *text_view = GTK_TEXT_VIEW (app_test_find (GTK_WIDGET (fixture->view), GTK_TYPE_TEXT_VIEW));
  g_autofree char *line = g_strnfill (300, 'x');
  GtkTextIter      iter;
  GdkRectangle     first;
  GdkRectangle     second;

  lockstep_log_buffer_add (fixture->buffer, 0, -1, LOCKSTEP_LEVEL_INFO, line, 300);
  app_test_wait (is_flushed, fixture->buffer);
  app_test_wait_frames (GTK_WIDGET (fixture->window), 2);

  gtk_text_buffer_get_iter_at_offset (GTK_TEXT_BUFFER (fixture->buffer), &iter, LOCKSTEP_LOG_BUFFER_PREFIX);
  gtk_text_view_get_iter_location (text_view, &iter, &first);
  gtk_text_view_forward_display_line (text_view, &iter);
  gtk_text_view_get_iter_location (text_view, &iter, &second);
  g_assert_cmpint (second.y, >, first.y);
  g_assert_cmpint (ABS (second.x - first.x), <=, 1);
}

static gboolean
is_at_end (gpointer data)
{
  Fixture *fixture = data;
  double   bottom = gtk_adjustment_get_upper (fixture->adjustment) - gtk_adjustment_get_page_size (fixture->adjustment);

  return bottom > 0 && gtk_adjustment_get_value (fixture->adjustment) >= bottom - 1;
}

static void
test_follow (Fixture      *fixture,
             gconstpointer data)
{
  double value;

  g_assert_true (lockstep_log_view_get_following (fixture->view));
  for (guint i = 0; i < 40; i++)
    {
      add_lines (fixture, i * 500, 500);
      app_test_wait (is_flushed, fixture->buffer);
      g_assert_true (lockstep_log_view_get_following (fixture->view));
    }
  app_test_wait (is_at_end, fixture);

  /* A person scrolls up: it lets go, and new lines do not move what is read. */
  gtk_adjustment_set_value (fixture->adjustment, gtk_adjustment_get_value (fixture->adjustment) - 500);
  g_assert_false (lockstep_log_view_get_following (fixture->view));
  value = gtk_adjustment_get_value (fixture->adjustment);
  add_lines (fixture, 20000, 50);
  app_test_wait (is_flushed, fixture->buffer);
  app_test_wait_frames (GTK_WIDGET (fixture->window), 5);
  g_assert_false (lockstep_log_view_get_following (fixture->view));
  g_assert_false (is_at_end (fixture));
  g_assert_cmpfloat (gtk_adjustment_get_value (fixture->adjustment), <=, value + 1);

  gtk_widget_activate_action (GTK_WIDGET (fixture->view), "log.follow", NULL);
  g_assert_true (lockstep_log_view_get_following (fixture->view));
  app_test_wait (is_at_end, fixture);

  /* Scrolled back to the end by hand, it follows again. */
  gtk_adjustment_set_value (fixture->adjustment, gtk_adjustment_get_value (fixture->adjustment) - 500);
  g_assert_false (lockstep_log_view_get_following (fixture->view));
  gtk_adjustment_set_value (fixture->adjustment, gtk_adjustment_get_upper (fixture->adjustment));
  g_assert_true (lockstep_log_view_get_following (fixture->view));
}

/* The same while it floods, which is when one wants to stop and read. */
static void
test_follow_flood (Fixture      *fixture,
                   gconstpointer data)
{
  guint first = 0;

  for (guint i = 0; i < 60; i++, first += 3000)
    {
      add_lines (fixture, first, 3000);
      app_test_wait_frames (GTK_WIDGET (fixture->window), 1);
      g_assert_true (lockstep_log_view_get_following (fixture->view));
    }

  gtk_adjustment_set_value (fixture->adjustment, gtk_adjustment_get_value (fixture->adjustment) - 500);
  for (guint i = 0; i < 20; i++, first += 3000)
    {
      g_assert_false (lockstep_log_view_get_following (fixture->view));
      add_lines (fixture, first, 3000);
      app_test_wait_frames (GTK_WIDGET (fixture->window), 1);
    }

  lockstep_log_view_set_following (fixture->view, TRUE);
  for (guint i = 0; i < 20; i++, first += 3000)
    {
      add_lines (fixture, first, 3000);
      app_test_wait_frames (GTK_WIDGET (fixture->window), 1);
      g_assert_true (lockstep_log_view_get_following (fixture->view));
    }
  app_test_wait (is_at_end, fixture);
  assert_lines (fixture, 10000, first - 10000);
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

static void
test_copy_and_clear (Fixture      *fixture,
                     gconstpointer data)
{
  g_autofree char *text = NULL;

  add_lines (fixture, 0, 3);
  gtk_widget_activate_action (GTK_WIDGET (fixture->view), "log.copy", NULL);
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (fixture->view)), NULL, got_text_cb, &text);
  app_test_wait (is_set, &text);
  g_assert_nonnull (strstr (text, "line 0\n"));
  g_assert_true (g_str_has_suffix (text, "line 2"));

  add_lines (fixture, 3, 3);
  gtk_widget_activate_action (GTK_WIDGET (fixture->view), "log.clear", NULL);
  g_assert_false (lockstep_log_buffer_is_waiting (fixture->buffer));
  g_assert_cmpuint (lockstep_log_buffer_get_n_lines (fixture->buffer), ==, 0);
  g_assert_cmpint (gtk_text_buffer_get_char_count (GTK_TEXT_BUFFER (fixture->buffer)), ==, 0);

  add_lines (fixture, 6, 2);
  app_test_wait (is_flushed, fixture->buffer);
  assert_lines (fixture, 2, 6);
}

static void
add_line (Fixture      *fixture,
          int           solver,
          LockstepLevel level,
          const char   *text)
{
  lockstep_log_buffer_add (fixture->buffer, 0, solver, level, text, strlen (text));
}

/* What is not shown is kept, and what comes is looked at, too. */
static void
test_filter (Fixture      *fixture,
             gconstpointer data)
{
  add_line (fixture, 0, LOCKSTEP_LEVEL_INFO, "zero");
  add_line (fixture, 1, LOCKSTEP_LEVEL_ERROR, "one fails");
  add_line (fixture, -1, LOCKSTEP_LEVEL_WARNING, "the run warns");
  app_test_wait (is_flushed, fixture->buffer);
  g_assert_cmpuint (lockstep_log_buffer_get_n_lines (fixture->buffer), ==, 3);

  lockstep_log_buffer_set_filter (fixture->buffer, 1, LOCKSTEP_LEVEL_DEBUG);
  add_line (fixture, 0, LOCKSTEP_LEVEL_INFO, "zero again");
  add_line (fixture, 1, LOCKSTEP_LEVEL_DEBUG, "one again");
  app_test_wait (is_flushed, fixture->buffer);
  g_assert_cmpuint (lockstep_log_buffer_get_n_lines (fixture->buffer), ==, 2);

  lockstep_log_buffer_set_filter (fixture->buffer, LOCKSTEP_LOG_BUFFER_ALL, LOCKSTEP_LEVEL_WARNING);
  app_test_wait (is_flushed, fixture->buffer);
  g_assert_cmpuint (lockstep_log_buffer_get_n_lines (fixture->buffer), ==, 2);

  lockstep_log_buffer_set_filter (fixture->buffer, -1, LOCKSTEP_LEVEL_ERROR);
  g_assert_false (lockstep_log_buffer_is_waiting (fixture->buffer));
  g_assert_cmpuint (lockstep_log_buffer_get_n_lines (fixture->buffer), ==, 0);

  lockstep_log_buffer_set_filter (fixture->buffer, LOCKSTEP_LOG_BUFFER_ALL, LOCKSTEP_LEVEL_DEBUG);
  app_test_wait (is_flushed, fixture->buffer);
  g_assert_cmpuint (lockstep_log_buffer_get_n_lines (fixture->buffer), ==, 5);

  /* A flood of one does not take away what another said, where that is what is shown. */
  lockstep_log_buffer_set_filter (fixture->buffer, 1, LOCKSTEP_LEVEL_DEBUG);
  app_test_wait (is_flushed, fixture->buffer);
  for (guint i = 0; i < 30; i++)
    {
      for (guint j = 0; j < 1000; j++)
        add_line (fixture, 0, LOCKSTEP_LEVEL_INFO, "flood");
      add_line (fixture, 1, LOCKSTEP_LEVEL_INFO, "a word");
    }
  app_test_wait (is_flushed, fixture->buffer);
  g_assert_cmpuint (lockstep_log_buffer_get_n_lines (fixture->buffer), ==, 32);
}

static char *
dup_selected (Fixture *fixture)
{
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_selection_bounds (GTK_TEXT_BUFFER (fixture->buffer), &start, &end);

  return g_strdup_printf ("%d:%s", gtk_text_iter_get_line (&start),
                          gtk_text_buffer_get_text (GTK_TEXT_BUFFER (fixture->buffer), &start, &end, FALSE));
}

static void
assert_selected (Fixture    *fixture,
                 const char *expected)
{
  g_autofree char *selected = dup_selected (fixture);

  g_assert_cmpstr (selected, ==, expected);
}

static void
test_search (Fixture      *fixture,
             gconstpointer data)
{
  GtkEditable *entry = GTK_EDITABLE (app_test_find (app_test_find (GTK_WIDGET (fixture->view), GTK_TYPE_SEARCH_BAR), GTK_TYPE_SEARCH_ENTRY));

  add_lines (fixture, 1, 30);
  app_test_wait (is_flushed, fixture->buffer);

  gtk_widget_activate_action (GTK_WIDGET (fixture->view), "log.search", NULL);
  gtk_editable_set_text (entry, "LINE 2");
  g_signal_emit_by_name (entry, "search-changed");
  assert_selected (fixture, "1:line 2");
  g_assert_false (lockstep_log_view_get_following (fixture->view));
  gtk_widget_activate_action (GTK_WIDGET (fixture->view), "log.next", NULL);
  assert_selected (fixture, "19:line 2");
  gtk_widget_activate_action (GTK_WIDGET (fixture->view), "log.previous", NULL);
  assert_selected (fixture, "1:line 2");
  gtk_widget_activate_action (GTK_WIDGET (fixture->view), "log.previous", NULL);
  assert_selected (fixture, "28:line 2");
  gtk_widget_activate_action (GTK_WIDGET (fixture->view), "log.next", NULL);
  assert_selected (fixture, "1:line 2");
  app_test_wait_frames (GTK_WIDGET (fixture->window), 2);
  {
    g_autofree char *shown = app_test_dup_shown (GTK_WIDGET (fixture->view));

    g_assert_nonnull (strstr (shown, "11 matches"));
  }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  g_resources_register (lockstep_get_resource ());

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/log-view/aligned", test_aligned);
  ADD ("/log-view/newest", test_newest);
  ADD ("/log-view/levels", test_levels);
  ADD ("/log-view/any-bytes", test_any_bytes);
  ADD ("/log-view/wrap", test_wrap);
  ADD ("/log-view/follow", test_follow);
  ADD ("/log-view/follow-flood", test_follow_flood);
  ADD ("/log-view/copy-and-clear", test_copy_and_clear);
  ADD ("/log-view/filter", test_filter);
  ADD ("/log-view/search", test_search);

  return g_test_run ();
}
