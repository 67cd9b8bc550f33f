/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-solver-line.h"

#include <math.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#define MAX_STEP_COLUMNS 28

/* What a solver is doing, for a person: the states of the protocol, and waiting. */
typedef enum
{
  DOING_ENDED,
  DOING_LAUNCHING,
  DOING_INITIALIZING,
  DOING_READY,
  DOING_COMPUTING,
  DOING_WAITING,
  DOING_TERMINATING,
  N_DOINGS
} Doing;

static const struct
{
  const char   *label;
  LockstepStyle style;
} doings[] = {
  [DOING_ENDED] = { N_ ("ended"), LOCKSTEP_STYLE_DIM },
  [DOING_LAUNCHING] = { N_ ("launching"), LOCKSTEP_STYLE_PLAIN },
  [DOING_INITIALIZING] = { N_ ("initializing"), LOCKSTEP_STYLE_PLAIN },
  [DOING_READY] = { N_ ("ready"), LOCKSTEP_STYLE_DIM },
  [DOING_COMPUTING] = { N_ ("computing"), LOCKSTEP_STYLE_GOOD },
  [DOING_WAITING] = { N_ ("waiting"), LOCKSTEP_STYLE_DIM },
  [DOING_TERMINATING] = { N_ ("terminating"), LOCKSTEP_STYLE_WARNING },
};

static Doing
get_doing (LockstepRunSolver *solver)
{
  if (lockstep_run_solver_get_waiting (solver))
    return DOING_WAITING;

  switch (lockstep_run_solver_get_state (solver))
    {
    case LOCKSTEP_SOLVER_LAUNCHING:
      return DOING_LAUNCHING;
    case LOCKSTEP_SOLVER_INITIALIZING:
      return DOING_INITIALIZING;
    case LOCKSTEP_SOLVER_READY:
      return DOING_READY;
    case LOCKSTEP_SOLVER_BUSY:
      return DOING_COMPUTING;
    case LOCKSTEP_SOLVER_TERMINATING:
      return DOING_TERMINATING;
    case LOCKSTEP_SOLVER_DEAD:
    default:
      return DOING_ENDED;
    }
}

/* "assign 2/4" */
static char *
dup_step (LockstepRunSolver *solver)
{
  const char      *step = lockstep_run_solver_get_step (solver);
  g_autofree char *safe = lockstep_text_make_safe (step != NULL ? step : "");
  int              part = lockstep_run_solver_get_part (solver);

  if (step == NULL || part < 0)
    return g_steal_pointer (&safe);

  return g_strdup_printf ("%s %d/%d", safe, part + 1, lockstep_run_solver_get_parts (solver));
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

  for (guint i = 0; i < N_DOINGS; i++)
    self->state = MAX (self->state, lockstep_text_get_width (_ (doings[i].label)));

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
  Doing            doing = get_doing (solver);
  double           fraction = doing == DOING_WAITING ? 1.0 : lockstep_run_solver_get_fraction (solver);
  gboolean         at_work = doing == DOING_COMPUTING || doing == DOING_WAITING || doing == DOING_INITIALIZING;
  const char      *reason = lockstep_run_solver_get_reason (solver);
  gboolean         died = doing == DOING_ENDED && reason != NULL && reason[0] != '\0';
  const char      *message = died ? reason : lockstep_run_solver_get_message (solver);
  g_autofree char *full_step = dup_step (solver);
  g_autofree char *step = lockstep_text_cut (full_step, columns->step);
  g_autofree char *safe = lockstep_text_make_safe (message != NULL ? message : "");

  g_string_append_printf (line, "%*u  ", (int) columns->index, lockstep_run_solver_get_index (solver));

  lockstep_terminal_append (terminal, line, died ? LOCKSTEP_STYLE_BAD : doings[doing].style, _ (doings[doing].label));
  append_padding (line, lockstep_text_get_width (_ (doings[doing].label)), columns->state + 2);

  g_string_append (line, step);
  append_padding (line, lockstep_text_get_width (step), columns->step + 2);

  if (at_work && fraction >= 0)
    {
      fraction = MIN (fraction, 1.0);
      append_bar (line, terminal, fraction, columns->bar);
      g_string_append_printf (line, " %3d %%  ", (int) floor (fraction * 100));
    }
  else
    {
      append_padding (line, 0, columns->bar + 8);
    }

  g_strdelimit (safe, "\n", ' ');
  lockstep_terminal_append (terminal, line, died ? LOCKSTEP_STYLE_BAD : LOCKSTEP_STYLE_PLAIN, safe);

  return g_string_free (line, FALSE);
}

char *
cli_solvers_dup_totals (GListModel *solvers,
                        guint       first)
{
  guint       n_solvers = g_list_model_get_n_items (solvers);
  guint       counts[N_DOINGS] = { 0 };
  GString    *line = g_string_new (NULL);
  const char *separator = "";

  for (guint i = first; i < n_solvers; i++)
    {
      g_autoptr (LockstepRunSolver) solver = g_list_model_get_item (solvers, i);

      counts[get_doing (solver)]++;
    }

  /* TRANSLATORS: what the solvers do that have no line of their own follows: "100 computing, 12 waiting" */
  g_string_append_printf (line, ngettext ("%u more solver: ", "%u more solvers: ", n_solvers - first), n_solvers - first);
  for (guint i = 0; i < N_DOINGS; i++)
    {
      if (counts[i] == 0)
        continue;

      g_string_append_printf (line, "%s%u %s", separator, counts[i], _ (doings[i].label));
      separator = ", ";
    }

  return g_string_free (line, FALSE);
}
