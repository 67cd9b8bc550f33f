/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-plan-changes.h"

#include "run-fixture.h"

/* The plan that runs: a loop, and a list of tasks. */
static const char base[] = "{'lockstep':1,'name':'x','solver':{'command':['true'],'env':{'A':'1'}},'solvers':2,"
                           "'params':{'network':'a','tiny':[1,{'b':0.10}]},'steps':["
                           "{'repeat':5,'until':'gap < 0.1','steps':[{'step':'assign','on':'all'},{'step':'combine','on':'one'}]},"
                           "{'step':'work','tasks':[{'a':1},{'a':2, 'b':3}]}]}";

/* Each row: a piece of that text, what stands there in the other plan, and the member that its error names; NULL where
 * it is allowed. */
static const char *const changes[][3] = {
  { "'x'", "'another name'", NULL },
  { "'solvers':2", "'solvers':4,'hosts':['local'],'note':'faster'", NULL },
  { "'solvers':2", "'solvers':'auto','retries':3,'timeout':'1 h','stall':5,'late':'duplicate','give-up':7,'nice':3", NULL },
  { "'solvers':2", "'initialize':{'timeout':'9 min'}", NULL },
  { "'on':'all'", "'on':'all','title':'Assign','timeout':3,'stall':2,'retries':1,'late':'restart','give-up':'5 %'", NULL },
  { "'lockstep':1,", "\n 'lockstep': 1 ,\n", NULL },
  { "'solver':{'command':['true'],'env':{'A':'1'}}", "'solver':{'env':{'A':'\\u0031'},'command':['true']}", NULL },
  { "'solver':{", "'solver':{'memory':'3 GB',", NULL },
  { "'repeat':5", "'repeat':6", NULL },
  { "gap < 0.1", "gap < 0.2", NULL },
  { "gap < 0.1", "gap <= 0.1", NULL },
  { "gap < 0.1", "gap<1e-1", NULL },
  { "'b':3}]", "'b':3},{'a':9}]", NULL },
  { "{'a':2, 'b':3}", "{'b':3,'a':2}", NULL },

  { "'network':'a'", "'network':'b'", "params.network: " },
  { "'b':0.10", "'b':0.2", "params.tiny[1].b: " },
  { "'b':0.10", "'b':'0.10'", "params.tiny[1].b: " },
  { "'network':'a',", "", "params.network: " },
  { "'network':'a',", "'network':'a','trips':'t',", "params.trips: " },
  { "'params'", "'on-failure':'continue','params'", "on-failure: " },
  { "['true']", "['true','--fast']", "solver.command: " },
  { "'A':'1'", "'A':'2'", "solver.env.A: " },
  { "'solver':{", "'solver':{'threads':2,", "solver.threads: " },
  { "'repeat':5", "'repeat':4", "steps[0].repeat: " },
  { "gap < 0.1", "gap < 0.05", "steps[0].until: " },
  { "gap < 0.1", "gap > 0.1", "steps[0].until: " },
  { "gap < 0.1", "cost < 0.1", "steps[0].until: " },
  { "'until':'gap < 0.1',", "", "steps[0].until: " },
  { "'until':'gap < 0.1',", "'until':'gap < 0.1','otherwise':'fail',", "steps[0].otherwise: " },
  { "'assign'", "'load'", "steps[0].steps[0].step: " },
  { "'on':'all'", "'on':'one'", "steps[0].steps[0].on: " },
  { "'step':'combine'", "'params':{'c':1},'step':'combine'", "steps[0].steps[1].params: " },
  { ",{'step':'work'", ",{'step':'report','on':'one'},{'step':'work'", "steps: " },
  { "{'a':1},", "", "steps[1].tasks: " },
  { "{'a':2, 'b':3}", "{'a':2, 'b':4},{'a':5}", "steps[1].tasks: " },
  { "{'a':1},{'a':2, 'b':3}", "{'a':2, 'b':3},{'a':1}", "steps[1].tasks: " },
  { "[{'a':1},{'a':2, 'b':3}]", "7", "steps[1].tasks: " },
};

static LockstepPlan *
make_changed (const char *from,
              const char *to)
{
  g_auto (GStrv)   parts = g_strsplit (base, from, 2);
  g_autofree char *text = NULL;

  /* A row that changes nothing would test nothing. */
  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  text = g_strconcat (parts[0], to, parts[1], NULL);

  return make_plan ("%s", text);
}

static void
test_change (gconstpointer data)
{
  const char *const       *row = data;
  g_autoptr (LockstepPlan) old = make_plan ("%s", base);
  g_autoptr (LockstepPlan) new = make_changed (row[0], row[1]);
  g_autoptr (GError) error = NULL;
  const gboolean     allowed = lockstep_plan_changes_check (old, new, &error);

  if (row[2] == NULL)
    {
      g_assert_no_error (error);
      g_assert_true (allowed);
      return;
    }

  g_assert_false (allowed);
  g_assert_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER);
  if (!g_str_has_prefix (error->message, row[2]))
    g_error ("“%s” does not begin with “%s”", error->message, row[2]);
}

#define NUMBER_PLAN "{'lockstep':1,'name':'x','solver':{'command':['true']},'steps':[{'step':'work','tasks':%d}]}"

/* A number of tasks is a list as well. */
static void
test_number (void)
{
  g_autoptr (LockstepPlan) old = make_plan (NUMBER_PLAN, 10);
  g_autoptr (LockstepPlan) more = make_plan (NUMBER_PLAN, 11);
  g_autoptr (LockstepPlan) less = make_plan (NUMBER_PLAN, 9);

  g_assert_true (lockstep_plan_changes_check (old, more, NULL));
  g_assert_false (lockstep_plan_changes_check (old, less, NULL));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autofree char *path = g_strdup_printf ("/plan-changes/%02u", i);

      g_test_add_data_func (path, changes[i], test_change);
    }
  g_test_add_func ("/plan-changes/number", test_number);

  return g_test_run ();
}
