/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-timeline-private.h"

#include "lockstep-timeline-words.h"

/* The text of the moment, and with it what a screen reader says. */
static void
update_text (LockstepTimeline *self)
{
  LockstepTimelineScene *scene = &self->scene;
  g_autofree char       *text = NULL;

  if (scene->trace != NULL && scene->cursor >= 0)
    text = lockstep_timeline_words_dup_moment (scene->trace, scene->cursor, (gint64) (1 / scene->layout.scale), scene->row);
  if (g_strcmp0 (text, self->text) == 0)
    return;

  g_free (self->text);
  self->text = g_steal_pointer (&text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, self->text != NULL ? self->text : "", -1);
  g_object_notify (G_OBJECT (self), "text");
}

void
lockstep_timeline_update_cursor (LockstepTimeline *self)
{
  const gint64 time = self->moment != NULL ? lockstep_moment_get_time (self->moment) : 0;

  self->scene.cursor = self->scene.trace == NULL || time == 0 ? -1 : lockstep_trace_from_clock (self->scene.trace, time);
  update_text (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* The cursor goes to @time, and what is shown goes with it. */
static void
set_cursor (LockstepTimeline *self,
            gint64            time)
{
  LockstepTimelineLayout *layout = &self->scene.layout;

  time = CLAMP (time, 0, self->scene.now);
  if (time < layout->from || (double) (time - layout->from) > lockstep_timeline_get_seen (self))
    lockstep_timeline_scroll_to (self, time - (gint64) (lockstep_timeline_get_seen (self) / 2), layout->scroll);
  lockstep_moment_set_time (self->moment, lockstep_trace_to_clock (self->scene.trace, time));
}

void
lockstep_timeline_point (LockstepTimeline *self,
                         double            x)
{
  g_return_if_fail (LOCKSTEP_IS_TIMELINE (self));

  if (self->scene.trace != NULL && self->moment != NULL && x >= self->scene.layout.left)
    set_cursor (self, lockstep_timeline_layout_to_time (&self->scene.layout, x));
}

gboolean
lockstep_timeline_let_go (LockstepTimeline *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_TIMELINE (self), FALSE);

  if (self->scene.cursor < 0)
    return FALSE;

  lockstep_moment_set_time (self->moment, 0);
  return TRUE;
}

const char *
lockstep_timeline_get_text (LockstepTimeline *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_TIMELINE (self), NULL);

  return self->text;
}

/* The end of a step next to @time. */
static gint64
find_barrier (LockstepTimeline *self,
              gint64            time,
              gboolean          ahead)
{
  LockstepTrace *trace = self->scene.trace;
  const int      n_steps = (int) lockstep_trace_get_n_steps (trace);

  for (int i = lockstep_trace_find_step (trace, time) + (ahead ? 0 : -1); ahead ? i < n_steps : i >= 0; i += ahead ? 1 : -1)
    {
      const gint64 end = i >= 0 ? MIN (lockstep_trace_get_step (trace, (guint) i)->end, self->scene.now) : 0;

      if (ahead ? end > time : end < time)
        return end;
    }

  return ahead ? self->scene.now : 0;
}

void
lockstep_timeline_move (LockstepTimeline *self,
                        double            pixels,
                        gboolean          barriers)
{
  gint64 time;

  if (self->scene.trace == NULL || self->moment == NULL)
    return;

  time = self->scene.cursor >= 0 ? self->scene.cursor : self->scene.now;
  if (barriers)
    time = find_barrier (self, time, pixels > 0);
  else
    time += (gint64) (pixels / self->scene.layout.scale);
  set_cursor (self, time);
}

void
lockstep_timeline_move_row (LockstepTimeline *self,
                            int               rows)
{
  LockstepTimelineLayout *layout = &self->scene.layout;
  double                  top;

  if (self->scene.trace == NULL || layout->n_rows == 0)
    return;

  self->scene.row = CLAMP (self->scene.row + rows, 0, (int) layout->n_rows - 1);
  top = self->scene.row * layout->row_height;
  lockstep_timeline_scroll_to (self, layout->from, CLAMP (layout->scroll, top + layout->row_height - layout->rows_height, top));
  if (self->scene.cursor < 0 && self->moment != NULL)
    set_cursor (self, self->scene.now);
  update_text (self);
}
