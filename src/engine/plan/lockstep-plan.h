/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lockstep-json.h"
#include "lockstep-program.h"
#include "lockstep-step.h"

G_BEGIN_DECLS

/**
 * What to do: which solver, how many, on which hosts, which steps. Immutable once loaded.
 *
 * Every error is LOCKSTEP_PLAN_ERROR. One about a member or a file that it names begins with the member's path
 * ("steps[1].tasks.grid.alpha: …") and says what was expected and what was found, and the nearest known member where
 * one is unknown. One about the text names the plan's file, the line and the column.
 */

#define LOCKSTEP_PLAN_VERSION 1

#define LOCKSTEP_PLAN_ERROR (lockstep_plan_error_quark ())
GQuark lockstep_plan_error_quark (void);

typedef enum
{
  LOCKSTEP_PLAN_ERROR_READ,   /* the file cannot be read */
  LOCKSTEP_PLAN_ERROR_SYNTAX, /* not JSON; the message has line and column */
  LOCKSTEP_PLAN_ERROR_MEMBER, /* a member is unknown, missing, of the wrong type, or contradicts another */
  LOCKSTEP_PLAN_ERROR_FILE,   /* a file that the plan names is missing or of no use */
} LockstepPlanError;

/* The solver member. */
typedef struct
{
  char  **command;   /* argv; command[0] is absolute (and exists), or a bare name to be looked up in PATH */
  char  **env;       /* "NAME=VALUE"…, NULL-terminated; never NULL */
  char   *directory; /* absolute */
  guint   threads;   /* at least 1 */
  guint64 memory;    /* bytes a solver is expected to need; 0 when not given */
} LockstepSolverSpec;

/* A place where solvers run: an element of the hosts member. */
typedef struct
{
  char  *address;   /* "local" */
  char  *name;      /* no two hosts of a plan have the same; the address where the plan gives none */
  guint  n_solvers; /* 0 is "auto" */
  char **env;       /* "NAME=VALUE"…, put over the solver's; NULL-terminated, never NULL */
} LockstepHostSpec;

#define LOCKSTEP_TYPE_PLAN (lockstep_plan_get_type ())
G_DECLARE_FINAL_TYPE (LockstepPlan, lockstep_plan, LOCKSTEP, PLAN, GObject)

/* Reads @file. @settings are "MEMBER=VALUE" (may be NULL), applied to the text before it is read: MEMBER is a
 * dotted path ("params.network", "steps.0.repeat" or "steps[0].repeat"; "solvers"), VALUE is JSON, or a string where it
 * is not. */
LockstepPlan *lockstep_plan_load (GFile             *file,
                                  const char *const *settings,
                                  GError           **error);

/* Reads @text as the plan of the folder @directory (absolute). */
LockstepPlan *lockstep_plan_new_from_text (const char        *text,
                                           gsize              length,
                                           const char        *directory,
                                           const char *const *settings,
                                           GError           **error);

/* How a plan is read where it is not new: that of a run, or one that a run is to go on with. */
typedef struct
{
  const char *const *settings;  /* as for lockstep_plan_load(); may be NULL */
  const char        *directory; /* the folder that relative paths start at; NULL for the file's own */
  const char        *name;      /* what it is called where it does not say; NULL for the name of its file */
  const char        *tables;    /* a run's folder, with the tables as they were when it began; or NULL */
  LockstepPlan      *like;      /* where it leaves seeds to be drawn, those of this one are taken; or NULL */
  gboolean           unchecked; /* programs, folders and tables that it names need not be there: to be looked at, not run */
} LockstepPlanOptions;

/* Reads @file so. */
LockstepPlan *lockstep_plan_load_with (GFile                     *file,
                                       const LockstepPlanOptions *options,
                                       GError                   **error);

/* The plan as JSON text: settings applied, and a seed that was drawn where a sample had none. */
GBytes *lockstep_plan_get_text (LockstepPlan *self);

const char *lockstep_plan_get_name (LockstepPlan *self);

/* NULL where there is none. */
const char *lockstep_plan_get_note (LockstepPlan *self);

/* The folder that relative paths start at. */
const char *lockstep_plan_get_directory (LockstepPlan *self);

/* The file it was loaded from; NULL for text. */
GFile *lockstep_plan_get_file (LockstepPlan *self);

/* What is started on each core: for a plan with a program, the adapter that runs it. */
const LockstepSolverSpec *lockstep_plan_get_solver (LockstepPlan *self);

/* The program member, read and as JSON text on one line; NULL where the plan has a solver. */
const LockstepProgram *lockstep_plan_get_program (LockstepPlan *self);
GBytes                *lockstep_plan_get_program_text (LockstepPlan *self);

/* The command of the solver, or of the program with its placeholders, for people. */
char **lockstep_plan_dup_command (LockstepPlan *self);

/* How many solvers on all hosts; 0 where a host has "auto". */
guint lockstep_plan_get_n_solvers (LockstepPlan *self);

/* The hosts, an array of LockstepHostSpec, at least one: this machine where the plan names none. Solvers are numbered
 * through them in this order. */
GPtrArray *lockstep_plan_get_hosts (LockstepPlan *self);

/* The params object as JSON text on one line, values as they were written; "{}" where there is none. */
GBytes *lockstep_plan_get_params (LockstepPlan *self);

/* The limits of initialize: timeout in seconds, 10 until the plan says otherwise, 0 for none. */
double lockstep_plan_get_initialize_timeout (LockstepPlan *self);

int lockstep_plan_get_nice (LockstepPlan *self);

/* The outermost steps, an array of LockstepStep. */
GPtrArray *lockstep_plan_get_steps (LockstepPlan *self);

/* The step with that index, at any depth; NULL when there is none. */
LockstepStep *lockstep_plan_get_step (LockstepPlan *self,
                                      guint         index);

G_END_DECLS
