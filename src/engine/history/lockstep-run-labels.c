/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-run-labels.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>

#include "lockstep-json-writer.h"
#include "lockstep-regular-file.h"

#define FILE_NAME "labels.json"

/* A file that is longer was not written by anybody who labels runs (bytes). */
#define MAX_LENGTH (1024 * 1024)

/* Where there is no text there is no label. */
static char *
dup_label (LockstepJson object,
           const char  *name)
{
  char *text = lockstep_json_dup_string (lockstep_json_get_member (object, name), NULL);

  if (text != NULL && *text == '\0')
    g_clear_pointer (&text, g_free);

  return text;
}

gboolean
lockstep_run_labels_read (LockstepRunLabels *self,
                          const char        *directory,
                          GError           **error)
{
  g_autofree char   *path = g_build_filename (directory, FILE_NAME, NULL);
  g_autofree char   *text = NULL;
  g_autoptr (GError) reason = NULL;
  LockstepJson       object;
  gsize              length;

  self->name = NULL;
  self->note = NULL;
  if ((text = lockstep_regular_file_read (path, MAX_LENGTH, &length, &reason)) == NULL)
    {
      if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
        return TRUE;
      g_set_error (error, G_IO_ERROR, reason->code, _ ("The name and the note of the run cannot be read: %s"), reason->message);
      return FALSE;
    }
  if (!lockstep_json_scan (text, length, &object, &reason) ||
      lockstep_json_get_kind (object) != LOCKSTEP_JSON_OBJECT)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _ ("%s, with the name and the note of the run, cannot be read: %s"), path,
                   reason != NULL ? reason->message : _ ("it is not an object of JSON"));
      return FALSE;
    }

  self->name = dup_label (object, "name");
  self->note = dup_label (object, "note");
  return TRUE;
}

void
lockstep_run_labels_clear (LockstepRunLabels *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->note, g_free);
}

/* What is to be written. */
typedef struct
{
  char             *directory;
  LockstepRunLabels labels;
} Writing;

static void
writing_free (gpointer data)
{
  Writing *writing = data;

  lockstep_run_labels_clear (&writing->labels);
  g_free (writing->directory);
  g_free (writing);
}

static char *
dup_text (const LockstepRunLabels *labels)
{
  GString *out = g_string_new ("{");

  if (labels->name != NULL && *labels->name != '\0')
    lockstep_json_append_string_member (out, "name", labels->name);
  if (labels->note != NULL && *labels->note != '\0')
    lockstep_json_append_string_member (out, "note", labels->note);
  g_string_append (out, "}\n");

  return g_string_free (out, FALSE);
}

static void
write_labels (GTask        *task,
              gpointer      source,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Writing                   *writing = task_data;
  g_autofree char           *path = g_build_filename (writing->directory, FILE_NAME, NULL);
  g_autofree char           *text = NULL;
  g_auto (LockstepRunLabels) old = { NULL, NULL };
  GError                    *error = NULL;

  /* Labels of no use are replaced: they said nothing that could be kept. */
  if (writing->labels.name == NULL || writing->labels.note == NULL)
    lockstep_run_labels_read (&old, writing->directory, NULL);
  if (writing->labels.name == NULL)
    writing->labels.name = g_steal_pointer (&old.name);
  if (writing->labels.note == NULL)
    writing->labels.note = g_steal_pointer (&old.note);

  text = dup_text (&writing->labels);
  if (!g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0666, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  /* A watch on the folder of all runs sees what happens to a run's folder, and not what happens in it. */
  utimensat (AT_FDCWD, writing->directory, NULL, 0);
  g_task_return_boolean (task, TRUE);
}

void
lockstep_run_labels_write_async (const char         *directory,
                                 const char         *name,
                                 const char         *note,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Writing          *writing = g_new0 (Writing, 1);

  writing->directory = g_strdup (directory);
  writing->labels.name = g_strdup (name);
  writing->labels.note = g_strdup (note);
  g_task_set_source_tag (task, lockstep_run_labels_write_async);
  g_task_set_task_data (task, writing, writing_free);
  g_task_run_in_thread (task, write_labels);
}

gboolean
lockstep_run_labels_write_finish (GAsyncResult *result,
                                  GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
