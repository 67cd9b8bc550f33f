/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

/* Programs that are started in place of those of the system, and tell with what: for folders, and for terminals. */

/* Before anything asks for the folders of the person. */
void openers_init (void);

/* Waits until one of them was started, and returns its arguments, a line each; free with g_free(). */
char *openers_dup_told (void);

/* Removes them. */
void openers_end (void);
