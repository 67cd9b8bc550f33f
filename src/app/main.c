/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <locale.h>

#include <glib/gi18n-lib.h>

#include "lockstep-application.h"

int
main (int    argc,
      char **argv)
{
  g_autoptr (LockstepApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCKSTEP_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  application = lockstep_application_new ();

  return g_application_run (G_APPLICATION (application), argc, argv);
}
