/* SPDX-License-Identifier: MIT */

#pragma once

#include "lockstep-json.h"
#include "lockstep-sdk.h"

G_BEGIN_DECLS

/**
 * A call from the inside: what the SDK does with it, and what the files that implement it share.
 */

/* Progress is sent no more often than this. */
#define LOCKSTEP_PROGRESS_INTERVAL (G_USEC_PER_SEC / 10)

/* Where notifications of a call go. Both functions are called from any thread. */
typedef struct
{
  void (*notify) (gpointer    data,
                  const char *method,
                  const char *params, /* JSON on one line */
                  gsize       length);

  /* lockstep_call_flush() is to be called at the monotonic time @due, or a little later. */
  void (*remind) (gpointer data,
                  gint64   due);

  gpointer data;
} LockstepOutlet;

/* A named value that was reported. */
typedef struct
{
  char    *name;
  double   value;
  gboolean is_new; /* since values were sent */
} LockstepReport;

struct _LockstepCall
{
  /* What was asked; not changed once the call is made. */
  char                 *memory; /* the line, in which id and own lie */
  LockstepJson          id;     /* absent without a controller */
  const LockstepMethod *method;
  LockstepJson          message; /* all params, ended by NUL */
  LockstepJson          own;     /* "params" among them */
  gint64                task;    /* negative in initialize */
  guint                 part;
  guint                 parts;
  guint                 attempt;
  guint                 iteration;
  const LockstepOutlet *outlet;

  /* What initialize got, known when the method starts. */
  GRefString *plan; /* "params", or NULL */
  guint       solver;

  gint cancelled; /* atomic */

  GMutex      lock;         /* of everything below */
  gboolean    has_left_out; /* something that cannot be sent, and has said so */
  GError     *error;        /* the first thing that was wrong, whatever the method returns */
  JsonObject *params;
  JsonNode   *input;
  JsonNode   *previous;
  JsonNode   *failures;
  GPtrArray  *strings; /* that the method was given */

  double   fraction;
  char    *status; /* what the method said last */
  GArray  *reports;
  gint64   sent_at;
  gboolean waiting;  /* progress is new, and not sent yet */
  gboolean finished; /* nothing more is sent */

  GString *result;   /* NULL without members */
  gboolean is_whole; /* the result was given as one text */

  /* Of the thread that computes. */
  GString *answer; /* what the result was when the method had ended; NULL without one */

  GList link; /* among the calls that wait */
};

/* Makes a call of @method with @message, its params, which lie in @memory or are absent, as their @members do
 * (LOCKSTEP_N_PARAMS of them). Takes over @memory, unless it returns NULL with LOCKSTEP_SDK_ERROR_PARAMS because a
 * member is not what the protocol says. */
LockstepCall *lockstep_call_new (const LockstepMethod *method,
                                 char                 *memory,
                                 LockstepJson          message,
                                 const LockstepJson   *members,
                                 const LockstepOutlet *outlet,
                                 GError              **error);

LockstepCall *lockstep_call_ref (LockstepCall *self);
void          lockstep_call_unref (LockstepCall *self);

/* FALSE when the method has ended: there is nothing left to cancel. */
gboolean lockstep_call_cancel (LockstepCall *self);

/* Runs the method, with @plan and @solver as initialize got them, and sends the progress that waits. */
gboolean lockstep_call_run (LockstepCall *self,
                            GRefString   *plan,
                            guint         solver,
                            gpointer      user_data,
                            GError      **error);

/* Has the call answered with @answer in place of what the method returned. */
void lockstep_call_take_answer (LockstepCall *self,
                                GString      *answer);

/* What the call that has run is answered with: JSON on one line, which belongs to the call. */
LockstepJson lockstep_call_get_answer (LockstepCall *self);

/* Sends the progress that waits, if its time has come. */
void lockstep_call_flush (LockstepCall *self);

/* Appends the members fraction and message as they are now; FALSE when the method has ended. */
gboolean lockstep_call_append_status (LockstepCall *self,
                                      GString      *out);

/* For the files that implement calls, with the lock held. */

/* Records what makes the call fail; takes over @error. */
void lockstep_call_fail (LockstepCall *self,
                         GError       *error);

/* Sends the progress that waits. */
void lockstep_call_send_progress (LockstepCall *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepCall, lockstep_call_unref)

G_END_DECLS
