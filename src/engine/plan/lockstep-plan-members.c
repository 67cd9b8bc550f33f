/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-plan-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "lockstep-plan-hosts.h"
#include "lockstep-plan-object.h"
#include "lockstep-plan-policy.h"
#include "lockstep-plan-program.h"
#include "lockstep-plan-solver.h"
#include "lockstep-plan-steps.h"

static const char *const plan_members[] = {
  "lockstep", "name", "note", "solver", "program", "solvers", "hosts", "files", "params", "initialize", "steps",
  LOCKSTEP_PLAN_POLICY_MEMBERS, "nice", NULL
};

static const char *const initialize_members[] = { "timeout", NULL };

/* Before anything else: a newer version may have members that are unknown here. */
static gboolean
check_version (LockstepJson json,
               GError     **error)
{
  LockstepJson     version = lockstep_json_get_member (json, "lockstep");
  gint64           number;
  g_autofree char *expected = g_strdup_printf ("%d", LOCKSTEP_PLAN_VERSION);

  if (lockstep_json_get_kind (json) != LOCKSTEP_JSON_OBJECT)
    {
      lockstep_plan_set_type_error (error, "", _ ("an object"), json);
      return FALSE;
    }
  if (version.text == NULL)
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, "lockstep",
                               _ ("missing; expected %s, the version of the format"), expected);
      return FALSE;
    }
  if (!lockstep_json_get_int (version, &number) || number < LOCKSTEP_PLAN_VERSION)
    {
      lockstep_plan_set_type_error (error, "lockstep", expected, version);
      return FALSE;
    }
  if (number > LOCKSTEP_PLAN_VERSION)
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, "lockstep",
                               _ ("this plan is written for version %lld of the format, and this Lockstep reads "
                                  "version %d; open it with a newer Lockstep"),
                               (long long) number, LOCKSTEP_PLAN_VERSION);
      return FALSE;
    }

  return TRUE;
}

/* What the format has and this version does not do. */
static gboolean
check_available (const LockstepPlanObject *object,
                 GError                  **error)
{
  gboolean has_solver = lockstep_plan_object_has (object, "solver");
  gboolean has_program = lockstep_plan_object_has (object, "program");

  if (has_solver && has_program)
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, "program",
                               _ ("a plan has either a “solver” or a “program”, and this one has both; "
                                  "remove one of them"));
      return FALSE;
    }
  if (lockstep_plan_object_has (object, "files"))
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, "files",
                               _ ("sending files to hosts is not available in this version of Lockstep"));
      return FALSE;
    }

  return has_program ||
         lockstep_plan_object_require (object, "solver",
                                       _ ("the program that solves, {\"command\": […]}, or a “program” that is run once per task"),
                                       error);
}

/* A plan without a name is called as its file. */
static gboolean
read_name (LockstepPlan             *self,
           const LockstepPlanObject *object,
           const char               *otherwise,
           GError                  **error)
{
  g_autofree char *file_name = NULL;

  if (!lockstep_plan_object_read_line (object, "name", &self->name, error) ||
      !lockstep_plan_object_read_text (object, "note", &self->note, error))
    return FALSE;

  if (self->name != NULL)
    return TRUE;

  if (otherwise != NULL)
    {
      self->name = g_strdup (otherwise);
      return TRUE;
    }

  if (self->file == NULL)
    {
      self->name = g_strdup (_ ("Untitled plan"));
      return TRUE;
    }

  file_name = g_file_get_basename (self->file);
  if (g_str_has_suffix (file_name, ".lockstep"))
    file_name[strlen (file_name) - strlen (".lockstep")] = '\0';
  self->name = g_filename_display_name (file_name);
  return TRUE;
}

static gboolean
read_hosts (LockstepPlan             *self,
            const LockstepPlanObject *object,
            GError                  **error)
{
  guint n_solvers = 0;

  if (!lockstep_plan_read_n_solvers (object, &n_solvers, error))
    return FALSE;

  self->hosts = lockstep_plan_read_hosts (lockstep_plan_object_get (object, "hosts"), n_solvers, error);
  return self->hosts != NULL;
}

static gboolean
read_initialize (LockstepPlan             *self,
                 const LockstepPlanObject *object,
                 GError                  **error)
{
  g_auto (LockstepPlanObject) initialize = { 0 };
  LockstepJson                json = lockstep_plan_object_get (object, "initialize");

  return json.text == NULL ||
         (lockstep_plan_object_init (&initialize, json, "initialize", initialize_members, error) &&
          lockstep_plan_object_read_duration (&initialize, "timeout", &self->initialize_timeout, error));
}

static gboolean
read_steps (LockstepPlan              *self,
            const LockstepPlanObject  *object,
            const LockstepPlanOptions *options,
            GError                   **error)
{
  LockstepPlanContext context = {
    self->values,
    self->directory,
    object,
    self->all,
    options->tables,
    options->unchecked,
    self->program != NULL,
  };
  LockstepPolicy policy;

  /* Read for its errors, which would else be told only of a plan with a step that is not a loop. */
  lockstep_plan_policy_init (&policy, LOCKSTEP_STEP_ALL);
  if (!lockstep_plan_policy_read (&policy, object, error) ||
      !lockstep_plan_object_require (object, "steps", _ ("a list with at least one step"), error))
    return FALSE;

  self->steps = lockstep_plan_read_steps (&context, lockstep_plan_object_get (object, "steps"), "steps", error);
  return self->steps != NULL;
}

/* The program, and the adapter as the solver that runs it. */
static gboolean
read_program (LockstepPlan             *self,
              const LockstepPlanObject *object,
              GError                  **error)
{
  LockstepJson json = lockstep_plan_object_get (object, "program");

  if (json.text == NULL)
    return TRUE;
  if ((self->program = lockstep_plan_read_program (json, error)) == NULL)
    return FALSE;

  self->program_text = lockstep_json_slice (json, self->values);
  self->solver = lockstep_solver_spec_new_adapter (self->directory, self->program->threads, self->program->memory);
  return TRUE;
}

/* Last of all, so that a file that is missing here does not hide what is wrong everywhere. */
static gboolean
read_solver (LockstepPlan              *self,
             const LockstepPlanObject  *object,
             const LockstepPlanOptions *options,
             GError                   **error)
{
  if (self->program != NULL)
    return options->unchecked ||
           lockstep_plan_check_program (self->program, self->steps, self->params, self->directory, error);

  self->solver = lockstep_plan_read_solver (lockstep_plan_object_get (object, "solver"), self->directory, options->unchecked,
                                            error);
  return self->solver != NULL;
}

gboolean
lockstep_plan_read_members (LockstepPlan              *self,
                            LockstepJson               json,
                            const LockstepPlanOptions *options,
                            GError                   **error)
{
  g_auto (LockstepPlanObject) object = { 0 };
  gint64                      nice = self->nice;

  if (!check_version (json, error) ||
      !lockstep_plan_check_unique (json, "", error) ||
      !lockstep_plan_object_init (&object, json, "", plan_members, error) ||
      !check_available (&object, error) ||
      !read_name (self, &object, options->name, error) ||
      !read_hosts (self, &object, error) ||
      !lockstep_plan_object_read_object (&object, "params", self->values, &self->params, error) ||
      !read_initialize (self, &object, error) ||
      !lockstep_plan_object_read_int (&object, "nice", -20, 19, &nice, error) ||
      !read_program (self, &object, error) ||
      !read_steps (self, &object, options, error))
    return FALSE;

  self->nice = nice;
  return read_solver (self, &object, options, error);
}
