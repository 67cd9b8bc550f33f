/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-run-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "lockstep-journal.h"
#include "lockstep-plan-tasks.h"

/* Characters of the plan's name that the folder's name takes. */
#define NAME_MAX_CHARACTERS 40

/* The tries to find a name that is not taken. */
#define TRIES 100

char *
lockstep_run_folder_dup_parent (const char *override)
{
  const char *variable = g_getenv ("LOCKSTEP_RUNS_DIR");

  if (override != NULL)
    return g_canonicalize_filename (override, NULL);
  if (variable != NULL && *variable != '\0')
    return g_canonicalize_filename (variable, NULL);

  return g_build_filename (g_get_user_data_dir (), "lockstep", "runs", NULL);
}

/* "City, morning peak" becomes "city-morning-peak": letters and digits of any script, the rest a dash. */
static char *
dup_folder_name (const char *name)
{
  g_autofree char *lower = g_utf8_strdown (name, -1);
  GString         *out = g_string_new (NULL);
  guint            n_characters = 0;

  for (const char *p = lower; *p != '\0' && n_characters < NAME_MAX_CHARACTERS; p = g_utf8_next_char (p))
    {
      gunichar character = g_utf8_get_char (p);

      if (g_unichar_isalnum (character))
        g_string_append_unichar (out, character);
      else if (out->len > 0 && out->str[out->len - 1] != '-')
        g_string_append_c (out, '-');
      else
        continue;
      n_characters++;
    }
  while (out->len > 0 && out->str[out->len - 1] == '-')
    g_string_truncate (out, out->len - 1);

  return g_string_free (out, FALSE);
}

static char *
make_folder (LockstepPlan *plan,
             const char   *parent,
             GError      **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char      *time = g_date_time_format (now, "%Y%m%d-%H%M%S");
  g_autofree char      *name = dup_folder_name (lockstep_plan_get_name (plan));
  int                   saved;

  if (g_mkdir_with_parents (parent, 0777) != 0)
    {
      saved = errno;
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved),
                   _ ("Could not make the folder for runs, %s: %s. Another place can be given with --runs-dir or "
                      "LOCKSTEP_RUNS_DIR."),
                   parent, g_strerror (saved));
      return NULL;
    }

  for (guint i = 0; i < TRIES; i++)
    {
      g_autofree char *folder = g_strdup_printf ("%s-%04x%s%s", time, g_random_int () & 0xffff,
                                                 *name != '\0' ? "-" : "", name);
      g_autofree char *path = g_build_filename (parent, folder, NULL);

      if (g_mkdir (path, 0777) == 0)
        return g_steal_pointer (&path);
      saved = errno;
      if (saved != EEXIST)
        break;
    }

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved),
               _ ("Could not make a folder for the run in %s: %s. Another place can be given with --runs-dir or "
                  "LOCKSTEP_RUNS_DIR."),
               parent, g_strerror (saved));
  return NULL;
}

static gboolean
write_text (const char *directory,
            const char *name,
            GBytes     *bytes,
            GError    **error)
{
  g_autofree char   *path = g_build_filename (directory, name, NULL);
  gsize              length;
  const char        *text = g_bytes_get_data (bytes, &length);
  g_autoptr (GError) reason = NULL;
  gboolean           full;

  if (g_file_set_contents_full (path, text, (gssize) length, G_FILE_SET_CONTENTS_CONSISTENT, 0666, &reason))
    return TRUE;

  /* GLib names a file beside it that is gone again. */
  full = g_error_matches (reason, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
  g_set_error (error, G_IO_ERROR, full ? G_IO_ERROR_NO_SPACE : G_IO_ERROR_FAILED,
               _ ("Could not write %s, which the run needs: %s. Make room there; or another place can be given with "
                  "--runs-dir or LOCKSTEP_RUNS_DIR."),
               path, full ? g_strerror (ENOSPC) : reason->message);
  return FALSE;
}

/* What the run is made by: the plan and its tables, as they were read. */
static gboolean
write_plan (LockstepPlan *plan,
            const char   *directory,
            GError      **error)
{
  LockstepStep *step;

  for (guint i = 0; (step = lockstep_plan_get_step (plan, i)) != NULL; i++)
    {
      g_autofree char *name = lockstep_plan_dup_table_name (i);

      if (step->table != NULL && !write_text (directory, name, step->table, error))
        return FALSE;
    }

  return write_text (directory, "plan.lockstep", lockstep_plan_get_text (plan), error);
}

/* A folder that no run came of: what was written into it so far goes, and nothing that somebody else put there. */
static void
remove_folder (LockstepPlan *plan,
               const char   *directory)
{
  g_autofree char *results = g_build_filename (directory, "results", NULL);
  g_autofree char *lock = g_build_filename (directory, "lock", NULL);
  g_autofree char *text = g_build_filename (directory, "plan.lockstep", NULL);

  for (guint i = 0; lockstep_plan_get_step (plan, i) != NULL; i++)
    {
      g_autofree char *name = lockstep_plan_dup_table_name (i);
      g_autofree char *table = g_build_filename (directory, name, NULL);

      unlink (table);
    }
  unlink (text);
  unlink (lock);
  rmdir (results);
  rmdir (directory);
}

static gboolean
make_results (const char *directory,
              GError    **error)
{
  g_autofree char *results = g_build_filename (directory, "results", NULL);

  if (g_mkdir (results, 0777) != 0 && errno != EEXIST)
    {
      int saved = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved),
                   _ ("Could not make the folder %s: %s"), results, g_strerror (saved));
      return FALSE;
    }

  return TRUE;
}

/* A new run. */
typedef struct
{
  char            *parent;
  LockstepRunLock *lock;
} New;

static void
new_free (gpointer data)
{
  New *new = data;

  g_free (new->parent);
  g_clear_pointer (&new->lock, lockstep_run_lock_free);
  g_free (new);
}

static void
create (GTask        *task,
        gpointer      source,
        gpointer      task_data,
        GCancellable *cancellable)
{
  LockstepPlan *plan = source;
  New *new = task_data;
  g_autoptr (GError) error = NULL;
  g_autofree char   *directory = make_folder (plan, new->parent, &error);

  if (directory != NULL && (new->lock = lockstep_run_lock_take (directory, &error)) != NULL && make_results (directory, &error) &&
      write_plan (plan, directory, &error))
    {
      g_task_return_pointer (task, g_steal_pointer (&directory), g_free);
      return;
    }

  if (directory != NULL)
    remove_folder (plan, directory);
  g_task_return_error (task, g_steal_pointer (&error));
}

void
lockstep_run_folder_create_async (LockstepPlan       *plan,
                                  const char         *parent,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (plan, NULL, callback, user_data);
  New *new = g_new0 (New, 1);

  new->parent = g_strdup (parent);
  g_task_set_source_tag (task, lockstep_run_folder_create_async);
  g_task_set_task_data (task, new, new_free);
  g_task_run_in_thread (task, create);
}

char *
lockstep_run_folder_create_finish (GAsyncResult     *result,
                                   LockstepRunLock **lock,
                                   GError          **error)
{
  New *new = g_task_get_task_data (G_TASK (result));
  char *directory = g_task_propagate_pointer (G_TASK (result), error);

  if (directory != NULL)
    *lock = g_steal_pointer (&new->lock);

  return directory;
}

/* A run that goes on. */
typedef struct
{
  char   *directory;
  goffset end;
} Reopened;

static void
reopened_free (gpointer data)
{
  Reopened *reopened = data;

  g_free (reopened->directory);
  g_free (reopened);
}

static void
reopen (GTask        *task,
        gpointer      source,
        gpointer      task_data,
        GCancellable *cancellable)
{
  const Reopened    *reopened = task_data;
  g_autofree char   *journal = g_build_filename (reopened->directory, "journal.jsonl", NULL);
  g_autofree char   *summary = g_build_filename (reopened->directory, "summary.json", NULL);
  g_autoptr (GError) error = NULL;
  int                saved;

  if ((truncate (journal, reopened->end) != 0 && errno != ENOENT) || (unlink (summary) != 0 && errno != ENOENT))
    {
      saved = errno;
      g_task_return_new_error (task, G_IO_ERROR, g_io_error_from_errno (saved), _ ("Could not go on with the run in %s: %s"),
                               reopened->directory, g_strerror (saved));
    }
  else if (!make_results (reopened->directory, &error) || !write_plan (source, reopened->directory, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    {
      /* A watch on the folder of all runs sees what happens to a run's folder, and not what happens in it. */
      utimensat (AT_FDCWD, reopened->directory, NULL, 0);
      g_task_return_boolean (task, TRUE);
    }
}

void
lockstep_run_folder_reopen_async (LockstepPlan       *plan,
                                  const char         *directory,
                                  goffset             end,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (plan, NULL, callback, user_data);
  Reopened         *reopened = g_new0 (Reopened, 1);

  reopened->directory = g_strdup (directory);
  reopened->end = end;
  g_task_set_source_tag (task, lockstep_run_folder_reopen_async);
  g_task_set_task_data (task, reopened, reopened_free);
  g_task_run_in_thread (task, reopen);
}

gboolean
lockstep_run_folder_reopen_finish (GAsyncResult *result,
                                   GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
look_for_room (GTask        *task,
               gpointer      source,
               gpointer      task_data,
               GCancellable *cancellable)
{
  struct statvfs status;

  g_task_return_boolean (task, statvfs (task_data, &status) != 0 || status.f_blocks == 0 ||
                                 (guint64) status.f_bavail * status.f_frsize >= LOCKSTEP_JOURNAL_ROOM_MIN);
}

void
lockstep_run_folder_look_for_room_async (const char         *directory,
                                         GAsyncReadyCallback callback,
                                         gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, lockstep_run_folder_look_for_room_async);
  g_task_set_task_data (task, g_strdup (directory), g_free);
  g_task_run_in_thread (task, look_for_room);
}

gboolean
lockstep_run_folder_look_for_room_finish (GAsyncResult *result)
{
  return g_task_propagate_boolean (G_TASK (result), NULL);
}

char *
lockstep_run_folder_dup_solver_log (const char *directory,
                                    guint       solver)
{
  g_autofree char *name = g_strdup_printf ("solver-%04u.log", solver);

  return g_build_filename (directory, name, NULL);
}

typedef struct
{
  char   *path;
  GBytes *text;
} Summary;

static void
summary_free (gpointer data)
{
  Summary *summary = data;

  g_free (summary->path);
  g_bytes_unref (summary->text);
  g_free (summary);
}

static void
write_summary (GTask        *task,
               gpointer      source,
               gpointer      task_data,
               GCancellable *cancellable)
{
  Summary    *summary = task_data;
  gsize       length;
  const char *text = g_bytes_get_data (summary->text, &length);
  GError     *error = NULL;

  if (!g_file_set_contents_full (summary->path, text, (gssize) length,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0666, &error))
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

void
lockstep_run_folder_write_summary_async (const char         *directory,
                                         GBytes             *text,
                                         GAsyncReadyCallback callback,
                                         gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Summary          *summary = g_new0 (Summary, 1);

  summary->path = g_build_filename (directory, "summary.json", NULL);
  summary->text = g_bytes_ref (text);
  g_task_set_source_tag (task, lockstep_run_folder_write_summary_async);
  g_task_set_task_data (task, summary, summary_free);
  g_task_run_in_thread (task, write_summary);
}

gboolean
lockstep_run_folder_write_summary_finish (GAsyncResult *result,
                                          GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
