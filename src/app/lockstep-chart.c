/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-chart.h"

#include <glib/gi18n-lib.h>

#include "lockstep-chart-scene.h"
#include "lockstep-number-text.h"

#define SECONDS(time) ((double) (time) / G_USEC_PER_SEC)

/* Where the largest is so many times the smallest, a logarithmic scale shows more. */
#define WIDE 100

struct _LockstepChart
{
  LockstepPicture    parent_instance;
  LockstepChronicle *chronicle;
  char              *name;
  LockstepChartScene scene;  /* its trace and value are those of the moment that it is drawn */
  gboolean           chosen; /* a person has said whether it is logarithmic */
};

G_DEFINE_FINAL_TYPE (LockstepChart, lockstep_chart, LOCKSTEP_TYPE_PICTURE)

enum
{
  PROP_0,
  PROP_LOG,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

/* NULL while nobody has reported it (again). */
static LockstepTraceValue *
find_value (LockstepChart *self)
{
  GPtrArray *values = lockstep_trace_get_values (lockstep_chronicle_get_trace (self->chronicle));

  for (guint i = 0; i < values->len; i++)
    if (g_str_equal (((LockstepTraceValue *) g_ptr_array_index (values, i))->name, self->name))
      return g_ptr_array_index (values, i);

  return NULL;
}

static void
lockstep_chart_draw (LockstepPicture *picture,
                     LockstepCanvas  *canvas,
                     int              width,
                     int              height)
{
  LockstepChartScene scene = LOCKSTEP_CHART (picture)->scene;

  scene.trace = lockstep_chronicle_get_trace (LOCKSTEP_CHART (picture)->chronicle);
  if ((scene.value = find_value (LOCKSTEP_CHART (picture))) != NULL)
    lockstep_chart_scene_draw (&scene, canvas, width, height);
}

static void
motion_cb (LockstepChart *self,
           double         x,
           double         y)
{
  self->scene.hover_x = x;
  self->scene.hover_y = y;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
leave_cb (LockstepChart *self)
{
  motion_cb (self, -1, -1);
}

static void
lockstep_chart_measure (GtkWidget     *widget,
                        GtkOrientation orientation,
                        int            for_size,
                        int           *minimum,
                        int           *natural,
                        int           *minimum_baseline,
                        int           *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 240 : 180;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 420 : 220;
}

static void
lockstep_chart_get_property (GObject    *object,
                             guint       property_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  switch (property_id)
    {
    case PROP_LOG:
      g_value_set_boolean (value, LOCKSTEP_CHART (object)->scene.log);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_chart_set_property (GObject      *object,
                             guint         property_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  switch (property_id)
    {
    case PROP_LOG:
      lockstep_chart_set_log (LOCKSTEP_CHART (object), g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_chart_dispose (GObject *object)
{
  LockstepChart *self = LOCKSTEP_CHART (object);

  g_clear_object (&self->chronicle);
  g_clear_pointer (&self->name, g_free);

  G_OBJECT_CLASS (lockstep_chart_parent_class)->dispose (object);
}

static void
lockstep_chart_class_init (LockstepChartClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = lockstep_chart_get_property;
  object_class->set_property = lockstep_chart_set_property;
  object_class->dispose = lockstep_chart_dispose;
  GTK_WIDGET_CLASS (class)->measure = lockstep_chart_measure;
  LOCKSTEP_PICTURE_CLASS (class)->draw = lockstep_chart_draw;

  properties[PROP_LOG] = g_param_spec_boolean ("log", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
lockstep_chart_init (LockstepChart *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();

  self->scene.hover_x = -1;
  g_signal_connect_swapped (motion, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
}

LockstepChart *
lockstep_chart_new (LockstepChronicle *chronicle,
                    const char        *name)
{
  LockstepChart *self = g_object_new (LOCKSTEP_TYPE_CHART, NULL);

  self->chronicle = g_object_ref (chronicle);
  self->name = g_strdup (name);
  lockstep_chart_update (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);

  return self;
}

void
lockstep_chart_update (LockstepChart *self)
{
  LockstepChartScene *scene = &self->scene;
  g_autofree char    *description = NULL;

  g_return_if_fail (LOCKSTEP_IS_CHART (self));

  if ((scene->value = find_value (self)) == NULL)
    return;

  lockstep_chart_scene_update (scene);
  if (!self->chosen)
    {
      scene->log = scene->low > 0 && scene->high / scene->low >= WIDE;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOG]);
    }
  description = lockstep_chart_dup_description (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

const char *
lockstep_chart_get_name (LockstepChart *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_CHART (self), NULL);

  return self->name;
}

gboolean
lockstep_chart_get_log (LockstepChart *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_CHART (self), FALSE);

  return self->scene.log;
}

void
lockstep_chart_set_log (LockstepChart *self,
                        gboolean       log)
{
  g_return_if_fail (LOCKSTEP_IS_CHART (self));

  if (log == self->scene.log)
    return;

  self->chosen = TRUE;
  self->scene.log = log;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOG]);
}

gboolean
lockstep_chart_can_log (LockstepChart *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_CHART (self), FALSE);

  return self->scene.lowest_positive < G_MAXDOUBLE;
}

char *
lockstep_chart_dup_newest (LockstepChart *self)
{
  LockstepTraceValue *value = find_value (self);
  g_autofree char    *number = NULL;
  g_autofree char    *target = NULL;
  double              newest;

  if (value == NULL || value->of_one == NULL || !lockstep_series_get_at (value->of_one, G_MAXINT64, &newest))
    return g_strdup ("");

  number = lockstep_axis_dup_value (newest, 5);
  if (!value->has_target)
    return g_steal_pointer (&number);

  target = lockstep_number_dup_local (value->target_text);
  return g_strdup_printf (_ ("%s → %s"), number, target);
}

char *
lockstep_chart_dup_description (LockstepChart *self)
{
  LockstepTraceValue *value = find_value (self);
  g_autofree char    *low = lockstep_axis_dup_value (self->scene.low, 4);
  g_autofree char    *high = lockstep_axis_dup_value (self->scene.high, 4);

  if (value == NULL)
    return g_strdup ("");

  return g_strdup_printf (ngettext ("%u line from %s to %s", "%u lines from %s to %s", value->n_series), value->n_series, low, high);
}

char *
lockstep_chart_dup_note (LockstepChart *self)
{
  LockstepTraceValue *value = find_value (self);
  g_autofree char    *number = NULL;

  if (value == NULL || value->n_left_out == 0)
    return NULL;

  number = lockstep_number_dup_text (value->n_left_out);
  return g_strdup_printf (ngettext ("Kept once a second; live there was %s report more", "Kept once a second; live there were %s reports more",
                                    (gulong) value->n_left_out),
                          number);
}

static void
append_csv (GString                 *out,
            const LockstepChartLine *line)
{
  guint                n_points;
  const LockstepPoint *points = lockstep_series_get_points (line->series, &n_points);
  char                 time[G_ASCII_DTOSTR_BUF_SIZE], number[G_ASCII_DTOSTR_BUF_SIZE];

  for (guint i = 0; i < n_points; i++)
    {
      g_string_append_printf (out, "%s,", g_ascii_formatd (time, sizeof time, "%.6f", SECONDS (points[i].time)));
      if (line->solver >= 0)
        g_string_append_printf (out, "%d", line->solver);
      g_string_append_printf (out, ",%s\r\n", g_ascii_dtostr (number, sizeof number, points[i].value));
    }
}

/* As RFC 4180 has it. */
static void
append_field (GString    *out,
              const char *text)
{
  g_auto (GStrv)   parts = g_strsplit (text, "\"", -1);
  g_autofree char *doubled = g_strjoinv ("\"\"", parts);

  g_string_append_printf (out, "\"%s\"", doubled);
}

GBytes *
lockstep_chart_to_csv (LockstepChart *self)
{
  LockstepTraceValue *value = find_value (self);
  GString            *out = g_string_new ("seconds,solver,");
  g_autofree char    *title = NULL;

  g_return_val_if_fail (LOCKSTEP_IS_CHART (self), NULL);

  /* Nothing but the name of a column is read by everybody, and harms nobody. */
  title = value != NULL && value->n_left_out > 0 ? g_strdup_printf (_ ("%s (kept once a second)"), self->name) : g_strdup (self->name);
  append_field (out, title);
  g_string_append (out, "\r\n");
  if (value != NULL)
    {
      g_autoptr (GArray) lines = lockstep_chart_scene_create_lines (value);

      for (guint i = 0; i < lines->len; i++)
        append_csv (out, &g_array_index (lines, LockstepChartLine, i));
    }

  return g_string_free_to_bytes (out);
}
