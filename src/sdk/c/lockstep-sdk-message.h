/* SPDX-License-Identifier: MIT */

#pragma once

#include "lockstep-json.h"
#include "lockstep-stream.h"

G_BEGIN_DECLS

/**
 * What passes over the stream: JSON-RPC 2.0, as the solver's end sees it.
 */

/* One message may not be longer towards the controller, which would stop a solver that sends more. */
#define LOCKSTEP_SDK_MESSAGE_MAX (64 * 1024 * 1024)

/* The codes of JSON-RPC 2.0, and Lockstep's own from -32000 downwards. */
enum
{
  LOCKSTEP_CODE_PARSE_ERROR = -32700,
  LOCKSTEP_CODE_INVALID_REQUEST = -32600,
  LOCKSTEP_CODE_METHOD_NOT_FOUND = -32601,
  LOCKSTEP_CODE_INVALID_PARAMS = -32602,
  LOCKSTEP_CODE_STEP_FAILED = -32000,
  LOCKSTEP_CODE_NOT_INITIALIZED = -32002,
  LOCKSTEP_CODE_NO_ROOM = -32003,
};

/* The members of a call's params that the library itself reads. */
enum
{
  LOCKSTEP_PARAMS_ITERATION,
  LOCKSTEP_PARAMS_PARTS,
  LOCKSTEP_PARAMS_TASK,
  LOCKSTEP_PARAMS_ATTEMPT,
  LOCKSTEP_PARAMS_PART,
  LOCKSTEP_PARAMS_OWN, /* "params" */
  LOCKSTEP_N_PARAMS
};

extern const char *const lockstep_params_names[LOCKSTEP_N_PARAMS];

typedef struct
{
  char        *memory;                     /* owned: the line, in which the rest lies */
  LockstepJson id;                         /* absent in a notification */
  LockstepJson method;                     /* a string */
  LockstepJson params;                     /* absent when there are none */
  LockstepJson members[LOCKSTEP_N_PARAMS]; /* of the params */
} LockstepSdkMessage;

/* Reads a line, which becomes the message's whatever happens. On FALSE @code and @error are what is to be answered to
 * the id, where there is one; without an error the line asks for no answer. */
gboolean lockstep_sdk_message_read (LockstepSdkMessage *message,
                                    char               *line,
                                    gsize               length,
                                    int                *code,
                                    GError            **error);

void lockstep_sdk_message_clear (LockstepSdkMessage *message);

/* Why a result of @length bytes cannot be the answer to the call @id; NULL where it can. */
char *lockstep_sdk_message_dup_excess (LockstepJson id,
                                       gsize        length);

/* Writes the answer to the call @id. The result is on one line. */
void lockstep_sdk_message_answer (LockstepStream *stream,
                                  LockstepJson    id,
                                  LockstepJson    result);

/* @id is absent when the call could not be understood. */
void lockstep_sdk_message_fail (LockstepStream *stream,
                                LockstepJson    id,
                                int             code,
                                const char     *reason);

void lockstep_sdk_message_notify (LockstepStream *stream,
                                  const char     *method,
                                  const char     *params,
                                  gsize           length);

G_END_DECLS
