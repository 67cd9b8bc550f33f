/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-process.h"

G_BEGIN_DECLS

/**
 * A place where solvers run. Abstract: one subclass and one file for each kind.
 */

#define LOCKSTEP_HOST_ERROR (lockstep_host_error_quark ())
GQuark lockstep_host_error_quark (void);

typedef enum
{
  LOCKSTEP_HOST_ERROR_LAUNCH, /* nothing can be started on this host; the message says why and what to do */
} LockstepHostError;

/* What to start. Strings are borrowed for the length of the call. */
typedef struct
{
  const char *const *command;   /* argv */
  const char *const *env;       /* "NAME=VALUE"… put over the environment there; may be NULL */
  const char        *directory; /* working folder, absolute */
  const char        *output;    /* file that standard output and standard error are appended to */
  guint              threads;
  int                nice;
  double             grace; /* seconds between SIGTERM and SIGKILL when the controller goes away */
} LockstepLaunch;

#define LOCKSTEP_TYPE_HOST (lockstep_host_get_type ())
G_DECLARE_DERIVABLE_TYPE (LockstepHost, lockstep_host, LOCKSTEP, HOST, GObject)

struct _LockstepHostClass
{
  GObjectClass parent_class;

  LockstepProcess *(*launch) (LockstepHost         *self,
                              const LockstepLaunch *launch,
                              GError              **error);
};

/* What a person calls it: a construct-only property of the subclass's making. */
const char *lockstep_host_get_name (LockstepHost *self);

/* Starts a solver. Never waits: what goes wrong later is the process's report. NULL with an error when the
 * guard itself could not be started. */
LockstepProcess *lockstep_host_launch (LockstepHost         *self,
                                       const LockstepLaunch *launch,
                                       GError              **error);

G_END_DECLS
