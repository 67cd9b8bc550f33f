/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-plan-changes.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "lockstep-plan-value.h"

/* The members of a plan, and of a step, that have no part in its results. */
static const char *const free_members[] = {
  "name", "note", "hosts", "solvers", "initialize", "retries", "timeout", "stall", "late", "give-up", "nice", NULL
};
static const char *const free_step_members[] = {
  "title", "retries", "timeout", "stall", "late", "give-up", "nice", NULL
};

/* Those of the solver. */
static const char *const free_solver_members[] = { "memory", NULL };

/* Those of a step that are compared by what they mean. */
static const char *const step_members[] = { "repeat", "until", "steps", "tasks", NULL };

typedef struct
{
  LockstepPlan *old;
  LockstepPlan *new;
  guint step; /* index of the next step to be looked at, in both plans */
} Comparison;

static void
set_change_error (GError    **error,
                  const char *path,
                  const char *how)
{
  lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, path,
                           _ ("%s since the run began. A run goes on with other hosts, solvers, limits and retries, with "
                              "loops that repeat more often or are left sooner, and with tasks appended to a list; for "
                              "anything else start a new run."),
                           how);
}

static LockstepJson
get_text (LockstepPlan *plan)
{
  GBytes *text = lockstep_plan_get_text (plan);

  return (LockstepJson){ g_bytes_get_data (text, NULL), g_bytes_get_size (text) };
}

/* "changed from 0.5 to 0.7" */
static void
set_value_error (GError     **error,
                 const char  *path,
                 LockstepJson old,
                 LockstepJson new)
{
  g_autofree char *from = old.text != NULL ? lockstep_plan_describe (old) : NULL;
  g_autofree char *to = new.text != NULL ? lockstep_plan_describe (new) : NULL;
  g_autofree char *how = NULL;

  if (from == NULL)
    how = g_strdup_printf (_ ("was added (%s)"), to);
  else if (to == NULL)
    how = g_strdup_printf (_ ("was removed (it was %s)"), from);
  else
    how = g_strdup_printf (_ ("was changed from %s to %s"), from, to);
  set_change_error (error, path, how);
}

static gboolean compare (LockstepJson old, LockstepJson new, const char *path, GError **error);

static gboolean
compare_member (LockstepJson object,
                LockstepJson other,
                LockstepJson name,
                const char  *path,
                GError     **error)
{
  g_autofree char *text = lockstep_json_dup_string (name, NULL);
  g_autofree char *member_path = lockstep_plan_dup_member_path (path, name);

  return compare (lockstep_json_get_member (object, text), lockstep_json_get_member (other, text), member_path, error);
}

/* Members in any order; those in @except are not looked at. */
static gboolean
compare_objects (LockstepJson old,
                 LockstepJson new,
                 const char        *path,
                 const char *const *except,
                 const char *const *except_too,
                 GError           **error)
{
  const LockstepJson both[] = { old, new };
  LockstepJsonIter   iter;
  LockstepJson       name, value;

  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    {
      lockstep_json_iter_init (&iter, both[i]);
      while (lockstep_json_iter_next (&iter, &name, &value))
        {
          g_autofree char *text = lockstep_json_dup_string (name, NULL);

          if ((except != NULL && g_strv_contains (except, text)) ||
              (except_too != NULL && g_strv_contains (except_too, text)))
            continue;
          if (!compare_member (old, new, name, path, error))
            return FALSE;
        }
    }

  return TRUE;
}

static gboolean
compare_arrays (LockstepJson old,
                LockstepJson new,
                const char *path,
                GError    **error)
{
  LockstepJsonIter old_iter, new_iter;
  LockstepJson     old_element, new_element;

  if (lockstep_json_count (old) != lockstep_json_count (new))
    {
      set_value_error (error, path, old, new);
      return FALSE;
    }

  lockstep_json_iter_init (&old_iter, old);
  lockstep_json_iter_init (&new_iter, new);
  for (guint i = 0; lockstep_json_iter_next (&old_iter, NULL, &old_element) &&
                    lockstep_json_iter_next (&new_iter, NULL, &new_element);
       i++)
    {
      g_autofree char *element_path = lockstep_plan_dup_element_path (path, i);

      if (!compare (old_element, new_element, element_path, error))
        return FALSE;
    }

  return TRUE;
}

/* Whether two values are the same, numbers as they are written. The error names the innermost member that is not. */
static gboolean
compare (LockstepJson old,
         LockstepJson new,
         const char *path,
         GError    **error)
{
  const LockstepJsonKind kind = lockstep_json_get_kind (old);
  gboolean               same = kind == lockstep_json_get_kind (new);

  if (same && kind == LOCKSTEP_JSON_OBJECT)
    return compare_objects (old, new, path, NULL, NULL, error);
  if (same && kind == LOCKSTEP_JSON_ARRAY)
    return compare_arrays (old, new, path, error);

  if (same && kind == LOCKSTEP_JSON_STRING)
    {
      gsize            old_length, new_length;
      g_autofree char *old_text = lockstep_json_dup_string (old, &old_length);
      g_autofree char *new_text = lockstep_json_dup_string (new, &new_length);

      same = old_length == new_length && memcmp (old_text, new_text, old_length) == 0;
    }
  else if (same && kind != LOCKSTEP_JSON_ABSENT)
    {
      same = old.length == new.length &&memcmp (old.text, new.text, old.length) == 0;
    }

  if (!same)
    set_value_error (error, path, old, new);

  return same;
}

static gboolean
compare_repeat (LockstepStep *old,
                LockstepStep *new,
                GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s.repeat", new->path);
  g_autofree char *how = NULL;

  if (new->repeat >= old->repeat)
    return TRUE;

  how = g_strdup_printf (_ ("was lowered from %u to %u"), old->repeat, new->repeat);
  set_change_error (error, path, how);
  return FALSE;
}

/* Whether all that @new holds for, and maybe more, is what @old holds for. */
static gboolean
is_looser (LockstepCondition *old,
           LockstepCondition *new)
{
  const char  *old_operator = lockstep_condition_get_operator (old);
  const char  *new_operator = lockstep_condition_get_operator (new);
  const double old_target = lockstep_condition_get_target (old);
  const double new_target = lockstep_condition_get_target (new);

  if (!g_str_equal (lockstep_condition_get_name (old), lockstep_condition_get_name (new)))
    return FALSE;
  if (g_str_equal (old_operator, new_operator) && old_target == new_target)
    return TRUE;
  if (old_operator[0] != new_operator[0] || (old_operator[0] != '<' && old_operator[0] != '>'))
    return FALSE;

  /* "< 1" holds for less than "<= 1", and "<= 1" for less than "< 2". */
  if (old_target == new_target)
    return new_operator[1] == '=';
  return old_operator[0] == '<' ? new_target > old_target : new_target < old_target;
}

static gboolean
compare_until (LockstepStep *old,
               LockstepStep *new,
               GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s.until", new->path);
  g_autofree char *how = NULL;

  if ((old->until == NULL && new->until == NULL) ||
      (old->until != NULL && new->until != NULL &&is_looser (old->until, new->until)))
    return TRUE;

  if (old->until == NULL)
    how = g_strdup_printf (_ ("was added (%s)"), lockstep_condition_get_text (new->until));
  else if (new->until == NULL)
    how = g_strdup_printf (_ ("was removed (it was %s)"), lockstep_condition_get_text (old->until));
  else
    how = g_strdup_printf (_ ("was changed from “%s” to “%s”"), lockstep_condition_get_text (old->until),
                           lockstep_condition_get_text (new->until));
  set_change_error (error, path, how);
  return FALSE;
}

/* The list has to begin with the tasks that it had. */
static gboolean
compare_tasks (LockstepStep *old,
               LockstepStep *new,
               GError **error)
{
  const guint64    old_count = lockstep_task_list_get_count (old->tasks);
  const guint64    new_count = lockstep_task_list_get_count (new->tasks);
  g_autofree char *path = g_strdup_printf ("%s.tasks", new->path);
  g_autofree char *how = NULL;

  if (new_count < old_count)
    {
      how = g_strdup_printf (_ ("has %" PRIu64 " tasks, and had %" PRIu64), new_count, old_count);
      set_change_error (error, path, how);
      return FALSE;
    }

  for (guint64 i = 0; i < old_count; i++)
    {
      g_autoptr (GBytes) old_params = lockstep_task_list_dup_params (old->tasks, i);
      g_autoptr (GBytes) new_params = lockstep_task_list_dup_params (new->tasks, i);
      LockstepJson       old_json = { g_bytes_get_data (old_params, NULL), g_bytes_get_size (old_params) };
      LockstepJson       new_json = { g_bytes_get_data (new_params, NULL), g_bytes_get_size (new_params) };

      if (!g_bytes_equal (old_params, new_params) && !compare (old_json, new_json, "", NULL))
        {
          how = g_strdup_printf (_ ("has another task %" PRIu64 " (%.*s, which was %.*s)"), i,
                                 (int) new_json.length, new_json.text, (int) old_json.length, old_json.text);
          set_change_error (error, path, how);
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean compare_steps (Comparison *self, LockstepJson old, LockstepJson new, const char *path, GError **error);

static gboolean
compare_step (Comparison  *self,
              LockstepJson old,
              LockstepJson new,
              const char *path,
              GError    **error)
{
  LockstepStep    *old_step = lockstep_plan_get_step (self->old, self->step);
  LockstepStep    *new_step = lockstep_plan_get_step (self->new, self->step);
  g_autofree char *steps_path = g_strdup_printf ("%s.steps", path);

  self->step++;
  if ((old_step->kind == LOCKSTEP_STEP_TASKS) != (new_step->kind == LOCKSTEP_STEP_TASKS) ||
      (old_step->kind == LOCKSTEP_STEP_LOOP) != (new_step->kind == LOCKSTEP_STEP_LOOP))
    {
      set_change_error (error, path, _ ("was changed to a step of another kind"));
      return FALSE;
    }
  if (!compare_objects (old, new, path, free_step_members, step_members, error))
    return FALSE;

  if (old_step->kind == LOCKSTEP_STEP_TASKS)
    return compare_tasks (old_step, new_step, error);
  if (old_step->kind == LOCKSTEP_STEP_LOOP)
    return compare_repeat (old_step, new_step, error) && compare_until (old_step, new_step, error) &&
           compare_steps (self, lockstep_json_get_member (old, "steps"), lockstep_json_get_member (new, "steps"),
                          steps_path, error);

  return TRUE;
}

static gboolean
compare_steps (Comparison  *self,
               LockstepJson old,
               LockstepJson new,
               const char *path,
               GError    **error)
{
  LockstepJsonIter old_iter, new_iter;
  LockstepJson     old_step, new_step;

  if (lockstep_json_count (old) != lockstep_json_count (new))
    {
      g_autofree char *how = g_strdup_printf (_ ("has %u steps, and had %u, which was changed"), lockstep_json_count (new),
                                              lockstep_json_count (old));

      set_change_error (error, path, how);
      return FALSE;
    }

  lockstep_json_iter_init (&old_iter, old);
  lockstep_json_iter_init (&new_iter, new);
  for (guint i = 0; lockstep_json_iter_next (&old_iter, NULL, &old_step) &&
                    lockstep_json_iter_next (&new_iter, NULL, &new_step);
       i++)
    {
      g_autofree char *step_path = lockstep_plan_dup_element_path (path, i);

      if (!compare_step (self, old_step, new_step, step_path, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
lockstep_plan_changes_check (LockstepPlan *old,
                             LockstepPlan *new,
                             GError **error)
{
  static const char *const apart[] = { "solver", "steps", NULL };
  Comparison               comparison = { .old = old, .new = new };
  LockstepJson             old_json, new_json;

  if (!lockstep_json_scan (get_text (old).text, get_text (old).length, &old_json, error) ||
      !lockstep_json_scan (get_text (new).text, get_text (new).length, &new_json, error))
    return FALSE;

  return compare_objects (old_json, new_json, "", free_members, apart, error) &&
         compare_objects (lockstep_json_get_member (old_json, "solver"), lockstep_json_get_member (new_json, "solver"), "solver",
                          free_solver_members, NULL, error) &&
         compare_steps (&comparison, lockstep_json_get_member (old_json, "steps"),
                        lockstep_json_get_member (new_json, "steps"), "steps", error);
}
