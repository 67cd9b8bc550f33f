/* SPDX-License-Identifier: MIT */

#pragma once

#include "tsp-instance.h"

G_BEGIN_DECLS

/* Writes the tour @order, one element a city, as a TSPLIB file of TYPE TOUR, in which cities are numbered from 1. */
gboolean tsp_tour_file_write (const TspInstance *instance,
                              const guint       *order,
                              const char        *path,
                              GError           **error);

G_END_DECLS
