/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * The controller's end of a conversation with a solver process, in lines, for tests. Whatever does not come within half
 * a minute fails the test.
 */
typedef struct _SdkClient SdkClient;

/* Starts the program with arguments (NULL-terminated) and a socket pair. */
SdkClient *sdk_client_start (const char *const *arguments);

/* Connects to HOST:PORT. */
SdkClient *sdk_client_connect (const char *address);

/* Closes the stream, waits for the process's end and returns its exit status; -1 when a signal ended it, 0 when there is
 * no process. */
int sdk_client_finish (SdkClient *self);

/* Waits for the process to end by itself, and for that of the stream, and returns as above. */
int sdk_client_wait (SdkClient *self);

/* Reads what the process printed until its end, a few words, which must be these. */
void sdk_client_expect_output (SdkClient  *self,
                               const char *text);

/* Writes bytes as they are. */
void sdk_client_write (SdkClient  *self,
                       const char *bytes,
                       gsize       length);

/* Writes a call; @params is JSON, or NULL for none. */
void sdk_client_call (SdkClient  *self,
                      int         id,
                      const char *method,
                      const char *params);

/* Writes a line. */
void sdk_client_send (SdkClient  *self,
                      const char *line);

/* Waits until the solver has begun to write. */
void sdk_client_wait_readable (SdkClient *self);

/* Waits until the solver has taken all that was written. */
void sdk_client_wait_taken (SdkClient *self);

/* Reads the next line, without its end; free it. NULL at the end of the stream. */
char *sdk_client_read (SdkClient *self);

/* Reads the next line, which must be this one. */
void sdk_client_expect (SdkClient  *self,
                        const char *line);

/* Reads the next line, which must be the answer to @id with this result. */
void sdk_client_expect_result (SdkClient  *self,
                               int         id,
                               const char *result);

/* Reads the next line, which must be an error with this code, and with this text in its message. */
void sdk_client_expect_error (SdkClient  *self,
                              const char *id,
                              int         code,
                              const char *text);

/* The usual start: initialize with these params of the plan (JSON), answered. */
void sdk_client_initialize (SdkClient  *self,
                            const char *params);

/* Where the solver for tests is. */
const char *sdk_test_solver (void);

G_END_DECLS
