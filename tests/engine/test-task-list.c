/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>

#include "lockstep-plan.h"
#include "lockstep-task-random.h"

/* A plan with one step of @tasks. Apostrophes stand for quotes. */
static char *
plan_text (const char *tasks)
{
  char *text = g_strdup_printf ("{'lockstep': 1, 'solver': {'command': ['s']},"
                                " 'steps': [{'step': 'a', 'tasks': %s}]}",
                                tasks);

  return g_strdelimit (text, "'", '"');
}

static LockstepPlan *
read_plan (const char *tasks)
{
  g_autofree char   *text = plan_text (tasks);
  g_autoptr (GError) error = NULL;
  LockstepPlan      *plan = lockstep_plan_new_from_text (text, strlen (text), "/", NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (lockstep_plan_get_step (plan, 0)->kind, ==, LOCKSTEP_STEP_TASKS);
  return plan;
}

static LockstepTaskList *
get_tasks (LockstepPlan *plan)
{
  return lockstep_plan_get_step (plan, 0)->tasks;
}

static char *
dup_params (LockstepTaskList *tasks,
            guint64           index)
{
  g_autoptr (GBytes) bytes = lockstep_task_list_dup_params (tasks, index);
  gsize              length;
  const char        *text = g_bytes_get_data (bytes, &length);

  return g_strndup (text, length);
}

/* The params of all tasks of @tasks are the strings after it, in order, and there are no more. */
static void
assert_params (LockstepTaskList *tasks,
               ...) G_GNUC_NULL_TERMINATED;

static void
assert_params (LockstepTaskList *tasks,
               ...)
{
  const char *expected;
  guint64     index = 0;
  va_list     arguments;

  va_start (arguments, tasks);
  while ((expected = va_arg (arguments, const char *)) != NULL)
    {
      g_autofree char *text = NULL;
      g_autofree char *quoted = g_strdelimit (g_strdup (expected), "'", '"');

      g_assert_cmpuint (index, <, lockstep_task_list_get_count (tasks));
      text = dup_params (tasks, index++);
      g_assert_cmpstr (text, ==, quoted);
    }
  va_end (arguments);

  g_assert_cmpuint (lockstep_task_list_get_count (tasks), ==, index);
}

static void
assert_names (LockstepTaskList *tasks,
              const char       *expected)
{
  g_autofree char *names = g_strjoinv (" ", (char **) lockstep_task_list_get_names (tasks));

  g_assert_cmpstr (names, ==, expected);
}

/* @tasks is refused, with a message that is @prefix and then has @part in it. */
static void
assert_refused (const char *tasks,
                const char *prefix,
                const char *part)
{
  g_autofree char   *text = plan_text (tasks);
  g_autofree char   *quoted = g_strdelimit (g_strdup (part), "'", '"');
  g_autoptr (GError) error = NULL;

  g_assert_null (lockstep_plan_new_from_text (text, strlen (text), "/", NULL, &error));
  g_assert_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER);
  g_test_message ("%s", error->message);
  g_assert_true (g_str_has_prefix (error->message, prefix));
  g_assert_nonnull (strstr (error->message, quoted));
}

static void
test_number (void)
{
  g_autoptr (LockstepPlan) plan = read_plan ("3");

  assert_params (get_tasks (plan), "{}", "{}", "{}", NULL);
  assert_names (get_tasks (plan), "");
}

static void
test_objects (void)
{
  g_autoptr (LockstepPlan) plan = read_plan ("[{'x': 0.10, 'y': [1, null]}, {}, { 'z' : 'a', 'x':1e-10 }]");

  assert_params (get_tasks (plan), "{'x': 0.10, 'y': [1, null]}", "{}", "{ 'z' : 'a', 'x':1e-10 }", NULL);
  assert_names (get_tasks (plan), "x y z");
}

static void
test_grid (void)
{
  g_autoptr (LockstepPlan) plan = read_plan ("{'grid': {'a': [0.10, 'x', {'b': null}],"
                                             " 'n m': [9223372036854775807, 5e-324]}}");

  assert_params (get_tasks (plan),
                 "{'a':0.10,'n m':9223372036854775807}", "{'a':0.10,'n m':5e-324}",
                 "{'a':'x','n m':9223372036854775807}", "{'a':'x','n m':5e-324}",
                 "{'a':{'b': null},'n m':9223372036854775807}", "{'a':{'b': null},'n m':5e-324}", NULL);
  assert_names (get_tasks (plan), "a n m");
}

/* The values of one name, @range, with blanks between them. */
static void
assert_range (const char *range,
              const char *expected)
{
  g_autofree char         *tasks = g_strdup_printf ("{'grid': {'x': %s}}", range);
  g_autoptr (LockstepPlan) plan = read_plan (tasks);
  g_autoptr (GString)      values = g_string_new (NULL);

  for (guint64 i = 0; i < lockstep_task_list_get_count (get_tasks (plan)); i++)
    {
      g_autofree char *params = dup_params (get_tasks (plan), i);

      g_assert_true (g_str_has_prefix (params, "{\"x\":"));
      params[strlen (params) - 1] = '\0';
      g_string_append_printf (values, "%s%s", i > 0 ? " " : "", params + strlen ("{\"x\":"));
    }

  g_assert_cmpstr (values->str, ==, expected);
}

static void
test_ranges (void)
{
  assert_range ("{'from': 1, 'to': 5, 'count': 5}", "1 2 3 4 5");
  assert_range ("{'from': 0.2, 'to': 0.8, 'count': 4}", "0.2 0.4 0.6 0.8");
  assert_range ("{'from': -0.3, 'to': 0.3, 'count': 7}", "-0.3 -0.2 -0.1 0 0.1 0.2 0.3");
  assert_range ("{'from': 5, 'to': 1, 'count': 3}", "5 3 1");
  assert_range ("{'from': 0, 'to': 1, 'count': 4}", "0 0.3333333333333333 0.6666666666666666 1");
  assert_range ("{'from': 0, 'to': 1, 'count': 3}", "0 0.5 1");
  assert_range ("{'from': 1e-10, 'to': 3e-10, 'count': 3}", "1e-10 2e-10 3e-10");
  assert_range ("{'from': 1e22, 'to': 3e22, 'count': 3}", "1e22 2e22 3e22");
  assert_range ("{'from': 0.10, 'to': 7, 'count': 1}", "0.1");
  assert_range ("{'from': 4, 'to': 4, 'count': 2}", "4 4");
  assert_range ("{'from': 0, 'to': 0.0, 'count': 3}", "0 0 0");
  assert_range ("{'from': 9007199254740993, 'to': 9007199254740999, 'count': 4}",
                "9007199254740993 9007199254740995 9007199254740997 9007199254740999");
  assert_range ("{'from': -9223372036854775807, 'to': 9223372036854775807, 'count': 2}",
                "-9223372036854775807 9223372036854775807");
}

static void
test_logarithmic_ranges (void)
{
  assert_range ("{'from': 0.001, 'to': 1000, 'count': 7, 'log': true}", "0.001 0.01 0.1 1 10 100 1000");
  assert_range ("{'from': 1, 'to': 1024, 'count': 6, 'log': true}", "1 4 16 64 256 1024");
  assert_range ("{'from': 100, 'to': 1, 'count': 3, 'log': true}", "100 10 1");
  assert_range ("{'from': 1e-300, 'to': 1e300, 'count': 3, 'log': true}", "1e-300 1 1e300");
  assert_range ("{'from': 1, 'to': 3, 'count': 3, 'log': true}", "1 1.73205080756888 3");
  assert_range ("{'from': 1, 'to': 3, 'count': 3, 'log': false}", "1 2 3");
}

static void
test_random (void)
{
  /* The outputs of SplitMix64 that its authors' code gives for the state 1234567, and FNV-1a's for "a". */
  static const guint64 outputs[] = {
    G_GUINT64_CONSTANT (6457827717110365317), G_GUINT64_CONSTANT (3203168211198807973),
    G_GUINT64_CONSTANT (9817491932198370423), G_GUINT64_CONSTANT (4593380528125082431),
    G_GUINT64_CONSTANT (16408922859458223821)
  };
  const guint64 fnv_a = G_GUINT64_CONSTANT (0xaf63dc4c8601ec8c);
  const guint64 gamma = G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  for (guint i = 0; i < G_N_ELEMENTS (outputs); i++)
    g_assert_cmpuint (lockstep_task_random_get (1234567, i), ==, outputs[i]);

  g_assert_cmpuint (lockstep_task_random_stream (0, "a"), ==, lockstep_task_random_get (fnv_a - gamma, 0));
  g_assert_cmpuint (lockstep_task_random_stream (7, "alpha"), ==, G_GUINT64_CONSTANT (16179362683907531607));

  for (guint i = 0; i < 1000; i++)
    {
      double unit = lockstep_task_random_get_unit (99, i);

      g_assert_cmpfloat (unit, >=, 0.0);
      g_assert_cmpfloat (unit, <, 1.0);
    }
}

/* A seed gives these for ever. They were computed apart from this code, by the rule in lockstep-task-sample.h. */
static void
test_sample_values (void)
{
  static const char        names[] = "'sample': {'alpha': {'from': 0.2, 'to': 0.8},"
                                     " 'cycle': {'from': 60, 'to': 120, 'integer': true},"
                                     " 'k': {'from': 0.001, 'to': 1000, 'log': true}}";
  g_autofree char         *latin = g_strdup_printf ("{%s, 'count': 5, 'seed': 7}", names);
  g_autoptr (LockstepPlan) plan = read_plan (latin);
  g_autoptr (LockstepPlan) uniform = read_plan ("{'sample': {'alpha': {'from': 0.2, 'to': 0.8}}, 'method': 'uniform',"
                                                " 'count': 3, 'seed': 7}");

  assert_params (get_tasks (plan),
                 "{'alpha':0.27616738627397164,'cycle':64,'k':0.0159725904631378}",
                 "{'alpha':0.3400668962780246,'cycle':88,'k':57.4687853548679}",
                 "{'alpha':0.4761100541860222,'cycle':113,'k':0.00117839363349378}",
                 "{'alpha':0.5764987935597539,'cycle':103,'k':1.25150967515638}",
                 "{'alpha':0.697078434110453,'cycle':75,'k':947.657498894876}", NULL);
  assert_names (get_tasks (plan), "alpha cycle k");
  assert_params (get_tasks (uniform), "{'alpha':0.7822851878649106}", "{'alpha':0.7261092360857018}",
                 "{'alpha':0.7100558286758287}", NULL);
}

/* Names draw from streams of their own: one more changes none of the others. */
static void
test_sample_names_are_independent (void)
{
  g_autoptr (LockstepPlan) one = read_plan ("{'sample': {'x': {'from': 0, 'to': 1}}, 'count': 50, 'seed': 3}");
  g_autoptr (LockstepPlan) two = read_plan ("{'sample': {'w': {'from': 0, 'to': 1}, 'x': {'from': 0, 'to': 1}},"
                                            " 'count': 50, 'seed': 3}");

  for (guint64 i = 0; i < 50; i++)
    {
      g_autofree char *alone = dup_params (get_tasks (one), i);
      g_autofree char *beside = dup_params (get_tasks (two), i);

      g_assert_true (g_str_has_suffix (beside, alone + 1));
    }
}

static double
get_value (LockstepTaskList *tasks,
           guint64           index,
           const char       *name)
{
  g_autofree char *params = dup_params (tasks, index);
  LockstepJson     json;
  double           value;

  g_assert_true (lockstep_json_scan (params, strlen (params), &json, NULL));
  g_assert_true (lockstep_json_get_double (lockstep_json_get_member (json, name), &value));
  return value;
}

/* Each slice of each name's range has exactly one task, in an order that differs by name. */
static void
test_latin (void)
{
  enum
  {
    COUNT = 1000
  };
  g_autoptr (LockstepPlan) plan = read_plan ("{'sample': {'x': {'from': -1, 'to': 1},"
                                             " 'y': {'from': 1, 'to': 1000, 'log': true}},"
                                             " 'method': 'latin', 'count': 1000, 'seed': 0}");
  gboolean                 slices[2][COUNT] = { 0 };
  guint                    n_same = 0;

  for (guint64 i = 0; i < COUNT; i++)
    {
      guint x = (guint) ((get_value (get_tasks (plan), i, "x") + 1.0) / 2.0 * COUNT);
      guint y = (guint) (log10 (get_value (get_tasks (plan), i, "y")) / 3.0 * COUNT);

      g_assert_cmpuint (x, <, COUNT);
      g_assert_cmpuint (y, <, COUNT);
      g_assert_false (slices[0][x]);
      g_assert_false (slices[1][y]);
      slices[0][x] = slices[1][y] = TRUE;
      n_same += x == y;
    }

  g_assert_cmpuint (n_same, <, 20);
}

static void
test_uniform (void)
{
  enum
  {
    COUNT = 20000
  };
  g_autoptr (LockstepPlan) plan = read_plan ("{'sample': {'x': {'from': 2, 'to': 4},"
                                             " 'n': {'from': -1, 'to': 2, 'integer': true},"
                                             " 'c': {'from': 3, 'to': 3, 'integer': true}},"
                                             " 'method': 'uniform', 'count': 20000, 'seed': 12345678901}");
  double                   sum = 0.0;
  guint                    counts[4] = { 0 };

  for (guint64 i = 0; i < COUNT; i++)
    {
      double x = get_value (get_tasks (plan), i, "x");
      double n = get_value (get_tasks (plan), i, "n");

      g_assert_cmpfloat (x, >=, 2.0);
      g_assert_cmpfloat (x, <=, 4.0);
      g_assert_cmpfloat (n, ==, floor (n));
      g_assert_cmpfloat (n, >=, -1.0);
      g_assert_cmpfloat (n, <=, 2.0);
      g_assert_cmpfloat (get_value (get_tasks (plan), i, "c"), ==, 3.0);
      sum += x;
      counts[(int) n + 1]++;
    }

  /* Both ends and all between are drawn as often, within five standard deviations. */
  g_assert_cmpfloat (fabs (sum / COUNT - 3.0), <, 5.0 * 2.0 / sqrt (12.0 * COUNT));
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    g_assert_cmpfloat (fabs (counts[i] - COUNT / 4.0), <, 5.0 * sqrt (COUNT * 0.25 * 0.75));
}

/* A seed that was left out is in the plan's text, which gives the same samples again. */
static void
test_drawn_seed (void)
{
  static const char        tasks[] = "{'sample': {'x': {'from': 0, 'to': 1}}, 'count': 3}";
  g_autoptr (LockstepPlan) first = read_plan (tasks);
  g_autoptr (LockstepPlan) again = NULL;
  g_autoptr (LockstepPlan) other = read_plan (tasks);
  g_autoptr (GError)       error = NULL;
  gsize                    length;
  const char              *text = g_bytes_get_data (lockstep_plan_get_text (first), &length);
  g_autofree char         *first_params = dup_params (get_tasks (first), 2);
  g_autofree char         *again_params = NULL;
  g_autofree char         *other_params = dup_params (get_tasks (other), 2);

  g_assert_nonnull (g_strstr_len (text, length, "\"count\": 3, \"seed\": "));
  again = lockstep_plan_new_from_text (text, length, "/", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (lockstep_plan_get_text (again), lockstep_plan_get_text (first)));

  again_params = dup_params (get_tasks (again), 2);
  g_assert_cmpstr (again_params, ==, first_params);
  g_assert_cmpstr (other_params, !=, first_params);
}

static void
test_drawn_seeds_in_loops (void)
{
  static const char text[] =
    "{\"lockstep\": 1, \"solver\": {\"command\": [\"s\"]}, \"steps\": [{\"repeat\": 2, \"steps\": ["
    "{\"step\": \"a\", \"tasks\": {\"sample\": {\"x\": {\"from\": 0, \"to\": 1}}, \"seed\": 5, \"count\": 3}},"
    "{\"step\": \"a\", \"tasks\": {\"sample\": {\"x\": {\"from\": 0, \"to\": 1}}, \"count\": 3}}]}]}";
  g_autoptr (GError)       error = NULL;
  g_autoptr (LockstepPlan) plan = lockstep_plan_new_from_text (text, strlen (text), "/", NULL, &error);
  LockstepJson             json, seed, drawn;
  gsize                    length;
  const char              *written = NULL;

  g_assert_no_error (error);
  written = g_bytes_get_data (lockstep_plan_get_text (plan), &length);
  g_assert_true (lockstep_json_scan (written, length, &json, NULL));
  drawn = lockstep_json_get_path (json, "steps.0.steps.1.tasks.seed");
  g_assert_cmpint (lockstep_json_get_kind (drawn), ==, LOCKSTEP_JSON_NUMBER);
  seed = lockstep_json_get_path (json, "steps.0.steps.0.tasks.seed");
  g_assert_cmpmem (seed.text, seed.length, "5", 1);
}

static void
test_large (void)
{
  g_autoptr (LockstepPlan) plan = read_plan ("{'grid': {'a': {'from': 1, 'to': 10000, 'count': 10000},"
                                             " 'b': {'from': 1, 'to': 10000, 'count': 10000}}}");
  g_autofree char         *last = dup_params (get_tasks (plan), LOCKSTEP_TASK_LIST_MAX - 1);
  g_autofree char         *middle = dup_params (get_tasks (plan), 12345678);

  g_assert_cmpuint (lockstep_task_list_get_count (get_tasks (plan)), ==, LOCKSTEP_TASK_LIST_MAX);
  g_assert_cmpstr (last, ==, "{\"a\":10000,\"b\":10000}");
  g_assert_cmpstr (middle, ==, "{\"a\":1235,\"b\":5679}");
}

static void
test_refused (void)
{
#define TASKS "steps[0].tasks"
  assert_refused ("'ten'", TASKS ": ", "a number of tasks, a list of objects, or an object");
  assert_refused ("true", TASKS ": ", "found true");
  assert_refused ("0", TASKS ": ", "at least 1, found the number 0");
  assert_refused ("2.5", TASKS ": ", "found the number 2.5");
  assert_refused ("-1", TASKS ": ", "found the number -1");
  assert_refused ("100000001", TASKS ": 100000001 tasks are more than", "100000000");
  assert_refused ("[]", TASKS ": ", "found an empty list");
  assert_refused ("[{}, {}, 3]", TASKS "[2]: ", "expected an object");
  assert_refused ("[{'x': 1, 'x': 2}]", TASKS "[0].x: ", "twice");
  assert_refused ("{}", TASKS ": ", "“csv”, “grid” and “sample”");
  assert_refused ("{'gird': {}}", TASKS ".gird: ", "did you mean “grid”?");
  assert_refused ("{'count': 5}", TASKS ".count: ", "belongs to a “sample”");
  assert_refused ("{'grid': {'a': [1]}, 'seed': 5}", TASKS ".seed: ", "belongs to a “sample”");
}

static void
test_grid_refused (void)
{
  assert_refused ("{'grid': {}}", TASKS ".grid: ", "found an empty object");
  assert_refused ("{'grid': [1]}", TASKS ".grid: ", "found a list");
  assert_refused ("{'grid': {'a': []}}", TASKS ".grid.a: ", "found an empty list");
  assert_refused ("{'grid': {'a': 5}}", TASKS ".grid.a: ", "found the number 5");
  assert_refused ("{'grid': {'a b': 5}}", TASKS ".grid[\"a b\"]: ", "found the number 5");
  assert_refused ("{'grid': {'a': {'from': 1, 'to': 2}}}", TASKS ".grid.a.count: ", "missing");
  assert_refused ("{'grid': {'a': {'to': 2, 'count': 2}}}", TASKS ".grid.a.from: ", "missing");
  assert_refused ("{'grid': {'a': {'from': '1', 'to': 2, 'count': 2}}}", TASKS ".grid.a.from: ", "expected a number");
  assert_refused ("{'grid': {'a': {'from': 1, 'to': 2, 'count': 0}}}", TASKS ".grid.a.count: ", "found the number 0");
  assert_refused ("{'grid': {'a': {'from': 1, 'to': 2, 'cuont': 2}}}", TASKS ".grid.a.cuont: ", "“count”");
  assert_refused ("{'grid': {'a': {'from': 1, 'to': 2, 'count': 2, 'log': 1}}}", TASKS ".grid.a.log: ",
                  "true or false");
  assert_refused ("{'grid': {'a': {'from': 0, 'to': 2, 'count': 2, 'log': true}}}", TASKS ".grid.a: ",
                  "greater than 0");
  assert_refused ("{'grid': {'a': {'from': -1e308, 'to': 1e308, 'count': 3}}}", TASKS ".grid.a: ", "too far apart");
  assert_refused ("{'grid': {'a': {'from': 1, 'to': 2, 'count': 100000}, 'b': {'from': 1, 'to': 2, 'count': 100000}}}",
                  TASKS ": 10000000000 tasks are more than", "100000000");
  assert_refused ("{'grid': {'a': {'from': 1, 'to': 2, 'count': 4294967296}}}", TASKS ".grid.a.count: ", "4294967296");
}

static void
test_sample_refused (void)
{
#define SAMPLE(members) "{'sample': {'a': {" members "}}, 'count': 2}"
  assert_refused ("{'sample': {}, 'count': 2}", TASKS ".sample: ", "found an empty object");
  assert_refused ("{'sample': {'a': {'from': 1, 'to': 2}}}", TASKS ".count: ", "missing");
  assert_refused ("{'sample': {'a': {'from': 1, 'to': 2}}, 'count': 100000001}", TASKS ".count: ", "100000000");
  assert_refused ("{'sample': {'a': {'from': 1, 'to': 2}}, 'count': 2, 'seed': -1}", TASKS ".seed: ", "at least 0");
  assert_refused ("{'sample': {'a': {'from': 1, 'to': 2}}, 'count': 2, 'method': 'sobol'}", TASKS ".method: ",
                  "'latin' or 'uniform', found the string 'sobol'");
  assert_refused (SAMPLE ("'from': 1"), TASKS ".sample.a.to: ", "missing");
  assert_refused (SAMPLE ("'from': 3, 'to': 2"), TASKS ".sample.a: ", "greater than “to”");
  assert_refused (SAMPLE ("'from': 1.5, 'to': 2, 'integer': true"), TASKS ".sample.a: ", "whole numbers");
  assert_refused (SAMPLE ("'from': 1, 'to': 9007199254740994, 'integer': true"), TASKS ".sample.a: ", "2^53");
  assert_refused (SAMPLE ("'from': -1, 'to': 2, 'log': true"), TASKS ".sample.a: ", "greater than 0");
  assert_refused (SAMPLE ("'from': 1, 'to': 2, 'count': 3"), TASKS ".sample.a.count: ", "unknown member");
  assert_refused ("{'sample': {'a': [1, 2]}, 'count': 2}", TASKS ".sample.a: ", "expected an object, found a list");
  assert_refused ("{'sample': {'a': {'from': 1, 'to': 2}}, 'count': 2, 'grid': {'a': [1]}}", TASKS ": ",
                  "“a” gets its values from two");
  assert_refused ("{'sample': {'a': {'from': 1, 'to': 2}, 'b': {'from': 1, 'to': 2}, 'c': {'from': 1, 'to': 2}},"
                  " 'count': 100000000}",
                  TASKS ".sample: ", "uniform");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/task-list/number", test_number);
  g_test_add_func ("/task-list/objects", test_objects);
  g_test_add_func ("/task-list/grid", test_grid);
  g_test_add_func ("/task-list/ranges", test_ranges);
  g_test_add_func ("/task-list/logarithmic-ranges", test_logarithmic_ranges);
  g_test_add_func ("/task-list/random", test_random);
  g_test_add_func ("/task-list/sample-values", test_sample_values);
  g_test_add_func ("/task-list/sample-names-are-independent", test_sample_names_are_independent);
  g_test_add_func ("/task-list/latin", test_latin);
  g_test_add_func ("/task-list/uniform", test_uniform);
  g_test_add_func ("/task-list/drawn-seed", test_drawn_seed);
  g_test_add_func ("/task-list/drawn-seeds-in-loops", test_drawn_seeds_in_loops);
  g_test_add_func ("/task-list/large", test_large);
  g_test_add_func ("/task-list/refused", test_refused);
  g_test_add_func ("/task-list/grid-refused", test_grid_refused);
  g_test_add_func ("/task-list/sample-refused", test_sample_refused);

  return g_test_run ();
}
