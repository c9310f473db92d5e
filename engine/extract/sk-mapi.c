// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-mapi.h"

enum {
  MANY = 0x1000,
  NAMED = 0x8000,
  GUID_OCTETS = 16,
};

typedef struct {
  const guint8 *at, *end;
  SkMapiFunc callback;
  gpointer user_data;
  gboolean stopped;
} Walk;

/* MS-OXTNEF, 2.1.3.4; OXCDATA, 2.11.1. Shorter ones are padded to four octets. */
static const struct {
  guint type;
  gsize octets;
} fixed[] = {
  { 0x0001, 0 }, { 0x0002, 4 }, { 0x0003, 4 }, { 0x0004, 4 },
  { 0x0005, 8 }, { 0x0006, 8 }, { 0x0007, 8 }, { 0x000a, 4 },
  { 0x000b, 4 }, { 0x0014, 8 }, { 0x0040, 8 }, { 0x0048, GUID_OCTETS },
};

static gboolean
skip (Walk *self, gsize octets)
{
  if (octets > (gsize) (self->end - self->at))
    return FALSE;
  self->at += octets;
  return TRUE;
}

static gboolean
take_number (Walk *self, guint octets, guint32 *number)
{
  const guint8 *p = self->at;

  if (!skip (self, octets))
    return FALSE;
  *number = 0;
  for (guint i = 0; i < octets; i++)
    *number |= (guint32) p[i] << (8 * i);
  return TRUE;
}

/* What is padded at the very end may lack its padding. */
static void
skip_padding (Walk *self, gsize length)
{
  gsize padding = (4 - length % 4) % 4;

  skip (self, MIN (padding, (gsize) (self->end - self->at)));
}

/* A GUID, and a number or a name in UTF-16. */
static gboolean
skip_name (Walk *self)
{
  guint32 kind, length;

  if (!skip (self, GUID_OCTETS) || !take_number (self, 4, &kind) || !take_number (self, 4, &length))
    return FALSE;
  if (kind == 0)
    return TRUE;
  if (!skip (self, length))
    return FALSE;
  skip_padding (self, length);
  return TRUE;
}

static gboolean
is_variable (guint type)
{
  return type == SK_MAPI_STRING8 || type == SK_MAPI_UNICODE || type == SK_MAPI_OBJECT
         || type == SK_MAPI_BINARY;
}

static gboolean
take_variable (Walk *self, SkMapiProperty *property)
{
  guint32 length;

  if (!take_number (self, 4, &length))
    return FALSE;
  property->value = self->at;
  property->length = length;
  if (!skip (self, length))
    return FALSE;
  skip_padding (self, length);
  return TRUE;
}

static gboolean
take_fixed (Walk *self, guint type)
{
  for (guint i = 0; i < G_N_ELEMENTS (fixed); i++)
    if (fixed[i].type == type)
      return skip (self, fixed[i].octets);
  return FALSE;
}

static gboolean
take_value (Walk *self, SkMapiProperty *property)
{
  property->value = NULL;
  property->length = 0;
  if (is_variable (property->type) ? !take_variable (self, property)
                                   : !take_fixed (self, property->type))
    return FALSE;
  if (!self->stopped)
    self->stopped = !self->callback (property, self->user_data);
  return TRUE;
}

static gboolean
take_property (Walk *self)
{
  guint32 type, id, count = 1;
  SkMapiProperty property = { 0 };

  if (!take_number (self, 2, &type) || !take_number (self, 2, &id)
      || (id >= NAMED && !skip_name (self)))
    return FALSE;
  property.type = type & ~(guint) MANY;
  property.id = id;
  if (((type & MANY) != 0 || is_variable (property.type)) && !take_number (self, 4, &count))
    return FALSE;
  for (; count > 0; count--)
    {
      const guint8 *before = self->at;

      /* A value of no octets could be there four thousand million times. */
      if (!take_value (self, &property) || (self->at == before && count > 1))
        return FALSE;
    }
  return TRUE;
}

gsize
sk_mapi_walk (const guint8 *bytes, gsize length, SkMapiFunc callback, gpointer user_data)
{
  Walk walk = { bytes, bytes + length, callback, user_data, FALSE };
  guint32 count;

  if (!take_number (&walk, 4, &count))
    return 0;
  for (; count > 0; count--)
    if (!take_property (&walk))
      return 0;
  return (gsize) (walk.at - bytes);
}
