/* SPDX-License-Identifier: MIT */

#include "lockstep-sdk-message.h"

#include <string.h>

#include "lockstep-json-text.h"
#include "lockstep-json-writer.h"
#include "lockstep-sdk.h"

/* How envelopes are written at this end, and by the controller. */
#define HEAD_ID     "{\"jsonrpc\":\"2.0\",\"id\":"
#define HEAD_METHOD ",\"method\":"
#define HEAD_PARAMS ",\"params\":"
#define HEAD_RESULT ",\"result\":"

/* A message so short is copied together rather than written in pieces: that is less for the system to look at. */
#define SHORT_MESSAGE 256

static gboolean
refuse (int        *code,
        GError    **error,
        const char *reason)
{
  *code = LOCKSTEP_CODE_INVALID_REQUEST;
  g_set_error_literal (error, LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_STREAM, reason);

  return FALSE;
}

const char *const lockstep_params_names[LOCKSTEP_N_PARAMS] = {
  [LOCKSTEP_PARAMS_ITERATION] = "iteration",
  [LOCKSTEP_PARAMS_PARTS] = "parts",
  [LOCKSTEP_PARAMS_TASK] = "task",
  [LOCKSTEP_PARAMS_ATTEMPT] = "attempt",
  [LOCKSTEP_PARAMS_PART] = "part",
  [LOCKSTEP_PARAMS_OWN] = "params",
};

/* What a message consists of. */
enum
{
  VERSION,
  ID,
  METHOD,
  PARAMS,
  RESULT,
  ERROR,
  N_MEMBERS
};

static const char *const member_names[N_MEMBERS] = { "jsonrpc", "id", "method", "params", "result", "error" };

/* Sets *@text behind @literal where it stands there. */
static gboolean
take_literal (const char **text,
              const char  *end,
              const char  *literal)
{
  gsize length = strlen (literal);

  if ((gsize) (end - *text) < length || memcmp (*text, literal, length) != 0)
    return FALSE;
  *text += length;

  return TRUE;
}

/* Reads the call that most lines are, written as the controller writes it, without a walk over all of it. Of any other
 * line it says FALSE and leaves it to be read as a whole. */
static gboolean
read_plain_call (LockstepSdkMessage *message,
                 const char         *text,
                 gsize               size)
{
  const char  *end = text + size;
  LockstepJson id, method;

  if (!take_literal (&text, end, HEAD_ID))
    return FALSE;
  /* A zero in front would be no JSON. */
  for (id.text = text; text < end && *text >= (text == id.text ? '1' : '0') && *text <= '9'; text++)
    ;
  id.length = text - id.text;
  if (id.length == 0 || !take_literal (&text, end, HEAD_METHOD) || text == end || *text != '"')
    return FALSE;

  method.text = text;
  text = lockstep_skip_plain (text + 1, end);
  if (text == end || *text != '"')
    return FALSE;
  method.length = ++text - method.text;
  /* That the params are one value tells that no other member follows. */
  if (!take_literal (&text, end, HEAD_PARAMS) || text == end || end[-1] != '}' ||
      !lockstep_json_scan_members (text, end - 1 - text, 1, lockstep_params_names, LOCKSTEP_N_PARAMS,
                                   message->members, &message->params, NULL))
    return FALSE;
  message->id = id;
  message->method = method;

  return TRUE;
}

gboolean
lockstep_sdk_message_read (LockstepSdkMessage *message,
                           char               *line,
                           gsize               length,
                           int                *code,
                           GError            **error)
{
  LockstepJson     document;
  LockstepJsonKind id_kind;
  LockstepJson     members[N_MEMBERS];

  *message = (LockstepSdkMessage){ .memory = line };
  if (read_plain_call (message, line, length))
    return TRUE;

  message->params = (LockstepJson){ NULL, 0 };
  if (!lockstep_json_scan (line, length, &document, error))
    {
      *code = LOCKSTEP_CODE_PARSE_ERROR;
      g_prefix_error_literal (error, "the line is not JSON: ");
      return FALSE;
    }
  if (lockstep_json_get_kind (document) != LOCKSTEP_JSON_OBJECT)
    return refuse (code, error, "a message is an object of JSON-RPC 2.0");

  /* This end calls nobody, so an answer is to no question; to answer it would start a quarrel. */
  lockstep_json_get_members (document, member_names, N_MEMBERS, members);
  if (!members[METHOD].text && (members[RESULT].text || members[ERROR].text))
    return FALSE;

  message->id = members[ID];
  id_kind = lockstep_json_get_kind (message->id);
  if (id_kind != LOCKSTEP_JSON_ABSENT && id_kind != LOCKSTEP_JSON_NUMBER && id_kind != LOCKSTEP_JSON_STRING)
    {
      message->id = (LockstepJson){ NULL, 0 };
      return refuse (code, error, "the id of a call is a number or a string");
    }
  message->method = members[METHOD];
  if (lockstep_json_get_kind (message->method) != LOCKSTEP_JSON_STRING)
    return refuse (code, error, "a message needs \"method\", a string");
  if (!lockstep_json_is_string (members[VERSION], "2.0"))
    return refuse (code, error, "a message needs \"jsonrpc\": \"2.0\"");
  message->params = members[PARAMS];
  lockstep_json_get_members (message->params, lockstep_params_names, LOCKSTEP_N_PARAMS, message->members);

  return TRUE;
}

void
lockstep_sdk_message_clear (LockstepSdkMessage *message)
{
  g_free (message->memory);
  *message = (LockstepSdkMessage){ NULL };
}

static struct iovec
piece (const char *text,
       gsize       length)
{
  return (struct iovec){ .iov_base = (char *) text, .iov_len = length };
}

/* Puts the pieces together in @text, where they have room. */
static gboolean
join (const struct iovec *pieces,
      guint               n_pieces,
      char               *text,
      struct iovec       *whole)
{
  gsize length = 0;

  for (guint i = 0; i < n_pieces; i++)
    {
      if (pieces[i].iov_len > SHORT_MESSAGE - length)
        return FALSE;
      memcpy (text + length, pieces[i].iov_base, pieces[i].iov_len);
      length += pieces[i].iov_len;
    }
  *whole = piece (text, length);

  return TRUE;
}

/* Writes the pieces and ends the message. The value is written from where it lies: it may be large. */
static void
write_message (LockstepStream *stream,
               const char     *first,
               LockstepJson    name,
               const char     *second,
               const char     *value,
               gsize           length)
{
  struct iovec pieces[] = {
    piece (first, strlen (first)),
    piece (name.text, name.length),
    piece (second, strlen (second)),
    piece (value, length),
    piece ("}\n", 2),
  };
  struct iovec whole;
  char         text[SHORT_MESSAGE];

  if (join (pieces, G_N_ELEMENTS (pieces), text, &whole))
    lockstep_stream_write (stream, &whole, 1);
  else
    lockstep_stream_write (stream, pieces, G_N_ELEMENTS (pieces));
}

char *
lockstep_sdk_message_dup_excess (LockstepJson id,
                                 gsize        length)
{
  g_autofree char *size = NULL;

  if (strlen (HEAD_ID) + id.length + strlen (HEAD_RESULT) + length + 2 <= LOCKSTEP_SDK_MESSAGE_MAX)
    return NULL;

  size = g_format_size_full (length, G_FORMAT_SIZE_IEC_UNITS);
  return g_strdup_printf ("the result is too large (%s): at most 64 MiB can be sent; "
                          "write it to a file and return the file's name",
                          size);
}

void
lockstep_sdk_message_answer (LockstepStream *stream,
                             LockstepJson    id,
                             LockstepJson    result)
{
  g_autofree char *excess = lockstep_sdk_message_dup_excess (id, result.length);

  if (excess)
    {
      lockstep_sdk_message_fail (stream, id, LOCKSTEP_CODE_STEP_FAILED, excess);
      return;
    }
  write_message (stream, HEAD_ID, id, HEAD_RESULT, result.text, result.length);
}

void
lockstep_sdk_message_fail (LockstepStream *stream,
                           LockstepJson    id,
                           int             code,
                           const char     *reason)
{
  g_autoptr (GString) error = g_string_new (NULL);

  g_string_append_printf (error, "{\"code\":%d,\"message\":", code);
  lockstep_json_append_string (error, reason, -1);
  g_string_append_c (error, '}');
  write_message (stream, HEAD_ID, id.text ? id : (LockstepJson){ "null", 4 }, ",\"error\":", error->str, error->len);
}

void
lockstep_sdk_message_notify (LockstepStream *stream,
                             const char     *method,
                             const char     *params,
                             gsize           length)
{
  const LockstepJson name = { method, strlen (method) };

  write_message (stream, "{\"jsonrpc\":\"2.0\",\"method\":\"", name, "\",\"params\":", params, length);
}
