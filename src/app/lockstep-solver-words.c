/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-solver-words.h"

#include <glib/gi18n-lib.h>

#define PERCENT(share) ((int) ((share) *100 + 0.5))

char *
lockstep_solver_words_dup_state (gpointer object,
                                 guint    state,
                                 gboolean waiting)
{
  switch ((LockstepSolverState) state)
    {
    case LOCKSTEP_SOLVER_LAUNCHING:
      return g_strdup (_ ("launching"));
    case LOCKSTEP_SOLVER_INITIALIZING:
      return g_strdup (_ ("initializing"));
    case LOCKSTEP_SOLVER_READY:
      return g_strdup (waiting ? _ ("waiting") : _ ("ready"));
    case LOCKSTEP_SOLVER_BUSY:
      return g_strdup (_ ("computing"));
    case LOCKSTEP_SOLVER_TERMINATING:
      return g_strdup (_ ("terminating"));
    case LOCKSTEP_SOLVER_DEAD:
    default:
      return g_strdup (_ ("ended"));
    }
}

char *
lockstep_solver_words_dup_icon (gpointer object,
                                guint    state,
                                gboolean waiting)
{
  switch ((LockstepSolverState) state)
    {
    case LOCKSTEP_SOLVER_LAUNCHING:
    case LOCKSTEP_SOLVER_INITIALIZING:
      return g_strdup ("content-loading-symbolic");
    case LOCKSTEP_SOLVER_READY:
      return g_strdup (waiting ? "preferences-system-time-symbolic" : "object-select-symbolic");
    case LOCKSTEP_SOLVER_BUSY:
      return g_strdup ("media-playback-start-symbolic");
    case LOCKSTEP_SOLVER_TERMINATING:
      return g_strdup ("process-stop-symbolic");
    case LOCKSTEP_SOLVER_DEAD:
    default:
      return g_strdup ("media-playback-stop-symbolic");
    }
}

char *
lockstep_solver_words_dup_step (gpointer    object,
                                const char *step,
                                int         part,
                                int         parts)
{
  if (step == NULL)
    return g_strdup ("");
  if (part < 0 || parts < 1)
    return g_strdup (step);

  return g_strdup_printf (_ ("%s · %d of %d"), step, part + 1, parts);
}

char *
lockstep_solver_words_dup_progress (gpointer object,
                                    double   fraction,
                                    guint    state,
                                    gboolean waiting)
{
  if (waiting)
    return g_strdup (_ ("done"));
  if (fraction < 0 || state == LOCKSTEP_SOLVER_LAUNCHING)
    return g_strdup ("");

  return g_strdup_printf (_ ("%d %%"), PERCENT (MIN (fraction, 1)));
}

double
lockstep_solver_words_get_progress (gpointer object,
                                    double   fraction,
                                    gboolean waiting)
{
  return waiting ? 1 : CLAMP (fraction, 0, 1);
}

char *
lockstep_solver_words_dup_cpu (gpointer object,
                               double   cpu,
                               guint    state)
{
  if (cpu < 0 || state == LOCKSTEP_SOLVER_DEAD)
    return g_strdup ("");

  return g_strdup_printf (_ ("%d %%"), PERCENT (cpu));
}

char *
lockstep_solver_words_dup_memory (gpointer object,
                                  guint64  memory,
                                  guint    state)
{
  if (memory == 0 || state == LOCKSTEP_SOLVER_DEAD)
    return g_strdup ("");

  return g_format_size (memory);
}

char *
lockstep_solver_words_dup_age (gpointer object,
                               gint64   sign,
                               gint64   now,
                               guint    state)
{
  gint64 seconds = (now - sign) / G_USEC_PER_SEC;

  if (sign == 0 || state == LOCKSTEP_SOLVER_DEAD)
    return g_strdup ("");
  if (seconds < 2)
    return g_strdup (_ ("now"));
  if (seconds < 60)
    return g_strdup_printf (_ ("%d s"), (int) seconds);
  if (seconds < 3600)
    return g_strdup_printf (_ ("%d min"), (int) (seconds / 60));

  return g_strdup_printf (_ ("%d h"), (int) (seconds / 3600));
}

char *
lockstep_solver_words_dup_total (gpointer    object,
                                 GListModel *solvers)
{
  guint    n_solvers = solvers != NULL ? g_list_model_get_n_items (solvers) : 0;
  guint    n_computing = 0;
  guint    n_waiting = 0;
  double   cpu = 0;
  guint64  memory = 0;
  GString *total;

  for (guint i = 0; i < n_solvers; i++)
    {
      g_autoptr (LockstepRunSolver) solver = g_list_model_get_item (solvers, i);

      if (lockstep_run_solver_get_state (solver) == LOCKSTEP_SOLVER_DEAD)
        continue;

      n_computing += lockstep_run_solver_get_state (solver) == LOCKSTEP_SOLVER_BUSY;
      n_waiting += lockstep_run_solver_get_waiting (solver);
      cpu += MAX (lockstep_run_solver_get_cpu (solver), 0);
      memory += lockstep_run_solver_get_memory (solver);
    }

  total = g_string_new (NULL);
  g_string_append_printf (total, ngettext ("%u solver", "%u solvers", n_solvers), n_solvers);
  if (n_computing > 0)
    g_string_append_printf (total, _ (" · %u computing"), n_computing);
  if (n_waiting > 0)
    g_string_append_printf (total, _ (" · %u waiting"), n_waiting);
  if (memory > 0)
    {
      g_autofree char *size = g_format_size (memory);

      g_string_append_printf (total, _ (" · CPU %d %% · %s"), PERCENT (cpu), size);
    }

  return g_string_free (total, FALSE);
}
