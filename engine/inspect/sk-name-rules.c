// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-name-rules.h"

#include "sk-person-word.h"

#include <string.h>

typedef struct {
  const char *text, *end;
  const GArray *path, *names; /* SkMorpheme */
  /* By offset: 1 + the number of the word of the path, of the first name, that begins there; 0: none does. */
  guint16 words[SK_MORPHEME_MAX_PIECE + 1], first_names[SK_MORPHEME_MAX_PIECE + 1];
} Piece;

/* A name that was made out; ends are offsets. */
typedef struct {
  gsize start, end, after; /* after: behind the honorific */
} Found;

static const SkMorpheme *
path_at (const Piece *piece, gsize offset)
{
  guint i = piece->words[offset];

  return i > 0 ? &g_array_index (piece->path, SkMorpheme, i - 1) : NULL;
}

static gboolean
is_boundary (const Piece *piece, gsize offset)
{
  return piece->text + offset >= piece->end || piece->words[offset] > 0
         || piece->text[offset] == ' ';
}

static gunichar
character_at (const Piece *piece, gsize offset)
{
  return piece->text + offset < piece->end ? g_utf8_get_char (piece->text + offset) : 0;
}

static gunichar
character_before (const Piece *piece, gsize offset)
{
  return offset > 0 ? g_utf8_get_char (g_utf8_prev_char (piece->text + offset)) : 0;
}

static gboolean
is_wordlike (gunichar c)
{
  return sk_is_kanji (c) || sk_is_katakana (c);
}

/* The names of the dictionary that begin at `start`, one after the other. */
static const SkMorpheme *
next_name (const Piece *piece, gsize start, const SkMorpheme *before)
{
  const SkMorpheme *names = (const SkMorpheme *) piece->names->data;
  guint i = before != NULL ? (guint) (before - names) + 1 : (guint) piece->first_names[start] - 1;

  if (before == NULL && piece->first_names[start] == 0)
    return NULL;
  return i < piece->names->len && names[i].start == start ? names + i : NULL;
}

static gboolean
has_name_at (const Piece *piece, gsize start, gsize length, SkMorphemeKind kind)
{
  const SkMorpheme *name = NULL;

  while ((name = next_name (piece, start, name)) != NULL)
    if (name->length == length && name->kind == kind)
      return TRUE;
  return FALSE;
}

/* Whether a name may end here: no kanji or katakana goes on, unless a title. */
static gboolean
may_end (const Piece *piece, gsize end)
{
  const char *p = piece->text + end;

  if (!is_wordlike (character_at (piece, end)))
    return TRUE;
  return sk_person_word_is_role (p, piece->end) || sk_person_word_honorific (p, piece->end, FALSE) > 0;
}

/* Whether a name may begin at `start`: nothing before it that it is a part of. */
static gboolean
may_begin (const Piece *piece, gsize start)
{
  const SkMorpheme *before = NULL;

  if (sk_person_word_is_company_form_before (piece->text, piece->text + start))
    return FALSE;
  if (!is_wordlike (character_before (piece, start)))
    return TRUE;
  for (gsize i = start; i > 0 && before == NULL; i--)
    before = path_at (piece, i - 1);
  return before != NULL && before->start + before->length == start
         && before->kind != SK_MORPHEME_PREFIX && before->kind != SK_MORPHEME_SURNAME
         && !before->is_unknown;
}

/* Whether the word that ends at `start` goes on into it; a title doesn't: 担当者山田太郎. */
static gboolean
is_glued (const Piece *piece, gsize start)
{
  static const char titles[] = "者員人主長部課係室役当任官師士社様";
  gunichar before = character_before (piece, start);
  char bytes[7] = { 0 };

  g_unichar_to_utf8 (before, bytes);
  return is_wordlike (before) && strstr (titles, bytes) == NULL;
}

static gboolean
may_end_given (const Piece *piece, gsize start, gsize end)
{
  gunichar c = character_at (piece, start);

  if (sk_is_hiragana (c) || sk_is_katakana (c))
    return sk_person_word_may_follow_kana (piece->text + end, piece->end, sk_is_hiragana (c));
  return may_end (piece, end);
}

static gsize
given_of_dictionary (const Piece *piece, gsize start)
{
  const SkMorpheme *name = NULL;
  gsize longest = 0;

  while ((name = next_name (piece, start, name)) != NULL)
    if (name->kind == SK_MORPHEME_GIVEN && name->length > longest
        && may_end_given (piece, start, start + name->length))
      longest = name->length;
  return longest;
}

/* A given name at `start`: as MeCab reads it, of the dictionary, of kanji that names are made of, or in kana. */
static gsize
given_at (const Piece *piece, gsize start)
{
  const char *p = piece->text + start;
  gunichar c = character_at (piece, start);
  gsize length;

  if (c == 0)
    return 0;
  length = given_of_dictionary (piece, start);
  if (sk_is_hiragana (c) || sk_is_katakana (c))
    return MAX (length > 3 ? length : 0, sk_person_word_given_kana (p, piece->end));
  if (length > 0)
    return length;
  length = sk_person_word_given_kanji (p, piece->end);
  if (length > 0 && may_end (piece, start + length))
    return length;
  length = (gsize) (g_utf8_next_char (p) - p);
  return sk_person_word_is_given_kanji_alone (c) && may_end (piece, start + length) ? length : 0;
}

/* What MeCab takes the surname [start, end) for: what it reads there if that is exactly these characters. */
static SkMorphemeKind
kind_of_surname (const Piece *piece, gsize start, gsize end)
{
  const SkMorpheme *word = path_at (piece, start);

  if (sk_person_word_rare_surname (piece->text + start, piece->end) == end - start)
    return SK_MORPHEME_SURNAME;
  return word != NULL && word->length == end - start ? word->kind : SK_MORPHEME_OTHER;
}

static gboolean
is_single (const Piece *piece, gsize start, gsize end)
{
  return g_utf8_next_char (piece->text + start) == piece->text + end;
}

/* Surname and given name as MeCab itself reads them. */
static gsize
given_on_path (const Piece *piece, gsize start)
{
  const SkMorpheme *given = path_at (piece, start);
  gsize end = start;

  while (given != NULL && given->kind == SK_MORPHEME_GIVEN)
    {
      end = given->start + given->length; /* 遼|太郎 */
      given = piece->text + end < piece->end ? path_at (piece, end) : NULL;
    }
  return end - start;
}

/* A blank between surname and given name; 0 none, and more than one is a border of columns. */
static gsize
blanks_at (const Piece *piece, gsize offset)
{
  gsize n = 0;

  while (piece->text + offset + n < piece->end && piece->text[offset + n] == ' ')
    n++;
  return n;
}

static gboolean
settle (const Piece *piece, gsize start, gsize end, Found *found)
{
  const char *p = piece->text + end;
  gsize blanks = blanks_at (piece, end);

  if (sk_person_word_business (p, piece->end) > 0 && !sk_person_word_is_role (p, piece->end))
    return FALSE;
  found->start = start;
  found->end = end;
  found->after = end + sk_person_word_honorific (p, piece->end, FALSE);
  if (blanks == 1)
    found->after = MAX (found->after,
                        end + 1 + sk_person_word_honorific (p + 1, piece->end, TRUE) - 1);
  return TRUE;
}

/* 山田 太郎: with a blank, a surname of the dictionary is enough; the way MeCab reads it doesn't count. */
static gboolean
match_spaced (const Piece *piece, gsize start, gsize surname_end, Found *found)
{
  gsize given = surname_end + 1, length = given_at (piece, given);
  gboolean is_surname = kind_of_surname (piece, start, surname_end) == SK_MORPHEME_SURNAME;

  if (length == 0 || (is_wordlike (character_before (piece, start)) && !is_surname)
      || !may_begin (piece, start))
    return FALSE;
  if (is_single (piece, start, surname_end) && is_single (piece, given, given + length)
      && !is_surname)
    return FALSE;
  return settle (piece, start, given + length, found);
}

/* 福島舞課長: what MeCab takes for a place or a common word is a surname when a title ends the name. */
static gboolean
is_titled (const Piece *piece, gsize end)
{
  const char *p = piece->text + end;

  return sk_person_word_is_role (p, piece->end) || sk_person_word_honorific (p, piece->end, FALSE) > 0
         || (p < piece->end && *p == ' ' && sk_person_word_honorific (p + 1, piece->end, TRUE) > 0);
}

/* 長崎平和 is no name */
static gboolean
is_common_word (const Piece *piece, gsize start, gsize length)
{
  const SkMorpheme *word = path_at (piece, start);

  return word != NULL && word->length >= length && word->kind != SK_MORPHEME_GIVEN;
}

/* 大山登山: kanji of names, and yet a word, unless the dictionary or a title says that it is a name. */
static gboolean
is_made_of_words (const Piece *piece, gsize start, gsize end)
{
  if (!sk_is_kanji (character_at (piece, start)) || is_titled (piece, end)
      || has_name_at (piece, start, end - start, SK_MORPHEME_GIVEN))
    return FALSE;
  for (gsize i = start; i < end; i++)
    {
      const SkMorpheme *word = path_at (piece, i);

      if (word != NULL && word->kind == SK_MORPHEME_NOUN && word->length >= 6 && !word->is_unknown)
        return TRUE;
    }
  return FALSE;
}

static gboolean
match_joined_otherwise (const Piece *piece, gsize start, gsize surname_end, SkMorphemeKind kind,
                        Found *found)
{
  gsize length = given_at (piece, surname_end), end = surname_end + length;

  if (length == 0 || is_glued (piece, start))
    return FALSE;
  if (!is_titled (piece, end) && (kind != SK_MORPHEME_PLACE || length < 6 || is_common_word (piece, surname_end, length)))
    return FALSE;
  return settle (piece, start, end, found);
}

/* 山田太郎 */
static gboolean
match_joined (const Piece *piece, gsize start, gsize surname_end, Found *found)
{
  SkMorphemeKind kind = kind_of_surname (piece, start, surname_end);
  gsize on_path = given_on_path (piece, surname_end), length;

  if (!may_begin (piece, start)
      || sk_person_word_business (piece->text + surname_end, piece->end) > 3)
    return FALSE;
  if (kind == SK_MORPHEME_PLACE || kind == SK_MORPHEME_NOUN || kind == SK_MORPHEME_PROPER)
    return match_joined_otherwise (piece, start, surname_end, kind, found);
  if (kind != SK_MORPHEME_SURNAME
      || (sk_is_katakana (character_before (piece, surname_end))
          && sk_is_katakana (character_at (piece, surname_end))))
    return FALSE;
  if (sk_is_katakana (character_at (piece, surname_end))
      && sk_is_katakana (character_at (piece, surname_end + on_path)))
    on_path = 0; /* 西ミサイル */
  length = MAX (on_path, given_at (piece, surname_end)); /* 陽葵 may be two words on the path */
  if (on_path == 0 && is_made_of_words (piece, surname_end, surname_end + length))
    return FALSE;
  return length > 0 && settle (piece, start, surname_end + length, found);
}

/* Before 様 some common words are surnames, too: 南様. */
static gboolean
may_be_honoured (const Piece *piece, gsize start, SkMorphemeKind kind)
{
  static const char relatives[] = "神奥王皆母父兄姉叔伯祖婆爺嬢娘客仏";
  gunichar c = character_at (piece, start), before = character_before (piece, start);
  char bytes[7] = { 0 };

  if (kind == SK_MORPHEME_SURNAME)
    return TRUE;
  if (is_glued (piece, start) || before == 0x304A || before == 0x3054) /* お ご */
    return FALSE;
  g_unichar_to_utf8 (c, bytes);
  return kind == SK_MORPHEME_PLACE || kind == SK_MORPHEME_PERSON || kind == SK_MORPHEME_PROPER
         || (kind == SK_MORPHEME_NOUN && strstr (relatives, bytes) == NULL);
}

/* 山田様 */
static gboolean
match_honorific (const Piece *piece, gsize start, gsize surname_end, Found *found)
{
  SkMorphemeKind kind = kind_of_surname (piece, start, surname_end);
  gsize blanks = blanks_at (piece, surname_end), honorific;

  if (blanks > 1 || !may_begin (piece, start) || !may_be_honoured (piece, start, kind))
    return FALSE;
  honorific = sk_person_word_honorific (piece->text + surname_end + blanks, piece->end, blanks > 0);
  if (honorific == 0)
    return FALSE;
  *found = (Found){ start, surname_end, surname_end + blanks + honorific };
  return TRUE;
}

static gboolean
match_surname (const Piece *piece, gsize start, gsize length, Found *found)
{
  gsize end = start + length, blanks = blanks_at (piece, end);

  if (blanks == 0 && match_joined (piece, start, end, found))
    return TRUE;
  if (blanks == 1 && match_spaced (piece, start, end, found))
    return TRUE;
  return match_honorific (piece, start, end, found);
}

/* Ask only where a run begins: asked at every character, a long run would cost its square. */
static gsize
run_length (const Piece *piece, gsize start, gboolean (*is_kind) (gunichar))
{
  const char *p = piece->text + start;

  while (p < piece->end && is_kind (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);
  return (gsize) (p - piece->text) - start;
}

/* ジョン・スミス: of two words that a dot joins, one is a name and the other no word that is known. */
static gboolean
is_foreign_pair (const Piece *piece, gsize first, gsize first_length, gsize second,
                 gsize second_length)
{
  gboolean given = has_name_at (piece, first, first_length, SK_MORPHEME_GIVEN);
  gboolean surname = has_name_at (piece, second, second_length, SK_MORPHEME_SURNAME);
  const SkMorpheme *one = path_at (piece, first), *other = path_at (piece, second);

  if (first_length < 6 || second_length < 6 || one == NULL || other == NULL)
    return FALSE;
  if (given && surname)
    return TRUE;
  if (one->kind == SK_MORPHEME_PLACE || other->kind == SK_MORPHEME_PLACE)
    return FALSE;
  return (given && other->is_unknown) || (surname && one->is_unknown);
}

static gboolean
match_katakana (const Piece *piece, gsize start, Found *found)
{
  gsize first, second, joint, length;
  const char *p;

  if (is_wordlike (character_before (piece, start)))
    return FALSE;
  first = run_length (piece, start, sk_is_katakana);
  p = piece->text + start + first;
  if (first == 0 || p >= piece->end)
    return FALSE;
  joint = *p == ' ' ? 1 : g_utf8_get_char (p) == 0x30FB ? 3 : 0;
  second = start + first + joint;
  length = joint > 0 ? run_length (piece, second, sk_is_katakana) : 0;
  if (length == 0 || !may_end (piece, second + length)
      || (joint == 3 && character_before (piece, start) == 0x30FB))
    return FALSE;
  if (joint == 3 && !is_foreign_pair (piece, start, first, second, length))
    return FALSE;
  if (joint == 1
      && !(sk_person_word_is_surname_reading (piece->text + start, first)
           && sk_person_word_is_given_reading (piece->text + second, length))
      && !(has_name_at (piece, start, first, SK_MORPHEME_GIVEN)
           && has_name_at (piece, second, length, SK_MORPHEME_SURNAME)))
    return FALSE;
  return settle (piece, start, second + length, found);
}

/* たなか たろう */
static gboolean
match_hiragana (const Piece *piece, gsize start, Found *found)
{
  gsize first, second, length;

  if (sk_is_hiragana (character_before (piece, start)))
    return FALSE;
  first = run_length (piece, start, sk_is_hiragana);
  second = start + first + 1;
  if (first == 0 || blanks_at (piece, start + first) != 1
      || !sk_person_word_is_surname_reading (piece->text + start, first))
    return FALSE;
  length = sk_person_word_given_kana (piece->text + second, piece->end);
  return length > 0 && settle (piece, start, second + length, found);
}

/* 小鳥遊様: a few kanji that MeCab can't read as words, before 様. */
static gboolean
match_unknown (const Piece *piece, gsize start, Found *found)
{
  gsize length, end;
  gboolean is_unknown = FALSE;
  glong n;

  if (is_wordlike (character_before (piece, start)))
    return FALSE;
  length = run_length (piece, start, sk_is_kanji);
  if (length < 9)
    return FALSE;
  end = start + length - 3;
  n = g_utf8_strlen (piece->text + start, (gssize) (end - start));
  if (memcmp (piece->text + end, "様", 3) != 0 || n > 3
      || sk_person_word_is_no_person (piece->text + start, piece->text + end))
    return FALSE;
  for (gsize i = start; i < end; i++)
    {
      const SkMorpheme *word = path_at (piece, i);

      is_unknown |= word != NULL && word->is_unknown;
    }
  *found = (Found){ start, end, end + 3 };
  return is_unknown && is_boundary (piece, end);
}

/* 小鳥遊 蓮様, 見本 太郎様: a few kanji that are no surname of the dictionary, a given name, and 様. */
static gboolean
match_unknown_full (const Piece *piece, gsize start, Found *found)
{
  gsize length, given, n;

  if (is_wordlike (character_before (piece, start)))
    return FALSE;
  length = run_length (piece, start, sk_is_kanji);
  given = start + length + 1;
  if (length < 6 || length > 9 || blanks_at (piece, start + length) != 1 || (n = given_at (piece, given)) == 0
      || sk_person_word_is_no_person (piece->text + start, piece->text + start + length))
    return FALSE;
  return settle (piece, start, given + n, found) && found->after > found->end;
}

/* The longest surname first: 長谷川 before 長谷. */
static gboolean
match_at (const Piece *piece, gsize start, Found *found)
{
  const SkMorpheme *candidates[8], *name = NULL;
  guint n = 0;
  gsize rare;

  while ((name = next_name (piece, start, name)) != NULL && n < G_N_ELEMENTS (candidates))
    {
      if (name->kind != SK_MORPHEME_SURNAME)
        continue;
      guint at = n++;
      for (; at > 0 && candidates[at - 1]->length < name->length; at--)
        candidates[at] = candidates[at - 1];
      candidates[at] = name;
    }
  if ((rare = sk_person_word_rare_surname (piece->text + start, piece->end)) > 0
      && match_surname (piece, start, rare, found))
    return TRUE;
  for (guint i = 0; i < n; i++)
    if (match_surname (piece, start, candidates[i]->length, found))
      return TRUE;
  return match_katakana (piece, start, found) || match_hiragana (piece, start, found)
         || match_unknown (piece, start, found) || match_unknown_full (piece, start, found);
}

static gboolean
piece_read (Piece *piece, SkMorphemeReader *reader, const char *text, gsize length)
{
  piece->text = text;
  piece->end = text + length;
  if (!sk_morpheme_read (reader, text, length, &piece->path, &piece->names))
    return FALSE;
  memset (piece->words, 0, (length + 1) * sizeof piece->words[0]);
  memset (piece->first_names, 0, (length + 1) * sizeof piece->first_names[0]);
  for (guint i = 0; i < piece->path->len; i++)
    piece->words[g_array_index (piece->path, SkMorpheme, i).start] = (guint16) (i + 1);
  for (guint i = piece->names->len; i > 0; i--)
    piece->first_names[g_array_index (piece->names, SkMorpheme, i - 1).start] = (guint16) i;
  return TRUE;
}

char *
sk_name_value (const char *text, gsize length)
{
  GString *value = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++)
    if (strchr (" \t\",\r\n", text[i]) == NULL)
      g_string_append_c (value, text[i]);
  return g_string_free (value, FALSE);
}

void
sk_name_find_in_prose (SkMorphemeReader *reader, const char *text, gsize length,
                       SkNameFunc callback, gpointer user_data)
{
  Piece piece;
  gsize at = 0;
  Found found;

  if (!piece_read (&piece, reader, text, length))
    return;
  while (at < length)
    if (match_at (&piece, at, &found))
      {
        g_autofree char *value = sk_name_value (text + found.start, found.end - found.start);

        callback (found.start, found.end - found.start, value, user_data);
        at = MAX (found.after, found.end);
      }
    else
      at = (gsize) (g_utf8_next_char (text + at) - text);
}

/* The length of the syllable of Japanese in Latin letters at p, which may be ん or a long vowel's h; 0: it is none. */
static gsize
romaji_syllable (const char *p, gsize length)
{
  static const char *const onsets[] = { "",   "k",  "s",  "t",  "n",  "h",  "m",  "y",  "r",  "w",  "g",
                                        "z",  "d",  "b",  "p",  "f",  "j",  "sh", "ch", "ts", "ky", "ny",
                                        "hy", "my", "ry", "gy", "by", "py", "kk", "ss", "tt", "pp", "tch" };

  for (guint i = 0; i < G_N_ELEMENTS (onsets); i++)
    {
      gsize n = strlen (onsets[i]);

      if (n < length && g_ascii_strncasecmp (p, onsets[i], n) == 0
          && strchr ("aeiou", g_ascii_tolower (p[n])) != NULL)
        return n + 1;
    }
  return strchr ("nmh", g_ascii_tolower (*p)) != NULL ? 1 : 0;
}

/* Yamada, Satoh, Shin'ichi, or an initial: T. */
static gboolean
is_romaji (const char *word, gsize length)
{
  gsize i = 0, n;

  if (length <= 2 && word[length - 1] == '.')
    return TRUE;
  while (i < length)
    {
      if (word[i] == '\'' || word[i] == '-')
        n = 1;
      else if ((n = romaji_syllable (word + i, length - i)) == 0)
        return FALSE;
      i += n;
    }
  return length >= 2;
}

/* Taro Yamada, YAMADA Taro, Taro T. Yamada */
static gboolean
is_latin_name (const char *text, gsize length)
{
  guint words = 0;
  const char *p = text, *end = text + length;

  if (length == 0 || length > 40)
    return FALSE;
  while (p < end)
    {
      const char *blank = memchr (p, ' ', (gsize) (end - p));
      gsize n = (gsize) ((blank != NULL ? blank : end) - p);

      if (n == 0 || !g_ascii_isupper (*p) || !is_romaji (p, n))
        return FALSE;
      words++;
      p += n + (blank != NULL);
    }
  return words == 2 || words == 3;
}

/* Without 様 and the like, and without what stands in parentheses behind the name. */
static gsize
trimmed_length (const char *text, gsize length)
{
  static const char *const honorifics[] = { "様", "さま", "さん", "殿", "氏", "先生", "君", "くん", "ちゃん" };
  const char *parenthesis = memchr (text, '(', length);

  if (parenthesis != NULL && parenthesis > text)
    length = (gsize) (parenthesis - text);
  while (length > 0 && text[length - 1] == ' ')
    length--;
  for (guint i = 0; i < G_N_ELEMENTS (honorifics); i++)
    {
      gsize n = strlen (honorifics[i]);

      if (length > n + 3 && memcmp (text + length - n, honorifics[i], n) == 0)
        {
          length -= n;
          break;
        }
    }
  while (length > 0 && text[length - 1] == ' ')
    length--;
  return length;
}

/* Two to eight kanji and kana, with one blank or dot between at most; katakana may be longer. */
static gboolean
is_shaped (const char *text, gsize length)
{
  guint n = 0, breaks = 0, katakana = 0;
  gboolean was_break = TRUE;

  for (const char *p = text; p < text + length; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean is_break = c == ' ' || c == 0x30FB;

      if (!is_break && !sk_is_kanji (c) && !sk_is_hiragana (c) && !sk_is_katakana (c))
        return FALSE;
      if (is_break && was_break)
        return FALSE;
      breaks += is_break;
      n += !is_break;
      katakana += sk_is_katakana (c);
      was_break = is_break;
    }
  return !was_break && n >= 2 && breaks <= 2 && (n <= 7 || (katakana == n && n <= 16));
}

static SkNameLikeness
likeness_of_surname (const Piece *piece, gsize length)
{
  const SkMorpheme *name = NULL;
  gsize best = 0;

  while ((name = next_name (piece, 0, name)) != NULL)
    if (name->kind == SK_MORPHEME_SURNAME)
      best = MAX (best, name->length);
  if (best == 0)
    return SK_NAME_SHAPED;
  if (best == length)
    return SK_NAME_SURNAME;
  best += piece->text[best] == ' ';
  return g_utf8_strlen (piece->text + best, (gssize) (length - best)) <= 4 ? SK_NAME_FULL
                                                                          : SK_NAME_SHAPED;
}

/* 手動, 引数の型, ファイル名: what has the shape of a name and is known not to be one. */
static gboolean
is_known_otherwise (const Piece *piece, gsize length)
{
  const SkMorpheme *first = path_at (piece, 0);
  gboolean has_blank = memchr (piece->text, ' ', length) != NULL;

  if (has_blank || first == NULL)
    return FALSE;
  if (sk_is_katakana (character_at (piece, 0)) && sk_is_kanji (character_before (piece, length)))
    return TRUE;
  if (first->length == length)
    return !first->is_unknown && first->kind != SK_MORPHEME_GIVEN
           && first->kind != SK_MORPHEME_PERSON
           && !sk_person_word_is_surname_reading (piece->text, length)
           && !sk_person_word_is_given_reading (piece->text, length);
  for (guint i = 0; i < piece->path->len; i++)
    if (g_array_index (piece->path, SkMorpheme, i).kind == SK_MORPHEME_PARTICLE
        && sk_is_kanji (character_at (piece, 0)))
      return TRUE;
  return FALSE;
}

typedef struct {
  gsize length;
  gboolean is_whole;
} Whole;

static void
note_whole (gsize start, gsize length, const char *value, gpointer user_data)
{
  Whole *whole = user_data;

  whole->is_whole |= start == 0 && length == whole->length;
}

SkNameLikeness
sk_name_judge_cell (SkMorphemeReader *reader, const char *text, gsize length, gboolean is_headed,
                    gsize *name_start, gsize *name_length)
{
  Piece piece;
  SkNameLikeness likeness;
  Whole whole = { 0 };

  *name_start = 0;
  if (length < 4 || length > 90)
    return SK_NAME_NO;
  *name_length = whole.length = length = trimmed_length (text, length);
  if (is_headed && is_latin_name (text, length))
    return SK_NAME_SHAPED;
  if (!is_shaped (text, length) || sk_person_word_is_no_person (text, text + length))
    return SK_NAME_NO;
  sk_name_find_in_prose (reader, text, length, note_whole, &whole);
  if (whole.is_whole)
    return SK_NAME_FULL;
  if (!piece_read (&piece, reader, text, length))
    return SK_NAME_NO;
  likeness = likeness_of_surname (&piece, length);
  if (likeness == SK_NAME_SHAPED && is_known_otherwise (&piece, length))
    return SK_NAME_NO;
  if (likeness == SK_NAME_FULL && !is_headed)
    return SK_NAME_SHAPED; /* 山田商店, 松本城 */
  return likeness;
}
