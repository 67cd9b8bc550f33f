/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>

#include "resume-fixture.h"

/* Each result is a file of its own. */
#define PADDING "70000"

#define ITERATION "[{'step':'work','on':'all'},{'step':'gather','on':'one'}]"

static LockstepPlan *
make_padded (ResumeFixture *fixture,
             const char    *format,
             ...) G_GNUC_PRINTF (2, 3);

static LockstepPlan *
make_padded (ResumeFixture *fixture,
             const char    *format,
             ...)
{
  g_autofree char *list = g_build_filename (fixture->folder, "list", NULL);
  g_autofree char *solver = fake_solver (fixture->folder, "tally", list, "0", PADDING, NULL);
  g_autofree char *steps = NULL;
  va_list          args;

  va_start (args, format);
  steps = g_strdup_vprintf (format, args);
  va_end (args);

  return make_plan ("{'lockstep':1,'name':'Padded','solver':{%s},'solvers':2,'steps':%s}", solver, steps);
}

static guint
count_results (LockstepRun *run)
{
  g_autofree char *path = g_build_filename (lockstep_run_get_directory (run), "results", NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char      *name;
  guint            count = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    count += g_str_has_suffix (name, ".json");

  return count;
}

static void
event_cb (LockstepRun         *run,
          const LockstepEvent *event,
          guint               *most)
{
  if (event->type == LOCKSTEP_EVENT_STEP_ENDED)
    *most = MAX (*most, count_results (run));
}

/* However long a loop lasts, what it leaves on disk does not grow; what is read from there is whole. */
static void
test_loop (ResumeFixture *fixture,
           gconstpointer  data)
{
  const LockstepControllerOptions options = { .runs_directory = fixture->folder, .grace = 2 };
  g_autoptr (LockstepPlan)        plan = make_padded (fixture, "[{'repeat':60,'steps':" ITERATION "},{'step':'report','on':'one'}]");
  g_autoptr (LockstepController)  controller = lockstep_controller_new (plan, &options);
  LockstepRun                    *run = lockstep_controller_get_run (controller);
  g_autoptr (LockstepPastRun)     past = NULL;
  guint                           most = 0;

  g_signal_connect (run, "event", G_CALLBACK (event_cb), &most);
  lockstep_controller_start (controller);
  wait_for_end (run);

  /* The last of work, the last two of gather, and of report. */
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpuint (count_results (run), ==, 2 + 2 + 1);
  g_assert_cmpuint (most, <, 90);

  past = load_past (lockstep_run_get_directory (run), FALSE);
  g_assert_cmpuint (lockstep_past_run_get_complaints (past)->len, ==, 0);
  assert_same_results (lockstep_past_run_get_run (past), run);
}

/* A loop that was used up goes on from what it had come to. */
static void
test_raised_repeat (ResumeFixture *fixture,
                    gconstpointer  data)
{
  g_autoptr (LockstepPlan) few = make_padded (fixture, "[{'repeat':5,'steps':" ITERATION "},{'step':'report','on':'one'}]");
  g_autoptr (LockstepPlan) many = make_padded (fixture, "[{'repeat':9,'steps':" ITERATION "},{'step':'report','on':'one'}]");
  g_autoptr (LockstepRun)  undisturbed = run_plan (many, fixture->folder);
  g_autoptr (LockstepRun)  run = run_plan (few, fixture->folder);
  g_autoptr (LockstepRun)  more = resume_run (lockstep_run_get_directory (run), many, NULL);

  assert_same_results (more, undisturbed);
  g_assert_cmpuint (count_results (more), ==, count_results (undisturbed));
}

/* Tasks before a long loop are done again with what they had, and all after them. */
static void
test_back_to_tasks (ResumeFixture *fixture,
                    gconstpointer  data)
{
  const LockstepResumeOptions again = { .tasks = "10" };
  g_autoptr (LockstepPlan)    plan = make_padded (fixture, "[{'repeat':3,'steps':" ITERATION "},{'step':'work','tasks':3},"
                                                              "{'repeat':9,'steps':" ITERATION "},{'step':'report','on':'one'}]");
  g_autoptr (LockstepRun)     undisturbed = run_plan (plan, fixture->folder);
  g_autoptr (LockstepRun)     run = run_plan (plan, fixture->folder);
  g_autoptr (LockstepRun)     once = resume_run (lockstep_run_get_directory (run), NULL, &again);
  g_autoptr (LockstepRun)     twice = resume_run (lockstep_run_get_directory (run), NULL, &again);

  assert_same_results (once, undisturbed);
  assert_same_results (twice, undisturbed);
  g_assert_cmpuint (count_results (twice), ==, count_results (undisturbed));
}

/* A file that is missing and that no later result replaces is another matter. */
static void
test_missing (ResumeFixture *fixture,
              gconstpointer  data)
{
  g_autoptr (LockstepPlan) few = make_padded (fixture, "[{'repeat':3,'steps':" ITERATION "}]");
  g_autoptr (LockstepPlan) many = make_padded (fixture, "[{'repeat':5,'steps':" ITERATION "}]");
  g_autoptr (LockstepRun)  run = run_plan (few, fixture->folder);
  g_autofree char         *last = g_build_filename (lockstep_run_get_directory (run), "results", "000008.json", NULL);
  g_autoptr (GError)       error = NULL;

  g_assert_cmpint (g_remove (last), ==, 0);
  error = refuse_to_resume (lockstep_run_get_directory (run), many, NULL);
  g_assert_error (error, LOCKSTEP_RESUME_ERROR, LOCKSTEP_RESUME_ERROR_LOST);
  g_assert_nonnull (strstr (error->message, last));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) \
  g_test_add (path, ResumeFixture, NULL, resume_fixture_set_up, test, resume_fixture_tear_down)
  ADD ("/superseded/loop", test_loop);
  ADD ("/superseded/raised-repeat", test_raised_repeat);
  ADD ("/superseded/back-to-tasks", test_back_to_tasks);
  ADD ("/superseded/missing", test_missing);
#undef ADD

  return g_test_run ();
}
