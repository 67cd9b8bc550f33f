/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lockstep-chronicle.h"
#include "lockstep-moment.h"

G_BEGIN_DECLS

/**
 * The timeline of a run with what belongs to it: buttons, the words of the moment, and the same data as a table.
 *
 * Properties: chronicle (LockstepChronicle), moment (LockstepMoment), show-table (boolean), has-data (boolean: there is
 * something to see).
 *
 * Actions: timeline.zoom-in, timeline.zoom-out, timeline.fit, timeline.now, timeline.table (stateful), timeline.export (string:
 * "svg" or "png").
 */
#define LOCKSTEP_TYPE_TIMELINE_PAGE (lockstep_timeline_page_get_type ())
G_DECLARE_FINAL_TYPE (LockstepTimelinePage, lockstep_timeline_page, LOCKSTEP, TIMELINE_PAGE, GtkWidget)

void lockstep_timeline_page_set_chronicle (LockstepTimelinePage *self,
                                           LockstepChronicle    *chronicle);
void lockstep_timeline_page_set_moment (LockstepTimelinePage *self,
                                        LockstepMoment       *moment);
void lockstep_timeline_page_set_show_table (LockstepTimelinePage *self,
                                            gboolean              show_table);

G_END_DECLS
