// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/bus/sk-json-variant.h"

/* A level of JSON takes three of the 64 levels that a D-Bus message may have. */
#define DEEPEST 16

static GVariant *variant_of (const json_t *value, guint depth);

/* --- JSON to variants ---------------------------------------------------------------------------
 */

static GVariant *
variant_of_object (const json_t *object, guint depth)
{
  GVariantBuilder builder;
  const char *key;
  json_t *value;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  json_object_foreach ((json_t *)object, key, value) if (!json_is_null (value))
      g_variant_builder_add (&builder, "{sv}", key, variant_of (value, depth + 1));
  return g_variant_builder_end (&builder);
}

static GVariant *
variant_of_objects (const json_t *array, guint depth)
{
  GVariantBuilder builder;
  json_t *value;
  gsize index;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  json_array_foreach (array, index, value)
      g_variant_builder_add_value (&builder, variant_of_object (value, depth));
  return g_variant_builder_end (&builder);
}

static gboolean
all_are (const json_t *array, json_type type)
{
  json_t *value;
  gsize index;

  json_array_foreach (array, index, value) if (json_typeof (value) != type) return FALSE;
  return json_array_size (array) > 0;
}

static GVariant *
variant_of_strings (const json_t *array)
{
  GVariantBuilder builder;
  json_t *value;
  gsize index;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_STRING_ARRAY);
  json_array_foreach (array, index, value)
      g_variant_builder_add (&builder, "s", json_string_value (value));
  return g_variant_builder_end (&builder);
}

static GVariant *
variant_of_mixed (const json_t *array, guint depth)
{
  GVariantBuilder builder;
  json_t *value;
  gsize index;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("av"));
  json_array_foreach (array, index, value) if (!json_is_null (value))
      g_variant_builder_add (&builder, "v", variant_of (value, depth + 1));
  return g_variant_builder_end (&builder);
}

static GVariant *
variant_of_array (const json_t *array, guint depth)
{
  if (all_are (array, JSON_OBJECT))
    return variant_of_objects (array, depth);
  return all_are (array, JSON_STRING) ? variant_of_strings (array)
                                      : variant_of_mixed (array, depth);
}

static GVariant *
variant_of (const json_t *value, guint depth)
{
  switch (json_typeof (value))
    {
    case JSON_OBJECT:
      return depth < DEEPEST ? variant_of_object (value, depth) : g_variant_new_string ("…");
    case JSON_ARRAY:
      return depth < DEEPEST ? variant_of_array (value, depth) : g_variant_new_string ("…");
    case JSON_STRING:
      return g_variant_new_string (json_string_value (value));
    case JSON_INTEGER:
      return g_variant_new_int64 (json_integer_value (value));
    case JSON_REAL:
      return g_variant_new_double (json_real_value (value));
    default:
      return g_variant_new_boolean (json_is_true (value));
    }
}

GVariant *
sk_variant_of_object (const json_t *object)
{
  return variant_of_object (object, 1);
}

GVariant *
sk_variant_of_array (const json_t *array)
{
  return variant_of_objects (array, 1);
}

/* --- variants to JSON ---------------------------------------------------------------------------
 */

static json_t *
json_of_dictionary (GVariant *variant)
{
  json_t *object = json_object ();
  GVariantIter iter;
  const char *key;
  GVariant *value;

  g_variant_iter_init (&iter, variant);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
    json_object_set_new (object, key, sk_json_of_variant (value));
  return object;
}

static json_t *
json_of_container (GVariant *variant)
{
  json_t *array = json_array ();

  for (gsize i = 0; i < g_variant_n_children (variant); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (variant, i);

      json_array_append_new (array, sk_json_of_variant (child));
    }
  return array;
}

static json_t *
json_of_unsigned (guint64 number)
{
  return number <= G_MAXINT64 ? json_integer ((json_int_t)number) : json_real ((double)number);
}

/* JSON has no infinity. */
static json_t *
json_of_double (double number)
{
  json_t *real = json_real (number);

  return real != NULL ? real : json_null ();
}

static json_t *
json_of_inner (GVariant *variant)
{
  g_autoptr (GVariant) inner = g_variant_get_variant (variant);

  return sk_json_of_variant (inner);
}

json_t *
sk_json_of_variant (GVariant *variant)
{
  switch (g_variant_classify (variant))
    {
    case G_VARIANT_CLASS_BOOLEAN:
      return json_boolean (g_variant_get_boolean (variant));
    case G_VARIANT_CLASS_BYTE:
      return json_integer (g_variant_get_byte (variant));
    case G_VARIANT_CLASS_INT16:
      return json_integer (g_variant_get_int16 (variant));
    case G_VARIANT_CLASS_UINT16:
      return json_integer (g_variant_get_uint16 (variant));
    case G_VARIANT_CLASS_INT32:
      return json_integer (g_variant_get_int32 (variant));
    case G_VARIANT_CLASS_UINT32:
      return json_integer (g_variant_get_uint32 (variant));
    case G_VARIANT_CLASS_INT64:
      return json_integer (g_variant_get_int64 (variant));
    case G_VARIANT_CLASS_UINT64:
      return json_of_unsigned (g_variant_get_uint64 (variant));
    case G_VARIANT_CLASS_DOUBLE:
      return json_of_double (g_variant_get_double (variant));
    case G_VARIANT_CLASS_STRING:
    case G_VARIANT_CLASS_OBJECT_PATH:
    case G_VARIANT_CLASS_SIGNATURE:
      return json_string (g_variant_get_string (variant, NULL));
    case G_VARIANT_CLASS_VARIANT:
      return json_of_inner (variant);
    case G_VARIANT_CLASS_ARRAY:
    case G_VARIANT_CLASS_TUPLE:
      return g_variant_is_of_type (variant, G_VARIANT_TYPE_VARDICT) ? json_of_dictionary (variant)
                                                                    : json_of_container (variant);
    default:
      return json_null ();
    }
}
