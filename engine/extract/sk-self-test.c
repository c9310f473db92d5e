// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-self-test.h"

#include "sk-extract.h"
#include "sk-magic.h"
#include "sk-self-test-pdf.h"

#include <fcntl.h>
#include <iconv.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* --- what must not be possible ----------------------------------------------------------------- */

static gboolean
opens (const char *path, int flags)
{
  int fd = open (path, flags | O_CLOEXEC, 0600);

  if (fd >= 0)
    close (fd);
  return fd >= 0;
}

static gboolean
can_read_files (void)
{
  return opens ("/etc/passwd", O_RDONLY) || opens ("/proc/self/status", O_RDONLY)
         || opens ("/", O_RDONLY | O_DIRECTORY);
}

static gboolean
can_write_files (void)
{
  return opens ("/tmp", O_WRONLY | O_TMPFILE) || opens ("/dev/null", O_WRONLY);
}

static gboolean
can_connect (void)
{
  return socket (AF_INET, SOCK_STREAM, 0) >= 0 || socket (AF_UNIX, SOCK_STREAM, 0) >= 0;
}

static gboolean
can_fork (void)
{
  long child = syscall (SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);

  if (child == 0)
    _exit (0);
  return child > 0;
}

/* If it can, it is another program from here on, and never greets its caller. */
static gboolean
can_execute (void)
{
  char *arguments[] = { (char *) "true", NULL };

  execv ("/bin/true", arguments);
  return FALSE;
}

static const struct {
  gboolean (*can) (void);
  const char *what;
} walls[] = {
  { can_read_files, "the sandbox does not hold: files of this computer can be read" },
  { can_write_files, "the sandbox does not hold: files can be written" },
  { can_connect, "the sandbox does not hold: the network can be reached" },
  { can_fork, "the sandbox does not hold: processes can be started" },
  { can_execute, "the sandbox does not hold: programs can be run" },
};

/* --- what must be possible --------------------------------------------------------------------- */

/* "関所" and "①", which are in CP932 alone. */
static const char shift_jis[] = "\x8a\xd6\x8f\x8a\x87\x40\r\n";

/* Documents with a text that must be found in them. */
static const struct {
  const char *bytes;
  gsize length;
  const char *type, *text;
  const char *missing;
} samples[] = {
  { sk_self_test_pdf, sizeof sk_self_test_pdf - 1, "application/pdf", SK_SELF_TEST_PDF_TEXT,
    "Japanese PDF files can't be read: install poppler-data" },
  { shift_jis, sizeof shift_jis - 1, "text/plain", "関所①",
    "Shift_JIS text can't be read: install libicu72 anew" },
};

static gboolean
can_be_read (gsize sample)
{
  SkContent content = { (const guint8 *) samples[sample].bytes, samples[sample].length, NULL };
  g_autoptr (SkExtraction) extraction = sk_extract (&content, &sk_extract_default_limits);

  return extraction->readable == SK_YES && g_str_equal (extraction->type, samples[sample].type)
         && strstr (extraction->text, samples[sample].text) != NULL;
}

static gboolean
are_types_known (void)
{
  static const char pdf[] = "%PDF-1.4\n";
  SkContent content = { (const guint8 *) pdf, sizeof pdf - 1, NULL };

  return g_str_equal (sk_magic_type (&content), "application/pdf");
}

/* iconv, which libraries use beside our ICU, loads a module of code for each charset. Those that
 * are open stay loaded. */
static gboolean
are_charsets_loaded (void)
{
  static const char *const charsets[] = {
    "UTF-16", "UTF-32", "UTF-7", "CP932", "Shift_JIS", "EUC-JP", "EUC-JP-MS", "ISO-2022-JP",
    "CP1250", "CP1251", "CP1252", "ISO-8859-1", "ISO-8859-2", "ISO-8859-15", "GB18030", "GBK", "BIG5",
    "EUC-KR", "UHC", "MACINTOSH", "CP437",
  };
  static iconv_t kept[G_N_ELEMENTS (charsets)];
  gboolean loaded = TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (charsets); i++)
    {
      iconv_t opened = iconv_open ("UTF-8", charsets[i]);

      if (opened == (iconv_t) -1)
        loaded = FALSE;
      else if (kept[i] == NULL)
        kept[i] = opened;
      else
        iconv_close (opened);
    }
  return loaded;
}

void
sk_self_test_warm_up (void)
{
  are_types_known ();
  are_charsets_loaded ();
  for (gsize i = 0; i < G_N_ELEMENTS (samples); i++)
    can_be_read (i);
}

static void
add (GString *missing, const char *what)
{
  if (missing->len > 0)
    g_string_append (missing, "; ");
  g_string_append (missing, what);
}

char *
sk_self_test_run (void)
{
  GString *missing = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (walls); i++)
    if (walls[i].can ())
      add (missing, walls[i].what);
  if (!are_types_known ())
    add (missing, "kinds of files can't be told: install libmagic-mgc");
  if (!are_charsets_loaded ())
    add (missing, "charsets can't be read: install libc6 anew");
  for (gsize i = 0; i < G_N_ELEMENTS (samples); i++)
    if (!can_be_read (i))
      add (missing, samples[i].missing);
  return g_string_free (missing, missing->len == 0);
}
