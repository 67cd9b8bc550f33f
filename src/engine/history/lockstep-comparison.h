/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-digest.h"

G_BEGIN_DECLS

/**
 * In what two runs differ: their plans, what they were given, how long their steps took, and what those brought the last time.
 */
typedef struct _LockstepComparison LockstepComparison;

typedef enum
{
  LOCKSTEP_DIFFERENCE_PLAN,   /* a member of the plan, but for its params */
  LOCKSTEP_DIFFERENCE_PARAM,  /* a param of the plan */
  LOCKSTEP_DIFFERENCE_INPUT,  /* a file that the plan names, by SHA-256 */
  LOCKSTEP_DIFFERENCE_RESULT, /* a value that a task brought, or whether it brought one */
  LOCKSTEP_N_DIFFERENCES
} LockstepDifferenceKind;

/* So many of each kind are kept; all are counted. */
#define LOCKSTEP_COMPARISON_MAX 1000

typedef struct
{
  LockstepDifferenceKind kind;
  char                  *where; /* "steps[0].repeat", "params.network", "steps[1] task 17: gap" */
  char                  *a;     /* JSON text; NULL where it is not there, or the task failed */
  char                  *b;
} LockstepDifference;

/* Numbers are the same that differ by at most @relative times the larger of them, or by at most @absolute. */
typedef struct
{
  double relative;
  double absolute;
} LockstepTolerance;

/* Compares what @a and @b, which were loaded with their results, hold. Blocks: reads inputs.json. */
LockstepComparison *lockstep_comparison_new (LockstepDigest          *a,
                                             LockstepDigest          *b,
                                             const LockstepTolerance *tolerance);

void lockstep_comparison_free (LockstepComparison *self);

/* Of LockstepDifference, at most LOCKSTEP_COMPARISON_MAX of each kind. */
GPtrArray *lockstep_comparison_get_differences (LockstepComparison *self);

/* How many of a kind there are. */
guint64 lockstep_comparison_get_count (LockstepComparison    *self,
                                       LockstepDifferenceKind kind);

/* Results that were compared, and were the same or not. */
guint64 lockstep_comparison_get_n_results (LockstepComparison *self);

/* What could not be compared, sentences for a person (of char *). */
GPtrArray *lockstep_comparison_get_notes (LockstepComparison *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepComparison, lockstep_comparison_free)

G_END_DECLS
