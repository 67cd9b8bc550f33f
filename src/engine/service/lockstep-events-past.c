/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-events-past.h"

#include "lockstep-event-params.h"
#include "lockstep-journal-reader.h"

#define PIECE (256 * 1024)

struct _LockstepEventsPast
{
  char                  *directory;
  LockstepJournalReader *reader; /* NULL before the first piece */
  guint64                next;
};

typedef struct
{
  LockstepEventsPast *self;
  guint64             last;
} Read;

static void
read_free (gpointer data)
{
  Read *read = data;

  lockstep_events_past_unref (read->self);
  g_free (read);
}

static void
clear (gpointer data)
{
  LockstepEventsPast *self = data;

  g_clear_pointer (&self->reader, lockstep_journal_reader_free);
  g_free (self->directory);
}

LockstepEventsPast *
lockstep_events_past_new (const char *directory,
                          guint64     from)
{
  LockstepEventsPast *self = g_atomic_rc_box_new0 (LockstepEventsPast);

  self->directory = g_strdup (directory);
  self->next = from;

  return self;
}

void
lockstep_events_past_unref (LockstepEventsPast *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

/* The journal is there as soon as its writer has written to it. */
static gboolean
open_reader (LockstepEventsPast *self,
             GError            **error)
{
  g_autoptr (GError) reason = NULL;

  if (self->reader != NULL)
    return TRUE;

  if ((self->reader = lockstep_journal_reader_new (self->directory, &reason)) != NULL)
    lockstep_journal_reader_skip (self->reader, self->next - 1);
  else if (!g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_propagate_error (error, g_steal_pointer (&reason));

  return self->reader != NULL;
}

/* Lines that cannot be read have a number too, and are passed over. */
static void
read_piece (GTask        *task,
            gpointer      source,
            gpointer      task_data,
            GCancellable *cancellable)
{
  const Read         *read = task_data;
  LockstepEventsPast *self = read->self;
  GPtrArray          *texts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  GError             *error = NULL;
  LockstepEvent       event;
  gsize               size = 0;

  if (!open_reader (self, &error) && error != NULL)
    {
      g_ptr_array_unref (texts);
      g_task_return_error (task, error);
      return;
    }

  while (self->reader != NULL && self->next <= read->last && size < PIECE &&
         lockstep_journal_reader_next (self->reader, &event, NULL))
    {
      GBytes *text = lockstep_event_params_new (&event, lockstep_journal_reader_get_number (self->reader));

      self->next = lockstep_journal_reader_get_number (self->reader) + 1;
      size += g_bytes_get_size (text);
      g_ptr_array_add (texts, text);
      lockstep_event_clear (&event);
    }
  if (self->reader != NULL)
    self->next = MAX (self->next, lockstep_journal_reader_get_number (self->reader) + 1);

  g_task_return_pointer (task, texts, (GDestroyNotify) g_ptr_array_unref);
}

void
lockstep_events_past_read_async (LockstepEventsPast *self,
                                 guint64             last,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Read             *read = g_new0 (Read, 1);

  read->self = g_atomic_rc_box_acquire (self);
  read->last = last;
  g_task_set_source_tag (task, lockstep_events_past_read_async);
  g_task_set_task_data (task, read, read_free);
  g_task_run_in_thread (task, read_piece);
}

GPtrArray *
lockstep_events_past_read_finish (GAsyncResult *result,
                                  GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

guint64
lockstep_events_past_get_next (LockstepEventsPast *self)
{
  return self->next;
}
