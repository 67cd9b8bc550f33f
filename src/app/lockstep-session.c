/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-session.h"

#include "lockstep-launch.h"
#include "lockstep-reading.h"

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
  GCancellable      *loading; /* the reading at work; NULL when there is none */
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
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (LockstepSession) self = user_data;
  g_autoptr (GError)          error = NULL;
  LockstepReading            *reading = lockstep_reading_read_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->loading);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);

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

/* From now on nothing else is being read. */
static void
begin_loading (LockstepSession *self)
{
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  self->loading = g_cancellable_new ();
}

/* Reads what @reading says, instead of what is being read. Takes @reading over. */
static void
read_async (LockstepSession *self,
            LockstepReading *reading)
{
  begin_loading (self);
  lockstep_reading_read_async (reading, self->loading, read_cb, g_object_ref (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

static void
read_file (LockstepSession *self,
           gboolean         start)
{
  LockstepReading *reading = lockstep_reading_new (self->file, NULL);

  reading->start = start;
  read_async (self, reading);
}

/* What became of an attempt to follow a run. */
typedef struct
{
  LockstepSession *session;
  GCancellable    *loading; /* that it is */
  char            *directory;
} Following;

static void
following_free (Following *following)
{
  g_object_unref (following->session);
  g_object_unref (following->loading);
  g_free (following->directory);
  g_free (following);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Following, following_free)

/* A run that is at work and cannot be followed is shown as far as it is written down. */
static void
followed_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (Following)        following = user_data;
  LockstepSession             *self = following->session;
  g_autoptr (GError)           error = NULL;
  g_autoptr (LockstepFollower) follower = lockstep_follower_new_finish (result, &error);
  g_autoptr (LockstepHelm)     helm = NULL;

  if (following->loading != self->loading)
    return;

  if (follower == NULL)
    {
      read_async (self, lockstep_reading_new (NULL, following->directory));
      return;
    }

  helm = lockstep_helm_new_following (follower);
  g_clear_object (&self->loading);
  set_run (self, lockstep_follower_get_run (follower), helm);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

static void
follow (LockstepSession *self,
        const char      *directory)
{
  Following *following = g_new0 (Following, 1);

  begin_loading (self);
  following->session = g_object_ref (self);
  following->loading = g_object_ref (self->loading);
  following->directory = g_strdup (directory);
  lockstep_follower_new_async (directory, self->loading, followed_cb, following);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

static void
launched_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (LockstepSession)  self = user_data;
  g_autoptr (GError)           error = NULL;
  g_autoptr (LockstepLaunched) launched = lockstep_launch_finish (result, &error);

  if (launched == NULL)
    refuse (self, error->message);
  else if (!self->busy)
    follow (self, launched->directory);
}

/* Whether what is shown came of the file as it is known, or nothing is; else it is a run with a plan of its own. */
static gboolean
shows_file (LockstepSession *self)
{
  return self->file != NULL && (self->run == NULL || lockstep_run_get_plan (self->run) == self->file_plan);
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
      g_value_set_boolean (value, self->loading != NULL);
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

  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  watch (self, &self->own, NULL);
  watch (self, &self->helm, NULL);
  g_clear_object (&self->loading);
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
    follow (self, directory);
}

void
lockstep_session_start (LockstepSession *self)
{
  LockstepReading *reading;

  g_return_if_fail (LOCKSTEP_IS_SESSION (self));
  g_return_if_fail (lockstep_session_can_start (self));

  if (shows_file (self))
    {
      read_file (self, TRUE);
      return;
    }

  reading = lockstep_reading_new (NULL, lockstep_run_get_directory (self->run));
  reading->start = TRUE;
  read_async (self, reading);
}

void
lockstep_session_start_in_background (LockstepSession *self)
{
  const char      *arguments[] = { NULL, NULL };
  g_autofree char *path = NULL;

  g_return_if_fail (LOCKSTEP_IS_SESSION (self));
  g_return_if_fail (self->file != NULL);

  arguments[0] = path = g_file_get_path (self->file);
  lockstep_launch_async (arguments, NULL, launched_cb, g_object_ref (self));
}

void
lockstep_session_resume (LockstepSession             *self,
                         const LockstepResumeOptions *what)
{
  LockstepReading *reading;

  g_return_if_fail (LOCKSTEP_IS_SESSION (self));
  g_return_if_fail (lockstep_session_can_resume (self));

  reading = lockstep_reading_new (NULL, lockstep_run_get_directory (self->run));
  reading->resume = TRUE;
  if (what != NULL)
    {
      reading->what = *what;
      reading->what.tasks = g_strdup (what->tasks);
    }
  read_async (self, reading);
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

  if (self->busy || self->loading != NULL)
    return FALSE;
  if (shows_file (self))
    return self->problem == NULL;

  return self->run != NULL && lockstep_run_get_directory (self->run) != NULL;
}

gboolean
lockstep_session_can_resume (LockstepSession *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_SESSION (self), FALSE);

  return !self->busy && self->loading == NULL && self->run != NULL && lockstep_run_has_ended (self->run) &&
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

  return self->loading != NULL;
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
