/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-pattern.h"
#include "lockstep-placeholders.h"

G_BEGIN_DECLS

/**
 * The program member of a plan: an unmodified program that is run once per task. Plain data, written by its reader
 * (lockstep-plan-program.h) only.
 */

/* The method that the adapter's steps have, and the name of the adapter itself, which hosts look for where the guard
 * is. */
#define LOCKSTEP_PROGRAM_METHOD  "run"
#define LOCKSTEP_PROGRAM_ADAPTER "lockstep-adapter"

/* Files that each folder of an attempt has: what the program printed, and how it was started. */
#define LOCKSTEP_PROGRAM_LOG         "output.log"
#define LOCKSTEP_PROGRAM_DESCRIPTION "task.json"

/* Text with placeholders, and where it stands in the plan ("program.command[1]"). */
typedef struct
{
  char *text;
  char *path;
} LockstepProgramText;

typedef enum
{
  LOCKSTEP_PROGRAM_TEMPLATE, /* copied, with its placeholders filled */
  LOCKSTEP_PROGRAM_COPY,
  LOCKSTEP_PROGRAM_LINK, /* a symbolic link to it */
} LockstepProgramFileKind;

/* A file that a task finds in its folder. */
typedef struct
{
  LockstepProgramFileKind kind;
  LockstepProgramText     target; /* relative to the task's folder, and inside of it */
  LockstepProgramText     source; /* relative to the plan's folder */
} LockstepProgramFile;

/* A number to be watched while the program runs. */
typedef struct
{
  char            *name;
  LockstepPattern *pattern;
} LockstepProgramValue;

/* Which of several matches, or rows of a table, counts. */
typedef enum
{
  LOCKSTEP_ROW_LAST,
  LOCKSTEP_ROW_FIRST,
  LOCKSTEP_ROW_MIN,
  LOCKSTEP_ROW_MAX,
} LockstepRow;

/* A part of a task's result; exactly one of pattern, column and member is set. */
typedef struct
{
  char                *name;
  LockstepProgramText *file;    /* not owned; relative to the working folder; NULL for what the program prints */
  LockstepPattern     *pattern; /* owned; or NULL */
  char                *column;  /* of a table; or NULL */
  char                *member;  /* dotted path into a JSON file; or NULL */
  LockstepRow          row;
  gboolean             optional; /* null where it is not found */
} LockstepProgramResult;

typedef enum
{
  LOCKSTEP_KEEP_ALL,
  LOCKSTEP_KEEP_FAILED,
  LOCKSTEP_KEEP_NONE,
} LockstepKeep;

typedef struct
{
  GPtrArray *texts; /* every text with placeholders, of LockstepProgramText; owns those that follow */

  GPtrArray           *command;       /* of LockstepProgramText, at least one */
  GPtrArray           *env;           /* of LockstepProgramText: "NAME=VALUE" */
  LockstepProgramText *directory;     /* NULL for a fresh folder for each task and attempt */
  LockstepProgramText *input;         /* the file that is its standard input; NULL for none */
  guint                threads;       /* at least 1 */
  guint64              memory;        /* bytes; 0 when not given */
  GPtrArray           *files;         /* of LockstepProgramFile */
  LockstepPattern     *progress;      /* or NULL */
  LockstepProgramText *progress_of;   /* the number that is the end; set where progress is */
  GPtrArray           *values;        /* of LockstepProgramValue */
  GPtrArray           *results;       /* of LockstepProgramResult */
  GArray              *exits;         /* of int: codes that are success */
  LockstepProgramText *succeeds_file; /* has to be there at the end; or NULL */
  GPtrArray           *fails_if;      /* of LockstepPattern */
  LockstepKeep         keep;
  GPtrArray           *collect; /* of LockstepProgramText */
} LockstepProgram;

void lockstep_program_free (LockstepProgram *self);

/* Whether @path stays in the folder that it is relative to, by its text. */
gboolean lockstep_program_is_inside (const char *path);

/* @text with its placeholders filled, or NULL with an error that begins with its path. */
char *lockstep_program_text_fill (const LockstepProgramText  *text,
                                  const LockstepPlaceholders *placeholders,
                                  GError                    **error);

/* The same for a file: absolute, or relative to @folder (absolute). */
char *lockstep_program_text_fill_path (const LockstepProgramText  *text,
                                       const LockstepPlaceholders *placeholders,
                                       const char                 *folder,
                                       GError                    **error);

/* The target of @file, filled, which is a path inside of the task's folder and none of Lockstep's own files. */
char *lockstep_program_file_dup_target (const LockstepProgramFile  *file,
                                        const LockstepPlaceholders *placeholders,
                                        GError                    **error);

/* The words of the command, filled; the program itself with a path where its name has a slash, which starts at the
 * plan's folder. */
char **lockstep_program_dup_command (const LockstepProgram      *self,
                                     const LockstepPlaceholders *placeholders,
                                     GError                    **error);

/* The first of them alone; NULL where it depends on the task. */
char *lockstep_program_dup_name (const LockstepProgram      *self,
                                 const LockstepPlaceholders *placeholders);

/* @template (@length bytes of the file called @name) with its placeholders filled; an error names the line. */
GString *lockstep_program_fill_template (const LockstepPlaceholders *placeholders,
                                         const char                 *name,
                                         const char *template,
                                         gsize    length,
                                         GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepProgram, lockstep_program_free)

G_END_DECLS
