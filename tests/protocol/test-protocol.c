/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The controller's end, and the scanner that all ends in C stand on, against the vectors of the protocol. */

#include <string.h>

#include "lockstep-vector.h"
#include "peer-fixture.h"
#include "protocol-vectors.h"

static void
tell (GString *document)
{
  g_autofree char *text = g_strescape (document->str, NULL);

  g_test_message ("%.80s", text);
}

static void
test_values (void)
{
  g_autofree char *text = NULL;
  LockstepJson     vectors = vectors_load ("values.json", &text);
  LockstepJsonIter iter;
  LockstepJson     entry;

  lockstep_json_iter_init (&iter, lockstep_json_get_member (vectors, "read"));
  while (lockstep_json_iter_next (&iter, NULL, &entry))
    {
      g_autoptr (GString) document = vectors_make_text (entry);
      g_autoptr (GError)  error = NULL;
      LockstepJson        expected = lockstep_json_get_member (entry, "value");
      LockstepJson        value;

      tell (document);
      lockstep_json_scan (document->str, document->len, &value, &error);
      g_assert_no_error (error);
      g_assert_true (lockstep_json_get_kind (expected) == LOCKSTEP_JSON_ABSENT || vectors_are_equal (value, expected));
    }

  lockstep_json_iter_init (&iter, lockstep_json_get_member (vectors, "refused"));
  while (lockstep_json_iter_next (&iter, NULL, &entry))
    {
      g_autoptr (GString) document = vectors_make_text (entry);
      LockstepJson        value;

      tell (document);
      g_assert_false (lockstep_json_scan (document->str, document->len, &value, NULL));
    }
}

static void
test_vectors (void)
{
  g_autofree char *text = NULL;
  LockstepJson     vectors = vectors_load ("values.json", &text);
  LockstepJsonIter iter;
  LockstepJson     entry;

  lockstep_json_iter_init (&iter, lockstep_json_get_member (vectors, "vectors"));
  while (lockstep_json_iter_next (&iter, NULL, &entry))
    {
      LockstepJson       expected = lockstep_json_get_member (entry, "values");
      g_autofree double *values = NULL;
      g_autofree double *expected_values = NULL;
      gsize              n_values;
      gsize              n_expected;

      values = lockstep_vector_read (entry, &n_values);
      if (values == NULL)
        {
          /* The entry has a member more than a vector. */
          g_autofree char *digits = vectors_dup (entry, "f64");
          g_autofree char *encoded = g_strdup_printf ("{\"f64\":\"%s\"}", digits);

          values = lockstep_vector_read ((LockstepJson){ encoded, strlen (encoded) }, &n_values);
        }
      expected_values = lockstep_vector_read (expected, &n_expected);
      g_assert_cmpuint (n_values, ==, n_expected);
      for (gsize i = 0; i < n_values; i++)
        g_assert_cmpfloat (values[i], ==, expected_values[i]);
    }
}

/* Whether a line of messages.json is one that a controller gets. */
static gboolean
is_for_controller (LockstepJson entry)
{
  return !lockstep_json_is_string (lockstep_json_get_member (entry, "to"), "solver");
}

/* What comes back when the other end says @entry's line, and then asks for a method: free it. */
static char *
hear_after (PeerFixture *fixture,
            LockstepJson entry)
{
  g_autofree char *line = vectors_dup (entry, "line");

  g_test_message ("%s", line);
  other_says (fixture, line);
  other_says (fixture, "\n{\"jsonrpc\":\"2.0\",\"id\":\"next\",\"method\":\"nobody-knows\"}\n");

  return other_hears (fixture);
}

static void
assert_error (const char  *line,
              LockstepJson id,
              gint64       expected)
{
  LockstepJson answer;
  gint64       code = 0;

  g_assert_true (lockstep_json_scan (line, strlen (line), &answer, NULL));
  lockstep_json_get_int (lockstep_json_get_path (answer, "error.code"), &code);
  g_assert_cmpint (code, ==, expected);
  g_assert_true (vectors_are_equal (lockstep_json_get_member (answer, "id"), id));
}

static void
test_messages (PeerFixture  *fixture,
               gconstpointer data)
{
  g_autofree char   *text = NULL;
  LockstepJson       vectors = vectors_load ("messages.json", &text);
  const LockstepJson null = { "null", 4 };
  const LockstepJson next = { "\"next\"", 6 };
  LockstepJsonIter   iter;
  LockstepJson       entry;
  gint64             code = 0;

  lockstep_json_iter_init (&iter, lockstep_json_get_member (vectors, "refused"));
  while (lockstep_json_iter_next (&iter, NULL, &entry))
    if (is_for_controller (entry))
      {
        g_autofree char *answer = hear_after (fixture, entry);
        g_autofree char *after = other_hears (fixture);

        lockstep_json_get_int (lockstep_json_get_member (entry, "code"), &code);
        assert_error (answer, null, code);
        assert_error (after, next, LOCKSTEP_RPC_METHOD_NOT_FOUND);
      }

  lockstep_json_iter_init (&iter, lockstep_json_get_member (vectors, "unanswered"));
  while (lockstep_json_iter_next (&iter, NULL, &entry))
    if (is_for_controller (entry))
      {
        g_autofree char *after = hear_after (fixture, entry);

        assert_error (after, next, LOCKSTEP_RPC_METHOD_NOT_FOUND);
      }
}

/* Sends what the controller sends in a conversation, which must be that line to the letter of its values. */
static void
send (PeerFixture *fixture,
      LockstepJson message,
      CallOutcome *outcomes)
{
  g_autofree char *method = vectors_dup (message, "method");
  g_autofree char *params = lockstep_json_dup_text (lockstep_json_get_member (message, "params"));
  g_autofree char *line = NULL;
  const char      *sent_params = params != NULL && params[0] != '\0' ? params : NULL;
  LockstepJson     sent;
  gint64           id;

  if (lockstep_json_get_int (lockstep_json_get_member (message, "id"), &id))
    {
      start_call (fixture->peer, method, sent_params, NULL, &outcomes[id]);
    }
  else
    {
      g_autoptr (GBytes) bytes = g_bytes_new (sent_params, strlen (sent_params));
      GBytes            *pieces[] = { bytes, NULL };

      lockstep_peer_notify (fixture->peer, method, pieces);
    }

  line = other_hears (fixture);
  g_test_message ("→ %s", line);
  g_assert_true (lockstep_json_scan (line, strlen (line), &sent, NULL));
  g_assert_true (vectors_are_equal (sent, message));
}

/* Says what the solver says in a conversation; the peer has to tell it as that. */
static void
expect (PeerFixture *fixture,
        LockstepJson message,
        CallOutcome *outcomes)
{
  g_autofree char *line = lockstep_json_dup_text (message);
  g_autofree char *said = g_strconcat (line, "\n", NULL);
  LockstepJson     result = lockstep_json_get_member (message, "result");
  gint64           id;

  g_test_message ("← %s", line);
  other_says (fixture, said);
  if (!lockstep_json_get_int (lockstep_json_get_member (message, "id"), &id))
    {
      const guint n_notified = fixture->notified->len;

      wait_until (fixture->notified->len > n_notified);
      return;
    }

  wait_until (outcomes[id].n_ended == 1);
  if (lockstep_json_get_kind (result) != LOCKSTEP_JSON_ABSENT)
    {
      g_autofree char *expected = lockstep_json_dup_text (result);

      assert_result (&outcomes[id], expected);
    }
  else
    {
      g_autofree char *expected = vectors_dup (lockstep_json_get_member (message, "error"), "message");

      g_assert_error (outcomes[id].error, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_REMOTE);
      g_assert_cmpstr (outcomes[id].error->message, ==, expected);
    }
}

enum
{
  MAX_CALLS = 16
};

static void
replay (LockstepJson conversation)
{
  PeerFixture      fixture = { 0 };
  CallOutcome      outcomes[MAX_CALLS] = { 0 };
  LockstepJsonIter iter;
  LockstepJson     line;

  peer_fixture_set_up (&fixture, NULL);
  lockstep_json_iter_init (&iter, lockstep_json_get_member (conversation, "lines"));
  while (lockstep_json_iter_next (&iter, NULL, &line))
    {
      LockstepJson sent = lockstep_json_get_member (line, "send");
      LockstepJson expected = lockstep_json_get_member (line, "expect");

      if (lockstep_json_get_kind (sent) != LOCKSTEP_JSON_ABSENT)
        send (&fixture, sent, outcomes);
      else if (lockstep_json_get_kind (expected) != LOCKSTEP_JSON_ABSENT)
        expect (&fixture, expected, outcomes);
    }
  g_assert_cmpuint (fixture.n_malformed, ==, 0);
  g_assert_cmpuint (fixture.strays->len, ==, 0);

  for (guint i = 0; i < MAX_CALLS; i++)
    call_outcome_clear (&outcomes[i]);
  peer_fixture_tear_down (&fixture, NULL);
}

static void
test_conversations (void)
{
  g_autofree char *text = NULL;
  LockstepJson     vectors = vectors_load ("conversations.json", &text);
  LockstepJsonIter iter;
  LockstepJson     conversation;

  lockstep_json_iter_init (&iter, lockstep_json_get_member (vectors, "conversations"));
  while (lockstep_json_iter_next (&iter, NULL, &conversation))
    {
      g_autofree char *name = vectors_dup (conversation, "name");

      g_test_message ("%s", name);
      replay (conversation);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/values", test_values);
  g_test_add_func ("/protocol/vectors", test_vectors);
  g_test_add ("/protocol/messages", PeerFixture, NULL, peer_fixture_set_up, test_messages, peer_fixture_tear_down);
  g_test_add_func ("/protocol/conversations", test_conversations);

  return g_test_run ();
}
