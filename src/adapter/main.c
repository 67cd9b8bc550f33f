/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <inttypes.h>
#include <locale.h>
#include <signal.h>

#include <glib/gi18n-lib.h>

#include "lockstep-adapter.h"
#include "lockstep-attempt.h"
#include "lockstep-sdk.h"

/* Whether a program is at work, and whether SIGTERM has come meanwhile. */
static volatile sig_atomic_t at_work;
static volatile sig_atomic_t terminated;

static void
end_by_signal (void)
{
  signal (SIGTERM, SIG_DFL);
  raise (SIGTERM);
}

/* An overdue task is ended so. The program gets the time to end that it has when it is cancelled, and what it took is
 * written down. */
static void
terminated_cb (int number)
{
  terminated = TRUE;
  if (!at_work)
    end_by_signal ();
}

static gboolean
initialize (LockstepCall *call,
            gpointer      user_data,
            GError      **error)
{
  return lockstep_adapter_initialize (user_data, lockstep_call_get_text (call), error);
}

static gboolean
is_cancelled (gpointer call)
{
  return terminated || lockstep_call_is_cancelled (call);
}

static void
progress (gpointer    call,
          double      fraction,
          const char *message)
{
  lockstep_call_set_progress (call, fraction, message);
}

static void
value (gpointer    call,
       const char *name,
       double      number)
{
  lockstep_call_report (call, name, number);
}

static gboolean
run (LockstepCall *call,
     gpointer      user_data,
     GError      **error)
{
  const LockstepAdapter       *adapter = user_data;
  const LockstepAttemptWatcher watcher = { is_cancelled, progress, value, call };
  g_autoptr (LockstepAttempt)  attempt = NULL;
  g_autofree char             *result = NULL;
  LockstepPlaceholders         placeholders;

  if (!lockstep_adapter_read_call (adapter, lockstep_call_get_text (call), &placeholders, error))
    return FALSE;

  /* The solver's own log says where the program's is. */
  g_print (_ ("Task %" PRIu64 ", attempt %u: tasks/%04" PRIu64 "\n"), placeholders.task, placeholders.attempt,
           placeholders.task);
  attempt = lockstep_attempt_new (adapter->program, &placeholders);
  at_work = TRUE;
  result = lockstep_attempt_run (attempt, &watcher, error);
  at_work = FALSE;
  /* One that took too long did fail. */
  if (!terminated || adapter->program->keep == LOCKSTEP_KEEP_NONE)
    lockstep_attempt_tidy (attempt);
  if (terminated)
    end_by_signal ();
  if (result == NULL)
    {
      lockstep_adapter_blame_disk (adapter, error);
      return FALSE;
    }

  lockstep_call_return_text (call, result);
  return TRUE;
}

int
main (int    argc,
      char **argv)
{
  static const LockstepMethod methods[] = {
    { "initialize", initialize },
    { LOCKSTEP_PROGRAM_METHOD, run },
    { NULL },
  };
  LockstepAdapter adapter = { NULL };
  int             status;

  /* Reasons are read by people. Numbers are written as everywhere. */
  setlocale (LC_CTYPE, "");
  setlocale (LC_MESSAGES, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCKSTEP_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  signal (SIGTERM, terminated_cb);
  status = lockstep_main (argc, argv, LOCKSTEP_PROGRAM_ADAPTER, methods, &adapter);
  lockstep_adapter_clear (&adapter);

  return status;
}
