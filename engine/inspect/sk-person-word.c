// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-person-word.h"

#include "sk-word-set.h"

#include <string.h>

#define MAX_READING 12 /* characters */

gboolean
sk_is_kanji (gunichar c)
{
  return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF)
         || (c >= 0x20000 && c <= 0x3FFFF) || c == 0x3005;
}

gboolean
sk_is_hiragana (gunichar c)
{
  return c >= 0x3041 && c <= 0x309F;
}

gboolean
sk_is_katakana (gunichar c)
{
  return c >= 0x30A1 && c <= 0x30FF && c != 0x30FB;
}

static gunichar
character_at (const char *p, const char *end)
{
  return p < end ? g_utf8_get_char (p) : 0;
}

gsize
sk_person_word_honorific (const char *p, const char *end, gboolean after_blank)
{
  static const struct {
    const char *word;
    gboolean may_follow_blank;
    gboolean ends_word; /* no kanji may follow: 氏名 */
  } honorifics[] = {
    { "さま", TRUE, FALSE },   { "さん", FALSE, FALSE }, { "くん", FALSE, FALSE },
    { "ちゃん", FALSE, FALSE }, { "先生", TRUE, FALSE },  { "女史", TRUE, FALSE },
    { "様", TRUE, FALSE },     { "氏", TRUE, TRUE },     { "殿", TRUE, TRUE },
    { "君", TRUE, TRUE },
  };
  SK_WORD_SET (no_honorifics, "様式", "様態", "様相", "様子", "様々", "氏名");

  if (sk_word_set_at (&no_honorifics, p, end) > 0)
    return 0;
  for (guint i = 0; i < G_N_ELEMENTS (honorifics); i++)
    {
      gsize n = strlen (honorifics[i].word);

      if (n > (gsize) (end - p) || memcmp (p, honorifics[i].word, n) != 0
          || (after_blank && !honorifics[i].may_follow_blank))
        continue;
      return honorifics[i].ends_word && sk_is_kanji (character_at (p + n, end)) ? 0 : n;
    }
  return 0;
}

gboolean
sk_person_word_is_role (const char *p, const char *end)
{
  SK_WORD_SET (roles, "様",     "殿",     "氏",     "君",   "先生",   "社長", "会長", "部長",   "副部長", "次長",
          "課長",   "係長",   "主任",   "主査", "専務",   "常務", "取締役", "代表取締役", "代表", "理事",
          "監査役", "顧問",   "教授",   "准教授", "講師", "助教", "博士", "医師",   "院長",   "所長",
          "室長",   "店長",   "支店長", "局長", "工場長", "弁護士", "税理士", "会計士", "司法書士", "行政書士",
          "選手",   "監督",   "議員",   "知事", "市長",   "町長", "村長", "首相",   "大臣",   "議長",
          "委員",   "被告",   "容疑者", "本人", "名義",   "宛",   "著",   "作",     "行",     "方",
          "及び",   "並びに", "他",     "外",   "担当",   "両名", "女史",   "両氏",   "夫妻",
          "ら",     "マネージャー", "リーダー", "ディレクター");

  SK_WORD_SET (offices, "事務所", "法人");
  gsize length = sk_word_set_at (&roles, p, end);

  return length > 0 && sk_word_set_at (&offices, p + length, end) == 0;
}

gsize
sk_person_word_business (const char *p, const char *end)
{
  SK_WORD_SET (words, "自動車", "建設",   "商店",   "商会",   "商事",   "工業",   "工務店", "工房",   "製作所", "製造",
          "製薬",   "製菓",   "製紙",   "電機",   "電気",   "電工",   "電器",   "電子",   "産業",   "物産",
          "不動産", "運輸",   "運送",   "倉庫",   "銀行",   "信用",   "証券",   "保険",   "病院",   "医院",
          "クリニック", "歯科", "内科", "眼科",   "整形",   "薬局",   "法律",   "会計",   "税務",   "特許",
          "司法",   "行政",   "事務所", "設計",   "建築",   "興業",   "鉄工",   "鉄道",   "化学",   "化成",
          "金属",   "鋼業",   "食品",   "水産",   "農園",   "酒造",   "醸造",   "書店",   "書房",   "出版",
          "印刷",   "文具",   "楽器",   "家具",   "組",     "屋",     "堂",     "館",     "記念",   "美術",
          "博物",   "文学",   "公園",   "神社",   "大学",   "学園",   "学校",   "高校",   "中学",   "小学",
          "幼稚園", "保育",   "ビル",   "マンション", "ハイツ", "荘", "駅",     "通り",   "橋",     "川",
          "県",     "市",     "区",     "町",     "村",     "郡",     "都",     "府",     "道",     "島",
          "城",     "温泉",   "空港",   "港",     "線",     "支店",   "支社",   "営業所", "工場",   "本店",
          "本社",   "店",     "社",     "会",     "財団",   "協会",   "組合",   "グループ", "ホールディングス", "ホーム",
          "サービス", "システム", "ストア", "ハウス", "スポーツ", "硝子", "精機", "精密", "技研", "機械",
          "重工",   "造船",   "海上",   "生命",   "火災",   "海運",   "航空",   "交通",   "観光",   "旅館",
          "旅行",   "新聞",   "放送",   "通信",   "情報",   "塗装",   "塗料",   "石油",   "瓦斯",   "ガス",
          "電力",   "水道",   "土木",   "造園",   "園芸",   "牧場",   "農場",   "養鶏",   "青果",   "鮮魚",
          "精肉",   "米店",   "茶園",   "製粉",   "製麺",   "製茶",   "製材",   "木材",   "鋼材",   "建材",
          "住宅",   "住設",   "ゴム",   "紡績",   "繊維",   "染工",   "織物",   "呉服",   "洋品",   "時計",
          "カメラ", "写真",   "デザイン", "企画",   "総研", "研究所", "総合",   "塾",     "教室",   "道場",
          "賞",     "杯",     "記念館", "株式会社", "(株)", "有限会社", "(有)", "合同会社", "光学",   "道路",   "技術",   "政権",
          "内閣",   "税理士", "弁護士", "会計士", "天満宮", "神宮",   "宮",     "寺",     "稲荷",   "講堂",   "邸",     "洋行",
          "岳",     "岬",     "選挙",   "裁判",   "研究室", "歯科医院");

  return sk_word_set_at (&words, p, end);
}

gboolean
sk_person_word_is_company_form_before (const char *start, const char *p)
{
  static const char *const forms[]
      = { "株式会社", "有限会社", "合同会社", "合資会社", "合名会社", "(株)", "(有)", "(同)",
          "医療法人", "学校法人", "社団法人", "財団法人", "宗教法人", "NPO法人", "社会福祉法人" };

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      gsize n = strlen (forms[i]);

      if (n <= (gsize) (p - start) && memcmp (p - n, forms[i], n) == 0)
        return TRUE;
    }
  return FALSE;
}

gboolean
sk_person_word_is_no_person (const char *p, const char *end)
{
  SK_WORD_SET (words, "会社",   "(株)",   "(有)",   "法人",   "商店",   "商事",   "工業",   "製作所", "建設",   "銀行",
          "事務所", "病院",   "医院",   "大学",   "学校",   "センター", "営業",   "総務",   "経理",   "人事",
          "開発",   "企画",   "技術",   "支店",   "本社",   "工場",   "担当",   "責任者", "代表者", "関係者",
          "未定",   "不明",   "同上",   "合計",   "小計",   "総計",   "平均",   "件数",   "人数",   "備考",
          "氏名",   "名前",   "住所",   "電話",   "番号",   "該当",   "以上",   "一覧",   "名簿",   "予定",
          "確認",   "資料",   "会議",   "見積",   "請求",   "納品",   "注文",   "契約",   "商品",   "製品",
          "サービス", "システム", "サンプル", "テスト", "データ", "株式",   "有限",   "自動車", "電機",   "産業",
          "物産",   "不動産", "商会",   "工務店", "組合",   "協会",   "財団",   "都道府", "市役所", "区役所",
          "ください", "です",   "ます",   "した",   "する",   "について", "として", "ありま", "いただ", "お客",
          "御中",   "各位",   "皆様",   "なし",   "あり",   "男性",   "女性",   "完了",   "対応",   "有効",
          "無効",   "新規",   "継続",   "正社員", "契約社員", "アルバイト", "パート", "会員", "一般", "法務", "情報",
          "管理",   "購買",   "品質",   "製造",   "物流",   "広報",   "課長",   "部長",   "係長",   "主任",
          "社長",   "取締役", "月曜",   "火曜",   "水曜",   "木曜",   "金曜",   "土曜",   "日曜",   "祝日",
          "長男",   "次男",   "二男",   "三男",   "四男",   "長女",   "次女",   "二女",   "三女",   "四女",
          "班長",   "書記",   "会計",   "各部",   "各支",   "各班",   "一名",   "二名",   "三名",   "数名",   "若干名");

  return sk_word_set_is_in (&words, p, end);
}

/* Kanji that given names of two and three are made of, old and new ones. */
static const char given_kanji[] =
  "宙偉芽想"
  "緒吏俐俠侃俐倖偲凜創功努励勁叶吉和唱啄喜嘉坂堯壬妃妥孟宵寅専嵩巡帝庄庸弐彪彰律徠怜悌惇惺愉慈戒拳掬敢斐旦昌昊晏景智曜朋杜来栞桔梢梨棗椿楊榮槇樂欽歩毬汰沙沢泰洸浅海淑渥温港湧源滋漱澤瀧"
  "炎烏焔照熙燈牧猪獅玲瑳瑞甲町畔百皇直睦矩石砥碩祐祷禄穣竪笛篤紀紋絃統綜緑練羅羚翔耀脩舜芸苺茶菱萌葛董蒔蕉薗藻虔蛍衛裕詢諒護貢路輔辻逢遊遼邑郷采里錬鍵鏡閑阿陶雁雄雫雲霧青靖鞠領頌颯馳駕鮎鯉鳴麦"
  "愛葵碧茜明朱旭梓杏安伊衣依惟郁一壱逸稲詠英瑛栄映恵慧絵笑円媛央凰桜旺乙音恩温佳香歌花華夏"
  "加嘉果海凱開楓覚岳学楽寛環歓貫冠輝暉希季紀貴喜基己規稀祈菊吉橘久宮弓恭京響暁琴欣錦吟空玖"
  "駒奎圭桂啓慶敬景蛍月健賢謙絢憲建顕元玄弦湖虎瑚胡悟吾心広弘宏洸晃康幸光浩昂皓航恒孝功耕紘"
  "彩采菜咲作朔沙紗早爽颯桑蒼聡湊奏壮草三山珊史志司士資紫至詩時治次慈爾二実柊秀修周秋洲樹寿"
  "珠春俊駿隼淳順純潤諄初尚将翔匠祥章昭昌勝生正成政誠清星晴聖千泉仙宣扇善禅蘇双太汰大鷹泰代"
  "拓琢卓武丈辰達智知茅宙忠長澄直椎槻剛翼紬鶴貞哲天典展斗登都冬東橙灯桃透杜渡藤徳寅敦那奈凪"
  "南夢苗之乃野能信伸真芯晋新慎葉向絃櫂匡叡喬嗣塁奨妙孔宗宜寧巌巽庵彗彬徹忍愁旬昊晄晟晨暢棟"
  "椛楠榛毅永汐汀津洵浬渓渚渉湘滉漣潮瀬烈珂瑠甫皐盛眞砂禎稔穏竣笙節範粋糸素紺綾綺緋縁義翠肇"
  "臣舟芙芹苑若茂菖菫萩薫蘭蝶裟覇誉譲豊賀起道遙釉鉄鎮陸雅零霞静頼馨鴻鵬麟麿黎右左宇多四九十"
  "保敏利重滋造蔵松市進博幹勲勉操君房亀梅竹好充猛豪羽波巴杷馬萌帆穂朋芳峰邦苺麻舞毎茉槙牧万"
  "満未美弥魅民務睦望百耶也夜八矢哉椰優悠結友有由柚祐侑勇雄裕佑雪行唯夕遊予世与陽洋遥瑶耀蓉"
  "来莱雷嵐藍里莉理梨李璃律立琉龍竜隆流涼諒良亮遼凌陵了緑琳凛倫林鈴玲礼怜麗伶嶺恋蓮呂路郎朗"
  "浪六和倭碗介輔助佐丞仁人男夫子江枝衛平彦比日妃姫飛尋文冨風福富歩宝昴暖虹澪瞳紅織桐蕗鳳駆"
  "晶惺煌莞珀琥冴朝晏叶絆";

/* Those that are given names by themselves, and not in the dictionary as such. */
static const char given_kanji_alone[] = "宙昊湧巧創晟旺凱壮佑侑諒玲怜鈴澄凜煌想惺菫雫奏楽操湊暖凪詩紬蒼空朔絆晴昴樹舞楓杏梓柚翠碧律慧悠凛蓮葵新花陽和栖美歩結光千";

#define FIRST_KANJI 0x4E00
#define N_KANJI (0xA000 - FIRST_KANJI)

typedef struct {
  guint8 is_given[N_KANJI], is_alone[N_KANJI];
} Kanji;

static void
mark_kanji (guint8 *marks, const char *kanji)
{
  for (const char *p = kanji; *p != '\0'; p = g_utf8_next_char (p))
    marks[g_utf8_get_char (p) - FIRST_KANJI] = TRUE;
}

static const Kanji *
the_kanji (void)
{
  static Kanji *made;

  if (g_once_init_enter (&made))
    {
      Kanji *kanji = g_new0 (Kanji, 1);

      mark_kanji (kanji->is_given, given_kanji);
      mark_kanji (kanji->is_alone, given_kanji_alone);
      g_once_init_leave (&made, kanji);
    }
  return made;
}

static gboolean
is_given_kanji (gunichar c)
{
  return c >= FIRST_KANJI && c < FIRST_KANJI + N_KANJI && the_kanji ()->is_given[c - FIRST_KANJI];
}

gboolean
sk_person_word_is_given_kanji_alone (gunichar c)
{
  return c >= FIRST_KANJI && c < FIRST_KANJI + N_KANJI && the_kanji ()->is_alone[c - FIRST_KANJI];
}

gsize
sk_person_word_rare_surname (const char *p, const char *end)
{
  SK_WORD_SET (surnames, "小鳥遊", "月見里", "四月一日", "神宮寺", "御手洗", "二階堂", "西園寺", "一ノ瀬", "一之瀬", "鬼塚", "早乙女",
          "五十里", "八月一日", "九十九", "十六夜", "綾小路", "伊集院", "武者小路", "姉小路", "久世", "冷泉", "京極",
          "東雲",   "雲母",   "不知火", "御子柴", "神楽坂", "鳳", "如月", "桐生", "結城", "藤堂", "氷室", "天童", "宝生",
          "南雲",   "纐纈",   "薬袋", "百目鬼", "八月朔日", "栗花落", "五月女", "六車", "七海", "一色", "一条", "二宮",
          "比嘉",   "金城",   "島袋", "新垣", "知念", "喜屋武", "仲村渠", "東風平", "我那覇", "渡久地", "平良", "砂川");

  return sk_word_set_at (&surnames, p, end);
}

gsize
sk_person_word_given_kanji (const char *p, const char *end)
{
  const char *q = p;
  guint n = 0;

  while (q < end && n < 4 && is_given_kanji (g_utf8_get_char (q)))
    {
      q = g_utf8_next_char (q);
      n++;
    }
  return n == 2 || n == 3 ? (gsize) (q - p) : 0;
}

/* In hiragana and katakana alike; in the order in which they come to mind, searched by a table. */
static const char given_readings[]
    = "アイ アイカ アイコ アイナ アイリ アオイ アオト アカネ アカリ アキ アキオ アキコ アキト アキヒロ アキラ アケミ アサコ アサヒ アズサ "
      "アツコ アツシ アヤ アヤカ アヤコ アヤネ アヤノ アヤメ アユミ アユム アンナ イオリ イサム イチカ イチロウ イツキ イブキ イロハ "
      "ウタ ウミ エイコ エイジ エイタ エマ エミ エミコ エミリ エリ エリカ エリコ オサム カイト カエデ カオリ カオル カズオ カズキ カズコ "
      "カズヒコ カズヒロ カズマ カズヤ カナ カナコ カナタ カホ カリン カレン カンナ キイチ キミコ キョウカ キョウコ キヨシ クミコ "
      "ケイコ ケイスケ ケイタ ケン ケンイチ ケンジ ケンタ ケンタロウ コウイチ コウキ コウジ コウスケ コウタ コウタロウ コウヘイ "
      "ココナ ココネ ココハ ココロ コトネ コトハ コハル サオリ サキ サクヤ サクラ サダオ サチコ サツキ サトシ サトミ サトル サナ サヤ サヤカ "
      "サユリ サラ シオリ シゲル シズカ シホ シュウ シュウイチ シュウジ シュウヘイ シュン ショウ ショウコ ショウタ ショウヘイ "
      "ジュン ジュンイチ ジュンコ ジュンジ ジョウ ジロウ シロウ シンイチ シンジ シンヤ スズ スズカ スミレ ススム セイジ セツコ セナ "
      "ソウ ソウスケ ソウタ ソラ ダイ ダイキ ダイスケ ダイチ タイガ タイキ タイチ タカ タカコ タカシ タカヒロ タカユキ タクマ タクミ "
      "タクヤ タケシ タケル タダシ タツヤ タロウ チエ チエコ チカ チサト チナツ チヒロ チヨ ツバサ ツムギ ツヨシ テツオ テツヤ テルオ "
      "トオル トシオ トシコ トシヒコ トシヤ トモカ トモキ トモコ トモハル トモミ トモヤ トモヒロ ナオ ナオキ ナオコ ナオト ナオミ ナオヤ "
      "ナギサ ナツ ナツキ ナツコ ナツミ ナナ ナナコ ナナミ ナホ ナミ ナルミ ニコ ノア ノゾミ ノドカ ノノカ ノブオ ノブコ ノブユキ ノリオ "
      "ノリコ ハジメ ハナ ハナコ ハル ハルカ ハルキ ハルコ ハルト ハルナ ハルマ ハヤト ヒカリ ヒカル ヒサコ ヒサシ ヒデオ ヒデキ ヒトミ "
      "ヒナ ヒナタ ヒナノ ヒマリ ヒロキ ヒロコ ヒロシ ヒロト ヒロミ ヒロユキ フミエ フミオ フミカ フミコ フミヤ フユキ ホノカ "
      "マイ マイコ マオ マコト マサオ マサキ マサコ マサシ マサト マサヒロ マサミ マサヤ マサル マナ マナブ マナミ マホ マミ マユ マユミ "
      "マリ マリア マリエ マリコ マリナ ミオ ミカ ミキ ミキコ ミク ミサ ミサキ ミサト ミチコ ミツオ ミツル ミドリ ミナ ミナコ ミナト "
      "ミナミ ミノル ミハル ミホ ミヤコ ミユ ミユキ ミライ ムツミ メイ メグミ モエ モモ モモカ モモコ ヤスコ ヤスシ ヤスヒロ ヤヨイ "
      "ユア ユイ ユイト ユウ ユウカ ユウキ ユウコ ユウジ ユウスケ ユウタ ユウト ユウナ ユウマ ユウヤ ユカ ユカリ ユキ ユキエ ユキオ ユキコ "
      "ユキナ ユズ ユズキ ユナ ユミ ユミコ ユリ ユリカ ユリコ ヨウイチ ヨウコ ヨウスケ ヨウタ ヨシオ ヨシコ ヨシヒロ ヨシミ "
      "ライト リオ リカ リク リコ リサ リツ リナ リノ リュウ リュウイチ リュウジ リュウセイ リュウタ リョウ リョウコ リョウスケ リョウタ "
      "リョウヘイ リン ルイ ルミ ルリ レイ レイカ レイコ レイナ レオ レン ワカナ ワタル "
      "イト ウメ キク キミ キヨ シズ シゲ スミ セツ ツル トミ トメ ノブ ハツ フサ フミ ミツ ミヨ ヨシ ヨネ ";
static const char surname_readings[]
    = "アイダ アオキ アオヤマ アサノ アズマ アダチ アベ アマノ アライ アラカワ アラキ アリタ アンドウ イイダ イガラシ イケダ イシイ イシカワ "
      "イシダ イシハラ イズミ イソベ イチカワ イトウ イナガキ イノウエ イマイ イマムラ イワサキ イワタ イワモト ウエダ ウエノ ウエハラ ウチダ "
      "ウチヤマ ウノ エノモト エンドウ オオイシ オオクボ オオシマ オオタ オオタニ オオツカ オオニシ オオノ オオハシ オオモリ オオヤマ オカザキ "
      "オカダ オカムラ オカモト オガワ オギノ オクダ オクムラ オザワ オダ オノ オノデラ カタオカ カタヤマ カトウ カナイ カネコ カマタ カワイ "
      "カワカミ カワグチ カワサキ カワシマ カワダ カワノ カワバタ カワムラ カンダ カンノ キクチ キタガワ キタムラ キノシタ キムラ クドウ クボ "
      "クボタ クマガイ クリハラ クロカワ クロキ クロサワ クロダ クワバラ コイケ コイズミ ゴトウ コジマ コニシ コバヤシ コマツ コヤマ コンドウ "
      "サイトウ サカイ サカグチ サカモト サクライ ササキ サトウ サノ サワダ シバタ シマダ シマムラ シミズ シモムラ ショウジ シラカワ シライシ "
      "スガワラ スギウラ スギモト スギヤマ スズキ スドウ セキ セキグチ セキネ ソノダ タカギ タカノ タカハシ タカハタ タカヤマ タグチ タケイ "
      "タケウチ タケダ タケナカ タサキ タジマ タダ タチバナ タナカ タナベ タニ タニグチ タマキ タムラ チバ ツカモト ツジ ツチダ ツチヤ ツダ "
      "テラダ ドイ トダ トミタ ナカイ ナカガワ ナカザワ ナカジマ ナカシマ ナガタ ナカタ ナカニシ ナカノ ナガノ ナカムラ ナカヤマ ナカノ "
      "ナリタ ニシ ニシカワ ニシダ ニシムラ ニシヤマ ニッタ ノグチ ノザキ ノダ ノナカ ノムラ ハギワラ ハシモト ハセガワ ハタ ハタケヤマ ハットリ "
      "ハマダ ハヤカワ ハヤシ ハラ ハラダ ヒガ ヒグチ ヒラタ ヒラノ ヒラヤマ ヒロセ フカイ フクイ フクシマ フクダ フクナガ フジイ フジタ "
      "フジモト フジワラ フルカワ フルタ ホシノ ホソカワ ホリ ホリウチ ホンダ ホンマ マエダ マエカワ マキノ マスダ マツイ マツウラ マツオ マツオカ マツザキ "
      "マツシタ マツシマ マツダ マツナガ マツバラ マツムラ マツモト マルヤマ ミウラ ミズノ ミヤザキ ミヤジマ ミヤタ ミヤモト ミヤケ ムカイ "
      "ムラカミ ムラタ ムラヤマ モチヅキ モリ モリシタ モリタ モリモト ヤジマ ヤスダ ヤノ ヤブ ヤマウチ ヤマオカ ヤマカワ ヤマグチ ヤマザキ "
      "ヤマシタ ヤマダ ヤマナカ ヤマムラ ヤマモト ヨコタ ヨコヤマ ヨシオカ ヨシカワ ヨシダ ヨシムラ ヨシノ ワダ ワタナベ ";

static GHashTable *
readings_of (const char *list)
{
  GHashTable *readings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) words = g_strsplit (list, " ", -1);

  for (char **word = words; *word != NULL; word++)
    if (**word != '\0')
      g_hash_table_add (readings, g_strdup (*word));
  return readings;
}

static GHashTable *
the_given_readings (void)
{
  static GHashTable *made;

  if (g_once_init_enter (&made))
    g_once_init_leave (&made, readings_of (given_readings));
  return made;
}

static GHashTable *
the_surname_readings (void)
{
  static GHashTable *made;

  if (g_once_init_enter (&made))
    g_once_init_leave (&made, readings_of (surname_readings));
  return made;
}

/* [p, p + length) in katakana; FALSE: it isn't all kana, or longer than any reading. */
static gboolean
to_katakana (const char *p, gsize length, char katakana[MAX_READING * 3 + 1])
{
  gsize n = 0;

  if (length == 0 || length > MAX_READING * 3)
    return FALSE;
  for (const char *end = p + length; p < end; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!sk_is_hiragana (c) && !sk_is_katakana (c))
        return FALSE;
      n += (gsize) g_unichar_to_utf8 (c >= 0x3041 && c <= 0x3096 ? c + 0x60 : c, katakana + n);
    }
  katakana[n] = '\0';
  return TRUE;
}

gboolean
sk_person_word_is_surname_reading (const char *p, gsize length)
{
  char katakana[MAX_READING * 3 + 1];

  return to_katakana (p, length, katakana)
         && g_hash_table_contains (the_surname_readings (), katakana);
}

gboolean
sk_person_word_is_given_reading (const char *p, gsize length)
{
  char katakana[MAX_READING * 3 + 1];

  return to_katakana (p, length, katakana)
         && g_hash_table_contains (the_given_readings (), katakana);
}

gboolean
sk_person_word_may_follow_kana (const char *p, const char *end, gboolean is_hiragana)
{
  SK_WORD_SET (words, "です", "でし", "でご", "さん", "さま", "ちゃん", "くん", "は", "が", "の", "を", "に", "と", "も",
          "へ",   "から", "より", "まで", "や",   "で",     "宛",   "様", "殿", "氏", "君", "先");
  gunichar c = character_at (p, end);

  if (sk_is_kanji (c) || (is_hiragana ? sk_is_hiragana (c) : sk_is_katakana (c)))
    return sk_word_set_at (&words, p, end) > 0 || sk_person_word_is_role (p, end);
  return TRUE;
}

gsize
sk_person_word_given_kana (const char *p, const char *end)
{
  gboolean is_hiragana = sk_is_hiragana (character_at (p, end));
  const char *q = p;
  gsize longest = 0;

  for (guint n = 0; n < 6 && q < end; n++)
    {
      gunichar c = g_utf8_get_char (q);

      if (is_hiragana ? !sk_is_hiragana (c) : !sk_is_katakana (c))
        break;
      q = g_utf8_next_char (q);
      if (n > 0 && sk_person_word_is_given_reading (p, (gsize) (q - p))
          && sk_person_word_may_follow_kana (q, end, is_hiragana))
        longest = (gsize) (q - p);
    }
  return longest;
}
