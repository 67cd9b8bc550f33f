/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include <glib/gstdio.h>

#include "app-test.h"
#include "lockstep-file-lines.h"

typedef struct
{
  char              *path;
  LockstepFileLines *lines;
} Fixture;

static void
write_lines (Fixture *fixture,
             guint    n_lines)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < n_lines; i++)
    g_string_append_printf (text, "line %u%s\n", i + 1, i == n_lines / 2 ? " of the MIDDLE" : "");
  g_assert_true (g_file_set_contents (fixture->path, text->str, (gssize) text->len, NULL));
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  const int fd = g_file_open_tmp ("lockstep-test-whole-log-XXXXXX", &fixture->path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_clear_object (&fixture->lines);
  g_unlink (fixture->path);
  g_free (fixture->path);
}

static guint
count (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fixture->lines));
}

static gboolean
is_indexed (gpointer data)
{
  return lockstep_file_lines_get_indexed (((Fixture *) data)->lines) >= 1;
}

static gboolean
has_text (gpointer data)
{
  return lockstep_file_line_get_text (data) != NULL;
}

static void
assert_line (Fixture    *fixture,
             guint       index,
             const char *expected)
{
  g_autoptr (LockstepFileLine) line = g_list_model_get_item (G_LIST_MODEL (fixture->lines), index);

  g_assert_nonnull (line);
  app_test_wait (has_text, line);
  g_assert_cmpstr (lockstep_file_line_get_text (line), ==, expected);
}

static void
test_lines (Fixture      *fixture,
            gconstpointer data)
{
  write_lines (fixture, 100000);
  fixture->lines = lockstep_file_lines_new (fixture->path);
  app_test_wait (is_indexed, fixture);
  g_assert_cmpuint (count (fixture), ==, 100000);
  assert_line (fixture, 0, "line 1");
  assert_line (fixture, 255, "line 256");
  assert_line (fixture, 256, "line 257");
  assert_line (fixture, 99999, "line 100000");
  /* Far more blocks than are kept. */
  for (guint i = 0; i < 100000; i += 997)
    {
      g_autofree char *expected = g_strdup_printf ("line %u%s", i + 1, i == 50000 ? " of the MIDDLE" : "");

      assert_line (fixture, i, expected);
    }
}

static gboolean
has_four (gpointer data)
{
  return count (data) == 4;
}

/* It grows, also within its last line. */
static void
test_growth (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (GFile)             file = g_file_new_for_path (fixture->path);
  g_autoptr (GFileOutputStream) out = NULL;

  g_assert_true (g_file_set_contents (fixture->path, "one\ntwo\nthr", -1, NULL));
  fixture->lines = lockstep_file_lines_new (fixture->path);
  app_test_wait (is_indexed, fixture);
  g_assert_cmpuint (count (fixture), ==, 3);
  assert_line (fixture, 2, "thr");

  out = g_file_append_to (file, G_FILE_CREATE_NONE, NULL, NULL);
  g_assert_true (g_output_stream_write_all (G_OUTPUT_STREAM (out), "ee\nfour\n", 8, NULL, NULL, NULL));
  app_test_wait (has_four, fixture);
  assert_line (fixture, 2, "three");
  assert_line (fixture, 3, "four");
}

static void
test_empty_and_missing (Fixture      *fixture,
                        gconstpointer data)
{
  fixture->lines = lockstep_file_lines_new (fixture->path);
  app_test_wait (is_indexed, fixture);
  g_assert_cmpuint (count (fixture), ==, 0);
  g_assert_null (lockstep_file_lines_get_problem (fixture->lines));
  g_clear_object (&fixture->lines);

  fixture->lines = lockstep_file_lines_new ("/no/such/file");
  app_test_wait (is_indexed, fixture);
  g_assert_nonnull (strstr (lockstep_file_lines_get_problem (fixture->lines), "/no/such/file"));
}

#define PENDING G_MININT64

static void
found_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  *(gint64 *) user_data = lockstep_file_lines_search_finish (LOCKSTEP_FILE_LINES (object), result, &error);
  g_assert_no_error (error);
}

static gboolean
is_found (gpointer data)
{
  return *(gint64 *) data != PENDING;
}

static gint64
find (Fixture    *fixture,
      const char *wanted,
      guint       from,
      gboolean    backwards)
{
  gint64 line = PENDING;

  lockstep_file_lines_search_async (fixture->lines, wanted, from, backwards, NULL, found_cb, &line);
  app_test_wait (is_found, &line);

  return line;
}

static void
test_search (Fixture      *fixture,
             gconstpointer data)
{
  write_lines (fixture, 3000);
  fixture->lines = lockstep_file_lines_new (fixture->path);
  app_test_wait (is_indexed, fixture);

  g_assert_cmpint (find (fixture, "of the middle", G_MAXUINT, FALSE), ==, 1500);
  g_assert_cmpint (find (fixture, "of the middle", 1500, FALSE), ==, 1500);
  g_assert_cmpint (find (fixture, "of the middle", 2000, FALSE), ==, 1500);
  g_assert_cmpint (find (fixture, "LINE", 7, FALSE), ==, 8);
  g_assert_cmpint (find (fixture, "LINE", 7, TRUE), ==, 6);
  g_assert_cmpint (find (fixture, "line", 0, TRUE), ==, 2999);
  g_assert_cmpint (find (fixture, "line", G_MAXUINT, TRUE), ==, 2999);
  g_assert_cmpint (find (fixture, "nothing", 7, FALSE), ==, -1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/whole-log/lines", test_lines);
  ADD ("/whole-log/growth", test_growth);
  ADD ("/whole-log/empty-and-missing", test_empty_and_missing);
  ADD ("/whole-log/search", test_search);

  return g_test_run ();
}
