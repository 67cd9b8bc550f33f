/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "root-fixture.h"

#include <ftw.h>
#include <glib/gstdio.h>

void
root_fixture_set_up (RootFixture  *fixture,
                     gconstpointer data)
{
  fixture->root = g_dir_make_tmp ("lockstep-root-XXXXXX", NULL);
  g_assert_nonnull (fixture->root);
}

static int
remove_cb (const char        *path,
           const struct stat *status,
           int                kind,
           struct FTW        *walk)
{
  return remove (path);
}

void
root_fixture_tear_down (RootFixture  *fixture,
                        gconstpointer data)
{
  g_assert_no_errno (nftw (fixture->root, remove_cb, 16, FTW_DEPTH | FTW_PHYS));
  g_free (fixture->root);
}

void
root_fixture_add (RootFixture *fixture,
                  const char  *path,
                  const char  *text)
{
  g_autofree char   *full_path = g_build_filename (fixture->root, path, NULL);
  g_autofree char   *folder = g_path_get_dirname (full_path);
  g_autoptr (GError) error = NULL;

  g_assert_no_errno (g_mkdir_with_parents (folder, 0700));
  g_file_set_contents (full_path, text, -1, &error);
  g_assert_no_error (error);
}
