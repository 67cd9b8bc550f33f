/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-allotment.h"

#include "run-fixture.h"

#define GB G_GUINT64_CONSTANT (1000000000)

/* Each row: the plan's members, the CPUs and memory that are free, and the solvers of each host. */
static const struct
{
  const char *members;
  guint       n_cpus;
  guint64     memory;
  guint       n_solvers[3];
} rows[] = {
  { "'solver':{'command':['x']},'solvers':7", 2, GB, { 7 } },
  { "'solver':{'command':['x']}", 6, GB, { 6 } },
  { "'solver':{'command':['x'],'threads':4}", 6, GB, { 1 } },
  { "'solver':{'command':['x'],'threads':2}", 6, GB, { 3 } },
  { "'solver':{'command':['x'],'memory':'3 GB'}", 8, 10 * GB, { 3 } },
  { "'solver':{'command':['x'],'memory':'1 GB'}", 8, 10 * GB, { 8 } },
  /* There is always one. */
  { "'solver':{'command':['x'],'threads':4}", 2, GB, { 1 } },
  { "'solver':{'command':['x'],'memory':'30 GB'}", 8, 10 * GB, { 1 } },
  { "'solver':{'command':['x']}", 0, GB, { 1 } },
  /* What others leave is shared. */
  { "'solver':{'command':['x']},'hosts':['local',{'host':'local','name':'a'}]", 5, GB, { 3, 2 } },
  { "'solver':{'command':['x']},'hosts':[{'host':'local','name':'a','solvers':2},'local']", 5, GB, { 2, 3 } },
  { "'solver':{'command':['x']},'hosts':[{'host':'local','name':'a','solvers':9},'local']", 5, GB, { 9, 1 } },
  { "'solver':{'command':['x'],'memory':'1 GB'},'hosts':[{'host':'local','name':'a','solvers':4},'local',"
    "{'host':'local','name':'b'}]",
    32,
    8 * GB,
    { 4, 2, 2 } },
};

static void
test_rows (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LockstepPlan) plan = make_plan ("{'lockstep':1,%s,'steps':[{'step':'work','on':'all'}]}", rows[i].members);
      guint                    n_solvers[3] = { 0 };
      guint                    n_all = lockstep_allotment_count (plan, rows[i].n_cpus, rows[i].memory, n_solvers);

      g_test_message ("%s", rows[i].members);
      for (guint host = 0; host < G_N_ELEMENTS (n_solvers); host++)
        {
          g_assert_cmpuint (n_solvers[host], ==, rows[i].n_solvers[host]);
          n_all -= n_solvers[host];
        }
      g_assert_cmpuint (n_all, ==, 0);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/allotment/rows", test_rows);

  return g_test_run ();
}
