/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-results.h"

struct _LockstepResults
{
  gint64      first;    /* number of the step's first task */
  GPtrArray  *current;  /* of GBytes or NULL: of the step that began last, by index */
  GHashTable *failures; /* index → reason: those of it that ended without one */
  GPtrArray  *last;     /* the same of the last step that ended; NULL before the first */
  GHashTable *last_failures;
  GBytes     *last_one; /* result of the last `one` step */
  GHashTable *previous; /* step index → GBytes: last result of each `one` step */
};

static void
bytes_free (gpointer data)
{
  if (data != NULL)
    g_bytes_unref (data);
}

LockstepResults *
lockstep_results_new (void)
{
  LockstepResults *self = g_new0 (LockstepResults, 1);

  self->current = g_ptr_array_new_with_free_func (bytes_free);
  self->failures = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->last_failures = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->previous = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_bytes_unref);

  return self;
}

void
lockstep_results_free (LockstepResults *self)
{
  g_ptr_array_unref (self->current);
  g_clear_pointer (&self->last, g_ptr_array_unref);
  g_clear_pointer (&self->last_one, g_bytes_unref);
  g_hash_table_unref (self->failures);
  g_hash_table_unref (self->last_failures);
  g_hash_table_unref (self->previous);
  g_free (self);
}

void
lockstep_results_begin (LockstepResults *self,
                        gint64           first,
                        guint            n_tasks)
{
  self->first = first;
  g_ptr_array_unref (self->current);
  self->current = g_ptr_array_new_full (n_tasks, bytes_free);
  g_ptr_array_set_size (self->current, (int) n_tasks);
  if (g_hash_table_size (self->failures) > 0)
    g_hash_table_remove_all (self->failures);
}

gboolean
lockstep_results_set (LockstepResults *self,
                      gint64           task,
                      GBytes          *result)
{
  const gint64 index = task - self->first;

  if (index < 0 || index >= self->current->len || g_ptr_array_index (self->current, index) != NULL)
    return FALSE;

  g_ptr_array_index (self->current, index) = result != NULL ? g_bytes_ref (result) : g_bytes_new_static ("null", 4);
  return TRUE;
}

void
lockstep_results_fail (LockstepResults *self,
                       gint64           task,
                       const char      *reason)
{
  g_hash_table_insert (self->failures, GUINT_TO_POINTER ((guint) (task - self->first)), g_strdup (reason));
}

void
lockstep_results_end (LockstepResults *self,
                      LockstepStep    *step)
{
  GBytes *result;

  g_clear_pointer (&self->last, g_ptr_array_unref);
  self->last = g_ptr_array_ref (self->current);
  if (g_hash_table_size (self->failures) + g_hash_table_size (self->last_failures) > 0)
    {
      GHashTable *failures = g_steal_pointer (&self->last_failures);

      self->last_failures = self->failures;
      self->failures = failures;
      g_hash_table_remove_all (failures);
    }

  if (step->kind != LOCKSTEP_STEP_ONE || self->current->len != 1)
    return;

  result = g_ptr_array_index (self->current, 0);
  g_clear_pointer (&self->last_one, g_bytes_unref);
  if (result == NULL)
    return;
  self->last_one = g_bytes_ref (result);
  g_hash_table_insert (self->previous, GUINT_TO_POINTER (step->index), g_bytes_ref (result));
}

guint
lockstep_results_get_n_tasks (LockstepResults *self)
{
  return self->current->len;
}

gint64
lockstep_results_get_first (LockstepResults *self)
{
  return self->first;
}

GBytes *
lockstep_results_get (LockstepResults *self,
                      guint            index)
{
  return index < self->current->len ? g_ptr_array_index (self->current, index) : NULL;
}

GPtrArray *
lockstep_results_get_last (LockstepResults *self)
{
  return self->last;
}

GHashTable *
lockstep_results_get_last_failures (LockstepResults *self)
{
  return self->last_failures;
}

GBytes *
lockstep_results_get_last_one (LockstepResults *self)
{
  return self->last_one;
}

GBytes *
lockstep_results_get_previous (LockstepResults *self,
                               guint            step)
{
  return g_hash_table_lookup (self->previous, GUINT_TO_POINTER (step));
}
