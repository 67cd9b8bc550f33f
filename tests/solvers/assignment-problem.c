/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "assignment-problem.h"

#include "assignment-cost.h"

AssignmentProblem *
assignment_problem_read (const char *network_path,
                         const char *trips_path)
{
  g_autoptr (GError) error = NULL;
  AssignmentProblem *problem;

  if (!network_path || !trips_path)
    return NULL;

  problem = g_new0 (AssignmentProblem, 1);
  problem->network = assignment_network_read (network_path, &error);
  g_assert_no_error (error);
  problem->demand = assignment_demand_read (trips_path, problem->network, &error);
  g_assert_no_error (error);
  problem->loader = assignment_loader_new (problem->network, problem->demand);

  return problem;
}

void
assignment_problem_free (AssignmentProblem *problem)
{
  assignment_loader_free (problem->loader);
  assignment_demand_free (problem->demand);
  assignment_network_free (problem->network);
  g_free (problem);
}

double *
assignment_problem_load (AssignmentProblem *problem,
                         const double      *flows,
                         guint              parts)
{
  guint              n_links = problem->network->n_links;
  g_autofree double *times = g_new (double, n_links);
  double            *loads = g_new0 (double, n_links);
  g_autoptr (GError) error = NULL;

  assignment_cost_get_times (problem->network, flows, times);
  assignment_loader_set_times (problem->loader, times);

  for (guint part = 0; part < parts; part++)
    {
      g_autofree double *part_loads = g_new0 (double, n_links);

      for (guint i = part; i < problem->demand->n_origins; i += parts)
        {
          assignment_loader_load_origin (problem->loader, i, part_loads, &error);
          g_assert_no_error (error);
        }
      for (guint link = 0; link < n_links; link++)
        loads[link] += part_loads[link];
    }

  return loads;
}

AssignmentState *
assignment_problem_solve (AssignmentProblem *problem,
                          guint              parts,
                          double             gap,
                          guint              most,
                          guint             *iterations)
{
  g_autoptr (AssignmentState) state = NULL;
  guint                       i;

  for (i = 0; i < most && !(state && state->gap <= gap); i++)
    {
      g_autofree double          *loads = assignment_problem_load (problem, state ? state->flows : NULL, parts);
      g_autoptr (AssignmentState) before = g_steal_pointer (&state);

      state = before ? assignment_state_next (problem->network, before, loads)
                     : assignment_state_new (problem->network, loads);
      if (before)
        g_assert_cmpfloat (state->objective, <=, before->objective * (1 + 1e-14));
    }

  if (iterations)
    *iterations = i;

  return g_steal_pointer (&state);
}
