/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-solver-line.h"

#include <math.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "lockstep-solver-text.h"

#define MAX_STEP_COLUMNS 28

#define PROGRESS_COLUMNS 6

static const LockstepStyle styles[] = {
  [LOCKSTEP_DOING_COMPUTING] = LOCKSTEP_STYLE_GOOD,
  [LOCKSTEP_DOING_WAITING] = LOCKSTEP_STYLE_DIM,
  [LOCKSTEP_DOING_READY] = LOCKSTEP_STYLE_DIM,
  [LOCKSTEP_DOING_INITIALIZING] = LOCKSTEP_STYLE_PLAIN,
  [LOCKSTEP_DOING_STARTING] = LOCKSTEP_STYLE_PLAIN,
  [LOCKSTEP_DOING_STOPPING] = LOCKSTEP_STYLE_WARNING,
  [LOCKSTEP_DOING_ENDED] = LOCKSTEP_STYLE_DIM,
};

static LockstepDoing
get_doing (LockstepRunSolver *solver)
{
  return lockstep_doing_get (lockstep_run_solver_get_state (solver), lockstep_run_solver_get_waiting (solver));
}

static char *
dup_step (LockstepRunSolver *solver)
{
  g_autofree char *text = lockstep_solver_dup_step_text (lockstep_run_solver_get_step (solver),
                                                         lockstep_run_solver_get_part (solver),
                                                         lockstep_run_solver_get_parts (solver));
  char            *safe = lockstep_text_make_safe (text);

  return g_strdelimit (safe, "\n", ' ');
}

static void
append_padding (GString *line,
                guint    taken,
                guint    columns)
{
  for (guint i = taken; i < columns; i++)
    g_string_append_c (line, ' ');
}

static void
append_bar (GString          *line,
            LockstepTerminal *terminal,
            double            fraction,
            guint             columns)
{
  static const char *const eighths[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
  guint                    filled = (guint) floor (fraction * columns * 8);
  guint                    taken = filled / 8;
  g_autoptr (GString)      rest = g_string_new (NULL);

  if (!lockstep_terminal_is_utf8 (terminal))
    {
      for (guint i = 0; i < columns; i++)
        g_string_append_c (line, i < taken ? '#' : '.');
      return;
    }

  for (guint i = 0; i < taken; i++)
    g_string_append (line, "█");
  if (filled % 8 > 0)
    {
      g_string_append (line, eighths[filled % 8]);
      taken++;
    }

  for (guint i = taken; i < columns; i++)
    g_string_append (rest, "░");
  lockstep_terminal_append (terminal, line, LOCKSTEP_STYLE_DIM, rest->str);
}

void
cli_solver_columns_measure (CliSolverColumns *self,
                            LockstepTerminal *terminal,
                            GListModel       *solvers,
                            guint             n_shown)
{
  guint columns = lockstep_terminal_get_columns (terminal);
  char  number[16];

  memset (self, 0, sizeof *self);
  self->index = g_snprintf (number, sizeof number, "%u", MAX (n_shown, 1) - 1);
  if (columns >= 60)
    self->bar = columns >= 100 ? 24 : 14;

  for (guint i = 0; i < LOCKSTEP_N_DOINGS; i++)
    self->state = MAX (self->state, lockstep_text_get_width (lockstep_doing_to_text (i)));

  for (guint i = 0; i < n_shown; i++)
    {
      g_autoptr (LockstepRunSolver) solver = g_list_model_get_item (solvers, i);
      g_autofree char              *step = dup_step (solver);

      self->step = MAX (self->step, lockstep_text_get_width (step));
    }
  self->step = MIN (self->step, MIN (MAX_STEP_COLUMNS, columns / 4));
}

char *
cli_solver_dup_line (LockstepRunSolver      *solver,
                     LockstepTerminal       *terminal,
                     const CliSolverColumns *columns)
{
  GString         *line = g_string_new (NULL);
  LockstepDoing    doing = get_doing (solver);
  const char      *word = lockstep_doing_to_text (doing);
  double           fraction = lockstep_run_solver_get_fraction (solver);
  double           progress = lockstep_solver_get_progress (doing, fraction);
  const char      *reason = lockstep_run_solver_get_reason (solver);
  const char      *message = lockstep_solver_get_message_text (doing, lockstep_run_solver_get_message (solver), reason);
  gboolean         died = reason != NULL && message == reason;
  g_autofree char *full_step = dup_step (solver);
  g_autofree char *step = lockstep_text_cut (full_step, columns->step);
  g_autofree char *percent = lockstep_solver_dup_progress_text (doing, fraction);
  g_autofree char *safe = lockstep_text_make_safe (message);

  g_string_append_printf (line, "%*u  ", (int) columns->index, lockstep_run_solver_get_index (solver));

  lockstep_terminal_append (terminal, line, died ? LOCKSTEP_STYLE_BAD : styles[doing], word);
  append_padding (line, lockstep_text_get_width (word), columns->state + 2);

  g_string_append (line, step);
  append_padding (line, lockstep_text_get_width (step), columns->step + 2);

  if (progress >= 0)
    append_bar (line, terminal, progress, columns->bar);
  else
    append_padding (line, 0, columns->bar);
  append_padding (line, lockstep_text_get_width (percent), PROGRESS_COLUMNS);
  g_string_append_printf (line, "%s  ", percent);

  g_strdelimit (safe, "\n", ' ');
  lockstep_terminal_append (terminal, line, died ? LOCKSTEP_STYLE_BAD : LOCKSTEP_STYLE_PLAIN, safe);

  return g_string_free (line, FALSE);
}

char *
cli_solvers_dup_totals (GListModel *solvers,
                        guint       first)
{
  LockstepSolverTotals totals;
  g_autofree char     *doing = NULL;

  lockstep_solver_totals_count (&totals, solvers, first);
  doing = lockstep_solver_totals_dup_text (&totals);

  /* TRANSLATORS: what the solvers do that have no line of their own: "112 more solvers: 100 computing · 12 waiting" */
  return g_strdup_printf (ngettext ("%u more solver: %s", "%u more solvers: %s", totals.n_solvers), totals.n_solvers, doing);
}
