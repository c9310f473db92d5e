/* A finding anywhere in a text with sections of any kind: its evidence is of that text, clean, and not long. The first octets say
 * where the finding and the sections are, the rest is the text. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz-input.h"

#include "sk-evidence.h"

enum { HEAD = 8, MOST = 200 * 4 };

static gsize
bound_at (const char *text, gsize length, gsize at)
{
  at = MIN (at, length);
  while (at > 0 && at < length && (text[at] & 0xc0) == 0x80)
    at--;
  return at;
}

/* One after the other over the whole text. */
static GPtrArray *
make_sections (const uint8_t *head, const char *text, gsize length)
{
  GPtrArray *sections = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_section_free);
  gsize step = 1 + head[4] * (gsize) 7, at = 0;

  while (at < length)
    {
      SkSection *section = g_new0 (SkSection, 1);

      section->kind = (SkSectionKind) ((head[5] + sections->len) % (SK_SECTION_NOTE + 1));
      section->number = head[6];
      section->row = head[6] * 65537u;
      section->column = head[7] * 65537u;
      section->label = head[5] % 2 != 0 ? g_strdup ("label") : NULL;
      section->member = head[5] % 3 != 0 ? g_strdup ("member") : NULL;
      section->start = at;
      section->length = bound_at (text, length, at + step + 4) - at;
      at += section->length;
      g_ptr_array_add (sections, section);
    }
  return sections;
}

static void
check (const SkFinding *finding, const SkInspection *inspection)
{
  const SkMessage none = { .subject = (char *) "" };
  g_autoptr (SkEvidence) evidence = sk_evidence_new (finding, &none, inspection);
  g_autofree char *at = sk_evidence_at (evidence);

  g_assert_true (g_utf8_validate (evidence->before, -1, NULL) && g_utf8_validate (evidence->hit, -1, NULL)
                 && g_utf8_validate (evidence->after, -1, NULL) && g_utf8_validate (at, -1, NULL));
  g_assert_cmpuint (strlen (evidence->hit), <=, MOST);
  g_assert_cmpuint (evidence->line, >, 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char *text = (const char *) data + HEAD;
  gsize length = size > HEAD ? size - HEAD : 0;
  SkAttachmentFacts *facts;
  SkFinding finding = { .kind = (char *) "kind", .place = SK_PLACE_ATTACHMENTS, .attachment = 1, .count = 1 };
  g_autoptr (SkInspection) inspection = NULL;

  if (length == 0 || !g_utf8_validate_len (text, length, NULL))
    return -1;
  inspection = sk_inspection_new ();
  facts = g_new0 (SkAttachmentFacts, 1);
  facts->index = 1;
  facts->text = g_strndup (text, length);
  facts->length = length;
  facts->sections = make_sections (data, text, length);
  g_ptr_array_add (inspection->attachments, facts);
  finding.start = bound_at (text, length, data[0] | (gsize) data[1] << 8);
  finding.length = bound_at (text, length, finding.start + (data[2] | (gsize) data[3] << 8)) - finding.start;
  check (&finding, inspection);
  return 0;
}
