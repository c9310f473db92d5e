/* What a rule was about, in Japanese, by the code of its reason ("attachments.count"): for those who tell people why. The
 * English text comes with the reason itself.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/* Static; NULL: the code says nothing to people. */
const char *sk_because_in_japanese (const char *code);
