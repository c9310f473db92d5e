/* The test `mismatch`, of which a refusal tells every pair. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-test.h"

extern const SkTestKind sk_mismatch_kind;
