/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-run-service-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "lockstep-json-writer.h"
#include "lockstep-launch.h"
#include "lockstep-run-private.h"
#include "lockstep-run-status.h"

#define MAX_PARAMS 3

/* One that can be asked for. @call answers @request, which it takes over; @params are what @names allow. */
typedef struct
{
  const char *name;
  const char *names[MAX_PARAMS + 1];
  gboolean    acts; /* makes no sense once the run has ended */
  void (*call) (LockstepRunService *self,
                LockstepPeer       *peer,
                LockstepJson        params,
                LockstepRequest    *request);
} Method;

/* What those answer that act. */
static void
answer_state (LockstepRunService *self,
              LockstepRequest    *request)
{
  g_autoptr (GBytes) result = NULL;
  GString           *text = g_string_new ("{");

  lockstep_json_append_string_member (text, "state", lockstep_run_state_to_name (lockstep_run_get_state (self->run)));
  g_string_append_c (text, '}');
  result = g_string_free_to_bytes (text);
  lockstep_request_answer (request, result);
}

static void G_GNUC_PRINTF (3, 4)
  fail (LockstepRequest *request,
        int              code,
        const char      *format,
        ...)
{
  g_autofree char *text = NULL;
  va_list          args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  lockstep_request_fail (request, code, text);
}

/* Sets @choice to the index of what the string member @name is in @words (ended by NULL); leaves it where it is
 * absent. */
static gboolean
read_choice (LockstepJson       params,
             const char        *name,
             const char *const *words,
             guint             *choice,
             LockstepRequest   *request)
{
  LockstepJson     value = lockstep_json_get_member (params, name);
  g_autofree char *known = NULL;

  if (lockstep_json_get_kind (value) == LOCKSTEP_JSON_ABSENT)
    return TRUE;

  for (guint i = 0; words[i] != NULL; i++)
    if (lockstep_json_is_string (value, words[i]))
      {
        *choice = i;
        return TRUE;
      }

  known = g_strjoinv ("”, “", (char **) words);
  fail (request, LOCKSTEP_RPC_INVALID_PARAMS, _ ("“%s” is one of “%s”."), name, known);
  return FALSE;
}

static void
get_status (LockstepRunService *self,
            LockstepPeer       *peer,
            LockstepJson        params,
            LockstepRequest    *request)
{
  g_autoptr (GBytes) status = lockstep_run_status_new (self->run, lockstep_record_get_n_events (self->record));

  lockstep_request_answer (request, status);
}

static void
get_solvers (LockstepRunService *self,
             LockstepPeer       *peer,
             LockstepJson        params,
             LockstepRequest    *request)
{
  g_autoptr (GBytes) solvers = lockstep_run_status_new_solvers (self->run);

  lockstep_request_answer (request, solvers);
}

static void
terminate (LockstepRunService *self,
           LockstepPeer       *peer,
           LockstepJson        params,
           LockstepRequest    *request)
{
  static const char *const ways[] = { "ask", "terminate", "kill", "finish-tasks", NULL };
  guint                    how = 0;

  if (!read_choice (params, "how", ways, &how, request))
    return;

  if (how <= LOCKSTEP_STOP_KILL)
    lockstep_controller_terminate (self->controller, (LockstepStop) how);
  else
    lockstep_controller_finish_tasks (self->controller);
  answer_state (self, request);
}

static gboolean
is_stopping (LockstepRunService *self,
             LockstepRequest    *request)
{
  if (lockstep_run_get_towards (self->run) == LOCKSTEP_RUN_IDLE)
    return FALSE;

  fail (request, LOCKSTEP_SERVICE_NOT_NOW, _ ("The run is stopping: nothing is begun any more."));
  return TRUE;
}

static void
pause_run (LockstepRunService *self,
           LockstepPeer       *peer,
           LockstepJson        params,
           LockstepRequest    *request)
{
  LockstepJson value = lockstep_json_get_member (params, "now");
  gboolean     now = FALSE;

  if (is_stopping (self, request))
    return;
  if (lockstep_json_get_kind (value) != LOCKSTEP_JSON_ABSENT && !lockstep_json_get_boolean (value, &now))
    {
      fail (request, LOCKSTEP_RPC_INVALID_PARAMS, _ ("“now” is true or false, and not %s."),
            lockstep_json_describe (value));
      return;
    }

  lockstep_controller_pause (self->controller, now);
  answer_state (self, request);
}

static void
resume (LockstepRunService *self,
        LockstepPeer       *peer,
        LockstepJson        params,
        LockstepRequest    *request)
{
  if (is_stopping (self, request))
    return;
  if (lockstep_run_get_state (self->run) != LOCKSTEP_RUN_PAUSED)
    {
      fail (request, LOCKSTEP_SERVICE_NOT_NOW, _ ("The run is not paused."));
      return;
    }

  lockstep_controller_continue (self->controller);
  if (lockstep_run_get_trouble (self->run) != NULL)
    fail (request, LOCKSTEP_SERVICE_NOT_NOW, _ ("The run cannot go on yet. %s"), lockstep_run_get_trouble (self->run));
  else
    answer_state (self, request);
}

static void
stop_iterating (LockstepRunService *self,
                LockstepPeer       *peer,
                LockstepJson        params,
                LockstepRequest    *request)
{
  LockstepPlace place;

  if (is_stopping (self, request))
    return;
  if (!lockstep_run_get_place (self->run, &place) || place.iterations->len == 0)
    {
      fail (request, LOCKSTEP_SERVICE_NOT_NOW, _ ("No loop is at work."));
      return;
    }

  lockstep_controller_stop_iterating (self->controller);
  answer_state (self, request);
}

static void
restart (LockstepRunService *self,
         LockstepPeer       *peer,
         LockstepJson        params,
         LockstepRequest    *request)
{
  g_autoptr (GError) error = NULL;
  gint64             solver;

  if (!lockstep_json_get_int (lockstep_json_get_member (params, "solver"), &solver) || solver < 0 || solver > G_MAXINT)
    fail (request, LOCKSTEP_RPC_INVALID_PARAMS, _ ("“solver” is the number of a solver, from 0."));
  else if (lockstep_controller_restart (self->controller, (guint) solver, &error))
    answer_state (self, request);
  else
    lockstep_request_fail (request, LOCKSTEP_SERVICE_NOT_NOW, error->message);
}

static void
act_on_late (LockstepRunService *self,
             LockstepPeer       *peer,
             LockstepJson        params,
             LockstepRequest    *request)
{
  static const char *const actions[] = { "wait", "duplicate", "restart", "skip", NULL };
  g_autoptr (GError)       error = NULL;
  guint                    action = G_MAXUINT;
  gint64                   task;

  if (!lockstep_json_get_int (lockstep_json_get_member (params, "task"), &task) || task < 0)
    {
      fail (request, LOCKSTEP_RPC_INVALID_PARAMS, _ ("“task” is the number of the late task, from 0."));
      return;
    }
  if (!read_choice (params, "action", actions, &action, request))
    return;
  if (action == G_MAXUINT)
    {
      fail (request, LOCKSTEP_RPC_INVALID_PARAMS,
            _ ("“action” says what is done about it: wait, duplicate, restart or skip."));
      return;
    }

  if (lockstep_controller_act_on_late (self->controller, task, (LockstepLateAction) action, &error))
    answer_state (self, request);
  else
    lockstep_request_fail (request, LOCKSTEP_SERVICE_NOT_NOW, error->message);
}

/* Whether the events from @from on can be told; else answers that. */
static gboolean
can_tell (LockstepRunService *self,
          gint64              from,
          LockstepRequest    *request)
{
  const guint64 n_events = lockstep_record_get_n_events (self->record);
  const guint64 first = lockstep_recent_events_get_first (self->recent);

  if (from < 1 || (guint64) from > n_events + 1)
    fail (request, LOCKSTEP_RPC_INVALID_PARAMS,
          _ ("“from” is the number of an event, from 1 to %" PRIu64 "."), n_events + 1);
  else if (lockstep_run_get_directory (self->run) == NULL && (guint64) from < first)
    fail (request, LOCKSTEP_SERVICE_NO_PAST,
          _ ("This run keeps no record, and its events before number %" PRIu64 " are gone."), first);
  else
    return TRUE;

  return FALSE;
}

static void
subscribe (LockstepRunService *self,
           LockstepPeer       *peer,
           LockstepJson        params,
           LockstepRequest    *request)
{
  const guint64      n_events = lockstep_record_get_n_events (self->record);
  LockstepJson       value = lockstep_json_get_member (params, "from");
  g_autoptr (GBytes) result = NULL;
  GString           *text;
  gint64             from = (gint64) n_events + 1;

  if (lockstep_json_get_kind (value) != LOCKSTEP_JSON_ABSENT && !lockstep_json_get_int (value, &from))
    from = 0;
  if (!can_tell (self, from, request))
    return;

  text = g_string_new (NULL);
  g_string_printf (text, "{\"next\":%" G_GINT64_FORMAT ",\"events\":%" G_GUINT64_FORMAT "}", from, n_events);
  result = g_string_free_to_bytes (text);
  lockstep_request_answer (request, result);
  lockstep_run_service_subscribe (self, peer, (guint64) from);
}

static void
launched_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  LockstepRequest             *request = user_data;
  g_autoptr (GError)           error = NULL;
  g_autoptr (LockstepLaunched) launched = lockstep_launch_finish (result, &error);
  g_autofree char             *run = NULL;
  g_autoptr (GBytes)           answer = NULL;
  GString                     *text;

  if (launched == NULL)
    {
      lockstep_request_fail (request, LOCKSTEP_RPC_INTERNAL_ERROR, error->message);
      return;
    }

  text = g_string_new ("{");
  run = g_path_get_basename (launched->directory);
  lockstep_json_append_string_member (text, "run", run);
  lockstep_json_append_string_member (text, "directory", launched->directory);
  if (launched->socket != NULL)
    lockstep_json_append_string_member (text, "socket", launched->socket);
  g_string_append_c (text, '}');
  answer = g_string_free_to_bytes (text);
  lockstep_request_answer (request, answer);
}

/* Adds the strings of the array @settings as options; FALSE where it is something else. */
static gboolean
add_settings (GPtrArray   *arguments,
              LockstepJson settings)
{
  LockstepJsonIter iter;
  LockstepJson     setting;

  lockstep_json_iter_init (&iter, settings);
  while (lockstep_json_iter_next (&iter, NULL, &setting))
    {
      g_autofree char *text = lockstep_json_dup_string (setting, NULL);

      if (text == NULL)
        return FALSE;
      g_ptr_array_add (arguments, g_strconcat ("--set=", text, NULL));
    }

  return settings.text == NULL || lockstep_json_get_kind (settings) == LOCKSTEP_JSON_ARRAY;
}

/* Another run, with a controller of its own: this one has one to make. */
static void
start (LockstepRunService *self,
       LockstepPeer       *peer,
       LockstepJson        params,
       LockstepRequest    *request)
{
  g_autofree char      *plan = lockstep_json_dup_string (lockstep_json_get_member (params, "plan"), NULL);
  g_autoptr (GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);
  const char           *directory = lockstep_run_get_directory (self->run);

  if (plan == NULL || !g_path_is_absolute (plan))
    {
      fail (request, LOCKSTEP_RPC_INVALID_PARAMS,
            _ ("This run is at work already. To start another beside it, “plan” names its plan by its whole path."));
      return;
    }
  if (!add_settings (arguments, lockstep_json_get_member (params, "set")))
    {
      fail (request, LOCKSTEP_RPC_INVALID_PARAMS, _ ("“set” is an array of texts such as \"solvers=4\"."));
      return;
    }

  if (directory != NULL)
    {
      g_autofree char *parent = g_path_get_dirname (directory);

      g_ptr_array_add (arguments, g_strconcat ("--runs-dir=", parent, NULL));
    }
  g_ptr_array_add (arguments, g_strdup ("--"));
  g_ptr_array_add (arguments, g_steal_pointer (&plan));
  g_ptr_array_add (arguments, NULL);
  lockstep_launch_async ((const char *const *) arguments->pdata, NULL, launched_cb, request);
}

static const Method methods[] = {
  { "status", { NULL }, FALSE, get_status },
  { "solvers", { NULL }, FALSE, get_solvers },
  { "subscribe", { "from" }, FALSE, subscribe },
  { "start", { "plan", "set" }, FALSE, start },
  { "terminate", { "how" }, TRUE, terminate },
  { "pause", { "now" }, TRUE, pause_run },
  { "resume", { NULL }, TRUE, resume },
  { "stop-iterating", { NULL }, TRUE, stop_iterating },
  { "restart", { "solver" }, TRUE, restart },
  { "late", { "task", "action" }, TRUE, act_on_late },
};

void
lockstep_run_service_answer (LockstepRunService *self,
                             LockstepPeer       *peer,
                             LockstepRequest    *request)
{
  const char         *name = lockstep_request_get_method (request);
  g_autoptr (GString) known = g_string_new (NULL);
  LockstepJson        params;

  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      if (!g_str_equal (methods[i].name, name))
        {
          g_string_append_printf (known, "%s%s", i > 0 ? ", " : "", methods[i].name);
          continue;
        }

      if (!lockstep_service_read_params (request, methods[i].names, &params))
        return;
      if (methods[i].acts && lockstep_run_has_ended (self->run))
        fail (request, LOCKSTEP_SERVICE_NOT_NOW, _ ("The run has ended."));
      else
        methods[i].call (self, peer, params, request);
      return;
    }

  fail (request, LOCKSTEP_RPC_METHOD_NOT_FOUND, _ ("There is no method “%s” here; there are %s."), name, known->str);
}
