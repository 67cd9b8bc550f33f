/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-loader.h"

#include "lockstep-launch.h"

struct _LockstepLoader
{
  GObject       parent_instance;
  GCancellable *work; /* of what is being fetched; NULL when nothing is */
};

G_DEFINE_FINAL_TYPE (LockstepLoader, lockstep_loader, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_LOADING,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

enum
{
  SIGNAL_READ,
  SIGNAL_FOLLOWED,
  SIGNAL_LAUNCHED,
  SIGNAL_REFUSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* The only place that writes self->work. */
static void
set_work (LockstepLoader *self,
          GCancellable   *work)
{
  const gboolean was_loading = self->work != NULL;

  if (self->work != work)
    g_cancellable_cancel (self->work);
  g_set_object (&self->work, work);
  if (was_loading != (work != NULL))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (LockstepLoader) self = user_data;
  g_autoptr (GError)         error = NULL;
  LockstepReading           *reading = lockstep_reading_read_finish (result, &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->work)
    return;

  set_work (self, NULL);
  g_signal_emit (self, signals[SIGNAL_READ], 0, reading, error);
}

/* An attempt to follow a run. */
typedef struct
{
  LockstepLoader *loader;
  GCancellable   *work;
  char           *directory;
} Following;

static void
following_free (Following *following)
{
  g_object_unref (following->loader);
  g_object_unref (following->work);
  g_free (following->directory);
  g_free (following);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Following, following_free)

static void
followed_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (Following)        following = user_data;
  LockstepLoader              *self = following->loader;
  g_autoptr (LockstepFollower) follower = lockstep_follower_new_finish (result, NULL);

  if (following->work != self->work)
    return;

  if (follower == NULL)
    {
      lockstep_loader_read (self, lockstep_reading_new (NULL, following->directory));
      return;
    }

  set_work (self, NULL);
  g_signal_emit (self, signals[SIGNAL_FOLLOWED], 0, follower);
}

static void
launched_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (LockstepLoader)   self = user_data;
  g_autoptr (GError)           error = NULL;
  g_autoptr (LockstepLaunched) launched = lockstep_launch_finish (result, &error);

  if (launched != NULL)
    g_signal_emit (self, signals[SIGNAL_LAUNCHED], 0, launched->directory);
  else
    g_signal_emit (self, signals[SIGNAL_REFUSED], 0, error->message);
}

static void
lockstep_loader_get_property (GObject    *object,
                              guint       property_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  switch (property_id)
    {
    case PROP_LOADING:
      g_value_set_boolean (value, lockstep_loader_get_loading (LOCKSTEP_LOADER (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_loader_dispose (GObject *object)
{
  lockstep_loader_cancel (LOCKSTEP_LOADER (object));

  G_OBJECT_CLASS (lockstep_loader_parent_class)->dispose (object);
}

static void
lockstep_loader_class_init (LockstepLoaderClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = lockstep_loader_get_property;
  object_class->dispose = lockstep_loader_dispose;

  properties[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[SIGNAL_READ] = g_signal_new ("read", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_POINTER);
  signals[SIGNAL_FOLLOWED] = g_signal_new ("followed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 1, LOCKSTEP_TYPE_FOLLOWER);
  signals[SIGNAL_LAUNCHED] = g_signal_new ("launched", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_REFUSED] = g_signal_new ("refused", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
lockstep_loader_init (LockstepLoader *self)
{
}

LockstepLoader *
lockstep_loader_new (void)
{
  return g_object_new (LOCKSTEP_TYPE_LOADER, NULL);
}

void
lockstep_loader_read (LockstepLoader  *self,
                      LockstepReading *reading)
{
  g_autoptr (GCancellable) work = g_cancellable_new ();

  g_return_if_fail (LOCKSTEP_IS_LOADER (self));
  g_return_if_fail (reading != NULL);

  set_work (self, work);
  lockstep_reading_read_async (reading, work, read_cb, g_object_ref (self));
}

void
lockstep_loader_follow (LockstepLoader *self,
                        const char     *directory)
{
  Following *following;

  g_return_if_fail (LOCKSTEP_IS_LOADER (self));
  g_return_if_fail (directory != NULL);

  following = g_new0 (Following, 1);
  following->loader = g_object_ref (self);
  following->work = g_cancellable_new ();
  following->directory = g_strdup (directory);
  set_work (self, following->work);
  lockstep_follower_new_async (directory, following->work, followed_cb, following);
}

void
lockstep_loader_launch (LockstepLoader *self,
                        GFile          *file)
{
  const char      *arguments[] = { NULL, NULL };
  g_autofree char *path = NULL;

  g_return_if_fail (LOCKSTEP_IS_LOADER (self));
  g_return_if_fail (G_IS_FILE (file));

  arguments[0] = path = g_file_get_path (file);
  lockstep_launch_async (arguments, NULL, launched_cb, g_object_ref (self));
}

void
lockstep_loader_cancel (LockstepLoader *self)
{
  g_return_if_fail (LOCKSTEP_IS_LOADER (self));

  set_work (self, NULL);
}

gboolean
lockstep_loader_get_loading (LockstepLoader *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_LOADER (self), FALSE);

  return self->work != NULL;
}
