/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-picture-file.h"

#include <adwaita.h>
#include <cairo-svg.h>
#include <glib/gi18n-lib.h>

#include "lockstep-exported.h"

/* A picture that stands in a small window would be of no use on paper. */
#define MIN_WIDTH  640
#define MIN_HEIGHT 240

/* Pixels of an image to one of ours. */
#define PNG_SCALE 2

static int
get_width (LockstepPicture *picture)
{
  return MAX (gtk_widget_get_width (GTK_WIDGET (picture)), MIN_WIDTH);
}

static int
get_height (LockstepPicture *picture)
{
  return MAX (gtk_widget_get_height (GTK_WIDGET (picture)), MIN_HEIGHT);
}

static cairo_status_t
append_cb (void                *closure,
           const unsigned char *data,
           unsigned int         length)
{
  g_byte_array_append (closure, data, length);

  return CAIRO_STATUS_SUCCESS;
}

GBytes *
lockstep_picture_to_svg (LockstepPicture *picture)
{
  GByteArray      *content = g_byte_array_new ();
  cairo_surface_t *surface = cairo_svg_surface_create_for_stream (append_cb, content, get_width (picture), get_height (picture));
  cairo_t         *cr = cairo_create (surface);

  cairo_svg_surface_set_document_unit (surface, CAIRO_SVG_UNIT_PX);
  lockstep_picture_render (picture, cr, get_width (picture), get_height (picture));
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  cairo_surface_destroy (surface);

  return g_byte_array_free_to_bytes (content);
}

static void
compress (GTask        *task,
          gpointer      source,
          gpointer      task_data,
          GCancellable *cancellable)
{
  GByteArray          *content = g_byte_array_new ();
  const cairo_status_t status = cairo_surface_write_to_png_stream (task_data, append_cb, content);

  if (status == CAIRO_STATUS_SUCCESS)
    {
      g_task_return_pointer (task, g_byte_array_free_to_bytes (content), (GDestroyNotify) g_bytes_unref);
      return;
    }

  g_byte_array_unref (content);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED,
                           _ ("The picture could not be made: %s"), cairo_status_to_string (status));
}

void
lockstep_picture_to_png_async (LockstepPicture    *picture,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (picture, NULL, callback, user_data);
  cairo_surface_t  *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, PNG_SCALE * get_width (picture),
                                                          PNG_SCALE * get_height (picture));
  cairo_t          *cr = cairo_create (surface);

  cairo_scale (cr, PNG_SCALE, PNG_SCALE);
  lockstep_picture_render (picture, cr, get_width (picture), get_height (picture));
  cairo_destroy (cr);

  g_task_set_source_tag (task, lockstep_picture_to_png_async);
  g_task_set_task_data (task, surface, (GDestroyNotify) cairo_surface_destroy);
  g_task_run_in_thread (task, compress);
}

GBytes *
lockstep_picture_to_png_finish (LockstepPicture *picture,
                                GAsyncResult    *result,
                                GError         **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
show_error (GtkWidget  *widget,
            const char *heading,
            const char *reason)
{
  GtkRoot   *root = gtk_widget_get_root (widget);
  GtkWidget *dialog = adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, heading, reason);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* A file that is being chosen. */
typedef struct
{
  GtkWidget            *widget; /* owned */
  GtkFileChooserNative *chooser;
  GBytes               *content;
} Saving;

static void
saving_free (Saving *saving)
{
  gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (saving->chooser));
  g_object_unref (saving->chooser);
  g_object_unref (saving->widget);
  g_bytes_unref (saving->content);
  g_free (saving);
}

static void
written_cb (GObject      *file,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GtkWidget) widget = user_data;
  GtkWidget            *toasts = gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY);
  g_autofree char      *path = g_file_get_path (G_FILE (file));
  g_autoptr (GError)    error = NULL;

  if (!g_file_replace_contents_finish (G_FILE (file), result, NULL, &error))
    {
      g_autofree char *name = g_file_get_parse_name (G_FILE (file));
      g_autofree char *heading = g_strdup_printf (_ ("“%s” Could Not Be Written"), name);

      show_error (widget, heading, error->message);
    }
  else if (toasts != NULL && path != NULL)
    {
      lockstep_exported_tell (ADW_TOAST_OVERLAY (toasts), path, NULL);
    }
}

void
lockstep_save_to (GtkWidget *widget,
                  GFile     *file,
                  GBytes    *content)
{
  g_file_replace_contents_bytes_async (file, content, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION, NULL, written_cb,
                                       g_object_ref (widget));
}

static void
response_cb (GtkNativeDialog *dialog,
             int              response,
             gpointer         user_data)
{
  Saving *saving = user_data;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (saving->chooser));

      lockstep_save_to (saving->widget, file, saving->content);
    }
  saving_free (saving);
}

void
lockstep_save (GtkWidget  *widget,
               const char *name,
               GBytes     *content)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  Saving  *saving = g_new0 (Saving, 1);

  saving->widget = g_object_ref (widget);
  saving->content = g_bytes_ref (content);
  saving->chooser = gtk_file_chooser_native_new (_ ("Export"), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                                 GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (saving->chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (saving->chooser), name);
  g_signal_connect (saving->chooser, "response", G_CALLBACK (response_cb), saving);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (saving->chooser));
}

void
lockstep_picture_save_svg (LockstepPicture *picture,
                           const char      *name)
{
  g_autoptr (GBytes) content = lockstep_picture_to_svg (picture);
  g_autofree char   *file_name = g_strconcat (name, ".svg", NULL);

  lockstep_save (GTK_WIDGET (picture), file_name, content);
}

static void
png_cb (GObject      *picture,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autofree char   *file_name = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) content = lockstep_picture_to_png_finish (LOCKSTEP_PICTURE (picture), result, &error);

  if (content != NULL)
    lockstep_save (GTK_WIDGET (picture), file_name, content);
  else
    show_error (GTK_WIDGET (picture), _ ("The Picture Could Not Be Exported"), error->message);
}

void
lockstep_picture_save_png (LockstepPicture *picture,
                           const char      *name)
{
  lockstep_picture_to_png_async (picture, png_cb, g_strconcat (name, ".png", NULL));
}
