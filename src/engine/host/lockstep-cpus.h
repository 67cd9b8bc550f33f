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
  guint  cores;    /* physical ones among those; less than affinity where two CPUs are threads of one core */
  double quota;    /* of the control group (v1 or v2), in CPUs; 0 when there is none */
  guint  allowed;  /* the smaller of affinity and quota, at least 1; a quota of 1.5 is 2 CPUs, since one would waste the half */
} LockstepCpus;

void lockstep_cpus_read (LockstepCpus *cpus);

G_END_DECLS
