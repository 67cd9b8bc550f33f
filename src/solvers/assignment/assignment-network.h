/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * A road network, as a TNTP network file gives it. Nodes are numbered from 1, as in the file, and the
 * first ones are the zones. Links are numbered from 0, in the order of the file: every vector of flows,
 * loads or times has one element a link, in this order.
 *
 * Units are the file's own. What is assumed is only that flows, capacities and demand have the same one
 * (usually vehicles an hour), and so have all times (usually minutes). Tolls and lengths cost nothing.
 */
typedef struct
{
  char *path; /* the file it was read from */

  guint n_zones;
  guint n_nodes;
  guint n_links;
  guint first_thru_node; /* a node below it may only be an end of a path */

  guint  *from; /* the link's nodes */
  guint  *to;
  double *capacity;
  double *free_flow_time;

  /* The travel time at flow v is free_flow_time + rise * (v * inverse_capacity) ^ power: the function of the
   * Bureau of Public Roads (Traffic Assignment Manual, 1964), with rise = free_flow_time * B. Where the
   * rise is 0 the capacity has no meaning and its inverse is 0. */
  double *rise;
  double *inverse_capacity;
  double *power;
  gint8  *whole_power; /* the power where it is a small whole number, or -1 */

  /* The links that leave node i (from 1): leaving[first_leaving[i]] up to, not with, leaving[first_leaving[i + 1]]. */
  guint *first_leaving;
  guint *leaving;
} AssignmentNetwork;

/* Reads a TNTP network file. NULL with @error, which names the file and the line. */
AssignmentNetwork *assignment_network_read (const char *path,
                                            GError    **error);

void assignment_network_free (AssignmentNetwork *network);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssignmentNetwork, assignment_network_free)

G_END_DECLS
