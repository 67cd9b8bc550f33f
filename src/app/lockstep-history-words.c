/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-history-words.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "lockstep-number-text.h"
#include "lockstep-time-text.h"

char *
lockstep_history_words_dup_time (gpointer object,
                                 gint64   started)
{
  g_autofree char *text = lockstep_time_dup_text (started);

  if (text == NULL)
    return g_strdup (_ ("At an unknown time"));

  /* TRANSLATORS: %s is a time of day */
  return lockstep_time_is_today (started) ? g_strdup_printf (_ ("Today %s"), text) : g_steal_pointer (&text);
}

static const char *
get_state_word (guint    state,
                gint64   n_failures,
                gboolean reached)
{
  switch (state)
    {
    case LOCKSTEP_RUN_STEPPING:
      return _ ("Running");
    case LOCKSTEP_RUN_FINISHED:
      if (n_failures > 0)
        return _ ("Finished with failures");
      return reached ? _ ("Finished") : _ ("Finished, not reached");
    case LOCKSTEP_RUN_FAILED:
      return _ ("Failed");
    case LOCKSTEP_RUN_TERMINATED:
      return _ ("Terminated");
    case LOCKSTEP_RUN_INTERRUPTED:
      return _ ("Interrupted");
    default:
      return _ ("Cannot be read");
    }
}

char *
lockstep_history_words_dup_result (gpointer    object,
                                   guint       state,
                                   gint64      n_done,
                                   gint64      n_tasks,
                                   gboolean    listed,
                                   gint64      n_failures,
                                   gboolean    reached,
                                   const char *until,
                                   double      value,
                                   const char *name,
                                   const char *plan,
                                   const char *headline)
{
  GString         *out = g_string_new (NULL);
  g_autofree char *total = n_tasks > 0 ? lockstep_number_dup_text ((guint64) n_tasks) : NULL;
  const gboolean   finished = state == LOCKSTEP_RUN_FINISHED;

  if (name != NULL && g_strcmp0 (name, plan) != 0)
    g_string_append_printf (out, "%s · ", name);

  if (headline != NULL)
    {
      g_string_append (out, headline);
    }
  else if (n_failures > 0 && total != NULL && (finished || state == LOCKSTEP_RUN_TERMINATED))
    {
      g_autofree char *failed = lockstep_number_dup_text ((guint64) n_failures);

      if (!finished)
        g_string_append_printf (out, "%s · ", get_state_word (state, n_failures, reached));
      /* TRANSLATORS: tasks that failed, of all there are */
      g_string_append_printf (out, _ ("%s of %s failed"), failed, total);
    }
  else if (finished && until != NULL && !isnan (value))
    {
      g_autofree char *variable = g_strndup (until, strcspn (until, " <>="));
      g_autofree char *text = lockstep_number_dup_short (value);

      g_string_append_printf (out, "%s %s", variable, text);
      if (!reached)
        g_string_append (out, _ (", not reached"));
    }
  else if (total != NULL && n_done >= 0 && (listed || !finished))
    {
      g_autofree char *done = lockstep_number_dup_text ((guint64) n_done);

      if (!finished)
        g_string_append_printf (out, "%s · ", get_state_word (state, n_failures, reached));
      /* TRANSLATORS: tasks that are done, of all there are */
      g_string_append_printf (out, _ ("%s of %s"), done, total);
    }
  else
    {
      g_string_append (out, get_state_word (state, n_failures, reached));
    }

  return g_strdelimit (g_string_free (out, FALSE), "\n\r", ' ');
}

char *
lockstep_history_words_dup_state (gpointer object,
                                  guint    state,
                                  gint64   n_failures,
                                  gboolean reached)
{
  return g_strdup (get_state_word (state, n_failures, reached));
}

char *
lockstep_history_words_dup_icon (gpointer object,
                                 guint    state,
                                 gint64   n_failures,
                                 gboolean reached)
{
  switch (state)
    {
    case LOCKSTEP_RUN_STEPPING:
      return g_strdup ("media-playback-start-symbolic");
    case LOCKSTEP_RUN_FINISHED:
      return g_strdup (n_failures > 0 || !reached ? "dialog-warning-symbolic" : "object-select-symbolic");
    case LOCKSTEP_RUN_FAILED:
      return g_strdup ("dialog-error-symbolic");
    case LOCKSTEP_RUN_TERMINATED:
      return g_strdup ("media-playback-stop-symbolic");
    case LOCKSTEP_RUN_INTERRUPTED:
      return g_strdup ("process-stop-symbolic");
    default:
      return g_strdup ("dialog-question-symbolic");
    }
}
