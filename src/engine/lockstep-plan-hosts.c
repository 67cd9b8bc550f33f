/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-plan-hosts.h"

#include <glib/gi18n-lib.h>

#include "lockstep-plan-object.h"

static const char *const host_members[] = {
  "host", "name", "solvers", "prepare", "directory", "env", "agent", "lost-after", "slurm", NULL
};

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

static gboolean
check_host (LockstepJson json,
            const char  *path,
            GError     **error)
{
  g_auto (LockstepPlanObject) object = { 0 };
  g_autofree char            *address_path = NULL;
  g_autofree char            *name = NULL;

  if (lockstep_json_get_kind (json) == LOCKSTEP_JSON_STRING || lockstep_json_get_member (json, "launch").text != NULL)
    return check_address (json, path, error);

  if (!lockstep_plan_object_init (&object, json, path, host_members, error) ||
      !lockstep_plan_object_require (&object, "host", _ ("the address of the host, such as \"local\""), error))
    return FALSE;

  address_path = lockstep_plan_object_dup_path (&object, "host");
  if (!check_address (lockstep_plan_object_get (&object, "host"), address_path, error) ||
      !lockstep_plan_object_read_line (&object, "name", &name, error))
    return FALSE;

  for (guint i = 2; host_members[i] != NULL; i++)
    if (lockstep_plan_object_has (&object, host_members[i]))
      {
        g_autofree char *member_path = lockstep_plan_object_dup_path (&object, host_members[i]);

        lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, member_path,
                                 _ ("this member of a host is not available in this version of Lockstep; the number of "
                                    "solvers, their folder and their env can stand outside of “hosts”"));
        return FALSE;
      }

  return TRUE;
}

gboolean
lockstep_plan_check_hosts (LockstepJson json,
                           GError     **error)
{
  LockstepJsonIter iter;
  LockstepJson     element;
  guint            count = lockstep_json_count (json);

  if (json.text == NULL)
    return TRUE;

  if (lockstep_json_get_kind (json) == LOCKSTEP_JSON_STRING)
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, "hosts",
                               _ ("named lists of hosts are not available in this version of Lockstep, which runs "
                                  "solvers on this machine ([\"local\"]) only"));
      return FALSE;
    }
  if (lockstep_json_get_kind (json) != LOCKSTEP_JSON_ARRAY || count == 0)
    {
      lockstep_plan_set_type_error (error, "hosts", _ ("a list with at least one host"), json);
      return FALSE;
    }

  lockstep_json_iter_init (&iter, json);
  for (guint i = 0; lockstep_json_iter_next (&iter, NULL, &element); i++)
    {
      g_autofree char *path = lockstep_plan_dup_element_path ("hosts", i);

      if (!check_host (element, path, error))
        return FALSE;
      if (i > 0)
        {
          lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, path,
                                   _ ("this machine stands in the list twice"));
          return FALSE;
        }
    }

  return TRUE;
}
