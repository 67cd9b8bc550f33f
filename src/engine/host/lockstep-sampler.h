/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * Measures process trees on this machine: CPU, memory, and the size of their output, once a second (sizes
 * four times), on a thread of its own, so that a slow disk or a thousand solvers cost the main loop nothing.
 */
typedef struct
{
  guint   key;    /* what it was added under */
  double  cpu;    /* share of one core since the sample before; negative when unknown */
  guint64 memory; /* resident bytes of the tree; 0 when unknown */
  gint64  output; /* bytes of the output file; negative when unknown */
} LockstepSample;

#define LOCKSTEP_TYPE_SAMPLER (lockstep_sampler_get_type ())
G_DECLARE_FINAL_TYPE (LockstepSampler, lockstep_sampler, LOCKSTEP, SAMPLER, GObject)

/* Signal sampled (const LockstepSample *samples, guint n_samples): what has changed. */
LockstepSampler *lockstep_sampler_new (void);

/* Measures the tree under the guard @guard_pid (0: none) and the file @output, as @key, from now on. */
void lockstep_sampler_add (LockstepSampler *self,
                           guint            key,
                           gint64           guard_pid,
                           const char      *output);

void lockstep_sampler_remove (LockstepSampler *self,
                              guint            key);

G_END_DECLS
