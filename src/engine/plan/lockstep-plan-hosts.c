/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-plan-hosts.h"

#include <glib/gi18n-lib.h>

#include "lockstep-plan-solver.h"

#define MAX_SOLVERS 65536

static const char *const host_members[] = {
  "host", "name", "solvers", "prepare", "directory", "env", "agent", "lost-after", "slurm", NULL
};

/* Of them, those that this version does not do. */
static const char *const unavailable_members[] = { "prepare", "directory", "agent", "lost-after", "slurm", NULL };

static const char *const launch_members[] = { "launch", NULL };

static gboolean
is_known_address (const char *address)
{
  return g_str_equal (address, "local") || g_str_equal (address, "slurm") || g_str_has_prefix (address, "ssh://") ||
         g_str_has_prefix (address, "slurm+ssh://") || g_str_has_prefix (address, "tcp://");
}

/* An address in a string, or {"launch": [command …]}. */
static gboolean
check_address (LockstepJson json,
               const char  *path,
               GError     **error)
{
  g_autofree char *address = NULL;

  if (lockstep_json_get_kind (json) == LOCKSTEP_JSON_OBJECT)
    {
      g_auto (LockstepPlanObject) object = { 0 };

      if (lockstep_plan_object_init (&object, json, path, launch_members, error))
        lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, path,
                                 _ ("hosts that a command connects to are not available in this version of Lockstep, "
                                    "which runs solvers on this machine (\"local\") only"));
      return FALSE;
    }

  if ((address = lockstep_plan_dup_string (json, path, error)) == NULL)
    return FALSE;
  if (!is_known_address (address))
    {
      lockstep_plan_set_type_error (error, path,
                                    _ ("\"local\", \"ssh://user@node\", \"slurm\", \"slurm+ssh://login\" or "
                                       "\"tcp://127.0.0.1:8800\""),
                                    json);
      return FALSE;
    }
  if (!g_str_equal (address, "local"))
    {
      g_autofree char *description = lockstep_json_dup_text (json);

      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, path,
                               _ ("the host %s is not available in this version of Lockstep, which runs solvers "
                                  "on this machine (\"local\") only"),
                               description);
      return FALSE;
    }

  return TRUE;
}

static void
host_spec_free (gpointer data)
{
  LockstepHostSpec *host = data;

  g_free (host->address);
  g_free (host->name);
  g_strfreev (host->env);
  g_free (host);
}

static LockstepHostSpec *
host_spec_new (guint n_solvers)
{
  LockstepHostSpec *host = g_new0 (LockstepHostSpec, 1);

  host->address = g_strdup ("local");
  host->n_solvers = n_solvers;
  host->env = g_new0 (char *, 1);

  return host;
}

gboolean
lockstep_plan_read_n_solvers (const LockstepPlanObject *object,
                              guint                    *n_solvers,
                              GError                  **error)
{
  LockstepJson     json = lockstep_plan_object_get (object, "solvers");
  g_autofree char *path = NULL;
  g_autofree char *expected = NULL;
  gint64           number;

  if (json.text == NULL)
    return TRUE;

  if (lockstep_json_is_string (json, "auto"))
    {
      *n_solvers = 0;
      return TRUE;
    }
  if (lockstep_json_get_int (json, &number) && number >= 1 && number <= MAX_SOLVERS)
    {
      *n_solvers = (guint) number;
      return TRUE;
    }

  path = lockstep_plan_object_dup_path (object, "solvers");
  expected = g_strdup_printf (_ ("\"auto\" or a whole number from 1 to %d"), MAX_SOLVERS);
  lockstep_plan_set_type_error (error, path, expected, json);
  return FALSE;
}

/* An address, or an object with one. */
static gboolean
read_host (LockstepHostSpec *host,
           LockstepJson      json,
           const char       *path,
           GError          **error)
{
  g_auto (LockstepPlanObject) object = { 0 };
  g_autofree char            *address_path = NULL;

  if (lockstep_json_get_kind (json) == LOCKSTEP_JSON_STRING || lockstep_json_get_member (json, "launch").text != NULL)
    return check_address (json, path, error);

  if (!lockstep_plan_object_init (&object, json, path, host_members, error) ||
      !lockstep_plan_object_require (&object, "host", _ ("the address of the host, such as \"local\""), error))
    return FALSE;

  address_path = lockstep_plan_object_dup_path (&object, "host");
  if (!check_address (lockstep_plan_object_get (&object, "host"), address_path, error))
    return FALSE;

  for (guint i = 0; unavailable_members[i] != NULL; i++)
    if (lockstep_plan_object_has (&object, unavailable_members[i]))
      {
        g_autofree char *member_path = lockstep_plan_object_dup_path (&object, unavailable_members[i]);

        lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, member_path,
                                 _ ("this member of a host is not available in this version of Lockstep, which knows "
                                    "“name”, “solvers” and “env”"));
        return FALSE;
      }

  g_clear_pointer (&host->env, g_strfreev);
  return lockstep_plan_object_read_line (&object, "name", &host->name, error) &&
         lockstep_plan_read_n_solvers (&object, &host->n_solvers, error) &&
         lockstep_plan_read_env (&object, &host->env, error);
}

/* Gives @host a name, and refuses one that another of @hosts has. */
static gboolean
settle_name (LockstepHostSpec *host,
             GPtrArray        *hosts,
             const char       *path,
             GError          **error)
{
  if (host->name == NULL)
    host->name = g_strdup (host->address);

  for (guint i = 0; i < hosts->len; i++)
    {
      const LockstepHostSpec *other = g_ptr_array_index (hosts, i);

      if (g_str_equal (other->name, host->name))
        {
          lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, path,
                                   _ ("the name “%s” stands in the list twice; give this host one of its own, "
                                      "{\"host\": \"%s\", \"name\": …}"),
                                   host->name, host->address);
          return FALSE;
        }
    }

  return TRUE;
}

GPtrArray *
lockstep_plan_read_hosts (LockstepJson json,
                          guint        n_solvers,
                          GError     **error)
{
  g_autoptr (GPtrArray) hosts = g_ptr_array_new_with_free_func (host_spec_free);
  LockstepJsonIter      iter;
  LockstepJson          element;

  if (json.text == NULL)
    {
      LockstepHostSpec *host = host_spec_new (n_solvers);

      host->name = g_strdup (host->address);
      g_ptr_array_add (hosts, host);
      return g_steal_pointer (&hosts);
    }

  if (lockstep_json_get_kind (json) == LOCKSTEP_JSON_STRING)
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, "hosts",
                               _ ("named lists of hosts are not available in this version of Lockstep, which runs "
                                  "solvers on this machine ([\"local\"]) only"));
      return NULL;
    }
  if (lockstep_json_get_kind (json) != LOCKSTEP_JSON_ARRAY || lockstep_json_count (json) == 0)
    {
      lockstep_plan_set_type_error (error, "hosts", _ ("a list with at least one host"), json);
      return NULL;
    }

  lockstep_json_iter_init (&iter, json);
  for (guint i = 0; lockstep_json_iter_next (&iter, NULL, &element); i++)
    {
      g_autofree char  *path = lockstep_plan_dup_element_path ("hosts", i);
      LockstepHostSpec *host = host_spec_new (n_solvers);

      if (!read_host (host, element, path, error) || !settle_name (host, hosts, path, error))
        {
          host_spec_free (host);
          return NULL;
        }
      g_ptr_array_add (hosts, host);
    }

  return g_steal_pointer (&hosts);
}
