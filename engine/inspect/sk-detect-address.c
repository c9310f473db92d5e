// SPDX-License-Identifier: GPL-3.0-or-later
/* Japanese postal addresses: 東京都千代田区丸の内1-2-3.
 *
 * The prefecture may be missing where no other municipality has the name, and before cities (府中市, of which
 * there are two) and districts (東臼杵郡美郷町). A place alone is no address: a town or numbers must follow. The value is the address in one spelling, up to its last number, so that
 * 千代田区丸の内一丁目2番3号 counts as the same. In a table its parts may stand in neighbouring cells.
 */
#include "sk-detector.h"
#include "sk-municipality.h"
#include "sk-scan.h"
#include "sk-street.h"

#include <string.h>

#define MAX_CANDIDATES 16
#define MAX_DISTRICT 7 /* characters of a 郡, its own included */

typedef struct {
  const SkMunicipality *municipality;
  gsize start; /* of the prefecture, or of the municipality */
  gboolean has_prefecture;
} Place;

static gboolean
is_gap (char c)
{
  return c != '\0' && strchr (" \t,|\"\r\n", c) != NULL;
}

/* Back over blanks, the border of two cells, the end of one line. */
static gsize
before_gap (const char *text, gsize end)
{
  guint borders = 0, i = 0;

  for (; end > 0 && i < 8 && is_gap (text[end - 1]); i++, end--)
    if (text[end - 1] != ' ' && text[end - 1] != '"' && text[end - 1] != '\r' && ++borders > 1)
      break;
  return end;
}

/* Back over a district (…郡), or an island that stands for one (八丈島八丈町), if one ends here. */
static gsize
before_district (const char *text, gsize end)
{
  const char *p = text + end;

  if (end < 6 || (memcmp (p - 3, "郡", 3) != 0 && memcmp (p - 3, "島", 3) != 0))
    return end;
  for (guint i = 0; i < MAX_DISTRICT && p > text; i++)
    {
      const char *previous = g_utf8_prev_char (p);

      if (g_utf8_get_char (previous) < 0x3000 || sk_prefecture_ending_at (text, (gsize) (p - text)))
        break;
      p = previous;
    }
  return (gsize) (p - text);
}

/* Whether a name that no prefecture stands before may begin at `start`. Behind a kanji it may be the end
 * of a longer one (新森町), unless it is a city's (本社新宿区). */
static gboolean
may_begin (const char *text, gsize start, const SkMunicipality *municipality)
{
  gunichar c;
  gboolean is_short = g_utf8_strlen (municipality->name, -1) < 3;

  if (start == 0)
    return TRUE;
  if (start >= 3 && memcmp (text + start - 3, "郡", 3) == 0)
    return TRUE;
  c = g_utf8_get_char (g_utf8_prev_char (text + start));
  if (c < 0x3041 || (c >= 0xFF00 && c < 0xFFEF))
    return TRUE;
  if (c <= 0x309F) /* hiragana: 弊社は新宿区 */
    return !is_short;
  return !is_short && (g_str_has_suffix (municipality->name, "市")
                       || g_str_has_suffix (municipality->name, "区"));
}

/* Whether a name needs no prefecture before it: nothing but a place is called so. */
static gboolean
stands_alone (const char *text, gsize start, const SkMunicipality *municipality)
{
  gboolean is_city = municipality->city == NULL && g_str_has_suffix (municipality->name, "市");
  gboolean has_district = start >= 3 && memcmp (text + start - 3, "郡", 3) == 0;

  return (municipality->is_unique || is_city || has_district)
         && may_begin (text, start, municipality);
}

/* The prefecture before `start`, which must be the municipality's. */
static gboolean
find_prefecture (const char *text, gsize start, const SkMunicipality *municipality, Place *place)
{
  gsize district = before_district (text, before_gap (text, start));
  gsize end = before_gap (text, district);
  const char *prefecture = sk_prefecture_ending_at (text, end);

  if (prefecture == NULL || strcmp (prefecture, municipality->prefecture) != 0)
    return FALSE;
  place->start = end - strlen (prefecture);
  place->has_prefecture = TRUE;
  return TRUE;
}

/* The municipality that ends at `end`: the longest name whose prefecture stands before it, or else the
 * longest that needs none. */
static gboolean
find_place (const char *text, gsize end, Place *place)
{
  const SkMunicipality *found[MAX_CANDIDATES];
  gsize starts[MAX_CANDIDATES];
  guint n = sk_municipality_ending_at (text, end, found, starts, MAX_CANDIDATES);

  place->municipality = NULL;
  place->has_prefecture = FALSE;
  for (guint i = 0; i < n; i++)
    if (find_prefecture (text, starts[i], found[i], place))
      {
        place->municipality = found[i];
        return TRUE;
      }
  for (guint i = 0; i < n; i++)
    if (stands_alone (text, starts[i], found[i]))
      {
        place->municipality = found[i];
        place->start = starts[i];
        return TRUE;
      }
  return FALSE;
}

/* Returns the end of the address that begins with `place`, or 0. */
static gsize
parse_address (const char *text, gsize length, gsize end, const Place *place, GString *value)
{
  const SkMunicipality *municipality = place->municipality;
  const char *ward = NULL;
  gsize after = end;
  SkStreetContext context = {
    .follows_city = g_str_has_suffix (municipality->name, "市")
                    || g_str_has_suffix (municipality->name, "区"),
    .has_prefecture = place->has_prefecture,
  };

  while (municipality->wards != NULL && after < length && after < end + 3
         && is_gap (text[after]))
    after++;
  after = sk_municipality_skip_ward (municipality, text, length, after, &ward);
  g_string_assign (value, place->has_prefecture || municipality->is_unique ? municipality->prefecture : "");
  g_string_append (value, municipality->city != NULL ? municipality->city : "");
  g_string_append (value, municipality->name);
  g_string_append (value, ward != NULL ? ward : "");
  return sk_street_parse (text, length, ward != NULL ? after : end, context, value);
}

static void
find (SkScan *scan, SkFinds *finds)
{
  const char *text = scan->text;
  gsize length = scan->length, end = 0, behind = 0;
  g_autoptr (GString) value = g_string_new (NULL);
  Place place;

  while ((end = sk_municipality_next_sign (text, length, end)) != 0)
    {
      gsize stop;

      if (!find_place (text, end, &place) || place.start < behind)
        continue;
      if ((stop = parse_address (text, length, end, &place, value)) == 0)
        continue;
      sk_finds_add (finds, place.start, stop - place.start, value->str);
      behind = end = stop;
    }
}

const SkFinder sk_address_finder = { .find = find };
