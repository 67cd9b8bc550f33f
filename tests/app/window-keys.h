/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "window-fixture.h"

/* Real keys and clicks, which come from the X server to the window that has the focus. Accelerators are as GTK writes them;
 * the names of types are those of windows. */

/* Whether there is xdotool. Where there is none it says that the program skips its tests, and nothing else may be printed. */
gboolean window_keys_can_press (void);

/* Instead of window_fixture_init(). */
void window_keys_init (int    *argc,
                       char ***argv);

/* As window_fixture_add(), for a test that presses shortcuts. */
void window_keys_add (const char *path,
                      void (*test) (WindowFixture *fixture, gconstpointer data));

/* Adds the last test: no shortcut was left out, of the actions of the window and of the application, or with @of_parts of those
 * of the parts of the window. */
void window_keys_add_complete (const char *path,
                               gboolean    of_parts);

/* Presses @accelerator when the main window has the focus and its action can be done, or when the window of @type has the focus. */
void window_keys_press (const char *accelerator);
void window_keys_press_in (const char *type,
                           const char *accelerator);

/* The same, where the shortcut shows a part of the window, or hides it. */
void window_keys_press_for (WindowFixture *fixture,
                            const char    *accelerator,
                            GType          type,
                            gboolean       visible);

/* … where it shows a page. */
void window_keys_press_for_page (WindowFixture *fixture,
                                 const char    *accelerator,
                                 const char    *page);

/* … where it lets one search in a part of the window. */
void window_keys_press_for_search (WindowFixture *fixture,
                                   const char    *accelerator,
                                   GType          type);

/* … where it opens a window, which is closed with Escape. */
void window_keys_press_for_window (const char *accelerator,
                                   const char *type);

/* Clicks at @x, @y of @widget. */
void window_keys_click (GtkWidget *widget,
                        double     x,
                        double     y);

/* The window of @type that is shown, or NULL; and conditions, of the name of a type. */
GtkWindow *window_keys_find (const char *type);
gboolean   window_keys_is_shown (gpointer type);
gboolean   window_keys_is_gone (gpointer type);
