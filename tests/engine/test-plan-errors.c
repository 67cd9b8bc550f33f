/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-plan.h"

/* In these tests an apostrophe stands for a quote, in plans and in messages alike. */

/* A plan around @steps, and one around @members and a step that is right. */
#define STEPS(steps)     "{'lockstep': 1, 'solver': {'command': ['s']}, 'steps': [" steps "]}"
#define STEP             "'steps': [{'step': 'a', 'on': 'all'}]"
#define MEMBERS(members) "{'lockstep': 1, 'solver': {'command': ['s']}, " members ", " STEP "}"
#define SOLVER(members)  "{'lockstep': 1, 'solver': {" members "}, " STEP "}"

static char *
dup_quoted (const char *text)
{
  return g_strdelimit (g_strdup (text), "'", '"');
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
  g_autofree char   *quoted = dup_quoted (text);
  g_autofree char   *quoted_prefix = dup_quoted (prefix);
  g_autoptr (GError) error = NULL;
  const char        *part;
  va_list            parts;

  g_assert_null (lockstep_plan_new_from_text (quoted, strlen (quoted), "/nowhere", NULL, &error));
  g_assert_error (error, LOCKSTEP_PLAN_ERROR, (int) code);
  g_test_message ("%s", error->message);
  g_assert_true (g_str_has_prefix (error->message, quoted_prefix));

  va_start (parts, prefix);
  while ((part = va_arg (parts, const char *)) != NULL)
    {
      g_autofree char *quoted_part = dup_quoted (part);

      g_assert_nonnull (strstr (error->message, quoted_part));
    }
  va_end (parts);
}

#define assert_syntax(text, part) \
  assert_refused (LOCKSTEP_PLAN_ERROR_SYNTAX, text, "The plan is not JSON: ", part, NULL)
#define assert_member(text, ...) assert_refused (LOCKSTEP_PLAN_ERROR_MEMBER, text, __VA_ARGS__, NULL)

static void
test_syntax (void)
{
  assert_syntax ("", "line 1, column 1");
  assert_syntax ("{'lockstep': 1,\n  'name' 5}", "line 2, column 10");
  assert_syntax ("{'lockstep': 1,\n\n}", "line 3, column 1");
  assert_syntax ("{lockstep: 1}", "line 1, column 2");
  assert_syntax (MEMBERS ("'params': {'a': 1e400}"), "line 1");
  assert_syntax (MEMBERS ("'params': {'a': NaN}"), "line 1");
  assert_syntax (MEMBERS ("'name': '\\ud800'"), "line 1");
}

static void
test_version (void)
{
  assert_member ("[]", "The plan: expected an object, found an empty list");
  assert_member ("{'solver': {}}", "lockstep: missing; expected 1");
  assert_member ("{'lockstep': '1'}", "lockstep: expected 1, found the string '1'");
  assert_member ("{'lockstep': 0}", "lockstep: expected 1, found the number 0");
  assert_member ("{'lockstep': 2, 'unheard-of': 1}", "lockstep: ", "version 2", "reads version 1", "newer Lockstep");
}

static void
test_unknown_members (void)
{
  assert_member (MEMBERS ("'solvrs': 2"), "solvrs: unknown member; did you mean “solvers”?");
  assert_member (MEMBERS ("'on_failure': 'stop'"), "on_failure: ", "“on-failure”");
  assert_member (MEMBERS ("'Name': 'x'"), "Name: ", "“name”");
  assert_member (MEMBERS ("'colour': 1"), "colour: unknown member; the members known here are lockstep, name, note, ");
  assert_member (SOLVER ("'comand': ['s']"), "solver.comand: ", "“command”");
  assert_member (MEMBERS ("'initialize': {'tiemout': 5}"), "initialize.tiemout: ", "“timeout”");
  assert_member (STEPS ("{'step': 'a', 'on': 'all'}, {'step': 'b', 'no': 'all'}"), "steps[1].no: ", "“on”");
  assert_member (STEPS ("{'repeat': 2, 'steps': [{'step': 'a', 'on': 'one', 'retires': 3}]}"),
                 "steps[0].steps[0].retires: ", "“retries”");
  assert_member (STEPS ("{'repeat': 2, 'utnil': 'gap < 1', 'steps': []}"), "steps[0].utnil: ", "“until”");
  assert_member (MEMBERS ("'hosts': [{'hots': 'local'}]"), "hosts[0].hots: ", "“host”");
  assert_member (MEMBERS ("'a\\u001b[31m': 1"), "['a\\u001b[31m']: unknown member");
}

static void
test_duplicates (void)
{
  assert_member (MEMBERS ("'name': 'a', 'name': 'b'"), "name: stands twice");
  assert_member (MEMBERS ("'name': 'a', 'na\\u006de': 'b'"), "['na\\u006de']: stands twice");
  assert_member (MEMBERS ("'params': {'a': [{'b': 1, 'b': 1}]}"), "params.a[0].b: stands twice");
  assert_member (STEPS ("{'step': 'a', 'on': 'all', 'on': 'one'}"), "steps[0].on: stands twice");
}

static void
test_types (void)
{
  assert_member (MEMBERS ("'name': 5"), "name: expected a string, found the number 5");
  assert_member (MEMBERS ("'name': ' '"), "name: may not be empty");
  assert_member (MEMBERS ("'name': 'a\\nb'"), "name: expected one line without control characters, found U+000A");
  assert_member (MEMBERS ("'name': 'a\\u009bb'"), "name: ", "U+009B");
  assert_member (MEMBERS ("'name': 'a\\u0000b'"), "name: the character \\u0000");
  assert_member (MEMBERS ("'note': []"), "note: expected a string, found an empty list");
  assert_member (MEMBERS ("'params': [1]"), "params: expected an object, found a list");
  assert_member (MEMBERS ("'initialize': 5"), "initialize: expected an object, found the number 5");
  assert_member (MEMBERS ("'initialize': {'timeout': 'soon'}"), "initialize.timeout: expected seconds",
                 "found the string 'soon'");
  assert_member (MEMBERS ("'solvers': 0"), "solvers: expected 'auto' or a whole number from 1", "found the number 0");
  assert_member (MEMBERS ("'solvers': 2.5"), "solvers: ", "found the number 2.5");
  assert_member (MEMBERS ("'solvers': 'all'"), "solvers: ", "found the string 'all'");
  assert_member (MEMBERS ("'nice': 20"), "nice: expected a whole number from -20 to 19, found the number 20");
  assert_member (MEMBERS ("'nice': null"), "nice: ", "found null");
  assert_member (MEMBERS ("'retries': -1"), "retries: expected a whole number", "found the number -1");
  assert_member (MEMBERS ("'late': 'never'"),
                 "late: expected 'wait', 'duplicate' or 'restart', found the string 'never'");
  assert_member (MEMBERS ("'on-failure': true"), "on-failure: expected 'continue' or 'stop', found true");
  assert_member (MEMBERS ("'give-up': '120 %'"), "give-up: expected a share such as '20 %'");
  assert_member (STEPS ("{'step': 'a', 'on': 'all', 'timeout': -5}"), "steps[0].timeout: expected seconds",
                 "the number -5");
  assert_member (STEPS ("{'step': 'a', 'on': 'all', 'stall': {}}"), "steps[0].stall: expected seconds",
                 "an empty object");
  assert_member (STEPS ("{'step': 'a', 'on': 'all', 'params': 'x'}"), "steps[0].params: expected an object");
  assert_member (STEPS ("{'step': 'a', 'on': 'all', 'nice': 5}"), "steps[0].nice: ", "not available in this version");
}

static void
test_long_values_are_clipped (void)
{
  g_autofree char   *long_text = g_strnfill (100000, 'x');
  g_autofree char   *plan = g_strdup_printf (MEMBERS ("'solvers': 'é%s'"), long_text);
  g_autofree char   *text = dup_quoted (plan);
  g_autoptr (GError) error = NULL;

  g_assert_null (lockstep_plan_new_from_text (text, strlen (text), "/", NULL, &error));
  g_assert_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER);
  g_assert_cmpuint (strlen (error->message), <, 200);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static void
test_solver_or_program (void)
{
  assert_member ("{'lockstep': 1, 'steps': []}", "solver: missing");
  assert_member (MEMBERS ("'program': {}"), "program: ", "has both");
  assert_member (MEMBERS ("'files': ['data']"), "files: ", "not available in this version");
}

static void
test_solver_refused (void)
{
  assert_member (MEMBERS ("'solver2': 1"), "solver2: ", "“solver”");
  assert_member (SOLVER (""), "solver.command: missing");
  assert_member (SOLVER ("'command': 's -x'"), "solver.command: expected a list", "found the string 's -x'");
  assert_member (SOLVER ("'command': []"), "solver.command: expected a list", "found an empty list");
  assert_member (SOLVER ("'command': ['s', 5]"), "solver.command[1]: expected a string, found the number 5");
  assert_member (SOLVER ("'command': ['']"), "solver.command[0]: ", "may not be empty");
  assert_member (SOLVER ("'command': ['s', 'a\\u0000b']"), "solver.command[1]: ", "\\u0000");
  assert_member (SOLVER ("'command': ['s'], 'env': ['A=b']"), "solver.env: expected an object", "a list");
  assert_member (SOLVER ("'command': ['s'], 'env': {'A': true}"),
                 "solver.env.A: expected a string or a number, found true");
  assert_member (SOLVER ("'command': ['s'], 'env': {'A=B': 1}"), "solver.env['A=B']: ", "“=”");
  assert_member (SOLVER ("'command': ['s'], 'threads': 0"), "solver.threads: expected a whole number from 1");
  assert_member (SOLVER ("'command': ['s'], 'memory': 'much'"), "solver.memory: expected bytes", "'much'");
  assert_member ("{'lockstep': 1, 'solver': 's', " STEP "}", "solver: expected an object, found the string 's'");
}

static void
test_hosts (void)
{
  assert_member (MEMBERS ("'hosts': []"), "hosts: expected a list with at least one host, found an empty list");
  assert_member (MEMBERS ("'hosts': 'lab'"), "hosts: ", "not available in this version");
  assert_member (MEMBERS ("'hosts': ['local', 'ssh://node1']"), "hosts[1]: the host 'ssh://node1' is not available");
  assert_member (MEMBERS ("'hosts': [{'host': 'slurm'}]"), "hosts[0].host: the host 'slurm' is not available");
  assert_member (MEMBERS ("'hosts': [{'launch': ['podman']}]"), "hosts[0]: ", "not available in this version");
  assert_member (MEMBERS ("'hosts': [{'host': {'launch': ['podman']}}]"), "hosts[0].host: ", "not available");
  assert_member (MEMBERS ("'hosts': ['node1']"), "hosts[0]: expected 'local', ", "found the string 'node1'");
  assert_member (MEMBERS ("'hosts': [{'name': 'x'}]"), "hosts[0].host: missing");
  assert_member (MEMBERS ("'hosts': [{'host': 'local', 'prepare': ['true']}]"), "hosts[0].prepare: ", "not available");
  assert_member (MEMBERS ("'hosts': [{'host': 'local', 'solvers': 0}]"),
                 "hosts[0].solvers: expected 'auto' or a whole number from 1 to 65536, found the number 0");
  assert_member (MEMBERS ("'hosts': [{'host': 'local', 'env': {'A': []}}]"), "hosts[0].env.A: expected a string or a number");
  assert_member (MEMBERS ("'hosts': [{'host': 'local', 'name': ' '}]"), "hosts[0].name: ");
  assert_member (MEMBERS ("'hosts': ['local', 'local']"), "hosts[1]: ", "twice");
  assert_member (MEMBERS ("'hosts': [{'host': 'local', 'name': 'a'}, 'local', {'host': 'local', 'name': 'a'}]"),
                 "hosts[2]: the name “a” stands in the list twice");
}

static void
test_steps_refused (void)
{
  assert_member ("{'lockstep': 1, 'solver': {'command': ['s']}}", "steps: missing");
  assert_member (STEPS (""), "steps: expected a list with at least one step, found an empty list");
  assert_member (STEPS ("'a'"), "steps[0]: expected an object, found the string 'a'");
  assert_member (STEPS ("{}"), "steps[0]: expected “on”");
  assert_member (STEPS ("{'step': 'a'}"), "steps[0]: expected “on”");
  assert_member (STEPS ("{'on': 'all'}"), "steps[0].step: missing; expected the name of a method");
  assert_member (STEPS ("{'step': '', 'on': 'all'}"), "steps[0].step: may not be empty");
  assert_member (STEPS ("{'step': 'a', 'on': 'each'}"),
                 "steps[0].on: expected 'all' or 'one', found the string 'each'");
  assert_member (STEPS ("{'step': 'a', 'on': 'all', 'tasks': 3}"), "steps[0]: has both “on” and “tasks”");
}

static void
test_reserved_methods (void)
{
  static const char *const names[] = { "initialize", "status", "cancel", "terminate", "progress", "log" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *text = g_strdup_printf (STEPS ("{'step': '%s', 'on': 'all'}"), names[i]);

      assert_member (text, "steps[0].step: ", names[i], "is reserved");
    }
}

static void
test_loops_refused (void)
{
#define ONE "{'step': 'a', 'on': 'one'}"
#define ALL "{'step': 'a', 'on': 'all'}"
  assert_member (STEPS ("{'steps': [" ONE "]}"), "steps[0].repeat: missing");
  assert_member (STEPS ("{'repeat': 5}"), "steps[0].steps: missing");
  assert_member (STEPS ("{'repeat': 5, 'steps': []}"), "steps[0].steps: expected a list with at least one step");
  assert_member (STEPS ("{'repeat': 0, 'steps': [" ONE "]}"),
                 "steps[0].repeat: expected a whole number from 1 to 2147483647");
  assert_member (STEPS ("{'repeat': 2147483648, 'steps': [" ONE "]}"), "steps[0].repeat: ");
  assert_member (STEPS ("{'repeat': 5, 'until': 'gap', 'steps': [" ONE "]}"), "steps[0].until: expected NAME < NUMBER");
  assert_member (STEPS ("{'repeat': 5, 'until': 3, 'steps': [" ONE "]}"), "steps[0].until: expected a string");
  assert_member (STEPS ("{'repeat': 5, 'until': 'gap < 1', 'steps': [" ALL "]}, " ONE), "steps[0].until: ",
                 "'on': 'one'");
  assert_member (STEPS ("{'repeat': 5, 'otherwise': 'fail', 'steps': [" ONE "]}"),
                 "steps[0].otherwise: needs an “until”");
  assert_member (STEPS ("{'repeat': 5, 'until': 'gap < 1', 'otherwise': 'stop', 'steps': [" ONE "]}"),
                 "steps[0].otherwise: expected 'continue' or 'fail', found the string 'stop'");
  assert_member (STEPS ("{'repeat': 5, 'step': 'a', 'steps': [" ONE "]}"), "steps[0].step: cannot stand in a loop");
  assert_member (STEPS ("{'repeat': 5, 'retries': 1, 'steps': [" ONE "]}"), "steps[0].retries: cannot stand in a loop");
  assert_member (STEPS ("{'repeat': 5, 'on': 'all', 'step': 'a'}"), "steps[0].", "cannot stand in a loop");
  assert_member (STEPS ("{'repeat': 5, 'steps': [{'repeat': 5, 'steps': [" ONE "]},"
                        " {'repeat': -1, 'steps': [" ONE "]}]}"),
                 "steps[0].steps[1].repeat: ");
#undef ONE
#undef ALL
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/plan-errors/syntax", test_syntax);
  g_test_add_func ("/plan-errors/version", test_version);
  g_test_add_func ("/plan-errors/unknown-members", test_unknown_members);
  g_test_add_func ("/plan-errors/duplicates", test_duplicates);
  g_test_add_func ("/plan-errors/types", test_types);
  g_test_add_func ("/plan-errors/long-values-are-clipped", test_long_values_are_clipped);
  g_test_add_func ("/plan-errors/solver-or-program", test_solver_or_program);
  g_test_add_func ("/plan-errors/solver-refused", test_solver_refused);
  g_test_add_func ("/plan-errors/hosts", test_hosts);
  g_test_add_func ("/plan-errors/steps-refused", test_steps_refused);
  g_test_add_func ("/plan-errors/reserved-methods", test_reserved_methods);
  g_test_add_func ("/plan-errors/loops-refused", test_loops_refused);

  return g_test_run ();
}
