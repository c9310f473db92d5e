// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-inspection.h"

void
sk_section_free (SkSection *self)
{
  if (self == NULL)
    return;
  g_free (self->label);
  g_free (self->member);
  g_free (self);
}

void
sk_attachment_facts_free (SkAttachmentFacts *self)
{
  if (self == NULL)
    return;
  g_free (self->type);
  g_free (self->text);
  g_free (self->reason);
  g_clear_pointer (&self->sections, g_ptr_array_unref);
  g_free (self);
}

void
sk_finding_free (SkFinding *self)
{
  if (self == NULL)
    return;
  g_free (self->kind);
  g_free (self->value);
  g_free (self);
}

SkInspection *
sk_inspection_new (void)
{
  SkInspection *self = g_new0 (SkInspection, 1);

  self->attachments
      = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_attachment_facts_free);
  self->findings = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_finding_free);
  self->detectors = g_new0 (char *, 1);
  return self;
}

void
sk_inspection_free (SkInspection *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->attachments);
  g_ptr_array_unref (self->findings);
  g_strfreev (self->detectors);
  g_free (self);
}

void
sk_inspection_forget_texts (SkInspection *self)
{
  for (guint i = 0; i < self->attachments->len; i++)
    {
      SkAttachmentFacts *facts = self->attachments->pdata[i];

      g_clear_pointer (&facts->text, g_free);
      g_clear_pointer (&facts->sections, g_ptr_array_unref);
      facts->length = 0;
    }
}
