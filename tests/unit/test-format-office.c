/* Office documents that other programs made (tests/fixtures/documents/office) say what their
 * sources, written by hand, say; what is damaged or hostile is told. Packages that nobody makes
 * are put together here. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/document-case.h"

#include "sk-number-pattern.h"

#include <locale.h>
#include <string.h>
#include <zip.h>

#define OPEN_XML "application/vnd.openxmlformats-officedocument."
#define OPEN_DOCUMENT "application/vnd.oasis.opendocument."

#define LETTER_TOP "[text]御見積書\n電話 03-0000-0001 までご連絡ください。\n"
#define LETTER_MIDDLE \
  "口座番号 2222333 です\n口座番号 1111333 です\n前   後\tタブ\n改行のあと\n見える隠し文字フヅキ文字\n" \
  "連絡先と田中様\nたなか\n注釈付き\n"
#define LETTER_TABLE \
  "氏名\t電話\t備考\n山田 一郎\t090-0000-0001\t一行目 二行目\n佐藤 二郎\t090-0000-0002\t\n以上\n"
#define LETTER_WORD \
  LETTER_TOP LETTER_MIDDLE "箱の外\n枠の題\n枠の説明 カンナヅキ\n枠の中 ナガツキ\n" LETTER_TABLE \
  "[note header]ヘッダー文言 極秘\n[note footer]フッター文言 1\n[note footnotes]\t脚注の本文 サツキ\n" \
  "[note endnotes]\t文末脚注 ミナヅキ\n[note comments]関所 次郎\nコメント本文 ハヅキ\n" \
  "[note links]mailto:hanako@partner.example\n" \
  "[note properties]関所 花子\n社外秘\n関所 次郎\n主題キサラギ\n見積依頼の件\n[note properties]案件K-2041\n"
#define LETTER_OPEN_BODY \
  LETTER_TOP "脚注の本文 サツキ\n文末脚注 ミナヅキ\n" LETTER_MIDDLE \
  "関所 次郎\nコメント本文 ハヅキ\n箱の外\n枠の中 ナガツキ\n枠の題\n枠の説明 カンナヅキ\n" LETTER_TABLE
#define LETTER_OPEN_HEADERS "[note header]ヘッダー文言 極秘\n[note footer]フッター文言 \n"
#define LETTER_OPEN_PROPERTIES "[note properties]見積依頼の件\n主題キサラギ\n関所 花子\n関所 次郎\n社外秘\n案件K-2041\n"
#define LETTER_LINKS "[note links]mailto:hanako@partner.example\n"
#define LETTER_OPEN LETTER_OPEN_BODY LETTER_OPEN_HEADERS LETTER_OPEN_PROPERTIES LETTER_LINKS
#define LETTER_FLAT LETTER_OPEN_PROPERTIES LETTER_OPEN_HEADERS LETTER_OPEN_BODY LETTER_LINKS

#define LEDGER_TOP \
  "[sheet 顧客 1]氏名\t生年月日\t電話\t金額\n山田 一郎\t1980-03-04\t09000000001\t1234567\n\n\n\n佐藤 二郎\t\t"
#define LEDGER_BOTTOM "\t2469134\t一行目 二行目\n繰返\t繰返\t繰返\n一覧\n"
#define LEDGER_HEADERS(n) "[note header" n "]表の見出し 極秘\n[note footer" n "]表の脚 ムツキ\n"
#define LEDGER_COMMENT "[note comments 1]関所 次郎\nセルの注釈 キサラギ\n"
#define LEDGER_HIDDEN "[sheet 隠しシート 2]隠し内容 ヤヨイ\n"
#define LEDGER_EXCEL \
  LEDGER_TOP "4111111111111110" LEDGER_BOTTOM LEDGER_HEADERS (" 1") LEDGER_COMMENT LEDGER_HIDDEN \
  LEDGER_HEADERS (" 2") "[note sheets]顧客\n隠しシート\n[note links]https://partner.example/list\n" \
  "[note properties]関所 花子\n顧客台帳\n"
#define LEDGER_OPEN_SHEETS LEDGER_TOP "4111111111111111" LEDGER_BOTTOM LEDGER_COMMENT LEDGER_HIDDEN LEDGER_NAMES
#define LEDGER_NAMES "[note sheets]顧客\n隠しシート\n"
#define LEDGER_OPEN_PROPERTIES "[note properties]顧客台帳\n関所 花子\n"
#define LEDGER_LINKS "[note links]https://partner.example/list\n"

#define TALK_TABLE "項目\t値\n電話\t03-0000-0003\n"
#define TALK_SHAPES "一枚目の題 ムツキ\n図形の文字 キサラギ\n"
#define TALK_REST "[note notes 1]発表者の覚え ヤヨイ\n[slide 2]二枚目 続き\n"
#define TALK_LINKS "[note links]https://partner.example/talk\n"
#define TALK_PROPERTIES "[note properties]説明資料\n"
#define TALK_POWERPOINT "[slide 1]" TALK_SHAPES TALK_TABLE TALK_REST TALK_LINKS TALK_PROPERTIES

#define NUMBERS \
  "[sheet 書式 1]9012345678\t電話 03-0000-0001\n4111111111111110\t18024691356\n123456789012\tTRUE\n" \
  "100-0001\t連絡先\n150-0002\n09000000001\n090-0000-0002\n(03) 1234-5678\n1980-03-04\n" \
  "1980-03-04\n1980-03-04 12:00:00\n06:00:00\n1234567\n0.125\n12345678901\nNo.0042\n7\n" \
  "[sheet 書式 1 1048576,16384]最後の升\n[note header 1]社外秘\n ページ\n" \
  "[note footer 1]A&B 取扱注意\n[note shapes 1]図形の文字 サツキ\n" \
  "[note chart 1]図表の題 ナガツキ\n系列ハヅキ\n9012345678\n4111111111111110\n" \
  "[note comments 1]関所 花子\n旧来の注釈 ミナヅキ\n[sheet 見えない 2]隠れた値 フヅキ\n" \
  "[note sheets]書式\n見えない\n[note links]mailto:info@partner.example\n" \
  "[note properties]番号表\n[note properties]書式\n見えない\n関所 三郎\n株式会社サンプル\n" \
  "[note properties]S-77\n"

static const DocumentCase cases[] = {
  { "letter.docx", OPEN_XML "wordprocessingml.document", SK_YES, SK_NO, NULL, LETTER_WORD },
  { "letter.dotx", OPEN_XML "wordprocessingml.template", SK_YES, SK_NO, NULL, LETTER_WORD },
  { "letter.odt", OPEN_DOCUMENT "text", SK_YES, SK_NO, NULL, LETTER_OPEN },
  { "letter.ott", OPEN_DOCUMENT "text-template", SK_YES, SK_NO, NULL, LETTER_OPEN },
  { "letter.fodt", OPEN_DOCUMENT "text", SK_YES, SK_NO, NULL, LETTER_FLAT },
  { "ledger.xlsx", OPEN_XML "spreadsheetml.sheet", SK_YES, SK_NO, NULL, LEDGER_EXCEL },
  { "ledger.xltx", OPEN_XML "spreadsheetml.template", SK_YES, SK_NO, NULL, LEDGER_EXCEL },
  { "ledger.ods", OPEN_DOCUMENT "spreadsheet", SK_YES, SK_NO, NULL,
    LEDGER_OPEN_SHEETS LEDGER_HEADERS ("") LEDGER_OPEN_PROPERTIES LEDGER_LINKS },
  { "ledger.fods", OPEN_DOCUMENT "spreadsheet", SK_YES, SK_NO, NULL,
    LEDGER_OPEN_PROPERTIES LEDGER_HEADERS ("") LEDGER_OPEN_SHEETS LEDGER_LINKS },
  { "formulas.fods", OPEN_DOCUMENT "spreadsheet", SK_YES, SK_NO, NULL,
    "[sheet 式 1]1\n[note formulas 1]03-0000-0001 ok\n山田 見える\n二\n5555555555554444\nshown\n"
    "[note sheets]式\n" },
  { "talk.pptx", OPEN_XML "presentationml.presentation", SK_YES, SK_NO, NULL, TALK_POWERPOINT },
  { "talk.potx", OPEN_XML "presentationml.template", SK_YES, SK_NO, NULL, TALK_POWERPOINT },
  { "talk.odp", OPEN_DOCUMENT "presentation", SK_YES, SK_NO, NULL,
    "[slide 1]" TALK_TABLE TALK_SHAPES TALK_REST TALK_PROPERTIES TALK_LINKS },
  { "talk.fodp", OPEN_DOCUMENT "presentation", SK_YES, SK_NO, NULL,
    TALK_PROPERTIES "[slide 1]" TALK_TABLE TALK_SHAPES TALK_REST TALK_LINKS },
  { "numbers.xlsx", OPEN_XML "spreadsheetml.sheet", SK_YES, SK_NO, NULL, NUMBERS },
  { "from-1904.xlsx", OPEN_XML "spreadsheetml.sheet", SK_YES, SK_NO, NULL,
    "[sheet 日付 1]1980-03-04\n[note sheets]日付\n[note properties]日付\n" },
  { "contacts.xlsx", OPEN_XML "spreadsheetml.sheet", SK_YES, SK_NO, NULL,
    "[sheet 連絡先 1]氏名\t電話\t生年月日\n山田 一郎\t090-0000-0001\t1980-03-04\n\n=\"03\"&\"-0000-0004\"\n\n"
    "\t一行目 二行目\n[note formulas 1]03-0000-0004\n[note comments 1]関所 花子\n注釈カンナヅキ\n[note sheets]連絡先\n[note properties]関所 花子\n" },
  { "sheet.xlsb", "application/vnd.ms-excel.sheet.binary.macroEnabled.12", SK_YES, SK_NO, NULL,
    "[sheet 連絡先 1]氏名\t電話\t生年月日\n山田 一郎\t090-0000-0001\t1980-03-04\t2\n"
    "佐藤 二郎\t090-1234-5678\t0.125\t山田 一郎様\nTRUE\t4111111111111110\t-5\n\n\n\t\t\t\t離れた升\n"
    "[sheet 隠し 2]隠れた値\n[note sheets]連絡先\n隠し\n[note properties]連絡先\n隠し\n" },
  { "excel.xlsx", OPEN_XML "spreadsheetml.sheet", SK_YES, SK_NO, NULL, NULL },
  { "encrypted.odt", OPEN_DOCUMENT "text", SK_NO, SK_YES, "encrypted", "" },
};

static void
test_case (gconstpointer data)
{
  document_case_check (data, "office");
}

/* A workbook that Excel itself wrote; its values as openpyxl reads them. */
static void
test_excel (void)
{
  g_autoptr (GBytes) bytes = load_document ("office/excel.xlsx");
  g_autoptr (SkExtraction) got = extract_bytes (bytes, "excel.xlsx", &sk_extract_default_limits);
  g_autofree char *printed = print_extraction (got);

  g_assert_nonnull (strstr (
      printed, "[sheet ClickThroughRateSheet 1 2,2]Clicks\tImpressions\tCTR\n\t423\t398503\t"));
  g_assert_nonnull (
      strstr (printed, "[note chart 1]Sample Click Performance\nImpressions\n398503\n"));
}

/* --- packages made here ---------------------------------------------------------------------- */

typedef struct {
  const char *name, *text;
  gsize length; /* 0: to the NUL */
} Part;

#define TYPES(main)                                                                                \
  {                                                                                                \
    "[Content_Types].xml",                                                                         \
        "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'>"             \
        "<Default Extension='rels' "                                                               \
        "ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"                 \
        "<Default Extension='xml' ContentType='application/xml'/>"                                 \
        "<Default Extension='bin' ContentType='application/octet-stream'/>"                        \
        "<Default Extension='png' ContentType='image/png'/>"                                       \
        "<Default Extension='svg' ContentType='image/svg+xml'/>"                                   \
        "<Default Extension='fntdata' ContentType='application/x-fontdata'/>"                      \
        "<Default Extension='odttf' ContentType='" OPEN_XML "obfuscatedFont'/>"                    \
        "<Default Extension='print' ContentType='" OPEN_XML                                        \
        "spreadsheetml.printerSettings'/>"                                                         \
        "<Default Extension='chain' ContentType='application/vnd.ms-excel.calcChain'/>"            \
        "<Default Extension='layout' ContentType='" OPEN_XML "drawingml.diagramLayout+xml'/>"      \
        "<Default Extension='vba' ContentType='application/vnd.ms-office.vbaProject'/>"            \
        "<Override PartName='/main.xml' ContentType='" main "'/>"                                  \
        "<Override PartName='/footer.xml' ContentType='" OPEN_XML "wordprocessingml.footer+xml'/>" \
        "<Override PartName='/sheet.xml' ContentType='" OPEN_XML "spreadsheetml.worksheet+xml'/>"  \
        "<Override PartName='/strings.xml' ContentType='" OPEN_XML                                 \
        "spreadsheetml.sharedStrings+xml'/>"                                                       \
        "<Override PartName='/threads.xml' "                                                       \
        "ContentType='application/vnd.ms-excel.threadedcomments+xml'/>"                            \
        "<Override PartName='/comments.xml' ContentType='" OPEN_XML                                \
        "spreadsheetml.comments+xml'/>"                                                            \
        "<Override PartName='/records.xml' ContentType='" OPEN_XML                                 \
        "spreadsheetml.pivotCacheRecords+xml'/>"                                                   \
        "<Override PartName='/layout.xml' ContentType='" OPEN_XML                                  \
        "presentationml.slideLayout+xml'/></Types>"                                                \
  }
#define WORD_TYPES TYPES (OPEN_XML "wordprocessingml.document.main+xml")
#define EXCEL_TYPES TYPES (OPEN_XML "spreadsheetml.sheet.main+xml")
#define W "xmlns:w='http://purl.oclc.org/ooxml/wordprocessingml/main'"
#define BODY(inner) { "main.xml", "<w:document " W "><w:body>" inner "</w:body></w:document>" }
#define S "xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'"
#define R "xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'"
#define BOOK \
  { "main.xml", "<workbook " S " " R "><sheets><sheet name='一' r:id='a'/></sheets></workbook>" }, \
  { "_rels/main.xml.rels", \
    "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>" \
    "<Relationship Id='a' Target='/sheet.xml' Type='x'/></Relationships>" }

#define SVG(text) "<svg xmlns='http://www.w3.org/2000/svg'><text>" text "</text></svg>"
#define PART(name, text) "[note name @" name "]" name "\n[text @" name "]" text "\n"
#define CONTENT(inner) \
  "<o:document-content xmlns:o='o' xmlns:t='t' " \
  "xmlns:f='urn:oasis:names:tc:opendocument:xmlns:form:1.0'>" inner "</o:document-content>"
/* Two tables of four bytes each behind what is hidden (OpenType, "Table Directory"). */
#define FONT \
  "0123456789abcdef0123456789abcdef0123456789ab" \
  "cmap\1\2\3\4\0\0\0\x4c\0\0\0\4glyf\1\2\3\4\0\0\0\x50\0\0\0\4" \
  "datadata"
/* DEVMODE: a name in 64 bytes, version 4.1, 72 and 6 bytes. */
#define PRINTER \
  "printer printer printer printer printer printer printer printer " \
  "\1\4\1\0\x48\0\6\0driver"

static GBytes *
make_package (const Part *parts)
{
  zip_source_t *source = zip_source_buffer_create (NULL, 0, 0, NULL);
  zip_t *zip = zip_open_from_source (source, ZIP_TRUNCATE, NULL);
  zip_stat_t stat;
  guint8 *bytes;

  zip_source_keep (source);
  for (; parts->name != NULL; parts++)
    {
      gsize length = parts->length > 0 ? parts->length : strlen (parts->text);
      zip_source_t *part = zip_source_buffer (zip, parts->text, length, 0);

      g_assert_cmpint (zip_file_add (zip, parts->name, part, ZIP_FL_ENC_UTF_8), >=, 0);
    }
  g_assert_cmpint (zip_close (zip), ==, 0);
  zip_source_stat (source, &stat);
  bytes = g_malloc (stat.size);
  zip_source_open (source);
  g_assert_cmpint (zip_source_read (source, bytes, stat.size), ==, stat.size);
  zip_source_close (source);
  zip_source_free (source);
  return g_bytes_new_take (bytes, stat.size);
}

typedef struct {
  const char *name;
  Part parts[10];
  const char *reason; /* how it begins; NULL: none */
  const char *sections;
} Made;

static const Made made[] = {
  { "strict and plain",
    { WORD_TYPES, BODY ("<w:p><w:r><w:t>strict</w:t></w:r></w:p>") },
    NULL,
    "[text]strict\n" },
  { "alternatives that say the same come once, others too",
    { WORD_TYPES,
      BODY ("<w:p><w:r><w:t>a</w:t></w:r><mc:AlternateContent "
            "xmlns:mc='m'><mc:Choice><w:txbxContent><w:p><w:r>"
            "<w:t>box</w:t></w:r></w:p></w:txbxContent></"
            "mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>box"
            "</w:t></w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:p>"
            "<w:p><mc:AlternateContent xmlns:mc='m'><mc:Choice/><mc:Fallback><w:r><w:t>only in the "
            "fallback</w:t>"
            "</w:r></mc:Fallback></mc:AlternateContent></w:p>") },
    NULL,
    "[text]a\nbox\nonly in the fallback\n" },
  { "changes, moves, fields, symbols",
    { WORD_TYPES,
      BODY (
          "<w:p><w:r><w:t>03-</w:t></w:r><w:del><w:r><w:delText>1111</w:delText></w:r></"
          "w:del><w:ins><w:r>"
          "<w:t>2222</w:t></w:r></w:ins><w:r><w:t>-3333</w:t></w:r></"
          "w:p><w:p><w:pPr><w:tabs><w:tab/></w:tabs>"
          "<w:rPr><w:del/></w:rPr></w:pPr><w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom></w:p>"
          "<w:p><w:r><w:instrText>HYPERLINK "
          "\"mailto:</w:instrText></w:r><w:r><w:instrText>a@partner.example\""
          "</w:instrText></w:r><w:r><w:t>shown</w:t><w:tab/><w:noBreakHyphen/><w:sym "
          "w:font='Symbol' w:char='F037'/>"
          "</w:r></w:p>") },
    NULL,
    "[text]03-2222-3333\n03-1111-3333\ngone\nshown\t-7\n[note links]mailto:a@partner.example\n" },
  { "a table of one cell lays out, others are rows",
    { WORD_TYPES, BODY ("<w:tbl><w:tr><w:tc><w:p><w:r><w:t>one</w:t></w:r></"
                        "w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r>"
                        "</w:p></w:tc><w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr></"
                        "w:tbl><w:p><w:r><w:t>two</w:t></w:r>"
                        "</w:p></w:tc></w:tr></w:tbl><w:p><w:r><w:t>end</w:t></w:r></w:p>") },
    NULL,
    "[text]one\na\tb\ntwo\nend\n" },
  { "a watermark, and positions that are no text",
    { WORD_TYPES,
      BODY ("<w:p/>"),
      { "footer.xml",
        "<w:ftr " W
        " xmlns:v='v'><w:p><w:r><w:pict><v:shape><v:textpath string='社外秘'/></v:shape>"
        "</w:pict><x:posOffset xmlns:x='x'>914400</x:posOffset></w:r></w:p></w:ftr>" } },
    NULL,
    "[note footer]社外秘\n" },
  { "custom XML, and a text that is embedded",
    { WORD_TYPES,
      BODY ("<w:p><w:r><w:t>b</w:t></w:r></w:p>"),
      { "customXml/item1.xml", "<a>\n <b>first</b>\n <c>second</c></a>" },
      { "word/embeddings/memo.bin", "memo of four words\n" } },
    NULL,
    "[text]b\n[note custom data]first\nsecond\n[note name @memo.bin]memo.bin\n[text @memo.bin]memo "
    "of four words\n" },
  { "a document type",
    { WORD_TYPES,
      { "main.xml",
        "<!DOCTYPE a [<!ENTITY x 'y'>]><w:document " W "><w:p><w:r><w:t>&x;</w:t></w:r></w:p>"
        "</w:document>" } },
    "damaged: main.xml, it declares a document type",
    "" },
  { "XML that ends too early keeps what came before",
    { WORD_TYPES, { "main.xml", "<w:document " W "><w:p><w:r><w:t>kept</w:t></w:r></w:p><w:p>" } },
    "damaged: main.xml, line 1",
    "[text]kept\n" },
  { "readings of words, places of cells, text that isn't there",
    { EXCEL_TYPES,
      BOOK,
      { "sheet.xml",
        "<worksheet " S
        "><sheetData><row r='2'><c r='B2' t='s'><v>0</v></c><c t='inlineStr'><is><r><t>in</t></r>"
        "<r><t>line</t></r></is></c><c r='F2' "
        "t='d'><v>1980-03-04T00:00:00</v></c></row><row><c><v>9.012345678E9</v>"
        "</c><c t='s'><v>7</v></c></row></sheetData></worksheet>" },
      { "strings.xml",
        "<sst " S "><si><t>東京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh></si></sst>" } },
    "damaged: a cell's text is not there",
    "[sheet 一 1 2,2]東京\tinline\t\t\t1980-03-04T00:00:00\n9012345678\t\n[note sheets]一\n" },
  { "escapes in the texts of cells, comments and headers",
    { EXCEL_TYPES,
      BOOK,
      { "sheet.xml",
        "<worksheet " S "><sheetData><row r='1'><c t='inlineStr'><is><t>03-0000-0001_x000D_\n次"
        "</t></is></c><c t='s'><v>0</v></c><c t='str'><v>a_x0009_b</v></c></row></sheetData>"
        "<headerFooter><oddHeader>社外_x000d_秘</oddHeader></headerFooter></worksheet>" },
      { "strings.xml",
        "<sst " S "><si><t>_x005F_x000D_ _x3042__xD83D__xDE00__xDC00_ _x00G0_ _X0041_ _x41_</t>"
        "</si></sst>" },
      { "comments.xml",
        "<comments " S "><commentList><comment ref='A1'><text><t>090-0000-0001_x000A_次</t></text>"
        "</comment></commentList></comments>" } },
    NULL,
    "[sheet 一 1]03-0000-0001  次\t_x000D_ あ😀\357\277\275 _x00G0_ _X0041_ _x41_\ta b\n"
    "[note header 1]社外 秘\n[note sheets]一\n[note comments]090-0000-0001 次\n" },
  { "what formulas say, whatever their results are",
    { EXCEL_TYPES,
      BOOK,
      { "sheet.xml",
        "<worksheet " S "><sheetData><row r='1'><c><f>\"4111111111111\"&amp;\"111\"</f><v>0</v></c>"
        "<c t='str'><f>IF('a \"b'!$A$1=1,\"say \"\"yes\"\"\",\"no\")</f><v>ok</v></c>"
        "<c><f>5555555555554444*A12345678+SUM(1:1048576)</f><v>1</v></c>"
        "<c t='str'><f>\"shown\"</f><v>shown</v></c><c><f>\"4111111111111\"&amp;\"111\"</f><v>0</v></c>"
        "</row></sheetData><dataValidations><dataValidation><formula1>\"甲,乙\"</formula1>"
        "</dataValidation></dataValidations></worksheet>" } },
    NULL,
    "[sheet 一 1]0\tok\t1\tshown\t0\n[note formulas 1]4111111111111111\nsay \"yes\" no\n"
    "5555555555554444\n甲,乙\n[note sheets]一\n" },
  { "threaded comments once, and what pivot tables keep",
    { EXCEL_TYPES,
      BOOK,
      { "sheet.xml", "<worksheet " S "/>" },
      { "comments.xml",
        "<comments " S "><authors><author>tc={1}</author><author>関所 花子</author></authors>"
        "<commentList><comment ref='A1'><text><t>[Threaded comment] thread</t></text></comment>"
        "<comment ref='A2'><text><r><t>plain</t></r></text></comment></commentList></comments>" },
      { "threads.xml", "<ThreadedComments xmlns='t'><threadedComment "
                       "ref='A1'><text>thread</text></threadedComment>"
                       "</ThreadedComments>" },
      { "records.xml",
        "<pivotCacheRecords " S "><r><s v='山_x000D_田'/><n v='5'/><x v='0'/></r></pivotCacheRecords>" } },
    NULL,
    "[note sheets]一\n[note comments]関所 花子\nplain\n[note comments]thread\n[note pivot "
    "data]山 田\t5\t\n" },
  { "a layout's places are nobody's text, its stamps are",
    { TYPES (OPEN_XML "presentationml.presentation.main+xml"),
      { "main.xml", "<p:presentation xmlns:p='p'/>" },
      { "layout.xml",
        "<p:l xmlns:p='p' xmlns:a='a'><p:sp><p:nvPr><p:ph/></p:nvPr><a:p><a:r><a:t>Click to "
        "edit</a:t>"
        "</a:r></a:p></p:sp><p:sp><a:p><a:r><a:t>極秘</a:t></a:r></a:p></p:sp></p:l>" } },
    NULL,
    "[note layout]極秘\n" },
  { "SVG, whatever it is called",
    { WORD_TYPES,
      BODY ("<w:p/>"),
      { "word/media/image1.svg", SVG ("first") },
      { "word/media/image2.png", SVG ("second") } },
    NULL,
    PART ("image1.svg", SVG ("first")) PART ("image2.png", SVG ("second")) },
  { "texts that are declared to be fonts and settings",
    { WORD_TYPES,
      BODY ("<w:p/>"),
      { "a.fntdata", "a text" },
      { "a.png", "VCLMTF is no picture yet, nor is it EMF" },
      { "a.odttf", "a text that is longer than a directory of five tables in a font, which has "
                   "twelve bytes and sixteen for each" },
      { "a.print", "a text that is longer than the settings of a printer, which have 72 bytes" },
      { "a.chain", "a text" },
      { "a.layout", "a text" } },
    NULL,
    PART ("a.layout", "a text")
    PART ("a.odttf", "a text that is longer than a directory of five tables in a font, which has "
                     "twelve bytes and sixteen for each")
    PART ("a.print",
          "a text that is longer than the settings of a printer, which have 72 bytes")
    PART ("a.chain", "a text") PART ("a.fntdata", "a text")
    PART ("a.png", "VCLMTF is no picture yet, nor is it EMF") },
  { "fonts, pictures and settings that are what they are declared to be",
    { WORD_TYPES,
      BODY ("<w:p/>"),
      { "a.png", "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\1\0\0\0\1\1\0\0\0\0", 30 },
      { "a.odttf", FONT, sizeof FONT - 1 },
      { "a.print", PRINTER, sizeof PRINTER - 1 },
      { "a.chain", "\xcc\2\0\xcd\2\4name", 10 },
      { "a.layout", "<d:layoutDef xmlns:d='d'><d:title val=''/></d:layoutDef>" } },
    NULL,
    "" },
  { "XML of another kind, and what comes behind XML",
    { WORD_TYPES,
      BODY ("<w:p/>"),
      { "a.layout", "<memo>first</memo>" },
      { "b.layout", "<layoutDef/>second" } },
    NULL,
    PART ("a.layout", "<memo>first</memo>") PART ("b.layout", "<layoutDef/>second") },
  { "files in the folders of programs",
    { { "mimetype", OPEN_DOCUMENT "text" },
      { "content.xml", CONTENT ("<t:p>text</t:p>") },
      { "Basic/memo", "first" },
      { "Fonts/memo", "second" },
      { "META-INF/memo", "third" },
      { "Pictures/styles.xml", "<memo>fourth</memo>" },
      { "Pictures/a.png", SVG ("fifth") },
      { "Object 1/meta.xml", "<o:document-meta xmlns:o='o'><o:meta><t:title "
                             "xmlns:t='t'>sixth</t:title></o:meta></o:document-meta>" } },
    NULL,
    "[text]text\n[note name @memo]memo\n[text @memo]first\n[note name @memo]memo\n[text "
    "@memo]second\n[note name @memo]memo\n[text @memo]third\n" PART ("styles.xml",
                                                              "<memo>fourth</memo>")
    PART ("a.png", SVG ("fifth")) "[note properties]sixth\n" },
  { "forms of a text",
    { { "mimetype", OPEN_DOCUMENT "text" },
      { "content.xml",
        CONTENT ("<o:forms><f:form f:name='Form'>"
                 "<f:text f:name='Box' f:value='typed' f:current-value='typed'/>"
                 "<f:textarea f:current-value='more'><t:p>paragraph</t:p></f:textarea>"
                 "<f:checkbox f:label='agreed'/></f:form></o:forms><t:p>text</t:p>") } },
    NULL,
    "[text]typed\nmore\nparagraph\nagreed\ntext\n" },
  { "forms of a sheet",
    { { "mimetype", OPEN_DOCUMENT "spreadsheet" },
      { "content.xml",
        CONTENT ("<o:spreadsheet><b:table xmlns:b='b' b:name='s'><o:forms><f:form>"
                 "<f:text f:current-value='typed'/><f:textarea><t:p>paragraph</t:p></f:textarea>"
                 "</f:form></o:forms><b:table-row><b:table-cell><t:p>cell</t:p></b:table-cell>"
                 "</b:table-row></b:table></o:spreadsheet>") } },
    NULL,
    "[sheet s 1]cell\n[note comments 1]typed\nparagraph\n[note sheets]s\n" },
  { "files in base64",
    { { "mimetype", OPEN_DOCUMENT "text" },
      { "content.xml",
        CONTENT ("<t:p>text<o:binary-data>bWVt\n  byBo\nZXJl</o:binary-data></t:p>") } },
    NULL,
    "[text]text\n[text]memo here\n" },
  { "an encrypted part beside a text that isn't",
    { { "mimetype", OPEN_DOCUMENT "text" },
      { "content.xml", "<c xmlns:t='t'><t:p>text</t:p></c>" },
      { "META-INF/manifest.xml",
        "<m><file-entry full-path='Basic/a.xml'><encryption-data/></file-entry>"
        "<file-entry full-path='content.xml'/></m>" } },
    "encrypted: Basic/a.xml",
    "[text]text\n" },
};

static void
test_made (gconstpointer data)
{
  const Made *test = data;
  g_autoptr (GBytes) bytes = make_package (test->parts);
  g_autoptr (SkExtraction) got = extract_bytes (bytes, NULL, &sk_extract_default_limits);
  g_autofree char *printed = print_extraction (got);

  g_assert_cmpstr (printed, ==, test->sections);
  if (test->reason == NULL)
    g_assert_null (got->reason);
  else
    g_assert_true (got->reason != NULL && g_str_has_prefix (got->reason, test->reason));
  g_assert_cmpint (got->readable, ==, test->reason == NULL ? SK_YES : SK_NO);
}

/* What is found in a file that is attached alone is found in a document, too. */
static void
assert_found_in_document (const char *name, GBytes *file, const char *text)
{
  gsize length;
  const char *bytes = g_bytes_get_data (file, &length);
  const Part parts[] = { WORD_TYPES, BODY ("<w:p/>"), { name, bytes, length }, { NULL } };
  g_autoptr (GBytes) package = make_package (parts);
  g_autoptr (SkExtraction) got = extract_bytes (package, NULL, &sk_extract_default_limits);

  g_assert_nonnull (strstr (got->text, text));
  g_assert_cmpint (got->readable, ==, SK_YES);
}

static void
test_behind_picture (void)
{
  g_autoptr (GBytes) picture = load_document ("kinds/picture.png"), both = NULL;
  g_autoptr (GBytes) archive = load_document ("archives/plain.zip");
  GByteArray *array = g_byte_array_new ();

  g_byte_array_append (array, g_bytes_get_data (picture, NULL), (guint) g_bytes_get_size (picture));
  g_byte_array_append (array, g_bytes_get_data (archive, NULL), (guint) g_bytes_get_size (archive));
  both = g_byte_array_free_to_bytes (array);
  assert_found_in_document ("word/media/image1.png", both, "口座番号 1234567 ヤヨイ");
}

/* vbaProject.bin is OLE2. */
static void
test_program (void)
{
  g_autoptr (GBytes) ole2 = load_document ("ole2/unknown.bin");

  assert_found_in_document ("word/project.vba", ole2, "不明な形式の文字列サツキ");
}

/* --- hostile ones ---------------------------------------------------------------------------- */

static char *
nested (const char *name, guint times, const char *inner)
{
  GString *text = g_string_new ("<w:document " W ">");

  for (guint i = 0; i < times; i++)
    g_string_append_printf (text, "<w:%s>", name);
  g_string_append (text, inner);
  for (guint i = 0; i < times; i++)
    g_string_append_printf (text, "</w:%s>", name);
  g_string_append (text, "</w:document>");
  return g_string_free (text, FALSE);
}

static SkExtraction *
extract_main (const char *xml)
{
  const Part parts[] = { WORD_TYPES, { "main.xml", xml }, { NULL, NULL } };
  g_autoptr (GBytes) bytes = make_package (parts);

  return extract_bytes (bytes, NULL, &sk_extract_default_limits);
}

static void
test_depth (void)
{
  g_autofree char *shallow = nested ("txbxContent", 200, "<w:p><w:r><w:t>deep</w:t></w:r></w:p>");
  g_autofree char *deep = nested ("tc", 100000, "");
  g_autoptr (SkExtraction) of_shallow = extract_main (shallow), of_deep = extract_main (deep);

  g_assert_cmpstr (of_shallow->text, ==, "deep\n");
  g_assert_cmpint (of_shallow->readable, ==, SK_YES);
  g_assert_cmpint (of_deep->readable, ==, SK_NO);
  g_assert_true (g_str_has_prefix (of_deep->reason, "damaged: main.xml, line 1: Excessive depth"));
}

/* 64 MiB of one letter in a file of some KB. */
static void
test_bomb (void)
{
  g_autofree char *blanks = g_strnfill (64 * 1024 * 1024, ' ');
  g_autofree char *xml = g_strconcat ("<w:document " W "><w:p><w:r><w:t>kept</w:t></w:r></w:p>",
                                      blanks, "</w:document>", NULL);
  g_autoptr (SkExtraction) got = extract_main (xml);

  g_assert_cmpint (got->readable, ==, SK_NO);
  g_assert_true (g_str_has_prefix (got->reason, "limit: ")
                 || g_str_has_prefix (got->reason, "damaged: "));
  g_assert_cmpstr (got->text, ==, "kept\n");
}

/* A million rows of sixteen thousand cells each, said in a line. */
static void
test_repeats (void)
{
  static const char flat[]
      = "<office:document xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' "
        "xmlns:table='urn:oasis:names:tc:opendocument:xmlns:table:1.0' xmlns:text='urn:text' "
        "office:mimetype='application/"
        "vnd.oasis.opendocument.spreadsheet'><office:body><office:spreadsheet>"
        "<table:table table:name='t'><table:table-row "
        "table:number-rows-repeated='1048576'><table:table-cell "
        "table:number-columns-repeated='16384'><text:p>x</text:p></table:table-cell></"
        "table:table-row></table:table>"
        "</office:spreadsheet></office:body></office:document>";
  g_autoptr (GBytes) bytes = g_bytes_new_static (flat, sizeof flat - 1);
  g_autoptr (SkExtraction) got = extract_bytes (bytes, NULL, &sk_extract_default_limits);

  g_assert_cmpstr (got->type, ==, OPEN_DOCUMENT "spreadsheet");
  g_assert_cmpuint (got->length, ==, 1000 * 1000 * 2 + 2); /* the sheet's name, too */
}

/* As in Excel's files. */
static void
test_open_formulas (void)
{
  static const char flat[]
      = "<office:document xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' "
        "xmlns:table='urn:oasis:names:tc:opendocument:xmlns:table:1.0' xmlns:text='urn:text' "
        "office:mimetype='application/vnd.oasis.opendocument.spreadsheet'><office:body>"
        "<office:spreadsheet><table:table table:name='t'><table:table-row><table:table-cell "
        "table:formula='of:=\"555555555555\" &amp; \"4444\" &amp; [$&apos;x y&apos;.A1]'>"
        "<text:p>ok</text:p></table:table-cell></table:table-row></table:table>"
        "</office:spreadsheet></office:body></office:document>";
  g_autoptr (GBytes) bytes = g_bytes_new_static (flat, sizeof flat - 1);
  g_autoptr (SkExtraction) got = extract_bytes (bytes, NULL, &sk_extract_default_limits);
  g_autofree char *printed = print_extraction (got);

  g_assert_cmpstr (printed, ==, "[sheet t 1]ok\n[note formulas 1]5555555555554444\n[note sheets]t\n");
}

/* Whatever is cut off or turned over: an answer, and UTF-8. */
static void
test_damage (void)
{
  static const char *const files[]
      = { "office/letter.docx", "office/ledger.xlsx", "office/talk.pptx",
          "office/sheet.xlsb",  "office/letter.odt",  "office/ledger.ods" };
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (guint i = 0; i < G_N_ELEMENTS (files) * 20; i++)
    {
      g_autoptr (GBytes) whole = load_document (files[i % G_N_ELEMENTS (files)]), broken = NULL;
      g_autoptr (SkExtraction) got = NULL;
      gsize length;
      guint8 *copy = g_bytes_unref_to_data (g_steal_pointer (&whole), &length);

      for (guint k = 0; k < 20; k++)
        copy[g_rand_int_range (rand, 0, (gint32)length)]
            ^= (guint8) (1 << g_rand_int_range (rand, 0, 8));
      broken = g_bytes_new_take (copy, i % 2 ? length
                                             : (gsize)g_rand_int_range (rand, 0, (gint32)length));
      got = extract_bytes (broken, NULL, &sk_extract_default_limits);
      g_assert_true (g_utf8_validate (got->text, (gssize) got->length, NULL));
      g_assert_true (got->readable == SK_YES || got->reason != NULL);
    }
}

/* --- number formats -------------------------------------------------------------------------- */

typedef struct {
  const char *format;
  double number;
  const char *shown; /* NULL: not by this */
} Pattern;

/* As LibreOffice Calc shows them. */
static const Pattern patterns[] = {
  { "000\\-0000", 1000001, "100-0001" },
  { "0000", 12345, "12345" },
  { "000-0000-0000", 9012345678, "090-1234-5678" },
  { "\"〒\"000\\-0000", 1500002, "〒150-0002" },
  { "〒000\\-0000;\"負\"0", 1500002, "〒150-0002" },
  { "[<=999]000;[<=9999]000\\-00;000\\-0000", 150, "150" },
  { "[<=999]000;[<=9999]000\\-00;000\\-0000", 1500, "015-00" },
  { "[<=999]000;[<=9999]000\\-00;000\\-0000", 1500002, "150-0002" },
  { "[>=100]\"大\"0;\"小\"0", 99, "小99" },
  { "General", 5, NULL },
  { "#,##0", 5, NULL },
  { "0.0", 5, NULL },
  { "0%", 5, NULL },
  { "0", 5.5, NULL },
  { "0", -5, NULL },
  { "\"text only\"", 5, NULL },
  { "\"unclosed", 5, NULL },
  { "", 5, NULL },
  { "[", 5, NULL },
  { "0\\", 5, NULL },
};

static void
test_patterns (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
    {
      g_autoptr (GString) into = g_string_new (NULL);
      gboolean shown = sk_number_pattern_append (into, patterns[i].format, patterns[i].number);

      g_test_message ("%s of %g", patterns[i].format, patterns[i].number);
      g_assert_cmpstr (shown ? into->str : NULL, ==, patterns[i].shown);
    }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  document_cases_add ("/format/office/", cases, G_N_ELEMENTS (cases), test_case);
  for (guint i = 0; i < G_N_ELEMENTS (made); i++)
    {
      g_autofree char *path = g_strconcat ("/format/office/made/", made[i].name, NULL);

      g_test_add_data_func (path, &made[i], test_made);
    }
  g_test_add_func ("/format/office/excel", test_excel);
  g_test_add_func ("/format/office/behind-picture", test_behind_picture);
  g_test_add_func ("/format/office/program", test_program);
  g_test_add_func ("/format/office/depth", test_depth);
  g_test_add_func ("/format/office/bomb", test_bomb);
  g_test_add_func ("/format/office/repeats", test_repeats);
  g_test_add_func ("/format/office/open-formulas", test_open_formulas);
  g_test_add_func ("/format/office/damage", test_damage);
  g_test_add_func ("/format/office/patterns", test_patterns);
  return g_test_run ();
}
