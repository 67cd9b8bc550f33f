/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-solver-text.h"

#include <math.h>
#include <string.h>

#include <glib/gi18n-lib.h>

/* What multiplying by 100 may lose: 0.29 × 100 is a little less than 29. */
#define SLACK 1e-9

static const char *const texts[] = {
  [LOCKSTEP_DOING_COMPUTING] = N_ ("computing"),
  [LOCKSTEP_DOING_WAITING] = N_ ("waiting"),
  [LOCKSTEP_DOING_READY] = N_ ("ready"),
  [LOCKSTEP_DOING_INITIALIZING] = N_ ("initializing"),
  [LOCKSTEP_DOING_STARTING] = N_ ("starting"),
  [LOCKSTEP_DOING_STOPPING] = N_ ("stopping"),
  [LOCKSTEP_DOING_ENDED] = N_ ("ended"),
};

LockstepDoing
lockstep_doing_get (LockstepSolverState state,
                    gboolean            waiting)
{
  switch (state)
    {
    case LOCKSTEP_SOLVER_LAUNCHING:
      return LOCKSTEP_DOING_STARTING;
    case LOCKSTEP_SOLVER_INITIALIZING:
      return LOCKSTEP_DOING_INITIALIZING;
    case LOCKSTEP_SOLVER_READY:
      return waiting ? LOCKSTEP_DOING_WAITING : LOCKSTEP_DOING_READY;
    case LOCKSTEP_SOLVER_BUSY:
      return LOCKSTEP_DOING_COMPUTING;
    case LOCKSTEP_SOLVER_TERMINATING:
      return LOCKSTEP_DOING_STOPPING;
    case LOCKSTEP_SOLVER_DEAD:
    default:
      return LOCKSTEP_DOING_ENDED;
    }
}

const char *
lockstep_doing_to_text (LockstepDoing doing)
{
  g_return_val_if_fail (doing < LOCKSTEP_N_DOINGS, NULL);

  return _ (texts[doing]);
}

char *
lockstep_solver_dup_step_text (const char *step,
                               int         part,
                               int         parts)
{
  if (step == NULL)
    return g_strdup ("");
  if (part < 0 || parts < 1)
    return g_strdup (step);

  return g_strdup_printf (_ ("%s · %d of %d"), step, part + 1, parts);
}

double
lockstep_solver_get_progress (LockstepDoing doing,
                              double        fraction)
{
  if (doing == LOCKSTEP_DOING_WAITING)
    return 1;
  if (doing == LOCKSTEP_DOING_STARTING || fraction < 0)
    return -1;
  /* It has done with the task, or left it: how far that was is past. */
  if (doing == LOCKSTEP_DOING_READY && fraction < 1)
    return -1;

  return MIN (fraction, 1);
}

char *
lockstep_solver_dup_progress_text (LockstepDoing doing,
                                   double        fraction)
{
  double progress = lockstep_solver_get_progress (doing, fraction);

  if (progress < 0)
    return g_strdup ("");
  if (progress >= 1 && doing != LOCKSTEP_DOING_COMPUTING && doing != LOCKSTEP_DOING_INITIALIZING)
    return g_strdup (_ ("done"));

  return g_strdup_printf (_ ("%d %%"), lockstep_fraction_get_percent (progress));
}

const char *
lockstep_solver_get_message_text (LockstepDoing doing,
                                  const char   *message,
                                  const char   *reason)
{
  if (doing == LOCKSTEP_DOING_ENDED && reason != NULL && *reason != '\0')
    return reason;

  return message != NULL ? message : "";
}

int
lockstep_fraction_get_percent (double fraction)
{
  return (int) floor (CLAMP (fraction, 0, 1) * 100 + SLACK);
}

int
lockstep_solver_get_cpu_percent (LockstepDoing doing,
                                 double        cpu)
{
  if (cpu < 0 || doing == LOCKSTEP_DOING_ENDED)
    return -1;

  return (int) lround (cpu * 100);
}

void
lockstep_solver_totals_count (LockstepSolverTotals *self,
                              GListModel           *solvers,
                              guint                 first)
{
  guint n_solvers = g_list_model_get_n_items (solvers);

  memset (self, 0, sizeof *self);
  self->cpu_percent = -1;

  for (guint i = first; i < n_solvers; i++)
    {
      g_autoptr (LockstepRunSolver) solver = g_list_model_get_item (solvers, i);
      LockstepDoing                 doing = lockstep_doing_get (lockstep_run_solver_get_state (solver), lockstep_run_solver_get_waiting (solver));
      int                           cpu_percent = lockstep_solver_get_cpu_percent (doing, lockstep_run_solver_get_cpu (solver));

      self->n_solvers++;
      self->n_doing[doing]++;
      if (cpu_percent >= 0)
        self->cpu_percent = MAX (self->cpu_percent, 0) + cpu_percent;
      if (doing != LOCKSTEP_DOING_ENDED)
        self->memory += lockstep_run_solver_get_memory (solver);
    }
}

char *
lockstep_solver_totals_dup_text (const LockstepSolverTotals *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < LOCKSTEP_N_DOINGS; i++)
    {
      if (self->n_doing[i] == 0)
        continue;

      if (text->len > 0)
        g_string_append (text, " · ");
      /* TRANSLATORS: how many solvers do what: "3 computing" */
      g_string_append_printf (text, _ ("%u %s"), self->n_doing[i], lockstep_doing_to_text (i));
    }

  return g_string_free (text, FALSE);
}
