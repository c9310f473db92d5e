// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/sk-settings-line.h"
#include "agent/sk-settings.h"
#include "sk-error.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  char *directory, *user, *system;
} Place;

static void
place_set_up (Place *self, gconstpointer data)
{
  self->directory = g_dir_make_tmp ("sekisho-settings-XXXXXX", NULL);
  self->user = g_build_filename (self->directory, "agent.conf", NULL);
  self->system = g_build_filename (self->directory, "system.conf", NULL);
}

static void
place_tear_down (Place *self, gconstpointer data)
{
  g_autoptr (GDir) entries = g_dir_open (self->directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (entries)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->directory, name, NULL);

      g_remove (path);
    }
  g_rmdir (self->directory);
  g_free (self->directory);
  g_free (self->user);
  g_free (self->system);
}

static void
put (Place *self, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (self->directory, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

#define NEEDED_WITHOUT_URL                                                                         \
  "[identity]\naddresses=hana@example.co.jp\n[policy]\nfolder=/srv/policy\n"
#define NEEDED NEEDED_WITHOUT_URL "[upstream]\nurl=smtp://127.0.0.1:2525\n"

static void
test_least (Place *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SkSettings) settings = NULL;
  g_autofree char *store = g_build_filename (g_get_user_state_dir (), "sekisho", NULL);

  put (self, "agent.conf", NEEDED);
  settings = sk_settings_load (self->user, self->system, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (settings->addresses), ==, 1);
  g_assert_cmpstr (settings->addresses[0], ==, "hana@example.co.jp");
  g_assert_cmpuint (settings->port, ==, 1587);
  g_assert_cmpint (settings->listen_tls, ==, SK_TLS_NONE);
  g_assert_cmpint (settings->clients, ==, SK_CLIENTS_SAME_USER);
  g_assert_cmpstr (settings->provider, ==, "custom");
  g_assert_cmpstr (settings->upstream_url, ==, "smtp://127.0.0.1:2525");
  g_assert_cmpint (settings->upstream_tls, ==, SK_UPSTREAM_TLS_REQUIRED);
  g_assert_cmpint (settings->upstream_auth, ==, SK_AUTH_NONE);
  g_assert_cmpstr (settings->policy_folder, ==, "/srv/policy");
  g_assert_true (g_path_is_absolute (settings->personal_file));
  g_assert_cmpint (settings->without_desktop, ==, SK_DESKTOP_HOLD);
  g_assert_cmpstr (settings->store_directory, ==, store);
  g_assert_cmpuint (settings->keep_days, ==, 30);
  g_assert_cmpint (settings->limits.message_bytes, ==, 104857600);
  g_assert_cmpuint (settings->limits.command_bytes, ==, 2048);
  g_assert_cmpuint (settings->limits.auth_bytes, ==, 12288);
  g_assert_cmpuint (settings->limits.recipients, ==, 2000);
  g_assert_cmpuint (settings->limits.connections, ==, 1000);
  g_assert_cmpuint (settings->limits.errors, ==, 20);
  g_assert_cmpuint (settings->limits.idle_seconds, ==, 300);
  g_assert_cmpuint (settings->limits.header_bytes, ==, 1048576);
  g_assert_cmpuint (settings->limits.parts, ==, 1000);
  g_assert_cmpuint (settings->limits.nesting, ==, 32);
  g_assert_cmpuint (settings->limits.text_bytes, ==, 33554432);
  g_assert_cmpuint (settings->limits.archive_depth, ==, 8);
  g_assert_cmpuint (settings->limits.archive_members, ==, 10000);
  g_assert_cmpuint (settings->limits.unpacked_bytes, ==, 536870912);
  g_assert_cmpuint (settings->limits.unpack_ratio, ==, 200);
  g_assert_cmpuint (settings->limits.attachment_text_bytes, ==, 33554432);
  g_assert_cmpuint (settings->limits.inspect_seconds, ==, 20);
  g_assert_cmpuint (settings->limits.inspect_bytes, ==, 1073741824);
  g_assert_cmpuint (settings->limits.upstream_connections, ==, 16);
}

static void
test_all (Place *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SkSettings) settings = NULL;
  g_autofree char *ca = g_build_filename (self->directory, "ca.pem", NULL);
  g_autofree char *policy = g_build_filename (self->directory, "policy", NULL);
  g_autofree char *store = g_build_filename (g_get_home_dir (), "kept", NULL);

  put (self, "ca.pem", "x");
  put (self, "clients", "x:y");
  put (self, "secret", "x");
  put (self, "personal.yaml", "rules: []\n");
  put (
      self, "agent.conf",
      "# ours\n"
      "[identity]\naddresses = hana@example.co.jp ; "
      "sales@example.co.jp;old..name.@docomo.example.jp;\nlanguage=ja\n"
      "[listen]\nsmtp=localhost:0\ntls=starttls\t# none, starttls, "
      "implicit\nclients=password\npassword-file=clients\n"
      "[upstream]\nprovider=custom\nclient-id=abc\ntenant=t\ndevice-code=no\nurl=smtps://"
      "[::1]\ntls=opportunistic\n"
      "ca-file=ca.pem\nauth=password\nuser=hana example\npassword-file=secret\n"
      "[policy]\nfolder=./policy\n[tls-check]\nprobe=no\n"
      "[limits]\nmessage=30 "
      "MiB\ncommand-line=4KiB\nauth-line=20000\nrecipients=3\nconnections=7\nerrors=2\nidle=2 min\n"
      "header=2 MB\nparts=10\nnesting=4\ntext=1 GiB\nupstream-connections=1\n"
      "[dialog]\nwithout-desktop=reject\n[store]\ndirectory=~/kept\nkeep-days=3650\n");
  settings = sk_settings_load (self->user, self->system, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (settings->addresses), ==, 3);
  g_assert_cmpstr (settings->addresses[1], ==, "sales@example.co.jp");
  g_assert_cmpstr (settings->addresses[2], ==, "old..name.@docomo.example.jp");
  g_assert_cmpstr (settings->language, ==, "ja");
  g_assert_cmpuint (settings->port, ==, 0);
  g_assert_cmpint (settings->listen_tls, ==, SK_TLS_STARTTLS);
  g_assert_cmpint (settings->clients, ==, SK_CLIENTS_PASSWORD);
  g_assert_true (g_str_has_suffix (settings->client_password_file, "/clients"));
  g_assert_cmpstr (settings->upstream_url, ==, "smtps://[::1]:465");
  g_assert_cmpint (settings->upstream_tls, ==, SK_UPSTREAM_TLS_OPPORTUNISTIC);
  g_assert_cmpstr (settings->upstream_ca_file, ==, ca);
  g_assert_cmpint (settings->upstream_auth, ==, SK_AUTH_PASSWORD);
  g_assert_cmpstr (settings->upstream_user, ==, "hana example");
  g_assert_cmpstr (settings->policy_folder, ==, policy);
  g_assert_true (g_str_has_suffix (settings->personal_file, "/personal.yaml"));
  g_assert_cmpint (settings->without_desktop, ==, SK_DESKTOP_REJECT);
  g_assert_cmpstr (settings->store_directory, ==, store);
  g_assert_cmpuint (settings->keep_days, ==, 3650);
  g_assert_cmpint (settings->limits.message_bytes, ==, 31457280);
  g_assert_cmpuint (settings->limits.command_bytes, ==, 4096);
  g_assert_cmpuint (settings->limits.auth_bytes, ==, 20000);
  g_assert_cmpuint (settings->limits.recipients, ==, 3);
  g_assert_cmpuint (settings->limits.connections, ==, 7);
  g_assert_cmpuint (settings->limits.errors, ==, 2);
  g_assert_cmpuint (settings->limits.idle_seconds, ==, 120);
  g_assert_cmpuint (settings->limits.header_bytes, ==, 2000000);
  g_assert_cmpuint (settings->limits.parts, ==, 10);
  g_assert_cmpuint (settings->limits.nesting, ==, 4);
  g_assert_cmpuint (settings->limits.text_bytes, ==, 1073741824);
  g_assert_cmpuint (settings->limits.upstream_connections, ==, 1);
}

static void
test_system_wins (Place *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SkSettings) settings = NULL;

  put (self, "system.conf", "[policy]\nfolder=/etc/policy\n[limits]\nrecipients=10\n");
  put (self, "agent.conf", NEEDED "[limits]\nrecipients=5000\nerrors=3\n");
  settings = sk_settings_load (self->user, self->system, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (settings->policy_folder, ==, "/etc/policy");
  g_assert_cmpuint (settings->limits.recipients, ==, 10);
  g_assert_cmpuint (settings->limits.errors, ==, 3);
}

/* Without a file the password comes from the keyring. */
static void
test_password_of_the_keyring (Place *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SkSettings) settings = NULL;

  put (self, "agent.conf", NEEDED "[upstream]\nauth=password\nuser=hana\n");
  settings = sk_settings_load (self->user, self->system, &error);
  g_assert_no_error (error);
  g_assert_cmpint (settings->upstream_auth, ==, SK_AUTH_PASSWORD);
  g_assert_null (settings->upstream_password_file);
}

/* "@" stands for the directory in which the files are. */
typedef struct {
  const char *name, *text, *message;
} Mistake;

static const Mistake mistakes[] = {
  { "empty", "",
    "@/agent.conf: [identity] addresses: is missing (write your own mail addresses: "
    "addresses=name@example.co.jp)\n"
    "@/agent.conf: [upstream] url: is missing (write the address of your provider's SMTP server: "
    "url=smtp://HOST:587)\n"
    "@/agent.conf: [policy] folder: is missing (write folder=/path/of/the/policy)" },
  { "syntax", "[identity\n",
    "@/agent.conf:1: Key file contains line “[identity” which is not a key-value pair, group, or "
    "comment "
    "(write groups as [name] and lines as key=value)" },
  { "not-utf8", "[identity]\naddresses=\x83\x6e@example.co.jp\n",
    "@/agent.conf:2: this is not UTF-8 text (save it as UTF-8)" },
  { "group", NEEDED "[store]\n[frobnicate]\na=b\n",
    "@/agent.conf:8: [frobnicate]: there is no such group (write identity, listen, upstream, policy, "
    "tls-check, limits, "
    "dialog or store)" },
  { "near-key", NEEDED "[dialog]\nwithout-dekstop=hold\n",
    "@/agent.conf:8: [dialog] without-dekstop: there is no such key (did you mean without-desktop?)" },
  { "near-group", NEEDED "[limit]\nparts=1\n",
    "@/agent.conf:7: [limit]: there is no such group (did you mean limits?)" },
  { "key", NEEDED "[dialog]\nfrobnicate=hold\n",
    "@/agent.conf:8: [dialog] frobnicate: there is no such key (write without-desktop)" },
  { "no-value", NEEDED "[dialog]\nwithout-desktop= # later\n",
    "@/agent.conf:8: [dialog] without-desktop: has no value (write one, or leave the line out)" },
  { "address",
    NEEDED "[identity]\naddresses=hana;Hana <hana@example.co.jp>;hana@;a@b..c;a b@example.org\n",
    "@/agent.conf:8: [identity] addresses: \"hana\" has no @ (write addresses like "
    "name@example.co.jp, with ; between them)\n"
    "@/agent.conf:8: [identity] addresses: \"Hana <hana@example.co.jp>\" is not an address alone "
    "(write addresses like "
    "name@example.co.jp, with ; between them)\n"
    "@/agent.conf:8: [identity] addresses: \"hana@\" has a domain that can't be (write addresses "
    "like name@example.co.jp, "
    "with ; between them)\n"
    "@/agent.conf:8: [identity] addresses: \"a@b..c\" has a domain that can't be (write addresses "
    "like "
    "name@example.co.jp, with ; between them)\n"
    "@/agent.conf:8: [identity] addresses: \"a b@example.org\" is not an address alone (write "
    "addresses like "
    "name@example.co.jp, with ; between them)" },
  { "no-address", NEEDED "[identity]\naddresses=;;\n",
    "@/agent.conf:8: [identity] addresses: names no address (write addresses=name@example.co.jp)" },
  { "language", NEEDED "[identity]\nlanguage=japanese\n",
    "@/agent.conf:8: [identity] language: \"japanese\" is not known (write ja or en)" },
  { "everywhere", NEEDED "[listen]\nsmtp=0.0.0.0:25\n",
    "@/agent.conf:8: [listen] smtp: \"0.0.0.0:25\" is not this machine alone (write 127.0.0.1:PORT, "
    "such as 127.0.0.1:1587)" },
  { "port", NEEDED "[listen]\nsmtp=127.0.0.1:65536\n",
    "@/agent.conf:8: [listen] smtp: \"127.0.0.1:65536\" has no port from 0 to 65535 (write "
    "127.0.0.1:1587; 0 takes a free one)" },
  { "no-port", NEEDED "[listen]\nsmtp=127.0.0.1\n",
    "@/agent.conf:8: [listen] smtp: \"127.0.0.1\" has no port from 0 to 65535 (write 127.0.0.1:1587; "
    "0 takes a free one)" },
  { "listen-tls", NEEDED "[listen]\ntls=ssl\n",
    "@/agent.conf:8: [listen] tls: \"ssl\" is not known (write none, starttls or implicit)" },
  { "clients", NEEDED "[listen]\nclients=password\n",
    "@/agent.conf:7: [listen] password-file: is missing, but clients=password needs it (write lines "
    "of user:password into "
    "a file and name it here)" },
  { "client-file", NEEDED "[listen]\nclients=password\npassword-file=none-such\n",
    "@/agent.conf:9: [listen] password-file: @/none-such: there is no such file (write lines of "
    "user:password into it)" },
  { "provider", NEEDED "[upstream]\nprovider=microsoft365\n",
    "@/agent.conf:8: [upstream] provider: microsoft365 can't be used in this version (write "
    "provider=custom and the address "
    "of the provider's SMTP server as url)" },
  { "provider-unknown", NEEDED "[upstream]\nprovider=exchange\n",
    "@/agent.conf:8: [upstream] provider: \"exchange\" is not known (write custom)" },
  { "graph", NEEDED "[upstream]\nurl=graph\n",
    "@/agent.conf:8: [upstream] url: graph can't be used in this version (write the provider's SMTP "
    "server: "
    "smtp://HOST:587)" },
  { "http", NEEDED "[upstream]\nurl=http://example.co.jp\n",
    "@/agent.conf:8: [upstream] url: \"http://example.co.jp\" is not the address of an SMTP server "
    "(write smtp://HOST:PORT "
    "or smtps://HOST:PORT)" },
  { "host-alone", NEEDED "[upstream]\nurl=smtp.example.co.jp\n",
    "@/agent.conf:8: [upstream] url: \"smtp.example.co.jp\" is not the address of an SMTP server "
    "(write smtp://HOST:PORT or "
    "smtps://HOST:PORT)" },
  { "url-user", NEEDED "[upstream]\nurl=smtp://hana:secret@smtp.example.co.jp\n",
    "@/agent.conf:8: [upstream] url: \"smtp://hana:secret@smtp.example.co.jp\" says more than host "
    "and port (write "
    "smtp://HOST:PORT or smtps://HOST:PORT); the name of the account belongs to user=" },
  { "url-path", NEEDED "[upstream]\nurl=smtp://smtp.example.co.jp/box\n",
    "@/agent.conf:8: [upstream] url: \"smtp://smtp.example.co.jp/box\" says more than host and port "
    "(write smtp://HOST:PORT "
    "or smtps://HOST:PORT)" },
  { "clear", NEEDED "[upstream]\nurl=smtp://smtp.example.co.jp\ntls=none\n",
    "@/agent.conf:9: [upstream] tls: none is for a provider on this machine alone (write "
    "tls=required)" },
  { "contradiction", NEEDED "[upstream]\nurl=smtps://localhost:465\ntls=none\n",
    "@/agent.conf:9: [upstream] tls: none contradicts the url, which begins with smtps: (write "
    "tls=required)" },
  { "password-in-the-clear",
    NEEDED
    "[upstream]\nurl=smtp://"
    "smtp.example.co.jp\ntls=opportunistic\nauth=password\nuser=hana\npassword-file=system.conf\n",
    "@/agent.conf:9: [upstream] tls: opportunistic would let the password travel unprotected (write "
    "tls=required)" },
  { "oauth2", NEEDED "[upstream]\nauth=oauth2\n",
    "@/agent.conf:8: [upstream] auth: oauth2 can't be used in this version (write auth=password with "
    "user, or auth=none)" },
  { "sign-in", NEEDED "[upstream]\nauth=password\n",
    "@/agent.conf:5: [upstream] user: is missing, but auth=password needs it (write the name of your "
    "account at the "
    "provider)" },
  { "days", NEEDED "[store]\nkeep-days=0\n",
    "@/agent.conf:8: [store] keep-days: \"0\" is not possible (write a number of days from 1 to 3650)" },
  { "many-days", NEEDED "[store]\nkeep-days=3651\n",
    "@/agent.conf:8: [store] keep-days: \"3651\" is not possible (write a number of days from 1 to 3650)" },
  { "days-with-a-unit", NEEDED "[store]\nkeep-days=30 d\n",
    "@/agent.conf:8: [store] keep-days: \"30 d\" is not possible (write a number of days from 1 to 3650)" },
  { "ca-file", NEEDED "[upstream]\nca-file=/\n",
    "@/agent.conf:8: [upstream] ca-file: /: this is not a file (name a file of certificates in PEM "
    "form)" },
  { "client-id", NEEDED "[upstream]\nclient-id=a b\n",
    "@/agent.conf:8: [upstream] client-id: \"a b\" has a blank in it (copy it as the provider shows "
    "it)" },
  { "server", NEEDED "[policy]\nserver=https://policy.example.co.jp\ntrust=/t\nkey-file=/k\n",
    "@/agent.conf:8: [policy] server: can't be used in this version (write "
    "folder=/path/of/the/policy)\n"
    "@/agent.conf:9: [policy] trust: can't be used in this version (leave it out; the folder of the "
    "policy is read as it "
    "is)\n"
    "@/agent.conf:10: [policy] key-file: can't be used in this version (leave it out; there is no "
    "server to show it to)" },
  { "probe", NEEDED "[tls-check]\nprobe=maybe\n",
    "@/agent.conf:8: [tls-check] probe: \"maybe\" is not known (write yes or no)" },
  { "limits",
    NEEDED "[limits]\nmessage=3 GiB\nrecipients=0\nerrors=-1\nidle=5 MiB\nparts=10 "
           "s\nheader=1e6\nnesting=257\n"
           "text=9223372036854775808\n",
    "@/agent.conf:8: [limits] message: \"3 GiB\" is not possible (write a number from 1024 to "
    "2147483648 bytes, or with KiB, "
    "MiB, GiB)\n"
    "@/agent.conf:9: [limits] recipients: \"0\" is not possible (write a number from 1 to 100000)\n"
    "@/agent.conf:10: [limits] errors: \"-1\" is not possible (write a number from 1 to 1000)\n"
    "@/agent.conf:11: [limits] idle: \"5 MiB\" is not possible (write a number from 1 to 86400 "
    "seconds, or with s, min, h)\n"
    "@/agent.conf:13: [limits] header: \"1e6\" is not possible (write a number from 1024 to 67108864 "
    "bytes, or with KiB, MiB, "
    "GiB)\n"
    "@/agent.conf:12: [limits] parts: \"10 s\" is not possible (write a number from 1 to 100000)\n"
    "@/agent.conf:14: [limits] nesting: \"257\" is not possible (write a number from 1 to 256)\n"
    "@/agent.conf:15: [limits] text: \"9223372036854775808\" is not possible (write a number from "
    "1024 to 1073741824 bytes, "
    "or with KiB, MiB, GiB)" },
  { "desktop", NEEDED "[dialog]\nwithout-desktop=send\n",
    "@/agent.conf:8: [dialog] without-desktop: \"send\" is not known (write hold or reject)" },
};

static void
test_mistake (Place *self, gconstpointer data)
{
  const Mistake *mistake = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SkSettings) settings = NULL;
  g_autoptr (GString) expected = g_string_new (mistake->message);
  g_autofree char *prefix = g_strconcat (self->directory, "/", NULL);

  put (self, "system.conf", "");
  put (self, "agent.conf", mistake->text);
  g_string_replace (expected, "@/", prefix, 0);
  settings = sk_settings_load (self->user, self->system, &error);
  g_assert_null (settings);
  g_assert_true (sk_error_is_invalid (error));
  g_assert_cmpstr (error->message, ==, expected->str);
}

/* A mistake is blamed on the file in which it stands. */
static void
test_system_is_blamed (Place *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *expected = g_strdup_printf (
      "%s:2: [listen] tls: \"x\" is not known (write none, starttls or implicit)", self->system);

  put (self, "system.conf", "[listen]\ntls=x\n");
  put (self, "agent.conf", NEEDED "[listen]\ntls=none\n");
  g_assert_null (sk_settings_load (self->user, self->system, &error));
  g_assert_cmpstr (error->message, ==, expected);
}

static void
test_absent (Place *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *expected = g_strdup_printf (
      "%s: there is no such file (name the settings that you have written)", self->user);

  put (self, "system.conf", NEEDED);
  g_assert_null (sk_settings_load (self->user, self->system, &error));
  g_assert_true (sk_error_is_not_found (error));
  g_assert_cmpstr (error->message, ==, expected);
}

/* As editors of other systems save it; lines are counted as they are seen there. */
static void
test_byte_order_mark (Place *self, gconstpointer data)
{
  g_autoptr (GError) none = NULL, wrong = NULL;
  g_autoptr (SkSettings) settings = NULL;
  g_autofree char *expected = g_strdup_printf (
      "%s:2: [identity] language: \"tlh\" is not known (write ", self->user);

  put (self, "agent.conf", "\xef\xbb\xbf" NEEDED);
  settings = sk_settings_load (self->user, self->system, &none);
  g_assert_no_error (none);
  g_assert_cmpstr (settings->upstream_url, ==, "smtp://127.0.0.1:2525");
  put (self, "agent.conf", "\xef\xbb\xbf[identity]\nlanguage=tlh\n" NEEDED);
  g_assert_null (sk_settings_load (self->user, self->system, &wrong));
  g_assert_true (g_str_has_prefix (wrong->message, expected));
}

static void
test_too_large (Place *self, gconstpointer data)
{
  g_autofree char *text = g_strnfill (300 * 1024, '#');
  g_autoptr (GError) error = NULL;

  put (self, "agent.conf", text);
  g_assert_null (sk_settings_load (self->user, self->system, &error));
  g_assert_true (sk_error_is_invalid (error));
  g_assert_nonnull (strstr (error->message, "agent.conf"));
}

/* The default place: what it says must itself be a file that loads. */
static void
test_first_start (Place *self, gconstpointer data)
{
  g_autofree char *directory = g_build_filename (g_get_user_config_dir (), "sekisho", NULL);
  g_autofree char *path = g_build_filename (directory, "agent.conf", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (SkSettings) settings = NULL;
  char *lines;

  g_assert_null (sk_settings_load (NULL, self->system, &error));
  g_assert_true (sk_error_is_not_found (error));
  g_assert_true (g_str_has_prefix (error->message, path));
  lines = strstr (error->message, "[identity]");
  g_assert_nonnull (lines);
  *strrchr (lines, ')') = '\0';
  g_assert_cmpint (g_mkdir_with_parents (directory, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, lines, -1, NULL));
  g_clear_error (&error);
  settings = sk_settings_load (NULL, self->system, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (settings->upstream_url, ==, "smtp://smtp.example.co.jp:587");
}

static SkSettings *
load (Place *self, const char *text)
{
  g_autoptr (GError) error = NULL;
  SkSettings *settings;

  put (self, "agent.conf", text);
  settings = sk_settings_load (self->user, self->system, &error);
  g_assert_no_error (error);
  return settings;
}

static void
test_adopt (Place *self, gconstpointer data)
{
  g_autoptr (SkSettings) settings = load (self, NEEDED "[limits]\nerrors=3\nparts=7\n");
  g_autoptr (SkSettings) fresh
      = load (self, NEEDED "[identity]\naddresses=taro@example.co.jp\n[listen]\ntls=starttls\n"
                           "[limits]\nmessage=5 MiB\nparts=8\n[dialog]\nwithout-desktop=reject\n");
  g_autoptr (SkSettings) back = load (self, NEEDED "[limits]\nparts=7\n");
  g_auto (GStrv) taken = NULL, waiting = NULL, taken_back = NULL, waiting_back = NULL;
  g_autofree char *now = NULL, *later = NULL;

  sk_settings_adopt (settings, fresh, &taken, &waiting);
  now = g_strjoinv (", ", taken);
  later = g_strjoinv (", ", waiting);
  g_assert_cmpstr (now, ==, "[identity] addresses, [limits] message, [limits] errors, "
                            "[dialog] without-desktop");
  g_assert_cmpstr (later, ==, "[listen] tls, [limits] parts");
  g_assert_cmpstr (settings->addresses[0], ==, "taro@example.co.jp");
  g_assert_cmpstr (fresh->addresses[0], ==, "hana@example.co.jp");
  g_assert_cmpint (settings->limits.message_bytes, ==, 5242880);
  g_assert_cmpuint (settings->limits.errors, ==, 20);
  g_assert_cmpint (settings->without_desktop, ==, SK_DESKTOP_REJECT);
  g_assert_cmpint (settings->listen_tls, ==, SK_TLS_NONE);
  g_assert_cmpuint (settings->limits.parts, ==, 7);
  sk_settings_adopt (settings, back, &taken_back, &waiting_back);
  g_assert_cmpuint (g_strv_length (taken_back), ==, 3);
  g_assert_cmpuint (g_strv_length (waiting_back), ==, 0); /* what waited has been taken back */
  g_assert_cmpstr (settings->addresses[0], ==, "hana@example.co.jp");
}

/* Lines as an editor counts them. */
static const struct {
  const char *text, *group, *name;
  guint line;
} places[] = {
  { "[a]\nx=1\n", "a", "x", 2 },
  { "# c\r\n\r\n[a]\r\n  x = 1\r\n", "a", "x", 4 },
  { "[a]\nx=1\n[b]\nx=2\n[a]\nx=3", "a", "x", 6 },
  { "[a]\n#x=1\ny=2\n", "a", "x", 0 },
  { "[a]\nx=1\n[b]\n", "b", NULL, 3 },
  { "[a]\n", "b", NULL, 0 },
  { "", "a", "x", 0 },
};

static void
test_lines (Place *self, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    g_assert_cmpuint (sk_settings_line_of (places[i].text, places[i].group, places[i].name), ==,
                      places[i].line);
  g_assert_cmpuint (sk_settings_line_broken ("[a]\nx=1\n\n# c\nno key\n[b"), ==, 5);
  g_assert_cmpuint (sk_settings_line_broken ("# c\nx=1\n[a]\n"), ==, 2);
  g_assert_cmpuint (sk_settings_line_broken ("[a]\nx=1\n"), ==, 0);
}

static void
add (const char *path, gconstpointer data, void (*test) (Place *, gconstpointer))
{
  g_test_add (path, Place, data, place_set_up, test, place_tear_down);
}

int
main (int argc, char **argv)
{
  g_autofree char *home = g_dir_make_tmp ("sk-settings-XXXXXX", NULL);
  g_autofree char *config = g_build_filename (home, "config", NULL);
  g_autofree char *state = g_build_filename (home, "state", NULL);

  /* Not by GLib's own isolation, which leaks what LeakSanitizer then reports. */
  g_setenv ("HOME", home, TRUE);
  g_setenv ("XDG_CONFIG_HOME", config, TRUE);
  g_setenv ("XDG_STATE_HOME", state, TRUE);
  g_test_init (&argc, &argv, NULL);
  add ("/settings/least", NULL, test_least);
  add ("/settings/all", NULL, test_all);
  add ("/settings/system-wins", NULL, test_system_wins);
  add ("/settings/password-of-the-keyring", NULL, test_password_of_the_keyring);
  add ("/settings/system-is-blamed", NULL, test_system_is_blamed);
  add ("/settings/absent", NULL, test_absent);
  add ("/settings/byte-order-mark", NULL, test_byte_order_mark);
  add ("/settings/too-large", NULL, test_too_large);
  add ("/settings/first-start", NULL, test_first_start);
  add ("/settings/adopt", NULL, test_adopt);
  add ("/settings/lines", NULL, test_lines);
  for (gsize i = 0; i < G_N_ELEMENTS (mistakes); i++)
    {
      g_autofree char *path = g_strconcat ("/settings/mistake/", mistakes[i].name, NULL);

      add (path, &mistakes[i], test_mistake);
    }
  return g_test_run ();
}
