/* SPDX-License-Identifier: MIT */

#include "lockstep-message.h"

#include <string.h>

#include "lockstep-json-text.h"
#include "lockstep-json-writer.h"
#include "lockstep-peer.h"

/* How much of a line that was refused is shown. */
#define EXCERPT 60

/* How envelopes are written at this end, and by most others. */
#define HEAD   "{\"jsonrpc\":\"2.0\""
#define ID     ",\"id\":"
#define METHOD ",\"method\":"
#define PARAMS ",\"params\":"
#define RESULT ",\"result\":"

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
  LockstepJson     version = { NULL, 0 };
  const struct
  {
    const char   *name;
    LockstepJson *place;
  } members[] = {
    { "jsonrpc", &version },
    { "id", &message->id },
    { "method", &message->method },
    { "params", &message->params },
    { "result", &message->result },
    { "error", &message->error },
  };

  lockstep_json_iter_init (&iter, object);
  while (lockstep_json_iter_next (&iter, &name, &value))
    for (guint i = 0; i < G_N_ELEMENTS (members); i++)
      {
        /* No two of them begin alike; an escape may stand for any beginning. */
        if (name.text[1] != members[i].name[0] && name.text[1] != '\\')
          continue;

        if (lockstep_json_is_string (name, members[i].name))
          {
            *members[i].place = value;
            break;
          }
      }

  return lockstep_json_is_string (version, "2.0");
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

/* Reads the reply that most lines are: a result, written as peers write it. Of any other line it says FALSE and leaves
 * it to be read as a whole. */
static gboolean
read_plain_result (LockstepMessage *message,
                   const char      *text,
                   gsize            size)
{
  const char *end = text + size;
  const char *id = text + strlen (HEAD ID);
  const char *after;

  if (size < strlen (HEAD ID) || memcmp (text, HEAD ID, strlen (HEAD ID)) != 0)
    return FALSE;

  /* A zero in front would be no JSON. */
  for (after = id; after < end && *after >= (after == id ? '1' : '0') && *after <= '9'; after++)
    ;

  if (after == id || (gsize) (end - after) <= strlen (RESULT) || memcmp (after, RESULT, strlen (RESULT)) != 0 ||
      end[-1] != '}')
    return FALSE;

  message->kind = LOCKSTEP_MESSAGE_RESULT;
  message->id = (LockstepJson){ id, (gsize) (after - id) };
  after += strlen (RESULT);

  /* That it is one value tells that no other member follows. */
  return lockstep_json_scan_within (after, (gsize) (end - 1 - after), 1, &message->result, NULL);
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

  if (read_plain_result (message, text, size))
    return TRUE;

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
  if (id != 0)
    {
      lockstep_json_append_literal (out, HEAD ID);
      lockstep_json_append_int (out, (gint64) id);
      lockstep_json_append_literal (out, METHOD);
    }
  else
    {
      lockstep_json_append_literal (out, HEAD METHOD);
    }

  lockstep_json_append_string (out, method, -1);
  if (has_params)
    lockstep_json_append_literal (out, PARAMS);
}

void
lockstep_message_append_result (GString    *out,
                                const char *id)
{
  lockstep_json_append_literal (out, HEAD ID);
  g_string_append (out, id);
  lockstep_json_append_literal (out, RESULT);
}

void
lockstep_message_append_error (GString    *out,
                               const char *id,
                               int         code,
                               const char *message)
{
  lockstep_json_append_literal (out, HEAD ID);
  g_string_append (out, id != NULL ? id : "null");
  g_string_append (out, ",\"error\":{\"code\":");
  lockstep_json_append_int (out, code);
  lockstep_json_append_string_member (out, "message", message);
  g_string_append_c (out, '}');
}
