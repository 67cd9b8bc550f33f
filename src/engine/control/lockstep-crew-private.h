/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-crew.h"
#include "lockstep-sampler.h"

G_BEGIN_DECLS

/* The crew is written in two files: lockstep-crew.c is who is in it and what they say, lockstep-crew-lives.c how they
 * are launched, what they died of, and when they are started again. */

/* A solver and its record of failure. */
typedef struct
{
  LockstepCrew   *crew;                /* the one it is in */
  LockstepSolver *solver;              /* owned */
  guint           host;                /* the index of its host */
  gboolean        out;                 /* it will not be started again */
  gboolean        ready;               /* it was initialized, and is not going */
  gboolean        ordered;             /* the stop under way was ordered here */
  guint           n_crashes;           /* since the last task it completed */
  guint           n_failed_initialize; /* in a row */
  guint64         oom_kills;           /* of the kernel, when it was launched */
  gint64          output;              /* bytes it had printed when that was last told; -1 before */
  guint           restart_source;      /* waits to start it again */
  gboolean        launch_due;          /* was to be started again in a pause or a hold */
} LockstepMember;

struct _LockstepCrew
{
  GObject parent_instance;

  LockstepRecord  *record; /* owned */
  GPtrArray       *hosts;  /* of LockstepHost */
  LockstepSampler *sampler;
  double           grace;
  GPtrArray       *members; /* of LockstepMember, by index */
  guint            n_alive;
  guint            n_members;    /* of them, those that are not out */
  guint            n_ready;      /* of these, those that are ready */
  guint           *n_members_on; /* by host; what is asked at each task is counted beforehand */
  guint64          oom_kills;    /* those of the kernel's that a death has been put down to, and all before them */
  gboolean         stopping;     /* for good */
  gboolean         paused;       /* with its processes */
  guint            n_holds;      /* for which nobody is started again */

  LockstepAnswerFunc answer_func;
  gpointer           answer_data;
};

enum
{
  LOCKSTEP_CREW_READY,
  LOCKSTEP_CREW_ALIVE,
  LOCKSTEP_CREW_ENDED,
  LOCKSTEP_CREW_OUT,
  LOCKSTEP_CREW_GONE,
  LOCKSTEP_CREW_N_SIGNALS
};

extern guint lockstep_crew_signals[LOCKSTEP_CREW_N_SIGNALS];

/* An event of @solver. */
LockstepEvent lockstep_crew_event (LockstepEventType type,
                                   LockstepSolver   *solver);

LockstepMember *lockstep_crew_get_member (LockstepCrew   *self,
                                          LockstepSolver *solver);

/* The only place that writes member->ready. */
void lockstep_crew_set_ready (LockstepCrew   *self,
                              LockstepMember *member,
                              gboolean        ready);

/* The log of the solver of this index. Free with g_free(). */
char *lockstep_crew_dup_log (LockstepCrew *self,
                             guint         solver);

/* Tells when none is left. */
void lockstep_crew_check_gone (LockstepCrew *self);

/* Has it not started again. */
void lockstep_crew_put_out (LockstepCrew   *self,
                            LockstepMember *member,
                            const char     *reason);

void lockstep_crew_launch_member (LockstepCrew   *self,
                                  LockstepMember *member);

/* The handler of LockstepSolver::ended. */
void lockstep_crew_ended_cb (LockstepSolver       *solver,
                             const LockstepReport *report,
                             const char           *why,
                             gpointer              user_data);

G_END_DECLS
