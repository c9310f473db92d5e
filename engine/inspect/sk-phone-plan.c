// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-phone-plan.h"
#include "sk-area-code-table.h"

#include <string.h>

#define LONGEST_CODE 4
#define CODES 10000

/* Area codes without their 0. */
typedef struct {
  gboolean is_code[LONGEST_CODE + 1][CODES]; /* by length and code */
} Areas;

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

/* "12/345": 123, 124 and 125. */
static void
fill_word (Areas *self, const char *word, const char *end)
{
  const char *slash = memchr (word, '/', (gsize) (end - word));
  guint prefix = 0;

  for (const char *digit = word; digit < slash; digit++)
    prefix = prefix * 10 + (guint) (*digit - '0');
  for (const char *digit = slash + 1; digit < end; digit++)
    self->is_code[slash - word + 1][prefix * 10 + (guint) (*digit - '0')] = TRUE;
}

static gpointer
fill_areas (gpointer unused)
{
  Areas *self = g_new0 (Areas, 1);

  for (const char *word = area_codes, *end; *word != '\0'; word = end + (*end == ' '))
    {
      end = strchrnul (word, ' ');
      fill_word (self, word, end);
    }
  return self;
}

static const Areas *
get_areas (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, fill_areas, NULL);
}

/* The first digits behind the 0, as a number. */
static guint
leading (const char *digits, guint count)
{
  guint value = 0;

  for (guint i = 1; i <= count; i++)
    value = value * 10 + (guint) (digits[i] - '0');
  return value;
}

/* Whether so many digits behind the 0 are an area code. */
static gboolean
is_area (const char *digits, guint length)
{
  return length >= 1 && length <= LONGEST_CODE
         && get_areas ()->is_code[length][leading (digits, length)];
}

static gboolean
has_area (const char *digits)
{
  for (guint length = 1; length <= LONGEST_CODE; length++)
    if (is_area (digits, length))
      return TRUE;
  return FALSE;
}

const SkPhonePlan *
sk_phone_plan_find (const char *digits, guint n_digits)
{
  g_assert (n_digits >= 4);
  if (digits[0] != '0' || digits[1] == '0')
    return NULL;
  if (digits[2] != '0' && digits[3] != '0')
    return &geographic; /* no prefix is like that */
  for (gsize i = 0; i < G_N_ELEMENTS (plans); i++)
    if (digits[1] == plans[i].prefix[1]
        && strncmp (digits, plans[i].prefix, strlen (plans[i].prefix)) == 0)
      return &plans[i].plan;
  return &geographic;
}

gboolean
sk_phone_plan_has (const SkPhonePlan *self, const char *digits)
{
  if (strspn (digits + self->n_digits - 6, "0") == 6)
    return FALSE; /* a placeholder */
  return self->splits != NULL || has_area (digits);
}

/* An area code, an exchange, and four digits; the last two may stand together. That the exchange is
 * one of that area isn't asked: samples have made-up ones, and areas change theirs. */
static gboolean
splits_by_area (const char *digits, const char *groups)
{
  guint first = (guint) (groups[0] - '0'), second = (guint) (groups[1] - '0');

  if (!is_area (digits, first - 1))
    return FALSE;
  return (groups[2] == '4' && groups[3] == '\0' && second == 6 - first)
         || (groups[2] == '\0' && second == 10 - first);
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
