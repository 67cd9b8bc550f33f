/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Either side goes away at the worst moment, and callbacks do what callbacks should not. */

#include <sys/socket.h>
#include <unistd.h>

#include "peer-fixture.h"

/* Every call that waits ends once, with the reason, and so does every later one. */
static void
test_close_with_pending (PeerFixture  *fixture,
                         gconstpointer data)
{
  enum
  {
    N_CALLS = 1000
  };
  g_autofree CallOutcome *outcomes = g_new0 (CallOutcome, N_CALLS + 1);
  g_autoptr (GError)      own_reason = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "It took too long");

  for (guint i = 0; i < N_CALLS; i++)
    start_call (fixture->peer, "patient", NULL, NULL, &outcomes[i]);

  if (data == NULL)
    {
      other_closes (fixture);
    }
  else
    {
      lockstep_peer_close (fixture->peer, own_reason);
      g_assert_true (lockstep_peer_is_closed (fixture->peer));
      lockstep_peer_close (fixture->peer, NULL);
    }

  g_assert_cmpuint (fixture->n_closed, ==, 0);
  wait_until (fixture->n_closed > 0);

  start_call (fixture->peer, "late", NULL, NULL, &outcomes[N_CALLS]);
  g_assert_cmpuint (outcomes[N_CALLS].n_ended, ==, 0);
  wait_until (outcomes[N_CALLS].n_ended > 0);
  lockstep_peer_notify (fixture->peer, "late", NULL);

  for (guint i = 0; i <= N_CALLS; i++)
    {
      g_assert_cmpuint (outcomes[i].n_ended, ==, 1);
      if (data == NULL)
        g_assert_error (outcomes[i].error, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_CLOSED);
      else
        g_assert_error (outcomes[i].error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
      g_assert_cmpstr (outcomes[i].error->message, ==, fixture->closed->message);
      call_outcome_clear (&outcomes[i]);
    }
}

/* What the other end said before it went away is heard, though writing to it fails first. */
static void
test_last_words (PeerFixture  *fixture,
                 gconstpointer data)
{
  CallOutcome outcome = { 0 };

  other_says (fixture, "{\"jsonrpc\":\"2.0\",\"method\":\"log\",\"params\":[\"Farewell\"]}\n{\"half");
  other_closes (fixture);
  start_call (fixture->peer, "too-late", NULL, NULL, &outcome);
  wait_until (fixture->n_closed > 0);

  g_assert_cmpuint (fixture->notified->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (fixture->notified, 0), ==, "log [\"Farewell\"]");
  g_assert_cmpuint (outcome.n_ended, ==, 1);
  g_assert_error (outcome.error, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_CLOSED);
  call_outcome_clear (&outcome);
}

/* The other end stops to read, and stays. */
static void
test_deaf (PeerFixture  *fixture,
           gconstpointer data)
{
  CallOutcome outcome = { 0 };

  shutdown (fixture->other, SHUT_RD);
  start_call (fixture->peer, "unheard", NULL, NULL, &outcome);
  wait_until (fixture->n_closed > 0);
  g_assert_error (fixture->closed, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_CLOSED);
  g_assert_error (outcome.error, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_CLOSED);
  call_outcome_clear (&outcome);
}

/* With lockstep_peer_call(), and without a GAsyncResult. */
#define PLAINLY 0x10

typedef enum
{
  REENTER_CALL,
  REENTER_CLOSE,
  REENTER_UNREF,
} Reentry;

typedef struct
{
  PeerFixture *fixture;
  Reentry      reentry;
  CallOutcome  next;
  guint        n_ended;
} Reentrance;

static void
reenter (Reentrance   *reentrance,
         LockstepPeer *peer,
         GBytes       *result)
{
  if (reentrance->n_ended++ > 0)
    return;

  g_assert_nonnull (result);

  switch (reentrance->reentry)
    {
    case REENTER_CALL:
      start_call (peer, "next", NULL, NULL, &reentrance->next);
      break;
    case REENTER_CLOSE:
      lockstep_peer_close (peer, NULL);
      g_assert_cmpuint (reentrance->n_ended, ==, 1);
      break;
    case REENTER_UNREF:
    default:
      g_object_unref (reentrance->fixture->peer);
      break;
    }
}

static void
reenter_cb (GObject      *peer,
            GAsyncResult *result,
            gpointer      user_data)
{
  Reentrance        *reentrance = user_data;
  g_autoptr (GBytes) bytes = lockstep_peer_call_finish (LOCKSTEP_PEER (peer), result, NULL);

  reenter (reentrance, LOCKSTEP_PEER (peer), bytes);
}

static void
reenter_plainly_cb (LockstepPeer *peer,
                    GBytes       *result,
                    const GError *error,
                    gpointer      user_data)
{
  g_assert_true ((result == NULL) != (error == NULL));

  reenter (user_data, peer, result);
}

/* What a callback may do: call again, close, drop the last reference; with more lines waiting behind. */
static void
test_reentry (PeerFixture  *fixture,
              gconstpointer data)
{
  Reentrance reentrance = { .fixture = fixture, .reentry = (Reentry) (GPOINTER_TO_INT (data) & ~PLAINLY) };
  guint      n_calls = reentrance.reentry == REENTER_UNREF ? 1 : 2;

  for (guint i = 0; i < n_calls; i++)
    if (GPOINTER_TO_INT (data) & PLAINLY)
      lockstep_peer_call (fixture->peer, "first", NULL, NULL, reenter_plainly_cb, &reentrance);
    else
      lockstep_peer_call_async (fixture->peer, "first", NULL, NULL, reenter_cb, &reentrance);

  g_object_add_weak_pointer (G_OBJECT (fixture->peer), (gpointer *) &fixture->peer);
  other_says (fixture,
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}\n"
              "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":2}\n"
              "{\"jsonrpc\":\"2.0\",\"method\":\"more\"}\n");

  switch (reentrance.reentry)
    {
    case REENTER_CALL:
      wait_until (fixture->notified->len == 1);
      g_assert_cmpuint (reentrance.n_ended, ==, 2);
      other_says (fixture, "{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":3}\n");
      wait_until (reentrance.next.n_ended > 0);
      assert_result (&reentrance.next, "3");
      break;
    case REENTER_CLOSE:
      wait_until (fixture->n_closed > 0);
      g_assert_cmpuint (reentrance.n_ended, ==, 2);
      g_assert_cmpuint (fixture->notified->len, ==, 0);
      break;
    case REENTER_UNREF:
    default:
      wait_until (fixture->peer == NULL);
      g_assert_cmpuint (fixture->notified->len, ==, 0);
      g_assert_cmpuint (fixture->n_closed, ==, 0);
      /* Closed as well, as the other end sees. */
      while (recv (fixture->other, &(char){ 0 }, 1, 0) > 0)
        ;
      break;
    }

  if (fixture->peer != NULL)
    g_object_remove_weak_pointer (G_OBJECT (fixture->peer), (gpointer *) &fixture->peer);
  call_outcome_clear (&reentrance.next);
}

static gboolean
other_answers (gpointer data)
{
  other_says (data, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":7}\n");

  return G_SOURCE_REMOVE;
}

static void
iterate_cb (LockstepPeer *peer,
            const char   *method,
            GBytes       *params,
            CallOutcome  *outcome)
{
  if (!g_str_equal (method, "first"))
    return;

  start_call (peer, "inner", NULL, NULL, outcome);
  wait_until (outcome->n_ended > 0);
}

/* A handler that iterates the main loop itself is served in there. */
static void
test_reentry_of_main_loop (PeerFixture  *fixture,
                           gconstpointer data)
{
  CallOutcome outcome = { 0 };

  g_signal_connect (fixture->peer, "notification", G_CALLBACK (iterate_cb), &outcome);
  other_says (fixture,
              "{\"jsonrpc\":\"2.0\",\"method\":\"first\"}\n"
              "{\"jsonrpc\":\"2.0\",\"method\":\"second\"}\n");
  g_idle_add_full (LOCKSTEP_PEER_PRIORITY + 1, G_SOURCE_FUNC (other_answers), fixture, NULL);
  wait_until (fixture->notified->len == 2);

  g_assert_cmpstr (g_ptr_array_index (fixture->notified, 0), ==, "first ");
  g_assert_cmpstr (g_ptr_array_index (fixture->notified, 1), ==, "second ");
  assert_result (&outcome, "7");
  call_outcome_clear (&outcome);
}

static void
close_in_closed_cb (LockstepPeer *peer,
                    const GError *reason,
                    CallOutcome  *outcome)
{
  lockstep_peer_close (peer, NULL);
  start_call (peer, "in-closed", NULL, NULL, outcome);
}

/* The signal itself may call and close. */
static void
test_reentry_in_closed (PeerFixture  *fixture,
                        gconstpointer data)
{
  CallOutcome outcome = { 0 };

  g_signal_connect (fixture->peer, "closed", G_CALLBACK (close_in_closed_cb), &outcome);
  other_closes (fixture);
  wait_until (outcome.n_ended > 0);
  g_assert_error (outcome.error, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_CLOSED);
  g_assert_cmpuint (fixture->n_closed, ==, 1);
  call_outcome_clear (&outcome);
}

static void
note_end_cb (LockstepPeer *peer,
             GBytes       *result,
             const GError *error,
             gpointer      user_data)
{
  CallOutcome *outcome = user_data;

  outcome->n_ended++;
  g_assert_null (result);
  outcome->error = g_error_copy (error);
}

/* A call that cannot be made ends later all the same, and once. */
static void
test_plain_refused (PeerFixture  *fixture,
                    gconstpointer data)
{
  CallOutcome outcomes[2] = { { 0 } };

  lockstep_peer_call (fixture->peer, "waits", NULL, NULL, note_end_cb, &outcomes[0]);
  lockstep_peer_close (fixture->peer, NULL);
  lockstep_peer_call (fixture->peer, "late", NULL, NULL, note_end_cb, &outcomes[1]);

  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    g_assert_cmpuint (outcomes[i].n_ended, ==, 0);

  wait_until (outcomes[0].n_ended > 0 && outcomes[1].n_ended > 0 && fixture->n_closed > 0);

  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      g_assert_cmpuint (outcomes[i].n_ended, ==, 1);
      g_assert_error (outcomes[i].error, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_CLOSED);
      call_outcome_clear (&outcomes[i]);
    }
}

/* Before the call and while it waits; the reply that comes later is dropped. */
static void
test_plain_cancelled (PeerFixture  *fixture,
                      gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  CallOutcome              outcomes[2] = { { 0 } };

  lockstep_peer_call (fixture->peer, "waits", NULL, cancellable, note_end_cb, &outcomes[0]);
  g_cancellable_cancel (cancellable);
  lockstep_peer_call (fixture->peer, "late", NULL, cancellable, note_end_cb, &outcomes[1]);

  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    g_assert_cmpuint (outcomes[i].n_ended, ==, 0);

  wait_until (outcomes[0].n_ended > 0 && outcomes[1].n_ended > 0);
  other_says (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}\n");
  wait_until (fixture->strays->len == 1);

  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      g_assert_cmpuint (outcomes[i].n_ended, ==, 1);
      g_assert_error (outcomes[i].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      call_outcome_clear (&outcomes[i]);
    }

  g_assert_false (lockstep_peer_is_closed (fixture->peer));
}

/* Short lines, of which the last is written in part and the rest waits, arrive whole and in order. */
static void
test_short_lines_wait (PeerFixture  *fixture,
                       gconstpointer data)
{
  guint n = 0;

  while (lockstep_peer_get_queued (fixture->peer) < 100000)
    {
      g_autofree char   *text = g_strdup_printf ("[%u,\n\"%0*d\"]", n, (int) (n % 1000), 0);
      g_autoptr (GBytes) params = g_bytes_new (text, strlen (text));

      lockstep_peer_notify (fixture->peer, "short", (GBytes *[]){ params, NULL });
      n++;
    }

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *line = other_hears (fixture);
      g_autofree char *start = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"method\":\"short\",\"params\":[%u, \"0", i);

      g_assert_true (g_str_has_prefix (line, start));
      g_assert_true (g_str_has_suffix (line, "\"]}"));
    }

  g_assert_cmpuint (lockstep_peer_get_queued (fixture->peer), ==, 0);
}

/* Who refuses a connection says why before it is asked, and goes: that is why the calls failed. What it said earlier is
 * not. */
static void
test_refused (PeerFixture  *fixture,
              gconstpointer early)
{
  CallOutcome outcome = { 0 };

  start_call (fixture->peer, "patient", NULL, NULL, &outcome);
  other_says (fixture, "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32003,\"message\":\"No room.\"}}\n");
  if (early != NULL)
    other_says (fixture, "{\"jsonrpc\":\"2.0\",\"method\":\"log\"}\n");
  other_closes (fixture);
  wait_until (outcome.n_ended > 0);
  g_assert_error (outcome.error, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_CLOSED);
  if (early == NULL)
    g_assert_cmpstr (outcome.error->message, ==, "The other end closed the stream: No room.");
  else
    g_assert_null (strstr (outcome.error->message, "No room."));
  call_outcome_clear (&outcome);
}

int
main (int   argc,
      char *argv[])
{
#define ADD(name, data, function) \
  g_test_add ("/peer/end/" name, PeerFixture, data, peer_fixture_set_up, function, peer_fixture_tear_down)

  g_test_init (&argc, &argv, NULL);
  alarm (120);

  ADD ("other-closes", NULL, test_close_with_pending);
  ADD ("owner-closes", GINT_TO_POINTER (1), test_close_with_pending);
  ADD ("last-words", NULL, test_last_words);
  ADD ("refused", NULL, test_refused);
  ADD ("refused-early", GINT_TO_POINTER (1), test_refused);
  ADD ("deaf", NULL, test_deaf);
  ADD ("reentry/call", GINT_TO_POINTER (REENTER_CALL), test_reentry);
  ADD ("reentry/close", GINT_TO_POINTER (REENTER_CLOSE), test_reentry);
  ADD ("reentry/unref", GINT_TO_POINTER (REENTER_UNREF), test_reentry);
  ADD ("reentry/call-plainly", GINT_TO_POINTER (REENTER_CALL | PLAINLY), test_reentry);
  ADD ("reentry/close-plainly", GINT_TO_POINTER (REENTER_CLOSE | PLAINLY), test_reentry);
  ADD ("reentry/unref-plainly", GINT_TO_POINTER (REENTER_UNREF | PLAINLY), test_reentry);
  ADD ("short-lines-wait", NULL, test_short_lines_wait);
  ADD ("plain/refused", NULL, test_plain_refused);
  ADD ("plain/cancelled", NULL, test_plain_cancelled);
  ADD ("reentry/in-closed", NULL, test_reentry_in_closed);
  ADD ("reentry/main-loop", NULL, test_reentry_of_main_loop);

  return g_test_run ();
}
