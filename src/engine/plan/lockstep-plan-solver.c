/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-plan-solver.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#define MAX_THREADS 4096

static const char *const solver_members[] = { "command", "env", "directory", "threads", "memory", NULL };

void
lockstep_solver_spec_free (LockstepSolverSpec *spec)
{
  if (spec == NULL)
    return;

  g_strfreev (spec->command);
  g_strfreev (spec->env);
  g_free (spec->directory);
  g_free (spec);
}

/* A name with a slash is a file, which starts at the plan's folder; any other is looked up in PATH when the
 * solver is started, on the host where that happens. */
static gboolean
resolve_program (char      **program,
                 const char *directory,
                 gboolean    unchecked,
                 const char *path,
                 GError    **error)
{
  g_autofree char *file = NULL;

  if (strchr (*program, '/') == NULL)
    return TRUE;

  file = g_canonicalize_filename (*program, directory);
  if (!unchecked && !g_file_test (file, G_FILE_TEST_EXISTS))
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_FILE, path, _ ("there is no file %s"), file);
      return FALSE;
    }
  if (!unchecked && g_file_test (file, G_FILE_TEST_IS_DIR))
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_FILE, path,
                               _ ("expected a program, but %s is a folder"), file);
      return FALSE;
    }

  g_free (*program);
  *program = g_steal_pointer (&file);
  return TRUE;
}

static gboolean
read_command (LockstepSolverSpec       *spec,
              const LockstepPlanObject *object,
              const char               *directory,
              gboolean                  unchecked,
              GError                  **error)
{
  g_autoptr (GStrvBuilder) command = g_strv_builder_new ();
  g_autofree char         *path = lockstep_plan_object_dup_path (object, "command");
  LockstepJson             json = lockstep_plan_object_get (object, "command");
  LockstepJsonIter         iter;
  LockstepJson             element;

  if (!lockstep_plan_object_require (object, "command", _ ("a list: the program and its arguments"), error))
    return FALSE;
  if (lockstep_json_get_kind (json) != LOCKSTEP_JSON_ARRAY || lockstep_json_count (json) == 0)
    {
      lockstep_plan_set_type_error (error, path, _ ("a list of strings, the program and its arguments"), json);
      return FALSE;
    }

  lockstep_json_iter_init (&iter, json);
  for (guint i = 0; lockstep_json_iter_next (&iter, NULL, &element); i++)
    {
      g_autofree char *element_path = lockstep_plan_dup_element_path (path, i);
      g_autofree char *argument = lockstep_plan_dup_string (element, element_path, error);

      if (argument == NULL)
        return FALSE;
      if (i == 0 && *argument == '\0')
        {
          lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, element_path,
                                   _ ("the name of the program may not be empty"));
          return FALSE;
        }
      if (i == 0 && !resolve_program (&argument, directory, unchecked, element_path, error))
        return FALSE;
      g_strv_builder_add (command, argument);
    }

  spec->command = g_strv_builder_end (command);
  return TRUE;
}

static gboolean
read_directory (LockstepSolverSpec       *spec,
                const LockstepPlanObject *object,
                const char               *directory,
                gboolean                  unchecked,
                GError                  **error)
{
  g_autofree char *text = NULL;
  g_autofree char *path = lockstep_plan_object_dup_path (object, "directory");

  if (!lockstep_plan_object_read_text (object, "directory", &text, error))
    return FALSE;

  spec->directory = g_canonicalize_filename (text != NULL ? text : ".", directory);
  if (text != NULL && !unchecked && !g_file_test (spec->directory, G_FILE_TEST_IS_DIR))
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_FILE, path, _ ("there is no folder %s"), spec->directory);
      return FALSE;
    }

  return TRUE;
}

gboolean
lockstep_plan_read_env (const LockstepPlanObject *object,
                        char                   ***env,
                        GError                  **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char         *path = lockstep_plan_object_dup_path (object, "env");
  LockstepJson             json = lockstep_plan_object_get (object, "env");
  LockstepJsonIter         iter;
  LockstepJson             name, value;

  if (json.text != NULL && lockstep_json_get_kind (json) != LOCKSTEP_JSON_OBJECT)
    {
      lockstep_plan_set_type_error (error, path, _ ("an object, from the names of variables to their values"), json);
      return FALSE;
    }

  lockstep_json_iter_init (&iter, json);
  while (lockstep_json_iter_next (&iter, &name, &value))
    {
      g_autofree char *member_path = lockstep_plan_dup_member_path (path, name);
      g_autofree char *variable = lockstep_plan_dup_string (name, member_path, error);
      g_autofree char *text = NULL;
      g_autofree char *entry = NULL;

      if (variable == NULL)
        return FALSE;
      if (*variable == '\0' || strchr (variable, '=') != NULL)
        {
          lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, member_path,
                                   _ ("the name of a variable may not be empty or hold “=”"));
          return FALSE;
        }

      switch (lockstep_json_get_kind (value))
        {
        case LOCKSTEP_JSON_NUMBER:
          text = lockstep_json_dup_text (value);
          break;
        case LOCKSTEP_JSON_STRING:
          text = lockstep_plan_dup_string (value, member_path, error);
          break;
        default:
          lockstep_plan_set_type_error (error, member_path, _ ("a string or a number"), value);
        }
      if (text == NULL)
        return FALSE;

      entry = g_strconcat (variable, "=", text, NULL);
      g_strv_builder_add (builder, entry);
    }

  *env = g_strv_builder_end (builder);
  return TRUE;
}

LockstepSolverSpec *
lockstep_solver_spec_new_adapter (const char *directory,
                                  guint       threads,
                                  guint64     memory)
{
  LockstepSolverSpec *spec = g_new0 (LockstepSolverSpec, 1);

  spec->command = g_strdupv ((char *[]){ (char *) LOCKSTEP_PROGRAM_ADAPTER, NULL });
  spec->env = g_new0 (char *, 1);
  spec->directory = g_strdup (directory);
  spec->threads = threads;
  spec->memory = memory;

  return spec;
}

LockstepSolverSpec *
lockstep_plan_read_solver (LockstepJson json,
                           const char  *directory,
                           gboolean     unchecked,
                           GError     **error)
{
  g_autoptr (LockstepSolverSpec) spec = g_new0 (LockstepSolverSpec, 1);
  g_auto (LockstepPlanObject)    object = { 0 };
  gint64                         threads = 1;

  if (!lockstep_plan_object_init (&object, json, "solver", solver_members, error) ||
      !read_command (spec, &object, directory, unchecked, error) ||
      !lockstep_plan_read_env (&object, &spec->env, error) ||
      !read_directory (spec, &object, directory, unchecked, error) ||
      !lockstep_plan_object_read_int (&object, "threads", 1, MAX_THREADS, &threads, error) ||
      !lockstep_plan_object_read_size (&object, "memory", &spec->memory, error))
    return NULL;

  spec->threads = threads;
  return g_steal_pointer (&spec);
}
