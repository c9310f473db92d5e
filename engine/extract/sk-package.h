/* The parts of an office document: members of a ZIP file in memory, by name.
 *
 * Over libzip, since parts are read in the order in which they refer to one another, not in that of
 * the file: it finds a member at once, unpacks it piece by piece and checks its CRC (libarchive
 * would go through the whole file for each). Names are compared without case, as OPC (ECMA-376 part
 * 2, 6.2.2.3) has it, "\" is "/". Every part is counted against the sink's limits as it is
 * unpacked. The content must outlive the package.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-format.h"
#include "sk-xml.h"

typedef struct _SkPackage SkPackage;

typedef struct {
  const char *name;  /* UTF-8, without a '/' before it */
  guint64 index;     /* in the file */
  guint64 packed, size; /* as the file says */
  gboolean is_encrypted;
  gboolean is_special; /* said to be a folder, a link or a device; it may hold something still */
  gboolean is_read;  /* the reader's own note: it was taken care of */
} SkPart;

/* NULL: no ZIP file, its directory is damaged, or it has more than 65,536 members (and is an
 * archive like others). */
SkPackage *sk_package_open (const SkContent *content);
void sk_package_free (SkPackage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkPackage, sk_package_free)

/* SkPart*, in the order of the file, without folders that hold nothing. */
const GPtrArray *sk_package_parts (const SkPackage *self);
/* NULL: there is none. Of several with one name: the first. */
SkPart *sk_package_find (const SkPackage *self, const char *name);
/* A name that several parts have, so that programs may read different ones; NULL. */
const char *sk_package_twice (const SkPackage *self);

/* The whole part, at most what the sink allows (`sink` NULL: 1 MiB); NULL: not, and the sink
 * knows why. */
GBytes *sk_package_unpack (SkPackage *self, SkPart *part, SkSink *sink);
/* The same, as XML, unpacked while it is read. Never NULL. */
SkXml *sk_package_xml (SkPackage *self, SkPart *part, SkSink *sink);
/* Frees the XML of a part and tells the sink (NULL: nobody) what of it could not be read. */
void sk_package_end_xml (SkXml *xml, const SkPart *part, SkSink *sink);

/* Whether it is well-formed XML to its end, in a root element of that name. */
gboolean sk_package_is_xml_of (SkPackage *self, SkPart *part, const char *root, SkSink *sink);
/* Whether its content is so (sk-part-claim.h), or it is empty; what can't be unpacked is told to
 * the sink. */
gboolean sk_package_is (SkPackage *self, SkPart *part, gboolean (*is) (const SkContent *content),
                        SkSink *sink);

/* Gives a part to the sink as a member, under the last step of its name; not what is a picture or
 * a font by its bytes: it belongs to the document, and has no text that we could read. FALSE: a
 * limit was met. */
gboolean sk_package_member (SkPackage *self, SkPart *part, SkSink *sink);
