// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-smtp-certificate.h"

#include "sk-error.h"
#include "sk-file.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <string.h>

#define DAY (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)
#define LEAF_DAYS 397 /* browsers and some mail programs refuse more than 398 */
#define CA_DAYS 3650
#define RENEWAL_DAYS 30
#define FILE_BYTES 65536

G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SSL_CTX, SSL_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_EXTENSION, X509_EXTENSION_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIGNUM, BN_free)

typedef struct {
  X509 *certificate;
  EVP_PKEY *key;
} Pair;

typedef struct {
  int nid;
  const char *value;
} Extension;

static const Extension ca_extensions[] = {
  { NID_basic_constraints, "critical,CA:TRUE,pathlen:0" },
  { NID_key_usage, "critical,keyCertSign" },
  { NID_subject_key_identifier, "hash" },
  { NID_name_constraints,
    "critical,permitted;DNS:localhost,permitted;IP:127.0.0.1/255.255.255.255,"
    "permitted;IP:0:0:0:0:0:0:0:1/FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF" },
  { 0 },
};

static const Extension leaf_extensions[] = {
  { NID_basic_constraints, "critical,CA:FALSE" },
  { NID_key_usage, "critical,digitalSignature" },
  { NID_ext_key_usage, "serverAuth" },
  { NID_subject_key_identifier, "hash" },
  { NID_authority_key_identifier, "keyid" },
  { NID_subject_alt_name, "IP:127.0.0.1,IP:::1,DNS:localhost" },
  { 0 },
};

static void
pair_clear (Pair *self)
{
  g_clear_pointer (&self->certificate, X509_free);
  g_clear_pointer (&self->key, EVP_PKEY_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pair, pair_clear)

static gboolean
set_ssl_error (GError **error, const char *what)
{
  char reason[256];

  ERR_error_string_n (ERR_get_error (), reason, sizeof reason);
  ERR_clear_error ();
  g_set_error (error, SK_ERROR, SK_ERROR_IO, "%s: %s", what, reason);
  return FALSE;
}

static gboolean
set_serial (X509 *certificate)
{
  g_autoptr (BIGNUM) serial = BN_new ();

  return BN_rand (serial, 126, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY)
         && BN_to_ASN1_INTEGER (serial, X509_get_serialNumber (certificate)) != NULL;
}

/* Back by a day: clocks of two programs on one machine agree, but not across a virtual machine's edge. */
static gboolean
set_life (X509 *certificate, gint64 now, gint64 days)
{
  time_t from = (time_t) (now / G_USEC_PER_SEC) - 86400;

  return ASN1_TIME_set (X509_getm_notBefore (certificate), from) != NULL
         && ASN1_TIME_set (X509_getm_notAfter (certificate), from + days * 86400 - 1) != NULL;
}

static gboolean
add_extensions (X509 *certificate, X509 *issuer, const Extension *table)
{
  X509V3_CTX context;

  X509V3_set_ctx (&context, issuer, certificate, NULL, NULL, 0);
  for (; table->value != NULL; table++)
    {
      g_autoptr (X509_EXTENSION) extension
          = X509V3_EXT_conf_nid (NULL, &context, table->nid, table->value);

      if (extension == NULL || !X509_add_ext (certificate, extension, -1))
        return FALSE;
    }
  return TRUE;
}

static X509 *
make_certificate (EVP_PKEY *key, const char *name, gint64 now, gint64 days)
{
  g_autoptr (X509) certificate = X509_new ();

  if (certificate == NULL || !X509_set_version (certificate, X509_VERSION_3)
      || !set_serial (certificate) || !set_life (certificate, now, days)
      || !X509_set_pubkey (certificate, key)
      || !X509_NAME_add_entry_by_NID (X509_get_subject_name (certificate), NID_commonName,
                                      MBSTRING_UTF8, (const guchar *) name, -1, -1, 0))
    return NULL;
  return g_steal_pointer (&certificate);
}

/* `issuer` NULL: it signs itself. */
static gboolean
make_pair (Pair *pair, const char *name, const Pair *issuer, const Extension *extensions,
           gint64 now, gint64 days)
{
  const Pair *by = issuer != NULL ? issuer : pair;

  pair_clear (pair);
  pair->key = EVP_EC_gen ("P-256");
  if (pair->key == NULL)
    return FALSE;
  pair->certificate = make_certificate (pair->key, name, now, days);
  return pair->certificate != NULL
         && X509_set_issuer_name (pair->certificate, X509_get_subject_name (by->certificate))
         && add_extensions (pair->certificate, by->certificate, extensions)
         && X509_sign (pair->certificate, by->key, EVP_sha256 ()) > 0;
}

static gboolean
save_bio (BIO *bio, const char *directory, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  char *bytes;
  long length = BIO_get_mem_data (bio, &bytes);

  return sk_file_replace (path, bytes, (gsize) length, error);
}

static gboolean
save_pair (const Pair *pair, const char *directory, const char *certificate_name,
           const char *key_name, GError **error)
{
  g_autoptr (BIO) certificate = BIO_new (BIO_s_mem ());
  g_autoptr (BIO) key = BIO_new (BIO_s_secmem ());

  if (!PEM_write_bio_X509 (certificate, pair->certificate)
      || !PEM_write_bio_PrivateKey (key, pair->key, NULL, NULL, 0, NULL, NULL))
    return set_ssl_error (error, "the listener's certificate can't be written");
  return save_bio (key, directory, key_name, error)
         && save_bio (certificate, directory, certificate_name, error);
}

static BIO *
open_bio (const char *directory, const char *name)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autofree char *text = NULL;
  gsize length;
  BIO *bio;

  text = sk_file_read (path, FILE_BYTES, &length, NULL);
  if (text == NULL)
    return NULL;
  bio = BIO_new (BIO_s_secmem ());
  BIO_write (bio, text, (int) length);
  explicit_bzero (text, length);
  return bio;
}

static int
no_passphrase_cb (char *buffer, int size, int writing, void *user_data)
{
  return 0;
}

static gboolean
lives_on (const X509 *certificate, gint64 now)
{
  time_t today = (time_t) (now / G_USEC_PER_SEC);
  time_t soon = today + RENEWAL_DAYS * 86400;

  return X509_cmp_time (X509_get0_notAfter (certificate), &soon) > 0
         && X509_cmp_time (X509_get0_notBefore (certificate), &today) < 0;
}

/* FALSE: one is missing, unreadable, near its end, or not the other's. */
static gboolean
load_pair (Pair *pair, const char *directory, const char *certificate_name, const char *key_name,
           gint64 now)
{
  g_autoptr (BIO) certificate = open_bio (directory, certificate_name);
  g_autoptr (BIO) key = open_bio (directory, key_name);
  gboolean good;

  if (certificate == NULL || key == NULL)
    return FALSE;
  pair->certificate = PEM_read_bio_X509 (certificate, NULL, no_passphrase_cb, NULL);
  pair->key = PEM_read_bio_PrivateKey (key, NULL, no_passphrase_cb, NULL);
  good = pair->certificate != NULL && pair->key != NULL
         && X509_check_private_key (pair->certificate, pair->key)
         && lives_on (pair->certificate, now);
  ERR_clear_error ();
  return good;
}

static gboolean
have_ca (Pair *ca, const char *directory, gint64 now, GError **error)
{
  g_autofree char *name = NULL;
  guint8 random[4];

  if (load_pair (ca, directory, "ca.pem", "ca.key", now))
    return TRUE;
  if (RAND_bytes (random, sizeof random) != 1)
    return set_ssl_error (error, "the listener's CA can't be made");
  name = g_strdup_printf ("Sekisho on this computer (%02x%02x%02x%02x)", random[0], random[1],
                          random[2], random[3]);
  if (!make_pair (ca, name, NULL, ca_extensions, now, CA_DAYS))
    return set_ssl_error (error, "the listener's CA can't be made");
  return save_pair (ca, directory, "ca.pem", "ca.key", error);
}

static gboolean
have_leaf (Pair *leaf, const Pair *ca, const char *directory, gint64 now, GError **error)
{
  if (load_pair (leaf, directory, "server.pem", "server.key", now)
      && X509_verify (leaf->certificate, ca->key) == 1)
    return TRUE;
  ERR_clear_error ();
  if (!make_pair (leaf, "localhost", ca, leaf_extensions, now, LEAF_DAYS))
    return set_ssl_error (error, "the listener's certificate can't be made");
  return save_pair (leaf, directory, "server.pem", "server.key", error);
}

static SSL_CTX *
make_context (const Pair *leaf, GError **error)
{
  g_autoptr (SSL_CTX) context = SSL_CTX_new (TLS_server_method ());

  if (context == NULL || SSL_CTX_use_certificate (context, leaf->certificate) != 1
      || SSL_CTX_use_PrivateKey (context, leaf->key) != 1
      || SSL_CTX_set_min_proto_version (context, TLS1_2_VERSION) != 1)
    {
      set_ssl_error (error, "the listener's certificate can't be used");
      return NULL;
    }
  /* The protocol has an end of its own for every message: a missing close_notify cuts nothing off. */
  SSL_CTX_set_options (context, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF
                                    | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode (context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
                                 | SSL_MODE_RELEASE_BUFFERS);
  return g_steal_pointer (&context);
}

static gint64
end_of (const X509 *certificate)
{
  struct tm end = { 0 };

  ASN1_TIME_to_tm (X509_get0_notAfter (certificate), &end);
  return (gint64) timegm (&end) * G_USEC_PER_SEC;
}

SSL_CTX *
sk_smtp_certificate_load (const char *directory, SkClock *clock, gint64 *renew_at, GError **error)
{
  gint64 now = sk_clock_wall (clock);
  g_auto (Pair) ca = { 0 };
  g_auto (Pair) leaf = { 0 };

  if (!sk_file_make_directory (directory, error) || !have_ca (&ca, directory, now, error)
      || !have_leaf (&leaf, &ca, directory, now, error))
    return NULL;
  *renew_at = MIN (end_of (leaf.certificate), end_of (ca.certificate)) - RENEWAL_DAYS * DAY;
  return make_context (&leaf, error);
}
