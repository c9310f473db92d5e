// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-masquerade.h"

#include "sk-message.h"

#include <string.h>

typedef enum {
  KIND_TEXT = 1 << 0,
  KIND_MAIL = 1 << 1,
  KIND_RTF = 1 << 2,
  KIND_PDF = 1 << 3,
  KIND_OLE
  = 1 << 4, /* .doc, .xls, .ppt, .msg; and documents of today's Office that have a password */
  KIND_ZIP = 1 << 5, /* .docx, .odt, .jar as well */
  KIND_ARCHIVE = 1 << 6,
  KIND_IMAGE = 1 << 7,
  KIND_RECORDING = 1 << 8, /* sound and video share their containers */
  KIND_FONT = 1 << 9,
  KIND_PROGRAM = 1 << 10,
  KIND_SEALED = 1 << 11, /* S/MIME and PGP */
  KIND_TNEF = 1 << 12,
  KIND_EMPTY = 1 << 13,
  KIND_OTHER = 1 << 14, /* of no known kind */
} Kind;

/* The first row that begins the type. */
static const struct {
  const char *type;
  guint kind;
} types[] = {
  { "text/rtf", KIND_RTF },
  { "text/", KIND_TEXT },
  { "image/svg", KIND_TEXT | KIND_IMAGE },
  { "image/", KIND_IMAGE },
  { "audio/", KIND_RECORDING },
  { "video/", KIND_RECORDING },
  { "font/", KIND_FONT },
  { "message/", KIND_MAIL | KIND_TEXT },
  { "application/mbox", KIND_MAIL | KIND_TEXT },
  { "application/json", KIND_TEXT },
  { "application/xhtml+xml", KIND_TEXT },
  { "application/xml", KIND_TEXT },
  { "application/postscript", KIND_TEXT | KIND_IMAGE },
  { "application/rtf", KIND_RTF },
  { "application/pdf", KIND_PDF },
  { "application/msword", KIND_OLE },
  { "application/vnd.ms-office", KIND_OLE },
  { "application/vnd.ms-word.", KIND_ZIP },
  { "application/vnd.ms-excel.", KIND_ZIP },
  { "application/vnd.ms-powerpoint.", KIND_ZIP },
  { "application/encrypted", KIND_OLE },
  { "application/vnd.ms-excel", KIND_OLE },
  { "application/vnd.ms-powerpoint", KIND_OLE },
  { "application/vnd.ms-outlook", KIND_OLE },
  { "application/vnd.ms-tnef", KIND_TNEF },
  { "application/ms-tnef", KIND_TNEF },
  { "application/x-ole-storage", KIND_OLE },
  { "application/x-cfb", KIND_OLE },
  { "application/CDFV2", KIND_OLE },
  { "application/vnd.openxmlformats", KIND_ZIP },
  { "application/vnd.oasis.opendocument", KIND_ZIP | KIND_TEXT },
  { "application/epub+zip", KIND_ZIP },
  { "application/java-archive", KIND_ZIP },
  { "application/zip", KIND_ZIP },
  { "application/gzip", KIND_ARCHIVE },
  { "application/x-gzip", KIND_ARCHIVE },
  { "application/x-7z-compressed", KIND_ARCHIVE },
  { "application/x-bzip2", KIND_ARCHIVE },
  { "application/x-xz", KIND_ARCHIVE },
  { "application/zstd", KIND_ARCHIVE },
  { "application/x-tar", KIND_ARCHIVE },
  { "application/vnd.rar", KIND_ARCHIVE },
  { "application/x-rar", KIND_ARCHIVE },
  { "application/x-lz", KIND_ARCHIVE },
  { "application/x-lha", KIND_ARCHIVE },
  { "application/x-compress", KIND_ARCHIVE },
  { "application/vnd.ms-cab-compressed", KIND_ARCHIVE },
  { "application/x-cpio", KIND_ARCHIVE },
  { "application/x-iso9660-image", KIND_ARCHIVE },
  { "application/ogg", KIND_RECORDING },
  { "application/font", KIND_FONT },
  { "application/vnd.ms-fontobject", KIND_FONT },
  { "application/vnd.ms-opentype", KIND_FONT },
  { "application/vnd.microsoft.portable-executable", KIND_PROGRAM },
  { "application/x-dosexec", KIND_PROGRAM },
  { "application/x-executable", KIND_PROGRAM },
  { "application/x-pie-executable", KIND_PROGRAM },
  { "application/x-sharedlib", KIND_PROGRAM },
  { "application/x-object", KIND_PROGRAM },
  { "application/x-mach-binary", KIND_PROGRAM },
  { "application/x-java-applet", KIND_PROGRAM },
  { "application/wasm", KIND_PROGRAM },
  { "application/pkcs7", KIND_SEALED },
  { "application/pgp", KIND_SEALED },
  { "application/x-empty", KIND_EMPTY },
};

/* What programs write under an extension; other extensions say nothing. */
static const struct {
  const char *extensions; /* blanks between and around */
  guint kinds;
} expectations[] = {
  { " txt text log md csv tsv tab json xml yaml yml ini conf cfg properties sql tex srt ",
    KIND_TEXT | KIND_RTF },
  { " c h cc cpp hpp cs java js ts css php py rb pl go rs swift kt sh bat cmd ps1 vbs wsf vb bas ",
    KIND_TEXT },
  { " htm html xhtml xht ", KIND_TEXT },
  { " mht mhtml eml mbox ", KIND_MAIL | KIND_TEXT },
  { " vcf vcs ics ", KIND_TEXT },
  { " rtf ", KIND_RTF | KIND_TEXT },
  { " pdf ", KIND_PDF },
  { " doc dot wps ", KIND_OLE | KIND_RTF | KIND_TEXT | KIND_MAIL | KIND_ZIP },
  { " xls xlt ", KIND_OLE | KIND_TEXT | KIND_MAIL | KIND_ZIP },
  { " ppt pps pot ", KIND_OLE | KIND_ZIP },
  { " docx docm dotx dotm xlsx xlsm xlsb xltx xltm pptx pptm ppsx ppsm potx vsdx ",
    KIND_ZIP | KIND_OLE },
  { " odt ods odp odg ott ots otp epub pages numbers key ", KIND_ZIP },
  { " fodt fods fodp ", KIND_TEXT | KIND_ZIP },
  { " msg vsd pub mpp jtd jtt msi ", KIND_OLE },
  { " zip jar apk xpi war ", KIND_ZIP },
  { " gz tgz bz2 tbz xz txz zst 7z rar tar lzh lha cab iso ", KIND_ARCHIVE },
  { " jpg jpeg jpe png gif bmp tif tiff webp ico heic heif avif psd ", KIND_IMAGE },
  { " svg ", KIND_TEXT | KIND_IMAGE },
  { " eps ps ", KIND_TEXT | KIND_IMAGE },
  { " ai ", KIND_PDF | KIND_TEXT | KIND_IMAGE },
  { " mp3 wav wma m4a aac ogg oga flac mid aif aiff amr ", KIND_RECORDING | KIND_OTHER },
  { " mp4 m4v mov avi wmv mkv webm mpg mpeg flv 3gp ", KIND_RECORDING | KIND_OTHER },
  { " ttf otf woff woff2 eot ", KIND_FONT | KIND_OTHER },
  { " exe dll scr com sys so dylib o ocx cpl ", KIND_PROGRAM | KIND_OTHER },
  { " p7m p7s p7c ", KIND_SEALED | KIND_OTHER },
  { " pgp gpg asc sig ", KIND_SEALED | KIND_TEXT | KIND_OTHER },
};

static guint
kind_of (const char *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_ascii_strncasecmp (type, types[i].type, strlen (types[i].type)) == 0)
      return types[i].kind;
  return KIND_OTHER;
}

/* 0: it says nothing. */
static guint
expected_kinds (const char *extension)
{
  g_autofree char *word = g_strdup_printf (" %s ", extension);

  if (strchr (extension, ' ') != NULL)
    return 0;
  for (guint i = 0; i < G_N_ELEMENTS (expectations); i++)
    if (strstr (expectations[i].extensions, word) != NULL)
      return expectations[i].kinds;
  return 0;
}

SkTruth
sk_masquerade_check (const char *name, const char *type)
{
  g_auto (GStrv) extensions = name != NULL ? sk_attachment_extensions (name) : NULL;
  guint expected = extensions != NULL && extensions[0] != NULL ? expected_kinds (extensions[0]) : 0;

  if (expected == 0)
    return SK_NO;
  if (type == NULL)
    return SK_UNKNOWN;
  return (kind_of (type) & (expected | KIND_EMPTY)) != 0 ? SK_NO : SK_YES;
}
