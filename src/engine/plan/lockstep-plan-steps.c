/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-plan-steps.h"

#include <glib/gi18n-lib.h>

#include "lockstep-plan-policy.h"
#include "lockstep-plan-tasks.h"

/* Iterations are counted in an int. */
#define MAX_REPEAT G_MAXINT32

/* The names that the protocol keeps for itself. */
static const char *const reserved_methods[] = {
  "initialize", "status", "cancel", "terminate", "progress", "log", NULL
};

static const char *const step_members[] = {
  "step", "title", "params", "on", "tasks", LOCKSTEP_PLAN_POLICY_MEMBERS, "nice", "repeat", "steps", "until", NULL
};

static const char *const loop_members[] = { "repeat", "until", "otherwise", "steps", "title", NULL };

static const char *const on_names[] = {
  [LOCKSTEP_STEP_ALL] = "all",
  [LOCKSTEP_STEP_ONE] = "one",
  NULL,
};

static const char *const otherwise_names[] = { "continue", "fail", NULL };

static gboolean
read_method (LockstepStep              *step,
             const LockstepPlanContext *context,
             const LockstepPlanObject  *object,
             GError                   **error)
{
  g_autofree char *path = lockstep_plan_object_dup_path (object, "step");

  /* There, a step is a name for people, as its title is. */
  if (context->program)
    {
      step->method = g_strdup (LOCKSTEP_PROGRAM_METHOD);
      return lockstep_plan_object_has (object, "title") ||
             lockstep_plan_object_read_line (object, "step", &step->title, error);
    }

  if (!lockstep_plan_object_require (object, "step", _ ("the name of a method of the solver"), error) ||
      !lockstep_plan_object_read_line (object, "step", &step->method, error))
    return FALSE;

  if (g_strv_contains (reserved_methods, step->method))
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, path,
                               _ ("“%s” is reserved for the protocol; name the method differently"), step->method);
      return FALSE;
    }

  return TRUE;
}

/* Where the step is computed: on or tasks. */
static gboolean
read_kind (LockstepStep             *step,
           const LockstepPlanObject *object,
           GError                  **error)
{
  gboolean has_on = lockstep_plan_object_has (object, "on");
  gboolean has_tasks = lockstep_plan_object_has (object, "tasks");
  guint    kind = LOCKSTEP_STEP_ALL;

  if (has_on && has_tasks)
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, object->path,
                               _ ("has both “on” and “tasks”; expected one of them"));
      return FALSE;
    }
  if (!has_on && !has_tasks)
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, object->path,
                               _ ("expected “on” (\"all\" or \"one\") or “tasks”, or “repeat” and “steps” for a loop"));
      return FALSE;
    }

  if (!lockstep_plan_object_read_choice (object, "on", on_names, &kind, error))
    return FALSE;

  step->kind = has_tasks ? LOCKSTEP_STEP_TASKS : kind;
  return TRUE;
}

static gboolean
read_tasks (LockstepStep              *step,
            const LockstepPlanContext *context,
            const LockstepPlanObject  *object,
            GError                   **error)
{
  LockstepJson     json = lockstep_plan_object_get (object, "tasks");
  g_autofree char *path = lockstep_plan_object_dup_path (object, "tasks");

  if (json.text == NULL)
    return TRUE;

  step->tasks = lockstep_plan_read_tasks (json, path, step->index, context, &step->table, error);
  return step->tasks != NULL;
}

static gboolean
read_call (LockstepStep              *step,
           const LockstepPlanContext *context,
           const LockstepPlanObject  *object,
           GError                   **error)
{
  if (!read_kind (step, object, error) ||
      !read_method (step, context, object, error) ||
      !lockstep_plan_object_read_line (object, "title", &step->title, error) ||
      !lockstep_plan_object_read_object (object, "params", context->document, &step->params, error))
    return FALSE;

  if (lockstep_plan_object_has (object, "nice"))
    {
      g_autofree char *path = lockstep_plan_object_dup_path (object, "nice");

      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, path,
                               _ ("a priority for one step is not available in this version of Lockstep; "
                                  "“nice” can stand at the top of the plan"));
      return FALSE;
    }

  lockstep_plan_policy_init (&step->policy, step->kind);
  if (!lockstep_plan_policy_read (&step->policy, context->defaults, error) ||
      !lockstep_plan_policy_read (&step->policy, object, error) ||
      !read_tasks (step, context, object, error))
    return FALSE;

  if (step->title == NULL)
    step->title = g_strdup (context->program ? _ ("Runs") : step->method);
  return TRUE;
}

static gboolean
contains_one (GPtrArray *steps)
{
  for (guint i = 0; i < steps->len; i++)
    {
      const LockstepStep *step = g_ptr_array_index (steps, i);

      if (step->kind == LOCKSTEP_STEP_ONE || (step->kind == LOCKSTEP_STEP_LOOP && contains_one (step->steps)))
        return TRUE;
    }

  return FALSE;
}

static gboolean
read_until (LockstepStep             *step,
            const LockstepPlanObject *object,
            GError                  **error)
{
  g_autofree char *text = NULL;
  g_autofree char *path = NULL;
  guint            otherwise = 0;

  if (!lockstep_plan_object_read_line (object, "until", &text, error) ||
      !lockstep_plan_object_read_choice (object, "otherwise", otherwise_names, &otherwise, error))
    return FALSE;

  step->fail_otherwise = otherwise == 1;

  if (text == NULL)
    {
      if (!lockstep_plan_object_has (object, "otherwise"))
        return TRUE;

      path = lockstep_plan_object_dup_path (object, "otherwise");
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, path,
                               _ ("needs an “until”, which this loop does not have"));
      return FALSE;
    }

  path = lockstep_plan_object_dup_path (object, "until");
  if ((step->until = lockstep_condition_new (text, error)) == NULL)
    {
      g_prefix_error (error, "%s: ", path);
      return FALSE;
    }
  if (!contains_one (step->steps))
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, path,
                               _ ("looks at the result of the last step on one solver, but none of the "
                                  "loop's steps has \"on\": \"one\""));
      return FALSE;
    }

  return TRUE;
}

static gboolean
read_loop (LockstepStep              *step,
           const LockstepPlanContext *context,
           const LockstepPlanObject  *object,
           GError                   **error)
{
  g_autofree char *path = lockstep_plan_object_dup_path (object, "steps");
  gint64           repeat = 1;

  step->kind = LOCKSTEP_STEP_LOOP;

  if (!lockstep_plan_object_require (object, "repeat", _ ("how often the loop repeats at most"), error) ||
      !lockstep_plan_object_read_int (object, "repeat", 1, MAX_REPEAT, &repeat, error) ||
      !lockstep_plan_object_require (object, "steps", _ ("the list of steps to repeat"), error) ||
      !lockstep_plan_object_read_line (object, "title", &step->title, error))
    return FALSE;

  step->repeat = repeat;
  step->steps = lockstep_plan_read_steps (context, lockstep_plan_object_get (object, "steps"), path, error);
  if (step->steps == NULL || !read_until (step, object, error))
    return FALSE;
  for (guint i = 0; i < step->steps->len; i++)
    ((LockstepStep *) g_ptr_array_index (step->steps, i))->parent = step;
  for (guint i = 0; i < step->steps->len; i++)
    ((LockstepStep *) g_ptr_array_index (step->steps, i))->parent = step;

  if (step->title == NULL)
    step->title = step->until != NULL
                    ? g_strdup_printf (_ ("Until %s"), lockstep_condition_get_text (step->until))
                    : g_strdup_printf (ngettext ("%u time", "%u times", step->repeat), step->repeat);
  return TRUE;
}

/* What makes a loop, whatever else stands beside it. */
static gboolean
is_loop (LockstepJson json)
{
  return lockstep_json_get_member (json, "repeat").text != NULL ||
         lockstep_json_get_member (json, "until").text != NULL ||
         lockstep_json_get_member (json, "otherwise").text != NULL ||
         lockstep_json_get_member (json, "steps").text != NULL;
}

/* A loop with a member of a step is a mistake that a nearest name would not explain. */
static gboolean
check_loop_members (LockstepJson json,
                    const char  *path,
                    GError     **error)
{
  static const char *const foreign[] = { "step", "on", "tasks", "params", "nice", LOCKSTEP_PLAN_POLICY_MEMBERS, NULL };

  for (guint i = 0; foreign[i] != NULL; i++)
    if (lockstep_json_get_member (json, foreign[i]).text != NULL)
      {
        g_autofree char *member_path = g_strdup_printf ("%s.%s", path, foreign[i]);

        lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, member_path,
                                 _ ("cannot stand in a loop, which has “repeat”, “until”, “otherwise” and "
                                    "“steps”; it belongs to one of its steps"));
        return FALSE;
      }

  return TRUE;
}

static LockstepStep *
read_step (const LockstepPlanContext *context,
           LockstepJson               json,
           const char                *path,
           GError                   **error)
{
  g_autoptr (LockstepStep)    step = g_new0 (LockstepStep, 1);
  g_auto (LockstepPlanObject) object = { 0 };
  gboolean                    loop = is_loop (json);

  step->path = g_strdup (path);
  step->index = context->all->len;
  g_ptr_array_add (context->all, step);

  if (loop && !check_loop_members (json, path, error))
    return NULL;
  if (!lockstep_plan_object_init (&object, json, path, loop ? loop_members : step_members, error))
    return NULL;
  if (!(loop ? read_loop (step, context, &object, error) : read_call (step, context, &object, error)))
    return NULL;

  return g_steal_pointer (&step);
}

GPtrArray *
lockstep_plan_read_steps (const LockstepPlanContext *context,
                          LockstepJson               json,
                          const char                *path,
                          GError                   **error)
{
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func ((GDestroyNotify) lockstep_step_free);
  LockstepJsonIter      iter;
  LockstepJson          element;

  if (lockstep_json_get_kind (json) != LOCKSTEP_JSON_ARRAY || lockstep_json_count (json) == 0)
    {
      lockstep_plan_set_type_error (error, path, _ ("a list with at least one step"), json);
      return NULL;
    }

  lockstep_json_iter_init (&iter, json);
  while (lockstep_json_iter_next (&iter, NULL, &element))
    {
      g_autofree char *step_path = lockstep_plan_dup_element_path (path, steps->len);
      LockstepStep    *step = read_step (context, element, step_path, error);

      if (step == NULL)
        return NULL;
      g_ptr_array_add (steps, step);
    }

  return g_steal_pointer (&steps);
}
