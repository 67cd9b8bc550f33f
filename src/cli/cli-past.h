/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lockstep-terminal.h"

G_BEGIN_DECLS

/**
 * What every command on runs that are kept understands: RUN… and --runs-dir.
 */
typedef struct
{
  char **words;          /* what was not an option; never NULL once it was read */
  guint  n_words;        /* of them */
  char  *runs_directory; /* NULL: where runs are kept */
} CliPast;

/* Reads the command line: --runs-dir and @entries (ended by one without a name; may be NULL), and what @words says there is
 * besides ("RUN TEXT"; NULL for nothing), @least to @most of it. FALSE when it makes no sense, which was then said on
 * standard error. */
gboolean cli_past_parse (CliPast            *self,
                         const char         *summary,
                         const GOptionEntry *entries,
                         const char         *words,
                         guint               least,
                         guint               most,
                         int                 argc,
                         char              **argv);

void cli_past_clear (CliPast *self);

/* The folder of the run that a person calls @run; see lockstep_run_lookup(). */
char *cli_past_find (CliPast    *self,
                     const char *run,
                     GError    **error);

/* Iterates the main context until @result was set, by cli_past_take_result(). */
void cli_past_wait (GAsyncResult **result);

/* A GAsyncReadyCallback: @user_data is where the result is to be put, for the caller to g_object_unref(). */
void cli_past_take_result (GObject      *source,
                           GAsyncResult *result,
                           gpointer      user_data);

/* Says on standard error why it does not go on. Returns CLI_EXIT_FAILED. */
int cli_past_fail (const GError *error);

/* @run as it is typed: its name where runs are kept as usual, else its folder; quoted where the shell needs it. */
char *cli_past_dup_typed (const char *directory);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CliPast, cli_past_clear)

G_END_DECLS
