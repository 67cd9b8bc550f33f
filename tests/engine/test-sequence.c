/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-sequence.h"
#include "run-fixture.h"

static GString *looped; /* what the loops told */

static void
looped_cb (const LockstepLooped *told,
           gpointer              user_data)
{
  g_string_append_printf (looped, "%u:%u%s%s ", told->loop->index, told->iteration, told->reached ? "r" : "",
                          told->left ? "l" : "");
}

/* The steps of @plan in the order they are done, with the iterations around each; every `one` result is @result. */
static char *
walk (LockstepPlan *plan,
      const char   *result,
      GError      **error)
{
  g_autoptr (LockstepSequence) sequence = lockstep_sequence_new (plan);
  g_autoptr (GBytes)           bytes = g_bytes_new_static (result, strlen (result));
  GString                     *out = g_string_new (NULL);
  LockstepStep                *step;

  looped = g_string_new (NULL);
  while ((step = lockstep_sequence_get_step (sequence)) != NULL)
    {
      g_string_append (out, step->method);
      lockstep_sequence_append_iterations (sequence, out);
      if (!lockstep_sequence_advance (sequence, bytes, looped_cb, NULL, error))
        break;
    }

  return g_string_free (out, FALSE);
}

static void
test_steps (void)
{
  g_autoptr (LockstepPlan) plan = make_plan ("{'lockstep':1,'name':'x','solver':{'command':['true']},'steps':["
                                             "{'step':'a','on':'all'},{'step':'b','on':'one'}]}");
  g_autofree char         *steps = walk (plan, "null", NULL);

  g_assert_cmpstr (steps, ==, "a[]b[]");
  g_string_free (looped, TRUE);
}

static void
test_nested_loops (void)
{
  g_autoptr (LockstepPlan) plan = make_plan ("{'lockstep':1,'name':'x','solver':{'command':['true']},'steps':["
                                             "{'repeat':2,'steps':[{'step':'a','on':'all'},"
                                             "{'repeat':2,'steps':[{'step':'b','on':'all'}]}]},"
                                             "{'step':'c','on':'all'}]}");
  g_autofree char         *steps = walk (plan, "null", NULL);

  g_assert_cmpstr (steps, ==, "a[1]b[1,1]b[1,2]a[2]b[2,1]b[2,2]c[]");
  g_assert_cmpstr (looped->str, ==, "2:1 2:2l 0:1 2:1 2:2l 0:2l ");
  g_string_free (looped, TRUE);
}

static void
test_until (void)
{
  g_autoptr (LockstepPlan) plan = make_plan ("{'lockstep':1,'name':'x','solver':{'command':['true']},'steps':["
                                             "{'repeat':9,'until':'gap < 0.5','steps':[{'step':'a','on':'one'}]},"
                                             "{'step':'c','on':'all'}]}");
  g_autofree char         *reached = walk (plan, "{\"gap\":0.25}", NULL);
  g_autofree char         *never = NULL;

  g_assert_cmpstr (reached, ==, "a[1]c[]");
  g_assert_cmpstr (looped->str, ==, "0:1rl ");
  g_string_free (looped, TRUE);

  never = walk (plan, "{\"gap\":0.5}", NULL);
  g_assert_true (g_str_has_suffix (never, "a[9]c[]"));
  g_string_free (looped, TRUE);
}

static void
test_otherwise_fail (void)
{
  g_autoptr (LockstepPlan) plan = make_plan ("{'lockstep':1,'name':'x','solver':{'command':['true']},'steps':["
                                             "{'repeat':3,'until':'gap < 0.5','otherwise':'fail',"
                                             "'steps':[{'step':'a','on':'one'}]},{'step':'c','on':'all'}]}");
  g_autoptr (GError)       error = NULL;
  g_autofree char         *steps = walk (plan, "{\"gap\":2}", &error);

  g_assert_cmpstr (steps, ==, "a[1]a[2]a[3]");
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "gap < 0.5"));
  g_assert_nonnull (strstr (error->message, "steps[0]"));
  g_string_free (looped, TRUE);
}

static void
test_until_without_value (void)
{
  g_autoptr (LockstepPlan) plan = make_plan ("{'lockstep':1,'name':'x','solver':{'command':['true']},'steps':["
                                             "{'repeat':3,'until':'gap < 0.5','steps':[{'step':'a','on':'one'}]}]}");
  g_autoptr (GError)       error = NULL;
  g_autofree char         *steps = walk (plan, "{\"gape\":2,\"other\":1}", &error);

  g_assert_cmpstr (steps, ==, "a[1]");
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "gape"));
  g_assert_nonnull (strstr (error->message, "steps[0].until"));
  g_string_free (looped, TRUE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sequence/steps", test_steps);
  g_test_add_func ("/sequence/nested-loops", test_nested_loops);
  g_test_add_func ("/sequence/until", test_until);
  g_test_add_func ("/sequence/otherwise-fail", test_otherwise_fail);
  g_test_add_func ("/sequence/until-without-value", test_until_without_value);

  return g_test_run ();
}
