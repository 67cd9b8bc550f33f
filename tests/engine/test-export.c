/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-export.h"

#include <glib/gstdio.h>
#include <string.h>

#include "lockstep-file-list.h"
#include "lockstep-ledger.h"
#include "run-fixture.h"

/* When the runs of these tests began: 2026-11-22T12:00:00Z, in µs. */
#define START G_GINT64_CONSTANT (1795348800000000)

/* A plan with a sweep of three tasks and a step on one solver, in a loop of two. */
#define PLAN                                                                                                             \
  "{'lockstep': 1, 'name': 'Test', 'solver': {'command': ['nothing']}, 'solvers': 2, 'steps': [{'repeat': 2, 'steps': [" \
  "{'step': 'work', 'tasks': 3}, {'step': 'gather', 'on': 'one'}]}]}"

static void
write_text (const char *folder,
            const char *name,
            const char *text,
            gssize      length)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, length, NULL));
}

/* Appends an event: @time in milliseconds since START, and @rest, JSON in which ' stands for ". */
static void
append (GString    *journal,
        const char *name,
        gint64      time,
        const char *rest)
{
  g_autofree char *members = g_strdup (rest);

  g_strdelimit (members, "'", '"');
  g_string_append_printf (journal, "{\"event\":\"%s\",\"time\":%" G_GINT64_FORMAT "%s%s}\n", name, START + time * 1000,
                          *members != '\0' ? "," : "", members);
}

/* A run's folder, with the journal so far. */
static char *
make_run (GString *journal)
{
  char            *folder = make_folder ();
  g_autofree char *plan = g_strdup (PLAN);

  g_strdelimit (plan, "'", '"');
  write_text (folder, "plan.lockstep", plan, -1);
  write_text (folder, "journal.jsonl", journal->str, (gssize) journal->len);
  return folder;
}

static GString *
new_journal (void)
{
  return g_string_new ("{\"lockstep-journal\":1}\n");
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
write_and_wait (LockstepExport *export,
                const char   *path,
                GCancellable *cancellable,
                GError      **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  lockstep_export_write_async (export, path, FALSE, cancellable, written_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return lockstep_export_write_finish (export, result, error);
}

/* What is exported from the run in @folder. */
static char *
export_text (const char          *folder,
             LockstepExportWhat   what,
             LockstepExportFormat format)
{
  g_autoptr (LockstepExport) export = lockstep_export_new (folder, what, format);
  g_autoptr (GError) error = NULL;
  g_autofree char   *path = g_build_filename (folder, "exported", NULL);
  char              *text;

  g_assert_true (write_and_wait (export, path, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_remove (path);
  return text;
}

/* The cells of a column of a simple CSV @text, with blanks between. */
static char *
dup_column (const char *text,
            const char *name)
{
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);
  g_auto (GStrv) names = g_strsplit (lines[0], ",", -1);
  GString       *out = g_string_new (NULL);
  guint          column = 0;

  while (g_strcmp0 (names[column], name) != 0)
    g_assert_nonnull (names[column++]);
  for (guint i = 1; *lines[i] != '\0'; i++)
    {
      g_auto (GStrv) cells = g_strsplit (lines[i], ",", -1);

      g_string_append_printf (out, "%s%s", i > 1 ? " " : "", cells[column]);
    }

  return g_string_free (out, FALSE);
}

static void
assert_column (const char *text,
               const char *name,
               const char *expected)
{
  g_autofree char *cells = dup_column (text, name);

  g_assert_cmpstr (cells, ==, expected);
}

/* A sweep with a task that fails at first, and another that two solvers did at once. */
static GString *
write_sweep (void)
{
  GString *journal = new_journal ();

  append (journal, "run-started", 0, "");
  append (journal, "solver-launched", 1, "'solver':0,'data':{'host':'here'}");
  append (journal, "solver-launched", 1, "'solver':1,'data':{'host':'there'}");
  append (journal, "step-started", 10, "'step':1,'iteration':1,'data':{'tasks':3,'first':0,'iterations':[1]}");
  append (journal, "task-started", 10, "'solver':0,'step':1,'iteration':1,'task':0,'attempt':1");
  append (journal, "task-started", 10, "'solver':1,'step':1,'iteration':1,'task':1,'attempt':1");
  append (journal, "task-failed", 20, "'solver':0,'step':1,'iteration':1,'task':0,'attempt':1,'data':{'cause':'crash','final':false}");
  append (journal, "task-started", 20, "'solver':0,'step':1,'iteration':1,'task':0,'attempt':2");
  append (journal, "task-ended", 50, "'solver':0,'step':1,'iteration':1,'task':0,'attempt':2,'data':{'x':1e-10}");
  append (journal, "task-started", 50, "'solver':0,'step':1,'iteration':1,'task':1,'attempt':2");
  append (journal, "task-ended", 60, "'solver':0,'step':1,'iteration':1,'task':1,'attempt':2,'data':{'x':0.10}");
  append (journal, "task-ended", 61, "'solver':1,'step':1,'iteration':1,'task':1,'attempt':1,'data':{'x':7}");
  append (journal, "task-started", 61, "'solver':1,'step':1,'iteration':1,'task':2,'attempt':1");
  append (journal, "task-failed", 100, "'solver':1,'step':1,'iteration':1,'task':2,'attempt':1,'data':{'cause':'crash','final':true}");
  append (journal, "step-ended", 100, "'step':1,'iteration':1");
  return journal;
}

static void
test_results (void)
{
  g_autoptr (GString) journal = write_sweep ();
  char               *folder = make_run (journal);
  g_autofree char    *text = export_text (folder, LOCKSTEP_EXPORT_RESULTS, LOCKSTEP_EXPORT_CSV);

  g_assert_true (g_str_has_prefix (text, "task,step,iteration,x,state,duration,solver,host,attempts,started,cause,reason,line\r\n"));
  assert_column (text, "task", "0 1 2");
  assert_column (text, "x", "1e-10 0.10 ");
  assert_column (text, "state", "done done failed");
  assert_column (text, "attempts", "2 2 1");
  assert_column (text, "solver", "0 0 1");
  assert_column (text, "host", "here here there");
  assert_column (text, "duration", "0.03 0.01 0.039");
  assert_column (text, "cause", "  crash");
  remove_folder (folder);
}

/* What a resumed run took back is in no row. */
static void
test_void (void)
{
  g_autoptr (GString) journal = write_sweep ();
  g_autofree char    *text = NULL;
  g_autofree char    *again = NULL;
  char               *folder;

  append (journal, "step-started", 110, "'step':2,'iteration':1,'data':{'tasks':1,'first':3,'iterations':[1]}");
  append (journal, "task-started", 110, "'solver':0,'step':2,'iteration':1,'task':3,'attempt':1");
  append (journal, "task-ended", 120, "'solver':0,'step':2,'iteration':1,'task':3,'attempt':1,'data':{'sum':5}");
  append (journal, "run-started", 200, "'data':{'resumed':true}");
  append (journal, "step-started", 210,
          "'step':1,'iteration':1,'data':{'tasks':3,'first':0,'iterations':[1],'resumed':true,'again':[[2,2]]}");
  folder = make_run (journal);
  text = export_text (folder, LOCKSTEP_EXPORT_RESULTS, LOCKSTEP_EXPORT_CSV);
  assert_column (text, "task", "0 1 2");
  assert_column (text, "state", "done done waiting");
  remove_folder (folder);

  append (journal, "task-started", 220, "'solver':1,'step':1,'iteration':1,'task':2,'attempt':2");
  append (journal, "task-ended", 230, "'solver':1,'step':1,'iteration':1,'task':2,'attempt':2,'data':{'y':1}");
  append (journal, "step-started", 240, "'step':2,'iteration':1,'data':{'tasks':1,'first':3,'iterations':[1]}");
  append (journal, "task-started", 240, "'solver':0,'step':2,'iteration':1,'task':3,'attempt':1");
  folder = make_run (journal);
  again = export_text (folder, LOCKSTEP_EXPORT_RESULTS, LOCKSTEP_EXPORT_CSV);
  assert_column (again, "task", "0 1 2 3");
  assert_column (again, "step", "work work work gather");
  assert_column (again, "state", "done done done stopped");
  assert_column (again, "y", "  1 ");
  remove_folder (folder);
}

static void
test_timeline (void)
{
  g_autoptr (GString) journal = write_sweep ();
  char               *folder = make_run (journal);
  g_autofree char    *text = export_text (folder, LOCKSTEP_EXPORT_TIMELINE, LOCKSTEP_EXPORT_CSV);

  assert_column (text, "solver", "0 0 1 0 1");
  assert_column (text, "task", "0 0 1 1 2");
  assert_column (text, "attempt", "1 2 1 2 1");
  assert_column (text, "state", "failed done done done failed");
  assert_column (text, "seconds", "0.01 0.03 0.051 0.01 0.039");
  assert_column (text, "waiting", "0 0 0 0.04 0");
  assert_column (text, "iteration", "1 1 1 1 1");
  remove_folder (folder);
}

/* Whose line it is, without the time. */
static char *
dup_log_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GString       *out = g_string_new (NULL);

  for (guint i = 0; *lines[i] != '\0'; i++)
    g_string_append_printf (out, "%s%.6s %s", i > 0 ? "\n" : "", strchr (lines[i], '.'), strstr (lines[i], "  ") + 2);

  return g_string_free (out, FALSE);
}

/* The lines of two solvers stand where the sizes of their files say; a line that was cut by a sample is not. */
static void
test_log (void)
{
  g_autoptr (GString) journal = new_journal ();
  g_autofree char    *text = NULL;
  g_autofree char    *lines = NULL;
  g_autofree char    *csv = NULL;
  char               *folder;

  append (journal, "output", 250, "'solver':0,'data':{'size':4}");
  append (journal, "output", 260, "'solver':1,'data':{'size':9}");
  append (journal, "log", 300, "'solver':1,'data':{'level':'info','text':'x\\ny'}");
  append (journal, "output", 500, "'solver':0,'data':{'size':8}");
  append (journal, "solver-ended", 600, "'solver':1,'data':{'exit':0,'seconds':0}");
  append (journal, "run-paused", 700, "'data':{'why':'tea'}");
  folder = make_run (journal);
  write_text (folder, "solver-0000.log", "a\nb\ncd\ne\xff\n", -1);
  write_text (folder, "solver-0001.log", "10 %\r20 %\nlast", -1);

  text = export_text (folder, LOCKSTEP_EXPORT_LOG, LOCKSTEP_EXPORT_TEXT);
  lines = dup_log_lines (text);
  g_assert_cmpstr (lines, ==,
                   ".250+0 solver 0    | a\n"
                   ".250+0 solver 0    | b\n"
                   ".300+0 solver 1      x\n"
                   ".300+0 solver 1      y\n"
                   ".500+0 solver 0    | cd\n"
                   ".600+0 solver 1    | 20 %\n"
                   ".600+0 solver 1    | last\n"
                   ".600+0 solver 1      Ended after 0.0 s\n"
                   ".700+0 run           Paused: tea\n"
                   ".700+0 solver 0    | e\357\277\275");

  csv = export_text (folder, LOCKSTEP_EXPORT_LOG, LOCKSTEP_EXPORT_CSV);
  assert_column (csv, "text", "a b x y cd 20 % last Ended after 0.0 s Paused: tea e\357\277\275");
  assert_column (csv, "kind", "output output log log output output output solver-ended run-paused output");
  remove_folder (folder);
}

static void
test_long_lines (void)
{
  g_autoptr (GString) journal = new_journal ();
  g_autofree char    *line = g_strnfill (200000, 'x');
  g_autofree char    *text = NULL;
  char               *folder;
  guint               n_x = 0;

  append (journal, "output", 250, "'solver':0,'data':{'size':200000}");
  folder = make_run (journal);
  write_text (folder, "solver-0000.log", line, -1);
  text = export_text (folder, LOCKSTEP_EXPORT_LOG, LOCKSTEP_EXPORT_TEXT);
  for (const char *p = text; *p != '\0'; p++)
    n_x += *p == 'x';
  g_assert_cmpuint (n_x, ==, 200000);
  remove_folder (folder);
}

/* The journal as it is, but for a line that is not whole. */
static void
test_events (void)
{
  g_autoptr (GString) journal = write_sweep ();
  const gsize         whole = journal->len;
  g_autofree char    *text = NULL;
  g_autofree char    *csv = NULL;
  char               *folder;

  g_string_append (journal, "{\"event\":\"task-st");
  folder = make_run (journal);
  text = export_text (folder, LOCKSTEP_EXPORT_EVENTS, LOCKSTEP_EXPORT_JSONL);
  g_string_truncate (journal, whole);
  g_assert_cmpstr (text, ==, journal->str);
  csv = export_text (folder, LOCKSTEP_EXPORT_EVENTS, LOCKSTEP_EXPORT_CSV);
  g_assert_nonnull (strstr (csv, "\r\n2026-11-22T12:00:00.050000Z,task-ended,0,work,1,0,2,,\"{\"\"x\"\":1e-10}\"\r\n"));
  remove_folder (folder);
}

/* Nothing is left of an export that was cancelled, or that nobody could read. */
static void
test_cancelled (void)
{
  g_autoptr (GString)      journal = write_sweep ();
  char                    *folder = make_run (journal);
  char                    *place = make_folder ();
  g_autofree char         *path = g_build_filename (place, "exported", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_cancellable_cancel (cancellable);
  for (guint what = 0; what < LOCKSTEP_N_EXPORTS; what++)
    {
      g_autoptr (LockstepExport) export = lockstep_export_new (folder, what, lockstep_export_get_default_format (what));
      g_autoptr (GError) error = NULL;

      g_assert_false (write_and_wait (export, path, cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_cmpint (g_rmdir (place), ==, 0);
      g_assert_cmpint (g_mkdir (place, 0700), ==, 0);
    }

  write_text (folder, "journal.jsonl", "{\"lockstep-journal\":99}\n", -1);
  for (guint what = 0; what < LOCKSTEP_EXPORT_ALL; what++)
    {
      g_autoptr (LockstepExport) export = lockstep_export_new (folder, what, lockstep_export_get_default_format (what));
      g_autoptr (GError) error = NULL;

      g_assert_false (write_and_wait (export, path, NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
      g_assert_nonnull (strstr (error->message, "newer Lockstep"));
      g_assert_cmpint (g_rmdir (place), ==, 0);
      g_assert_cmpint (g_mkdir (place, 0700), ==, 0);
    }

  remove_folder (place);
  remove_folder (folder);
}

/* What a run's plan is not needed for is exported without; and lines that cannot be read are told. */
static void
test_complaints (void)
{
  g_autoptr (GString) journal = write_sweep ();
  char               *folder;
  g_autofree char    *path = NULL;
  g_autoptr (LockstepExport) export = NULL;
  g_autoptr (GError) error = NULL;

  g_string_append (journal, "garbage\n");
  folder = make_run (journal);
  path = g_build_filename (folder, "exported", NULL);
  export = lockstep_export_new (folder, LOCKSTEP_EXPORT_RESULTS, LOCKSTEP_EXPORT_CSV);
  g_assert_true (write_and_wait (export, path, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (lockstep_export_get_warnings (export)->len, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (lockstep_export_get_warnings (export), 0), "Line 17"));
  remove_folder (folder);
}

/* A run at work deletes files that are in the list already; of any other run that would be a loss. */
static void
test_files_that_go (void)
{
  char            *folder = make_folder ();
  g_autofree char *tasks = g_build_filename (folder, "tasks", NULL);
  g_autofree char *gone = g_build_filename (tasks, "gone", NULL);

  g_assert_cmpint (g_mkdir (tasks, 0777), ==, 0);
  write_text (tasks, "kept", "x", 1);
  for (guint i = 0; i < 2; i++)
    {
      const gboolean                 changing = i == 0;
      g_autofree char               *path = g_strdup_printf ("%s/%u.zip", folder, i);
      g_autoptr (GError)             error = NULL;
      g_autoptr (LockstepExportFile) file = lockstep_export_file_new (path, FALSE, NULL);
      g_autoptr (LockstepArchive)    archive = lockstep_archive_new (file, NULL, NULL, NULL);
      g_autoptr (LockstepFileList)   files = lockstep_file_list_new ();

      write_text (tasks, "gone", "x", 1);
      lockstep_file_list_set_changing (files, changing);
      g_assert_true (lockstep_file_list_add (files, "tasks", tasks, NULL, NULL));
      g_assert_cmpuint (lockstep_file_list_get_count (files), ==, 3);
      g_assert_cmpint (g_unlink (gone), ==, 0);
      g_assert_cmpint (lockstep_file_list_write (files, archive, &error), ==, changing);
      g_assert_cmpint (lockstep_file_list_add (files, "gone", gone, NULL, NULL), ==, changing);
      if (changing)
        g_assert_no_error (error);
      else
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
    }
  remove_folder (folder);
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/export/results", test_results);
  g_test_add_func ("/export/void", test_void);
  g_test_add_func ("/export/timeline", test_timeline);
  g_test_add_func ("/export/log", test_log);
  g_test_add_func ("/export/long-lines", test_long_lines);
  g_test_add_func ("/export/events", test_events);
  g_test_add_func ("/export/cancelled", test_cancelled);
  g_test_add_func ("/export/complaints", test_complaints);
  g_test_add_func ("/export/files-that-go", test_files_that_go);

  return g_test_run ();
}
