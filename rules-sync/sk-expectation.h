/* What a case expects of a verdict, compared with the verdict.
 *
 * `expect:` may name any part of the verdict. A list of objects may be partial, in each object too;
 * other lists are complete; order never matters. What the verdict leaves out is empty: it equals
 * [], {}, no, 0 and nothing. Scalars compare by their text; yes and no are the truth values.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-yaml.h"

#include <jansson.h>

/* The differences, each one or more lines of text, added to `differences` (char*). */
void sk_expectation_compare (const SkNode *expected, const json_t *actual, GPtrArray *differences);
