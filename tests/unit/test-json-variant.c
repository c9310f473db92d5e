// SPDX-License-Identifier: GPL-3.0-or-later
/* The variants are judged by GLib's own text form of them, the JSON by jansson's. */
#include "agent/bus/sk-json-variant.h"
#include "sk-autoptr.h"

#include <gio/gio.h>

#include <stdlib.h>
#include <string.h>

static void
test_object (void)
{
  static const struct {
    const char *json, *variant;
  } cases[] = {
    { "{}", "@a{sv} {}" },
    { "{\"a\": \"関\", \"b\": true, \"c\": 7, \"d\": 1.5, \"e\": null}",
      "{'a': <'関'>, 'b': <true>, 'c': <int64 7>, 'd': <1.5>}" },
    { "{\"n\": -9223372036854775808}", "{'n': <int64 -9223372036854775808>}" },
    { "{\"l\": [\"x\", \"y\"]}", "{'l': <['x', 'y']>}" },
    { "{\"l\": []}", "{'l': <@av []>}" },
    { "{\"l\": [1, \"y\", null, [false]]}", "{'l': <[<int64 1>, <'y'>, <[<false>]>]>}" },
    { "{\"l\": [{\"a\": 1}, {}]}", "{'l': <[{'a': <int64 1>}, {}]>}" },
    { "{\"o\": {\"p\": {}}}", "{'o': <{'p': <@a{sv} {}>}>}" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (json_t) json = json_loads (cases[i].json, 0, NULL);
      g_autoptr (GVariant) variant = g_variant_ref_sink (sk_variant_of_object (json));
      g_autofree char *text = g_variant_print (variant, TRUE);

      g_assert_nonnull (json);
      g_assert_true (g_variant_is_of_type (variant, G_VARIANT_TYPE_VARDICT));
      g_assert_cmpstr (text, ==, cases[i].variant);
    }
}

static void
test_array (void)
{
  g_autoptr (json_t) none = json_array ();
  g_autoptr (json_t) two = json_loads ("[{\"id\": \"a\"}, {\"id\": \"b\"}]", 0, NULL);
  g_autoptr (GVariant) of_none = g_variant_ref_sink (sk_variant_of_array (none));
  g_autoptr (GVariant) of_two = g_variant_ref_sink (sk_variant_of_array (two));
  g_autofree char *text = g_variant_print (of_two, TRUE);

  g_assert_true (g_variant_is_of_type (of_none, G_VARIANT_TYPE ("aa{sv}")));
  g_assert_cmpuint (g_variant_n_children (of_none), ==, 0);
  g_assert_cmpstr (text, ==, "[{'id': <'a'>}, {'id': <'b'>}]");
}

static void
test_json (void)
{
  static const struct {
    const char *variant, *json;
  } cases[] = {
    { "@a{sv} {}", "{}" },
    { "{'a': <byte 0x07>, 'b': <int16 -2>, 'c': <uint16 65535>, 'd': <-3>, 'e': <uint32 4294967295>}",
      "{\"a\":7,\"b\":-2,\"c\":65535,\"d\":-3,\"e\":4294967295}" },
    { "{'x': <int64 -1>, 't': <uint64 9223372036854775807>}", "{\"x\":-1,\"t\":9223372036854775807}" },
    { "{'t': <uint64 18446744073709551615>}", "{\"t\":1.8446744073709552e19}" },
    { "{'i': <inf>}", "{\"i\":null}" },
    { "{'o': <objectpath '/a'>, 'g': <signature 'as'>, 'h': <handle 1>}",
      "{\"o\":\"/a\",\"g\":\"as\",\"h\":null}" },
    { "{'v': <<<'deep'>>>, 'p': <(1, 'two')>}", "{\"v\":\"deep\",\"p\":[1,\"two\"]}" },
    { "[{'a': <['x', 'y']>}, {'b': <@as []>}]", "[{\"a\":[\"x\",\"y\"]},{\"b\":[]}]" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GVariant) variant = g_variant_parse (NULL, cases[i].variant, NULL, NULL, &error);
      g_autoptr (json_t) json = NULL;
      char *text;

      g_assert_no_error (error);
      json = sk_json_of_variant (variant);
      text = json_dumps (json, JSON_COMPACT);
      g_assert_cmpstr (text, ==, cases[i].json);
      free (text);
    }
}

/* However deep the JSON: what comes out fits into a message, and says where it was cut. */
static void
test_deep (void)
{
  json_t *json = json_string ("bottom");
  g_autoptr (GVariant) variant = NULL;
  g_autoptr (GDBusMessage) message = g_dbus_message_new_signal ("/a", "a.b", "C");
  g_autoptr (GError) error = NULL;
  g_autofree guchar *blob = NULL;
  g_autofree char *text = NULL;
  gsize size;

  for (int i = 0; i < 200; i++)
    json = i % 2 ? json_pack ("{s:o}", "k", json) : json_pack ("[o]", json);
  variant = g_variant_ref_sink (sk_variant_of_object (json));
  json_decref (json);
  g_dbus_message_set_body (message, g_variant_new_tuple (&variant, 1));
  blob = g_dbus_message_to_blob (message, &size, G_DBUS_CAPABILITY_FLAGS_NONE, &error);
  g_assert_no_error (error);
  g_assert_nonnull (blob);
  g_clear_object (&message);
  message = g_dbus_message_new_from_blob (blob, size, G_DBUS_CAPABILITY_FLAGS_NONE, &error);
  g_assert_no_error (error);
  text = g_variant_print (g_dbus_message_get_body (message), FALSE);
  g_assert_nonnull (strstr (text, "…"));
  g_assert_null (strstr (text, "bottom"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-variant/object", test_object);
  g_test_add_func ("/json-variant/array", test_array);
  g_test_add_func ("/json-variant/json", test_json);
  g_test_add_func ("/json-variant/deep", test_deep);
  return g_test_run ();
}
