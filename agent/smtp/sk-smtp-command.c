// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-smtp-session-private.h"

#include <string.h>

typedef enum {
  NEEDS_HELLO = 1 << 0,
  NEEDS_LOGIN = 1 << 1, /* when clients must authenticate */
  NEEDS_NO_MAIL = 1 << 2,
  NEEDS_MAIL = 1 << 3,
  TAKES_NOTHING = 1 << 4, /* no argument */
  TAKES_SOMETHING = 1 << 5,
} Needs;

typedef struct {
  const char *verb;
  guint needs;
  void (*run) (SkSmtpSession *self, const char *argument);
} Command;

static gboolean
offers_tls (SkSmtpSession *self)
{
  return self->setup->offers_tls && !self->under_tls;
}

/* A password crosses the loopback in the clear only where the same user sits at both ends. */
static gboolean
offers_login (SkSmtpSession *self)
{
  return self->setup->needs_password && (self->under_tls || self->setup->same_user);
}

static void
say_hello (SkSmtpSession *self)
{
  sk_smtp_session_reset (self);
  self->offered = *self->setup->mirror;
  sk_smtp_session_set_state (self, SK_SMTP_READY);
}

static void
run_helo (SkSmtpSession *self, const char *argument)
{
  say_hello (self);
  sk_smtp_session_reply (self, 250, NULL, "localhost");
}

static void
run_ehlo (SkSmtpSession *self, const char *argument)
{
  GString *output = self->output;

  say_hello (self);
  g_string_append (output, "250-localhost\r\n250-PIPELINING\r\n250-8BITMIME\r\n");
  g_string_append_printf (output, "250-SIZE %" G_GINT64_FORMAT "\r\n",
                          sk_smtp_session_size_limit (self));
  if (offers_tls (self))
    g_string_append (output, "250-STARTTLS\r\n");
  if (offers_login (self))
    g_string_append (output, "250-AUTH PLAIN LOGIN\r\n");
  if (self->offered.smtputf8)
    g_string_append (output, "250-SMTPUTF8\r\n");
  if (self->offered.dsn)
    g_string_append (output, "250-DSN\r\n");
  g_string_append (output, "250 ENHANCEDSTATUSCODES\r\n");
}

static void
run_starttls (SkSmtpSession *self, const char *argument)
{
  if (offers_tls (self))
    sk_smtp_session_set_state (self, SK_SMTP_STARTING_TLS);
  else if (self->under_tls)
    sk_smtp_session_reply (self, 503, "5.5.1", "TLS is on already");
  else
    sk_smtp_session_reply (self, 502, "5.5.1", "STARTTLS is not offered");
}

static void
judge_login (SkSmtpSession *self)
{
  const SkSmtpSetup *setup = self->setup;
  SkSmtpLogin login
      = setup->questions->login (sk_smtp_auth_user (self->auth),
                                 sk_smtp_auth_password (self->auth), setup->user_data);

  switch (login)
    {
    case SK_SMTP_LOGIN_RIGHT:
      self->logged_in = TRUE;
      sk_smtp_session_reply (self, 235, "2.7.0", "Welcome");
      break;
    case SK_SMTP_LOGIN_WRONG:
      sk_smtp_session_reply (self, 535, "5.7.8", "Wrong user name or password");
      break;
    default:
      sk_smtp_session_end (self, "4.7.0", "Too many wrong passwords; try again in a minute");
      break;
    }
}

static void
take_response (SkSmtpSession *self, const char *line)
{
  SkSmtpAuthStep step = sk_smtp_auth_take (self->auth, line);

  sk_smtp_session_set_state (self, SK_SMTP_READY);
  switch (step)
    {
    case SK_SMTP_AUTH_ASKS:
      sk_smtp_session_set_state (self, SK_SMTP_LOGGING_IN);
      sk_smtp_session_reply (self, 334, NULL, sk_smtp_auth_challenge (self->auth));
      return;
    case SK_SMTP_AUTH_HAS:
      judge_login (self);
      break;
    case SK_SMTP_AUTH_CANCELLED:
      sk_smtp_session_reply (self, 501, "5.7.0", "Cancelled");
      break;
    default:
      sk_smtp_session_reply (self, 501, "5.5.2", "Not an answer to this mechanism");
      break;
    }
  g_clear_pointer (&self->auth, sk_smtp_auth_free);
}

static void
begin_login (SkSmtpSession *self, const char *argument)
{
  g_auto (GStrv) words = g_strsplit (argument, " ", 2);

  self->auth = sk_smtp_auth_new (words[0]);
  if (self->auth == NULL)
    sk_smtp_session_reply (self, 504, "5.5.4", "Unknown mechanism; PLAIN and LOGIN are offered");
  else
    take_response (self, words[1]);
}

static void
run_auth (SkSmtpSession *self, const char *argument)
{
  if (!self->setup->needs_password)
    sk_smtp_session_reply (self, 502, "5.5.1", "AUTH is not offered");
  else if (!offers_login (self))
    sk_smtp_session_reply (self, 538, "5.7.11", "AUTH needs TLS");
  else if (self->logged_in)
    sk_smtp_session_reply (self, 503, "5.5.1", "You are logged in already");
  else
    begin_login (self, argument);
}

static void
run_rset (SkSmtpSession *self, const char *argument)
{
  sk_smtp_session_reset (self);
  sk_smtp_session_reply (self, 250, "2.0.0", "Ok");
}

static void
run_noop (SkSmtpSession *self, const char *argument)
{
  sk_smtp_session_reply (self, 250, "2.0.0", "Ok");
}

static void
run_help (SkSmtpSession *self, const char *argument)
{
  sk_smtp_session_reply (self, 214, "2.0.0",
                         "EHLO HELO MAIL RCPT DATA RSET NOOP VRFY HELP QUIT STARTTLS AUTH");
}

static void
run_vrfy (SkSmtpSession *self, const char *argument)
{
  sk_smtp_session_reply (self, 252, "2.1.5", "Not verified; send the mail and see");
}

static void
run_quit (SkSmtpSession *self, const char *argument)
{
  self->has_quit = TRUE;
  sk_smtp_session_reply (self, 221, "2.0.0", "Bye");
  sk_smtp_session_set_state (self, SK_SMTP_CLOSED);
}

static void
run_not_offered (SkSmtpSession *self, const char *argument)
{
  sk_smtp_session_reply (self, 502, "5.5.1", "Not offered");
}

static const Command commands[] = {
  { "EHLO", TAKES_SOMETHING, run_ehlo },
  { "HELO", TAKES_SOMETHING, run_helo },
  { "MAIL", NEEDS_HELLO | NEEDS_LOGIN | NEEDS_NO_MAIL, sk_smtp_session_mail },
  { "RCPT", NEEDS_HELLO | NEEDS_LOGIN | NEEDS_MAIL, sk_smtp_session_rcpt },
  { "DATA", NEEDS_HELLO | NEEDS_LOGIN | NEEDS_MAIL | TAKES_NOTHING, sk_smtp_session_data },
  { "RSET", TAKES_NOTHING, run_rset },
  { "NOOP", 0, run_noop },
  { "QUIT", TAKES_NOTHING, run_quit },
  { "HELP", 0, run_help },
  { "VRFY", TAKES_SOMETHING, run_vrfy },
  { "AUTH", NEEDS_HELLO | NEEDS_NO_MAIL | TAKES_SOMETHING, run_auth },
  { "STARTTLS", TAKES_NOTHING, run_starttls },
  { "EXPN", 0, run_not_offered },
  { "BDAT", 0, run_not_offered },
  { "ETRN", 0, run_not_offered },
};

static const Command *
find_command (const char *line, gsize length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strlen (commands[i].verb) == length
        && g_ascii_strncasecmp (line, commands[i].verb, length) == 0)
      return &commands[i];
  return NULL;
}

/* FALSE: refused, and the client has been told why. */
static gboolean
check_needs (SkSmtpSession *self, const Command *command, const char *argument)
{
  gboolean mail = self->state == SK_SMTP_MAIL;
  const struct {
    guint need;
    gboolean met;
    guint code;
    const char *enhanced, *text;
  } checks[] = {
    { TAKES_NOTHING, *argument == '\0', 501, "5.5.4", "This command takes no argument" },
    { TAKES_SOMETHING, *argument != '\0', 501, "5.5.4", "This command needs an argument" },
    { NEEDS_HELLO, self->state != SK_SMTP_STRANGER, 503, "5.5.1", "Say EHLO first" },
    { NEEDS_LOGIN, self->logged_in || !self->setup->needs_password, 530, "5.7.0",
      offers_login (self) ? "Authentication is required" : "Authentication under TLS is required" },
    { NEEDS_NO_MAIL, !mail, 503, "5.5.1", "A mail has begun already" },
    { NEEDS_MAIL, mail, 503, "5.5.1", "Say MAIL first" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (checks); i++)
    if ((command->needs & checks[i].need) && !checks[i].met)
      {
        sk_smtp_session_reply (self, checks[i].code, checks[i].enhanced, checks[i].text);
        return FALSE;
      }
  return TRUE;
}

void
sk_smtp_session_run (SkSmtpSession *self, char *line)
{
  gsize length;
  const Command *command;
  char *argument;

  if (self->state == SK_SMTP_LOGGING_IN)
    {
      take_response (self, line);
      return;
    }
  length = strcspn (line, " \t");
  command = find_command (line, length);
  argument = g_strstrip (line + length);
  if (command == NULL)
    sk_smtp_session_reply (self, 500, "5.5.2", "Unknown command");
  else if (check_needs (self, command, argument))
    command->run (self, argument);
}
