/* SPDX-License-Identifier: MIT */

#include "lockstep-node.h"

#include <math.h>

#include "lockstep-json-writer.h"
#include "lockstep-sdk.h"
#include "lockstep-vector.h"

static JsonNode *
read_number (LockstepJson value)
{
  gint64 integer;
  double number;

  if (lockstep_json_get_int (value, &integer))
    return json_node_init_int (json_node_alloc (), integer);
  if (!lockstep_json_get_double (value, &number))
    g_return_val_if_reached (NULL);

  return json_node_init_double (json_node_alloc (), number);
}

static JsonNode *
read_array (LockstepJson value)
{
  g_autoptr (JsonArray) array = json_array_sized_new (lockstep_json_count (value));
  LockstepJsonIter      iter;
  LockstepJson          element;

  lockstep_json_iter_init (&iter, value);
  while (lockstep_json_iter_next (&iter, NULL, &element))
    json_array_add_element (array, lockstep_node_read (element));

  return json_node_init_array (json_node_alloc (), array);
}

void
lockstep_node_read_members (LockstepJson object,
                            JsonObject  *target)
{
  LockstepJsonIter iter;
  LockstepJson     name;
  LockstepJson     value;

  lockstep_json_iter_init (&iter, object);
  while (lockstep_json_iter_next (&iter, &name, &value))
    {
      g_autofree char *text = lockstep_json_dup_string (name, NULL);

      json_object_set_member (target, text, lockstep_node_read (value));
    }
}

JsonNode *
lockstep_node_read (LockstepJson value)
{
  g_autoptr (JsonObject) object = NULL;
  g_autofree char       *string = NULL;
  gboolean               boolean;

  switch (lockstep_json_get_kind (value))
    {
    case LOCKSTEP_JSON_BOOLEAN:
      lockstep_json_get_boolean (value, &boolean);
      return json_node_init_boolean (json_node_alloc (), boolean);
    case LOCKSTEP_JSON_NUMBER:
      return read_number (value);
    case LOCKSTEP_JSON_STRING:
      string = lockstep_json_dup_string (value, NULL);
      return json_node_init_string (json_node_alloc (), string);
    case LOCKSTEP_JSON_ARRAY:
      return read_array (value);
    case LOCKSTEP_JSON_OBJECT:
      object = json_object_new ();
      lockstep_node_read_members (value, object);
      return json_node_init_object (json_node_alloc (), object);
    case LOCKSTEP_JSON_ABSENT:
    case LOCKSTEP_JSON_NULL:
    default:
      return json_node_init_null (json_node_alloc ());
    }
}

gboolean
lockstep_check_finite (const char *name,
                       double      value,
                       GError    **error)
{
  if (isfinite (value))
    return TRUE;

  g_set_error (error, LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_RESULT,
               "the value “%s” is %s, which cannot be sent: only finite numbers can", name,
               isnan (value) ? "NaN" : value > 0 ? "infinity"
                                                 : "-infinity");
  return FALSE;
}

/* @path is the name so far; it grows and shrinks with the way down. */
typedef struct
{
  GString *out;
  GString *path;
  guint    depth;
} NodeWriter;

static gboolean write_node (NodeWriter *writer,
                            JsonNode   *node,
                            GError    **error);

static gboolean
write_value (NodeWriter *writer,
             JsonNode   *node,
             GError    **error)
{
  switch (json_node_get_value_type (node))
    {
    case G_TYPE_INT64:
      g_string_append_printf (writer->out, "%" G_GINT64_FORMAT, json_node_get_int (node));
      return TRUE;
    case G_TYPE_BOOLEAN:
      g_string_append (writer->out, json_node_get_boolean (node) ? "true" : "false");
      return TRUE;
    case G_TYPE_STRING:
      lockstep_json_append_string (writer->out, json_node_get_string (node), -1);
      return TRUE;
    default:
      if (!lockstep_check_finite (writer->path->str, json_node_get_double (node), error))
        return FALSE;
      lockstep_json_append_double (writer->out, json_node_get_double (node));
      return TRUE;
    }
}

static gboolean
write_array (NodeWriter *writer,
             JsonArray  *array,
             GError    **error)
{
  gsize length = writer->path->len;

  g_string_append_c (writer->out, '[');
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      if (i > 0)
        g_string_append_c (writer->out, ',');
      g_string_append_printf (writer->path, "[%u]", i);
      if (!write_node (writer, json_array_get_element (array, i), error))
        return FALSE;
      g_string_truncate (writer->path, length);
    }
  g_string_append_c (writer->out, ']');

  return TRUE;
}

static gboolean
write_object (NodeWriter *writer,
              JsonObject *object,
              GError    **error)
{
  gsize          length = writer->path->len;
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *member;

  g_string_append_c (writer->out, '{');
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &member))
    {
      lockstep_json_append_name (writer->out, name);
      g_string_append_printf (writer->path, ".%s", name);
      if (!write_node (writer, member, error))
        return FALSE;
      g_string_truncate (writer->path, length);
    }
  g_string_append_c (writer->out, '}');

  return TRUE;
}

static gboolean
write_node (NodeWriter *writer,
            JsonNode   *node,
            GError    **error)
{
  JsonNodeType type = node ? json_node_get_node_type (node) : JSON_NODE_NULL;
  gboolean     written;

  if (type == JSON_NODE_NULL)
    {
      g_string_append (writer->out, "null");
      return TRUE;
    }
  if (type == JSON_NODE_VALUE)
    return write_value (writer, node, error);
  if (++writer->depth > LOCKSTEP_NODE_MAX_DEPTH)
    {
      g_set_error (error, LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_RESULT,
                   "the value “%s” is nested deeper than %d levels", writer->path->str, LOCKSTEP_NODE_MAX_DEPTH);
      return FALSE;
    }

  if (type == JSON_NODE_ARRAY)
    written = write_array (writer, json_node_get_array (node), error);
  else
    written = write_object (writer, json_node_get_object (node), error);
  writer->depth--;

  return written;
}

gboolean
lockstep_node_write (GString    *out,
                     JsonNode   *node,
                     const char *name,
                     GError    **error)
{
  g_autoptr (GString) path = g_string_new (name);
  NodeWriter          writer = { .out = out, .path = path, .depth = 1 };

  return write_node (&writer, node, error);
}

static double *
read_plain (JsonArray *array,
            gsize     *n_values)
{
  guint              n = json_array_get_length (array);
  g_autofree double *values = g_new (double, n + 1);

  for (guint i = 0; i < n; i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      GType     type = JSON_NODE_HOLDS_VALUE (element) ? json_node_get_value_type (element) : G_TYPE_INVALID;

      if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
        return NULL;
      values[i] = json_node_get_double (element);
    }
  *n_values = n;

  return g_steal_pointer (&values);
}

static double *
read_encoded (JsonObject *object,
              gsize      *n_values)
{
  JsonNode           *digits = json_object_get_member (object, "f64");
  g_autoptr (GString) text = NULL;

  if (!digits || json_object_get_size (object) != 1 || json_node_get_value_type (digits) != G_TYPE_STRING)
    return NULL;
  text = g_string_new ("{");
  lockstep_json_append_string_member (text, "f64", json_node_get_string (digits));
  g_string_append_c (text, '}');

  return lockstep_vector_read ((LockstepJson){ text->str, text->len }, n_values);
}

double *
lockstep_read_vector (JsonNode   *node,
                      const char *what,
                      gsize      *n_values,
                      GError    **error)
{
  double *values = NULL;

  *n_values = 0;
  if (node && JSON_NODE_HOLDS_ARRAY (node))
    values = read_plain (json_node_get_array (node), n_values);
  else if (node && JSON_NODE_HOLDS_OBJECT (node))
    values = read_encoded (json_node_get_object (node), n_values);
  if (!values)
    g_set_error (error, LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_PARAMS,
                 "%s is not a vector: an array of numbers, or {\"f64\": …} was expected", what);

  return values;
}
