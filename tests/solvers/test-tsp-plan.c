/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "assignment-files.h"
#include "lockstep-json.h"

#include <gio/gio.h>
#include <string.h>

/* Runs the example plan with a budget of kicks. Returns the file that it wrote. */
static char *
run_example (const char *folder,
             const char *n_solvers)
{
  g_autoptr (GError)      error = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char        *plan = g_build_filename (TEST_SOURCE_ROOT, "data", "travelling-salesman.lockstep", NULL);
  g_autofree char        *runs = g_build_filename (folder, "runs", NULL);
  g_autofree char        *printed = NULL;
  g_autofree char        *file = NULL;
  char                   *contents = NULL;
  LockstepJson            report, result;

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, TEST_CLI, "run", plan, "--json",
                              "--set", "params.cities=100", "--set", "params.kicks=200", "--solvers", n_solvers,
                              "--runs-dir", runs, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &printed, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("%.1000s", printed);
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);

  lockstep_json_scan (printed, strlen (printed), &report, &error);
  g_assert_no_error (error);
  result = lockstep_json_get_member (report, "result");
  file = lockstep_json_dup_string (lockstep_json_get_member (result, "file"), NULL);
  g_assert_true (g_str_has_prefix (file, runs));
  g_file_get_contents (file, &contents, NULL, &error);
  g_assert_no_error (error);

  return contents;
}

/* Two runs write the same tour, bit for bit. */
static void
test_example (void)
{
  g_autofree char *folder = assignment_files_make_folder ();
  g_autofree char *first = run_example (folder, "2");
  g_autofree char *again = run_example (folder, "2");

  g_assert_nonnull (strstr (first, "\nDIMENSION : 100\n"));
  g_assert_cmpstr (first, ==, again);

  assignment_files_remove (folder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tsp/plan/example", test_example);

  return g_test_run ();
}
