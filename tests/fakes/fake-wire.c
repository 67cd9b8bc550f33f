/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "fake-wire.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int    stream = -1;
static bool   outlive;
static char  *buffer;
static size_t size;
static size_t filled;
static size_t consumed; /* bytes of the message that was read last */

void
wire_open (void)
{
  const char *name = getenv ("LOCKSTEP_STREAM");

  if (!name || sscanf (name, "fd:%d", &stream) != 1)
    {
      fprintf (stderr, "fake-solver: LOCKSTEP_STREAM does not name a stream\n");
      exit (2);
    }
  signal (SIGPIPE, SIG_IGN);
}

void
wire_close (void)
{
  close (stream);
}

void
wire_outlive (void)
{
  outlive = true;
}

static double
now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec * 1e-9;
}

static void
end_of_stream (void)
{
  if (!outlive)
    exit (0);
  for (;;)
    pause ();
}

/* Where the value that starts at @text ends. */
static const char *
skip_value (const char *text,
            const char *end)
{
  int depth = 0;

  while (text < end)
    {
      char c = *text;

      if (c == '"')
        {
          for (text++; text < end && *text != '"'; text++)
            if (*text == '\\')
              text++;
        }
      else if (c == '{' || c == '[')
        depth++;
      else if (c == '}' || c == ']')
        {
          if (depth == 0)
            return text;
          depth--;
        }
      else if (depth == 0 && (c == ',' || c == ':'))
        return text;
      text++;
    }

  return end;
}

static Slice
trimmed (const char *text,
         const char *end)
{
  while (text < end && strchr (" \t\r\n", *text))
    text++;
  while (end > text && strchr (" \t\r\n", end[-1]))
    end--;

  return (Slice){ text, end - text };
}

bool
slice_next (Slice *rest,
            Slice *element)
{
  const char *end = rest->text + rest->length;
  const char *stop;

  if (rest->length == 0 || (rest->text[0] != '[' && rest->text[0] != ','))
    return false;
  stop = skip_value (rest->text + 1, end);
  *element = trimmed (rest->text + 1, stop);
  *rest = (Slice){ stop, end - stop };

  return element->length > 0;
}

Slice
slice_member (Slice       object,
              const char *name)
{
  const char *text = object.text;
  const char *end = object.text + object.length;

  if (object.length == 0 || *text != '{')
    return (Slice){ NULL, 0 };
  for (text++; text < end && *text != '}'; text++)
    {
      const char *colon = skip_value (text, end);
      const char *stop = colon < end ? skip_value (colon + 1, end) : end;
      Slice       key = trimmed (text, colon);

      if (key.length == strlen (name) + 2 && strncmp (key.text + 1, name, strlen (name)) == 0)
        return trimmed (colon + 1, stop);
      if (stop >= end || *stop == '}')
        break;
      text = stop;
    }

  return (Slice){ NULL, 0 };
}

bool
slice_is (Slice       slice,
          const char *text)
{
  return slice.length == strlen (text) && strncmp (slice.text, text, slice.length) == 0;
}

char *
slice_copy (Slice slice)
{
  return strndup (slice.text ? slice.text : "", slice.length);
}

double
slice_number (Slice  slice,
              double otherwise)
{
  char  *text = slice_copy (slice);
  char  *end;
  double number = strtod (text, &end);
  bool   is_number = end != text;

  free (text);
  return is_number ? number : otherwise;
}

/* Reads more into the buffer; FALSE when @until has come first. A negative @until never comes. */
static bool
fill (double until)
{
  struct pollfd descriptor = { .fd = stream, .events = POLLIN };
  const double  left = until < 0 ? 0 : fmax (until - now (), 0);
  const time_t  seconds = (time_t) left;
  ssize_t       n;

  n = ppoll (&descriptor, 1, until < 0 ? NULL : &(struct timespec){ seconds, (long) ((left - (double) seconds) * 1e9) }, NULL);
  if (n == 0)
    return false;
  if (n < 0)
    return true;

  if (size - filled < 65536)
    {
      size = size * 2 + 131072;
      buffer = realloc (buffer, size);
      if (!buffer)
        abort ();
    }
  n = read (stream, buffer + filled, size - filled);
  if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
    end_of_stream ();
  if (n > 0)
    filled += n;

  return true;
}

bool
wire_read (Message *message,
           double   seconds)
{
  double until = seconds < 0 ? -1 : now () + seconds;
  size_t seen = 0;
  char  *newline;
  Slice  line;

  if (consumed > 0)
    {
      memmove (buffer, buffer + consumed, filled - consumed);
      filled -= consumed;
      consumed = 0;
    }
  while (!(newline = filled > seen ? memchr (buffer + seen, '\n', filled - seen) : NULL))
    {
      seen = filled;
      if (!fill (until))
        return false;
    }

  consumed = newline - buffer + 1;
  line = (Slice){ buffer, newline - buffer };
  message->id = slice_member (line, "id");
  message->params = slice_member (line, "params");
  message->method = slice_member (line, "method");
  if (message->method.length >= 2)
    message->method = (Slice){ message->method.text + 1, message->method.length - 2 };

  return true;
}

void
wire_write_bytes (const char *bytes,
                  size_t      length)
{
  while (length > 0)
    {
      ssize_t n = write (stream, bytes, length);

      if (n < 0 && errno == EAGAIN)
        {
          struct pollfd descriptor = { .fd = stream, .events = POLLOUT };

          poll (&descriptor, 1, -1);
          continue;
        }
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          end_of_stream ();
          return;
        }
      bytes += n;
      length -= n;
    }
}

void
wire_write (const char *format,
            ...)
{
  va_list arguments;
  char   *text = NULL;
  int     length;

  va_start (arguments, format);
  length = vasprintf (&text, format, arguments);
  va_end (arguments);
  if (length < 0)
    abort ();
  text[length] = '\n';
  wire_write_bytes (text, length + 1);
  free (text);
}

void
wire_answer (Slice       id,
             const char *result,
             size_t      length)
{
  char head[128];
  int  n = snprintf (head, sizeof head, "{\"jsonrpc\":\"2.0\",\"id\":%.*s,\"result\":", (int) id.length, id.text);

  wire_write_bytes (head, n);
  wire_write_bytes (result, length);
  wire_write_bytes ("}\n", 2);
}

void
wire_fail (Slice       id,
           int         code,
           const char *message)
{
  wire_write ("{\"jsonrpc\":\"2.0\",\"id\":%.*s,\"error\":{\"code\":%d,\"message\":\"%s\"}}",
              (int) id.length, id.text, code, message);
}
