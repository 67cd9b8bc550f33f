/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-result-files.h"

/* Steps of a loop: parts, then what gathers them. */
enum
{
  WORK,
  GATHER,
  SWEEP,
};

/* A step with @n_tasks tasks from @first on, all of whose results are files, is done. */
static void
do_step (LockstepResultFiles *files,
         guint                step,
         gint64               first,
         guint                n_tasks,
         GArray              *moments)
{
  g_autoptr (GArray) none = g_array_new (FALSE, FALSE, sizeof (gint64));

  lockstep_result_files_begin (files, step, first);
  for (guint i = 0; i < n_tasks; i++)
    lockstep_result_files_add (files, first + i);
  lockstep_result_files_end (files, step == GATHER ? 2 : 1, moments != NULL ? moments : none);
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  return *(const gint64 *) a > *(const gint64 *) b ? 1 : -1;
}

/* What is superseded by now, as "0 1 2". */
static char *
dup_superseded (LockstepResultFiles *files)
{
  g_autoptr (GArray) superseded = lockstep_result_files_take_superseded (files);
  GString           *out = g_string_new (NULL);

  if (superseded != NULL)
    g_array_sort (superseded, compare);
  for (guint i = 0; superseded != NULL && i < superseded->len; i++)
    g_string_append_printf (out, "%s%d", i > 0 ? " " : "", (int) g_array_index (superseded, gint64, i));

  return g_string_free (out, FALSE);
}

static void
assert_superseded (LockstepResultFiles *files,
                   const char          *expected)
{
  g_autofree char *superseded = dup_superseded (files);

  g_assert_cmpstr (superseded, ==, expected);
}

/* Parts go when the next ones are there; of a `one` step two stay. */
static void
test_loop (void)
{
  LockstepResultFiles *files = lockstep_result_files_new ();

  do_step (files, WORK, 0, 2, NULL);
  do_step (files, GATHER, 2, 1, NULL);
  assert_superseded (files, "");
  do_step (files, WORK, 3, 2, NULL);
  assert_superseded (files, "0 1");
  do_step (files, GATHER, 5, 1, NULL);
  assert_superseded (files, "");
  do_step (files, WORK, 6, 2, NULL);
  assert_superseded (files, "3 4");
  do_step (files, GATHER, 8, 1, NULL);
  assert_superseded (files, "2");
  lockstep_result_files_free (files);
}

/* Only what ended supersedes: parts at work may have to be done again. */
static void
test_at_work (void)
{
  LockstepResultFiles *files = lockstep_result_files_new ();

  do_step (files, WORK, 0, 2, NULL);
  lockstep_result_files_begin (files, WORK, 2);
  lockstep_result_files_add (files, 2);
  assert_superseded (files, "");
  lockstep_result_files_free (files);
}

/* Short results supersede long ones as well. */
static void
test_short (void)
{
  LockstepResultFiles *files = lockstep_result_files_new ();

  g_assert_true (lockstep_result_files_is_empty (files));
  do_step (files, WORK, 0, 0, NULL);
  g_assert_true (lockstep_result_files_is_empty (files));
  do_step (files, WORK, 4, 2, NULL);
  g_assert_false (lockstep_result_files_is_empty (files));
  do_step (files, WORK, 8, 0, NULL);
  assert_superseded (files, "4 5");
  g_assert_true (lockstep_result_files_is_empty (files));
  lockstep_result_files_free (files);
}

/* What a run would need that goes back to its last step of tasks stays, however long a loop after it lasts. */
static void
test_moments (void)
{
  LockstepResultFiles *files = lockstep_result_files_new ();
  g_autoptr (GArray)   moments = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64               moment = 6;

  do_step (files, WORK, 0, 2, NULL);
  do_step (files, GATHER, 2, 1, NULL);
  do_step (files, WORK, 3, 2, NULL);
  do_step (files, GATHER, 5, 1, NULL);
  assert_superseded (files, "0 1");
  g_array_append_val (moments, moment);
  do_step (files, SWEEP, 6, 3, moments);
  for (gint64 first = 9; first < 30; first += 3)
    {
      do_step (files, WORK, first, 2, moments);
      do_step (files, GATHER, first + 2, 1, moments);
    }
  assert_superseded (files, "2 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25");

  /* The run cannot go back there any more. */
  g_array_set_size (moments, 0);
  do_step (files, SWEEP, 30, 3, moments);
  assert_superseded (files, "3 4 5 6 7 8");
  lockstep_result_files_free (files);
}

/* A run that goes back gives numbers out again: what has them then is not superseded by what is void. */
static void
test_go_back (void)
{
  LockstepResultFiles *files = lockstep_result_files_new ();

  do_step (files, WORK, 0, 2, NULL);
  do_step (files, WORK, 2, 2, NULL);
  do_step (files, WORK, 4, 2, NULL);
  lockstep_result_files_go_back (files, 2, FALSE);
  assert_superseded (files, "0 1");
  do_step (files, WORK, 2, 2, NULL);
  assert_superseded (files, "");
  do_step (files, WORK, 4, 2, NULL);
  assert_superseded (files, "2 3");
  lockstep_result_files_free (files);
}

/* A step of tasks that is gone on with keeps what it has. */
static void
test_go_on (void)
{
  LockstepResultFiles *files = lockstep_result_files_new ();

  do_step (files, SWEEP, 0, 3, NULL);
  do_step (files, GATHER, 3, 1, NULL);
  lockstep_result_files_go_back (files, 0, TRUE);
  lockstep_result_files_begin (files, SWEEP, 0);
  lockstep_result_files_add (files, 3);
  g_assert_false (lockstep_result_files_is_empty (files));
  assert_superseded (files, "");
  do_step (files, GATHER, 4, 1, NULL);
  lockstep_result_files_free (files);

  files = lockstep_result_files_new ();
  lockstep_result_files_begin (files, SWEEP, 0);
  lockstep_result_files_add (files, 0);
  lockstep_result_files_go_back (files, 0, TRUE);
  lockstep_result_files_begin (files, SWEEP, 0);
  lockstep_result_files_add (files, 1);
  do_step (files, SWEEP, 2, 2, NULL);
  lockstep_result_files_free (files);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/result-files/loop", test_loop);
  g_test_add_func ("/result-files/at-work", test_at_work);
  g_test_add_func ("/result-files/short", test_short);
  g_test_add_func ("/result-files/moments", test_moments);
  g_test_add_func ("/result-files/go-back", test_go_back);
  g_test_add_func ("/result-files/go-on", test_go_on);

  return g_test_run ();
}
