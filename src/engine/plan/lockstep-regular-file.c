/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-regular-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <unistd.h>

static void
set_error_from_errno (GError    **error,
                      const char *path,
                      int         number)
{
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), "%s: %s", shown, g_strerror (number));
}

int
lockstep_regular_file_open (const char *path,
                            goffset    *size,
                            GError    **error)
{
  const int        fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  struct stat      status;
  g_autofree char *shown = NULL;

  if (fd < 0)
    {
      set_error_from_errno (error, path, errno);
      return -1;
    }

  if (fstat (fd, &status) == 0 && S_ISREG (status.st_mode))
    {
      if (size != NULL)
        *size = status.st_size;
      return fd;
    }

  close (fd);
  shown = g_filename_display_name (path);
  g_set_error (error, G_IO_ERROR, S_ISDIR (status.st_mode) ? G_IO_ERROR_IS_DIRECTORY : G_IO_ERROR_NOT_REGULAR_FILE,
               S_ISDIR (status.st_mode) ? _ ("%s is a folder, and not a file") : _ ("%s is not a regular file"), shown);
  return -1;
}

char *
lockstep_regular_file_read (const char *path,
                            gsize       most,
                            gsize      *length,
                            GError    **error)
{
  goffset          size;
  const int        fd = lockstep_regular_file_open (path, &size, error);
  g_autofree char *text = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *limit = NULL;
  ssize_t          count = 1;
  int              saved = 0;

  if (fd < 0)
    return NULL;

  *length = 0;
  if ((guint64) size <= most)
    {
      text = g_malloc ((gsize) size + 1);
      while (count > 0 && *length < (gsize) size)
        {
          do
            count = read (fd, text + *length, (gsize) size - *length);
          while (count < 0 && errno == EINTR);
          saved = count < 0 ? errno : 0;
          *length += (gsize) MAX (count, 0);
        }
      text[*length] = '\0';
    }
  close (fd);

  if (saved != 0)
    {
      set_error_from_errno (error, path, saved);
      return NULL;
    }
  if (text == NULL)
    {
      shown = g_filename_display_name (path);
      limit = g_format_size (most);
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, _ ("%s is longer than %s"), shown, limit);
    }

  return g_steal_pointer (&text);
}
