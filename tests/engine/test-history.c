/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-history.h"

#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

#include "lockstep-run-labels.h"
#include "lockstep-run-lock.h"
#include "run-fixture.h"

#define PLAN "{\"lockstep\":1,\"name\":\"Plan\",\"solver\":{\"command\":[\"true\"]},\"steps\":[{\"step\":\"work\",\"on\":\"all\"}]}"

#define SUMMARY                                                                                                                            \
  "{\"state\":\"finished\",\"name\":\"City\",\"note\":\"Plan B\",\"started\":%d000000,\"seconds\":7.5,\"tasks\":{\"done\":4,\"total\":5}," \
  "\"until\":{\"text\":\"gap < 1e-6\",\"value\":2e-7},\"failures\":1,\"reached\":true}"

#define JOURNAL                                                                                \
  "{\"lockstep-journal\":1}\n"                                                                 \
  "{\"event\":\"run-started\",\"time\":%d000000,\"data\":{\"name\":\"City\",\"note\":null}}\n" \
  "{\"event\":\"log\",\"time\":%d000000,\"data\":{}}\n"

static void
write_file (const char *folder,
            const char *id,
            const char *name,
            const char *text)
{
  g_autofree char *directory = g_build_filename (folder, id, NULL);
  g_autofree char *path = g_build_filename (directory, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (directory, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* The folder of a run that began at @started (s), with a summary or, for a negative one, without. */
static void
write_run (const char *folder,
           const char *id,
           int         started,
           gboolean    ended)
{
  g_autofree char *summary = g_strdup_printf (SUMMARY, started);
  g_autofree char *journal = g_strdup_printf (JOURNAL, started, started + 3);

  write_file (folder, id, "journal.jsonl", journal);
  if (ended)
    write_file (folder, id, "summary.json", summary);
  write_file (folder, id, "plan.lockstep", PLAN);
}

static void
take_result (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

static LockstepHistory *
load (const char *folder,
      gboolean    watched)
{
  LockstepHistory         *history = lockstep_history_new (folder);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError)       error = NULL;

  if (watched)
    lockstep_history_watch (history);
  lockstep_history_load_async (history, NULL, take_result, &result);
  g_assert_true (lockstep_history_load_finish (history, wait_for (&result), &error));
  g_assert_no_error (error);

  return history;
}

static const LockstepRunFacts *
get_facts (LockstepHistory *history,
           const char      *id)
{
  LockstepHistoryEntry *entry = lockstep_history_lookup (history, id);

  g_assert_nonnull (entry);
  return lockstep_history_entry_get_facts (entry);
}

/* The ids of all runs, in order, as "b a ". */
static char *
dup_ids (LockstepHistory *history)
{
  GString    *ids = g_string_new (NULL);
  const guint n_runs = g_list_model_get_n_items (G_LIST_MODEL (history));

  for (guint i = 0; i < n_runs; i++)
    {
      g_autoptr (LockstepHistoryEntry) entry = g_list_model_get_item (G_LIST_MODEL (history), i);

      g_string_append_printf (ids, "%s ", lockstep_history_entry_get_facts (entry)->id);
    }

  return g_string_free (ids, FALSE);
}

static void
test_nothing (void)
{
  char                       *folder = make_folder ();
  g_autofree char            *missing = g_build_filename (folder, "missing", NULL);
  g_autoptr (LockstepHistory) empty = load (folder, FALSE);
  g_autoptr (LockstepHistory) none = load (missing, FALSE);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (empty)), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (none)), ==, 0);
  remove_folder (folder);
}

static void
test_unreadable_folder (void)
{
  char                       *folder = make_folder ();
  g_autofree char            *file = g_build_filename (folder, "file", NULL);
  g_autoptr (LockstepHistory) history = lockstep_history_new (file);
  g_autoptr (GAsyncResult)    result = NULL;
  g_autoptr (GError)          error = NULL;

  g_assert_true (g_file_set_contents (file, "", 0, NULL));
  lockstep_history_load_async (history, NULL, take_result, &result);
  g_assert_false (lockstep_history_load_finish (history, wait_for (&result), &error));
  g_assert_nonnull (strstr (error->message, file));
  remove_folder (folder);
}

static void
test_ended (void)
{
  char                       *folder = make_folder ();
  g_autoptr (LockstepHistory) history = NULL;
  const LockstepRunFacts     *facts;

  write_run (folder, "a", 1000, TRUE);
  history = load (folder, FALSE);
  facts = get_facts (history, "a");

  g_assert_cmpstr (facts->name, ==, "City");
  g_assert_cmpstr (facts->plan, ==, "City");
  g_assert_cmpstr (facts->note, ==, "Plan B");
  g_assert_cmpint (facts->state, ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpint (facts->started, ==, 1000 * G_USEC_PER_SEC);
  g_assert_cmpfloat (facts->seconds, ==, 7.5);
  g_assert_cmpint (facts->n_done, ==, 4);
  g_assert_cmpint (facts->n_tasks, ==, 5);
  g_assert_true (facts->listed);
  g_assert_cmpint (facts->n_failures, ==, 1);
  g_assert_true (facts->reached);
  g_assert_cmpstr (facts->until, ==, "gap < 1e-6");
  g_assert_cmpfloat (facts->value, ==, 2e-7);
  g_assert_null (facts->problem);
  remove_folder (folder);
}

/* Whether a run lives is told by its lock, and not by its age or its journal. */
static void
test_not_ended (void)
{
  char                       *folder = make_folder ();
  g_autofree char            *live = g_build_filename (folder, "live", NULL);
  g_autoptr (LockstepRunLock) lock = NULL;
  g_autoptr (LockstepHistory) history = NULL;

  write_run (folder, "live", 1000, FALSE);
  write_run (folder, "dead", 1001, FALSE);
  write_file (folder, "unborn", "plan.lockstep", PLAN);
  lock = lockstep_run_lock_take (live, NULL);
  history = load (folder, FALSE);

  g_assert_cmpint (get_facts (history, "live")->state, ==, LOCKSTEP_RUN_STEPPING);
  g_assert_cmpstr (lockstep_run_facts_get_state_name (get_facts (history, "live")), ==, "live");
  g_assert_cmpint (get_facts (history, "live")->started, ==, 1000 * G_USEC_PER_SEC);
  g_assert_cmpint (get_facts (history, "dead")->state, ==, LOCKSTEP_RUN_INTERRUPTED);
  g_assert_cmpfloat (get_facts (history, "dead")->seconds, ==, 3);
  g_assert_cmpint (get_facts (history, "dead")->n_tasks, ==, -1);
  g_assert_cmpint (get_facts (history, "unborn")->state, ==, LOCKSTEP_RUN_INTERRUPTED);
  g_assert_cmpint (get_facts (history, "unborn")->started, >, 1001 * G_USEC_PER_SEC);
  remove_folder (folder);
}

static void
test_order (void)
{
  char                       *folder = make_folder ();
  g_autoptr (LockstepHistory) history = NULL;
  g_autofree char            *ids = NULL;

  write_run (folder, "a", 1002, TRUE);
  write_run (folder, "b", 1001, FALSE);
  write_run (folder, "c", 1003, TRUE);
  write_run (folder, "d", 1001, TRUE);
  history = load (folder, FALSE);
  ids = dup_ids (history);

  g_assert_cmpstr (ids, ==, "c a d b ");
  remove_folder (folder);
}

/* What is broken is told with the run, or named, and takes nothing else with it. */
static void
test_broken (void)
{
  char                       *folder = make_folder ();
  g_autoptr (LockstepHistory) history = NULL;
  GPtrArray                  *strangers;

  write_run (folder, "good", 1000, TRUE);
  write_run (folder, "summary", 1001, TRUE);
  write_file (folder, "summary", "summary.json", "{\"state\":");
  write_run (folder, "ended", 1002, TRUE);
  write_file (folder, "ended", "summary.json", "{}");
  write_file (folder, "ended", "journal.jsonl",
              "{\"lockstep-journal\":1}\n{\"event\":\"run-started\",\"time\":5,\"data\":{\"name\":\"X\"}}\n"
              "{\"event\":\"run-ended\",\"time\":9,\"data\":{\"state\":\"failed\"}}\n{\"event\":\"lo");
  write_run (folder, "newer", 1003, FALSE);
  write_file (folder, "newer", "journal.jsonl", "{\"lockstep-journal\":99}\n{\"event\":\"run-danced\"}\n");
  write_run (folder, "labels", 1004, TRUE);
  write_file (folder, "labels", "labels.json", "[1]");
  write_file (folder, "no-plan", "journal.jsonl", "");
  write_file (folder, ".", "file", "");
  history = load (folder, FALSE);
  strangers = lockstep_history_get_strangers (history);

  g_assert_null (get_facts (history, "good")->problem);
  g_assert_cmpint (get_facts (history, "summary")->state, ==, LOCKSTEP_RUN_INTERRUPTED);
  g_assert_nonnull (strstr (get_facts (history, "summary")->problem, "summary.json"));
  g_assert_cmpint (get_facts (history, "ended")->state, ==, LOCKSTEP_RUN_FAILED);
  g_assert_cmpstr (get_facts (history, "ended")->name, ==, "X");
  g_assert_cmpint (get_facts (history, "newer")->state, ==, LOCKSTEP_RUN_IDLE);
  g_assert_nonnull (strstr (get_facts (history, "newer")->problem, "newer"));
  g_assert_cmpstr (get_facts (history, "labels")->name, ==, "City");
  g_assert_nonnull (strstr (get_facts (history, "labels")->problem, "labels.json"));
  g_assert_cmpuint (strangers->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (strangers, 0), ==, "file");
  g_assert_cmpstr (g_ptr_array_index (strangers, 1), ==, "no-plan");
  remove_folder (folder);
}

static void
write_labels (const char *folder,
              const char *id,
              const char *name,
              const char *note)
{
  g_autofree char         *directory = g_build_filename (folder, id, NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError)       error = NULL;

  lockstep_run_labels_write_async (directory, name, note, take_result, &result);
  g_assert_true (lockstep_run_labels_write_finish (wait_for (&result), &error));
  g_assert_no_error (error);
}

static void
test_labels (void)
{
  char                      *folder = make_folder ();
  g_autofree char           *directory = g_build_filename (folder, "a", NULL);
  g_auto (LockstepRunLabels) labels = { NULL, NULL };

  write_run (folder, "a", 1000, TRUE);
  write_labels (folder, "a", "Morning “peak”", NULL);
  write_labels (folder, "a", NULL, "two\nlines");
  g_assert_true (lockstep_run_labels_read (&labels, directory, NULL));
  g_assert_cmpstr (labels.name, ==, "Morning “peak”");
  g_assert_cmpstr (labels.note, ==, "two\nlines");

  lockstep_run_labels_clear (&labels);
  write_labels (folder, "a", "", NULL);
  g_assert_true (lockstep_run_labels_read (&labels, directory, NULL));
  g_assert_null (labels.name);
  g_assert_cmpstr (labels.note, ==, "two\nlines");

  /* Labels that nobody can read are replaced. */
  lockstep_run_labels_clear (&labels);
  write_file (folder, "a", "labels.json", "{");
  g_assert_false (lockstep_run_labels_read (&labels, directory, NULL));
  write_labels (folder, "a", "again", NULL);
  g_assert_true (lockstep_run_labels_read (&labels, directory, NULL));
  g_assert_cmpstr (labels.name, ==, "again");
  remove_folder (folder);
}

static void
test_size (void)
{
  char                       *folder = make_folder ();
  g_autofree char            *text = g_strnfill (100000, 'x');
  g_autoptr (LockstepHistory) history = NULL;
  LockstepHistoryEntry       *entry;
  g_autoptr (GAsyncResult)    result = NULL;
  gint64                      size, told;

  write_run (folder, "a", 1000, TRUE);
  write_file (folder, "a/results", "0.json", text);
  history = load (folder, FALSE);
  entry = lockstep_history_lookup (history, "a");
  lockstep_history_entry_measure_async (entry, NULL, take_result, &result);
  size = lockstep_history_entry_measure_finish (entry, wait_for (&result), NULL);
  g_object_get (entry, "size", &told, NULL);

  g_assert_cmpint (size, >=, 100000);
  g_assert_cmpint (size, <, 1000000);
  g_assert_cmpint (told, ==, size);
  remove_folder (folder);
}

/* Iterates until @expression holds. */
#define WAIT_UNTIL(expression)               \
  G_STMT_START                               \
  {                                          \
    while (!(expression))                    \
      g_main_context_iteration (NULL, TRUE); \
  }                                          \
  G_STMT_END

static void
test_follows (void)
{
  char                       *folder = make_folder ();
  g_autofree char            *live = g_build_filename (folder, "live", NULL);
  g_autofree char            *gone = g_build_filename (folder, "gone", NULL);
  g_autofree char            *moved = g_build_filename (folder, "..gone", NULL);
  g_autofree char            *summary = g_strdup_printf (SUMMARY, 1002);
  g_autoptr (LockstepHistory) history = NULL;
  g_autofree char            *ids = NULL;
  LockstepRunLock            *lock;

  write_run (folder, "gone", 1000, TRUE);
  history = load (folder, TRUE);

  /* One comes, with its lock first, as all do. */
  g_assert_cmpint (g_mkdir (live, 0700), ==, 0);
  lock = lockstep_run_lock_take (live, NULL);
  write_run (folder, "live", 1002, FALSE);
  WAIT_UNTIL (lockstep_history_lookup (history, "live") != NULL);
  WAIT_UNTIL (get_facts (history, "live")->state == LOCKSTEP_RUN_STEPPING);
  ids = dup_ids (history);
  g_assert_cmpstr (ids, ==, "live gone ");

  /* It is labelled. */
  write_labels (folder, "live", "Mine", NULL);
  WAIT_UNTIL (g_str_equal (get_facts (history, "live")->name, "Mine"));
  write_labels (folder, "gone", "Theirs", NULL);
  WAIT_UNTIL (g_str_equal (get_facts (history, "gone")->name, "Theirs"));

  /* Its controller dies: the kernel lets go of the lock, and that is all. */
  lockstep_run_lock_free (lock);
  WAIT_UNTIL (get_facts (history, "live")->state == LOCKSTEP_RUN_INTERRUPTED);

  /* It is gone on with, as lockstep_run_folder_reopen_async() does it, and ends. */
  lock = lockstep_run_lock_take (live, NULL);
  g_assert_cmpint (g_utime (live, NULL), ==, 0);
  WAIT_UNTIL (get_facts (history, "live")->state == LOCKSTEP_RUN_STEPPING);
  write_file (folder, "live", "summary.json", summary);
  WAIT_UNTIL (get_facts (history, "live")->state == LOCKSTEP_RUN_FINISHED);
  lockstep_run_lock_free (lock);

  /* One goes. */
  g_assert_cmpint (g_rename (gone, moved), ==, 0);
  WAIT_UNTIL (lockstep_history_lookup (history, "gone") == NULL);
  remove_folder (folder);
}

static void
test_trash (void)
{
  char                       *folder = make_folder ();
  g_autofree char            *directory = g_build_filename (folder, "a", NULL);
  g_autoptr (LockstepRunLock) lock = NULL;
  g_autoptr (GAsyncResult)    refused = NULL;
  g_autoptr (GAsyncResult)    done = NULL;
  g_autoptr (GError)          error = NULL;

  write_run (folder, "a", 1000, FALSE);
  lock = lockstep_run_lock_take (directory, NULL);
  lockstep_history_trash_async (directory, take_result, &refused);
  g_assert_false (lockstep_history_trash_finish (wait_for (&refused), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_true (g_file_test (directory, G_FILE_TEST_IS_DIR));

  /* Not every file system has a trash: then it says what to do, and the run is still there. */
  g_clear_error (&error);
  g_clear_pointer (&lock, lockstep_run_lock_free);
  lockstep_history_trash_async (directory, take_result, &done);
  g_assert_cmpint (lockstep_history_trash_finish (wait_for (&done), &error), ==, error == NULL);
  g_assert_cmpint (g_file_test (directory, G_FILE_TEST_IS_DIR), ==, error != NULL);
  if (error != NULL)
    g_assert_nonnull (strstr (error->message, "rm -r"));
  remove_folder (folder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/history/nothing", test_nothing);
  g_test_add_func ("/history/unreadable-folder", test_unreadable_folder);
  g_test_add_func ("/history/ended", test_ended);
  g_test_add_func ("/history/not-ended", test_not_ended);
  g_test_add_func ("/history/order", test_order);
  g_test_add_func ("/history/broken", test_broken);
  g_test_add_func ("/history/labels", test_labels);
  g_test_add_func ("/history/size", test_size);
  g_test_add_func ("/history/follows", test_follows);
  g_test_add_func ("/history/trash", test_trash);

  return g_test_run ();
}
