/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What lockstep-cli exits with. */
typedef enum
{
  CLI_EXIT_FINISHED = 0,
  CLI_EXIT_FAILED = 1, /* also a plan that cannot be read or run */
  CLI_EXIT_USAGE = 2,
  CLI_EXIT_INCOMPLETE = 3, /* finished, with failures or with an until not reached */
  CLI_EXIT_TERMINATED = 130,
} CliExit;

/* The sub-commands: argv[0] is "lockstep-cli NAME", the rest what was typed behind it. They return a CliExit. */
int cli_run (int    argc,
             char **argv);
int cli_check (int    argc,
               char **argv);
int cli_new (int    argc,
             char **argv);
int cli_try (int    argc,
             char **argv);
int cli_export (int    argc,
                char **argv);
int cli_pack (int    argc,
              char **argv);
int cli_list (int    argc,
              char **argv);
int cli_show (int    argc,
              char **argv);
int cli_rerun (int    argc,
               char **argv);
int cli_compare (int    argc,
                 char **argv);
int cli_name (int    argc,
              char **argv);
int cli_note (int    argc,
              char **argv);
int cli_delete (int    argc,
                char **argv);
int cli_start (int    argc,
               char **argv);
int cli_status (int    argc,
                char **argv);
int cli_watch (int    argc,
               char **argv);
int cli_pause (int    argc,
               char **argv);
int cli_unpause (int    argc,
                 char **argv);
int cli_stop_iterating (int    argc,
                        char **argv);
int cli_restart (int    argc,
                 char **argv);
int cli_late (int    argc,
              char **argv);
int cli_terminate (int    argc,
                   char **argv);
int cli_test_solver (int    argc,
                     char **argv);

G_END_DECLS
