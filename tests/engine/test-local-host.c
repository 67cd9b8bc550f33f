/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-local-host.h"
#include "processes.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* One launched process and what its signals said. */
typedef struct
{
  LockstepProcess *process;
  char            *folder; /* working folder */
  char            *output; /* in it */
  char            *tag;
  guint            n_started;
  gint64           pid;
  guint            n_ended;
  LockstepReport   report;
} Launched;

static gboolean
watchdog_cb (gpointer data)
{
  g_error ("what was waited for did not happen");
  return G_SOURCE_REMOVE;
}

/* Runs the main loop until @counter is not 0. */
static void
run_until (const guint *counter)
{
  guint watchdog = g_timeout_add_seconds (WATCHDOG_SECONDS, watchdog_cb, NULL);

  while (*counter == 0)
    g_main_context_iteration (NULL, TRUE);

  g_source_remove (watchdog);
}

static void
started_cb (LockstepProcess *process,
            gint64           pid,
            gpointer         user_data)
{
  Launched *launched = user_data;

  g_assert_cmpuint (launched->n_ended, ==, 0);
  g_assert_cmpint (lockstep_process_get_pid (process), ==, pid);
  launched->n_started++;
  launched->pid = pid;
}

static void
ended_cb (LockstepProcess      *process,
          const LockstepReport *report,
          gpointer              user_data)
{
  Launched *launched = user_data;

  g_assert_true (lockstep_process_has_ended (process));
  launched->n_ended++;
  launched->report = *report;
}

/* @variable: "NAME=VALUE" beside the tag, or NULL; @directory: NULL for a fresh folder. */
static Launched *
launch (const char *const *command,
        const char        *variable,
        const char        *directory,
        double             grace)
{
  static guint       n_launched = 0;
  Launched          *launched = g_new0 (Launched, 1);
  LockstepHost      *host = lockstep_local_host_new ("local", NULL);
  g_autoptr (GError) error = NULL;

  launched->folder = g_dir_make_tmp ("lockstep-host-XXXXXX", NULL);
  launched->output = g_build_filename (launched->folder, "output.log", NULL);
  launched->tag = g_strdup_printf ("LOCKSTEP_TEST_TAG=%d-%u-%" G_GINT64_FORMAT,
                                   getpid (), n_launched++, g_get_real_time ());

  launched->process = lockstep_host_launch (host,
                                            &(LockstepLaunch){
                                              .command = command,
                                              .env = (const char *[]){ launched->tag, variable, NULL },
                                              .directory = directory != NULL ? directory : launched->folder,
                                              .output = launched->output,
                                              .threads = 3,
                                              .nice = 10,
                                              .grace = grace,
                                            },
                                            &error);
  g_assert_no_error (error);
  g_assert_nonnull (launched->process);
  g_signal_connect (launched->process, "started", G_CALLBACK (started_cb), launched);
  g_signal_connect (launched->process, "ended", G_CALLBACK (ended_cb), launched);
  g_object_unref (host);

  return launched;
}

static Launched *
launch_shell (const char *script)
{
  return launch ((const char *[]){ "sh", "-c", script, NULL }, NULL, NULL, 0);
}

static Launched *
launch_stubborn (double grace)
{
  return launch ((const char *[]){ g_getenv ("LOCKSTEP_STUBBORN_DAEMON"), "stay", NULL }, NULL, NULL, grace);
}

/* Ends what is still there, and checks that nothing is left. */
static void
launched_free (Launched *launched)
{
  if (launched->process != NULL)
    {
      g_signal_handlers_disconnect_by_data (launched->process, launched);
      g_assert_finalize_object (launched->process);
    }

  wait_for_none (launched->tag);
  g_unlink (launched->output);
  g_assert_no_errno (g_rmdir (launched->folder));
  g_free (launched->folder);
  g_free (launched->output);
  g_free (launched->tag);
  g_free (launched);
}

static char *
read_output (Launched *launched)
{
  char              *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (launched->output, &text, NULL, &error);
  g_assert_no_error (error);

  return text;
}

static void
check_text (Launched   *launched,
            const char *expected)
{
  g_autofree char *text = lockstep_report_dup_text (&launched->report);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_exit (void)
{
  Launched        *launched = launch_shell ("pwd; exit 3");
  g_autofree char *text = NULL;
  g_autofree char *expected = NULL;

  g_assert_cmpint (lockstep_process_get_pid (launched->process), ==, 0);
  g_assert_false (lockstep_process_has_ended (launched->process));
  run_until (&launched->n_ended);
  g_assert_cmpuint (launched->n_started, ==, 1);
  g_assert_cmpuint (launched->n_ended, ==, 1);
  g_assert_cmpint (launched->report.kind, ==, LOCKSTEP_EXIT_CODE);
  g_assert_cmpint (launched->report.number, ==, 3);
  g_assert_cmpfloat (launched->report.seconds, >, 0);
  g_assert_cmpfloat (launched->report.cpu_seconds, >, 0);
  g_assert_cmpuint (launched->report.peak_memory, >, 100000);
  g_assert_cmpuint (launched->report.killed, ==, 0);
  check_text (launched, "exited with code 3");

  text = read_output (launched);
  expected = g_strconcat (launched->folder, "\n", NULL);
  g_assert_cmpstr (text, ==, expected);

  /* Too late to mean anything, and no mistake. */
  lockstep_process_stop (launched->process, 0);
  lockstep_process_pause (launched->process, TRUE);
  launched_free (launched);
}

static void
test_signal (void)
{
  Launched *launched = launch_shell ("kill -KILL $$");

  run_until (&launched->n_ended);
  g_assert_cmpint (launched->report.kind, ==, LOCKSTEP_EXIT_SIGNAL);
  check_text (launched, "was killed by SIGKILL");
  launched_free (launched);
}

static void
test_not_started (void)
{
  static const struct
  {
    const char *command;
    const char *directory;
    const char *text;
  } cases[] = {
    { "lockstep-no-such-program", NULL, "could not be started: No such file or directory" },
    { "/etc/passwd", NULL, "could not be started: Permission denied" },
    { "true", "/no/such/folder",
      "could not be started: its working folder could not be entered: No such file or directory" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Launched *launched = launch ((const char *[]){ cases[i].command, NULL }, NULL, cases[i].directory, 0);

      run_until (&launched->n_ended);
      g_assert_cmpuint (launched->n_started, ==, 0);
      g_assert_cmpint (launched->report.kind, ==, LOCKSTEP_EXIT_NOT_STARTED);
      check_text (launched, cases[i].text);
      launched_free (launched);
    }
}

static void
test_environment (void)
{
  Launched        *launched = launch ((const char *[]){ "sh", "-c",
                                                        "echo $LOCKSTEP_STREAM $OMP_NUM_THREADS $OPENBLAS_NUM_THREADS "
                                                               "$MKL_NUM_THREADS $NUMBA_NUM_THREADS $PYTHONUNBUFFERED "
                                                               "$GFORTRAN_UNBUFFERED_PRECONNECTED $HOME",
                                                        NULL },
                                      "MKL_NUM_THREADS=5", NULL, 0);
  g_autofree char *text = NULL;
  g_autofree char *expected = g_strdup_printf ("fd:3 3 3 5 3 1 y %s\n", g_getenv ("HOME"));

  run_until (&launched->n_ended);
  text = read_output (launched);
  g_assert_cmpstr (text, ==, expected);
  launched_free (launched);
}

/* Whether the stream gives "yes" back, as it should; @user_data counts. */
static void
read_cb (GObject      *stream,
         GAsyncResult *result,
         gpointer      user_data)
{
  guint             *n_read = user_data;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_input_stream_read_finish (G_INPUT_STREAM (stream), result, &error), ==, 4);
  g_assert_no_error (error);
  (*n_read)++;
}

static void
test_stream (void)
{
  Launched  *launched = launch_shell ("read line <&3; echo $line >&3; sleep 1000");
  GIOStream *stream = lockstep_process_get_stream (launched->process);
  char       bytes[16] = "";
  guint      n_read = 0;

  g_assert_nonnull (stream);
  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (stream), "yes\n", 4, NULL, NULL, NULL));
  g_input_stream_read_async (g_io_stream_get_input_stream (stream), bytes, sizeof bytes, G_PRIORITY_DEFAULT, NULL,
                             read_cb, &n_read);
  run_until (&n_read);
  g_assert_cmpstr (bytes, ==, "yes\n");

  lockstep_process_stop (launched->process, 1000);
  run_until (&launched->n_ended);
  g_assert_cmpint (launched->report.kind, ==, LOCKSTEP_EXIT_SIGNAL);
  check_text (launched, "was killed by SIGTERM");
  launched_free (launched);
}

static void
test_stop_stubborn (void)
{
  Launched  *launched = launch_stubborn (1000);
  GIOStream *stream = lockstep_process_get_stream (launched->process);
  char       bytes[16] = "";
  guint      n_read = 0;

  /* What it says is of no matter; that it stands is. */
  g_input_stream_read_async (g_io_stream_get_input_stream (stream), bytes, 4, G_PRIORITY_DEFAULT, NULL,
                             read_cb, &n_read);
  run_until (&n_read);

  lockstep_process_stop (launched->process, 1000);
  lockstep_process_stop (launched->process, 0.1);
  run_until (&launched->n_ended);
  g_assert_cmpint (launched->report.kind, ==, LOCKSTEP_EXIT_SIGNAL);
  g_assert_cmpuint (launched->report.killed, ==, 2);
  g_assert_cmpuint (launched->n_ended, ==, 1);
  launched_free (launched);
}

static gboolean
is_stopped (gpointer data)
{
  return get_state (*(gint64 *) data) == 'T';
}

static gboolean
is_not_stopped (gpointer data)
{
  return !is_stopped (data);
}

static void
test_pause (void)
{
  Launched *launched = launch_shell ("while :; do :; done");

  run_until (&launched->n_started);
  lockstep_process_pause (launched->process, TRUE);
  wait_until (is_stopped, &launched->pid);
  lockstep_process_pause (launched->process, FALSE);
  wait_until (is_not_stopped, &launched->pid);
  lockstep_process_stop (launched->process, 0);
  run_until (&launched->n_ended);
  launched_free (launched);
}

/* Whoever lets go of a process lets go of all that it started. */
static void
test_unref (void)
{
  Launched *launched = launch_stubborn (0.05);

  run_until (&launched->n_started);
  launched_free (launched);

  /* Even before anything of it was heard. */
  launched = launch_shell ("sleep 1000");
  launched_free (launched);
}

static void
test_guard_killed (void)
{
  Launched *launched = launch_shell ("sleep 1000");

  run_until (&launched->n_started);
  g_assert_cmpint (lockstep_process_get_guard_pid (launched->process), >, 1);
  g_assert_no_errno (kill (lockstep_process_get_guard_pid (launched->process), SIGKILL));
  run_until (&launched->n_ended);
  g_assert_cmpint (launched->report.kind, ==, LOCKSTEP_EXIT_UNKNOWN);
  g_assert_cmpint (launched->report.number, ==, 0);
  check_text (launched, "ended without a report, because the guard that watches over it ended first");

  /* The shell died with its guard, but its child has no guard any more. */
  {
    g_autoptr (GArray) left = find_tagged (launched->tag, 0);

    for (guint i = 0; i < left->len; i++)
      kill (g_array_index (left, gint64, i), SIGKILL);
  }
  launched_free (launched);
}

/* A name is looked up along PATH first, then among Lockstep's own solvers. */
static void
test_solvers_path (void)
{
  g_autofree char *folder = g_dir_make_tmp ("lockstep-solvers-XXXXXX", NULL);
  g_autofree char *solver = g_build_filename (folder, "lockstep-own-solver", NULL);
  g_autofree char *other = g_build_filename (folder, "true", NULL);
  Launched        *launched;

  g_assert_true (g_file_set_contents_full (solver, "#!/bin/sh\nexit 42\n", -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
  g_assert_true (g_file_set_contents_full (other, "#!/bin/sh\nexit 43\n", -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
  g_setenv ("LOCKSTEP_SOLVERS_PATH", folder, TRUE);

  launched = launch ((const char *[]){ "lockstep-own-solver", NULL }, NULL, NULL, 0);
  run_until (&launched->n_ended);
  check_text (launched, "exited with code 42");
  launched_free (launched);

  launched = launch ((const char *[]){ "true", NULL }, NULL, NULL, 0);
  run_until (&launched->n_ended);
  check_text (launched, "exited with code 0");
  launched_free (launched);

  launched = launch ((const char *[]){ "lockstep-own-solver", NULL }, "PATH=/no/such/folder", NULL, 0);
  run_until (&launched->n_ended);
  check_text (launched, "exited with code 42");
  launched_free (launched);

  g_unsetenv ("LOCKSTEP_SOLVERS_PATH");
  g_unlink (solver);
  g_unlink (other);
  g_assert_no_errno (g_rmdir (folder));
}

static void
test_no_guard (void)
{
  g_autofree char            *guard = g_strdup (g_getenv ("LOCKSTEP_GUARD"));
  g_autoptr (LockstepHost)    host = NULL;
  g_autoptr (LockstepProcess) process = NULL;
  g_autoptr (GError)          error = NULL;

  g_setenv ("LOCKSTEP_GUARD", "/no/such/guard", TRUE);
  host = lockstep_local_host_new ("local", NULL);
  process = lockstep_host_launch (host,
                                  &(LockstepLaunch){
                                    .command = (const char *[]){ "true", NULL },
                                    .directory = "/",
                                    .output = "/dev/null",
                                    .threads = 1,
                                  },
                                  &error);
  g_setenv ("LOCKSTEP_GUARD", guard, TRUE);

  g_assert_error (error, LOCKSTEP_HOST_ERROR, LOCKSTEP_HOST_ERROR_LAUNCH);
  g_assert_nonnull (strstr (error->message, "/no/such/guard"));
  g_assert_nonnull (strstr (error->message, "LOCKSTEP_GUARD"));
  g_assert_null (process);
}

static guint
count_descriptors (void)
{
  g_autoptr (GDir) directory = g_dir_open ("/proc/self/fd", 0, NULL);
  guint            n_descriptors = 0;

  while (g_dir_read_name (directory) != NULL)
    n_descriptors++;

  return n_descriptors;
}

static void
test_many (void)
{
  Launched *launched[30];
  guint     n_descriptors;

  launched[0] = launch_shell ("exit 0");
  run_until (&launched[0]->n_ended);
  launched_free (launched[0]);
  n_descriptors = count_descriptors ();

  for (guint i = 0; i < G_N_ELEMENTS (launched); i++)
    {
      g_autofree char *script = g_strdup_printf ("exit %u", i);

      launched[i] = launch_shell (script);
    }

  for (guint i = 0; i < G_N_ELEMENTS (launched); i++)
    {
      run_until (&launched[i]->n_ended);
      g_assert_cmpint (launched[i]->report.kind, ==, LOCKSTEP_EXIT_CODE);
      g_assert_cmpint (launched[i]->report.number, ==, i);
      launched_free (launched[i]);
    }

  g_assert_cmpuint (count_descriptors (), ==, n_descriptors);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/local-host/exit", test_exit);
  g_test_add_func ("/local-host/signal", test_signal);
  g_test_add_func ("/local-host/not-started", test_not_started);
  g_test_add_func ("/local-host/environment", test_environment);
  g_test_add_func ("/local-host/stream", test_stream);
  g_test_add_func ("/local-host/stop-stubborn", test_stop_stubborn);
  g_test_add_func ("/local-host/pause", test_pause);
  g_test_add_func ("/local-host/unref", test_unref);
  g_test_add_func ("/local-host/guard-killed", test_guard_killed);
  g_test_add_func ("/local-host/solvers-path", test_solvers_path);
  g_test_add_func ("/local-host/no-guard", test_no_guard);
  g_test_add_func ("/local-host/many", test_many);

  return g_test_run ();
}
