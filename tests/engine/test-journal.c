/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-journal.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "run-fixture.h"

/* How many more times a disk loses what it took. */
static int n_lost;

/* Stands in for that of the system: the last thing that was written is gone when it fails. */
int
fdatasync (int fd)
{
  if (g_atomic_int_get (&n_lost) > 0)
    {
      struct stat status;

      g_atomic_int_add (&n_lost, -1);
      g_assert_cmpint (fstat (fd, &status), ==, 0);
      g_assert_cmpint (ftruncate (fd, MAX (status.st_size - 10, 0)), ==, 0);
      errno = EIO;
      return -1;
    }

  return (int) syscall (SYS_fdatasync, fd);
}

static void
closed_cb (GObject      *journal,
           GAsyncResult *result,
           gpointer      user_data)
{
  GError **error = user_data;

  if (lockstep_journal_close_finish (LOCKSTEP_JOURNAL (journal), result, error))
    *error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, "closed");
}

/* Closes @journal; the error it closed with, or NULL. */
static GError *
close_journal (LockstepJournal *journal)
{
  GError *error = NULL;

  lockstep_journal_close_async (journal, closed_cb, &error);
  while (error == NULL)
    g_main_context_iteration (NULL, TRUE);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    g_clear_error (&error);

  return error;
}

static void
append (LockstepJournal  *journal,
        LockstepEventType type,
        gint64            time,
        gint64            task,
        GBytes           *payload)
{
  LockstepEvent event;

  lockstep_event_init (&event, type);
  event.time = time;
  event.solver = 0;
  event.task = task;
  event.payload = payload != NULL ? g_bytes_ref (payload) : NULL;
  lockstep_journal_append (journal, &event);
  lockstep_event_clear (&event);
}

/* The lines of the journal in @folder, without the one that names the version. */
static char **
read_lines (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "journal.jsonl", NULL);
  g_autofree char *contents = NULL;
  GPtrArray       *lines = g_ptr_array_new ();
  const char      *line, *newline;
  gsize            length;

  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  g_assert_true (g_str_has_prefix (contents, "{\"lockstep-journal\":1}\n"));
  g_assert_true (g_str_has_suffix (contents, "}\n"));

  /* A sanitizer looks at the whole rest of the text at each strstr() of g_strsplit(). */
  line = strchr (contents, '\n') + 1;
  for (; (newline = memchr (line, '\n', length - (gsize) (line - contents))) != NULL; line = newline + 1)
    g_ptr_array_add (lines, g_strndup (line, (gsize) (newline - line)));
  g_ptr_array_add (lines, NULL);

  return (char **) g_ptr_array_free (lines, FALSE);
}

static void
test_facts_in_order (void)
{
  char            *folder = make_folder ();
  LockstepJournal *journal = lockstep_journal_new (folder);
  g_auto (GStrv)   lines = NULL;

  for (gint64 i = 0; i < 100000; i++)
    append (journal, LOCKSTEP_EVENT_TASK_STARTED, i, i, NULL);
  g_assert_no_error (close_journal (journal));
  g_object_unref (journal);

  lines = read_lines (folder);
  g_assert_cmpuint (g_strv_length (lines), ==, 100000);
  for (guint i = 0; i < 100000; i++)
    {
      g_autoptr (GBytes) line = g_bytes_new_static (lines[i], strlen (lines[i]));
      LockstepEvent      event;

      g_assert_true (lockstep_event_read_line (line, &event, NULL, NULL));
      g_assert_cmpint (event.task, ==, i);
    }
  remove_folder (folder);
}

static void
test_samples_are_thinned (void)
{
  char            *folder = make_folder ();
  LockstepJournal *journal = lockstep_journal_new (folder);
  g_auto (GStrv)   lines = NULL;
  guint            n_progress = 0, n_output = 0;

  /* Ten seconds, a hundred samples a second. */
  for (gint64 time = G_USEC_PER_SEC; time < 11 * G_USEC_PER_SEC; time += G_USEC_PER_SEC / 100)
    {
      append (journal, LOCKSTEP_EVENT_PROGRESS, time, 0, NULL);
      append (journal, LOCKSTEP_EVENT_OUTPUT, time, -1, NULL);
    }
  g_assert_no_error (close_journal (journal));
  g_object_unref (journal);

  lines = read_lines (folder);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      n_progress += strstr (lines[i], "\"progress\"") != NULL;
      n_output += strstr (lines[i], "\"output\"") != NULL;
    }
  g_assert_cmpuint (n_progress, ==, 10);
  g_assert_cmpuint (n_output, ==, 40);
  remove_folder (folder);
}

static void
append_value (LockstepJournal *journal,
              gint64           time,
              const char      *text)
{
  g_autoptr (GBytes) payload = g_bytes_new_static (text, strlen (text));

  append (journal, LOCKSTEP_EVENT_PROGRESS, time, 0, payload);
}

/* Of a short task what was told first and last is kept, and what was left out is counted. */
static void
test_ends_are_kept (void)
{
  char                       *folder = make_folder ();
  g_autoptr (LockstepJournal) journal = lockstep_journal_new (folder);
  g_auto (GStrv)              lines = NULL;
  g_autofree char            *left_out = NULL;
  LockstepEvent               end, held;

  lockstep_event_init (&end, LOCKSTEP_EVENT_TASK_ENDED);
  end.solver = 0;
  for (gint64 task = 0; task < 2; task++)
    {
      const gint64 start = G_USEC_PER_SEC + task * 100;

      append (journal, LOCKSTEP_EVENT_TASK_STARTED, start, 0, NULL);
      append_value (journal, start, "{\"fraction\":0}");
      append_value (journal, start + 1, "{\"values\":{\"gap\":1}}");
      append_value (journal, start + 2, "{\"values\":{\"gap\":2}}");
      append_value (journal, start + 3, "{\"values\":{\"gap\":3,\"at\":\"x\"}}");
      append_value (journal, start + 4, "{\"message\":\"nearly\"}");
      g_assert_true (lockstep_journal_release (journal, &end, &held));
      lockstep_journal_append (journal, &held);
      lockstep_event_clear (&held);
      g_assert_false (lockstep_journal_release (journal, &end, &held));
      append (journal, LOCKSTEP_EVENT_TASK_ENDED, start + 5, 0, NULL);
    }
  left_out = lockstep_journal_dup_left_out (journal);
  g_assert_cmpstr (left_out, ==, "{\"gap\":2}");
  g_assert_no_error (close_journal (journal));

  lines = read_lines (folder);
  /* What had no values was due once. */
  g_assert_cmpuint (g_strv_length (lines), ==, 9);
  for (guint i = 2; i < 9; i += 4)
    {
      g_assert_nonnull (strstr (lines[i], "{\"gap\":1}"));
      g_assert_nonnull (strstr (lines[i + 1], "{\"gap\":3,"));
    }
  remove_folder (folder);
}

static void
test_large_results (void)
{
  char              *folder = make_folder ();
  LockstepJournal   *journal = lockstep_journal_new (folder);
  g_autofree char   *zeros = g_strnfill (LOCKSTEP_JOURNAL_INLINE_MAX, '0');
  g_autofree char   *text = g_strdup_printf ("\"%s\"", zeros);
  g_autoptr (GBytes) large = g_bytes_new (text, strlen (text));
  g_auto (GStrv)     lines = NULL;
  g_autofree char   *path = g_build_filename (folder, "results", NULL);
  g_autofree char   *contents = NULL;
  g_autofree char   *file = NULL;

  g_mkdir (path, 0777);
  append (journal, LOCKSTEP_EVENT_TASK_ENDED, 1, 7, large);
  g_assert_no_error (close_journal (journal));
  g_object_unref (journal);

  lines = read_lines (folder);
  g_assert_nonnull (strstr (lines[0], "\"file\":\"results/000007.json\""));
  file = g_build_filename (folder, "results", "000007.json", NULL);
  g_assert_true (g_file_get_contents (file, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, text);
  remove_folder (folder);
}

static void
failed_cb (LockstepJournal *journal,
           const GError    *error,
           gpointer         user_data)
{
  *(char **) user_data = g_strdup (error->message);
}

/* What a disk refuses is kept, and written when it takes it. */
static void
test_refusing_disk (void)
{
  char            *folder = make_folder ();
  g_autofree char *later = g_build_filename (folder, "later", NULL);
  LockstepJournal *journal = lockstep_journal_new (later);
  g_autofree char *message = NULL;
  g_auto (GStrv)   lines = NULL;

  g_signal_connect (journal, "failed", G_CALLBACK (failed_cb), &message);
  append (journal, LOCKSTEP_EVENT_TASK_STARTED, 1, 1, NULL);
  while (message == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (strstr (message, "journal.jsonl"));
  g_assert_nonnull (strstr (message, later));

  append (journal, LOCKSTEP_EVENT_TASK_STARTED, 2, 2, NULL);
  g_assert_cmpint (g_mkdir (later, 0777), ==, 0);
  lockstep_journal_retry (journal);
  g_assert_no_error (close_journal (journal));
  g_object_unref (journal);

  lines = read_lines (later);
  g_assert_cmpuint (g_strv_length (lines), ==, 2);
  g_assert_nonnull (strstr (lines[0], "\"task\":1"));
  g_assert_nonnull (strstr (lines[1], "\"task\":2"));
  remove_folder (folder);
}

static void
recovered_cb (LockstepJournal *journal,
              gpointer         user_data)
{
  *(gboolean *) user_data = TRUE;
}

/* What a disk took and lost is written again, once. */
static void
test_losing_disk (void)
{
  char            *folder = make_folder ();
  LockstepJournal *journal = lockstep_journal_new (folder);
  g_autofree char *message = NULL;
  gboolean         recovered = FALSE;
  g_auto (GStrv)   lines = NULL;

  g_signal_connect (journal, "failed", G_CALLBACK (failed_cb), &message);
  g_signal_connect (journal, "recovered", G_CALLBACK (recovered_cb), &recovered);
  for (gint64 i = 0; i < 10; i++)
    append (journal, LOCKSTEP_EVENT_TASK_STARTED, i, i, NULL);
  g_atomic_int_set (&n_lost, 2);
  lockstep_journal_sync (journal);
  while (message == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (strstr (message, "durable"));

  for (gint64 i = 10; i < 20; i++)
    append (journal, LOCKSTEP_EVENT_TASK_STARTED, i, i, NULL);
  while (!recovered)
    {
      lockstep_journal_retry (journal);
      g_main_context_iteration (NULL, FALSE);
    }
  for (gint64 i = 20; i < 30; i++)
    append (journal, LOCKSTEP_EVENT_TASK_STARTED, i, i, NULL);
  g_assert_no_error (close_journal (journal));
  g_object_unref (journal);

  lines = read_lines (folder);
  g_assert_cmpuint (g_strv_length (lines), ==, 30);
  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *task = g_strdup_printf ("\"task\":%u}", i);

      g_assert_true (g_str_has_suffix (lines[i], task));
    }
  remove_folder (folder);
}

/* A journal takes no more room than its text, once it is closed. */
static void
test_reserve_is_given_up (void)
{
  char            *folder = make_folder ();
  LockstepJournal *journal = lockstep_journal_new (folder);
  g_autofree char *path = g_build_filename (folder, "journal.jsonl", NULL);
  struct stat      status;

  append (journal, LOCKSTEP_EVENT_TASK_STARTED, 1, 1, NULL);
  g_assert_no_error (close_journal (journal));
  g_object_unref (journal);
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_blocks * 512, <, 256 * 1024);
  remove_folder (folder);
}

static GBytes *
make_large (char digit)
{
  char *text = g_strnfill (LOCKSTEP_JOURNAL_INLINE_MAX + 1, digit);

  return g_bytes_new_take (text, strlen (text));
}

/* A result whose file the disk refuses holds up the lines from its own on, not those before; given up, only its own is
 * left out. */
static void
test_refused_result (void)
{
  char              *folder = make_folder ();
  LockstepJournal   *journal = lockstep_journal_new (folder);
  g_autoptr (GBytes) large = make_large ('1');
  g_autofree char   *message = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv)     before = NULL;
  g_auto (GStrv)     after = NULL;

  g_signal_connect (journal, "failed", G_CALLBACK (failed_cb), &message);
  append (journal, LOCKSTEP_EVENT_TASK_STARTED, 1, 1, NULL);
  append (journal, LOCKSTEP_EVENT_TASK_ENDED, 2, 1, large);
  append (journal, LOCKSTEP_EVENT_TASK_STARTED, 3, 2, NULL);
  while (message == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (strstr (message, "results/000001.json"));
  before = read_lines (folder);
  g_assert_cmpuint (g_strv_length (before), ==, 1);

  lockstep_journal_give_up (journal);
  error = close_journal (journal);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_object_unref (journal);
  after = read_lines (folder);
  g_assert_cmpuint (g_strv_length (after), ==, 2);
  g_assert_nonnull (strstr (after[1], "\"task\":2"));
  remove_folder (folder);
}

/* A superseded result is there until what supersedes it is durable. */
static void
test_removed_result (void)
{
  char              *folder = make_folder ();
  LockstepJournal   *journal = lockstep_journal_new (folder);
  g_autoptr (GBytes) large = make_large ('1');
  g_autofree char   *results = g_build_filename (folder, "results", NULL);
  g_autofree char   *first = g_build_filename (results, "000001.json", NULL);
  g_autofree char   *second = g_build_filename (results, "000002.json", NULL);
  g_autofree char   *message = NULL;

  g_mkdir (results, 0777);
  g_signal_connect (journal, "failed", G_CALLBACK (failed_cb), &message);
  append (journal, LOCKSTEP_EVENT_TASK_ENDED, 1, 1, large);
  lockstep_journal_sync (journal);
  while (!g_file_test (first, G_FILE_TEST_EXISTS))
    g_main_context_iteration (NULL, FALSE);

  append (journal, LOCKSTEP_EVENT_TASK_ENDED, 2, 2, large);
  lockstep_journal_remove_result (journal, 1);
  g_atomic_int_set (&n_lost, 1);
  lockstep_journal_sync (journal);
  while (message == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (g_file_test (first, G_FILE_TEST_EXISTS));

  g_assert_no_error (close_journal (journal));
  g_object_unref (journal);
  g_assert_false (g_file_test (first, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (second, G_FILE_TEST_EXISTS));
  remove_folder (folder);
}

static void
test_close_tells_the_error (void)
{
  char              *folder = make_folder ();
  g_autofree char   *missing = g_build_filename (folder, "missing", NULL);
  LockstepJournal   *journal = lockstep_journal_new (missing);
  g_autoptr (GError) error = NULL;

  append (journal, LOCKSTEP_EVENT_TASK_STARTED, 1, 1, NULL);
  lockstep_journal_give_up (journal);
  error = close_journal (journal);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_object_unref (journal);
  remove_folder (folder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/journal/facts-in-order", test_facts_in_order);
  g_test_add_func ("/journal/samples-are-thinned", test_samples_are_thinned);
  g_test_add_func ("/journal/ends-are-kept", test_ends_are_kept);
  g_test_add_func ("/journal/large-results", test_large_results);
  g_test_add_func ("/journal/refusing-disk", test_refusing_disk);
  g_test_add_func ("/journal/losing-disk", test_losing_disk);
  g_test_add_func ("/journal/reserve-is-given-up", test_reserve_is_given_up);
  g_test_add_func ("/journal/refused-result", test_refused_result);
  g_test_add_func ("/journal/removed-result", test_removed_result);
  g_test_add_func ("/journal/close-tells-the-error", test_close_tells_the_error);

  return g_test_run ();
}
