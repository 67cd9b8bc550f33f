/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-export-job.h"

#include "lockstep-file-list.h"

typedef struct
{
  const LockstepExportJob *job;
  guint64                  done;
  guint64                  size;
} Progress;

static gboolean
progress_cb (gsize    n_bytes,
             gpointer user_data,
             GError **error)
{
  Progress *self = user_data;

  self->done += n_bytes;
  return lockstep_export_job_advance (self->job, (double) self->done / (double) MAX (self->size, 1), error);
}

/* All that is in the run's folder, but for its lock, in a folder of the same name. */
gboolean
lockstep_export_write_all (const LockstepExportJob *job,
                           GError                 **error)
{
  static const char *const     first[] = { "plan.lockstep", "summary.json", "journal.jsonl" };
  Progress                     progress = { job, 0, 0 };
  g_autoptr (LockstepArchive)  archive = lockstep_archive_new (job->file, progress_cb, &progress, error);
  g_autoptr (LockstepFileList) files = lockstep_file_list_new ();
  g_autofree char             *name = g_path_get_basename (job->directory);
  g_autofree char             *lock = g_build_filename (job->directory, "lock", NULL);
  const char                  *partial = lockstep_export_file_get_partial (job->file);
  g_autoptr (GDir)             dir = NULL;
  const char                  *child;

  lockstep_file_list_set_changing (files, job->live);
  if (archive == NULL || !(dir = g_dir_open (job->directory, 0, error)))
    return FALSE;

  /* What one looks for stands in front. */
  for (guint i = 0; i < G_N_ELEMENTS (first); i++)
    {
      g_autofree char *path = g_build_filename (job->directory, first[i], NULL);
      g_autofree char *inside = g_strconcat (name, "/", first[i], NULL);

      if (g_file_test (path, G_FILE_TEST_EXISTS) && !lockstep_file_list_add (files, inside, path, NULL, error))
        return FALSE;
    }
  while ((child = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (job->directory, child, NULL);
      g_autofree char *inside = g_strconcat (name, "/", child, NULL);

      if (!g_str_equal (path, lock) && !lockstep_file_list_add (files, inside, path, partial, error))
        return FALSE;
    }

  progress.size = lockstep_file_list_get_size (files);
  return lockstep_file_list_write (files, archive, error) && lockstep_archive_finish (archive, error);
}
