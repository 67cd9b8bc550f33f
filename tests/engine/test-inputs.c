/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-inputs.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#include "lockstep-controller.h"
#include "run-fixture.h"

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->folder = make_folder ();
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  remove_folder (fixture->folder);
}

/* Writes a file of the fixture; returns its path. */
static char *
write_file (Fixture    *fixture,
            const char *name,
            const char *text)
{
  char *path = g_build_filename (fixture->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static LockstepPlan *
make_inputs_plan (Fixture *fixture)
{
  g_autofree char *script = write_file (fixture, "script", "a script");
  g_autofree char *network = write_file (fixture, "network", "a network");
  g_autofree char *table = write_file (fixture, "table.csv", "a\n1\n2\n");
  g_autofree char *solver = fake_solver (fixture->folder, "tally", "list", script, NULL);

  return make_plan ("{'lockstep':1,'name':'Inputs','solver':{%s,'directory':'%s'},'solvers':1,"
                    "'params':{'network':'network','size':3,'files':[1,'%s'],'folder':'.','none':'nowhere'},"
                    "'steps':[{'repeat':1,'steps':[{'step':'work','tasks':{'csv':'%s'},'params':{'again':'network'}}]}]}",
                    solver, fixture->folder, network, table);
}

/* What the run in @directory says of @member, which stands in the list once; free with lockstep_input_free(). */
static LockstepInput *
find (const char *directory,
      const char *member)
{
  g_autoptr (GError)    error = NULL;
  g_autoptr (GPtrArray) inputs = lockstep_inputs_load (directory, &error);
  LockstepInput        *found = NULL;

  g_assert_no_error (error);
  for (guint i = inputs->len; i > 0; i--)
    if (g_str_equal (((LockstepInput *) g_ptr_array_index (inputs, i - 1))->member, member))
      {
        g_assert_null (found);
        found = g_ptr_array_steal_index (inputs, i - 1);
      }

  g_assert_nonnull (found);
  return found;
}

static void
assert_sum (const char *directory,
            const char *member,
            const char *text)
{
  g_autoptr (LockstepInput) input = find (directory, member);
  g_autofree char          *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

  g_assert_cmpstr (input->sha256, ==, sum);
  g_assert_cmpuint (input->size, ==, strlen (text));
  g_assert_cmpint (input->modified, >, 0);
  g_assert_null (input->error);
  g_assert_true (g_path_is_absolute (input->path));
}

static void
test_recorded (Fixture      *fixture,
               gconstpointer data)
{
  g_autoptr (LockstepPlan)  plan = make_inputs_plan (fixture);
  g_autoptr (LockstepRun)   run = run_plan (plan, fixture->folder);
  const char               *directory = lockstep_run_get_directory (run);
  g_autoptr (GPtrArray)     inputs = lockstep_inputs_load (directory, NULL);
  g_autoptr (LockstepInput) program = find (directory, "solver.command[0]");
  g_autofree char          *contents = NULL;
  g_autofree char          *sum = NULL;
  gsize                     length;

  g_assert_true (g_file_get_contents (g_getenv ("LOCKSTEP_FAKE_SOLVER"), &contents, &length, NULL));
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) contents, length);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpstr (program->path, ==, g_getenv ("LOCKSTEP_FAKE_SOLVER"));
  g_assert_cmpstr (program->sha256, ==, sum);
  assert_sum (directory, "solver.command[3]", "a script");
  assert_sum (directory, "params.network", "a network");
  assert_sum (directory, "params.files[1]", "a network");
  assert_sum (directory, "steps[0].steps[0].params.again", "a network");
  assert_sum (directory, "steps[0].steps[0].tasks.csv", "a\n1\n2\n");
  g_assert_cmpuint (inputs->len, ==, 6);
}

static LockstepRun *
resume (const char *directory)
{
  const LockstepResumeOptions     what = { .tasks = "0" };
  const LockstepControllerOptions options = { .grace = 2 };
  g_autoptr (GError)              error = NULL;
  g_autoptr (LockstepPastRun)     past = lockstep_past_run_load (directory, TRUE, &error);
  g_autoptr (LockstepController)  controller = lockstep_controller_new_resume (past, NULL, &what, &options, &error);
  LockstepRun                    *run = g_object_ref (lockstep_controller_get_run (controller));

  g_assert_no_error (error);
  lockstep_controller_start (controller);
  wait_for_end (run);

  return run;
}

static guint
count_warnings (const char *directory,
                const char *words)
{
  g_autofree char *path = g_build_filename (directory, "journal.jsonl", NULL);
  g_autofree char *journal = NULL;
  guint            count = 0;

  g_assert_true (g_file_get_contents (path, &journal, NULL, NULL));
  for (const char *at = strstr (journal, words); at != NULL; at = strstr (at + 1, words))
    count++;

  return count;
}

/* A run that goes on says what has changed, each time that it has; what it was at first is kept. */
static void
test_changes_are_told (Fixture      *fixture,
                       gconstpointer data)
{
  g_autoptr (LockstepPlan)  plan = make_inputs_plan (fixture);
  g_autoptr (LockstepRun)   run = run_plan (plan, fixture->folder);
  const char               *directory = lockstep_run_get_directory (run);
  g_autofree char          *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "a script", -1);
  g_autofree char          *script = NULL;
  g_autoptr (LockstepRun)   unchanged = resume (directory);
  g_autoptr (LockstepRun)   changed = NULL;
  g_autoptr (LockstepRun)   again = NULL;
  g_autoptr (LockstepRun)   gone = NULL;
  g_autoptr (LockstepInput) input = NULL;

  g_assert_cmpuint (count_warnings (directory, "is not what it was"), ==, 0);

  script = write_file (fixture, "script", "another script");
  changed = resume (directory);
  g_assert_cmpuint (count_warnings (directory, "is not what it was"), ==, 1);
  g_assert_cmpuint (count_warnings (directory, script), ==, 3 + 1);
  assert_sum (directory, "solver.command[3]", "another script");

  again = resume (directory);
  g_assert_cmpuint (count_warnings (directory, "is not what it was"), ==, 1);

  g_assert_cmpint (g_remove (script), ==, 0);
  gone = resume (directory);
  g_assert_cmpuint (count_warnings (directory, "cannot be read any more"), ==, 1);
  input = find (directory, "solver.command[3]");
  g_assert_null (input->sha256);
  g_assert_cmpstr (input->was, ==, sum);
}

static void
recorded_cb (GObject      *plan,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GError)    error = NULL;
  g_autoptr (GPtrArray) changes = lockstep_inputs_record_finish (result, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (changes->len, ==, 0);
  *(gboolean *) user_data = TRUE;
}

/* A run that is over does not wait for what is large: what was not read has no sum, and what was known of it before is
 * kept. */
static void
test_kept (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (LockstepPlan)  plan = make_inputs_plan (fixture);
  g_autoptr (GCancellable)  stopped = g_cancellable_new ();
  g_autofree char          *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "a network", -1);
  g_autoptr (LockstepInput) network = NULL;
  gboolean                  recorded = FALSE;

  lockstep_inputs_record_async (plan, fixture->folder, NULL, recorded_cb, &recorded);
  while (!recorded)
    g_main_context_iteration (NULL, TRUE);

  recorded = FALSE;
  g_cancellable_cancel (stopped);
  lockstep_inputs_record_async (plan, fixture->folder, stopped, recorded_cb, &recorded);
  while (!recorded)
    g_main_context_iteration (NULL, TRUE);
  network = find (fixture->folder, "params.network");
  g_assert_null (network->sha256);
  g_assert_null (network->error);
  g_assert_cmpstr (network->was, ==, sum);
}

/* Only files are read: a pipe without a writer would hold the run up for ever. */
static void
test_pipe (Fixture      *fixture,
           gconstpointer data)
{
  g_autofree char         *pipe = g_build_filename (fixture->folder, "pipe", NULL);
  g_autofree char         *solver = fake_solver (fixture->folder, "echo", NULL);
  g_autoptr (LockstepPlan) plan = NULL;
  g_autoptr (GPtrArray)    found = NULL;

  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  plan = make_plan ("{'lockstep':1,'name':'Pipe','solver':{%s},'params':{'pipe':'%s'},'steps':[{'step':'work','on':'all'}]}",
                    solver, pipe);
  found = lockstep_inputs_find (plan);
  g_assert_cmpuint (found->len, ==, 1);
}

static void
test_load (Fixture      *fixture,
           gconstpointer data)
{
  g_autofree char   *path = g_build_filename (fixture->folder, "inputs.json", NULL);
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) newer = NULL;

  g_assert_null (lockstep_inputs_load (fixture->folder, &missing));
  g_assert_error (missing, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (missing->message, path));

  g_assert_true (g_file_set_contents (path, "{\"lockstep-inputs\":2,\"files\":[]}", -1, NULL));
  g_assert_null (lockstep_inputs_load (fixture->folder, &newer));
  g_assert_error (newer, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/inputs/recorded", test_recorded);
  ADD ("/inputs/changes-are-told", test_changes_are_told);
  ADD ("/inputs/kept", test_kept);
  ADD ("/inputs/pipe", test_pipe);
  ADD ("/inputs/load", test_load);
#undef ADD

  return g_test_run ();
}
