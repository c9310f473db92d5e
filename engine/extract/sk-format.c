// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-format.h"

extern const SkFormat sk_format_archive;
extern const SkFormat sk_format_card;
extern const SkFormat sk_format_closed;
extern const SkFormat sk_format_docx;
extern const SkFormat sk_format_eml;
extern const SkFormat sk_format_flat_odf;
extern const SkFormat sk_format_html;
extern const SkFormat sk_format_mbox;
extern const SkFormat sk_format_media;
extern const SkFormat sk_format_metafile;
extern const SkFormat sk_format_odf;
extern const SkFormat sk_format_ole2;
extern const SkFormat sk_format_pdf;
extern const SkFormat sk_format_pdf_behind;
extern const SkFormat sk_format_pgp;
extern const SkFormat sk_format_pptx;
extern const SkFormat sk_format_rtf;
extern const SkFormat sk_format_runs;
extern const SkFormat sk_format_self_extracting;
extern const SkFormat sk_format_smime;
extern const SkFormat sk_format_text;
extern const SkFormat sk_format_tnef;
extern const SkFormat sk_format_xls;
extern const SkFormat sk_format_xlsb;
extern const SkFormat sk_format_xlsx;
extern const SkFormat sk_format_zip_behind;

/* In the order in which they are asked: what is certain by its first bytes, what a directory inside tells, then
 * text, media, and last what takes anything. */
const SkFormat *const sk_formats[] = {
  &sk_format_tnef,
  &sk_format_pgp,
  &sk_format_smime,
  &sk_format_mbox,
  &sk_format_eml,
  &sk_format_pdf,
  &sk_format_docx,
  &sk_format_xlsx,
  &sk_format_xlsb,
  &sk_format_pptx,
  &sk_format_ole2,
  &sk_format_rtf,
  &sk_format_xls,
  &sk_format_odf,
  &sk_format_flat_odf,
  &sk_format_archive,
  &sk_format_self_extracting,
  &sk_format_zip_behind,
  &sk_format_pdf_behind,
  &sk_format_html,
  &sk_format_card,
  &sk_format_text,
  &sk_format_metafile,
  &sk_format_closed,
  &sk_format_media,
  &sk_format_runs,
  NULL,
};

const SkFormat *
sk_format_of (const SkContent *content, const char **type)
{
  for (const SkFormat *const *format = sk_formats; *format != NULL; format++)
    if ((*type = (*format)->recognise (content)) != NULL)
      return *format;
  return NULL;
}
