/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-first-call.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "lockstep-call-text.h"

static guint
count_parts (LockstepPlan *plan)
{
  return MAX (lockstep_plan_get_n_solvers (plan), 1);
}

static guint64
count_tasks (LockstepPlan *plan,
             LockstepStep *step)
{
  switch (step->kind)
    {
    case LOCKSTEP_STEP_ALL:
      return count_parts (plan);
    case LOCKSTEP_STEP_TASKS:
      return lockstep_task_list_get_count (step->tasks);
    case LOCKSTEP_STEP_LOOP:
      return 0;
    case LOCKSTEP_STEP_ONE:
    default:
      return 1;
    }
}

/* The step of @task, and which of its tasks that is. */
static LockstepStep *
find_step (LockstepPlan *plan,
           guint64       task,
           guint        *index,
           GError      **error)
{
  guint64       first = 0;
  LockstepStep *step;

  for (guint i = 0; (step = lockstep_plan_get_step (plan, i)) != NULL; i++)
    {
      const guint64 n_tasks = count_tasks (plan, step);

      if (task - first < n_tasks)
        {
          *index = (guint) (task - first);
          return step;
        }
      first += n_tasks;
    }

  g_set_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER,
               _ ("The plan has no task %" PRIu64 ": they are counted from 0, and the last one is %" PRIu64 "."),
               task, first - 1);
  return NULL;
}

GBytes *
lockstep_first_call_new (LockstepPlan  *plan,
                         gint64         task,
                         LockstepStep **step,
                         GError       **error)
{
  g_autoptr (LockstepRun)      run = NULL;
  g_autoptr (LockstepCallText) text = NULL;
  LockstepTurn                 turn = { .task = task, .attempt = 1 };

  if ((*step = find_step (plan, (guint64) task, &turn.index, error)) == NULL)
    return NULL;

  run = lockstep_run_new (plan);
  text = lockstep_call_text_new (run, *step, (*step)->parent != NULL ? 1 : 0,
                                 (*step)->kind == LOCKSTEP_STEP_ALL ? count_parts (plan) : 0);
  return lockstep_call_text_join (lockstep_call_text_get (text, &turn));
}
