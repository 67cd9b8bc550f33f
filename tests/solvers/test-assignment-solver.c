/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "assignment-files.h"
#include "assignment-problem.h"
#include "lockstep-vector.h"
#include "solver-connection.h"

#include <stdio.h>
#include <string.h>

/* Two ways from zone 1 to zone 2, one short and narrow, one long and wide, and one way back. */
#define NETWORK                                                                          \
  "<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 3\n<FIRST THRU NODE> 3\n<NUMBER OF LINKS> 4\n" \
  "<END OF METADATA>\n"                                                                  \
  "1 2 100 1 1 0.15 4 ;\n1 3 500 1 2 0.15 4 ;\n3 2 500 1 2.5 0.15 4 ;\n2 1 0 1 0.1 0 0 ;\n"
#define TRIPS "<NUMBER OF ZONES> 2\n<END OF METADATA>\nOrigin 1\n2 : 600;\nOrigin 2\n1 : 0.3;\n"

/* A solver in a folder of its own, which is also the folder of its run. */
static SolverConnection *
start_solver (const char *folder,
              const char *params)
{
  SolverConnection *connection = solver_connection_new (TEST_ASSIGNMENT_SOLVER, folder);
  g_autofree char  *initialize = NULL;
  g_autofree char  *answer = NULL;

  initialize = g_strdup_printf ("{\"protocol\":1,\"solver\":0,\"run\":\"test\",\"directory\":\"%s\",\"params\":%s}",
                                folder, params);
  answer = solver_connection_call (connection, "initialize", initialize);
  g_assert_cmpstr (answer, ==, "{\"name\":\"assignment\",\"methods\":[\"assign\",\"combine\",\"report\"]}");

  return connection;
}

static SolverConnection *
start_small_solver (const char *folder)
{
  g_autofree char *network_path = assignment_files_write (folder, "net.tntp", NETWORK);
  g_autofree char *trips_path = assignment_files_write (folder, "trips.tntp", TRIPS);

  return start_solver (folder, "{\"network\":\"net.tntp\",\"trips\":\"trips.tntp\"}");
}

/* One iteration in @parts parts, as a controller would call it. Returns the result of combine. */
static char *
iterate (SolverConnection *connection,
         const char       *previous,
         guint             parts)
{
  g_autoptr (GString) input = g_string_new ("[");
  g_autofree char    *combine = NULL;

  for (guint part = 0; part < parts; part++)
    {
      g_autofree char *params = NULL;
      g_autofree char *loads = NULL;

      params = g_strdup_printf ("{\"step\":\"assign\",\"task\":%u,\"part\":%u,\"parts\":%u%s%s}", part, part, parts,
                                previous ? ",\"input\":" : "", previous ? previous : "");
      loads = solver_connection_call (connection, "assign", params);
      g_string_append_printf (input, "%s%s", part > 0 ? "," : "", loads);
    }
  g_string_append_c (input, ']');

  combine = g_strdup_printf ("{\"step\":\"combine\",\"task\":99,\"input\":%s%s%s}", input->str,
                             previous ? ",\"previous\":" : "", previous ? previous : "");

  return solver_connection_call (connection, "combine", combine);
}

static double *
read_vector (const char *result,
             const char *name,
             gsize       n_expected)
{
  LockstepJson value;
  double      *vector;
  gsize        n_values;

  g_assert_true (lockstep_json_scan (result, strlen (result), &value, NULL));
  vector = lockstep_vector_read (lockstep_json_get_member (value, name), &n_values);
  g_assert_nonnull (vector);
  g_assert_cmpuint (n_values, ==, n_expected);

  return vector;
}

static double
read_number (const char *result,
             const char *name)
{
  LockstepJson value;
  double       number;

  g_assert_true (lockstep_json_scan (result, strlen (result), &value, NULL));
  g_assert_true (lockstep_json_get_double (lockstep_json_get_member (value, name), &number));

  return number;
}

static void
test_equilibrium (void)
{
  g_autofree char *folder = assignment_files_make_folder ();
  g_autofree char *state = NULL;
  g_autofree char *params = NULL;
  g_autofree char *answer = NULL;
  g_autofree char *path = g_build_filename (folder, "links.csv", NULL);
  g_autofree char *contents = NULL;
  g_auto (GStrv)   lines = NULL;
  double           from_1_to_2[4];
  guint            from, to;

  {
    g_autoptr (SolverConnection) connection = start_small_solver (folder);

    for (guint i = 0; i == 0 || read_number (state, "gap") > 1e-12; i++)
      {
        g_autofree char *before = g_steal_pointer (&state);

        g_assert_cmpuint (i, <, 50);
        state = iterate (connection, before, 1 + i % 3);
      }

    params = g_strdup_printf ("{\"step\":\"report\",\"input\":[%s],\"params\":{\"flows-file\":\"links.csv\"}}", state);
    answer = solver_connection_call (connection, "report", params);
  }

  g_assert_cmpfloat (read_number (answer, "gap"), ==, read_number (state, "gap"));
  g_assert_cmpfloat (read_number (answer, "objective"), ==, read_number (state, "objective"));
  g_assert_nonnull (strstr (answer, "links.csv"));

  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  lines = g_strsplit (contents, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 6);
  g_assert_cmpstr (lines[0], ==, "from,to,flow,time,capacity,volume_to_capacity");
  g_assert_cmpstr (lines[4], ==, "2,1,0.3000001907348633,0.1,0,");
  g_assert_cmpstr (lines[5], ==, "");

  /* Both ways take the same time, and all have arrived. */
  g_assert_cmpint (sscanf (lines[1], "%u,%u,%lf,%lf,%lf,%lf", &from, &to, &from_1_to_2[0], &from_1_to_2[1],
                           &from_1_to_2[2], &from_1_to_2[3]),
                   ==, 6);
  g_assert_cmpuint (from, ==, 1);
  g_assert_cmpuint (to, ==, 2);
  g_assert_cmpfloat (from_1_to_2[2], ==, 100.0);
  g_assert_cmpfloat (from_1_to_2[3], ==, from_1_to_2[0] / 100.0);
  {
    double flow, time_1, time_2;

    g_assert_cmpint (sscanf (lines[2], "1,3,%lf,%lf", &flow, &time_1), ==, 2);
    g_assert_cmpint (sscanf (lines[3], "3,2,%lf,%lf", &flow, &time_2), ==, 2);
    g_assert_cmpfloat_with_epsilon (flow + from_1_to_2[0], 600.0, 1e-9);
    g_assert_cmpfloat_with_epsilon (time_1 + time_2, from_1_to_2[1], 1e-6);
  }

  assignment_files_remove (folder);
}

/* The program computes what the library does, to the last bit, with any number of parts, and by default on the city. */
static void
test_city (void)
{
  g_autofree char              *network_path = assignment_files_find_city ("city_net.tntp");
  g_autofree char              *trips_path = assignment_files_find_city ("city_trips.tntp");
  g_autofree char              *folder = assignment_files_make_folder ();
  g_autoptr (AssignmentProblem) problem = assignment_problem_read (network_path, trips_path);
  g_autoptr (AssignmentState)   expected = assignment_problem_solve (problem, 1, 0, 4, NULL);
  gsize                         size = problem->network->n_links * sizeof (double);

  {
    g_autoptr (SolverConnection) connection = start_solver (folder, "{}");
    g_autofree char             *state = NULL;
    g_autofree double           *flows = NULL;
    g_autofree double           *target = NULL;
    g_autofree double           *target_before = NULL;

    for (guint i = 0; i < 4; i++)
      {
        g_autofree char *before = g_steal_pointer (&state);

        state = iterate (connection, before, (guint[]){ 2, 1, 5, 3 }[i]);
      }

    g_assert_cmpfloat (read_number (state, "gap"), ==, expected->gap);
    g_assert_cmpfloat (read_number (state, "objective"), ==, expected->objective);
    flows = read_vector (state, "flows", problem->network->n_links);
    g_assert_cmpmem (flows, size, expected->flows, size);
    target = read_vector (state, "target", problem->network->n_links);
    g_assert_cmpmem (target, size, expected->target, size);
    target_before = read_vector (state, "target-before", problem->network->n_links);
    g_assert_cmpmem (target_before, size, expected->target_before, size);
    g_assert_cmpuint (solver_connection_get_n_progress (connection), >, 0);
  }

  assignment_files_remove (folder);
}

static void
test_cancel (void)
{
  g_autofree char *folder = assignment_files_make_folder ();

  {
    g_autoptr (SolverConnection) connection = start_solver (folder, "{}");
    g_autofree char             *error = NULL;
    g_autofree char             *result = NULL;

    solver_connection_send (connection, "assign", "{\"step\":\"assign\",\"task\":1,\"part\":0,\"parts\":1}");
    solver_connection_wait_for_progress (connection);
    solver_connection_notify (connection, "cancel", "{\"task\":1}");
    error = solver_connection_receive (connection, TRUE);
    g_assert_nonnull (strstr (error, "ancel"));

    /* And it can go on. */
    result = solver_connection_call (connection, "assign", "{\"step\":\"assign\",\"task\":2,\"part\":0,\"parts\":100}");
    g_assert_true (g_str_has_prefix (result, "{\"loads\":{\"f64\":"));
  }

  assignment_files_remove (folder);
}

/* A call that must fail, and what its error must hold. */
typedef struct
{
  const char *method;
  const char *params;
  const char *expected;
} Failure;

static const Failure failures[] = {
  { "initialize", "{\"params\":{\"network\":\"none.tntp\"}}", "none.tntp" },
  { "initialize", "{\"params\":{\"network\":\"trips.tntp\"}}", "Could not read the network" },
  { "initialize", "{\"params\":{\"network\":\"net.tntp\",\"trips\":\"net.tntp\"}}", "Could not read the trips" },
  { "initialize", "{\"params\":{\"network\":7}}", "network" },
  { "assign", "{\"input\":[1]}", "no result of the step combine" },
  { "assign", "{\"input\":{}}", "lacks the vector “flows”" },
  { "assign", "{\"input\":{\"flows\":[1,2,3]}}", "has 3 elements" },
  { "assign", "{\"input\":{\"flows\":[1,2,3,-4]}}", "holds -4 for link 3" },
  { "assign", "{\"input\":{\"flows\":[1,2,3,\"4\"]}}", "flows" },
  { "combine", "{}", "holds no loads" },
  { "combine", "{\"input\":[]}", "holds no loads" },
  { "combine", "{\"input\":[{\"loads\":[1,2,3,4]},null]}", "The loads of part 1 are missing" },
  { "combine", "{\"input\":[{\"loads\":[1,2,3,4]},{\"loads\":[1,2]}]}",
    "Part 1: The vector “loads” has 2 elements" },
  { "combine", "{\"input\":[{\"loads\":[1,2,3,4]}],\"previous\":{\"flows\":[1,2,3,4]}}",
    "lacks the number “objective”" },
  { "report", "{\"input\":[]}", "no result of the step combine" },
  { "report",
    "{\"input\":[{\"flows\":[1,2,3,4],\"gap\":1,\"objective\":1,\"step\":1}],"
    "\"params\":{\"flows-file\":\"/nowhere/flows.csv\"}}",
    "/nowhere/flows.csv" },
};

static void
test_failures (void)
{
  g_autofree char *folder = assignment_files_make_folder ();

  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autoptr (SolverConnection) connection = start_small_solver (folder);
      g_autofree char             *error = NULL;

      solver_connection_send (connection, failures[i].method, failures[i].params);
      error = solver_connection_receive (connection, TRUE);
      g_test_message ("%s", error);
      g_assert_nonnull (strstr (error, failures[i].expected));
    }

  assignment_files_remove (folder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assignment/solver/equilibrium", test_equilibrium);
  g_test_add_func ("/assignment/solver/city", test_city);
  g_test_add_func ("/assignment/solver/cancel", test_cancel);
  g_test_add_func ("/assignment/solver/failures", test_failures);

  return g_test_run ();
}
