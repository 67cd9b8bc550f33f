/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-plan.h"

G_BEGIN_DECLS

/* How many solvers each host of @plan gets, put into @n_solvers in the order of the hosts; returns how many that is in all.
 * @n_cpus are free on this machine, and @memory bytes.
 *
 * A host with a number gets it. The others, with "auto", share evenly what those leave: as many solvers as have the
 * CPUs for their threads and the memory they are expected to need, and at least one each. */
guint lockstep_allotment_count (LockstepPlan *plan,
                                guint         n_cpus,
                                guint64       memory,
                                guint        *n_solvers);

G_END_DECLS
