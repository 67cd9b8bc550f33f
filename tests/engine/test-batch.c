/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-batch.h"

/* The number of the step's first task in the run. */
#define FIRST 100

typedef struct
{
  LockstepStep   step;
  LockstepBatch *batch;
} Fixture;

/* Six tasks, with two retries. */
static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->step.kind = LOCKSTEP_STEP_TASKS;
  fixture->step.policy.retries = 2;
  fixture->batch = lockstep_batch_new (&fixture->step, FIRST, 6);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  lockstep_batch_free (fixture->batch);
}

/* Solvers 0 and 1 on one host, 2 and 3 on another. */
static void
set_two_hosts (Fixture *fixture)
{
  static const guint hosts[] = { 0, 0, 1, 1 };

  lockstep_batch_set_hosts (fixture->batch, hosts, G_N_ELEMENTS (hosts));
}

/* The solver has to get the task @index, in that attempt. */
static void
assert_takes (Fixture      *fixture,
              guint         solver,
              LockstepReach reach,
              guint         index,
              guint         attempt)
{
  LockstepTurn turn;

  g_assert_true (lockstep_batch_take (fixture->batch, solver, reach, &turn));
  g_assert_cmpuint (turn.index, ==, index);
  g_assert_cmpint (turn.task, ==, FIRST + index);
  g_assert_cmpuint (turn.attempt, ==, attempt);
}

static void
assert_takes_nothing (Fixture      *fixture,
                      guint         solver,
                      LockstepReach reach)
{
  LockstepTurn turn;

  g_assert_false (lockstep_batch_take (fixture->batch, solver, reach, &turn));
}

static LockstepTurn
pop (Fixture *fixture,
     guint    solver)
{
  LockstepTurn turn;

  g_assert_true (lockstep_batch_pop (fixture->batch, solver, &turn));
  return turn;
}

static void
succeed (Fixture *fixture,
         guint    solver)
{
  const LockstepTurn turn = pop (fixture, solver);

  g_assert_true (lockstep_batch_succeed (fixture->batch, &turn));
}

static LockstepFailed
fail (Fixture *fixture,
      guint    solver,
      gboolean charged)
{
  const LockstepTurn turn = pop (fixture, solver);

  return lockstep_batch_fail (fixture->batch, &turn, solver, charged, FALSE);
}

/* Does all tasks but the first @n_left, which are then the only ones that are not done; they are at solver 0. */
static void
do_all_but (Fixture *fixture,
            guint    n_left)
{
  LockstepTurn turn;

  for (guint i = 0; i < n_left; i++)
    assert_takes (fixture, 0, LOCKSTEP_REACH_ANY, i, 1);
  while (lockstep_batch_take (fixture->batch, 9, LOCKSTEP_REACH_ANY, &turn))
    succeed (fixture, 9);
}

static void
test_take (Fixture      *fixture,
           gconstpointer data)
{
  LockstepTurn turn;

  g_assert_cmpuint (lockstep_batch_get_n_waiting (fixture->batch), ==, 6);
  assert_takes (fixture, 0, LOCKSTEP_REACH_OTHER_SOLVER, 0, 1);
  assert_takes (fixture, 5, LOCKSTEP_REACH_OTHER_SOLVER, 1, 1);
  assert_takes (fixture, 5, LOCKSTEP_REACH_OTHER_SOLVER, 2, 1);
  g_assert_cmpuint (lockstep_batch_get_n_busy (fixture->batch), ==, 2);
  g_assert_cmpuint (lockstep_batch_get_n_turns (fixture->batch, 5), ==, 2);
  g_assert_cmpuint (lockstep_batch_get_n_waiting (fixture->batch), ==, 3);

  /* The oldest first. */
  g_assert_true (lockstep_batch_get_turn (fixture->batch, 5, &turn));
  g_assert_cmpuint (turn.index, ==, 1);
  succeed (fixture, 5);
  g_assert_true (lockstep_batch_get_turn (fixture->batch, 5, &turn));
  g_assert_cmpuint (turn.index, ==, 2);
  g_assert_true (lockstep_batch_has_ended (fixture->batch, 1));
  g_assert_false (lockstep_batch_has_ended (fixture->batch, 2));
  g_assert_false (lockstep_batch_get_turn (fixture->batch, 3, &turn));
}

static void
test_over (Fixture      *fixture,
           gconstpointer data)
{
  do_all_but (fixture, 1);
  g_assert_false (lockstep_batch_is_over (fixture->batch));
  assert_takes_nothing (fixture, 1, LOCKSTEP_REACH_ANY);
  succeed (fixture, 0);
  g_assert_true (lockstep_batch_is_over (fixture->batch));
  g_assert_cmpuint (lockstep_batch_get_n_failed (fixture->batch), ==, 0);
}

static void
test_ended_before (Fixture      *fixture,
                   gconstpointer data)
{
  lockstep_batch_set_ended (fixture->batch, 0, FALSE, 1);
  lockstep_batch_set_ended (fixture->batch, 2, TRUE, 3);
  g_assert_cmpuint (lockstep_batch_get_n_waiting (fixture->batch), ==, 4);
  g_assert_cmpuint (lockstep_batch_get_n_failed (fixture->batch), ==, 1);
  assert_takes (fixture, 0, LOCKSTEP_REACH_ANY, 1, 1);
  assert_takes (fixture, 0, LOCKSTEP_REACH_ANY, 3, 1);
}

static void
test_retry_on_another_solver (Fixture      *fixture,
                              gconstpointer data)
{
  do_all_but (fixture, 1);
  g_assert_cmpint (fail (fixture, 0, TRUE), ==, LOCKSTEP_FAILED_RETRY);
  g_assert_cmpuint (lockstep_batch_get_n_waiting (fixture->batch), ==, 1);

  assert_takes_nothing (fixture, 0, LOCKSTEP_REACH_OTHER_SOLVER);
  assert_takes (fixture, 1, LOCKSTEP_REACH_OTHER_SOLVER, 0, 2);
  g_assert_cmpint (fail (fixture, 1, TRUE), ==, LOCKSTEP_FAILED_RETRY);

  /* It is the last one that is avoided, unless there is no other. */
  assert_takes_nothing (fixture, 1, LOCKSTEP_REACH_OTHER_SOLVER);
  assert_takes (fixture, 1, LOCKSTEP_REACH_ANY, 0, 3);
}

static void
test_retry_on_another_host (Fixture      *fixture,
                            gconstpointer data)
{
  set_two_hosts (fixture);
  do_all_but (fixture, 1);
  g_assert_cmpint (fail (fixture, 0, TRUE), ==, LOCKSTEP_FAILED_RETRY);

  /* Neither the solver that it failed on, nor its neighbour. */
  assert_takes_nothing (fixture, 0, LOCKSTEP_REACH_OTHER_HOST);
  assert_takes_nothing (fixture, 1, LOCKSTEP_REACH_OTHER_HOST);
  assert_takes (fixture, 2, LOCKSTEP_REACH_OTHER_HOST, 0, 2);
  g_assert_cmpint (fail (fixture, 2, TRUE), ==, LOCKSTEP_FAILED_RETRY);
  assert_takes_nothing (fixture, 3, LOCKSTEP_REACH_OTHER_HOST);

  /* With no other host, the neighbour; with no neighbour, itself. */
  assert_takes_nothing (fixture, 2, LOCKSTEP_REACH_OTHER_SOLVER);
  assert_takes (fixture, 3, LOCKSTEP_REACH_OTHER_SOLVER, 0, 3);
}

/* A task that may not go to the solver does not stand in the way of one that may. */
static void
test_others_pass (Fixture      *fixture,
                  gconstpointer data)
{
  set_two_hosts (fixture);
  assert_takes (fixture, 0, LOCKSTEP_REACH_OTHER_HOST, 0, 1);
  assert_takes (fixture, 2, LOCKSTEP_REACH_OTHER_HOST, 1, 1);
  g_assert_cmpint (fail (fixture, 0, TRUE), ==, LOCKSTEP_FAILED_RETRY);
  g_assert_cmpint (fail (fixture, 2, TRUE), ==, LOCKSTEP_FAILED_RETRY);
  assert_takes (fixture, 1, LOCKSTEP_REACH_OTHER_HOST, 1, 2);
  assert_takes (fixture, 1, LOCKSTEP_REACH_OTHER_HOST, 2, 1);
  assert_takes (fixture, 3, LOCKSTEP_REACH_OTHER_HOST, 0, 2);
}

static void
test_fail_for_good (Fixture      *fixture,
                    gconstpointer data)
{
  LockstepTurn turn;

  do_all_but (fixture, 2);

  /* Two retries are three attempts that count. */
  g_assert_cmpint (fail (fixture, 0, TRUE), ==, LOCKSTEP_FAILED_RETRY);
  assert_takes (fixture, 1, LOCKSTEP_REACH_ANY, 0, 2);
  g_assert_cmpint (fail (fixture, 1, FALSE), ==, LOCKSTEP_FAILED_RETRY);
  assert_takes (fixture, 1, LOCKSTEP_REACH_ANY, 0, 3);
  g_assert_cmpint (fail (fixture, 1, TRUE), ==, LOCKSTEP_FAILED_RETRY);
  assert_takes (fixture, 1, LOCKSTEP_REACH_ANY, 0, 4);
  g_assert_cmpint (fail (fixture, 1, TRUE), ==, LOCKSTEP_FAILED_FINAL);
  g_assert_cmpuint (lockstep_batch_get_n_failed (fixture->batch), ==, 1);
  g_assert_false (lockstep_batch_is_over (fixture->batch));
  assert_takes_nothing (fixture, 2, LOCKSTEP_REACH_ANY);

  /* Skipped. */
  turn = pop (fixture, 0);
  g_assert_cmpint (lockstep_batch_fail (fixture->batch, &turn, 0, TRUE, TRUE), ==, LOCKSTEP_FAILED_FINAL);
  g_assert_cmpuint (lockstep_batch_get_n_failed (fixture->batch), ==, 2);
  g_assert_true (lockstep_batch_is_over (fixture->batch));
}

static void
test_duplicate (Fixture      *fixture,
                gconstpointer data)
{
  LockstepTurn first;
  LockstepTurn second;
  guint        rival;

  do_all_but (fixture, 1);
  g_assert_true (lockstep_batch_get_turn (fixture->batch, 0, &first));
  g_assert_false (lockstep_batch_find_rival (fixture->batch, FIRST, 0, &rival));
  g_assert_false (lockstep_batch_find_rival (fixture->batch, FIRST - 1, 9, &rival));
  g_assert_false (lockstep_batch_find_rival (fixture->batch, FIRST + 6, 9, &rival));
  g_assert_false (lockstep_batch_find_rival (fixture->batch, G_MAXINT64, 9, &rival));
  g_assert_true (lockstep_batch_duplicate (fixture->batch, &first, 0));
  g_assert_false (lockstep_batch_duplicate (fixture->batch, &first, 0));

  /* The solver that has it never gets it a second time. */
  assert_takes_nothing (fixture, 0, LOCKSTEP_REACH_ANY);
  assert_takes (fixture, 1, LOCKSTEP_REACH_OTHER_HOST, 0, 2);
  g_assert_true (lockstep_batch_find_rival (fixture->batch, FIRST, 0, &rival));
  g_assert_cmpuint (rival, ==, 1);

  /* The first result counts. */
  second = pop (fixture, 1);
  g_assert_true (lockstep_batch_succeed (fixture->batch, &second));
  g_assert_true (lockstep_batch_is_over (fixture->batch));
  first = pop (fixture, 0);
  g_assert_false (lockstep_batch_succeed (fixture->batch, &first));
}

static void
test_duplicate_fails (Fixture      *fixture,
                      gconstpointer data)
{
  LockstepTurn turn;

  do_all_but (fixture, 1);
  g_assert_true (lockstep_batch_get_turn (fixture->batch, 0, &turn));
  g_assert_true (lockstep_batch_duplicate (fixture->batch, &turn, 0));
  assert_takes (fixture, 1, LOCKSTEP_REACH_ANY, 0, 2);

  /* The other one is still at it; a failure of that one is the task's. */
  g_assert_cmpint (fail (fixture, 0, TRUE), ==, LOCKSTEP_FAILED_RIVAL);
  assert_takes_nothing (fixture, 2, LOCKSTEP_REACH_ANY);
  g_assert_cmpint (fail (fixture, 1, TRUE), ==, LOCKSTEP_FAILED_RETRY);
  assert_takes (fixture, 2, LOCKSTEP_REACH_OTHER_SOLVER, 0, 3);
  succeed (fixture, 2);
  g_assert_true (lockstep_batch_is_over (fixture->batch));
}

/* What waits for a second solver need not be done when the first one has done it. */
static void
test_duplicate_in_vain (Fixture      *fixture,
                        gconstpointer data)
{
  LockstepTurn turn;

  do_all_but (fixture, 1);
  g_assert_true (lockstep_batch_get_turn (fixture->batch, 0, &turn));
  g_assert_true (lockstep_batch_duplicate (fixture->batch, &turn, 0));
  succeed (fixture, 0);
  assert_takes_nothing (fixture, 1, LOCKSTEP_REACH_ANY);
  g_assert_cmpuint (lockstep_batch_get_n_waiting (fixture->batch), ==, 0);
}

static void
test_give_back (Fixture      *fixture,
                gconstpointer data)
{
  set_two_hosts (fixture);
  do_all_but (fixture, 3);

  /* The solver dies: the task that it computed has failed, those queued behind it were not begun. */
  g_assert_cmpint (fail (fixture, 0, TRUE), ==, LOCKSTEP_FAILED_RETRY);
  lockstep_batch_give_back (fixture->batch, 0);
  g_assert_cmpuint (lockstep_batch_get_n_turns (fixture->batch, 0), ==, 0);
  g_assert_cmpuint (lockstep_batch_get_n_busy (fixture->batch), ==, 0);
  g_assert_cmpuint (lockstep_batch_get_n_waiting (fixture->batch), ==, 3);

  assert_takes (fixture, 0, LOCKSTEP_REACH_OTHER_HOST, 1, 1);
  assert_takes (fixture, 1, LOCKSTEP_REACH_OTHER_HOST, 2, 1);
  assert_takes_nothing (fixture, 1, LOCKSTEP_REACH_OTHER_HOST);
  assert_takes (fixture, 2, LOCKSTEP_REACH_OTHER_HOST, 0, 2);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/batch/take", test_take);
  ADD ("/batch/over", test_over);
  ADD ("/batch/ended-before", test_ended_before);
  ADD ("/batch/retry/another-solver", test_retry_on_another_solver);
  ADD ("/batch/retry/another-host", test_retry_on_another_host);
  ADD ("/batch/retry/others-pass", test_others_pass);
  ADD ("/batch/fail-for-good", test_fail_for_good);
  ADD ("/batch/duplicate/first-counts", test_duplicate);
  ADD ("/batch/duplicate/fails", test_duplicate_fails);
  ADD ("/batch/duplicate/in-vain", test_duplicate_in_vain);
  ADD ("/batch/give-back", test_give_back);
#undef ADD

  return g_test_run ();
}
