/* Plays golden transcripts to the protocol: NAME.in is what the client says, NAME.ref all that is said.
 *
 * In NAME.in "= words" sets the session up, "! CODE ENHANCED TEXT" is the desk's answer to the messages
 * that follow, "> text" is a line of the client (CRLF is added; \r \n \0 \\ \xHH are octets; \c at the
 * end: no CRLF), "# text" a remark. Lines without an empty line between them are sent as one block.
 * In NAME.ref follow, behind each block, "< " lines, the session's, and "* " lines, what it handed over.
 *
 * Each transcript is played four times over: as it stands, octet by octet, and with every block cut in
 * two at every place; the outcome must be the same. With --print, the outcome is printed instead.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/smtp/sk-smtp-session.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WHOLE G_MAXSIZE /* the place of a cut: none */
#define OCTETS 0        /* one everywhere */

typedef struct {
  SkLimits limits;
  SkSmtpMirror mirror;
  SkSmtpSetup setup;
  SkClock *clock;
  char *spool;
  char *answer;
  gboolean full; /* the desk has no room */
  guint wrong;
  SkSmtpSession *session;
  GString *log;
} Play;

static gboolean
sender_allowed (const char *mail_from, gpointer user_data)
{
  return g_str_has_suffix (mail_from, "@example.co.jp");
}

static SkReply *
may_begin (gint64 announced, gpointer user_data)
{
  Play *play = user_data;

  return play->full ? sk_reply_new (452, "4.3.1", "The disk is full") : NULL;
}

static SkSmtpLogin
login (const char *user, const char *password, gpointer user_data)
{
  Play *play = user_data;

  if (strcmp (user, "hana") == 0 && strcmp (password, "himitsu") == 0)
    return SK_SMTP_LOGIN_RIGHT;
  return ++play->wrong >= 5 ? SK_SMTP_LOGIN_LOCKED : SK_SMTP_LOGIN_WRONG;
}

static const SkSmtpQuestions questions = { sender_allowed, may_begin, login, NULL };

/* --- setting up --- */

static void
set_word (Play *play, const char *word)
{
  const char *value = strchr (word, '=') != NULL ? strchr (word, '=') + 1 : "";
  const struct {
    const char *word;
    gboolean *flag;
  } flags[] = {
    { "starttls", &play->setup.offers_tls },      { "tls", &play->setup.under_tls },
    { "password", &play->setup.needs_password },  { "smtputf8", &play->mirror.smtputf8 },
    { "dsn", &play->mirror.dsn },                 { "full", &play->full },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (flags); i++)
    if (strcmp (word, flags[i].word) == 0)
      {
        *flags[i].flag = TRUE;
        return;
      }
  if (strcmp (word, "other-user") == 0)
    play->setup.same_user = FALSE;
  else if (g_str_has_prefix (word, "recipients="))
    play->limits.recipients = (guint) atoi (value);
  else if (g_str_has_prefix (word, "size="))
    play->limits.message_bytes = atoi (value);
  else if (g_str_has_prefix (word, "mirror-size="))
    play->mirror.size = atoi (value);
  else if (g_str_has_prefix (word, "errors="))
    play->limits.errors = (guint) atoi (value);
  else if (strcmp (word, "no-spool") == 0)
    play->setup.spool_directory = "/nowhere/at/all";
  else
    g_error ("unknown word: %s", word);
}

static void
play_init (Play *play, const char *spool, SkClock *clock)
{
  *play = (Play) { .limits = { .message_bytes = 1048576,
                               .command_bytes = 2048,
                               .auth_bytes = 12288,
                               .recipients = 2000,
                               .errors = 20 },
                   .spool = g_strdup (spool),
                   .answer = g_strdup ("250 2.0.0 Kept"),
                   .clock = clock,
                   .log = g_string_new (NULL) };
  play->setup = (SkSmtpSetup) { .limits = &play->limits,
                                .mirror = &play->mirror,
                                .spool_directory = play->spool,
                                .clock = clock,
                                .same_user = TRUE,
                                .questions = &questions,
                                .user_data = play };
}

static void
play_clear (Play *play)
{
  sk_smtp_session_free (play->session);
  g_free (play->spool);
  g_free (play->answer);
  g_string_free (play->log, TRUE);
}

/* --- what is said --- */

static void
append_octet (GByteArray *bytes, int octet)
{
  guint8 c = (guint8) octet;

  g_byte_array_append (bytes, &c, 1);
}

/* Behind the escape. */
static const char *
append_escape (GByteArray *bytes, const char *at)
{
  static const char letters[] = "rn0\\", octets[] = "\r\n\0\\";
  const char *letter = strchr (letters, *at);

  if (*at == 'x')
    {
      append_octet (bytes, g_ascii_xdigit_value (at[1]) * 16 + g_ascii_xdigit_value (at[2]));
      return at + 3;
    }
  g_assert_nonnull (letter);
  append_octet (bytes, octets[letter - letters]);
  return at + 1;
}

static void
append_client_line (GByteArray *bytes, const char *text)
{
  while (*text != '\0')
    {
      if (strcmp (text, "\\c") == 0)
        return;
      if (*text == '\\')
        text = append_escape (bytes, text + 1);
      else
        append_octet (bytes, *text++);
    }
  g_byte_array_append (bytes, (const guint8 *) "\r\n", 2);
}

static void
log_output (Play *play)
{
  GString *output = sk_smtp_session_output (play->session);
  g_auto (GStrv) lines = NULL;

  if (output->len == 0)
    return;
  g_assert_true (g_str_has_suffix (output->str, "\r\n"));
  g_string_truncate (output, output->len - 2);
  lines = g_strsplit (output->str, "\r\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    g_string_append_printf (play->log, "< %s\n", lines[i]);
  g_string_truncate (output, 0);
}

static void
log_escaped (GString *log, const char *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    {
      guint8 c = (guint8) bytes[i];

      if (c == '\r')
        g_string_append (log, "\\r");
      else if (c == '\n')
        g_string_append (log, "\\n");
      else if (c < 0x20 || c == '\\')
        g_string_append_printf (log, "\\x%02x", c);
      else
        g_string_append_c (log, (char) c);
    }
}

static void
log_text (Play *play, const SkEnvelope *envelope)
{
  char bytes[4096];
  gssize n = pread (envelope->fd, bytes, sizeof bytes, 0);

  g_assert_cmpint (n, ==, envelope->size);
  g_string_append (play->log, "* text \"");
  log_escaped (play->log, bytes, (gsize) n);
  g_string_append (play->log, "\"\n");
}

static void
log_envelope (Play *play, const SkEnvelope *envelope)
{
  g_string_append_printf (play->log, "* from <%s>%s%s", envelope->mail_from,
                          envelope->body_8bit ? " 8BIT" : "", envelope->smtputf8 ? " UTF8" : "");
  if (envelope->ret != NULL)
    g_string_append_printf (play->log, " RET=%s", envelope->ret);
  if (envelope->envid != NULL)
    g_string_append_printf (play->log, " ENVID=%s", envelope->envid);
  g_string_append_c (play->log, '\n');
  for (guint i = 0; i < envelope->recipients->len; i++)
    {
      const SkEnvelopeRecipient *recipient = g_ptr_array_index (envelope->recipients, i);

      g_string_append_printf (play->log, "* to <%s>", recipient->address);
      if (recipient->notify != NULL)
        g_string_append_printf (play->log, " NOTIFY=%s", recipient->notify);
      if (recipient->orcpt != NULL)
        g_string_append_printf (play->log, " ORCPT=%s", recipient->orcpt);
      g_string_append_c (play->log, '\n');
    }
  log_text (play, envelope);
}

static void
answer_message (Play *play)
{
  g_autoptr (SkEnvelope) envelope = sk_smtp_session_steal_envelope (play->session);
  g_auto (GStrv) words = g_strsplit (play->answer, " ", 3);
  g_autoptr (SkReply) reply = sk_reply_new ((guint) atoi (words[0]), words[1], words[2]);

  log_output (play);
  log_envelope (play, envelope);
  sk_smtp_session_answer (play->session, reply);
}

/* As the listener does it: it knows what has come in, though the session does not. */
static void
start_tls (Play *play, gboolean behind)
{
  if (!sk_smtp_session_start_tls (play->session, behind))
    return;
  log_output (play);
  g_string_append (play->log, "* TLS\n");
  sk_smtp_session_under_tls (play->session);
}

/* Gives the session `have` octets, in which it leaves what it did not take; `behind`: more will come. */
static void
feed (Play *play, GByteArray *have, gboolean behind)
{
  SkSmtpNext next;

  do
    {
      g_autofree char *copy = g_memdup2 (have->data, have->len);
      gsize taken;

      next = sk_smtp_session_feed (play->session, copy, have->len, &taken);
      g_byte_array_remove_range (have, 0, (guint) taken);
      if (next == SK_SMTP_HAS_MESSAGE)
        answer_message (play);
      if (next == SK_SMTP_WANTS_TLS)
        start_tls (play, have->len > 0 || behind);
    }
  while (next == SK_SMTP_HAS_MESSAGE || next == SK_SMTP_WANTS_TLS);
}

static void
send_block (Play *play, const GByteArray *block, gsize cut, GByteArray *have)
{
  for (guint at = 0; at < block->len;)
    {
      guint end = cut == OCTETS ? at + 1 : at < cut && cut < block->len ? (guint) cut : block->len;

      g_byte_array_append (have, block->data + at, end - at);
      feed (play, have, end < block->len);
      at = end;
    }
  log_output (play);
  if (sk_smtp_session_has_ended (play->session))
    {
      g_string_append (play->log, "* the end\n");
      g_byte_array_set_size (have, 0);
    }
}

/* --- playing --- */

static void
set_up (Play *play, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    set_word (play, words[i]);
}

static void
begin (Play *play)
{
  if (play->session != NULL)
    return;
  play->session = sk_smtp_session_new (&play->setup);
  log_output (play);
}

static void
end_block (Play *play, GByteArray *block, gsize cut, GByteArray *have)
{
  if (block->len == 0)
    return;
  send_block (play, block, cut, have);
  g_byte_array_set_size (block, 0);
}

static void
play_lines (Play *play, char **lines, gsize cut)
{
  g_autoptr (GByteArray) block = g_byte_array_new ();
  g_autoptr (GByteArray) have = g_byte_array_new ();

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *text = strlen (lines[i]) > 2 ? lines[i] + 2 : "";

      if (lines[i][0] != '>')
        end_block (play, block, cut, have);
      if (lines[i][0] == '=')
        set_up (play, text);
      else if (lines[i][0] == '!')
        {
          g_free (play->answer);
          play->answer = g_strcompress (text);
        }
      else if (lines[i][0] == '>')
        {
          begin (play);
          g_string_append_printf (play->log, "%s\n", lines[i]);
          append_client_line (block, text);
        }
    }
  end_block (play, block, cut, have);
}

static gsize
longest_block (char **lines)
{
  gsize longest = 0, length = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      length = lines[i][0] == '>' ? length + strlen (lines[i]) : 0;
      longest = MAX (longest, length);
    }
  return longest;
}

static guint
files_in (const char *directory)
{
  g_autoptr (GDir) open = g_dir_open (directory, 0, NULL);
  guint count = 0;

  while (g_dir_read_name (open) != NULL)
    count++;
  return count;
}

static char *
outcome (const char *spool, char **lines, gsize cut)
{
  SkClock *clock = sk_clock_new_manual (G_GINT64_CONSTANT (1700000000000000));
  Play play;
  char *log;

  play_init (&play, spool, clock);
  play_lines (&play, lines, cut);
  log = g_strdup (play.log->str);
  play_clear (&play);
  sk_clock_unref (clock);
  g_assert_cmpuint (files_in (spool), ==, 0);
  return log;
}

typedef struct {
  const char *name;
  char **lines;
  char *reference, *spool;
} Transcript;

static void
test_whole (gconstpointer data)
{
  const Transcript *transcript = data;
  g_autofree char *log = outcome (transcript->spool, transcript->lines, WHOLE);

  g_assert_cmpstr (log, ==, transcript->reference);
}

static void
test_octets (gconstpointer data)
{
  const Transcript *transcript = data;
  g_autofree char *log = outcome (transcript->spool, transcript->lines, OCTETS);

  g_assert_cmpstr (log, ==, transcript->reference);
}

/* Long blocks (of the limits) are cut at every prime step, the others everywhere. */
static void
test_cuts (gconstpointer data)
{
  const Transcript *transcript = data;
  gsize longest = longest_block (transcript->lines);
  gsize step = longest > 4000 ? 211 : 1;

  for (gsize cut = 1; cut < longest; cut += step)
    {
      g_autofree char *log = outcome (transcript->spool, transcript->lines, cut);

      g_assert_cmpstr (log, ==, transcript->reference);
    }
}

static char *
read_text (const char *directory, const char *name, const char *ending)
{
  g_autofree char *path = g_strdup_printf ("%s/%s.%s", directory, name, ending);
  char *text;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    g_error ("%s: can't be read", path);
  return text;
}

static void
add_transcript (const char *directory, const char *name, const char *spool, gboolean prints)
{
  g_autofree char *in = read_text (directory, name, "in");
  Transcript *transcript = g_new0 (Transcript, 1);
  const struct {
    const char *way;
    GTestDataFunc test;
  } ways[] = { { "whole", test_whole }, { "octets", test_octets }, { "cuts", test_cuts } };

  transcript->lines = g_strsplit (in, "\n", -1);
  transcript->spool = g_strdup (spool);
  if (prints)
    {
      g_autofree char *log = outcome (spool, transcript->lines, WHOLE);

      fputs (log, stdout);
      return;
    }
  transcript->reference = read_text (directory, name, "ref");
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autofree char *path = g_strdup_printf ("/smtp/%s/%s", name, ways[i].way);

      g_test_add_data_func (path, transcript, ways[i].test);
    }
}

int
main (int argc, char **argv)
{
  g_autofree char *spool = g_dir_make_tmp ("sekisho-smtp-XXXXXX", NULL);
  gboolean prints = argc > 2 && strcmp (argv[1], "--print") == 0;
  int status;

  if (!prints)
    g_test_init (&argc, &argv, NULL);
  for (int i = prints ? 3 : 2; i < argc; i++)
    add_transcript (argv[prints ? 2 : 1], argv[i], spool, prints);
  status = prints ? 0 : g_test_run ();
  g_rmdir (spool);
  return status;
}
