/* A page of Japanese text that only poppler with its data reads: the font, MS Gothic, is not
 * embedded, and its characters are coded as Shift_JIS (the predefined CMap 90ms-RKSJ-H).
 *
 * sekisho-extract proves with it at its start, inside the sandbox, that such text is not silently
 * lost: without poppler-data the page would be empty, without any error. Written by hand after ISO
 * 32000-1, 9.7.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#define SK_SELF_TEST_PDF_TEXT "関所"

static const char sk_self_test_pdf[] =
  "%PDF-1.4\n"
  "1 0 obj\n"
  "<< /Type /Catalog /Pages 2 0 R >>\n"
  "endobj\n"
  "2 0 obj\n"
  "<< /Type /Pages /Kids [3 0 R] /Count 1 >>\n"
  "endobj\n"
  "3 0 obj\n"
  "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R /Resources << /"
  "Font << /F 5 0 R >> >> >>\n"
  "endobj\n"
  "4 0 obj\n"
  "<< /Length 37 >>\n"
  "stream\n"
  "BT /F 24 Tf 20 40 Td <8ad68f8a> Tj ET\n"
  "endstream\n"
  "endobj\n"
  "5 0 obj\n"
  "<< /Type /Font /Subtype /Type0 /BaseFont /MS-Gothic /Encoding /90ms-RKSJ-H /Descenda"
  "ntFonts [6 0 R] >>\n"
  "endobj\n"
  "6 0 obj\n"
  "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /MS-Gothic /CIDSystemInfo << /Regist"
  "ry (Adobe) /Ordering (Japan1) /Supplement 2 >> /FontDescriptor 7 0 R >>\n"
  "endobj\n"
  "7 0 obj\n"
  "<< /Type /FontDescriptor /FontName /MS-Gothic /Flags 4 /FontBBox [0 -136 1000 859] /"
  "ItalicAngle 0 /Ascent 859 /Descent -140 /CapHeight 769 /StemV 78 >>\n"
  "endobj\n"
  "xref\n"
  "0 8\n"
  "0000000000 65535 f \n"
  "0000000009 00000 n \n"
  "0000000058 00000 n \n"
  "0000000115 00000 n \n"
  "0000000240 00000 n \n"
  "0000000327 00000 n \n"
  "0000000445 00000 n \n"
  "0000000616 00000 n \n"
  "trailer\n"
  "<< /Size 8 /Root 1 0 R >>\n"
  "startxref\n"
  "783\n"
  "%%EOF\n";
