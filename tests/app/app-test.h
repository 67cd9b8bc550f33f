/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What tests of the window share. */

typedef gboolean (*AppTestCondition) (gpointer data);

/* Runs the main loop until @condition holds; the test fails, and names it, where it does not for four minutes. */
#define app_test_wait(condition, ...) app_test_wait_named (#condition, (condition), __VA_ARGS__)

void app_test_wait_named (const char      *name,
                          AppTestCondition condition,
                          gpointer         data);

/* Waits until the window was drawn @n_frames more times. */
void app_test_wait_frames (GtkWidget *widget,
                           guint      n_frames);

/* What all labels and progress bars that can be seen below @widget say, a line each. */
char *app_test_dup_shown (GtkWidget *widget);

/* The first widget of @type below @widget, or NULL. */
GtkWidget *app_test_find (GtkWidget *widget,
                          GType      type);

/* Whether a process with @mark in its arguments is there. */
gboolean app_test_has_process (const char *mark);

/* With all that is in it; links are not followed. */
void app_test_remove_folder (const char *folder);

G_END_DECLS
