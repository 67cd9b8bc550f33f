/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-run-lookup.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "lockstep-run-folder.h"

/* Characters that a name begins with: the time of the start, to the second. */
#define TIME_LENGTH 15

/* Names that an error lists. */
#define MAX_LISTED 5

static gboolean
is_run (const char *directory)
{
  g_autofree char *plan = g_build_filename (directory, "plan.lockstep", NULL);

  return g_file_test (plan, G_FILE_TEST_EXISTS);
}

/* When the run was begun or resumed last, in ns: its lock was written then. */
static gint64
get_time (const char *parent,
          const char *name)
{
  g_autofree char *lock = g_build_filename (parent, name, "lock", NULL);
  GStatBuf         status;

  return g_stat (lock, &status) == 0 ? status.st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000) + status.st_mtim.tv_nsec : 0;
}

/* Whether @name was started after @other: names begin with the time, to the second. */
static gboolean
is_later (const char *parent,
          const char *name,
          const char *other)
{
  const int order = strncmp (name, other, TIME_LENGTH);

  return order != 0 ? order > 0 : get_time (parent, name) > get_time (parent, other);
}

static char *
find_last (const char *parent,
           GError    **error)
{
  g_autoptr (GDir) dir = g_dir_open (parent, 0, NULL);
  g_autofree char *last = NULL;
  const char      *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *directory = g_build_filename (parent, name, NULL);

      if (!is_run (directory) || (last != NULL && !is_later (parent, name, last)))
        continue;
      g_free (last);
      last = g_strdup (name);
    }

  if (last != NULL)
    return g_build_filename (parent, last, NULL);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("There is no run in %s yet."), parent);
  return NULL;
}

static char *
find_prefix (const char *parent,
             const char *prefix,
             GError    **error)
{
  g_autoptr (GDir)    dir = g_dir_open (parent, 0, NULL);
  g_autoptr (GString) names = g_string_new (NULL);
  g_autofree char    *found = NULL;
  const char         *name;
  guint               n_found = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *directory = g_build_filename (parent, name, NULL);

      if (!g_str_has_prefix (name, prefix) || !is_run (directory))
        continue;
      if (n_found++ < MAX_LISTED)
        g_string_append_printf (names, "\n  %s", name);
      g_free (found);
      found = g_steal_pointer (&directory);
    }

  if (n_found == 1)
    return g_steal_pointer (&found);
  if (n_found > MAX_LISTED)
    g_string_append (names, "\n  …");

  if (n_found == 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 _ ("There is no run “%s” in %s, and no folder of that name that is a run's."), prefix, parent);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, _ ("More than one run begins with “%s”:%s"), prefix, names->str);
  return NULL;
}

char *
lockstep_run_lookup (const char *parent,
                     const char *run,
                     GError    **error)
{
  g_autofree char   *place = lockstep_run_folder_dup_parent (parent);
  g_autofree char   *named = g_build_filename (place, run, NULL);
  g_autofree char   *folder = g_canonicalize_filename (run, NULL);
  g_autoptr (GError) reason = NULL;
  char              *found;

  if (g_str_equal (run, "last"))
    return find_last (place, error);
  if (*run != '\0' && strchr (run, '/') == NULL && is_run (named))
    return g_steal_pointer (&named);
  if (is_run (folder))
    return g_steal_pointer (&folder);
  if (strchr (run, '/') == NULL && *run != '\0')
    {
      if ((found = find_prefix (place, run, &reason)) != NULL)
        return found;
      if (!g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) || !g_file_test (named, G_FILE_TEST_IS_DIR))
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return NULL;
        }
      g_free (folder);
      folder = g_steal_pointer (&named);
    }

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               _ ("%s is not the folder of a run: there is no plan.lockstep in it"), folder);
  return NULL;
}
