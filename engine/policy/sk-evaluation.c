// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-evaluation.h"

#include "sk-regex.h"

#include <string.h>

/* --- people and recipients ------------------------------------------------------------------ */

SkScope
sk_policy_scope (const SkPolicy *policy, const char *domain)
{
  gsize internal = sk_sets_longest_domain (policy->sets, policy->internal_set, domain);
  gsize affiliate = sk_sets_longest_domain (policy->sets, policy->affiliate_set, domain);

  if (internal == 0 && affiliate == 0)
    return SK_SCOPE_OUTSIDE;
  return internal >= affiliate ? SK_SCOPE_INTERNAL : SK_SCOPE_AFFILIATE;
}

const char *
sk_scope_name (SkScope scope)
{
  return scope == SK_SCOPE_INTERNAL ? "internal"
         : scope == SK_SCOPE_AFFILIATE ? "affiliate" : "external";
}

/* Numbers for names: the same name has the same number. */
static guint
number_of (GHashTable *numbers, const char *name)
{
  gpointer number;

  if (!g_hash_table_lookup_extended (numbers, name, NULL, &number))
    {
      number = GUINT_TO_POINTER (g_hash_table_size (numbers));
      g_hash_table_insert (numbers, (gpointer) name, number);
    }
  return GPOINTER_TO_UINT (number);
}

typedef struct {
  GHashTable *by_key; /* comparing form → SkParty* + 1 index */
  GHashTable *humans, *domains;
  GHashTable *others; /* comparing form → SkRecipient*; NULL: nothing is known of them */
  SkFields *fields;   /* [human]: what the headers say of the person */
} Roll;

static SkParty *
add_party (SkEvaluation *self, Roll *roll, const SkAddress *address)
{
  const SkPolicy *policy = self->policy;
  guint words = SK_BITS_WORDS (sk_sets_count (policy->sets));
  SkParty *party = &self->parties[self->party_count];

  party->index = self->party_count;
  party->address = address;
  party->person = sk_people_find (policy->people, address->key);
  party->canonical = party->person != NULL ? party->person->key : address->key;
  party->scope = sk_policy_scope (policy, address->domain);
  party->known = party->tls = party->lookalike = SK_UNKNOWN;
  party->human = number_of (roll->humans, party->canonical);
  party->domain = number_of (roll->domains, address->domain);
  party->sets = self->seen_sets + (gsize) words * (1 + self->party_count);
  sk_sets_find (policy->sets, party->canonical, address->domain, party->sets);
  self->party_count++;
  g_hash_table_insert (roll->by_key, address->key, GUINT_TO_POINTER (self->party_count));
  return party;
}

static void
add_recipients (SkEvaluation *self, Roll *roll)
{
  for (guint i = 0; i < self->recipient_count; i++)
    {
      const SkRecipient *recipient = self->submission->recipients->pdata[i];
      SkParty *party = add_party (self, roll, recipient->address);

      party->known = recipient->known;
      party->tls = recipient->tls;
      roll->fields[party->human] |= recipient->fields & (SK_FIELD_TO | SK_FIELD_CC);
    }
}

static void
note_others (const SkEvaluation *self, Roll *roll)
{
  const GPtrArray *others = self->submission->others;

  if (others == NULL || others->len == 0)
    return;
  roll->others = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < others->len; i++)
    g_hash_table_insert (roll->others, ((SkRecipient *) others->pdata[i])->address->key,
                         others->pdata[i]);
}

/* What was found out of somebody in the headers alone; the envelope tells what it knows of the
 * domain. */
static void
find_facts (const SkEvaluation *self, const Roll *roll, SkParty *party)
{
  const SkRecipient *facts
      = roll->others != NULL ? g_hash_table_lookup (roll->others, party->address->key) : NULL;

  for (guint i = 0; i < self->recipient_count; i++)
    if (self->parties[i].domain == party->domain)
      {
        party->tls = self->parties[i].tls;
        break;
      }
  if (facts == NULL)
    return;
  party->known = facts->known;
  if (facts->tls != SK_UNKNOWN)
    party->tls = facts->tls;
}

/* Who only stands in the header counts as well. */
static void
add_headers (SkEvaluation *self, Roll *roll, GPtrArray *addresses, SkFields field)
{
  for (guint i = 0; i < addresses->len; i++)
    {
      const SkAddress *address = addresses->pdata[i];
      guint number = GPOINTER_TO_UINT (g_hash_table_lookup (roll->by_key, address->key));
      SkParty *party = number != 0 ? &self->parties[number - 1] : add_party (self, roll, address);

      roll->fields[party->human] |= field;
      if (number == 0)
        find_facts (self, roll, party);
    }
}

static void
make_parties (SkEvaluation *self)
{
  const SkMessage *message = self->message;
  guint words = SK_BITS_WORDS (sk_sets_count (self->policy->sets));
  gsize most = self->submission->recipients->len + (gsize) message->to->len + message->cc->len;
  Roll roll = { 0 };

  self->recipient_count = self->submission->recipients->len;
  self->parties = g_new0 (SkParty, most + 1);
  self->seen_sets = g_new0 (guint64, words * (most + 3));
  self->person_sets = self->seen_sets + (gsize) words * (most + 1);
  self->sender_sets = self->seen_sets + (gsize) words * (most + 2);
  roll.by_key = g_hash_table_new (g_str_hash, g_str_equal);
  roll.humans = g_hash_table_new (g_str_hash, g_str_equal);
  roll.domains = g_hash_table_new (g_str_hash, g_str_equal);
  roll.fields = g_new0 (SkFields, most + 1);
  note_others (self, &roll);
  add_recipients (self, &roll);
  add_headers (self, &roll, message->to, SK_FIELD_TO);
  add_headers (self, &roll, message->cc, SK_FIELD_CC);
  for (guint i = 0; i < self->party_count; i++)
    {
      SkParty *party = &self->parties[i];

      party->fields = roll.fields[party->human] != 0 ? roll.fields[party->human] : SK_FIELD_BCC;
      for (guint j = 0; j < words; j++)
        self->seen_sets[j] |= party->sets[j];
    }
  g_clear_pointer (&roll.others, g_hash_table_unref);
  g_hash_table_unref (roll.by_key);
  g_hash_table_unref (roll.humans);
  g_hash_table_unref (roll.domains);
  g_free (roll.fields);
}

/* --- lookalikes ----------------------------------------------------------------------------- */

static const SkLookalikes *
get_sent_to (SkEvaluation *self)
{
  if (self->sent_to == NULL)
    self->sent_to = sk_lookalikes_new (self->submission->known_domains);
  return self->sent_to;
}

/* A domain that is listed or was written to is what it is. */
static void
look_for_likeness (SkEvaluation *self, SkParty *party)
{
  const char *domain = party->address->domain;
  gboolean history = self->submission->known_domains != NULL;

  party->lookalike = SK_NO;
  if (party->known == SK_YES || sk_lookalikes_knows (self->policy->lookalikes, domain)
      || (history && sk_lookalikes_knows (get_sent_to (self), domain)))
    return;
  party->alike = sk_lookalikes_find (self->policy->lookalikes, domain);
  if (party->alike == NULL && history)
    party->alike = sk_lookalikes_find (get_sent_to (self), domain);
  if (party->alike != NULL)
    party->lookalike = SK_YES;
  else if (self->submission->domains_unread)
    party->lookalike = SK_UNKNOWN;
}

static void
note_lookalikes (SkEvaluation *self)
{
  for (guint i = 0; self->policy->lookalikes != NULL && i < self->party_count; i++)
    look_for_likeness (self, &self->parties[i]);
}

/* --- the sender ----------------------------------------------------------------------------- */

static void
find_sender_sets (SkEvaluation *self, const SkAddress *address)
{
  sk_sets_find (self->policy->sets, sk_people_canonical (self->policy->people, address->key), NULL,
                self->sender_sets);
}

static void
make_sender (SkEvaluation *self)
{
  const SkSubmission *submission = self->submission;
  guint words = SK_BITS_WORDS (sk_sets_count (self->policy->sets));
  g_autoptr (SkAddress) mail_from = NULL;

  self->sender_canonical = "";
  if (submission->person != NULL)
    self->sender_address = sk_address_new (submission->person, NULL);
  if (self->sender_address != NULL)
    {
      self->sender = sk_people_find (self->policy->people, self->sender_address->key);
      self->sender_canonical = self->sender != NULL ? self->sender->key : self->sender_address->key;
      sk_sets_find (self->policy->sets, self->sender_canonical, self->sender_address->domain,
                    self->person_sets);
    }
  if (submission->mail_from != NULL)
    mail_from = sk_address_new (submission->mail_from, NULL);
  if (mail_from != NULL)
    find_sender_sets (self, mail_from);
  for (guint i = 0; i < self->message->from->len; i++)
    find_sender_sets (self, self->message->from->pdata[i]);
  for (guint i = 0; i < self->message->sender->len; i++)
    find_sender_sets (self, self->message->sender->pdata[i]);
  for (guint i = 0; i < words; i++)
    self->seen_sets[i] |= self->person_sets[i] | self->sender_sets[i];
}

/* --- attachments ---------------------------------------------------------------------------- */

static const SkAttachmentFacts *
facts_of (const SkInspection *inspection, guint index)
{
  for (guint i = 0; inspection != NULL && i < inspection->attachments->len; i++)
    {
      const SkAttachmentFacts *facts = inspection->attachments->pdata[i];

      if (facts->index == index)
        return facts;
    }
  return NULL;
}

/* Facts usually stand in the order of the attachments. */
static const SkAttachmentFacts *
guess_facts (const SkInspection *inspection, guint position, guint index)
{
  const SkAttachmentFacts *facts;

  if (inspection == NULL || position >= inspection->attachments->len)
    return facts_of (inspection, index);
  facts = inspection->attachments->pdata[position];
  return facts->index == index ? facts : facts_of (inspection, index);
}

static void
make_files (SkEvaluation *self)
{
  GPtrArray *attachments = self->message->attachments;

  self->file_count = attachments->len + (self->incomplete ? 1 : 0);
  self->files = g_new0 (SkFile, self->file_count + 1);
  for (guint i = 0; i < self->file_count; i++)
    {
      SkFile *file = &self->files[i];

      file->position = i;
      if (i < attachments->len)
        {
          file->attachment = attachments->pdata[i];
          self->contradictory |= file->attachment->contradictory;
          if (!file->attachment->contradictory)
            file->facts = guess_facts (self->submission->inspection, i, file->attachment->index);
        }
      if (!sk_file_is_readable (file))
        self->unseen_text = TRUE;
    }
}

char **
sk_file_extensions (SkEvaluation *self, const SkFile *file)
{
  SkFile *kept = &self->files[file->position];
  const char *name = file->attachment->name;

  if (kept->extensions == NULL)
    kept->extensions = sk_attachment_extensions (
        name != NULL ? name : file->attachment->kind == SK_PART_MESSAGE ? "message.eml" : "");
  return kept->extensions;
}

gboolean
sk_file_is_readable (const SkFile *file)
{
  return file->facts != NULL && file->facts->readable == SK_YES;
}

const char *
sk_file_name (const SkFile *file)
{
  return file->attachment != NULL && file->attachment->name != NULL ? file->attachment->name
                                                                    : "(no name)";
}

/* --- signals that are no addresses ---------------------------------------------------------- */

static void
note_value (SkEvaluation *self, const char *what, const char *value)
{
  char key[256];
  guint set;

  if (g_snprintf (key, sizeof key, "/%s/%s", what, value) >= (int) sizeof key)
    {
      g_autofree char *longer = g_strconcat ("/", what, "/", value, NULL);

      set = sk_sets_find_value (self->policy->sets, longer);
    }
  else
    set = sk_sets_find_value (self->policy->sets, key);
  if (set != G_MAXUINT)
    sk_bits_set (self->seen_sets, set);
}

static void
note_signals (SkEvaluation *self)
{
  if (self->file_count > 0)
    sk_bits_set (self->seen_sets, self->policy->files_set);
  for (guint i = 0; i < self->message->attachments->len && self->policy->asks_extensions; i++)
    for (char **word = sk_file_extensions (self, &self->files[i]); *word != NULL; word++)
      note_value (self, "extension", *word);
  if (self->sender == NULL)
    sk_bits_set (self->seen_sets, self->policy->stranger_set);
  else
    {
      note_value (self, "department", self->sender->department);
      note_value (self, "employment", self->sender->employment);
    }
}

/* --- time ----------------------------------------------------------------------------------- */

static void
make_time (SkEvaluation *self)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (
      CLAMP (self->submission->at / G_USEC_PER_SEC, 0, G_GINT64_CONSTANT (253370764800)));
  g_autoptr (GDateTime) local = g_date_time_to_timezone (utc, self->policy->timezone);
  GDate date;
  int year, month, day;

  g_date_time_get_ymd (local, &year, &month, &day);
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
  self->day = g_date_get_julian (&date);
  self->minute = g_date_time_get_hour (local) * 60 + g_date_time_get_minute (local);
}

void
sk_evaluation_init (SkEvaluation *self, const SkPolicy *policy, const SkSubmission *submission)
{
  memset (self, 0, sizeof *self);
  self->policy = policy;
  self->submission = submission;
  self->message = submission->message;
  self->incomplete = self->message->uninspected != NULL;
  self->answers = g_new0 (guint8, policy->slots + 1);
  self->rows = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->regex_effort = SK_REGEX_EFFORT;
  make_parties (self);
  note_lookalikes (self);
  make_sender (self);
  make_files (self);
  make_time (self);
  note_signals (self);
  sk_evaluation_scan (self);
}

void
sk_evaluation_clear (SkEvaluation *self)
{
  for (guint i = 0; i < self->file_count; i++)
    g_strfreev (self->files[i].extensions);
  g_clear_pointer (&self->sender_address, sk_address_free);
  g_clear_pointer (&self->companies, g_hash_table_unref);
  g_clear_pointer (&self->rows, g_array_unref);
  g_clear_pointer (&self->sent_to, sk_lookalikes_free);
  sk_evaluation_clear_texts (self);
  g_free (self->files);
  g_free (self->parties);
  g_free (self->seen_sets);
  g_free (self->answers);
  g_free (self->matches);
}
