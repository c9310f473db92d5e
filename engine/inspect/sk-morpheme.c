// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-morpheme.h"

#include "sk-error.h"

#include <mecab.h>
#include <string.h>

struct _SkMorphemeReader {
  mecab_t *tagger;
  mecab_lattice_t *lattice;
  GArray *path, *names; /* SkMorpheme */
  char text[SK_MORPHEME_MAX_PIECE + 1]; /* MeCab reads on behind a blank that ends it: to the NUL */
  guint8 kinds[256];    /* by MeCab's number of the part of speech: the kind + 1, 0: not met yet */
};

/* The first row whose beginning the feature has. */
static const struct {
  const char *feature;
  SkMorphemeKind kind;
} kinds[] = {
  { "名詞,固有名詞,人名,姓", SK_MORPHEME_SURNAME },
  { "名詞,固有名詞,人名,名", SK_MORPHEME_GIVEN },
  { "名詞,固有名詞,人名", SK_MORPHEME_PERSON },
  { "名詞,固有名詞,地域", SK_MORPHEME_PLACE },
  { "名詞,固有名詞", SK_MORPHEME_PROPER },
  { "名詞,接尾,人名", SK_MORPHEME_HONORIFIC },
  { "名詞,接尾", SK_MORPHEME_SUFFIX },
  { "名詞", SK_MORPHEME_NOUN },
  { "接頭詞", SK_MORPHEME_PREFIX },
  { "助詞", SK_MORPHEME_PARTICLE },
};

static SkMorphemeKind
kind_of_feature (const mecab_node_t *node)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_has_prefix (node->feature, kinds[i].feature))
      return kinds[i].kind;
  return SK_MORPHEME_OTHER;
}

static SkMorphemeKind
kind_of (SkMorphemeReader *self, const mecab_node_t *node)
{
  if (node->posid >= G_N_ELEMENTS (self->kinds))
    return kind_of_feature (node);
  if (self->kinds[node->posid] == 0)
    self->kinds[node->posid] = (guint8) (kind_of_feature (node) + 1);
  return (SkMorphemeKind) (self->kinds[node->posid] - 1);
}

static const char *
dictionary (void)
{
#ifdef SK_TESTING
  if (g_getenv ("SEKISHO_TEST_DICTIONARY") != NULL)
    return g_getenv ("SEKISHO_TEST_DICTIONARY");
#endif
  return SK_MECAB_DICTIONARY;
}

static mecab_model_t *
load_model (void)
{
  /* no file of the user's decides how mails are read */
  char *arguments[] = { (char *) "sekisho", (char *) "-r", (char *) "/dev/null", (char *) "-d",
                        (char *) dictionary (), NULL };

  return mecab_model_new (G_N_ELEMENTS (arguments) - 1, arguments);
}

static mecab_model_t *
the_model (void)
{
  static gsize is_loaded;
  static mecab_model_t *model;

  if (g_once_init_enter (&is_loaded))
    {
      model = load_model ();
      g_once_init_leave (&is_loaded, 1);
    }
  return model;
}

gboolean
sk_morpheme_is_ready (GError **error)
{
  if (the_model () != NULL)
    return TRUE;
  g_set_error (error, SK_ERROR, SK_ERROR_NOT_FOUND,
               "the dictionary of Japanese names can't be read: %s (install mecab-ipadic-utf8)",
               dictionary ());
  return FALSE;
}

SkMorphemeReader *
sk_morpheme_reader_new (void)
{
  mecab_model_t *model = the_model ();
  SkMorphemeReader *self;

  if (model == NULL)
    return NULL;
  self = g_new0 (SkMorphemeReader, 1);
  self->tagger = mecab_model_new_tagger (model);
  self->lattice = mecab_model_new_lattice (model);
  self->path = g_array_new (FALSE, FALSE, sizeof (SkMorpheme));
  self->names = g_array_new (FALSE, FALSE, sizeof (SkMorpheme));
  return self;
}

void
sk_morpheme_reader_free (SkMorphemeReader *self)
{
  if (self == NULL)
    return;
  mecab_lattice_destroy (self->lattice);
  mecab_destroy (self->tagger);
  g_array_unref (self->path);
  g_array_unref (self->names);
  g_free (self);
}

static void
add_node (SkMorphemeReader *self, GArray *to, const mecab_node_t *node, SkMorphemeKind kind)
{
  SkMorpheme one = { .start = (guint32) (node->surface - self->text), .length = node->length,
                     .kind = kind, .is_unknown = node->stat == MECAB_UNK_NODE };

  g_array_append_val (to, one);
}

static gboolean
has_name (const GArray *names, const mecab_node_t *node, guint32 start, SkMorphemeKind kind)
{
  for (guint i = names->len; i > 0; i--)
    {
      const SkMorpheme *one = &g_array_index (names, SkMorpheme, i - 1);

      if (one->start != start)
        return FALSE;
      if (one->length == node->length && one->kind == kind)
        return TRUE;
    }
  return FALSE;
}

static void
add_names_at (SkMorphemeReader *self, guint32 start)
{
  /* those behind a blank are listed where the blank is */
  const mecab_node_t *node = mecab_lattice_get_begin_nodes (self->lattice, start);

  for (; node != NULL; node = node->bnext)
    {
      SkMorphemeKind kind = kind_of (self, node);

      if (kind < SK_MORPHEME_SURNAME || kind > SK_MORPHEME_PERSON
          || node->stat == MECAB_UNK_NODE)
        continue;
      if (!has_name (self->names, node, (guint32) (node->surface - self->text), kind))
        add_node (self, self->names, node, kind);
    }
}

gboolean
sk_morpheme_read (SkMorphemeReader *self, const char *text, gsize length, const GArray **path,
                  const GArray **names)
{
  g_return_val_if_fail (length <= SK_MORPHEME_MAX_PIECE, FALSE);
  g_array_set_size (self->path, 0);
  g_array_set_size (self->names, 0);
  *path = self->path;
  *names = self->names;
  memcpy (self->text, text, length);
  self->text[length] = '\0';
  mecab_lattice_clear (self->lattice);
  mecab_lattice_set_sentence2 (self->lattice, self->text, length);
  if (!mecab_parse_lattice (self->tagger, self->lattice))
    return FALSE;

  for (const mecab_node_t *node = mecab_lattice_get_bos_node (self->lattice); node != NULL;
       node = node->next)
    if (node->stat != MECAB_BOS_NODE && node->stat != MECAB_EOS_NODE)
      add_node (self, self->path, node, kind_of (self, node));
  for (guint32 i = 0; i < length; i++)
    if (((guchar) text[i] & 0xC0) != 0x80)
      add_names_at (self, i);
  return TRUE;
}
