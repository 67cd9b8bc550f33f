/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * What the system limits this process to, apart from CPUs and memory.
 */

typedef struct
{
  guint64 soft;
  guint64 hard; /* what soft can be raised to; G_MAXUINT64 for no limit */
  guint64 used;
} LockstepDescriptors;

/* File descriptors. */
void lockstep_limits_read_descriptors (LockstepDescriptors *descriptors);

/* Descriptors that have to be allowed for @n_solvers solvers more. */
guint64 lockstep_limits_count_descriptors (const LockstepDescriptors *descriptors,
                                           guint                      n_solvers);

/* The solvers that there are descriptors for once the limit is raised. */
guint lockstep_limits_count_solvers (const LockstepDescriptors *descriptors);

/* Raises the soft limit as far as @n_solvers solvers more need, and no further: solvers inherit it, and some programs do
 * not bear a large one. */
void lockstep_limits_raise_descriptors (guint n_solvers);

/* Processes and threads that this person, and this control group, may start yet; 0 where that is not limited. */
guint64 lockstep_limits_read_processes_left (void);

G_END_DECLS
