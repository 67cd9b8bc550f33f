/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-batch.h"

/* One task; there may be a hundred thousand. */
typedef struct
{
  guint16 attempts; /* turns given so far */
  guint16 charged;  /* of them, those that failed and count */
  guint8  turns;    /* turns that have not ended */
  guint8  ended;
  guint8  doubled; /* waits for, or has, a second solver */
} Task;

/* A task that waits although it was given before. */
typedef struct
{
  guint    index;
  guint    avoid;      /* the solver it should not go to, nor to another on the same host; LOCKSTEP_BATCH_NOBODY where it may go anywhere */
  gboolean must_avoid; /* because that one is at it now; this one alone */
} Again;

/* A turn in a solver's row of them. They are numbered from 1, so that 0 is none. */
typedef struct
{
  LockstepTurn turn;
  guint        next; /* the solver's next; of one that is not in use, another such */
} Place;

/* The turns that a solver has, oldest first. */
typedef struct
{
  guint first;
  guint last;
  guint n;
} Row;

struct _LockstepBatch
{
  LockstepStep *step; /* the plan's */
  gint64        first;
  GArray       *tasks;    /* of Task, by index */
  guint         next;     /* the first that was never given; those before it were, or have ended */
  guint         n_unseen; /* from next on, those that have not ended */
  GArray       *again;    /* of Again, oldest first */
  guint         n_ended;
  guint         n_failed;
  guint         n_busy; /* solvers that have a turn */
  GArray       *rows;   /* of Row, by solver */
  GArray       *places; /* of Place: the turns of all of them */
  guint         unused; /* the first of those that may be used again */
  GArray       *hosts;  /* by solver: the index of its host (guint); 0 beyond the end */
};

LockstepBatch *
lockstep_batch_new (LockstepStep *step,
                    gint64        first,
                    guint         n_tasks)
{
  LockstepBatch *self = g_new0 (LockstepBatch, 1);

  self->step = step;
  self->first = first;
  self->tasks = g_array_sized_new (FALSE, TRUE, sizeof (Task), n_tasks);
  g_array_set_size (self->tasks, n_tasks);
  self->n_unseen = n_tasks;
  self->again = g_array_new (FALSE, FALSE, sizeof (Again));
  self->rows = g_array_new (FALSE, TRUE, sizeof (Row));
  self->places = g_array_new (FALSE, FALSE, sizeof (Place));
  self->hosts = g_array_new (FALSE, FALSE, sizeof (guint));

  return self;
}

void
lockstep_batch_free (LockstepBatch *self)
{
  g_array_unref (self->tasks);
  g_array_unref (self->again);
  g_array_unref (self->rows);
  g_array_unref (self->places);
  g_array_unref (self->hosts);
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
  return self->tasks->len;
}

static Task *
get_task (LockstepBatch *self,
          guint          index)
{
  return &g_array_index (self->tasks, Task, index);
}

void
lockstep_batch_set_ended (LockstepBatch *self,
                          guint          index,
                          gboolean       failed,
                          guint          attempts)
{
  Task *task = get_task (self, index);

  g_return_if_fail (!task->ended);

  task->ended = TRUE;
  task->attempts = (guint16) attempts;
  self->n_ended++;
  self->n_failed += failed;
  self->n_unseen--;
}

void
lockstep_batch_set_hosts (LockstepBatch *self,
                          const guint   *hosts,
                          guint          n_solvers)
{
  g_array_set_size (self->hosts, 0);
  g_array_append_vals (self->hosts, hosts, n_solvers);
  if (n_solvers > self->rows->len)
    g_array_set_size (self->rows, n_solvers);
}

static guint
get_host (LockstepBatch *self,
          guint          solver)
{
  return solver < self->hosts->len ? g_array_index (self->hosts, guint, solver) : 0;
}

void
lockstep_batch_set_attempts (LockstepBatch *self,
                             guint          index,
                             guint          attempts)
{
  get_task (self, index)->attempts = (guint16) attempts;
}

static Row *
get_row (LockstepBatch *self,
         guint          solver)
{
  if (solver >= self->rows->len)
    g_array_set_size (self->rows, solver + 1);

  return &g_array_index (self->rows, Row, solver);
}

static Place *
get_place (LockstepBatch *self,
           guint          number)
{
  return &g_array_index (self->places, Place, number - 1);
}

/* Puts @turn at the end of @row. */
static void
push (LockstepBatch      *self,
      Row                *row,
      const LockstepTurn *turn)
{
  guint number = self->unused;

  if (number > 0)
    {
      self->unused = get_place (self, number)->next;
    }
  else
    {
      g_array_set_size (self->places, self->places->len + 1);
      number = self->places->len;
    }

  *get_place (self, number) = (Place){ .turn = *turn };
  if (row->n++ == 0)
    row->first = number;
  else
    get_place (self, row->last)->next = number;
  row->last = number;
}

/* Takes the oldest turn out of @row, which has one. */
static LockstepTurn
shift (LockstepBatch *self,
       Row           *row)
{
  const guint number = row->first;
  Place      *place = get_place (self, number);

  row->first = place->next;
  row->n--;
  place->next = self->unused;
  self->unused = number;

  return place->turn;
}

static void
give (LockstepBatch *self,
      guint          index,
      guint          solver,
      LockstepTurn  *turn)
{
  Task *task = get_task (self, index);
  Row  *row = get_row (self, solver);

  task->attempts++;
  task->turns++;
  self->n_busy += row->n == 0;
  *turn = (LockstepTurn){ .task = self->first + index, .index = index, .attempt = task->attempts };
  push (self, row, turn);
}

/* Whether @solver may have the task that waits again. */
static gboolean
may_have (LockstepBatch *self,
          const Again   *again,
          guint          solver,
          LockstepReach  reach)
{
  if (again->avoid == LOCKSTEP_BATCH_NOBODY)
    return TRUE;
  if (again->must_avoid)
    return again->avoid != solver;

  switch (reach)
    {
    case LOCKSTEP_REACH_OTHER_HOST:
      return get_host (self, again->avoid) != get_host (self, solver);
    case LOCKSTEP_REACH_OTHER_SOLVER:
      return again->avoid != solver;
    case LOCKSTEP_REACH_ANY:
    default:
      return TRUE;
    }
}

gboolean
lockstep_batch_take (LockstepBatch *self,
                     guint          solver,
                     LockstepReach  reach,
                     LockstepTurn  *turn)
{
  for (guint i = 0; i < self->again->len; i++)
    {
      const Again again = g_array_index (self->again, Again, i);

      if (!may_have (self, &again, solver, reach))
        continue;
      g_array_remove_index (self->again, i);
      give (self, again.index, solver, turn);
      return TRUE;
    }

  while (self->next < self->tasks->len && get_task (self, self->next)->ended)
    self->next++;
  if (self->next == self->tasks->len)
    return FALSE;

  self->n_unseen--;
  give (self, self->next++, solver, turn);
  return TRUE;
}

gboolean
lockstep_batch_get_turn (LockstepBatch *self,
                         guint          solver,
                         LockstepTurn  *turn)
{
  const Row *row = get_row (self, solver);

  if (row->n == 0)
    return FALSE;

  *turn = get_place (self, row->first)->turn;
  return TRUE;
}

guint
lockstep_batch_get_n_turns (LockstepBatch *self,
                            guint          solver)
{
  return get_row (self, solver)->n;
}

gboolean
lockstep_batch_pop (LockstepBatch *self,
                    guint          solver,
                    LockstepTurn  *turn)
{
  Row *row = get_row (self, solver);

  if (row->n == 0)
    return FALSE;

  *turn = shift (self, row);
  self->n_busy -= row->n == 0;
  return TRUE;
}

/* A task that has ended need not be done by anyone else. */
static void
forget_again (LockstepBatch *self,
              guint          index)
{
  for (guint i = self->again->len; i > 0; i--)
    if (g_array_index (self->again, Again, i - 1).index == index)
      g_array_remove_index (self->again, i - 1);
}

/* @turn is over. */
static Task *
end_turn (LockstepBatch      *self,
          const LockstepTurn *turn)
{
  Task *task = get_task (self, turn->index);

  task->turns--;

  return task;
}

static void
end_task (LockstepBatch *self,
          Task          *task,
          guint          index)
{
  task->ended = TRUE;
  self->n_ended++;
  if (task->doubled)
    forget_again (self, index);
}

gboolean
lockstep_batch_succeed (LockstepBatch      *self,
                        const LockstepTurn *turn)
{
  Task *task = end_turn (self, turn);

  if (task->ended)
    return FALSE;

  end_task (self, task, turn->index);
  return TRUE;
}

static void
wait_again (LockstepBatch *self,
            guint          index,
            guint          avoid,
            gboolean       must_avoid)
{
  const Again again = { .index = index, .avoid = avoid, .must_avoid = must_avoid };

  g_array_append_val (self->again, again);
}

LockstepFailed
lockstep_batch_fail (LockstepBatch      *self,
                     const LockstepTurn *turn,
                     guint               solver,
                     gboolean            charged,
                     gboolean            for_good)
{
  Task *task = end_turn (self, turn);

  if (task->ended || (task->turns > 0 && !for_good))
    {
      task->doubled = FALSE;
      return LOCKSTEP_FAILED_RIVAL;
    }

  task->charged += charged;
  if (for_good || task->charged > self->step->policy.retries)
    {
      end_task (self, task, turn->index);
      self->n_failed++;
      return LOCKSTEP_FAILED_FINAL;
    }

  forget_again (self, turn->index);
  task->doubled = FALSE;
  wait_again (self, turn->index, solver, FALSE);
  return LOCKSTEP_FAILED_RETRY;
}

void
lockstep_batch_give_back (LockstepBatch *self,
                          guint          solver)
{
  LockstepTurn turn;

  while (lockstep_batch_pop (self, solver, &turn))
    {
      Task *task = end_turn (self, &turn);

      /* It was not begun: the next turn has its number. */
      task->attempts--;
      if (!task->ended && task->turns == 0)
        wait_again (self, turn.index, LOCKSTEP_BATCH_NOBODY, FALSE);
    }
}

gboolean
lockstep_batch_duplicate (LockstepBatch      *self,
                          const LockstepTurn *turn,
                          guint               solver)
{
  Task *task = get_task (self, turn->index);

  if (task->ended || task->doubled)
    return FALSE;

  task->doubled = TRUE;
  wait_again (self, turn->index, solver, TRUE);
  return TRUE;
}

gboolean
lockstep_batch_find_rival (LockstepBatch *self,
                           gint64         task,
                           guint          except,
                           guint         *solver)
{
  /* A person may name any task, also one of another step. */
  if (task < self->first || task >= self->first + self->tasks->len ||
      get_task (self, (guint) (task - self->first))->turns == 0)
    return FALSE;

  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = get_row (self, i);
      guint      number = row->first;

      for (guint k = 0; i != except && k < row->n; k++, number = get_place (self, number)->next)
        if (get_place (self, number)->turn.task == task)
          {
            *solver = i;
            return TRUE;
          }
    }

  return FALSE;
}

guint
lockstep_batch_get_n_waiting (LockstepBatch *self)
{
  return self->n_unseen + self->again->len;
}

guint
lockstep_batch_get_n_failed (LockstepBatch *self)
{
  return self->n_failed;
}

gboolean
lockstep_batch_has_ended (LockstepBatch *self,
                          guint          index)
{
  return get_task (self, index)->ended;
}

guint
lockstep_batch_get_n_busy (LockstepBatch *self)
{
  return self->n_busy;
}

gboolean
lockstep_batch_is_over (LockstepBatch *self)
{
  return self->n_ended == self->tasks->len;
}
