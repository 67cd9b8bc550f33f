/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-journal.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <unistd.h>

/* Space reserved ahead of the end, so that a full disk still takes the facts. */
#define RESERVE (1024 * 1024)

/* How long the writer gathers before it writes (µs): one system call for many events. */
#define GATHER 10000

/* The newest sample of a solver that was kept, by type (µs, UTC). */
typedef struct
{
  gint64 kept[LOCKSTEP_N_EVENTS - LOCKSTEP_EVENT_PROGRESS];
} Kept;

/* A result that is a file of its own. */
typedef struct
{
  char   *name; /* relative to the folder */
  GBytes *text;
} ResultFile;

struct _LockstepJournal
{
  GObject parent_instance;

  char         *directory;
  GArray       *kept;    /* of Kept, by solver */
  GMainContext *context; /* where signals are emitted */
  GThread      *thread;

  GMutex     lock;    /* over all that follows */
  GCond      wake;    /* of the writer */
  GString   *pending; /* lines to be written */
  GPtrArray *files;   /* of ResultFile, to be written before them */
  gboolean   sync;    /* make durable at once */
  gboolean   retry;   /* try again after a failure */
  GTask     *closing; /* set: write out, answer, end */

  /* the writer's own */
  int      fd;
  goffset  position;
  goffset  reserved;
  gboolean dirty;     /* written, not durable */
  gint64   synced_at; /* monotonic */
};

enum
{
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (LockstepJournal, lockstep_journal, G_TYPE_OBJECT)

static void
result_file_free (gpointer data)
{
  ResultFile *file = data;

  g_free (file->name);
  g_bytes_unref (file->text);
  g_free (file);
}

typedef struct
{
  LockstepJournal *self;
  GError          *error;
} Failure;

static gboolean
tell_failure (gpointer data)
{
  Failure *failure = data;

  g_signal_emit (failure->self, signals[FAILED], 0, failure->error);
  return G_SOURCE_REMOVE;
}

static void
failure_free (gpointer data)
{
  Failure *failure = data;

  g_object_unref (failure->self);
  g_error_free (failure->error);
  g_free (failure);
}

static void
set_error_from_errno (GError    **error,
                      const char *doing,
                      const char *directory,
                      const char *name)
{
  int saved = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), _ ("Could not %s %s/%s: %s"),
               doing, directory, name, g_strerror (saved));
}

static gboolean
write_all (int         fd,
           const char *text,
           gsize       length,
           gsize      *written)
{
  while (*written < length)
    {
      ssize_t count = write (fd, text + *written, length - *written);

      if (count < 0 && errno == EINTR)
        continue;
      if (count < 0)
        return FALSE;
      *written += (gsize) count;
    }

  return TRUE;
}

static gboolean
open_file (LockstepJournal *self,
           GError         **error)
{
  g_autofree char *path = g_build_filename (self->directory, "journal.jsonl", NULL);
  g_autofree char *first = NULL;
  gsize            written = 0;

  if (self->fd >= 0)
    return TRUE;

  self->fd = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (self->fd < 0)
    {
      set_error_from_errno (error, _ ("open"), self->directory, "journal.jsonl");
      return FALSE;
    }

  self->position = lseek (self->fd, 0, SEEK_END);
  if (self->position > 0)
    return TRUE;

  first = g_strdup_printf ("{\"lockstep-journal\":%d}\n", LOCKSTEP_JOURNAL_VERSION);
  if (!write_all (self->fd, first, strlen (first), &written))
    {
      set_error_from_errno (error, _ ("write"), self->directory, "journal.jsonl");
      close (self->fd);
      self->fd = -1;
      return FALSE;
    }
  self->position = (goffset) written;

  return TRUE;
}

/* Not all file systems can reserve; where one cannot, it is left. */
static void
reserve (LockstepJournal *self,
         gsize            length)
{
  if (self->position + (goffset) length <= self->reserved)
    return;

  if (fallocate (self->fd, FALLOC_FL_KEEP_SIZE, self->position, (off_t) length + RESERVE) == 0)
    self->reserved = self->position + (goffset) length + RESERVE;
}

static gboolean
write_file (LockstepJournal  *self,
            const ResultFile *file,
            GError          **error)
{
  g_autofree char *path = g_build_filename (self->directory, file->name, NULL);
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  gsize            length, written = 0;
  const char      *text = g_bytes_get_data (file->text, &length);
  int              fd = open (part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

  /* A task that is done again has a file already, which somebody may be looking at. */
  if (fd < 0 || !write_all (fd, text, length, &written) || fdatasync (fd) != 0 || rename (part, path) != 0)
    {
      set_error_from_errno (error, _ ("write"), self->directory, file->name);
      if (fd >= 0)
        close (fd);
      return FALSE;
    }

  close (fd);
  return TRUE;
}

/* Writes what there is; what was written is taken out of @files and @lines, whatever happens. */
static gboolean
write_out (LockstepJournal *self,
           GPtrArray       *files,
           GString         *lines,
           GError         **error)
{
  gsize    written = 0;
  gboolean ok;

  if (!open_file (self, error))
    return FALSE;

  while (files->len > 0)
    {
      if (!write_file (self, g_ptr_array_index (files, 0), error))
        return FALSE;
      g_ptr_array_remove_index (files, 0);
    }

  if (lines->len == 0)
    return TRUE;

  reserve (self, lines->len);
  ok = write_all (self->fd, lines->str, lines->len, &written);
  if (!ok)
    set_error_from_errno (error, _ ("write"), self->directory, "journal.jsonl");
  self->position += (goffset) written;
  self->dirty |= written > 0;
  g_string_erase (lines, 0, (gssize) written);

  return ok;
}

static gboolean
make_durable (LockstepJournal *self,
              GError         **error)
{
  self->synced_at = g_get_monotonic_time ();
  if (!self->dirty)
    return TRUE;

  if (fdatasync (self->fd) != 0)
    {
      set_error_from_errno (error, _ ("make durable"), self->directory, "journal.jsonl");
      return FALSE;
    }
  self->dirty = FALSE;

  return TRUE;
}

/* Waits, with the lock held, until there is something to do. */
static void
wait_for_work (LockstepJournal *self,
               gboolean         failed)
{
  while (self->closing == NULL && !(failed ? self->retry : self->sync || self->pending->len > 0))
    {
      if (self->dirty && !failed)
        {
          if (!g_cond_wait_until (&self->wake, &self->lock, self->synced_at + G_USEC_PER_SEC))
            return;
        }
      else
        {
          g_cond_wait (&self->wake, &self->lock);
        }
    }
}

/* Takes over, with the lock held, what was appended. */
static void
take_pending (LockstepJournal *self,
              GPtrArray       *files,
              GString         *lines)
{
  g_string_append_len (lines, self->pending->str, (gssize) self->pending->len);
  g_string_truncate (self->pending, 0);
  g_ptr_array_extend_and_steal (files, self->files);
  self->files = g_ptr_array_new_with_free_func (result_file_free);
}

static void
report_failure (LockstepJournal *self,
                const GError    *error)
{
  Failure *failure = g_new0 (Failure, 1);

  failure->self = g_object_ref (self);
  failure->error = g_error_copy (error);
  g_main_context_invoke_full (self->context, G_PRIORITY_DEFAULT, tell_failure, failure, failure_free);
}

/* The writer's thread; it holds a reference. */
static gpointer
write_journal (gpointer data)
{
  g_autoptr (LockstepJournal) self = data;
  g_autoptr (GPtrArray)       files = g_ptr_array_new_with_free_func (result_file_free);
  g_autoptr (GString)         lines = g_string_new (NULL);
  g_autoptr (GError)          error = NULL;
  g_autoptr (GTask)           closing = NULL;

  while (closing == NULL)
    {
      gboolean sync;

      g_mutex_lock (&self->lock);
      wait_for_work (self, error != NULL);
      if (self->closing == NULL)
        {
          g_mutex_unlock (&self->lock);
          g_usleep (GATHER);
          g_mutex_lock (&self->lock);
        }
      closing = g_steal_pointer (&self->closing);
      sync = self->sync || closing != NULL;
      self->sync = FALSE;
      self->retry = FALSE;
      take_pending (self, files, lines);
      g_mutex_unlock (&self->lock);

      g_clear_error (&error);
      sync |= g_get_monotonic_time () - self->synced_at >= G_USEC_PER_SEC;
      if (write_out (self, files, lines, &error) && sync)
        make_durable (self, &error);
      if (error != NULL && closing == NULL)
        report_failure (self, error);
    }

  if (error != NULL)
    g_task_return_error (closing, g_steal_pointer (&error));
  else
    g_task_return_boolean (closing, TRUE);

  return NULL;
}

/* Whether this sample is due; a fact always is. */
static gboolean
is_due (LockstepJournal     *self,
        const LockstepEvent *event)
{
  gint64 *kept;

  if (lockstep_event_type_is_fact (event->type) || event->solver < 0)
    return TRUE;

  if (self->kept->len <= (guint) event->solver)
    g_array_set_size (self->kept, (guint) event->solver + 1);
  kept = &g_array_index (self->kept, Kept, event->solver).kept[event->type - LOCKSTEP_EVENT_PROGRESS];
  if (event->time - *kept < (event->type == LOCKSTEP_EVENT_OUTPUT ? G_USEC_PER_SEC / 4 : G_USEC_PER_SEC))
    return FALSE;
  *kept = event->time;

  return TRUE;
}

static void
lockstep_journal_finalize (GObject *object)
{
  LockstepJournal *self = LOCKSTEP_JOURNAL (object);

  if (self->fd >= 0)
    close (self->fd);
  g_thread_unref (self->thread);
  g_main_context_unref (self->context);
  g_array_unref (self->kept);
  g_string_free (self->pending, TRUE);
  g_ptr_array_unref (self->files);
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
}

static void
lockstep_journal_init (LockstepJournal *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->kept = g_array_new (FALSE, TRUE, sizeof (Kept));
  self->pending = g_string_new (NULL);
  self->files = g_ptr_array_new_with_free_func (result_file_free);
  self->fd = -1;
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

void
lockstep_journal_append (LockstepJournal     *self,
                         const LockstepEvent *event)
{
  ResultFile *file = NULL;
  gboolean    was_empty;

  if (!is_due (self, event))
    return;

  if (event->type == LOCKSTEP_EVENT_TASK_ENDED && event->payload != NULL && g_bytes_get_size (event->payload) > LOCKSTEP_JOURNAL_INLINE_MAX)
    {
      file = g_new0 (ResultFile, 1);
      file->name = g_strdup_printf ("results/%06" G_GINT64_FORMAT ".json", event->task);
      file->text = g_bytes_ref (event->payload);
    }

  g_mutex_lock (&self->lock);
  was_empty = self->pending->len == 0;
  if (file != NULL)
    g_ptr_array_add (self->files, file);
  lockstep_event_append_line (event, self->pending, file != NULL ? file->name : NULL);
  if (was_empty)
    g_cond_signal (&self->wake);
  g_mutex_unlock (&self->lock);
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
lockstep_journal_close_async (LockstepJournal    *self,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, lockstep_journal_close_async);

  g_mutex_lock (&self->lock);
  self->closing = task;
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
