/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * A text file in the TNTP format of the Transportation Networks for Research collection
 * (https://github.com/bstabler/TransportationNetworks): lines of metadata, `<NAME> value`, up to
 * `<END OF METADATA>`, then lines of data. A `~` starts a comment; empty lines mean nothing.
 */

#define ASSIGNMENT_ERROR (assignment_error_quark ())
GQuark assignment_error_quark (void);

typedef enum
{
  ASSIGNMENT_ERROR_FORMAT,      /* a file is not what it should be; the message begins with FILE:LINE: */
  ASSIGNMENT_ERROR_UNREACHABLE, /* no path leads from an origin to one of its destinations */
  ASSIGNMENT_ERROR_FLOWS,       /* flows or loads that do not belong to this network */
} AssignmentError;

typedef struct _AssignmentText AssignmentText;

/* Reads the file and its metadata; the next line is the first one of data. NULL with @error. */
AssignmentText *assignment_text_open (const char *path,
                                      GError    **error);

void assignment_text_free (AssignmentText *text);

/* The whole number that the metadata @name ("NUMBER OF ZONES") gives, from @least to @most. */
gboolean assignment_text_get_count (AssignmentText *text,
                                    const char     *name,
                                    guint           least,
                                    guint           most,
                                    guint          *count,
                                    GError        **error);

gboolean assignment_text_has (AssignmentText *text,
                              const char     *name);

/* The next line that says something, without comment and white space around it, or NULL at the end of
 * the file. Owned by the text. */
char *assignment_text_next_line (AssignmentText *text);

/* Reads a number at @cursor and moves behind it. @what says in a message what the number means. */
gboolean assignment_text_read_number (AssignmentText *text,
                                      char          **cursor,
                                      const char     *what,
                                      double         *number,
                                      GError        **error);

/* Reads a whole number of 1 to @most at @cursor and moves behind it. */
gboolean assignment_text_read_index (AssignmentText *text,
                                     char          **cursor,
                                     const char     *what,
                                     guint           most,
                                     guint          *index,
                                     GError        **error);

/* Sets @error to what is wrong on the line last read, with file and line in front. Returns FALSE. */
gboolean assignment_text_fail (AssignmentText *text,
                               GError        **error,
                               const char     *format,
                               ...) G_GNUC_PRINTF (3, 4);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssignmentText, assignment_text_free)

G_END_DECLS
