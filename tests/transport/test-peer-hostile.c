/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The other end breaks every rule, says too much, or does not read. */

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer-fixture.h"

#define MEBIBYTE (1024 * 1024)

/* The id of the call that @line is. */
static gint64
id_of (const char *line)
{
  LockstepJson message;
  gint64       id;

  g_assert_true (lockstep_json_scan (line, strlen (line), &message, NULL));
  g_assert_true (lockstep_json_get_int (lockstep_json_get_member (message, "id"), &id));

  return id;
}

/* Shows that the peer still works. */
static void
assert_alive (PeerFixture *fixture)
{
  CallOutcome      outcome = { 0 };
  g_autofree char *line = NULL;
  g_autofree char *reply = NULL;

  start_call (fixture->peer, "alive", NULL, NULL, &outcome);
  line = other_hears (fixture);
  reply = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":%" G_GINT64_FORMAT ",\"result\":true}\n", id_of (line));
  other_says (fixture, reply);
  wait_until (outcome.n_ended > 0);
  assert_result (&outcome, "true");
  call_outcome_clear (&outcome);
}

/* Each line is refused, answered with an error for id null, and harms nobody. */
static void
test_malformed (PeerFixture  *fixture,
                gconstpointer data)
{
  static const struct
  {
    const char *line;
    int         code;
  } lines[] = {
    { "", LOCKSTEP_RPC_PARSE_ERROR },
    { "Hello, world!", LOCKSTEP_RPC_PARSE_ERROR },
    { "{\"jsonrpc\":\"2.0\"", LOCKSTEP_RPC_PARSE_ERROR },
    { "\xff\xfe\x80", LOCKSTEP_RPC_PARSE_ERROR },
    { "{\"jsonrpc\":\"2.0\",\"method\":\"p\",\"params\":[NaN]}", LOCKSTEP_RPC_PARSE_ERROR },
    { "{\"jsonrpc\":\"2.0\",\"method\":\"p\",\"params\":[1e400]}", LOCKSTEP_RPC_PARSE_ERROR },
    { "{\"jsonrpc\":\"2.0\",\"method\":\"p\",\"params\":[\"\\ud800\"]}", LOCKSTEP_RPC_PARSE_ERROR },
    { "{\"jsonrpc\":\"2.0\",\"method\":\"p\"} {}", LOCKSTEP_RPC_PARSE_ERROR },
    { "[]", LOCKSTEP_RPC_INVALID_REQUEST },
    { "[{\"jsonrpc\":\"2.0\",\"method\":\"p\"}]", LOCKSTEP_RPC_INVALID_REQUEST },
    { "1", LOCKSTEP_RPC_INVALID_REQUEST },
    { "null", LOCKSTEP_RPC_INVALID_REQUEST },
    { "{}", LOCKSTEP_RPC_INVALID_REQUEST },
    { "{\"method\":\"p\"}", LOCKSTEP_RPC_INVALID_REQUEST },
    { "{\"jsonrpc\":2.0,\"method\":\"p\"}", LOCKSTEP_RPC_INVALID_REQUEST },
    { "{\"jsonrpc\":\"1.0\",\"method\":\"p\"}", LOCKSTEP_RPC_INVALID_REQUEST },
    { "{\"jsonrpc\":\"2.0\"}", LOCKSTEP_RPC_INVALID_REQUEST },
    { "{\"jsonrpc\":\"2.0\",\"id\":1}", LOCKSTEP_RPC_INVALID_REQUEST },
    { "{\"jsonrpc\":\"2.0\",\"method\":1}", LOCKSTEP_RPC_INVALID_REQUEST },
    { "{\"jsonrpc\":\"2.0\",\"method\":\"p\",\"params\":1}", LOCKSTEP_RPC_INVALID_REQUEST },
    { "{\"jsonrpc\":\"2.0\",\"method\":\"p\",\"params\":null}", LOCKSTEP_RPC_INVALID_REQUEST },
    { "{\"jsonrpc\":\"2.0\",\"method\":\"p\",\"id\":{}}", LOCKSTEP_RPC_INVALID_REQUEST },
    { "{\"jsonrpc\":\"2.0\",\"method\":\"p\",\"id\":true}", LOCKSTEP_RPC_INVALID_REQUEST },
    { "{\"jsonrpc\":\"2.0\",\"method\":\"p\",\"result\":1}", LOCKSTEP_RPC_INVALID_REQUEST },
    { "{\"jsonrpc\":\"2.0\",\"result\":1}", LOCKSTEP_RPC_INVALID_REQUEST },
    { "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1,\"error\":{\"code\":1,\"message\":\"\"}}",
      LOCKSTEP_RPC_INVALID_REQUEST },
    { "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":\"no\"}", LOCKSTEP_RPC_INVALID_REQUEST },
    { "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":\"1\",\"message\":\"\"}}", LOCKSTEP_RPC_INVALID_REQUEST },
    { "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1}}", LOCKSTEP_RPC_INVALID_REQUEST },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *line = g_strconcat (lines[i].line, "\n", NULL);
      g_autofree char *answer = NULL;
      LockstepJson     message;
      gint64           code;

      other_says (fixture, line);
      wait_until (fixture->n_malformed == i + 1);
      g_assert_error (fixture->malformed, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_MALFORMED);

      answer = other_hears (fixture);
      g_assert_true (lockstep_json_scan (answer, strlen (answer), &message, NULL));
      g_assert_cmpint (lockstep_json_get_kind (lockstep_json_get_member (message, "id")), ==, LOCKSTEP_JSON_NULL);
      g_assert_true (lockstep_json_get_int (lockstep_json_get_path (message, "error.code"), &code));
      g_assert_cmpint (code, ==, lines[i].code);
    }

  g_assert_cmpuint (fixture->notified->len, ==, 0);
  assert_alive (fixture);
}

/* A refusal of what we sent is not refused in turn, or both ends would go on for ever. */
static void
test_stray (PeerFixture  *fixture,
            gconstpointer data)
{
  static const char *const lines[] = {
    "{\"jsonrpc\":\"2.0\",\"id\":99,\"result\":1}\n",
    "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":1}\n",
    "{\"jsonrpc\":\"2.0\",\"id\":-1,\"result\":1}\n",
    "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"result\":1}\n",
    "{\"jsonrpc\":\"2.0\",\"id\":18446744073709551617,\"result\":1}\n",
    "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"error\":{\"code\":-1,\"message\":\"no\"}}\n",
    "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"What?\"}}\n",
  };
  CallOutcome outcome = { 0 };

  start_call (fixture->peer, "patient", NULL, NULL, &outcome);
  g_free (other_hears (fixture));

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      other_says (fixture, lines[i]);
      wait_until (fixture->strays->len == i + 1);
      g_test_message ("%s", (const char *) g_ptr_array_index (fixture->strays, i));
    }

  g_assert_cmpuint (outcome.n_ended, ==, 0);

  /* A second answer to the same call. */
  other_says (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}\n{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":2}\n");
  wait_until (fixture->strays->len == G_N_ELEMENTS (lines) + 1);
  assert_result (&outcome, "1");

  g_assert_cmpuint (fixture->n_malformed, ==, 0);
  assert_alive (fixture);
  call_outcome_clear (&outcome);
}

/* A line that arrives byte by byte, and two that arrive at once. */
static void
test_partial_lines (PeerFixture  *fixture,
                    gconstpointer data)
{
  const char *line = "{\"jsonrpc\":\"2.0\",\"method\":\"log\",\"params\":{\"text\":\"Zürich\"}}\r\n";

  for (const char *c = line; *c != '\0'; c++)
    {
      char byte[] = { *c, '\0' };

      g_assert_cmpuint (fixture->notified->len, ==, 0);
      other_says (fixture, byte);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }

  wait_until (fixture->notified->len == 1);
  g_assert_cmpstr (g_ptr_array_index (fixture->notified, 0), ==, "log {\"text\":\"Zürich\"}");

  other_says (fixture, "{\"jsonrpc\":\"2.0\",\"method\":\"a\"}\n{\"jsonrpc\":\"2.0\",\"method\":\"b\"}\n{\"jsonrpc\":");
  wait_until (fixture->notified->len == 3);
  g_assert_cmpstr (g_ptr_array_index (fixture->notified, 2), ==, "b ");
  g_assert_cmpuint (fixture->n_malformed, ==, 0);
}

static void
test_deep_nesting (PeerFixture  *fixture,
                   gconstpointer data)
{
  g_autofree char *brackets = g_strnfill (100000, '[');
  g_autofree char *line = g_strconcat (brackets, "\n", NULL);

  other_says (fixture, line);
  wait_until (fixture->n_malformed == 1);
  g_free (other_hears (fixture));
  assert_alive (fixture);
}

typedef struct
{
  int         descriptor;
  gsize       length;
  const char *end; /* sent after it; or NULL */
} Flood;

static gpointer
flood_in_thread (gpointer data)
{
  Flood           *flood = data;
  g_autofree char *text = g_strnfill (MEBIBYTE, 'x');
  gsize            sent = 0;

  while (sent < flood->length)
    {
      gssize size = send (flood->descriptor, text, MIN (flood->length - sent, MEBIBYTE), MSG_NOSIGNAL);

      if (size < 0)
        break;

      sent += (gsize) size;
    }

  if (flood->end != NULL)
    g_assert_cmpint (send (flood->descriptor, flood->end, strlen (flood->end), MSG_NOSIGNAL), >, 0);

  return GSIZE_TO_POINTER (sent);
}

/* 100 MiB without a newline: the peer is closed, long before it holds them. */
static void
test_long_line (PeerFixture  *fixture,
                gconstpointer data)
{
  Flood       flood = { fixture->other, 100 * MEBIBYTE };
  CallOutcome outcome = { 0 };
  GThread    *thread;
  gsize       sent;

  start_call (fixture->peer, "patient", NULL, NULL, &outcome);
  thread = g_thread_new ("flood", flood_in_thread, &flood);
  wait_until (fixture->n_closed > 0);
  sent = GPOINTER_TO_SIZE (g_thread_join (thread));

  g_assert_error (fixture->closed, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_TOO_LONG);
  g_assert_error (outcome.error, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_TOO_LONG);
  g_assert_cmpuint (sent, <, 66 * MEBIBYTE);
  call_outcome_clear (&outcome);
}

/* The longest line that is allowed is only refused for what it says. */
static void
test_longest_line (PeerFixture  *fixture,
                   gconstpointer data)
{
  Flood    flood = { fixture->other, LOCKSTEP_PEER_MAX_MESSAGE, "\n" };
  GThread *thread = g_thread_new ("flood", flood_in_thread, &flood);

  wait_until (fixture->n_malformed > 0 || fixture->n_closed > 0);
  g_thread_join (thread);

  g_assert_no_error (fixture->closed);
  g_free (other_hears (fixture));
  assert_alive (fixture);
}

/* One message of any size is taken; what comes behind it is limited. */
static void
test_full (PeerFixture  *fixture,
           gconstpointer data)
{
  CallOutcome outcomes[4] = { 0 };
  gsize       sizes[] = { 100 * MEBIBYTE, 65 * MEBIBYTE };
  gsize       queued;

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      char              *text = g_strnfill (sizes[i], ' ');
      g_autoptr (GBytes) params = NULL;
      GBytes            *pieces[] = { NULL, NULL };

      text[0] = '[';
      text[sizes[i] - 1] = ']';
      params = pieces[0] = g_bytes_new_take (text, sizes[i]);
      start_call_with_pieces (fixture->peer, "load", pieces, &outcomes[i]);
    }

  queued = lockstep_peer_get_queued (fixture->peer);
  g_assert_cmpuint (queued, >, 164 * MEBIBYTE);

  start_call (fixture->peer, "small", NULL, NULL, &outcomes[2]);
  lockstep_peer_notify (fixture->peer, "dropped", NULL);
  g_assert_cmpuint (outcomes[2].n_ended, ==, 0);
  wait_until (outcomes[2].n_ended > 0);
  g_assert_error (outcomes[2].error, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_FULL);
  g_assert_cmpuint (outcomes[0].n_ended + outcomes[1].n_ended, ==, 0);
  g_assert_cmpuint (lockstep_peer_get_queued (fixture->peer), ==, queued);
  g_assert_false (lockstep_peer_is_closed (fixture->peer));

  /* Who asks and never reads is shown out. */
  other_says (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"what\"}\n");
  wait_until (fixture->n_closed > 0);
  g_assert_error (fixture->closed, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_FULL);
  g_assert_error (outcomes[0].error, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_FULL);
  g_assert_error (outcomes[1].error, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_FULL);

  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    call_outcome_clear (&outcomes[i]);
}

/* The other end reads in small bites; everything arrives, in order. */
static void
test_slow_reader (PeerFixture  *fixture,
                  gconstpointer data)
{
  enum
  {
    N_MESSAGES = 60
  };
  g_autofree char    *filling = g_strnfill (20000, 'x');
  g_autofree char    *piece = g_strdup_printf ("[\"%s\",\n", filling);
  g_autoptr (GBytes)  large = g_bytes_new (piece, strlen (piece));
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autoptr (GString) read_text = g_string_new (NULL);
  int                 bite = 777;

  g_strdelimit (piece, "\n", ' ');

  for (guint i = 0; i < N_MESSAGES; i++)
    {
      g_autofree char   *number = g_strdup_printf ("%u]", i);
      g_autoptr (GBytes) small = g_bytes_new (number, strlen (number));
      GBytes            *pieces[] = { large, small, NULL };

      lockstep_peer_notify (fixture->peer, "data", pieces);
      g_string_append_printf (expected, "{\"jsonrpc\":\"2.0\",\"method\":\"data\",\"params\":%s%s}\n", piece, number);
    }

  g_assert_cmpuint (lockstep_peer_get_queued (fixture->peer), >, 0);

  while (read_text->len < expected->len)
    {
      char   buffer[777];
      gssize size = recv (fixture->other, buffer, (gsize) bite, MSG_DONTWAIT);

      if (size > 0)
        g_string_append_len (read_text, buffer, size);
      else
        g_assert_cmpint (errno, ==, EAGAIN);

      bite = bite % 777 + 1;
      g_main_context_iteration (NULL, FALSE);
    }

  g_assert_cmpstr (read_text->str, ==, expected->str);
  g_assert_cmpuint (lockstep_peer_get_queued (fixture->peer), ==, 0);
}

static gboolean
count_cb (gpointer data)
{
  (*(guint *) data)++;

  return G_SOURCE_CONTINUE;
}

/* One who never stops to talk holds up nobody: what is drawn has its turn after each bounded portion. */
static void
test_bounded_dispatch (PeerFixture  *fixture,
                       gconstpointer data)
{
  const char         *line = "{\"jsonrpc\":\"2.0\",\"method\":\"m\"}\n";
  guint               n_lines = 100000 / (guint) strlen (line);
  guint               n_turns = 0;
  guint               source;
  g_autoptr (GString) lines = g_string_new (NULL);

  for (guint i = 0; i < n_lines; i++)
    g_string_append (lines, line);
  other_says (fixture, lines->str);

  source = g_idle_add_full (LOCKSTEP_PEER_PRIORITY, count_cb, &n_turns, NULL);
  while (fixture->notified->len < n_lines)
    {
      guint before = fixture->notified->len;

      g_main_context_iteration (NULL, TRUE);
      g_assert_cmpuint (fixture->notified->len - before, <=, 65536 / strlen (line) + 1);
    }

  g_assert_cmpuint (n_turns, >, 1);
  g_source_remove (source);
}

int
main (int   argc,
      char *argv[])
{
#define ADD(name, data, function) \
  g_test_add ("/peer/hostile/" name, PeerFixture, data, peer_fixture_set_up, function, peer_fixture_tear_down)

  g_test_init (&argc, &argv, NULL);
  alarm (120);

  ADD ("malformed", NULL, test_malformed);
  ADD ("stray", NULL, test_stray);
  ADD ("partial-lines", NULL, test_partial_lines);
  ADD ("deep-nesting", NULL, test_deep_nesting);
  ADD ("long-line", NULL, test_long_line);
  ADD ("longest-line", NULL, test_longest_line);
  ADD ("full", NULL, test_full);
  ADD ("slow-reader", NULL, test_slow_reader);
  ADD ("bounded-dispatch", NULL, test_bounded_dispatch);

  return g_test_run ();
}
