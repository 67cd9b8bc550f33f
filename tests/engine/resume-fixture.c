/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "resume-fixture.h"

#include <glib/gstdio.h>

/* A loop that goes on from what it came to, and a step after it. */
#define LOOP_STEPS                                                                                       \
  "[{'repeat':%d,'until':'gap < %s','steps':[{'step':'work','on':'all'},{'step':'gather','on':'one'}]}," \
  "{'step':'report','on':'one'}]"

#define TASK_STEPS "[{'step':'work','tasks':%d},{'step':'gather','on':'one'}]"

void
resume_fixture_set_up (ResumeFixture *fixture,
                       gconstpointer  data)
{
  fixture->folder = make_folder ();
}

void
resume_fixture_tear_down (ResumeFixture *fixture,
                          gconstpointer  data)
{
  remove_folder (fixture->folder);
}

/* The path of the file whose tasks fail. */
static char *
dup_list (ResumeFixture *fixture)
{
  return g_build_filename (fixture->folder, "list", NULL);
}

void
set_list (ResumeFixture *fixture,
          const char    *numbers)
{
  g_autofree char *list = dup_list (fixture);

  if (numbers == NULL)
    g_assert_cmpint (g_remove (list), ==, 0);
  else
    g_assert_true (g_file_set_contents (list, numbers, -1, NULL));
}

LockstepPlan *
make_tally (ResumeFixture *fixture,
            guint          n_solvers,
            const char    *members,
            const char    *steps)
{
  g_autofree char *list = dup_list (fixture);
  g_autofree char *solver = fake_solver (fixture->folder, "tally", list, NULL);

  return make_plan ("{'lockstep':1,'name':'Tally','solver':{%s},'solvers':%u,%s'steps':%s}", solver, n_solvers, members, steps);
}

LockstepPlan *
make_loop (ResumeFixture *fixture,
           guint          n_solvers,
           int            repeat,
           const char    *target)
{
  g_autofree char *steps = g_strdup_printf (LOOP_STEPS, repeat, target);

  return make_tally (fixture, n_solvers, "", steps);
}

LockstepPlan *
make_sweep (ResumeFixture *fixture,
            guint          n_solvers,
            int            n_tasks)
{
  g_autofree char *steps = g_strdup_printf (TASK_STEPS, n_tasks);

  return make_tally (fixture, n_solvers, "", steps);
}

LockstepPastRun *
load_past (const char *directory,
           gboolean    to_resume)
{
  g_autoptr (GError) error = NULL;
  LockstepPastRun   *past = lockstep_past_run_load (directory, to_resume, &error);

  g_assert_no_error (error);
  return past;
}

LockstepRun *
resume_run (const char                  *directory,
            LockstepPlan                *plan,
            const LockstepResumeOptions *what)
{
  const LockstepControllerOptions options = { .grace = 2 };
  g_autoptr (LockstepPastRun)     past = load_past (directory, TRUE);
  g_autoptr (GError)              error = NULL;
  g_autoptr (LockstepController)  controller = lockstep_controller_new_resume (past, plan, what, &options, &error);
  LockstepRun                    *run;

  g_assert_no_error (error);
  run = g_object_ref (lockstep_controller_get_run (controller));
  lockstep_controller_start (controller);
  wait_for_end (run);

  return run;
}

GError *
refuse_to_resume (const char                  *directory,
                  LockstepPlan                *plan,
                  const LockstepResumeOptions *what)
{
  g_autoptr (LockstepPastRun) past = load_past (directory, TRUE);
  GError                     *error = NULL;

  g_assert_null (lockstep_controller_new_resume (past, plan, what, NULL, &error));
  g_assert_nonnull (error);
  return error;
}

char *
read_file (const char *directory,
           const char *name)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  char            *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

void
write_file (const char *directory,
            const char *name,
            const char *text,
            gssize      length)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);

  g_assert_true (g_file_set_contents (path, text, length, NULL));
}

guint
count_in_journal (const char *directory,
                  const char *words)
{
  g_autofree char *journal = read_file (directory, "journal.jsonl");
  guint            count = 0;

  for (const char *at = strstr (journal, words); at != NULL; at = strstr (at + 1, words))
    count++;

  return count;
}

char *
make_interrupted (ResumeFixture *fixture,
                  const char    *directory,
                  const char    *journal,
                  gsize          length)
{
  char            *copy = g_build_filename (fixture->folder, "interrupted", NULL);
  g_autofree char *plan = read_file (directory, "plan.lockstep");

  g_mkdir (copy, 0777);
  write_file (copy, "plan.lockstep", plan, -1);
  write_file (copy, "journal.jsonl", journal, (gssize) length);

  return copy;
}

void
assert_same_results (LockstepRun *run,
                     LockstepRun *undisturbed)
{
  GPtrArray *results = lockstep_run_get_results (run);
  GPtrArray *expected = lockstep_run_get_results (undisturbed);

  g_assert_cmpstr (lockstep_run_get_error (run), ==, NULL);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpuint (results->len, ==, expected->len);
  for (guint i = 0; i < results->len; i++)
    g_assert_true (g_bytes_equal (g_ptr_array_index (results, i), g_ptr_array_index (expected, i)));
  g_assert_true (lockstep_run_get_reached (run) == lockstep_run_get_reached (undisturbed));
  g_assert_cmpuint (lockstep_run_get_n_failures (run), ==, lockstep_run_get_n_failures (undisturbed));
}
