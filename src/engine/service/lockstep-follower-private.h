/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-follower.h"
#include "lockstep-past-run.h"
#include "lockstep-peer.h"

G_BEGIN_DECLS

/* The follower is written in two files: lockstep-follower.c follows, lockstep-follower-calls.c controls. */

struct _LockstepFollower
{
  GObject parent_instance;

  LockstepPastRun *past; /* whose run it goes on with */
  LockstepRun     *run;
  LockstepPeer    *peer;    /* NULL while there is no connection */
  guint64          next;    /* number of the event that comes next */
  GTask           *task;    /* until it follows */
  char            *dropped; /* the controller's reason for closing; NULL where it gave none */
  guint            n_tries; /* connections that were made since an event was heard */
};

G_END_DECLS
