/* The fields of a kept mail as data: one table a struct, from which copying, freeing, the JSON
 * document and the database's rows are made. A new field is one row in a table and one migration.
 *
 * A record is a plain struct; its lists are GPtrArrays of other records, which they own. Only the
 * store's room uses this.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>
#include <jansson.h>

typedef enum {
  SK_FIELD_TEXT,     /* char *, or NULL; bytes that are not UTF-8 survive */
  SK_FIELD_INTEGER,  /* gint64 */
  SK_FIELD_COUNT,    /* guint */
  SK_FIELD_FLAG,     /* gboolean */
  SK_FIELD_NAME,     /* an enumeration, kept by its name */
  SK_FIELD_WORDS,    /* char **, or NULL */
  SK_FIELD_JSON,     /* json_t *, or NULL */
  SK_FIELD_REPLY,    /* SkReply *, or NULL */
  SK_FIELD_DEADLINE, /* SkDeadline, in place */
} SkFieldKind;

typedef struct {
  const char *name;
  SkFieldKind kind;
  gsize offset;
  const char *const *names; /* of SK_FIELD_NAME, by value, NULL-terminated */
} SkField;

typedef struct _SkRecord SkRecord;

typedef struct {
  const char *name;
  gsize offset;
  const SkRecord *record;
} SkRecordList;

struct _SkRecord {
  gsize size;
  const SkField *fields;     /* ends with a NULL name */
  const SkRecordList *lists; /* ends with a NULL name */
  GDestroyNotify free;
};

/* All zero, with empty lists. */
gpointer sk_record_new (const SkRecord *record);
gpointer sk_record_copy (const SkRecord *record, gconstpointer self);
void sk_record_free (const SkRecord *record, gpointer self);

/* Fields that are zero or NULL are left out. */
json_t *sk_record_to_json (const SkRecord *record, gconstpointer self);
/* SK_ERROR_INVALID names the field. */
gpointer sk_record_from_json (const SkRecord *record, const json_t *json, GError **error);

/* An array of strings, what is not UTF-8 in base64; NULL for NULL. */
json_t *sk_words_to_json (char **words);
gboolean sk_words_from_json (const json_t *json, char ***words);

/* The position of `name` in `names`. */
gboolean sk_record_value_of_name (const char *const *names, const char *name, int *value);

#define SK_FIELD_AT(type, self, field) ((type *) (gpointer) ((char *) (self) + (field)->offset))
#define SK_FIELD_CONST_AT(type, self, field)                                                       \
  ((type const *) (gconstpointer) ((const char *) (self) + (field)->offset))
