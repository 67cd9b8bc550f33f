/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-solver-words.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "lockstep-solver-text.h"

static const char *const icons[] = {
  [LOCKSTEP_DOING_COMPUTING] = "media-playback-start-symbolic",
  [LOCKSTEP_DOING_WAITING] = "preferences-system-time-symbolic",
  [LOCKSTEP_DOING_READY] = "object-select-symbolic",
  [LOCKSTEP_DOING_INITIALIZING] = "content-loading-symbolic",
  [LOCKSTEP_DOING_STARTING] = "content-loading-symbolic",
  [LOCKSTEP_DOING_STOPPING] = "process-stop-symbolic",
  [LOCKSTEP_DOING_ENDED] = "media-playback-stop-symbolic",
};

guint
lockstep_solver_words_get_doing (gpointer object,
                                 guint    state,
                                 gboolean waiting)
{
  return lockstep_doing_get (state, waiting);
}

char *
lockstep_solver_words_dup_state (gpointer object,
                                 guint    state,
                                 gboolean waiting,
                                 gboolean late)
{
  const LockstepDoing doing = lockstep_doing_get (state, waiting);

  return g_strdup (late && doing == LOCKSTEP_DOING_COMPUTING ? _ ("late") : lockstep_doing_to_text (doing));
}

char *
lockstep_solver_words_dup_icon (gpointer object,
                                guint    state,
                                gboolean waiting,
                                gboolean late)
{
  const LockstepDoing doing = lockstep_doing_get (state, waiting);

  return g_strdup (late && doing == LOCKSTEP_DOING_COMPUTING ? "dialog-warning-symbolic" : icons[doing]);
}

char *
lockstep_solver_words_dup_text (gpointer    object,
                                const char *text)
{
  return g_strdup (text != NULL ? text : "");
}

char *
lockstep_solver_words_dup_step (gpointer    object,
                                const char *step,
                                int         part,
                                int         parts,
                                gint64      task,
                                gboolean    listed)
{
  if (step != NULL && listed && task >= 0)
    return g_strdup_printf (_ ("%s · task %" PRId64), step, task);

  return lockstep_solver_dup_step_text (step, part, parts);
}

char *
lockstep_solver_words_dup_part (gpointer object,
                                int      part,
                                int      parts,
                                gint64   task,
                                gboolean listed)
{
  if (listed && task >= 0)
    return g_strdup_printf (_ ("task %" PRId64), task);

  return part < 0 || parts < 1 ? g_strdup ("") : g_strdup_printf (_ ("%d of %d"), part + 1, parts);
}

char *
lockstep_solver_words_dup_progress (gpointer object,
                                    double   fraction,
                                    guint    state,
                                    gboolean waiting)
{
  return lockstep_solver_dup_progress_text (lockstep_doing_get (state, waiting), fraction);
}

double
lockstep_solver_words_get_progress (gpointer object,
                                    double   fraction,
                                    guint    state,
                                    gboolean waiting)
{
  return MAX (lockstep_solver_get_progress (lockstep_doing_get (state, waiting), fraction), 0);
}

char *
lockstep_solver_words_dup_message (gpointer    object,
                                   const char *message,
                                   const char *reason,
                                   guint       state)
{
  char *text = g_strdup (lockstep_solver_get_message_text (lockstep_doing_get (state, FALSE), message, reason));

  /* A row is one line high. */
  return g_strdelimit (g_strstrip (text), "\n\r", ' ');
}

char *
lockstep_solver_words_dup_cpu (gpointer object,
                               double   cpu,
                               guint    state)
{
  int percent = lockstep_solver_get_cpu_percent (lockstep_doing_get (state, FALSE), cpu);

  return percent < 0 ? g_strdup ("") : g_strdup_printf (_ ("%d %%"), percent);
}

char *
lockstep_solver_words_dup_memory (gpointer object,
                                  guint64  memory,
                                  guint    state)
{
  if (memory == 0 || state == LOCKSTEP_SOLVER_DEAD)
    return g_strdup ("");

  return g_format_size (memory);
}

char *
lockstep_solver_words_dup_age (gpointer object,
                               gint64   sign,
                               gint64   now,
                               guint    state,
                               gboolean waiting)
{
  gint64 seconds = (now - sign) / G_USEC_PER_SEC;

  if (sign == 0 || state == LOCKSTEP_SOLVER_DEAD)
    return g_strdup ("");
  if (seconds < 2)
    return g_strdup (_ ("now"));
  if (seconds < 60)
    return g_strdup_printf (_ ("%d s"), (int) seconds);
  if (seconds < 3600)
    return g_strdup_printf (_ ("%d min"), (int) (seconds / 60));

  return g_strdup_printf (_ ("%d h"), (int) (seconds / 3600));
}

/* "12 s", "3 min 5 s", "2 h 10 min" */
static char *
dup_duration (gint64 microseconds)
{
  const int seconds = (int) (MAX (microseconds, 0) / G_USEC_PER_SEC);

  if (seconds < 60)
    return g_strdup_printf (_ ("%d s"), seconds);
  if (seconds < 3600)
    return g_strdup_printf (_ ("%d min %d s"), seconds / 60, seconds % 60);

  return g_strdup_printf (_ ("%d h %d min"), seconds / 3600, seconds / 60 % 60);
}

char *
lockstep_solver_words_dup_waiting (gpointer object,
                                   gint64   since,
                                   gint64   now,
                                   guint    state,
                                   gboolean waiting)
{
  if (since == 0 || lockstep_doing_get (state, waiting) != LOCKSTEP_DOING_WAITING)
    return g_strdup ("");

  return dup_duration (now - since);
}

char *
lockstep_solver_words_dup_elapsed (gpointer object,
                                   gint64   since,
                                   gint64   now,
                                   guint    state,
                                   gboolean waiting)
{
  if (since == 0 || state == LOCKSTEP_SOLVER_DEAD)
    return g_strdup ("");

  return dup_duration (now - since);
}

char *
lockstep_solver_words_dup_total (gpointer    object,
                                 GListModel *solvers)
{
  LockstepSolverTotals totals;
  GString             *total = g_string_new (NULL);
  g_autofree char     *doing = NULL;

  if (solvers == NULL || g_list_model_get_n_items (solvers) == 0)
    return g_string_free (total, FALSE);

  lockstep_solver_totals_count (&totals, solvers, 0);
  doing = lockstep_solver_totals_dup_text (&totals);
  g_string_append_printf (total, ngettext ("%u solver · %s", "%u solvers · %s", totals.n_solvers), totals.n_solvers, doing);
  if (totals.cpu_percent >= 0)
    g_string_append_printf (total, _ (" · CPU %d %%"), totals.cpu_percent);
  if (totals.memory > 0)
    {
      g_autofree char *size = g_format_size (totals.memory);

      g_string_append_printf (total, " · %s", size);
    }

  return g_string_free (total, FALSE);
}
