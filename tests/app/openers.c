/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "openers.h"

#include <glib/gstdio.h>

#include "app-test.h"

static char *folder;
static char *told; /* the file that has the arguments */

static void
write_teller (const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = g_strdup_printf ("#!/bin/sh\nprintf '%%s\\n' \"$@\" >'%s.new'\nexec mv '%s.new' '%s'\n", told, told, told);

  g_assert_true (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0755, NULL));
}

void
openers_init (void)
{
  g_autofree char *applications = NULL;
  g_autofree char *entry = NULL;
  g_autofree char *entry_text = NULL;
  g_autofree char *defaults = NULL;
  g_autofree char *path = NULL;

  folder = g_dir_make_tmp ("lockstep-test-openers-XXXXXX", NULL);
  told = g_build_filename (folder, "told", NULL);
  write_teller ("opener");
  write_teller ("xdg-terminal-exec");

  applications = g_build_filename (folder, "applications", NULL);
  entry = g_build_filename (applications, "opener.desktop", NULL);
  entry_text = g_strdup_printf ("[Desktop Entry]\nType=Application\nName=Opener\nExec=%s/opener %%f\nMimeType=inode/directory;\n", folder);
  defaults = g_build_filename (folder, "mimeapps.list", NULL);
  g_assert_cmpint (g_mkdir (applications, 0755), ==, 0);
  g_assert_true (g_file_set_contents (entry, entry_text, -1, NULL));
  g_assert_true (g_file_set_contents (defaults, "[Default Applications]\ninode/directory=opener.desktop\n", -1, NULL));

  path = g_strconcat (folder, ":", g_getenv ("PATH"), NULL);
  g_setenv ("XDG_DATA_HOME", folder, TRUE);
  g_setenv ("XDG_CONFIG_HOME", folder, TRUE);
  g_setenv ("PATH", path, TRUE);
}

static gboolean
is_told (gpointer data)
{
  return g_file_test (told, G_FILE_TEST_EXISTS);
}

char *
openers_dup_told (void)
{
  char *arguments = NULL;

  app_test_wait (is_told, NULL);
  g_assert_true (g_file_get_contents (told, &arguments, NULL, NULL));
  g_assert_cmpint (g_unlink (told), ==, 0);

  return arguments;
}

void
openers_end (void)
{
  app_test_remove_folder (folder);
  g_clear_pointer (&folder, g_free);
  g_clear_pointer (&told, g_free);
}
