/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-probe.h"

G_BEGIN_DECLS

/**
 * Reads a file that may still grow, such as what a program prints, and looks for patterns in its lines.
 *
 * Memory is bounded, whatever is printed: a line ends at \n or \r, or after LOCKSTEP_OUTPUT_MAX_LINE bytes. Of a piece of the
 * file only the lines with a pattern's literal text are looked at one by one.
 */
typedef struct _LockstepOutputReader LockstepOutputReader;

#define LOCKSTEP_OUTPUT_MAX_LINE (64 * 1024)

/* Begins at the start of the file @descriptor, which stays the caller's. */
LockstepOutputReader *lockstep_output_reader_new (int descriptor);

void lockstep_output_reader_free (LockstepOutputReader *self);

/* Looks for @probe (not owned; with a pattern) in what is read from now on. */
void lockstep_output_reader_add (LockstepOutputReader *self,
                                 LockstepProbe        *probe);

/* Reads at most @n_bytes that are new. Returns how many were; less than @n_bytes when that is all there is. */
gsize lockstep_output_reader_read (LockstepOutputReader *self,
                                   gsize                 n_bytes);

/* There will be no more: looks at what stands after the last line end. */
void lockstep_output_reader_finish (LockstepOutputReader *self);

/* How many bytes were read. */
goffset lockstep_output_reader_get_offset (LockstepOutputReader *self);

/* The newest line with anything in it, also one that is not ended yet, fit to be shown and cut to @max_bytes; NULL
 * where there is none. */
char *lockstep_output_reader_dup_newest (LockstepOutputReader *self,
                                         gsize                 max_bytes);

/* @text (@length bytes of what was printed) fit to be shown: UTF-8, without colours and other control characters. */
char *lockstep_output_dup_shown (const char *text,
                                 gsize       length);

/* The last lines of the file @descriptor that are not empty, at most @n_lines of them, and the last 4 KiB, fit to be
 * shown; of a line that is longer than that the end, after "…"; "" where there are none. */
char *lockstep_output_dup_last_lines (int   descriptor,
                                      guint n_lines);

/* A file that the last lines of the file @descriptor name, and that lies in @folder (of a plan) and not in @working_folder: what a
 * program that runs elsewhere than usual often fails for. NULL where there is none. */
char *lockstep_output_dup_missing_file (int         descriptor,
                                        const char *folder,
                                        const char *working_folder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepOutputReader, lockstep_output_reader_free)

G_END_DECLS
