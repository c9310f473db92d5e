// SPDX-License-Identifier: GPL-3.0-or-later
/* One table says which keys there are and what each value becomes; what several keys must agree on
 * is checked once all have been read. Nothing stops at the first mistake: whoever edits the file
 * sees them all at once. A value that this version can't honour is a mistake too, never ignored.
 */
#include "agent/sk-settings.h"

#include "agent/sk-settings-line.h"
#include "agent/sk-settings-value.h"
#include "sk-error.h"
#include "sk-file.h"
#include "sk-names.h"

#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

#define FILE_LIMIT (256 * 1024)
#define KEEP_DAYS 30
#define MOST_DAYS 3650

typedef struct {
  char *path;
  char *text;     /* NULL: the file is not there, or can't be read */
  GKeyFile *keys; /* the same */
} Source;

enum { SYSTEM, USER, SOURCES };

typedef struct {
  Source sources[SOURCES]; /* the first that has a key wins */
  SkSettings *settings;
  GPtrArray *problems; /* char* */
} Reader;

typedef struct Key Key;
typedef void (*TakeFunc) (Reader *reader, const Key *key, const Source *source, const char *value);

struct Key {
  const char *group, *name;
  TakeFunc take;
  gsize offset, width; /* of the member of SkSettings */
  const char *words;   /* take_word: "a|b|c", in the order of the enumeration */
  const char *later;   /* of the format, but not in this version, "a|b" */
  const char *instead; /* what to write instead of those */
  gboolean at_once;    /* nobody keeps a copy: a change counts while the agent runs */
};

#define MEMBER(type, reader, key) (*(type *)((char *)(reader)->settings + (key)->offset))

/* "FILE:LINE", where `group` and `name` stand, or would have to be written; g_free. */
static char *
place_of (const Source *source, const char *group, const char *name)
{
  guint line = source->text != NULL ? sk_settings_line_of (source->text, group, name) : 0;

  if (line == 0 && source->text != NULL)
    line = sk_settings_line_of (source->text, group, NULL);
  return line != 0 ? g_strdup_printf ("%s:%u", source->path, line) : g_strdup (source->path);
}

static void G_GNUC_PRINTF (5, 6) complain (Reader *reader, const Source *source, const char *group,
                                           const char *name, const char *format, ...)
{
  g_autofree char *place = place_of (source, group, name);
  g_autofree char *problem = NULL;
  va_list arguments;

  va_start (arguments, format);
  problem = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_ptr_array_add (reader->problems,
                   g_strdup_printf ("%s: [%s] %s: %s", place, group, name, problem));
}

/* --- values --- */
static gboolean
is_one_of (const char *words, const char *value)
{
  g_auto (GStrv) list = words != NULL ? g_strsplit (words, "|", -1) : NULL;

  return list != NULL && g_strv_contains ((const char *const *)list, value);
}

static void
take_word (Reader *reader, const Key *key, const Source *source, const char *value)
{
  g_auto (GStrv) words = g_strsplit (key->words, "|", -1);

  for (int i = 0; words[i] != NULL; i++)
    if (g_str_equal (words[i], value))
      {
        MEMBER (int, reader, key) = i;
        return;
      }
  if (is_one_of (key->later, value))
    {
      complain (reader, source, key->group, key->name, "%s can't be used in this version (%s)",
                value, key->instead);
      return;
    }
  g_autofree char *choice = sk_settings_choice (words);
  complain (reader, source, key->group, key->name, "\"%s\" is not known (write %s)", value, choice);
}

/* A word that is kept as text. */
static void
take_name (Reader *reader, const Key *key, const Source *source, const char *value)
{
  if (is_one_of (key->words, value))
    sk_settings_replace_text (&MEMBER (char *, reader, key), value);
  else if (is_one_of (key->later, value))
    complain (reader, source, key->group, key->name, "%s can't be used in this version (%s)", value,
              key->instead);
  else
    {
      g_auto (GStrv) words = g_strsplit (key->words, "|", -1);
      g_autofree char *choice = sk_settings_choice (words);

      complain (reader, source, key->group, key->name, "\"%s\" is not known (write %s)", value,
                choice);
    }
}

static void
take_text (Reader *reader, const Key *key, const Source *source, const char *value)
{
  sk_settings_replace_text (&MEMBER (char *, reader, key), value);
}

/* Belongs to the format and means nothing yet to what this version can do; still checked. */
static void
take_permission (Reader *reader, const Key *key, const Source *source, const char *value)
{
  if (!is_one_of ("yes|no", value))
    complain (reader, source, key->group, key->name, "\"%s\" is not known (write yes or no)",
              value);
}

static void
take_identifier (Reader *reader, const Key *key, const Source *source, const char *value)
{
  if (strpbrk (value, " \t") != NULL)
    complain (reader, source, key->group, key->name,
              "\"%s\" has a blank in it (copy it as the provider shows it)", value);
}

static void
take_unavailable (Reader *reader, const Key *key, const Source *source, const char *value)
{
  complain (reader, source, key->group, key->name, "can't be used in this version (%s)",
            key->instead);
}

static void
take_path (Reader *reader, const Key *key, const Source *source, const char *value)
{
  g_free (MEMBER (char *, reader, key));
  MEMBER (char *, reader, key) = sk_settings_path (source->path, value);
}

/* A file that must be there and readable now. */
static void
take_file (Reader *reader, const Key *key, const Source *source, const char *value)
{
  const char *path;

  take_path (reader, key, source, value);
  path = MEMBER (char *, reader, key);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    complain (reader, source, key->group, key->name, "%s: there is no such file (%s)", path,
              key->instead);
  else if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    complain (reader, source, key->group, key->name, "%s: this is not a file (%s)", path,
              key->instead);
  else if (access (path, R_OK) != 0)
    complain (reader, source, key->group, key->name,
              "%s: it can't be read (give its user the right to read it: chmod u+r)", path);
}

static void
take_addresses (Reader *reader, const Key *key, const Source *source, const char *value)
{
  g_auto (GStrv) parts = g_strsplit (value, ";", -1);
  g_autoptr (GStrvBuilder) addresses = g_strv_builder_new ();
  guint count = 0;

  for (int i = 0; parts[i] != NULL; i++)
    {
      const char *problem = NULL;

      if (*g_strstrip (parts[i]) == '\0')
        continue;
      count++;
      if (sk_settings_address_is_valid (parts[i], &problem))
        g_strv_builder_add (addresses, parts[i]);
      else
        complain (reader, source, key->group, key->name,
                  "\"%s\" %s (write addresses like name@example.co.jp, with ; between them)",
                  parts[i], problem);
    }
  if (count == 0)
    complain (reader, source, key->group, key->name,
              "names no address (write addresses=name@example.co.jp)");
  g_strfreev (reader->settings->addresses);
  reader->settings->addresses = g_strv_builder_end (addresses);
}

static void
take_listen (Reader *reader, const Key *key, const Source *source, const char *value)
{
  const char *colon = strrchr (value, ':');
  g_autofree char *host = colon != NULL ? g_strndup (value, colon - value) : g_strdup (value);
  guint64 port = 0;

  if (!is_one_of ("127.0.0.1|localhost", host))
    complain (reader, source, key->group, key->name,
              "\"%s\" is not this machine alone (write 127.0.0.1:PORT, such as 127.0.0.1:%d)",
              value, SK_DEFAULT_PORT);
  else if (colon == NULL || !g_ascii_string_to_unsigned (colon + 1, 10, 0, 65535, &port, NULL))
    complain (reader, source, key->group, key->name,
              "\"%s\" has no port from 0 to 65535 (write 127.0.0.1:%d; 0 takes a free one)", value,
              SK_DEFAULT_PORT);
  reader->settings->port = (guint16)port;
}

static void
take_url (Reader *reader, const Key *key, const Source *source, const char *value)
{
  g_autoptr (GError) error = NULL;
  char *url;

  if (is_one_of ("graph", value) || g_str_has_prefix (value, "graph:"))
    {
      complain (reader, source, key->group, key->name,
                "graph can't be used in this version (write the provider's SMTP server: "
                "smtp://HOST:587)");
      return;
    }
  url = sk_settings_upstream_url (value, &error);
  if (url == NULL)
    {
      complain (reader, source, key->group, key->name, "%s", error->message);
      return;
    }
  g_free (reader->settings->upstream_url);
  reader->settings->upstream_url = url;
}

static void
take_limit (Reader *reader, const Key *key, const Source *source, const char *value)
{
  g_autoptr (GError) error = NULL;

  if (!sk_limits_set (&reader->settings->limits, key->name, value, &error))
    complain (reader, source, key->group, key->name, "%s", error->message);
}

static void
take_days (Reader *reader, const Key *key, const Source *source, const char *value)
{
  guint64 days = 0;

  if (g_ascii_string_to_unsigned (value, 10, 1, MOST_DAYS, &days, NULL))
    MEMBER (guint, reader, key) = (guint)days;
  else
    complain (reader, source, key->group, key->name,
              "\"%s\" is not possible (write a number of days from 1 to %d)", value, MOST_DAYS);
}

#define AT(member) G_STRUCT_OFFSET (SkSettings, member), sizeof (((SkSettings *) NULL)->member)

static const Key keys[] = {
  { "identity", "addresses", take_addresses, AT (addresses), .at_once = TRUE },
  { "identity", "language", take_name, AT (language), "ja|en", .at_once = TRUE },
  { "listen", "smtp", take_listen },
  { "listen", "tls", take_word, AT (listen_tls), "none|starttls|implicit" },
  { "listen", "clients", take_word, AT (clients), "same-user|password" },
  { "listen", "password-file", take_file, AT (client_password_file),
    .instead = "write lines of user:password into it" },
  { "upstream", "provider", take_name, AT (provider), "custom", "microsoft365|google|lineworks",
    "write provider=custom and the address of the provider's SMTP server as url" },
  { "upstream", "client-id", take_identifier },
  { "upstream", "tenant", take_identifier },
  { "upstream", "device-code", take_permission },
  { "upstream", "url", take_url },
  { "upstream", "tls", take_word, AT (upstream_tls), "required|opportunistic|none" },
  { "upstream", "ca-file", take_file, AT (upstream_ca_file),
    .instead = "name a file of certificates in PEM form" },
  { "upstream", "auth", take_word, AT (upstream_auth), "none|password", "oauth2",
    "write auth=password with user, or auth=none" },
  { "upstream", "user", take_text, AT (upstream_user) },
  { "upstream", "password-file", take_file, AT (upstream_password_file),
    .instead = "write the password into it, alone, with mode 0600" },
  { "policy", "folder", take_path, AT (policy_folder), .at_once = TRUE },
  { "policy", "server", take_unavailable, .instead = "write folder=/path/of/the/policy" },
  { "policy", "trust", take_unavailable,
    .instead = "leave it out; the folder of the policy is read as it is" },
  { "policy", "key-file", take_unavailable,
    .instead = "leave it out; there is no server to show it to" },
  { "tls-check", "probe", take_permission },
  { "limits", "message", take_limit, AT (limits.message_bytes), .at_once = TRUE },
  { "limits", "command-line", take_limit, AT (limits.command_bytes), .at_once = TRUE },
  { "limits", "auth-line", take_limit, AT (limits.auth_bytes), .at_once = TRUE },
  { "limits", "recipients", take_limit, AT (limits.recipients), .at_once = TRUE },
  { "limits", "connections", take_limit, AT (limits.connections), .at_once = TRUE },
  { "limits", "errors", take_limit, AT (limits.errors), .at_once = TRUE },
  { "limits", "idle", take_limit },
  { "limits", "header", take_limit },
  { "limits", "parts", take_limit },
  { "limits", "nesting", take_limit },
  { "limits", "text", take_limit },
  { "limits", "archive-depth", take_limit },
  { "limits", "archive-members", take_limit },
  { "limits", "unpacked", take_limit },
  { "limits", "unpack-ratio", take_limit },
  { "limits", "attachment-text", take_limit },
  { "limits", "inspect-time", take_limit },
  { "limits", "inspect-memory", take_limit },
  { "limits", "upstream-connections", take_limit },
  { "dialog", "without-desktop", take_word, AT (without_desktop), "hold|reject", .at_once = TRUE },
  { "store", "directory", take_path, AT (store_directory) },
  { "store", "keep-days", take_days, AT (keep_days), .at_once = TRUE },
};

/* --- files --- */
static gboolean
source_has (const Source *source, const char *group, const char *name)
{
  return source->keys != NULL && g_key_file_has_key (source->keys, group, name, NULL);
}

/* Where a key stands, or would have to be written. */
static const Source *
source_of (Reader *reader, const char *group, const char *name)
{
  return source_has (&reader->sources[SYSTEM], group, name) ? &reader->sources[SYSTEM]
                                                            : &reader->sources[USER];
}

static void
read_key (Reader *reader, const Key *key)
{
  const Source *source = source_of (reader, key->group, key->name);
  char *value;

  if (!source_has (source, key->group, key->name))
    return;
  value = g_key_file_get_value (source->keys, key->group, key->name, NULL);
  sk_settings_cut_comment (value);
  sk_settings_replace_text (&reader->settings->texts[key - keys], value);
  if (*value == '\0')
    complain (reader, source, key->group, key->name,
              "has no value (write one, or leave the line out)");
  else
    key->take (reader, key, source, value);
  g_free (value);
}

static const Key *
find_key (const char *group, const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (g_str_equal (keys[i].group, group) && g_str_equal (keys[i].name, name))
      return &keys[i];
  g_assert_not_reached ();
}

/* The names of all groups, or of the keys of `group`. */
static GStrv
known_names (const char *group)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  const char *previous = "";

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      if (group != NULL && g_str_equal (keys[i].group, group))
        g_strv_builder_add (names, keys[i].name);
      else if (group == NULL && !g_str_equal (keys[i].group, previous))
        g_strv_builder_add (names, previous = keys[i].group);
    }
  return g_strv_builder_end (names);
}

static void
check_key_names (Reader *reader, const Source *source, const char *group)
{
  g_auto (GStrv) known = known_names (group);
  g_auto (GStrv) names = g_key_file_get_keys (source->keys, group, NULL, NULL);

  for (int i = 0; names != NULL && names[i] != NULL; i++)
    if (!g_strv_contains ((const char *const *)known, names[i]))
      {
        g_autofree char *remedy = sk_settings_known_remedy (names[i], known);

        complain (reader, source, group, names[i], "there is no such key (%s)", remedy);
      }
}

static void
check_names (Reader *reader, const Source *source)
{
  g_auto (GStrv) known = known_names (NULL);
  g_auto (GStrv) groups = NULL;

  if (source->keys == NULL)
    return;
  groups = g_key_file_get_groups (source->keys, NULL);
  for (int i = 0; groups[i] != NULL; i++)
    if (g_strv_contains ((const char *const *)known, groups[i]))
      check_key_names (reader, source, groups[i]);
    else
      {
        g_autofree char *remedy = sk_settings_known_remedy (groups[i], known);
        g_autofree char *place = place_of (source, groups[i], NULL);

        g_ptr_array_add (reader->problems, g_strdup_printf ("%s: [%s]: there is no such group (%s)",
                                                            place, groups[i], remedy));
      }
}

static void
parse_source (Reader *reader, Source *source, const char *text, gsize length)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  const char *end;

  if (!g_utf8_validate (text, (gssize)length, &end))
    g_ptr_array_add (reader->problems,
                     g_strdup_printf ("%s:%u: this is not UTF-8 text (save it as UTF-8)",
                                      source->path, sk_settings_line_at (text, end)));
  else if (!g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, &error))
    g_ptr_array_add (reader->problems,
                     g_strdup_printf ("%s:%u: %s (write groups as [name] and lines as key=value)",
                                      source->path, MAX (sk_settings_line_broken (text), 1),
                                      error->message));
  else
    source->keys = g_steal_pointer (&file);
}

/* Editors put it before UTF-8 text. */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* FALSE when the file is not there. */
static gboolean
open_source (Reader *reader, Source *source)
{
  g_autoptr (GError) error = NULL;
  gsize length = 0;

  source->text = sk_file_read (source->path, FILE_LIMIT, &length, &error);
  if (source->text != NULL && g_str_has_prefix (source->text, BYTE_ORDER_MARK))
    {
      length -= strlen (BYTE_ORDER_MARK);
      memmove (source->text, source->text + strlen (BYTE_ORDER_MARK), length + 1);
    }
  if (source->text != NULL)
    parse_source (reader, source, source->text, length);
  else if (sk_error_is_not_found (error))
    return FALSE;
  else
    g_ptr_array_add (
        reader->problems,
        g_strdup_printf ("%s (make it a file that its user can read)", error->message));
  return TRUE;
}

/* --- what several keys must agree on --- */
static void
need (Reader *reader, gconstpointer member, const char *group, const char *name, const char *why,
      const char *remedy)
{
  const Source *source = source_of (reader, group, name);

  /* A key that is there and wrong has been complained about already. */
  if (member == NULL && !source_has (source, group, name))
    complain (reader, source, group, name, "is missing%s (%s)", why, remedy);
}

static void
check_needed (Reader *reader)
{
  const SkSettings *settings = reader->settings;

  need (reader, settings->addresses, "identity", "addresses", "",
        "write your own mail addresses: addresses=name@example.co.jp");
  need (reader, settings->upstream_url, "upstream", "url", "",
        "write the address of your provider's SMTP server: url=smtp://HOST:587");
  need (reader, settings->policy_folder, "policy", "folder", "",
        "write folder=/path/of/the/policy");
  if (settings->clients == SK_CLIENTS_PASSWORD)
    need (reader, settings->client_password_file, "listen", "password-file",
          ", but clients=password needs it",
          "write lines of user:password into a file and name it here");
}

static void
check_upstream (Reader *reader)
{
  const SkSettings *settings = reader->settings;
  const gboolean loopback
      = settings->upstream_url != NULL && sk_settings_url_is_loopback (settings->upstream_url);
  const Source *source = source_of (reader, "upstream", "tls");

  if (settings->upstream_url == NULL)
    return;
  if (settings->upstream_tls == SK_UPSTREAM_TLS_NONE
      && g_str_has_prefix (settings->upstream_url, "smtps:"))
    complain (reader, source, "upstream", "tls",
              "none contradicts the url, which begins with smtps: (write tls=required)");
  else if (settings->upstream_tls == SK_UPSTREAM_TLS_NONE && !loopback)
    complain (reader, source, "upstream", "tls",
              "none is for a provider on this machine alone (write tls=required)");
  else if (settings->upstream_tls == SK_UPSTREAM_TLS_OPPORTUNISTIC
           && settings->upstream_auth == SK_AUTH_PASSWORD && !loopback
           && g_str_has_prefix (settings->upstream_url, "smtp:"))
    complain (reader, source, "upstream", "tls",
              "opportunistic would let the password travel unprotected (write tls=required)");
}

static void
check_sign_in (Reader *reader)
{
  const SkSettings *settings = reader->settings;

  if (settings->upstream_auth != SK_AUTH_PASSWORD)
    return;
  need (reader, settings->upstream_user, "upstream", "user", ", but auth=password needs it",
        "write the name of your account at the provider");
}

/* --- the whole --- */
static const char *
language_of_session (void)
{
  return g_str_has_prefix (g_get_language_names ()[0], "ja") ? "ja" : "en";
}

static SkSettings *
settings_new (const char *user_path)
{
  SkSettings *self = g_new0 (SkSettings, 1);
  g_autofree char *directory = g_path_get_dirname (user_path);
  g_autofree char *personal = g_build_filename (directory, "personal.yaml", NULL);

  self->texts = g_new0 (char *, G_N_ELEMENTS (keys) + 1);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    self->texts[i] = g_strdup ("");
  self->language = g_strdup (language_of_session ());
  self->port = SK_DEFAULT_PORT;
  self->provider = g_strdup ("custom");
  self->keep_days = KEEP_DAYS;
  self->store_directory = g_build_filename (g_get_user_state_dir (), "sekisho", NULL);
  self->personal_file = g_canonicalize_filename (personal, NULL);
  sk_limits_set_defaults (&self->limits);
  return self;
}

static gboolean
say_missing (const char *path, gboolean asked_for, GError **error)
{
  if (asked_for)
    g_set_error (error, SK_ERROR, SK_ERROR_NOT_FOUND,
                 "%s: there is no such file (name the settings that you have written)", path);
  else
    g_set_error (error, SK_ERROR, SK_ERROR_NOT_FOUND,
                 "%s: there are no settings yet (write this file, with at least these lines; "
                 "agent.conf(5) tells the rest:\n"
                 "[identity]\naddresses=name@example.co.jp\n"
                 "[upstream]\nurl=smtp://smtp.example.co.jp:587\n"
                 "[policy]\nfolder=/path/of/the/policy\n)",
                 path);
  return FALSE;
}

static gboolean
report (Reader *reader, GError **error)
{
  g_autofree char *text = NULL;

  if (reader->problems->len == 0)
    return TRUE;
  g_ptr_array_add (reader->problems, NULL);
  text = g_strjoinv ("\n", (char **)reader->problems->pdata);
  g_set_error_literal (error, SK_ERROR, SK_ERROR_INVALID, text);
  return FALSE;
}

static gboolean
read_all (Reader *reader, gboolean asked_for, GError **error)
{
  const gboolean has_system = open_source (reader, &reader->sources[SYSTEM]);
  const gboolean has_user = open_source (reader, &reader->sources[USER]);

  if (!has_user && (asked_for || !has_system))
    return say_missing (reader->sources[USER].path, asked_for, error);
  if (reader->problems->len > 0)
    return report (reader, error); /* what a half-read file lacks says nothing */
  for (int i = 0; i < SOURCES; i++)
    check_names (reader, &reader->sources[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    read_key (reader, &keys[i]);
  check_needed (reader);
  check_upstream (reader);
  check_sign_in (reader);
  return report (reader, error);
}

/* The store directory alone: whatever else is wrong. */
static gboolean
read_store (Reader *reader, gboolean asked_for, GError **error)
{
  const gboolean has_system = open_source (reader, &reader->sources[SYSTEM]);
  const gboolean has_user = open_source (reader, &reader->sources[USER]);

  if (!has_user && (asked_for || !has_system))
    return say_missing (reader->sources[USER].path, asked_for, error);
  if (reader->problems->len == 0)
    read_key (reader, find_key ("store", "directory"));
  return report (reader, error);
}

typedef gboolean (*ReadFunc) (Reader *reader, gboolean asked_for, GError **error);

static SkSettings *
load (const char *user_file, const char *system_file, ReadFunc read, GError **error)
{
  Reader reader = { 0 };
  gboolean done;

  reader.sources[USER].path = user_file != NULL ? g_strdup (user_file)
                                                : g_build_filename (g_get_user_config_dir (),
                                                                    "sekisho", "agent.conf", NULL);
  reader.sources[SYSTEM].path = g_strdup (system_file != NULL ? system_file : SK_SYSTEM_SETTINGS);
  reader.settings = settings_new (reader.sources[USER].path);
  reader.problems = g_ptr_array_new_with_free_func (g_free);
  done = read (&reader, user_file != NULL, error);
  for (int i = 0; i < SOURCES; i++)
    {
      g_free (reader.sources[i].path);
      g_free (reader.sources[i].text);
      g_clear_pointer (&reader.sources[i].keys, g_key_file_unref);
    }
  g_ptr_array_unref (reader.problems);
  if (!done)
    g_clear_pointer (&reader.settings, sk_settings_free);
  return reader.settings;
}

SkSettings *
sk_settings_load (const char *user_file, const char *system_file, GError **error)
{
  return load (user_file, system_file, read_all, error);
}

char *
sk_settings_store_directory (const char *user_file, const char *system_file, GError **error)
{
  g_autoptr (SkSettings) settings = load (user_file, system_file, read_store, error);

  return settings != NULL ? g_steal_pointer (&settings->store_directory) : NULL;
}

/* --- a change while the agent runs --- */
static void
swap (gpointer one, gpointer other, gsize width)
{
  guint8 between[sizeof (gint64)];

  g_assert (width <= sizeof between);
  memcpy (between, one, width);
  memcpy (one, other, width);
  memcpy (other, between, width);
}

void
sk_settings_adopt (SkSettings *self, SkSettings *fresh, GStrv *taken, GStrv *waiting)
{
  g_autoptr (GStrvBuilder) now = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) later = g_strv_builder_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      const Key *key = &keys[i];
      g_autofree char *name = g_strdup_printf ("[%s] %s", key->group, key->name);

      if (g_str_equal (self->texts[i], fresh->texts[i]))
        continue;
      g_strv_builder_add (key->at_once ? now : later, name);
      if (!key->at_once)
        continue;
      swap ((char *)self + key->offset, (char *)fresh + key->offset, key->width);
      swap (&self->texts[i], &fresh->texts[i], sizeof self->texts[i]);
    }
  *taken = g_strv_builder_end (now);
  *waiting = g_strv_builder_end (later);
}

void
sk_settings_free (SkSettings *self)
{
  if (self == NULL)
    return;
  g_strfreev (self->texts);
  g_strfreev (self->addresses);
  g_free (self->language);
  g_free (self->client_password_file);
  g_free (self->provider);
  g_free (self->upstream_url);
  g_free (self->upstream_ca_file);
  g_free (self->upstream_user);
  g_free (self->upstream_password_file);
  g_free (self->policy_folder);
  g_free (self->personal_file);
  g_free (self->store_directory);
  g_free (self);
}
