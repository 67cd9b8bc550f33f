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

static void
test_numbers_survive (void)
{
#define NUMBERS                                                                                    \
  "\"a\": 9223372036854775807, \"b\":1e-10, \"c\" : 5e-324, \"d\": 1e22, \"e\": 0.10, \"f\": -0, " \
  "\"g\": 1E+2"
#define LONG                                                                            \
  "\"h\": 0.1000000000000000055511151231257827, \"i\": \"\\u0000 \\ud83d\\ude00 é\", " \
  "\"j\": 12345678901234567890"
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
    "{\"lockstep\": 1, \"solver\": {\"command\": [\"s\"]}, \"solvers\": 4, \"nice\": -3,"
    " \"initialize\": {\"timeout\": 0},\n"
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
test_solver (void)
{
  g_autoptr (LockstepPlan) plan = read_text (
    SOLVER ("\"command\": [\"s\", \"-x\", \"\"], \"env\": {\"A\": \"b=c\", \"N\": 0.10, \"E\": \"\"},"
            " \"directory\": \"usr/..\","
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
assert_host (LockstepPlan *plan,
             guint         index,
             const char   *name,
             guint         n_solvers)
{
  const LockstepHostSpec *host;

  g_assert_cmpuint (index, <, lockstep_plan_get_hosts (plan)->len);
  host = g_ptr_array_index (lockstep_plan_get_hosts (plan), index);
  g_assert_cmpstr (host->address, ==, "local");
  g_assert_cmpstr (host->name, ==, name);
  g_assert_cmpuint (host->n_solvers, ==, n_solvers);
}

static void
test_this_machine (void)
{
  static const char *const texts[] = {
    MEMBERS ("\"solvers\": 3"),
    MEMBERS ("\"solvers\": 3, \"hosts\": [\"local\"]"),
    MEMBERS ("\"hosts\": [{\"host\": \"local\", \"solvers\": 3}]"),
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (LockstepPlan) plan = read_text (texts[i], NULL);

      g_assert_cmpuint (lockstep_plan_get_hosts (plan)->len, ==, 1);
      assert_host (plan, 0, "local", 3);
      g_assert_cmpuint (lockstep_plan_get_n_solvers (plan), ==, 3);
    }
}

static void
test_hosts (void)
{
  static const char *const env[] = { "A=b c", "N=2", NULL };
  g_autoptr (LockstepPlan) plan = read_text (MEMBERS ("\"solvers\": 3, \"hosts\": [\"local\","
                                                      "{\"host\": \"local\", \"name\": \"fast\", \"solvers\": 2,"
                                                      " \"env\": {\"A\": \"b c\", \"N\": 2}}]"),
                                             NULL);
  g_autoptr (LockstepPlan) automatic = read_text (MEMBERS ("\"solvers\": 3, \"hosts\": [\"local\","
                                                           "{\"host\": \"local\", \"name\": \"a\", \"solvers\": \"auto\"}]"),
                                                  NULL);
  const LockstepHostSpec  *fast = g_ptr_array_index (lockstep_plan_get_hosts (plan), 1);

  g_assert_cmpuint (lockstep_plan_get_hosts (plan)->len, ==, 2);
  assert_host (plan, 0, "local", 3);
  assert_host (plan, 1, "fast", 2);
  g_assert_cmpstrv (fast->env, env);
  g_assert_cmpuint (lockstep_plan_get_n_solvers (plan), ==, 5);

  assert_host (automatic, 1, "a", 0);
  g_assert_cmpuint (lockstep_plan_get_n_solvers (automatic), ==, 0);
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
  assert_load_refused (remote, LOCKSTEP_PLAN_ERROR_READ, "The plan http://example.org/plan.lockstep",
                       "of this machine");
  assert_load_refused (syntax, LOCKSTEP_PLAN_ERROR_SYNTAX, g_file_peek_path (syntax), "line 3, column 3");
  assert_load_refused (no_program, LOCKSTEP_PLAN_ERROR_FILE, "solver.command[0]: there is no file ", program_path);
  assert_load_refused (a_folder, LOCKSTEP_PLAN_ERROR_FILE, "solver.command[0]: ", "is a folder");
  assert_load_refused (no_folder, LOCKSTEP_PLAN_ERROR_FILE, "solver.directory: there is no folder ", folder_path);
}

/* The plans of docs/plan-format.md are what it says they are: two for a solver, one for a program with its files,
 * and one for other hosts, which this version does not have. */
static void
test_documented (Fixture      *fixture,
                 gconstpointer data)
{
  const LockstepPlanOptions unchecked = { .unchecked = TRUE };
  g_autofree char          *path = g_test_build_filename (G_TEST_DIST, "..", "docs", "plan-format.md", NULL);
  g_autofree char          *document = NULL;
  g_autoptr (GError)        error = NULL;
  g_auto (GStrv)            pieces = NULL;
  guint                     n_loaded = 0;
  guint                     n_programs = 0;
  guint                     n_elsewhere = 0;

  g_file_get_contents (path, &document, NULL, &error);
  g_assert_no_error (error);

  pieces = g_strsplit (document, "```json\n", -1);
  for (guint i = 1; pieces[i] != NULL; i++)
    {
      const char              *end = strstr (pieces[i], "```");
      g_autoptr (LockstepPlan) plan = NULL;
      g_autoptr (GFile)        file = NULL;
      g_autofree char         *text = NULL;

      g_assert_nonnull (end);
      text = g_strndup (pieces[i], end - pieces[i]);
      file = write_file (fixture, "documented.lockstep", text);
      plan = lockstep_plan_load_with (file, &unchecked, &error);
      if (plan != NULL)
        {
          n_loaded++;
          n_programs += lockstep_plan_get_program (plan) != NULL;
          continue;
        }

      g_assert_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER);
      g_assert_true (g_str_has_prefix (error->message, "hosts"));
      g_clear_error (&error);
      n_elsewhere++;
    }

  g_assert_cmpuint (n_loaded, ==, 3);
  g_assert_cmpuint (n_programs, ==, 1);
  g_assert_cmpuint (n_elsewhere, ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/plan/demonstration", test_demonstration);
  g_test_add_func ("/plan/iterative", test_iterative);
  g_test_add ("/plan/documented", Fixture, NULL, setup, test_documented, teardown);
  g_test_add_func ("/plan/numbers-survive", test_numbers_survive);
  g_test_add_func ("/plan/policy", test_policy);
  g_test_add_func ("/plan/policy-default-for-tasks", test_policy_default_for_tasks);
  g_test_add_func ("/plan/loops", test_loops);
  g_test_add_func ("/plan/solver", test_solver);
  g_test_add_func ("/plan/this-machine", test_this_machine);
  g_test_add_func ("/plan/hosts", test_hosts);
  g_test_add ("/plan/load", Fixture, NULL, setup, test_load, teardown);
  g_test_add ("/plan/load-refused", Fixture, NULL, setup, test_load_refused, teardown);

  return g_test_run ();
}
