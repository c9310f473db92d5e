/* Bytes in some charset to UTF-8, over ICU, as Japanese mail needs it.
 *
 * Labels are read as mailers use them: Shift_JIS, x-sjis, MS_Kanji, cp932, windows-31j are all
 * windows-31j (with ㈱髙①); ISO-2022-JP accepts vendor characters (CP50221, half-width kana); EUC-JP
 * is EUC-JP-MS; us-ascii with 8-bit bytes, unknown and missing labels are guessed (BOM, ESC
 * sequences, strict UTF-8, then CP932, EUC-JP and UTF-16 scored against each other).
 * Conversion never fails: what can't be decoded becomes U+FFFD and is counted.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct {
  char *text;          /* valid UTF-8, NUL-terminated; NULs in the input become U+FFFD */
  gsize length;        /* bytes of text */
  guint64 replaced;    /* characters that could not be decoded */
  const char *charset; /* static name of what was used in the end, e.g. "windows-31j" */
} SkDecoded;

void sk_decoded_clear (SkDecoded *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SkDecoded, sk_decoded_clear)

/* `label` may be NULL. A label that contradicts the bytes (UTF-8 that isn't, us-ascii with 8 bit,
 * no label) is guessed instead when the guess decodes without replacements. Threadsafe. */
void sk_charset_decode (const char *bytes, gsize length, const char *label, SkDecoded *result);

/* The same, of bytes that are given away: g_malloc, with a NUL behind them. UTF-8 is not copied. */
void sk_charset_decode_taking (char *bytes, gsize length, const char *label, SkDecoded *result);

/* Of bytes without a label: whether they can be read as the other of CP932 and EUC-JP too, as half-width kana and short
 * words can. `first` is what sk_charset_decode() made of them; `second` is filled when the result is TRUE. */
gboolean sk_charset_second_reading (const char *bytes, gsize length, const SkDecoded *first,
                                    SkDecoded *second);
