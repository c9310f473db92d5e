// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/relay/sk-envelope-lines.h"

#include <string.h>

static gboolean
is_ascii (const char *text)
{
  for (; *text != '\0'; text++)
    if ((guchar)*text >= 0x80)
      return FALSE;
  return TRUE;
}

/* No octet that could end the path or the line. Within quotes a space is allowed (RFC 5321 4.1.2),
 * and a backslash takes the next octet along; angle brackets would be too, but not every server
 * reads them so. */
static gboolean
is_safe_path (const char *address)
{
  gboolean quoted = FALSE;

  for (const char *at = address; *at != '\0'; at++)
    {
      if (g_ascii_iscntrl (*at) || strchr ("<>", *at) != NULL)
        return FALSE;
      if (quoted && *at == '\\')
        {
          at++;
          if (*at == '\0' || g_ascii_iscntrl (*at) || strchr ("<>", *at) != NULL)
            return FALSE;
        }
      else if (*at == '"')
        quoted = !quoted;
      else if (!quoted && *at == ' ')
        return FALSE;
    }
  return !quoted && g_utf8_validate (address, -1, NULL);
}

/* xtext, keywords and numbers have neither spaces nor anything outside printable ASCII. */
static gboolean
is_safe_parameter (const char *value)
{
  for (; value != NULL && *value != '\0'; value++)
    if (!g_ascii_isgraph (*value))
      return FALSE;
  return TRUE;
}

static SkReply *
check_address (const SkRelayMail *mail, const char *address)
{
  if (!is_safe_path (address))
    return sk_reply_new (553, "5.1.3",
                         "This address can't be written in SMTP: it has control characters, "
                         "spaces or angle brackets, or is not UTF-8");
  if (!mail->smtputf8 && !is_ascii (address))
    return sk_reply_new (553, "5.6.7",
                         "This address is not ASCII, and the mail was not submitted with SMTPUTF8");
  return NULL;
}

static SkReply *
check_recipient (const SkRelayMail *mail, const SkEnvelopeRecipient *recipient)
{
  if (recipient->address[0] == '\0')
    return sk_reply_new (553, "5.1.3", "An empty address is no recipient");
  if (!is_safe_parameter (recipient->notify) || !is_safe_parameter (recipient->orcpt))
    return sk_reply_new (501, "5.5.4",
                         "NOTIFY= or ORCPT= has characters that are not allowed there");
  return check_address (mail, recipient->address);
}

static SkReply *
check_mail (const SkRelayMail *mail, const SkRelayCapabilities *capabilities)
{
  if (mail->recipients->len == 0)
    return sk_reply_new (554, "5.5.1", "No recipients");
  if (!is_safe_parameter (mail->ret) || !is_safe_parameter (mail->envid))
    return sk_reply_new (501, "5.5.4", "RET= or ENVID= has characters that are not allowed there");
  if (mail->smtputf8 && !capabilities->smtputf8)
    return sk_reply_new (
        550, "5.6.7",
        "The provider takes no mail with addresses or headers outside ASCII (it does not "
        "offer SMTPUTF8): write to an ASCII address of the recipient");
  return check_address (mail, mail->mail_from);
}

SkReply *
sk_envelope_lines_check (const SkRelayMail *mail, const SkRelayCapabilities *capabilities,
                         int *recipient)
{
  SkReply *reply = check_mail (mail, capabilities);

  *recipient = -1;
  for (guint i = 0; reply == NULL && i < mail->recipients->len; i++)
    {
      reply = check_recipient (mail, g_ptr_array_index (mail->recipients, i));
      *recipient = reply != NULL ? (int)i : -1;
    }
  return reply;
}

static void
append_parameter (GString *lines, const char *name, const char *value)
{
  if (value == NULL)
    return;
  g_string_append (lines, name);
  g_string_append (lines, value);
}

void
sk_envelope_lines_append_mail (GString *lines, const SkRelayMail *mail,
                               const SkRelayCapabilities *capabilities)
{
  g_string_append (lines, "MAIL FROM:<");
  g_string_append (lines, mail->mail_from);
  g_string_append_c (lines, '>');
  if (capabilities->size_offered)
    g_string_append_printf (lines, " SIZE=%" G_GINT64_FORMAT, mail->size);
  if (mail->body_8bit && capabilities->eightbitmime)
    g_string_append (lines, " BODY=8BITMIME");
  if (mail->smtputf8)
    g_string_append (lines, " SMTPUTF8");
  if (capabilities->dsn)
    {
      append_parameter (lines, " RET=", mail->ret);
      append_parameter (lines, " ENVID=", mail->envid);
    }
  g_string_append (lines, "\r\n");
}

void
sk_envelope_lines_append_rcpt (GString *lines, const SkEnvelopeRecipient *recipient,
                               const SkRelayCapabilities *capabilities)
{
  g_string_append (lines, "RCPT TO:<");
  g_string_append (lines, recipient->address);
  g_string_append_c (lines, '>');
  if (capabilities->dsn)
    {
      append_parameter (lines, " NOTIFY=", recipient->notify);
      append_parameter (lines, " ORCPT=", recipient->orcpt);
    }
  g_string_append (lines, "\r\n");
}
