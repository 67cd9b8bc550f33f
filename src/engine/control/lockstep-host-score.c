/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-host-score.h"

typedef struct
{
  guint    n_failed;
  gboolean succeeded;
  char    *reason; /* of the last failure */
} Score;

struct _LockstepHostScore
{
  Score *scores; /* by host */
  guint  n_hosts;
};

LockstepHostScore *
lockstep_host_score_new (guint n_hosts)
{
  LockstepHostScore *self = g_new0 (LockstepHostScore, 1);

  self->scores = g_new0 (Score, n_hosts);
  self->n_hosts = n_hosts;

  return self;
}

void
lockstep_host_score_free (LockstepHostScore *self)
{
  for (guint i = 0; i < self->n_hosts; i++)
    g_free (self->scores[i].reason);
  g_free (self->scores);
  g_free (self);
}

void
lockstep_host_score_succeed (LockstepHostScore *self,
                             guint              host)
{
  g_return_if_fail (host < self->n_hosts);

  self->scores[host].succeeded = TRUE;
}

void
lockstep_host_score_fail (LockstepHostScore *self,
                          guint              host,
                          const char        *reason)
{
  g_return_if_fail (host < self->n_hosts);

  self->scores[host].n_failed++;
  g_free (self->scores[host].reason);
  self->scores[host].reason = g_strdup (reason);
}

gboolean
lockstep_host_score_is_bad (LockstepHostScore *self,
                            guint              host)
{
  g_return_val_if_fail (host < self->n_hosts, FALSE);

  if (self->scores[host].succeeded || self->scores[host].n_failed < LOCKSTEP_HOST_SCORE_TRIALS)
    return FALSE;

  for (guint i = 0; i < self->n_hosts; i++)
    if (self->scores[i].succeeded)
      return TRUE;

  return FALSE;
}

const char *
lockstep_host_score_get_reason (LockstepHostScore *self,
                                guint              host)
{
  g_return_val_if_fail (host < self->n_hosts, NULL);

  return self->scores[host].reason;
}
