/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "guarded.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A file in a folder of its own; remove_folder() removes both. */
static char *
make_output_path (void)
{
  g_autofree char *folder = g_dir_make_tmp ("lockstep-guard-XXXXXX", NULL);

  g_assert_nonnull (folder);
  return g_build_filename (folder, "output.log", NULL);
}

static void
remove_output (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  g_unlink (path);
  g_assert_no_errno (g_rmdir (folder));
}

static char *
read_output (const char *path)
{
  char              *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);

  return text;
}

/* Uses the processor for @seconds, so that what runs beside it had the time to run. */
static void
be_busy (double seconds)
{
  clock_t end = clock () + seconds * CLOCKS_PER_SEC;

  while (clock () < end)
    continue;
}

static void
test_exit_code (void)
{
  Guarded *guarded = guarded_start ("--", "sh", "-c", "exit 3", NULL);

  guarded_wait_started (guarded);
  g_assert_cmpfloat (guarded_get (guarded, "exit"), ==, 3);
  g_assert_false (guarded_has (guarded, "signal"));
  g_assert_cmpfloat (guarded_get (guarded, "seconds"), >, 0);
  g_assert_cmpfloat (guarded_get (guarded, "seconds"), <, WATCHDOG_SECONDS);
  g_assert_cmpfloat (guarded_get (guarded, "cpu"), >, 0);
  g_assert_cmpfloat (guarded_get (guarded, "peak"), >, 100000);
  g_assert_cmpfloat (guarded_get (guarded, "killed"), ==, 0);
  guarded_free (guarded);
}

static void
test_signal (void)
{
  Guarded *guarded = guarded_start ("--", "sh", "-c", "kill -SEGV $$", NULL);

  guarded_wait_started (guarded);
  g_assert_cmpfloat (guarded_get (guarded, "signal"), ==, SIGSEGV);
  g_assert_false (guarded_has (guarded, "exit"));
  guarded_free (guarded);
}

static void
test_not_started (void)
{
  static const struct
  {
    const char *option;
    const char *value;
    const char *command;
    int         error;
    const char *what;
  } cases[] = {
    { "--grace", "1", "lockstep-no-such-program", ENOENT, "exec" },
    { "--grace", "1", "/no/such/program", ENOENT, "exec" },
    { "--grace", "1", "/etc/passwd", EACCES, "exec" },
    { "--grace", "1", "/etc", EACCES, "exec" },
    { "--directory", "/no/such/folder", "true", ENOENT, "directory" },
    { "--directory", "/etc/passwd", "true", ENOTDIR, "directory" },
    { "--output", "/no/such/folder/output.log", "true", ENOENT, "output" },
    { "--output", "/etc", "true", EISDIR, "output" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Guarded         *guarded = guarded_start (cases[i].option, cases[i].value, "--", cases[i].command, NULL);
      g_autofree char *what = g_strdup_printf ("\"what\":\"%s\"", cases[i].what);

      g_assert_cmpfloat (guarded_get (guarded, "error"), ==, cases[i].error);
      g_assert_nonnull (strstr (guarded->report, what));
      g_assert_false (guarded_has (guarded, "exit"));
      guarded_free (guarded);
    }
}

static void
test_working_folder (void)
{
  g_autofree char *output = make_output_path ();
  g_autofree char *folder = g_path_get_dirname (output);
  Guarded         *guarded = guarded_start ("--directory", folder, "--output", output, "--", "pwd", NULL);
  g_autofree char *text = NULL;

  g_assert_cmpfloat (guarded_get (guarded, "exit"), ==, 0);
  guarded_free (guarded);

  text = read_output (output);
  g_assert_cmpstr (g_strchomp (text), ==, folder);
  remove_output (output);
}

/* The solver has its stream, which ends with it, and an input that is at its end. */
static void
test_stream (void)
{
  Guarded         *guarded = guarded_start ("--", "sh", "-c",
                                            "read input && exit 9; read line <&3; echo \"[$line]\" >&3", NULL);
  g_autofree char *answer = NULL;
  g_autofree char *end = NULL;

  g_assert_cmpint (write (guarded->stream, "hello\n", 6), ==, 6);
  answer = read_line (guarded->stream);
  end = read_line (guarded->stream);
  g_assert_cmpstr (answer, ==, "[hello]");
  g_assert_null (end);
  g_assert_cmpfloat (guarded_get (guarded, "exit"), ==, 0);
  guarded_free (guarded);
}

/* Nobody but the solver holds its stream open. */
static void
test_stream_closed (void)
{
  Guarded         *guarded = guarded_start ("--", "sh", "-c", "exec 3>&-; exec sleep 1000", NULL);
  g_autofree char *end = read_line (guarded->stream);

  g_assert_null (end);
  guarded_wait_started (guarded);
  guarded_send (guarded, "stop 0\n");
  g_assert_cmpfloat (guarded_get (guarded, "signal"), ==, SIGKILL);
  guarded_free (guarded);
}

/* The solver has nothing open that it has no business with, even where the controller is careless. */
static void
test_descriptors (void)
{
  int              careless = dup (STDERR_FILENO);
  Guarded         *guarded = guarded_start_stubborn ("0", "stay");
  const char      *name;
  guint            n_descriptors = 0;
  g_autofree char *path = NULL;
  g_autoptr (GDir) directory = NULL;

  guarded_wait_started (guarded);
  guarded_wait_ready (guarded);
  close (careless);

  path = g_strdup_printf ("/proc/%" G_GINT64_FORMAT "/fd", guarded->solver);
  directory = g_dir_open (path, 0, NULL);
  g_assert_nonnull (directory);
  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_assert_cmpint (g_ascii_strtoll (name, NULL, 10), <=, 3);
      n_descriptors++;
    }
  g_assert_cmpuint (n_descriptors, ==, 4);

  guarded_send (guarded, "stop 0\n");
  guarded_free (guarded);
}

static void
test_clean_signals (void)
{
  g_autofree char *output = make_output_path ();
  g_autofree char *text = NULL;
  Guarded         *guarded;
  sigset_t         blocked;
  sigset_t         before;

  sigemptyset (&blocked);
  sigaddset (&blocked, SIGUSR1);
  sigaddset (&blocked, SIGTERM);
  sigprocmask (SIG_BLOCK, &blocked, &before);
  signal (SIGPIPE, SIG_IGN);
  signal (SIGUSR2, SIG_IGN);

  guarded = guarded_start ("--output", output, "--", "grep", "-E", "Sig(Blk|Ign)", "/proc/self/status", NULL);
  g_assert_cmpfloat (guarded_get (guarded, "exit"), ==, 0);
  guarded_free (guarded);

  sigprocmask (SIG_SETMASK, &before, NULL);
  signal (SIGPIPE, SIG_DFL);
  signal (SIGUSR2, SIG_DFL);

  text = read_output (output);
  g_assert_cmpstr (text, ==, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
  remove_output (output);
}

/* The solver is in the guard's session, in a group of its own, and of less weight. */
static void
test_session (void)
{
  Guarded         *guarded = guarded_start ("--nice", "7", "--", "sleep", "1000", NULL);
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;

  guarded_wait_started (guarded);
  g_assert_cmpint (getsid (guarded->pid), ==, guarded->pid);
  g_assert_cmpint (getsid (guarded->solver), ==, guarded->pid);
  g_assert_cmpint (getpgid (guarded->solver), ==, guarded->solver);

  path = g_strdup_printf ("/proc/%" G_GINT64_FORMAT "/stat", guarded->solver);
  text = read_output (path);
  {
    g_auto (GStrv) fields = g_strsplit (strrchr (text, ')') + 2, " ", -1);

    g_assert_cmpstr (fields[16], ==, "7");
  }

  /* Others may have to wait for a turn to set this; who may administer the system need not. */
  if (getuid () == 0 && access ("/proc/self/autogroup", R_OK) == 0)
    {
      g_autofree char *group_path = g_strdup_printf ("/proc/%d/autogroup", guarded->pid);
      g_autofree char *group = read_output (group_path);

      g_assert_true (g_str_has_suffix (g_strchomp (group), " nice 7"));
    }

  guarded_send (guarded, "stop 0\n");
  g_assert_cmpfloat (guarded_get (guarded, "signal"), ==, SIGKILL);
  guarded_free (guarded);
}

static gboolean
is_stopped (gpointer data)
{
  return get_state (*(gint64 *) data) == 'T';
}

static gboolean
uses_processor (gpointer data)
{
  gint64 *pid_and_ticks = data;

  return (gint64) get_ticks (pid_and_ticks[0]) > pid_and_ticks[1];
}

static void
test_pause (void)
{
  Guarded *guarded = guarded_start ("--", "sh", "-c", "echo ready >&3; while :; do :; done", NULL);
  gint64   pid_and_ticks[2];

  guarded_wait_started (guarded);
  guarded_wait_ready (guarded);

  guarded_send (guarded, "pause\n");
  wait_until (is_stopped, &guarded->solver);
  pid_and_ticks[0] = guarded->solver;
  pid_and_ticks[1] = get_ticks (guarded->solver);
  be_busy (0.2);
  g_assert_cmpuint (get_ticks (guarded->solver), ==, pid_and_ticks[1]);

  guarded_send (guarded, "continue\n");
  wait_until (uses_processor, pid_and_ticks);

  /* Told to stop while it is paused, it hears that. */
  guarded_send (guarded, "pause\n");
  wait_until (is_stopped, &guarded->solver);
  guarded_send (guarded, "stop 1000\n");
  g_assert_cmpfloat (guarded_get (guarded, "signal"), ==, SIGTERM);
  g_assert_cmpfloat (guarded_get (guarded, "killed"), ==, 0);
  guarded_free (guarded);
}

static gboolean
all_stopped (gpointer data)
{
  GArray *pids = data;

  for (guint i = 0; i < pids->len; i++)
    if (get_state (g_array_index (pids, gint64, i)) != 'T')
      return FALSE;

  return TRUE;
}

static void
test_pause_tree (void)
{
  Guarded           *guarded = guarded_start_stubborn ("0", "stay");
  g_autoptr (GArray) tagged = NULL;

  guarded_wait_ready (guarded);
  tagged = find_tagged (guarded->tag, guarded->pid);
  g_assert_cmpuint (tagged->len, ==, 2);
  guarded_send (guarded, "pause\n");
  wait_until (all_stopped, tagged);

  guarded_close_control (guarded);
  guarded_free (guarded);
}

static void
test_output (void)
{
  g_autofree char *output = make_output_path ();
  g_autofree char *text = NULL;
  const char      *position;
  Guarded         *guarded;

  g_assert_true (g_file_set_contents (output, "before\n", -1, NULL));
  guarded = guarded_start ("--output", output, "--", "sh", "-c", "seq 1 1000000; echo error >&2", NULL);
  g_assert_cmpfloat (guarded_get (guarded, "exit"), ==, 0);
  guarded_free (guarded);

  text = read_output (output);
  g_assert_true (g_str_has_prefix (text, "before\n"));
  position = text + strlen ("before\n");
  for (guint i = 1; i <= 1000000; i++)
    {
      char *end;

      if (g_ascii_strtoull (position, &end, 10) != i || *end != '\n')
        g_error ("line %u is missing", i);
      position = end + 1;
    }
  g_assert_cmpstr (position, ==, "error\n");
  remove_output (output);
}

/* What is no command does nothing, and hides none that comes after it. */
static void
test_garbage (void)
{
  Guarded         *guarded = guarded_start ("--", "sleep", "1000", NULL);
  g_autofree char *long_line = g_strnfill (100000, 'x');

  guarded_wait_started (guarded);
  guarded_send (guarded, "\nstop\nstop -1\nstop x\nstop 1x\nstop nan\nstop inf\nkill\n");
  guarded_send (guarded, long_line);
  guarded_send (guarded, "\ncontinue\npause\n");
  wait_until (is_stopped, &guarded->solver);

  guarded_send (guarded, "stop 1000\n");
  g_assert_cmpfloat (guarded_get (guarded, "signal"), ==, SIGTERM);
  guarded_free (guarded);
}

static gboolean
is_sleeping (gpointer data)
{
  return get_state (*(GPid *) data) == 'S';
}

static void
test_idle (void)
{
  Guarded *guarded = guarded_start ("--", "sleep", "1000", NULL);
  gint64   n_switches;

  guarded_wait_started (guarded);
  wait_until (is_sleeping, &guarded->pid);
  n_switches = get_status_number (guarded->pid, "voluntary_ctxt_switches");
  be_busy (0.3);
  g_assert_cmpint (get_status_number (guarded->pid, "voluntary_ctxt_switches"), ==, n_switches);
  g_assert_cmpint (n_switches, >, 0);

  guarded_send (guarded, "stop 0\n");
  guarded_free (guarded);
}

static void
test_usage (void)
{
  static const char *const commands[][4] = {
    { "--", NULL },
    { "--grace", "soon", "true", NULL },
    { "--nice", "20", "true", NULL },
    { "--no-such-option", "true", NULL },
    { "--", "true", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autoptr (GPtrArray) command = g_ptr_array_new ();
      g_autofree char      *message = NULL;
      int                   status;

      g_ptr_array_add (command, (char *) g_getenv ("LOCKSTEP_GUARD"));
      for (guint j = 0; commands[i][j] != NULL; j++)
        g_ptr_array_add (command, (char *) commands[i][j]);
      g_ptr_array_add (command, NULL);

      g_assert_true (g_spawn_sync (NULL, (char **) command->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, &message,
                                   &status, NULL));
      g_assert_true (WIFEXITED (status));
      g_assert_cmpint (WEXITSTATUS (status), ==, 2);
      g_assert_nonnull (strstr (message, "Usage: lockstep-guard"));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/guard/exit-code", test_exit_code);
  g_test_add_func ("/guard/signal", test_signal);
  g_test_add_func ("/guard/not-started", test_not_started);
  g_test_add_func ("/guard/working-folder", test_working_folder);
  g_test_add_func ("/guard/stream", test_stream);
  g_test_add_func ("/guard/stream-closed", test_stream_closed);
  g_test_add_func ("/guard/descriptors", test_descriptors);
  g_test_add_func ("/guard/clean-signals", test_clean_signals);
  g_test_add_func ("/guard/session", test_session);
  g_test_add_func ("/guard/pause", test_pause);
  g_test_add_func ("/guard/pause-tree", test_pause_tree);
  g_test_add_func ("/guard/output", test_output);
  g_test_add_func ("/guard/garbage", test_garbage);
  g_test_add_func ("/guard/idle", test_idle);
  g_test_add_func ("/guard/usage", test_usage);

  return g_test_run ();
}
