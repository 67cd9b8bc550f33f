/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * How many CPUs this process may use, and why.
 */
typedef struct
{
  guint  online;   /* of the machine */
  guint  affinity; /* allowed by sched_getaffinity(2) */
  double quota;    /* of the control group (v1 or v2), in CPUs; 0 when there is none */
  guint  allowed;  /* the smaller of the two, at least 1; a quota of 1.5 is 2 CPUs, since one would waste the half */
} LockstepCpus;

void lockstep_cpus_read (LockstepCpus *cpus);

/* Bytes of memory that may be used: the machine's, or the control group's limit where that is less. */
guint64 lockstep_cpus_read_memory (void);

G_END_DECLS
