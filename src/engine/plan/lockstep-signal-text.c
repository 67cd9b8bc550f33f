/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-signal-text.h"

#include <signal.h>
#include <string.h>

#include <glib/gi18n-lib.h>

/* What a program does to itself, and the system's limits; of the others the name says all. */
static const struct
{
  int         number;
  const char *text;
} meanings[] = {
  { SIGSEGV, N_ ("segmentation fault") },
  { SIGBUS, N_ ("bus error") },
  { SIGFPE, N_ ("arithmetic error") },
  { SIGILL, N_ ("illegal instruction") },
  { SIGABRT, N_ ("aborted") },
  { SIGSYS, N_ ("bad system call") },
  { SIGPIPE, N_ ("broken pipe") },
  { SIGXCPU, N_ ("CPU time limit") },
  { SIGXFSZ, N_ ("file size limit") },
};

char *
lockstep_signal_dup_text (int number)
{
  const char *name = sigabbrev_np (number);

  if (name == NULL)
    return g_strdup_printf (_ ("signal %d"), number);

  for (guint i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (meanings[i].number == number)
      return g_strdup_printf ("SIG%s (%s)", name, _ (meanings[i].text));

  return g_strconcat ("SIG", name, NULL);
}
