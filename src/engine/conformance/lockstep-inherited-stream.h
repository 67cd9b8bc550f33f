/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether programs that the solver with the process id @pid starts would inherit its stream. A wrapper that has started the
 * solver, and left the stream to it, is passed over. */
gboolean lockstep_inherited_stream_look (gint64 pid);

G_END_DECLS
