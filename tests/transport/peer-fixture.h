/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-json.h"
#include "lockstep-peer.h"

/**
 * A peer on one end of a socket pair, and on the other a bare descriptor that says what it likes.
 */
typedef struct
{
  LockstepPeer *peer;
  int           other;    /* -1 once closed */
  GString      *arrived;  /* what the other end has read and not yet looked at */
  GPtrArray    *strays;   /* of char */
  GPtrArray    *notified; /* of char: method and params */
  GError       *malformed;
  guint         n_malformed;
  GError       *closed;
  guint         n_closed;
} PeerFixture;

/* The end of one call. */
typedef struct
{
  GBytes *result;
  GError *error;
  guint   n_ended;
} CallOutcome;

/* Iterates the default main context until @condition; the test program's alarm is the watchdog. */
#define wait_until(condition)                \
  G_STMT_START                               \
  {                                          \
    while (!(condition))                     \
      g_main_context_iteration (NULL, TRUE); \
  }                                          \
  G_STMT_END

void peer_fixture_set_up (PeerFixture  *fixture,
                          gconstpointer data);
void peer_fixture_tear_down (PeerFixture  *fixture,
                             gconstpointer data);

/* A socket as a GIOStream. */
GIOStream *stream_for_socket (int descriptor);

/* Writes @text from the other end, which must be short enough for the socket's buffer. */
void other_says (PeerFixture *fixture,
                 const char  *text);

/* The next line that the peer sends, without its newline. */
char *other_hears (PeerFixture *fixture);

void other_closes (PeerFixture *fixture);

/* Calls @method with @params (JSON, or NULL). */
void start_call (LockstepPeer *peer,
                 const char   *method,
                 const char   *params,
                 GCancellable *cancellable,
                 CallOutcome  *outcome);

/* The same with pieces. */
void start_call_with_pieces (LockstepPeer  *peer,
                             const char    *method,
                             GBytes *const *pieces,
                             CallOutcome   *outcome);

void call_outcome_clear (CallOutcome *outcome);

/* @outcome is the result @json. */
void assert_result (CallOutcome *outcome,
                    const char  *json);
