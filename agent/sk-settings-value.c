// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/sk-settings-value.h"

#include "sk-error.h"
#include "sk-host.h"
#include "sk-suggest.h"

#include <gio/gio.h>
#include <string.h>

#define ADDRESS_LIMIT 254 /* RFC 5321 4.5.3.1.3 */
#define LOCAL_PART_LIMIT 64
#define URL_REMEDY "(write smtp://HOST:PORT or smtps://HOST:PORT)"

/* --- text --- */
void
sk_settings_cut_comment (char *value)
{
  for (char *at = value; *at != '\0'; at++)
    if (*at == '#' && (at == value || g_ascii_isspace (at[-1])))
      {
        *at = '\0';
        break;
      }
  g_strstrip (value);
}

void
sk_settings_replace_text (char **member, const char *text)
{
  g_free (*member);
  *member = g_strdup (text);
}

char *
sk_settings_choice (char **words)
{
  GString *text = g_string_new (words[0]);

  for (int i = 1; words[0] != NULL && words[i] != NULL; i++)
    {
      g_string_append (text, words[i + 1] != NULL ? ", " : " or ");
      g_string_append (text, words[i]);
    }
  return g_string_free (text, FALSE);
}

char *
sk_settings_known_remedy (const char *name, char **known)
{
  const char *nearest = sk_suggest (name, (const char *const *) known);
  g_autofree char *choice = nearest == NULL ? sk_settings_choice (known) : NULL;

  return nearest != NULL ? g_strdup_printf ("did you mean %s?", nearest)
                         : g_strdup_printf ("write %s", choice);
}

char *
sk_settings_path (const char *beside, const char *value)
{
  g_autofree char *directory = NULL;

  if (g_str_has_prefix (value, "~/"))
    return g_build_filename (g_get_home_dir (), value + 2, NULL);
  directory = g_path_get_dirname (beside);
  return g_canonicalize_filename (value, g_path_is_absolute (directory) ? directory : NULL);
}

/* --- addresses --- */
static gboolean
domain_is_valid (const char *domain)
{
  g_auto (GStrv) labels = g_strsplit (domain, ".", -1);

  for (int i = 0; labels[i] != NULL; i++)
    {
      const gsize length = strlen (labels[i]);

      if (length == 0 || length > 63 || labels[i][0] == '-' || labels[i][length - 1] == '-')
        return FALSE;
      for (const char *at = labels[i]; *at != '\0'; at++)
        if (!g_ascii_isalnum (*at) && *at != '-' && !(*at & 0x80))
          return FALSE;
    }
  return labels[0] != NULL;
}

static gboolean
local_part_is_valid (const char *local, gsize length)
{
  const gboolean quoted = length > 2 && local[0] == '"' && local[length - 1] == '"';

  for (gsize i = 0; i < length; i++)
    {
      if ((guchar)local[i] < 0x20 || local[i] == 0x7f)
        return FALSE;
      if (!quoted && strchr (" \t<>()[],:\\\"@", local[i]) != NULL)
        return FALSE;
    }
  return length > 0;
}

gboolean
sk_settings_address_is_valid (const char *address, const char **problem)
{
  const char *at = strrchr (address, '@');

  *problem = NULL;
  if (at == NULL)
    *problem = "has no @";
  else if (strlen (address) > ADDRESS_LIMIT || at - address > LOCAL_PART_LIMIT)
    *problem = "is too long";
  else if (!local_part_is_valid (address, (gsize)(at - address)))
    *problem = "is not an address alone";
  else if (!domain_is_valid (at + 1))
    *problem = "has a domain that can't be";
  return *problem == NULL;
}

/* --- the provider's URL --- */
static gboolean
host_is_valid (const char *host)
{
  return strchr (host, ':') != NULL ? g_hostname_is_ip_address (host) : domain_is_valid (host);
}

char *
sk_settings_upstream_url (const char *value, GError **error)
{
  g_autofree char *scheme = NULL, *user = NULL, *host = NULL, *path = NULL, *query = NULL,
                  *fragment = NULL;
  int port = -1;

  if (!g_uri_split (value, G_URI_FLAGS_NONE, &scheme, &user, &host, &port, &path, &query, &fragment,
                    NULL)
      || host == NULL || !host_is_valid (host)
      || !(g_str_equal (scheme, "smtp") || g_str_equal (scheme, "smtps")) || port == 0)
    {
      g_set_error (error, SK_ERROR, SK_ERROR_INVALID,
                   "\"%s\" is not the address of an SMTP server " URL_REMEDY, value);
      return NULL;
    }
  if (user != NULL || query != NULL || fragment != NULL
      || (*path != '\0' && !g_str_equal (path, "/")))
    {
      g_set_error (error, SK_ERROR, SK_ERROR_INVALID,
                   "\"%s\" says more than host and port " URL_REMEDY "%s", value,
                   user != NULL ? "; the name of the account belongs to user=" : "");
      return NULL;
    }
  if (port < 0)
    port = g_str_equal (scheme, "smtps") ? 465 : 587;
  return g_strdup_printf (strchr (host, ':') != NULL ? "%s://[%s]:%d" : "%s://%s:%d", scheme, host,
                          port);
}

gboolean
sk_settings_url_is_loopback (const char *url)
{
  g_autofree char *host = NULL;

  return g_uri_split (url, G_URI_FLAGS_NONE, NULL, NULL, &host, NULL, NULL, NULL, NULL, NULL)
         && sk_host_is_loopback (host);
}

/* --- limits --- */
typedef enum { COUNT, SIZE, TIME, KINDS } LimitKind;

typedef struct {
  const char *name;
  LimitKind kind;
  gsize offset, width; /* of the member of SkLimits */
  gint64 normal, least, most;
} Limit;

#define KIB G_GINT64_CONSTANT (1024)
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)
#define PLACE(member) G_STRUCT_OFFSET (SkLimits, member), sizeof (((SkLimits *)NULL)->member)

static const Limit limits_table[] = {
  { "message", SIZE, PLACE (message_bytes), 100 * MIB, 1 * KIB, 2 * GIB },
  { "command-line", SIZE, PLACE (command_bytes), 2048, 512, 64 * KIB },
  { "auth-line", SIZE, PLACE (auth_bytes), 12288, 512, 128 * KIB }, /* within the listener's 256 KiB */
  { "recipients", COUNT, PLACE (recipients), 2000, 1, 100000 },
  { "connections", COUNT, PLACE (connections), 1000, 1, 10000 },
  { "errors", COUNT, PLACE (errors), 20, 1, 1000 },
  { "idle", TIME, PLACE (idle_seconds), 300, 1, 86400 },
  { "header", SIZE, PLACE (header_bytes), 1 * MIB, 1 * KIB, 64 * MIB },
  { "parts", COUNT, PLACE (parts), 1000, 1, 100000 },
  { "nesting", COUNT, PLACE (nesting), 32, 1, 256 },
  { "text", SIZE, PLACE (text_bytes), 32 * MIB, 1 * KIB, 1 * GIB },
  { "archive-depth", COUNT, PLACE (archive_depth), 8, 1, 32 },
  { "archive-members", COUNT, PLACE (archive_members), 10000, 1, 1000000 },
  { "unpacked", SIZE, PLACE (unpacked_bytes), 512 * MIB, 1 * MIB, 4 * GIB },
  { "unpack-ratio", COUNT, PLACE (unpack_ratio), 200, 2, 100000 },
  { "attachment-text", SIZE, PLACE (attachment_text_bytes), 32 * MIB, 1 * KIB, 256 * MIB },
  { "inspect-time", TIME, PLACE (inspect_seconds), 20, 1, 600 },
  { "inspect-memory", SIZE, PLACE (inspect_bytes), 1 * GIB, 256 * MIB, 16 * GIB },
  { "upstream-connections", COUNT, PLACE (upstream_connections), 16, 1, 256 },
};

static const struct {
  LimitKind kind;
  const char *name;
  gint64 factor;
} units[] = {
  { SIZE, "KiB", KIB }, { SIZE, "MiB", MIB },    { SIZE, "GiB", GIB },       { SIZE, "kB", 1000 },
  { SIZE, "KB", 1000 }, { SIZE, "MB", 1000000 }, { SIZE, "GB", 1000000000 }, { TIME, "s", 1 },
  { TIME, "min", 60 },  { TIME, "h", 3600 },
};

static const char *const kind_hints[KINDS] = {
  [COUNT] = "",
  [SIZE] = " bytes, or with KiB, MiB, GiB",
  [TIME] = " seconds, or with s, min, h",
};

static void
limit_store (SkLimits *limits, const Limit *limit, gint64 value)
{
  char *member = (char *)limits + limit->offset;

  if (limit->width == sizeof (guint))
    *(guint *)member = (guint)value;
  else
    *(gint64 *)member = value;
}

G_STATIC_ASSERT (sizeof (gsize) == sizeof (gint64));

static gboolean
limit_parse (const Limit *limit, const char *value, gint64 *result)
{
  char *end = NULL;
  gint64 number, factor = 0;

  if (!g_ascii_isdigit (*value))
    return FALSE;
  number = g_ascii_strtoll (value, &end, 10);
  while (g_ascii_isspace (*end))
    end++;
  if (*end == '\0')
    factor = 1;
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (units[i].kind == limit->kind && g_str_equal (units[i].name, end))
      factor = units[i].factor;
  if (factor == 0 || number > limit->most / factor)
    return FALSE;
  *result = number * factor;
  return *result >= limit->least;
}

void
sk_limits_set_defaults (SkLimits *limits)
{
  for (gsize i = 0; i < G_N_ELEMENTS (limits_table); i++)
    limit_store (limits, &limits_table[i], limits_table[i].normal);
}

gboolean
sk_limits_set (SkLimits *limits, const char *name, const char *value, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (limits_table); i++)
    {
      const Limit *limit = &limits_table[i];
      gint64 number = 0;

      if (!g_str_equal (limit->name, name))
        continue;
      if (limit_parse (limit, value, &number))
        {
          limit_store (limits, limit, number);
          return TRUE;
        }
      g_set_error (error, SK_ERROR, SK_ERROR_INVALID,
                   "\"%s\" is not possible (write a number from %" G_GINT64_FORMAT
                   " to %" G_GINT64_FORMAT "%s)",
                   value, limit->least, limit->most, kind_hints[limit->kind]);
      return FALSE;
    }
  g_set_error (error, SK_ERROR, SK_ERROR_INVALID, "there is no such limit (see agent.conf(5))");
  return FALSE;
}
