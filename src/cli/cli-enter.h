/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

/* Waits for Enter: a terminal that was opened for a command alone closes with it. */
void cli_enter_wait (void);
