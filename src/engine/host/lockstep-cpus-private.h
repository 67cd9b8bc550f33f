/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <sched.h>

G_BEGIN_DECLS

/* The physical cores that the CPUs of @set (@size bytes) are threads of; 0 where the kernel does not tell. @root stands for
 * "/": a test has a tree of its own there. */
guint lockstep_cpus_count_cores (const char      *root,
                                 const cpu_set_t *set,
                                 gsize            size);

G_END_DECLS
