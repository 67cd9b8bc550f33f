/* SPDX-License-Identifier: MIT */

#pragma once

#include "lockstep-json.h"

G_BEGIN_DECLS

/**
 * The envelopes of JSON-RPC 2.0, read and written. Private to transport/, and to who tests the other end.
 */

typedef enum
{
  LOCKSTEP_MESSAGE_REQUEST,
  LOCKSTEP_MESSAGE_NOTIFICATION,
  LOCKSTEP_MESSAGE_RESULT,
  LOCKSTEP_MESSAGE_ERROR,
} LockstepMessageKind;

/* Its values lie in the line that was read. */
typedef struct
{
  LockstepMessageKind kind;
  LockstepJson        id;     /* absent in a notification */
  LockstepJson        method; /* a string; of requests and notifications */
  LockstepJson        params; /* an array or object, or absent */
  LockstepJson        result;
  LockstepJson        error; /* an object with an integer code and a string message */
} LockstepMessage;

/* Reads @line. Where it is none, @error is LOCKSTEP_PEER_ERROR_MALFORMED, and @code what the other end is told. */
gboolean lockstep_message_read (LockstepMessage *message,
                                GBytes          *line,
                                int             *code,
                                GError         **error);

/* Each appends an envelope up to where @params or the result follows; what closes it is LOCKSTEP_MESSAGE_TAIL. */
#define LOCKSTEP_MESSAGE_TAIL "}"

/* @id is 0 in a notification. */
void lockstep_message_append_call (GString    *out,
                                   guint64     id,
                                   const char *method,
                                   gboolean    has_params);

/* @id is JSON. */
void lockstep_message_append_result (GString    *out,
                                     const char *id);

/* @id is JSON, or NULL for null. */
void lockstep_message_append_error (GString    *out,
                                    const char *id,
                                    int         code,
                                    const char *message);

G_END_DECLS
