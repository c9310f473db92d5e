// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-ooxml-flow.h"

#include "sk-cell-text.h"
#include "sk-name-table.h"

#include <string.h>

#define INSTRUCTION_BYTES 65536

typedef struct {
  SkXml *xml;
  SkOoxmlFlow what;
  SkFlow *flow;
  GPtrArray *links;
  GString *instruction; /* of fields, since the last paragraph */
  guint taking;         /* elements that hold text, around this place */
  guint in_instruction;
  gboolean in_place;    /* in a shape that is a place for text */
} Walk;

typedef void (*Act) (Walk *walk);

/* --- what elements do ------------------------------------------------------------------------ */

static void
skip (Walk *walk)
{
  sk_xml_skip (walk->xml);
}

static void
take (Walk *walk)
{
  walk->taking++;
}

static void
untake (Walk *walk)
{
  walk->taking--;
}

static void
put (Walk *walk, const char *text)
{
  sk_flow_text (walk->flow, text, strlen (text));
}

static void
tab (Walk *walk)
{
  put (walk, "\t");
}

static void
line_break (Walk *walk)
{
  put (walk, "\n");
}

static void
hyphen (Walk *walk)
{
  put (walk, "-");
}

/* w:sym: a character of a symbol font, U+F000 and its code; digits and letters may be written
 * so. */
static void
symbol (Walk *walk)
{
  const char *code = sk_xml_attribute (walk->xml, "char");
  guint64 c = code != NULL ? g_ascii_strtoull (code, NULL, 16) & 0xff : 0;
  char text[2] = { (char) c, '\0' };

  if (c > 0x20 && c < 0x7f)
    put (walk, text);
}

static void
keep_link (Walk *walk, char *link)
{
  if (*link != '\0')
    g_ptr_array_add (walk->links, link);
  else
    g_free (link);
}

/* What stands in quotes: HYPERLINK "mailto:…", INCLUDETEXT "…". */
static void
end_instruction (Walk *walk)
{
  const char *at = walk->instruction->str, *start, *end;

  while ((start = strchr (at, '"')) != NULL && (end = strchr (start + 1, '"')) != NULL)
    {
      keep_link (walk, g_strndup (start + 1, (gsize) (end - start - 1)));
      at = end + 1;
    }
  g_string_truncate (walk->instruction, 0);
}

static void
paragraph (Walk *walk)
{
  sk_flow_paragraph (walk->flow);
  if (walk->instruction->len > 0)
    end_instruction (walk);
}

static void
begin_instruction (Walk *walk)
{
  walk->in_instruction++;
}

static void
instruction_end (Walk *walk)
{
  walk->in_instruction--;
}

static void
simple_field (Walk *walk)
{
  const char *instruction = sk_xml_attribute (walk->xml, "instr");

  if (instruction != NULL && walk->instruction->len < INSTRUCTION_BYTES)
    g_string_append_printf (walk->instruction, "%s ", instruction);
}

/* What a picture or shape shows, for those who can't see it. */
static void
description (Walk *walk)
{
  static const char *const names[] = { "title", "descr" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *value = sk_xml_attribute (walk->xml, names[i]);

      if (value != NULL)
        sk_flow_aside (walk->flow, value);
    }
}

/* v:textpath: WordArt, and the watermarks across pages. */
static void
text_path (Walk *walk)
{
  const char *value = sk_xml_attribute (walk->xml, "string");

  if (value != NULL)
    sk_flow_aside (walk->flow, value);
}

static void
author (Walk *walk)
{
  const char *name = sk_xml_attribute (walk->xml, "author");

  if (name == NULL)
    return;
  put (walk, name);
  sk_flow_paragraph (walk->flow);
}

/* p:sp of a layout or master that is only a place for text: what stands in it is nobody's. */
static void
placeholder (Walk *walk)
{
  walk->in_place = TRUE;
}

static void
shape_end (Walk *walk)
{
  walk->in_place = FALSE;
}

#define OF_FLOW(name) \
  static void name (Walk *walk) { sk_flow_##name (walk->flow); }
OF_FLOW (begin_row)
OF_FLOW (end_row)
OF_FLOW (begin_cell)
OF_FLOW (end_cell)
OF_FLOW (begin_box)
OF_FLOW (end_box)
OF_FLOW (begin_deletion)
OF_FLOW (end_deletion)
OF_FLOW (begin_insertion)
OF_FLOW (end_insertion)
OF_FLOW (begin_alternatives)
OF_FLOW (begin_alternative)
OF_FLOW (end_alternative)
OF_FLOW (end_alternatives)

/* --- the walk -------------------------------------------------------------------------------- */

typedef struct {
  const char *name;
  Act start, close;
} Rule;

/* Properties of paragraphs, runs, rows hold elements of the same names with other meanings (tab,
 * ins, del). */
static const Rule rules[] = {
  { "t", take, untake }, /* w: a: m: xlsx's */
  { "delText", take, untake },
  { "text", take, untake }, /* comments of slides and sheets */
  { "v", take, untake },    /* values of charts, of cells in other workbooks */
  { "instrText", begin_instruction, instruction_end },
  { "delInstrText", begin_instruction, instruction_end },
  { "fldSimple", simple_field, NULL },
  { "p", NULL, paragraph },
  { "pPr", skip, NULL },
  { "rPr", skip, NULL },
  { "trPr", skip, NULL },
  { "tab", tab, NULL },
  { "ptab", tab, NULL },
  { "br", line_break, NULL },
  { "cr", line_break, NULL },
  { "noBreakHyphen", hyphen, NULL },
  { "sym", symbol, NULL },
  { "tr", begin_row, end_row },
  { "tc", begin_cell, end_cell },
  { "txbxContent", begin_box, end_box },
  { "rt", begin_box, end_box },
  { "rPh", skip, NULL },
  { "del", begin_deletion, end_deletion },
  { "moveFrom", begin_deletion, end_deletion },
  { "ins", begin_insertion, end_insertion },
  { "moveTo", begin_insertion, end_insertion },
  { "AlternateContent", begin_alternatives, end_alternatives },
  { "Choice", begin_alternative, end_alternative },
  { "Fallback", begin_alternative, end_alternative },
  { "docPr", description, NULL },
  { "cNvPr", description, NULL },
  { "textpath", text_path, NULL },
  { "comment", author, paragraph },
  { "cm", NULL, paragraph },
  { "threadedComment", NULL, paragraph },
  { "pt", NULL, paragraph }, /* a point of a chart, and the name of a series */
  { "tx", NULL, paragraph },
  { "cell", NULL, paragraph },
  { "ph", placeholder, NULL },
  { "sp", NULL, shape_end },
};

static SkNameTable rule_table = SK_NAME_TABLE (rules);

/* Of docProps/: what no person wrote. */
static const char *const machine_properties[] = {
  "created",
  "modified",
  "lastPrinted",
  "revision",
  "version",
  "Template",
  "TotalTime",
  "Pages",
  "Words",
  "Characters",
  "Application",
  "DocSecurity",
  "Lines",
  "Paragraphs",
  "ScaleCrop",
  "HeadingPairs",
  "LinksUpToDate",
  "CharactersWithSpaces",
  "SharedDoc",
  "HyperlinksChanged",
  "AppVersion",
  "Slides",
  "Notes",
  "HiddenSlides",
  "language",
  "MMClips",
  "PresentationFormat",
  "bool",
  "i4",
  "r8",
  "filetime",
  NULL,
};

static gboolean
takes_any (const Walk *walk)
{
  return walk->what == SK_OOXML_FLOW_ANY || walk->what == SK_OOXML_FLOW_PROPERTIES;
}

/* Of sheets and properties. */
static void
put_unescaped (Walk *walk, const char *value)
{
  g_autoptr (GString) text = g_string_new (value);

  sk_cell_text_unescape (text, 0);
  put (walk, text->str);
}

static void
take_text (Walk *walk)
{
  const char *text = sk_xml_text (walk->xml);

  if (walk->in_instruction > 0 && walk->instruction->len < INSTRUCTION_BYTES)
    g_string_append (walk->instruction, text);
  else if (walk->what == SK_OOXML_FLOW_PROPERTIES && text[strspn (text, " \t\r\n")] != '\0')
    put_unescaped (walk, text);
  else if ((takes_any (walk) && text[strspn (text, " \t\r\n")] != '\0')
           || (walk->taking > 0 && !(walk->what == SK_OOXML_FLOW_LAYOUT && walk->in_place)))
    put (walk, text);
}

static void
act_for_any (Walk *walk, SkXmlNode node)
{
  if (node == SK_XML_CLOSE)
    sk_flow_paragraph (walk->flow);
  else if (walk->what == SK_OOXML_FLOW_PROPERTIES
           && g_strv_contains (machine_properties, sk_xml_name (walk->xml)))
    sk_xml_skip (walk->xml);
}

/* Records are r; a field of the definition has its name and the values that the records have
 * numbers of. */
static void
act_for_values (Walk *walk, SkXmlNode node)
{
  gboolean is_field = sk_xml_is (walk->xml, "cacheField");
  const char *value;

  if (node == SK_XML_CLOSE && (is_field || sk_xml_is (walk->xml, "r")))
    sk_flow_paragraph (walk->flow);
  if (node == SK_XML_CLOSE)
    return;
  value = sk_xml_attribute (walk->xml, is_field ? "name" : "v");
  if (value == NULL || sk_xml_is (walk->xml, "x"))
    return;
  put_unescaped (walk, value);
  put (walk, "\t");
}

static void
act_for_text (Walk *walk, SkXmlNode node)
{
  const Rule *rule = sk_name_table_find (&rule_table, sk_xml_name (walk->xml));

  if (rule != NULL && node == SK_XML_START && rule->start != NULL)
    rule->start (walk);
  if (rule != NULL && node == SK_XML_CLOSE && rule->close != NULL)
    rule->close (walk);
}

static void
act (Walk *walk, SkXmlNode node)
{
  if (node == SK_XML_TEXT)
    take_text (walk);
  else if (takes_any (walk))
    act_for_any (walk, node);
  else if (walk->what == SK_OOXML_FLOW_VALUES)
    act_for_values (walk, node);
  else
    act_for_text (walk, node);
}

void
sk_ooxml_flow (SkXml *xml, SkOoxmlFlow what, SkFlow *flow, GPtrArray *links)
{
  Walk walk = { .xml = xml, .what = what, .flow = flow, .links = links };
  SkXmlNode node;

  walk.instruction = g_string_new (NULL);
  while (!sk_flow_is_full (flow) && (node = sk_xml_next (xml)) != SK_XML_END)
    act (&walk, node);
  end_instruction (&walk);
  g_string_free (walk.instruction, TRUE);
}
