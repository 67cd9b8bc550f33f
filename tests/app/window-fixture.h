/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app-test.h"
#include "lockstep-task-table.h"
#include "lockstep-window.h"

/* The real window, in a folder of its own, with a plan of fake solvers. */
typedef struct
{
  char            *folder; /* with the plan, and the runs it makes */
  char            *path;   /* of the plan */
  char            *mark;   /* in the arguments of every process of the plan */
  LockstepWindow  *window; /* NULL once it was closed */
  LockstepSession *session;
} WindowFixture;

/* Instead of g_test_init() and g_test_run(): there is an application while the tests run. */
void window_fixture_init (int    *argc,
                          char ***argv);
int  window_fixture_run (void);

GtkApplication *window_fixture_get_application (void);

/* Opens a window, and closes it; at the end, nothing of a plan may run. */
void window_fixture_set_up (WindowFixture *self,
                            gconstpointer  data);
void window_fixture_tear_down (WindowFixture *self,
                               gconstpointer  data);

/* Adds a test that gets a WindowFixture. */
#define window_fixture_add(path, test) g_test_add (path, WindowFixture, NULL, window_fixture_set_up, test, window_fixture_tear_down)

/* Writes a plan of @n_solvers fake solvers, whose arguments are @arguments (JSON strings), in two steps. */
void window_fixture_write_plan (WindowFixture *self,
                                guint          n_solvers,
                                const char    *arguments);

/* Writes a plan that goes on after failures, of the tasks @tasks, a JSON array for fake-solver's mode obeys, with @more (members,
 * each with its comma) besides. In both, ' stands for ", and FOLDER for the folder. */
void window_fixture_write_tasks (WindowFixture *self,
                                 guint          n_solvers,
                                 const char    *more,
                                 const char    *tasks);

/* Opens the plan, and waits until it is read; or waits until it has begun. */
void window_fixture_open (WindowFixture *self);
void window_fixture_start (WindowFixture *self);

/* By the action, of the window or of one of its widgets, which has to be enabled. @name is detailed: "win.show-page::plan" */
void window_fixture_activate (WindowFixture *self,
                              const char    *name);

/* What was copied, as text. Free with g_free(). */
char *window_fixture_dup_clipboard (WindowFixture *self);

/* Of the window: "start". */
gboolean window_fixture_is_enabled (WindowFixture *self,
                                    const char    *action);

/* The first widget of that type. */
gpointer window_fixture_get (WindowFixture *self,
                             GType          type);

/* What the widget of that type shows, and whether it shows @text. */
char    *window_fixture_dup_shown (WindowFixture *self,
                                   GType          type);
gboolean window_fixture_shows (WindowFixture *self,
                               GType          type,
                               const char    *text);

/* The lines of the log, and how often they say @text. */
char *window_fixture_dup_log (WindowFixture *self);
guint window_fixture_count_in_log (WindowFixture *self,
                                   const char    *text);

LockstepRunState window_fixture_get_state (WindowFixture *self);

/* Those that the results page has. */
guint window_fixture_count_tasks (WindowFixture    *self,
                                  LockstepTaskState state);

/* The message that is shown, or NULL; and a click on the button of one of its responses. */
AdwMessageDialog *window_fixture_get_dialog (void);
void              window_fixture_respond (const char *response);

/* Conditions, of a WindowFixture. Over: nothing is at work, nor read. */
gboolean window_fixture_is_loaded (gpointer self);
gboolean window_fixture_is_live (gpointer self);
gboolean window_fixture_is_over (gpointer self);
gboolean window_fixture_is_computing (gpointer self);
gboolean window_fixture_is_closed (gpointer self);
