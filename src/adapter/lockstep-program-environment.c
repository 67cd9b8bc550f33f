/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-program-environment.h"

#include <string.h>
#include <unistd.h>

/* Where distributions keep it. */
static const char *const line_buffers[] = {
  "/usr/libexec/coreutils/libstdbuf.so",
  "/usr/lib/coreutils/libstdbuf.so",
  "/usr/local/libexec/coreutils/libstdbuf.so",
};

static const char *
find_line_buffer (void)
{
  static const char *found;
  static gsize       looked;

  if (g_once_init_enter (&looked))
    {
      for (guint i = 0; found == NULL && i < G_N_ELEMENTS (line_buffers); i++)
        if (access (line_buffers[i], R_OK) == 0)
          found = line_buffers[i];
      g_once_init_leave (&looked, 1);
    }

  return found;
}

char **
lockstep_program_environment_new (const LockstepProgram      *program,
                                  const LockstepPlaceholders *placeholders,
                                  GError                    **error)
{
  g_auto (GStrv) env = g_get_environ ();
  const char    *line_buffer = find_line_buffer ();

  if (line_buffer != NULL && g_environ_getenv (env, "LD_PRELOAD") == NULL)
    {
      env = g_environ_setenv (g_steal_pointer (&env), "LD_PRELOAD", line_buffer, TRUE);
      env = g_environ_setenv (g_steal_pointer (&env), "_STDBUF_O", "L", FALSE);
    }

  for (guint i = 0; i < program->env->len; i++)
    {
      const LockstepProgramText *text = g_ptr_array_index (program->env, i);
      g_autofree char           *entry = lockstep_program_text_fill (text, placeholders, error);
      char                      *equals;

      if (entry == NULL)
        return NULL;
      equals = strchr (entry, '=');
      *equals = '\0';
      env = g_environ_setenv (g_steal_pointer (&env), entry, equals + 1, TRUE);
    }

  return g_steal_pointer (&env);
}
