/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-journal.h"

#include <unistd.h>

#include "lockstep-journal-file.h"
#include "lockstep-thinning.h"

/* How long the writer gathers before it writes (µs): one system call for many events. */
#define GATHER 10000

struct _LockstepJournal
{
  GObject parent_instance;

  char             *directory;
  LockstepThinning *thinning;
  GMainContext     *context; /* where signals are emitted */
  GThread          *thread;

  int refused; /* atomic: the disk takes no more, and samples are left out */

  GMutex     lock;    /* over all that follows */
  GCond      wake;    /* of the writer */
  GString   *pending; /* lines to be written */
  GPtrArray *files;   /* of LockstepResultFile, to be written before them */
  GPtrArray *removed; /* of char *: superseded result files, to be removed after them */
  gboolean   sync;    /* make durable at once */
  gboolean   retry;   /* try again after a failure */
  gboolean   give_up; /* the closing one is the last try */
  GTask     *closing; /* set: write out, answer, end */
};

/* What the writer's thread has. */
typedef struct
{
  LockstepJournalFile *file;
  GPtrArray           *removed;   /* of char *: to be removed once what is written is durable */
  gint64               synced_at; /* monotonic */
  gint64               looked_at; /* for room; monotonic */
  GError              *error;     /* of the last try; NULL when it went well */
} Writer;

enum
{
  FAILED,
  RECOVERED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (LockstepJournal, lockstep_journal, G_TYPE_OBJECT)

/* What the writer has to tell. */
typedef struct
{
  LockstepJournal *self;
  GError          *error; /* NULL: it recovered */
} News;

static gboolean
tell_news (gpointer data)
{
  const News *news = data;

  if (news->error != NULL)
    g_signal_emit (news->self, signals[FAILED], 0, news->error);
  else
    g_signal_emit (news->self, signals[RECOVERED], 0);

  return G_SOURCE_REMOVE;
}

static void
news_free (gpointer data)
{
  News *news = data;

  g_object_unref (news->self);
  g_clear_error (&news->error);
  g_free (news);
}

/* While the disk refuses, what is appended is tried with it, so that as much as it takes is on it. */
static gboolean
has_work (LockstepJournal *self,
          const Writer    *writer)
{
  if (self->retry || self->pending->len > 0)
    return TRUE;

  return writer->error != NULL ? self->closing != NULL && self->give_up : self->closing != NULL || self->sync;
}

/* Waits, with the lock held, until there is something to do. */
static void
wait_for_work (LockstepJournal *self,
               const Writer    *writer)
{
  while (!has_work (self, writer))
    {
      if (writer->error == NULL && lockstep_journal_file_is_dirty (writer->file))
        {
          if (!g_cond_wait_until (&self->wake, &self->lock, writer->synced_at + G_USEC_PER_SEC))
            return;
        }
      else
        {
          g_cond_wait (&self->wake, &self->lock);
        }
    }
}

static void
remove_superseded (LockstepJournal *self,
                   Writer          *writer)
{
  for (guint i = 0; i < writer->removed->len; i++)
    {
      g_autofree char *path = g_build_filename (self->directory, g_ptr_array_index (writer->removed, i), NULL);

      /* One that is there still takes room, and harms nobody. */
      unlink (path);
    }
  g_ptr_array_set_size (writer->removed, 0);
}

/* Writes what there is, with @sync durable, and each second so; and looks then, or with @look, whether there is room for
 * more. */
static void
write_out (LockstepJournal *self,
           Writer          *writer,
           gboolean         sync,
           gboolean         look)
{
  const gint64   now = g_get_monotonic_time ();
  const gboolean was_refused = writer->error != NULL;

  g_clear_error (&writer->error);
  if (!lockstep_journal_file_write (writer->file, &writer->error))
    return;

  if (sync || was_refused || now - writer->synced_at >= G_USEC_PER_SEC)
    {
      writer->synced_at = now;
      if (!lockstep_journal_file_sync (writer->file, &writer->error))
        return;
      remove_superseded (self, writer);
    }

  if (was_refused || look || lockstep_journal_file_is_short (writer->file) || now - writer->looked_at >= G_USEC_PER_SEC)
    {
      writer->looked_at = now;
      lockstep_journal_file_check_room (writer->file, &writer->error);
    }
}

/* The last try: what the disk takes is written, and what it does not is lost. */
static void
write_last (Writer *writer)
{
  g_clear_error (&writer->error);
  if (lockstep_journal_file_write (writer->file, &writer->error) &&
      lockstep_journal_file_sync (writer->file, &writer->error))
    return;

  lockstep_journal_file_drop_results (writer->file);
  if (lockstep_journal_file_write (writer->file, NULL))
    lockstep_journal_file_sync (writer->file, NULL);
}

static void
report (LockstepJournal *self,
        const GError    *error)
{
  News *news = g_new0 (News, 1);

  news->self = g_object_ref (self);
  news->error = error != NULL ? g_error_copy (error) : NULL;
  g_main_context_invoke_full (self->context, G_PRIORITY_DEFAULT, tell_news, news, news_free);
}

/* One turn of the writer. FALSE when it was the last one. */
static gboolean
take_turn (LockstepJournal *self,
           Writer          *writer)
{
  const gboolean was_refused = writer->error != NULL;
  gboolean       sync, look, closing, give_up;

  g_mutex_lock (&self->lock);
  wait_for_work (self, writer);
  if (self->closing == NULL && !self->retry)
    {
      g_mutex_unlock (&self->lock);
      g_usleep (GATHER);
      g_mutex_lock (&self->lock);
    }
  closing = self->closing != NULL;
  give_up = self->give_up;
  sync = self->sync || closing;
  look = self->retry;
  self->sync = FALSE;
  self->retry = FALSE;
  lockstep_journal_file_take (writer->file, self->pending, self->files);
  self->files = g_ptr_array_new_with_free_func ((GDestroyNotify) lockstep_result_file_free);
  g_ptr_array_extend_and_steal (writer->removed, self->removed);
  self->removed = g_ptr_array_new_with_free_func (g_free);
  g_mutex_unlock (&self->lock);

  if (closing && give_up)
    {
      write_last (writer);
      return FALSE;
    }

  write_out (self, writer, sync, look);
  if (closing && lockstep_journal_file_is_done (writer->file))
    {
      g_clear_error (&writer->error);
      return FALSE;
    }
  if (was_refused != (writer->error != NULL))
    {
      g_atomic_int_set (&self->refused, !was_refused);
      report (self, writer->error);
    }
  return TRUE;
}

/* The writer's thread; it holds a reference. */
static gpointer
write_journal (gpointer data)
{
  g_autoptr (LockstepJournal) self = data;
  g_autoptr (GTask)           closing = NULL;
  Writer                      writer = { .file = lockstep_journal_file_new (self->directory) };

  writer.removed = g_ptr_array_new_with_free_func (g_free);
  while (take_turn (self, &writer))
    ;

  lockstep_journal_file_free (writer.file);
  g_ptr_array_unref (writer.removed);
  g_mutex_lock (&self->lock);
  closing = g_steal_pointer (&self->closing);
  g_mutex_unlock (&self->lock);
  if (writer.error != NULL)
    g_task_return_error (closing, writer.error);
  else
    g_task_return_boolean (closing, TRUE);

  return NULL;
}

/* Whether this sample is due; a fact always is. */
static gboolean
is_due (LockstepJournal     *self,
        const LockstepEvent *event)
{
  if (g_atomic_int_get (&self->refused) && !lockstep_event_type_is_fact (event->type))
    return FALSE;

  return lockstep_thinning_take (self->thinning, event);
}

static void
lockstep_journal_finalize (GObject *object)
{
  LockstepJournal *self = LOCKSTEP_JOURNAL (object);

  g_thread_unref (self->thread);
  g_main_context_unref (self->context);
  lockstep_thinning_free (self->thinning);
  g_string_free (self->pending, TRUE);
  g_ptr_array_unref (self->files);
  g_ptr_array_unref (self->removed);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->wake);
  g_free (self->directory);

  G_OBJECT_CLASS (lockstep_journal_parent_class)->finalize (object);
}

static void
lockstep_journal_class_init (LockstepJournalClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lockstep_journal_finalize;

  signals[FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[RECOVERED] = g_signal_new ("recovered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 0);
}

static void
lockstep_journal_init (LockstepJournal *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->thinning = lockstep_thinning_new ();
  self->pending = g_string_new (NULL);
  self->files = g_ptr_array_new_with_free_func ((GDestroyNotify) lockstep_result_file_free);
  self->removed = g_ptr_array_new_with_free_func (g_free);
  g_mutex_init (&self->lock);
  g_cond_init (&self->wake);
}

LockstepJournal *
lockstep_journal_new (const char *directory)
{
  LockstepJournal *self = g_object_new (LOCKSTEP_TYPE_JOURNAL, NULL);

  self->directory = g_strdup (directory);
  self->thread = g_thread_new ("lockstep-journal", write_journal, g_object_ref (self));

  return self;
}

char *
lockstep_journal_dup_result_name (gint64 task)
{
  return g_strdup_printf ("results/%06" G_GINT64_FORMAT ".json", task);
}

gboolean
lockstep_journal_append (LockstepJournal     *self,
                         const LockstepEvent *event)
{
  LockstepResultFile *file = NULL;
  gboolean            was_empty;

  if (!is_due (self, event))
    return FALSE;

  if (event->type == LOCKSTEP_EVENT_TASK_ENDED && event->payload != NULL && g_bytes_get_size (event->payload) > LOCKSTEP_JOURNAL_INLINE_MAX)
    {
      file = g_new0 (LockstepResultFile, 1);
      file->name = lockstep_journal_dup_result_name (event->task);
      file->text = g_bytes_ref (event->payload);
    }

  g_mutex_lock (&self->lock);
  was_empty = self->pending->len == 0;
  if (file != NULL)
    {
      file->line = self->pending->len;
      g_ptr_array_add (self->files, file);
    }
  lockstep_event_append_line (event, self->pending, file != NULL ? file->name : NULL);
  if (was_empty)
    g_cond_signal (&self->wake);
  g_mutex_unlock (&self->lock);

  return TRUE;
}

gboolean
lockstep_journal_release (LockstepJournal     *self,
                          const LockstepEvent *event,
                          LockstepEvent       *held)
{
  return !g_atomic_int_get (&self->refused) && lockstep_thinning_release (self->thinning, event, held);
}

char *
lockstep_journal_dup_left_out (LockstepJournal *self)
{
  return lockstep_thinning_dup_left_out (self->thinning);
}

void
lockstep_journal_sync (LockstepJournal *self)
{
  g_mutex_lock (&self->lock);
  self->sync = TRUE;
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->lock);
}

void
lockstep_journal_retry (LockstepJournal *self)
{
  g_mutex_lock (&self->lock);
  self->retry = TRUE;
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->lock);
}

void
lockstep_journal_remove_result (LockstepJournal *self,
                                gint64           task)
{
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->removed, lockstep_journal_dup_result_name (task));
  g_mutex_unlock (&self->lock);
}

void
lockstep_journal_give_up (LockstepJournal *self)
{
  g_mutex_lock (&self->lock);
  self->give_up = TRUE;
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->lock);
}

void
lockstep_journal_close_async (LockstepJournal    *self,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, lockstep_journal_close_async);

  g_mutex_lock (&self->lock);
  self->closing = task;
  self->retry = TRUE;
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->lock);
}

gboolean
lockstep_journal_close_finish (LockstepJournal *self,
                               GAsyncResult    *result,
                               GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
