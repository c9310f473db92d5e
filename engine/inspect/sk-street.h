/* What follows the municipality in a Japanese address: town and numbers.
 *
 * The detector of addresses asks it whether a place name goes on as an address ("丸の内1丁目2番3号",
 * "北1条西2丁目", "大字山中字谷1234番地の5") or is a mere mention ("港区の案件"). Building names are left
 * out. Pure; bounded by a few dozen characters a call.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct {
  gboolean follows_city; /* 市 or 区: a number right behind it needs a unit, unlike behind 町 or 村 */
  gboolean has_prefecture;
} SkStreetContext;

/* Returns the offset behind the last number, or 0 when this is no address. Appends to `value` the town and
 * numbers in one spelling: no blanks, "1-2-3" for 1丁目2番3号 and 一丁目二番地の三, no 大字. */
gsize sk_street_parse (const char *text, gsize length, gsize start, SkStreetContext context,
                       GString *value);
