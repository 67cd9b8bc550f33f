/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "assignment-files.h"
#include "assignment-problem.h"

#include "assignment-cost.h"
#include "assignment-text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static AssignmentProblem *
read_tntp (const char *name)
{
  g_autofree char *network_name = g_strdup_printf ("%s_net.tntp", name);
  g_autofree char *trips_name = g_strdup_printf ("%s_trips.tntp", name);
  g_autofree char *network_path = assignment_files_find_tntp (network_name);
  g_autofree char *trips_path = network_path ? assignment_files_find_tntp (trips_name) : NULL;

  return assignment_problem_read (network_path, trips_path);
}

static AssignmentProblem *
read_city (void)
{
  g_autofree char *network_path = assignment_files_find_city ("city_net.tntp");
  g_autofree char *trips_path = assignment_files_find_city ("city_trips.tntp");

  return assignment_problem_read (network_path, trips_path);
}

/* Braess's network (1968): 6 vehicles from 1 to 2; in equilibrium 2 on each of the three ways, 92 for everyone. */
static void
test_braess (void)
{
  g_autofree char              *folder = assignment_files_make_folder ();
  g_autofree char              *network_path = NULL;
  g_autofree char              *trips_path = NULL;
  g_autoptr (AssignmentProblem) problem = NULL;
  g_autoptr (AssignmentState)   state = NULL;
  const double                  expected[] = { 4, 2, 2, 4, 2 };
  double                        times[5];

  /* 10 v, 50 + v, 50 + v, 10 v, 10 + v; a time that is 0 without flow is given as one that is all but 0. */
  network_path = assignment_files_write (folder, "net.tntp",
                                         "<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 4\n<NUMBER OF LINKS> 5\n"
                                         "<END OF METADATA>\n"
                                         "1 3 1 1 1e-9 1e10 1 ;\n1 4 50 1 50 1 1 ;\n3 2 50 1 50 1 1 ;\n"
                                         "4 2 1 1 1e-9 1e10 1 ;\n3 4 10 1 10 1 1 ;\n");
  trips_path = assignment_files_write (folder, "trips.tntp",
                                       "<NUMBER OF ZONES> 2\n<END OF METADATA>\nOrigin 1\n2 : 6;\n");
  problem = assignment_problem_read (network_path, trips_path);
  state = assignment_problem_solve (problem, 1, 1e-9, 1000, NULL);

  g_assert_cmpfloat (state->gap, <=, 1e-9);
  for (guint link = 0; link < 5; link++)
    g_assert_cmpfloat_with_epsilon (state->flows[link], expected[link], 1e-3);

  assignment_cost_get_times (problem->network, state->flows, times);
  g_assert_cmpfloat_with_epsilon (times[0] + times[2], 92, 1e-2);
  g_assert_cmpfloat_with_epsilon (times[0] + times[4] + times[3], 92, 1e-2);

  assignment_files_remove (folder);
}

static void
test_line_search (void)
{
  g_autofree char              *folder = assignment_files_make_folder ();
  g_autofree char              *path = NULL;
  g_autoptr (AssignmentNetwork) network = NULL;
  const double                  on_first[] = { 10, 0 };
  const double                  on_second[] = { 0, 10 };
  const double                  best[] = { 7.5, 2.5 };

  /* 1 + v / 10 on both ways, and 0.5 more on the second: equal at 7.5 and 2.5. */
  path = assignment_files_write (folder, "net.tntp",
                                 "<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 2\n<NUMBER OF LINKS> 2\n<END OF METADATA>\n"
                                 "1 2 10 1 1 1 1 ;\n1 2 15 1 1.5 1 1 ;\n");
  network = assignment_network_read (path, NULL);
  g_assert_nonnull (network);

  g_assert_cmpfloat_with_epsilon (assignment_search_line (network, on_first, on_second), 0.25, 1e-15);
  g_assert_cmpfloat_with_epsilon (assignment_search_line (network, on_second, on_first), 0.75, 1e-15);
  g_assert_cmpfloat (assignment_search_line (network, on_first, best), ==, 1.0);
  g_assert_cmpfloat (assignment_search_line (network, best, on_first), ==, 0.0);

  assignment_files_remove (folder);
}

/* The line search stops where the derivative changes its sign from one double to the next, or nearly so. */
static void
test_line_search_is_exact (void)
{
  g_autoptr (AssignmentProblem) problem = read_city ();
  g_autofree double            *flows = assignment_problem_load (problem, NULL, 1);
  g_autofree double            *loads = assignment_problem_load (problem, flows, 1);
  double                        step = assignment_search_line (problem->network, flows, loads);
  double                        below, above, second;

  g_assert_cmpfloat (step, >, 0);
  g_assert_cmpfloat (step, <, 1);
  assignment_cost_get_derivatives (problem->network, flows, loads, step * (1 - 1e-12), &below, &second);
  assignment_cost_get_derivatives (problem->network, flows, loads, step * (1 + 1e-12), &above, &second);
  g_assert_cmpfloat (below, <, 0);
  g_assert_cmpfloat (above, >, 0);
}

/* Published flows (from, to, volume, cost) against @flows, link by link, as parts of the published ones. */
static double
get_worst_difference (const AssignmentNetwork *network,
                      const double            *flows,
                      const char              *path)
{
  g_autofree char *contents = NULL;
  g_auto (GStrv)   lines = NULL;
  double           worst = 0;
  guint            n_compared = 0;

  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  lines = g_strsplit (contents, "\n", -1);

  for (guint i = 1; lines[i]; i++)
    {
      guint  from, to;
      double volume;

      if (sscanf (lines[i], "%u %u %lf", &from, &to, &volume) != 3)
        continue;
      for (guint link = 0; link < network->n_links; link++)
        if (network->from[link] == from && network->to[link] == to)
          {
            worst = MAX (worst, fabs (flows[link] - volume) / volume);
            n_compared++;
          }
    }

  g_assert_cmpuint (n_compared, ==, network->n_links);
  return worst;
}

static void
test_sioux_falls (void)
{
  g_autofree char              *flows_path = assignment_files_find_tntp ("SiouxFalls_flow.tntp");
  g_autoptr (AssignmentProblem) problem = NULL;
  g_autoptr (AssignmentState)   state = NULL;
  guint                         iterations;
  double                        worst;

  if (!flows_path)
    return;

  problem = read_tntp ("SiouxFalls");
  state = assignment_problem_solve (problem, 2, 1e-6, 500, &iterations);
  worst = get_worst_difference (problem->network, state->flows, flows_path);
  g_test_message ("%u iterations, gap %g, objective %.10g, flows within %.4f %%",
                  iterations, state->gap, state->objective, 100 * worst);

  g_assert_cmpfloat (state->gap, <=, 1e-6);
  g_assert_cmpfloat (fabs (state->objective / 1e5 - 42.3134), <=, 0.00005);
  g_assert_cmpfloat (worst, <=, 0.01);
}

static void
assert_parts_agree (AssignmentProblem *problem,
                    double             gap,
                    guint              most)
{
  g_autoptr (AssignmentState) whole = assignment_problem_solve (problem, 1, gap, most, NULL);

  for (guint parts = 2; parts <= 5; parts += 3)
    {
      g_autoptr (AssignmentState) state = assignment_problem_solve (problem, parts, gap, most, NULL);

      g_assert_cmpmem (state->flows, problem->network->n_links * sizeof *state->flows,
                       whole->flows, problem->network->n_links * sizeof *whole->flows);
      g_assert_true (state->gap == whole->gap && state->objective == whole->objective);
    }
}

static void
test_anaheim (void)
{
  g_autofree char              *flows_path = assignment_files_find_tntp ("Anaheim_flow.tntp");
  g_autoptr (AssignmentProblem) problem = NULL;
  g_autoptr (AssignmentState)   state = NULL;

  if (!flows_path)
    return;

  problem = read_tntp ("Anaheim");
  state = assignment_problem_solve (problem, 1, 1e-6, 500, NULL);
  g_assert_cmpfloat (state->gap, <=, 1e-6);
  /* What the published flows cost. */
  g_assert_cmpfloat (fabs (state->objective / 1286032.17 - 1), <=, 1e-6);

  assert_parts_agree (problem, 1e-6, 500);
}

static void
test_city (void)
{
  g_autoptr (AssignmentProblem) problem = read_city ();
  g_autoptr (AssignmentState)   state = NULL;
  guint                         n_over = 0;

  g_assert_cmpuint (problem->network->n_zones, >=, 400);
  g_assert_cmpuint (problem->demand->n_origins, ==, problem->network->n_zones);

  state = assignment_problem_solve (problem, 2, 0.02, 15, NULL);
  g_assert_cmpfloat (state->gap, <=, 0.02);
  for (guint link = 0; link < problem->network->n_links; link++)
    n_over += state->flows[link] * problem->network->inverse_capacity[link] > 1;
  g_assert_cmpuint (n_over, >, 100);

  assert_parts_agree (problem, 0, 4);
}

static void
test_city_converges (void)
{
  g_autoptr (AssignmentProblem) problem = NULL;
  g_autoptr (AssignmentState)   state = NULL;
  guint                         iterations;

  if (!g_test_slow ())
    {
      g_test_skip ("takes half a minute; run with -m slow");
      return;
    }

  problem = read_city ();
  state = assignment_problem_solve (problem, 1, 1e-4, 100, &iterations);
  g_test_message ("%u iterations, gap %g, objective %.10g", iterations, state->gap, state->objective);
  g_assert_cmpfloat (state->gap, <=, 1e-4);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assignment/equilibrium/braess", test_braess);
  g_test_add_func ("/assignment/equilibrium/line-search", test_line_search);
  g_test_add_func ("/assignment/equilibrium/line-search-is-exact", test_line_search_is_exact);
  g_test_add_func ("/assignment/equilibrium/sioux-falls", test_sioux_falls);
  g_test_add_func ("/assignment/equilibrium/anaheim", test_anaheim);
  g_test_add_func ("/assignment/equilibrium/city", test_city);
  g_test_add_func ("/assignment/equilibrium/city-converges", test_city_converges);

  return g_test_run ();
}
