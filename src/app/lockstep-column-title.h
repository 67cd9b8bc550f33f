/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Moves the title of @column, which is in a view, to the end, where the numbers below it stand. */
void lockstep_column_title_align_end (GtkColumnViewColumn *column);

G_END_DECLS
