// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-phone-plan.h"
#include "sk-area-code-table.h"

#include <string.h>

#define AREA_DIGITS 5
#define AREAS 100000

/* 電気通信番号計画 (令和元年総務省告示第6号); 060 by its amendment of 2024. The longer prefix first. */
static const struct {
  const char *prefix;
  SkPhonePlan plan;
} plans[] = {
  { "0120", { 10, "433 424 46", FALSE } },  { "0800", { 11, "434 47", FALSE } },
  { "0570", { 10, "433 424 415 46", FALSE } }, { "0990", { 10, "433 424 46", FALSE } },
  { "0180", { 10, "424 433 46", FALSE } },  { "0200", { 14, "455 4433", FALSE } },
  { "020", { 11, "344 335 353 38", FALSE } }, { "050", { 11, "344 38 74", TRUE } },
  { "060", { 11, "344 38 74", TRUE } },     { "070", { 11, "344 38 74", TRUE } },
  { "080", { 11, "344 38 74", TRUE } },     { "090", { 11, "344 38 74", TRUE } },
};

static const SkPhonePlan geographic = { 10, NULL, FALSE };

/* "12/345": 123, 124 and 125, and all that begin like them. */
static void
fill_word (guint8 *lengths, const char *word, const char *end, guint8 length)
{
  const char *slash = memchr (word, '/', (gsize) (end - word));
  guint prefix = 0, span = AREAS / 10;

  for (const char *digit = word; digit < slash; digit++)
    {
      prefix = prefix * 10 + (guint) (*digit - '0');
      span /= 10;
    }
  for (const char *digit = slash + 1; digit < end; digit++)
    memset (lengths + (prefix * 10 + (guint) (*digit - '0')) * span, length, span);
}

static gpointer
fill_areas (gpointer unused)
{
  guint8 *lengths = g_malloc0 (AREAS);

  for (guint8 i = 0; i < G_N_ELEMENTS (area_code_words); i++)
    for (const char *word = area_code_words[i], *end; *word != '\0'; word = end + (*end == ' '))
      {
        end = strchrnul (word, ' ');
        fill_word (lengths, word, end, (guint8) (i + 1));
      }
  return lengths;
}

/* How many digits the area code has without its 0; 0: there is no such area. */
static guint
area_length (const char *digits)
{
  static GOnce once = G_ONCE_INIT;
  const guint8 *lengths = g_once (&once, fill_areas, NULL);
  guint index = 0;

  for (guint i = 1; i <= AREA_DIGITS; i++)
    index = index * 10 + (guint) (digits[i] - '0');
  return lengths[index];
}

const SkPhonePlan *
sk_phone_plan_find (const char *digits, guint n_digits)
{
  g_assert (n_digits >= 4);
  if (digits[0] != '0' || digits[1] == '0')
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (plans); i++)
    if (strncmp (digits, plans[i].prefix, strlen (plans[i].prefix)) == 0)
      return &plans[i].plan;
  return &geographic;
}

gboolean
sk_phone_plan_has (const SkPhonePlan *self, const char *digits)
{
  if (strspn (digits + self->n_digits - 6, "0") == 6)
    return FALSE; /* a placeholder */
  return self->splits != NULL || area_length (digits) > 0;
}

/* An area code, an exchange, and four digits; the last two may stand together. */
static gboolean
splits_by_area (const char *digits, const char *groups)
{
  guint area = area_length (digits) + 1, first = (guint) (groups[0] - '0'), second = (guint) (groups[1] - '0');

  if (first != area)
    return FALSE;
  return (groups[2] == '4' && groups[3] == '\0' && second == 6 - area) || (groups[2] == '\0' && second == 10 - area);
}

gboolean
sk_phone_plan_splits (const SkPhonePlan *self, const char *digits, const char *groups)
{
  gsize length = strlen (groups);

  if (length < 2)
    return FALSE;
  if (self->splits == NULL)
    return splits_by_area (digits, groups);
  for (const char *split = self->splits, *end; *split != '\0'; split = end + (*end == ' '))
    {
      end = strchrnul (split, ' ');
      if ((gsize) (end - split) == length && strncmp (split, groups, length) == 0)
        return TRUE;
    }
  return FALSE;
}
