/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-log-past.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lockstep-json.h"
#include "lockstep-past-run.h"
#include "lockstep-run-folder.h"

/* Bytes of one stretch of a file that are looked at: its end. */
#define MAX_STRETCH ((goffset) 2 << 20)

/* Bytes that a line may go on behind a stretch. */
#define MAX_REST 8192

/* Something that belongs into the log, in the order of the journal. */
typedef struct
{
  gint64        time;
  int           solver;
  LockstepLevel level;
  char         *text; /* of an event; NULL for a stretch of the solver's file */
  goffset       from;
  goffset       to;
} Record;

struct _LockstepLogPast
{
  GPtrArray *pieces;  /* of LockstepLogPiece */
  GArray    *offsets; /* of guint64, by solver */
  gint64     time;
};

typedef struct
{
  const char *directory;
  guint       max_lines;
  GQueue      records; /* of Record; no more than lines are wanted */
  GArray     *sizes;   /* of goffset, by solver: what the journal told of its file */
  gint64      time;
} Loading;

static void
record_free (Record *record)
{
  g_free (record->text);
  g_free (record);
}

static void
piece_free (gpointer data)
{
  LockstepLogPiece *piece = data;

  g_bytes_unref (piece->text);
  g_free (piece);
}

static void
push (Loading *self,
      Record  *record)
{
  g_queue_push_tail (&self->records, record);
  if (self->records.length > self->max_lines)
    record_free (g_queue_pop_head (&self->records));
}

/* The solver's file had @size bytes then. */
static void
push_stretch (Loading *self,
              int      solver,
              goffset  size)
{
  Record  *last = g_queue_peek_tail (&self->records);
  goffset *seen;

  if (self->sizes->len <= (guint) solver)
    g_array_set_size (self->sizes, (guint) solver + 1);
  seen = &g_array_index (self->sizes, goffset, solver);
  if (size <= *seen)
    return;

  if (last != NULL && last->text == NULL && last->solver == solver)
    {
      last->to = size;
    }
  else
    {
      Record *record = g_new0 (Record, 1);

      record->solver = solver;
      record->level = LOCKSTEP_LEVEL_INFO;
      record->from = *seen;
      record->to = size;
      push (self, record);
    }
  *seen = size;
}

static gboolean
take_event (LockstepRun         *run,
            const LockstepEvent *event,
            gpointer             user_data)
{
  Loading     *self = user_data;
  LockstepJson payload = { NULL, 0 };
  gint64       size = 0;
  char        *text;

  self->time = event->time;
  if (event->payload != NULL)
    payload.text = g_bytes_get_data (event->payload, &payload.length);

  /* The words of one that ends stand before its end. */
  if (event->solver >= 0 && event->type == LOCKSTEP_EVENT_OUTPUT)
    lockstep_json_get_int (lockstep_json_get_member (payload, "size"), &size);
  else if (event->solver >= 0 && event->type == LOCKSTEP_EVENT_SOLVER_ENDED)
    lockstep_json_get_int (lockstep_json_get_member (payload, "output"), &size);
  if (size > 0)
    push_stretch (self, event->solver, size);

  if ((text = lockstep_event_dup_text (event, lockstep_run_get_plan (run))) != NULL)
    {
      Record *record = g_new0 (Record, 1);

      record->time = event->time;
      record->solver = event->solver;
      record->level = lockstep_event_get_level (event, lockstep_run_get_state (run));
      record->text = text;
      push (self, record);
    }

  return TRUE;
}

static gboolean
read_all (int     fd,
          char   *buffer,
          gsize   length,
          goffset offset)
{
  while (length > 0)
    {
      ssize_t count = pread (fd, buffer, length, offset);

      if (count < 0 && errno == EINTR)
        continue;
      if (count <= 0)
        return FALSE;
      buffer += count;
      length -= (gsize) count;
      offset += count;
    }

  return TRUE;
}

/* The end of @text that is @n_lines lines at most. */
static GBytes *
take_last (const char *text,
           gsize       length,
           guint       n_lines,
           guint      *n_taken)
{
  const char *start = text + length;

  *n_taken = 0;
  while (start > text && *n_taken < n_lines)
    {
      const char *newline = memrchr (text, '\n', (gsize) (start - 1 - text));

      start = newline != NULL ? newline + 1 : text;
      (*n_taken)++;
    }

  return g_bytes_new (start, (gsize) (text + length - start));
}

/* The last lines of those that begin in a stretch of the solver's file; NULL where there is none. */
static GBytes *
read_stretch (Loading      *self,
              const Record *record,
              guint         n_lines,
              guint        *n_taken)
{
  g_autofree char *path = lockstep_run_folder_dup_solver_log (self->directory, (guint) record->solver);
  const goffset    from = MAX (record->from, record->to - MAX_STRETCH);
  const goffset    first = MAX (from - 1, 0);
  const int        fd = open (path, O_RDONLY | O_CLOEXEC);
  g_autofree char *bytes = NULL;
  const char      *start, *end, *newline;
  struct stat      status;
  gsize            length = 0;
  gboolean         ok = fd >= 0 && fstat (fd, &status) == 0 && status.st_size >= record->to;

  /* Its last line may go on behind it. */
  if (ok)
    {
      length = (gsize) (MIN (record->to + MAX_REST, status.st_size) - first);
      bytes = g_malloc (length);
      ok = read_all (fd, bytes, length, first);
    }
  if (fd >= 0)
    close (fd);
  if (!ok)
    return NULL;

  end = bytes + (record->to - first);
  newline = end > bytes && end[-1] == '\n' ? end - 1 : memchr (end, '\n', (gsize) (bytes + length - end));
  end = newline != NULL ? newline + 1 : bytes + length;

  /* What a line began with stands with the stretch before. */
  start = bytes;
  if (from > 0)
    {
      start = memchr (bytes, '\n', (gsize) (end - bytes));
      if (start == NULL || ++start == end)
        return NULL;
    }

  return take_last (start, (gsize) (end - start), n_lines, n_taken);
}

/* A stretch ends where a line does: what follows it in the file goes with the next. */
static goffset
find_line_end (Loading *self,
               int      solver,
               goffset  size)
{
  g_autofree char *path = lockstep_run_folder_dup_solver_log (self->directory, (guint) solver);
  char             bytes[4096];
  int              fd = open (path, O_RDONLY | O_CLOEXEC);

  while (fd >= 0 && size > 0)
    {
      const gsize length = (gsize) MIN (size, (goffset) sizeof bytes);
      const char *newline;

      if (!read_all (fd, bytes, length, size - (goffset) length))
        break;
      if ((newline = memrchr (bytes, '\n', length)) != NULL)
        {
          size += newline + 1 - (bytes + length);
          break;
        }
      size -= (goffset) length;
    }
  if (fd >= 0)
    close (fd);

  return size;
}

/* Of a solver that prints now, only whole lines are taken: the rest is for who follows its file. Of one that does not, all. */
static void
push_ends (Loading         *self,
           LockstepLogPast *past,
           GListModel      *solvers,
           gboolean         live)
{
  const guint n_solvers = g_list_model_get_n_items (solvers);

  g_array_set_size (past->offsets, n_solvers);
  for (guint i = 0; i < n_solvers; i++)
    {
      g_autofree char *path = lockstep_run_folder_dup_solver_log (self->directory, i);
      struct stat      status;
      goffset          size = stat (path, &status) == 0 ? status.st_size : 0;

      if (live)
        size = find_line_end (self, (int) i, size);
      push_stretch (self, (int) i, size);
      g_array_index (past->offsets, guint64, i) = (guint64) size;
    }
}

static void
make_pieces (Loading         *self,
             LockstepLogPast *past)
{
  guint n_lines = 0;

  for (GList *l = self->records.tail; l != NULL && n_lines < self->max_lines; l = l->prev)
    {
      const Record      *record = l->data;
      g_autoptr (GBytes) text = NULL;
      LockstepLogPiece  *piece;
      guint              n_taken = 1;

      if (record->text != NULL)
        text = g_bytes_new (record->text, strlen (record->text));
      else
        text = read_stretch (self, record, self->max_lines - n_lines, &n_taken);
      if (text == NULL)
        continue;

      piece = g_new0 (LockstepLogPiece, 1);
      piece->time = record->time;
      piece->solver = record->solver;
      piece->level = record->level;
      piece->text = g_steal_pointer (&text);
      g_ptr_array_add (past->pieces, piece);
      n_lines += n_taken;
    }

  for (guint i = 0; i < past->pieces->len / 2; i++)
    {
      gpointer *a = &past->pieces->pdata[i];
      gpointer *b = &past->pieces->pdata[past->pieces->len - 1 - i];
      gpointer  swapped = *a;

      *a = *b;
      *b = swapped;
    }
}

LockstepLogPast *
lockstep_log_past_load (const char *directory,
                        guint       max_lines,
                        GError    **error)
{
  Loading                     loading = { .directory = directory, .max_lines = max_lines };
  g_autoptr (LockstepPastRun) run = NULL;
  LockstepLogPast            *self;

  g_queue_init (&loading.records);
  loading.sizes = g_array_new (FALSE, TRUE, sizeof (goffset));
  run = lockstep_past_run_load_with (directory, take_event, &loading, error);
  if (run == NULL)
    {
      g_queue_clear_full (&loading.records, (GDestroyNotify) record_free);
      g_array_unref (loading.sizes);
      return NULL;
    }

  self = g_new0 (LockstepLogPast, 1);
  self->pieces = g_ptr_array_new_with_free_func (piece_free);
  self->offsets = g_array_new (FALSE, TRUE, sizeof (guint64));
  self->time = loading.time;
  push_ends (&loading, self, lockstep_run_get_solvers (lockstep_past_run_get_run (run)), lockstep_past_run_is_live (run));
  make_pieces (&loading, self);

  g_queue_clear_full (&loading.records, (GDestroyNotify) record_free);
  g_array_unref (loading.sizes);

  return self;
}

typedef struct
{
  char *directory;
  guint max_lines;
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_free (call->directory);
  g_free (call);
}

static void
load_on_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  const Call      *call = task_data;
  GError          *error = NULL;
  LockstepLogPast *self = lockstep_log_past_load (call->directory, call->max_lines, &error);

  if (self == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, self, (GDestroyNotify) lockstep_log_past_free);
}

void
lockstep_log_past_load_async (const char         *directory,
                              guint               max_lines,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Call             *call = g_new0 (Call, 1);

  call->directory = g_strdup (directory);
  call->max_lines = max_lines;
  g_task_set_source_tag (task, lockstep_log_past_load_async);
  g_task_set_task_data (task, call, call_free);
  g_task_run_in_thread (task, load_on_thread);
}

LockstepLogPast *
lockstep_log_past_load_finish (GAsyncResult *result,
                               GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
lockstep_log_past_free (LockstepLogPast *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->pieces);
  g_array_unref (self->offsets);
  g_free (self);
}

guint
lockstep_log_past_get_n_pieces (LockstepLogPast *self)
{
  return self->pieces->len;
}

const LockstepLogPiece *
lockstep_log_past_get_piece (LockstepLogPast *self,
                             guint            index)
{
  g_return_val_if_fail (index < self->pieces->len, NULL);

  return self->pieces->pdata[index];
}

gint64
lockstep_log_past_get_time (LockstepLogPast *self)
{
  return self->time;
}

guint64
lockstep_log_past_get_offset (LockstepLogPast *self,
                              guint            solver)
{
  return solver < self->offsets->len ? g_array_index (self->offsets, guint64, solver) : 0;
}
