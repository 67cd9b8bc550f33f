/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-allotment.h"

/* @amount without @n parts of @part; 0 where there is not so much. */
static guint64
take (guint64 amount,
      guint64 n,
      guint64 part)
{
  guint64 taken;

  return g_uint64_checked_mul (&taken, n, part) && taken < amount ? amount - taken : 0;
}

guint
lockstep_allotment_count (LockstepPlan *plan,
                          guint         n_cpus,
                          guint64       memory,
                          guint        *n_solvers)
{
  const LockstepSolverSpec *solver = lockstep_plan_get_solver (plan);
  GPtrArray                *hosts = lockstep_plan_get_hosts (plan);
  guint64                   n_fixed = 0;
  guint64                   n_shared;
  guint                     n_auto = 0;
  guint                     n_all = 0;

  for (guint i = 0; i < hosts->len; i++)
    {
      const LockstepHostSpec *host = g_ptr_array_index (hosts, i);

      n_fixed += host->n_solvers;
      n_auto += host->n_solvers == 0;
    }

  n_shared = take (n_cpus, n_fixed, solver->threads) / solver->threads;
  if (solver->memory > 0)
    n_shared = MIN (n_shared, take (memory, n_fixed, solver->memory) / solver->memory);

  for (guint i = 0; i < hosts->len; i++)
    {
      const LockstepHostSpec *host = g_ptr_array_index (hosts, i);

      n_solvers[i] = host->n_solvers;
      if (host->n_solvers == 0)
        {
          /* The first ones get what does not divide. */
          n_solvers[i] = (guint) MAX ((n_shared + n_auto - 1) / n_auto, 1);
          n_shared -= MIN (n_shared, n_solvers[i]);
          n_auto--;
        }
      n_all += n_solvers[i];
    }

  return n_all;
}
