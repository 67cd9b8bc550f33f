/* SPDX-License-Identifier: MIT */

#include "lockstep-call-private.h"

#include <math.h>
#include <string.h>

#include "lockstep-node.h"
#include "lockstep-sdk-message.h"

/* Integers beyond it are not all doubles. */
#define LARGEST_WHOLE 9007199254740992.0

/* Sets *@number to the member, if it is there. */
static gboolean
read_count (const LockstepJson *members,
            guint               member,
            gint64              least,
            gint64              most,
            gint64             *number,
            GError            **error)
{
  const LockstepJson value = members[member];

  if (value.length == 0)
    return TRUE;
  if (lockstep_json_get_int (value, number) && *number >= least && *number <= most)
    return TRUE;

  g_set_error (error, LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_PARAMS,
               "“%s” of the call is %.*s, but an integer from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
               " was expected",
               lockstep_params_names[member], (int) MIN (value.length, 40), value.text, least, most);
  return FALSE;
}

/* Sets *@value to the member, which is an object where it is there; null counts as absent. */
static gboolean
read_object (const LockstepJson *members,
             guint               member,
             LockstepJson       *value,
             GError            **error)
{
  *value = members[member];
  switch (lockstep_json_get_kind (*value))
    {
    case LOCKSTEP_JSON_ABSENT:
    case LOCKSTEP_JSON_OBJECT:
      return TRUE;
    case LOCKSTEP_JSON_NULL:
      *value = (LockstepJson){ NULL, 0 };
      return TRUE;
    default:
      g_set_error (error, LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_PARAMS,
                   "“%s” of the call is %s, but an object was expected", lockstep_params_names[member],
                   lockstep_json_describe (*value));
      return FALSE;
    }
}

static gboolean
read_message (LockstepCall       *self,
              const LockstepJson *members,
              GError            **error)
{
  LockstepJsonKind kind = lockstep_json_get_kind (self->message);
  gint64           part = 0;
  gint64           parts = 1;
  gint64           attempt = 1;
  gint64           iteration = 1;

  if (kind != LOCKSTEP_JSON_ABSENT && kind != LOCKSTEP_JSON_OBJECT)
    {
      g_set_error (error, LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_PARAMS,
                   "the params of a call are %s, but an object was expected", lockstep_json_describe (self->message));
      return FALSE;
    }
  if (!read_object (members, LOCKSTEP_PARAMS_OWN, &self->own, error) ||
      !read_count (members, LOCKSTEP_PARAMS_PARTS, 1, G_MAXINT32, &parts, error) ||
      !read_count (members, LOCKSTEP_PARAMS_PART, 0, parts - 1, &part, error) ||
      !read_count (members, LOCKSTEP_PARAMS_TASK, 0, G_MAXINT64, &self->task, error) ||
      !read_count (members, LOCKSTEP_PARAMS_ATTEMPT, 1, G_MAXINT32, &attempt, error) ||
      !read_count (members, LOCKSTEP_PARAMS_ITERATION, 0, G_MAXINT32, &iteration, error))
    return FALSE;
  self->part = part;
  self->parts = parts;
  self->attempt = attempt;
  self->iteration = iteration;

  return TRUE;
}

LockstepCall *
lockstep_call_new (const LockstepMethod *method,
                   char                 *memory,
                   LockstepJson          message,
                   const LockstepJson   *members,
                   const LockstepOutlet *outlet,
                   GError              **error)
{
  /* Memory that is cleared by the allocator does not come from where the last call left its own. */
  g_autoptr (LockstepCall) self = g_atomic_rc_box_new (LockstepCall);

  *self = (LockstepCall){
    .method = method,
    .memory = memory,
    .message = message,
    .outlet = outlet,
    .task = -1,
    .fraction = -1,
  };
  self->link.data = self;
  g_mutex_init (&self->lock);
  if (!read_message (self, members, error))
    {
      self->memory = NULL;
      return NULL;
    }
  /* What follows the params in the line has been read; their text can end where they end. */
  if (message.text)
    memory[message.text + message.length - memory] = '\0';

  return g_steal_pointer (&self);
}

LockstepCall *
lockstep_call_ref (LockstepCall *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
lockstep_call_clear (LockstepCall *self)
{
  g_mutex_clear (&self->lock);
  g_free (self->memory);
  g_clear_pointer (&self->plan, g_ref_string_release);
  g_clear_error (&self->error);
  g_clear_pointer (&self->params, json_object_unref);
  g_clear_pointer (&self->input, json_node_unref);
  g_clear_pointer (&self->previous, json_node_unref);
  g_clear_pointer (&self->failures, json_node_unref);
  g_clear_pointer (&self->strings, g_ptr_array_unref);
  g_free (self->status);
  g_clear_pointer (&self->reports, g_array_unref);
  if (self->result)
    g_string_free (self->result, TRUE);
  if (self->answer)
    g_string_free (self->answer, TRUE);
}

void
lockstep_call_unref (LockstepCall *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) lockstep_call_clear);
}

gboolean
lockstep_call_cancel (LockstepCall *self)
{
  gboolean computing;

  g_mutex_lock (&self->lock);
  computing = !self->finished;
  if (computing)
    g_atomic_int_set (&self->cancelled, TRUE);
  g_mutex_unlock (&self->lock);

  return computing;
}

void
lockstep_call_fail (LockstepCall *self,
                    GError       *error)
{
  if (self->error)
    g_error_free (error);
  else
    self->error = error;
}

gboolean
lockstep_call_run (LockstepCall *self,
                   GRefString   *plan,
                   guint         solver,
                   gpointer      user_data,
                   GError      **error)
{
  g_autoptr (GError) returned = NULL;
  gboolean           succeeded;

  self->plan = plan ? g_ref_string_acquire (plan) : NULL;
  self->solver = solver;
  succeeded = self->method->func (self, user_data, &returned);

  g_mutex_lock (&self->lock);
  if (self->waiting)
    lockstep_call_send_progress (self);
  self->finished = TRUE;
  if (!succeeded && !returned)
    g_set_error (&returned, LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_RESULT, "%s failed, and gave no reason",
                 self->method->name);
  /* What the method was given wrongly is likely to be the cause of what it then complains of. */
  succeeded = succeeded && !self->error;
  if (self->error)
    {
      g_propagate_error (error, g_steal_pointer (&self->error));
    }
  else if (!succeeded)
    {
      g_propagate_error (error, g_steal_pointer (&returned));
    }
  else if (self->result)
    {
      if (!self->is_whole)
        g_string_append_c (self->result, '}');
      lockstep_call_take_answer (self, g_steal_pointer (&self->result));
    }
  g_mutex_unlock (&self->lock);

  return succeeded;
}

void
lockstep_call_take_answer (LockstepCall *self,
                           GString      *answer)
{
  if (self->answer)
    g_string_free (self->answer, TRUE);
  self->answer = answer;
}

LockstepJson
lockstep_call_get_answer (LockstepCall *self)
{
  return self->answer ? (LockstepJson){ self->answer->str, self->answer->len } : (LockstepJson){ "null", 4 };
}

guint
lockstep_call_get_part (LockstepCall *self)
{
  return self->part;
}

guint
lockstep_call_get_parts (LockstepCall *self)
{
  return self->parts;
}

guint
lockstep_call_get_solver (LockstepCall *self)
{
  return self->solver;
}

guint64
lockstep_call_get_task (LockstepCall *self)
{
  return MAX (self->task, 0);
}

guint
lockstep_call_get_attempt (LockstepCall *self)
{
  return self->attempt;
}

guint
lockstep_call_get_iteration (LockstepCall *self)
{
  return self->iteration;
}

/* The params of the plan: not scanned again, because they come from a message that was. */
static LockstepJson
plan_params (LockstepCall *self)
{
  return self->plan ? (LockstepJson){ self->plan, g_ref_string_length (self->plan) } : (LockstepJson){ NULL, 0 };
}

JsonObject *
lockstep_call_get_params (LockstepCall *self)
{
  g_mutex_lock (&self->lock);
  if (!self->params)
    {
      self->params = json_object_new ();
      lockstep_node_read_members (plan_params (self), self->params);
      lockstep_node_read_members (self->own, self->params);
    }
  g_mutex_unlock (&self->lock);

  return self->params;
}

/* The member @name of the message, read into *@node when first asked for. */
static JsonNode *
read_once (LockstepCall *self,
           const char   *name,
           JsonNode    **node)
{
  LockstepJson     value = lockstep_json_get_member (self->message, name);
  LockstepJsonKind kind = lockstep_json_get_kind (value);

  if (kind == LOCKSTEP_JSON_ABSENT || kind == LOCKSTEP_JSON_NULL)
    return NULL;
  g_mutex_lock (&self->lock);
  if (!*node)
    *node = lockstep_node_read (value);
  g_mutex_unlock (&self->lock);

  return *node;
}

JsonNode *
lockstep_call_get_input (LockstepCall *self)
{
  return read_once (self, "input", &self->input);
}

JsonNode *
lockstep_call_get_previous (LockstepCall *self)
{
  return read_once (self, "previous", &self->previous);
}

JsonNode *
lockstep_call_get_failures (LockstepCall *self)
{
  return read_once (self, "failures", &self->failures);
}

const char *
lockstep_call_get_text (LockstepCall *self)
{
  return self->message.text ? self->message.text : "{}";
}

/* Sets *@value to the parameter; FALSE where there is none. */
static gboolean
look_up (LockstepCall *self,
         const char   *name,
         LockstepJson *value)
{
  *value = lockstep_json_get_member (self->own, name);
  if (lockstep_json_get_kind (*value) == LOCKSTEP_JSON_ABSENT)
    *value = lockstep_json_get_member (plan_params (self), name);

  return lockstep_json_get_kind (*value) != LOCKSTEP_JSON_ABSENT;
}

static void
fail_of_type (LockstepCall *self,
              const char   *name,
              const char   *expected,
              LockstepJson  found)
{
  g_mutex_lock (&self->lock);
  lockstep_call_fail (self, g_error_new (LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_PARAMS,
                                         "the parameter “%s” is %s, but %s was expected",
                                         name, lockstep_json_describe (found), expected));
  g_mutex_unlock (&self->lock);
}

double
lockstep_call_get_double (LockstepCall *self,
                          const char   *name,
                          double        otherwise)
{
  LockstepJson value;
  double       number;

  if (!look_up (self, name, &value))
    return otherwise;
  if (lockstep_json_get_double (value, &number))
    return number;
  fail_of_type (self, name, "a number", value);

  return otherwise;
}

gint64
lockstep_call_get_int (LockstepCall *self,
                       const char   *name,
                       gint64        otherwise)
{
  LockstepJson value;
  gint64       integer;
  double       number;

  if (!look_up (self, name, &value))
    return otherwise;
  if (lockstep_json_get_int (value, &integer))
    return integer;
  /* Scripts write 1e6 and 3.0 as well. */
  if (lockstep_json_get_double (value, &number) && number == trunc (number) && fabs (number) <= LARGEST_WHOLE)
    return (gint64) number;
  fail_of_type (self, name, "an integer", value);

  return otherwise;
}

gboolean
lockstep_call_get_boolean (LockstepCall *self,
                           const char   *name,
                           gboolean      otherwise)
{
  LockstepJson value;
  gboolean     boolean;

  if (!look_up (self, name, &value))
    return otherwise;
  if (lockstep_json_get_boolean (value, &boolean))
    return boolean;
  fail_of_type (self, name, "true or false", value);

  return otherwise;
}

/* Takes over @string, and returns it for as long as the call lives. */
static const char *
keep_string (LockstepCall *self,
             char         *string)
{
  g_mutex_lock (&self->lock);
  if (!self->strings)
    self->strings = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->strings, string);
  g_mutex_unlock (&self->lock);

  return string;
}

const char *
lockstep_call_get_string (LockstepCall *self,
                          const char   *name,
                          const char   *otherwise)
{
  LockstepJson value;
  char        *string;

  if (!look_up (self, name, &value))
    return otherwise;
  string = lockstep_json_dup_string (value, NULL);
  if (!string)
    {
      fail_of_type (self, name, "a string", value);
      return otherwise;
    }

  return keep_string (self, string);
}

const char *
lockstep_call_get_directory (LockstepCall *self)
{
  char *directory = lockstep_json_dup_string (lockstep_json_get_member (self->message, "directory"), NULL);

  return directory ? keep_string (self, directory) : NULL;
}

gboolean
lockstep_call_is_cancelled (LockstepCall *self)
{
  return g_atomic_int_get (&self->cancelled);
}

gboolean
lockstep_call_check_cancelled (LockstepCall *self,
                               GError      **error)
{
  if (!lockstep_call_is_cancelled (self))
    return FALSE;
  g_set_error (error, LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_CANCELLED, "%s was cancelled", self->method->name);

  return TRUE;
}
