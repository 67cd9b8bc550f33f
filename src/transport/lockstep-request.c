/* SPDX-License-Identifier: MIT */

#include "lockstep-request.h"

struct _LockstepRequest
{
  LockstepPeer *peer; /* owned: a peer lives until its requests are answered */
  char         *id;   /* as the other end wrote it */
  char         *method;
  GBytes       *params; /* or NULL */
};

static void
request_free (LockstepRequest *self)
{
  g_object_unref (self->peer);
  g_free (self->id);
  g_free (self->method);
  g_clear_pointer (&self->params, g_bytes_unref);
  g_free (self);
}

LockstepRequest *
lockstep_request_new (LockstepPeer *peer,
                      char         *id,
                      char         *method,
                      GBytes       *params)
{
  LockstepRequest *self = g_new (LockstepRequest, 1);

  self->peer = g_object_ref (peer);
  self->id = id;
  self->method = method;
  self->params = params;

  return self;
}

const char *
lockstep_request_get_method (LockstepRequest *request)
{
  g_return_val_if_fail (request != NULL, NULL);

  return request->method;
}

GBytes *
lockstep_request_get_params (LockstepRequest *request)
{
  g_return_val_if_fail (request != NULL, NULL);

  return request->params;
}

void
lockstep_request_answer (LockstepRequest *request,
                         GBytes          *result)
{
  g_return_if_fail (request != NULL);
  g_return_if_fail (result != NULL);

  lockstep_peer_send_result (request->peer, request->id, result);
  request_free (request);
}

void
lockstep_request_fail (LockstepRequest *request,
                       int              code,
                       const char      *message)
{
  g_return_if_fail (request != NULL);
  g_return_if_fail (message != NULL);

  lockstep_peer_send_error (request->peer, request->id, code, message);
  request_free (request);
}
