/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * How the hosts of a run do: one that nothing works on, while things work elsewhere, is found out after its first five
 * tasks. A host that has completed a task is never bad. Acts on nothing.
 */
typedef struct _LockstepHostScore LockstepHostScore;

/* Tasks that fail on a host before it is bad. */
#define LOCKSTEP_HOST_SCORE_TRIALS 5

LockstepHostScore *lockstep_host_score_new (guint n_hosts);

void lockstep_host_score_free (LockstepHostScore *self);

/* A task was completed on @host, or failed there. */
void lockstep_host_score_succeed (LockstepHostScore *self,
                                  guint              host);
void lockstep_host_score_fail (LockstepHostScore *self,
                               guint              host,
                               const char        *reason);

/* Whether the first five tasks of @host have failed while another host completed one. */
gboolean lockstep_host_score_is_bad (LockstepHostScore *self,
                                     guint              host);

/* Why the last one failed; NULL when none did. */
const char *lockstep_host_score_get_reason (LockstepHostScore *self,
                                            guint              host);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepHostScore, lockstep_host_score_free)

G_END_DECLS
