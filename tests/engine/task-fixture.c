/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "task-fixture.h"

#include <math.h>
#include <string.h>

LockstepPlan *
make_task_plan (const char *marker,
                guint       n_solvers,
                const char *more,
                const char *tasks)
{
  g_autofree char *solver = fake_solver (marker, "obeys", NULL);

  return make_plan ("{'lockstep':1,'name':'x','solver':{%s},'solvers':%u,%s'steps':[{'step':'work','tasks':%s}]}",
                    solver, n_solvers, more, tasks);
}

char *
make_tasks (guint       n_tasks,
            int         special,
            const char *member)
{
  GString *out = g_string_new ("[");

  for (guint i = 0; i < n_tasks; i++)
    g_string_append_printf (out, "%s{'value':%u%s%s}", i > 0 ? "," : "", i,
                            special < 0 || special == (int) i ? "," : "",
                            special < 0 || special == (int) i ? member : "");
  g_string_append_c (out, ']');

  return g_string_free (out, FALSE);
}

static char *
get_gate (const char *folder)
{
  return g_build_filename (folder, "gate", NULL);
}

char *
make_gate (const char *folder)
{
  g_autofree char *path = get_gate (folder);

  return g_strdup_printf ("'after':'%s'", path);
}

void
open_gate (const char *folder)
{
  g_autofree char *path = get_gate (folder);

  g_assert_true (g_file_set_contents (path, "", 0, NULL));
}

double
get_member (LockstepRun *run,
            guint        task,
            const char  *name)
{
  GBytes      *result = lockstep_run_get_result (run, task);
  LockstepJson json;
  double       number = NAN;

  if (result == NULL)
    return NAN;
  json.text = g_bytes_get_data (result, &json.length);
  lockstep_json_get_double (lockstep_json_get_member (json, name), &number);
  return number;
}

void
assert_values (LockstepRun *run,
               guint        n_tasks,
               int          except)
{
  g_assert_cmpuint (lockstep_run_get_n_tasks (run), ==, n_tasks);
  for (guint i = 0; i < n_tasks; i++)
    {
      if ((int) i == except)
        g_assert_null (lockstep_run_get_result (run, i));
      else
        g_assert_cmpfloat (get_member (run, i, "value"), ==, i);
    }
}

guint
count_events (LockstepRun *run,
              const char  *name)
{
  g_autofree char *path = g_build_filename (lockstep_run_get_directory (run), "journal.jsonl", NULL);
  g_autofree char *wanted = g_strdup_printf ("{\"event\":\"%s\"", name);
  g_autofree char *text = NULL;
  guint            count = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  for (const char *at = text; (at = strstr (at, wanted)) != NULL; at += strlen (wanted))
    count++;

  return count;
}

static gboolean
are_all_busy (LockstepRun *run)
{
  const guint n_solvers = g_list_model_get_n_items (lockstep_run_get_solvers (run));
  guint       n_busy = 0;

  for (guint i = 0; i < n_solvers; i++)
    {
      g_autoptr (LockstepRunSolver) solver = g_list_model_get_item (lockstep_run_get_solvers (run), i);

      n_busy += lockstep_run_solver_get_state (solver) == LOCKSTEP_SOLVER_BUSY;
    }

  return n_solvers > 0 && n_busy == n_solvers;
}

LockstepController *
start_task_plan (LockstepPlan *plan,
                 const char   *folder)
{
  const LockstepControllerOptions options = { .runs_directory = folder, .grace = 1 };
  LockstepController             *controller = lockstep_controller_new (plan, &options);

  lockstep_controller_start (controller);
  while (!are_all_busy (lockstep_controller_get_run (controller)))
    g_main_context_iteration (NULL, TRUE);

  return controller;
}
