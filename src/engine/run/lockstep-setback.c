/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-setback.h"

#include <glib/gi18n-lib.h>

/* The tasks that memory ran out for; NULL where there are none. */
static LockstepCause *
dup_memory_cause (LockstepRun *run)
{
  GListModel *causes = lockstep_run_get_causes (run);

  for (guint i = 0; i < g_list_model_get_n_items (causes); i++)
    {
      g_autoptr (LockstepCause) cause = g_list_model_get_item (causes, i);

      if (g_str_equal (lockstep_cause_get_cause (cause), "memory"))
        return g_steal_pointer (&cause);
    }

  return NULL;
}

/* The sums: what solvers needed, and what there was. */
static void
tell_memory (LockstepSetback *self,
             LockstepRun     *run,
             LockstepCause   *cause)
{
  const guint      n_solvers = lockstep_run_get_n_solvers (run);
  const int        n_attempts = MAX (lockstep_cause_get_attempt (cause), 1);
  const guint64    peak = lockstep_run_get_peak_memory (run);
  const guint64    memory = lockstep_run_get_memory (run);
  const guint64    n_fitting = peak > 0 ? memory / peak : 0;
  g_autofree char *peak_text = g_format_size (peak);
  g_autofree char *memory_text = g_format_size (memory);

  if (peak == 0 || memory == 0)
    {
      self->text = g_strdup_printf (ngettext ("Solver %d was killed, probably out of memory, after %d attempt.",
                                              "Solver %d was killed, probably out of memory, after %d attempts.", (gulong) n_attempts),
                                    lockstep_cause_get_solver (cause), n_attempts);
      return;
    }

  /* TRANSLATORS: the last three are how many solvers there were, the memory that one needed, and what there was: "4 × 6 GB of 16 GB" */
  self->text = g_strdup_printf (ngettext ("Solver %d was killed, probably out of memory, after %d attempt (%u × %s of %s).",
                                          "Solver %d was killed, probably out of memory, after %d attempts (%u × %s of %s).",
                                          (gulong) n_attempts),
                                lockstep_cause_get_solver (cause), n_attempts, n_solvers, peak_text, memory_text);
  if (n_fitting == 0)
    {
      self->advice = g_strdup (_ ("Not even one solver fits in memory."));
    }
  else if (n_fitting < n_solvers)
    {
      self->advice = g_strdup_printf (ngettext ("%u solver fits in memory.", "%u solvers fit in memory.", (gulong) n_fitting),
                                      (guint) n_fitting);
      /* Where there are several hosts, it is for the plan to say who does with less. */
      if (lockstep_plan_get_hosts (lockstep_run_get_plan (run))->len == 1)
        self->n_solvers = (guint) n_fitting;
    }
  else
    {
      self->advice = g_strdup (_ ("All of them would fit: something else took the memory."));
    }
}

LockstepSetback *
lockstep_setback_new (LockstepRun *run)
{
  LockstepSetback          *self;
  g_autoptr (LockstepCause) cause = NULL;
  const char               *error = lockstep_run_get_error (run);

  if (lockstep_run_get_state (run) != LOCKSTEP_RUN_FAILED || error == NULL || *error == '\0')
    return NULL;

  self = g_new0 (LockstepSetback, 1);
  if ((cause = dup_memory_cause (run)) != NULL)
    tell_memory (self, run, cause);
  else
    self->text = g_utf8_make_valid (error, -1);

  return self;
}

void
lockstep_setback_free (LockstepSetback *self)
{
  g_free (self->text);
  g_free (self->advice);
  g_free (self);
}
