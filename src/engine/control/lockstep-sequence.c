/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-sequence.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "lockstep-json-writer.h"

/* A list of steps that is being walked: the plan's own, or a loop's. */
typedef struct
{
  LockstepStep *loop;      /* NULL for the plan's own steps */
  GPtrArray    *steps;     /* of LockstepStep, the plan's */
  guint         index;     /* in steps */
  guint         iteration; /* from 1 */
  gboolean      leave;     /* a person wants to leave the loop */
} Frame;

struct _LockstepSequence
{
  LockstepPlan *plan;   /* owned */
  GArray       *frames; /* of Frame, innermost last; empty at the end */
};

static Frame *
innermost (LockstepSequence *self)
{
  if (self->frames->len == 0)
    return NULL;

  return &g_array_index (self->frames, Frame, self->frames->len - 1);
}

static void
enter (LockstepSequence *self,
       LockstepStep     *loop,
       GPtrArray        *steps)
{
  Frame frame = { .loop = loop, .steps = steps, .index = 0, .iteration = 1 };

  g_array_append_val (self->frames, frame);
}

/* Goes into loops until a step stands that can be done. */
static void
descend (LockstepSequence *self)
{
  for (;;)
    {
      Frame        *frame = innermost (self);
      LockstepStep *step = g_ptr_array_index (frame->steps, frame->index);

      if (step->kind != LOCKSTEP_STEP_LOOP)
        return;
      enter (self, step, step->steps);
    }
}

LockstepSequence *
lockstep_sequence_new (LockstepPlan *plan)
{
  LockstepSequence *self = g_new0 (LockstepSequence, 1);
  GPtrArray        *steps = lockstep_plan_get_steps (plan);

  self->plan = g_object_ref (plan);
  self->frames = g_array_new (FALSE, FALSE, sizeof (Frame));
  if (steps->len > 0)
    {
      enter (self, NULL, steps);
      descend (self);
    }

  return self;
}

void
lockstep_sequence_free (LockstepSequence *self)
{
  g_array_unref (self->frames);
  g_object_unref (self->plan);
  g_free (self);
}

/* Goes along the steps of the innermost frame to @step. */
static void
go_along (LockstepSequence *self,
          LockstepStep     *step)
{
  Frame *frame = innermost (self);

  while (frame->index + 1 < frame->steps->len && g_ptr_array_index (frame->steps, frame->index) != step)
    frame->index++;
}

void
lockstep_sequence_place (LockstepSequence *self,
                         LockstepStep     *step,
                         const guint      *iterations,
                         guint             n_iterations)
{
  g_autoptr (GPtrArray) loops = g_ptr_array_new ();

  for (LockstepStep *loop = step->parent; loop != NULL; loop = loop->parent)
    g_ptr_array_insert (loops, 0, loop);

  g_array_set_size (self->frames, 0);
  enter (self, NULL, lockstep_plan_get_steps (self->plan));
  for (guint i = 0; i < loops->len; i++)
    {
      LockstepStep *loop = g_ptr_array_index (loops, i);

      go_along (self, loop);
      enter (self, loop, loop->steps);
      if (i < n_iterations)
        innermost (self)->iteration = iterations[i];
    }
  go_along (self, step);
}

LockstepStep *
lockstep_sequence_get_step (LockstepSequence *self)
{
  Frame *frame = innermost (self);

  return frame != NULL ? g_ptr_array_index (frame->steps, frame->index) : NULL;
}

guint
lockstep_sequence_get_iteration (LockstepSequence *self)
{
  Frame *frame = innermost (self);

  return frame != NULL ? frame->iteration : 1;
}

void
lockstep_sequence_append_iterations (LockstepSequence *self,
                                     GString          *out)
{
  g_string_append_c (out, '[');
  for (guint i = 1; i < self->frames->len; i++)
    {
      if (i > 1)
        g_string_append_c (out, ',');
      lockstep_json_append_int (out, g_array_index (self->frames, Frame, i).iteration);
    }
  g_string_append_c (out, ']');
}

/* A loop's body was done. Sets @looped->left. */
static gboolean
come_round (Frame          *frame,
            GBytes         *result,
            LockstepLooped *looped,
            GError        **error)
{
  LockstepStep      *loop = frame->loop;
  g_autoptr (GError) test_error = NULL;
  char               target[LOCKSTEP_JSON_DOUBLE_SIZE], value[LOCKSTEP_JSON_DOUBLE_SIZE];

  *looped = (LockstepLooped){ .loop = loop, .iteration = frame->iteration, .value = NAN };
  if (loop->until != NULL && !lockstep_condition_test (loop->until, result, &looped->value, &looped->reached, &test_error))
    {
      g_propagate_prefixed_error (error, g_steal_pointer (&test_error),
                                  _ ("%s.until cannot be answered: "), loop->path);
      return FALSE;
    }

  looped->left = looped->reached || frame->leave || frame->iteration >= loop->repeat;
  if (looped->left && !looped->reached && !frame->leave && loop->until != NULL && loop->fail_otherwise)
    {
      g_set_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER,
                   _ ("%s: “%s” was not reached within %u iterations; the last value was %s, wanted is %s. "
                      "The plan says that this is a failure (\"otherwise\": \"fail\")."),
                   loop->path, lockstep_condition_get_text (loop->until), loop->repeat,
                   lockstep_json_format_double (value, looped->value),
                   lockstep_json_format_double (target, lockstep_condition_get_target (loop->until)));
      return FALSE;
    }

  return TRUE;
}

gboolean
lockstep_sequence_advance (LockstepSequence  *self,
                           GBytes            *result,
                           LockstepLoopedFunc looped_func,
                           gpointer           user_data,
                           GError           **error)
{
  Frame *frame = innermost (self);

  g_return_val_if_fail (frame != NULL, FALSE);

  frame->index++;
  while (frame->index == frame->steps->len)
    {
      LockstepLooped looped;

      if (frame->loop == NULL)
        {
          g_array_set_size (self->frames, 0);
          return TRUE;
        }

      if (!come_round (frame, result, &looped, error))
        return FALSE;
      frame->leave |= looped.left;
      looped_func (&looped, user_data);

      if (!looped.left)
        {
          frame->iteration++;
          frame->index = 0;
          break;
        }
      g_array_set_size (self->frames, self->frames->len - 1);
      frame = innermost (self);
      frame->index++;
    }

  descend (self);
  return TRUE;
}

LockstepStep *
lockstep_sequence_get_loop (LockstepSequence *self)
{
  Frame *frame = innermost (self);

  return frame != NULL ? frame->loop : NULL;
}

gboolean
lockstep_sequence_leave_loop (LockstepSequence *self,
                              LockstepStep     *loop)
{
  for (guint i = 1; i < self->frames->len; i++)
    {
      Frame *frame = &g_array_index (self->frames, Frame, i);

      if (frame->loop == loop && !frame->leave)
        {
          frame->leave = TRUE;
          return TRUE;
        }
    }

  return FALSE;
}
