/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-picture.h"

#include <adwaita.h>

typedef struct
{
  GHashTable    *layouts; /* for the screen */
  LockstepCanvas measure;
} LockstepPicturePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (LockstepPicture, lockstep_picture, GTK_TYPE_WIDGET)

/* The canvas of the screen, on @cr (NULL: only to measure). */
static LockstepCanvas
create_canvas (LockstepPicture *self,
               cairo_t         *cr)
{
  LockstepPicturePrivate *private = lockstep_picture_get_instance_private (self);

  return (LockstepCanvas){
    .cr = cr,
    .palette = lockstep_palette_get (adw_style_manager_get_dark (adw_style_manager_get_default ())),
    .pango = gtk_widget_get_pango_context (GTK_WIDGET (self)),
    .layouts = private->layouts,
    .scale = gtk_widget_get_scale_factor (GTK_WIDGET (self)),
  };
}

static void
lockstep_picture_snapshot (GtkWidget   *widget,
                           GtkSnapshot *snapshot)
{
  LockstepPicture *self = LOCKSTEP_PICTURE (widget);
  const int        width = gtk_widget_get_width (widget);
  const int        height = gtk_widget_get_height (widget);
  LockstepCanvas   canvas;

  if (width <= 0 || height <= 0)
    return;

  canvas = create_canvas (self, gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height)));
  LOCKSTEP_PICTURE_GET_CLASS (self)->draw (self, &canvas, width, height);
  cairo_destroy (canvas.cr);
}

static void
forget_layouts (LockstepPicture *self)
{
  LockstepPicturePrivate *private = lockstep_picture_get_instance_private (self);

  g_hash_table_remove_all (private->layouts);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
lockstep_picture_css_changed (GtkWidget         *widget,
                              GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (lockstep_picture_parent_class)->css_changed (widget, change);

  forget_layouts (LOCKSTEP_PICTURE (widget));
}

static void
lockstep_picture_finalize (GObject *object)
{
  LockstepPicturePrivate *private = lockstep_picture_get_instance_private (LOCKSTEP_PICTURE (object));

  g_hash_table_unref (private->layouts);

  G_OBJECT_CLASS (lockstep_picture_parent_class)->finalize (object);
}

static void
lockstep_picture_class_init (LockstepPictureClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = lockstep_picture_finalize;
  widget_class->snapshot = lockstep_picture_snapshot;
  widget_class->css_changed = lockstep_picture_css_changed;
  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
lockstep_picture_init (LockstepPicture *self)
{
  LockstepPicturePrivate *private = lockstep_picture_get_instance_private (self);

  private->layouts = lockstep_canvas_new_layouts ();
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (forget_layouts), NULL);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (gtk_widget_queue_draw), self,
                           G_CONNECT_SWAPPED);
}

void
lockstep_picture_render (LockstepPicture *self,
                         cairo_t         *cr,
                         int              width,
                         int              height)
{
  g_autoptr (GHashTable) layouts = lockstep_canvas_new_layouts ();
  PangoContext          *pango = gtk_widget_create_pango_context (GTK_WIDGET (self));
  LockstepCanvas         canvas = {
            .cr = cr,
            .palette = lockstep_palette_get (FALSE),
            .pango = pango,
            .layouts = layouts,
            .scale = 1,
            .exporting = TRUE,
  };

  g_return_if_fail (LOCKSTEP_IS_PICTURE (self));

  lockstep_canvas_fill (&canvas, &canvas.palette->background, 0, 0, width, height);
  LOCKSTEP_PICTURE_GET_CLASS (self)->draw (self, &canvas, width, height);
  g_object_unref (pango);
}

LockstepCanvas *
lockstep_picture_get_measure (LockstepPicture *self)
{
  LockstepPicturePrivate *private = lockstep_picture_get_instance_private (self);

  g_return_val_if_fail (LOCKSTEP_IS_PICTURE (self), NULL);

  private->measure = create_canvas (self, NULL);
  return &private->measure;
}
