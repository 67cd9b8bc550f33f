/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A real run, driven by commands: bench-controller [--runs-dir FOLDER] [--grace SECONDS] [--probe] [--simulate] PLAN
 *
 *   start            starts the run, and waits until all solvers were initialized
 *   steps COUNT      goes on until its loop has come round so many times more
 *   wait SECONDS     goes on for so long
 *   terminate        terminates the run, and waits for its end; after it there may be another start
 *   kill             the same with SIGKILL
 *
 * Each is answered with the seconds that it took, the CPU time of this process ("cpu"), and, with --probe, the longest
 * time for which the main loop did not come round ("blocked"). Between commands the main loop stands still: the next
 * "steps" finds the run where it was left. Without a folder nothing is recorded. With --simulate the solvers are streams
 * that one process answers. */

#include <stdlib.h>
#include <string.h>

#include "bench-command.h"
#include "lockstep-controller.h"
#include "lockstep-simulated-host.h"

/* How often the probe wants to be called (ms), before anything else. */
#define PROBE_INTERVAL 1

/* A solver that is not there by then (s) will not come. */
#define LONGEST_WAIT 120

typedef struct
{
  LockstepPlan             *plan;
  LockstepControllerOptions options;
  gboolean                  with_probe;

  GPtrArray          *controllers; /* one for each start; kept, because what they read last comes in after their end */
  LockstepController *controller;  /* the last of them */
  LockstepRun        *run;         /* of it; owned */
  guint               n_ready;

  double probed; /* when the probe was last called */
  double blocked;
} Bench;

static void G_GNUC_NORETURN
fail (const char *reason)
{
  g_printerr ("bench-controller: %s\n", reason != NULL ? reason : "it took too long");
  exit (1);
}

static gboolean
probe (gpointer data)
{
  Bench *self = data;
  double now = bench_clock ();

  self->blocked = MAX (self->blocked, now - self->probed - PROBE_INTERVAL * 1e-3);
  self->probed = now;

  return G_SOURCE_CONTINUE;
}

static void
event_cb (LockstepRun         *run,
          const LockstepEvent *event,
          gpointer             user_data)
{
  Bench *self = user_data;

  if (event->type == LOCKSTEP_EVENT_SOLVER_READY)
    self->n_ready++;
}

static void
start (Bench *self)
{
  const guint  n_solvers = lockstep_plan_get_n_solvers (self->plan);
  const double until = bench_clock () + LONGEST_WAIT;
  gulong       handler;

  self->controller = lockstep_controller_new (self->plan, &self->options);
  g_ptr_array_add (self->controllers, self->controller);
  g_set_object (&self->run, lockstep_controller_get_run (self->controller));
  self->n_ready = 0;
  handler = g_signal_connect (self->run, "event", G_CALLBACK (event_cb), self);
  lockstep_controller_start (self->controller);
  while (self->n_ready < n_solvers)
    {
      if (lockstep_run_has_ended (self->run) || bench_clock () > until)
        fail (lockstep_run_get_error (self->run));
      g_main_context_iteration (NULL, TRUE);
    }
  /* Who looks on must not cost what is measured anything. */
  g_signal_handler_disconnect (self->run, handler);
}

static void
iterate_until (Bench *self,
               int    iteration)
{
  while (lockstep_run_get_iteration (self->run) < iteration)
    {
      if (lockstep_run_has_ended (self->run))
        fail (lockstep_run_get_error (self->run));
      g_main_context_iteration (NULL, TRUE);
    }
}

static gboolean
wake (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
iterate_for (double seconds)
{
  gboolean over = FALSE;

  g_timeout_add ((guint) (seconds * 1000), wake, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static void
terminate (Bench       *self,
           LockstepStop how)
{
  lockstep_controller_terminate (self->controller, how);
  while (!lockstep_run_has_ended (self->run))
    g_main_context_iteration (NULL, TRUE);
}

static void
obey (Bench              *self,
      const BenchCommand *command)
{
  double before;
  double cpu_before;

  if (strcmp (command->word, "steps") == 0)
    /* From where a step has just begun. */
    iterate_until (self, MAX (lockstep_run_get_iteration (self->run), 1) + 1);

  before = self->probed = bench_clock ();
  cpu_before = bench_cpu_clock ();
  self->blocked = 0;
  if (strcmp (command->word, "start") == 0)
    start (self);
  else if (strcmp (command->word, "steps") == 0)
    iterate_until (self, lockstep_run_get_iteration (self->run) + (int) command->number);
  else if (strcmp (command->word, "wait") == 0)
    iterate_for (command->number);
  else
    terminate (self, strcmp (command->word, "kill") == 0 ? LOCKSTEP_STOP_KILL : LOCKSTEP_STOP_ASK);
  if (self->with_probe)
    probe (self);

  bench_command_answer ("{\"seconds\":%.9f,\"cpu\":%.9f,\"blocked\":%.6f}",
                        bench_clock () - before, bench_cpu_clock () - cpu_before, self->blocked);
}

int
main (int   argc,
      char *argv[])
{
  Bench                    self = { .options = { .no_record = TRUE } };
  g_autofree char         *runs_directory = NULL;
  g_auto (GStrv)           plans = NULL;
  gboolean                 simulate = FALSE;
  g_autoptr (LockstepHost) host = NULL;
  g_autoptr (GFile)        file = NULL;
  g_autoptr (GError)       error = NULL;
  BenchCommand             command;
  const GOptionEntry       entries[] = {
          { "runs-dir", 0, 0, G_OPTION_ARG_FILENAME, &runs_directory, "Keep a record there", "FOLDER" },
          { "grace", 0, 0, G_OPTION_ARG_DOUBLE, &self.options.grace, "What solvers are given to go", "SECONDS" },
          { "probe", 0, 0, G_OPTION_ARG_NONE, &self.with_probe, "Look how long the main loop is blocked", NULL },
          { "simulate", 0, 0, G_OPTION_ARG_NONE, &simulate, "Have streams for solvers", NULL },
          { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &plans, NULL, "PLAN" },
          { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || plans == NULL)
    fail (error != NULL ? error->message : "no plan was given");

  file = g_file_new_for_commandline_arg (plans[0]);
  self.plan = lockstep_plan_load (file, NULL, &error);
  if (self.plan == NULL)
    fail (error->message);
  self.controllers = g_ptr_array_new_with_free_func (g_object_unref);
  self.options.runs_directory = runs_directory;
  self.options.no_record = runs_directory == NULL;
  bench_raise_descriptors ((simulate ? 1 : 3) * lockstep_plan_get_n_solvers (self.plan) + 64);
  if (simulate)
    self.options.host = host = lockstep_simulated_host_new ();
  if (self.with_probe)
    g_timeout_add_full (G_PRIORITY_HIGH, PROBE_INTERVAL, probe, &self, NULL);
  bench_command_ready ();

  while (bench_command_read (&command))
    obey (&self, &command);

  if (self.run != NULL && !lockstep_run_has_ended (self.run))
    terminate (&self, LOCKSTEP_STOP_KILL);
  g_clear_object (&self.run);
  g_ptr_array_unref (self.controllers);
  g_object_unref (self.plan);
  if (host != NULL)
    lockstep_simulated_host_end (LOCKSTEP_SIMULATED_HOST (host));

  return 0;
}
