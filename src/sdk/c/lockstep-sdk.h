/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What stands here is all that the shared library exports. */
#pragma GCC visibility push(default)

/**
 * What a solver is written with.
 *
 * A solver is one process that solves its share of a problem. Lockstep starts it, calls its
 * `initialize` once and then its step methods, one after the other, all on the thread that called
 * lockstep_main(). A second thread serves the connection meanwhile, so that status is answered while a
 * step computes. A whole solver:
 *
 *   static gboolean
 *   add (LockstepCall *call, gpointer user_data, GError **error)
 *   {
 *     double a = lockstep_call_get_double (call, "a", 1.0);
 *
 *     lockstep_call_set_progress (call, 0.5, "half way");
 *     lockstep_call_return_double (call, "sum", a + lockstep_call_get_part (call));
 *     return TRUE;
 *   }
 *
 *   int
 *   main (int argc, char **argv)
 *   {
 *     static const LockstepMethod methods[] = { { "add", add }, { NULL } };
 *
 *     return lockstep_main (argc, argv, "adder", methods, NULL);
 *   }
 *
 * Standard output and standard error are the solver's own: what it prints is kept in its log.
 */

#define LOCKSTEP_SDK_ERROR (lockstep_sdk_error_quark ())
GQuark lockstep_sdk_error_quark (void);

typedef enum
{
  LOCKSTEP_SDK_ERROR_PARAMS,    /* a parameter is missing or of the wrong type */
  LOCKSTEP_SDK_ERROR_RESULT,    /* a result cannot be sent: NaN, an infinity, text that is not JSON */
  LOCKSTEP_SDK_ERROR_CANCELLED, /* the call was cancelled and the step noticed */
  LOCKSTEP_SDK_ERROR_STREAM,    /* no connection, or a broken one */
} LockstepSdkError;

/* One call of one method. Valid until the method returns; may be used from any thread until then. */
typedef struct _LockstepCall LockstepCall;

/* Computes. Returns TRUE, having set results (none at all is the result null), or FALSE with @error set:
 * its message becomes the reason of the failed task. */
typedef gboolean (*LockstepMethodFunc) (LockstepCall *call,
                                        gpointer      user_data,
                                        GError      **error);

typedef struct
{
  const char        *name; /* "initialize", or a step method of the plan */
  LockstepMethodFunc func;
} LockstepMethod;

/* Serves @methods (ended by one without a name) until the controller has gone or asks to terminate, and
 * returns the process's exit status. The connection is what LOCKSTEP_STREAM names ("fd:3"). Also understood:
 *   --listen HOST:PORT      waits for one connection at a time on a loopback address instead
 *   --call METHOD [JSON]    calls one method with the params JSON and prints its result
 *                           (--initialize JSON gives what initialize gets before it)
 *   --help
 * Arguments that are not the SDK's are left to the caller to read before. @name is what the solver calls
 * itself; @user_data goes to every method. */
int lockstep_main (int                   argc,
                   char                **argv,
                   const char           *name,
                   const LockstepMethod *methods,
                   gpointer              user_data);

/* What the call is about. Part and parts are 0 and 1 where the step does not run on all solvers; solver is
 * this process's index in the run; task, attempt and iteration are counted by the controller (attempt and
 * iteration from 1). In `initialize` only solver has a meaning. */
guint   lockstep_call_get_part (LockstepCall *call);
guint   lockstep_call_get_parts (LockstepCall *call);
guint   lockstep_call_get_solver (LockstepCall *call);
guint64 lockstep_call_get_task (LockstepCall *call);
guint   lockstep_call_get_attempt (LockstepCall *call);
guint   lockstep_call_get_iteration (LockstepCall *call);

/* In `initialize`, the run's folder, where files for the person may be written; NULL in other calls, and without a
 * controller. Owned by the call. */
const char *lockstep_call_get_directory (LockstepCall *call);

/* The plan's params, with those of the step and of the task over them: an object, never NULL. Owned by the call. */
JsonObject *lockstep_call_get_params (LockstepCall *call);

/* Results of the steps before (see the plan format), or NULL where there are none. Owned by the call. */
JsonNode *lockstep_call_get_input (LockstepCall *call);
JsonNode *lockstep_call_get_previous (LockstepCall *call);

/* Why elements of the input are null: what the controller said of the parts or tasks that failed, or NULL. */
JsonNode *lockstep_call_get_failures (LockstepCall *call);

/* All params of the call as the text they came in, ended by NUL, with no number changed: for what a
 * double cannot hold. Owned by the call. */
const char *lockstep_call_get_text (LockstepCall *call);

/* A member of the params, or the default where it is absent. Of the wrong type it is a failure of the call
 * that names it, whatever the method returns. Strings are owned by the call. */
double      lockstep_call_get_double (LockstepCall *call, const char *name, double otherwise);
gint64      lockstep_call_get_int (LockstepCall *call, const char *name, gint64 otherwise);
gboolean    lockstep_call_get_boolean (LockstepCall *call, const char *name, gboolean otherwise);
const char *lockstep_call_get_string (LockstepCall *call, const char *name, const char *otherwise);

/* The doubles in @node, an array or the {"f64": …} form, or NULL with @error (@what names it there).
 * Free with g_free(); @n_values is set to their number. */
double *lockstep_read_vector (JsonNode   *node,
                              const char *what,
                              gsize      *n_values,
                              GError    **error);

/* How far the method is: @fraction of 1, or negative for unknown; @message (may be NULL) in a few words.
 * As often as you like: at most 10 a second are sent, the last one always. */
void lockstep_call_set_progress (LockstepCall *call,
                                 double        fraction,
                                 const char   *message);

/* A named value to be watched live (a residual, a tour length); sent with the progress. One that is not finite is left
 * out, which a warning in the log says the first time. */
void lockstep_call_report (LockstepCall *call,
                           const char   *name,
                           double        value);

/* A line for the run's log. @level is "debug", "info", "warning" or "error". */
void lockstep_call_log (LockstepCall *call,
                        const char   *level,
                        const char   *format,
                        ...) G_GNUC_PRINTF (3, 4);

/* Whether the controller no longer wants the result. Ask now and then in long loops, and return FALSE with
 * LOCKSTEP_SDK_ERROR_CANCELLED (or anything else). */
gboolean lockstep_call_is_cancelled (LockstepCall *call);

/* Like it, and sets @error: `if (lockstep_call_check_cancelled (call, error)) return FALSE;` */
gboolean lockstep_call_check_cancelled (LockstepCall *call,
                                        GError      **error);

/* Add a member to the result, an object. A double that is not finite is a failure of the call that names
 * it. Vectors of more than 1,000 elements are sent in the {"f64": …} form. @value of a node remains the
 * caller's; NULL is sent as null. */
void lockstep_call_return_double (LockstepCall *call, const char *name, double value);
void lockstep_call_return_int (LockstepCall *call, const char *name, gint64 value);
void lockstep_call_return_boolean (LockstepCall *call, const char *name, gboolean value);
void lockstep_call_return_string (LockstepCall *call, const char *name, const char *value);
void lockstep_call_return_vector (LockstepCall *call, const char *name, const double *values, gsize n_values);
void lockstep_call_return_node (LockstepCall *call, const char *name, JsonNode *value);

/* Make @text, a JSON value, the whole result, sent as it is (line ends between its tokens become spaces). */
void lockstep_call_return_text (LockstepCall *call,
                                const char   *text);

#pragma GCC visibility pop

G_END_DECLS
