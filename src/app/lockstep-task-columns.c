/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-task-columns.h"

#include <string.h>

/* Pixels of a character, and of what stands around a title. */
#define CHARACTER 8
#define AROUND    26

/* Characters before the point that fit into any column. */
#define MAX_WHOLE 7

static const char *
get_icon (LockstepTaskState state)
{
  switch (state)
    {
    case LOCKSTEP_TASK_RUNNING:
      return "media-playback-start-symbolic";
    case LOCKSTEP_TASK_STOPPED:
      return "media-playback-stop-symbolic";
    case LOCKSTEP_TASK_DONE:
      return "object-select-symbolic";
    case LOCKSTEP_TASK_FAILED:
      return "dialog-error-symbolic";
    case LOCKSTEP_TASK_WAITING:
    case LOCKSTEP_N_TASK_STATES:
    default:
      return "content-loading-symbolic";
    }
}

static gboolean
is_state (const LockstepTaskColumn *column)
{
  return column->kind == LOCKSTEP_TASK_COLUMN_STATE;
}

/* Params and results may be anything. */
static gboolean
is_value (const LockstepTaskColumn *column)
{
  return column->kind == LOCKSTEP_TASK_COLUMN_PARAM || column->kind == LOCKSTEP_TASK_COLUMN_RESULT;
}

static gboolean
is_number (const char *words)
{
  char *end;

  g_strtod (words, &end);
  return *end == '\0';
}

/* Where a number that does not fit may be cut without looking like a smaller one: at its end behind the point, else in its
 * middle, which leaves the exponent. */
static GtkInscriptionOverflow
get_overflow (const char *words)
{
  const char *point = strchr (words, '.');

  if (!is_number (words) || (point != NULL && point - words < MAX_WHOLE && strpbrk (words, "eE") == NULL))
    return GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END;

  return GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_MIDDLE;
}

/* What the cell says now. */
static void
update_cell (LockstepTaskRow *row,
             GtkListItem     *item)
{
  const LockstepTaskColumn *column = g_object_get_data (G_OBJECT (item), "column");
  GtkWidget                *text = g_object_get_data (G_OBJECT (item), "text");
  GtkWidget                *icon = g_object_get_data (G_OBJECT (item), "icon");
  g_autofree char          *words = lockstep_task_row_dup_text (row, column);

  gtk_inscription_set_text (GTK_INSCRIPTION (text), words);
  if (is_value (column))
    {
      gtk_inscription_set_xalign (GTK_INSCRIPTION (text), is_number (words));
      gtk_inscription_set_text_overflow (GTK_INSCRIPTION (text), get_overflow (words));
    }
  if (icon != NULL)
    {
      gtk_image_set_from_icon_name (GTK_IMAGE (icon), get_icon (lockstep_task_row_get_state (row)));
      gtk_widget_set_tooltip_text (text, lockstep_task_row_get_reason (row));
    }
}

static void
setup_cb (GtkListItemFactory       *factory,
          GtkListItem              *item,
          const LockstepTaskColumn *column)
{
  GtkWidget *text = gtk_inscription_new (NULL);

  /* Cheaper than a label, since its size does not depend on what it says. */
  gtk_inscription_set_min_lines (GTK_INSCRIPTION (text), 1);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (text), GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_xalign (GTK_INSCRIPTION (text), !is_state (column));
  gtk_widget_set_hexpand (text, TRUE);
  gtk_widget_add_css_class (text, "numeric");
  g_object_set_data (G_OBJECT (item), "column", (gpointer) column);
  g_object_set_data (G_OBJECT (item), "text", text);
  if (is_state (column))
    {
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
      GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

      gtk_box_append (GTK_BOX (box), icon);
      gtk_box_append (GTK_BOX (box), text);
      g_object_set_data (G_OBJECT (item), "icon", icon);
      gtk_list_item_set_child (item, box);
    }
  else
    {
      gtk_list_item_set_child (item, text);
    }
}

static void
bind_cb (GtkListItemFactory *factory,
         GtkListItem        *item)
{
  LockstepTaskRow *row = gtk_list_item_get_item (item);

  g_signal_connect_object (row, "changed", G_CALLBACK (update_cell), item, 0);
  update_cell (row, item);
}

static void
unbind_cb (GtkListItemFactory *factory,
           GtkListItem        *item)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), update_cell, item);
}

/* The column whose sorter is asked first, while the view is asked by which it sorts: in GTK 4.8 it does not tell. */
static const LockstepTaskColumn **asked;

/* The table sorts itself: nothing is ever compared but to find out which column is asked. */
static int
compare_cb (gconstpointer a,
            gconstpointer b,
            gpointer      user_data)
{
  if (asked != NULL)
    *asked = user_data;

  return -1;
}

gboolean
lockstep_task_columns_are_numbers (LockstepTaskTable        *table,
                                   const LockstepTaskColumn *column)
{
  g_autoptr (LockstepTaskRow) row = NULL;
  g_autofree char            *words = NULL;

  if (is_state (column))
    return FALSE;
  if (!is_value (column) || (row = g_list_model_get_item (G_LIST_MODEL (table), 0)) == NULL)
    return TRUE;

  words = lockstep_task_row_dup_text (row, column);
  return is_number (words);
}

GtkColumnViewColumn *
lockstep_task_columns_new_column (LockstepTaskTable        *table,
                                  const LockstepTaskColumn *column)
{
  GtkListItemFactory   *factory = gtk_signal_list_item_factory_new ();
  g_autofree char      *title = lockstep_task_table_dup_title (table, column);
  g_autoptr (GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (compare_cb, g_memdup2 (column, sizeof *column), g_free));
  LockstepTaskColumn   *copy = g_memdup2 (column, sizeof *column);
  GtkColumnViewColumn  *made;
  const int             width = (int) g_utf8_strlen (title, -1) * CHARACTER + AROUND;

  g_object_set_data_full (G_OBJECT (factory), "column", copy, g_free);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), copy);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);
  made = gtk_column_view_column_new (title, factory);
  gtk_column_view_column_set_sorter (made, sorter);
  gtk_column_view_column_set_resizable (made, TRUE);
  /* Fixed, so that nothing moves while one scrolls. */
  gtk_column_view_column_set_fixed_width (made, is_state (column) ? 190 : CLAMP (width, column->kind == LOCKSTEP_TASK_COLUMN_TASK ? 64 : 92, 180));
  /* Why a task failed takes more room than there is, mostly. */
  gtk_column_view_column_set_expand (made, is_state (column));

  return made;
}

gboolean
lockstep_task_columns_get_order (GtkColumnView      *view,
                                 LockstepTaskColumn *column,
                                 gboolean           *descending)
{
  g_autoptr (GObject)       a = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GObject)       b = g_object_new (G_TYPE_OBJECT, NULL);
  const LockstepTaskColumn *first = NULL;
  GtkOrdering               ordering;

  asked = &first;
  ordering = gtk_sorter_compare (gtk_column_view_get_sorter (view), a, b);
  asked = NULL;
  if (first == NULL)
    return FALSE;

  *column = *first;
  *descending = ordering == GTK_ORDERING_LARGER;
  return TRUE;
}
