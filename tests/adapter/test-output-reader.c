/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-output-reader.h"
#include "lockstep-program-process.h"
#include "lockstep-result-file.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  char                 *path;
  int                   descriptor;
  LockstepOutputReader *reader;
} Fixture;

static void
setup (Fixture      *fixture,
       gconstpointer data)
{
  fixture->descriptor = g_file_open_tmp ("lockstep-output-XXXXXX", &fixture->path, NULL);
  g_assert_cmpint (fixture->descriptor, >=, 0);
  fixture->reader = lockstep_output_reader_new (fixture->descriptor);
}

static void
teardown (Fixture      *fixture,
          gconstpointer data)
{
  lockstep_output_reader_free (fixture->reader);
  close (fixture->descriptor);
  g_unlink (fixture->path);
  g_free (fixture->path);
}

/* Appends @text to the file and reads all there is. */
static void
print (Fixture    *fixture,
       const char *text)
{
  g_assert_cmpint (write (fixture->descriptor, text, strlen (text)), ==, strlen (text));
  lockstep_output_reader_read (fixture->reader, G_MAXSIZE);
}

static LockstepProbe *
add_probe (Fixture    *fixture,
           const char *pattern,
           LockstepRow row)
{
  GError        *error = NULL;
  LockstepProbe *probe = lockstep_probe_new (LOCKSTEP_PROBE_RESULT, "x", lockstep_pattern_new (pattern, &error), row);

  g_assert_no_error (error);
  lockstep_output_reader_add (fixture->reader, probe);
  return probe;
}

static void
free_probe (LockstepProbe *probe)
{
  lockstep_pattern_free ((LockstepPattern *) probe->pattern);
  lockstep_probe_free (probe);
}

static void
test_growing (Fixture      *fixture,
              gconstpointer data)
{
  LockstepProbe *last = add_probe (fixture, "gap = {number}", LOCKSTEP_ROW_LAST);
  LockstepProbe *first = add_probe (fixture, "gap = {number}", LOCKSTEP_ROW_FIRST);
  LockstepProbe *min = add_probe (fixture, "gap = {number}", LOCKSTEP_ROW_MIN);
  LockstepProbe *max = add_probe (fixture, "/gap = (.*)$/", LOCKSTEP_ROW_MAX);

  print (fixture, "");
  g_assert_null (last->found);
  print (fixture, "begin\ngap = 3\nga");
  g_assert_cmpstr (last->found, ==, "3");
  print (fixture, "p = 1");
  g_assert_cmpstr (last->found, ==, "3");
  /* A carriage return ends a line as well, as progress bars have it. */
  print (fixture, "0\rgap = 7.5\r\n");
  print (fixture, "gap = 5");
  g_assert_cmpstr (last->found, ==, "7.5");
  lockstep_output_reader_finish (fixture->reader);
  g_assert_cmpstr (last->found, ==, "5");
  g_assert_cmpuint (last->n_matches, ==, 4);
  g_assert_cmpstr (first->found, ==, "3");
  g_assert_cmpint (first->offset, ==, strlen ("begin\n"));
  g_assert_cmpstr (min->found, ==, "3");
  g_assert_cmpstr (max->found, ==, "10");

  free_probe (last);
  free_probe (first);
  free_probe (min);
  free_probe (max);
}

/* The last match of a line counts, as the last line does. */
static void
test_many_in_a_line (Fixture      *fixture,
                     gconstpointer data)
{
  LockstepProbe *last = add_probe (fixture, "R {number}", LOCKSTEP_ROW_LAST);
  LockstepProbe *first = add_probe (fixture, "R {number}", LOCKSTEP_ROW_FIRST);
  LockstepProbe *max = add_probe (fixture, "/R ([0-9]+)/", LOCKSTEP_ROW_MAX);
  LockstepProbe *nothing = add_probe (fixture, "/R (x?)/", LOCKSTEP_ROW_LAST);

  print (fixture, "R 1 R 7 R 3\n");
  g_assert_cmpstr (last->found, ==, "3");
  g_assert_cmpuint (last->n_matches, ==, 3);
  g_assert_cmpstr (first->found, ==, "1");
  g_assert_cmpstr (max->found, ==, "7");
  g_assert_cmpuint (nothing->n_matches, ==, 3);

  free_probe (last);
  free_probe (first);
  free_probe (max);
  free_probe (nothing);
}

/* Progress in a line that grows. */
static void
test_open_line (Fixture      *fixture,
                gconstpointer data)
{
  LockstepProbe *progress = add_probe (fixture, "{number}%", LOCKSTEP_ROW_LAST);
  LockstepProbe *value = add_probe (fixture, "at {number}", LOCKSTEP_ROW_LAST);
  LockstepProbe *result = add_probe (fixture, "at {number}", LOCKSTEP_ROW_LAST);

  progress->kind = LOCKSTEP_PROBE_PROGRESS;
  value->kind = LOCKSTEP_PROBE_VALUE;
  print (fixture, "10%..20%..at 1");
  g_assert_cmpstr (progress->found, ==, "20");
  g_assert_null (value->found);
  print (fixture, "2 30%..");
  g_assert_cmpstr (progress->found, ==, "30");
  g_assert_cmpstr (value->found, ==, "12");
  g_assert_null (result->found);
  print (fixture, "\n");
  g_assert_cmpuint (progress->n_matches, ==, 3);
  g_assert_cmpuint (value->n_matches, ==, 1);
  g_assert_cmpstr (result->found, ==, "12");

  free_probe (progress);
  free_probe (value);
  free_probe (result);
}

/* What colours the text does not belong to it. */
static void
test_colours (Fixture      *fixture,
              gconstpointer data)
{
  LockstepProbe   *number = add_probe (fixture, "Result: {number}", LOCKSTEP_ROW_LAST);
  LockstepProbe   *line = add_probe (fixture, "/^Done ([0-9])$/", LOCKSTEP_ROW_LAST);
  g_autofree char *shown = NULL;

  print (fixture, "a\n\033[31mRes\033[0mult\033[0m: \033[1m12\033[0m\n\033]0;title\033\\\033(BDone 3\033[K\r\nb\033[31\nResult: x\n");
  g_assert_cmpstr (number->found, ==, "12");
  g_assert_cmpint (number->offset, ==, 2);
  g_assert_cmpstr (line->found, ==, "3");
  g_assert_cmpint (line->offset, ==, strlen ("a\n.....Res....ult....: ....12....\n"));
  shown = lockstep_output_dup_shown ("\033]0;title\a\033[1mx\033[0m y", strlen ("\033]0;title\a\033[1mx\033[0m y"));
  g_assert_cmpstr (shown, ==, "x y");

  free_probe (number);
  free_probe (line);
}

static void
test_newest (Fixture      *fixture,
             gconstpointer data)
{
  g_autofree char *none = lockstep_output_reader_dup_newest (fixture->reader, 20);
  g_autofree char *ended = NULL;
  g_autofree char *open = NULL;
  g_autofree char *dots = NULL;

  g_assert_null (none);
  print (fixture, "one\n\033[31mtwo\033[0m \xff\n\n  \n");
  ended = lockstep_output_reader_dup_newest (fixture->reader, 20);
  g_assert_cmpstr (ended, ==, "two \xef\xbf\xbd");
  print (fixture, "half a line");
  open = lockstep_output_reader_dup_newest (fixture->reader, 20);
  g_assert_cmpstr (open, ==, "half a line");
  print (fixture, "......................1");
  dots = lockstep_output_reader_dup_newest (fixture->reader, 5);
  g_assert_cmpstr (dots, ==, "....1");
}

static void
test_last_lines (Fixture      *fixture,
                 gconstpointer data)
{
  g_autofree char *none = lockstep_output_dup_last_lines (fixture->descriptor, 2);
  g_autofree char *two = NULL;
  g_autofree char *all = NULL;

  g_assert_cmpstr (none, ==, "");
  print (fixture, "one\ntwo\rthree\n\n");
  two = lockstep_output_dup_last_lines (fixture->descriptor, 2);
  g_assert_cmpstr (two, ==, "two\nthree");
  all = lockstep_output_dup_last_lines (fixture->descriptor, 9);
  g_assert_cmpstr (all, ==, "one\ntwo\nthree");
}

/* Of a line of any length something is told. */
static void
test_last_long_line (Fixture      *fixture,
                     gconstpointer data)
{
  g_autofree char *dots = g_strnfill (100000, '.');
  g_autofree char *open = NULL;
  g_autofree char *ended = NULL;
  g_autofree char *next = NULL;

  print (fixture, dots);
  print (fixture, "the end");
  open = lockstep_output_dup_last_lines (fixture->descriptor, 2);
  g_assert_true (g_str_has_prefix (open, "…..."));
  g_assert_true (g_str_has_suffix (open, "...the end"));
  g_assert_cmpuint (strlen (open), <, 1000);
  print (fixture, "\n\n");
  ended = lockstep_output_dup_last_lines (fixture->descriptor, 2);
  g_assert_cmpstr (ended, ==, open);
  print (fixture, "short\n");
  next = lockstep_output_dup_last_lines (fixture->descriptor, 2);
  g_assert_cmpstr (next, ==, "short");
}

/* 200 MB of lines, and one line of 50 MB: memory stays where it is. */
static void
test_flood (Fixture      *fixture,
            gconstpointer data)
{
  LockstepProbe   *probe = add_probe (fixture, "needle {number}", LOCKSTEP_ROW_LAST);
  LockstepProbe   *first = add_probe (fixture, "needle {number}", LOCKSTEP_ROW_FIRST);
  LockstepProbe   *regular = add_probe (fixture, "/^needle ([0-9]+)$/", LOCKSTEP_ROW_LAST);
  g_autofree char *block = g_malloc (1 << 20);
  const guint      n_blocks = 250;
  struct rusage    before, after;

  for (guint i = 0; i < 1 << 20; i++)
    block[i] = i % 64 == 63 ? '\n' : 'x';
  for (guint i = 0; i < n_blocks; i++)
    {
      if (i == 200)
        memset (block, 'y', 1 << 20);
      g_assert_cmpint (write (fixture->descriptor, block, 1 << 20), ==, 1 << 20);
    }
  g_assert_cmpint (write (fixture->descriptor, "\nneedle 4\nneedle 5\nhay\n", 23), ==, 23);

  getrusage (RUSAGE_SELF, &before);
  g_assert_cmpuint (lockstep_output_reader_read (fixture->reader, 4 << 20), ==, 4 << 20);
  g_assert_null (probe->found);
  lockstep_output_reader_read (fixture->reader, G_MAXSIZE);
  getrusage (RUSAGE_SELF, &after);
  g_assert_cmpstr (probe->found, ==, "5");
  g_assert_cmpstr (regular->found, ==, "5");
  g_assert_cmpint (regular->offset, ==, (goffset) n_blocks * (1 << 20) + (goffset) strlen ("\nneedle 4\n"));
  g_assert_cmpstr (first->found, ==, "4");
#ifndef __SANITIZE_ADDRESS__ /* which keeps what was freed */
  /* KiB */
  g_assert_cmpint (after.ru_maxrss - before.ru_maxrss, <, 4096);
#endif

  free_probe (probe);
  free_probe (first);
  free_probe (regular);
}

/* What is found in a file, as JSON; "none", or the error. */
static char *
read_result (Fixture    *fixture,
             const char *text,
             const char *column,
             const char *member,
             LockstepRow row)
{
  const LockstepProgramResult result = { .name = "x", .column = (char *) column, .member = (char *) member, .row = row };
  g_autoptr (LockstepProbe)   probe = lockstep_probe_new (LOCKSTEP_PROBE_RESULT, "x", NULL, row);
  g_autoptr (GString)         json = g_string_new (NULL);
  g_autoptr (GError)          error = NULL;

  probe->result = &result;
  g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
  if (!lockstep_result_file_read (probe, fixture->path, &error))
    {
      g_assert_error (error, LOCKSTEP_PROGRAM_ERROR, LOCKSTEP_PROGRAM_ERROR_RESULT);
      g_assert_nonnull (strstr (error->message, fixture->path));
      return g_strdup (error->message);
    }
  if (probe->found == NULL)
    return g_strdup ("none");
  g_assert_true (lockstep_probe_append_json (probe, json));
  return g_strdup (json->str);
}

#define assert_result(text, column, member, row, expected)                    \
  G_STMT_START                                                                \
  {                                                                           \
    g_autofree char *json = read_result (fixture, text, column, member, row); \
    g_test_message ("%s", json);                                              \
    g_assert_nonnull (strstr (json, expected));                               \
  }                                                                           \
  G_STMT_END

static void
test_files (Fixture      *fixture,
            gconstpointer data)
{
  static const char table[] = "\xef\xbb\xbft, vkt ,\"a,b\"\r\n1, 5.0,x\r\n\r\n2,1.5D+1,\"y \"\"z\"\n3,,\n";

  assert_result (table, "vkt", NULL, LOCKSTEP_ROW_LAST, "1.5e+1");
  assert_result (table, "vkt", NULL, LOCKSTEP_ROW_FIRST, "5.0");
  assert_result (table, "vkt", NULL, LOCKSTEP_ROW_MIN, "5.0");
  assert_result (table, "vkt", NULL, LOCKSTEP_ROW_MAX, "1.5e+1");
  assert_result (table, "t", NULL, LOCKSTEP_ROW_LAST, "3");
  assert_result (table, "a,b", NULL, LOCKSTEP_ROW_LAST, "\"y \\\"z\"");
  assert_result (table, "vtk", NULL, LOCKSTEP_ROW_LAST, "did you mean “vkt”?");
  assert_result (table, "unheard of", NULL, LOCKSTEP_ROW_LAST, "its columns are t, vkt, a,b");
  assert_result ("", "vkt", NULL, LOCKSTEP_ROW_LAST, "empty");
  assert_result ("vkt\n", "vkt", NULL, LOCKSTEP_ROW_LAST, "none");
  assert_result ("vkt\n\"1", "vkt", NULL, LOCKSTEP_ROW_LAST, "never closed");

  assert_result ("{\"network\": {\"los\": 0.10, \"runs\": [1, {\"a\": null}]}}", NULL, "network.los", LOCKSTEP_ROW_LAST, "0.10");
  assert_result ("{\"network\": {\"runs\": [1, {\"a\": \"b\"}]}}", NULL, "network.runs.1", LOCKSTEP_ROW_LAST, "{\"a\": \"b\"}");
  assert_result ("{\"network\": 1}", NULL, "netwrok", LOCKSTEP_ROW_LAST, "none");
  assert_result ("{\"los\": NaN}", NULL, "los", LOCKSTEP_ROW_LAST, "is not JSON");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/output-reader/" name, Fixture, NULL, setup, function, teardown)
  ADD ("growing", test_growing);
  ADD ("many-in-a-line", test_many_in_a_line);
  ADD ("open-line", test_open_line);
  ADD ("colours", test_colours);
  ADD ("newest", test_newest);
  ADD ("last-lines", test_last_lines);
  ADD ("last-long-line", test_last_long_line);
  ADD ("flood", test_flood);
  ADD ("files", test_files);
#undef ADD

  return g_test_run ();
}
