/* SPDX-License-Identifier: MIT */

#pragma once

#include "lockstep-sdk-solver.h"

G_BEGIN_DECLS

/* Listens on HOST:PORT, a loopback address, and serves one connection after the other until one asks to terminate.
 * Prints the address first, with the port that was found where PORT is 0. Returns the exit status. */
int lockstep_listen (LockstepSdkSolver *solver,
                     const char        *address);

G_END_DECLS
