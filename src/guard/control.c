/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "control.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

bool
control_parse_seconds (const char *text,
                       double     *seconds)
{
  char  *end;
  double value = strtod (text, &end);

  if (end == text || *end != '\0' || !isfinite (value) || value < 0)
    return false;

  *seconds = value;
  return true;
}

static bool
parse_command (const char *line,
               Command    *command)
{
  if (strcmp (line, "pause") == 0)
    command->kind = COMMAND_PAUSE;
  else if (strcmp (line, "continue") == 0)
    command->kind = COMMAND_CONTINUE;
  else if (strncmp (line, "stop ", 5) == 0 && control_parse_seconds (line + 5, &command->seconds))
    command->kind = COMMAND_STOP;
  else
    return false;

  return true;
}

bool
control_read (Control *control,
              void (*handle) (const Command *command, void *data),
              void *data)
{
  char    bytes[512];
  ssize_t n_bytes = recv (control->fd, bytes, sizeof bytes, MSG_DONTWAIT);

  if (n_bytes < 0)
    return errno == EAGAIN || errno == EINTR;
  if (n_bytes == 0)
    return false;

  for (ssize_t i = 0; i < n_bytes; i++)
    {
      Command command;

      if (bytes[i] != '\n')
        {
          if (control->length < sizeof control->line - 1)
            control->line[control->length++] = bytes[i];
          else
            control->too_long = true;
          continue;
        }

      control->line[control->length] = '\0';
      if (!control->too_long && parse_command (control->line, &command))
        handle (&command, data);

      control->length = 0;
      control->too_long = false;
    }

  return true;
}

/* A controller that is gone, or does not read, is no reason to stay. */
static void
send_text (const Control *control,
           const char    *text,
           int            length)
{
  if (control->fd >= 0)
    send (control->fd, text, length, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void
control_write_started (const Control *control,
                       pid_t          pid)
{
  char text[64];

  send_text (control, text, snprintf (text, sizeof text, "{\"started\":%d}\n", pid));
}

void
control_write_report (const Control *control,
                      const Report  *report)
{
  char outcome[64];
  char text[256];

  if (report->failure.what != NULL)
    snprintf (outcome, sizeof outcome, "\"error\":%d,\"what\":\"%s\"", report->failure.error, report->failure.what);
  else if (WIFSIGNALED (report->status))
    snprintf (outcome, sizeof outcome, "\"signal\":%d", WTERMSIG (report->status));
  else
    snprintf (outcome, sizeof outcome, "\"exit\":%d", WEXITSTATUS (report->status));

  send_text (control, text,
             snprintf (text, sizeof text, "{%s,\"seconds\":%.6f,\"cpu\":%.6f,\"peak\":%lld,\"killed\":%zu}\n",
                       outcome, report->seconds, report->cpu, report->peak, report->killed));
}
