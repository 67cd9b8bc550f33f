/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Two ends that behave: calls, notifications, answers, over sockets and over other streams. */

#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <glib-unix.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer-fixture.h"

/* Two peers that talk to each other. */
typedef struct
{
  LockstepPeer *client;
  LockstepPeer *server;
  GPtrArray    *requests; /* that wait for an answer, of LockstepRequest */
  guint         n_closed;
} Pair;

static void
echo_cb (LockstepPeer    *server,
         LockstepRequest *request,
         gpointer         user_data)
{
  g_autoptr (GBytes) null = g_bytes_new_static ("null", 4);
  GBytes            *params = lockstep_request_get_params (request);

  if (g_str_equal (lockstep_request_get_method (request), "refuse"))
    lockstep_request_fail (request, -32000, "The bridge is closed");
  else
    lockstep_request_answer (request, params != NULL ? params : null);
}

static void
keep_cb (LockstepPeer    *server,
         LockstepRequest *request,
         Pair            *pair)
{
  g_ptr_array_add (pair->requests, request);
}

static void
pair_closed_cb (LockstepPeer *peer,
                const GError *reason,
                Pair         *pair)
{
  pair->n_closed++;
}

static void
pair_join (Pair      *pair,
           GIOStream *client,
           GIOStream *server)
{
  pair->client = lockstep_peer_new (client);
  pair->server = lockstep_peer_new (server);
  pair->requests = g_ptr_array_new ();
  g_signal_connect (pair->client, "closed", G_CALLBACK (pair_closed_cb), pair);
  g_signal_connect (pair->server, "closed", G_CALLBACK (pair_closed_cb), pair);
}

static void
pair_set_up (Pair         *pair,
             gconstpointer data)
{
  int                   descriptors[2];
  g_autoptr (GIOStream) client = NULL;
  g_autoptr (GIOStream) server = NULL;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, descriptors), ==, 0);
  client = stream_for_socket (descriptors[0]);
  server = stream_for_socket (descriptors[1]);
  pair_join (pair, client, server);
}

static GIOStream *
stream_for_pipes (int input,
                  int output)
{
  g_autoptr (GInputStream)  input_stream = g_unix_input_stream_new (input, TRUE);
  g_autoptr (GOutputStream) output_stream = g_unix_output_stream_new (output, TRUE);

  return g_simple_io_stream_new (input_stream, output_stream);
}

static void
pair_set_up_pipes (Pair         *pair,
                   gconstpointer data)
{
  int                   there[2];
  int                   back[2];
  g_autoptr (GIOStream) client = NULL;
  g_autoptr (GIOStream) server = NULL;

  g_assert_true (g_unix_open_pipe (there, FD_CLOEXEC, NULL));
  g_assert_true (g_unix_open_pipe (back, FD_CLOEXEC, NULL));
  client = stream_for_pipes (back[0], there[1]);
  server = stream_for_pipes (there[0], back[1]);
  pair_join (pair, client, server);
}

/* One end closes, both hear of it once, and nothing keeps them alive. */
static void
pair_tear_down (Pair         *pair,
                gconstpointer data)
{
  lockstep_peer_close (pair->client, NULL);
  wait_until (pair->n_closed == 2);

  g_assert_true (lockstep_peer_is_closed (pair->server));

  g_object_add_weak_pointer (G_OBJECT (pair->client), (gpointer *) &pair->client);
  g_object_add_weak_pointer (G_OBJECT (pair->server), (gpointer *) &pair->server);
  g_object_unref (pair->client);
  g_object_unref (pair->server);
  wait_until (pair->client == NULL && pair->server == NULL);

  g_assert_cmpuint (pair->n_closed, ==, 2);
  g_ptr_array_unref (pair->requests);
}

/* Values come back as the text that was sent. */
static void
test_call (Pair         *pair,
           gconstpointer data)
{
  static const char *const values[] = {
    "[]",
    "{}",
    "[1e-10,0.1,5e-324,1e22,9223372036854775807,-0,1E+2]",
    "{\"text\":\"a\\u0000b \\ud83d\\ude00 Zürich\"}",
    "[[[[[[]]]]], {\"a\" : null}]",
  };

  g_signal_connect (pair->server, "request", G_CALLBACK (echo_cb), NULL);

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      CallOutcome outcome = { 0 };

      start_call (pair->client, "echo", values[i], NULL, &outcome);
      g_assert_cmpuint (outcome.n_ended, ==, 0);
      wait_until (outcome.n_ended > 0);
      assert_result (&outcome, values[i]);
      call_outcome_clear (&outcome);
    }
}

static void
test_call_without_params (Pair         *pair,
                          gconstpointer data)
{
  CallOutcome outcome = { 0 };

  g_signal_connect (pair->server, "request", G_CALLBACK (echo_cb), NULL);
  start_call (pair->client, "a \"name\" of \\ sorts\n", NULL, NULL, &outcome);
  wait_until (outcome.n_ended > 0);
  assert_result (&outcome, "null");
  call_outcome_clear (&outcome);
}

static void
test_call_fails (Pair         *pair,
                 gconstpointer data)
{
  CallOutcome outcome = { 0 };

  g_signal_connect (pair->server, "request", G_CALLBACK (echo_cb), NULL);
  start_call (pair->client, "refuse", NULL, NULL, &outcome);
  wait_until (outcome.n_ended > 0);
  g_assert_error (outcome.error, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_REMOTE);
  g_assert_cmpstr (outcome.error->message, ==, "The bridge is closed");
  call_outcome_clear (&outcome);
}

static void
test_no_handler (Pair         *pair,
                 gconstpointer data)
{
  CallOutcome outcome = { 0 };

  start_call (pair->client, "fly", "{}", NULL, &outcome);
  wait_until (outcome.n_ended > 0);
  g_assert_error (outcome.error, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_REMOTE);
  g_assert_nonnull (strstr (outcome.error->message, "fly"));
  call_outcome_clear (&outcome);
}

/* Many calls under way at once, answered in the opposite order, each get their own result. */
static void
test_interleaved (Pair         *pair,
                  gconstpointer data)
{
  enum
  {
    N_CALLS = 1000
  };
  g_autofree CallOutcome *outcomes = g_new0 (CallOutcome, N_CALLS);

  g_signal_connect (pair->server, "request", G_CALLBACK (keep_cb), pair);

  for (guint i = 0; i < N_CALLS; i++)
    {
      g_autofree char *params = g_strdup_printf ("[%u]", i);

      start_call (pair->client, "wait", params, NULL, &outcomes[i]);
    }

  wait_until (pair->requests->len == N_CALLS);

  for (guint i = N_CALLS; i > 0; i--)
    {
      LockstepRequest *request = g_ptr_array_index (pair->requests, i - 1);

      lockstep_request_answer (request, lockstep_request_get_params (request));
    }

  wait_until (outcomes[0].n_ended > 0);

  for (guint i = 0; i < N_CALLS; i++)
    {
      g_autofree char *params = g_strdup_printf ("[%u]", i);

      assert_result (&outcomes[i], params);
      call_outcome_clear (&outcomes[i]);
    }
}

/* Pieces that are shared by calls, large ones and small ones mixed, with newlines in them. */
static void
test_large_pieces (Pair         *pair,
                   gconstpointer data)
{
  CallOutcome         outcomes[3] = { 0 };
  g_autoptr (GString) numbers = g_string_new ("[0");
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autoptr (GBytes)  large = NULL;
  g_autoptr (GBytes)  head = g_bytes_new_static ("{\n \"a\":\n", 8);
  g_autoptr (GBytes)  middle = g_bytes_new_static (",\"b\":", 5);
  g_autoptr (GBytes)  tail = g_bytes_new_static ("\n}", 2);
  GBytes             *pieces[6];

  for (guint i = 1; i < 200000; i++)
    g_string_append_printf (numbers, i % 100 == 0 ? ",\n%u" : ",%u", i);
  g_string_append (numbers, "\n]");
  large = g_bytes_new (numbers->str, numbers->len);

  pieces[0] = head;
  pieces[1] = large;
  pieces[2] = middle;
  pieces[3] = large;
  pieces[4] = tail;
  pieces[5] = NULL;

  g_string_append_printf (expected, "{\n \"a\":\n%s,\"b\":%s\n}", numbers->str, numbers->str);
  g_strdelimit (expected->str, "\n", ' ');

  g_signal_connect (pair->server, "request", G_CALLBACK (echo_cb), NULL);
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    start_call_with_pieces (pair->client, "echo", pieces, &outcomes[i]);

  g_assert_cmpuint (lockstep_peer_get_queued (pair->client), >, numbers->len);

  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      wait_until (outcomes[i].n_ended > 0);
      assert_result (&outcomes[i], expected->str);
      call_outcome_clear (&outcomes[i]);
    }

  g_assert_cmpuint (lockstep_peer_get_queued (pair->client), ==, 0);
}

/* Towards the other end there is no limit on one message, but it must not be longer than what that end takes. */
static void
test_huge_params (Pair         *pair,
                  gconstpointer data)
{
  CallOutcome        outcome = { 0 };
  gsize              size = 60 * 1024 * 1024;
  char              *text = g_malloc (size);
  g_autoptr (GBytes) params = NULL;
  GBytes            *pieces[] = { NULL, NULL };

  memset (text, 'x', size);
  memcpy (text, "[\"", 2);
  memcpy (text + size - 2, "\"]", 2);
  params = pieces[0] = g_bytes_new_take (text, size);

  g_signal_connect (pair->server, "request", G_CALLBACK (echo_cb), NULL);
  start_call_with_pieces (pair->client, "echo", pieces, &outcome);
  wait_until (outcome.n_ended > 0);

  g_assert_no_error (outcome.error);
  g_assert_true (g_bytes_equal (outcome.result, params));
  call_outcome_clear (&outcome);
}

static void
count_notification_cb (LockstepPeer *peer,
                       const char   *method,
                       GBytes       *params,
                       guint        *sum)
{
  LockstepJson value;
  gint64       number;
  gsize        size;
  const char  *text = g_bytes_get_data (params, &size);

  g_assert_cmpstr (method, ==, "progress");
  g_assert_true (lockstep_json_scan (text, size, &value, NULL));
  g_assert_true (lockstep_json_get_int (lockstep_json_get_path (value, "0"), &number));

  /* In order, and none missing. */
  g_assert_cmpint (number, ==, *sum);
  (*sum)++;
}

static void
test_notify (Pair         *pair,
             gconstpointer data)
{
  guint n = 0;

  g_signal_connect (pair->client, "notification", G_CALLBACK (count_notification_cb), &n);

  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char   *text = g_strdup_printf ("[%u]", i);
      g_autoptr (GBytes) params = g_bytes_new (text, strlen (text));
      GBytes            *pieces[] = { params, NULL };

      lockstep_peer_notify (pair->server, "progress", pieces);
    }

  wait_until (n == 20000);
}

static void
test_cancel (Pair         *pair,
             gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  CallOutcome              cancelled = { 0 };
  CallOutcome              refused = { 0 };
  CallOutcome              next = { 0 };

  g_signal_connect (pair->server, "request", G_CALLBACK (keep_cb), pair);
  start_call (pair->client, "slow", NULL, cancellable, &cancelled);
  wait_until (pair->requests->len == 1);

  g_cancellable_cancel (cancellable);
  g_assert_cmpuint (cancelled.n_ended, ==, 0);
  wait_until (cancelled.n_ended > 0);
  g_assert_error (cancelled.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  /* With a cancellable that is cancelled already, nothing is sent. */
  start_call (pair->client, "never", NULL, cancellable, &refused);
  wait_until (refused.n_ended > 0);
  g_assert_error (refused.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  start_call (pair->client, "next", "[2]", NULL, &next);
  wait_until (pair->requests->len == 2);
  g_assert_cmpstr (lockstep_request_get_method (g_ptr_array_index (pair->requests, 1)), ==, "next");

  /* The late reply arrives before the other one, and nothing but the other one comes of it. */
  for (guint i = 0; i < 2; i++)
    {
      LockstepRequest   *request = g_ptr_array_index (pair->requests, i);
      g_autoptr (GBytes) result = g_bytes_new_static (i == 0 ? "\"late\"" : "true", i == 0 ? 6 : 4);

      lockstep_request_answer (request, result);
    }

  wait_until (next.n_ended > 0);
  assert_result (&next, "true");
  g_assert_cmpuint (cancelled.n_ended, ==, 1);
  g_assert_false (lockstep_peer_is_closed (pair->client));

  call_outcome_clear (&cancelled);
  call_outcome_clear (&refused);
  call_outcome_clear (&next);
}

/* An answer that comes after the peer was closed goes nowhere, and frees what there is. */
static void
test_answer_after_close (Pair         *pair,
                         gconstpointer data)
{
  CallOutcome        outcome = { 0 };
  g_autoptr (GBytes) result = g_bytes_new_static ("1", 1);

  g_signal_connect (pair->server, "request", G_CALLBACK (keep_cb), pair);
  start_call (pair->client, "slow", NULL, NULL, &outcome);
  wait_until (pair->requests->len == 1);

  lockstep_peer_close (pair->server, NULL);
  lockstep_request_answer (g_ptr_array_index (pair->requests, 0), result);
  wait_until (outcome.n_ended > 0);
  g_assert_error (outcome.error, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_CLOSED);
  call_outcome_clear (&outcome);
}

static gpointer
talk_in_thread (gpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Pair                     pair = { 0 };
  CallOutcome              outcome = { 0 };

  g_main_context_push_thread_default (context);
  pair_set_up (&pair, NULL);
  g_signal_connect (pair.server, "request", G_CALLBACK (echo_cb), NULL);

  for (guint i = 0; i < 100; i++)
    {
      start_call (pair.client, "echo", "[1]", NULL, &outcome);
      while (outcome.n_ended == 0)
        g_main_context_iteration (context, TRUE);
      assert_result (&outcome, "[1]");
      call_outcome_clear (&outcome);
      outcome.n_ended = 0;
    }

  lockstep_peer_close (pair.client, NULL);
  while (pair.n_closed < 2)
    g_main_context_iteration (context, TRUE);

  g_object_unref (pair.client);
  g_object_unref (pair.server);
  g_ptr_array_unref (pair.requests);
  g_main_context_pop_thread_default (context);

  return NULL;
}

/* Peers of several threads do not meet. */
static void
test_threads (void)
{
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("talk", talk_in_thread, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

/* Answers, and notes how many bytes the other end could read after it. */
static void
answer_and_look_cb (LockstepPeer    *peer,
                    LockstepRequest *request,
                    gpointer         user_data)
{
  PeerFixture *fixture = user_data;
  int          n_sent;

  echo_cb (peer, request, NULL);
  g_assert_cmpint (ioctl (fixture->other, FIONREAD, &n_sent), ==, 0);
  g_assert_cmpint (n_sent, ==, 0);
}

/* What answers several lines that came together goes out together, in order, and before the peer waits again. */
static void
test_answers_together (PeerFixture  *fixture,
                       gconstpointer data)
{
  g_autofree char *first = NULL, *second = NULL;
  const gulong     handler = g_signal_connect (fixture->peer, "request", G_CALLBACK (answer_and_look_cb), fixture);

  other_says (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":[1]}\n"
                       "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"echo\",\"params\":[2]}\n");
  first = other_hears (fixture);
  second = other_hears (fixture);
  g_assert_cmpstr (first, ==, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[1]}");
  g_assert_cmpstr (second, ==, "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":[2]}");
  g_signal_handler_disconnect (fixture->peer, handler);
}

static void
answer_and_close_cb (LockstepPeer    *peer,
                     LockstepRequest *request,
                     gpointer         user_data)
{
  g_assert_cmpuint (lockstep_peer_get_n_unanswered (peer), ==, 1);
  echo_cb (peer, request, NULL);
  g_assert_cmpuint (lockstep_peer_get_n_unanswered (peer), ==, 0);
  lockstep_peer_close (peer, NULL);
}

/* Who answers and closes has answered. */
static void
test_answer_and_close (PeerFixture  *fixture,
                       gconstpointer data)
{
  g_autofree char *answer = NULL;

  g_signal_connect (fixture->peer, "request", G_CALLBACK (answer_and_close_cb), NULL);
  other_says (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":[1]}\n");
  answer = other_hears (fixture);
  g_assert_cmpstr (answer, ==, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[1]}");
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *name;
    void (*test) (Pair *, gconstpointer);
  } tests[] = {
    { "call", test_call },
    { "call-without-params", test_call_without_params },
    { "call-fails", test_call_fails },
    { "no-handler", test_no_handler },
    { "interleaved", test_interleaved },
    { "large-pieces", test_large_pieces },
    { "huge-params", test_huge_params },
    { "notify", test_notify },
    { "cancel", test_cancel },
    { "answer-after-close", test_answer_after_close },
  };

  g_test_init (&argc, &argv, NULL);
  alarm (120);

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *over_socket = g_strconcat ("/peer/socket/", tests[i].name, NULL);
      g_autofree char *over_pipes = g_strconcat ("/peer/pipes/", tests[i].name, NULL);

      g_test_add (over_socket, Pair, NULL, pair_set_up, tests[i].test, pair_tear_down);
      g_test_add (over_pipes, Pair, NULL, pair_set_up_pipes, tests[i].test, pair_tear_down);
    }

  g_test_add ("/peer/answers-together", PeerFixture, NULL, peer_fixture_set_up, test_answers_together,
              peer_fixture_tear_down);
  g_test_add ("/peer/answer-and-close", PeerFixture, NULL, peer_fixture_set_up, test_answer_and_close,
              peer_fixture_tear_down);
  g_test_add_func ("/peer/threads", test_threads);

  return g_test_run ();
}
