/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A folder that stands for "/", with what a test puts below. */
typedef struct
{
  char *root;
} RootFixture;

void root_fixture_set_up (RootFixture  *fixture,
                          gconstpointer data);
void root_fixture_tear_down (RootFixture  *fixture,
                             gconstpointer data);

/* Writes @text to the file @path below it, whose folders are made. */
void root_fixture_add (RootFixture *fixture,
                       const char  *path,
                       const char  *text);

G_END_DECLS
