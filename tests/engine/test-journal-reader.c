/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-journal-reader.h"

#include <glib/gstdio.h>
#include <time.h>

#include "lockstep-journal.h"
#include "run-fixture.h"

#define FIRST_LINE "{\"lockstep-journal\":1}\n"

#define MILLION 1000000

/* What a reader may take for the million (s), and the memory that it may keep (bytes). */
#define MAX_SECONDS 5.0
#define MAX_MEMORY  (32 * 1024 * 1024)

static void
write_journal (const char *folder,
               const char *text)
{
  g_autofree char *path = g_build_filename (folder, "journal.jsonl", NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static LockstepJournalReader *
open_journal (const char *folder)
{
  g_autoptr (GError)     error = NULL;
  LockstepJournalReader *reader = lockstep_journal_reader_new (folder, &error);

  g_assert_no_error (error);
  return reader;
}

/* The numbers of the tasks of all events, as "1,2,". */
static char *
read_tasks (LockstepJournalReader *reader)
{
  GString      *tasks = g_string_new (NULL);
  LockstepEvent event;

  while (lockstep_journal_reader_next (reader, &event, NULL))
    {
      g_string_append_printf (tasks, "%" G_GINT64_FORMAT ",", event.task);
      lockstep_event_clear (&event);
    }

  return g_string_free (tasks, FALSE);
}

static void
test_events (void)
{
  char                             *folder = make_folder ();
  g_autoptr (LockstepJournalReader) reader = NULL;
  LockstepEvent                     event;

  write_journal (folder, FIRST_LINE
                 "{\"event\":\"task-ended\",\"time\":7,\"solver\":1,\"step\":2,\"iteration\":3,\"task\":4,\"attempt\":5,"
                 "\"data\":{\"x\":1e-10}}\n"
                 "{\"event\":\"run-continued\",\"time\":8}\n");
  reader = open_journal (folder);

  g_assert_true (lockstep_journal_reader_next (reader, &event, NULL));
  g_assert_cmpint (event.type, ==, LOCKSTEP_EVENT_TASK_ENDED);
  g_assert_cmpint (event.time, ==, 7);
  g_assert_cmpint (event.solver, ==, 1);
  g_assert_cmpint (event.step, ==, 2);
  g_assert_cmpint (event.iteration, ==, 3);
  g_assert_cmpint (event.task, ==, 4);
  g_assert_cmpint (event.attempt, ==, 5);
  g_assert_cmpmem (g_bytes_get_data (event.payload, NULL), g_bytes_get_size (event.payload), "{\"x\":1e-10}", 11);
  lockstep_event_clear (&event);
  g_assert_true (lockstep_journal_reader_next (reader, &event, NULL));
  g_assert_cmpint (event.type, ==, LOCKSTEP_EVENT_RUN_CONTINUED);
  g_assert_cmpint (event.task, ==, -1);
  g_assert_null (event.payload);
  g_assert_false (lockstep_journal_reader_next (reader, &event, NULL));
  g_assert_cmpuint (lockstep_journal_reader_get_complaints (reader)->len, ==, 0);
  remove_folder (folder);
}

/* Whatever was torn off, the end is that of the last whole line. */
static void
test_torn (void)
{
  const char *whole = FIRST_LINE "{\"event\":\"task-started\",\"time\":1,\"task\":1}\n";
  const char *last = "{\"event\":\"task-started\",\"time\":1,\"task\":2}";
  char       *folder = make_folder ();

  for (gsize length = 0; length <= strlen (last); length++)
    {
      g_autofree char                  *text = g_strdup_printf ("%s%.*s", whole, (int) length, last);
      g_autoptr (LockstepJournalReader) reader = NULL;
      g_autofree char                  *tasks = NULL;

      write_journal (folder, text);
      reader = open_journal (folder);
      tasks = read_tasks (reader);
      g_assert_cmpstr (tasks, ==, "1,");
      g_assert_cmpint (lockstep_journal_reader_get_end (reader), ==, strlen (whole));
      g_assert_cmpuint (lockstep_journal_reader_get_n_bad (reader), ==, 0);
    }
  remove_folder (folder);
}

static void
test_torn_first_line (void)
{
  char                             *folder = make_folder ();
  g_autoptr (LockstepJournalReader) reader = NULL;
  g_autofree char                  *tasks = NULL;

  write_journal (folder, "{\"lockstep-jou");
  reader = open_journal (folder);
  tasks = read_tasks (reader);
  g_assert_cmpstr (tasks, ==, "");
  g_assert_cmpint (lockstep_journal_reader_get_end (reader), ==, 0);
  remove_folder (folder);
}

static void
test_garbage (void)
{
  char                             *folder = make_folder ();
  g_autoptr (LockstepJournalReader) reader = NULL;
  g_autofree char                  *tasks = NULL;
  GPtrArray                        *complaints;

  write_journal (folder, FIRST_LINE
                 "{\"event\":\"task-started\",\"time\":1,\"task\":1}\n"
                 "\1\2 garbage\n"
                 "{\"event\":\"task-started\",\"time\":1,\"task\":2}\n"
                 "{\"event\":\"task-eaten\",\"task\":3}\n"
                 "\n"
                 "{\"event\":\"task-started\",\"time\":1,\"task\":4}\n");
  reader = open_journal (folder);
  tasks = read_tasks (reader);
  complaints = lockstep_journal_reader_get_complaints (reader);

  g_assert_cmpstr (tasks, ==, "1,2,4,");
  g_assert_cmpuint (lockstep_journal_reader_get_n_bad (reader), ==, 3);
  g_assert_cmpuint (complaints->len, ==, 3);
  g_assert_nonnull (strstr (g_ptr_array_index (complaints, 0), "Line 3 "));
  g_assert_nonnull (strstr (g_ptr_array_index (complaints, 1), "Line 5 "));
  g_assert_nonnull (strstr (g_ptr_array_index (complaints, 1), "task-eaten"));
  g_assert_nonnull (strstr (g_ptr_array_index (complaints, 2), "Line 6 "));
  remove_folder (folder);
}

/* Each row: the first line, and words of the error. */
static const char *const first_lines[][2] = {
  { "{\"lockstep-journal\":2}\n", "newer Lockstep" },
  { "{\"lockstep-journal\":\"1\"}\n", "is not the journal" },
  { "{\"event\":\"task-started\"}\n", "is not the journal" },
  { "garbage\n", "is not the journal" },
};

static void
test_first_line (gconstpointer data)
{
  const char *const                *row = data;
  char                             *folder = make_folder ();
  g_autoptr (GError)                error = NULL;
  g_autoptr (LockstepJournalReader) reader = NULL;

  write_journal (folder, row[0]);
  reader = lockstep_journal_reader_new (folder, &error);
  g_assert_null (reader);
  g_assert_nonnull (strstr (error->message, row[1]));
  g_assert_nonnull (strstr (error->message, folder));
  remove_folder (folder);
}

static void
test_absent (void)
{
  char              *folder = make_folder ();
  g_autoptr (GError) error = NULL;

  g_assert_null (lockstep_journal_reader_new (folder, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, folder));
  remove_folder (folder);
}

static void
test_result_file (void)
{
  char                             *folder = make_folder ();
  g_autofree char                  *results = g_build_filename (folder, "results", NULL);
  g_autofree char                  *file = g_build_filename (results, "000001.json", NULL);
  g_autofree char                  *lost = NULL;
  g_autoptr (LockstepJournalReader) reader = NULL;
  LockstepEvent                     event;

  g_assert_cmpint (g_mkdir (results, 0777), ==, 0);
  g_assert_true (g_file_set_contents (file, "[1,2,3]", -1, NULL));
  write_journal (folder, FIRST_LINE
                 "{\"event\":\"task-ended\",\"time\":1,\"task\":1,\"file\":\"results/000001.json\"}\n"
                 "{\"event\":\"task-ended\",\"time\":1,\"task\":2,\"file\":\"results/000002.json\"}\n"
                 "{\"event\":\"task-ended\",\"time\":1,\"task\":3,\"file\":\"../../etc/passwd\"}\n");
  reader = open_journal (folder);

  g_assert_true (lockstep_journal_reader_next (reader, &event, &lost));
  g_assert_null (lost);
  g_assert_cmpmem (g_bytes_get_data (event.payload, NULL), g_bytes_get_size (event.payload), "[1,2,3]", 7);
  lockstep_event_clear (&event);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (lockstep_journal_reader_next (reader, &event, &lost));
      g_assert_null (event.payload);
      g_assert_true (g_str_has_prefix (lost, folder));
      g_clear_pointer (&lost, g_free);
    }
  remove_folder (folder);
}

static gsize
read_memory (void)
{
  g_autofree char *text = NULL;
  gsize            pages = 0;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  g_assert_cmpint (sscanf (text, "%*u %zu", &pages), ==, 1);

  return pages * 4096;
}

static void
test_million (void)
{
  char                             *folder = make_folder ();
  g_autofree char                  *path = g_build_filename (folder, "journal.jsonl", NULL);
  FILE                             *file = g_fopen (path, "w");
  g_autoptr (LockstepJournalReader) reader = NULL;
  LockstepEvent                     event;
  guint                             n_events = 0;
  gsize                             before;
  clock_t                           begun;
  double                            seconds;

  fputs (FIRST_LINE, file);
  for (guint i = 0; i < MILLION / 2; i++)
    fprintf (file,
             "{\"event\":\"task-started\",\"time\":1795350335709303,\"solver\":1,\"step\":0,\"iteration\":1,\"task\":%u,\"attempt\":1}\n"
             "{\"event\":\"task-ended\",\"time\":1795350335709303,\"solver\":1,\"step\":0,\"iteration\":1,\"task\":%u,\"attempt\":1,"
             "\"data\":{\"value\":%u.5}}\n",
             i, i, i);
  g_assert_cmpint (fclose (file), ==, 0);

  before = read_memory ();
  begun = clock ();
  reader = open_journal (folder);
  for (; lockstep_journal_reader_next (reader, &event, NULL); n_events++)
    lockstep_event_clear (&event);
  /* Of this process's own: what others take of the machine says nothing about the reader. */
  seconds = (double) (clock () - begun) / CLOCKS_PER_SEC;
  g_test_message ("%u events in %.2f s, %zu bytes more", n_events, seconds, read_memory () - before);
  g_assert_cmpuint (n_events, ==, MILLION);
#ifndef __SANITIZE_ADDRESS__
  g_assert_cmpfloat (seconds, <, MAX_SECONDS);
  g_assert_cmpuint (read_memory (), <, before + MAX_MEMORY);
#endif
  remove_folder (folder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/journal-reader/events", test_events);
  g_test_add_func ("/journal-reader/torn", test_torn);
  g_test_add_func ("/journal-reader/torn-first-line", test_torn_first_line);
  g_test_add_func ("/journal-reader/garbage", test_garbage);
  for (guint i = 0; i < G_N_ELEMENTS (first_lines); i++)
    {
      g_autofree char *path = g_strdup_printf ("/journal-reader/first-line/%u", i);

      g_test_add_data_func (path, first_lines[i], test_first_line);
    }
  g_test_add_func ("/journal-reader/absent", test_absent);
  g_test_add_func ("/journal-reader/result-file", test_result_file);
  g_test_add_func ("/journal-reader/million", test_million);

  return g_test_run ();
}
