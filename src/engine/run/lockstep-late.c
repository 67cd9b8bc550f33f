/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-late.h"

#include <glib/gi18n-lib.h>

#include "lockstep-duration.h"
#include "lockstep-run-members.h"
#include "lockstep-run-solver-private.h"
#include "lockstep-solver-text.h"

/* So many solvers are named. */
#define MAX_NAMED 4

GArray *
lockstep_run_get_late (LockstepRun *run)
{
  return run->late;
}

void
lockstep_run_mark_late (LockstepRun *run)
{
  for (guint i = 0; i < run->rows->len; i++)
    {
      gboolean late = FALSE;

      for (guint j = 0; j < run->late->len && !late; j++)
        late = g_array_index (run->late, LockstepLateTask, j).solver == (int) i;
      lockstep_run_solver_set_late (g_ptr_array_index (run->rows, i), late);
    }
}

void
lockstep_run_forget_late (LockstepRun *run)
{
  if (run->late->len == 0)
    return;

  g_array_set_size (run->late, 0);
  lockstep_run_mark_late (run);
}

static const LockstepLateTask *
get_first (LockstepRun *run)
{
  return run->late->len > 0 ? &g_array_index (run->late, LockstepLateTask, 0) : NULL;
}

double
lockstep_run_get_waited (LockstepRun *run,
                         gint64       now)
{
  double waited = 0;

  for (guint i = 0; i < run->rows->len; i++)
    {
      LockstepRunSolver *solver = g_ptr_array_index (run->rows, i);

      if (lockstep_run_solver_get_waiting (solver))
        waited += (double) MAX (now - lockstep_run_solver_get_since (solver), 0) / G_USEC_PER_SEC;
    }

  return waited;
}

/* "Solver 3", "Solvers 3, 5 and 7", "Solvers 1, 2, 3, 4 and 12 more" */
static char *
dup_names (LockstepRun *run)
{
  const guint n_late = run->late->len;
  GString    *names = g_string_new (NULL);

  for (guint i = 0; i < MIN (n_late, MAX_NAMED); i++)
    {
      const int solver = g_array_index (run->late, LockstepLateTask, i).solver;

      if (i > 0)
        g_string_append (names, i + 1 == n_late ? _ (" and ") : ", ");
      g_string_append_printf (names, "%d", solver);
    }
  if (n_late > MAX_NAMED)
    g_string_append_printf (names, _ (" and %u more"), n_late - MAX_NAMED);

  return g_string_free (names, FALSE);
}

static void
append_signs (LockstepRun *run,
              int          index,
              gint64       now,
              GString     *out)
{
  LockstepRunSolver *solver = lockstep_run_get_solver (run, index);
  const double       silence = (double) MAX (now - lockstep_run_solver_get_sign (solver), 0) / G_USEC_PER_SEC;
  const int          cpu = lockstep_solver_get_cpu_percent (LOCKSTEP_DOING_COMPUTING, lockstep_run_solver_get_cpu (solver));

  if (silence < 2)
    {
      g_string_append (out, _ (" It shows signs of life"));
    }
  else
    {
      g_autofree char *text = lockstep_duration_dup_text (silence);

      g_string_append_printf (out, _ (" Silent %s"), text);
    }
  if (cpu >= 0)
    g_string_append_printf (out, _ (", CPU %d %%"), cpu);
  g_string_append_c (out, '.');
}

/* What waiting has cost: "90 core-seconds", "33 core-minutes", "2.5 core-hours". */
static char *
dup_cost (double seconds)
{
  const double minutes = seconds / 60;

  if (seconds < 120)
    return g_strdup_printf (ngettext ("%.0f core-second", "%.0f core-seconds", (gulong) (seconds + 0.5)), seconds);
  if (minutes < 120)
    return g_strdup_printf (ngettext ("%.0f core-minute", "%.0f core-minutes", (gulong) (minutes + 0.5)), minutes);

  return g_strdup_printf (_ ("%.1f core-hours"), minutes / 60);
}

char *
lockstep_run_dup_late_text (LockstepRun *run,
                            gint64       now)
{
  const LockstepLateTask *late = get_first (run);
  g_autofree char        *names = NULL;
  g_autofree char        *delay = NULL;
  g_autofree char        *waited = NULL;
  GString                *text;

  if (late == NULL)
    return NULL;

  names = dup_names (run);
  delay = lockstep_duration_dup_text (MAX ((double) (now - late->begun) / G_USEC_PER_SEC - late->median, 0));
  waited = dup_cost (lockstep_run_get_waited (run, now));
  text = g_string_new (NULL);
  if (run->late->len == 1)
    g_string_printf (text, _ ("Solver %s is %s late: %s lost."), names, delay, waited);
  else
    g_string_printf (text, _ ("Solvers %s are late, the first by %s: %s lost."), names, delay, waited);
  if (run->late->len == 1)
    append_signs (run, late->solver, now, text);

  return g_string_free (text, FALSE);
}

/* What becomes of a task whose solver is stopped at a limit of the plan, which @limit says in words. */
static char *
dup_limit (const LockstepLateTask *late,
           const LockstepPolicy   *policy,
           double                  left,
           const char             *limit)
{
  g_autofree char *when = lockstep_duration_dup_text (MAX (left, 0));

  if ((guint) late->attempt <= policy->retries)
    /* TRANSLATORS: the second %s is the plan's limit: "silent 10 min", "40 min a task" */
    return g_strdup_printf (_ ("In %s: restarted (plan: %s)."), when, limit);
  if (policy->stop_on_failure)
    return g_strdup_printf (_ ("In %s: stopped, and the run fails (plan: %s)."), when, limit);

  return g_strdup_printf (_ ("In %s: stopped, counts as failed (plan: %s)."), when, limit);
}

char *
lockstep_run_dup_late_prospect (LockstepRun *run,
                                gint64       now)
{
  const LockstepLateTask *late = get_first (run);
  const LockstepPolicy   *policy;
  double                  to_timeout, to_stall;
  g_autofree char        *duration = NULL;
  g_autofree char        *limit = NULL;

  if (late == NULL || run->step == NULL)
    return NULL;

  policy = &run->step->policy;
  to_timeout = policy->timeout - (double) (now - late->begun) / G_USEC_PER_SEC;
  to_stall = policy->stall - (double) (now - lockstep_run_solver_get_sign (lockstep_run_get_solver (run, late->solver))) / G_USEC_PER_SEC;
  if (late->n_solvers > 1)
    return g_strdup (_ ("Another solver is at it as well: the first result counts."));
  if (policy->stall > 0 && (policy->timeout <= 0 || to_stall < to_timeout))
    {
      duration = lockstep_duration_dup_text (policy->stall);
      limit = g_strdup_printf (_ ("silent %s"), duration);
      return dup_limit (late, policy, to_stall, limit);
    }
  if (policy->timeout > 0)
    {
      duration = lockstep_duration_dup_text (policy->timeout);
      limit = g_strdup_printf (_ ("%s a task"), duration);
      return dup_limit (late, policy, to_timeout, limit);
    }

  return g_strdup (_ ("The plan waits for it, without a limit."));
}

gboolean
lockstep_late_may_be_duplicated (LockstepRun            *run,
                                 const LockstepLateTask *late)
{
  return late->n_solvers < 2;
}

gboolean
lockstep_late_may_be_skipped (LockstepRun            *run,
                              const LockstepLateTask *late)
{
  return run->step != NULL && !run->step->policy.stop_on_failure;
}
