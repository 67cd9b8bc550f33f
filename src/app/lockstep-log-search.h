/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Selects in @view the next place that says @wanted, in upper or lower case, behind what is selected (or before it, with
 * @backwards; or there, with @here), and then from the other end, and scrolls to it. FALSE where there is none. */
gboolean lockstep_log_search (GtkTextView *view,
                              const char  *wanted,
                              gboolean     backwards,
                              gboolean     here);

/* How many places say so. */
guint lockstep_log_search_count (GtkTextBuffer *buffer,
                                 const char    *wanted);

G_END_DECLS
