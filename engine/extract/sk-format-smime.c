/* S/MIME messages (CMS, RFC 5652): what is encrypted, and what is only signed and can be read.
 *
 * The first bytes tell which; OpenSSL reads the rest. Also in Base64, with or without PEM's lines.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-format-smime.h"

#include "sk-format.h"
#include "sk-inflate.h"

#include <openssl/cms.h>
#include <string.h>

typedef enum { CMS_READABLE, CMS_ENCRYPTED, CMS_PACKED } CmsKind;

/* Object identifiers of RFC 5652, 3274 and 5083, as DER has them. */
static const struct {
  gsize length;
  const char *oid;
  CmsKind kind;
} contents[] = {
  { 11, "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01", CMS_READABLE },  /* data */
  { 11, "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", CMS_READABLE },  /* signedData */
  { 11, "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03", CMS_ENCRYPTED }, /* envelopedData */
  { 11, "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x04",
    CMS_ENCRYPTED },                                                    /* signedAndEnvelopedData */
  { 11, "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x05", CMS_READABLE }, /* digestedData */
  { 11, "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x06", CMS_ENCRYPTED },      /* encryptedData */
  { 13, "\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x09", CMS_PACKED }, /* compressedData */
  { 13, "\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17",
    CMS_ENCRYPTED }, /* authEnvelopedData */
};

/* Octets of a DER length at its first octet (X.690, 8.1.3). */
static gsize
length_octets (guint8 first)
{
  return first > 0x80 ? 1 + (first & 0x7f) : 1;
}

static gboolean
find_kind (const guint8 *bytes, gsize length, CmsKind *kind)
{
  gsize at;

  if (length < 2 || bytes[0] != 0x30)
    return FALSE;
  at = 1 + length_octets (bytes[1]);
  for (guint i = 0; i < G_N_ELEMENTS (contents); i++)
    if (length >= at + contents[i].length
        && memcmp (bytes + at, contents[i].oid, contents[i].length) == 0)
      {
        *kind = contents[i].kind;
        return TRUE;
      }
  return FALSE;
}

/* --- Base64 ----------------------------------------------------------------------------------- */

static const char *const pem_begins[] = { "-----BEGIN PKCS7-----", "-----BEGIN CMS-----" };

/* Where Base64 may begin, NULL when there is none. A DER sequence of more than 127 octets begins
 * with 'M'. */
static const char *
base64_start (const SkContent *content)
{
  const char *bytes = (const char *) content->bytes;

  for (guint i = 0; i < G_N_ELEMENTS (pem_begins); i++)
    if (content->length > strlen (pem_begins[i])
        && memcmp (bytes, pem_begins[i], strlen (pem_begins[i])) == 0)
      return bytes + strlen (pem_begins[i]);
  return content->length > 32 && bytes[0] == 'M' ? bytes : NULL;
}

static guint8 *
decode_base64 (const SkContent *content, gsize limit, gsize *length)
{
  const char *start = base64_start (content),
             *end = (const char *) content->bytes + content->length;
  gsize left = start != NULL ? MIN ((gsize) (end - start), limit) : 0;
  const char *stop = left > 0 ? memchr (start, '-', left) : NULL;
  guint8 *bytes = g_malloc (left / 4 * 3 + 4);
  int state = 0;
  guint save = 0;

  left = stop != NULL ? (gsize) (stop - start) : left;
  *length = left > 0 ? g_base64_decode_step (start, left, bytes, &state, &save) : 0;
  return bytes;
}

static gboolean
find_kind_of (const SkContent *content, CmsKind *kind)
{
  g_autofree guint8 *bytes = NULL;
  gsize length;

  if (find_kind (content->bytes, content->length, kind))
    return TRUE;
  if (base64_start (content) == NULL)
    return FALSE;
  bytes = decode_base64 (content, 128, &length);
  return find_kind (bytes, length, kind);
}

gboolean
sk_smime_is_encrypted (const SkContent *content)
{
  CmsKind kind;

  return find_kind_of (content, &kind) && kind == CMS_ENCRYPTED;
}

static const char *
recognise (const SkContent *content)
{
  CmsKind kind;

  return find_kind_of (content, &kind) ? "application/pkcs7-mime" : NULL;
}

/* --- reading ---------------------------------------------------------------------------------- */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CMS_ContentInfo, CMS_ContentInfo_free)

static void
write_packed (const guint8 *packed, gsize length, SkSink *sink)
{
  gboolean whole;
  g_autoptr (GByteArray) bytes = sk_inflate (packed, length, G_ZLIB_COMPRESSOR_FORMAT_ZLIB,
                                             sk_sink_may_unpack (sink, length), &whole);
  SkContent member = { .bytes = bytes->data, .length = bytes->len };

  if (!sk_sink_unpack (sink, length, bytes->len))
    return;
  if (!whole)
    sk_sink_doubt (sink, "damaged: a part of it can't be unpacked");
  sk_sink_member (sink, &member);
}

/* A signature beside what it signs has no content. */
static void
write_content (CMS_ContentInfo *info, CmsKind kind, SkSink *sink)
{
  ASN1_OCTET_STRING **place = CMS_get0_content (info);
  SkContent member = { 0 };

  if (place == NULL || *place == NULL)
    return;
  member.bytes = ASN1_STRING_get0_data (*place);
  member.length = (gsize) ASN1_STRING_length (*place);
  if (kind == CMS_PACKED)
    write_packed (member.bytes, member.length, sink);
  else
    sk_sink_member (sink, &member);
}

static SkReading
read_cms (const guint8 *bytes, gsize length, SkSink *sink)
{
  CmsKind kind = CMS_ENCRYPTED;
  g_autoptr (CMS_ContentInfo) info = NULL;

  if (!find_kind (bytes, length, &kind) || kind == CMS_ENCRYPTED)
    return SK_READING_ENCRYPTED;
  info = d2i_CMS_ContentInfo (NULL, &bytes, (long) MIN (length, G_MAXLONG));
  if (info != NULL)
    write_content (info, kind, sink);
  else
    sk_sink_doubt (sink, "damaged: the S/MIME message can't be read");
  return SK_READING_DONE;
}

static SkReading
read_smime (const SkContent *content, const char *type, SkSink *sink)
{
  gsize length;
  g_autofree guint8 *bytes = NULL;

  if (content->bytes[0] == 0x30)
    return read_cms (content->bytes, content->length, sink);
  bytes = decode_base64 (content, content->length, &length);
  return read_cms (bytes, length, sink);
}

const SkFormat sk_format_smime = { "smime", recognise, read_smime };
