/* The two databases of the store: their tables, version by version. Released migrations never
 * change. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/store/sk-database.h"

extern const SkDatabaseKind sk_schema_store;    /* store.db: survives a power cut */
extern const SkDatabaseKind sk_schema_attempts; /* attempts.db: survives a crash of ours */
