/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-results.h"

/* What steps may get, between two of them. */
typedef struct
{
  guint64              n_failed; /* tasks so far that ended without a result */
  LockstepStepResults *last;     /* of the last step that ended; NULL before the first */
  GBytes              *last_one; /* result of the last `one` step */
  GHashTable          *previous; /* step index → GBytes: last result of each `one` step; NULL is empty */
} Moment;

/* A moment that the run can go back to. */
typedef struct
{
  LockstepPlace place; /* iterations are NULL where there is no such moment */
  Moment        moment;
} Mark;

/* A loop that was left although its until did not hold. */
typedef struct
{
  guint    loop;
  gint64   next;  /* the number of the task after it */
  gboolean early; /* a person wanted it */
} Unreached;

struct _LockstepResults
{
  Moment               now;     /* before the step at work, or after the last one */
  LockstepStepResults *current; /* of the step that began last */
  Mark                 sweep;   /* before the last step of tasks */
  LockstepStepResults *swept;   /* of that step; may be the current one */
  GHashTable          *left;    /* loop index → Mark: where it was left last */
  GArray              *unreached;
};

static void
moment_clear (Moment *self)
{
  g_clear_pointer (&self->last, lockstep_step_results_unref);
  g_clear_pointer (&self->last_one, g_bytes_unref);
  g_clear_pointer (&self->previous, g_hash_table_unref);
}

static GHashTable *
new_previous (void)
{
  return g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_bytes_unref);
}

static void
moment_copy (Moment       *self,
             const Moment *from)
{
  GHashTableIter iter;
  gpointer       step, result;

  *self = (Moment){ .n_failed = from->n_failed };
  if (from->last != NULL)
    self->last = lockstep_step_results_ref (from->last);
  if (from->last_one != NULL)
    self->last_one = g_bytes_ref (from->last_one);
  if (from->previous == NULL)
    return;

  self->previous = new_previous ();
  g_hash_table_iter_init (&iter, from->previous);
  while (g_hash_table_iter_next (&iter, &step, &result))
    g_hash_table_insert (self->previous, step, g_bytes_ref (result));
}

static void
mark_clear (Mark *self)
{
  g_clear_pointer (&self->place.iterations, g_array_unref);
  moment_clear (&self->moment);
}

static void
mark_free (gpointer data)
{
  mark_clear (data);
  g_free (data);
}

static void
mark_set (Mark         *self,
          guint         step,
          GArray       *iterations,
          gint64        first,
          const Moment *moment)
{
  GArray *copy = g_array_copy (iterations);

  mark_clear (self);
  self->place = (LockstepPlace){ .step = step, .iterations = copy, .first = first };
  moment_copy (&self->moment, moment);
}

LockstepResults *
lockstep_results_new (void)
{
  LockstepResults *self = g_new0 (LockstepResults, 1);

  self->current = lockstep_step_results_new (0, 0);
  self->left = g_hash_table_new_full (NULL, NULL, NULL, mark_free);
  self->unreached = g_array_new (FALSE, FALSE, sizeof (Unreached));

  return self;
}

void
lockstep_results_free (LockstepResults *self)
{
  moment_clear (&self->now);
  mark_clear (&self->sweep);
  lockstep_step_results_unref (self->current);
  g_clear_pointer (&self->swept, lockstep_step_results_unref);
  g_hash_table_unref (self->left);
  g_array_unref (self->unreached);
  g_free (self);
}

static void
take_current (LockstepResults     *self,
              LockstepStepResults *current)
{
  lockstep_step_results_unref (self->current);
  self->current = current;
}

static void
mark_sweep (LockstepResults *self,
            LockstepStep    *step,
            GArray          *iterations)
{
  mark_set (&self->sweep, step->index, iterations, self->current->first, &self->now);
  g_clear_pointer (&self->swept, lockstep_step_results_unref);
  self->swept = lockstep_step_results_ref (self->current);
}

void
lockstep_results_begin (LockstepResults *self,
                        LockstepStep    *step,
                        GArray          *iterations,
                        gint64           first,
                        guint            n_tasks)
{
  self->now.n_failed += g_hash_table_size (self->current->failures);
  take_current (self, lockstep_step_results_new (first, n_tasks));
  if (step != NULL && step->kind == LOCKSTEP_STEP_TASKS)
    mark_sweep (self, step, iterations);
}

/* The mark of a loop that was left right before the task @first. */
static Mark *
find_left (LockstepResults *self,
           gint64           first)
{
  GHashTableIter iter;
  gpointer       mark;

  g_hash_table_iter_init (&iter, self->left);
  while (g_hash_table_iter_next (&iter, NULL, &mark))
    if (((Mark *) mark)->place.first == first)
      return mark;

  return NULL;
}

static gboolean
is_within (LockstepStep *step,
           guint         loop)
{
  for (; step != NULL; step = step->parent)
    if (step->index == loop)
      return TRUE;

  return FALSE;
}

/* What was left after the task @first was not left, nor a loop that @step, which begins there, is in. */
static void
forget_left (LockstepResults *self,
             LockstepStep    *step,
             gint64           first)
{
  GHashTableIter iter;
  gpointer       loop, mark;

  g_hash_table_iter_init (&iter, self->left);
  while (g_hash_table_iter_next (&iter, &loop, &mark))
    {
      const gint64 next = ((const Mark *) mark)->place.first;

      if (next > first || (next == first && is_within (step, GPOINTER_TO_UINT (loop))))
        g_hash_table_iter_remove (&iter);
    }

  for (guint i = self->unreached->len; i > 0; i--)
    {
      const Unreached unreached = g_array_index (self->unreached, Unreached, i - 1);

      if (unreached.next > first || (unreached.next == first && is_within (step, unreached.loop)))
        g_array_remove_index (self->unreached, i - 1);
    }
}

/* A step of tasks from @first on has not begun. */
static void
forget_sweep (LockstepResults *self,
              gint64           first)
{
  if (self->swept == NULL || self->sweep.place.first < first)
    return;

  mark_clear (&self->sweep);
  g_clear_pointer (&self->swept, lockstep_step_results_unref);
}

static void
return_to (LockstepResults *self,
           const Mark      *mark)
{
  moment_clear (&self->now);
  moment_copy (&self->now, &mark->moment);
}

void
lockstep_results_begin_again (LockstepResults *self,
                              LockstepStep    *step,
                              GArray          *iterations,
                              gint64           first,
                              guint            n_tasks)
{
  LockstepStepResults *fresh;
  Mark                *left;

  if (self->swept != NULL && self->sweep.place.first == first && step->kind == LOCKSTEP_STEP_TASKS)
    {
      return_to (self, &self->sweep);
      take_current (self, lockstep_step_results_ref (self->swept));
      lockstep_step_results_grow (self->current, n_tasks);
      lockstep_step_results_leave (self->current);
    }
  else
    {
      if ((left = find_left (self, first)) != NULL)
        return_to (self, left);

      /* Attempts at a step that was begun before go on counting. */
      fresh = lockstep_step_results_new (first, n_tasks);
      for (guint i = 0; self->current->first == first && i < MIN (n_tasks, self->current->attempts->len); i++)
        g_array_index (fresh->attempts, guint16, i) = g_array_index (self->current->attempts, guint16, i);
      take_current (self, fresh);
      forget_sweep (self, first);
      if (step->kind == LOCKSTEP_STEP_TASKS)
        mark_sweep (self, step, iterations);
    }

  forget_left (self, step, first);
}

void
lockstep_results_take_back (LockstepResults *self,
                            gint64           task)
{
  lockstep_step_results_take_back (self->current, task - self->current->first);
}

void
lockstep_results_lose (LockstepResults *self,
                       gint64           task)
{
  lockstep_results_take_back (self, task);
  if (self->swept != NULL && self->swept != self->current)
    lockstep_step_results_take_back (self->swept, task - self->swept->first);
  if (self->now.last != NULL && self->now.last != self->current && self->now.last != self->swept)
    lockstep_step_results_take_back (self->now.last, task - self->now.last->first);
}

void
lockstep_results_begin_attempt (LockstepResults *self,
                                gint64           task,
                                int              attempt,
                                int              solver,
                                gint64           time)
{
  lockstep_step_results_begin_attempt (self->current, task - self->current->first, attempt, solver, time);
}

void
lockstep_results_end_attempt (LockstepResults *self,
                              gint64           task,
                              int              solver,
                              gint64           time)
{
  lockstep_step_results_end_attempt (self->current, task - self->current->first, solver, time);
}

gboolean
lockstep_results_set (LockstepResults *self,
                      gint64           task,
                      GBytes          *result)
{
  return lockstep_step_results_set (self->current, task - self->current->first, result);
}

gboolean
lockstep_results_fail (LockstepResults *self,
                       gint64           task,
                       const char      *reason)
{
  return lockstep_step_results_fail (self->current, task - self->current->first, reason);
}

void
lockstep_results_end (LockstepResults *self,
                      LockstepStep    *step)
{
  GBytes *result;

  g_clear_pointer (&self->now.last, lockstep_step_results_unref);
  self->now.last = lockstep_step_results_ref (self->current);
  if (step->kind != LOCKSTEP_STEP_ONE || self->current->results->len != 1)
    return;

  result = g_ptr_array_index (self->current->results, 0);
  g_clear_pointer (&self->now.last_one, g_bytes_unref);
  if (result == NULL)
    return;
  self->now.last_one = g_bytes_ref (result);
  if (self->now.previous == NULL)
    self->now.previous = new_previous ();
  g_hash_table_insert (self->now.previous, GUINT_TO_POINTER (step->index), g_bytes_ref (result));
}

void
lockstep_results_come_round (LockstepResults *self,
                             guint            loop,
                             guint            step,
                             GArray          *iterations,
                             gboolean         left,
                             gboolean         reached,
                             gboolean         early)
{
  const Unreached unreached = { .loop = loop, .next = self->current->first + self->current->results->len, .early = early };
  Mark           *mark;

  if (!left)
    return;

  mark = g_new0 (Mark, 1);
  mark_set (mark, step, iterations, unreached.next, &self->now);
  mark->moment.n_failed += g_hash_table_size (self->current->failures);
  g_hash_table_insert (self->left, GUINT_TO_POINTER (loop), mark);

  /* A run that is resumed between two steps comes round a second time. */
  for (guint i = self->unreached->len; i > 0; i--)
    {
      const Unreached *before = &g_array_index (self->unreached, Unreached, i - 1);

      if (before->loop == loop && before->next == unreached.next)
        g_array_remove_index (self->unreached, i - 1);
    }
  if (!reached)
    g_array_append_val (self->unreached, unreached);
}

LockstepStep *
lockstep_results_go_back (LockstepResults *self,
                          LockstepPlan    *plan,
                          gint64           first,
                          GArray          *iterations)
{
  const Mark   *mark = find_left (self, first);
  LockstepStep *step;

  if (mark == NULL)
    return NULL;

  return_to (self, mark);
  take_current (self, lockstep_step_results_new (first, 0));
  step = lockstep_plan_get_step (plan, mark->place.step);
  g_array_set_size (iterations, 0);
  g_array_append_vals (iterations, mark->place.iterations->data, mark->place.iterations->len);
  forget_left (self, step, first);
  forget_sweep (self, first);
  return step;
}

gboolean
lockstep_results_get_reached (LockstepResults *self)
{
  return self->unreached->len == 0;
}

gboolean
lockstep_results_get_left_early (LockstepResults *self)
{
  for (guint i = 0; i < self->unreached->len; i++)
    if (!g_array_index (self->unreached, Unreached, i).early)
      return FALSE;

  return self->unreached->len > 0;
}

guint
lockstep_results_get_n_tasks (LockstepResults *self)
{
  return self->current->results->len;
}

guint
lockstep_results_get_n_ended (LockstepResults *self)
{
  return self->current->n_ended;
}

guint64
lockstep_results_get_n_failed (LockstepResults *self)
{
  return self->now.n_failed + g_hash_table_size (self->current->failures);
}

gint64
lockstep_results_get_first (LockstepResults *self)
{
  return self->current->first;
}

const LockstepStepResults *
lockstep_results_get_current (LockstepResults *self)
{
  return self->current;
}

gboolean
lockstep_results_get_sweep (LockstepResults            *self,
                            LockstepPlace              *place,
                            const LockstepStepResults **results)
{
  *place = self->sweep.place;
  *results = self->swept;

  return self->swept != NULL;
}

GArray *
lockstep_results_dup_moments (LockstepResults *self)
{
  GArray        *moments = g_array_new (FALSE, FALSE, sizeof (gint64));
  GHashTableIter iter;
  gpointer       mark;

  if (self->swept != NULL)
    g_array_append_val (moments, self->sweep.place.first);
  g_hash_table_iter_init (&iter, self->left);
  while (g_hash_table_iter_next (&iter, NULL, &mark))
    g_array_append_val (moments, ((Mark *) mark)->place.first);

  return moments;
}

gboolean
lockstep_results_get_left (LockstepResults *self,
                           guint            loop,
                           LockstepPlace   *place,
                           GBytes         **last_one)
{
  const Mark *mark = g_hash_table_lookup (self->left, GUINT_TO_POINTER (loop));

  if (mark == NULL)
    return FALSE;

  *place = mark->place;
  *last_one = mark->moment.last_one;
  return TRUE;
}

GBytes *
lockstep_results_get (LockstepResults *self,
                      guint            index)
{
  return index < self->current->results->len ? g_ptr_array_index (self->current->results, index) : NULL;
}

GPtrArray *
lockstep_results_get_last (LockstepResults *self)
{
  return self->now.last != NULL ? self->now.last->results : NULL;
}

GHashTable *
lockstep_results_get_last_failures (LockstepResults *self)
{
  return self->now.last != NULL ? self->now.last->failures : NULL;
}

GBytes *
lockstep_results_get_last_one (LockstepResults *self)
{
  return self->now.last_one;
}

GBytes *
lockstep_results_get_previous (LockstepResults *self,
                               guint            step)
{
  return self->now.previous != NULL ? g_hash_table_lookup (self->now.previous, GUINT_TO_POINTER (step)) : NULL;
}
