/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-plan.h"

/* What --set makes of a plan. */

/* A plan around @members. */
#define MEMBERS(members) "{\"lockstep\": 1, \"solver\": {\"command\": [\"s\"]}, " members ", \"steps\": [{\"step\": \"a\", \"on\": \"all\"}]}"

static LockstepPlan *
read_text (const char        *text,
           const char *const *settings)
{
  g_autoptr (GError) error = NULL;
  LockstepPlan      *plan = lockstep_plan_new_from_text (text, strlen (text), "/", settings, &error);

  g_assert_no_error (error);
  g_assert_nonnull (plan);
  return plan;
}

static void
assert_setting_refused (const char *text,
                        const char *setting,
                        const char *part)
{
  const char *const        settings[] = { setting, NULL };
  g_autoptr (GError)       error = NULL;
  g_autoptr (LockstepPlan) plan = lockstep_plan_new_from_text (text, strlen (text), "/", settings, &error);

  g_assert_null (plan);
  g_assert_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, setting));
  g_assert_nonnull (strstr (error->message, part));
}

static void
assert_bytes (GBytes     *bytes,
              const char *expected)
{
  gsize       length;
  const char *data = g_bytes_get_data (bytes, &length);

  g_assert_cmpmem (data, length, expected, strlen (expected));
}

static void
test_settings (void)
{
  static const char        text[] = MEMBERS ("\"params\": { \"network\": \"a\", \"list\": [1, {\"b\": 0.10}],"
                                                    " \"mean delay\": 1 },\n  \"name\": \"n\"");
  static const char *const settings[] = {
    "solvers=3",
    "params.network=b=c.tntp",
    "params.list.1.b=5e-324",
    "params.list[0]=[1, 2]",
    "params.new.deep.er=9223372036854775807",
    "params[\"mean delay\"]= 0.30 ",
    "params.text=\"5\"",
    "params.empty=",
    "steps[0].retries=2",
    "steps.0.on=one",
    "note=two words",
    NULL
  };
  g_autoptr (LockstepPlan) plan = read_text (text, settings);

  g_assert_cmpuint (lockstep_plan_get_n_solvers (plan), ==, 3);
  g_assert_cmpstr (lockstep_plan_get_note (plan), ==, "two words");
  g_assert_cmpuint (lockstep_plan_get_step (plan, 0)->policy.retries, ==, 2);
  g_assert_cmpint (lockstep_plan_get_step (plan, 0)->kind, ==, LOCKSTEP_STEP_ONE);
  assert_bytes (lockstep_plan_get_params (plan),
                "{ \"network\": \"b=c.tntp\", \"list\": [[1, 2], {\"b\": 5e-324}], \"mean delay\": 0.30, "
                "\"new\": {\"deep\": {\"er\": 9223372036854775807}}, \"text\": \"5\", \"empty\": \"\" }");
  assert_bytes (lockstep_plan_get_text (plan),
                "{\"lockstep\": 1, \"solver\": {\"command\": [\"s\"]}, "
                "\"params\": { \"network\": \"b=c.tntp\", \"list\": [[1, 2], {\"b\": 5e-324}], \"mean delay\": 0.30, "
                "\"new\": {\"deep\": {\"er\": 9223372036854775807}}, \"text\": \"5\", \"empty\": \"\" },\n"
                "  \"name\": \"n\", \"steps\": [{\"step\": \"a\", \"on\": \"one\", \"retries\": 2}], "
                "\"solvers\": 3, \"note\": \"two words\"}");
}

static void
test_settings_refused (void)
{
  static const char text[] = MEMBERS ("\"params\": {\"a\": 1}");
  g_autofree char  *deep = g_strnfill (128, '[');
  g_autofree char  *deep_end = g_strnfill (128, ']');
  g_autofree char  *deep_setting = g_strconcat ("params.a=", deep, deep_end, NULL);

  assert_setting_refused (text, "solvers", "expected MEMBER=VALUE");
  assert_setting_refused (text, "=5", "expected MEMBER=VALUE");
  assert_setting_refused (text, "params..a=5", "expected MEMBER=VALUE");
  assert_setting_refused (text, "params.=5", "expected MEMBER=VALUE");
  assert_setting_refused (text, "steps[0=5", "expected MEMBER=VALUE");
  assert_setting_refused (text, "steps[x].on=5", "expected MEMBER=VALUE");
  assert_setting_refused (text, "steps[0]on=5", "expected MEMBER=VALUE");
  assert_setting_refused (text, "", "expected MEMBER=VALUE");
  assert_setting_refused (text, "steps.5.repeat=5", "“steps” is a list of 1 element, and [5] is not in it");
  assert_setting_refused (text, "steps[99999999999999999999].repeat=5", "is not in it");
  assert_setting_refused (text, "steps.on=5", "“steps” is a list of 1 element");
  assert_setting_refused (text, "params.a.b=5", "“params.a” is the number 1");
  assert_setting_refused (text, "params[0]=5", "“params” is an object");
  assert_setting_refused (text, "params.b[0]=5", "there is no list");
  assert_setting_refused (text, "params.a=1e400", "1e400");
  assert_setting_refused (text, deep_setting, "params.a");
}

/* What a setting makes of a plan is checked as if it had been written. */
static void
test_settings_are_validated (void)
{
  static const char        text[] = MEMBERS ("\"params\": {\"a\": 1}");
  static const char *const solvers[] = { "solvers=many", NULL };
  static const char *const unknown[] = { "stpes=[]", NULL };
  g_autoptr (GError)       error = NULL;

  g_assert_null (lockstep_plan_new_from_text (text, strlen (text), "/", solvers, &error));
  g_assert_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER);
  g_assert_true (g_str_has_prefix (error->message, "solvers: expected \"auto\""));
  g_clear_error (&error);

  g_assert_null (lockstep_plan_new_from_text (text, strlen (text), "/", unknown, &error));
  g_assert_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER);
  g_assert_true (g_str_has_prefix (error->message, "stpes: unknown member; did you mean “steps”?"));
}

static void
test_settings_do_not_hide_syntax (void)
{
  static const char        text[] = "{\"lockstep\": 1,\n oops}";
  static const char *const settings[] = { "solvers=2", NULL };
  g_autoptr (GError)       error = NULL;

  g_assert_null (lockstep_plan_new_from_text (text, strlen (text), "/", settings, &error));
  g_assert_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_SYNTAX);
  g_assert_nonnull (strstr (error->message, "line 2, column 2"));
}

static void
test_nothing_in_an_empty_object (void)
{
  static const char *const settings[] = { "params.a.b=1", NULL };
  g_autoptr (LockstepPlan) plan = read_text (MEMBERS ("\"params\": { }"), settings);

  assert_bytes (lockstep_plan_get_params (plan), "{\"a\": {\"b\": 1} }");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plan-settings/settings", test_settings);
  g_test_add_func ("/plan-settings/settings-refused", test_settings_refused);
  g_test_add_func ("/plan-settings/settings-are-validated", test_settings_are_validated);
  g_test_add_func ("/plan-settings/settings-do-not-hide-syntax", test_settings_do_not_hide_syntax);
  g_test_add_func ("/plan-settings/setting-in-an-empty-object", test_nothing_in_an_empty_object);

  return g_test_run ();
}
