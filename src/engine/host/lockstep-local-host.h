/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-host.h"

G_BEGIN_DECLS

/**
 * This machine: solvers are started through lockstep-guard, each with a socket pair of its own.
 *
 * The guard is the one that the environment variable LOCKSTEP_GUARD names, else that of the build folder which this
 * program runs from, else the installed one. Commands are looked up along the PATH of the solver, then among Lockstep's
 * own solvers: in the folders that LOCKSTEP_SOLVERS_PATH lists, else in the build folder, else in the folder that
 * Lockstep's programs are installed in.
 */
#define LOCKSTEP_TYPE_LOCAL_HOST (lockstep_local_host_get_type ())
G_DECLARE_FINAL_TYPE (LockstepLocalHost, lockstep_local_host, LOCKSTEP, LOCAL_HOST, LockstepHost)

/* @name is what a person calls it: "local", unless the plan says otherwise. @env ("NAME=VALUE"…, may be NULL) is put
 * over that of all that is launched there, since what is said of one host is said on purpose. */
LockstepHost *lockstep_local_host_new (const char        *name,
                                       const char *const *env);

/* The path of the guard. */
const char *lockstep_local_host_get_guard (LockstepLocalHost *self);

/* The path of the adapter, which a command named LOCKSTEP_PROGRAM_ADAPTER starts: what LOCKSTEP_ADAPTER names, else
 * that of the guard's build or installation. */
const char *lockstep_local_host_get_adapter (LockstepLocalHost *self);

/* The file that a command @name without a slash starts, for a solver with @env (see LockstepLaunch); NULL when there is
 * none. */
char *lockstep_local_host_find_program (LockstepLocalHost *self,
                                        const char        *name,
                                        const char *const *env);

/* What the environment of a solver that is launched so, on a host with @env, has over that of this program: "NAME=VALUE"…; PATH
 * and LOCKSTEP_STREAM are not in it. Free with g_strfreev(). */
char **lockstep_local_host_dup_env (const LockstepLaunch *launch,
                                    const char *const    *env);

G_END_DECLS
