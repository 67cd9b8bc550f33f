/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "assignment-files.h"
#include "lockstep-vector.h"
#include "solver-connection.h"
#include "tsp-distance.h"
#include "tsp-problem.h"

#include <string.h>

/* A solver in a folder of its own, which is also the folder of its run. */
static SolverConnection *
start_solver (const char *folder,
              const char *params)
{
  SolverConnection *connection = solver_connection_new (TEST_TSP_SOLVER, folder);
  g_autofree char  *initialize = NULL;
  g_autofree char  *answer = NULL;

  initialize = g_strdup_printf ("{\"protocol\":1,\"solver\":0,\"run\":\"test\",\"directory\":\"%s\",\"params\":%s}",
                                folder, params);
  answer = solver_connection_call (connection, "initialize", initialize);
  g_assert_cmpstr (answer, ==, "{\"name\":\"tsp\",\"methods\":[\"improve\",\"combine\",\"report\"]}");

  return connection;
}

static SolverConnection *
start_ulysses (const char *folder)
{
  g_autofree char *path = assignment_files_write (folder, "ulysses16.tsp", TSP_PROBLEM_ULYSSES);

  return start_solver (folder, "{\"instance\":\"ulysses16.tsp\"}");
}

static char *
improve (SolverConnection *connection,
         const char       *input,
         guint             iteration,
         guint             part,
         const char       *params)
{
  g_autofree char *call = NULL;

  call = g_strdup_printf ("{\"step\":\"improve\",\"task\":1,\"iteration\":%u,\"part\":%u,\"parts\":2,"
                          "\"params\":%s%s%s}",
                          iteration, part, params, input ? ",\"input\":" : "", input ? input : "");

  return solver_connection_call (connection, "improve", call);
}

/* Calls a method with @input. */
static char *
pass (SolverConnection *connection,
      const char       *method,
      const char       *input)
{
  g_autofree char *call = g_strdup_printf ("{\"step\":\"%s\",\"task\":9,\"input\":%s}", method, input);

  return solver_connection_call (connection, method, call);
}

/* The same, which must fail with @message in what the solver says. */
static void
assert_fails (SolverConnection *connection,
              const char       *method,
              const char       *params,
              const char       *message)
{
  g_autofree char *answer = NULL;

  solver_connection_send (connection, method, params);
  answer = solver_connection_receive (connection, TRUE);
  g_test_message ("%s", answer);
  g_assert_nonnull (strstr (answer, message));
}

static gint64
read_number (const char *result,
             const char *name)
{
  LockstepJson value;
  gint64       number;

  g_assert_true (lockstep_json_scan (result, strlen (result), &value, NULL));
  g_assert_true (lockstep_json_get_int (lockstep_json_get_member (value, name), &number));

  return number;
}

static guint *
read_tour (const char *result,
           guint       n_cities)
{
  guint             *order = g_new (guint, n_cities);
  LockstepJson       value;
  g_autofree double *vector = NULL;
  gsize              n_values;

  g_assert_true (lockstep_json_scan (result, strlen (result), &value, NULL));
  vector = lockstep_vector_read (lockstep_json_get_member (value, "tour"), &n_values);
  g_assert_nonnull (vector);
  g_assert_cmpuint (n_values, ==, n_cities);
  for (guint i = 0; i < n_cities; i++)
    order[i] = (guint) vector[i];
  tsp_problem_assert_is_tour (order, n_cities);

  return order;
}

/* A budget of kicks gives the same answer, to the byte, also in another process; parts, iterations and seeds differ. */
static void
test_repeatable (void)
{
  static const char            params[] = "{\"cities\":1200,\"instance-seed\":4}";
  static const char            budget[] = "{\"kicks\":300,\"seed\":5}";
  g_autofree char             *folder = assignment_files_make_folder ();
  g_autoptr (TspInstance)      instance = tsp_instance_generate (1200, 4, NULL);
  g_autoptr (SolverConnection) connection = start_solver (folder, params);
  g_autoptr (SolverConnection) another = start_solver (folder, params);
  g_autofree char             *first = improve (connection, NULL, 1, 0, budget);
  g_autofree char             *same = improve (another, NULL, 1, 0, budget);
  g_autofree char             *other_part = improve (connection, NULL, 1, 1, budget);
  g_autofree char             *other_seed = improve (connection, NULL, 1, 0, "{\"kicks\":300,\"seed\":6}");
  g_autofree char             *on = improve (connection, first, 2, 0, budget);
  g_autofree char             *same_on = improve (another, first, 2, 0, budget);
  g_autofree char             *other_on = improve (connection, first, 3, 0, budget);
  g_autofree guint            *order = read_tour (on, 1200);

  g_assert_cmpstr (first, ==, same);
  g_assert_cmpstr (first, !=, other_part);
  g_assert_cmpstr (first, !=, other_seed);
  g_assert_cmpstr (on, ==, same_on);
  g_assert_cmpstr (on, !=, other_on);

  g_assert_cmpint (read_number (on, "length"), <=, read_number (first, "length"));
  g_assert_cmpint (read_number (on, "length"), ==, tsp_distance_of_tour (instance, order));
  g_assert_cmpint (read_number (on, "kicks"), ==, 300);
  g_assert_cmpuint (order[0], ==, 0);
  g_assert_cmpuint (order[1], <, order[1199]);

  assignment_files_remove (folder);
}

static void
test_combine (void)
{
  /* 80 around it, either way, and more across it. */
  static const char            square[] = "NAME : square\nTYPE : TSP\nDIMENSION : 4\nEDGE_WEIGHT_TYPE : CEIL_2D\n"
                                          "NODE_COORD_SECTION\n1 0 0\n2 20 0\n3 20 20\n4 0 20\nEOF\n";
  g_autofree char             *folder = assignment_files_make_folder ();
  g_autofree char             *path = assignment_files_write (folder, "square.tsp", square);
  g_autoptr (SolverConnection) connection = start_solver (folder, "{\"instance\":\"square.tsp\"}");
  g_autofree char             *best = NULL;
  g_autofree char             *with_failures = NULL;

  /* The length is what the tour is long, whatever its message says. */
  best = pass (connection, "combine",
               "[{\"length\":1,\"tour\":[0,2,1,3]},{\"tour\":[2,3,0,1]},{\"tour\":[0,3,2,1]}]");
  g_assert_cmpstr (best, ==, "{\"length\":80,\"tour\":[0,1,2,3],\"part\":1}");

  with_failures = pass (connection, "combine", "[null,{\"tour\":[0,2,1,3]},null]");
  g_assert_cmpint (read_number (with_failures, "part"), ==, 1);
  g_assert_cmpint (read_number (with_failures, "length"), >, 80);

  assert_fails (connection, "combine", "{\"input\":[null,null]}", "The input holds no tour");
  assert_fails (connection, "combine", "{}", "The input holds no tour");
  assert_fails (connection, "combine", "{\"input\":[{\"tour\":[0,1,2,3]},{\"tour\":[0,1,2]}]}",
                "Part 1: The vector “tour” has 3 elements, but square has 4 cities");
  assert_fails (connection, "combine", "{\"input\":[{\"tour\":[0,1,2,2]}]}", "Element 3 of the vector “tour” is 2");
  assert_fails (connection, "combine", "{\"input\":[{\"tour\":[0,1,2,4]}]}", "Element 3 of the vector “tour” is 4");
  assert_fails (connection, "combine", "{\"input\":[{\"tour\":[0,1,2.5,3]}]}", "Element 2 of the vector “tour” is 2.5");
  assert_fails (connection, "combine", "{\"input\":[{\"tour\":[0,-1,2,3]}]}", "Element 1 of the vector “tour” is -1");
  assert_fails (connection, "combine", "{\"input\":[{\"tour\":\"0 1 2 3\"}]}", "tour");
  assert_fails (connection, "combine", "{\"input\":[7]}", "Part 0: The input lacks the vector “tour”");
  assert_fails (connection, "improve", "{\"input\":{\"length\":1}}", "The input lacks the vector “tour”");

  assignment_files_remove (folder);
}

static void
test_report (void)
{
  static const char            head[] = "NAME : ulysses16.tsp.tour\nCOMMENT : Length 6859\nTYPE : TOUR\n"
                                        "DIMENSION : 16\nTOUR_SECTION\n1\n";
  g_autofree char             *folder = assignment_files_make_folder ();
  g_autoptr (SolverConnection) connection = start_ulysses (folder);
  g_autofree char             *found = improve (connection, NULL, 1, 0, "{\"kicks\":5000}");
  g_autofree char             *input = g_strdup_printf ("[%s]", found);
  g_autofree char             *path = g_build_filename (folder, "best.tour", NULL);
  g_autofree char             *expected = g_strdup_printf ("{\"file\":\"%s\",\"length\":6859}", path);
  g_autofree char             *answer = pass (connection, "report", input);
  g_autofree char             *refused = NULL;
  g_autofree char             *contents = NULL;

  g_assert_cmpstr (answer, ==, expected);
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_true (g_str_has_prefix (contents, head));
  g_assert_true (g_str_has_suffix (contents, "\n-1\nEOF\n"));

  refused = g_strdup_printf ("{\"input\":%s,\"params\":{\"tour-file\":\"no/such/folder.tour\"}}", input);
  assert_fails (connection, "report", refused, "Could not write the tour: ");

  assignment_files_remove (folder);
}

/* A step with much time ends soon after it is no longer wanted, and the solver is as good as before. */
static void
test_cancel (void)
{
  g_autofree char             *folder = assignment_files_make_folder ();
  g_autoptr (SolverConnection) connection = start_solver (folder, "{\"cities\":50000}");
  g_autofree char             *answer = NULL;
  g_autofree char             *improved = NULL;

  solver_connection_send (connection, "improve", "{\"step\":\"improve\",\"task\":7,\"params\":{\"seconds\":1000000}}");
  solver_connection_wait_for_progress (connection);
  solver_connection_notify (connection, "cancel", "{\"task\":7}");
  answer = solver_connection_receive (connection, TRUE);
  g_assert_nonnull (strstr (answer, "cancelled"));

  improved = improve (connection, NULL, 1, 0, "{\"seconds\":0.01}");
  g_assert_cmpint (read_number (improved, "length"), >, 0);

  assignment_files_remove (folder);
}

static void
test_bad_params (void)
{
  g_autofree char             *folder = assignment_files_make_folder ();
  g_autofree char             *path = assignment_files_write (folder, "matrix.tsp",
                                                              "NAME : m\nTYPE : TSP\nEDGE_WEIGHT_TYPE : EXPLICIT\n");
  g_autoptr (SolverConnection) connection = solver_connection_new (TEST_TSP_SOLVER, folder);
  g_autofree char             *answer = NULL;

  assert_fails (connection, "initialize", "{\"params\":{\"instance\":\"matrix.tsp\"}}",
                "matrix.tsp:3: The EDGE_WEIGHT_TYPE “EXPLICIT” is not supported");
  assert_fails (connection, "initialize", "{\"params\":{\"instance\":\"absent.tsp\"}}", "absent.tsp");
  assert_fails (connection, "initialize", "{\"params\":{\"cities\":2}}", "has 2 cities; this solver takes 3 to 200000");
  assert_fails (connection, "initialize", "{\"params\":{\"cities\":-5}}", "has 0 cities");

  answer = solver_connection_call (connection, "initialize", "{\"params\":{\"cities\":10}}");
  assert_fails (connection, "improve", "{\"params\":{\"kicks\":0}}", "“kicks” is 0; expected at least 1");
  assert_fails (connection, "improve", "{\"params\":{\"seconds\":-1}}", "“seconds” is -1; expected a number above 0");
  assert_fails (connection, "improve", "{\"params\":{\"seconds\":\"long\"}}", "seconds");

  assignment_files_remove (folder);
}

/* Two parts and the choice between them, five times, as a controller would call them. */
static void
test_berlin52 (void)
{
  g_autofree char *path = tsp_problem_find_tsplib ("berlin52.tsp");
  g_autofree char *params = g_strdup_printf ("{\"instance\":\"%s\"}", path);
  g_autofree char *folder = NULL;

  if (!path)
    return;

  folder = assignment_files_make_folder ();
  {
    g_autoptr (SolverConnection) connection = start_solver (folder, params);
    g_autofree char             *best = NULL;

    for (guint iteration = 1; iteration <= 5; iteration++)
      {
        g_autofree char *first = improve (connection, best, iteration, 0, "{\"kicks\":3000,\"seed\":1}");
        g_autofree char *second = improve (connection, best, iteration, 1, "{\"kicks\":3000,\"seed\":1}");
        g_autofree char *both = g_strdup_printf ("[%s,%s]", first, second);

        g_free (best);
        best = pass (connection, "combine", both);
        g_assert_cmpint (read_number (best, "length"), ==,
                         MIN (read_number (first, "length"), read_number (second, "length")));
      }

    g_assert_cmpint (read_number (best, "length"), ==, 7542);
    g_assert_cmpuint (solver_connection_get_n_progress (connection), >, 0);
  }

  assignment_files_remove (folder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tsp/solver/repeatable", test_repeatable);
  g_test_add_func ("/tsp/solver/combine", test_combine);
  g_test_add_func ("/tsp/solver/report", test_report);
  g_test_add_func ("/tsp/solver/cancel", test_cancel);
  g_test_add_func ("/tsp/solver/bad-params", test_bad_params);
  g_test_add_func ("/tsp/solver/berlin52", test_berlin52);

  return g_test_run ();
}
