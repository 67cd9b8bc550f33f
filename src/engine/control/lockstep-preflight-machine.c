/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-preflight-private.h"

#include <glib/gi18n-lib.h>

#include "lockstep-limits.h"
#include "lockstep-number-text.h"

static guint64
count_threads (LockstepPreflight *self)
{
  return (guint64) self->n_all * lockstep_plan_get_solver (self->plan)->threads;
}

/* How many CPUs are allowed, why not more, and who else has some. */
void
lockstep_preflight_check_cpus (LockstepPreflight *self)
{
  const LockstepCpus   *cpus = &self->cpus;
  g_autoptr (GPtrArray) clauses = g_ptr_array_new_with_free_func (g_free);
  gboolean              is_special = FALSE;

  g_ptr_array_add (clauses, g_strdup_printf (ngettext ("%u of %u CPU allowed", "%u of %u CPUs allowed", cpus->online),
                                             cpus->allowed, cpus->online));
  if (cpus->affinity < cpus->online)
    g_ptr_array_add (clauses, g_strdup_printf (_ ("the affinity of this process is %u"), cpus->affinity));
  if (cpus->quota > 0)
    g_ptr_array_add (clauses, g_strdup_printf (_ ("the quota of the control group is %.4g"), cpus->quota));
  if (cpus->cores < cpus->affinity)
    {
      is_special = TRUE;
      g_ptr_array_add (clauses, g_strdup_printf (ngettext ("they are threads of %u physical core, which they share",
                                                           "they are threads of %u physical cores, which they share",
                                                           cpus->cores),
                                                 cpus->cores));
    }
  if (self->held.n_runs > 0)
    {
      is_special = TRUE;
      g_ptr_array_add (clauses, g_strdup_printf (ngettext ("%u is held by other runs of yours: %s",
                                                           "%u are held by other runs of yours: %s",
                                                           self->held.n_cpus),
                                                 self->held.n_cpus, self->held.names));
    }
  if (self->unknown != NULL)
    {
      is_special = TRUE;
      g_ptr_array_add (clauses, g_strdup_printf (_ ("what other runs of yours hold is not known (%s)"),
                                                 self->unknown->message));
    }

  g_ptr_array_add (clauses, NULL);
  lockstep_preflight_add (self, is_special ? LOCKSTEP_FINDING_NOTE : LOCKSTEP_FINDING_OK, _ ("CPUs"),
                          g_strjoinv ("; ", (char **) clauses->pdata), NULL);
}

/* "2 on a, 3 on b" where there are several hosts. */
static char *
dup_hosts (LockstepPreflight *self)
{
  GPtrArray *hosts = lockstep_plan_get_hosts (self->plan);
  GString   *out = g_string_new (NULL);

  for (guint i = 0; hosts->len > 1 && i < hosts->len; i++)
    {
      const LockstepHostSpec *host = g_ptr_array_index (hosts, i);

      g_string_append (out, i == 0 ? "; " : ", ");
      g_string_append_printf (out, _ ("%u on %s"), self->n_solvers[i], host->name);
    }

  return g_string_free (out, FALSE);
}

/* What to do about more threads than CPUs. */
static char *
dup_advice (LockstepPreflight *self)
{
  if (self->held.n_runs > 0)
    return g_strdup (_ ("Wait until the other runs are over, or ask for fewer solvers."));
  if (lockstep_plan_get_n_solvers (self->plan) > 0)
    return g_strdup (_ ("Ask for fewer solvers, or for \"auto\"."));
  if (lockstep_plan_get_hosts (self->plan)->len > 1)
    return g_strdup (_ ("Ask for fewer solvers."));

  return g_strdup (_ ("Lower “threads” in the plan."));
}

void
lockstep_preflight_check_solvers (LockstepPreflight *self)
{
  const guint      threads = lockstep_plan_get_solver (self->plan)->threads;
  const gboolean   is_auto = lockstep_plan_get_n_solvers (self->plan) == 0;
  const guint      n_free = lockstep_preflight_get_free_cpus (self);
  g_autofree char *hosts = dup_hosts (self);
  char            *text;

  if (is_auto)
    text = g_strdup_printf (ngettext ("%u, for the CPUs and the memory there are; %u thread each%s",
                                      "%u, for the CPUs and the memory there are; %u threads each%s", threads),
                            self->n_all, threads, hosts);
  else
    text = g_strdup_printf (ngettext ("%u, as the plan says; %u thread each%s",
                                      "%u, as the plan says; %u threads each%s", threads),
                            self->n_all, threads, hosts);
  lockstep_preflight_add (self, LOCKSTEP_FINDING_OK, _ ("Solvers"), text, NULL);

  if (count_threads (self) > n_free)
    {
      g_autofree char *n_threads = lockstep_number_dup_text (count_threads (self));

      lockstep_preflight_add (self, LOCKSTEP_FINDING_WARNING, _ ("Solvers"),
                              g_strdup_printf (ngettext ("%s threads compute at the same time where %u CPU is free: they take "
                                                         "turns, which is slower than fewer solvers would be.",
                                                         "%s threads compute at the same time where %u CPUs are free: they take "
                                                         "turns, which is slower than fewer solvers would be.",
                                                         n_free),
                                               n_threads, n_free),
                              dup_advice (self));
    }
}

void
lockstep_preflight_check_memory (LockstepPreflight *self)
{
  const guint64    each = lockstep_plan_get_solver (self->plan)->memory;
  g_autofree char *available_text = g_format_size (self->memory);
  g_autofree char *each_text = NULL;
  g_autofree char *all_text = NULL;
  char            *text;
  guint64          all;

  if (each == 0)
    {
      lockstep_preflight_add (self, LOCKSTEP_FINDING_OK, _ ("Memory"),
                              g_strdup_printf (_ ("%s available; the plan does not say what a solver needs"), available_text),
                              NULL);
      return;
    }

  if (!g_uint64_checked_mul (&all, each, self->n_all))
    all = G_MAXUINT64;
  each_text = g_format_size (each);
  all_text = g_format_size (all);
  text = g_strdup_printf (_ ("%u × %s = %s of %s available"), self->n_all, each_text, all_text, available_text);
  if (all <= self->memory)
    lockstep_preflight_add (self, LOCKSTEP_FINDING_OK, _ ("Memory"), text, NULL);
  else
    lockstep_preflight_add (self, LOCKSTEP_FINDING_WARNING, _ ("Memory"), text,
                            g_strdup (_ ("That is more than there is: solvers may be killed, or be slow. Ask for fewer of "
                                         "them.")));
}

void
lockstep_preflight_check_descriptors (LockstepPreflight *self)
{
  LockstepDescriptors descriptors;
  guint64             needed;
  g_autofree char    *needed_text = NULL;
  g_autofree char    *soft_text = NULL;
  g_autofree char    *hard_text = NULL;

  lockstep_limits_read_descriptors (&descriptors);
  needed = lockstep_limits_count_descriptors (&descriptors, self->n_all);
  needed_text = lockstep_number_dup_text (needed);
  soft_text = lockstep_number_dup_text (descriptors.soft);
  hard_text = lockstep_number_dup_text (descriptors.hard);

  if (needed <= descriptors.soft)
    lockstep_preflight_add (self, LOCKSTEP_FINDING_OK, _ ("Open files"),
                            g_strdup_printf (_ ("%s needed, %s allowed"), needed_text, soft_text), NULL);
  else if (needed <= descriptors.hard)
    lockstep_preflight_add (self, LOCKSTEP_FINDING_NOTE, _ ("Open files"),
                            g_strdup_printf (_ ("%s needed; the limit of %s is raised for this"), needed_text, soft_text), NULL);
  else
    lockstep_preflight_add (self, LOCKSTEP_FINDING_WARNING, _ ("Open files"),
                            g_strdup_printf (_ ("%s needed, and the limit cannot be raised above %s: it is enough for %u of "
                                                "%u solvers."),
                                             needed_text, hard_text, lockstep_limits_count_solvers (&descriptors), self->n_all),
                            g_strdup (_ ("Ask for fewer solvers, or have the hard limit raised (ulimit -Hn).")));
}

/* A solver is a process with its threads, and a guard. */
void
lockstep_preflight_check_processes (LockstepPreflight *self)
{
  const guint64    needed = count_threads (self) + self->n_all;
  const guint64    left = lockstep_limits_read_processes_left ();
  g_autofree char *needed_text = lockstep_number_dup_text (needed);
  g_autofree char *left_text = lockstep_number_dup_text (left);

  if (left == 0)
    return;

  if (needed <= left)
    lockstep_preflight_add (self, LOCKSTEP_FINDING_OK, _ ("Processes"),
                            g_strdup_printf (_ ("About %s needed, %s more allowed"), needed_text, left_text), NULL);
  else
    lockstep_preflight_add (self, LOCKSTEP_FINDING_WARNING, _ ("Processes"),
                            g_strdup_printf (_ ("About %s are needed, and %s more are allowed: some solvers will not start."),
                                             needed_text, left_text),
                            g_strdup (_ ("Ask for fewer solvers, or have the limit raised (ulimit -u, or pids.max of the "
                                         "control group).")));
}
