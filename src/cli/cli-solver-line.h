/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-run.h"
#include "lockstep-terminal.h"

G_BEGIN_DECLS

/* Widths of the columns that all lines of a block share. */
typedef struct
{
  guint index;
  guint state;
  guint step;
  guint bar;
} CliSolverColumns;

/* What fits the first @n_shown of @solvers on @terminal. */
void cli_solver_columns_measure (CliSolverColumns *self,
                                 LockstepTerminal *terminal,
                                 GListModel       *solvers,
                                 guint             n_shown);

/* One line on @solver: index, state, step and part, progress, message. */
char *cli_solver_dup_line (LockstepRunSolver      *solver,
                           LockstepTerminal       *terminal,
                           const CliSolverColumns *columns);

/* What the solvers from @first on are doing, counted: "112 more solvers: 100 computing · 12 waiting". */
char *cli_solvers_dup_totals (GListModel *solvers,
                              guint       first);

G_END_DECLS
