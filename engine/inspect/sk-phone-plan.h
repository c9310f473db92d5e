/* The Japanese numbering plan: how many digits a number has, by how it begins, and where it is
 * parted.
 *
 * For sk-detect-phone-number.c. Pure lookups; safe from any thread.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct {
  guint n_digits;      /* with the first 0 */
  const char *splits;  /* digits of each group, "344 38"; NULL: by the area code */
  gboolean is_mobile;  /* 050 to 090: so many digits that other numbers hardly begin like it */
} SkPhonePlan;

/* The plan of a number that begins with `digits`, of which there are at least four; NULL: no number
 * does. */
const SkPhonePlan *sk_phone_plan_find (const char *digits, guint n_digits);

/* Whether the number, whole now, is one of the plan's. */
gboolean sk_phone_plan_has (const SkPhonePlan *self, const char *digits);

/* Whether groups of so many digits ("244") are how the number is written. */
gboolean sk_phone_plan_splits (const SkPhonePlan *self, const char *digits, const char *groups);
