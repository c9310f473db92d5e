// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/store/sk-schema.h"

static const char store_1[] =
  "CREATE TABLE mails ("
  "  id TEXT PRIMARY KEY NOT NULL,"
  "  revision INTEGER NOT NULL,"
  "  state TEXT NOT NULL,"
  "  subject TEXT,"
  "  \"from\" TEXT,"
  "  person TEXT,"
  "  mail_from TEXT,"
  "  submitted INTEGER NOT NULL,"
  "  size INTEGER NOT NULL,"
  "  body_8bit INTEGER NOT NULL,"
  "  smtputf8 INTEGER NOT NULL,"
  "  ret TEXT,"
  "  envid TEXT,"
  "  client_told INTEGER NOT NULL,"
  "  silent INTEGER NOT NULL,"
  "  policy_sha256 TEXT,"
  "  verdict TEXT"
  ") STRICT;"
  "CREATE INDEX mails_by_time ON mails (submitted, id);"
  "CREATE INDEX mails_open ON mails (submitted, id) WHERE state <> 'done';"

  "CREATE TABLE deliveries ("
  "  mail TEXT NOT NULL REFERENCES mails (id) ON DELETE CASCADE,"
  "  number INTEGER NOT NULL,"
  "  state TEXT NOT NULL,"
  "  rules TEXT,"
  "  changes TEXT,"
  "  token TEXT,"
  "  dot_sent INTEGER NOT NULL,"
  "  tries INTEGER NOT NULL,"
  "  online_us INTEGER NOT NULL,"
  "  next_try_seconds INTEGER NOT NULL,"
  "  next_try_passed INTEGER NOT NULL,"
  "  next_try_wall INTEGER NOT NULL,"
  "  next_try_boot INTEGER NOT NULL,"
  "  next_try_boot_id TEXT,"
  "  reply_code INTEGER,"
  "  reply_enhanced TEXT,"
  "  reply_text TEXT,"
  "  problem TEXT,"
  "  PRIMARY KEY (mail, number)"
  ") STRICT;"

  "CREATE TABLE recipients ("
  "  mail TEXT NOT NULL,"
  "  delivery INTEGER NOT NULL,"
  "  position INTEGER NOT NULL,"
  "  address TEXT NOT NULL,"
  "  notify TEXT,"
  "  orcpt TEXT,"
  "  reply_code INTEGER,"
  "  reply_enhanced TEXT,"
  "  reply_text TEXT,"
  "  accepted INTEGER NOT NULL,"
  "  PRIMARY KEY (mail, delivery, position),"
  "  FOREIGN KEY (mail, delivery) REFERENCES deliveries (mail, number) ON DELETE CASCADE"
  ") STRICT, WITHOUT ROWID;"

  "CREATE TABLE gates ("
  "  mail TEXT NOT NULL,"
  "  delivery INTEGER NOT NULL,"
  "  position INTEGER NOT NULL,"
  "  kind TEXT NOT NULL,"
  "  open INTEGER NOT NULL,"
  "  opened_by TEXT,"
  "  opened_at INTEGER NOT NULL,"
  "  deadline_seconds INTEGER NOT NULL,"
  "  deadline_passed INTEGER NOT NULL,"
  "  deadline_wall INTEGER NOT NULL,"
  "  deadline_boot INTEGER NOT NULL,"
  "  deadline_boot_id TEXT,"
  "  timed INTEGER NOT NULL,"
  "  afterwards TEXT,"
  "  release TEXT,"
  "  reason TEXT,"
  "  \"by\" TEXT,"
  "  count INTEGER NOT NULL,"
  "  votes TEXT,"
  "  PRIMARY KEY (mail, delivery, position),"
  "  FOREIGN KEY (mail, delivery) REFERENCES deliveries (mail, number) ON DELETE CASCADE"
  ") STRICT, WITHOUT ROWID;"

  /* AUTOINCREMENT: a number that was uploaded and deleted is never given again. */
  "CREATE TABLE events ("
  "  number INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  id TEXT NOT NULL UNIQUE,"
  "  at INTEGER NOT NULL,"
  "  body TEXT NOT NULL"
  ") STRICT;"

  "CREATE TABLE history ("
  "  person TEXT NOT NULL,"
  "  address TEXT NOT NULL,"
  "  last INTEGER NOT NULL,"
  "  count INTEGER NOT NULL,"
  "  PRIMARY KEY (person, address)"
  ") STRICT, WITHOUT ROWID;"

  "CREATE TABLE notes ("
  "  name TEXT PRIMARY KEY NOT NULL,"
  "  value TEXT"
  ") STRICT, WITHOUT ROWID;";

/* When a mail was done, wall microseconds; of those that are done already nobody knows, so they count from now. No index:
 * a mail ends after it began, and mails_by_time leads to the oldest. */
static const char store_2[] =
  "ALTER TABLE mails ADD COLUMN ended INTEGER;"
  "UPDATE mails SET ended = max (submitted, CAST (strftime ('%s', 'now') AS INTEGER) * 1000000)"
  " WHERE state = 'done';";

/* Whose client was told is known by attempts.db. */
static const char store_3[] = "ALTER TABLE mails DROP COLUMN client_told;";

static const char *const store_migrations[] = { store_1, store_2, store_3, NULL };

/* No mmap: a disk error would be a SIGBUS. */
const SkDatabaseKind sk_schema_store = {
  0x536b5374, /* "SkSt" */
  "PRAGMA journal_mode = WAL;"
  "PRAGMA synchronous = FULL;"
  "PRAGMA foreign_keys = ON;"
  "PRAGMA cache_size = -512;"
  "PRAGMA mmap_size = 0;"
  "PRAGMA temp_store = MEMORY;"
  "PRAGMA wal_autocheckpoint = 512;"
  "PRAGMA journal_size_limit = 4194304;",
  store_migrations,
};

static const char attempts_1[] =
  "CREATE TABLE attempts ("
  "  id TEXT PRIMARY KEY NOT NULL,"
  "  at INTEGER NOT NULL,"
  "  spool TEXT,"
  "  fingerprint TEXT,"
  "  document TEXT NOT NULL"
  ") STRICT, WITHOUT ROWID;"
  "CREATE TABLE untold ("
  "  key TEXT PRIMARY KEY NOT NULL,"
  "  id TEXT NOT NULL,"
  "  wall INTEGER NOT NULL,"
  "  boot INTEGER NOT NULL,"
  "  boot_id TEXT NOT NULL,"
  "  reply_code INTEGER,"
  "  reply_enhanced TEXT,"
  "  reply_text TEXT"
  ") STRICT, WITHOUT ROWID;";

/* Attempts by number: a row is appended to a leaf, and written as one page. Mails that look the same may be on their
 * way at the same time. */
static const char attempts_2[] =
  "ALTER TABLE attempts RENAME TO attempts_1;"
  "CREATE TABLE attempts ("
  "  number INTEGER PRIMARY KEY,"
  "  id TEXT NOT NULL,"
  "  at INTEGER NOT NULL,"
  "  spool TEXT,"
  "  fingerprint TEXT,"
  "  document TEXT NOT NULL"
  ") STRICT;"
  "INSERT INTO attempts (id, at, spool, fingerprint, document)"
  " SELECT id, at, spool, fingerprint, document FROM attempts_1 ORDER BY at, id;"
  "DROP TABLE attempts_1;"
  "ALTER TABLE untold RENAME TO untold_1;"
  "CREATE TABLE untold ("
  "  key TEXT NOT NULL,"
  "  id TEXT NOT NULL,"
  "  wall INTEGER NOT NULL,"
  "  boot INTEGER NOT NULL,"
  "  boot_id TEXT NOT NULL,"
  "  reply_code INTEGER,"
  "  reply_enhanced TEXT,"
  "  reply_text TEXT,"
  "  PRIMARY KEY (key, id)"
  ") STRICT, WITHOUT ROWID;"
  "INSERT INTO untold SELECT * FROM untold_1;"
  "DROP TABLE untold_1;";

static const char *const attempts_migrations[] = { attempts_1, attempts_2, NULL };

/* EXCLUSIVE: one connection only, so the index of the WAL stays in our memory and no locks are taken per write. */
const SkDatabaseKind sk_schema_attempts = {
  0x536b4174, /* "SkAt" */
  "PRAGMA locking_mode = EXCLUSIVE;"
  "PRAGMA journal_mode = WAL;"
  "PRAGMA synchronous = OFF;"
  "PRAGMA cache_size = -256;"
  "PRAGMA mmap_size = 0;"
  "PRAGMA wal_autocheckpoint = 256;"
  "PRAGMA journal_size_limit = 1048576;",
  attempts_migrations,
};
