/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-result-files.h"

/* One time that a step was done. */
typedef struct
{
  guint   step;
  guint   n_kept; /* of its step; 0 while it is at work */
  gint64  first;  /* the number of its first task */
  GArray *tasks;  /* of gint64: those whose results are files; NULL for none */
} Turn;

struct _LockstepResultFiles
{
  GPtrArray *turns;      /* of Turn, in the order of their tasks: what is kept of those that ended */
  Turn      *current;    /* the one at work; NULL for none */
  guint      n_files;    /* of all of them */
  GArray    *superseded; /* of gint64 */
};

static void
turn_free (gpointer data)
{
  Turn *turn = data;

  g_clear_pointer (&turn->tasks, g_array_unref);
  g_free (turn);
}

LockstepResultFiles *
lockstep_result_files_new (void)
{
  LockstepResultFiles *self = g_new0 (LockstepResultFiles, 1);

  self->turns = g_ptr_array_new_with_free_func (turn_free);
  self->superseded = g_array_new (FALSE, FALSE, sizeof (gint64));

  return self;
}

void
lockstep_result_files_free (LockstepResultFiles *self)
{
  g_clear_pointer (&self->current, turn_free);
  g_ptr_array_unref (self->turns);
  g_array_unref (self->superseded);
  g_free (self);
}

static guint
count_files (const Turn *turn)
{
  return turn->tasks != NULL ? turn->tasks->len : 0;
}

/* One that did not end is gone back to, or gone on with. */
static void
drop_current (LockstepResultFiles *self)
{
  if (self->current == NULL)
    return;

  self->n_files -= count_files (self->current);
  g_clear_pointer (&self->current, turn_free);
}

void
lockstep_result_files_begin (LockstepResultFiles *self,
                             guint                step,
                             gint64               first)
{
  /* It goes on, where the run went back to it. */
  if (self->current != NULL && self->current->step == step && self->current->first == first)
    return;

  if (self->current == NULL || count_files (self->current) > 0)
    {
      drop_current (self);
      self->current = g_new0 (Turn, 1);
    }
  self->current->step = step;
  self->current->first = first;
}

void
lockstep_result_files_go_back (LockstepResultFiles *self,
                               gint64               first,
                               gboolean             keep)
{
  if (self->current != NULL && !(keep && self->current->first == first))
    drop_current (self);

  while (self->turns->len > 0)
    {
      Turn *turn = g_ptr_array_index (self->turns, self->turns->len - 1);

      if (turn->first < first)
        break;

      g_ptr_array_steal_index (self->turns, self->turns->len - 1);
      if (keep && turn->first == first && self->current == NULL)
        {
          self->current = turn;
          continue;
        }
      self->n_files -= count_files (turn);
      turn_free (turn);
    }

  /* Their numbers are given out again. */
  for (guint i = self->superseded->len; i > 0; i--)
    if (g_array_index (self->superseded, gint64, i - 1) >= first)
      g_array_remove_index_fast (self->superseded, i - 1);
}

void
lockstep_result_files_add (LockstepResultFiles *self,
                           gint64               task)
{
  Turn *turn = self->current;

  if (turn == NULL)
    return;

  if (turn->tasks == NULL)
    turn->tasks = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_val (turn->tasks, task);
  self->n_files++;
}

gboolean
lockstep_result_files_is_empty (LockstepResultFiles *self)
{
  return self->n_files == 0;
}

/* Whether @turn is among the newest of its step, seen from before the task @moment. */
static gboolean
is_newest (LockstepResultFiles *self,
           const Turn          *turn,
           gint64               moment,
           guint                n_newest)
{
  guint n_newer = 0;

  if (turn->first >= moment)
    return FALSE;

  for (guint i = self->turns->len; i > 0; i--)
    {
      const Turn *other = g_ptr_array_index (self->turns, i - 1);

      if (other == turn)
        return TRUE;
      if (other->step == turn->step && other->first < moment && ++n_newer == n_newest)
        return FALSE;
    }

  return FALSE;
}

static gboolean
is_kept (LockstepResultFiles *self,
         const Turn          *turn,
         GArray              *moments)
{
  if (is_newest (self, turn, G_MAXINT64, turn->n_kept))
    return TRUE;

  for (guint i = 0; i < moments->len; i++)
    if (is_newest (self, turn, g_array_index (moments, gint64, i), 1))
      return TRUE;

  return FALSE;
}

void
lockstep_result_files_end (LockstepResultFiles *self,
                           guint                n_kept,
                           GArray              *moments)
{
  if (self->current == NULL)
    return;

  self->current->n_kept = n_kept;
  g_ptr_array_add (self->turns, g_steal_pointer (&self->current));

  for (guint i = self->turns->len; i > 0; i--)
    {
      const Turn *turn = g_ptr_array_index (self->turns, i - 1);

      if (is_kept (self, turn, moments))
        continue;

      if (turn->tasks != NULL)
        g_array_append_vals (self->superseded, turn->tasks->data, turn->tasks->len);
      self->n_files -= count_files (turn);
      g_ptr_array_remove_index (self->turns, i - 1);
    }
}

GArray *
lockstep_result_files_take_superseded (LockstepResultFiles *self)
{
  GArray *superseded = self->superseded;

  if (superseded->len == 0)
    return NULL;

  self->superseded = g_array_new (FALSE, FALSE, sizeof (gint64));
  return superseded;
}
