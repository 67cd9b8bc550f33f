/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-column-title.h"

/* GTK 4.8 has no word for it: the title is a child of the view's header, at the place of its column. */
static GtkWidget *
find_title (GtkColumnViewColumn *column)
{
  GtkColumnView *view = gtk_column_view_column_get_column_view (column);
  GListModel    *columns = gtk_column_view_get_columns (view);
  GtkWidget     *title = gtk_widget_get_first_child (gtk_widget_get_first_child (GTK_WIDGET (view)));

  for (guint i = 0; title != NULL && i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) other = g_list_model_get_item (columns, i);

      if (other == column)
        return title;
      if (gtk_column_view_column_get_visible (other))
        title = gtk_widget_get_next_sibling (title);
    }

  return NULL;
}

void
lockstep_column_title_align_end (GtkColumnViewColumn *column)
{
  GtkWidget *title = find_title (column);
  GtkWidget *box;

  g_return_if_fail (title != NULL);

  box = gtk_widget_get_first_child (title);
  if (!GTK_IS_BOX (box))
    return;

  /* The room of the arrow that shows the order comes first. */
  gtk_widget_set_halign (box, GTK_ALIGN_END);
  if (GTK_IS_LABEL (gtk_widget_get_first_child (box)))
    gtk_box_reorder_child_after (GTK_BOX (box), gtk_widget_get_first_child (box), gtk_widget_get_last_child (box));
}
