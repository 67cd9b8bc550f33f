/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lockstep-chronicle.h"

G_BEGIN_DECLS

/**
 * A chart for each value that the solvers of a run report.
 *
 * Properties: chronicle (LockstepChronicle), has-data (boolean: there is something to see).
 */
#define LOCKSTEP_TYPE_CHARTS_PAGE (lockstep_charts_page_get_type ())
G_DECLARE_FINAL_TYPE (LockstepChartsPage, lockstep_charts_page, LOCKSTEP, CHARTS_PAGE, GtkWidget)

void lockstep_charts_page_set_chronicle (LockstepChartsPage *self,
                                         LockstepChronicle  *chronicle);

G_END_DECLS
