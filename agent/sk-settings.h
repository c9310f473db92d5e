/* The agent's settings: agent.conf of the user over that of the system (whose keys win).
 *
 * Read at the start, and anew on SIGHUP. Every mistake is reported as "FILE:LINE: [group] key: what is
 * wrong (remedy)". Unknown groups and keys are errors with a suggestion.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef enum { SK_TLS_NONE, SK_TLS_STARTTLS, SK_TLS_IMPLICIT } SkListenTls;
typedef enum { SK_CLIENTS_SAME_USER, SK_CLIENTS_PASSWORD } SkClients;
typedef enum { SK_UPSTREAM_TLS_REQUIRED, SK_UPSTREAM_TLS_OPPORTUNISTIC, SK_UPSTREAM_TLS_NONE } SkUpstreamTls;
typedef enum { SK_AUTH_NONE, SK_AUTH_PASSWORD } SkAuth;
typedef enum { SK_DESKTOP_HOLD, SK_DESKTOP_REJECT } SkWithoutDesktop;

typedef struct {
  gint64 message_bytes;     /* message, 100 MiB */
  guint command_bytes;      /* command-line, 2,048 */
  guint auth_bytes;         /* auth-line, 12,288 */
  guint recipients;         /* recipients, 2,000 */
  guint connections;        /* connections, 1,000 */
  guint errors;             /* errors, 20 */
  guint idle_seconds;       /* idle, 300 */
  gsize header_bytes;       /* header, 1 MiB */
  guint parts;              /* parts, 1,000 */
  guint nesting;            /* nesting, 32 */
  gsize text_bytes;         /* text, 32 MiB */
  guint archive_depth;      /* archive-depth, 8 */
  guint archive_members;    /* archive-members, 10,000 */
  guint64 unpacked_bytes;   /* unpacked, 512 MiB */
  guint unpack_ratio;       /* unpack-ratio, 200 */
  gsize attachment_text_bytes; /* attachment-text, 32 MiB */
  guint inspect_seconds;    /* inspect-time, 20 */
  guint64 inspect_bytes;    /* inspect-memory, 1 GiB */
  guint upstream_connections; /* upstream-connections, 16 */
} SkLimits;

typedef struct {
  char **addresses;       /* [identity] addresses */
  char *language;         /* "ja" or "en" */
  guint16 port;           /* [listen] smtp; 0 takes a free one */
  SkListenTls listen_tls;
  SkClients clients;
  char *client_password_file;
  char *provider;         /* "custom", … */
  char *upstream_url;     /* smtp://host:port or smtps:// */
  SkUpstreamTls upstream_tls;
  char *upstream_ca_file;
  SkAuth upstream_auth;
  char *upstream_user;
  char *upstream_password_file;
  char *policy_folder;
  char *personal_file;    /* personal.yaml beside agent.conf, absolute; it need not be there */
  SkWithoutDesktop without_desktop;
  char *store_directory;
  guint keep_days;        /* [store] keep-days, 30: what is done is forgotten that many days later */
  SkLimits limits;
  char **texts;           /* as they were written, by key; for sk-settings.c alone */
} SkSettings;

/* `user_file` may be NULL for the default place. A missing default file is an error that says how to
 * write one. `system_file` may be missing. */
SkSettings *sk_settings_load (const char *user_file, const char *system_file, GError **error);
/* Of the same files only where mail is kept, for who looks for a running agent: it runs on when other
 * settings have been broken since. g_free. */
char *sk_settings_store_directory (const char *user_file, const char *system_file, GError **error);
/* Takes over from `fresh` what may change while the agent runs: `*taken`, "[group] key" each. What else
 * differs is in `*waiting`, and counts from the next start. What was replaced goes into `fresh`, which
 * must live as long as anybody may still read it. Both lists: g_strfreev. */
void sk_settings_adopt (SkSettings *self, SkSettings *fresh, GStrv *taken, GStrv *waiting);
void sk_settings_free (SkSettings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkSettings, sk_settings_free)
