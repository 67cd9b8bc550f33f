/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-plan.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#include "run-fixture.h"

/* In these tests an apostrophe stands for a quote, in plans and in messages alike. */

#define STEPS            "'params': {'t_end': 7200}, 'steps': [{'tasks': [{'alpha': 0.1}, {'alpha': 0.2}]}]"
#define PROGRAM(members) "{'lockstep': 1, 'program': {'command': ['true'], " members "}, " STEPS "}"
#define COMMAND(command) "{'lockstep': 1, 'program': {'command': " command "}, " STEPS "}"
#define RESULT(result)   PROGRAM ("'results': {'delay': " result "}")
#define FILES(files)     PROGRAM ("'files': {" files "}")

typedef struct
{
  char *folder;
} Fixture;

static void
setup (Fixture      *fixture,
       gconstpointer data)
{
  g_autofree char *template = NULL;
  g_autofree char *script = NULL;

  fixture->folder = make_folder ();
  template = g_build_filename (fixture->folder, "case.in", NULL);
  script = g_build_filename (fixture->folder, "model.sh", NULL);
  g_assert_true (g_file_set_contents (template, "a = {alpha}\nb = {beta}\n", -1, NULL));
  g_assert_true (g_file_set_contents (script, "#!/bin/sh\n", -1, NULL));
  g_assert_cmpint (chmod (script, 0755), ==, 0);
}

static void
teardown (Fixture      *fixture,
          gconstpointer data)
{
  remove_folder (fixture->folder);
}

static LockstepPlan *
read_plan (Fixture    *fixture,
           const char *text,
           GError    **error)
{
  g_autofree char *quoted = g_strdelimit (g_strdup (text), "'", '"');

  return lockstep_plan_new_from_text (quoted, strlen (quoted), fixture->folder, NULL, error);
}

/* @text is refused with a message that begins with @prefix and has @part in it. */
static void
assert_refused (Fixture    *fixture,
                const char *text,
                const char *prefix,
                const char *part)
{
  g_autoptr (GError)       error = NULL;
  g_autoptr (LockstepPlan) plan = read_plan (fixture, text, &error);
  g_autofree char         *quoted = g_strdelimit (g_strdup (part), "'", '"');
  g_autofree char         *quoted_prefix = g_strdelimit (g_strdup (prefix), "'", '"');

  g_assert_null (plan);
  g_assert_nonnull (error);
  g_assert_true (error->domain == LOCKSTEP_PLAN_ERROR);
  g_test_message ("%s", error->message);
  g_assert_true (g_str_has_prefix (error->message, quoted_prefix));
  g_assert_nonnull (strstr (error->message, quoted));
}

static void
test_members (Fixture      *fixture,
              gconstpointer data)
{
  assert_refused (fixture, PROGRAM ("'reslts': {}"), "program.reslts: ", "“results”");
  assert_refused (fixture, PROGRAM ("'keep': 'some'"), "program.keep: ", "'failed'");
  assert_refused (fixture, PROGRAM ("'threads': 0"), "program.threads: ", "from 1");
  assert_refused (fixture, PROGRAM ("'env': {'A{alpha}': 1}"), "program.env['A{alpha}']: ", "brace");
  assert_refused (fixture, PROGRAM ("'progress': {'match': 'T = {number}'}"), "program.progress.of: ", "missing");
  assert_refused (fixture, PROGRAM ("'progress': {'match': 'T = {number}', 'of': '{t_edn}'}"), "program.progress.of: ",
                  "did you mean {t_end}?");
  assert_refused (fixture, PROGRAM ("'progress': {'match': 'T = {number}', 'of': 0}"), "program.progress.of: ", "above 0");
  assert_refused (fixture, PROGRAM ("'values': {'q': 'queue {word}'}"), "program.values.q: ", "found {word}");
  assert_refused (fixture, PROGRAM ("'values': {'q': 'queue'}"), "program.values.q: ", "what to read");
  assert_refused (fixture, PROGRAM ("'values': {'q': '/queue ([0-9/'}"), "program.values.q: ", "char");
  assert_refused (fixture, PROGRAM ("'fails-if': 'NaN'"), "program.fails-if: ", "a list of patterns");
  assert_refused (fixture, PROGRAM ("'fails-if': ['NaN', '/(/']"), "program.fails-if[1]: ", "char");
  assert_refused (fixture, PROGRAM ("'succeeds': {'exit': [0, 256]}"), "program.succeeds.exit[1]: ", "0 to 255");
  assert_refused (fixture, PROGRAM ("'succeeds': {'exit': 0}"), "program.succeeds.exit: ", "a list of exit codes");
  assert_refused (fixture, PROGRAM ("'collect': 'out.csv'"), "program.collect: ", "a list of strings");
  assert_refused (fixture, PROGRAM ("'succeeds': {'exits': 0}"), "program.succeeds.exits: ", "“exit”");
  assert_refused (fixture, PROGRAM ("'collect': ['../out.csv']"), "program.collect[0]: ", "../out.csv");
  assert_refused (fixture, PROGRAM ("'directory': 'nowhere'"), "program.directory: ", "there is no file");
  assert_refused (fixture, PROGRAM ("'stdin': 'nowhere.in'"), "program.stdin: ", "nowhere.in");
}

static void
test_command (Fixture      *fixture,
              gconstpointer data)
{
  assert_refused (fixture, COMMAND ("[]"), "program.command: ", "expected a list");
  assert_refused (fixture, COMMAND ("['']"), "program.command[0]: ", "empty");
  assert_refused (fixture, COMMAND ("['true', 5]"), "program.command[1]: ", "expected a string");
  assert_refused (fixture, COMMAND ("['./nowhere']"), "program.command[0]: ", "there is no file");
  assert_refused (fixture, COMMAND ("['true', '{alhpa}']"), "program.command[1]: ", "did you mean {alpha}?");
  assert_refused (fixture, COMMAND ("['true', '{alpha:%d}']"), "program.command[1]: ", "a whole number");
  assert_refused (fixture,
                  "{'lockstep': 1, 'program': {'command': ['true', '{b}']}, 'steps': [{'tasks': [{'b': 1}, {'bb': 1}]}]}",
                  "program.command[1]: nothing fills {b}", "(task 1 of step “Runs”)");
}

static void
test_results (Fixture      *fixture,
              gconstpointer data)
{
  assert_refused (fixture, RESULT ("{}"), "program.results.delay: ", "exactly one of");
  assert_refused (fixture, RESULT ("{'match': 'd {number}', 'column': 'd'}"), "program.results.delay: ", "exactly one of");
  assert_refused (fixture, RESULT ("{'column': 'd'}"), "program.results.delay: ", "needs a “file”");
  assert_refused (fixture, RESULT ("{'file': 'a', 'member': 'd', 'row': 'last'}"), "program.results.delay: ", "“row”");
  assert_refused (fixture, RESULT ("{'match': 'd {number}', 'row': 'lst'}"), "program.results.delay.row: ", "'last'");
  assert_refused (fixture, RESULT ("{'match': 'd {word}', 'row': 'min'}"), "program.results.delay.match: ", "{word}");
  assert_refused (fixture, RESULT ("{'match': 'd {nmuber}'}"), "program.results.delay.match: ", "{nmuber}");
}

static void
test_files (Fixture      *fixture,
            gconstpointer data)
{
  assert_refused (fixture, FILES ("'case': {}"), "program.files.case: ", "exactly one of");
  assert_refused (fixture, FILES ("'case': {'tmplate': 'x'}"), "program.files.case.tmplate: ", "“template”");
  assert_refused (fixture, FILES ("'case': {'template': 'nowhere.in'}"), "program.files.case.template: ", "there is no file");
  assert_refused (fixture, FILES ("'case': {'copy': '.'}"), "program.files.case.copy: ", "is a folder");
  assert_refused (fixture, FILES ("'../x': {'copy': 'case.in'}"), "program.files['../x']: ", "folder, such as");
  assert_refused (fixture, FILES ("'/etc/x': {'copy': 'case.in'}"), "program.files['/etc/x']: ", "folder, such as");
  assert_refused (fixture, FILES ("'a/../../x': {'copy': 'case.in'}"), "program.files['a/../../x']: ", "folder, such as");
  assert_refused (fixture, FILES ("'output.log': {'copy': 'case.in'}"), "program.files['output.log']: ", "another name");
  assert_refused (fixture, FILES ("'task.json': {'copy': 'case.in'}"), "program.files['task.json']: ", "another name");
  assert_refused (fixture, FILES ("'task.json/x': {'copy': 'case.in'}"), "program.files['task.json/x']: ", "another name");
  assert_refused (fixture, FILES ("'output.log/x': {'copy': 'case.in'}"), "program.files['output.log/x']: ", "another name");
  assert_refused (fixture, FILES ("'{up}': {'copy': 'case.in'}"), "program.files['{up}']: ", "nothing fills {up}");
  assert_refused (fixture, FILES ("'d': {'link': '.'}, 'd/x': {'copy': 'case.in'}"), "program.files['d/x']: ", "“d”");
  assert_refused (fixture, FILES ("'case': {'copy': 'case.in'}}, 'directory': '.', 'keep': 'all', 'env': {"), "program.files: ",
                  "fresh folder");
  /* What one task fills another may not. */
  assert_refused (fixture,
                  "{'lockstep': 1, 'program': {'command': ['true'], 'files': {'case': {'template': 'case.in'}}}, 'params': {'alpha': 1},"
                  " 'steps': [{'tasks': [{'beta': 1}, {'gamma': 2}]}]}",
                  "program.files.case.template: ", "line 2: nothing fills {beta}");
  assert_refused (fixture, "{'lockstep': 1, 'program': {'command': ['true', '{dt:%12.5E}']}, 'steps': [{'tasks': [{'dt': '.5'}]}]}",
                  "program.command[1]: ", "write the number as 0.5");
  /* In a template the line is named. */
  assert_refused (fixture, FILES ("'case': {'template': 'case.in'}"), "program.files.case.template: ", "line 2: nothing fills {beta}");
}

/* What would hold up its reader, or has no end. */
static void
test_pipes (Fixture      *fixture,
            gconstpointer data)
{
  g_autofree char *pipe = g_build_filename (fixture->folder, "pipe", NULL);

  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  assert_refused (fixture, FILES ("'case': {'template': 'pipe'}"), "program.files.case.template: ", "a pipe or a device");
  assert_refused (fixture, FILES ("'case': {'copy': 'pipe'}"), "program.files.case.copy: ", "a pipe or a device");
  assert_refused (fixture, FILES ("'case': {'copy': '/dev/zero'}"), "program.files.case.copy: ", "a pipe or a device");
  assert_refused (fixture, PROGRAM ("'stdin': 'pipe'"), "program.stdin: ", "a pipe or a device");
  assert_refused (fixture, COMMAND ("['./pipe']"), "program.command[0]: ", "a pipe or a device");
}

static void
test_target_of_task (Fixture      *fixture,
                     gconstpointer data)
{
  assert_refused (fixture,
                  "{'lockstep': 1, 'program': {'command': ['true'], 'files': {'{name}': {'copy': 'case.in'}}},"
                  " 'steps': [{'tasks': [{'name': 'a'}, {'name': '../b'}]}]}",
                  "program.files['{name}']: ", "found “../b” (task 1");
}

static void
test_read (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (GError)       error = NULL;
  g_autoptr (LockstepPlan) plan = read_plan (
    fixture,
    "{'lockstep': 1, 'program': {'command': ['./model.sh', '{alpha}'], 'threads': 2, 'memory': '3 GB', 'env': {'X': '{t_end}'},"
    " 'succeeds': {'exit': [0, 3]}, 'fails-if': ['NaN'], 'keep': 'failed', 'collect': ['out.csv'],"
    " 'results': {'d': {'match': 'd {number}'}, 'v': {'file': 'o.csv', 'column': 'v', 'row': 'max', 'optional': true}}},"
    " 'params': {'t_end': 5, 'alpha': 2}, 'steps': [{'title': 'Cases', 'tasks': [{'alpha': 1}]}, {'step': 'again', 'on': 'one'},"
    " {'repeat': 2, 'steps': [{'on': 'all'}]}]}",
    &error);
  const LockstepProgram    *program;
  const LockstepSolverSpec *solver;
  g_auto (GStrv)            command = NULL;

  g_assert_no_error (error);
  program = lockstep_plan_get_program (plan);
  solver = lockstep_plan_get_solver (plan);
  command = lockstep_plan_dup_command (plan);
  g_assert_cmpstr (solver->command[0], ==, LOCKSTEP_PROGRAM_ADAPTER);
  g_assert_cmpuint (solver->threads, ==, 2);
  g_assert_cmpuint (solver->memory, ==, 3000000000);
  g_assert_cmpstr (command[1], ==, "{alpha}");
  g_assert_cmpuint (program->exits->len, ==, 2);
  g_assert_cmpint (program->keep, ==, LOCKSTEP_KEEP_FAILED);
  g_assert_cmpuint (program->results->len, ==, 2);
  g_assert_cmpstr (lockstep_plan_get_step (plan, 0)->title, ==, "Cases");
  g_assert_cmpstr (lockstep_plan_get_step (plan, 1)->title, ==, "again");
  g_assert_cmpstr (lockstep_plan_get_step (plan, 1)->method, ==, LOCKSTEP_PROGRAM_METHOD);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/plan-program/" name, Fixture, NULL, setup, function, teardown)
  ADD ("members", test_members);
  ADD ("command", test_command);
  ADD ("results", test_results);
  ADD ("files", test_files);
  ADD ("pipes", test_pipes);
  ADD ("target-of-task", test_target_of_task);
  ADD ("read", test_read);
#undef ADD

  return g_test_run ();
}
