/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>

#include "resume-fixture.h"

/* A run that died at any event whatever, with the line after it torn, comes to what it would have. */
static void
check_every_event (ResumeFixture *fixture,
                   LockstepPlan  *plan)
{
  g_autoptr (LockstepRun) undisturbed = run_plan (plan, fixture->folder);
  const char             *directory = lockstep_run_get_directory (undisturbed);
  g_autofree char        *journal = read_file (directory, "journal.jsonl");
  const char             *last = strstr (journal, "{\"event\":\"run-ended\"");
  guint                   n_resumed = 0;

  g_assert_cmpint (lockstep_run_get_state (undisturbed), ==, LOCKSTEP_RUN_FINISHED);
  for (const char *at = strchr (journal, '\n'); at < last; at = strchr (at + 1, '\n'), n_resumed++)
    {
      const gsize             length = (gsize) (at - journal) + 1;
      g_autofree char        *copy = make_interrupted (fixture, directory, journal, length + (n_resumed % 2) * 9);
      g_autoptr (LockstepRun) run = resume_run (copy, NULL, NULL);

      assert_same_results (run, undisturbed);
    }
  g_assert_cmpuint (n_resumed, >, 20);
  g_assert_cmpuint (count_processes (fixture->folder), ==, 0);
}

static void
test_every_event_of_loop (ResumeFixture *fixture,
                          gconstpointer  data)
{
  g_autoptr (LockstepPlan) plan = make_loop (fixture, 2, 9, "0.002");

  check_every_event (fixture, plan);
}

/* Left because it was used up: that it was not reached is known after it, however often it is resumed. */
static void
test_every_event_unreached (ResumeFixture *fixture,
                            gconstpointer  data)
{
  g_autoptr (LockstepPlan) plan = make_loop (fixture, 1, 3, "0.0001");

  check_every_event (fixture, plan);
}

static void
test_every_event_of_tasks (ResumeFixture *fixture,
                           gconstpointer  data)
{
  g_autoptr (LockstepPlan) plan = make_sweep (fixture, 2, 12);

  check_every_event (fixture, plan);
}

static void
test_every_event_with_failures (ResumeFixture *fixture,
                                gconstpointer  data)
{
  g_autoptr (LockstepPlan) plan = make_sweep (fixture, 2, 8);

  set_list (fixture, "2 5");
  check_every_event (fixture, plan);
}

/* Loops in loops, and tasks in them. */
static void
test_every_event_nested (ResumeFixture *fixture,
                         gconstpointer  data)
{
  g_autoptr (LockstepPlan) plan = make_tally (fixture, 1, "",
                                              "[{'repeat':2,'steps':[{'step':'work','tasks':2},"
                                              "{'repeat':3,'until':'gap < 0.02','steps':[{'step':'work','on':'all'},{'step':'gather','on':'one'}]}]},"
                                              "{'step':'report','on':'one'}]");

  check_every_event (fixture, plan);
}

static void
test_interrupted (ResumeFixture *fixture,
                  gconstpointer  data)
{
  g_autoptr (LockstepPlan)    plan = make_sweep (fixture, 2, 6);
  g_autoptr (LockstepRun)     run = run_plan (plan, fixture->folder);
  g_autofree char            *journal = read_file (lockstep_run_get_directory (run), "journal.jsonl");
  const char                 *end = strstr (journal, "{\"event\":\"task-ended\"");
  g_autofree char            *copy = make_interrupted (fixture, lockstep_run_get_directory (run), journal, (gsize) (end - journal));
  g_autoptr (LockstepPastRun) past = load_past (copy, FALSE);
  LockstepRun                *read = lockstep_past_run_get_run (past);
  g_autofree char            *summary = lockstep_run_dup_summary (read);

  g_assert_cmpint (lockstep_run_get_state (read), ==, LOCKSTEP_RUN_INTERRUPTED);
  g_assert_cmpstr (lockstep_run_state_to_name (lockstep_run_get_state (read)), ==, "interrupted");
  g_assert_true (lockstep_run_has_ended (read));
  g_assert_true (g_str_has_prefix (summary, "Interrupted"));
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (LockstepRunSolver) solver = g_list_model_get_item (lockstep_run_get_solvers (read), i);

      g_assert_cmpint (lockstep_run_solver_get_state (solver), ==, LOCKSTEP_SOLVER_DEAD);
    }
}

static void
event_cb (LockstepRun         *run,
          const LockstepEvent *event,
          LockstepController  *controller)
{
  if (event->type == LOCKSTEP_EVENT_TASK_ENDED && event->task == 3)
    lockstep_controller_terminate (controller, LOCKSTEP_STOP_ASK);
}

/* A live run is not interrupted, and there is no second controller of it. */
static void
test_lock (ResumeFixture *fixture,
           gconstpointer  data)
{
  const LockstepControllerOptions options = { .runs_directory = fixture->folder, .grace = 2 };
  g_autoptr (LockstepPlan)        plan = make_sweep (fixture, 1, 50);
  g_autoptr (LockstepController)  controller = lockstep_controller_new (plan, &options);
  LockstepRun                    *run = lockstep_controller_get_run (controller);
  g_autoptr (LockstepPastRun)     past = NULL;
  g_autoptr (GError)              error = NULL;

  lockstep_controller_start (controller);
  while (lockstep_run_get_n_done (run) == 0)
    g_main_context_iteration (NULL, TRUE);

  g_assert_true (lockstep_run_lock_is_held (lockstep_run_get_directory (run)));
  past = load_past (lockstep_run_get_directory (run), FALSE);
  g_assert_true (lockstep_past_run_is_live (past));
  g_assert_false (lockstep_run_has_ended (lockstep_past_run_get_run (past)));
  g_assert_null (lockstep_past_run_load (lockstep_run_get_directory (run), TRUE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_nonnull (strstr (error->message, "at work already"));

  wait_for_end (run);
  g_assert_false (lockstep_run_lock_is_held (lockstep_run_get_directory (run)));
}

/* What was terminated goes on; tasks that were done are not done again, and attempts count on. */
static void
test_terminated (ResumeFixture *fixture,
                 gconstpointer  data)
{
  const LockstepControllerOptions options = { .runs_directory = fixture->folder, .grace = 2 };
  g_autoptr (LockstepPlan)        plan = make_sweep (fixture, 1, 10);
  g_autoptr (LockstepRun)         undisturbed = run_plan (plan, fixture->folder);
  g_autoptr (LockstepController)  controller = lockstep_controller_new (plan, &options);
  LockstepRun                    *run = lockstep_controller_get_run (controller);
  g_autoptr (LockstepRun)         resumed = NULL;

  g_signal_connect (run, "event", G_CALLBACK (event_cb), controller);
  lockstep_controller_start (controller);
  wait_for_end (run);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_TERMINATED);

  resumed = resume_run (lockstep_run_get_directory (run), NULL, NULL);
  assert_same_results (resumed, undisturbed);
  g_assert_cmpint (lockstep_run_get_start (resumed), ==, lockstep_run_get_start (run));
  /* Ten tasks and the gathering. */
  g_assert_cmpuint (count_in_journal (lockstep_run_get_directory (run), "\"task-ended\""), ==, 11);
  g_assert_cmpuint (count_in_journal (lockstep_run_get_directory (run), "\"resumed\":true"), ==, 2);
}

static void
test_nothing (ResumeFixture *fixture,
              gconstpointer  data)
{
  g_autoptr (LockstepPlan) plan = make_sweep (fixture, 1, 2);
  g_autoptr (LockstepRun)  run = run_plan (plan, fixture->folder);
  g_autofree char         *before = read_file (lockstep_run_get_directory (run), "journal.jsonl");
  g_autoptr (GError)       error = refuse_to_resume (lockstep_run_get_directory (run), NULL, NULL);
  g_autofree char         *after = read_file (lockstep_run_get_directory (run), "journal.jsonl");

  g_assert_error (error, LOCKSTEP_RESUME_ERROR, LOCKSTEP_RESUME_ERROR_NOTHING);
  g_assert_nonnull (strstr (error->message, "nothing to do"));
  g_assert_cmpstr (before, ==, after);
  g_assert_false (lockstep_run_lock_is_held (lockstep_run_get_directory (run)));
}

static void
leave_cb (LockstepRun         *run,
          const LockstepEvent *event,
          LockstepController  *controller)
{
  if (event->type == LOCKSTEP_EVENT_TASK_STARTED && event->iteration == 3)
    lockstep_controller_stop_iterating (controller);
}

/* That a person wanted the loop left is known until it is. */
static void
test_leaving (ResumeFixture *fixture,
              gconstpointer  data)
{
  const LockstepControllerOptions options = { .runs_directory = fixture->folder, .grace = 2 };
  g_autoptr (LockstepPlan)        plan = make_loop (fixture, 1, 50, "1e-300");
  g_autoptr (LockstepController)  controller = lockstep_controller_new (plan, &options);
  LockstepRun                    *undisturbed = lockstep_controller_get_run (controller);
  g_autofree char                *journal = NULL;
  guint                           n_resumed = 0;

  g_signal_connect (undisturbed, "event", G_CALLBACK (leave_cb), controller);
  lockstep_controller_start (controller);
  wait_for_end (undisturbed);
  journal = read_file (lockstep_run_get_directory (undisturbed), "journal.jsonl");
  g_assert_cmpuint (count_in_journal (lockstep_run_get_directory (undisturbed), "loop-leaving"), ==, 1);
  for (const char *at = strchr (strstr (journal, "\"loop-leaving\""), '\n'); at < strstr (journal, "\"left\":true");
       at = strchr (at + 1, '\n'), n_resumed++)
    {
      g_autofree char        *copy = make_interrupted (fixture, lockstep_run_get_directory (undisturbed), journal,
                                                       (gsize) (at - journal) + 1);
      g_autoptr (LockstepRun) run = resume_run (copy, NULL, NULL);

      assert_same_results (run, undisturbed);
      g_assert_cmpuint (count_in_journal (copy, "\"left\":true"), ==, 1);
    }
  g_assert_cmpuint (n_resumed, >, 3);
}

/* A run that failed is tried again where it failed. */
static void
test_failed_run (ResumeFixture *fixture,
                 gconstpointer  data)
{
  g_autoptr (LockstepPlan) plan = make_loop (fixture, 2, 9, "0.002");
  g_autoptr (LockstepRun)  undisturbed = run_plan (plan, fixture->folder);
  g_autoptr (LockstepRun)  run = NULL;
  g_autoptr (LockstepRun)  again = NULL;

  set_list (fixture, "4");
  run = run_plan (plan, fixture->folder);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FAILED);
  g_assert_cmpuint (lockstep_run_get_n_failures (run), ==, 1);

  set_list (fixture, NULL);
  again = resume_run (lockstep_run_get_directory (run), NULL, NULL);
  assert_same_results (again, undisturbed);
}

static void
test_failed_tasks_stop (ResumeFixture *fixture,
                        gconstpointer  data)
{
  g_autoptr (LockstepPlan) plan = make_tally (fixture, 1, "'on-failure':'stop',", "[{'step':'work','tasks':6}]");
  g_autoptr (LockstepRun)  undisturbed = run_plan (plan, fixture->folder);
  g_autoptr (LockstepRun)  run = NULL;
  g_autoptr (LockstepRun)  again = NULL;

  set_list (fixture, "3");
  run = run_plan (plan, fixture->folder);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FAILED);

  set_list (fixture, NULL);
  again = resume_run (lockstep_run_get_directory (run), NULL, NULL);
  assert_same_results (again, undisturbed);
}

/* Parts are shared out over as many solvers as there are now. */
static void
test_other_number (ResumeFixture *fixture,
                   gconstpointer  data)
{
  g_autoptr (LockstepPlan) two = make_sweep (fixture, 2, 12);
  g_autoptr (LockstepPlan) one = make_sweep (fixture, 1, 12);
  g_autoptr (LockstepRun)  undisturbed = run_plan (two, fixture->folder);
  g_autofree char         *journal = read_file (lockstep_run_get_directory (undisturbed), "journal.jsonl");
  const char              *end = strstr (journal, "{\"event\":\"task-ended\"");
  g_autofree char         *copy = make_interrupted (fixture, lockstep_run_get_directory (undisturbed), journal, (gsize) (end - journal));
  g_autoptr (LockstepRun)  run = resume_run (copy, one, NULL);

  assert_same_results (run, undisturbed);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) \
  g_test_add (path, ResumeFixture, NULL, resume_fixture_set_up, test, resume_fixture_tear_down)
  ADD ("/resume/every-event/loop", test_every_event_of_loop);
  ADD ("/resume/every-event/unreached", test_every_event_unreached);
  ADD ("/resume/every-event/tasks", test_every_event_of_tasks);
  ADD ("/resume/every-event/failures", test_every_event_with_failures);
  ADD ("/resume/every-event/nested", test_every_event_nested);
  ADD ("/resume/interrupted", test_interrupted);
  ADD ("/resume/lock", test_lock);
  ADD ("/resume/terminated", test_terminated);
  ADD ("/resume/leaving", test_leaving);
  ADD ("/resume/nothing", test_nothing);
  ADD ("/resume/failed-run", test_failed_run);
  ADD ("/resume/failed-tasks-stop", test_failed_tasks_stop);
  ADD ("/resume/other-number", test_other_number);
#undef ADD

  return g_test_run ();
}
