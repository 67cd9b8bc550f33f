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

static gboolean
is_present (LockstepJson object,
            const char  *name)
{
  return lockstep_json_get_kind (lockstep_json_get_member (object, name)) != LOCKSTEP_JSON_ABSENT;
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
  if (!is_present (document, "method") && (is_present (document, "result") || is_present (document, "error")))
    return FALSE;

  message->id = lockstep_json_get_member (document, "id");
  id_kind = lockstep_json_get_kind (message->id);
  if (id_kind != LOCKSTEP_JSON_ABSENT && id_kind != LOCKSTEP_JSON_NUMBER && id_kind != LOCKSTEP_JSON_STRING)
    {
      message->id = (LockstepJson){ NULL, 0 };
      return refuse (code, error, "the id of a call is a number or a string");
    }
  message->method = lockstep_json_dup_string (lockstep_json_get_member (document, "method"), NULL);
  if (!message->method)
    return refuse (code, error, "a message needs \"method\", a string");
  if (!lockstep_json_is_string (lockstep_json_get_member (document, "jsonrpc"), "2.0"))
    return refuse (code, error, "a message needs \"jsonrpc\": \"2.0\"");
  message->params = lockstep_json_get_member (document, "params");

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
