/* Answers as they cross the wire: honest ones arrive as they were, lies are refused. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-extract-reader.h"
#include "sk-extract-writer.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const SkExtractLimits limits = { 8, 100, 1000000, 200, 1000, 4 };

/* --- packets written by hand ------------------------------------------------------------------ */

typedef struct {
  const char *type;
  SkTruth readable, encrypted;
  const char *reason;
  gsize length;
  guint sections;
} Facts;

static GByteArray *
facts_packet (const Facts *facts)
{
  GByteArray *packet = sk_wire_packet_new (SK_WIRE_FACTS);

  sk_wire_put_string (packet, facts->type);
  sk_wire_put_number (packet, facts->readable);
  sk_wire_put_number (packet, facts->encrypted);
  sk_wire_put_string (packet, facts->reason);
  sk_wire_put_number (packet, facts->length);
  sk_wire_put_number (packet, facts->sections);
  return packet;
}

static GByteArray *
text_packet (const char *bytes, gsize length)
{
  return g_byte_array_append (sk_wire_packet_new (SK_WIRE_TEXT), (const guint8 *) bytes, (guint) length);
}

static void
put_section (GByteArray *packet, const SkSection *section)
{
  sk_wire_put_number (packet, section->kind);
  sk_wire_put_number (packet, section->number);
  sk_wire_put_number (packet, section->row);
  sk_wire_put_number (packet, section->column);
  sk_wire_put_number (packet, section->length);
  sk_wire_put_string (packet, section->label);
  sk_wire_put_string (packet, section->member);
}

static SkAnswerState
give (SkExtractReader *reader, GByteArray *packet)
{
  /* Ends where its memory ends. */
  g_autofree guint8 *exact = g_memdup2 (packet->data, packet->len);
  SkAnswerState state = sk_extract_reader_take (reader, exact, packet->len);

  g_byte_array_unref (packet);
  return state;
}

static SkAnswerState
give_end (SkExtractReader *reader)
{
  return give (reader, sk_wire_packet_new (SK_WIRE_END));
}

/* --- facts -------------------------------------------------------------------------------------- */

static char long_type[300];

static const struct {
  const char *what;
  Facts facts;
  gboolean taken;
} facts_cases[] = {
  { "plain", { "text/plain", SK_YES, SK_NO, NULL, 5, 1 }, TRUE },
  { "as much as may be", { "text/plain", SK_YES, SK_NO, NULL, 1000, 4 }, TRUE },
  { "long subtype", { "application/vnd.oasis.opendocument.text-master", SK_YES, SK_NO }, TRUE },
  { "encrypted", { "application/zip", SK_NO, SK_YES, "encrypted" }, TRUE },
  { "unknown", { "application/pdf", SK_NO, SK_UNKNOWN, "damaged: 見積.pdf" }, TRUE },
  { "no type", { NULL, SK_YES, SK_NO }, FALSE },
  { "empty type", { "", SK_YES, SK_NO }, FALSE },
  { "no subtype", { "text/", SK_YES, SK_NO }, FALSE },
  { "only a subtype", { "/plain", SK_YES, SK_NO }, FALSE },
  { "two subtypes", { "text/plain/x", SK_YES, SK_NO }, FALSE },
  { "parameters", { "text/plain; charset=x", SK_YES, SK_NO }, FALSE },
  { "Japanese type", { "text/見積", SK_YES, SK_NO }, FALSE },
  { "long type", { long_type, SK_YES, SK_NO }, FALSE },
  { "readable is unknown", { "text/plain", SK_UNKNOWN, SK_NO, "x" }, FALSE },
  { "readable is none of them", { "text/plain", (SkTruth) 3, SK_NO }, FALSE },
  { "encrypted is none of them", { "text/plain", SK_YES, (SkTruth) 3 }, FALSE },
  { "unreadable for no reason", { "text/plain", SK_NO, SK_NO }, FALSE },
  { "readable for a reason", { "text/plain", SK_YES, SK_NO, "damaged" }, FALSE },
  { "readable and encrypted", { "text/plain", SK_YES, SK_YES }, FALSE },
  { "reason of two lines", { "text/plain", SK_NO, SK_NO, "a\nb" }, FALSE },
  { "reason that is no UTF-8", { "text/plain", SK_NO, SK_NO, "\x8a\xd6" }, FALSE },
  { "too much text", { "text/plain", SK_YES, SK_NO, NULL, 1001, 1 }, FALSE },
  { "very much text", { "text/plain", SK_YES, SK_NO, NULL, G_MAXSIZE, 1 }, FALSE },
  { "too many sections", { "text/plain", SK_YES, SK_NO, NULL, 10, 5 }, FALSE },
};

static void
test_facts (void)
{
  memset (long_type, 'x', sizeof long_type - 1);
  long_type[4] = '/';
  for (gsize i = 0; i < G_N_ELEMENTS (facts_cases); i++)
    {
      g_autoptr (SkExtractReader) reader = sk_extract_reader_new (&limits);
      SkAnswerState state = give (reader, facts_packet (&facts_cases[i].facts));

      g_test_message ("%s", facts_cases[i].what);
      g_assert_cmpint (state, ==, facts_cases[i].taken ? SK_ANSWER_GOES_ON : SK_ANSWER_LIE);
      g_assert_true ((sk_extract_reader_lie (reader) == NULL) == facts_cases[i].taken);
    }
}

/* Whatever a packet lacks at its end, or has too much. */
static void
test_cut_facts (void)
{
  const Facts facts = { "text/plain", SK_NO, SK_NO, "damaged", 5, 1 };
  gsize whole = 0;

  for (gsize length = 0; whole == 0 || length <= whole + 8; length++)
    {
      g_autoptr (SkExtractReader) reader = sk_extract_reader_new (&limits);
      GByteArray *packet = facts_packet (&facts);
      gboolean is_whole = length == packet->len;

      whole = whole > 0 ? whole : packet->len;
      if (length > packet->len)
        sk_wire_put_number (packet, 0);
      g_byte_array_set_size (packet, (guint) length);
      g_assert_cmpint (give (reader, packet), ==, is_whole ? SK_ANSWER_GOES_ON : SK_ANSWER_LIE);
    }
}

/* --- text --------------------------------------------------------------------------------------- */

static const struct {
  const char *what;
  const char *bytes;
  gsize length, announced;
  gboolean taken;
} text_cases[] = {
  { "Japanese", "関所", 6, 6, TRUE },
  { "line ends and tabs", "a\tb\r\n\f", 6, 6, TRUE },
  { "more than announced", "abc", 3, 2, FALSE },
  { "nothing", "", 0, 2, FALSE },
  { "none was announced", "a", 1, 0, FALSE },
  { "half a character", "関\xe6\x89", 5, 5, FALSE },
  { "Shift_JIS", "\x8a\xd6\x8f\x8a", 4, 4, FALSE },
  { "a surrogate", "\xed\xa0\x80", 3, 3, FALSE },
  { "longer than needed", "\xc0\xaf", 2, 2, FALSE },
  { "NUL", "a\0b", 3, 3, FALSE },
};

static void
test_text (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (text_cases); i++)
    {
      g_autoptr (SkExtractReader) reader = sk_extract_reader_new (&limits);
      Facts facts = { "text/plain", SK_YES, SK_NO, NULL, text_cases[i].announced, 1 };

      g_test_message ("%s", text_cases[i].what);
      g_assert_cmpint (give (reader, facts_packet (&facts)), ==, SK_ANSWER_GOES_ON);
      g_assert_cmpint (give (reader, text_packet (text_cases[i].bytes, text_cases[i].length)), ==,
                       text_cases[i].taken ? SK_ANSWER_GOES_ON : SK_ANSWER_LIE);
    }
}

/* Pieces may end within a character. */
static void
test_text_in_pieces (void)
{
  const char *text = "関所と関門\n";
  g_autoptr (SkExtractReader) reader = sk_extract_reader_new (&limits);
  g_autoptr (SkExtraction) extraction = NULL;
  Facts facts = { "text/plain", SK_YES, SK_NO, NULL, strlen (text), 1 };
  SkSection section = { .kind = SK_SECTION_TEXT, .length = strlen (text) };
  GByteArray *sections = sk_wire_packet_new (SK_WIRE_SECTIONS);

  put_section (sections, &section);
  give (reader, facts_packet (&facts));
  for (gsize i = 0; i < strlen (text); i++)
    g_assert_cmpint (give (reader, text_packet (text + i, 1)), ==, SK_ANSWER_GOES_ON);
  g_assert_cmpint (give (reader, sections), ==, SK_ANSWER_GOES_ON);
  g_assert_cmpint (give_end (reader), ==, SK_ANSWER_COMPLETE);
  extraction = sk_extract_reader_steal (reader);
  g_assert_cmpstr (extraction->text, ==, text);
}

/* --- sections ----------------------------------------------------------------------------------- */

#define TEXT "関所abc"

static const struct {
  const char *what;
  SkSection sections[5];
  guint given, announced;
  gboolean taken;
} section_cases[] = {
  { "one", { { .length = 9 } }, 1, 1, TRUE },
  { "of each kind",
    { { SK_SECTION_PAGE, NULL, 1, .length = 3 },
      { SK_SECTION_SHEET, (char *) "顧客", 0, 2, 1, (char *) "a.zip/b.xlsx", .length = 3 },
      { SK_SECTION_NOTE, (char *) "comment", .length = 3 } },
    3, 3, TRUE },
  { "too short", { { .length = 6 } }, 1, 1, FALSE },
  { "too long", { { .length = 10 } }, 1, 1, FALSE },
  { "very long", { { .length = G_MAXSIZE } }, 1, 1, FALSE },
  { "beyond the end", { { .length = 6 }, { .length = 4 } }, 2, 2, FALSE },
  { "an empty one", { { .length = 0 }, { .length = 9 } }, 2, 2, FALSE },
  { "an empty one at the end", { { .length = 9 }, { .length = 0 } }, 2, 2, FALSE },
  { "within a character", { { .length = 2 }, { .length = 7 } }, 2, 2, FALSE },
  { "fewer than announced", { { .length = 9 } }, 1, 2, FALSE },
  { "more than announced", { { .length = 6 }, { .length = 3 } }, 2, 1, FALSE },
  { "of no kind", { { (SkSectionKind) 5, .length = 9 } }, 1, 1, FALSE },
  { "a page with a row", { { SK_SECTION_PAGE, .row = 1, .column = 1, .length = 9 } }, 1, 1, FALSE },
  { "a row without a column", { { SK_SECTION_SHEET, .row = 1, .length = 9 } }, 1, 1, FALSE },
  { "a label of two lines", { { .label = (char *) "a\nb", .length = 9 } }, 1, 1, FALSE },
  { "a member that is no UTF-8", { { .member = (char *) "\xff", .length = 9 } }, 1, 1, FALSE },
};

static SkAnswerState
give_sections (SkExtractReader *reader, gsize row)
{
  GByteArray *packet = sk_wire_packet_new (SK_WIRE_SECTIONS);
  SkAnswerState state;

  for (guint i = 0; i < section_cases[row].given; i++)
    put_section (packet, &section_cases[row].sections[i]);
  state = give (reader, packet);
  return state == SK_ANSWER_GOES_ON ? give_end (reader) : state;
}

static void
test_sections (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (section_cases); i++)
    {
      g_autoptr (SkExtractReader) reader = sk_extract_reader_new (&limits);
      Facts facts = { "text/plain", SK_YES, SK_NO, NULL, strlen (TEXT), section_cases[i].announced };

      g_test_message ("%s", section_cases[i].what);
      give (reader, facts_packet (&facts));
      give (reader, text_packet (TEXT, strlen (TEXT)));
      g_assert_cmpint (give_sections (reader, i), ==,
                       section_cases[i].taken ? SK_ANSWER_COMPLETE : SK_ANSWER_LIE);
    }
}

/* Names are few bytes each, and very many of them are not. */
static void
test_too_many_names (void)
{
  const gsize count = 40000;
  g_autofree char *name = g_strnfill (1000, 'x');
  g_autofree char *text = g_strnfill (count, 'x');
  const SkExtractLimits many = { 8, 100, 1000000, 200, count, (guint) count };
  g_autoptr (SkExtractReader) reader = sk_extract_reader_new (&many);
  Facts facts = { "text/plain", SK_YES, SK_NO, NULL, count, (guint) count };
  SkSection section = { .label = name, .length = 1 };
  guint given = 0;
  SkAnswerState state;

  give (reader, facts_packet (&facts));
  state = give (reader, text_packet (text, count));
  for (; state == SK_ANSWER_GOES_ON && given < count; given++)
    {
      GByteArray *packet = sk_wire_packet_new (SK_WIRE_SECTIONS);

      put_section (packet, &section);
      state = give (reader, packet);
    }
  g_assert_cmpint (state, ==, SK_ANSWER_LIE);
  g_assert_cmpuint (given, ==, SK_WIRE_NAMES / 1000 + 1);
}

/* --- order -------------------------------------------------------------------------------------- */

static const struct {
  const char *kinds;
  SkAnswerState state; /* after the last */
} order_cases[] = {
  { "F", SK_ANSWER_GOES_ON },  { "FT", SK_ANSWER_GOES_ON },  { "FTSE", SK_ANSWER_COMPLETE },
  { "T", SK_ANSWER_LIE },      { "S", SK_ANSWER_LIE },       { "E", SK_ANSWER_LIE },
  { "H", SK_ANSWER_LIE },      { "R", SK_ANSWER_LIE },       { "?", SK_ANSWER_LIE },
  { "FF", SK_ANSWER_LIE },     { "FS", SK_ANSWER_LIE },      { "FE", SK_ANSWER_LIE },
  { "FTT", SK_ANSWER_LIE },    { "FTF", SK_ANSWER_LIE },     { "FTE", SK_ANSWER_LIE },
  { "FTSS", SK_ANSWER_LIE },   { "FTST", SK_ANSWER_LIE },
};

static GByteArray *
packet_of (char kind)
{
  static const Facts facts = { "text/plain", SK_YES, SK_NO, NULL, 9, 1 };
  static const SkSection section = { .length = 9 };
  GByteArray *packet;

  if (kind == SK_WIRE_FACTS)
    return facts_packet (&facts);
  if (kind == SK_WIRE_TEXT)
    return text_packet (TEXT, 9);
  packet = sk_wire_packet_new ((SkWireKind) kind);
  if (kind == SK_WIRE_SECTIONS)
    put_section (packet, &section);
  return packet;
}

static void
test_order (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (order_cases); i++)
    {
      g_autoptr (SkExtractReader) reader = sk_extract_reader_new (&limits);
      const char *kind = order_cases[i].kinds;

      g_test_message ("%s", kind);
      for (; kind[1] != '\0'; kind++)
        g_assert_cmpint (give (reader, packet_of (*kind)), ==, SK_ANSWER_GOES_ON);
      g_assert_cmpint (give (reader, packet_of (*kind)), ==, order_cases[i].state);
    }
}

static void
test_nothing (void)
{
  g_autoptr (SkExtractReader) reader = sk_extract_reader_new (&limits);

  g_assert_cmpint (sk_extract_reader_take (reader, NULL, 0), ==, SK_ANSWER_LIE);
}

/* --- honest answers ----------------------------------------------------------------------------- */

static SkExtraction *
large_extraction (guint sections, gsize each)
{
  SkExtraction *extraction = g_new0 (SkExtraction, 1);

  extraction->type = g_strdup ("application/zip");
  extraction->readable = SK_NO;
  extraction->encrypted = SK_NO;
  extraction->reason = g_strdup ("damaged:\na\x7f" "b");
  extraction->length = sections * each;
  extraction->text = g_strnfill (extraction->length, 'x');
  extraction->sections = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_section_free);
  for (guint i = 0; i < sections; i++)
    {
      SkSection *section = g_new0 (SkSection, 1);

      section->kind = SK_SECTION_SHEET;
      section->label = g_strdup_printf ("シート\t%u", i);
      section->member = g_strdup ("a.zip/見積.xlsx");
      section->row = section->column = i + 1;
      section->start = i * each;
      section->length = each;
      g_ptr_array_add (extraction->sections, section);
    }
  return extraction;
}

typedef struct {
  int fd;
  const SkExtraction *extraction;
} Sender;

static gpointer
send_cb (gpointer data)
{
  Sender *sender = data;

  g_assert_true (sk_extract_writer_send (sender->fd, sender->extraction));
  return NULL;
}

static SkExtraction *
receive (int fd, const SkExtractLimits *most)
{
  g_autoptr (SkExtractReader) reader = sk_extract_reader_new (most);
  g_autofree guint8 *packet = g_malloc (SK_WIRE_PACKET);
  SkAnswerState state = SK_ANSWER_GOES_ON;

  while (state == SK_ANSWER_GOES_ON)
    {
      gssize length = sk_wire_receive (fd, packet, NULL, 0);

      g_assert_cmpint (length, >, 0);
      state = sk_extract_reader_take (reader, packet, (gsize) length);
    }
  g_assert_cmpstr (sk_extract_reader_lie (reader), ==, NULL);
  return sk_extract_reader_steal (reader);
}

static void
test_honest (void)
{
  g_autoptr (SkExtraction) sent = large_extraction (3000, 100), received = NULL;
  Sender sender = { -1, sent };
  GThread *thread;
  int ends[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET, 0, ends), ==, 0);
  sender.fd = ends[1];
  thread = g_thread_new ("sender", send_cb, &sender);
  received = receive (ends[0], &sk_extract_default_limits);
  g_thread_join (thread);
  close (ends[0]);
  close (ends[1]);
  g_assert_cmpstr (received->type, ==, "application/zip");
  g_assert_cmpstr (received->reason, ==, "damaged: a b");
  g_assert_cmpstr (received->text, ==, sent->text);
  g_assert_cmpuint (received->sections->len, ==, 3000);
  for (guint i = 0; i < received->sections->len; i++)
    {
      SkSection *section = received->sections->pdata[i];
      g_autofree char *label = g_strdup_printf ("シート %u", i);

      g_assert_cmpstr (section->label, ==, label);
      g_assert_cmpstr (section->member, ==, "a.zip/見積.xlsx");
      g_assert_cmpuint (section->row, ==, i + 1);
      g_assert_cmpuint (section->start, ==, i * 100);
      g_assert_cmpuint (section->length, ==, 100);
    }
}

/* --- requests ----------------------------------------------------------------------------------- */

static void
test_request (void)
{
  const SkExtractRequest request = { (char *) "見積.pdf", sk_extract_default_limits };
  g_autoptr (GByteArray) packet = sk_extract_request_pack (&request);

  for (gsize length = 0; length <= packet->len; length++)
    {
      g_autofree guint8 *exact = g_memdup2 (packet->data, length);
      g_auto (SkExtractRequest) unpacked = { NULL };

      g_assert_true (sk_extract_request_unpack (&unpacked, exact, length) == (length == packet->len));
      if (length < packet->len)
        continue;
      g_assert_cmpstr (unpacked.name, ==, request.name);
      g_assert_cmpmem (&unpacked.limits, sizeof unpacked.limits, &request.limits, sizeof request.limits);
    }
}

static void
test_descriptor (void)
{
  g_autoptr (GByteArray) packet = sk_wire_packet_new (SK_WIRE_END);
  g_autofree guint8 *received = g_malloc (SK_WIRE_PACKET);
  int ends[2], document = -1, first;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), ==, 0);
  g_assert_true (sk_wire_send (ends[0], packet, ends[0]));
  g_assert_cmpint (sk_wire_receive (ends[1], received, &document, 0), ==, 1);
  g_assert_cmpint (document, >, ends[1]);
  g_assert_cmpint (fcntl (document, F_GETFD), ==, FD_CLOEXEC);
  close (document);
  /* Not taken, and not left open either. */
  first = dup (0);
  close (first);
  g_assert_true (sk_wire_send (ends[0], packet, ends[0]));
  g_assert_cmpint (sk_wire_receive (ends[1], received, NULL, 0), ==, 1);
  document = dup (0);
  g_assert_cmpint (document, ==, first);
  close (document);
  close (ends[0]);
  g_assert_cmpint (sk_wire_receive (ends[1], received, &document, 0), ==, 0);
  g_assert_false (sk_wire_send (ends[1], packet, -1));
  g_assert_cmpint (errno, ==, EPIPE);
  close (ends[1]);
}

static void
test_long_string (void)
{
  g_autofree char *longest = g_strnfill (SK_WIRE_STRING - 1, 'x');
  g_autofree char *string = g_strconcat (longest, "関所", NULL), *got = NULL;
  g_autoptr (GByteArray) packet = g_byte_array_new ();
  SkWireCursor cursor;

  sk_wire_put_string (packet, string);
  cursor = (SkWireCursor) { packet->data, packet->len, FALSE };
  got = sk_wire_get_string (&cursor, TRUE);
  g_assert_cmpstr (got, ==, longest);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/extract-wire/facts", test_facts);
  g_test_add_func ("/extract-wire/cut-facts", test_cut_facts);
  g_test_add_func ("/extract-wire/text", test_text);
  g_test_add_func ("/extract-wire/text-in-pieces", test_text_in_pieces);
  g_test_add_func ("/extract-wire/sections", test_sections);
  g_test_add_func ("/extract-wire/too-many-names", test_too_many_names);
  g_test_add_func ("/extract-wire/order", test_order);
  g_test_add_func ("/extract-wire/nothing", test_nothing);
  g_test_add_func ("/extract-wire/honest", test_honest);
  g_test_add_func ("/extract-wire/request", test_request);
  g_test_add_func ("/extract-wire/descriptor", test_descriptor);
  g_test_add_func ("/extract-wire/long-string", test_long_string);
  return g_test_run ();
}
