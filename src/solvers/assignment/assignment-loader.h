/* SPDX-License-Identifier: MIT */

#pragma once

#include "assignment-demand.h"

G_BEGIN_DECLS

/**
 * All-or-nothing loading: every trip takes a shortest path at given travel times. Paths are found by
 * Dijkstra's algorithm (Numerische Mathematik 1, 269-271, 1959) with a four-ary heap, one origin at a time,
 * until all its destinations are reached.
 *
 * Which of two equally short paths is taken depends on nothing but the network and the times: nodes are
 * settled by distance and then by number, and the first path found to a node stays.
 */
typedef struct _AssignmentLoader AssignmentLoader;

/* @network and @demand must outlive the loader. */
AssignmentLoader *assignment_loader_new (const AssignmentNetwork *network,
                                         const AssignmentDemand  *demand);

void assignment_loader_free (AssignmentLoader *loader);

/* Finds paths at @times from here on: one a link, none negative. */
void assignment_loader_set_times (AssignmentLoader *loader,
                                  const double     *times);

/* Adds the trips of the @index-th origin of the demand to @loads, in vehicles, one element a link. FALSE with
 * @error where a destination cannot be reached; nothing is added then. */
gboolean assignment_loader_load_origin (AssignmentLoader *loader,
                                        guint             index,
                                        double           *loads,
                                        GError          **error);

/* The travel time from the origin last loaded to @node (from 1); infinite for what was not looked at. A
 * node that is no destination may be nearer than this says. */
double assignment_loader_get_distance (AssignmentLoader *loader,
                                       guint             node);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssignmentLoader, assignment_loader_free)

G_END_DECLS
