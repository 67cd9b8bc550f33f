/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-controller.h"

#include <glib/gstdio.h>

#include "run-fixture.h"

typedef struct
{
  char *folder;
} Fixture;

/* A loop that goes on from what it came to, and a step after it. */
#define LOOP_STEPS                                                                                       \
  "[{'repeat':%d,'until':'gap < %s','steps':[{'step':'work','on':'all'},{'step':'gather','on':'one'}]}," \
  "{'step':'report','on':'one'}]"

#define TASK_STEPS "[{'step':'work','tasks':%d},{'step':'gather','on':'one'}]"

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->folder = make_folder ();
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  remove_folder (fixture->folder);
}

/* The path of the file whose tasks fail. */
static char *
dup_list (Fixture *fixture)
{
  return g_build_filename (fixture->folder, "list", NULL);
}

static void
set_list (Fixture    *fixture,
          const char *numbers)
{
  g_autofree char *list = dup_list (fixture);

  if (numbers == NULL)
    g_assert_cmpint (g_remove (list), ==, 0);
  else
    g_assert_true (g_file_set_contents (list, numbers, -1, NULL));
}

/* A plan of the fake solver with @steps, a format, on @n_solvers solvers. */
static LockstepPlan *
make_tally (Fixture    *fixture,
            guint       n_solvers,
            const char *members,
            const char *steps)
{
  g_autofree char *list = dup_list (fixture);
  g_autofree char *solver = fake_solver (fixture->folder, "tally", list, NULL);

  return make_plan ("{'lockstep':1,'name':'Tally','solver':{%s},'solvers':%u,%s'steps':%s}", solver, n_solvers, members, steps);
}

static LockstepPlan *
make_loop (Fixture    *fixture,
           guint       n_solvers,
           int         repeat,
           const char *target)
{
  g_autofree char *steps = g_strdup_printf (LOOP_STEPS, repeat, target);

  return make_tally (fixture, n_solvers, "", steps);
}

static LockstepPlan *
make_tasks (Fixture *fixture,
            guint    n_solvers,
            int      n_tasks)
{
  g_autofree char *steps = g_strdup_printf (TASK_STEPS, n_tasks);

  return make_tally (fixture, n_solvers, "", steps);
}

static LockstepPastRun *
load (const char *directory,
      gboolean    to_resume)
{
  g_autoptr (GError) error = NULL;
  LockstepPastRun   *past = lockstep_past_run_load (directory, to_resume, &error);

  g_assert_no_error (error);
  return past;
}

/* Goes on with the run in @directory and waits for its end. */
static LockstepRun *
resume (const char                  *directory,
        LockstepPlan                *plan,
        const LockstepResumeOptions *what)
{
  const LockstepControllerOptions options = { .grace = 2 };
  g_autoptr (LockstepPastRun)     past = load (directory, TRUE);
  g_autoptr (GError)              error = NULL;
  g_autoptr (LockstepController)  controller = lockstep_controller_new_resume (past, plan, what, &options, &error);
  LockstepRun                    *run;

  g_assert_no_error (error);
  run = g_object_ref (lockstep_controller_get_run (controller));
  lockstep_controller_start (controller);
  wait_for_end (run);

  return run;
}

/* The error that keeps the run in @directory from going on. */
static GError *
refuse (const char                  *directory,
        LockstepPlan                *plan,
        const LockstepResumeOptions *what)
{
  g_autoptr (LockstepPastRun) past = load (directory, TRUE);
  GError                     *error = NULL;

  g_assert_null (lockstep_controller_new_resume (past, plan, what, NULL, &error));
  g_assert_nonnull (error);
  return error;
}

static char *
read_file (const char *directory,
           const char *name)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  char            *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static void
write_file (const char *directory,
            const char *name,
            const char *text,
            gssize      length)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);

  g_assert_true (g_file_set_contents (path, text, length, NULL));
}

/* How often @words stands in the journal of the run in @directory. */
static guint
count_in_journal (const char *directory,
                  const char *words)
{
  g_autofree char *journal = read_file (directory, "journal.jsonl");
  guint            count = 0;

  for (const char *at = strstr (journal, words); at != NULL; at = strstr (at + 1, words))
    count++;

  return count;
}

/* The run as its controller would have left it when it died after @length bytes of the journal. */
static char *
make_interrupted (Fixture    *fixture,
                  const char *directory,
                  const char *journal,
                  gsize       length)
{
  char            *copy = g_build_filename (fixture->folder, "interrupted", NULL);
  g_autofree char *plan = read_file (directory, "plan.lockstep");

  g_mkdir (copy, 0777);
  write_file (copy, "plan.lockstep", plan, -1);
  write_file (copy, "journal.jsonl", journal, (gssize) length);

  return copy;
}

static void
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

/* A run that died at any event whatever, with the line after it torn, comes to what it would have. */
static void
check_every_event (Fixture      *fixture,
                   LockstepPlan *plan)
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
      g_autoptr (LockstepRun) run = resume (copy, NULL, NULL);

      assert_same_results (run, undisturbed);
    }
  g_assert_cmpuint (n_resumed, >, 20);
  g_assert_cmpuint (count_processes (fixture->folder), ==, 0);
}

static void
test_every_event_of_loop (Fixture      *fixture,
                          gconstpointer data)
{
  g_autoptr (LockstepPlan) plan = make_loop (fixture, 2, 9, "0.002");

  check_every_event (fixture, plan);
}

/* Left because it was used up: that it was not reached is known after it, however often it is resumed. */
static void
test_every_event_unreached (Fixture      *fixture,
                            gconstpointer data)
{
  g_autoptr (LockstepPlan) plan = make_loop (fixture, 1, 3, "0.0001");

  check_every_event (fixture, plan);
}

static void
test_every_event_of_tasks (Fixture      *fixture,
                           gconstpointer data)
{
  g_autoptr (LockstepPlan) plan = make_tasks (fixture, 2, 12);

  check_every_event (fixture, plan);
}

static void
test_every_event_with_failures (Fixture      *fixture,
                                gconstpointer data)
{
  g_autoptr (LockstepPlan) plan = make_tasks (fixture, 2, 8);

  set_list (fixture, "2 5");
  check_every_event (fixture, plan);
}

/* Loops in loops, and tasks in them. */
static void
test_every_event_nested (Fixture      *fixture,
                         gconstpointer data)
{
  g_autoptr (LockstepPlan) plan = make_tally (fixture, 1, "",
                                              "[{'repeat':2,'steps':[{'step':'work','tasks':2},"
                                              "{'repeat':3,'until':'gap < 0.02','steps':[{'step':'work','on':'all'},{'step':'gather','on':'one'}]}]},"
                                              "{'step':'report','on':'one'}]");

  check_every_event (fixture, plan);
}

/* What is read from the folder of a run is what the run itself was, also where its program is gone. */
static void
test_past_is_as_live (Fixture      *fixture,
                      gconstpointer data)
{
  g_autoptr (LockstepPlan)    plan = make_tasks (fixture, 2, 6);
  g_autoptr (LockstepRun)     run = NULL;
  g_autoptr (LockstepPastRun) past = NULL;
  g_autofree char            *text = NULL;
  g_autofree char            *live_summary = NULL;
  g_autofree char            *past_summary = NULL;
  g_auto (GStrv)              parts = NULL;
  g_autofree char            *gone = NULL;
  LockstepRun                *read;

  set_list (fixture, "3");
  run = run_plan (plan, fixture->folder);
  text = read_file (lockstep_run_get_directory (run), "plan.lockstep");
  parts = g_strsplit (text, g_getenv ("LOCKSTEP_FAKE_SOLVER"), 2);
  gone = g_strjoinv ("/nowhere/at/all", parts);
  write_file (lockstep_run_get_directory (run), "plan.lockstep", gone, -1);

  past = load (lockstep_run_get_directory (run), FALSE);
  read = lockstep_past_run_get_run (past);
  live_summary = lockstep_run_dup_summary (run);
  past_summary = lockstep_run_dup_summary (read);
  g_assert_false (lockstep_past_run_is_live (past));
  g_assert_cmpuint (lockstep_past_run_get_complaints (past)->len, ==, 0);
  g_assert_cmpint (lockstep_run_get_state (read), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpstr (past_summary, ==, live_summary);
  g_assert_cmpstr (lockstep_run_get_directory (read), ==, lockstep_run_get_directory (run));
  g_assert_cmpint (lockstep_run_get_start (read), ==, lockstep_run_get_start (run));
  g_assert_cmpint (lockstep_run_get_end (read), ==, lockstep_run_get_end (run));
  g_assert_cmpuint (lockstep_run_get_n_failures (read), ==, 1);
  g_assert_cmpfloat (lockstep_run_get_fraction (read), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (lockstep_run_get_solvers (read)), ==, 2);
  g_assert_cmpstr (lockstep_plan_get_name (lockstep_run_get_plan (read)), ==, "Tally");
  assert_same_results (read, run);
}

typedef struct
{
  LockstepPastRun *past;
  GError          *error;
} Loaded;

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Loaded *loaded = user_data;

  loaded->past = lockstep_past_run_load_finish (result, &loaded->error);
}

static void
test_load_async (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr (LockstepPlan) plan = make_tasks (fixture, 1, 3);
  g_autoptr (LockstepRun)  run = run_plan (plan, fixture->folder);
  Loaded                   loaded = { NULL, NULL };

  lockstep_past_run_load_async (lockstep_run_get_directory (run), FALSE, NULL, loaded_cb, &loaded);
  while (loaded.past == NULL && loaded.error == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_no_error (loaded.error);
  assert_same_results (lockstep_past_run_get_run (loaded.past), run);
  lockstep_past_run_free (loaded.past);

  lockstep_past_run_load_async (fixture->folder, FALSE, NULL, loaded_cb, &loaded);
  while (loaded.error == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (loaded.error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (loaded.error->message, "there is no plan.lockstep in it"));
  g_error_free (loaded.error);
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
test_lock (Fixture      *fixture,
           gconstpointer data)
{
  const LockstepControllerOptions options = { .runs_directory = fixture->folder, .grace = 2 };
  g_autoptr (LockstepPlan)        plan = make_tasks (fixture, 1, 50);
  g_autoptr (LockstepController)  controller = lockstep_controller_new (plan, &options);
  LockstepRun                    *run = lockstep_controller_get_run (controller);
  g_autoptr (LockstepPastRun)     past = NULL;
  g_autoptr (GError)              error = NULL;

  lockstep_controller_start (controller);
  while (lockstep_run_get_n_done (run) == 0)
    g_main_context_iteration (NULL, TRUE);

  g_assert_true (lockstep_run_lock_is_held (lockstep_run_get_directory (run)));
  past = load (lockstep_run_get_directory (run), FALSE);
  g_assert_true (lockstep_past_run_is_live (past));
  g_assert_false (lockstep_run_has_ended (lockstep_past_run_get_run (past)));
  g_assert_null (lockstep_past_run_load (lockstep_run_get_directory (run), TRUE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_nonnull (strstr (error->message, "at work already"));

  wait_for_end (run);
  g_assert_false (lockstep_run_lock_is_held (lockstep_run_get_directory (run)));
}

static void
test_interrupted (Fixture      *fixture,
                  gconstpointer data)
{
  g_autoptr (LockstepPlan)    plan = make_tasks (fixture, 2, 6);
  g_autoptr (LockstepRun)     run = run_plan (plan, fixture->folder);
  g_autofree char            *journal = read_file (lockstep_run_get_directory (run), "journal.jsonl");
  const char                 *end = strstr (journal, "{\"event\":\"task-ended\"");
  g_autofree char            *copy = make_interrupted (fixture, lockstep_run_get_directory (run), journal, (gsize) (end - journal));
  g_autoptr (LockstepPastRun) past = load (copy, FALSE);
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

/* What was terminated goes on; tasks that were done are not done again, and attempts count on. */
static void
test_terminated (Fixture      *fixture,
                 gconstpointer data)
{
  const LockstepControllerOptions options = { .runs_directory = fixture->folder, .grace = 2 };
  g_autoptr (LockstepPlan)        plan = make_tasks (fixture, 1, 10);
  g_autoptr (LockstepRun)         undisturbed = run_plan (plan, fixture->folder);
  g_autoptr (LockstepController)  controller = lockstep_controller_new (plan, &options);
  LockstepRun                    *run = lockstep_controller_get_run (controller);
  g_autoptr (LockstepRun)         resumed = NULL;

  g_signal_connect (run, "event", G_CALLBACK (event_cb), controller);
  lockstep_controller_start (controller);
  wait_for_end (run);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_TERMINATED);

  resumed = resume (lockstep_run_get_directory (run), NULL, NULL);
  assert_same_results (resumed, undisturbed);
  g_assert_cmpint (lockstep_run_get_start (resumed), ==, lockstep_run_get_start (run));
  /* Ten tasks and the gathering. */
  g_assert_cmpuint (count_in_journal (lockstep_run_get_directory (run), "\"task-ended\""), ==, 11);
  g_assert_cmpuint (count_in_journal (lockstep_run_get_directory (run), "\"resumed\":true"), ==, 2);
}

static void
test_failed (Fixture      *fixture,
             gconstpointer data)
{
  const LockstepResumeOptions what = { .failed = TRUE };
  g_autoptr (LockstepPlan)    plan = make_tasks (fixture, 2, 9);
  g_autoptr (LockstepRun)     undisturbed = run_plan (plan, fixture->folder);
  g_autoptr (LockstepRun)     run = NULL;
  g_autoptr (LockstepRun)     again = NULL;
  g_autoptr (LockstepRun)     well = NULL;
  g_autoptr (GError)          error = NULL;
  const char                 *directory;

  set_list (fixture, "2 3 7");
  run = run_plan (plan, fixture->folder);
  directory = lockstep_run_get_directory (run);
  g_assert_cmpuint (lockstep_run_get_n_failures (run), ==, 3);

  set_list (fixture, "3");
  again = resume (directory, NULL, &what);
  g_assert_cmpuint (lockstep_run_get_n_failures (again), ==, 1);
  g_assert_cmpint (lockstep_run_get_state (again), ==, LOCKSTEP_RUN_FINISHED);

  set_list (fixture, NULL);
  well = resume (directory, NULL, &what);
  assert_same_results (well, undisturbed);
  g_assert_cmpuint (count_in_journal (directory, "\"task\":3,\"attempt\":3"), ==, 2);
  g_assert_cmpuint (count_in_journal (directory, "\"task\":4,\"attempt\":2"), ==, 0);

  error = refuse (directory, NULL, &what);
  g_assert_error (error, LOCKSTEP_RESUME_ERROR, LOCKSTEP_RESUME_ERROR_NOTHING);
}

static void
test_tasks (Fixture      *fixture,
            gconstpointer data)
{
  const LockstepResumeOptions some = { .tasks = "1,4-6" };
  g_autoptr (LockstepPlan)    plan = make_tasks (fixture, 2, 9);
  g_autoptr (LockstepRun)     run = run_plan (plan, fixture->folder);
  const char                 *directory = lockstep_run_get_directory (run);
  g_autoptr (LockstepRun)     again = resume (directory, NULL, &some);
  const struct
  {
    const char *tasks;
    const char *words;
  } wrong[] = { { "9", "no task 9" }, { "0-20", "no task 20" }, { "x", "is no list" }, { "", "empty" }, { "5-2", "is no list" } };

  assert_same_results (again, run);
  for (guint task = 0; task < 9; task++)
    {
      g_autofree char *words = g_strdup_printf ("\"task\":%u,\"attempt\":2", task);

      g_assert_cmpuint (count_in_journal (directory, words), ==, task == 1 || (task >= 4 && task <= 6) ? 2 : 0);
    }

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      const LockstepResumeOptions what = { .tasks = wrong[i].tasks };
      g_autoptr (GError)          error = refuse (directory, NULL, &what);

      g_assert_nonnull (strstr (error->message, wrong[i].words));
    }
}

static void
test_nothing (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr (LockstepPlan) plan = make_tasks (fixture, 1, 2);
  g_autoptr (LockstepRun)  run = run_plan (plan, fixture->folder);
  g_autofree char         *before = read_file (lockstep_run_get_directory (run), "journal.jsonl");
  g_autoptr (GError)       error = refuse (lockstep_run_get_directory (run), NULL, NULL);
  g_autofree char         *after = read_file (lockstep_run_get_directory (run), "journal.jsonl");

  g_assert_error (error, LOCKSTEP_RESUME_ERROR, LOCKSTEP_RESUME_ERROR_NOTHING);
  g_assert_nonnull (strstr (error->message, "nothing to do"));
  g_assert_cmpstr (before, ==, after);
  g_assert_false (lockstep_run_lock_is_held (lockstep_run_get_directory (run)));
}

static void
test_append (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (LockstepPlan) few = make_tasks (fixture, 1, 4);
  g_autoptr (LockstepPlan) many = make_tasks (fixture, 2, 10);
  g_autoptr (LockstepPlan) fewer = make_tasks (fixture, 2, 7);
  g_autoptr (LockstepRun)  undisturbed = run_plan (many, fixture->folder);
  g_autoptr (LockstepRun)  run = run_plan (few, fixture->folder);
  g_autoptr (LockstepRun)  more = resume (lockstep_run_get_directory (run), many, NULL);
  g_autoptr (GError)       error = NULL;

  assert_same_results (more, undisturbed);
  g_assert_cmpuint (count_in_journal (lockstep_run_get_directory (run), "\"task-ended\""), ==, 4 + 1 + 6 + 1);

  /* The plan of the folder is the new one. */
  error = refuse (lockstep_run_get_directory (run), fewer, NULL);
  g_assert_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER);
  g_assert_true (g_str_has_prefix (error->message, "steps[0].tasks: "));
}

/* The table is kept as it was, so that it can be edited; it may grow, but not otherwise change. */
static void
test_append_to_table (Fixture      *fixture,
                      gconstpointer data)
{
  g_autofree char         *table = g_build_filename (fixture->folder, "table.csv", NULL);
  g_autofree char         *steps = g_strdup_printf ("[{'step':'work','tasks':{'csv':'%s'}},{'step':'gather','on':'one'}]", table);
  g_autoptr (LockstepPlan) plan = NULL;
  g_autoptr (LockstepPlan) grown = NULL;
  g_autoptr (LockstepPlan) changed = NULL;
  g_autoptr (LockstepRun)  run = NULL;
  g_autoptr (LockstepRun)  more = NULL;
  g_autoptr (GError)       error = NULL;

  write_file (fixture->folder, "table.csv", "a\n1\n2\n3\n", -1);
  plan = make_tally (fixture, 1, "", steps);
  run = run_plan (plan, fixture->folder);

  write_file (fixture->folder, "table.csv", "a\n1\n9\n3\n4\n", -1);
  changed = make_tally (fixture, 1, "", steps);
  error = refuse (lockstep_run_get_directory (run), changed, NULL);
  g_assert_true (g_str_has_prefix (error->message, "steps[0].tasks: "));

  write_file (fixture->folder, "table.csv", "a\n1\n2\n3\n4\n5\n", -1);
  grown = make_tally (fixture, 1, "", steps);
  more = resume (lockstep_run_get_directory (run), grown, NULL);
  g_assert_cmpint (lockstep_run_get_state (more), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpuint (count_in_journal (lockstep_run_get_directory (run), "\"task-ended\""), ==, 3 + 1 + 2 + 1);
}

/* A loop that was used up goes on where it was left, and what follows it is done again. */
static void
test_raised_repeat (Fixture      *fixture,
                    gconstpointer data)
{
  g_autoptr (LockstepPlan) few = make_loop (fixture, 2, 2, "0.002");
  g_autoptr (LockstepPlan) many = make_loop (fixture, 2, 9, "0.002");
  g_autoptr (LockstepRun)  undisturbed = run_plan (many, fixture->folder);
  g_autoptr (LockstepRun)  run = run_plan (few, fixture->folder);
  g_autoptr (LockstepRun)  more = NULL;
  g_autoptr (GError)       error = NULL;

  g_assert_false (lockstep_run_get_reached (run));
  more = resume (lockstep_run_get_directory (run), many, NULL);
  assert_same_results (more, undisturbed);
  g_assert_true (lockstep_run_get_reached (more));
  g_assert_cmpuint (count_in_journal (lockstep_run_get_directory (run), "\"back\":6"), ==, 1);

  error = refuse (lockstep_run_get_directory (run), NULL, NULL);
  g_assert_error (error, LOCKSTEP_RESUME_ERROR, LOCKSTEP_RESUME_ERROR_NOTHING);
}

/* A run that failed is tried again where it failed. */
static void
test_failed_run (Fixture      *fixture,
                 gconstpointer data)
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
  again = resume (lockstep_run_get_directory (run), NULL, NULL);
  assert_same_results (again, undisturbed);
}

static void
test_failed_tasks_stop (Fixture      *fixture,
                        gconstpointer data)
{
  g_autoptr (LockstepPlan) plan = make_tally (fixture, 1, "'on-failure':'stop',", "[{'step':'work','tasks':6}]");
  g_autoptr (LockstepRun)  undisturbed = run_plan (plan, fixture->folder);
  g_autoptr (LockstepRun)  run = NULL;
  g_autoptr (LockstepRun)  again = NULL;

  set_list (fixture, "3");
  run = run_plan (plan, fixture->folder);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FAILED);

  set_list (fixture, NULL);
  again = resume (lockstep_run_get_directory (run), NULL, NULL);
  assert_same_results (again, undisturbed);
}

/* Parts are shared out over as many solvers as there are now. */
static void
test_other_number (Fixture      *fixture,
                   gconstpointer data)
{
  g_autoptr (LockstepPlan) two = make_tasks (fixture, 2, 12);
  g_autoptr (LockstepPlan) one = make_tasks (fixture, 1, 12);
  g_autoptr (LockstepRun)  undisturbed = run_plan (two, fixture->folder);
  g_autofree char         *journal = read_file (lockstep_run_get_directory (undisturbed), "journal.jsonl");
  const char              *end = strstr (journal, "{\"event\":\"task-ended\"");
  g_autofree char         *copy = make_interrupted (fixture, lockstep_run_get_directory (undisturbed), journal, (gsize) (end - journal));
  g_autoptr (LockstepRun)  run = resume (copy, one, NULL);

  assert_same_results (run, undisturbed);
}

/* A line of garbage is passed over and told, and what it said is done again. */
static void
test_garbage (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr (LockstepPlan) plan = make_tasks (fixture, 1, 5);
  g_autoptr (LockstepRun)  undisturbed = run_plan (plan, fixture->folder);
  const char              *directory = lockstep_run_get_directory (undisturbed);
  g_autofree char         *journal = read_file (directory, "journal.jsonl");
  char                    *third = strstr (strstr (strstr (journal, "\"task-ended\"") + 1, "\"task-ended\"") + 1, "\"task-ended\"");
  const char              *end = strchr (third, '\n');
  g_autofree char         *copy = NULL;
  g_autoptr (LockstepRun)  run = NULL;

  memset (third, '#', 12);
  copy = make_interrupted (fixture, directory, journal, (gsize) (strchr (end + 1, '\n') - journal) + 1);
  run = resume (copy, NULL, NULL);
  assert_same_results (run, undisturbed);
  g_assert_cmpuint (count_in_journal (copy, "cannot be read and is passed over"), ==, 1);
  g_assert_cmpuint (count_in_journal (copy, "\"task\":2,\"attempt\":2"), ==, 2);
}

/* Results in files of their own are read from there; a task whose file is gone was not done. */
static void
test_large_results (Fixture      *fixture,
                    gconstpointer data)
{
  const LockstepResumeOptions what = { .tasks = "0" };
  g_autofree char            *digits = g_strnfill (70000, '7');
  g_autofree char            *result = g_strdup_printf ("[%.300s,\\\"%s\\\"]", digits, digits);
  g_autofree char            *solver = NULL;
  g_autoptr (LockstepPlan)    plan = NULL;
  g_autoptr (LockstepRun)     run = NULL;
  g_autoptr (LockstepRun)     again = NULL;
  g_autoptr (LockstepPastRun) past = NULL;
  g_autofree char            *file = NULL;

  solver = fake_solver (fixture->folder, "returns", result, NULL);
  plan = make_plan ("{'lockstep':1,'name':'Large','solver':{%s},'solvers':1,'steps':[{'step':'work','tasks':3}]}", solver);
  run = run_plan (plan, fixture->folder);
  file = g_build_filename (lockstep_run_get_directory (run), "results", "000001.json", NULL);
  g_assert_true (g_file_test (file, G_FILE_TEST_EXISTS));

  past = load (lockstep_run_get_directory (run), FALSE);
  assert_same_results (lockstep_past_run_get_run (past), run);
  g_clear_pointer (&past, lockstep_past_run_free);

  g_assert_cmpint (g_remove (file), ==, 0);
  past = load (lockstep_run_get_directory (run), FALSE);
  g_assert_cmpuint (lockstep_past_run_get_complaints (past)->len, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (lockstep_past_run_get_complaints (past), 0), file));
  g_clear_pointer (&past, lockstep_past_run_free);

  again = resume (lockstep_run_get_directory (run), NULL, &what);
  assert_same_results (again, run);
  g_assert_true (g_file_test (file, G_FILE_TEST_EXISTS));
}

/* A result that a later step needs has to be there. */
static void
test_lost_result (Fixture      *fixture,
                  gconstpointer data)
{
  g_autofree char         *digits = g_strnfill (70000, '7');
  g_autofree char         *result = g_strdup_printf ("[\\\"%s\\\"]", digits);
  g_autofree char         *solver = fake_solver (fixture->folder, "returns", result, NULL);
  g_autoptr (LockstepPlan) plan = make_plan ("{'lockstep':1,'name':'Lost','solver':{%s},'solvers':1,'steps':["
                                             "{'step':'work','tasks':3},{'step':'gather','on':'one'}]}",
                                             solver);
  g_autoptr (LockstepRun)  run = run_plan (plan, fixture->folder);
  g_autofree char         *journal = read_file (lockstep_run_get_directory (run), "journal.jsonl");
  const char              *end = strstr (journal, "{\"event\":\"step-ended\"");
  g_autofree char         *copy = make_interrupted (fixture, lockstep_run_get_directory (run), journal,
                                                    (gsize) (strchr (end, '\n') - journal) + 1);
  g_autoptr (GError)       error = refuse (copy, NULL, NULL);

  g_assert_error (error, LOCKSTEP_RESUME_ERROR, LOCKSTEP_RESUME_ERROR_LOST);
  g_assert_nonnull (strstr (error->message, "results/00000"));
}

static void
test_newer (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr (LockstepPlan) plan = make_tasks (fixture, 1, 2);
  g_autoptr (LockstepRun)  run = run_plan (plan, fixture->folder);
  g_autofree char         *copy = make_interrupted (fixture, lockstep_run_get_directory (run), "{\"lockstep-journal\":7}\n", 23);
  g_autoptr (GError)       error = NULL;

  g_assert_null (lockstep_past_run_load (copy, TRUE, &error));
  g_assert_nonnull (strstr (error->message, "version 7"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/resume/every-event/loop", test_every_event_of_loop);
  ADD ("/resume/every-event/unreached", test_every_event_unreached);
  ADD ("/resume/every-event/tasks", test_every_event_of_tasks);
  ADD ("/resume/every-event/failures", test_every_event_with_failures);
  ADD ("/resume/every-event/nested", test_every_event_nested);
  ADD ("/resume/past-is-as-live", test_past_is_as_live);
  ADD ("/resume/load-async", test_load_async);
  ADD ("/resume/lock", test_lock);
  ADD ("/resume/interrupted", test_interrupted);
  ADD ("/resume/terminated", test_terminated);
  ADD ("/resume/failed", test_failed);
  ADD ("/resume/tasks", test_tasks);
  ADD ("/resume/nothing", test_nothing);
  ADD ("/resume/append", test_append);
  ADD ("/resume/append-to-table", test_append_to_table);
  ADD ("/resume/raised-repeat", test_raised_repeat);
  ADD ("/resume/failed-run", test_failed_run);
  ADD ("/resume/failed-tasks-stop", test_failed_tasks_stop);
  ADD ("/resume/other-number", test_other_number);
  ADD ("/resume/garbage", test_garbage);
  ADD ("/resume/large-results", test_large_results);
  ADD ("/resume/lost-result", test_lost_result);
  ADD ("/resume/newer", test_newer);
#undef ADD

  return g_test_run ();
}
