/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-standing.h"

#include <glib/gi18n-lib.h>

#include "lockstep-duration.h"
#include "lockstep-late.h"
#include "lockstep-number-text.h"
#include "lockstep-run-private.h"
#include "lockstep-time-text.h"

static void
append (GString    *out,
        const char *text)
{
  if (text == NULL || *text == '\0')
    return;

  g_string_append (out, out->len > 0 ? " · " : "");
  g_string_append (out, text);
}

/* Takes over @text. */
static void
append_take (GString *out,
             char    *text)
{
  append (out, text);
  g_free (text);
}

/* The loop around the step at work, whose iterations are counted; NULL where there is none. */
static LockstepStep *
get_loop (LockstepRun *run)
{
  LockstepStep *step = lockstep_run_get_step (run);

  return step != NULL ? step->parent : NULL;
}

/* "gap 3.2e-4", with @target "gap 3.2e-4 → 1e-4"; NULL where no loop looks at a value. */
static char *
dup_value (LockstepRun *run,
           gboolean     target)
{
  LockstepStep    *loop = lockstep_run_get_loop (run);
  g_autofree char *now = NULL;
  g_autofree char *wanted = NULL;
  double           value;

  if (!lockstep_run_get_loop_value (run, &value))
    return NULL;

  now = lockstep_number_dup_short (value);
  if (!target)
    return g_strdup_printf ("%s %s", lockstep_condition_get_name (loop->until), now);

  wanted = lockstep_number_dup_local (lockstep_condition_get_target_text (loop->until));
  return g_strdup_printf ("%s %s → %s", lockstep_condition_get_name (loop->until), now, wanted);
}

static char *
dup_share (guint done,
           guint all)
{
  g_autofree char *done_text = lockstep_number_dup_text (done);
  g_autofree char *all_text = lockstep_number_dup_text (all);

  /* TRANSLATORS: tasks that are done, of all there are */
  return g_strdup_printf (_ ("%s of %s"), done_text, all_text);
}

/* "120 of 2,000", those that have ended; NULL where the step is not a list of tasks. */
static char *
dup_tasks (LockstepRun *run)
{
  LockstepStep *step = lockstep_run_get_step (run);

  if (step == NULL || step->kind != LOCKSTEP_STEP_TASKS)
    return NULL;

  return dup_share ((guint) lockstep_run_get_n_done (run), (guint) lockstep_run_get_n_tasks (run));
}

/* The same of the last step of tasks of a run that is over, without those that failed. */
static char *
dup_done (LockstepRun *run)
{
  const LockstepStepResults *sweep = NULL;
  LockstepPlace              place;

  if (!lockstep_results_get_sweep (lockstep_run_get_outcome (run), &place, &sweep))
    return NULL;

  return dup_share (sweep->n_ended - g_hash_table_size (sweep->failures), sweep->results->len);
}

static char *
dup_failures (LockstepRun *run)
{
  const guint64    n_failures = lockstep_run_get_n_failures (run);
  g_autofree char *number = lockstep_number_dup_text (n_failures);

  if (n_failures == 0)
    return NULL;

  /* TRANSLATORS: %s is a number of tasks */
  return g_strdup_printf (ngettext ("%s failed", "%s failed", (gulong) n_failures), number);
}

static char *
dup_seconds (LockstepRun *run,
             gint64       now)
{
  return lockstep_run_get_start (run) > 0 ? lockstep_duration_dup_text (lockstep_run_get_seconds (run, now)) : NULL;
}

/* What is to be done, of a plan: "2,000 tasks × 2 threads", "at most 500 iterations". */
static char *
dup_amount (LockstepPlan *plan)
{
  GPtrArray       *steps = lockstep_plan_get_steps (plan);
  const guint      n_threads = lockstep_plan_get_solver (plan)->threads;
  guint64          n_tasks = 0;
  g_autofree char *number = NULL;

  for (guint i = 0; i < steps->len; i++)
    {
      const LockstepStep *step = g_ptr_array_index (steps, i);

      if (step->kind == LOCKSTEP_STEP_LOOP)
        return g_strdup_printf (step->until != NULL ? ngettext ("at most %u iteration", "at most %u iterations", step->repeat)
                                                    : ngettext ("%u iteration", "%u iterations", step->repeat),
                                step->repeat);
      if (step->kind == LOCKSTEP_STEP_TASKS)
        n_tasks += lockstep_task_list_get_count (step->tasks);
    }

  if (n_tasks == 0)
    return g_strdup_printf (ngettext ("%u step", "%u steps", steps->len), steps->len);

  number = lockstep_number_dup_text (n_tasks);
  if (n_threads > 1)
    /* TRANSLATORS: each task computes with so many threads */
    return g_strdup_printf (ngettext ("%s task × %u threads", "%s tasks × %u threads", (gulong) n_tasks), number, n_threads);

  return g_strdup_printf (ngettext ("%s task", "%s tasks", (gulong) n_tasks), number);
}

static void
tell_idle (LockstepStanding *self,
           LockstepRun      *run,
           guint             n_solvers,
           GString          *text)
{
  LockstepPlan    *plan = lockstep_run_get_plan (run);
  const guint      n_hosts = lockstep_plan_get_hosts (plan)->len;
  g_autofree char *amount = dup_amount (plan);

  append (text, _ ("Not started"));
  append (text, amount);
  if (n_solvers > 0 && n_hosts > 1)
    g_string_append_printf (text, ngettext (", %u solver on %u hosts", ", %u solvers on %u hosts", n_solvers), n_solvers, n_hosts);
  else if (n_solvers > 0)
    g_string_append_printf (text, ngettext (", %u solver here", ", %u solvers here", n_solvers), n_solvers);
  self->action = LOCKSTEP_STANDING_TRY;
}

/* Where it is, and how well it goes. */
static void
tell_position (LockstepStanding *self,
               LockstepRun      *run,
               GString          *text)
{
  LockstepStep *step = lockstep_run_get_step (run);
  LockstepStep *loop = get_loop (run);

  if (loop != NULL)
    {
      append_take (text, g_strdup_printf (_ ("Iteration %d"), lockstep_run_get_iteration (run)));
      if (lockstep_run_is_leaving (run, loop))
        self->aside = g_strdup (_ ("the last one"));
      else
        self->aside = g_strdup_printf (loop->until != NULL ? _ ("at most %u") : _ ("of %u"), loop->repeat);
      append_take (text, dup_value (run, TRUE));
    }
  else if (step != NULL)
    {
      append (text, step->title);
    }
  append_take (text, dup_tasks (run));
  append_take (text, dup_failures (run));
}

static void
tell_running (LockstepStanding *self,
              LockstepRun      *run,
              GString          *text,
              gint64            now)
{
  append_take (text, lockstep_run_dup_finishing (run));
  tell_position (self, run, text);
  append_take (text, dup_seconds (run, now));
  append_take (text, lockstep_run_dup_estimate (run));
  if (lockstep_run_get_state (run) == LOCKSTEP_RUN_PAUSED)
    self->action = LOCKSTEP_STANDING_CONTINUE;
  else if (lockstep_run_may_stop_iterating (run))
    self->action = LOCKSTEP_STANDING_STOP_ITERATING;
}

/* What a run that did not get to its end has brought all the same. */
static char *
dup_kept (LockstepRun *run)
{
  LockstepStep    *step = lockstep_run_get_step (run);
  g_autofree char *tasks = NULL;

  if (get_loop (run) != NULL && lockstep_run_get_iteration (run) > 1)
    return g_strdup_printf (ngettext ("kept: %d iteration", "kept: %d iterations", (gulong) lockstep_run_get_iteration (run) - 1),
                            lockstep_run_get_iteration (run) - 1);
  if (step == NULL || step->kind != LOCKSTEP_STEP_TASKS || lockstep_run_get_n_done (run) == 0)
    return NULL;

  tasks = dup_tasks (run);
  return g_strdup_printf (_ ("kept: %s tasks"), tasks);
}

/* What became of a run that did not get to its end, and where. */
static char *
dup_broken (LockstepRunState state,
            LockstepStep    *step,
            int              iteration)
{
  const gboolean looped = step != NULL && step->parent != NULL;

  switch (state)
    {
    case LOCKSTEP_RUN_FAILED:
      if (looped)
        return g_strdup_printf (_ ("Failed in iteration %d, step %s"), iteration, step->title);
      return step != NULL ? g_strdup_printf (_ ("Failed in step %s"), step->title) : g_strdup (_ ("Failed before the first step"));
    case LOCKSTEP_RUN_TERMINATED:
      if (looped)
        return g_strdup_printf (_ ("Terminated in iteration %d, step %s"), iteration, step->title);
      return step != NULL ? g_strdup_printf (_ ("Terminated in step %s"), step->title)
                          : g_strdup (_ ("Terminated before the first step"));
    default:
      if (looped)
        return g_strdup_printf (_ ("Interrupted in iteration %d, step %s"), iteration, step->title);
      return step != NULL ? g_strdup_printf (_ ("Interrupted in step %s"), step->title)
                          : g_strdup (_ ("Interrupted before the first step"));
    }
}

static void
tell_broken (LockstepStanding *self,
             LockstepRun      *run,
             GString          *text,
             gint64            now)
{
  append_take (text, dup_broken (lockstep_run_get_state (run), lockstep_run_get_step (run), lockstep_run_get_iteration (run)));
  append_take (text, dup_seconds (run, now));
  append_take (text, dup_failures (run));
  self->aside = dup_kept (run);
}

static void
tell_finished (LockstepStanding *self,
               LockstepRun      *run,
               GString          *text,
               gint64            now)
{
  LockstepStep    *loop = lockstep_run_get_loop (run);
  g_autofree char *time = lockstep_time_dup_text (lockstep_run_get_end (run));

  /* TRANSLATORS: %s is a time, "Sat 03:52" */
  append_take (text, time != NULL ? g_strdup_printf (_ ("Finished %s"), time) : g_strdup (_ ("Finished")));
  if (loop != NULL && loop->until != NULL && !lockstep_run_get_reached (run))
    append_take (text, g_strdup_printf (_ ("“%s” was not reached"), lockstep_condition_get_text (loop->until)));
  append_take (text, dup_value (run, FALSE));
  append_take (text, dup_done (run));
  append_take (text, dup_failures (run));
  append_take (text, dup_seconds (run, now));
  if (lockstep_run_get_directory (run) != NULL)
    self->action = LOCKSTEP_STANDING_EXPORT;
}

LockstepStanding *
lockstep_standing_new (LockstepRun *run,
                       guint        n_solvers,
                       gint64       now)
{
  LockstepStanding *self = g_new0 (LockstepStanding, 1);
  GString          *text = g_string_new (NULL);
  const guint       n_launched = lockstep_run_get_n_solvers (run);

  switch (lockstep_run_get_state (run))
    {
    case LOCKSTEP_RUN_IDLE:
      tell_idle (self, run, n_solvers, text);
      break;
    case LOCKSTEP_RUN_LAUNCHING:
      g_string_append_printf (text, ngettext ("Starting %u solver", "Starting %u solvers", n_launched), n_launched);
      append_take (text, dup_seconds (run, now));
      break;
    case LOCKSTEP_RUN_STEPPING:
      tell_running (self, run, text, now);
      break;
    case LOCKSTEP_RUN_PAUSED:
      append (text, lockstep_run_get_trouble (run) != NULL ? _ ("Paused: it cannot be written to disk") : _ ("Paused"));
      tell_running (self, run, text, now);
      break;
    case LOCKSTEP_RUN_STOPPING:
      append (text, lockstep_run_get_towards (run) == LOCKSTEP_RUN_TERMINATED ? _ ("Terminating…") : _ ("Ending…"));
      tell_position (self, run, text);
      append_take (text, dup_seconds (run, now));
      break;
    case LOCKSTEP_RUN_FINISHED:
      tell_finished (self, run, text, now);
      break;
    case LOCKSTEP_RUN_FAILED:
    case LOCKSTEP_RUN_TERMINATED:
    case LOCKSTEP_RUN_INTERRUPTED:
      tell_broken (self, run, text, now);
      break;
    }
  self->text = g_string_free (text, FALSE);

  return self;
}

void
lockstep_standing_free (LockstepStanding *self)
{
  g_free (self->text);
  g_free (self->aside);
  g_free (self);
}

char *
lockstep_standing_dup_headline (LockstepRun *run)
{
  GArray  *late = lockstep_run_get_late (run);
  GString *text;

  switch (lockstep_run_get_state (run))
    {
    case LOCKSTEP_RUN_IDLE:
      /* One that is gone on with has a folder before it begins. */
      return lockstep_run_get_directory (run) != NULL ? g_strdup (_ ("starting")) : NULL;
    case LOCKSTEP_RUN_LAUNCHING:
      return g_strdup (_ ("starting"));
    case LOCKSTEP_RUN_STOPPING:
      return g_strdup (_ ("ending"));
    case LOCKSTEP_RUN_STEPPING:
      if (lockstep_run_is_finishing (run))
        return g_strdup (_ ("finishing tasks, then stopping"));
      if (late->len == 1)
        return g_strdup_printf (_ ("solver %d is late"), g_array_index (late, LockstepLateTask, 0).solver);
      if (late->len > 1)
        return g_strdup_printf (ngettext ("%u solver is late", "%u solvers are late", late->len), late->len);
      break;
    case LOCKSTEP_RUN_PAUSED:
      break;
    default:
      return NULL;
    }

  text = g_string_new (NULL);
  if (lockstep_run_get_state (run) == LOCKSTEP_RUN_PAUSED)
    append (text, _ ("paused"));
  append_take (text, dup_value (run, FALSE));
  if (lockstep_run_get_loop (run) == NULL)
    append_take (text, dup_tasks (run));
  append_take (text, dup_failures (run));
  if (text->len == 0)
    append_take (text, get_loop (run) != NULL                ? g_strdup_printf (_ ("iteration %d"), lockstep_run_get_iteration (run))
                       : lockstep_run_get_step (run) != NULL ? g_strdup (lockstep_run_get_step (run)->title)
                                                             : g_strdup (_ ("running")));

  return g_string_free (text, FALSE);
}
