/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-log-feed.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "lockstep-log-past.h"
#include "lockstep-tail.h"

struct _LockstepLogFeed
{
  GObject            parent_instance;
  LockstepRun       *run;
  LockstepLogBuffer *buffer;
  GHashTable        *outputs;   /* path → Output */
  guint              n_running; /* outputs whose tail may deliver more */
  LockstepLogPast   *past;      /* what was before; NULL where nothing was, or it is being read */
  GCancellable      *reading;   /* the past; NULL when it was read */
  GQueue             held;      /* of Line: what happened while the past is being read */
  char              *ending;    /* how the run ended, told behind all outputs; NULL before and after */
  LockstepLevel      ending_level;
  gint64             ending_time;
};

G_DEFINE_FINAL_TYPE (LockstepLogFeed, lockstep_log_feed, G_TYPE_OBJECT)

/* An event in words. */
typedef struct
{
  gint64        time;
  int           solver;
  LockstepLevel level;
  char         *text;
} Line;

static void
line_free (gpointer data)
{
  Line *line = data;

  g_free (line->text);
  g_free (line);
}

/* The ending is the last line of the log. */
static void
tell_ending (LockstepLogFeed *self)
{
  if (self->ending == NULL || self->n_running > 0 || self->reading != NULL)
    return;

  lockstep_log_buffer_add (self->buffer, self->ending_time, -1, self->ending_level, self->ending, strlen (self->ending));
  g_clear_pointer (&self->ending, g_free);
}

/* What one solver prints. */
typedef struct
{
  LockstepLogFeed *feed; /* owns this */
  LockstepTail    *tail;
  int              solver;
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

      lockstep_log_buffer_add (buffer, 0, output->solver, LOCKSTEP_LEVEL_WARNING, sentence, strlen (sentence));
    }

  text = g_bytes_get_data (lines, &length);
  if (length > 0)
    lockstep_log_buffer_add (buffer, 0, output->solver, LOCKSTEP_LEVEL_INFO, text, length);
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
  output->solver = (int) lockstep_run_solver_get_index (solver);
  output->tail = lockstep_tail_new_from (path, self->past != NULL ? lockstep_log_past_get_offset (self->past, (guint) output->solver) : 0);
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
  g_autofree char    *text = lockstep_event_dup_text (event, lockstep_run_get_plan (run));
  const LockstepLevel level = lockstep_event_get_level (event, lockstep_run_get_state (run));

  if (event->type == LOCKSTEP_EVENT_RUN_ENDED)
    {
      g_free (self->ending);
      self->ending = g_steal_pointer (&text);
      self->ending_level = level;
      self->ending_time = event->time;
      finish_outputs (self);
      tell_ending (self);
    }
  else if (text != NULL && self->reading != NULL)
    {
      Line *line = g_new0 (Line, 1);

      line->time = event->time;
      line->solver = event->solver;
      line->level = level;
      line->text = g_steal_pointer (&text);
      g_queue_push_tail (&self->held, line);
    }
  else if (text != NULL)
    {
      lockstep_log_buffer_add (self->buffer, event->time, event->solver, level, text, strlen (text));
    }

  if (event->type == LOCKSTEP_EVENT_SOLVER_LAUNCHED && self->reading == NULL)
    follow_outputs (self);
}

/* What happened meanwhile comes behind the past, and once. */
static void
release_held (LockstepLogFeed *self)
{
  const gint64 last = self->past != NULL ? lockstep_log_past_get_time (self->past) : 0;
  Line        *line;

  while ((line = g_queue_pop_head (&self->held)) != NULL)
    {
      if (line->time > last)
        lockstep_log_buffer_add (self->buffer, line->time, line->solver, line->level, line->text, strlen (line->text));
      line_free (line);
    }

  if (self->ending != NULL && self->ending_time <= last)
    g_clear_pointer (&self->ending, g_free);
}

static void
past_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (LockstepLogFeed) self = user_data;
  g_autoptr (GError)          error = NULL;
  LockstepLogPast            *past = lockstep_log_past_load_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->reading);
  self->past = past;
  if (past == NULL)
    lockstep_log_buffer_add (self->buffer, 0, -1, LOCKSTEP_LEVEL_ERROR, error->message, strlen (error->message));
  for (guint i = 0; past != NULL && i < lockstep_log_past_get_n_pieces (past); i++)
    {
      const LockstepLogPiece *piece = lockstep_log_past_get_piece (past, i);
      gsize                   length;
      const char             *text = g_bytes_get_data (piece->text, &length);

      lockstep_log_buffer_add (self->buffer, piece->time, piece->solver, piece->level, text, length);
    }
  release_held (self);

  /* Of one that has ended all was read. */
  if (!lockstep_run_has_ended (self->run) || self->ending != NULL)
    follow_outputs (self);
  if (lockstep_run_has_ended (self->run))
    finish_outputs (self);
  tell_ending (self);
}

static void
lockstep_log_feed_dispose (GObject *object)
{
  LockstepLogFeed *self = LOCKSTEP_LOG_FEED (object);

  if (self->run != NULL)
    g_signal_handlers_disconnect_by_data (self->run, self);
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_queue_clear_full (&self->held, line_free);
  g_clear_pointer (&self->past, lockstep_log_past_free);
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
  g_queue_init (&self->held);
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
  /* One that is about to be gone on with has a folder before it begins. */
  if (lockstep_run_get_directory (run) != NULL)
    {
      self->reading = g_cancellable_new ();
      lockstep_log_past_load_async (lockstep_run_get_directory (run), LOCKSTEP_LOG_BUFFER_MAX_LINES, self->reading, past_cb,
                                    g_object_ref (self));
    }

  return self;
}

gboolean
lockstep_log_feed_is_drained (LockstepLogFeed *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_LOG_FEED (self), FALSE);

  return lockstep_run_has_ended (self->run) && self->n_running == 0 && self->reading == NULL;
}
