// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/store/sk-mail-record.h"
#include "sk-error.h"
#include "sk-store-fixture.h"

/* The names are published (sekishoctl, D-Bus): written here as the contract has them. */
static void
test_names (void)
{
  static const char *const mails[]
      = { "receiving", "inspecting", "confirming", "accepted", "done" };
  static const struct {
    const char *name;
    gboolean final;
  } deliveries[] = {
    { "waiting", FALSE },
    { "ready", FALSE },
    { "sending", FALSE },
    { "sent", TRUE },
    { "may-have-been-sent", FALSE },
    { "failed", FALSE },
    { "returned", TRUE },
    { "cancelled", TRUE },
    { "refused", TRUE },
  };
  SkMailState mail;
  SkDeliveryState delivery;

  for (guint i = 0; i < G_N_ELEMENTS (mails); i++)
    {
      g_assert_cmpstr (sk_mail_state_name (i), ==, mails[i]);
      g_assert_true (sk_mail_state_from_name (mails[i], &mail));
      g_assert_cmpint (mail, ==, i);
    }
  for (guint i = 0; i < G_N_ELEMENTS (deliveries); i++)
    {
      g_assert_cmpstr (sk_delivery_state_name (i), ==, deliveries[i].name);
      g_assert_true (sk_delivery_state_from_name (deliveries[i].name, &delivery));
      g_assert_cmpint (delivery, ==, i);
      g_assert_cmpint (sk_delivery_state_is_final (i), ==, deliveries[i].final);
    }
  g_assert_cmpint (SK_MAIL_DONE, ==, 4);
  g_assert_cmpint (SK_DELIVERY_REFUSED, ==, 8);
  g_assert_false (sk_mail_state_from_name ("sent", &mail));
  g_assert_false (sk_delivery_state_from_name ("Sent", &delivery));
  g_assert_false (sk_delivery_state_from_name (NULL, &delivery));
}

static void
test_describe_by_hand (void)
{
  g_autoptr (SkMail) mail = fixture_full_mail ("m1");
  g_autofree char *text = describe_mail (mail);

  g_assert_nonnull (
      strstr (text, "gate 1 1 approver@example.co.jp 1700000000000002 -1/0/0/0/(null)"));
  g_assert_nonnull (strstr (text, " [manager@example.co.jp|group:board] <[{\"approve\": true"));
}

/* The fields of a document under their names, read with jansson's own functions. */
static void
test_document_names (void)
{
  g_autoptr (SkMail) mail = fixture_full_mail ("m1");
  g_autofree char *document = sk_mail_to_document (mail);
  json_t *json = json_loads (document, JSON_ALLOW_NUL, NULL);
  json_t *delivery = json_array_get (json_object_get (json, "deliveries"), 1);
  json_t *recipient = json_array_get (json_object_get (delivery, "recipients"), 0);
  json_t *reply = json_object_get (recipient, "reply");

  g_assert_cmpstr (json_string_value (json_object_get (json, "state")), ==, "accepted");
  g_assert_cmpint (json_integer_value (json_object_get (json, "size")), ==, 5000000000);
  g_assert_cmpstr (json_string_value (json_object_get (delivery, "state")), ==,
                   "may-have-been-sent");
  g_assert_true (json_is_true (json_object_get (delivery, "dot_sent")));
  g_assert_true (json_is_true (json_object_get (recipient, "accepted")));
  g_assert_cmpint (json_integer_value (json_object_get (reply, "code")), ==, 550);
  json_decref (json);
}

static void
assert_round_trip (const SkMail *mail)
{
  g_autofree char *document = sk_mail_to_document (mail);
  g_autoptr (GError) error = NULL;
  g_autoptr (SkMail) back = sk_mail_from_document (document, &error);
  g_autoptr (SkMail) copy = sk_mail_copy (mail);

  g_assert_no_error (error);
  assert_same_mail (back, mail);
  assert_same_mail (copy, mail);
}

static void
test_round_trips (void)
{
  g_autoptr (SkMail) full = fixture_full_mail ("m1");
  g_autoptr (SkMail) plain = fixture_plain_mail ("m2");
  g_autoptr (SkMail) bare = sk_mail_new ("m3");
  g_autoptr (SkMail) strange = fixture_full_mail ("m4");
  SkDelivery *delivery = sk_mail_delivery (strange, 2);

  /* MAIL FROM and headers may hold bytes of any kind. */
  g_free (strange->mail_from);
  strange->mail_from = g_strdup ("\xe9t\xe9@example.com");
  g_free (delivery->rules[0]);
  delivery->rules[0] = g_strdup ("\xff\xfe");
  g_free (strange->subject);
  strange->subject = g_strdup ("");
  json_decref (delivery->changes);
  delivery->changes = json_null ();
  assert_round_trip (full);
  assert_round_trip (plain);
  assert_round_trip (bare);
  assert_round_trip (strange);
}

static void
test_copy_is_deep (void)
{
  g_autoptr (SkMail) mail = fixture_full_mail ("m1");
  g_autofree char *before = describe_mail (mail);
  g_autoptr (SkMail) copy = sk_mail_copy (mail);
  SkDelivery *delivery = sk_mail_delivery (copy, 1);
  SkGate *gate = delivery->gates->pdata[0];
  g_autofree char *after = NULL;

  json_object_set_new (copy->verdict, "action", json_string ("send"));
  json_object_set_new (delivery->changes, "link", json_true ());
  gate->deadline.boot_id[0] = 'X';
  delivery->rules[0][0] = 'X';
  g_ptr_array_set_size (delivery->recipients, 0);
  after = describe_mail (mail);
  g_assert_cmpstr (before, ==, after);
}

static void
test_bad_documents (void)
{
  static const struct {
    const char *text, *names;
  } cases[] = {
    { "", "document" },
    { "[]", "a record" },
    { "{\"revision\": 1}", "id" },
    { "{\"id\": 7}", "\"id\"" },
    { "{\"id\": \"a\", \"state\": \"lost\"}", "\"state\"" },
    { "{\"id\": \"a\", \"size\": \"1\"}", "\"size\"" },
    { "{\"id\": \"a\", \"silent\": 1}", "\"silent\"" },
    { "{\"id\": \"a\", \"deliveries\": {}}", "\"deliveries\"" },
    { "{\"id\": \"a\", \"deliveries\": [{\"rules\": [1]}]}", "\"rules\"" },
    { "{\"id\": \"a\", \"deliveries\": [{\"reply\": \"250\"}]}", "\"reply\"" },
    { "{\"id\": \"a\", \"deliveries\": [{\"next_try\": 3}]}", "\"next_try\"" },
    { "{\"id\": \"a\", \"deliveries\": [{\"gates\": [{\"kind\": \"door\"}]}]}", "\"kind\"" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (SkMail) mail = sk_mail_from_document (cases[i].text, &error);

      g_assert_null (mail);
      g_assert_error (error, SK_ERROR, SK_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, cases[i].names));
    }
}

static void
test_delivery_by_number (void)
{
  g_autoptr (SkMail) mail = fixture_full_mail ("m1");

  g_assert_cmpuint (sk_mail_delivery (mail, 2)->number, ==, 2);
  g_assert_null (sk_mail_delivery (mail, 3));
  g_assert_null (sk_mail_copy (NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mail/names", test_names);
  g_test_add_func ("/mail/describe-by-hand", test_describe_by_hand);
  g_test_add_func ("/mail/document-names", test_document_names);
  g_test_add_func ("/mail/round-trips", test_round_trips);
  g_test_add_func ("/mail/copy-is-deep", test_copy_is_deep);
  g_test_add_func ("/mail/bad-documents", test_bad_documents);
  g_test_add_func ("/mail/delivery-by-number", test_delivery_by_number);
  return g_test_run ();
}
