/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-json.h"
#include "lockstep-process.h"

G_BEGIN_DECLS

/**
 * A conversation with one process of a solver that is put to the test: says what no controller would, and looks at each
 * line for itself.
 *
 * It belongs to one thread, whose default main context it waits in; that thread has nothing else to do.
 */
typedef struct _LockstepAudition LockstepAudition;

/* What a call came to. */
typedef enum
{
  LOCKSTEP_HEARD_NOTHING, /* in time */
  LOCKSTEP_HEARD_RESULT,
  LOCKSTEP_HEARD_ERROR,
  LOCKSTEP_HEARD_END, /* the solver ended, closed the stream or wrote what is no message: nothing more is heard */
} LockstepHeardKind;

typedef struct
{
  LockstepHeardKind kind;
  LockstepJson      result;  /* lies in the audition, which keeps it */
  gint64            code;    /* of an error */
  const char       *message; /* of an error, of several lines the last; the audition's */
  double            seconds; /* from the call to the answer */
  guint             order;   /* of answers, from 1 */
} LockstepHeard;

/* Starts @command in the folder @directory, its output in @output. NULL with an error where nothing could be started. */
LockstepAudition *lockstep_audition_new (const char *const *command,
                                         const char        *directory,
                                         const char        *output,
                                         GError           **error);

/* Ends what still lives. */
void lockstep_audition_free (LockstepAudition *self);

/* Calls @method with @params (JSON, or NULL for none); returns the call's id. */
guint lockstep_audition_call (LockstepAudition *self,
                              const char       *method,
                              const char       *params);

/* Writes a line, whatever it is. */
void lockstep_audition_say (LockstepAudition *self,
                            const char       *line);

/* Waits for the answer to the call @id at most @seconds. */
LockstepHeard lockstep_audition_hear (LockstepAudition *self,
                                      guint             id,
                                      double            seconds);

/* Errors with the id null until now: lines that were refused. */
guint lockstep_audition_get_n_refusals (LockstepAudition *self);

/* Whether the solver has written anything to its stream. */
gboolean lockstep_audition_has_heard (LockstepAudition *self);

/* Nothing more is heard. */
gboolean lockstep_audition_is_over (LockstepAudition *self);

/* Why nothing more is heard: "the solver exited with code 7". Free with g_free(). */
char *lockstep_audition_dup_end (LockstepAudition *self);

/* What the solver told that is not as the protocol says; each is a sentence, and told once. */
GPtrArray *lockstep_audition_get_complaints (LockstepAudition *self);

/* The process id of what was started; 0 before it is known. */
gint64 lockstep_audition_get_pid (LockstepAudition *self);

/* Closes this end of the stream. */
void lockstep_audition_hang_up (LockstepAudition *self);

/* Waits until the solver has ended by itself, at most @seconds; then ends it. Returns whether it had, and sets @report. */
gboolean lockstep_audition_wait_end (LockstepAudition *self,
                                     double            seconds,
                                     LockstepReport   *report);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepAudition, lockstep_audition_free)

G_END_DECLS
