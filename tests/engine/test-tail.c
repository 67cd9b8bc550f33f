/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-tail.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define WATCHDOG_SECONDS 120

/* A file that grows, its tail, and what came of it. */
typedef struct
{
  char         *folder;
  char         *path;
  LockstepTail *tail; /* NULL until follow() */
  GString      *text;
  guint64       skipped;
  gsize         largest; /* of all deliveries */
  gboolean      drained;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("lockstep-tail-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "output.log", NULL);
  fixture->text = g_string_new (NULL);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  if (fixture->tail != NULL)
    g_assert_finalize_object (fixture->tail);
  g_unlink (fixture->path);
  g_assert_no_errno (g_rmdir (fixture->folder));
  g_free (fixture->folder);
  g_free (fixture->path);
  g_string_free (fixture->text, TRUE);
}

static gboolean
watchdog_cb (gpointer data)
{
  g_error ("what was waited for did not happen");
  return G_SOURCE_REMOVE;
}

static void
lines_cb (LockstepTail *tail,
          GBytes       *text,
          guint64       skipped,
          gpointer      user_data)
{
  Fixture    *fixture = user_data;
  gsize       length;
  const char *bytes = g_bytes_get_data (text, &length);

  g_assert_false (fixture->drained);
  g_string_append_len (fixture->text, bytes, length);
  fixture->skipped += skipped;
  fixture->largest = MAX (fixture->largest, length);
}

static void
drained_cb (LockstepTail *tail,
            gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_assert_false (fixture->drained);
  fixture->drained = TRUE;
}

static void
follow (Fixture *fixture,
        gboolean start_at_end)
{
  fixture->tail = lockstep_tail_new (fixture->path, start_at_end);
  g_signal_connect (fixture->tail, "lines", G_CALLBACK (lines_cb), fixture);
  g_signal_connect (fixture->tail, "drained", G_CALLBACK (drained_cb), fixture);
}

static void
append (Fixture    *fixture,
        const char *text,
        gsize       length)
{
  FILE *file = fopen (fixture->path, "a");

  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (text, 1, length, file), ==, length);
  g_assert_no_errno (fclose (file));
}

static void
append_text (Fixture    *fixture,
             const char *text)
{
  append (fixture, text, strlen (text));
}

/* Runs the main loop until as many bytes came. */
static void
run_until_length (Fixture *fixture,
                  gsize    length)
{
  guint watchdog = g_timeout_add_seconds (WATCHDOG_SECONDS, watchdog_cb, NULL);

  while (fixture->text->len < length)
    g_main_context_iteration (NULL, TRUE);

  g_source_remove (watchdog);
}

static void
run_until_drained (Fixture *fixture)
{
  guint watchdog = g_timeout_add_seconds (WATCHDOG_SECONDS, watchdog_cb, NULL);

  lockstep_tail_finish (fixture->tail);
  while (!fixture->drained)
    g_main_context_iteration (NULL, TRUE);

  g_source_remove (watchdog);
}

/* Lines "1", "2", … up to @n_lines. */
static GString *
make_lines (guint n_lines)
{
  GString *text = g_string_new (NULL);

  for (guint i = 1; i <= n_lines; i++)
    g_string_append_printf (text, "%u\n", i);

  return text;
}

static void
test_grows (Fixture      *fixture,
            gconstpointer data)
{
  follow (fixture, FALSE);
  append_text (fixture, "one\ntwo\nthr");
  run_until_length (fixture, 8);
  g_assert_cmpstr (fixture->text->str, ==, "one\ntwo\n");

  append_text (fixture, "ee\n\377\n");
  run_until_length (fixture, 16);
  g_assert_cmpstr (fixture->text->str, ==, "one\ntwo\nthree\n\377\n");

  append_text (fixture, "no newline");
  run_until_drained (fixture);
  g_assert_cmpstr (fixture->text->str, ==, "one\ntwo\nthree\n\377\nno newline");
  g_assert_cmpuint (fixture->skipped, ==, 0);
}

static void
test_no_file (Fixture      *fixture,
              gconstpointer data)
{
  follow (fixture, FALSE);
  run_until_drained (fixture);
  g_assert_cmpuint (fixture->text->len, ==, 0);
}

/* Below the point where a tail skips, every byte comes, in pieces that a view can take. */
static void
test_whole (Fixture      *fixture,
            gconstpointer data)
{
  GString *text = make_lines (1000000);

  g_assert_cmpuint (text->len, <, 8 << 20);
  g_assert_cmpuint (text->len, >, 4 << 20);
  append (fixture, text->str, text->len);
  follow (fixture, FALSE);
  run_until_drained (fixture);
  g_assert_true (g_string_equal (fixture->text, text));
  g_assert_cmpuint (fixture->skipped, ==, 0);
  g_assert_cmpuint (fixture->largest, <=, 1 << 20);
  g_string_free (text, TRUE);
}

/* Far behind, it goes on with the newest, at the start of a line, and says how much it passed over. */
static void
test_skips (Fixture      *fixture,
            gconstpointer data)
{
  GString *text = make_lines (3000000);

  append (fixture, text->str, text->len);
  follow (fixture, FALSE);
  run_until_drained (fixture);
  g_assert_cmpuint (fixture->skipped, >, 0);
  g_assert_cmpuint (fixture->skipped + fixture->text->len, ==, text->len);
  g_assert_cmpstr (fixture->text->str, ==, text->str + fixture->skipped);
  g_assert_cmpint (text->str[fixture->skipped - 1], ==, '\n');
  g_assert_cmpuint (fixture->text->len, <=, 4 << 20);
  g_assert_cmpuint (fixture->text->len, >, (4 << 20) - 100);
  g_string_free (text, TRUE);
}

static void
test_start_at_end (Fixture      *fixture,
                   gconstpointer data)
{
  GString *text = make_lines (100000);

  append (fixture, text->str, text->len);
  follow (fixture, TRUE);
  run_until_drained (fixture);
  g_assert_cmpuint (fixture->text->len, <=, 64 << 10);
  g_assert_cmpuint (fixture->text->len, >, (64 << 10) - 100);
  g_assert_cmpstr (fixture->text->str, ==, text->str + fixture->skipped);
  g_assert_cmpint (text->str[fixture->skipped - 1], ==, '\n');
  g_string_free (text, TRUE);
}

/* A line that begins just where a skip leads is not lost. */
static void
test_start_at_end_of_line (Fixture      *fixture,
                           gconstpointer data)
{
  GString *text = g_string_new (NULL);

  while (text->len < 128 << 10)
    g_string_append (text, "fifteen letters\n");
  append (fixture, text->str, text->len);
  follow (fixture, TRUE);
  run_until_drained (fixture);
  g_assert_cmpuint (fixture->text->len, ==, 64 << 10);
  g_assert_cmpuint (fixture->skipped, ==, 64 << 10);
  g_string_free (text, TRUE);
}

static void
test_short_at_end (Fixture      *fixture,
                   gconstpointer data)
{
  append_text (fixture, "first\nsecond\n");
  follow (fixture, TRUE);
  run_until_length (fixture, 13);
  g_assert_cmpuint (fixture->skipped, ==, 0);
}

/* A line without an end comes in pieces. */
static void
test_long_line (Fixture      *fixture,
                gconstpointer data)
{
  g_autofree char *line = g_strnfill (3 << 20, 'x');

  append_text (fixture, line);
  follow (fixture, FALSE);
  /* The last full piece is one, what follows may be a line yet. */
  run_until_length (fixture, 3 << 20);
  append_text (fixture, "end\nof it\n");
  run_until_drained (fixture);
  g_assert_cmpuint (fixture->text->len, ==, (3 << 20) + 10);
  g_assert_true (g_str_has_suffix (fixture->text->str, "xend\nof it\n"));
  g_assert_cmpuint (fixture->largest, <=, 1 << 20);
  g_assert_cmpuint (fixture->skipped, ==, 0);
}

/* All that is skipped may be one line; it is accounted for nevertheless. */
static void
test_skips_into_nothing (Fixture      *fixture,
                         gconstpointer data)
{
  g_autofree char *line = g_strnfill (20 << 20, 'x');

  append_text (fixture, line);
  follow (fixture, FALSE);
  run_until_drained (fixture);
  g_assert_cmpuint (fixture->text->len, ==, 0);
  g_assert_cmpuint (fixture->skipped, ==, 20 << 20);
}

static void
test_cut_off (Fixture      *fixture,
              gconstpointer data)
{
  append_text (fixture, "before\n");
  follow (fixture, FALSE);
  run_until_length (fixture, 7);
  g_assert_no_errno (truncate (fixture->path, 0));
  append_text (fixture, "new\n");
  run_until_drained (fixture);
  g_assert_cmpstr (fixture->text->str, ==, "before\nnew\n");
}

/* Nothing is read ahead of what is taken. */
static void
test_waits_for_the_taker (Fixture      *fixture,
                          gconstpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  GString                 *text = make_lines (800000);

  append (fixture, text->str, text->len);
  g_main_context_push_thread_default (context);
  follow (fixture, FALSE);
  g_main_context_pop_thread_default (context);

  /* One delivery for each turn of the loop, however many times the reader looks. */
  for (guint i = 1; i <= 3; i++)
    {
      g_main_context_iteration (context, TRUE);
      g_assert_cmpuint (fixture->text->len, <=, i << 20);
      g_assert_cmpuint (fixture->text->len, >, (i << 20) - 100);
    }

  g_string_free (text, TRUE);
}

static void
last_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static char *
read_last (Fixture *fixture,
           guint    n_lines,
           GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  lockstep_tail_read_last_async (fixture->path, n_lines, NULL, last_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return lockstep_tail_read_last_finish (result, error);
}

static void
check_last (Fixture    *fixture,
            guint       n_lines,
            const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *text = read_last (fixture, n_lines, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_read_last (Fixture      *fixture,
                gconstpointer data)
{
  GString           *text;
  g_autoptr (GError) error = NULL;

  g_assert_null (read_last (fixture, 3, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, fixture->path));

  append_text (fixture, "");
  check_last (fixture, 3, "");
  append_text (fixture, "one");
  check_last (fixture, 3, "one");
  append_text (fixture, "\n\ntwo\n");
  check_last (fixture, 0, "");
  check_last (fixture, 1, "two\n");
  check_last (fixture, 2, "\ntwo\n");
  check_last (fixture, 3, "one\n\ntwo\n");
  check_last (fixture, 30, "one\n\ntwo\n");
  append_text (fixture, "bad \377 byte");
  check_last (fixture, 1, "bad \357\277\275 byte");

  text = make_lines (1000000);
  append_text (fixture, "\n");
  append (fixture, text->str, text->len);
  check_last (fixture, 2, "999999\n1000000\n");
  g_string_free (text, TRUE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/tail/grows", Fixture, NULL, set_up, test_grows, tear_down);
  g_test_add ("/tail/no-file", Fixture, NULL, set_up, test_no_file, tear_down);
  g_test_add ("/tail/whole", Fixture, NULL, set_up, test_whole, tear_down);
  g_test_add ("/tail/skips", Fixture, NULL, set_up, test_skips, tear_down);
  g_test_add ("/tail/start-at-end", Fixture, NULL, set_up, test_start_at_end, tear_down);
  g_test_add ("/tail/start-at-end-of-line", Fixture, NULL, set_up, test_start_at_end_of_line, tear_down);
  g_test_add ("/tail/short-at-end", Fixture, NULL, set_up, test_short_at_end, tear_down);
  g_test_add ("/tail/long-line", Fixture, NULL, set_up, test_long_line, tear_down);
  g_test_add ("/tail/skips-into-nothing", Fixture, NULL, set_up, test_skips_into_nothing, tear_down);
  g_test_add ("/tail/cut-off", Fixture, NULL, set_up, test_cut_off, tear_down);
  g_test_add ("/tail/waits-for-the-taker", Fixture, NULL, set_up, test_waits_for_the_taker, tear_down);
  g_test_add ("/tail/read-last", Fixture, NULL, set_up, test_read_last, tear_down);

  return g_test_run ();
}
