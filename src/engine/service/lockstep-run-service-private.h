/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-recent-events.h"
#include "lockstep-run-service.h"
#include "lockstep-service.h"

G_BEGIN_DECLS

/* The service of a run is written in two files: lockstep-run-service.c listens and tells subscribers what happens,
 * lockstep-run-methods.c answers requests. */

struct _LockstepRunService
{
  GObject parent_instance;

  LockstepController   *controller; /* owned, as is the run */
  LockstepRun          *run;
  LockstepRecord       *record;
  LockstepService      *service;
  LockstepRecentEvents *recent;        /* NULL before the first event */
  GPtrArray            *subscriptions; /* of LockstepSubscription */
  gboolean              opening;       /* about to listen */
  gboolean              opened;
  gboolean              stopped;    /* the socket was taken away */
  guint                 end_source; /* once the run has ended: waits for subscribers */
  gint64                end_time;   /* until then (monotonic) */
};

/* Answers @request of @peer, which is freed. */
void lockstep_run_service_answer (LockstepRunService *self,
                                  LockstepPeer       *peer,
                                  LockstepRequest    *request);

/* Tells @peer the events from @from on. */
void lockstep_run_service_subscribe (LockstepRunService *self,
                                     LockstepPeer       *peer,
                                     guint64             from);

G_END_DECLS
