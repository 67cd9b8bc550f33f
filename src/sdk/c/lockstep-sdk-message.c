/* SPDX-License-Identifier: MIT */

#include "lockstep-sdk-message.h"

#include <string.h>

#include "lockstep-json-writer.h"
#include "lockstep-sdk.h"

static gboolean
refuse (int        *code,
        GError    **error,
        const char *reason)
{
  *code = LOCKSTEP_CODE_INVALID_REQUEST;
  g_set_error_literal (error, LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_STREAM, reason);

  return FALSE;
}

/* What a message consists of; absent what it has not. */
typedef struct
{
  LockstepJson version;
  LockstepJson id;
  LockstepJson method;
  LockstepJson params;
  gboolean     is_answer; /* it has a result or an error */
} Members;

/* One walk for all of them: each costs as much as the params are long. */
static Members
read_members (LockstepJson document)
{
  Members          members = { { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, FALSE };
  LockstepJsonIter iter;
  LockstepJson     name, value;

  lockstep_json_iter_init (&iter, document);
  while (lockstep_json_iter_next (&iter, &name, &value))
    {
      if (lockstep_json_is_string (name, "jsonrpc"))
        members.version = value;
      else if (lockstep_json_is_string (name, "id"))
        members.id = value;
      else if (lockstep_json_is_string (name, "method"))
        members.method = value;
      else if (lockstep_json_is_string (name, "params"))
        members.params = value;
      else if (lockstep_json_is_string (name, "result") || lockstep_json_is_string (name, "error"))
        members.is_answer = TRUE;
    }

  return members;
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
  Members          members;

  *message = (LockstepSdkMessage){ .memory = line };
  if (!lockstep_json_scan (line, length, &document, error))
    {
      *code = LOCKSTEP_CODE_PARSE_ERROR;
      g_prefix_error_literal (error, "the line is not JSON: ");
      return FALSE;
    }
  if (lockstep_json_get_kind (document) != LOCKSTEP_JSON_OBJECT)
    return refuse (code, error, "a message is an object of JSON-RPC 2.0");

  /* This end calls nobody, so an answer is to no question; to answer it would start a quarrel. */
  members = read_members (document);
  if (!members.method.text && members.is_answer)
    return FALSE;

  message->id = members.id;
  id_kind = lockstep_json_get_kind (message->id);
  if (id_kind != LOCKSTEP_JSON_ABSENT && id_kind != LOCKSTEP_JSON_NUMBER && id_kind != LOCKSTEP_JSON_STRING)
    {
      message->id = (LockstepJson){ NULL, 0 };
      return refuse (code, error, "the id of a call is a number or a string");
    }
  message->method = lockstep_json_dup_string (members.method, NULL);
  if (!message->method)
    return refuse (code, error, "a message needs \"method\", a string");
  if (!lockstep_json_is_string (members.version, "2.0"))
    return refuse (code, error, "a message needs \"jsonrpc\": \"2.0\"");
  message->params = members.params;

  return TRUE;
}

void
lockstep_sdk_message_clear (LockstepSdkMessage *message)
{
  g_free (message->memory);
  g_free (message->method);
  *message = (LockstepSdkMessage){ NULL };
}

static struct iovec
piece (const char *text,
       gsize       length)
{
  return (struct iovec){ .iov_base = (char *) text, .iov_len = length };
}

/* The value is written from where it lies: it may be large. */
static void
write_message (LockstepStream *stream,
               GString        *head,
               const char     *value,
               gsize           length)
{
  struct iovec pieces[] = { piece (head->str, head->len), piece (value, length), piece ("}\n", 2) };

  lockstep_stream_write (stream, pieces, G_N_ELEMENTS (pieces));
}

void
lockstep_sdk_message_answer (LockstepStream *stream,
                             const char     *id,
                             const char     *result,
                             gsize           length)
{
  g_autoptr (GString) head = g_string_new ("{\"jsonrpc\":\"2.0\",\"id\":");

  g_string_append (head, id);
  g_string_append (head, ",\"result\":");
  if (head->len + length + 2 > LOCKSTEP_SDK_MESSAGE_MAX)
    {
      g_autofree char *size = g_format_size_full (length, G_FORMAT_SIZE_IEC_UNITS);
      g_autofree char *reason = g_strdup_printf ("the result is too large (%s): at most 64 MiB can be sent; "
                                                 "write it to a file and return the file's name",
                                                 size);

      lockstep_sdk_message_fail (stream, id, LOCKSTEP_CODE_STEP_FAILED, reason);
      return;
    }
  write_message (stream, head, result, length);
}

void
lockstep_sdk_message_fail (LockstepStream *stream,
                           const char     *id,
                           int             code,
                           const char     *reason)
{
  g_autoptr (GString) head = g_string_new ("{\"jsonrpc\":\"2.0\",\"id\":");

  g_string_append (head, id ? id : "null");
  g_string_append_printf (head, ",\"error\":{\"code\":%d,\"message\":", code);
  lockstep_json_append_string (head, reason, -1);
  write_message (stream, head, "}", 1);
}

void
lockstep_sdk_message_notify (LockstepStream *stream,
                             const char     *method,
                             const char     *params,
                             gsize           length)
{
  g_autoptr (GString) head = g_string_new ("{\"jsonrpc\":\"2.0\",\"method\":\"");

  g_string_append (head, method);
  g_string_append (head, "\",\"params\":");
  write_message (stream, head, params, length);
}
