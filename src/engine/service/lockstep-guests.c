/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-guests.h"

/* Who has asked nothing for so long (µs) is idle. Who has connected just now is about to ask. */
#define IDLE G_USEC_PER_SEC

typedef struct
{
  LockstepPeer *peer;  /* owned */
  gint64        asked; /* when it connected, or asked something last (monotonic) */
  gboolean      kept;
} Guest;

struct _LockstepGuests
{
  GPtrArray *guests; /* of Guest */
};

static void
guest_free (gpointer data)
{
  Guest *guest = data;

  g_object_unref (guest->peer);
  g_free (guest);
}

/* Its index; that of no guest where it is none. */
static guint
find (LockstepGuests *self,
      LockstepPeer   *peer)
{
  guint i;

  for (i = 0; i < self->guests->len; i++)
    if (((Guest *) g_ptr_array_index (self->guests, i))->peer == peer)
      break;

  return i;
}

LockstepGuests *
lockstep_guests_new (void)
{
  LockstepGuests *self = g_new0 (LockstepGuests, 1);

  self->guests = g_ptr_array_new_with_free_func (guest_free);

  return self;
}

void
lockstep_guests_free (LockstepGuests *self)
{
  g_ptr_array_unref (self->guests);
  g_free (self);
}

guint
lockstep_guests_get_n (LockstepGuests *self)
{
  return self->guests->len;
}

void
lockstep_guests_add (LockstepGuests *self,
                     LockstepPeer   *peer)
{
  Guest *guest = g_new0 (Guest, 1);

  guest->peer = g_object_ref (peer);
  guest->asked = g_get_monotonic_time ();
  g_ptr_array_add (self->guests, guest);
}

void
lockstep_guests_remove (LockstepGuests *self,
                        LockstepPeer   *peer)
{
  const guint index = find (self, peer);

  if (index < self->guests->len)
    g_ptr_array_remove_index_fast (self->guests, index);
}

void
lockstep_guests_note_request (LockstepGuests *self,
                              LockstepPeer   *peer)
{
  const guint index = find (self, peer);

  if (index < self->guests->len)
    ((Guest *) g_ptr_array_index (self->guests, index))->asked = g_get_monotonic_time ();
}

void
lockstep_guests_keep (LockstepGuests *self,
                      LockstepPeer   *peer)
{
  const guint index = find (self, peer);

  if (index < self->guests->len)
    ((Guest *) g_ptr_array_index (self->guests, index))->kept = TRUE;
}

LockstepPeer *
lockstep_guests_find_idle (LockstepGuests *self)
{
  gint64        first = g_get_monotonic_time () - IDLE;
  LockstepPeer *found = NULL;

  for (guint i = 0; i < self->guests->len; i++)
    {
      const Guest *guest = g_ptr_array_index (self->guests, i);

      if (guest->kept || guest->asked > first || lockstep_peer_get_n_unanswered (guest->peer) > 0)
        continue;
      first = guest->asked;
      found = guest->peer;
    }

  return found;
}

LockstepPeer *
lockstep_guests_find_any (LockstepGuests *self)
{
  return self->guests->len > 0 ? ((Guest *) g_ptr_array_index (self->guests, self->guests->len - 1))->peer : NULL;
}
