// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-extraction.h"

const SkExtractLimits sk_extract_default_limits = SK_EXTRACT_DEFAULT_LIMITS;

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
