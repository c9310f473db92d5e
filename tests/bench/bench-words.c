/* bench-words: what searching Japanese business text for many names costs, and folding it, in MB of text a second.
 *
 * For 100 to 100,000 names: the policy's words, and companies of a list (mismatch), both with their folding; beside them one
 * PCRE2 (JIT) alternation of the folded names over the folded text, for the smaller numbers, and libhs where it was built with
 * it. Each figure is the best of some rounds. Text and names are made here from a fixed seed. The text names some 60,000
 * companies; a tenth are among the first 100 names, the others stand in no list, though many begin with a name that does. The
 * last lines are for a text all of whose names are among the 100,000. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "sk-company.h"
#include "sk-folded.h"
#include "sk-words.h"

#include <pcre2.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#ifdef SK_HAVE_HYPERSCAN
#include <hs.h>
#endif

enum { TEXT_BYTES = 16 << 20, ROUNDS = 5, MOST_NAMES = 100000 };

static const char *const places[]
    = { "東京", "大阪", "名古屋", "札幌", "福岡", "横浜", "神戸", "京都", "仙台", "広島", "山田", "佐藤", "鈴木", "高橋",
        "田中", "伊藤", "渡辺", "中村", "小林", "加藤", "吉田", "山本", "松本", "井上", "木村", "斎藤", "清水", "山崎",
        "池田", "橋本", "阿部", "石川", "前田", "藤田", "小川", "岡田", "後藤", "長谷川", "石井", "村上", "近藤", "坂本",
        "遠藤", "青木", "藤井", "西村", "福田", "太田", "三浦", "岡本", "サンプル", "アルファ", "ベータ", "オリオン",
        "日本", "大日本", "新日本", "第一", "東洋", "太平洋" };
static const char *const trades[]
    = { "電気", "商事", "工業", "建設", "製作所", "運輸", "物流", "食品", "化学", "薬品", "印刷", "出版", "通信", "システム",
        "ソフト", "サービス", "不動産", "住宅", "設計", "硝子", "鋼業", "金属", "機械", "自動車", "精密", "電子", "産業",
        "物産", "紙業", "繊維", "水産", "農園", "観光", "開発", "企画", "興業", "保険", "証券", "会計", "研究所" };
static const char *const endings[]
    = { "", "販売", "東日本", "西日本", "ホールディングス", "テクノ", "関東", "関西", "九州", "中部", "北海道", "東北", "本社",
        "グループ", "パートナーズ", "エンジニアリング", "インターナショナル", "ネットワークス", "ロジスティクス", "総合",
        "第一工場", "第二工場", "サポート", "中央", "南", "北", "東", "西", "２１", "Labs", "ＡＢ", "Plus", "One", "社", "会",
        "組", "本店", "堂", "屋", "館", "舎", "苑", "園", "店", "部" };
static const char *const sentences[]
    = { "いつも大変お世話になっております。", "先日はお忙しいところお時間をいただき、誠にありがとうございました。",
        "ご依頼いただいておりました見積書を添付にてお送りいたしますので、ご査収のほどよろしくお願い申し上げます。",
        "納期につきましては、来月の第2週を予定しております。\n", "ご不明な点がございましたら、お気軽にご連絡ください。\n",
        "打ち合わせの日程についてですが、12月3日（木）14:00〜15:00でいかがでしょうか。", "請求書の原本は本日郵送いたしました。\n",
        "システムのメンテナンスのため、サービスを一時停止いたします。", "契約書の内容について、法務部門と確認を進めております。",
        "新商品のカタログとサンプルを同封いたしました。\n", "お手数をおかけいたしますが、ご確認をお願いいたします。\n\n",
        "> 前回のご提案に関するお返事をいただけますと幸いです。\n", "Please find the attached report for the project.\n",
        "次回の定例会議では、販売計画と在庫状況について報告する予定です。", "単価は1,200円、数量は350個、合計420,000円となります。\n",
        "以上、よろしくお願いいたします。\n" };
static const struct {
  const char *before, *behind;
} addressed[] = { { "株式会社", " 御中\n" }, { "", "株式会社の件、" }, { "（株）", "様より、" }, { "", "のご担当者様\n" } };

#define ALL_NAMES ((guint) (G_N_ELEMENTS (places) * G_N_ELEMENTS (trades) * G_N_ELEMENTS (endings)))

G_STATIC_ASSERT (G_N_ELEMENTS (places) * G_N_ELEMENTS (trades) * G_N_ELEMENTS (endings) > 100000);

static char *
name_of (guint number)
{
  guint n = number * 7919u % ALL_NAMES;

  return g_strconcat (places[n % G_N_ELEMENTS (places)],
                      trades[n / G_N_ELEMENTS (places) % G_N_ELEMENTS (trades)],
                      endings[n / G_N_ELEMENTS (places) / G_N_ELEMENTS (trades)], NULL);
}

/* About every fourth sentence names a company; of ten one is among the first 100, the others are of [from, until). */
static GString *
make_text (guint from, guint until)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20261124);
  GString *text = g_string_sized_new (TEXT_BYTES + 1000);

  while (text->len < TEXT_BYTES)
    {
      guint number = g_rand_int_range (random, 0, 10) == 0 ? (guint) g_rand_int_range (random, 0, 100)
                                                          : (guint) g_rand_int_range (random, (gint32) from, (gint32) until);
      g_autofree char *name = name_of (number);

      for (guint i = 0; i < 3; i++)
        g_string_append (text, sentences[g_rand_int_range (random, 0, G_N_ELEMENTS (sentences))]);
      g_string_append (text, addressed[number % G_N_ELEMENTS (addressed)].before);
      g_string_append (text, name);
      g_string_append (text, addressed[number % G_N_ELEMENTS (addressed)].behind);
    }
  return text;
}

/* Of CPU time: other programs may run beside this one. */
static double
seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

typedef guint (*Work) (gconstpointer with, const char *text, gsize length);

static void
measure (const char *what, guint names, Work work, gconstpointer with, const char *text, gsize length)
{
  double best = G_MAXDOUBLE;
  guint found = 0;

  for (guint i = 0; i < ROUNDS; i++)
    {
      double begun = seconds ();

      found = work (with, text, length);
      best = MIN (best, seconds () - begun);
    }
  printf ("%-24s %7u names %9.1f MB/s %8u found\n", what, names, (double) length / 1e6 / best, found);
  fflush (stdout);
}

static gboolean
count_cb (guint32 id, gsize start, gsize length, gpointer user_data)
{
  ++*(guint *) user_data;
  return TRUE;
}

static guint
scan_words (gconstpointer words, const char *text, gsize length)
{
  guint n = 0;

  sk_words_scan_text (words, text, length, count_cb, &n);
  return n;
}

static guint
scan_folded_words (gconstpointer words, const char *text, gsize length)
{
  guint n = 0;

  sk_words_scan (words, text, length, count_cb, &n);
  return n;
}

static guint
find_companies (gconstpointer companies, const char *text, gsize length)
{
  g_autoptr (GHashTable) found = g_hash_table_new (NULL, NULL);

  sk_companies_find (companies, text, length, found);
  return g_hash_table_size (found);
}

static guint
fold (gconstpointer unused, const char *text, gsize length)
{
  g_autoptr (SkFolded) folded = sk_folded_new (text, length);

  return folded->text != text;
}

static guint
match_all (gconstpointer code, const char *text, gsize length)
{
  pcre2_match_data *data = pcre2_match_data_create (1, NULL);
  const PCRE2_SIZE *bounds = pcre2_get_ovector_pointer (data);
  guint n = 0;

  for (gsize at = 0; pcre2_match (code, (PCRE2_SPTR) text, length, at, PCRE2_NO_UTF_CHECK, data, NULL) > 0; at = bounds[1])
    n++;
  pcre2_match_data_free (data);
  return n;
}

static void
measure_alternation (const char *const *folded, guint names, const char *text, gsize length)
{
  g_autoptr (GString) expression = g_string_new (NULL);
  PCRE2_SIZE offset;
  pcre2_code *code;
  int problem;

  for (guint i = 0; i < names; i++)
    g_string_append_printf (expression, "%s%s", i > 0 ? "|" : "", folded[i]);
  code = pcre2_compile ((PCRE2_SPTR) expression->str, expression->len, PCRE2_UTF, &problem, &offset, NULL);
  if (code == NULL)
    return;
  pcre2_jit_compile (code, PCRE2_JIT_COMPLETE);
  measure ("pcre2 alternation", names, match_all, code, text, length);
  pcre2_code_free (code);
}

#ifdef SK_HAVE_HYPERSCAN
static int
event_cb (unsigned int id, unsigned long long from, unsigned long long to, unsigned int flags, void *user_data)
{
  ++*(guint *) user_data;
  return 0;
}

typedef struct {
  hs_database_t *database;
  hs_scratch_t *scratch;
} Hyperscan;

static guint
hyperscan (gconstpointer with, const char *text, gsize length)
{
  const Hyperscan *self = with;
  guint n = 0;

  hs_scan (self->database, text, (unsigned int) length, 0, self->scratch, event_cb, &n);
  return n;
}

static void
measure_hyperscan (const char *const *folded, guint names, const char *text, gsize length)
{
  g_autofree size_t *lengths = g_new (size_t, names);
  g_autofree unsigned int *ids = g_new (unsigned int, names), *flags = g_new0 (unsigned int, names);
  hs_compile_error_t *problem = NULL;
  Hyperscan self = { NULL, NULL };
  double begun = seconds ();

  for (guint i = 0; i < names; i++)
    {
      lengths[i] = strlen (folded[i]);
      ids[i] = i;
    }
  if (hs_compile_lit_multi (folded, flags, ids, lengths, names, HS_MODE_BLOCK, NULL, &self.database, &problem) != HS_SUCCESS)
    return;
  printf ("%-24s %7u names %9.2f s to compile\n", "libhs", names, seconds () - begun);
  hs_alloc_scratch (self.database, &self.scratch);
  measure ("libhs", names, hyperscan, &self, text, length);
  hs_free_scratch (self.scratch);
  hs_free_database (self.database);
}
#else
static void
measure_hyperscan (const char *const *folded, guint names, const char *text, gsize length)
{
}
#endif

static void
measure_names (guint names, const GString *text, const char *folded_text, gsize folded_length)
{
  SkWordsBuilder *word_builder = sk_words_builder_new ();
  SkCompaniesBuilder *company_builder = sk_companies_builder_new ();
  g_autoptr (GPtrArray) folded = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (SkWords) words = NULL;
  g_autoptr (SkCompanies) companies = NULL;

  for (guint i = 0; i < names; i++)
    {
      g_autofree char *name = name_of (i);

      sk_words_builder_add (word_builder, name, i);
      sk_companies_builder_add (company_builder, name, i);
      g_ptr_array_add (folded, sk_words_fold (name, strlen (name), NULL));
    }
  words = sk_words_builder_finish (word_builder);
  companies = sk_companies_builder_finish (company_builder);
  measure ("words", names, scan_words, words, text->str, text->len);
  measure ("words, folded text", names, scan_folded_words, words, folded_text, folded_length);
  measure ("companies", names, find_companies, companies, text->str, text->len);
  if (names <= 1000)
    measure_alternation ((const char *const *) folded->pdata, names, folded_text, folded_length);
  measure_hyperscan ((const char *const *) folded->pdata, names, folded_text, folded_length);
}

static void
measure_folding (const char *what, const char *piece)
{
  g_autoptr (GString) text = g_string_new (NULL);

  while (text->len < TEXT_BYTES)
    g_string_append (text, piece);
  measure (what, 0, fold, NULL, text->str, text->len);
}

static void
measure_text (GString *text, guint from)
{
  gsize folded_length;
  g_autofree char *folded = sk_words_fold (text->str, text->len, &folded_length);

  for (guint names = from; names <= MOST_NAMES; names *= 10)
    measure_names (names, text, folded, folded_length);
}

int
main (void)
{
  g_autoptr (GString) text = make_text (MOST_NAMES, ALL_NAMES), dense = make_text (0, MOST_NAMES);

  measure_folding ("fold ASCII", "Dear Sir or Madam, please find the report of 2024-05-03 attached - thank you.\r\n");
  measure_folding ("fold plain Japanese", "いつも大変お世話になっております。先日ご依頼の見積書を添付にてお送りいたしますので、"
                                          "サービスの内容をご査収のほどよろしくお願い申し上げます。\r\n");
  measure_folding ("fold half-width kana", "ﾌﾘｶﾞﾅ:ﾐﾎﾝ ﾊﾅｺ 電話０３−１２３４−５６７８ ㈱見本 髙橋様\r\n");
  measure ("fold this text", 0, fold, NULL, text->str, text->len);
  measure_text (text, 100);
  measure_text (dense, MOST_NAMES);
  return 0;
}
