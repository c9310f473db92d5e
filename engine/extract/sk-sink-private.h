/* How a sink is made and what it becomes; for sk-extract.c alone. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-format.h"

SkSink *sk_sink_new (const SkExtractLimits *limits);
void sk_sink_free (SkSink *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkSink, sk_sink_free)

/* Reads the outermost document; `type` is a static string. */
void sk_sink_read (SkSink *self, const SkContent *content, const char **type);
/* Moves what was found into the extraction; the sink is empty then. */
void sk_sink_finish (SkSink *self, SkExtraction *extraction);
