/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-tail.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Nobody reads more than this as "the last lines", however long they are. */
#define MOST_BYTES ((off_t) 1 << 20)

typedef struct
{
  char *path; /* owned */
  guint n_lines;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_free (request->path);
  g_free (request);
}

/* Where the last @n_lines lines of @text begin. */
static const char *
find_last_lines (const char *text,
                 gsize       length,
                 guint       n_lines)
{
  const char *end = text + length;
  const char *start;

  /* The newline that ends the last line begins none. */
  if (length > 0 && end[-1] == '\n')
    end--;

  for (start = end; start > text; start--)
    if (start[-1] == '\n' && --n_lines == 0)
      break;

  return start;
}

/* What stands before @end in the file (negative: its end), as much as may be shown. */
static char *
read_end (int     fd,
          goffset end,
          gsize  *length)
{
  struct stat      status;
  g_autofree char *text = NULL;
  off_t            last, wanted;

  *length = 0;
  if (fstat (fd, &status) < 0)
    return NULL;

  last = end >= 0 ? MIN (status.st_size, end) : status.st_size;
  wanted = MIN (last, MOST_BYTES);
  text = g_malloc (wanted + 1);

  while ((off_t) *length < wanted)
    {
      ssize_t n_bytes = pread (fd, text + *length, wanted - *length, last - wanted + *length);

      if (n_bytes < 0 && errno == EINTR)
        continue;
      if (n_bytes < 0)
        return NULL;
      if (n_bytes == 0)
        break;
      *length += n_bytes;
    }

  return g_steal_pointer (&text);
}

char *
lockstep_tail_dup_last (const char *path,
                        guint       n_lines,
                        goffset     end,
                        GError    **error)
{
  g_autofree char *text = NULL;
  const char      *start;
  gsize            length = 0;
  int              fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  int              number;

  if (fd >= 0)
    text = read_end (fd, end, &length);
  number = errno;
  if (fd >= 0)
    close (fd);

  if (text == NULL)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number),
                   _ ("The output in “%s” could not be read: %s."), path, g_strerror (number));
      return NULL;
    }

  start = n_lines > 0 ? find_last_lines (text, length, n_lines) : text + length;
  return g_utf8_make_valid (start, text + length - start);
}

static void
read_last_thread (GTask        *task,
                  gpointer      source_object,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  Request *request = task_data;
  GError  *error = NULL;
  char    *text = lockstep_tail_dup_last (request->path, request->n_lines, -1, &error);

  if (text == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, text, g_free);
}

void
lockstep_tail_read_last_async (const char         *path,
                               guint               n_lines,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  Request          *request;

  g_return_if_fail (path != NULL);

  request = g_new0 (Request, 1);
  request->path = g_strdup (path);
  request->n_lines = n_lines;

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, lockstep_tail_read_last_async);
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, read_last_thread);
}

char *
lockstep_tail_read_last_finish (GAsyncResult *result,
                                GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
