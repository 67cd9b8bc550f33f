/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-notice.h"

struct _LockstepNotice
{
  GtkWidget        parent_instance;
  GtkInfoBar      *info_bar;
  GtkLabel        *label;
  GtkWidget       *reload_button;
  GtkWidget       *open_button;
  LockstepSession *session;
  GSignalGroup    *session_signals;
  GSignalGroup    *run_signals;
};

G_DEFINE_FINAL_TYPE (LockstepNotice, lockstep_notice, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

/* A plan that cannot be used comes before the run that an earlier one made. */
static void
update (LockstepNotice *self)
{
  LockstepRun *run = lockstep_session_get_run (self->session);
  const char  *problem = lockstep_session_get_problem (self->session);
  const char  *error = run != NULL ? lockstep_run_get_error (run) : NULL;
  const char  *text = problem != NULL ? problem : error;

  if (text == NULL && run != NULL)
    text = lockstep_run_get_trouble (run);

  if (text != NULL && *text != '\0')
    {
      g_autofree char *valid = g_utf8_make_valid (text, -1);

      gtk_label_set_label (self->label, valid);
    }
  gtk_widget_set_visible (self->reload_button, problem != NULL);
  gtk_widget_set_visible (self->open_button, problem != NULL);
  gtk_info_bar_set_show_close_button (self->info_bar, problem == NULL);
  gtk_info_bar_set_revealed (self->info_bar, text != NULL && *text != '\0');
}

static void
run_cb (LockstepNotice *self)
{
  g_signal_group_set_target (self->run_signals, lockstep_session_get_run (self->session));
  update (self);
}

static void
response_cb (LockstepNotice *self)
{
  gtk_info_bar_set_revealed (self->info_bar, FALSE);
}

static void
lockstep_notice_get_property (GObject    *object,
                              guint       property_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  LockstepNotice *self = LOCKSTEP_NOTICE (object);

  switch (property_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_notice_set_property (GObject      *object,
                              guint         property_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  switch (property_id)
    {
    case PROP_SESSION:
      lockstep_notice_set_session (LOCKSTEP_NOTICE (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_notice_dispose (GObject *object)
{
  LockstepNotice *self = LOCKSTEP_NOTICE (object);
  GtkWidget      *child;

  g_clear_object (&self->session_signals);
  g_clear_object (&self->run_signals);
  g_clear_object (&self->session);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (lockstep_notice_parent_class)->dispose (object);
}

static void
lockstep_notice_class_init (LockstepNoticeClass *class)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->get_property = lockstep_notice_get_property;
  object_class->set_property = lockstep_notice_set_property;
  object_class->dispose = lockstep_notice_dispose;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, LOCKSTEP_TYPE_SESSION,
                                                  G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/lockstep/Lockstep/lockstep-notice.ui");
  gtk_widget_class_bind_template_child (widget_class, LockstepNotice, info_bar);
  gtk_widget_class_bind_template_child (widget_class, LockstepNotice, label);
  gtk_widget_class_bind_template_child (widget_class, LockstepNotice, reload_button);
  gtk_widget_class_bind_template_child (widget_class, LockstepNotice, open_button);
  gtk_widget_class_bind_template_callback (widget_class, response_cb);
}

static void
lockstep_notice_init (LockstepNotice *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->session_signals = g_signal_group_new (LOCKSTEP_TYPE_SESSION);
  g_signal_group_connect_swapped (self->session_signals, "notify::problem", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->session_signals, "notify::run", G_CALLBACK (run_cb), self);

  self->run_signals = g_signal_group_new (LOCKSTEP_TYPE_RUN);
  g_signal_group_connect_swapped (self->run_signals, "notify::error", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->run_signals, "notify::trouble", G_CALLBACK (update), self);
}

void
lockstep_notice_set_session (LockstepNotice  *self,
                             LockstepSession *session)
{
  g_return_if_fail (LOCKSTEP_IS_NOTICE (self));
  g_return_if_fail (LOCKSTEP_IS_SESSION (session));

  if (!g_set_object (&self->session, session))
    return;

  g_signal_group_set_target (self->session_signals, session);
  run_cb (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

const char *
lockstep_notice_get_text (LockstepNotice *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_NOTICE (self), NULL);

  return gtk_info_bar_get_revealed (self->info_bar) ? gtk_label_get_label (self->label) : NULL;
}
