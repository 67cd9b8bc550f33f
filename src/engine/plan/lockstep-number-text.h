/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @number for people, in groups of three digits as the locale has them: "100,000". */
char *lockstep_number_dup_text (guint64 number);

G_END_DECLS
