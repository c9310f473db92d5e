/* A field's raw value, read as a text, as parameters, and as a list of addresses: what comes out is
 * UTF-8 without control characters, addresses stay what they are when they are read again. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz-input.h"

#include "sk-address.h"
#include "sk-header.h"

#define ADDRESSES 50

static void
check_text (const char *raw, gsize length)
{
  g_autofree char *text = sk_header_decode_text (raw, length);

  g_assert_true (fuzz_is_clean (text));
}

static void
check_parameters (const char *raw, gsize length)
{
  static const char *const names[] = { "filename", "name", "charset", "boundary", "a" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *value = sk_header_parameter (raw, length, names[i]);

      g_assert_true (value == NULL || fuzz_is_clean (value));
    }
}

static void
check_address (const SkAddress *address)
{
  g_autoptr (SkAddress) again = sk_address_new (address->text, address->name);
  g_autoptr (SkAddress) copy = sk_address_copy (address);

  g_assert_true (fuzz_is_clean (address->text));
  g_assert_true (fuzz_is_clean (address->key));
  g_assert_true (address->name == NULL || (*address->name != '\0' && fuzz_is_clean (address->name)));
  g_assert_true (address->domain > address->key + 1 && address->domain[-1] == '@');
  g_assert_true (*address->domain != '\0' && strchr (address->domain, '@') == NULL);
  g_assert_nonnull (again);
  g_assert_cmpstr (again->key, ==, address->key);
  g_assert_cmpstr (again->name, ==, address->name);
  g_assert_cmpstr (copy->key, ==, address->key);
  g_assert_cmpstr (copy->domain, ==, address->domain);
}

/* The key of an address is an address with the same key. */
static void
check_key (const SkAddress *address)
{
  g_autoptr (SkAddress) again = sk_address_new (address->key, NULL);

  g_assert_nonnull (again);
  g_assert_cmpstr (again->key, ==, address->key);
}

static void
check_addresses (const char *raw, gsize length)
{
  g_autoptr (GPtrArray) into = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_address_free);
  guint unread = sk_address_list_parse (raw, length, into, ADDRESSES);

  g_assert_cmpuint (into->len, <=, ADDRESSES);
  g_assert_cmpuint (unread, <=, length + 1);
  for (guint i = 0; i < into->len; i++)
    {
      check_address (into->pdata[i]);
      check_key (into->pdata[i]);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  char *raw = fuzz_copy (data, size);

  check_text (raw, size);
  check_parameters (raw, size);
  check_addresses (raw, size);
  free (raw);
  return 0;
}
