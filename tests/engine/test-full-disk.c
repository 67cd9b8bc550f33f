/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-controller.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include "run-fixture.h"

/* Runs on a small disk of their own, that fills up while they are at work. Only root may make one; it is seen by this
 * process and its children alone. */

#define DISK_SIZE "size=16m"

static gboolean may_mount;

typedef struct
{
  char               *folder;
  char               *disk;   /* where the small one is */
  char               *filler; /* the file that fills it */
  LockstepController *controller;
  LockstepRun        *run; /* borrowed */
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->folder = make_folder ();
  fixture->disk = g_build_filename (fixture->folder, "disk", NULL);
  fixture->filler = g_build_filename (fixture->disk, "filler", NULL);
  g_assert_cmpint (g_mkdir (fixture->disk, 0777), ==, 0);
  if (may_mount)
    g_assert_cmpint (mount ("tmpfs", fixture->disk, "tmpfs", 0, DISK_SIZE), ==, 0);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_clear_object (&fixture->controller);
  if (may_mount)
    g_assert_cmpint (umount2 (fixture->disk, MNT_DETACH), ==, 0);
  g_free (fixture->disk);
  g_free (fixture->filler);
  remove_folder (fixture->folder);
}

static gboolean
skip (void)
{
  if (!may_mount)
    g_test_skip ("only root can make a small disk");

  return !may_mount;
}

static void
fill (Fixture *fixture)
{
  static const char zeros[4096];
  int               fd = g_open (fixture->filler, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

  g_assert_cmpint (fd, >=, 0);
  while (write (fd, zeros, sizeof zeros) > 0)
    ;
  g_assert_cmpint (errno, ==, ENOSPC);
  close (fd);
}

static void
make_room (Fixture *fixture)
{
  g_assert_cmpint (g_remove (fixture->filler), ==, 0);
}

/* Tasks of some 60 ms, each with a small result; and a step that adds them up. */
static LockstepPlan *
make_small (Fixture *fixture)
{
  g_autofree char *list = g_build_filename (fixture->folder, "list", NULL);
  g_autofree char *solver = fake_solver (fixture->folder, "tally", list, "0.06", NULL);

  return make_plan ("{'lockstep':1,'name':'Small','solver':{%s},'solvers':2,'steps':[{'step':'work','tasks':60},"
                    "{'step':'gather','on':'one'}]}",
                    solver);
}

/* Tasks whose results are files of their own. */
static LockstepPlan *
make_large (Fixture *fixture)
{
  g_autofree char *digits = g_strnfill (70000, '7');
  g_autofree char *result = g_strdup_printf ("\\\"%s\\\"", digits);
  g_autofree char *solver = fake_solver (fixture->folder, "returns", result, NULL);

  return make_plan ("{'lockstep':1,'name':'Large','solver':{%s},'solvers':2,'steps':[{'step':'work','tasks':150},"
                    "{'step':'gather','on':'one'}]}",
                    solver);
}

static void
start (Fixture      *fixture,
       LockstepPlan *plan)
{
  const LockstepControllerOptions options = { .runs_directory = fixture->disk, .grace = 2 };

  fixture->controller = lockstep_controller_new (plan, &options);
  fixture->run = lockstep_controller_get_run (fixture->controller);
  lockstep_controller_start (fixture->controller);
}

static void
wait_for_trouble (LockstepRun *run)
{
  g_autofree char *summary = NULL;

  while (lockstep_run_get_trouble (run) == NULL)
    {
      g_assert_false (lockstep_run_has_ended (run));
      g_main_context_iteration (NULL, TRUE);
    }

  summary = lockstep_run_dup_summary (run);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_PAUSED);
  g_assert_nonnull (strstr (lockstep_run_get_trouble (run), g_strerror (ENOSPC)));
  g_assert_nonnull (strstr (lockstep_run_get_trouble (run), "make room"));
  g_assert_nonnull (strstr (summary, "cannot be written"));
}

static LockstepPastRun *
load (LockstepRun *run,
      gboolean     to_resume)
{
  g_autoptr (GError) error = NULL;
  LockstepPastRun   *past = lockstep_past_run_load (lockstep_run_get_directory (run), to_resume, &error);

  g_assert_no_error (error);
  return past;
}

static void
assert_same_results (LockstepRun *run,
                     LockstepRun *undisturbed)
{
  GPtrArray *results = lockstep_run_get_results (run);
  GPtrArray *expected = lockstep_run_get_results (undisturbed);

  g_assert_cmpstr (lockstep_run_get_error (run), ==, NULL);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpuint (lockstep_run_get_n_failures (run), ==, 0);
  g_assert_cmpuint (results->len, ==, expected->len);
  for (guint i = 0; i < results->len; i++)
    g_assert_true (g_bytes_equal (g_ptr_array_index (results, i), g_ptr_array_index (expected, i)));
}

/* The journal says all that was told: each task ended once, and what is read from it is what the run is. */
static void
assert_whole (LockstepRun *run,
              guint        n_tasks)
{
  g_autoptr (LockstepPastRun) past = load (run, FALSE);
  g_autofree char            *path = g_build_filename (lockstep_run_get_directory (run), "journal.jsonl", NULL);
  g_autofree char            *journal = NULL;

  assert_same_results (lockstep_past_run_get_run (past), run);
  g_assert_cmpuint (lockstep_past_run_get_complaints (past)->len, ==, 0);
  g_assert_true (g_file_get_contents (path, &journal, NULL, NULL));
  for (guint task = 0; task < n_tasks; task++)
    {
      g_autofree char *words = g_strdup_printf ("\"task\":%u,\"attempt\":1,\"", task);
      guint            count = 0;

      for (const char *at = strstr (journal, "{\"event\":\"task-ended\""); at != NULL;
           at = strstr (at + 1, "{\"event\":\"task-ended\""))
        {
          g_autofree char *line = g_strndup (at, strcspn (at, "\n"));

          count += strstr (line, words) != NULL;
        }
      g_assert_cmpuint (count, ==, 1);
    }
}

static void
check_goes_on (Fixture      *fixture,
               LockstepPlan *plan,
               guint         n_tasks)
{
  g_autoptr (LockstepRun) undisturbed = run_plan (plan, fixture->folder);
  guint64                 n_done;

  start (fixture, plan);
  while (lockstep_run_get_n_done (fixture->run) < 5)
    g_main_context_iteration (NULL, TRUE);
  fill (fixture);
  wait_for_trouble (fixture->run);

  /* Nothing but what solvers had been given already is done meanwhile, and who goes on without room gets no further. */
  n_done = lockstep_run_get_n_done (fixture->run);
  lockstep_controller_continue (fixture->controller);
  for (guint i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpint (lockstep_run_get_state (fixture->run), ==, LOCKSTEP_RUN_PAUSED);
  g_assert_cmpuint (lockstep_run_get_n_done (fixture->run), <=, n_done + 20);

  make_room (fixture);
  wait_for_end (fixture->run);
  assert_same_results (fixture->run, undisturbed);
  assert_whole (fixture->run, n_tasks);
  g_assert_cmpuint (count_processes (fixture->folder), ==, 0);
}

static void
test_small_results (Fixture      *fixture,
                    gconstpointer data)
{
  g_autoptr (LockstepPlan) plan = NULL;

  if (skip ())
    return;

  plan = make_small (fixture);
  check_goes_on (fixture, plan, 61);
}

static void
test_large_results (Fixture      *fixture,
                    gconstpointer data)
{
  g_autoptr (LockstepPlan) plan = NULL;

  if (skip ())
    return;

  plan = make_large (fixture);
  check_goes_on (fixture, plan, 151);
}

/* Who does not want to wait terminates the run; nothing of it is left, its journal says so, and it can be gone on with. */
static void
test_terminate (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr (LockstepPlan)       plan = NULL;
  g_autoptr (LockstepPastRun)    past = NULL;
  g_autoptr (LockstepController) again = NULL;

  if (skip ())
    return;

  plan = data != NULL ? make_large (fixture) : make_small (fixture);
  start (fixture, plan);
  while (lockstep_run_get_n_done (fixture->run) < 5)
    g_main_context_iteration (NULL, TRUE);
  fill (fixture);
  wait_for_trouble (fixture->run);
  lockstep_controller_terminate (fixture->controller, LOCKSTEP_STOP_ASK);
  wait_for_end (fixture->run);
  g_assert_cmpint (lockstep_run_get_state (fixture->run), ==, LOCKSTEP_RUN_TERMINATED);
  g_assert_cmpuint (count_processes (fixture->folder), ==, 0);

  past = load (fixture->run, FALSE);
  g_assert_cmpint (lockstep_run_get_state (lockstep_past_run_get_run (past)), ==, LOCKSTEP_RUN_TERMINATED);
  g_clear_pointer (&past, lockstep_past_run_free);

  make_room (fixture);
  past = load (fixture->run, TRUE);
  again = lockstep_controller_new_resume (past, NULL, NULL, NULL, NULL);
  g_assert_nonnull (again);
  lockstep_controller_start (again);
  wait_for_end (lockstep_controller_get_run (again));
  g_assert_cmpint (lockstep_run_get_state (lockstep_controller_get_run (again)), ==, LOCKSTEP_RUN_FINISHED);
}

/* A person's pause outlasts that of the disk, whichever came first. */
static void
test_paused_too (Fixture      *fixture,
                 gconstpointer data)
{
  const gboolean           before = data != NULL;
  g_autoptr (LockstepPlan) plan = NULL;

  if (skip ())
    return;

  plan = make_small (fixture);
  start (fixture, plan);
  while (lockstep_run_get_n_done (fixture->run) < 5)
    g_main_context_iteration (NULL, TRUE);
  if (before)
    lockstep_controller_pause (fixture->controller, FALSE);
  fill (fixture);
  wait_for_trouble (fixture->run);
  if (!before)
    lockstep_controller_pause (fixture->controller, TRUE);
  make_room (fixture);
  while (lockstep_run_get_trouble (fixture->run) != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (lockstep_run_get_state (fixture->run), ==, LOCKSTEP_RUN_PAUSED);

  lockstep_controller_continue (fixture->controller);
  wait_for_end (fixture->run);
  g_assert_cmpint (lockstep_run_get_state (fixture->run), ==, LOCKSTEP_RUN_FINISHED);
  assert_whole (fixture->run, 61);
}

static void
event_cb (LockstepRun         *run,
          const LockstepEvent *event,
          Fixture             *fixture)
{
  if (event->type == LOCKSTEP_EVENT_RUN_STOPPING)
    fill (fixture);
}

/* At the very end the space that was reserved takes what is left to say. */
static void
test_at_the_end (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr (LockstepPlan) plan = NULL;

  if (skip ())
    return;

  plan = make_small (fixture);
  start (fixture, plan);
  g_signal_connect (fixture->run, "event", G_CALLBACK (event_cb), fixture);
  wait_for_end (fixture->run);
  g_assert_cmpint (lockstep_run_get_state (fixture->run), ==, LOCKSTEP_RUN_FINISHED);
  assert_whole (fixture->run, 61);
}

/* A disk that is full before the run begins is told instead. */
static void
test_before (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (LockstepPlan) plan = NULL;
  g_autoptr (LockstepRun)  run = NULL;

  if (skip ())
    return;

  plan = make_small (fixture);
  fill (fixture);
  run = run_plan (plan, fixture->disk);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FAILED);
  g_assert_nonnull (strstr (lockstep_run_get_error (run), "the disk is full"));
  g_assert_nonnull (strstr (lockstep_run_get_error (run), fixture->disk));
  g_assert_null (lockstep_run_get_directory (run));
}

/* Where there is room for a run, and none for its plan, no folder is left that would be no run. */
static void
test_plan_too_large (Fixture      *fixture,
                     gconstpointer data)
{
  g_autofree char         *solver = fake_solver (fixture->folder, "echo", NULL);
  g_autofree char         *digits = g_strnfill (20 * 1024 * 1024, '7');
  g_autoptr (LockstepPlan) plan = NULL;
  g_autoptr (LockstepRun)  run = NULL;
  g_autoptr (GDir)         dir = NULL;

  if (skip ())
    return;

  plan = make_plan ("{'lockstep':1,'name':'Large','solver':{%s},'solvers':1,'params':{'digits':'%s'},"
                    "'steps':[{'step':'work','on':'all'}]}",
                    solver, digits);
  run = run_plan (plan, fixture->disk);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FAILED);
  g_assert_nonnull (strstr (lockstep_run_get_error (run), g_strerror (ENOSPC)));
  g_assert_nonnull (strstr (lockstep_run_get_error (run), "--runs-dir"));
  dir = g_dir_open (fixture->disk, 0, NULL);
  g_assert_nonnull (dir);
  g_assert_null (g_dir_read_name (dir));
}

/* Solvers that die of the full disk, before the journal has seen that it is: their tasks are done when there is room. */
static void
test_solvers_die_of_it (Fixture      *fixture,
                        gconstpointer data)
{
  g_autofree char         *solver = fake_solver (fixture->folder, "obeys", NULL);
  g_autoptr (LockstepPlan) plan = NULL;
  GString                 *tasks = g_string_new (NULL);
  g_autofree char         *list = NULL;

  for (guint i = 0; i < 60; i++)
    g_string_append_printf (tasks, "%s{'value':1,'seconds':0.06,'crash':true,'while':'%s'}", i > 0 ? "," : "", fixture->filler);
  list = g_string_free (tasks, FALSE);
  if (skip ())
    return;

  plan = make_plan ("{'lockstep':1,'name':'Dies','solver':{%s},'solvers':2,'retries':0,'steps':[{'step':'work','tasks':[%s]},"
                    "{'step':'gather','on':'one'}]}",
                    solver, list);
  start (fixture, plan);
  while (lockstep_run_get_n_done (fixture->run) < 5)
    g_main_context_iteration (NULL, TRUE);
  fill (fixture);
  wait_for_trouble (fixture->run);
  make_room (fixture);
  wait_for_end (fixture->run);
  g_assert_cmpstr (lockstep_run_get_error (fixture->run), ==, NULL);
  g_assert_cmpint (lockstep_run_get_state (fixture->run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpuint (lockstep_run_get_n_failures (fixture->run), ==, 0);
}

/* Programs that fail for the full disk are not charged for it: each would use up its two attempts at once. */
static void
test_programs_fail_of_it (Fixture      *fixture,
                          gconstpointer data)
{
  g_autoptr (LockstepPlan) plan = NULL;

  if (skip ())
    return;

  plan = make_plan ("{'lockstep':1,'name':'Fails','program':{'command':['sh','-c','sleep 0.06; dd if=/dev/zero of=large bs=32k "
                    "count=1 && echo RESULT 1'],'results':{'result':{'match':'RESULT {number}'}}},'solvers':2,'retries':1,"
                    "'steps':[{'tasks':60}]}");
  start (fixture, plan);
  while (lockstep_run_get_n_done (fixture->run) < 5)
    g_main_context_iteration (NULL, TRUE);
  fill (fixture);
  wait_for_trouble (fixture->run);
  make_room (fixture);
  wait_for_end (fixture->run);
  g_assert_cmpstr (lockstep_run_get_error (fixture->run), ==, NULL);
  g_assert_cmpint (lockstep_run_get_state (fixture->run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpuint (lockstep_run_get_n_failures (fixture->run), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  may_mount = unshare (CLONE_NEWNS) == 0 && mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;

#define ADD(path, data, test) g_test_add (path, Fixture, data, set_up, test, tear_down)
  ADD ("/full-disk/before", NULL, test_before);
  ADD ("/full-disk/plan-too-large", NULL, test_plan_too_large);
  ADD ("/full-disk/solvers-die-of-it", NULL, test_solvers_die_of_it);
  ADD ("/full-disk/programs-fail-of-it", NULL, test_programs_fail_of_it);
  ADD ("/full-disk/small-results", NULL, test_small_results);
  ADD ("/full-disk/large-results", NULL, test_large_results);
  ADD ("/full-disk/terminate/small", NULL, test_terminate);
  ADD ("/full-disk/terminate/large", "large", test_terminate);
  ADD ("/full-disk/paused-before", "before", test_paused_too);
  ADD ("/full-disk/paused-after", NULL, test_paused_too);
  ADD ("/full-disk/at-the-end", NULL, test_at_the_end);
#undef ADD

  return g_test_run ();
}
