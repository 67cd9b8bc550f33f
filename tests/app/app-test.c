/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app-test.h"

#include <string.h>

#include <glib/gstdio.h>

#define LONGEST_WAIT 240 /* seconds */

static gboolean
watchdog_cb (gpointer user_data)
{
  g_error ("%s did not come true in %d seconds", (const char *) user_data, LONGEST_WAIT);
  return G_SOURCE_REMOVE;
}

/* Conditions are of things that no signal tells, such as processes, so they are looked at now and again. */
static gboolean
look_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

void
app_test_wait_named (const char      *name,
                     AppTestCondition condition,
                     gpointer         data)
{
  guint watchdog = g_timeout_add_seconds (LONGEST_WAIT, watchdog_cb, (gpointer) name);
  guint look = g_timeout_add (20, look_cb, NULL);

  while (!condition (data))
    g_main_context_iteration (NULL, TRUE);

  g_source_remove (look);
  g_source_remove (watchdog);
}

static gboolean
frame_cb (GtkWidget     *widget,
          GdkFrameClock *clock,
          gpointer       user_data)
{
  guint *n_left = user_data;

  (*n_left)--;
  gtk_widget_queue_draw (widget);

  return *n_left > 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static gboolean
is_zero (gpointer data)
{
  return *(guint *) data == 0;
}

void
app_test_wait_frames (GtkWidget *widget,
                      guint      n_frames)
{
  gtk_widget_add_tick_callback (widget, frame_cb, &n_frames, NULL);
  app_test_wait (is_zero, &n_frames);
}

static void
append_shown (GtkWidget *widget,
              GString   *out)
{
  if (!gtk_widget_get_mapped (widget))
    return;

  if (GTK_IS_LABEL (widget))
    g_string_append_printf (out, "%s\n", gtk_label_get_text (GTK_LABEL (widget)));
  else if (GTK_IS_INSCRIPTION (widget) && gtk_inscription_get_text (GTK_INSCRIPTION (widget)) != NULL)
    g_string_append_printf (out, "%s\n", gtk_inscription_get_text (GTK_INSCRIPTION (widget)));

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    append_shown (child, out);
}

char *
app_test_dup_shown (GtkWidget *widget)
{
  GString *out = g_string_new (NULL);

  append_shown (widget, out);

  return g_string_free (out, FALSE);
}

GtkWidget *
app_test_find (GtkWidget *widget,
               GType      type)
{
  GtkWidget *found = NULL;

  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = app_test_find (child, type);

  return found;
}

gboolean
app_test_has_process (const char *mark)
{
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char      *name;

  while ((name = g_dir_read_name (proc)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc", name, "cmdline", NULL);
      g_autofree char *arguments = NULL;
      gsize            length;

      if (g_ascii_isdigit (*name) && g_file_get_contents (path, &arguments, &length, NULL) &&
          memmem (arguments, length, mark, strlen (mark)) != NULL)
        return TRUE;
    }

  return FALSE;
}

void
app_test_remove_folder (const char *folder)
{
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  const char      *name;

  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        app_test_remove_folder (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}
