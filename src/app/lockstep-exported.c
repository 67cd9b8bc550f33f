/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-exported.h"

#include <glib/gi18n-lib.h>

static void
show_folder_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  g_autofree char *folder = g_path_get_dirname (g_variant_get_bytestring (parameter));
  g_autofree char *uri = g_filename_to_uri (folder, NULL, NULL);

  gtk_show_uri (NULL, uri, GDK_CURRENT_TIME);
}

static void
add_action (AdwToastOverlay *toasts)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GSimpleAction)      show = g_simple_action_new ("show-folder", G_VARIANT_TYPE_BYTESTRING);

  g_signal_connect (show, "activate", G_CALLBACK (show_folder_cb), NULL);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (show));
  gtk_widget_insert_action_group (GTK_WIDGET (toasts), "exported", G_ACTION_GROUP (group));
}

void
lockstep_exported_tell (AdwToastOverlay *toasts,
                        const char      *path,
                        const char      *warning)
{
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *escaped = g_markup_escape_text (name, -1);
  g_autofree char *title = NULL;
  AdwToast        *toast;

  g_return_if_fail (ADW_IS_TOAST_OVERLAY (toasts));

  if (warning != NULL)
    {
      g_autofree char *valid = g_utf8_make_valid (warning, -1);
      g_autofree char *escaped_warning = g_markup_escape_text (valid, -1);

      /* TRANSLATORS: the name of a file, and what is to be known about it */
      title = g_strdup_printf (_ ("Exported “%s”. %s"), escaped, escaped_warning);
    }
  else
    {
      title = g_strdup_printf (_ ("Exported “%s”"), escaped);
    }

  add_action (toasts);
  toast = adw_toast_new (title);
  adw_toast_set_button_label (toast, _ ("Open _Folder"));
  adw_toast_set_action_name (toast, "exported.show-folder");
  adw_toast_set_action_target_value (toast, g_variant_new_bytestring (path));
  adw_toast_overlay_add_toast (toasts, toast);
}
