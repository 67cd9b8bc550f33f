/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-chart.h"

G_BEGIN_DECLS

/**
 * A chart with its name, its newest number, the choice of its scale, and its exports.
 *
 * Actions: chart.log (stateful), chart.export (string: "svg", "png" or "csv").
 */
#define LOCKSTEP_TYPE_CHART_CARD (lockstep_chart_card_get_type ())
G_DECLARE_FINAL_TYPE (LockstepChartCard, lockstep_chart_card, LOCKSTEP, CHART_CARD, GtkWidget)

LockstepChartCard *lockstep_chart_card_new (LockstepChart *chart);

LockstepChart *lockstep_chart_card_get_chart (LockstepChartCard *self);

void lockstep_chart_card_update (LockstepChartCard *self);

G_END_DECLS
