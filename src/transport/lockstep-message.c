/* SPDX-License-Identifier: MIT */

#include "lockstep-message.h"

#include "lockstep-json-writer.h"
#include "lockstep-peer.h"

/* How much of a line that was refused is shown. */
#define EXCERPT 60

/* The one place that refuses a line. */
static gboolean
refuse (GBytes     *line,
        int         code,
        int        *code_out,
        GError    **error,
        const char *reason)
{
  gsize            size;
  const char      *text = g_bytes_get_data (line, &size);
  g_autofree char *excerpt = g_utf8_make_valid (size > 0 ? text : "", (gssize) MIN (size, EXCERPT));

  *code_out = code;
  g_set_error (error, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_MALFORMED,
               "The other end sent a line that is not %s (%s). The line begins: “%s%s”",
               code == LOCKSTEP_RPC_PARSE_ERROR ? "JSON" : "a JSON-RPC 2.0 message", reason,
               excerpt, size > EXCERPT ? "…" : "");

  return FALSE;
}

/* Sorts the members of @object into @message. Returns whether it says to be of version 2.0. */
static gboolean
read_members (LockstepMessage *message,
              LockstepJson     object)
{
  LockstepJsonIter iter;
  LockstepJson     name;
  LockstepJson     value;
  gboolean         version = FALSE;

  lockstep_json_iter_init (&iter, object);
  while (lockstep_json_iter_next (&iter, &name, &value))
    {
      if (lockstep_json_is_string (name, "jsonrpc"))
        version = lockstep_json_is_string (value, "2.0");
      else if (lockstep_json_is_string (name, "id"))
        message->id = value;
      else if (lockstep_json_is_string (name, "method"))
        message->method = value;
      else if (lockstep_json_is_string (name, "params"))
        message->params = value;
      else if (lockstep_json_is_string (name, "result"))
        message->result = value;
      else if (lockstep_json_is_string (name, "error"))
        message->error = value;
    }

  return version;
}

static gboolean
is_error_object (LockstepJson error)
{
  gint64 code;

  return lockstep_json_get_int (lockstep_json_get_member (error, "code"), &code) &&
         lockstep_json_get_kind (lockstep_json_get_member (error, "message")) == LOCKSTEP_JSON_STRING;
}

/* What is wrong with @message as an envelope, or NULL; sets its kind. */
static const char *
check (LockstepMessage *message)
{
  LockstepJsonKind id = lockstep_json_get_kind (message->id);
  LockstepJsonKind params = lockstep_json_get_kind (message->params);
  gboolean         has_result = lockstep_json_get_kind (message->result) != LOCKSTEP_JSON_ABSENT;
  gboolean         has_error = lockstep_json_get_kind (message->error) != LOCKSTEP_JSON_ABSENT;

  if (id == LOCKSTEP_JSON_BOOLEAN || id == LOCKSTEP_JSON_ARRAY || id == LOCKSTEP_JSON_OBJECT)
    return "its “id” is neither a number nor a string";

  if (lockstep_json_get_kind (message->method) != LOCKSTEP_JSON_ABSENT)
    {
      if (lockstep_json_get_kind (message->method) != LOCKSTEP_JSON_STRING)
        return "its “method” is not a string";
      if (has_result || has_error)
        return "it is a call and a reply at once";
      if (params != LOCKSTEP_JSON_ABSENT && params != LOCKSTEP_JSON_ARRAY && params != LOCKSTEP_JSON_OBJECT)
        return "its “params” are neither an object nor an array";

      message->kind = id == LOCKSTEP_JSON_ABSENT ? LOCKSTEP_MESSAGE_NOTIFICATION : LOCKSTEP_MESSAGE_REQUEST;
      return NULL;
    }

  if (!has_result && !has_error)
    return "it has neither “method” nor “result” nor “error”";
  if (has_result && has_error)
    return "it has a “result” and an “error”";
  if (id == LOCKSTEP_JSON_ABSENT)
    return "it is a reply without “id”";
  if (has_error && !is_error_object (message->error))
    return "its “error” is not an object with an integer “code” and a “message”";

  message->kind = has_error ? LOCKSTEP_MESSAGE_ERROR : LOCKSTEP_MESSAGE_RESULT;

  return NULL;
}

gboolean
lockstep_message_read (LockstepMessage *message,
                       GBytes          *line,
                       int             *code,
                       GError         **error)
{
  LockstepJson       value;
  gsize              size;
  const char        *text = g_bytes_get_data (line, &size);
  const char        *fault;
  g_autoptr (GError) json_error = NULL;

  *message = (LockstepMessage){ 0 };

  if (!lockstep_json_scan (text, size, &value, &json_error))
    return refuse (line, LOCKSTEP_RPC_PARSE_ERROR, code, error, json_error->message);

  if (lockstep_json_get_kind (value) == LOCKSTEP_JSON_ARRAY)
    fault = "batches are not used here";
  else if (lockstep_json_get_kind (value) != LOCKSTEP_JSON_OBJECT)
    fault = "it is not an object";
  else if (!read_members (message, value))
    fault = "it has no “\"jsonrpc\":\"2.0\"”";
  else
    fault = check (message);

  return fault == NULL || refuse (line, LOCKSTEP_RPC_INVALID_REQUEST, code, error, fault);
}

void
lockstep_message_append_call (GString    *out,
                              guint64     id,
                              const char *method,
                              gboolean    has_params)
{
  g_string_append (out, "{\"jsonrpc\":\"2.0\"");
  if (id != 0)
    g_string_append_printf (out, ",\"id\":%" G_GUINT64_FORMAT, id);
  lockstep_json_append_string_member (out, "method", method);
  if (has_params)
    lockstep_json_append_name (out, "params");
}

void
lockstep_message_append_result (GString    *out,
                                const char *id)
{
  g_string_append (out, "{\"jsonrpc\":\"2.0\",\"id\":");
  g_string_append (out, id);
  lockstep_json_append_name (out, "result");
}

void
lockstep_message_append_error (GString    *out,
                               const char *id,
                               int         code,
                               const char *message)
{
  g_string_append (out, "{\"jsonrpc\":\"2.0\",\"id\":");
  g_string_append (out, id != NULL ? id : "null");
  g_string_append_printf (out, ",\"error\":{\"code\":%d", code);
  lockstep_json_append_string_member (out, "message", message);
  g_string_append_c (out, '}');
}
