/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>

#include "lockstep-plan.h"

/* A plan around @steps, and one around @members and a step that is right. */
#define STEPS(steps)     "{\"lockstep\": 1, \"solver\": {\"command\": [\"s\"]}, \"steps\": [" steps "]}"
#define STEP             "\"steps\": [{\"step\": \"a\", \"on\": \"all\"}]"
#define MEMBERS(members) "{\"lockstep\": 1, \"solver\": {\"command\": [\"s\"]}, " members ", " STEP "}"
#define SOLVER(members)  "{\"lockstep\": 1, \"solver\": {" members "}, " STEP "}"

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

/* @text is refused with a message that begins with @prefix and has the strings after it (ended by NULL) in it. */
static void
assert_refused (LockstepPlanError code,
                const char       *text,
                const char       *prefix,
                ...) G_GNUC_NULL_TERMINATED;

static void
assert_refused (LockstepPlanError code,
                const char       *text,
                const char       *prefix,
                ...)
{
  g_autoptr (GError)       error = NULL;
  g_autoptr (LockstepPlan) plan = lockstep_plan_new_from_text (text, strlen (text), "/nowhere", NULL, &error);
  const char              *part;
  va_list                  parts;

  g_assert_null (plan);
  g_assert_error (error, LOCKSTEP_PLAN_ERROR, (int) code);
  g_test_message ("%s", error->message);
  g_assert_cmpint (strncmp (error->message, prefix, strlen (prefix)), ==, 0);

  va_start (parts, prefix);
  while ((part = va_arg (parts, const char *)) != NULL)
    g_assert_nonnull (strstr (error->message, part));
  va_end (parts);
}

#define assert_member(text, ...) assert_refused (LOCKSTEP_PLAN_ERROR_MEMBER, text, __VA_ARGS__, NULL)

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
test_demonstration (void)
{
  static const char text[] =
    "{ \"lockstep\": 1,\n"
    "  \"name\": \"Demonstration\",\n"
    "  \"solver\": { \"command\": [\"lockstep-demo-solver\"] },\n"
    "  \"steps\": [\n"
    "    { \"step\": \"step1\", \"on\": \"all\" },\n"
    "    { \"step\": \"step2\", \"on\": \"all\" },\n"
    "    { \"step\": \"step3\", \"on\": \"all\" } ] }\n";
  g_autoptr (LockstepPlan)  plan = read_text (text, NULL);
  const LockstepSolverSpec *solver = lockstep_plan_get_solver (plan);
  GPtrArray                *steps = lockstep_plan_get_steps (plan);

  assert_bytes (lockstep_plan_get_text (plan), text);
  g_assert_cmpstr (lockstep_plan_get_name (plan), ==, "Demonstration");
  g_assert_null (lockstep_plan_get_note (plan));
  g_assert_null (lockstep_plan_get_file (plan));
  g_assert_cmpstr (lockstep_plan_get_directory (plan), ==, "/");
  g_assert_cmpuint (lockstep_plan_get_n_solvers (plan), ==, 0);
  g_assert_cmpint (lockstep_plan_get_nice (plan), ==, 10);
  g_assert_cmpfloat (lockstep_plan_get_initialize_timeout (plan), ==, 10.0);
  assert_bytes (lockstep_plan_get_params (plan), "{}");

  g_assert_cmpuint (g_strv_length (solver->command), ==, 1);
  g_assert_cmpstr (solver->command[0], ==, "lockstep-demo-solver");
  g_assert_cmpuint (g_strv_length (solver->env), ==, 0);
  g_assert_cmpstr (solver->directory, ==, "/");
  g_assert_cmpuint (solver->threads, ==, 1);
  g_assert_cmpuint (solver->memory, ==, 0);

  g_assert_cmpuint (steps->len, ==, 3);
  for (guint i = 0; i < steps->len; i++)
    {
      const LockstepStep *step = g_ptr_array_index (steps, i);
      g_autofree char    *method = g_strdup_printf ("step%u", i + 1);
      g_autofree char    *path = g_strdup_printf ("steps[%u]", i);

      g_assert_true (lockstep_plan_get_step (plan, i) == step);
      g_assert_cmpint (step->kind, ==, LOCKSTEP_STEP_ALL);
      g_assert_cmpuint (step->index, ==, i);
      g_assert_cmpstr (step->path, ==, path);
      g_assert_cmpstr (step->method, ==, method);
      g_assert_cmpstr (step->title, ==, method);
      g_assert_null (step->params);
      g_assert_cmpuint (step->policy.retries, ==, 0);
      g_assert_cmpfloat (step->policy.timeout, ==, 0.0);
      g_assert_cmpfloat (step->policy.stall, ==, 0.0);
      g_assert_cmpint (step->policy.late, ==, LOCKSTEP_LATE_WAIT);
      g_assert_true (step->policy.stop_on_failure);
      g_assert_cmpfloat (step->policy.give_up_share, <, 0.0);
      g_assert_cmpint (step->policy.give_up_count, <, 0);
    }
  g_assert_null (lockstep_plan_get_step (plan, 3));
}

static void
test_iterative (void)
{
  g_autoptr (LockstepPlan) plan = read_text (
    "{ \"lockstep\": 1,\n"
    "  \"name\": \"City, morning peak\",\n"
    "  \"note\": \"2027 demand, signal plan B\",\n"
    "  \"solver\": { \"command\": [\"lockstep-assignment-solver\"], \"memory\": \"2 GB\" },\n"
    "  \"params\": { \"network\": \"city_net.tntp\", \"trips\": \"city_trips.tntp\" },\n"
    "  \"initialize\": { \"timeout\": \"5 min\" },\n"
    "  \"steps\": [\n"
    "    { \"repeat\": 500, \"until\": \"gap < 1e-6\", \"otherwise\": \"continue\",\n"
    "      \"steps\": [\n"
    "        { \"step\": \"assign\",  \"on\": \"all\", \"stall\": \"10 min\", \"late\": \"duplicate\" },\n"
    "        { \"step\": \"combine\", \"on\": \"one\" } ] },\n"
    "    { \"step\": \"report\", \"on\": \"one\" } ],\n"
    "  \"retries\": 2 }\n",
    NULL);
  GPtrArray          *steps = lockstep_plan_get_steps (plan);
  const LockstepStep *loop, *assign, *combine, *report;

  g_assert_cmpstr (lockstep_plan_get_name (plan), ==, "City, morning peak");
  g_assert_cmpstr (lockstep_plan_get_note (plan), ==, "2027 demand, signal plan B");
  g_assert_cmpuint (lockstep_plan_get_solver (plan)->memory, ==, 2000000000);
  assert_bytes (lockstep_plan_get_params (plan), "{ \"network\": \"city_net.tntp\", \"trips\": \"city_trips.tntp\" }");
  g_assert_cmpfloat (lockstep_plan_get_initialize_timeout (plan), ==, 300.0);

  g_assert_cmpuint (steps->len, ==, 2);
  loop = lockstep_plan_get_step (plan, 0);
  assign = lockstep_plan_get_step (plan, 1);
  combine = lockstep_plan_get_step (plan, 2);
  report = lockstep_plan_get_step (plan, 3);

  g_assert_true (g_ptr_array_index (steps, 0) == loop);
  g_assert_true (g_ptr_array_index (steps, 1) == report);
  g_assert_cmpint (loop->kind, ==, LOCKSTEP_STEP_LOOP);
  g_assert_cmpuint (loop->repeat, ==, 500);
  g_assert_cmpstr (lockstep_condition_get_text (loop->until), ==, "gap < 1e-6");
  g_assert_false (loop->fail_otherwise);
  g_assert_cmpuint (loop->steps->len, ==, 2);
  g_assert_true (g_ptr_array_index (loop->steps, 0) == assign);

  g_assert_cmpstr (assign->path, ==, "steps[0].steps[0]");
  g_assert_cmpint (assign->kind, ==, LOCKSTEP_STEP_ALL);
  g_assert_cmpfloat (assign->policy.stall, ==, 600.0);
  g_assert_cmpint (assign->policy.late, ==, LOCKSTEP_LATE_DUPLICATE);
  g_assert_cmpuint (assign->policy.retries, ==, 2);
  g_assert_cmpint (combine->kind, ==, LOCKSTEP_STEP_ONE);
  g_assert_cmpint (combine->policy.late, ==, LOCKSTEP_LATE_WAIT);
  g_assert_cmpstr (report->method, ==, "report");
}

/* The third plan of docs/plan-format.md, which runs a program. */
static void
test_program_plan (void)
{
  static const char text[] =
    "{ \"lockstep\": 1,\n"
    "  \"name\": \"Ramp metering, 2,000 runs\",\n"
    "  \"program\": {\n"
    "    \"command\": [\"./bin/netsim\", \"case.nml\"],\n"
    "    \"threads\": 2, \"memory\": \"3 GB\",\n"
    "    \"files\": {\n"
    "      \"case.nml\":  { \"template\": \"case.nml.in\" },\n"
    "      \"net.dat\":   { \"link\": \"data/net.dat\" },\n"
    "      \"state.rst\": { \"copy\": \"data/warm.rst\" } },\n"
    "    \"progress\":  { \"match\": \"TIME = {number}\", \"of\": \"{t_end}\" },\n"
    "    \"values\":    { \"queue\": \"total queue {number}\" },\n"
    "    \"results\": {\n"
    "      \"delay\": { \"match\": \"MEAN DELAY {number}\" },\n"
    "      \"vkt\":   { \"file\": \"out.csv\", \"column\": \"vkt\", \"row\": \"last\" },\n"
    "      \"los\":   { \"file\": \"summary.json\", \"member\": \"network.los\", \"optional\": true } },\n"
    "    \"succeeds\": { \"exit\": [0], \"file\": \"done.flag\" },\n"
    "    \"fails-if\": [\"FATAL\", \"NaN\"],\n"
    "    \"keep\": \"failed\",\n"
    "    \"collect\": [\"out.csv\"] },\n"
    "  \"params\": { \"t_end\": 7200 },\n"
    "  \"steps\": [\n"
    "    { \"title\": \"Runs\",\n"
    "      \"tasks\": { \"csv\": \"designs.csv\", \"grid\": { \"seed\": { \"from\": 1, \"to\": 5, \"count\": 5 } } },\n"
    "      \"timeout\": \"40 min\", \"stall\": \"8 min\", \"give-up\": \"20 %\" } ],\n"
    "  \"retries\": 1 }\n";

  assert_member (text, "program: ", "not available in this version of Lockstep");
}

/* The fourth, which runs one on other hosts. */
static void
test_cluster_plan (void)
{
  static const char text[] =
    "{ \"lockstep\": 1,\n"
    "  \"name\": \"Ramp metering, lab and cluster\",\n"
    "  \"program\": {\n"
    "    \"command\": [\"netsim\", \"case.nml\"], \"threads\": 4, \"memory\": \"3 GB\",\n"
    "    \"files\": { \"case.nml\": { \"template\": \"case.nml.in\" }, \"net.dat\": { \"link\": \"data/net.dat\" } },\n"
    "    \"results\": { \"delay\": { \"match\": \"MEAN DELAY {number}\" } } },\n"
    "  \"hosts\": [\n"
    "    { \"host\": \"local\", \"solvers\": 2 },\n"
    "    { \"host\": \"ssh://node1\", \"prepare\": [\"export PATH=/opt/netsim:$PATH\"] },\n"
    "    { \"host\": \"slurm+ssh://login.uni\", \"name\": \"department\",\n"
    "      \"slurm\": { \"nodes\": 4, \"partition\": \"short\", \"account\": \"traffic\", \"time\": \"24 h\",\n"
    "                 \"options\": [\"--constraint=avx2\"] },\n"
    "      \"prepare\": [\"module load gcc/12 netsim\"], \"directory\": \"$SCRATCH/lockstep\" } ],\n"
    "  \"steps\": [\n"
    "    { \"tasks\": { \"sample\": { \"alpha\": { \"from\": 0.2, \"to\": 0.8 },\n"
    "                             \"cycle\": { \"from\": 60, \"to\": 120, \"integer\": true } },\n"
    "                 \"method\": \"latin\", \"count\": 2000, \"seed\": 7 } } ],\n"
    "  \"retries\": 1 }\n";

  assert_member (text, "program: ", "not available in this version of Lockstep");
}

static void
test_numbers_survive (void)
{
#define NUMBERS     "\"a\": 9223372036854775807, \"b\":1e-10, \"c\" : 5e-324, \"d\": 1e22, \"e\": 0.10, \"f\": -0, \"g\": 1E+2"
#define LONG        "\"h\": 0.1000000000000000055511151231257827, \"i\": \"\\u0000 \\ud83d\\ude00 é\", \"j\": 12345678901234567890"
#define STEP_PARAMS "{ \"x\": [0.10, 1e-10, {\"y\": 1.0e0}] }"
  static const char text[] =
    "{\"lockstep\": 1, \"solver\": {\"command\": [\"s\"]}, \"params\": {" NUMBERS ",\r\n" LONG "},"
    "\"steps\": [{\"step\": \"a\", \"on\": \"all\", \"params\": " STEP_PARAMS "}]}";
  static const char *const settings[] = { "solvers=3", "params.k=0.10", NULL };
  g_autoptr (LockstepPlan) plan = read_text (text, NULL);
  g_autoptr (LockstepPlan) set = read_text (text, settings);

  /* Line breaks become spaces, because a message is one line; nothing else changes. */
  assert_bytes (lockstep_plan_get_text (plan), text);
  assert_bytes (lockstep_plan_get_params (plan), "{" NUMBERS ",  " LONG "}");
  assert_bytes (lockstep_plan_get_step (plan, 0)->params, STEP_PARAMS);
  assert_bytes (lockstep_plan_get_params (set), "{" NUMBERS ",  " LONG ", \"k\": 0.10}");
  assert_bytes (lockstep_plan_get_step (set, 0)->params, STEP_PARAMS);
#undef NUMBERS
#undef LONG
#undef STEP_PARAMS
}

static void
test_policy (void)
{
  g_autoptr (LockstepPlan) plan = read_text (
    "{\"lockstep\": 1, \"solver\": {\"command\": [\"s\"]}, \"solvers\": 4, \"nice\": -3, \"initialize\": {\"timeout\": 0},\n"
    " \"retries\": 3, \"timeout\": \"1 h\", \"stall\": 60, \"late\": \"restart\", \"give-up\": \"20 %\",\n"
    " \"steps\": [{\"step\": \"a\", \"on\": \"all\"},\n"
    "  {\"step\": \"b\", \"on\": \"one\", \"retries\": 0, \"timeout\": 0, \"stall\": \"2 d\", \"late\": \"wait\",\n"
    "   \"on-failure\": \"continue\", \"give-up\": 5, \"title\": \"The second\"},\n"
    "  {\"step\": \"c\", \"tasks\": 3}]}",
    NULL);
  const LockstepPolicy *a = &lockstep_plan_get_step (plan, 0)->policy;
  const LockstepPolicy *b = &lockstep_plan_get_step (plan, 1)->policy;
  const LockstepPolicy *c = &lockstep_plan_get_step (plan, 2)->policy;

  g_assert_cmpuint (lockstep_plan_get_n_solvers (plan), ==, 4);
  g_assert_cmpint (lockstep_plan_get_nice (plan), ==, -3);
  g_assert_cmpfloat (lockstep_plan_get_initialize_timeout (plan), ==, 0.0);

  g_assert_cmpuint (a->retries, ==, 3);
  g_assert_cmpfloat (a->timeout, ==, 3600.0);
  g_assert_cmpfloat (a->stall, ==, 60.0);
  g_assert_cmpint (a->late, ==, LOCKSTEP_LATE_RESTART);
  g_assert_true (a->stop_on_failure);
  g_assert_cmpfloat (a->give_up_share, ==, 0.2);
  g_assert_cmpint (a->give_up_count, ==, -1);

  g_assert_cmpuint (b->retries, ==, 0);
  g_assert_cmpfloat (b->timeout, ==, 0.0);
  g_assert_cmpfloat (b->stall, ==, 172800.0);
  g_assert_cmpint (b->late, ==, LOCKSTEP_LATE_WAIT);
  g_assert_false (b->stop_on_failure);
  g_assert_cmpfloat (b->give_up_share, <, 0.0);
  g_assert_cmpint (b->give_up_count, ==, 5);
  g_assert_cmpstr (lockstep_plan_get_step (plan, 1)->title, ==, "The second");

  g_assert_cmpint (lockstep_plan_get_step (plan, 2)->kind, ==, LOCKSTEP_STEP_TASKS);
  g_assert_false (c->stop_on_failure);
}

static void
test_policy_default_for_tasks (void)
{
  g_autoptr (LockstepPlan) plan = read_text (
    "{\"lockstep\": 1, \"solver\": {\"command\": [\"s\"]}, \"on-failure\": \"stop\", \"solvers\": \"auto\",\n"
    " \"steps\": [{\"step\": \"c\", \"tasks\": 3}]}",
    NULL);

  g_assert_true (lockstep_plan_get_step (plan, 0)->policy.stop_on_failure);
  g_assert_cmpuint (lockstep_plan_get_n_solvers (plan), ==, 0);
}

static void
test_loops (void)
{
  g_autoptr (LockstepPlan) plan = read_text (
    STEPS ("{\"repeat\": 2, \"until\": \"gap < 1\", \"otherwise\": \"fail\", \"steps\": ["
           "  {\"step\": \"a\", \"on\": \"all\"},"
           "  {\"repeat\": 3, \"title\": \"Inner\", \"steps\": [{\"step\": \"b\", \"on\": \"one\"}]}]},"
           "{\"repeat\": 1, \"steps\": [{\"step\": \"c\", \"on\": \"all\"}]}"),
    NULL);
  static const char *const paths[] = {
    "steps[0]", "steps[0].steps[0]", "steps[0].steps[1]", "steps[0].steps[1].steps[0]", "steps[1]", "steps[1].steps[0]"
  };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_assert_cmpstr (lockstep_plan_get_step (plan, i)->path, ==, paths[i]);
      g_assert_cmpuint (lockstep_plan_get_step (plan, i)->index, ==, i);
    }
  g_assert_null (lockstep_plan_get_step (plan, G_N_ELEMENTS (paths)));

  g_assert_null (lockstep_plan_get_step (plan, 0)->parent);
  g_assert_true (lockstep_plan_get_step (plan, 3)->parent == lockstep_plan_get_step (plan, 2));
  g_assert_true (lockstep_plan_get_step (plan, 2)->parent == lockstep_plan_get_step (plan, 0));
  g_assert_true (lockstep_plan_get_step (plan, 0)->fail_otherwise);
  g_assert_cmpstr (lockstep_plan_get_step (plan, 0)->title, ==, "Until gap < 1");
  g_assert_cmpstr (lockstep_plan_get_step (plan, 2)->title, ==, "Inner");
  g_assert_null (lockstep_plan_get_step (plan, 2)->until);
  g_assert_cmpstr (lockstep_plan_get_step (plan, 4)->title, ==, "1 time");
}

static void
test_syntax (void)
{
  assert_refused (LOCKSTEP_PLAN_ERROR_SYNTAX, "", "The plan is not JSON: ", "line 1, column 1", NULL);
  assert_refused (LOCKSTEP_PLAN_ERROR_SYNTAX, "{\"lockstep\": 1,\n  \"name\" 5}", "The plan is not JSON: ", "line 2, column 10", NULL);
  assert_refused (LOCKSTEP_PLAN_ERROR_SYNTAX, "{\"lockstep\": 1,\n\n}", "The plan is not JSON: ", "line 3, column 1", NULL);
  assert_refused (LOCKSTEP_PLAN_ERROR_SYNTAX, "{'lockstep': 1}", "The plan is not JSON: ", "line 1, column 2", NULL);
  assert_refused (LOCKSTEP_PLAN_ERROR_SYNTAX, MEMBERS ("\"params\": {\"a\": 1e400}"), "The plan is not JSON: ", "line 1", NULL);
  assert_refused (LOCKSTEP_PLAN_ERROR_SYNTAX, MEMBERS ("\"params\": {\"a\": NaN}"), "The plan is not JSON: ", "line 1", NULL);
  assert_refused (LOCKSTEP_PLAN_ERROR_SYNTAX, MEMBERS ("\"name\": \"\\ud800\""), "The plan is not JSON: ", "line 1", NULL);
}

static void
test_version (void)
{
  assert_member ("[]", "The plan: expected an object, found an empty list");
  assert_member ("{\"solver\": {}}", "lockstep: missing; expected 1");
  assert_member ("{\"lockstep\": \"1\"}", "lockstep: expected 1, found the string \"1\"");
  assert_member ("{\"lockstep\": 0}", "lockstep: expected 1, found the number 0");
  assert_member ("{\"lockstep\": 2, \"unheard-of\": 1}", "lockstep: ", "version 2", "reads version 1", "newer Lockstep");
}

static void
test_unknown_members (void)
{
  assert_member (MEMBERS ("\"solvrs\": 2"), "solvrs: unknown member; did you mean “solvers”?");
  assert_member (MEMBERS ("\"on_failure\": \"stop\""), "on_failure: ", "“on-failure”");
  assert_member (MEMBERS ("\"Name\": \"x\""), "Name: ", "“name”");
  assert_member (MEMBERS ("\"colour\": 1"), "colour: unknown member; the members known here are lockstep, name, note, ");
  assert_member (SOLVER ("\"comand\": [\"s\"]"), "solver.comand: ", "“command”");
  assert_member (MEMBERS ("\"initialize\": {\"tiemout\": 5}"), "initialize.tiemout: ", "“timeout”");
  assert_member (STEPS ("{\"step\": \"a\", \"on\": \"all\"}, {\"step\": \"b\", \"no\": \"all\"}"), "steps[1].no: ", "“on”");
  assert_member (STEPS ("{\"repeat\": 2, \"steps\": [{\"step\": \"a\", \"on\": \"one\", \"retires\": 3}]}"),
                 "steps[0].steps[0].retires: ", "“retries”");
  assert_member (STEPS ("{\"repeat\": 2, \"utnil\": \"gap < 1\", \"steps\": []}"), "steps[0].utnil: ", "“until”");
  assert_member (MEMBERS ("\"hosts\": [{\"hots\": \"local\"}]"), "hosts[0].hots: ", "“host”");
  assert_member (MEMBERS ("\"a\\u001b[31m\": 1"), "[\"a\\u001b[31m\"]: unknown member");
}

static void
test_duplicates (void)
{
  assert_member (MEMBERS ("\"name\": \"a\", \"name\": \"b\""), "name: stands twice");
  assert_member (MEMBERS ("\"name\": \"a\", \"na\\u006de\": \"b\""), "[\"na\\u006de\"]: stands twice");
  assert_member (MEMBERS ("\"params\": {\"a\": [{\"b\": 1, \"b\": 1}]}"), "params.a[0].b: stands twice");
  assert_member (STEPS ("{\"step\": \"a\", \"on\": \"all\", \"on\": \"one\"}"), "steps[0].on: stands twice");
}

static void
test_types (void)
{
  assert_member (MEMBERS ("\"name\": 5"), "name: expected a string, found the number 5");
  assert_member (MEMBERS ("\"name\": \" \""), "name: may not be empty");
  assert_member (MEMBERS ("\"name\": \"a\\nb\""), "name: expected one line without control characters, found U+000A");
  assert_member (MEMBERS ("\"name\": \"a\\u009bb\""), "name: ", "U+009B");
  assert_member (MEMBERS ("\"name\": \"a\\u0000b\""), "name: the character \\u0000");
  assert_member (MEMBERS ("\"note\": []"), "note: expected a string, found an empty list");
  assert_member (MEMBERS ("\"params\": [1]"), "params: expected an object, found a list");
  assert_member (MEMBERS ("\"initialize\": 5"), "initialize: expected an object, found the number 5");
  assert_member (MEMBERS ("\"initialize\": {\"timeout\": \"soon\"}"), "initialize.timeout: expected seconds", "found the string \"soon\"");
  assert_member (MEMBERS ("\"solvers\": 0"), "solvers: expected \"auto\" or a whole number from 1", "found the number 0");
  assert_member (MEMBERS ("\"solvers\": 2.5"), "solvers: ", "found the number 2.5");
  assert_member (MEMBERS ("\"solvers\": \"all\""), "solvers: ", "found the string \"all\"");
  assert_member (MEMBERS ("\"nice\": 20"), "nice: expected a whole number from -20 to 19, found the number 20");
  assert_member (MEMBERS ("\"nice\": null"), "nice: ", "found null");
  assert_member (MEMBERS ("\"retries\": -1"), "retries: expected a whole number", "found the number -1");
  assert_member (MEMBERS ("\"late\": \"never\""), "late: expected \"wait\", \"duplicate\" or \"restart\", found the string \"never\"");
  assert_member (MEMBERS ("\"on-failure\": true"), "on-failure: expected \"continue\" or \"stop\", found true");
  assert_member (MEMBERS ("\"give-up\": \"120 %\""), "give-up: expected a share such as \"20 %\"");
  assert_member (STEPS ("{\"step\": \"a\", \"on\": \"all\", \"timeout\": -5}"), "steps[0].timeout: expected seconds", "the number -5");
  assert_member (STEPS ("{\"step\": \"a\", \"on\": \"all\", \"stall\": {}}"), "steps[0].stall: expected seconds", "an empty object");
  assert_member (STEPS ("{\"step\": \"a\", \"on\": \"all\", \"params\": \"x\"}"), "steps[0].params: expected an object");
  assert_member (STEPS ("{\"step\": \"a\", \"on\": \"all\", \"nice\": 5}"), "steps[0].nice: ", "not available in this version");
}

static void
test_long_values_are_clipped (void)
{
  g_autofree char   *long_text = g_strnfill (100000, 'x');
  g_autofree char   *text = g_strdup_printf ("{\"lockstep\": 1, \"solvers\": \"é%s\", \"solver\": {\"command\": [\"s\"]},"
                                               "\"steps\": []}",
                                             long_text);
  g_autoptr (GError) error = NULL;

  g_assert_null (lockstep_plan_new_from_text (text, strlen (text), "/", NULL, &error));
  g_assert_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER);
  g_assert_cmpuint (strlen (error->message), <, 200);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static void
test_solver_or_program (void)
{
  assert_member ("{\"lockstep\": 1, \"steps\": []}", "solver: missing");
  assert_member (MEMBERS ("\"program\": {}"), "program: ", "has both");
  assert_member ("{\"lockstep\": 1, \"program\": {}, \"steps\": []}", "program: ", "not available in this version");
  assert_member (MEMBERS ("\"files\": [\"data\"]"), "files: ", "not available in this version");
}

static void
test_solver (void)
{
  g_autoptr (LockstepPlan) plan = read_text (
    SOLVER ("\"command\": [\"s\", \"-x\", \"\"], \"env\": {\"A\": \"b=c\", \"N\": 0.10, \"E\": \"\"}, \"directory\": \"usr/..\","
            "\"threads\": 3, \"memory\": \"3 GiB\""),
    NULL);
  const LockstepSolverSpec *solver = lockstep_plan_get_solver (plan);
  static const char *const  command[] = { "s", "-x", "", NULL };
  static const char *const  env[] = { "A=b=c", "N=0.10", "E=", NULL };

  g_assert_cmpstrv (solver->command, command);
  g_assert_cmpstrv (solver->env, env);
  g_assert_cmpstr (solver->directory, ==, "/");
  g_assert_cmpuint (solver->threads, ==, 3);
  g_assert_cmpuint (solver->memory, ==, 3221225472);
}

static void
test_solver_refused (void)
{
  assert_member (MEMBERS ("\"solver2\": 1"), "solver2: ", "“solver”");
  assert_member (SOLVER (""), "solver.command: missing");
  assert_member (SOLVER ("\"command\": \"s -x\""), "solver.command: expected a list", "found the string \"s -x\"");
  assert_member (SOLVER ("\"command\": []"), "solver.command: expected a list", "found an empty list");
  assert_member (SOLVER ("\"command\": [\"s\", 5]"), "solver.command[1]: expected a string, found the number 5");
  assert_member (SOLVER ("\"command\": [\"\"]"), "solver.command[0]: ", "may not be empty");
  assert_member (SOLVER ("\"command\": [\"s\", \"a\\u0000b\"]"), "solver.command[1]: ", "\\u0000");
  assert_member (SOLVER ("\"command\": [\"s\"], \"env\": [\"A=b\"]"), "solver.env: expected an object", "a list");
  assert_member (SOLVER ("\"command\": [\"s\"], \"env\": {\"A\": true}"), "solver.env.A: expected a string or a number, found true");
  assert_member (SOLVER ("\"command\": [\"s\"], \"env\": {\"A=B\": 1}"), "solver.env[\"A=B\"]: ", "“=”");
  assert_member (SOLVER ("\"command\": [\"s\"], \"threads\": 0"), "solver.threads: expected a whole number from 1");
  assert_member (SOLVER ("\"command\": [\"s\"], \"memory\": \"much\""), "solver.memory: expected bytes", "\"much\"");
  assert_member ("{\"lockstep\": 1, \"solver\": \"s\", " STEP "}", "solver: expected an object, found the string \"s\"");
}

static void
test_hosts (void)
{
  g_object_unref (read_text (MEMBERS ("\"hosts\": [\"local\"]"), NULL));
  g_object_unref (read_text (MEMBERS ("\"hosts\": [{\"host\": \"local\", \"name\": \"here\"}]"), NULL));

  assert_member (MEMBERS ("\"hosts\": []"), "hosts: expected a list with at least one host, found an empty list");
  assert_member (MEMBERS ("\"hosts\": \"lab\""), "hosts: ", "not available in this version");
  assert_member (MEMBERS ("\"hosts\": [\"local\", \"ssh://node1\"]"), "hosts[1]: the host ssh://node1 is not available");
  assert_member (MEMBERS ("\"hosts\": [{\"host\": \"slurm\"}]"), "hosts[0].host: the host slurm is not available");
  assert_member (MEMBERS ("\"hosts\": [{\"launch\": [\"podman\"]}]"), "hosts[0]: ", "not available in this version");
  assert_member (MEMBERS ("\"hosts\": [{\"host\": {\"launch\": [\"podman\"]}}]"), "hosts[0].host: ", "not available");
  assert_member (MEMBERS ("\"hosts\": [\"node1\"]"), "hosts[0]: expected \"local\", ", "found the string \"node1\"");
  assert_member (MEMBERS ("\"hosts\": [{\"name\": \"x\"}]"), "hosts[0].host: missing");
  assert_member (MEMBERS ("\"hosts\": [{\"host\": \"local\", \"solvers\": 2}]"), "hosts[0].solvers: ", "not available");
  assert_member (MEMBERS ("\"hosts\": [\"local\", \"local\"]"), "hosts[1]: ", "twice");
}

static void
test_steps_refused (void)
{
  assert_member ("{\"lockstep\": 1, \"solver\": {\"command\": [\"s\"]}}", "steps: missing");
  assert_member (STEPS (""), "steps: expected a list with at least one step, found an empty list");
  assert_member (STEPS ("\"a\""), "steps[0]: expected an object, found the string \"a\"");
  assert_member (STEPS ("{}"), "steps[0]: expected “on”");
  assert_member (STEPS ("{\"step\": \"a\"}"), "steps[0]: expected “on”");
  assert_member (STEPS ("{\"on\": \"all\"}"), "steps[0].step: missing; expected the name of a method");
  assert_member (STEPS ("{\"step\": \"\", \"on\": \"all\"}"), "steps[0].step: may not be empty");
  assert_member (STEPS ("{\"step\": \"a\", \"on\": \"each\"}"), "steps[0].on: expected \"all\" or \"one\", found the string \"each\"");
  assert_member (STEPS ("{\"step\": \"a\", \"on\": \"all\", \"tasks\": 3}"), "steps[0]: has both “on” and “tasks”");
}

static void
test_reserved_methods (void)
{
  static const char *const names[] = { "initialize", "status", "cancel", "terminate", "progress", "log" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *text = g_strdup_printf (STEPS ("{\"step\": \"%s\", \"on\": \"all\"}"), names[i]);

      assert_member (text, "steps[0].step: ", names[i], "is reserved");
    }
}

static void
test_loops_refused (void)
{
#define ONE "{\"step\": \"a\", \"on\": \"one\"}"
#define ALL "{\"step\": \"a\", \"on\": \"all\"}"
  assert_member (STEPS ("{\"steps\": [" ONE "]}"), "steps[0].repeat: missing");
  assert_member (STEPS ("{\"repeat\": 5}"), "steps[0].steps: missing");
  assert_member (STEPS ("{\"repeat\": 5, \"steps\": []}"), "steps[0].steps: expected a list with at least one step");
  assert_member (STEPS ("{\"repeat\": 0, \"steps\": [" ONE "]}"), "steps[0].repeat: expected a whole number from 1 to 2147483647");
  assert_member (STEPS ("{\"repeat\": 2147483648, \"steps\": [" ONE "]}"), "steps[0].repeat: ");
  assert_member (STEPS ("{\"repeat\": 5, \"until\": \"gap\", \"steps\": [" ONE "]}"), "steps[0].until: expected NAME < NUMBER");
  assert_member (STEPS ("{\"repeat\": 5, \"until\": 3, \"steps\": [" ONE "]}"), "steps[0].until: expected a string");
  assert_member (STEPS ("{\"repeat\": 5, \"until\": \"gap < 1\", \"steps\": [" ALL "]}, " ONE), "steps[0].until: ", "\"on\": \"one\"");
  assert_member (STEPS ("{\"repeat\": 5, \"otherwise\": \"fail\", \"steps\": [" ONE "]}"), "steps[0].otherwise: needs an “until”");
  assert_member (STEPS ("{\"repeat\": 5, \"until\": \"gap < 1\", \"otherwise\": \"stop\", \"steps\": [" ONE "]}"),
                 "steps[0].otherwise: expected \"continue\" or \"fail\", found the string \"stop\"");
  assert_member (STEPS ("{\"repeat\": 5, \"step\": \"a\", \"steps\": [" ONE "]}"), "steps[0].step: cannot stand in a loop");
  assert_member (STEPS ("{\"repeat\": 5, \"retries\": 1, \"steps\": [" ONE "]}"), "steps[0].retries: cannot stand in a loop");
  assert_member (STEPS ("{\"repeat\": 5, \"on\": \"all\", \"step\": \"a\"}"), "steps[0].", "cannot stand in a loop");
  assert_member (STEPS ("{\"repeat\": 5, \"steps\": [{\"repeat\": 5, \"steps\": [" ONE "]}, {\"repeat\": -1, \"steps\": [" ONE "]}]}"),
                 "steps[0].steps[1].repeat: ");
#undef ONE
#undef ALL
}

static void
test_settings (void)
{
  static const char        text[] = MEMBERS ("\"params\": { \"network\": \"a\", \"list\": [1, {\"b\": 0.10}], \"mean delay\": 1 },\n  \"name\": \"n\"");
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

typedef struct
{
  char *directory;
} Fixture;

static void
setup (Fixture      *fixture,
       gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("lockstep-plan-XXXXXX", &error);
  g_assert_no_error (error);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char      *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
teardown (Fixture      *fixture,
          gconstpointer data)
{
  remove_tree (fixture->directory);
  g_free (fixture->directory);
}

static GFile *
write_file (Fixture    *fixture,
            const char *name,
            const char *text)
{
  g_autofree char   *path = g_build_filename (fixture->directory, name, NULL);
  g_autofree char   *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  return g_file_new_for_path (path);
}

static void
test_load (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (GFile)         plan_file = write_file (fixture, "My city.lockstep",
                                                    SOLVER ("\"command\": [\"./bin/solve\"], \"directory\": \"work\""));
  g_autoptr (GFile)         program = write_file (fixture, "bin/solve", "");
  g_autoptr (GFile)         inside = write_file (fixture, "work/input", "");
  g_autofree char          *work = g_build_filename (fixture->directory, "work", NULL);
  g_autoptr (GError)        error = NULL;
  g_autoptr (LockstepPlan)  plan = lockstep_plan_load (plan_file, NULL, &error);
  const LockstepSolverSpec *solver;

  g_assert_no_error (error);
  solver = lockstep_plan_get_solver (plan);
  g_assert_cmpstr (lockstep_plan_get_name (plan), ==, "My city");
  g_assert_cmpstr (lockstep_plan_get_directory (plan), ==, fixture->directory);
  g_assert_true (g_file_equal (lockstep_plan_get_file (plan), plan_file));
  g_assert_cmpstr (solver->command[0], ==, g_file_peek_path (program));
  g_assert_cmpstr (solver->directory, ==, work);
}

static void
assert_load_refused (GFile            *file,
                     LockstepPlanError code,
                     const char       *prefix,
                     const char       *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (lockstep_plan_load (file, NULL, &error));
  g_assert_error (error, LOCKSTEP_PLAN_ERROR, (int) code);
  g_test_message ("%s", error->message);
  g_assert_true (g_str_has_prefix (error->message, prefix));
  g_assert_nonnull (strstr (error->message, part));
}

static void
test_load_refused (Fixture      *fixture,
                   gconstpointer data)
{
  g_autofree char  *missing_path = g_build_filename (fixture->directory, "missing.lockstep", NULL);
  g_autofree char  *program_path = g_build_filename (fixture->directory, "bin/solve", NULL);
  g_autofree char  *folder_path = g_build_filename (fixture->directory, "nowhere", NULL);
  g_autoptr (GFile) missing = g_file_new_for_path (missing_path);
  g_autoptr (GFile) folder = g_file_new_for_path (fixture->directory);
  g_autoptr (GFile) remote = g_file_new_for_uri ("http://example.org/plan.lockstep");
  g_autoptr (GFile) syntax = write_file (fixture, "syntax.lockstep", "{\n  \"lockstep\": 1\n  \"name\": 2}");
  g_autoptr (GFile) no_program = write_file (fixture, "program.lockstep", SOLVER ("\"command\": [\"bin/solve\"]"));
  g_autoptr (GFile) a_folder = write_file (fixture, "folder.lockstep", SOLVER ("\"command\": [\"./\"]"));
  g_autoptr (GFile) no_folder = write_file (fixture, "work.lockstep",
                                            SOLVER ("\"command\": [\"s\"], \"directory\": \"nowhere\""));

  assert_load_refused (missing, LOCKSTEP_PLAN_ERROR_READ, "The plan cannot be read: ", missing_path);
  assert_load_refused (folder, LOCKSTEP_PLAN_ERROR_READ, "The plan cannot be read: ", "directory");
  assert_load_refused (remote, LOCKSTEP_PLAN_ERROR_READ, "The plan http://example.org/plan.lockstep", "of this machine");
  assert_load_refused (syntax, LOCKSTEP_PLAN_ERROR_SYNTAX, g_file_peek_path (syntax), "line 3, column 3");
  assert_load_refused (no_program, LOCKSTEP_PLAN_ERROR_FILE, "solver.command[0]: there is no file ", program_path);
  assert_load_refused (a_folder, LOCKSTEP_PLAN_ERROR_FILE, "solver.command[0]: ", "is a folder");
  assert_load_refused (no_folder, LOCKSTEP_PLAN_ERROR_FILE, "solver.directory: there is no folder ", folder_path);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/plan/demonstration", test_demonstration);
  g_test_add_func ("/plan/iterative", test_iterative);
  g_test_add_func ("/plan/program", test_program_plan);
  g_test_add_func ("/plan/cluster", test_cluster_plan);
  g_test_add_func ("/plan/numbers-survive", test_numbers_survive);
  g_test_add_func ("/plan/policy", test_policy);
  g_test_add_func ("/plan/policy-default-for-tasks", test_policy_default_for_tasks);
  g_test_add_func ("/plan/loops", test_loops);
  g_test_add_func ("/plan/syntax", test_syntax);
  g_test_add_func ("/plan/version", test_version);
  g_test_add_func ("/plan/unknown-members", test_unknown_members);
  g_test_add_func ("/plan/duplicates", test_duplicates);
  g_test_add_func ("/plan/types", test_types);
  g_test_add_func ("/plan/long-values-are-clipped", test_long_values_are_clipped);
  g_test_add_func ("/plan/solver-or-program", test_solver_or_program);
  g_test_add_func ("/plan/solver", test_solver);
  g_test_add_func ("/plan/solver-refused", test_solver_refused);
  g_test_add_func ("/plan/hosts", test_hosts);
  g_test_add_func ("/plan/steps-refused", test_steps_refused);
  g_test_add_func ("/plan/reserved-methods", test_reserved_methods);
  g_test_add_func ("/plan/loops-refused", test_loops_refused);
  g_test_add_func ("/plan/settings", test_settings);
  g_test_add_func ("/plan/settings-refused", test_settings_refused);
  g_test_add_func ("/plan/settings-are-validated", test_settings_are_validated);
  g_test_add_func ("/plan/settings-do-not-hide-syntax", test_settings_do_not_hide_syntax);
  g_test_add_func ("/plan/setting-in-an-empty-object", test_nothing_in_an_empty_object);
  g_test_add ("/plan/load", Fixture, NULL, setup, test_load, teardown);
  g_test_add ("/plan/load-refused", Fixture, NULL, setup, test_load_refused, teardown);

  return g_test_run ();
}
