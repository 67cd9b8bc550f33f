/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-reservation.h"

#include "run-fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

/* This program as another process: reserves for argv[2] solvers, says so, and holds that until it is killed. */
#define HOLD "--hold"

typedef struct
{
  char *folder;
} Fixture;

static const char *program;

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

static guint
decide (const LockstepHeld *held,
        gpointer            user_data)
{
  return GPOINTER_TO_UINT (user_data);
}

static LockstepReservation *
reserve (guint n_solvers,
         guint threads)
{
  g_autoptr (GError)   error = NULL;
  LockstepReservation *reservation = lockstep_reservation_new ("A run", threads, decide, GUINT_TO_POINTER (n_solvers), &error);

  g_assert_no_error (error);
  return reservation;
}

static void
assert_held (guint n_runs,
             guint n_cpus)
{
  g_auto (LockstepHeld) held = { 0 };
  g_autoptr (GError)    error = NULL;

  lockstep_reservation_read_held (&held, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (held.n_runs, ==, n_runs);
  g_assert_cmpuint (held.n_cpus, ==, n_cpus);
  g_assert_true ((held.names != NULL) == (n_runs > 0));
}

static char *
dup_reservations (void)
{
  return g_build_filename (g_getenv ("XDG_RUNTIME_DIR"), "lockstep", NULL);
}

static guint
count_files (void)
{
  g_autofree char *folder = dup_reservations ();
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char      *name;
  guint            count = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    count += g_str_has_suffix (name, ".run");

  return count;
}

static void
test_hold (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (LockstepReservation) first = NULL;
  g_autoptr (LockstepReservation) second = NULL;
  g_auto (LockstepHeld)           held = { 0 };

  assert_held (0, 0);
  first = reserve (3, 2);
  assert_held (1, 6);
  second = reserve (1, 1);
  assert_held (2, 7);

  g_assert_true (lockstep_reservation_read_held (&held, NULL));
  g_assert_nonnull (strstr (held.names, "A run (process "));

  g_clear_object (&first);
  assert_held (1, 1);
  g_clear_object (&second);
  assert_held (0, 0);
  g_assert_cmpuint (count_files (), ==, 0);
}

static guint
decide_by_others (const LockstepHeld *held,
                  gpointer            user_data)
{
  return *(guint *) user_data - held->n_cpus;
}

/* What is decided takes those into account that came before. */
static void
test_decide (Fixture      *fixture,
             gconstpointer data)
{
  guint                           n_cpus = 8;
  g_autoptr (LockstepReservation) first = reserve (5, 1);
  g_autoptr (LockstepReservation) second = lockstep_reservation_new ("b", 1, decide_by_others, &n_cpus, NULL);

  g_assert_nonnull (second);
  assert_held (2, 8);
}

static GSubprocess *
start_holder (const char *n_solvers)
{
  g_autoptr (GError) error = NULL;
  GSubprocess       *holder = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, HOLD, n_solvers, NULL);
  char               said[5] = "";
  gsize              length;

  g_assert_no_error (error);
  g_input_stream_read_all (g_subprocess_get_stdout_pipe (holder), said, sizeof said, &length, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (length, ==, sizeof said);
  return holder;
}

static void
test_killed (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (GSubprocess) first = start_holder ("3");
  g_autoptr (GSubprocess) second = start_holder ("4");

  assert_held (2, 14);
  g_subprocess_send_signal (first, SIGKILL);
  g_subprocess_wait (first, NULL, NULL);

  /* Its file is there still, until somebody looks. */
  g_assert_cmpuint (count_files (), ==, 2);
  assert_held (1, 8);
  g_assert_cmpuint (count_files (), ==, 1);

  g_subprocess_send_signal (second, SIGKILL);
  g_subprocess_wait (second, NULL, NULL);
  assert_held (0, 0);
  g_assert_cmpuint (count_files (), ==, 0);
}

/* A child that outlives the run does not hold what the run held. */
static void
test_children (Fixture      *fixture,
               gconstpointer data)
{
  g_autoptr (LockstepReservation) reservation = reserve (2, 1);
  g_autoptr (GSubprocess)         child = g_subprocess_new (G_SUBPROCESS_FLAGS_INHERIT_FDS, NULL, "sleep", "60", NULL);

  assert_held (1, 2);
  g_clear_object (&reservation);
  assert_held (0, 0);
  g_subprocess_force_exit (child);
  g_subprocess_wait (child, NULL, NULL);
}

/* Whatever stands in the files, nobody crashes or counts it. */
static void
test_garbage (Fixture      *fixture,
              gconstpointer data)
{
  static const char *const texts[] = {
    "", "nonsense", "{\"solvers\":-1,\"threads\":1}", "{\"solvers\":1e9,\"threads\":1}", "{\"solvers\":99999999,\"threads\":1}", "[]",
    "{\"solvers\":1}", "{\"solvers\":1,\"threads\":0}"
  };
  g_autoptr (LockstepReservation) own = reserve (1, 1);
  g_autofree char                *folder = dup_reservations ();
  int                             descriptors[G_N_ELEMENTS (texts)];

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%u.run", folder, i);

      descriptors[i] = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
      g_assert_cmpint (descriptors[i], >=, 0);
      g_assert_no_errno (flock (descriptors[i], LOCK_EX));
      g_assert_cmpint (write (descriptors[i], texts[i], strlen (texts[i])), ==, strlen (texts[i]));
    }

  assert_held (1, 1);
  g_assert_cmpuint (count_files (), ==, G_N_ELEMENTS (texts) + 1);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    close (descriptors[i]);
  assert_held (1, 1);
  g_assert_cmpuint (count_files (), ==, 1);
}

/* A folder that others can write to could make this person's runs believe anything. */
static void
test_folder_of_others (Fixture      *fixture,
                       gconstpointer data)
{
  g_auto (LockstepHeld) held = { 0 };
  g_autoptr (GError)    error = NULL;
  g_autofree char      *folder = dup_reservations ();

  assert_held (0, 0);
  g_assert_no_errno (g_chmod (folder, 0777));
  g_assert_false (lockstep_reservation_read_held (&held, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_nonnull (strstr (error->message, folder));
  g_assert_no_errno (g_chmod (folder, 0700));
  assert_held (0, 0);
}

G_GNUC_NORETURN static void
hold (guint n_solvers)
{
  g_autoptr (LockstepReservation) reservation = reserve (n_solvers, 2);

  printf ("held\n");
  fflush (stdout);
  for (;;)
    pause ();
}

int
main (int    argc,
      char **argv)
{
  if (argc == 3 && strcmp (argv[1], HOLD) == 0)
    hold ((guint) atoi (argv[2]));

  g_test_init (&argc, &argv, NULL);
  program = argv[0];

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/reservation/hold", test_hold);
  ADD ("/reservation/decide", test_decide);
  ADD ("/reservation/killed", test_killed);
  ADD ("/reservation/children", test_children);
  ADD ("/reservation/garbage", test_garbage);
  ADD ("/reservation/folder-of-others", test_folder_of_others);
#undef ADD

  return g_test_run ();
}
