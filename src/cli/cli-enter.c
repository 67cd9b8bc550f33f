/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-enter.h"

#include <glib.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>

void
cli_enter_wait (void)
{
  int character;

  g_printerr ("\n%s", _ ("Press Enter to close. "));
  do
    character = getchar ();
  while (character != '\n' && character != EOF);
}
