/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-progress.h"

#include <signal.h>

#include <glib-unix.h>

#include "cli-solver-line.h"
#include "lockstep-duration.h"
#include "lockstep-event-text.h"
#include "lockstep-solver-text.h"

/* Lines for solvers; the others are counted. */
#define MAX_SOLVER_LINES 16

/* 10 times a second. */
#define FRAME_MILLISECONDS 100

/* What a reader that does not read is given when the run was terminated (ms). */
#define LAST_PATIENCE 1000

struct _CliProgress
{
  LockstepRun      *run;      /* owned */
  LockstepTerminal *terminal; /* borrowed */
  gulong            event_handler;
  guint             frame_source;
  guint             resize_source;
};

static const LockstepStyle styles[] = {
  [LOCKSTEP_LEVEL_DEBUG] = LOCKSTEP_STYLE_DIM,
  [LOCKSTEP_LEVEL_INFO] = LOCKSTEP_STYLE_PLAIN,
  [LOCKSTEP_LEVEL_WARNING] = LOCKSTEP_STYLE_WARNING,
  [LOCKSTEP_LEVEL_ERROR] = LOCKSTEP_STYLE_BAD,
};

/* Whether @event gets a line. On a terminal only what the block below does not tell. */
static gboolean
is_worth_a_line (CliProgress         *self,
                 const LockstepEvent *event,
                 LockstepLevel        level)
{
  if (level == LOCKSTEP_LEVEL_DEBUG)
    return FALSE;

  if (!lockstep_terminal_is_live (self->terminal))
    return TRUE;

  switch ((int) event->type)
    {
    case LOCKSTEP_EVENT_LOG:
    case LOCKSTEP_EVENT_RUN_PAUSED:
    case LOCKSTEP_EVENT_RUN_CONTINUED:
    case LOCKSTEP_EVENT_RUN_FINISHING:
    case LOCKSTEP_EVENT_TASK_FAILED:
      return TRUE;

    case LOCKSTEP_EVENT_SOLVER_ENDED:
      return lockstep_run_get_state (self->run) != LOCKSTEP_RUN_STOPPING;

    default:
      return FALSE;
    }
}

static void
event_cb (LockstepRun         *run,
          const LockstepEvent *event,
          gpointer             user_data)
{
  CliProgress          *self = user_data;
  LockstepLevel         level = lockstep_event_get_level (event, lockstep_run_get_state (run));
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;
  g_autofree char      *time = NULL;
  g_autofree char      *who = NULL;
  g_autofree char      *text = NULL;
  g_autofree char      *safe = NULL;
  g_auto (GStrv)        lines = NULL;

  if (!is_worth_a_line (self, event, level) ||
      !(text = lockstep_event_dup_text (event, lockstep_run_get_plan (run))))
    return;

  utc = g_date_time_new_from_unix_utc (event->time / G_USEC_PER_SEC);
  local = g_date_time_to_local (utc);
  time = g_date_time_format (local, "%H:%M:%S");
  who = lockstep_event_dup_who (event);
  safe = lockstep_text_make_safe (g_strchomp (text));
  lines = g_strsplit (safe, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char    *prefix = g_strdup_printf ("%s  %-10s ", time, who);
      g_autoptr (GString) line = g_string_new (NULL);

      lockstep_terminal_append (self->terminal, line, LOCKSTEP_STYLE_DIM, prefix);
      lockstep_terminal_append (self->terminal, line, styles[level], lines[i]);
      lockstep_terminal_print_log (self->terminal, line->str);
    }
}

/* "Demonstration · Step 2 of 3 · 41 % · 12 s" */
static char *
dup_head (CliProgress *self)
{
  GString         *head = g_string_new (NULL);
  g_autofree char *name = lockstep_text_make_safe (lockstep_plan_get_name (lockstep_run_get_plan (self->run)));
  g_autofree char *summary = lockstep_run_dup_summary (self->run);
  g_autofree char *safe = lockstep_text_make_safe (summary);
  double           fraction = lockstep_run_get_fraction (self->run);
  gint64           start = lockstep_run_get_start (self->run);

  g_strdelimit (name, "\n", ' ');
  g_strdelimit (safe, "\n", ' ');

  lockstep_terminal_append (self->terminal, head, LOCKSTEP_STYLE_BOLD, name);
  g_string_append_printf (head, " · %s", safe);

  if (fraction >= 0)
    g_string_append_printf (head, " · %d %%", lockstep_fraction_get_percent (fraction));

  if (start > 0 && !lockstep_run_has_ended (self->run))
    {
      g_autofree char *elapsed = lockstep_duration_dup_text (lockstep_run_get_seconds (self->run, g_get_real_time ()));

      g_string_append_printf (head, " · %s", elapsed);
    }

  return g_string_free (head, FALSE);
}

static gboolean
frame_cb (gpointer user_data)
{
  CliProgress          *self = user_data;
  GListModel           *solvers = lockstep_run_get_solvers (self->run);
  guint                 n_solvers = g_list_model_get_n_items (solvers);
  guint                 rows = lockstep_terminal_get_rows (self->terminal);
  guint                 n_shown = MIN (n_solvers, MIN (MAX_SOLVER_LINES, rows > 4 ? rows - 4 : 1));
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  CliSolverColumns      columns;

  g_ptr_array_add (lines, dup_head (self));

  cli_solver_columns_measure (&columns, self->terminal, solvers, n_shown);
  for (guint i = 0; i < n_shown; i++)
    {
      g_autoptr (LockstepRunSolver) solver = g_list_model_get_item (solvers, i);

      g_ptr_array_add (lines, cli_solver_dup_line (solver, self->terminal, &columns));
    }

  if (n_solvers > n_shown)
    g_ptr_array_add (lines, cli_solvers_dup_totals (solvers, n_shown));

  lockstep_terminal_show (self->terminal, lines);

  return G_SOURCE_CONTINUE;
}

static gboolean
resize_cb (gpointer user_data)
{
  CliProgress *self = user_data;

  lockstep_terminal_resize (self->terminal);
  frame_cb (self);

  return G_SOURCE_CONTINUE;
}

CliProgress *
cli_progress_new (LockstepRun      *run,
                  LockstepTerminal *terminal)
{
  CliProgress *self = g_new0 (CliProgress, 1);

  self->run = g_object_ref (run);
  self->terminal = terminal;
  lockstep_terminal_set_patience (terminal, 0);
  self->event_handler = g_signal_connect (run, "event", G_CALLBACK (event_cb), self);

  if (lockstep_terminal_is_live (terminal))
    {
      self->frame_source = g_timeout_add (FRAME_MILLISECONDS, frame_cb, self);
      self->resize_source = g_unix_signal_add (SIGWINCH, resize_cb, self);
    }

  return self;
}

void
cli_progress_free (CliProgress *self)
{
  g_autoptr (GPtrArray) nothing = g_ptr_array_new ();

  /* A person who terminated the run wants to get away; others get all that there is to read. */
  lockstep_terminal_set_patience (self->terminal,
                                  lockstep_run_get_state (self->run) == LOCKSTEP_RUN_TERMINATED ? LAST_PATIENCE : -1);
  lockstep_terminal_show (self->terminal, nothing);
  g_clear_signal_handler (&self->event_handler, self->run);
  g_clear_handle_id (&self->frame_source, g_source_remove);
  g_clear_handle_id (&self->resize_source, g_source_remove);
  g_clear_object (&self->run);
  g_free (self);
}
