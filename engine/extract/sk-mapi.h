/* The MAPI properties in a TNEF stream (MS-OXTNEF, 2.1.3.4), walked one by one with every length
 * checked.
 *
 * Values point into the stream; nothing is owned. What is cut or of an unknown type ends the walk,
 * and is told.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

enum {
  SK_MAPI_STRING8 = 0x001e,
  SK_MAPI_UNICODE = 0x001f,
  SK_MAPI_OBJECT = 0x000d,
  SK_MAPI_BINARY = 0x0102,
};

typedef struct {
  guint type; /* without the flag of many values */
  guint id;   /* 0x8000 and above: named, whatever the name */
  const guint8 *value; /* of strings, objects and binaries alone; else NULL */
  gsize length;
} SkMapiProperty;

typedef gboolean (*SkMapiFunc) (const SkMapiProperty *property, gpointer user_data);

/* Calls back for each value (of a property with many: once each) until it returns FALSE. Returns
 * how many octets were walked over; 0: damaged. */
gsize sk_mapi_walk (const guint8 *bytes, gsize length, SkMapiFunc callback, gpointer user_data);
