/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-batch.h"

struct _LockstepBatch
{
  LockstepStep *step; /* the plan's */
  gint64        first;
  guint         n_tasks;
  guint         next; /* the first that was never given */
  guint         n_ended;
  GPtrArray    *turns; /* by solver: GArray of LockstepTurn, oldest first, or NULL */
};

static void
turns_free (gpointer data)
{
  if (data != NULL)
    g_array_unref (data);
}

LockstepBatch *
lockstep_batch_new (LockstepStep *step,
                    gint64        first,
                    guint         n_tasks)
{
  LockstepBatch *self = g_new0 (LockstepBatch, 1);

  self->step = step;
  self->first = first;
  self->n_tasks = n_tasks;
  self->turns = g_ptr_array_new_with_free_func (turns_free);

  return self;
}

void
lockstep_batch_free (LockstepBatch *self)
{
  g_ptr_array_unref (self->turns);
  g_free (self);
}

LockstepStep *
lockstep_batch_get_step (LockstepBatch *self)
{
  return self->step;
}

guint
lockstep_batch_get_n_tasks (LockstepBatch *self)
{
  return self->n_tasks;
}

static GArray *
get_turns (LockstepBatch *self,
           guint          solver)
{
  if (solver >= self->turns->len)
    g_ptr_array_set_size (self->turns, (int) solver + 1);
  if (g_ptr_array_index (self->turns, solver) == NULL)
    g_ptr_array_index (self->turns, solver) = g_array_new (FALSE, FALSE, sizeof (LockstepTurn));

  return g_ptr_array_index (self->turns, solver);
}

gboolean
lockstep_batch_take (LockstepBatch *self,
                     guint          solver,
                     LockstepTurn  *turn)
{
  if (self->next == self->n_tasks)
    return FALSE;

  *turn = (LockstepTurn){ .task = self->first + self->next, .index = self->next, .attempt = 1 };
  self->next++;
  g_array_append_val (get_turns (self, solver), *turn);

  return TRUE;
}

gboolean
lockstep_batch_get_turn (LockstepBatch *self,
                         guint          solver,
                         LockstepTurn  *turn)
{
  GArray *turns = get_turns (self, solver);

  if (turns->len == 0)
    return FALSE;

  *turn = g_array_index (turns, LockstepTurn, 0);
  return TRUE;
}

void
lockstep_batch_end (LockstepBatch *self,
                    guint          solver)
{
  g_array_remove_index (get_turns (self, solver), 0);
  self->n_ended++;
}

gboolean
lockstep_batch_is_over (LockstepBatch *self)
{
  return self->n_ended == self->n_tasks;
}
