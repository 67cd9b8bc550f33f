/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Draws @widget as fast as its screen allows for @seconds, and has @move change something before each frame. Answers
 * {"frames","seconds","gap","cpu"}: gap is the longest time between two frames (s). */
void bench_frames_measure (GtkWidget *widget,
                           void (*move) (gpointer data,
                                         guint    frame),
                           gpointer data,
                           double   seconds);

/* Waits until the window of @widget was drawn once more. */
void bench_frames_wait (GtkWidget *widget);

G_END_DECLS
