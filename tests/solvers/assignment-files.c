/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "assignment-files.h"

#include <glib/gstdio.h>

char *
assignment_files_make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char              *folder = g_dir_make_tmp ("lockstep-assignment-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

void
assignment_files_remove (const char *folder)
{
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  const char      *name;

  while (directory && (name = g_dir_read_name (directory)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        assignment_files_remove (path);
      else
        g_assert_cmpint (g_remove (path), ==, 0);
    }

  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

char *
assignment_files_write (const char *folder,
                        const char *name,
                        const char *contents)
{
  g_autoptr (GError) error = NULL;
  char              *path = g_build_filename (folder, name, NULL);

  g_file_set_contents (path, contents, -1, &error);
  g_assert_no_error (error);

  return path;
}

char *
assignment_files_find_tntp (const char *name)
{
  const char      *given = g_getenv ("LOCKSTEP_TEST_DATA");
  g_autofree char *beside = g_build_filename (TEST_SOURCE_ROOT, "..", "shared", "data", NULL);
  g_autofree char *path = g_build_filename (given ? given : beside, "tntp", name, NULL);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&path);

  g_test_skip_printf ("%s is not there; LOCKSTEP_TEST_DATA names the folder that holds tntp/", path);
  return NULL;
}

char *
assignment_files_find_city (const char *name)
{
  return g_build_filename (TEST_SOURCE_ROOT, "data", "city", name, NULL);
}
