/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-log-search.h"

#define FLAGS (GTK_TEXT_SEARCH_CASE_INSENSITIVE | GTK_TEXT_SEARCH_TEXT_ONLY)

gboolean
lockstep_log_search (GtkTextView *view,
                     const char  *wanted,
                     gboolean     backwards,
                     gboolean     here)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  GtkTextIter    start, end, found, found_end;
  gboolean       ok;

  if (*wanted == '\0')
    return FALSE;

  gtk_text_buffer_get_selection_bounds (buffer, &start, &end);
  if (backwards)
    ok = gtk_text_iter_backward_search (&start, wanted, FLAGS, &found, &found_end, NULL);
  else
    ok = gtk_text_iter_forward_search (here ? &start : &end, wanted, FLAGS, &found, &found_end, NULL);

  if (!ok && backwards)
    {
      gtk_text_buffer_get_end_iter (buffer, &end);
      ok = gtk_text_iter_backward_search (&end, wanted, FLAGS, &found, &found_end, NULL);
    }
  else if (!ok)
    {
      gtk_text_buffer_get_start_iter (buffer, &start);
      ok = gtk_text_iter_forward_search (&start, wanted, FLAGS, &found, &found_end, NULL);
    }
  if (!ok)
    return FALSE;

  gtk_text_buffer_select_range (buffer, &found, &found_end);
  gtk_text_view_scroll_to_mark (view, gtk_text_buffer_get_insert (buffer), 0.1, FALSE, 0, 0);
  return TRUE;
}

guint
lockstep_log_search_count (GtkTextBuffer *buffer,
                           const char    *wanted)
{
  g_autofree char *folded = g_utf8_casefold (wanted, -1);
  g_autofree char *text = NULL;
  g_autofree char *folded_text = NULL;
  GtkTextIter      start, end;
  guint            count = 0;

  if (*folded == '\0')
    return 0;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  folded_text = g_utf8_casefold (text, -1);
  for (const char *found = folded_text; (found = strstr (found, folded)) != NULL; found += strlen (folded))
    count++;

  return count;
}
