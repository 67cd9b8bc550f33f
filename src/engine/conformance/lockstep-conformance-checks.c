/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a solver is asked, in this order, and what is made of what it says. */

#include "lockstep-conformance-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#include "lockstep-duration.h"
#include "lockstep-inherited-stream.h"

/* What solvers are known to answer with; see docs/protocol.md. */
#define METHOD_NOT_FOUND -32601
#define INVALID_PARAMS   -32602
#define NOT_INITIALIZED  -32002

/* A step that takes less is over before anything can happen meanwhile. */
#define SHORT_STEP 0.05

#define LARGE_TEXT (1024 * 1024)
#define DEEP       100

/* No solver has it. */
#define UNKNOWN_METHOD "lockstep-test-of-an-unknown-method"

static char *
dup_milliseconds (double seconds)
{
  if (seconds >= 1)
    return lockstep_duration_dup_text (seconds);

  return g_strdup_printf (_ ("%.3g ms"), seconds * 1000);
}

/* All params of a call of the step as the next task, with @more (JSON members with a comma before them). */
static char *
make_call (LockstepTest *self,
           const char   *more)
{
  return g_strdup_printf ("{\"step\":0,\"iteration\":1,\"task\":%u,\"attempt\":1,\"part\":0,\"parts\":1,"
                          "\"params\":%s%s}",
                          ++self->task, self->params, more);
}

static guint
call_step (LockstepTest *self)
{
  g_autofree char *params = make_call (self, "");

  return lockstep_audition_call (self->audition, self->step, params);
}

static LockstepHeard
hear (LockstepTest *self,
      guint         id)
{
  return lockstep_audition_hear (self->audition, id, self->limit);
}

/* Makes sure that there is a solver which has been initialized, as one is after another was lost. */
static gboolean
get_ready (LockstepTest *self,
           const char   *check)
{
  LockstepHeard heard;

  if (self->audition != NULL)
    return TRUE;
  if (!lockstep_test_have_solver (self))
    return FALSE;

  heard = lockstep_test_initialize (self);
  if (!lockstep_test_is_answered (self, check, "initialize", &heard))
    return FALSE;
  if (heard.kind == LOCKSTEP_HEARD_RESULT)
    return TRUE;

  lockstep_test_tell (self, check, LOCKSTEP_FINDING_PROBLEM,
                      g_strdup_printf (_ ("another solver was started, whose initialize ended with an error: %s"),
                                       heard.message),
                      NULL);
  lockstep_test_drop_solver (self);

  return FALSE;
}

/* "a, b, c": the names in @methods, or NULL where they are not a list of names. Sets @first, and @has_step where @step (may
 * be NULL) is one of them. */
static char *
list_methods (LockstepJson methods,
              const char  *step,
              char       **first,
              gboolean    *has_step)
{
  g_autoptr (GString) list = g_string_new (NULL);
  LockstepJsonIter    iter;
  LockstepJson        value;

  if (lockstep_json_get_kind (methods) != LOCKSTEP_JSON_ARRAY)
    return NULL;

  lockstep_json_iter_init (&iter, methods);
  while (lockstep_json_iter_next (&iter, NULL, &value))
    {
      g_autofree char *name = lockstep_json_dup_string (value, NULL);

      if (name == NULL)
        return NULL;
      g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "", name);
      if (g_strcmp0 (name, step) == 0)
        *has_step = TRUE;
      if (*first == NULL)
        *first = g_steal_pointer (&name);
    }

  return g_string_free (g_steal_pointer (&list), FALSE);
}

/* Whether the solver introduces itself as it should; finds the step to call. */
static gboolean
check_introduction (LockstepTest        *self,
                    const LockstepHeard *heard)
{
  const char      *check = "handshake";
  g_autofree char *name = lockstep_json_dup_string (lockstep_json_get_member (heard->result, "name"), NULL);
  g_autofree char *first = NULL;
  gboolean         has_step = FALSE;
  g_autofree char *methods = list_methods (lockstep_json_get_member (heard->result, "methods"), self->step, &first,
                                           &has_step);
  g_autofree char *seconds = dup_milliseconds (heard->seconds);

  if (name == NULL || methods == NULL)
    {
      lockstep_test_tell (self, check, LOCKSTEP_FINDING_PROBLEM,
                          g_strdup (_ ("the result of initialize is not as it should be")),
                          g_strdup (_ ("It is an object with “name”, a string, and “methods”, a list of the names of "
                                       "its steps.")));
      return FALSE;
    }
  if (self->step == NULL && first != NULL)
    {
      self->step = g_steal_pointer (&first);
      has_step = TRUE;
    }
  if (self->step == NULL)
    {
      lockstep_test_tell (self, check, LOCKSTEP_FINDING_PROBLEM,
                          g_strdup (_ ("the solver names no steps, so nothing could be asked of it")),
                          g_strdup (_ ("List them as “methods” in the result of initialize.")));
      return FALSE;
    }

  /* TRANSLATORS: name of the solver; a time such as “3 ms”; names of steps */
  lockstep_test_tell (self, check, LOCKSTEP_FINDING_OK,
                      g_strdup_printf (_ ("%s was ready after %s; its steps: %s"), name, seconds, methods), NULL);
  if (!has_step)
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_PROBLEM,
                        g_strdup_printf (_ ("the step %s is not among those that the solver names"), self->step),
                        g_strdup (_ ("Choose one of its steps with --step, or add it to the “methods” in the result of "
                                     "initialize.")));

  return has_step;
}

/* FALSE where there is no sense in asking more. */
static gboolean
check_handshake (LockstepTest *self)
{
  const char   *check = "handshake";
  LockstepHeard heard;

  if (!lockstep_test_have_solver (self))
    return FALSE;

  heard = lockstep_test_initialize (self);
  if (!lockstep_test_is_answered (self, check, "initialize", &heard))
    return FALSE;
  if (heard.kind == LOCKSTEP_HEARD_RESULT)
    return check_introduction (self, &heard);

  lockstep_test_tell (self, check, LOCKSTEP_FINDING_PROBLEM,
                      g_strdup_printf (_ ("initialize ended with an error: %s"), heard.message),
                      g_strdup (_ ("What it needs of the params of a plan can be given with --initialize.")));

  return FALSE;
}

static void
check_step (LockstepTest *self)
{
  const char      *check = "step";
  const guint      id = call_step (self);
  LockstepHeard    heard = hear (self, id);
  g_autofree char *seconds = NULL;

  self->step_answers = lockstep_test_is_answered (self, check, self->step, &heard);
  if (!self->step_answers)
    return;

  seconds = dup_milliseconds (heard.seconds);
  if (heard.kind == LOCKSTEP_HEARD_RESULT)
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_OK,
                        /* TRANSLATORS: name of a step; a time such as “3 ms” */
                        g_strdup_printf (_ ("%s was answered after %s"), self->step, seconds), NULL);
  else
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_WARNING,
                        g_strdup_printf (_ ("%s ended with an error, which is an answer: %s"), self->step, heard.message),
                        g_strdup (_ ("To see it succeed, give it what it needs with --params and --initialize, or choose "
                                     "another with --step.")));
}

/* What is wrong with a status, or NULL. */
static const char *
find_fault_of_status (LockstepJson status)
{
  static const char *const states[] = { "initializing", "ready", "busy", NULL };
  g_autofree char         *state = lockstep_json_dup_string (lockstep_json_get_member (status, "state"), NULL);
  const LockstepJsonKind   fraction = lockstep_json_get_kind (lockstep_json_get_member (status, "fraction"));
  const LockstepJsonKind   message = lockstep_json_get_kind (lockstep_json_get_member (status, "message"));

  if (state == NULL || !g_strv_contains (states, state))
    return _ ("its “state” is none of initializing, ready and busy");
  if (fraction != LOCKSTEP_JSON_NUMBER && fraction > LOCKSTEP_JSON_NULL)
    return _ ("its “fraction” is neither a number nor null");
  if (message != LOCKSTEP_JSON_STRING && message > LOCKSTEP_JSON_NULL)
    return _ ("its “message” is neither a string nor null");

  return NULL;
}

static void
tell_status (LockstepTest        *self,
             const LockstepHeard *step,
             const LockstepHeard *status)
{
  const char      *check = "status";
  const char      *fault = status->kind == LOCKSTEP_HEARD_RESULT ? find_fault_of_status (status->result) : NULL;
  g_autofree char *seconds = dup_milliseconds (status->seconds);

  if (status->kind == LOCKSTEP_HEARD_ERROR)
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_WARNING,
                        g_strdup_printf (_ ("status ended with an error: %s"), status->message),
                        g_strdup (_ ("Answer it with {\"state\": \"ready\", \"fraction\": null, \"message\": null}.")));
  else if (fault != NULL)
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_PROBLEM,
                        /* TRANSLATORS: %s is what is wrong with it */
                        g_strdup_printf (_ ("the answer to status is not as it should be: %s"), fault), NULL);
  else if (status->order < step->order)
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_OK,
                        g_strdup_printf (_ ("it was answered after %s, while %s computed"), seconds, self->step), NULL);
  else if (step->seconds < SHORT_STEP)
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_NOTE,
                        g_strdup_printf (_ ("it was answered; %s was over too soon to tell whether also while it "
                                            "computes"),
                                         self->step),
                        NULL);
  else
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_NOTE,
                        g_strdup_printf (_ ("it was answered when %s was over, after %s, as a solver with one thread "
                                            "does"),
                                         self->step, seconds),
                        NULL);
}

static void
check_status (LockstepTest *self)
{
  const guint   step_id = call_step (self);
  const guint   status_id = lockstep_audition_call (self->audition, "status", NULL);
  LockstepHeard step = hear (self, step_id);
  LockstepHeard status;

  if (!lockstep_test_is_answered (self, "status", self->step, &step))
    return;

  status = hear (self, status_id);
  if (lockstep_test_is_answered (self, "status", "status", &status))
    tell_status (self, &step, &status);
}

static void
cancel (LockstepTest *self,
        guint         task)
{
  g_autofree char *line = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"method\":\"cancel\",\"params\":{\"task\":%u}}", task);

  lockstep_audition_say (self->audition, line);
}

static void
check_cancel (LockstepTest *self)
{
  const char      *check = "cancel";
  const guint      id = call_step (self);
  LockstepHeard    heard;
  g_autofree char *seconds = NULL;

  cancel (self, self->task);
  /* Nor is one that nobody computes a reason to stumble. */
  cancel (self, self->task + 1000);
  heard = hear (self, id);
  if (!lockstep_test_is_answered (self, check, self->step, &heard))
    return;

  seconds = dup_milliseconds (heard.seconds);
  if (heard.kind == LOCKSTEP_HEARD_ERROR)
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_OK,
                        g_strdup_printf (_ ("%s ended with an error after %s: %s"), self->step, seconds, heard.message),
                        NULL);
  else
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_NOTE,
                        g_strdup_printf (_ ("%s ended with its result all the same, after %s"), self->step, seconds),
                        NULL);
}

static void
check_unknown_method (LockstepTest *self)
{
  const char   *check = "unknown-method";
  const guint   id = lockstep_audition_call (self->audition, UNKNOWN_METHOD, "{}");
  LockstepHeard heard = hear (self, id);

  if (!lockstep_test_is_answered (self, check, UNKNOWN_METHOD, &heard))
    return;

  if (heard.kind == LOCKSTEP_HEARD_RESULT)
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_PROBLEM,
                        g_strdup (_ ("a step that the solver does not have was answered with a result")),
                        g_strdup (_ ("A step that is misspelt in a plan would go unnoticed; answer with the error "
                                     "−32601.")));
  else if (heard.code != METHOD_NOT_FOUND)
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_NOTE,
                        g_strdup_printf (_ ("it was refused with the error %" PRId64 "; −32601 is usual"),
                                         heard.code),
                        NULL);
  else
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_OK, g_strdup_printf (_ ("it was refused: %s"), heard.message),
                        NULL);
}

static void
check_wrong_params (LockstepTest *self)
{
  const char   *check = "wrong-params";
  const guint   id = lockstep_audition_call (self->audition, self->step, "[1]");
  LockstepHeard heard = hear (self, id);

  if (!lockstep_test_is_answered (self, check, self->step, &heard))
    return;

  if (heard.kind == LOCKSTEP_HEARD_RESULT)
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_NOTE,
                        g_strdup_printf (_ ("%s took a list for its params, which are an object"), self->step), NULL);
  else if (heard.code != INVALID_PARAMS)
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_NOTE,
                        g_strdup_printf (_ ("they were refused with the error %" PRId64 "; −32602 is usual"),
                                         heard.code),
                        NULL);
  else
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_OK, g_strdup_printf (_ ("they were refused: %s"), heard.message),
                        NULL);
}

/* Calls the step with @more; that it is answered is all that is asked. */
static void
check_value (LockstepTest *self,
             const char   *check,
             const char   *more,
             char         *text)
{
  g_autofree char *params = make_call (self, more);
  g_autofree char *what = text;
  const guint      id = lockstep_audition_call (self->audition, self->step, params);
  LockstepHeard    heard = hear (self, id);

  if (lockstep_test_is_answered (self, check, self->step, &heard))
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_OK, g_steal_pointer (&what), NULL);
}

static void
check_large_values (LockstepTest *self)
{
  g_autofree char *text = g_strnfill (LARGE_TEXT, 'x');
  g_autofree char *more = g_strdup_printf (",\"input\":\"%s\"", text);
  g_autofree char *size = g_format_size_full (LARGE_TEXT, G_FORMAT_SIZE_IEC_UNITS);

  check_value (self, "large-values", more, g_strdup_printf (_ ("an input of %s was taken"), size));
}

static void
check_nested_values (LockstepTest *self)
{
  g_autofree char *opening = g_strnfill (DEEP, '[');
  g_autofree char *closing = g_strnfill (DEEP, ']');
  g_autofree char *more = g_strdup_printf (",\"input\":%s%s", opening, closing);

  check_value (self, "nested-values", more,
               g_strdup_printf (_ ("an input of %d lists within each other was taken"), DEEP));
}

static void
check_garbage (LockstepTest *self)
{
  static const char *const lines[] = {
    "This is not JSON",
    "{\"jsonrpc\":\"2.0\",\"id\":",
    "[]",
    "{}",
    "",
  };
  const char   *check = "garbage";
  const guint   n_before = lockstep_audition_get_n_refusals (self->audition);
  guint         n_refusals, id;
  LockstepHeard heard;

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    lockstep_audition_say (self->audition, lines[i]);
  id = lockstep_audition_call (self->audition, "status", NULL);
  heard = hear (self, id);
  if (!lockstep_test_is_answered (self, check, _ ("status, after lines that are no messages,"), &heard))
    return;

  n_refusals = lockstep_audition_get_n_refusals (self->audition) - n_before;
  if (n_refusals > 0)
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_OK,
                        g_strdup_printf (ngettext ("it was refused with %u error, and the solver went on",
                                                   "it was refused with %u errors, and the solver went on", n_refusals),
                                         n_refusals),
                        NULL);
  else
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_NOTE,
                        g_strdup (_ ("it was passed over in silence, and the solver went on")), NULL);
}

/* How the solver has gone. @by_itself: without being made to. */
static void
tell_end (LockstepTest         *self,
          const char           *check,
          gboolean              by_itself,
          const LockstepReport *report)
{
  g_autofree char *limit = lockstep_duration_dup_text (self->limit);
  g_autofree char *end = lockstep_report_dup_text (report);

  if (!by_itself)
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_PROBLEM,
                        g_strdup_printf (_ ("the solver did not end within %s, and was made to"), limit),
                        g_strdup (_ ("A solver exits after it has answered terminate, and when its stream ends.")));
  else if (report->killed > 0)
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_PROBLEM,
                        g_strdup_printf (ngettext ("the solver left %u process behind, which had to be killed",
                                                   "the solver left %u processes behind, which had to be killed",
                                                   report->killed),
                                         report->killed),
                        g_strdup (_ ("End what the solver has started before it exits; what is left gets SIGTERM, and then SIGKILL.")));
  else if (report->kind != LOCKSTEP_EXIT_CODE || report->number != 0)
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_WARNING,
                        /* TRANSLATORS: %s is such as “exited with code 3” */
                        g_strdup_printf (_ ("the solver ended, but it %s"), end), NULL);
  else
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_OK, g_strdup (_ ("the solver ended")), NULL);
}

static void
check_terminate (LockstepTest *self)
{
  const char    *check = "terminate";
  const guint    id = lockstep_audition_call (self->audition, "terminate", NULL);
  LockstepHeard  heard = hear (self, id);
  LockstepReport report;
  gboolean       by_itself;

  if (!lockstep_test_is_answered (self, check, "terminate", &heard))
    return;

  if (heard.kind == LOCKSTEP_HEARD_ERROR)
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_PROBLEM,
                        g_strdup_printf (_ ("terminate ended with an error: %s"), heard.message), NULL);
  by_itself = lockstep_audition_wait_end (self->audition, self->limit, &report);
  tell_end (self, check, by_itself, &report);
  lockstep_test_drop_solver (self);
}

static void
check_end_of_stream (LockstepTest *self)
{
  LockstepReport report;
  gboolean       by_itself;

  lockstep_audition_hang_up (self->audition);
  by_itself = lockstep_audition_wait_end (self->audition, self->limit, &report);
  tell_end (self, "end-of-stream", by_itself, &report);
  lockstep_test_drop_solver (self);
}

/* What the solver starts would hold its connection open, and may talk into it. */
static void
check_inheritance (LockstepTest *self)
{
  const char *check = "inheritance";

  if (lockstep_inherited_stream_look (lockstep_audition_get_pid (self->audition)))
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_NOTE,
                        g_strdup (_ ("programs that the solver starts would inherit its stream")),
                        g_strdup (_ ("If it starts any: set FD_CLOEXEC on the descriptor that LOCKSTEP_STREAM names.")));
  else
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_OK,
                        g_strdup (_ ("programs that the solver starts do not inherit its stream")), NULL);
}

/* A step before initialize, to a solver of its own. No controller calls it so, but a person may attach to one by hand. */
static void
check_early_step (LockstepTest *self)
{
  const char   *check = "early-step";
  LockstepHeard heard;

  lockstep_test_drop_solver (self);
  if (!lockstep_test_have_solver (self))
    return;

  heard = hear (self, call_step (self));
  if (heard.kind == LOCKSTEP_HEARD_ERROR && heard.code == NOT_INITIALIZED)
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_OK, g_strdup_printf (_ ("it was refused: %s"), heard.message), NULL);
  else if (heard.kind == LOCKSTEP_HEARD_ERROR)
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_NOTE,
                        g_strdup_printf (_ ("a step before initialize ended with the error %" PRId64 "; −32002 is usual"),
                                         heard.code),
                        NULL);
  else if (heard.kind == LOCKSTEP_HEARD_RESULT)
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_NOTE,
                        g_strdup_printf (_ ("%s was computed before initialize"), self->step),
                        g_strdup (_ ("If it needs anything of initialize, refuse it with the error −32002.")));
  else
    lockstep_test_tell (self, check, LOCKSTEP_FINDING_WARNING,
                        g_strdup_printf (_ ("%s was not answered when it came before initialize"), self->step),
                        g_strdup (_ ("Refuse it with the error −32002.")));
  lockstep_test_drop_solver (self);
}

void
lockstep_test_run_checks (LockstepTest *self)
{
  static const struct
  {
    const char *name;
    void (*check) (LockstepTest *self);
    gboolean needs_step; /* which has been seen to answer */
  } checks[] = {
    { "step", check_step, FALSE },
    { "status", check_status, TRUE },
    { "cancel", check_cancel, TRUE },
    { "unknown-method", check_unknown_method, FALSE },
    { "wrong-params", check_wrong_params, TRUE },
    { "large-values", check_large_values, TRUE },
    { "nested-values", check_nested_values, TRUE },
    { "garbage", check_garbage, FALSE },
    { "inheritance", check_inheritance, FALSE },
    { "terminate", check_terminate, FALSE },
    { "end-of-stream", check_end_of_stream, FALSE },
  };

  if (!check_handshake (self))
    return;

  for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
    {
      if (checks[i].needs_step && !self->step_answers)
        continue;
      if (!get_ready (self, checks[i].name))
        return;
      checks[i].check (self);
    }
  if (self->step_answers)
    check_early_step (self);
}
