/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * The CPUs that a live run holds on this machine, for other runs of the same person to see.
 *
 * Each is a file in $XDG_RUNTIME_DIR/lockstep (without such a folder: /tmp/lockstep-UID) with a lock on it that lasts as
 * long as the run: {"pid","run","solvers","threads"}. However a run ends, its lock is gone then; a file that nobody has
 * locked is stale, and removed by whoever comes across it.
 *
 * These functions work on files, and wait for another process that is at it: call them on a thread.
 */
#define LOCKSTEP_TYPE_RESERVATION (lockstep_reservation_get_type ())
G_DECLARE_FINAL_TYPE (LockstepReservation, lockstep_reservation, LOCKSTEP, RESERVATION, GObject)

/* What the live runs of this person hold. */
typedef struct
{
  guint n_runs;
  guint n_cpus; /* solvers × threads of them all */
  char *names;  /* "City, morning peak (process 1234)"…, for people; NULL where there are none */
} LockstepHeld;

void lockstep_held_clear (LockstepHeld *held);

/* Says for how many solvers a run reserves, when others hold @held. Nobody reserves anything meanwhile. */
typedef guint (*LockstepReservationDecide) (const LockstepHeld *held,
                                            gpointer            user_data);

/* Reserves for a run that people know as @run: as many solvers as @decide says, of @threads each. Held until it is
 * freed, or the process ends. NULL with an error when there is no place for it; @decide may not have been called then. */
LockstepReservation *lockstep_reservation_new (const char               *run,
                                               guint                     threads,
                                               LockstepReservationDecide decide,
                                               gpointer                  user_data,
                                               GError                  **error);

/* Reads what is held now; clear it. FALSE with an error when that is not to be known. */
gboolean lockstep_reservation_read_held (LockstepHeld *held,
                                         GError      **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LockstepHeld, lockstep_held_clear)

G_END_DECLS
