/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-trial-folder.h"

#include <errno.h>
#include <fts.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <sys/stat.h>

static FTS *
open_folder (const char *path)
{
  char *const paths[] = { (char *) path, NULL };

  return fts_open (paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, NULL);
}

guint64
lockstep_trial_folder_measure (const char *path)
{
  FTS    *folder = open_folder (path);
  guint64 n_bytes = 0;
  FTSENT *entry;

  while (folder != NULL && (entry = fts_read (folder)) != NULL)
    if (entry->fts_info == FTS_F)
      n_bytes += (guint64) entry->fts_statp->st_size;
  if (folder != NULL)
    fts_close (folder);

  return n_bytes;
}

void
lockstep_trial_folder_remove (const char *path)
{
  FTS    *folder = open_folder (path);
  FTSENT *entry;

  while (folder != NULL && (entry = fts_read (folder)) != NULL)
    if (entry->fts_info != FTS_D && remove (entry->fts_accpath) < 0)
      g_debug ("%s: %s", entry->fts_path, g_strerror (errno));
  if (folder != NULL)
    fts_close (folder);
}

gboolean
lockstep_trial_folder_make (const char *path,
                            GError    **error)
{
  g_autoptr (GDir) dir = NULL;
  const char      *name;

  if (mkdir (path, 0777) == 0)
    return TRUE;
  if (errno != EEXIST)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), _ ("The folder %s could not be made: %s"), path,
                   g_strerror (errno));
      return FALSE;
    }

  if ((dir = g_dir_open (path, 0, error)) == NULL)
    return FALSE;
  if ((name = g_dir_read_name (dir)) == NULL)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
               _ ("The folder %s is not empty: there is “%s” in it. Name one that is empty or not there yet."), path, name);
  return FALSE;
}
