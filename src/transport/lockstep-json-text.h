/* SPDX-License-Identifier: MIT */

#pragma once

#include <string.h>

#include "lockstep-json.h"

G_BEGIN_DECLS

/**
 * What the reader and the writer of JSON both know about bytes: which ones are plain inside a string,
 * and where a UTF-8 sequence ends. Private to transport/ and sdk/; here, and not in a .c file, to be inlined.
 */

#define LOCKSTEP_BYTES(byte) (G_GUINT64_CONSTANT (0x0101010101010101) * (byte))

/* The high bit of each byte of @word that is less than @limit (at most 0x80), provided that no byte has its high bit
 * set; above the first such byte there may be false ones, so that only the lowest is to be trusted. */
static inline guint64
lockstep_bytes_below (guint64 word,
                      guint8  limit)
{
  return (word - LOCKSTEP_BYTES (limit)) & LOCKSTEP_BYTES (0x80);
}

/* Eight bytes, the first of them the lowest. */
static inline guint64
lockstep_bytes_load (const char *text)
{
  guint64 word;

  memcpy (&word, text, sizeof word);

  return GUINT64_FROM_LE (word);
}

/* The place of the first byte that is marked in @mask, which is not 0. */
static inline guint
lockstep_bytes_first (guint64 mask)
{
  return (guint) __builtin_ctzll (mask) / 8;
}

/* The first byte from @text on that is not plain inside a string: a quote, a backslash, a control, or not ASCII. */
static inline const char *
lockstep_skip_plain (const char *text,
                     const char *end)
{
  while (end - text >= 8)
    {
      guint64 word = lockstep_bytes_load (text);
      guint64 special = (word & LOCKSTEP_BYTES (0x80)) |
                        lockstep_bytes_below (word, 0x20) |
                        lockstep_bytes_below (word ^ LOCKSTEP_BYTES ('"'), 1) |
                        lockstep_bytes_below (word ^ LOCKSTEP_BYTES ('\\'), 1);

      if (special != 0)
        return text + lockstep_bytes_first (special);

      text += 8;
    }

  while (text < end && (guchar) *text >= 0x20 && (guchar) *text < 0x80 && *text != '"' && *text != '\\')
    text++;

  return text;
}

/* The length of the UTF-8 sequence at @text, which is not ASCII, or 0 when it is none (RFC 3629: nothing overlong, no
 * surrogates, nothing above U+10FFFF). */
static inline gsize
lockstep_utf8_length (const char *text,
                      const char *end)
{
  const guchar *byte = (const guchar *) text;
  gsize         available = (gsize) (end - text);
  guchar        lowest = 0x80;
  guchar        highest = 0xbf;
  gsize         length;

  if (byte[0] < 0xc2 || byte[0] > 0xf4)
    return 0;

  length = byte[0] < 0xe0 ? 2 : byte[0] < 0xf0 ? 3
                                               : 4;
  if (available < length)
    return 0;

  switch (byte[0])
    {
    case 0xe0:
      lowest = 0xa0;
      break;
    case 0xed:
      highest = 0x9f;
      break;
    case 0xf0:
      lowest = 0x90;
      break;
    case 0xf4:
      highest = 0x8f;
      break;
    default:
      break;
    }

  if (byte[1] < lowest || byte[1] > highest)
    return 0;

  for (gsize i = 2; i < length; i++)
    if ((byte[i] & 0xc0) != 0x80)
      return 0;

  return length;
}

/* lockstep_json_scan() of a value that stands inside of @depth arrays and objects. */
gboolean lockstep_json_scan_within (const char   *text,
                                    gsize         length,
                                    guint         depth,
                                    LockstepJson *value,
                                    GError      **error);

/* The same, and lockstep_json_get_members() of what it finds: in one walk, for what is read most often. */
gboolean lockstep_json_scan_members (const char        *text,
                                     gsize              length,
                                     guint              depth,
                                     const char *const *names,
                                     guint              n_names,
                                     LockstepJson      *members,
                                     LockstepJson      *value,
                                     GError           **error);

/* Keeps @value where @name is one of @names. */
void lockstep_json_sort_member (LockstepJson       name,
                                LockstepJson       value,
                                const char *const *names,
                                guint              n_names,
                                LockstepJson      *members);

G_END_DECLS
