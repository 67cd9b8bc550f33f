/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-export-job.h"

#include <glib/gi18n-lib.h>
#include <limits.h>
#include <string.h>

#include "lockstep-file-list.h"
#include "lockstep-inputs.h"
#include "lockstep-plan-value.h"

typedef struct
{
  const LockstepExportJob *job;
  LockstepFileList        *files;
  char                    *top;    /* the folder in the archive */
  char                    *folder; /* the plan's, absolute */
  char                    *real;   /* the same without links */
  GHashTable              *warned; /* members that were named to the person */
  guint64                  done;
  GError                  *error; /* why a file could not be looked at; NULL while all is well */
} Pack;

static gboolean
progress_cb (gsize    n_bytes,
             gpointer user_data,
             GError **error)
{
  Pack *self = user_data;

  self->done += n_bytes;
  return lockstep_export_job_advance (self->job, (double) self->done / (double) MAX (lockstep_file_list_get_size (self->files), 1),
                                      error);
}

/* Tells the person once of each @member, in the words of @format, which has the member and the path. */
static void
warn (Pack       *self,
      const char *format,
      const char *member,
      const char *path)
{
  g_autofree char *shown = g_filename_display_name (path);

  if (!g_hash_table_add (self->warned, g_strdup (member)))
    return;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_ptr_array_add (self->job->warnings, g_strdup_printf (format, member, shown));
#pragma GCC diagnostic pop
}

/* Where @path (absolute) is in @folder; NULL when it is outside, or the folder itself. */
static const char *
get_relative (const char *folder,
              const char *path)
{
  const gsize length = strlen (folder);

  if (g_str_equal (folder, "/"))
    return path[1] != '\0' ? path + 1 : NULL;

  return strncmp (path, folder, length) == 0 && path[length] == '/' ? path + length + 1 : NULL;
}

/* Packs the file or folder @path, which @member names, when it is in the plan's folder. What a link there leads to is packed
 * in its place, unless that is elsewhere: who hands a plan on may not know that it leads to something of his own. */
static gboolean
add_path (Pack       *self,
          const char *member,
          const char *path)
{
  const char      *relative = get_relative (self->folder, path);
  g_autofree char *name = relative != NULL ? g_strdup_printf ("%s/%s", self->top, relative) : NULL;
  g_autofree char *real = NULL;

  if (name == NULL || self->error != NULL)
    return name != NULL;

  real = realpath (path, NULL);
  if (real != NULL && get_relative (self->real, real) == NULL)
    {
      warn (self, _ ("%s: a link leads out of the plan's folder, to %s, which is not packed"), member, real);
      return TRUE;
    }

  lockstep_file_list_add (self->files, name, real != NULL ? real : path, lockstep_export_file_get_partial (self->job->file),
                          &self->error);
  return TRUE;
}

/* Whether the text is written as a path of one machine or one person, wherever that is. */
static gboolean
is_absolute_path (const char *text)
{
  return (*text == '/' && (g_ascii_isalnum (text[1]) || (text[1] & 0x80) != 0 || (text[1] != '\0' && strchr ("._-{", text[1]) != NULL))) ||
         (*text == '~' && strchr (text, '/') != NULL) || g_str_has_prefix (text, "file:///") ||
         (*text == '$' && strchr (text, '/') != NULL);
}

/* Where patterns stand, which may begin as paths do. */
static gboolean
is_pattern (const char *member)
{
  return g_str_has_prefix (member, "program.progress") ||
         (g_str_has_prefix (member, "program.results") && !g_str_has_suffix (member, ".file"));
}

/* A text of the plan: is it a path, and where to? Texts in params may be folders as well. */
static void
look_at_text (Pack       *self,
              const char *member,
              const char *text,
              gboolean    is_param)
{
  g_autofree char *path = NULL;

  /* "--network=data/network.txt" */
  if (*text == '-' && strchr (text, '=') != NULL)
    text = strchr (text, '=') + 1;
  if (*text == '\0' || strlen (text) >= PATH_MAX || strchr (text, '\n') != NULL || is_pattern (member))
    return;

  /* A program is no file of the plan's, and is told of with the inputs. */
  if (is_absolute_path (text) && !g_str_has_suffix (member, ".command[0]"))
    {
      warn (self, _ ("%s: %s is an absolute path, which is nowhere else; write it from the plan's folder"), member, text);
      if (*text != '/')
        return;
    }

  path = g_canonicalize_filename (text, self->folder);
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR) && !(is_param && g_file_test (path, G_FILE_TEST_IS_DIR)))
    return;
  if (!add_path (self, member, path) && *text != '/' && strstr (text, "..") != NULL)
    warn (self, _ ("%s: %s is not in the plan's folder, and is not packed"), member, text);
}

static void
look_at_value (Pack        *self,
               const char  *member,
               LockstepJson value,
               gboolean     is_param)
{
  LockstepJsonIter iter;
  LockstepJson     name, element;
  g_autofree char *text = NULL;
  gsize            length;

  if (lockstep_json_get_kind (value) == LOCKSTEP_JSON_STRING)
    {
      text = lockstep_json_dup_string (value, &length);
      if (strlen (text) == length)
        look_at_text (self, member, text, is_param);
      return;
    }

  lockstep_json_iter_init (&iter, value);
  for (guint i = 0; lockstep_json_iter_next (&iter, &name, &element); i++)
    {
      g_autofree char *inner = NULL;

      /* There may be many numbers. */
      if (lockstep_json_get_kind (element) < LOCKSTEP_JSON_STRING)
        continue;
      inner = name.text != NULL ? lockstep_plan_dup_member_path (member, name) : lockstep_plan_dup_element_path (member, i);
      look_at_value (self, inner, element, is_param || lockstep_json_is_string (name, "params"));
    }
}

/* What the plan's text does not have: the cells of tables. */
static gboolean
look_at_tasks (Pack    *self,
               GError **error)
{
  LockstepStep *step;

  for (guint i = 0; (step = lockstep_plan_get_step (self->job->plan, i)) != NULL; i++)
    {
      g_autofree char *member = g_strconcat (step->path, ".tasks", NULL);
      const guint64    count = step->table != NULL ? lockstep_task_list_get_count (step->tasks) : 0;

      for (guint64 task = 0; task < count; task++)
        {
          g_autoptr (GBytes) params = lockstep_task_list_dup_params (step->tasks, task);
          LockstepJson       json;

          json.text = g_bytes_get_data (params, &json.length);
          look_at_value (self, member, json, FALSE);
          if (g_cancellable_set_error_if_cancelled (self->job->cancellable, error))
            return FALSE;
        }
    }

  return TRUE;
}

/* What the plan is known to need: program, arguments, params, tables. */
static void
look_at_inputs (Pack *self)
{
  const LockstepSolverSpec *solver = lockstep_plan_get_solver (self->job->plan);
  g_autoptr (GPtrArray)     inputs = lockstep_inputs_find (self->job->plan);

  for (guint i = 0; i < inputs->len; i++)
    {
      const LockstepInput *input = g_ptr_array_index (inputs, i);

      if (add_path (self, input->member, input->path))
        continue;
      if (g_str_equal (input->member, "solver.command[0]"))
        warn (self, _ ("%s: the program %s is not packed; it has to be there already"), input->member, input->path);
      else
        warn (self, _ ("%s: %s is not in the plan's folder, and is not packed"), input->member, input->path);
    }

  /* Where the solvers run, they find what they read. */
  if (solver != NULL && !g_str_equal (solver->directory, self->folder) && !add_path (self, "solver.directory", solver->directory))
    warn (self, _ ("%s: the folder %s is not in the plan's folder, and is not packed"), "solver.directory", solver->directory);
}

/* In a folder that is packed links stay links. */
static void
look_at_link (Pack       *self,
              const char *name,
              const char *path)
{
  g_autofree char *target = g_file_read_link (path, NULL);
  g_autofree char *real = target != NULL ? realpath (path, NULL) : NULL;

  if (target != NULL && (*target == '/' || real == NULL || get_relative (self->real, real) == NULL))
    warn (self, _ ("%s is a link to %s, which is not there when it is unpacked elsewhere"), name, target);
}

static gboolean
collect (Pack    *self,
         GError **error)
{
  GBytes      *text = lockstep_plan_get_text (self->job->plan);
  LockstepJson json;

  json.text = g_bytes_get_data (text, &json.length);
  look_at_value (self, "", json, FALSE);
  look_at_inputs (self);
  if (!look_at_tasks (self, error))
    return FALSE;

  if (self->error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&self->error));
      return FALSE;
    }

  for (guint i = 0; i < lockstep_file_list_get_count (self->files); i++)
    {
      const char *name = lockstep_file_list_get_name (self->files, i);

      g_ptr_array_add (self->job->names, g_strdup (name));
      look_at_link (self, name, lockstep_file_list_get_path (self->files, i));
    }
  return TRUE;
}

/* "NAME.lockstep" in the folder NAME. */
static void
add_plan (Pack       *self,
          const char *path)
{
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *name = NULL;

  self->folder = g_strdup (lockstep_plan_get_directory (self->job->plan));
  self->real = realpath (self->folder, NULL);
  if (self->real == NULL)
    self->real = g_strdup (self->folder);
  self->top = g_str_has_suffix (base, ".lockstep") && strlen (base) > strlen (".lockstep")
                ? g_strndup (base, strlen (base) - strlen (".lockstep"))
                : g_strconcat (base, ".d", NULL);
  name = g_strdup_printf ("%s/%s", self->top, base);
  lockstep_file_list_add (self->files, name, path, NULL, &self->error);
}

gboolean
lockstep_export_write_plan (const LockstepExportJob *job,
                            GError                 **error)
{
  g_autoptr (LockstepFileList) files = lockstep_file_list_new ();
  g_autoptr (GHashTable)       warned = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (LockstepArchive)  archive = NULL;
  Pack                         self = { .job = job, .files = files, .warned = warned };
  g_autofree char             *path = g_file_get_path (lockstep_plan_get_file (job->plan));
  gboolean                     ok;

  add_plan (&self, path);
  ok = collect (&self, error) && (archive = lockstep_archive_new (job->file, progress_cb, &self, error)) != NULL &&
       lockstep_file_list_write (files, archive, error) && lockstep_archive_finish (archive, error);

  g_clear_error (&self.error);
  g_free (self.top);
  g_free (self.folder);
  g_free (self.real);
  return ok;
}
