// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-error.h"
#include "sk-smtp-path.h"
#include "sk-smtp-session-private.h"
#include "sk-smtp-spool.h"

#include <string.h>

#define ENVID_OCTETS 100 /* RFC 3461 4.4 */
#define SIZE_DIGITS 20   /* RFC 1870 3 */
#define ORCPT_OCTETS 500 /* RFC 3461 4.2 */

typedef enum { GOOD, NOT_KNOWN, BAD_VALUE, TOO_LARGE } Judgement;

/* One row a parameter. `offered` says whether this session has it. */
typedef struct {
  const char *key;
  gboolean (*offered) (SkSmtpSession *self);
  Judgement (*take) (SkSmtpSession *self, SkEnvelopeRecipient *recipient, const char *value);
} Parameter;

static gboolean
always (SkSmtpSession *self)
{
  return TRUE;
}

static gboolean
when_smtputf8 (SkSmtpSession *self)
{
  return self->offered.smtputf8;
}

static gboolean
when_dsn (SkSmtpSession *self)
{
  return self->offered.dsn;
}

static gboolean
when_auth (SkSmtpSession *self)
{
  return self->setup->needs_password;
}

static Judgement
take_size (SkSmtpSession *self, SkEnvelopeRecipient *recipient, const char *value)
{
  gsize digits = value != NULL ? strspn (value, "0123456789") : 0;
  guint64 size;

  if (digits == 0 || digits > SIZE_DIGITS || value[digits] != '\0')
    return BAD_VALUE;
  size = g_ascii_strtoull (value, NULL, 10);
  if (size > (guint64) sk_smtp_session_size_limit (self))
    return TOO_LARGE;
  self->announced = (gint64) size;
  return GOOD;
}

static Judgement
take_body (SkSmtpSession *self, SkEnvelopeRecipient *recipient, const char *value)
{
  if (value == NULL)
    return BAD_VALUE;
  self->envelope->body_8bit = g_ascii_strcasecmp (value, "8BITMIME") == 0;
  return self->envelope->body_8bit || g_ascii_strcasecmp (value, "7BIT") == 0 ? GOOD : BAD_VALUE;
}

static Judgement
take_smtputf8 (SkSmtpSession *self, SkEnvelopeRecipient *recipient, const char *value)
{
  self->envelope->smtputf8 = TRUE;
  return value == NULL ? GOOD : BAD_VALUE;
}

/* Who is said to have authenticated the mail before (RFC 4954 5): of no use here. */
static Judgement
take_auth (SkSmtpSession *self, SkEnvelopeRecipient *recipient, const char *value)
{
  return value != NULL && sk_smtp_is_xtext (value, ORCPT_OCTETS, FALSE) ? GOOD : BAD_VALUE;
}

static Judgement
take_ret (SkSmtpSession *self, SkEnvelopeRecipient *recipient, const char *value)
{
  if (value == NULL
      || (g_ascii_strcasecmp (value, "FULL") != 0 && g_ascii_strcasecmp (value, "HDRS") != 0))
    return BAD_VALUE;
  self->envelope->ret = g_ascii_strup (value, -1);
  return GOOD;
}

static Judgement
take_envid (SkSmtpSession *self, SkEnvelopeRecipient *recipient, const char *value)
{
  if (value == NULL || !sk_smtp_is_xtext (value, ENVID_OCTETS, FALSE))
    return BAD_VALUE;
  self->envelope->envid = g_strdup (value);
  return GOOD;
}

/* RFC 3461 4.1: NEVER alone, or a list of the three others. */
static Judgement
take_notify (SkSmtpSession *self, SkEnvelopeRecipient *recipient, const char *value)
{
  static const char *const words[] = { "SUCCESS", "FAILURE", "DELAY", NULL };
  g_autofree char *upper = value != NULL ? g_ascii_strup (value, -1) : NULL;
  g_auto (GStrv) said = upper != NULL ? g_strsplit (upper, ",", -1) : NULL;

  if (said == NULL || said[0] == NULL)
    return BAD_VALUE;
  for (guint i = 0; strcmp (upper, "NEVER") != 0 && said[i] != NULL; i++)
    if (!g_strv_contains (words, said[i]))
      return BAD_VALUE;
  recipient->notify = g_steal_pointer (&upper);
  return GOOD;
}

/* RFC 3461 4.2: "type;xtext". */
static Judgement
take_orcpt (SkSmtpSession *self, SkEnvelopeRecipient *recipient, const char *value)
{
  const char *semicolon = value != NULL ? strchr (value, ';') : NULL;

  if (semicolon == NULL || semicolon == value || strlen (value) > ORCPT_OCTETS)
    return BAD_VALUE;
  for (const char *at = value; at < semicolon; at++)
    if (!g_ascii_isalnum (*at) && *at != '-')
      return BAD_VALUE;
  if (!sk_smtp_is_xtext (semicolon + 1, ORCPT_OCTETS, self->envelope->smtputf8))
    return BAD_VALUE;
  recipient->orcpt = g_strdup (value);
  return GOOD;
}

static const Parameter mail_parameters[] = {
  { "SIZE", always, take_size },    { "BODY", always, take_body },
  { "AUTH", when_auth, take_auth }, { "SMTPUTF8", when_smtputf8, take_smtputf8 },
  { "RET", when_dsn, take_ret },    { "ENVID", when_dsn, take_envid },
  { NULL },
};

static const Parameter rcpt_parameters[] = {
  { "NOTIFY", when_dsn, take_notify },
  { "ORCPT", when_dsn, take_orcpt },
  { NULL },
};

static Judgement
take_parameter (SkSmtpSession *self, const Parameter *table, SkEnvelopeRecipient *recipient,
                const SkSmtpParameter *said)
{
  for (; table->key != NULL; table++)
    if (strcmp (table->key, said->key) == 0 && table->offered (self))
      return table->take (self, recipient, said->value);
  return NOT_KNOWN;
}

/* FALSE: refused, and the client has been told why. */
static gboolean
take_parameters (SkSmtpSession *self, const Parameter *table, SkEnvelopeRecipient *recipient,
                 const char *text)
{
  static const struct {
    guint code;
    const char *enhanced, *text;
  } refusals[] = {
    [NOT_KNOWN] = { 555, "5.5.4", "A parameter that is not offered" },
    [BAD_VALUE] = { 501, "5.5.4", "A parameter's value is wrong" },
    [TOO_LARGE] = { 552, "5.3.4", "The message is larger than can be sent" },
  };
  g_autoptr (GArray) said = sk_smtp_parameters_parse (text);
  Judgement judgement = said != NULL ? GOOD : BAD_VALUE;

  for (guint i = 0; judgement == GOOD && i < said->len; i++)
    judgement = take_parameter (self, table, recipient, &g_array_index (said, SkSmtpParameter, i));
  if (judgement == GOOD)
    return TRUE;
  sk_smtp_session_reply (self, refusals[judgement].code, refusals[judgement].enhanced,
                         refusals[judgement].text);
  return FALSE;
}

/* The path behind "FROM:" or "TO:". */
static gboolean
parse_argument (const char *argument, const char *word, SkSmtpPath *path)
{
  gsize length = strlen (word);

  return g_ascii_strncasecmp (argument, word, length) == 0
         && sk_smtp_path_parse (argument + length, path);
}

static gboolean
check_script (SkSmtpSession *self, const SkSmtpPath *path)
{
  if (!path->non_ascii || self->envelope->smtputf8)
    return TRUE;
  sk_smtp_session_reply (self, 553, "5.6.7", "An address beyond ASCII needs SMTPUTF8");
  return FALSE;
}

static gboolean
check_sender (SkSmtpSession *self, const char *address)
{
  const SkSmtpSetup *setup = self->setup;

  if (*address == '\0' || setup->questions->sender_allowed (address, setup->user_data))
    return TRUE;
  sk_smtp_session_reply (self, 550, "5.7.60", "The sender is not one of your addresses");
  return FALSE;
}

void
sk_smtp_session_mail (SkSmtpSession *self, const char *argument)
{
  g_auto (SkSmtpPath) path = { 0 };

  if (!parse_argument (argument, "FROM:", &path))
    {
      sk_smtp_session_reply (self, 501, "5.1.3", "MAIL FROM:<address> is what is understood");
      return;
    }
  self->envelope = sk_envelope_new ();
  if (!take_parameters (self, mail_parameters, NULL, path.rest) || !check_script (self, &path)
      || !check_sender (self, path.address))
    {
      sk_smtp_session_reset (self);
      return;
    }
  g_free (self->envelope->mail_from);
  self->envelope->mail_from = g_steal_pointer (&path.address);
  sk_smtp_session_set_state (self, SK_SMTP_MAIL);
  sk_smtp_session_reply (self, 250, "2.1.0", "Ok");
}

/* The same address twice is one recipient. */
static void
add_recipient (SkSmtpSession *self, SkEnvelopeRecipient *recipient)
{
  if (g_hash_table_contains (self->addresses, recipient->address))
    {
      sk_envelope_recipient_free (recipient);
      sk_smtp_session_reply (self, 250, "2.1.5", "Ok, once");
    }
  else if (self->envelope->recipients->len >= self->setup->limits->recipients)
    {
      sk_envelope_recipient_free (recipient);
      self->refused++;
      sk_smtp_session_reply (self, 452, "4.5.3", "Too many recipients");
    }
  else
    {
      g_hash_table_add (self->addresses, recipient->address);
      g_ptr_array_add (self->envelope->recipients, recipient);
      sk_smtp_session_reply (self, 250, "2.1.5", "Ok");
    }
}

void
sk_smtp_session_rcpt (SkSmtpSession *self, const char *argument)
{
  g_auto (SkSmtpPath) path = { 0 };
  SkEnvelopeRecipient *recipient;

  if (!parse_argument (argument, "TO:", &path) || *path.address == '\0')
    {
      self->refused++;
      sk_smtp_session_reply (self, 501, "5.1.3", "RCPT TO:<user@domain> is what is understood");
      return;
    }
  recipient = sk_envelope_recipient_new (path.address, NULL, NULL);
  if (take_parameters (self, rcpt_parameters, recipient, path.rest) && check_script (self, &path))
    {
      add_recipient (self, recipient);
      return;
    }
  self->refused++;
  sk_envelope_recipient_free (recipient);
}

/* FALSE: the desk has refused, and the mail is forgotten. */
static gboolean
ask_to_begin (SkSmtpSession *self)
{
  const SkSmtpSetup *setup = self->setup;
  g_autoptr (SkReply) reply = NULL;
  g_autofree char *wire = NULL;

  if (setup->questions->may_begin != NULL)
    reply = setup->questions->may_begin (self->announced, setup->user_data);
  if (reply == NULL)
    return TRUE;
  wire = sk_reply_to_wire (reply);
  g_string_append (self->output, wire);
  sk_smtp_session_reset (self);
  if (reply->code == 421)
    sk_smtp_session_set_state (self, SK_SMTP_CLOSED);
  return FALSE;
}

static gboolean
open_spool (SkSmtpSession *self)
{
  g_autoptr (GError) error = NULL;

  if (sk_smtp_spool_open (self->envelope, self->setup->spool_directory, &error))
    return TRUE;
  g_message ("receiving: %s", error->message);
  sk_smtp_session_reset (self);
  if (sk_error_is_full (error))
    sk_smtp_session_reply (self, 452, "4.3.1", "No space is left where mail is kept");
  else
    sk_smtp_session_reply (self, 451, "4.3.0", "Mail can't be kept at the moment");
  return FALSE;
}

void
sk_smtp_session_data (SkSmtpSession *self, const char *argument)
{
  if (self->envelope->recipients->len == 0)
    {
      if (self->refused > 0)
        sk_smtp_session_reply (self, 554, "5.5.1", "No recipient was accepted");
      else
        sk_smtp_session_reply (self, 503, "5.5.1", "Say RCPT first");
      return;
    }
  if (!ask_to_begin (self) || !open_spool (self))
    return;
  sk_smtp_data_begin (&self->data);
  self->spoilt = SK_SMTP_SOUND;
  self->swallowed = 0;
  self->began = sk_clock_boot (self->setup->clock);
  sk_smtp_session_set_state (self, SK_SMTP_TEXT);
  sk_smtp_session_reply (self, 354, NULL, "Go on; end with <CR><LF>.<CR><LF>");
}

void
sk_smtp_session_finish (SkSmtpSession *self)
{
  static const struct {
    guint code;
    const char *enhanced, *text;
  } refusals[] = {
    [SK_SMTP_SPOILT_BAD] = { 550, "5.6.0", "Lines end with CR LF; no bare CR or LF, no NUL" },
    [SK_SMTP_SPOILT_LARGE] = { 552, "5.3.4", "The message is larger than can be sent" },
    [SK_SMTP_SPOILT_FULL] = { 452, "4.3.1", "No space is left where mail is kept" },
    [SK_SMTP_SPOILT_DISK] = { 451, "4.3.0", "Mail can't be kept at the moment" },
  };

  if (self->spoilt == SK_SMTP_SOUND)
    {
      self->envelope->received_us = sk_clock_boot (self->setup->clock) - self->began;
      sk_smtp_session_set_state (self, SK_SMTP_ANSWERING);
      return;
    }
  sk_smtp_session_reset (self);
  sk_smtp_session_reply (self, refusals[self->spoilt].code, refusals[self->spoilt].enhanced,
                         refusals[self->spoilt].text);
}
