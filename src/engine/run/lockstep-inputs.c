/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-inputs.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lockstep-json-writer.h"

#define FILE_NAME "inputs.json"

/* Of {"lockstep-inputs": 1}. */
#define VERSION 1

/* How much is read at a time (bytes), and is not to be interrupted. */
#define CHUNK (1024 * 1024)

void
lockstep_input_free (LockstepInput *self)
{
  g_free (self->member);
  g_free (self->path);
  g_free (self->sha256);
  g_free (self->was);
  g_free (self->error);
  g_free (self);
}

/* The sum of what @fd has; NULL, with errno set, when it cannot be read, and errno 0 when @cancellable was. */
static char *
read_sum (int           fd,
          GCancellable *cancellable)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guchar    *chunk = g_malloc (CHUNK);

  for (;;)
    {
      ssize_t count;

      if (g_cancellable_is_cancelled (cancellable))
        {
          errno = 0;
          return NULL;
        }

      count = read (fd, chunk, CHUNK);
      if (count == 0)
        return g_strdup (g_checksum_get_string (sum));
      if (count > 0)
        g_checksum_update (sum, chunk, count);
      else if (errno != EINTR)
        return NULL;
    }
}

static void
read_input (LockstepInput *self,
            GCancellable  *cancellable)
{
  struct stat status;
  int         fd;

  if (g_cancellable_is_cancelled (cancellable))
    return;

  /* What was a file may be a pipe by now, whose writer nobody waits for. */
  fd = open (self->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0 || fstat (fd, &status) != 0)
    {
      self->error = g_strdup (g_strerror (errno));
      if (fd >= 0)
        close (fd);
      return;
    }

  if (S_ISREG (status.st_mode))
    {
      self->size = (guint64) status.st_size;
      self->modified = status.st_mtim.tv_sec * G_USEC_PER_SEC + status.st_mtim.tv_nsec / 1000;
      self->sha256 = read_sum (fd, cancellable);
      if (self->sha256 == NULL && errno != 0)
        self->error = g_strdup (g_strerror (errno));
    }
  else
    {
      self->error = g_strdup (_ ("it is no file"));
    }
  close (fd);
}

/* Several members may name the same file. */
static void
read_inputs (GPtrArray    *inputs,
             GCancellable *cancellable)
{
  g_autoptr (GHashTable) by_path = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < inputs->len; i++)
    {
      LockstepInput       *input = g_ptr_array_index (inputs, i);
      const LockstepInput *same = g_hash_table_lookup (by_path, input->path);

      if (same == NULL)
        {
          read_input (input, cancellable);
          g_hash_table_insert (by_path, input->path, input);
          continue;
        }
      input->size = same->size;
      input->modified = same->modified;
      input->sha256 = g_strdup (same->sha256);
      input->error = g_strdup (same->error);
    }
}

static GBytes *
write_json (GPtrArray *inputs)
{
  GString *out = g_string_new (NULL);

  g_string_printf (out, "{\"lockstep-inputs\":%d,\"files\":[", VERSION);
  for (guint i = 0; i < inputs->len; i++)
    {
      const LockstepInput *input = g_ptr_array_index (inputs, i);

      g_string_append (out, i > 0 ? ",\n{" : "\n{");
      lockstep_json_append_string_member (out, "member", input->member);
      lockstep_json_append_string_member (out, "path", input->path);
      g_string_append_printf (out, ",\"size\":%" G_GUINT64_FORMAT ",\"modified\":%" G_GINT64_FORMAT, input->size,
                              input->modified);
      if (input->sha256 != NULL)
        lockstep_json_append_string_member (out, "sha256", input->sha256);
      if (input->was != NULL)
        lockstep_json_append_string_member (out, "was", input->was);
      if (input->error != NULL)
        lockstep_json_append_string_member (out, "error", input->error);
      g_string_append_c (out, '}');
    }
  g_string_append (out, "\n]}\n");

  return g_string_free_to_bytes (out);
}

static LockstepInput *
read_json (LockstepJson json)
{
  LockstepInput *input = g_new0 (LockstepInput, 1);
  gint64         size = 0;

  input->member = lockstep_json_dup_string (lockstep_json_get_member (json, "member"), NULL);
  input->path = lockstep_json_dup_string (lockstep_json_get_member (json, "path"), NULL);
  input->sha256 = lockstep_json_dup_string (lockstep_json_get_member (json, "sha256"), NULL);
  input->was = lockstep_json_dup_string (lockstep_json_get_member (json, "was"), NULL);
  input->error = lockstep_json_dup_string (lockstep_json_get_member (json, "error"), NULL);
  lockstep_json_get_int (lockstep_json_get_member (json, "size"), &size);
  lockstep_json_get_int (lockstep_json_get_member (json, "modified"), &input->modified);
  input->size = (guint64) MAX (size, 0);

  return input;
}

GPtrArray *
lockstep_inputs_load (const char *directory,
                      GError    **error)
{
  g_autofree char      *path = g_build_filename (directory, FILE_NAME, NULL);
  g_autofree char      *text = NULL;
  g_autoptr (GPtrArray) inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) lockstep_input_free);
  gsize                 length;
  gint64                version;
  LockstepJson          json, element;
  LockstepJsonIter      iter;
  g_autoptr (GError)    reason = NULL;

  if (!g_file_get_contents (path, &text, &length, &reason))
    {
      g_set_error (error, G_IO_ERROR,
                   g_error_matches (reason, G_FILE_ERROR, G_FILE_ERROR_NOENT) ? G_IO_ERROR_NOT_FOUND : G_IO_ERROR_FAILED,
                   _ ("What the run was made from cannot be read: %s"), reason->message);
      return NULL;
    }

  if (!lockstep_json_scan (text, length, &json, NULL) ||
      !lockstep_json_get_int (lockstep_json_get_member (json, "lockstep-inputs"), &version) || version != VERSION)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _ ("What the run was made from, %s, cannot be read: it is not of version %d of that file."), path, VERSION);
      return NULL;
    }

  lockstep_json_iter_init (&iter, lockstep_json_get_member (json, "files"));
  while (lockstep_json_iter_next (&iter, NULL, &element))
    {
      g_autoptr (LockstepInput) input = read_json (element);

      if (input->member != NULL && input->path != NULL)
        g_ptr_array_add (inputs, g_steal_pointer (&input));
    }

  return g_steal_pointer (&inputs);
}

/* A command may be another program on another host. */
static LockstepInput *
find_same (GPtrArray           *inputs,
           const LockstepInput *like)
{
  LockstepInput *same = NULL;

  for (guint i = 0; i < inputs->len; i++)
    {
      LockstepInput *input = g_ptr_array_index (inputs, i);

      if (g_str_equal (input->member, like->member) && (same == NULL || g_str_equal (input->path, like->path)))
        same = input;
    }

  return same;
}

/* @old cannot be read any more; what it was is not forgotten. */
static void
tell_gone (GPtrArray           *changes,
           const LockstepInput *old,
           const char          *why)
{
  g_ptr_array_add (changes, g_strdup_printf (_ ("%s (“%s” in the plan), which the run was made from, cannot be read any "
                                                "more: %s."),
                                             old->path, old->member, why));
}

/* What is not as it was in the session before, sentences for a person. */
static GPtrArray *
compare (GPtrArray *before,
         GPtrArray *now)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; before != NULL && i < before->len; i++)
    {
      const LockstepInput *old = g_ptr_array_index (before, i);
      LockstepInput *new = find_same (now, old);
      const char *first = old->was != NULL ? old->was : old->sha256;

      if (first == NULL)
        continue;

      if (new == NULL)
        {
          new = g_new0 (LockstepInput, 1);
          new->member = g_strdup (old->member);
          new->path = g_strdup (old->path);
          new->error = g_strdup (g_strerror (ENOENT));
          g_ptr_array_add (now, new);
        }
      if (g_strcmp0 (new->sha256, first) != 0)
        new->was = g_strdup (first);

      if (new->error != NULL)
        tell_gone (changes, old, new->error);
      else if (new->sha256 != NULL && old->sha256 != NULL && !g_str_equal (new->sha256, old->sha256))
        g_ptr_array_add (changes, g_strdup_printf (_ ("%s (“%s” in the plan) is not what it was when the run was last at "
                                                      "work: what is done from now on may not fit to what was done "
                                                      "before. Start a new run to have it all made from the same."),
                                                   new->path, new->member));
    }

  return changes;
}

static void
record (GTask        *task,
        gpointer      source,
        gpointer      task_data,
        GCancellable *cancellable)
{
  const char           *directory = task_data;
  g_autofree char      *path = g_build_filename (directory, FILE_NAME, NULL);
  g_autoptr (GPtrArray) before = lockstep_inputs_load (directory, NULL);
  g_autoptr (GPtrArray) now = lockstep_inputs_find (source);
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (GBytes)    json = NULL;
  g_autoptr (GError)    error = NULL;
  gsize                 length;
  const char           *text;

  read_inputs (now, cancellable);
  changes = compare (before, now);
  json = write_json (now);
  text = g_bytes_get_data (json, &length);
  if (!g_file_set_contents_full (path, text, (gssize) length, G_FILE_SET_CONTENTS_CONSISTENT, 0666, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_steal_pointer (&changes), (GDestroyNotify) g_ptr_array_unref);
}

void
lockstep_inputs_record_async (LockstepPlan       *plan,
                              const char         *directory,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (plan, cancellable, callback, user_data);

  g_task_set_source_tag (task, lockstep_inputs_record_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, g_strdup (directory), g_free);
  g_task_run_in_thread (task, record);
}

GPtrArray *
lockstep_inputs_record_finish (GAsyncResult *result,
                               GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
