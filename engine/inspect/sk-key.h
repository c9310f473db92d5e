/* The key that a number is the value of, in settings, records and code, and the noun right before it in prose.
 *
 * serial: "1234…", "deviceId": "1234…", key = 1234…, <OrderNo>1234…, parse('1234…'). Keys are identifiers in Latin
 * letters; deviceId and device_id are read as "device id". Each question looks at a bounded number of bytes.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-label.h"

typedef struct {
  gsize start, end; /* of the identifier */
  gboolean is_sure; /* its form or place leaves no doubt: it is no last word of a sentence before a colon */
} SkKey;

/* The key of the number at `start`. FALSE: there is none. */
gboolean sk_key_before (const SkScan *scan, gsize start, SkKey *key);

/* What the key says by the words that are labels; SK_LABEL_UNKNOWN: nothing we know. */
SkLabel sk_key_label (const SkScan *scan, const SkKey *key);

/* Whether the number at `start` is named as one of some particular kind, by a key or by a compound of 番号, コード and
 * the like (引換番号, ライセンスキー, Meeting number); 番号, value and the like alone name nothing. Which kind it is
 * doesn't matter: who looks for a kind asks for its own words before. */
gboolean sk_key_names_kind (const SkScan *scan, gsize start);
