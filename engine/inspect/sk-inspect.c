// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-inspect.h"

#include "sk-detector.h"
#include "sk-masquerade.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define VALUES_MOST 100000

/* --- detectors -------------------------------------------------------------------------------- */

/* One text on its way through the detectors. */
typedef struct {
  SkInspection *inspection;
  const SkFolded *folded;
  SkPlaces place;
  guint attachment, text;
  GHashTable *counts; /* SkDetector* → number of its finds in this text that are told one by one */
  GHashTable *values; /* "KIND VALUE" of what was found, VALUES_MOST of them */
  GHashTable *rests;  /* SkDetector* → SkFinding* that stands for the others */
} Place;

static SkFinding *
finding_new (const Place *place, const SkDetector *detector)
{
  SkFinding *finding = g_new0 (SkFinding, 1);

  finding->kind = g_strdup (detector->name);
  finding->place = place->place;
  finding->attachment = place->attachment;
  finding->text = place->text;
  finding->count = 1;
  g_ptr_array_add (place->inspection->findings, finding);
  return finding;
}

/* So that a file with a million numbers in it takes no memory for each. */
static void
count_rest (const Place *place, const SkDetector *detector)
{
  SkFinding *rest = g_hash_table_lookup (place->rests, detector);

  if (rest != NULL)
    rest->count++;
  else
    g_hash_table_insert (place->rests, (gpointer) detector, finding_new (place, detector));
}

/* Whether this value was found in the text before; it is from now on. */
static gboolean
is_known (const Place *place, const SkDetector *detector, const char *value)
{
  g_autofree char *key = value != NULL ? g_strconcat (detector->name, " ", value, NULL) : NULL;

  if (key == NULL)
    return FALSE;
  if (g_hash_table_contains (place->values, key))
    return TRUE;
  if (g_hash_table_size (place->values) < VALUES_MOST)
    g_hash_table_add (place->values, g_steal_pointer (&key));
  return FALSE;
}

static void
found_cb (const SkDetector *detector, gsize start, gsize length, const char *value,
          gpointer user_data)
{
  const Place *place = user_data;
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (place->counts, detector));
  gboolean known = is_known (place, detector, value);
  SkFinding *finding;

  if (count >= SK_FINDINGS_MOST)
    {
      if (!known)
        count_rest (place, detector);
      return;
    }
  g_hash_table_insert (place->counts, (gpointer) detector, GUINT_TO_POINTER (count + 1));
  finding = finding_new (place, detector);
  finding->value = g_strdup (value);
  sk_folded_source (place->folded, start, length, &finding->start, &finding->length);
}

typedef struct {
  SkInspection *inspection;
  const SkDetector **detectors; /* NULL-terminated */
  GCancellable *cancellable;
} Scanner;

/* FALSE: it is too much. */
static gboolean
scan (const Scanner *self, const char *text, gsize length, SkPlaces where, guint attachment, guint number)
{
  g_autoptr (SkFolded) folded = NULL;
  g_autoptr (GHashTable) counts = NULL, rests = NULL, values = NULL;
  Place place = { self->inspection, NULL, where, attachment, number };

  if (text == NULL || length == 0 || g_cancellable_is_cancelled (self->cancellable))
    return TRUE;
  place.folded = folded = sk_folded_new_within (text, length, SK_INSPECT_TEXT_BYTES);
  if (folded == NULL)
    return FALSE;
  place.counts = counts = g_hash_table_new (NULL, NULL);
  place.values = values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  place.rests = rests = g_hash_table_new (NULL, NULL);
  sk_detectors_run (self->detectors, folded, found_cb, &place);
  return TRUE;
}

/* What was found stays, and there may be more. */
static void
forget_detectors (SkInspection *inspection)
{
  g_strfreev (inspection->detectors);
  inspection->detectors = g_new0 (char *, 1);
}

static void
scan_message (const Scanner *self, const SkMessage *message)
{
  g_autofree char *subjects = sk_message_subjects (message);
  gboolean whole = scan (self, subjects, strlen (subjects), SK_PLACE_SUBJECT, 0, 0);

  for (guint i = 0; i < message->texts->len; i++)
    {
      const SkText *text = message->texts->pdata[i];

      whole &= scan (self, text->text, text->length, SK_PLACE_BODY, 0, i);
    }
  for (guint i = 0; i < message->attachments->len; i++)
    {
      const SkAttachment *attachment = message->attachments->pdata[i];

      if (attachment->name != NULL)
        whole &= scan (self, attachment->name, strlen (attachment->name), SK_PLACE_ATTACHMENT_NAMES,
                       attachment->index, 0);
    }
  if (!whole)
    forget_detectors (self->inspection);
}

static void
tell_limit (SkAttachmentFacts *facts, const char *limit)
{
  facts->readable = SK_NO;
  if (facts->reason == NULL)
    facts->reason = g_strdup (limit);
}

static void
scan_documents (const Scanner *self)
{
  for (guint i = 0; i < self->inspection->attachments->len; i++)
    {
      SkAttachmentFacts *facts = self->inspection->attachments->pdata[i];

      if (!scan (self, facts->text, facts->length, SK_PLACE_ATTACHMENTS, facts->index, 0))
        tell_limit (facts, "limit: its text is too long when its characters are written out");
    }
}

/* Those of these names that are ready, NULL-terminated; the inspection tells which. */
static GPtrArray *
choose_detectors (SkInspection *inspection, const char *const *names)
{
  GPtrArray *detectors = g_ptr_array_new ();
  g_autoptr (GStrvBuilder) chosen = g_strv_builder_new ();

  for (; names != NULL && *names != NULL; names++)
    {
      const SkDetector *detector = sk_detector_find (*names);

      if (detector == NULL || !sk_detector_is_ready (detector, NULL))
        continue;
      g_ptr_array_add (detectors, (gpointer) detector);
      g_strv_builder_add (chosen, detector->name);
    }
  g_ptr_array_add (detectors, NULL);
  g_strfreev (inspection->detectors);
  inspection->detectors = g_strv_builder_end (chosen);
  return detectors;
}

static const char no_more[] = "nobody waits for it any more";
static const char no_sandbox[] = "documents can't be opened: there is no sandbox";

/* --- documents -------------------------------------------------------------------------------- */

typedef struct {
  const SkInspectRequest *request;
  SkBox *box; /* taken when the first document needs one */
  gint64 deadline; /* counted from then on */
  gsize text_bytes; /* of all attachments so far */
} Reading;

static SkAttachmentFacts *
unreadable (guint index, const char *reason)
{
  SkAttachmentFacts *facts = g_new0 (SkAttachmentFacts, 1);

  facts->index = index;
  facts->readable = SK_NO;
  facts->encrypted = facts->disguised = SK_UNKNOWN;
  facts->reason = g_strdup (reason);
  return facts;
}

static SkAttachmentFacts *
facts_of_extraction (guint index, const char *name, SkExtraction *extraction)
{
  SkAttachmentFacts *facts = g_new0 (SkAttachmentFacts, 1);

  facts->index = index;
  facts->readable = extraction->readable;
  facts->encrypted = extraction->encrypted;
  facts->disguised = sk_masquerade_check (name, extraction->type);
  facts->length = extraction->length;
  facts->type = g_steal_pointer (&extraction->type);
  facts->text = g_steal_pointer (&extraction->text);
  facts->reason = g_steal_pointer (&extraction->reason);
  facts->sections = g_steal_pointer (&extraction->sections);
  return facts;
}

/* Why it need not even be tried; NULL: it can be. */
static const char *
obstacle (const Reading *self, const SkAttachment *attachment)
{
  if (attachment->uninspected != NULL)
    return attachment->uninspected;
  if (attachment->kind == SK_PART_PARTIAL)
    return "only a part of a message is here";
  if (attachment->kind == SK_PART_EXTERNAL)
    return "its content lies elsewhere";
  if (self->request->pool == NULL)
    return no_sandbox;
  if (g_cancellable_is_cancelled (self->request->cancellable))
    return no_more;
  if (self->box != NULL && g_get_monotonic_time () > self->deadline)
    return "limit: the attachments of this mail take too long";
  return NULL;
}

/* A second that has begun is one. */
static guint
seconds_left (const Reading *self)
{
  gint64 left = self->deadline - g_get_monotonic_time ();

  return left > 0 ? (guint) MIN (left / G_USEC_PER_SEC + 1, self->request->seconds) : 1;
}

static gboolean
take_box (Reading *self)
{
  if (self->box == NULL)
    {
      self->box = sk_box_pool_take (self->request->pool, self->request->cancellable);
      self->deadline
          = g_get_monotonic_time () + (gint64) self->request->seconds * G_USEC_PER_SEC;
    }
  return self->box != NULL;
}

static SkAttachmentFacts *
read_document (Reading *self, int fd, const SkAttachment *attachment)
{
  const char *reason = obstacle (self, attachment);
  g_autoptr (SkExtraction) extraction = NULL;
  g_autoptr (GError) error = NULL;
  int copy;

  if (reason == NULL && !take_box (self))
    reason = no_more;
  if (reason != NULL)
    return unreadable (attachment->index, reason);
  copy = memfd_create ("attachment", MFD_CLOEXEC);
  if (copy < 0 || !sk_message_copy_attachment (fd, attachment, copy, &error))
    {
      if (copy >= 0)
        close (copy);
      return unreadable (attachment->index, error != NULL ? error->message : "no memory to copy it");
    }
  sk_box_hurry (self->box, seconds_left (self));
  extraction = sk_box_read (self->box, copy, attachment->name, self->request->cancellable);
  close (copy);
  return facts_of_extraction (attachment->index, attachment->name, extraction);
}

/* Texts are in memory together until the policy has searched them. Beyond the limit only the facts are kept. */
static SkAttachmentFacts *
count_text (Reading *self, SkAttachmentFacts *facts)
{
  if (facts->length <= SK_INSPECT_TEXT_BYTES - self->text_bytes)
    {
      self->text_bytes += facts->length;
      return facts;
    }
  tell_limit (facts, "limit: the attachments of this mail have too much text");
  g_clear_pointer (&facts->text, g_free);
  g_clear_pointer (&facts->sections, g_ptr_array_unref);
  facts->length = 0;
  return facts;
}

static void
read_documents (SkInspection *inspection, int fd, const SkMessage *message,
                const SkInspectRequest *request)
{
  Reading reading = { .request = request };

  for (guint i = 0; i < message->attachments->len; i++)
    g_ptr_array_add (inspection->attachments,
                     count_text (&reading,
                                 read_document (&reading, fd, message->attachments->pdata[i])));
  g_clear_pointer (&reading.box, sk_box_free);
}

SkInspection *
sk_inspect (int fd, const SkMessage *message, const SkInspectRequest *request)
{
  SkInspection *inspection = sk_inspection_new ();
  g_autoptr (GPtrArray) detectors = choose_detectors (inspection, request->detectors);
  const Scanner scanner = { inspection, (const SkDetector **) detectors->pdata,
                            request->cancellable };

  if (request->documents)
    read_documents (inspection, fd, message, request);
  if (*scanner.detectors != NULL)
    {
      scan_message (&scanner, message);
      scan_documents (&scanner);
    }
  return inspection;
}

static SkAttachmentFacts *
read_file (int fd, const char *name, const SkInspectRequest *request)
{
  g_autoptr (SkExtraction) extraction = NULL;
  SkBox *box;

  if (request->pool == NULL)
    return unreadable (1, no_sandbox);
  box = sk_box_pool_take (request->pool, request->cancellable);
  if (box == NULL)
    return unreadable (1, no_more);
  sk_box_hurry (box, request->seconds);
  extraction = sk_box_read (box, fd, name, request->cancellable);
  sk_box_free (box);
  return facts_of_extraction (1, name, extraction);
}

SkInspection *
sk_inspect_document (int fd, const char *name, const SkInspectRequest *request)
{
  SkInspection *inspection = sk_inspection_new ();
  g_autoptr (GPtrArray) detectors = choose_detectors (inspection, request->detectors);
  const Scanner scanner = { inspection, (const SkDetector **) detectors->pdata,
                            request->cancellable };

  g_ptr_array_add (inspection->attachments, read_file (fd, name, request));
  if (*scanner.detectors == NULL)
    return inspection;
  if (name != NULL)
    scan (&scanner, name, strlen (name), SK_PLACE_ATTACHMENT_NAMES, 1, 0);
  scan_documents (&scanner);
  return inspection;
}
