/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-app-service.h"

#include <glib/gi18n-lib.h>

#include "lockstep-service-socket.h"
#include "lockstep-service.h"
#include "lockstep-window.h"

struct _LockstepAppService
{
  GObject          parent_instance;
  GtkApplication  *application; /* borrowed */
  LockstepService *service;
};

G_DEFINE_FINAL_TYPE (LockstepAppService, lockstep_app_service, G_TYPE_OBJECT)

/* The window that was used last. */
static LockstepWindow *
get_window (LockstepAppService *self)
{
  for (GList *l = gtk_application_get_windows (self->application); l != NULL; l = l->next)
    if (LOCKSTEP_IS_WINDOW (l->data))
      return l->data;

  return NULL;
}

/* The session of the window that makes a run, of those the one that was used last; NULL where none does. */
static LockstepSession *
get_live_session (LockstepAppService *self)
{
  for (GList *l = gtk_application_get_windows (self->application); l != NULL; l = l->next)
    if (LOCKSTEP_IS_WINDOW (l->data) && lockstep_session_get_busy (lockstep_window_get_session (l->data)))
      return lockstep_window_get_session (l->data);

  return NULL;
}

static void
answer (LockstepRequest *request)
{
  g_autoptr (GBytes) nothing = g_bytes_new_static ("{}", 2);

  lockstep_request_answer (request, nothing);
}

/* Opens the plan that @params name, in a window of its own where this one makes a run. */
static void
open_plan (LockstepAppService *self,
           LockstepJson        params,
           gboolean            start,
           LockstepRequest    *request)
{
  LockstepWindow   *window = get_window (self);
  g_autofree char  *path = lockstep_json_dup_string (lockstep_json_get_member (params, "plan"), NULL);
  g_autoptr (GFile) file = NULL;

  if (path == NULL || !g_path_is_absolute (path))
    {
      lockstep_request_fail (request, LOCKSTEP_RPC_INVALID_PARAMS, _ ("“plan” names a plan by its whole path."));
      return;
    }
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      g_autofree char *text = g_strdup_printf (_ ("There is no plan %s."), path);

      lockstep_request_fail (request, LOCKSTEP_RPC_INVALID_PARAMS, text);
      return;
    }

  file = g_file_new_for_path (path);
  lockstep_window_open (window != NULL ? window : lockstep_window_new (self->application), file, start);
  answer (request);
}

/* Starts the plan that the window shows. */
static void
start_shown (LockstepAppService *self,
             LockstepRequest    *request)
{
  LockstepWindow  *window = get_window (self);
  LockstepSession *session = window != NULL ? lockstep_window_get_session (window) : NULL;

  if (session == NULL || lockstep_session_get_file (session) == NULL)
    lockstep_request_fail (request, LOCKSTEP_SERVICE_NOT_NOW, _ ("The window shows no plan that could be started."));
  else if (!lockstep_session_can_start (session))
    lockstep_request_fail (request, LOCKSTEP_SERVICE_NOT_NOW, _ ("The window makes a run already."));
  else
    {
      lockstep_session_start (session);
      answer (request);
    }
}

static void
terminate (LockstepAppService *self,
           LockstepRequest    *request)
{
  LockstepSession *session = get_live_session (self);

  if (session == NULL)
    {
      lockstep_request_fail (request, LOCKSTEP_SERVICE_NOT_NOW, _ ("No window makes a run."));
      return;
    }

  lockstep_session_show_own_run (session);
  lockstep_session_terminate (session, LOCKSTEP_STOP_ASK);
  answer (request);
}

static void
request_cb (LockstepService    *service,
            LockstepPeer       *peer,
            LockstepRequest    *request,
            LockstepAppService *self)
{
  static const char *const with_plan[] = { "plan", NULL };
  static const char *const nothing[] = { NULL };
  const char              *method = lockstep_request_get_method (request);
  const gboolean           ends = g_str_equal (method, "terminate");
  const gboolean           starts = g_str_equal (method, "start");
  LockstepJson             params;

  if (!ends && !starts && !g_str_equal (method, "open"))
    {
      g_autofree char *text = g_strdup_printf (_ ("There is no method “%s” here; there are open, start, terminate."), method);

      lockstep_request_fail (request, LOCKSTEP_RPC_METHOD_NOT_FOUND, text);
      return;
    }
  if (!lockstep_service_read_params (request, ends ? nothing : with_plan, &params))
    return;

  if (ends)
    terminate (self, request);
  else if (starts && lockstep_json_get_kind (lockstep_json_get_member (params, "plan")) == LOCKSTEP_JSON_ABSENT)
    start_shown (self, request);
  else
    open_plan (self, params, starts, request);
}

static void
listening_cb (GObject      *service,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  /* The window is as useful without. */
  if (!lockstep_service_listen_finish (LOCKSTEP_SERVICE (service), result, &error))
    g_message ("Plans cannot be started in this window from other processes: %s", error->message);
}

static void
lockstep_app_service_dispose (GObject *object)
{
  LockstepAppService *self = LOCKSTEP_APP_SERVICE (object);

  if (self->service != NULL)
    g_signal_handlers_disconnect_by_data (self->service, self);
  g_clear_object (&self->service);

  G_OBJECT_CLASS (lockstep_app_service_parent_class)->dispose (object);
}

static void
lockstep_app_service_class_init (LockstepAppServiceClass *class)
{
  G_OBJECT_CLASS (class)->dispose = lockstep_app_service_dispose;
}

static void
lockstep_app_service_init (LockstepAppService *self)
{
  self->service = lockstep_service_new ();
  g_signal_connect (self->service, "request", G_CALLBACK (request_cb), self);
}

LockstepAppService *
lockstep_app_service_new (GtkApplication *application)
{
  LockstepAppService *self = g_object_new (LOCKSTEP_TYPE_APP_SERVICE, NULL);

  self->application = application;
  lockstep_service_listen_async (self->service, LOCKSTEP_SERVICE_APP, listening_cb, NULL);

  return self;
}
