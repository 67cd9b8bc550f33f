/* SPDX-License-Identifier: MIT */

#pragma once

#include "assignment-network.h"

G_BEGIN_DECLS

/**
 * The result for other programs: a table of the links, in the order of the network file.
 */

/* Writes @flows (one a link) to @path as CSV with the columns from, to, flow, time, capacity and
 * volume_to_capacity, in the network's units. The numbers are the shortest that read back the same. The file
 * is replaced as a whole. */
gboolean assignment_report_write (const AssignmentNetwork *network,
                                  const double            *flows,
                                  const char              *path,
                                  GError                 **error);

G_END_DECLS
