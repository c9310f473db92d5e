// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-company.h"

#include "sk-words.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

/* Names and texts are folded first, so ㈱ and （株） are "(株)" here, ㍿ is "株式会社", and all
 * letters are small. Runs of white space count as one space, since mail wraps its lines. Before a
 * name is listed its company forms go. A form in the middle of a name (ABC株式会社東京支店) becomes
 * MARK; so that the text is only rewritten the same way where a listed name has one. */

#define MARK "\x01"

/* Wherever they stand. Longer ones first where one begins with another. */
static const char *const japanese_forms[] = {
  "特定非営利活動法人", "地方独立行政法人", "特例民法法人", "社会保険労務士法人", "医療法人社団",
  "医療法人財団", "土地家屋調査士法人", "社会医療法人", "特定医療法人", "一般社団法人",
  "公益社団法人", "一般財団法人", "公益財団法人", "社会福祉法人", "独立行政法人", "国立大学法人",
  "公立大学法人", "国立研究開発法人", "特許業務法人", "有限責任監査法人", "有限責任事業組合",
  "投資事業有限責任組合", "特定目的会社", "農事組合法人", "司法書士法人", "行政書士法人",
  "株式会社", "有限会社", "合同会社", "合資会社", "合名会社", "相互会社", "社団法人", "財団法人",
  "医療法人", "学校法人", "宗教法人", "弁護士法人", "弁理士法人", "税理士法人", "監査法人",
  "更生保護法人", "npo法人", "管理組合法人", "投資法人", "カブシキガイシャ", "かぶしきがいしゃ",
  "(株)", "(有)", "(同)", "(資)", "(名)", "(相)", "(社)", "(財)", "(一社)", "(公社)", "(一財)",
  "(公財)", "(医)", "(学)", "(宗)", "(福)", "(社福)", "(特非)", "(npo)", "(独)", "(地独)", "(大)",
  "(弁)", "(税)", "(監)", "(農)", "(合)", "[株]", "[有]",
};

/* At the end of a Latin name, behind a blank, comma, or the name's Japanese last letter; several
 * may follow one another. Dots are left out of the comparison: "co.,ltd." is "co", "ltd". */
static const char *const latin_forms[] = {
  "co", "company", "ltd", "limited", "inc", "incorporated", "corp", "corporation", "kk", "gk", "yk",
  "kabushiki", "kaisha", "gaisha", "kabushikikaisha", "kabushikigaisha", "godo", "goudou", "yugen",
  "llc", "llp", "plc", "gmbh", "mbh", "ag", "kg", "kgaa", "ohg", "sa", "sas", "sarl", "srl", "spa",
  "snc", "bv", "nv", "as", "asa", "aps", "ab", "oy", "oyj", "kft", "pte", "pty", "pvt", "private",
  "proprietary", "sdn", "bhd", "berhad", "tbk", "jsc", "pjsc", "ooo", "pcl",
};

struct _SkCompaniesBuilder {
  SkWordsBuilder *words;
  gboolean marks;
};

struct _SkCompanies {
  SkWords *words;
  gboolean marks; /* a listed name has a form in its middle */
};

static SkWords *
make_forms (void)
{
  SkWordsBuilder *builder = sk_words_builder_new ();

  for (guint i = 0; i < G_N_ELEMENTS (japanese_forms); i++)
    sk_words_builder_add (builder, japanese_forms[i], i);
  return sk_words_builder_finish (builder);
}

static const SkWords *
get_forms (void)
{
  static gsize ready = 0;
  static SkWords *forms;

  if (g_once_init_enter (&ready))
    {
      forms = make_forms ();
      g_once_init_leave (&ready, 1);
    }
  return forms;
}

static void
trim_end (GString *text)
{
  while (text->len > 0 && text->str[text->len - 1] == ' ')
    g_string_truncate (text, text->len - 1);
}

typedef struct {
  gboolean began, blank; /* something was written; a blank is due before the next word */
} Spacing;

/* Appends folded text with single spaces, none at its start and end. A text may come in pieces. */
static void
append_spaced (Spacing *self, const char *folded, gsize length, GString *into)
{
  const char *end = folded + length;

  for (const char *p = folded; p < end;)
    {
      const char *word = p;

      while (p < end && !g_ascii_isspace (*p))
        p++;
      if (p > word)
        {
          if (self->began && self->blank)
            g_string_append_c (into, ' ');
          g_string_append_len (into, word, p - word);
          self->began = TRUE;
          self->blank = FALSE;
        }
      for (; p < end && g_ascii_isspace (*p); p++)
        self->blank = TRUE;
    }
}

/* Folded, with single spaces. */
static GString *
normalize (const char *text)
{
  gsize length;
  g_autofree char *folded = sk_words_fold (text, strlen (text), &length);
  GString *result = g_string_sized_new (length + 1);
  Spacing spacing = { FALSE, FALSE };

  append_spaced (&spacing, folded, length, result);
  return result;
}

typedef struct {
  const GString *text;
  gsize copied;     /* up to here the text is in `result`, or a form that MARK stands for */
  gsize start, end; /* the longest form found at `start`, not written yet */
  GString *result;
} Marking;

static gboolean
ends_with_mark (const GString *text)
{
  return text->len > 0 && text->str[text->len - 1] == *MARK;
}

static void
write_form (Marking *self)
{
  if (self->end == 0)
    return;
  g_string_append_len (self->result, self->text->str + self->copied,
                       (gssize) (self->start - self->copied));
  trim_end (self->result);
  if (!ends_with_mark (self->result))
    g_string_append (self->result, MARK);
  self->copied = self->end + (self->text->str[self->end] == ' ');
  self->end = 0;
}

static gboolean
form_cb (guint32 id, gsize start, gsize length, gpointer user_data)
{
  Marking *self = user_data;

  if (start < self->copied || (self->end > 0 && start > self->start && start < self->end))
    return TRUE;
  if (self->end > 0 && start > self->start)
    write_form (self);
  self->start = start;
  self->end = MAX (self->end, start + length);
  return TRUE;
}

/* Takes the start of `text` away, or (when no more of it comes) all, and appends it to `into`,
 * where each Japanese form, with the blanks around it, becomes MARK. */
static void
mark_forms (GString *text, gboolean last, GString *into)
{
  Marking marking = { text, 0, 0, 0, into };
  gsize ahead = last ? 0 : sk_words_longest (get_forms ()) + 1;
  gsize until = text->len - MIN (text->len, ahead);

  sk_words_scan_part (get_forms (), text->str, text->len, 0, until, form_cb, &marking);
  write_form (&marking);
  if (until > marking.copied)
    {
      g_string_append_len (into, text->str + marking.copied, (gssize) (until - marking.copied));
      marking.copied = until;
    }
  g_string_erase (text, 0, (gssize) marking.copied);
}

static gboolean
is_latin_form (const char *token, gsize length)
{
  char plain[24];
  gsize n = 0;

  for (gsize i = 0; i < length; i++)
    {
      if (strchr ("./-", token[i]) != NULL)
        continue;
      if (n + 1 == sizeof plain)
        return FALSE;
      plain[n++] = token[i];
    }
  plain[n] = '\0';
  for (gsize i = 0; i < G_N_ELEMENTS (latin_forms); i++)
    if (strcmp (plain, latin_forms[i]) == 0)
      return TRUE;
  return n == 0;
}

static void
strip_end (GString *name)
{
  while (name->len > 0 && strchr (MARK " ,;&-_/", name->str[name->len - 1]) != NULL)
    g_string_truncate (name, name->len - 1);
}

static void
strip_start (GString *name)
{
  gsize n = strspn (name->str, MARK " ,;&-_/");

  g_string_erase (name, 0, (gssize) n);
}

/* Where the last token begins: behind a blank, comma or MARK, or where Latin follows another script
 * (山田商会co.,ltd.). */
static gsize
last_token (const GString *name)
{
  gsize at = name->len;

  while (at > 0 && strchr (MARK " ,;()", name->str[at - 1]) == NULL
         && (guint8) name->str[at - 1] < 0x80)
    at--;
  return at;
}

/* "yamada trading co., ltd." loses ltd., then co. */
static void
strip_latin_forms (GString *name)
{
  for (;;)
    {
      gsize at;

      strip_end (name);
      at = last_token (name);
      if (at == name->len || !is_latin_form (name->str + at, name->len - at))
        return;
      g_string_truncate (name, at);
    }
}

/* One name may be written with, without, or with a blank for the form in its middle. */
static void
add_variants (SkCompaniesBuilder *self, const char *name, guint32 id)
{
  g_auto (GStrv) pieces = NULL;
  g_autofree char *joined = NULL, *spaced = NULL;

  sk_words_builder_add (self->words, name, id);
  if (strstr (name, MARK) == NULL)
    return;
  self->marks = TRUE;
  pieces = g_strsplit (name, MARK, -1);
  joined = g_strjoinv ("", pieces);
  spaced = g_strjoinv (" ", pieces);
  sk_words_builder_add (self->words, joined, id);
  sk_words_builder_add (self->words, spaced, id);
}

SkCompaniesBuilder *
sk_companies_builder_new (void)
{
  SkCompaniesBuilder *self = g_new0 (SkCompaniesBuilder, 1);

  self->words = sk_words_builder_new ();
  return self;
}

gboolean
sk_companies_builder_add (SkCompaniesBuilder *self, const char *name, guint32 id)
{
  g_autoptr (GString) normal = normalize (name);
  g_autoptr (GString) marked = g_string_sized_new (normal->len + 1);

  mark_forms (normal, TRUE, marked);
  strip_start (marked);
  strip_latin_forms (marked);
  strip_end (marked);
  if (marked->len == 0)
    return FALSE;
  add_variants (self, marked->str, id);
  return TRUE;
}

SkCompanies *
sk_companies_builder_finish (SkCompaniesBuilder *builder)
{
  SkCompanies *self = g_new0 (SkCompanies, 1);

  self->words = sk_words_builder_finish (builder->words);
  self->marks = builder->marks;
  g_free (builder);
  return self;
}

void
sk_companies_free (SkCompanies *self)
{
  sk_words_free (self->words);
  g_free (self);
}

typedef enum { OTHER, DIGIT, LATIN, KATAKANA } Kind;

static Kind
kind_of (gunichar c)
{
  UErrorCode status = U_ZERO_ERROR;
  UScriptCode script;

  if (c == 0x30fc || c == 0x30fd || c == 0x30fe) /* ー ヽ ヾ */
    return KATAKANA;
  if (u_isdigit ((UChar32) c))
    return DIGIT;
  if (!u_isalpha ((UChar32) c))
    return OTHER;
  script = uscript_getScript ((UChar32) c, &status);
  return script == USCRIPT_LATIN ? LATIN : script == USCRIPT_KATAKANA ? KATAKANA : OTHER;
}

static gunichar
character_before (const char *text, gsize at)
{
  return at == 0 ? 0 : g_utf8_get_char (g_utf8_prev_char (text + at));
}

/* Is there a wall between the characters on both sides of `at`? */
static gboolean
ends_at (const char *text, gsize length, gsize at)
{
  Kind before;

  if (at == 0 || at == length)
    return TRUE;
  before = kind_of (character_before (text, at));
  return before == OTHER || before != kind_of (g_utf8_get_char (text + at));
}

typedef struct {
  gsize start, end;
  guint32 id;
} Match;

/* A text on its way: folded, with single spaces, its forms marked where that matters, searched. Of
 * each step only what is under way is kept. */
typedef struct {
  const SkCompanies *companies;
  Spacing spacing;
  GString *folded, *spaced, *text;
  gsize base;    /* of `text` in all that was searched */
  gsize from;    /* in `text`: names were looked for up to here */
  GArray *group; /* Match: the names that begin at one place */
  gsize covered; /* the furthest end of the names before, but for those of `last`'s extent */
  Match last;
  GHashTable *found;
} Finding;

static int
compare_matches (gconstpointer a, gconstpointer b)
{
  const Match *x = a, *y = b;

  return x->end > y->end ? -1 : x->end < y->end;
}

/* By start, the longest first: a name lies in another one when an earlier one of other extent ends
 * no sooner. */
static void
settle_group (Finding *self)
{
  g_array_sort (self->group, compare_matches);
  for (guint i = 0; i < self->group->len; i++)
    {
      const Match *match = &g_array_index (self->group, Match, i);

      if (match->start != self->last.start || match->end != self->last.end)
        self->covered = MAX (self->covered, self->last.end);
      if (match->end > self->covered)
        g_hash_table_add (self->found, GUINT_TO_POINTER (match->id));
      self->last = *match;
    }
  g_array_set_size (self->group, 0);
}

static gboolean
name_cb (guint32 id, gsize start, gsize length, gpointer user_data)
{
  Finding *self = user_data;
  Match match = { self->base + start, self->base + start + length, id };

  if (!ends_at (self->text->str, self->text->len, start)
      || !ends_at (self->text->str, self->text->len, start + length))
    return TRUE;
  if (self->group->len > 0 && g_array_index (self->group, Match, 0).start != match.start)
    settle_group (self);
  g_array_append_val (self->group, match);
  return TRUE;
}

enum { CHARACTER = 4 }; /* bytes at most; that much before a name and behind it is looked at */

/* Unless the text ends, so much stays that a name, the character behind it, and another byte (which
 * may go away again: a blank before a form) are whole next time. */
static void
search_text (Finding *self, gboolean last)
{
  gsize ahead = last ? 0 : sk_words_longest (self->companies->words) + CHARACTER + 1;
  gsize until = self->text->len - MIN (self->text->len, ahead), done;

  if (until < self->from)
    return;
  sk_words_scan_part (self->companies->words, self->text->str, self->text->len, self->from, until,
                      name_cb, self);
  done = until - MIN (until, CHARACTER);
  g_string_erase (self->text, 0, (gssize) done);
  self->base += done;
  self->from = until - done;
}

/* Of long names so much at once that moving them costs little. */
static gboolean
is_worth_it (const Finding *self, gboolean last)
{
  return last || self->text->len >= 2 * sk_words_longest (self->companies->words);
}

static const char *
find_in_piece (Finding *self, const char *text, const char *end)
{
  gboolean marks = self->companies->marks;

  g_string_truncate (self->folded, 0);
  text = sk_words_fold_piece (text, end, self->folded);
  append_spaced (&self->spacing, self->folded->str, self->folded->len,
                 marks ? self->spaced : self->text);
  if (marks)
    mark_forms (self->spaced, text == end, self->text);
  if (is_worth_it (self, text == end))
    search_text (self, text == end);
  return text;
}

void
sk_companies_find (const SkCompanies *self, const char *text, gsize length, GHashTable *found)
{
  g_autoptr (GString) folded = g_string_new (NULL);
  g_autoptr (GString) spaced = g_string_new (NULL);
  g_autoptr (GString) searched = g_string_new (NULL);
  g_autoptr (GArray) group = g_array_new (FALSE, FALSE, sizeof (Match));
  Finding finding = { self, { FALSE, FALSE },    folded, spaced, searched, 0, 0, group,
                      0,    { G_MAXSIZE, 0, 0 }, found };
  const char *end = text + length;

  while (text < end)
    text = find_in_piece (&finding, text, end);
  settle_group (&finding);
}
