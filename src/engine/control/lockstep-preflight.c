/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-preflight-private.h"

#include "lockstep-allotment.h"
#include "lockstep-memory.h"
#include "lockstep-run-folder.h"

typedef struct
{
  char                  *runs_directory; /* NULL where nothing will be kept */
  LockstepPreflightFlags flags;
} Options;

G_DEFINE_FINAL_TYPE (LockstepPreflight, lockstep_preflight, G_TYPE_OBJECT)

static void
options_free (gpointer data)
{
  Options *options = data;

  g_free (options->runs_directory);
  g_free (options);
}

void
lockstep_preflight_add (LockstepPreflight   *self,
                        LockstepFindingLevel level,
                        const char          *topic,
                        char                *text,
                        char                *advice)
{
  g_autoptr (LockstepFinding) finding = lockstep_finding_new (level, topic, text, advice);

  g_list_store_append (self->findings, finding);
}

guint
lockstep_preflight_get_free_cpus (LockstepPreflight *self)
{
  return self->cpus.allowed - MIN (self->cpus.allowed, self->held.n_cpus);
}

/* How many solvers there will be, now that it is known what others hold. */
static guint
decide (const LockstepHeld *held,
        gpointer            user_data)
{
  LockstepPreflight *self = user_data;

  self->held = (LockstepHeld){ held->n_runs, held->n_cpus, g_strdup (held->names) };
  self->n_all = lockstep_allotment_count (self->plan, lockstep_preflight_get_free_cpus (self), self->memory,
                                          self->n_solvers);

  return self->n_all;
}

static void
count_solvers (LockstepPreflight *self,
               gboolean           reserve)
{
  const guint           threads = lockstep_plan_get_solver (self->plan)->threads;
  const char           *name = lockstep_plan_get_name (self->plan);
  g_auto (LockstepHeld) held = { 0 };

  lockstep_cpus_read (&self->cpus);
  self->memory = lockstep_memory_read_available ();
  self->n_solvers = g_new0 (guint, lockstep_plan_get_hosts (self->plan)->len);

  if (reserve)
    self->reservation = lockstep_reservation_new (name, threads, decide, self, &self->unknown);
  else
    lockstep_reservation_read_held (&held, &self->unknown);

  if (self->n_all == 0)
    decide (&held, self);
}

static void
run (GTask        *task,
     gpointer      source,
     gpointer      task_data,
     GCancellable *cancellable)
{
  g_autoptr (LockstepPreflight) self = g_object_new (LOCKSTEP_TYPE_PREFLIGHT, NULL);
  const Options                *options = task_data;

  self->plan = g_object_ref (source);
  count_solvers (self, (options->flags & LOCKSTEP_PREFLIGHT_RESERVE) != 0);

  if ((options->flags & LOCKSTEP_PREFLIGHT_ELSEWHERE) == 0)
    {
      lockstep_preflight_check_programs (self);
      lockstep_preflight_check_cpus (self);
      lockstep_preflight_check_solvers (self);
      lockstep_preflight_check_memory (self);
      lockstep_preflight_check_processes (self);
    }
  lockstep_preflight_check_descriptors (self);
  if (options->runs_directory != NULL)
    lockstep_preflight_check_disk (self, options->runs_directory);
  lockstep_preflight_check_steps (self);

  g_task_return_pointer (task, g_steal_pointer (&self), g_object_unref);
}

static void
lockstep_preflight_finalize (GObject *object)
{
  LockstepPreflight *self = LOCKSTEP_PREFLIGHT (object);

  g_clear_object (&self->plan);
  g_clear_object (&self->findings);
  g_clear_object (&self->reservation);
  lockstep_held_clear (&self->held);
  g_clear_error (&self->unknown);
  g_free (self->n_solvers);

  G_OBJECT_CLASS (lockstep_preflight_parent_class)->finalize (object);
}

static void
lockstep_preflight_class_init (LockstepPreflightClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lockstep_preflight_finalize;
}

static void
lockstep_preflight_init (LockstepPreflight *self)
{
  self->findings = g_list_store_new (LOCKSTEP_TYPE_FINDING);
}

void
lockstep_preflight_run_async (LockstepPlan          *plan,
                              const char            *runs_directory,
                              LockstepPreflightFlags flags,
                              GAsyncReadyCallback    callback,
                              gpointer               user_data)
{
  g_autoptr (GTask) task = NULL;
  Options          *options;

  g_return_if_fail (LOCKSTEP_IS_PLAN (plan));

  options = g_new0 (Options, 1);
  options->flags = flags;
  if ((flags & LOCKSTEP_PREFLIGHT_NO_RECORD) == 0)
    options->runs_directory = lockstep_run_folder_dup_parent (runs_directory);

  task = g_task_new (plan, NULL, callback, user_data);
  g_task_set_source_tag (task, lockstep_preflight_run_async);
  g_task_set_task_data (task, options, options_free);
  g_task_run_in_thread (task, run);
}

LockstepPreflight *
lockstep_preflight_run_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

GListModel *
lockstep_preflight_get_findings (LockstepPreflight *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_PREFLIGHT (self), NULL);

  return G_LIST_MODEL (self->findings);
}

gboolean
lockstep_preflight_has_problem (LockstepPreflight *self)
{
  g_autofree char *problem = lockstep_preflight_dup_problem (self);

  return problem != NULL;
}

char *
lockstep_preflight_dup_problem (LockstepPreflight *self)
{
  guint n_findings;

  g_return_val_if_fail (LOCKSTEP_IS_PREFLIGHT (self), NULL);

  n_findings = g_list_model_get_n_items (G_LIST_MODEL (self->findings));
  for (guint i = 0; i < n_findings; i++)
    {
      g_autoptr (LockstepFinding) finding = g_list_model_get_item (G_LIST_MODEL (self->findings), i);

      if (lockstep_finding_get_level (finding) == LOCKSTEP_FINDING_PROBLEM)
        return lockstep_finding_dup_sentence (finding);
    }

  return NULL;
}

const guint *
lockstep_preflight_get_n_solvers (LockstepPreflight *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_PREFLIGHT (self), NULL);

  return self->n_solvers;
}

const LockstepCpus *
lockstep_preflight_get_cpus (LockstepPreflight *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_PREFLIGHT (self), NULL);

  return &self->cpus;
}

guint64
lockstep_preflight_get_memory (LockstepPreflight *self)
{
  return self->memory;
}

guint
lockstep_preflight_get_n_all (LockstepPreflight *self)
{
  return self->n_all;
}

LockstepReservation *
lockstep_preflight_take_reservation (LockstepPreflight *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_PREFLIGHT (self), NULL);

  return g_steal_pointer (&self->reservation);
}
