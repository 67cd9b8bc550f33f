/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How what is guarded ends, whatever it does against it. */

#include "guarded.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void
test_stop_gently (void)
{
  Guarded *guarded = guarded_start ("--", "sleep", "1000", NULL);

  guarded_wait_started (guarded);
  guarded_send (guarded, "stop 1000\n");
  g_assert_cmpfloat (guarded_get (guarded, "signal"), ==, SIGTERM);
  g_assert_cmpfloat (guarded_get (guarded, "killed"), ==, 0);
  guarded_free (guarded);
}

static void
test_stop_stubborn (void)
{
  Guarded           *guarded = guarded_start_stubborn ("1000", "stay");
  g_autoptr (GArray) tagged = NULL;

  guarded_wait_started (guarded);
  guarded_wait_ready (guarded);
  tagged = find_tagged (guarded->tag, guarded->pid);
  g_assert_cmpuint (tagged->len, ==, 2);

  guarded_send (guarded, "stop 0.2\n");
  g_assert_cmpfloat (guarded_get (guarded, "signal"), ==, SIGKILL);
  g_assert_cmpfloat (guarded_get (guarded, "killed"), ==, 2);
  g_assert_cmpfloat (guarded_get (guarded, "seconds"), >=, 0.2);
  guarded_free (guarded);
}

/* Not the program alone is told, also where it stays. */
static void
test_stop_all (void)
{
  Guarded         *guarded = guarded_start ("--output", "/dev/null", "--", "sh", "-c",
                                            "trap : TERM;"
                                                    "setsid sh -c 'trap \"echo told >&3; exit\" TERM; echo ready >&3;"
                                                    " while :; do sleep 0.01; done' &"
                                                    "while :; do sleep 0.01; done",
                                            NULL);
  g_autofree char *told = NULL;

  guarded_wait_ready (guarded);
  guarded_send (guarded, "stop 1000\n");
  told = read_line (guarded->stream);
  g_assert_cmpstr (told, ==, "told");
  guarded_send (guarded, "stop 0\n");
  g_assert_cmpfloat (guarded_get (guarded, "signal"), ==, SIGKILL);
  guarded_free (guarded);
}

static void
test_stop_with_less (void)
{
  Guarded *guarded = guarded_start_stubborn ("1000", "stay");

  guarded_wait_ready (guarded);
  guarded_send (guarded, "stop 1000\nstop 2000\nsto");
  guarded_send (guarded, "p 0.1\nstop 2000\n");
  g_assert_cmpfloat (guarded_get (guarded, "killed"), ==, 2);
  guarded_free (guarded);
}

static void
test_leftovers (void)
{
  Guarded *guarded = guarded_start_stubborn ("0.2", "leave");

  guarded_wait_ready (guarded);
  g_assert_cmpfloat (guarded_get (guarded, "exit"), ==, 7);
  g_assert_cmpfloat (guarded_get (guarded, "killed"), ==, 1);
  g_assert_cmpfloat (guarded_get (guarded, "seconds"), >=, 0.2);
  guarded_free (guarded);
}

/* What a program starts in order to tidy up, after it was told to stop, is not told. */
static void
test_tidying (void)
{
  Guarded         *guarded = guarded_start ("--output", "/dev/null", "--", "sh", "-c",
                                            "trap 'sleep 0.02; sh -c \"echo tidying >&3; read go <&3;"
                                                    "echo tidy >&3\"; exit 4' TERM;"
                                                    "echo ready >&3; while :; do sleep 0.01; done",
                                            NULL);
  g_autofree char *tidying = NULL;
  g_autofree char *tidy = NULL;

  guarded_wait_ready (guarded);
  guarded_send (guarded, "stop 1000\n");
  tidying = read_line (guarded->stream);
  g_assert_cmpstr (tidying, ==, "tidying");
  /* Longer than any guard waits until it tells the others. */
  g_usleep (G_USEC_PER_SEC / 5);
  g_assert_cmpint (write (guarded->stream, "go\n", 3), ==, 3);
  tidy = read_line (guarded->stream);
  g_assert_cmpstr (tidy, ==, "tidy");
  g_assert_cmpfloat (guarded_get (guarded, "exit"), ==, 4);
  g_assert_cmpfloat (guarded_get (guarded, "killed"), ==, 0);
  guarded_free (guarded);
}

/* When the program has ended, what it left is told, whenever that was started, and keeps the time that was given. */
static void
test_leftovers_keep_their_time (void)
{
  Guarded         *guarded = guarded_start ("--grace", "0", "--output", "/dev/null", "--", "sh", "-c",
                                            "trap 'sleep 0.02; setsid sh -c \""
                                                    "trap \\\"echo tidy >&3; exit\\\" TERM; echo tidying >&3;"
                                                    "while :; do sleep 0.01; done\" &"
                                                    "read go <&3; exit 4' TERM;"
                                                    "echo ready >&3; while :; do sleep 0.01; done",
                                            NULL);
  g_autofree char *tidying = NULL;
  g_autofree char *tidy = NULL;

  guarded_wait_ready (guarded);
  guarded_send (guarded, "stop 1000\n");
  tidying = read_line (guarded->stream);
  g_assert_cmpstr (tidying, ==, "tidying");
  g_assert_cmpint (write (guarded->stream, "go\n", 3), ==, 3);
  tidy = read_line (guarded->stream);
  g_assert_cmpstr (tidy, ==, "tidy");
  g_assert_cmpfloat (guarded_get (guarded, "exit"), ==, 4);
  g_assert_cmpfloat (guarded_get (guarded, "killed"), ==, 0);
  guarded_free (guarded);
}

static void
test_control_closed (void)
{
  Guarded *guarded = guarded_start_stubborn ("0.1", "stay");

  guarded_wait_ready (guarded);
  guarded_close_control (guarded);
  guarded_free (guarded);
}

/* The controller is killed: it cannot tell anybody anything, and nothing may be left. */
static void
test_controller_killed (void)
{
  int                ends[2];
  pid_t              controller;
  g_autofree char   *tag = NULL;
  g_autoptr (GArray) tagged = NULL;

  g_assert_no_errno (pipe (ends));
  controller = fork ();
  g_assert_no_errno (controller);

  if (controller == 0)
    {
      Guarded         *guarded = guarded_start_stubborn ("0.1", "stay");
      g_autofree char *text = g_strconcat (guarded->tag, "\n", NULL);

      guarded_wait_ready (guarded);
      if (write (ends[1], text, strlen (text)) < 0)
        _exit (1);
      for (;;)
        pause ();
    }

  close (ends[1]);
  tag = read_line (ends[0]);
  close (ends[0]);
  g_assert_nonnull (tag);
  tagged = find_tagged (tag, 0);
  g_assert_cmpuint (tagged->len, ==, 3);

  g_assert_no_errno (kill (controller, SIGKILL));
  g_assert_cmpint (waitpid (controller, NULL, 0), ==, controller);
  wait_for_none (tag);
}

static gboolean
is_gone (gpointer data)
{
  char state = get_state (*(gint64 *) data);

  return state == '\0' || state == 'Z';
}

/* The guard is killed: its solver goes with it, and the controller sees an end without a report. */
static void
test_guard_killed (void)
{
  Guarded         *guarded = guarded_start ("--", "sleep", "1000", NULL);
  g_autofree char *end = NULL;

  guarded_wait_started (guarded);
  g_assert_no_errno (kill (guarded->pid, SIGKILL));
  end = read_line (guarded->control);
  g_assert_null (end);
  wait_until (is_gone, &guarded->solver);
  guarded_free (guarded);
}

static void
check_bomb (const char *kind,
            const char *size,
            guint       at_least)
{
  Guarded           *guarded = guarded_start ("--", g_getenv ("LOCKSTEP_STUBBORN_BOMB"), kind, size, NULL);
  g_autoptr (GArray) tagged = NULL;
  gint64             time;

  guarded_wait_ready (guarded);
  tagged = find_tagged (guarded->tag, guarded->pid);
  g_assert_cmpuint (tagged->len, >=, at_least);

  time = g_get_monotonic_time ();
  guarded_send (guarded, "stop 0\n");
  g_assert_cmpfloat (guarded_get (guarded, "killed"), >=, 1);
  g_test_message ("%s: stopped after %.0f ms, %.0f killed", kind,
                  (g_get_monotonic_time () - time) / 1000.0, guarded_get (guarded, "killed"));
  guarded_free (guarded);
}

static void
test_bomb_tree (void)
{
  check_bomb ("tree", "6", 100);
}

static void
test_bomb_hopping (void)
{
  check_bomb ("hop", "8", 0);
}

/* A guard that is asked to go takes with it what it guards. */
static void
test_guard_terminated (void)
{
  Guarded *guarded = guarded_start_stubborn ("0.1", "stay");

  guarded_wait_ready (guarded);
  g_assert_no_errno (kill (guarded->pid, SIGTERM));
  g_assert_cmpfloat (guarded_get (guarded, "killed"), ==, 2);
  guarded_free (guarded);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/guard/stop/gently", test_stop_gently);
  g_test_add_func ("/guard/stop/stubborn", test_stop_stubborn);
  g_test_add_func ("/guard/stop/all", test_stop_all);
  g_test_add_func ("/guard/stop/with-less", test_stop_with_less);
  g_test_add_func ("/guard/stop/tidying", test_tidying);
  g_test_add_func ("/guard/leftovers", test_leftovers);
  g_test_add_func ("/guard/leftovers-keep-their-time", test_leftovers_keep_their_time);
  g_test_add_func ("/guard/control-closed", test_control_closed);
  g_test_add_func ("/guard/controller-killed", test_controller_killed);
  g_test_add_func ("/guard/guard-killed", test_guard_killed);
  g_test_add_func ("/guard/guard-terminated", test_guard_terminated);
  g_test_add_func ("/guard/bomb/tree", test_bomb_tree);
  g_test_add_func ("/guard/bomb/hopping", test_bomb_hopping);

  return g_test_run ();
}
