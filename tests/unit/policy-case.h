/* What the tests of the policy share: a policy from inline text, a mail by hand, and the comparison
 * of a verdict's JSON with an expected part of it. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-policy.h"
#include "sk-quantity.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <string.h>

/* An organisation that most tests use; they add their rules. */
#define CASE_PEOPLE                                                                                \
  "address,name,department,employment,manager,deputy,aliases\n"                                    \
  "president@example.co.jp,社長,役員,employee,,,\n"                                                \
  "boss@example.co.jp,部長,営業部,employee,president@example.co.jp,deputy@example.co.jp,\n"        \
  "deputy@example.co.jp,次長,営業部,employee,president@example.co.jp,,\n"                          \
  "hana@example.co.jp,花,営業部,employee,boss@example.co.jp,,hana.alias@example.co.jp "            \
  "h@example-group.jp\n"                                                                           \
  "temp@example.co.jp,派遣,営業部,temporary,boss@example.co.jp,,\n"                                \
  "peer@example.co.jp,同僚,総務部,employee,boss@example.co.jp,,\n"

#define CASE_HEAD                                                                                  \
  "sekisho: 1\n"                                                                                   \
  "organization:\n"                                                                                \
  "  name: Example K.K.\n"                                                                         \
  "  domains: [example.co.jp]\n"                                                                   \
  "  affiliates: [example-group.jp]\n"                                                             \
  "  timezone: Asia/Tokyo\n"                                                                       \
  "  hours: {days: [mon, tue, wed, thu, fri], between: \"09:00-18:00\", holidays: jp}\n"           \
  "people: people.csv\n"

typedef struct {
  const char *name, *contents;
} CaseFile;

typedef struct {
  const char *name;
  gint64 size; /* 0: 100 bytes; -1: unknown */
  SkPartKind kind;
  const char *text;  /* inspected: its text */
  SkTruth encrypted, readable; /* inspected when text is given */
  const char *uninspected;
  gboolean contradictory;
} CaseAttachment;

typedef struct {
  const char *from, *to, *cc;         /* header; from is also the person unless that is given */
  const char *envelope;               /* NULL: To, Cc and bcc */
  const char *bcc;
  const char *person, *mail_from;
  const char *subject, *body;
  const char *html;                   /* an alternative to the body */
  CaseAttachment attachments[8];      /* up to one without a name and size */
  gboolean nameless;                  /* the attachments count up to `files` */
  guint files;
  const char *at;                     /* "2026-11-24T10:00+09:00" (a Tuesday) when NULL */
  const char *known, *tls_yes, *tls_no; /* recipients */
  const char *sent_to;                /* domains of the history */
  gboolean sent_unread;
  gboolean is_signed, is_encrypted;
  const char *uninspected;
  const char *header;                 /* "X-Name: value", lines of them */
  gint64 size;
  gint64 unheard;
  const char *findings; /* "kind place attachment value count; …" of inspected mails */
} CaseMail;

static inline char *
case_folder (const CaseFile *files)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("sekisho-policy-XXXXXX", &error);

  g_assert_no_error (error);
  for (const CaseFile *file = files; file->name != NULL; file++)
    {
      g_autofree char *path = g_build_filename (folder, file->name, NULL);
      g_autofree char *parent = g_path_get_dirname (path);

      g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
      g_file_set_contents (path, file->contents, -1, &error);
      g_assert_no_error (error);
    }
  return folder;
}

static inline void
case_remove (const char *path)
{
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *inside = g_build_filename (path, name, NULL);

      if (g_file_test (inside, G_FILE_TEST_IS_DIR))
        case_remove (inside);
      else
        g_assert_cmpint (g_unlink (inside), ==, 0);
    }
  g_assert_cmpint (g_rmdir (path), ==, 0);
}

/* Problems as one text, a line each. */
static inline char *
case_problems (GPtrArray *problems)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < problems->len; i++)
    {
      g_autofree char *line = sk_problem_to_string (problems->pdata[i]);

      g_string_append_printf (text, "%s\n", line);
    }
  return g_string_free (text, FALSE);
}

static inline SkPolicy *
case_load_files (const CaseFile *files, const char *personal, char **problems)
{
  g_autofree char *folder = case_folder (files);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_problem_free);
  g_autoptr (GError) error = NULL;
  g_autofree char *personal_path = NULL;
  SkPolicy *policy;

  if (personal != NULL)
    {
      personal_path = g_build_filename (folder, ".personal.yaml", NULL);
      g_assert_true (g_file_set_contents (personal_path, personal, -1, NULL));
    }
  policy = sk_policy_load (folder, personal_path, found, &error);
  g_assert_true ((policy == NULL) == (error != NULL));
  *problems = case_problems (found);
  case_remove (folder);
  return policy;
}

/* CASE_HEAD and CASE_PEOPLE with `rest` behind; warnings are fine, errors are not. */
static inline SkPolicy *
case_load (const char *rest, const CaseFile *more, const char *personal)
{
  g_autofree char *yaml = g_strconcat (CASE_HEAD, rest, NULL);
  g_autofree char *problems = NULL;
  CaseFile files[8] = { { "policy.yaml", yaml }, { "people.csv", CASE_PEOPLE } };
  SkPolicy *policy;

  for (guint i = 0; more != NULL && more[i].name != NULL; i++)
    files[2 + i] = more[i];
  policy = case_load_files (files, personal, &problems);
  if (policy == NULL)
    g_error ("%s\n%s", problems, yaml);
  return policy;
}

/* --- mails ---------------------------------------------------------------------------------- */

static inline void
case_add_addresses (GPtrArray *into, const char *texts)
{
  g_auto (GStrv) words = g_strsplit (texts != NULL ? texts : "", " ", -1);

  for (char **word = words; *word != NULL; word++)
    if (**word != '\0')
      {
        SkAddress *address = sk_address_new (*word, NULL);

        g_assert_nonnull (address);
        g_ptr_array_add (into, address);
      }
}

static inline gboolean
case_names (const char *texts, const char *address)
{
  g_auto (GStrv) words = g_strsplit (texts != NULL ? texts : "", " ", -1);

  return g_strv_contains ((const char *const *) words, address);
}

static inline void
case_free_text (gpointer data)
{
  g_free (((SkText *) data)->text);
  g_free (data);
}

static inline void
case_free_header (gpointer data)
{
  g_free (((SkHeaderField *) data)->name);
  g_free (((SkHeaderField *) data)->value);
  g_free (data);
}

static inline void
case_free_attachment (gpointer data)
{
  SkAttachment *self = data;

  g_free (self->name);
  g_free (self->type);
  g_free (self->encoding);
  g_free (self->uninspected);
  g_free (self);
}

static inline void
case_add_text (SkMessage *message, SkTextKind kind, const char *text, gboolean alternative)
{
  SkText *part = g_new0 (SkText, 1);

  part->kind = kind;
  part->text = g_strdup (text);
  part->length = strlen (text);
  part->alternative = alternative;
  part->branch = kind == SK_TEXT_HTML;
  g_ptr_array_add (message->texts, part);
}

static inline void
case_add_attachments (SkMessage *message, const CaseMail *mail)
{
  for (guint i = 0; i < G_N_ELEMENTS (mail->attachments); i++)
    {
      const CaseAttachment *from = &mail->attachments[i];
      SkAttachment *attachment;

      if (i >= mail->files && from->name == NULL)
        break;
      attachment = g_new0 (SkAttachment, 1);
      attachment->index = i + 1;
      attachment->name = g_strdup (from->name);
      attachment->type = g_strdup ("application/octet-stream");
      attachment->encoding = g_strdup ("");
      attachment->size = from->size == 0 ? 100 : from->size;
      attachment->kind = from->kind;
      attachment->uninspected = g_strdup (from->uninspected);
      attachment->contradictory = from->contradictory;
      g_ptr_array_add (message->attachments, attachment);
    }
}

static inline SkMessage *
case_message (const CaseMail *mail)
{
  SkMessage *self = g_new0 (SkMessage, 1);
  g_auto (GStrv) lines = NULL;

  self->from = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_address_free);
  self->sender = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_address_free);
  self->to = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_address_free);
  self->cc = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_address_free);
  self->bcc = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_address_free);
  case_add_addresses (self->from, mail->from != NULL ? mail->from : "hana@example.co.jp");
  case_add_addresses (self->to, mail->to);
  case_add_addresses (self->cc, mail->cc);
  self->subject = g_strdup (mail->subject != NULL ? mail->subject : "");
  self->headers = g_ptr_array_new_with_free_func (case_free_header);
  lines = g_strsplit (mail->header != NULL ? mail->header : "", "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      g_auto (GStrv) parts = g_strsplit (*line, ": ", 2);
      SkHeaderField *field = g_new0 (SkHeaderField, 1);

      field->name = g_strdup (parts[0]);
      field->value = g_strdup (parts[1]);
      g_ptr_array_add (self->headers, field);
    }
  self->texts = g_ptr_array_new_with_free_func (case_free_text);
  if (mail->body != NULL)
    case_add_text (self, SK_TEXT_PLAIN, mail->body, mail->html != NULL);
  if (mail->html != NULL)
    case_add_text (self, SK_TEXT_HTML, mail->html, TRUE);
  self->attachments = g_ptr_array_new_with_free_func (case_free_attachment);
  case_add_attachments (self, mail);
  self->is_signed = mail->is_signed;
  self->is_encrypted = mail->is_encrypted;
  self->uninspected = g_strdup (mail->uninspected);
  self->size = mail->size != 0 ? mail->size : 1000;
  return self;
}

static inline void
case_message_free (SkMessage *self)
{
  g_ptr_array_unref (self->from);
  g_ptr_array_unref (self->sender);
  g_ptr_array_unref (self->to);
  g_ptr_array_unref (self->cc);
  g_ptr_array_unref (self->bcc);
  g_ptr_array_unref (self->headers);
  g_ptr_array_unref (self->texts);
  g_ptr_array_unref (self->attachments);
  g_free (self->subject);
  g_free (self->uninspected);
  g_free (self);
}

static inline void
case_add_recipients (GPtrArray *recipients, const CaseMail *mail, const char *texts)
{
  g_auto (GStrv) words = g_strsplit (texts != NULL ? texts : "", " ", -1);

  for (char **word = words; *word != NULL; word++)
    {
      SkRecipient *recipient = **word != '\0' ? sk_recipient_new (*word) : NULL;

      if (recipient == NULL)
        continue;
      recipient->known = case_names (mail->known, *word) ? SK_YES : SK_NO;
      if (case_names (mail->tls_yes, *word))
        recipient->tls = SK_YES;
      if (case_names (mail->tls_no, *word))
        recipient->tls = SK_NO;
      g_ptr_array_add (recipients, recipient);
    }
}

static inline void
case_facts_free (gpointer data)
{
  g_free (((SkAttachmentFacts *) data)->text);
  g_free (((SkAttachmentFacts *) data)->type);
  g_free (data);
}

static inline void
case_finding_free (gpointer data)
{
  g_free (((SkFinding *) data)->kind);
  g_free (((SkFinding *) data)->value);
  g_free (data);
}

static inline void
case_add_findings (GPtrArray *findings, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "; ", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      g_auto (GStrv) words = g_strsplit (*line, " ", -1);
      SkFinding *finding = g_new0 (SkFinding, 1);

      g_assert_cmpuint (g_strv_length (words), ==, 5);
      finding->kind = g_strdup (words[0]);
      finding->place = strcmp (words[1], "subject") == 0 ? SK_PLACE_SUBJECT
                       : strcmp (words[1], "body") == 0 ? SK_PLACE_BODY : SK_PLACE_ATTACHMENTS;
      finding->attachment = (guint) atoi (words[2]);
      finding->value = strcmp (words[3], "-") == 0 ? NULL : g_strdup (words[3]);
      finding->count = (guint) atoi (words[4]);
      g_ptr_array_add (findings, finding);
    }
}

/* Everything was run; attachments without text could not be read. */
static inline SkInspection *
case_inspection (const CaseMail *mail, const SkMessage *message)
{
  static char *detectors[] = { (char *) "credit-card", (char *) "phone-number",
                               (char *) "address", (char *) "personal-list", NULL };
  SkInspection *self = g_new0 (SkInspection, 1);

  self->attachments = g_ptr_array_new_with_free_func (case_facts_free);
  self->findings = g_ptr_array_new_with_free_func (case_finding_free);
  self->detectors = detectors;
  for (guint i = 0; i < message->attachments->len; i++)
    {
      SkAttachmentFacts *facts = g_new0 (SkAttachmentFacts, 1);

      facts->index = i + 1;
      facts->encrypted = mail->attachments[i].encrypted;
      facts->readable = mail->attachments[i].readable;
      facts->text = g_strdup (mail->attachments[i].text);
      facts->length = facts->text != NULL ? strlen (facts->text) : 0;
      facts->type = g_strdup ("application/pdf");
      g_ptr_array_add (self->attachments, facts);
    }
  case_add_findings (self->findings, mail->findings);
  return self;
}

static inline void
case_inspection_free (SkInspection *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->attachments);
  g_ptr_array_unref (self->findings);
  g_free (self);
}

/* The verdict's JSON. */
static inline json_t *
case_evaluate (const SkPolicy *policy, const CaseMail *mail)
{
  SkMessage *message = case_message (mail);
  g_autoptr (GPtrArray) recipients
      = g_ptr_array_new_with_free_func ((GDestroyNotify)sk_recipient_free);
  g_autoptr (GPtrArray) others = NULL, sent_to = g_ptr_array_new ();
  g_auto (GStrv) domains = g_strsplit (mail->sent_to != NULL ? mail->sent_to : "", " ", -1);
  SkInspection *inspection = mail->findings != NULL ? case_inspection (mail, message) : NULL;
  SkSubmission submission = {
    .message = message, .recipients = recipients, .inspection = inspection, .unheard = mail->unheard
  };
  const char *from = mail->from != NULL ? mail->from : "hana@example.co.jp";
  g_autoptr (SkVerdict) verdict = NULL;
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  json_t *json;

  submission.person = mail->person != NULL ? mail->person : from;
  submission.mail_from = mail->mail_from != NULL ? mail->mail_from : from;
  if (mail->envelope != NULL)
    case_add_recipients (recipients, mail, mail->envelope);
  else
    {
      case_add_recipients (recipients, mail, mail->to);
      case_add_recipients (recipients, mail, mail->cc);
      case_add_recipients (recipients, mail, mail->bcc);
    }
  sk_recipients_set_fields (recipients, message);
  others = sk_recipients_of_headers (recipients, message);
  for (guint i = 0; mail->known != NULL && i < others->len; i++)
    ((SkRecipient *) others->pdata[i])->known
        = case_names (mail->known, ((SkRecipient *) others->pdata[i])->address->text) ? SK_YES : SK_NO;
  submission.others = others;
  submission.known_domains = sent_to;
  submission.domains_unread = mail->sent_unread;
  for (char **domain = domains; *domain != NULL; domain++)
    g_ptr_array_add (sent_to, *domain);
  g_assert_true (sk_time_parse (mail->at != NULL ? mail->at : "2026-11-24T10:00+09:00", utc,
                                &submission.at, NULL));
  verdict = sk_policy_evaluate (policy, &submission);
  json = sk_verdict_to_json (verdict, &submission);
  case_inspection_free (inspection);
  case_message_free (message);
  return json;
}

/* --- comparison ----------------------------------------------------------------------------- */

static inline gboolean case_matches (json_t *expected, json_t *actual, gboolean quiet);

/* Each expected member is met by another actual one; a list of objects may be partial, others are
 * complete. */
static inline gboolean
case_list_matches (json_t *expected, json_t *actual)
{
  g_autofree gboolean *taken = g_new0 (gboolean, json_array_size (actual) + 1);
  gboolean partial
      = json_array_size (expected) > 0 && json_is_object (json_array_get (expected, 0));

  if (!json_is_array (actual)
      || (!partial && json_array_size (actual) != json_array_size (expected)))
    return FALSE;
  for (gsize i = 0; i < json_array_size (expected); i++)
    {
      gboolean found = FALSE;

      for (gsize j = 0; j < json_array_size (actual) && !found; j++)
        if (!taken[j]
            && case_matches (json_array_get (expected, i), json_array_get (actual, j), TRUE))
          found = taken[j] = TRUE;
      if (!found)
        return FALSE;
    }
  return TRUE;
}

/* A member that is "absent" must not be there. */
static inline gboolean
case_matches (json_t *expected, json_t *actual, gboolean quiet)
{
  const char *key;
  json_t *value;

  if (json_is_array (expected))
    return case_list_matches (expected, actual);
  if (!json_is_object (expected))
    return json_equal (expected, actual);
  if (!json_is_object (actual))
    return FALSE;
  json_object_foreach (expected, key, value)
    {
      json_t *found = json_object_get (actual, key);

      if (json_is_string (value) && strcmp (json_string_value (value), "absent") == 0
              ? found != NULL
              : !case_matches (value, found, quiet))
        {
          if (!quiet)
            g_printerr ("# '%s' differs\n", key);
          return FALSE;
        }
    }
  return TRUE;
}

/* `expected` is JSON with single quotes. */
static inline void
case_assert (const char *what, json_t *actual, const char *expected)
{
  g_auto (GStrv) parts = g_strsplit (expected, "'", -1);
  g_autofree char *text = g_strjoinv ("\"", parts);
  json_error_t error;
  json_t *wanted = json_loads (text, JSON_REJECT_DUPLICATES, &error);

  if (wanted == NULL)
    g_error ("%s: %s in %s", what, error.text, text);
  if (!case_matches (wanted, actual, FALSE))
    {
      char *dump = json_dumps (actual, JSON_INDENT (1));

      g_printerr ("%s: expected %s\nbut the verdict is %s\n", what, text, dump);
      free (dump);
      g_test_fail ();
    }
  json_decref (wanted);
}

typedef struct {
  const char *name;
  const char *rules; /* behind CASE_HEAD */
  CaseMail mail;
  const char *expected;
} Case;

static inline void
case_run (gconstpointer data)
{
  const Case *self = data;
  g_autoptr (SkPolicy) policy = case_load (self->rules, NULL, NULL);
  json_t *verdict = case_evaluate (policy, &self->mail);

  case_assert (self->name, verdict, self->expected);
  json_decref (verdict);
}

static inline void
case_add_all (const char *suite, const Case *cases, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("/%s/%s", suite, cases[i].name);

      g_test_add_data_func (path, &cases[i], case_run);
    }
}
