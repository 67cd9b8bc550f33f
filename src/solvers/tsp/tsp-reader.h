/* SPDX-License-Identifier: MIT */

#pragma once

#include "tsp-instance.h"

G_BEGIN_DECLS

/* Reads a TSPLIB file of TYPE TSP whose EDGE_WEIGHT_TYPE is EUC_2D, CEIL_2D, GEO or ATT. NULL with @error, which names
 * the line. */
TspInstance *tsp_reader_read (const char *path,
                              GError    **error);

G_END_DECLS
