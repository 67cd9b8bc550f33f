/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "assignment-files.h"
#include "lockstep-json.h"

#include <gio/gio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* What a run of a plan gave. */
typedef struct
{
  char  *flows; /* flows.csv */
  double gap;
  double objective;
} Outcome;

static void
outcome_clear (Outcome *outcome)
{
  g_free (outcome->flows);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

/* Runs a plan in @folder with @n_solvers, until the gap is at most 1e-6, or @most times. */
static void
run_plan (const char *folder,
          const char *network_path,
          const char *trips_path,
          guint       most,
          guint       n_solvers,
          Outcome    *outcome)
{
  g_autoptr (GError)      error = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char        *plan = NULL;
  g_autofree char        *plan_path = NULL;
  g_autofree char        *solvers = g_strdup_printf ("%u", n_solvers);
  g_autofree char        *runs = g_build_filename (folder, "runs", NULL);
  g_autofree char        *printed = NULL;
  g_autofree char        *file = NULL;
  LockstepJson            report, result;

  plan = g_strdup_printf ("{ \"lockstep\": 1, \"name\": \"Assignment\",\n"
                          "  \"solver\": { \"command\": [\"%s\"] },\n"
                          "  \"params\": { \"network\": \"%s\", \"trips\": \"%s\" },\n"
                          "  \"steps\": [\n"
                          "    { \"repeat\": %u, \"until\": \"gap <= 1e-6\", \"otherwise\": \"continue\",\n"
                          "      \"steps\": [ { \"step\": \"assign\", \"on\": \"all\" },\n"
                          "                 { \"step\": \"combine\", \"on\": \"one\" } ] },\n"
                          "    { \"step\": \"report\", \"on\": \"one\" } ] }\n",
                          TEST_ASSIGNMENT_SOLVER, network_path, trips_path, most);
  plan_path = assignment_files_write (folder, "assignment.lockstep", plan);

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                              TEST_CLI, "run", plan_path, "--json", "--solvers", solvers, "--runs-dir", runs, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &printed, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("%.1000s", printed);

  lockstep_json_scan (printed, strlen (printed), &report, &error);
  g_assert_no_error (error);
  g_assert_true (lockstep_json_is_string (lockstep_json_get_member (report, "state"), "finished"));
  result = lockstep_json_get_member (report, "result");
  g_assert_true (lockstep_json_get_double (lockstep_json_get_member (result, "gap"), &outcome->gap));
  g_assert_true (lockstep_json_get_double (lockstep_json_get_member (result, "objective"), &outcome->objective));
  /* 3 says that the gap was not reached. */
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, outcome->gap <= 1e-6 ? 0 : 3);

  file = lockstep_json_dup_string (lockstep_json_get_member (result, "file"), NULL);
  g_assert_true (g_str_has_prefix (file, runs));
  g_file_get_contents (file, &outcome->flows, NULL, &error);
  g_assert_no_error (error);
}

/* The flow from one node to the other in flows.csv. */
static double
find_flow (const char *table,
           guint       from,
           guint       to)
{
  g_autofree char *key = g_strdup_printf ("\n%u,%u,", from, to);
  const char      *line = strstr (table, key);

  g_assert_nonnull (line);
  return g_ascii_strtod (line + strlen (key), NULL);
}

static void
test_sioux_falls (void)
{
  g_autofree char *network_path = assignment_files_find_tntp ("SiouxFalls_net.tntp");
  g_autofree char *trips_path = network_path ? assignment_files_find_tntp ("SiouxFalls_trips.tntp") : NULL;
  g_autofree char *flows_path = trips_path ? assignment_files_find_tntp ("SiouxFalls_flow.tntp") : NULL;
  g_autofree char *folder = NULL;
  g_autofree char *published = NULL;
  g_auto (GStrv)   lines = NULL;
  g_auto (Outcome) outcome = { NULL };
  guint            n_compared = 0;

  if (!flows_path)
    return;

  folder = assignment_files_make_folder ();
  run_plan (folder, network_path, trips_path, 500, 2, &outcome);
  g_assert_cmpfloat (outcome.gap, <=, 1e-6);
  g_assert_cmpfloat (fabs (outcome.objective / 1e5 - 42.3134), <=, 0.00005);

  g_assert_true (g_file_get_contents (flows_path, &published, NULL, NULL));
  lines = g_strsplit (published, "\n", -1);
  for (guint i = 1; lines[i]; i++)
    {
      guint  from, to;
      double volume;

      if (sscanf (lines[i], "%u %u %lf", &from, &to, &volume) != 3)
        continue;
      g_assert_cmpfloat (fabs (find_flow (outcome.flows, from, to) / volume - 1), <=, 0.01);
      n_compared++;
    }
  g_assert_cmpuint (n_compared, ==, 76);

  assignment_files_remove (folder);
}

/* The same flows, bit for bit: the table has numbers that read back the same. */
static void
assert_solvers_agree (const char *network_path,
                      const char *trips_path,
                      guint       most)
{
  const guint      n_solvers[] = { 1, 2, 5 };
  g_autofree char *folder = assignment_files_make_folder ();
  g_auto (Outcome) first = { NULL };

  run_plan (folder, network_path, trips_path, most, n_solvers[0], &first);
  for (guint i = 1; i < G_N_ELEMENTS (n_solvers); i++)
    {
      g_auto (Outcome) outcome = { NULL };

      run_plan (folder, network_path, trips_path, most, n_solvers[i], &outcome);
      g_assert_cmpstr (outcome.flows, ==, first.flows);
      g_assert_true (outcome.gap == first.gap && outcome.objective == first.objective);
    }

  assignment_files_remove (folder);
}

static void
test_anaheim (void)
{
  g_autofree char *network_path = assignment_files_find_tntp ("Anaheim_net.tntp");
  g_autofree char *trips_path = network_path ? assignment_files_find_tntp ("Anaheim_trips.tntp") : NULL;

  if (trips_path)
    assert_solvers_agree (network_path, trips_path, 500);
}

static void
test_city (void)
{
  g_autofree char *network_path = assignment_files_find_city ("city_net.tntp");
  g_autofree char *trips_path = assignment_files_find_city ("city_trips.tntp");

  assert_solvers_agree (network_path, trips_path, 4);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assignment/plan/sioux-falls", test_sioux_falls);
  g_test_add_func ("/assignment/plan/anaheim", test_anaheim);
  g_test_add_func ("/assignment/plan/city", test_city);

  return g_test_run ();
}
