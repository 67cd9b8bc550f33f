/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-step-results.h"

static void
bytes_free (gpointer data)
{
  if (data != NULL)
    g_bytes_unref (data);
}

LockstepStepResults *
lockstep_step_results_new (gint64 first,
                           guint  n_tasks)
{
  LockstepStepResults *self = g_rc_box_new0 (LockstepStepResults);

  self->first = first;
  self->results = g_ptr_array_new_full (n_tasks, bytes_free);
  self->attempts = g_array_sized_new (FALSE, TRUE, sizeof (guint16), n_tasks);
  self->latest = g_array_sized_new (FALSE, TRUE, sizeof (LockstepAttempt), n_tasks);
  self->failures = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  lockstep_step_results_grow (self, n_tasks);

  return self;
}

LockstepStepResults *
lockstep_step_results_ref (LockstepStepResults *self)
{
  return g_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  LockstepStepResults *self = data;

  g_ptr_array_unref (self->results);
  g_array_unref (self->attempts);
  g_array_unref (self->latest);
  g_hash_table_unref (self->failures);
}

void
lockstep_step_results_unref (LockstepStepResults *self)
{
  g_rc_box_release_full (self, clear);
}

void
lockstep_step_results_leave (LockstepStepResults *self)
{
  for (guint i = 0; i < self->latest->len; i++)
    {
      LockstepAttempt *latest = &g_array_index (self->latest, LockstepAttempt, i);

      if (latest->seconds < 0)
        latest->start = 0;
    }
}

void
lockstep_step_results_grow (LockstepStepResults *self,
                            guint                n_tasks)
{
  if (n_tasks <= self->results->len)
    return;

  g_ptr_array_set_size (self->results, (int) n_tasks);
  g_array_set_size (self->attempts, n_tasks);
  g_array_set_size (self->latest, n_tasks);
}

static gboolean
is_known (LockstepStepResults *self,
          gint64               index)
{
  return index >= 0 && index < self->results->len;
}

void
lockstep_step_results_begin_attempt (LockstepStepResults *self,
                                     gint64               index,
                                     int                  attempt,
                                     int                  solver,
                                     gint64               time)
{
  guint16 *number;

  if (!is_known (self, index))
    return;

  number = &g_array_index (self->attempts, guint16, index);
  *number = (guint16) CLAMP (attempt, *number, G_MAXUINT16);
  g_array_index (self->latest, LockstepAttempt, index) = (LockstepAttempt){ time, -1, solver };
}

void
lockstep_step_results_end_attempt (LockstepStepResults *self,
                                   gint64               index,
                                   int                  solver,
                                   gint64               time)
{
  LockstepAttempt *latest;

  if (!is_known (self, index) || (latest = &g_array_index (self->latest, LockstepAttempt, index))->start == 0)
    return;

  /* Of two solvers at the same task the first to end it counts. */
  if (latest->seconds < 0)
    *latest = (LockstepAttempt){ latest->start, (float) MAX (time - latest->start, 0) / G_USEC_PER_SEC, solver };
}

gboolean
lockstep_step_results_set (LockstepStepResults *self,
                           gint64               index,
                           GBytes              *result)
{
  if (!is_known (self, index) || g_ptr_array_index (self->results, index) != NULL)
    return FALSE;

  g_ptr_array_index (self->results, index) = result != NULL ? g_bytes_ref (result) : g_bytes_new_static ("null", 4);
  /* One that had failed was counted then. */
  if (g_hash_table_size (self->failures) == 0 || !g_hash_table_remove (self->failures, GUINT_TO_POINTER ((guint) index)))
    self->n_ended++;
  return TRUE;
}

gboolean
lockstep_step_results_fail (LockstepStepResults *self,
                            gint64               index,
                            const char          *reason)
{
  if (!is_known (self, index) || !g_hash_table_insert (self->failures, GUINT_TO_POINTER ((guint) index), g_strdup (reason)))
    return FALSE;

  self->n_ended++;
  return TRUE;
}

void
lockstep_step_results_take_back (LockstepStepResults *self,
                                 gint64               index)
{
  if (!is_known (self, index))
    return;

  if (g_hash_table_remove (self->failures, GUINT_TO_POINTER ((guint) index)))
    self->n_ended--;
  if (g_ptr_array_index (self->results, index) != NULL)
    {
      g_bytes_unref (g_ptr_array_index (self->results, index));
      g_ptr_array_index (self->results, index) = NULL;
      self->n_ended--;
    }
}
