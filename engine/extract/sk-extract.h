/* Reading one document and all that is in it: by its format, into a sink, to an extraction.
 *
 * Runs inside the sandbox (and in tests). Never fails: what can't be read is told in the extraction. The caller
 * owns the result.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-content.h"
#include "sk-extraction.h"

SkExtraction *sk_extract (const SkContent *content, const SkExtractLimits *limits);
