/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-plan.h"

G_BEGIN_DECLS

/**
 * What every command on a plan understands: PLAN, --solvers and --set.
 */
typedef struct
{
  char **plans; /* what was not an option; exactly one, or none where something else stands for it; and what may follow it */
  char  *solvers;
  char **settings;  /* "MEMBER=VALUE"… */
  char  *complaint; /* what was said where the command line makes no sense */
} CliOptions;

/* Reads the command line: the options above and @entries (ended by one without a name; may be NULL). FALSE
 * when it makes no sense, which was then said on standard error. Where one of @entries sets @instead (may be NULL), there
 * need not be a plan. */
gboolean cli_options_parse (CliOptions         *self,
                            const char         *summary,
                            const GOptionEntry *entries,
                            char              **instead,
                            int                 argc,
                            char              **argv);

/* The same where a word called @word may follow PLAN, as the second of plans. */
gboolean cli_options_parse_with (CliOptions         *self,
                                 const char         *summary,
                                 const GOptionEntry *entries,
                                 const char         *word,
                                 int                 argc,
                                 char              **argv);

void cli_options_clear (CliOptions *self);

/* --set and --solvers, as settings of a plan. */
char **cli_options_dup_settings (CliOptions *self);

LockstepPlan *cli_options_load_plan (CliOptions *self,
                                     GError    **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CliOptions, cli_options_clear)

G_END_DECLS
