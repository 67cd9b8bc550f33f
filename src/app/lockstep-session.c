/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-session.h"

#include "lockstep-loader.h"

struct _LockstepSession
{
  GObject            parent_instance;
  GFile             *file;
  LockstepPlan      *file_plan; /* the last one that could be read from file */
  LockstepRun       *idle;      /* of file_plan, never started */
  LockstepRun       *run;       /* that is shown */
  LockstepHelm      *helm;      /* of run; NULL where nothing steers it */
  LockstepHelm      *own;       /* of the run that the session started last; NULL before */
  char              *problem;
  LockstepChronicle *chronicle; /* of run; NULL without one */
  LockstepMoment    *moment;
  LockstepLoader    *loader;
  gboolean           live;
  gboolean           busy;
};

G_DEFINE_FINAL_TYPE (LockstepSession, lockstep_session, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_FILE,
  PROP_PLAN,
  PROP_RUN,
  PROP_LIVE,
  PROP_BUSY,
  PROP_LOADING,
  PROP_PROBLEM,
  PROP_CHRONICLE,
  PROP_MOMENT,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

enum
{
  SIGNAL_REFUSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
update_live (LockstepSession *self)
{
  gboolean busy = self->own != NULL && lockstep_helm_get_live (self->own);
  gboolean live = self->helm != NULL && lockstep_helm_get_live (self->helm);

  if (busy != self->busy)
    {
      self->busy = busy;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
    }
  if (live != self->live)
    {
      self->live = live;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LIVE]);
    }
}

static void
set_problem (LockstepSession *self,
             const char      *problem)
{
  if (g_strcmp0 (problem, self->problem) == 0)
    return;

  g_free (self->problem);
  self->problem = g_strdup (problem);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);
}

static void
refuse (LockstepSession *self,
        const char      *why)
{
  g_autofree char *valid = g_utf8_make_valid (why, -1);

  g_signal_emit (self, signals[SIGNAL_REFUSED], 0, valid);
}

static void
watch (LockstepSession *self,
       LockstepHelm   **place,
       LockstepHelm    *helm)
{
  if (*place != NULL)
    g_signal_handlers_disconnect_by_data (*place, self);
  g_set_object (place, helm);

  /* The same one may stand in both places: it is listened to once. */
  for (guint i = 0; i < 2; i++)
    {
      LockstepHelm *watched = i == 0 ? self->own : self->helm;

      if (watched == NULL)
        continue;
      g_signal_handlers_disconnect_by_data (watched, self);
      g_signal_connect_swapped (watched, "notify::live", G_CALLBACK (update_live), self);
      g_signal_connect_swapped (watched, "refused", G_CALLBACK (refuse), self);
    }
}

/* Shows @run, which @helm (may be NULL) steers. */
static void
set_run (LockstepSession *self,
         LockstepRun     *run,
         LockstepHelm    *helm)
{
  watch (self, &self->helm, helm);
  if (g_set_object (&self->run, run))
    {
      /* It hears of the run from the first event on. */
      g_clear_object (&self->chronicle);
      if (run != NULL)
        self->chronicle = lockstep_chronicle_new (run);
      lockstep_moment_set_time (self->moment, 0);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHRONICLE]);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLAN]);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUN]);
    }
  update_live (self);
}

static void
set_file_plan (LockstepSession *self,
               LockstepPlan    *plan)
{
  g_set_object (&self->file_plan, plan);
  g_clear_object (&self->idle);
  if (plan != NULL)
    self->idle = lockstep_run_new (plan);
}

static void
set_file (LockstepSession *self,
          GFile           *file)
{
  if (self->file != NULL && g_file_equal (self->file, file))
    return;

  g_set_object (&self->file, file);
  set_file_plan (self, NULL);
  watch (self, &self->own, NULL);
  set_run (self, NULL, NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILE]);
}

/* Views see a run from its first event on, so they get it before it starts. */
static void
start (LockstepSession    *self,
       LockstepController *controller)
{
  g_autoptr (LockstepHelm) helm = lockstep_helm_new_own (controller);

  watch (self, &self->own, helm);
  set_run (self, lockstep_helm_get_run (helm), helm);
  lockstep_controller_start (controller);
}

static void
start_plan (LockstepSession *self,
            LockstepPlan    *plan)
{
  g_autoptr (LockstepController) controller = lockstep_controller_new (plan, NULL);

  start (self, controller);
}

static void
take_plan (LockstepSession *self,
           LockstepReading *reading,
           const GError    *error)
{
  set_problem (self, error != NULL ? error->message : NULL);
  if (error != NULL)
    {
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLAN]);
      return;
    }

  set_file_plan (self, reading->plan);
  if (reading->start)
    start_plan (self, reading->plan);
  else
    set_run (self, self->idle, NULL);
}

static void
take_kept_run (LockstepSession *self,
               LockstepReading *reading,
               GError         **error)
{
  g_autoptr (LockstepController) controller = NULL;

  if (reading->resume)
    {
      controller = lockstep_controller_new_resume (reading->past, reading->plan, &reading->what, NULL, error);
      if (controller != NULL)
        start (self, controller);
    }
  else if (reading->start)
    {
      start_plan (self, reading->plan);
    }
  else
    {
      set_run (self, lockstep_past_run_get_run (reading->past), NULL);
    }
}

static void
read_cb (LockstepSession *self,
         LockstepReading *reading,
         const GError    *unread)
{
  g_autoptr (GError) error = unread != NULL ? g_error_copy (unread) : NULL;

  if (reading->file != NULL)
    {
      take_plan (self, reading, error);
      return;
    }

  if (error == NULL)
    take_kept_run (self, reading, &error);
  if (error != NULL)
    refuse (self, error->message);
}

static void
followed_cb (LockstepSession  *self,
             LockstepFollower *follower)
{
  g_autoptr (LockstepHelm) helm = lockstep_helm_new_following (follower);

  set_run (self, lockstep_follower_get_run (follower), helm);
}

static void
loading_cb (LockstepSession *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

static void
read_file (LockstepSession *self,
           gboolean         start)
{
  LockstepReading *reading = lockstep_reading_new (self->file, NULL);

  reading->start = start;
  lockstep_loader_read (self->loader, reading);
}

static void
launched_cb (LockstepSession *self,
             const char      *directory)
{
  if (!self->busy)
    lockstep_loader_follow (self->loader, directory);
}

static void
lockstep_session_get_property (GObject    *object,
                               guint       property_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  LockstepSession *self = LOCKSTEP_SESSION (object);

  switch (property_id)
    {
    case PROP_FILE:
      g_value_set_object (value, self->file);
      break;
    case PROP_PLAN:
      g_value_set_object (value, lockstep_session_get_plan (self));
      break;
    case PROP_RUN:
      g_value_set_object (value, self->run);
      break;
    case PROP_LIVE:
      g_value_set_boolean (value, self->live);
      break;
    case PROP_BUSY:
      g_value_set_boolean (value, self->busy);
      break;
    case PROP_LOADING:
      g_value_set_boolean (value, lockstep_session_get_loading (self));
      break;
    case PROP_PROBLEM:
      g_value_set_string (value, self->problem);
      break;
    case PROP_CHRONICLE:
      g_value_set_object (value, self->chronicle);
      break;
    case PROP_MOMENT:
      g_value_set_object (value, self->moment);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_session_dispose (GObject *object)
{
  LockstepSession *self = LOCKSTEP_SESSION (object);

  if (self->loader != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->loader, self);
      lockstep_loader_cancel (self->loader);
    }
  watch (self, &self->own, NULL);
  watch (self, &self->helm, NULL);
  g_clear_object (&self->loader);
  g_clear_object (&self->chronicle);
  g_clear_object (&self->moment);
  g_clear_object (&self->run);
  g_clear_object (&self->idle);
  g_clear_object (&self->file_plan);
  g_clear_object (&self->file);
  g_clear_pointer (&self->problem, g_free);

  G_OBJECT_CLASS (lockstep_session_parent_class)->dispose (object);
}

static void
lockstep_session_class_init (LockstepSessionClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = lockstep_session_get_property;
  object_class->dispose = lockstep_session_dispose;

  properties[PROP_FILE] = g_param_spec_object ("file", NULL, NULL, G_TYPE_FILE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_PLAN] = g_param_spec_object ("plan", NULL, NULL, LOCKSTEP_TYPE_PLAN, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_RUN] = g_param_spec_object ("run", NULL, NULL, LOCKSTEP_TYPE_RUN, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_LIVE] = g_param_spec_boolean ("live", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_CHRONICLE] = g_param_spec_object ("chronicle", NULL, NULL, LOCKSTEP_TYPE_CHRONICLE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_MOMENT] = g_param_spec_object ("moment", NULL, NULL, LOCKSTEP_TYPE_MOMENT, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[SIGNAL_REFUSED] = g_signal_new ("refused", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
lockstep_session_init (LockstepSession *self)
{
  self->moment = lockstep_moment_new ();
  self->loader = lockstep_loader_new ();
  g_signal_connect_swapped (self->loader, "read", G_CALLBACK (read_cb), self);
  g_signal_connect_swapped (self->loader, "followed", G_CALLBACK (followed_cb), self);
  g_signal_connect_swapped (self->loader, "launched", G_CALLBACK (launched_cb), self);
  g_signal_connect_swapped (self->loader, "refused", G_CALLBACK (refuse), self);
  g_signal_connect_swapped (self->loader, "notify::loading", G_CALLBACK (loading_cb), self);
}

LockstepSession *
lockstep_session_new (void)
{
  return g_object_new (LOCKSTEP_TYPE_SESSION, NULL);
}

void
lockstep_session_open (LockstepSession *self,
                       GFile           *file,
                       gboolean         start)
{
  g_return_if_fail (LOCKSTEP_IS_SESSION (self));
  g_return_if_fail (G_IS_FILE (file));
  g_return_if_fail (!self->busy);

  set_file (self, file);
  read_file (self, start);
}

void
lockstep_session_reload (LockstepSession *self)
{
  g_return_if_fail (LOCKSTEP_IS_SESSION (self));
  g_return_if_fail (self->file != NULL);
  g_return_if_fail (!self->busy);

  read_file (self, FALSE);
}

void
lockstep_session_show_plan (LockstepSession *self)
{
  g_return_if_fail (LOCKSTEP_IS_SESSION (self));

  set_run (self, self->idle, NULL);
}

void
lockstep_session_show_own_run (LockstepSession *self)
{
  g_return_if_fail (LOCKSTEP_IS_SESSION (self));
  g_return_if_fail (self->own != NULL);

  set_run (self, lockstep_helm_get_run (self->own), self->own);
}

void
lockstep_session_show_run (LockstepSession *self,
                           const char      *directory)
{
  g_return_if_fail (LOCKSTEP_IS_SESSION (self));
  g_return_if_fail (directory != NULL);

  if (self->own != NULL && g_strcmp0 (lockstep_run_get_directory (lockstep_helm_get_run (self->own)), directory) == 0)
    lockstep_session_show_own_run (self);
  else
    lockstep_loader_follow (self->loader, directory);
}

void
lockstep_session_start (LockstepSession *self)
{
  LockstepReading *reading;

  g_return_if_fail (LOCKSTEP_IS_SESSION (self));
  g_return_if_fail (lockstep_session_can_start (self));

  if (lockstep_session_shows_file (self))
    {
      read_file (self, TRUE);
      return;
    }

  reading = lockstep_reading_new (NULL, lockstep_run_get_directory (self->run));
  reading->start = TRUE;
  lockstep_loader_read (self->loader, reading);
}

void
lockstep_session_start_in_background (LockstepSession *self)
{
  g_return_if_fail (LOCKSTEP_IS_SESSION (self));
  g_return_if_fail (self->file != NULL);

  lockstep_loader_launch (self->loader, self->file);
}

void
lockstep_session_resume (LockstepSession             *self,
                         const LockstepResumeOptions *what,
                         guint                        n_solvers)
{
  g_return_if_fail (LOCKSTEP_IS_SESSION (self));
  g_return_if_fail (lockstep_session_can_resume (self));

  lockstep_loader_read (self->loader, lockstep_reading_new_resume (lockstep_run_get_directory (self->run), what, n_solvers));
}

void
lockstep_session_terminate (LockstepSession *self,
                            LockstepStop     how)
{
  g_return_if_fail (LOCKSTEP_IS_SESSION (self));

  if (self->helm != NULL)
    lockstep_helm_terminate (self->helm, how);
}

gboolean
lockstep_session_can_start (LockstepSession *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_SESSION (self), FALSE);

  if (self->busy || lockstep_session_get_loading (self))
    return FALSE;
  if (lockstep_session_shows_file (self))
    return self->problem == NULL;

  return self->run != NULL && lockstep_run_get_directory (self->run) != NULL;
}

gboolean
lockstep_session_shows_file (LockstepSession *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_SESSION (self), FALSE);

  return self->file != NULL && (self->run == NULL || lockstep_run_get_plan (self->run) == self->file_plan);
}

gboolean
lockstep_session_can_resume (LockstepSession *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_SESSION (self), FALSE);

  return !self->busy && !lockstep_session_get_loading (self) && self->run != NULL && lockstep_run_has_ended (self->run) &&
         lockstep_run_get_directory (self->run) != NULL;
}

LockstepPlan *
lockstep_session_get_file_plan (LockstepSession *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_SESSION (self), NULL);

  return self->file_plan;
}

LockstepHelm *
lockstep_session_get_helm (LockstepSession *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_SESSION (self), NULL);

  return self->helm;
}

GFile *
lockstep_session_get_file (LockstepSession *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_SESSION (self), NULL);

  return self->file;
}

LockstepPlan *
lockstep_session_get_plan (LockstepSession *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_SESSION (self), NULL);

  return self->run != NULL ? lockstep_run_get_plan (self->run) : self->file_plan;
}

LockstepRun *
lockstep_session_get_run (LockstepSession *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_SESSION (self), NULL);

  return self->run;
}

gboolean
lockstep_session_get_live (LockstepSession *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_SESSION (self), FALSE);

  return self->live;
}

gboolean
lockstep_session_get_busy (LockstepSession *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_SESSION (self), FALSE);

  return self->busy;
}

gboolean
lockstep_session_get_loading (LockstepSession *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_SESSION (self), FALSE);

  return self->loader != NULL && lockstep_loader_get_loading (self->loader);
}

const char *
lockstep_session_get_problem (LockstepSession *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_SESSION (self), NULL);

  return self->problem;
}

LockstepChronicle *
lockstep_session_get_chronicle (LockstepSession *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_SESSION (self), NULL);

  return self->chronicle;
}

LockstepMoment *
lockstep_session_get_moment (LockstepSession *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_SESSION (self), NULL);

  return self->moment;
}
