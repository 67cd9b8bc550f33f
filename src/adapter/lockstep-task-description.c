/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-task-description.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lockstep-json-writer.h"
#include "lockstep-program-process.h"

static void
append_command (GString *out,
                char   **command)
{
  lockstep_json_append_name (out, "command");
  g_string_append_c (out, '[');
  for (guint i = 0; command[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      lockstep_json_append_string (out, command[i], -1);
    }
  g_string_append_c (out, ']');
}

static gboolean
append_env (GString                    *out,
            const LockstepProgram      *program,
            const LockstepPlaceholders *placeholders,
            GError                    **error)
{
  lockstep_json_append_name (out, "env");
  g_string_append_c (out, '{');
  for (guint i = 0; i < program->env->len; i++)
    {
      g_autofree char *entry = lockstep_program_text_fill (g_ptr_array_index (program->env, i), placeholders, error);
      char            *equals;

      if (entry == NULL)
        return FALSE;
      equals = strchr (entry, '=');
      *equals = '\0';
      lockstep_json_append_string_member (out, entry, equals + 1);
    }
  g_string_append_c (out, '}');

  return TRUE;
}

gboolean
lockstep_task_description_write (const LockstepProgram      *program,
                                 const LockstepPlaceholders *placeholders,
                                 const char                 *folder,
                                 char                      **command,
                                 const char                 *directory,
                                 const char                 *input,
                                 GError                    **error)
{
  g_autofree char    *path = g_build_filename (folder, LOCKSTEP_PROGRAM_DESCRIPTION, NULL);
  g_autoptr (GString) out = g_string_sized_new (512);
  int                 descriptor;
  ssize_t             written;

  g_string_printf (out, "{\"task\":%" G_GUINT64_FORMAT ",\"attempt\":%u,\"solver\":%u", placeholders->task,
                   placeholders->attempt, placeholders->solver);
  append_command (out, command);
  lockstep_json_append_string_member (out, "directory", directory);
  lockstep_json_append_name (out, "stdin");
  if (input != NULL)
    lockstep_json_append_string (out, input, -1);
  else
    g_string_append (out, "null");
  if (!append_env (out, program, placeholders, error))
    return FALSE;
  lockstep_json_append_name (out, "params");
  if (placeholders->params[0].text != NULL)
    g_string_append_len (out, placeholders->params[0].text, (gssize) placeholders->params[0].length);
  else
    g_string_append (out, "{}");
  g_string_append (out, "}\n");

  /* In a fresh folder, and never through a link that lies there. */
  descriptor = open (path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, 0666);
  written = descriptor >= 0 ? write (descriptor, out->str, out->len) : -1;
  if (written != (ssize_t) out->len)
    g_set_error (error, LOCKSTEP_PROGRAM_ERROR, LOCKSTEP_PROGRAM_ERROR_START, _ ("The file %s could not be written: %s"), path,
                 g_strerror (written < 0 ? errno : ENOSPC));
  if (descriptor >= 0)
    close (descriptor);

  return written == (ssize_t) out->len;
}

static double
get_seconds (struct timeval time)
{
  return (double) time.tv_sec + (double) time.tv_usec / G_USEC_PER_SEC;
}

void
lockstep_task_description_add_usage (const char          *folder,
                                     int                  status,
                                     double               seconds,
                                     const struct rusage *usage)
{
  static const char   end[] = "}\n";
  g_autofree char    *path = g_build_filename (folder, LOCKSTEP_PROGRAM_DESCRIPTION, NULL);
  g_autoptr (GString) out = g_string_new (NULL);
  char                found[sizeof end - 1];
  const int           descriptor = open (path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY);
  struct stat         file;
  goffset             at;

  if (descriptor < 0)
    return;

  if (fstat (descriptor, &file) == 0 && S_ISREG (file.st_mode) && (at = file.st_size - (goffset) sizeof found) > 0 &&
      pread (descriptor, found, sizeof found, at) == (ssize_t) sizeof found && memcmp (found, end, sizeof found) == 0)
    {
      if (WIFSIGNALED (status))
        g_string_append_printf (out, ",\"signal\":%d", WTERMSIG (status));
      else
        g_string_append_printf (out, ",\"exit\":%d", WEXITSTATUS (status));
      g_string_append (out, ",\"seconds\":");
      lockstep_json_append_double (out, seconds);
      g_string_append (out, ",\"cpu-seconds\":");
      lockstep_json_append_double (out, get_seconds (usage->ru_utime) + get_seconds (usage->ru_stime));
      g_string_append_printf (out, ",\"peak-memory\":%" G_GINT64_FORMAT "%s", (gint64) usage->ru_maxrss * 1024, end);
      if (pwrite (descriptor, out->str, out->len, at) != (ssize_t) out->len)
        g_debug ("%s was not written to its end", path);
    }
  close (descriptor);
}
