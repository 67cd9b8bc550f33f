/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-history-words.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "lockstep-number-text.h"

/* Days that are called by their names. */
#define NAMED_DAYS 6

char *
lockstep_history_words_dup_time (gpointer object,
                                 gint64   started)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (started / G_USEC_PER_SEC);
  g_autoptr (GDateTime) first_named = NULL;
  const char           *format;

  if (started <= 0 || time == NULL)
    return g_strdup (_ ("At an unknown time"));

  first_named = g_date_time_add_days (now, -NAMED_DAYS);
  if (g_date_time_get_year (time) == g_date_time_get_year (now) &&
      g_date_time_get_day_of_year (time) == g_date_time_get_day_of_year (now))
    /* TRANSLATORS: a time of today, see strftime */
    format = _ ("Today %H:%M");
  else if (g_date_time_compare (time, first_named) > 0 && g_date_time_compare (time, now) < 0)
    /* TRANSLATORS: a time of this week, see strftime */
    format = _ ("%a %H:%M");
  else if (g_date_time_get_year (time) == g_date_time_get_year (now))
    /* TRANSLATORS: a time of this year, see strftime */
    format = _ ("%-d %b %H:%M");
  else
    /* TRANSLATORS: a day of another year, see strftime */
    format = _ ("%-d %b %Y");

  return g_date_time_format (time, format);
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
                                   gint64      n_failures,
                                   gboolean    reached,
                                   const char *until,
                                   double      value,
                                   const char *name,
                                   const char *plan)
{
  GString         *out = g_string_new (NULL);
  g_autofree char *total = n_tasks > 0 ? lockstep_number_dup_text ((guint64) n_tasks) : NULL;
  const gboolean   finished = state == LOCKSTEP_RUN_FINISHED;

  if (name != NULL && g_strcmp0 (name, plan) != 0)
    g_string_append_printf (out, "%s · ", name);

  if (n_failures > 0 && total != NULL && (finished || state == LOCKSTEP_RUN_TERMINATED))
    {
      g_autofree char *failed = lockstep_number_dup_text ((guint64) n_failures);

      /* TRANSLATORS: tasks that failed, of all there are */
      g_string_append_printf (out, _ ("%s of %s failed"), failed, total);
    }
  else if (finished && until != NULL && !isnan (value))
    {
      g_autofree char *variable = g_strndup (until, strcspn (until, " <>="));
      char             text[G_ASCII_DTOSTR_BUF_SIZE];

      g_ascii_formatd (text, sizeof text, "%.3g", value);
      g_string_append_printf (out, "%s %s", variable, text);
      if (!reached)
        g_string_append (out, _ (", not reached"));
    }
  else if (total != NULL && n_done >= 0)
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
