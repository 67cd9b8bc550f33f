/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-settings.h"

typedef struct
{
  char  *group;
  char  *key;
  char **values;
} Change;

static void
change_free (gpointer data)
{
  Change *change = data;

  g_free (change->group);
  g_free (change->key);
  g_strfreev (change->values);
  g_free (change);
}

static char *
dup_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "lockstep", "window.ini", NULL);
}

static GKeyFile *
load (void)
{
  g_autofree char *path = dup_path ();
  GKeyFile        *file = g_key_file_new ();

  g_key_file_load_from_file (file, path, G_KEY_FILE_KEEP_COMMENTS, NULL);

  return file;
}

static void
load_on_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  g_task_return_pointer (task, load (), (GDestroyNotify) g_key_file_unref);
}

void
lockstep_settings_load_async (GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, lockstep_settings_load_async);
  g_task_run_in_thread (task, load_on_thread);
}

GKeyFile *
lockstep_settings_load_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

/* Two windows may do so at a time. */
static void
store_on_thread (GTask        *task,
                 gpointer      source,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  static GMutex        lock;
  const Change        *change = task_data;
  g_autofree char     *path = dup_path ();
  g_autofree char     *folder = g_path_get_dirname (path);
  g_autoptr (GKeyFile) file = NULL;
  g_autoptr (GError)   error = NULL;

  g_mutex_lock (&lock);
  file = load ();
  g_key_file_set_string_list (file, change->group, change->key, (const char *const *) change->values, g_strv_length (change->values));
  g_mkdir_with_parents (folder, 0700);
  if (!g_key_file_save_to_file (file, path, &error))
    g_message ("What was chosen is not kept: %s", error->message);
  g_mutex_unlock (&lock);
  g_task_return_boolean (task, TRUE);
}

void
lockstep_settings_store_strings (const char        *group,
                                 const char        *key,
                                 const char *const *values)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);
  Change           *change = g_new0 (Change, 1);

  change->group = g_strdup (group);
  change->key = g_strdup (key);
  change->values = g_strdupv ((char **) values);
  g_task_set_source_tag (task, lockstep_settings_store_strings);
  g_task_set_task_data (task, change, change_free);
  g_task_run_in_thread (task, store_on_thread);
}
