/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "assignment-files.h"
#include "assignment-problem.h"
#include "assignment-text.h"

#include <math.h>
#include <string.h>

#define ZONES 12
#define NODES 60
#define LINKS 300

/* A random network with times of few values, so that many paths are equally short, and demand with fractions. */
static AssignmentProblem *
make_random_problem (const char *folder,
                     guint32     seed)
{
  g_autoptr (GRand)   random = g_rand_new_with_seed (seed);
  g_autoptr (GString) network = g_string_new (NULL);
  g_autoptr (GString) trips = g_string_new (NULL);
  g_autofree char    *network_path = NULL;
  g_autofree char    *trips_path = NULL;

  g_string_printf (network, "<NUMBER OF ZONES> %d\n<NUMBER OF NODES> %d\n<FIRST THRU NODE> %d\n<NUMBER OF LINKS> %d\n"
                            "<END OF METADATA>\n",
                   ZONES, NODES, ZONES + 1, LINKS + NODES);
  /* A loop through all nodes that are not zones, with each zone beside it, keeps everything reachable. */
  for (int node = 1; node <= NODES; node++)
    if (node <= ZONES)
      g_string_append_printf (network, "%d %d 1000 1 30 0.15 4 ;\n", node, ZONES + node);
    else
      g_string_append_printf (network, "%d %d 1000 1 9 0.15 4 ;\n", node, node == NODES ? ZONES + 1 : node + 1);
  for (int link = 0; link < LINKS; link++)
    g_string_append_printf (network, "%d %d 1000 1 %d 0.15 4 ;\n",
                            link < ZONES ? ZONES + 1 + link : g_rand_int_range (random, 1, NODES + 1),
                            link < ZONES ? link + 1 : g_rand_int_range (random, 1, NODES + 1),
                            g_rand_int_range (random, 0, 6));

  g_string_printf (trips, "<NUMBER OF ZONES> %d\n<END OF METADATA>\n", ZONES);
  for (int origin = 1; origin <= ZONES; origin++)
    {
      g_string_append_printf (trips, "Origin %d\n", origin);
      for (int zone = 1; zone <= ZONES; zone++)
        g_string_append_printf (trips, "%d : %.7f;\n", zone, g_rand_double_range (random, 0, 1000));
    }

  network_path = assignment_files_write (folder, "net.tntp", network->str);
  trips_path = assignment_files_write (folder, "trips.tntp", trips->str);

  return assignment_problem_read (network_path, trips_path);
}

/* Distances from @origin by the plainest method there is (Bellman and Ford). */
static double *
relax_all (const AssignmentNetwork *network,
           guint                    origin)
{
  double  *distances = g_new (double, network->n_nodes + 1);
  gboolean changed = TRUE;

  for (guint node = 0; node <= network->n_nodes; node++)
    distances[node] = INFINITY;
  distances[origin] = 0;

  while (changed)
    {
      changed = FALSE;
      for (guint link = 0; link < network->n_links; link++)
        {
          guint  from = network->from[link];
          double distance = distances[from] + network->free_flow_time[link];

          if ((from >= network->first_thru_node || from == origin) && distance < distances[network->to[link]])
            {
              distances[network->to[link]] = distance;
              changed = TRUE;
            }
        }
    }

  return distances;
}

static void
test_shortest (void)
{
  g_autofree char *folder = assignment_files_make_folder ();

  for (guint32 seed = 1; seed <= 20; seed++)
    {
      g_autoptr (AssignmentProblem) problem = make_random_problem (folder, seed);
      g_autofree double            *loads = g_new0 (double, problem->network->n_links);
      g_autofree double            *balance = g_new0 (double, problem->network->n_nodes + 1);
      g_autoptr (GError)            error = NULL;
      double                        expected = 0.0;
      double                        travelled = 0.0;

      for (guint i = 0; i < problem->demand->n_origins; i++)
        {
          g_autofree double *distances = relax_all (problem->network, problem->demand->origin[i]);

          g_assert_true (assignment_loader_load_origin (problem->loader, i, loads, &error));
          for (guint trip = problem->demand->first[i]; trip < problem->demand->first[i + 1]; trip++)
            {
              guint destination = problem->demand->destination[trip];

              g_assert_cmpfloat (assignment_loader_get_distance (problem->loader, destination), ==,
                                 distances[destination]);
              expected += problem->demand->vehicles[trip] * distances[destination];
              balance[problem->demand->origin[i]] += problem->demand->vehicles[trip];
              balance[destination] -= problem->demand->vehicles[trip];
            }
        }

      /* All vehicles leave their origin, arrive, and take the time of the shortest path, exactly: the times
       * are whole numbers. */
      for (guint link = 0; link < problem->network->n_links; link++)
        {
          travelled += loads[link] * problem->network->free_flow_time[link];
          balance[problem->network->from[link]] -= loads[link];
          balance[problem->network->to[link]] += loads[link];
        }
      g_assert_cmpfloat (travelled, ==, expected);
      for (guint node = 1; node <= problem->network->n_nodes; node++)
        g_assert_cmpfloat (balance[node], ==, 0.0);
    }

  assignment_files_remove (folder);
}

static void
test_parts (void)
{
  g_autofree char              *folder = assignment_files_make_folder ();
  g_autoptr (AssignmentProblem) problem = make_random_problem (folder, 7);
  g_autofree double            *whole = assignment_problem_load (problem, NULL, 1);

  for (guint parts = 2; parts <= ZONES + 3; parts++)
    {
      g_autofree double *loads = assignment_problem_load (problem, NULL, parts);

      g_assert_cmpmem (loads, problem->network->n_links * sizeof *loads,
                       whole, problem->network->n_links * sizeof *whole);
    }

  assignment_files_remove (folder);
}

/* From 1 to 3 the way through zone 2 is the shortest, but no way for those who want to go on. */
static void
test_first_thru_node (void)
{
  g_autofree char *folder = assignment_files_make_folder ();
  g_autofree char *trips_path = assignment_files_write (folder, "trips.tntp",
                                                        "<NUMBER OF ZONES> 3\n<END OF METADATA>\n"
                                                        "Origin 1\n2 : 3; 3 : 5;\nOrigin 2\n3 : 7;\n");

  for (guint first_thru_node = 1; first_thru_node <= 4; first_thru_node += 3)
    {
      g_autofree char              *contents = NULL;
      g_autofree char              *network_path = NULL;
      g_autofree double            *loads = NULL;
      g_autoptr (AssignmentProblem) problem = NULL;
      double                        through = first_thru_node == 1 ? 5 : 0;

      contents = g_strdup_printf ("<NUMBER OF ZONES> 3\n<NUMBER OF NODES> 4\n<FIRST THRU NODE> %u\n"
                                  "<NUMBER OF LINKS> 4\n<END OF METADATA>\n"
                                  "1 2 1 1 1 1 1 ;\n2 3 1 1 1 1 1 ;\n1 4 1 1 2 1 1 ;\n4 3 1 1 2 1 1 ;\n",
                                  first_thru_node);
      network_path = assignment_files_write (folder, "net.tntp", contents);
      problem = assignment_problem_read (network_path, trips_path);
      loads = assignment_problem_load (problem, NULL, 1);

      g_assert_cmpfloat (loads[0], ==, 3 + through);
      g_assert_cmpfloat (loads[1], ==, 7 + through);
      g_assert_cmpfloat (loads[2], ==, 5 - through);
      g_assert_cmpfloat (loads[3], ==, 5 - through);
    }

  assignment_files_remove (folder);
}

static void
test_unreachable (void)
{
  g_autofree char              *folder = assignment_files_make_folder ();
  g_autofree char              *network_path = NULL;
  g_autofree char              *trips_path = NULL;
  g_autoptr (AssignmentProblem) problem = NULL;
  double                        loads[2] = { 0 };
  g_autoptr (GError)            error = NULL;

  network_path = assignment_files_write (folder, "net.tntp",
                                         "<NUMBER OF ZONES> 3\n<NUMBER OF NODES> 3\n<NUMBER OF LINKS> 2\n"
                                         "<END OF METADATA>\n1 2 1 1 1 1 1 ;\n3 2 1 1 1 1 1 ;\n");
  trips_path = assignment_files_write (folder, "trips.tntp",
                                       "<NUMBER OF ZONES> 3\n<END OF METADATA>\n"
                                       "Origin 1\n2 : 3; 3 : 5;\nOrigin 3\n2 : 1;\n");
  problem = assignment_problem_read (network_path, trips_path);

  g_assert_false (assignment_loader_load_origin (problem->loader, 0, loads, &error));
  g_assert_error (error, ASSIGNMENT_ERROR, ASSIGNMENT_ERROR_UNREACHABLE);
  g_assert_nonnull (strstr (error->message, "from zone 1 to zone 3"));
  g_assert_nonnull (strstr (error->message, "net.tntp"));
  g_assert_cmpfloat (loads[0], ==, 0.0);
  g_clear_error (&error);

  /* The loader is as good as before. */
  g_assert_true (assignment_loader_load_origin (problem->loader, 1, loads, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (loads[0], ==, 0.0);
  g_assert_cmpfloat (loads[1], ==, 1.0);

  assignment_files_remove (folder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assignment/loader/shortest", test_shortest);
  g_test_add_func ("/assignment/loader/parts", test_parts);
  g_test_add_func ("/assignment/loader/first-thru-node", test_first_thru_node);
  g_test_add_func ("/assignment/loader/unreachable", test_unreachable);

  return g_test_run ();
}
