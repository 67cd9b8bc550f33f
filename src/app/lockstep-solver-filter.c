/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-solver-filter.h"

#include "lockstep-run-solver.h"
#include "lockstep-solver-text.h"

struct _LockstepSolverFilter
{
  GtkFilter parent_instance;
  char     *text;  /* casefolded */
  int       doing; /* −1 for any */
};

G_DEFINE_FINAL_TYPE (LockstepSolverFilter, lockstep_solver_filter, GTK_TYPE_FILTER)

static gboolean
has_text (const char *text,
          const char *folded)
{
  g_autofree char *folded_text = text != NULL ? g_utf8_casefold (text, -1) : NULL;

  return folded_text != NULL && strstr (folded_text, folded) != NULL;
}

static gboolean
lockstep_solver_filter_match (GtkFilter *filter,
                              gpointer   item)
{
  LockstepSolverFilter *self = LOCKSTEP_SOLVER_FILTER (filter);
  LockstepRunSolver    *solver = item;
  g_autofree char      *index = NULL;

  if (self->doing >= 0 &&
      (int) lockstep_doing_get (lockstep_run_solver_get_state (solver), lockstep_run_solver_get_waiting (solver)) != self->doing)
    return FALSE;
  if (*self->text == '\0')
    return TRUE;

  index = g_strdup_printf ("%u", lockstep_run_solver_get_index (solver));
  return g_str_equal (index, self->text) || has_text (lockstep_run_solver_get_host (solver), self->text) ||
         has_text (lockstep_run_solver_get_step (solver), self->text) ||
         has_text (lockstep_run_solver_get_message (solver), self->text) ||
         has_text (lockstep_run_solver_get_reason (solver), self->text);
}

static GtkFilterMatch
lockstep_solver_filter_get_strictness (GtkFilter *filter)
{
  LockstepSolverFilter *self = LOCKSTEP_SOLVER_FILTER (filter);

  return self->doing < 0 && *self->text == '\0' ? GTK_FILTER_MATCH_ALL : GTK_FILTER_MATCH_SOME;
}

static void
lockstep_solver_filter_finalize (GObject *object)
{
  g_free (LOCKSTEP_SOLVER_FILTER (object)->text);

  G_OBJECT_CLASS (lockstep_solver_filter_parent_class)->finalize (object);
}

static void
lockstep_solver_filter_class_init (LockstepSolverFilterClass *class)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (class);
  GtkFilterClass *filter_class = GTK_FILTER_CLASS (class);

  object_class->finalize = lockstep_solver_filter_finalize;
  filter_class->match = lockstep_solver_filter_match;
  filter_class->get_strictness = lockstep_solver_filter_get_strictness;
}

static void
lockstep_solver_filter_init (LockstepSolverFilter *self)
{
  self->text = g_strdup ("");
  self->doing = -1;
}

LockstepSolverFilter *
lockstep_solver_filter_new (void)
{
  return g_object_new (LOCKSTEP_TYPE_SOLVER_FILTER, NULL);
}

void
lockstep_solver_filter_set_text (LockstepSolverFilter *self,
                                 const char           *text)
{
  g_autofree char *folded = NULL;

  g_return_if_fail (LOCKSTEP_IS_SOLVER_FILTER (self));
  g_return_if_fail (text != NULL);

  folded = g_utf8_casefold (text, -1);
  if (g_str_equal (folded, self->text))
    return;

  g_free (self->text);
  self->text = g_steal_pointer (&folded);
  gtk_filter_changed (GTK_FILTER (self), GTK_FILTER_CHANGE_DIFFERENT);
}

void
lockstep_solver_filter_set_doing (LockstepSolverFilter *self,
                                  int                   doing)
{
  g_return_if_fail (LOCKSTEP_IS_SOLVER_FILTER (self));

  if (doing == self->doing)
    return;

  self->doing = doing;
  gtk_filter_changed (GTK_FILTER (self), GTK_FILTER_CHANGE_DIFFERENT);
}

void
lockstep_solver_filter_refresh (LockstepSolverFilter *self)
{
  g_return_if_fail (LOCKSTEP_IS_SOLVER_FILTER (self));

  if (lockstep_solver_filter_get_strictness (GTK_FILTER (self)) != GTK_FILTER_MATCH_ALL)
    gtk_filter_changed (GTK_FILTER (self), GTK_FILTER_CHANGE_DIFFERENT);
}
