/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-json.h"

G_BEGIN_DECLS

/**
 * One thing that happened in a run. Facts are journaled always, samples at most once a second for each
 * solver and at the start and the end of a task; a view folds both. The last PROGRESS of a task may be told a second time, when it
 * is kept after all.
 *
 * The payload is JSON text. What each type's payload holds stands beside it here.
 */
typedef enum
{
  /* facts */
  LOCKSTEP_EVENT_RUN_STARTED,     /* {"name","note","folder": the plan's,"solvers","cpus","memory": bytes that could be had,"pid","directory","resumed": absent in the first session} */
  LOCKSTEP_EVENT_RUN_STOPPING,    /* {"towards":"finished|failed|terminated","why","grace": seconds} : no new task; solvers are being stopped, and killed after grace */
  LOCKSTEP_EVENT_RUN_PAUSED,      /* {"why","now"} : now when the solvers' processes stand still as well; "trouble": by itself, since it cannot be written down */
  LOCKSTEP_EVENT_RUN_CONTINUED,   /* {} */
  LOCKSTEP_EVENT_RUN_FINISHING,   /* {} : a person wants the tasks at work finished, no new ones, and then the end */
  LOCKSTEP_EVENT_RUN_ENDED,       /* {"state":"finished|failed|terminated","error","reached","early": of a finished one,"left-out": {name: reports of a value that were not kept}} : no process is left */
  LOCKSTEP_EVENT_SOLVER_LAUNCHED, /* {"host","log","command":[…]} */
  LOCKSTEP_EVENT_SOLVER_STARTED,  /* {"pid"} : the program runs; initialize was called */
  LOCKSTEP_EVENT_SOLVER_READY,    /* {"name","methods":[…]} : initialize was answered */
  LOCKSTEP_EVENT_SOLVER_STOPPING, /* {"why"} */
  LOCKSTEP_EVENT_SOLVER_ENDED,    /* {"exit"|"signal"|"not-started","cpu","peak","killed","seconds","output": bytes of its log by then,"why"} : from its guard */
  LOCKSTEP_EVENT_STEP_STARTED,    /* {"title","method","tasks","first","iterations":[outer…inner]}; "resumed": what came of tasks from first on is void, but for a
                                     step of tasks that had begun with it, and there those in "again": [[from,to],…] */
  LOCKSTEP_EVENT_TASK_STARTED,    /* {} : part and parts are the event's own */
  LOCKSTEP_EVENT_TASK_ENDED,      /* the result itself */
  LOCKSTEP_EVENT_TASK_FAILED,     /* {"cause":"step-error|crash|memory|timeout|stall|late|asked|skipped","signal","reason","line","final"} : final when it is not tried again */
  LOCKSTEP_EVENT_TASK_LATE,       /* {"median","elapsed","idle": solvers that wait,"action":"wait|duplicate|restart"} : a barrier waits for it */
  LOCKSTEP_EVENT_STEP_ENDED,      /* {"seconds","waited"} : the barrier was passed; waited in core-seconds */
  LOCKSTEP_EVENT_LOOP_ITERATED,   /* {"name","value","repeat","reached","left"}; "back": a loop that was left goes on, before the task of this number */
  LOCKSTEP_EVENT_LOOP_LEAVING,    /* {} : a person wants the loop, which is the step, left at the end of this iteration */
  LOCKSTEP_EVENT_ESTIMATE,        /* {"at": share done,"low","high","actual"} : seconds that were estimated then, and those it took */
  LOCKSTEP_EVENT_LOG,             /* {"level":"debug|info|warning|error","text"} */
  /* samples */
  LOCKSTEP_EVENT_PROGRESS, /* {"fraction","message","values":{…}} ; absent members are unknown */
  LOCKSTEP_EVENT_USAGE,    /* {"cpu": share of one core, "memory": bytes} of the solver's process tree */
  LOCKSTEP_EVENT_OUTPUT,   /* {"size": bytes of its log} */
  LOCKSTEP_N_EVENTS
} LockstepEventType;

/* Indices that do not apply are -1. */
typedef struct
{
  LockstepEventType type;
  gint64            time;      /* UTC, microseconds since 1970 */
  int               solver;    /* index in the run */
  int               step;      /* LockstepStep.index */
  int               iteration; /* of the innermost loop, from 1 */
  gint64            task;      /* counted through the run, from 0 */
  int               attempt;   /* from 1 */
  int               part;      /* of TASK_STARTED in an all step, from 0 */
  int               parts;     /* how many there are of them */
  GBytes           *payload;   /* owned; NULL is {} */
} LockstepEvent;

/* "task-started" and so on: the name in the journal. */
const char *lockstep_event_type_to_name (LockstepEventType type);

/* FALSE for a name that is unknown. */
gboolean lockstep_event_type_from_name (const char        *name,
                                        LockstepEventType *type);

gboolean lockstep_event_type_is_fact (LockstepEventType type);

/* An event of @type now, with no indices. Clear it with lockstep_event_clear(). */
void lockstep_event_init (LockstepEvent    *event,
                          LockstepEventType type);

void lockstep_event_clear (LockstepEvent *event);

/* Appends the event as one line of JSON, ended by a newline. Where @result_file is given, the payload of a
 * TASK_ENDED is left out and the file named instead. */
void lockstep_event_append_line (const LockstepEvent *event,
                                 GString             *out,
                                 const char          *result_file);

/* Reads such a line (a slice of @line). The payload of a TASK_ENDED that was left out is NULL and @result_file
 * (may be NULL) is set to the file's name; else to NULL. */
gboolean lockstep_event_read_line (GBytes        *line,
                                   LockstepEvent *event,
                                   char         **result_file,
                                   GError       **error);

/* What it carries; absent where that is nothing. A slice of the payload. */
LockstepJson lockstep_event_get_payload (const LockstepEvent *self);

G_END_DECLS
