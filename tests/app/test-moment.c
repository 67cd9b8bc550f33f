/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "app-test.h"
#include "lockstep-log-view.h"
#include "lockstep-resources.h"

#include <adwaita.h>

/* A time so many seconds after the first line's. */
#define AT(seconds) ((G_GINT64_CONSTANT (1700000000) + (seconds)) * G_USEC_PER_SEC)

typedef struct
{
  GtkWindow       *window;
  LockstepLogView *view;
  LockstepMoment  *moment;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->window = GTK_WINDOW (gtk_window_new ());
  fixture->view = g_object_new (LOCKSTEP_TYPE_LOG_VIEW, NULL);
  fixture->moment = lockstep_moment_new ();
  lockstep_log_view_set_moment (fixture->view, fixture->moment);
  gtk_window_set_default_size (fixture->window, 700, 300);
  gtk_window_set_child (fixture->window, GTK_WIDGET (fixture->view));
  gtk_window_present (fixture->window);
  app_test_wait_frames (GTK_WIDGET (fixture->window), 2);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  gtk_window_destroy (fixture->window);
  g_assert_finalize_object (fixture->moment);
}

/* A line a second, and in between what a solver printed, whose time is not known. */
static void
add_lines (Fixture *fixture,
           guint    first,
           guint    n_lines)
{
  LockstepLogBuffer *buffer = lockstep_log_view_get_buffer (fixture->view);

  for (guint i = first; i < first + n_lines; i++)
    {
      g_autofree char *text = g_strdup_printf ("line %u", i);

      lockstep_log_buffer_add (buffer, AT (i), -1, i % 2 == 0 ? LOCKSTEP_LEVEL_INFO : LOCKSTEP_LEVEL_WARNING, text, strlen (text));
      lockstep_log_buffer_add (buffer, 0, 1, LOCKSTEP_LEVEL_INFO, "printed", strlen ("printed"));
    }
  lockstep_log_buffer_flush (buffer);
}

/* Whether the line that is marked can be seen, and says @text; NULL for no such line. */
static gboolean
is_marked (Fixture    *fixture,
           const char *text)
{
  GtkTextView     *text_view = GTK_TEXT_VIEW (app_test_find (GTK_WIDGET (fixture->view), GTK_TYPE_TEXT_VIEW));
  GtkTextBuffer   *buffer = gtk_text_view_get_buffer (text_view);
  GtkTextTag      *tag = gtk_text_tag_table_lookup (gtk_text_buffer_get_tag_table (buffer), "moment");
  g_autofree char *line = NULL;
  GdkRectangle     seen;
  GdkRectangle     place;
  GtkTextIter      start;
  GtkTextIter      end;

  gtk_text_buffer_get_start_iter (buffer, &start);
  if (!gtk_text_iter_starts_tag (&start, tag) && !gtk_text_iter_forward_to_tag_toggle (&start, tag))
    return text == NULL;
  end = start;
  gtk_text_iter_forward_to_line_end (&end);
  line = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  gtk_text_view_get_visible_rect (text_view, &seen);
  gtk_text_view_get_iter_location (text_view, &start, &place);

  return text != NULL && g_str_has_suffix (line, text) && place.y >= seen.y && place.y + place.height <= seen.y + seen.height;
}

static gboolean
is_at_100 (gpointer data)
{
  return is_marked (data, "line 100");
}

static gboolean
is_at_2900 (gpointer data)
{
  return is_marked (data, "line 2900");
}

static gboolean
is_at_end (gpointer data)
{
  Fixture       *fixture = data;
  GtkWidget     *text_view = app_test_find (GTK_WIDGET (fixture->view), GTK_TYPE_TEXT_VIEW);
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (text_view));

  return gtk_adjustment_get_upper (adjustment) > 6000 * 10 && gtk_adjustment_get_value (adjustment) >= gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment) - 1;
}

/* The log lets go of its end for the line of the moment, and is back there with now. */
static void
test_log (Fixture      *fixture,
          gconstpointer data)
{
  add_lines (fixture, 0, 3000);
  g_assert_true (lockstep_log_view_get_following (fixture->view));

  lockstep_moment_set_time (fixture->moment, AT (100) + G_USEC_PER_SEC / 2);
  app_test_wait (is_at_100, fixture);
  g_assert_false (lockstep_log_view_get_following (fixture->view));

  /* What comes moves nothing. */
  add_lines (fixture, 3000, 100);
  app_test_wait_frames (GTK_WIDGET (fixture->window), 3);
  app_test_wait (is_at_100, fixture);
  g_assert_false (lockstep_log_view_get_following (fixture->view));

  lockstep_moment_set_time (fixture->moment, AT (2900));
  app_test_wait (is_at_2900, fixture);
  g_assert_false (lockstep_log_view_get_following (fixture->view));

  lockstep_moment_set_time (fixture->moment, 0);
  app_test_wait (is_at_end, fixture);
  g_assert_true (lockstep_log_view_get_following (fixture->view));
  g_assert_true (is_marked (fixture, NULL));
}

/* The line is found after lines went, among those that are shown, and not before the first. */
static void
test_find (Fixture      *fixture,
           gconstpointer data)
{
  LockstepLogBuffer *buffer = lockstep_log_view_get_buffer (fixture->view);

  g_assert_cmpint (lockstep_log_buffer_find (buffer, AT (0)), ==, -1);
  add_lines (fixture, 0, 3000);
  g_assert_cmpint (lockstep_log_buffer_find (buffer, AT (0) - 1), ==, -1);
  g_assert_cmpint (lockstep_log_buffer_find (buffer, AT (0)), ==, 0);
  g_assert_cmpint (lockstep_log_buffer_find (buffer, AT (5)), ==, 10);
  add_lines (fixture, 3000, 3000);
  g_assert_cmpint (lockstep_log_buffer_find (buffer, AT (999)), ==, -1);
  g_assert_cmpint (lockstep_log_buffer_find (buffer, AT (1001)), ==, 2);

  lockstep_log_buffer_set_filter (buffer, LOCKSTEP_LOG_BUFFER_ALL, LOCKSTEP_LEVEL_WARNING);
  lockstep_log_buffer_flush (buffer);
  g_assert_cmpint (lockstep_log_buffer_find (buffer, AT (5999)), ==, (int) lockstep_log_buffer_get_n_lines (buffer) - 1);

  lockstep_log_buffer_clear (buffer);
  g_assert_cmpint (lockstep_log_buffer_find (buffer, AT (5999)), ==, -1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_resources_register (lockstep_get_resource ());
  adw_init ();

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/moment/log", test_log);
  ADD ("/moment/find", test_find);

  return g_test_run ();
}
