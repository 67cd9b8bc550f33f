/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-attempt.h"
#include "lockstep-plan-program.h"

#include <errno.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Real programs, run for a task: sh, and Python where a line is worth it. */

typedef struct
{
  char                  *folder; /* of the plan */
  char                  *run;
  LockstepProgram       *program;
  LockstepAttempt       *attempt;
  LockstepPlaceholders   placeholders;
  LockstepAttemptWatcher watcher;
  gboolean               cancel_at_progress;
  double                 fraction;
  double                 largest_fraction;
  GString               *told;
  GError                *error;
} Fixture;

static gboolean
is_cancelled (gpointer data)
{
  Fixture *fixture = data;

  return fixture->cancel_at_progress && fixture->told->len > 0;
}

static void
progress (gpointer    data,
          double      fraction,
          const char *message)
{
  Fixture *fixture = data;

  fixture->fraction = fraction;
  fixture->largest_fraction = MAX (fixture->largest_fraction, fraction);
  g_string_append_printf (fixture->told, "%s\n", message);
}

static void
value (gpointer    data,
       const char *name,
       double      number)
{
  g_string_append_printf (((Fixture *) data)->told, "%s=%g\n", name, number);
}

static void
setup (Fixture      *fixture,
       gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("lockstep-plan-XXXXXX", NULL);
  fixture->run = g_dir_make_tmp ("lockstep-run-XXXXXX", NULL);
  fixture->placeholders = (LockstepPlaceholders){ .folder = fixture->folder, .run = fixture->run, .task = 137, .attempt = 2, .threads = 1 };
  fixture->watcher = (LockstepAttemptWatcher){ is_cancelled, progress, value, fixture };
  fixture->told = g_string_new (NULL);
}

static int
remove_entry (const char        *path,
              const struct stat *status,
              int                type,
              struct FTW        *where)
{
  return remove (path);
}

static void
forget (Fixture *fixture)
{
  g_clear_pointer (&fixture->attempt, lockstep_attempt_free);
  g_clear_pointer (&fixture->program, lockstep_program_free);
  g_clear_error (&fixture->error);
  g_string_truncate (fixture->told, 0);
}

static void
teardown (Fixture      *fixture,
          gconstpointer data)
{
  forget (fixture);
  nftw (fixture->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
  nftw (fixture->run, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
  g_string_free (fixture->told, TRUE);
  g_free (fixture->folder);
  g_free (fixture->run);
}

static void
write_file (Fixture    *fixture,
            const char *name,
            const char *text)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* Runs the program of @text (' stands for ", and ` for ') for the task @params. */
static char *
run (Fixture    *fixture,
     const char *text,
     const char *params)
{
  g_autofree char   *quoted = g_strdelimit (g_strdelimit (g_strdup (text), "'", '"'), "`", '\'');
  g_autoptr (GError) error = NULL;
  LockstepJson       json;
  char              *result;

  forget (fixture);
  g_assert_true (lockstep_json_scan (quoted, strlen (quoted), &json, &error));
  g_assert_no_error (error);
  fixture->program = lockstep_plan_read_program (json, &error);
  g_assert_no_error (error);
  fixture->placeholders.params[0] = (LockstepJson){ params, strlen (params) };
  fixture->attempt = lockstep_attempt_new (fixture->program, &fixture->placeholders);
  result = lockstep_attempt_run (fixture->attempt, &fixture->watcher, &fixture->error);
  lockstep_attempt_tidy (fixture->attempt);
  if (fixture->error != NULL)
    g_test_message ("%s", fixture->error->message);

  return result;
}

/* A program that is a shell script. */
#define SHELL(script, members) "{'command': ['sh', '-c', '" script "']" members "}"

#define assert_result(text, params, expected)              \
  G_STMT_START                                             \
  {                                                        \
    g_autofree char *result = run (fixture, text, params); \
    g_assert_no_error (fixture->error);                    \
    g_assert_cmpstr (result, ==, expected);                \
  }                                                        \
  G_STMT_END

#define assert_failed(text, code, part)                                                     \
  G_STMT_START                                                                              \
  {                                                                                         \
    g_autofree char *result = run (fixture, text, "{}");                                    \
    g_assert_null (result);                                                                 \
    g_assert_error (fixture->error, LOCKSTEP_PROGRAM_ERROR, LOCKSTEP_PROGRAM_ERROR_##code); \
    g_assert_nonnull (strstr (fixture->error->message, part));                              \
  }                                                                                         \
  G_STMT_END

static char *
dup_contents (Fixture    *fixture,
              const char *name)
{
  g_autofree char *path = g_build_filename (fixture->run, name, NULL);
  char            *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  return text;
}

#define assert_contents(name, expected)                       \
  G_STMT_START                                                \
  {                                                           \
    g_autofree char *contents = dup_contents (fixture, name); \
    g_assert_cmpstr (contents, ==, expected);                 \
  }                                                           \
  G_STMT_END

static void
test_results (Fixture      *fixture,
              gconstpointer data)
{
  assert_result (SHELL ("echo MEAN DELAY 0.10; echo t,vkt > out.csv; echo 1,5e-10 >> out.csv; echo `{\\\"a\\\": [1]}` > s.json",
                        ",'results': {'delay': {'match': 'MEAN DELAY {number}'}, 'vkt': {'file': 'out.csv', 'column': 'vkt'},"
                        "'a': {'file': 's.json', 'member': 'a'}, 'none': {'match': 'x {number}', 'optional': true},"
                        "'n2': {'file': 'nowhere.csv', 'column': 'x', 'optional': true}}"),
                 "{}", "{\"delay\":0.10,\"vkt\":5e-10,\"a\":[1],\"none\":null,\"n2\":null}");
  assert_result ("{'command': ['true']}", "{}", "{}");
}

static void
test_told (Fixture      *fixture,
           gconstpointer data)
{
  assert_result (SHELL ("for i in 1 2 3 4; do echo TIME = $i queue 2$i; sleep 0.15; done",
                        ",'progress': {'match': 'TIME = {number}', 'of': '{t_end}'}, 'values': {'queue': 'queue {number}'}"),
                 "{\"t_end\":4}", "{}");
  g_assert_cmpfloat (fixture->fraction, ==, 1.0);
  g_assert_nonnull (strstr (fixture->told->str, "queue=21\nTIME = 1 queue 21\n"));
  g_assert_nonnull (strstr (fixture->told->str, "queue=24\nTIME = 4 queue 24\n"));
  /* Without a pattern, too, there are signs of life; the same line again is one. */
  assert_result (SHELL ("echo a; sleep 0.3; echo a; sleep 0.3", ""), "{}", "{}");
  g_assert_cmpfloat (fixture->fraction, <, 0);
  g_assert_cmpstr (fixture->told->str, ==, "a\na (4 bytes printed)\n");
}

static void
test_failures (Fixture      *fixture,
               gconstpointer data)
{
  assert_failed (SHELL ("echo one; echo two; exit 3", ""), FAILED, "exited with code 3. The last lines it printed:\none\ntwo");
  assert_failed (SHELL ("exit 3", ""), FAILED, "exited with code 3. It printed nothing.");
  assert_failed (SHELL ("echo dying; kill -SEGV $$", ""), FAILED,
                 "The program was killed by SIGSEGV (segmentation fault). The last lines it printed, and its end:\ndying\n"
                 "killed by SIGSEGV (segmentation fault)");
  assert_failed (SHELL ("kill -TERM $$", ""), FAILED, "The program printed nothing before its end:\nkilled by SIGTERM");
  assert_failed (SHELL ("kill -KILL $$", ""), FAILED, "memory");
  assert_failed (SHELL ("exit 0", ",'succeeds': {'file': 'done.flag'}"), FAILED, "done.flag");
  assert_failed (SHELL ("exit 0", ",'succeeds': {'exit': [2, 4]}"), FAILED, "code 0");
  assert_failed (SHELL ("echo a line", ",'results': {'delay': {'match': 'DELAY {number}'}}"), RESULT,
                 "no line of what the program printed matches “DELAY {number}”. The last line it printed: a line");
  assert_failed (SHELL ("echo one; echo two", ",'results': {'delay': {'match': 'DELAY {number}'}}"), RESULT,
                 "The last lines that the program printed:\none\ntwo\nThe result “delay” was not found: no line of what the program "
                 "printed matches “DELAY {number}”. The last line it printed: two");
  assert_failed (SHELL ("echo DELAY NaN", ",'results': {'delay': {'match': 'DELAY {number}'}}"), RESULT, "“NaN”");
  assert_failed (SHELL ("true", ",'results': {'vkt': {'file': 'o.csv', 'column': 'vkt'}}"), RESULT,
                 "o.csv could not be read: No such file");
  assert_failed ("{'command': ['lockstep-no-such-program']}", START, "in none of the folders of PATH");
  assert_failed ("{'command': ['./nowhere']}", START, "No such file");
  assert_failed ("{'command': ['true'], 'stdin': 'nowhere'}", START, "nowhere");
  assert_result (SHELL ("touch done.flag; exit 4", ",'succeeds': {'exit': [2, 4], 'file': 'done.flag'}"), "{}", "{}");
}

/* What a program writes that could not compute a number is no result, wherever it stands. */
static void
test_no_numbers (Fixture      *fixture,
                 gconstpointer data)
{
#define PRINTS(script, result) SHELL (script, ",'results': {'r': {" result "}}")
  assert_failed (PRINTS ("echo r,s > o; echo NaN,1 >> o", "'file': 'o', 'column': 'r'"), RESULT, "“NaN”, which is not a number");
  assert_failed (PRINTS ("echo r,s > o; echo -inf,1 >> o", "'file': 'o', 'column': 'r'"), RESULT, "“-inf”");
  assert_failed (PRINTS ("echo r > o; echo `*****` >> o", "'file': 'o', 'column': 'r'"), RESULT, "“*****”");
  assert_failed (PRINTS ("echo r > o; echo 1e999 >> o", "'file': 'o', 'column': 'r'"), RESULT, "“1e999”");
  assert_failed (PRINTS ("echo r > o; echo 1 >> o; echo nan >> o; echo 3 >> o", "'file': 'o', 'column': 'r', 'row': 'max'"), RESULT,
                 "“nan”");
  assert_failed (PRINTS ("echo R Infinity", "'match': 'R {word}'"), RESULT, "“Infinity”");
  assert_failed (PRINTS ("echo R nan", "'match': '/R (.*)$/'"), RESULT, "“nan”");
  assert_failed (PRINTS ("echo `{\\\"r\\\": \\\"NaN\\\"}` > o", "'file': 'o', 'member': 'r'"), RESULT, "NaN");
  assert_failed (PRINTS ("echo R 1; echo R NaN; echo R 3", "'match': 'R {number}', 'row': 'min'"), RESULT, "“NaN”");
  assert_failed (PRINTS ("echo R NaN; echo R 3", "'match': 'R {number}', 'row': 'first'"), RESULT, "“NaN”");
  assert_result (PRINTS ("echo R NaN; echo R 3", "'match': 'R {number}'"), "{}", "{\"r\":3}");
  assert_result (PRINTS ("echo r > o; echo nancy >> o", "'file': 'o', 'column': 'r'"), "{}", "{\"r\":\"nancy\"}");
}

/* A pipe or a device where a file was to be, which would hold up the adapter for ever. */
static void
test_pipes (Fixture      *fixture,
            gconstpointer data)
{
  g_autofree char *pipe = g_build_filename (fixture->folder, "pipe", NULL);

  assert_failed (PRINTS ("mkfifo o", "'file': 'o', 'column': 'r'"), RESULT, "o is not a regular file");
  assert_failed (PRINTS ("mkfifo o", "'file': 'o', 'match': 'R {number}'"), RESULT, "o is not a regular file");
  assert_failed (PRINTS ("mkfifo o", "'file': 'o', 'member': 'r'"), RESULT, "o is not a regular file");
  assert_failed (PRINTS ("mkdir o", "'file': 'o', 'column': 'r'"), RESULT, "o is a folder");
  assert_failed (PRINTS ("ln -s /dev/zero o", "'file': 'o', 'column': 'r'"), RESULT, "o is not a regular file");
  assert_failed (SHELL ("mkfifo o", ",'collect': ['o']"), START, "o is not a regular file");
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  assert_failed ("{'command': ['cat'], 'stdin': 'pipe'}", START, "it is not a regular file");
  assert_failed ("{'command': ['cat'], 'files': {'t': {'template': 'pipe'}}}", START, "pipe is not a regular file");
  assert_result ("{'command': ['cat'], 'stdin': '/dev/null'}", "{}", "{}");
}

/* A failure that is printed ends the program, which would go on. */
static void
test_fails_if (Fixture      *fixture,
               gconstpointer data)
{
  assert_failed (SHELL ("echo FATAL: depth; sleep 1000", ",'fails-if': ['FATAL', 'NaN']"), FAILED,
                 "“FATAL”, which the plan's “fails-if” takes for a failure. The last lines it printed:\nFATAL: depth");
  assert_failed (SHELL ("echo NaN", ",'fails-if': ['FATAL', 'NaN']"), FAILED, "“NaN”");
}

static void
test_files (Fixture      *fixture,
            gconstpointer data)
{
  g_autofree char *description = NULL;

  write_file (fixture, "case.in", "&run a={alpha:%8.3f} b={tiny} /\n");
  write_file (fixture, "net.dat", "net\n");
  write_file (fixture, "warm.rst", "warm\n");
  assert_result ("{'command': ['sh', '-c', 'cat; cat in/case.nml net.dat; echo changed >> state.rst; cat state.rst; echo V $V'],"
                 "'stdin': 'in/case.nml', 'env': {'V': '{tiny}'},"
                 "'files': {'in/case.nml': {'template': 'case.in'}, 'net.dat': {'link': 'net.dat'}, 'state.rst': {'copy': 'warm.rst'}},"
                 "'results': {'a': {'match': 'a= {number}'}, 'v': {'match': 'V {word}'}, 'w': {'match': '/^(warm)$/'}},"
                 "'collect': ['state.rst', 'in/case.nml']}",
                 "{\"alpha\":0.5,\"tiny\":1e-10}", "{\"a\":0.500,\"v\":\"1e-10\",\"w\":\"warm\"}");
  assert_contents ("collected/0137-state.rst", "warm\nchanged\n");
  assert_contents ("collected/in/0137-case.nml", "&run a=   0.500 b=1e-10 /\n");
  description = dup_contents (fixture, "tasks/0137/2/task.json");
  g_assert_nonnull (strstr (description, "\"env\":{\"V\":\"1e-10\"},\"params\":{\"alpha\":0.5,\"tiny\":1e-10}"));
}

/* Whatever a parameter holds, it is one argument, and nothing of it is run. */
static void
test_hostile (Fixture      *fixture,
              gconstpointer data)
{
  static const char *const texts[] = { "; rm -rf x", "$(touch x)", "`touch x`", "a\nb", "'", "\\\"", "{alpha}", "{", "*", "-rf", " ",
                                       "| touch x", "&& touch x", "%s%n" };

  write_file (fixture, "t.in", "<{text}>");
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *escaped = g_strescape (texts[i], NULL);
      g_autofree char *params = g_strdup_printf ("{\"text\":\"%s\"}", g_str_equal (texts[i], "\\\"") ? texts[i] : escaped);
      g_autofree char *plain = g_str_equal (texts[i], "\\\"") ? g_strdup ("\"") : g_strdup (texts[i]);
      g_autofree char *expected = g_strdup_printf ("[%s]<%s>", plain, plain);
      g_autofree char *result = run (fixture,
                                     "{'command': ['sh', '-c', 'printf %s \\'[$1]\\' > out; printf %s \\'$V\\' >> out; cat t >> o2', "
                                     "'sh', '{text}'], 'env': {'V': '<{text}>'}, 'files': {'t': {'template': 't.in'}},"
                                     "'collect': ['out', 'o2']}",
                                     params);
      g_autofree char *in_shell = dup_contents (fixture, "collected/0137-out");
      g_autofree char *in_file = dup_contents (fixture, "collected/0137-o2");

      g_assert_no_error (fixture->error);
      g_assert_cmpstr (in_shell, ==, expected);
      g_assert_cmpstr (in_file, ==, strchr (expected, '<') != NULL ? strrchr (expected, '<') : NULL);
      g_assert_nonnull (result);
    }
}

static guint
count_entries (Fixture    *fixture,
               const char *name)
{
  g_autofree char *path = g_build_filename (fixture->run, name, NULL);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  guint            n = 0;

  while (folder != NULL && g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

static void
test_keep (Fixture      *fixture,
           gconstpointer data)
{
  assert_result (SHELL ("mkdir d; touch d/x; ln -s / all", ",'keep': 'failed'"), "{}", "{}");
  g_assert_cmpuint (count_entries (fixture, "tasks"), ==, 0);
  assert_failed (SHELL ("exit 1", ",'keep': 'failed'"), FAILED, "code 1");
  g_assert_cmpuint (count_entries (fixture, "tasks/0137"), ==, 1);
  assert_failed (SHELL ("echo why; exit 1", ",'keep': 'none'"), FAILED, "why");
  g_assert_cmpuint (count_entries (fixture, "tasks/0137"), ==, 1);
  g_assert_true (g_file_test ("/", G_FILE_TEST_IS_DIR));
}

/* The same attempt again, as by a rival, has a folder and a log of its own. */
static void
test_never_shared (Fixture      *fixture,
                   gconstpointer data)
{
  for (guint i = 0; i < 3; i++)
    assert_result (SHELL ("echo once", ""), "{}", "{}");

  g_assert_cmpuint (count_entries (fixture, "tasks/0137"), ==, 3);
  assert_contents ("tasks/0137/2/output.log", "once\n");
  assert_contents ("tasks/0137/2-2/output.log", "once\n");
  assert_contents ("tasks/0137/2-3/output.log", "once\n");
}

static gboolean
is_alive (const char *pid)
{
  return pid != NULL && kill (atoi (pid), 0) == 0;
}

/* The whole tree goes, also those that moved to a session of their own and those that do not hear SIGTERM. */
static void
test_cancelled (Fixture      *fixture,
                gconstpointer data)
{
  g_autofree char *pids = NULL;
  g_auto (GStrv)   lines = NULL;

  fixture->cancel_at_progress = TRUE;
  assert_failed (SHELL ("trap `` TERM; (setsid sleep 1000 & echo $! >> pids); sleep 1000 & echo $! >> pids; echo $$ >> pids; "
                        "sleep 0.2; echo going; wait; sleep 1000",
                        ""),
                 CANCELLED, "cancelled");
  pids = dup_contents (fixture, "tasks/0137/2/pids");
  lines = g_strsplit (g_strchomp (pids), "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 3);
  for (guint i = 0; lines[i] != NULL; i++)
    g_assert_false (is_alive (lines[i]));
}

/* What a program leaves behind does not outlive it. */
static void
test_left_behind (Fixture      *fixture,
                  gconstpointer data)
{
  g_autofree char *pid = NULL;

  assert_result (SHELL ("setsid sleep 1000 & echo $! > pid", ""), "{}", "{}");
  pid = dup_contents (fixture, "tasks/0137/2/pid");
  g_assert_false (is_alive (pid));
}

/* A program in C prints line by line, though to a file. */
static void
test_line_buffered (Fixture      *fixture,
                    gconstpointer data)
{
  if (access ("/usr/libexec/coreutils/libstdbuf.so", R_OK) != 0)
    {
      g_test_skip ("there is no libstdbuf.so of coreutils");
      return;
    }

  fixture->cancel_at_progress = TRUE;
  /* Cancelled at the first line that is seen; without it this would go on for ever. */
  assert_failed (SHELL ("(echo one; sleep 1000) | grep --no-messages one | cut -c1-3; sleep 1000", ""), CANCELLED, "");
  g_assert_true (g_str_has_prefix (fixture->told->str, "one\n"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/attempt/" name, Fixture, NULL, setup, function, teardown)
  ADD ("results", test_results);
  ADD ("told", test_told);
  ADD ("failures", test_failures);
  ADD ("no-numbers", test_no_numbers);
  ADD ("pipes", test_pipes);
  ADD ("fails-if", test_fails_if);
  ADD ("files", test_files);
  ADD ("hostile", test_hostile);
  ADD ("keep", test_keep);
  ADD ("never-shared", test_never_shared);
  ADD ("cancelled", test_cancelled);
  ADD ("left-behind", test_left_behind);
  ADD ("line-buffered", test_line_buffered);
#undef ADD

  return g_test_run ();
}
