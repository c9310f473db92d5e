// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-extraction.h"

const SkExtractLimits sk_extract_default_limits = {
  .depth = 8,
  .members = 10000,
  .unpacked_bytes = 512 * 1024 * 1024,
  .ratio = 200,
  .text_bytes = 32 * 1024 * 1024,
  .sections = 100000,
};

void
sk_extraction_free (SkExtraction *self)
{
  if (self == NULL)
    return;
  g_free (self->type);
  g_free (self->reason);
  g_free (self->text);
  g_clear_pointer (&self->sections, g_ptr_array_unref);
  g_free (self);
}
