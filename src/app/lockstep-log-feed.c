/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-log-feed.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "lockstep-tail.h"

struct _LockstepLogFeed
{
  GObject            parent_instance;
  LockstepRun       *run;
  LockstepLogBuffer *buffer;
  GHashTable        *outputs;   /* path → Output */
  guint              n_running; /* outputs whose tail may deliver more */
  char              *ending;    /* how the run ended, told behind all outputs; NULL before and after */
  LockstepLevel      ending_level;
  gint64             ending_time;
};

G_DEFINE_FINAL_TYPE (LockstepLogFeed, lockstep_log_feed, G_TYPE_OBJECT)

/* The ending is the last line of the log. */
static void
tell_ending (LockstepLogFeed *self)
{
  if (self->ending == NULL || self->n_running > 0)
    return;

  lockstep_log_buffer_add (self->buffer, self->ending_time, _ ("run"), self->ending_level, self->ending, strlen (self->ending));
  g_clear_pointer (&self->ending, g_free);
}

/* What one solver prints. */
typedef struct
{
  LockstepLogFeed *feed; /* owns this */
  LockstepTail    *tail;
  char            *who;
} Output;

/* When a solver printed a line is not known: a buffer may have held it, and it is read some time later. */
static void
lines_cb (LockstepTail *tail,
          GBytes       *lines,
          guint64       skipped,
          Output       *output)
{
  LockstepLogBuffer *buffer = output->feed->buffer;
  const char        *text;
  gsize              length;

  if (skipped > 0)
    {
      g_autofree char *size = g_format_size (skipped);
      g_autofree char *sentence = g_strdup_printf (_ ("warning: %s passed over; the file has them"), size);

      lockstep_log_buffer_add (buffer, 0, output->who, LOCKSTEP_LEVEL_WARNING, sentence, strlen (sentence));
    }

  text = g_bytes_get_data (lines, &length);
  if (length > 0)
    lockstep_log_buffer_add (buffer, 0, output->who, LOCKSTEP_LEVEL_INFO, text, length);
}

static void
drained_cb (LockstepTail *tail,
            Output       *output)
{
  output->feed->n_running--;
  tell_ending (output->feed);
}

static void
output_free (Output *output)
{
  g_signal_handlers_disconnect_by_data (output->tail, output);
  g_object_unref (output->tail);
  g_free (output->who);
  g_free (output);
}

static void
follow_output (LockstepLogFeed   *self,
               LockstepRunSolver *solver)
{
  const char *path = lockstep_run_solver_get_log (solver);
  Output     *output;

  if (path == NULL || *path == '\0' || g_hash_table_contains (self->outputs, path))
    return;

  output = g_new0 (Output, 1);
  output->feed = self;
  output->tail = lockstep_tail_new (path, FALSE);
  output->who = g_strdup_printf (_ ("solver %d"), (int) lockstep_run_solver_get_index (solver));
  g_signal_connect (output->tail, "lines", G_CALLBACK (lines_cb), output);
  g_signal_connect (output->tail, "drained", G_CALLBACK (drained_cb), output);
  g_hash_table_insert (self->outputs, g_strdup (path), output);
  self->n_running++;
}

static void
follow_outputs (LockstepLogFeed *self)
{
  GListModel *solvers = lockstep_run_get_solvers (self->run);

  for (guint i = 0; i < g_list_model_get_n_items (solvers); i++)
    {
      g_autoptr (LockstepRunSolver) solver = g_list_model_get_item (solvers, i);

      follow_output (self, solver);
    }
}

static void
finish_outputs (LockstepLogFeed *self)
{
  GHashTableIter iter;
  gpointer       output;

  g_hash_table_iter_init (&iter, self->outputs);
  while (g_hash_table_iter_next (&iter, NULL, &output))
    lockstep_tail_finish (((Output *) output)->tail);
}

static void
event_cb (LockstepRun         *run,
          const LockstepEvent *event,
          LockstepLogFeed     *self)
{
  g_autofree char *text = lockstep_event_dup_text (event, lockstep_run_get_plan (run));

  if (event->type == LOCKSTEP_EVENT_RUN_ENDED)
    {
      self->ending = g_steal_pointer (&text);
      self->ending_level = lockstep_event_get_level (event, lockstep_run_get_state (run));
      self->ending_time = event->time;
      finish_outputs (self);
      tell_ending (self);
    }
  else if (text != NULL)
    {
      g_autofree char *who = lockstep_event_dup_who (event);

      lockstep_log_buffer_add (self->buffer, event->time, who, lockstep_event_get_level (event, lockstep_run_get_state (run)), text, strlen (text));
    }

  if (event->type == LOCKSTEP_EVENT_SOLVER_LAUNCHED)
    follow_outputs (self);
}

static void
lockstep_log_feed_dispose (GObject *object)
{
  LockstepLogFeed *self = LOCKSTEP_LOG_FEED (object);

  if (self->run != NULL)
    g_signal_handlers_disconnect_by_data (self->run, self);
  g_clear_pointer (&self->outputs, g_hash_table_unref);
  g_clear_pointer (&self->ending, g_free);
  g_clear_object (&self->run);
  g_clear_object (&self->buffer);

  G_OBJECT_CLASS (lockstep_log_feed_parent_class)->dispose (object);
}

static void
lockstep_log_feed_class_init (LockstepLogFeedClass *class)
{
  G_OBJECT_CLASS (class)->dispose = lockstep_log_feed_dispose;
}

static void
lockstep_log_feed_init (LockstepLogFeed *self)
{
  self->outputs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) output_free);
}

LockstepLogFeed *
lockstep_log_feed_new (LockstepRun       *run,
                       LockstepLogBuffer *buffer)
{
  LockstepLogFeed *self;

  g_return_val_if_fail (LOCKSTEP_IS_RUN (run), NULL);
  g_return_val_if_fail (LOCKSTEP_IS_LOG_BUFFER (buffer), NULL);

  self = g_object_new (LOCKSTEP_TYPE_LOG_FEED, NULL);
  self->run = g_object_ref (run);
  self->buffer = g_object_ref (buffer);
  g_signal_connect (run, "event", G_CALLBACK (event_cb), self);

  return self;
}

gboolean
lockstep_log_feed_is_drained (LockstepLogFeed *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_LOG_FEED (self), FALSE);

  return lockstep_run_has_ended (self->run) && self->n_running == 0;
}
