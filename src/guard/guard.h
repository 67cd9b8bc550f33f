/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "child.h"

/**
 * The guard's life: it starts one program, waits, stops it when told or when its controller is gone, and does not
 * end before everything that came of that program has.
 */

/* Starts @plan and returns when nothing of it is left and the report is written. @control is the socket to the
 * controller, @stream the descriptor that is kept open for the program alone, @signals what session_enter() returned,
 * @grace the seconds between SIGTERM and SIGKILL when nobody says otherwise. */
void guard_run (const ChildPlan *plan,
                int              control,
                int              stream,
                int              signals,
                double           grace);
