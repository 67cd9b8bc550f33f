/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-controller.h"

#include <string.h>

#include "task-fixture.h"

typedef struct
{
  char *folder;
} Fixture;

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

/* What the system says of one of the solvers that have the fixture's folder in their environment: the fields after its
 * name, or NULL where @pid is none of them. */
static char **
read_solver (Fixture    *fixture,
             const char *pid)
{
  g_autofree char *environment = g_build_filename ("/proc", pid, "environ", NULL);
  g_autofree char *stat = g_build_filename ("/proc", pid, "stat", NULL);
  g_autofree char *marker = NULL;
  g_autofree char *text = NULL;
  gsize            length;

  if (!g_ascii_isdigit (*pid) || !g_file_get_contents (environment, &marker, &length, NULL) ||
      memmem (marker, length, fixture->folder, strlen (fixture->folder)) == NULL ||
      !g_file_get_contents (stat, &text, NULL, NULL) || strstr (text, "(fake-solver)") == NULL)
    return NULL;

  return g_strsplit (strrchr (text, ')') + 2, " ", -1);
}

typedef struct
{
  guint  n_solvers;
  guint  n_stopped;
  gint64 ticks; /* of CPU that they have used */
} Sight;

static Sight
look (Fixture *fixture)
{
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char      *name;
  Sight            sight = { 0 };

  while ((name = g_dir_read_name (proc)) != NULL)
    {
      g_auto (GStrv) fields = read_solver (fixture, name);

      if (fields == NULL)
        continue;
      sight.n_solvers++;
      sight.n_stopped += fields[0][0] == 'T';
      sight.ticks += g_ascii_strtoll (fields[11], NULL, 10) + g_ascii_strtoll (fields[12], NULL, 10);
    }

  return sight;
}

static gboolean
are_stopped (Fixture *fixture)
{
  const Sight sight = look (fixture);

  return sight.n_solvers == 2 && sight.n_stopped == 2;
}

/* Paused with its processes, whatever they do: they use no CPU, no clock runs out, and afterwards the results are the same. */
static void
test_now (Fixture      *fixture,
          gconstpointer data)
{
  const gboolean                 computes = GPOINTER_TO_INT (data);
  g_autofree char               *tasks = make_tasks (8, -1, computes ? "'burn':0.1" : "'seconds':0.3");
  g_autoptr (LockstepPlan)       plan = make_task_plan (fixture->folder, 2, computes ? "" : "'timeout':3,", tasks);
  g_autoptr (LockstepController) controller = start_task_plan (plan, fixture->folder);
  LockstepRun                   *run = lockstep_controller_get_run (controller);
  gint64                         ticks;
  guint64                        n_done;

  while (computes && look (fixture).ticks < 5)
    iterate_for (0.01);
  lockstep_controller_pause (controller, TRUE);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_PAUSED);
  while (!are_stopped (fixture))
    iterate_for (0.01);
  /* What they said before is still heard. */
  iterate_for (0.1);
  ticks = look (fixture).ticks;
  n_done = lockstep_run_get_n_done (run);
  g_assert_cmpuint (n_done, <, 8);
  iterate_for (computes ? 1 : 3.2);
  g_assert_true (are_stopped (fixture));
  g_assert_cmpint (look (fixture).ticks, ==, ticks);
  g_assert_cmpuint (lockstep_run_get_n_done (run), ==, n_done);

  lockstep_controller_continue (controller);
  wait_for_end (run);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpuint (lockstep_run_get_n_failures (run), ==, 0);
  assert_values (run, 8, -1);
}

/* Paused without them: what is at work is finished, and nothing new begins. */
static void
test_finish (Fixture      *fixture,
             gconstpointer data)
{
  g_autofree char               *gate = make_gate (fixture->folder);
  g_autofree char               *tasks = make_tasks (8, -1, gate);
  g_autoptr (LockstepPlan)       plan = make_task_plan (fixture->folder, 2, "", tasks);
  g_autoptr (LockstepController) controller = start_task_plan (plan, fixture->folder);
  LockstepRun                   *run = lockstep_controller_get_run (controller);

  lockstep_controller_pause (controller, FALSE);
  open_gate (fixture->folder);
  while (lockstep_run_get_n_done (run) < 2)
    g_main_context_iteration (NULL, TRUE);
  iterate_for (0.5);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_PAUSED);
  g_assert_cmpuint (lockstep_run_get_n_done (run), ==, 2);
  lockstep_controller_continue (controller);
  wait_for_end (run);
  assert_values (run, 8, -1);
}

static void
test_terminate (Fixture      *fixture,
                gconstpointer data)
{
  g_autofree char               *gate = make_gate (fixture->folder);
  g_autofree char               *tasks = make_tasks (8, -1, gate);
  g_autoptr (LockstepPlan)       plan = make_task_plan (fixture->folder, 2, "", tasks);
  g_autoptr (LockstepController) controller = start_task_plan (plan, fixture->folder);
  LockstepRun                   *run = lockstep_controller_get_run (controller);

  lockstep_controller_pause (controller, TRUE);
  while (!are_stopped (fixture))
    iterate_for (0.01);
  lockstep_controller_terminate (controller, LOCKSTEP_STOP_ASK);
  wait_for_end (run);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_TERMINATED);
  g_assert_cmpuint (count_processes (fixture->folder), ==, 0);
}

/* How long a step took and solvers waited in it, together. */
typedef struct
{
  double seconds;
  double waited;
} StepTimes;

static void
step_ended_cb (LockstepRun         *run,
               const LockstepEvent *event,
               StepTimes           *times)
{
  LockstepJson payload;

  if (event->type != LOCKSTEP_EVENT_STEP_ENDED)
    return;

  payload.text = g_bytes_get_data (event->payload, &payload.length);
  g_assert_true (lockstep_json_get_double (lockstep_json_get_member (payload, "seconds"), &times->seconds));
  g_assert_true (lockstep_json_get_double (lockstep_json_get_member (payload, "waited"), &times->waited));
}

/* Who has nothing to do because of a pause does not wait at a barrier. */
static void
test_is_no_wait (Fixture      *fixture,
                 gconstpointer data)
{
  const double                   pause = 1.5;
  g_autofree char               *tasks = make_tasks (4, -1, "'seconds':0.2");
  g_autoptr (LockstepPlan)       plan = make_task_plan (fixture->folder, 2, "", tasks);
  g_autoptr (LockstepController) controller = start_task_plan (plan, fixture->folder);
  LockstepRun                   *run = lockstep_controller_get_run (controller);
  StepTimes                      times = { -1, -1 };

  g_signal_connect (run, "event", G_CALLBACK (step_ended_cb), &times);
  lockstep_controller_pause (controller, FALSE);
  while (lockstep_run_get_n_done (run) < 2)
    g_main_context_iteration (NULL, TRUE);
  iterate_for (pause);
  lockstep_controller_continue (controller);
  wait_for_end (run);

  /* Two solvers cannot wait for longer than the step was at work, however slow the machine is. */
  g_assert_cmpfloat (times.waited, >=, 0);
  g_assert_cmpfloat (times.waited, <=, 2 * (times.seconds - pause));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, data, test) g_test_add (path, Fixture, data, set_up, test, tear_down)
  ADD ("/pause/now/asleep", GINT_TO_POINTER (FALSE), test_now);
  ADD ("/pause/now/computing", GINT_TO_POINTER (TRUE), test_now);
  ADD ("/pause/finish", NULL, test_finish);
  ADD ("/pause/terminate", NULL, test_terminate);
  ADD ("/pause/is-no-wait", NULL, test_is_no_wait);
#undef ADD

  return g_test_run ();
}
