/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-event-text.h"
#include "lockstep-run-solver-private.h"
#include "lockstep-solver-text.h"

static void
test_doing (void)
{
  static const char *const waiting[] = { "ended", "starting", "initializing", "waiting", "computing", "stopping" };
  static const char *const others[] = { "ended", "starting", "initializing", "ready", "computing", "stopping" };

  for (guint state = LOCKSTEP_SOLVER_DEAD; state <= LOCKSTEP_SOLVER_TERMINATING; state++)
    {
      g_assert_cmpstr (lockstep_doing_to_text (lockstep_doing_get (state, TRUE)), ==, waiting[state]);
      g_assert_cmpstr (lockstep_doing_to_text (lockstep_doing_get (state, FALSE)), ==, others[state]);
    }
}

static void
assert_text (char       *text,
             const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static void
test_step (void)
{
  assert_text (lockstep_solver_dup_step_text ("assign", 2, 4), "assign · 3 of 4");
  assert_text (lockstep_solver_dup_step_text ("combine", -1, 0), "combine");
  assert_text (lockstep_solver_dup_step_text (NULL, -1, 0), "");
}

/* All of it is told only when it is all of it. */
static void
test_progress (void)
{
  assert_text (lockstep_solver_dup_progress_text (LOCKSTEP_DOING_COMPUTING, -1), "");
  assert_text (lockstep_solver_dup_progress_text (LOCKSTEP_DOING_COMPUTING, 0), "0 %");
  assert_text (lockstep_solver_dup_progress_text (LOCKSTEP_DOING_COMPUTING, 0.29), "29 %");
  assert_text (lockstep_solver_dup_progress_text (LOCKSTEP_DOING_COMPUTING, 0.999), "99 %");
  assert_text (lockstep_solver_dup_progress_text (LOCKSTEP_DOING_COMPUTING, 1), "100 %");
  assert_text (lockstep_solver_dup_progress_text (LOCKSTEP_DOING_INITIALIZING, 0.5), "50 %");
  assert_text (lockstep_solver_dup_progress_text (LOCKSTEP_DOING_WAITING, -1), "done");
  assert_text (lockstep_solver_dup_progress_text (LOCKSTEP_DOING_ENDED, 1), "done");
  assert_text (lockstep_solver_dup_progress_text (LOCKSTEP_DOING_ENDED, 0.4), "40 %");
  assert_text (lockstep_solver_dup_progress_text (LOCKSTEP_DOING_STARTING, 0.4), "");
  assert_text (lockstep_solver_dup_progress_text (LOCKSTEP_DOING_READY, 0.55), "");

  g_assert_cmpfloat (lockstep_solver_get_progress (LOCKSTEP_DOING_WAITING, -1), ==, 1);
  g_assert_cmpfloat (lockstep_solver_get_progress (LOCKSTEP_DOING_COMPUTING, 0.25), ==, 0.25);
  g_assert_cmpfloat (lockstep_solver_get_progress (LOCKSTEP_DOING_COMPUTING, -1), <, 0);

  for (int i = 0; i <= 100; i++)
    g_assert_cmpint (lockstep_fraction_get_percent (i / 100.0), ==, i);
  g_assert_cmpint (lockstep_fraction_get_percent (0.9999999), ==, 99);
}

static void
test_message (void)
{
  g_assert_cmpstr (lockstep_solver_get_message_text (LOCKSTEP_DOING_COMPUTING, "half", NULL), ==, "half");
  g_assert_cmpstr (lockstep_solver_get_message_text (LOCKSTEP_DOING_COMPUTING, "half", "old"), ==, "half");
  g_assert_cmpstr (lockstep_solver_get_message_text (LOCKSTEP_DOING_ENDED, "half", "was killed"), ==, "was killed");
  g_assert_cmpstr (lockstep_solver_get_message_text (LOCKSTEP_DOING_ENDED, "half", NULL), ==, "half");
  g_assert_cmpstr (lockstep_solver_get_message_text (LOCKSTEP_DOING_READY, NULL, NULL), ==, "");
}

/* The total is the sum of what the rows say, not of what they leave out. */
static void
test_totals (void)
{
  static const LockstepSolverState states[] = { LOCKSTEP_SOLVER_DEAD, LOCKSTEP_SOLVER_BUSY, LOCKSTEP_SOLVER_READY,
                                                LOCKSTEP_SOLVER_READY, LOCKSTEP_SOLVER_BUSY };
  g_autoptr (GListStore)           solvers = g_list_store_new (LOCKSTEP_TYPE_RUN_SOLVER);
  LockstepSolverTotals             totals;

  lockstep_solver_totals_count (&totals, G_LIST_MODEL (solvers), 0);
  g_assert_cmpuint (totals.n_solvers, ==, 0);
  g_assert_cmpint (totals.cpu_percent, <, 0);
  assert_text (lockstep_solver_totals_dup_text (&totals), "");

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autoptr (LockstepRunSolver) solver = lockstep_run_solver_new (i);

      lockstep_run_solver_set_state (solver, states[i], 1);
      lockstep_run_solver_set_waiting (solver, i == 2);
      lockstep_run_solver_set_usage (solver, i == 3 ? -1 : 0.994, 1000);
      g_list_store_append (solvers, solver);
    }

  lockstep_solver_totals_count (&totals, G_LIST_MODEL (solvers), 0);
  g_assert_cmpuint (totals.n_solvers, ==, 5);
  g_assert_cmpuint (totals.n_doing[LOCKSTEP_DOING_COMPUTING], ==, 2);
  g_assert_cmpint (totals.cpu_percent, ==, 99 + 99 + 99);
  g_assert_cmpuint (totals.memory, ==, 4000);
  assert_text (lockstep_solver_totals_dup_text (&totals), "2 computing · 1 waiting · 1 ready · 1 ended");

  lockstep_solver_totals_count (&totals, G_LIST_MODEL (solvers), 3);
  assert_text (lockstep_solver_totals_dup_text (&totals), "1 computing · 1 ready");
}

/* However a solver ends that was told to: that is no warning. */
static void
test_level_of_an_end (void)
{
  static const char text[] = "{\"signal\":15,\"why\":\"killed\"}";
  LockstepEvent     event;

  lockstep_event_init (&event, LOCKSTEP_EVENT_SOLVER_ENDED);
  event.payload = g_bytes_new_static (text, sizeof text - 1);
  g_assert_cmpint (lockstep_event_get_level (&event, LOCKSTEP_RUN_STEPPING), ==, LOCKSTEP_LEVEL_WARNING);
  g_assert_cmpint (lockstep_event_get_level (&event, LOCKSTEP_RUN_STOPPING), ==, LOCKSTEP_LEVEL_INFO);
  lockstep_event_clear (&event);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/solver-text/doing", test_doing);
  g_test_add_func ("/solver-text/step", test_step);
  g_test_add_func ("/solver-text/progress", test_progress);
  g_test_add_func ("/solver-text/message", test_message);
  g_test_add_func ("/solver-text/totals", test_totals);
  g_test_add_func ("/solver-text/level-of-an-end", test_level_of_an_end);

  return g_test_run ();
}
