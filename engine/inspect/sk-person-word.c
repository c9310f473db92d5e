// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-person-word.h"

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

/* The length of the first of the words that stands at p. */
static gsize
word_at (const char *const *words, const char *p, const char *end)
{
  for (guint i = 0; words[i] != NULL; i++)
    {
      gsize n = strlen (words[i]);

      if (n <= (gsize) (end - p) && memcmp (p, words[i], n) == 0)
        return n;
    }
  return 0;
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
  static const char *const no_honorifics[]
      = { "様式", "様態", "様相", "様子", "様々", "氏名", NULL };

  if (word_at (no_honorifics, p, end) > 0)
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
  static const char *const roles[]
      = { "様",     "殿",     "氏",     "君",   "先生",   "社長", "会長", "部長",   "副部長", "次長",
          "課長",   "係長",   "主任",   "主査", "専務",   "常務", "取締役", "代表取締役", "代表", "理事",
          "監査役", "顧問",   "教授",   "准教授", "講師", "助教", "博士", "医師",   "院長",   "所長",
          "室長",   "店長",   "支店長", "局長", "工場長", "弁護士", "税理士", "会計士", "司法書士", "行政書士",
          "選手",   "監督",   "議員",   "知事", "市長",   "町長", "村長", "首相",   "大臣",   "議長",
          "委員",   "被告",   "容疑者", "本人", "名義",   "宛",   "著",   "作",     "行",     "方",
          "及び",   "並びに", "他",     "外",   "担当",   "両名", "女史",   "両氏",   "夫妻",
          "ら",     "マネージャー", "リーダー", "ディレクター", NULL };

  return word_at (roles, p, end) > 0;
}

gsize
sk_person_word_business (const char *p, const char *end)
{
  static const char *const words[]
      = { "自動車", "建設",   "商店",   "商会",   "商事",   "工業",   "工務店", "工房",   "製作所", "製造",
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
          "内閣",   "選挙",   "裁判",   "研究室", "歯科医院", NULL };

  return word_at (words, p, end);
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
  static const char *const words[]
      = { "会社",   "(株)",   "(有)",   "法人",   "商店",   "商事",   "工業",   "製作所", "建設",   "銀行",
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
          "社長",   "取締役", "月曜",   "火曜",   "水曜",   "木曜",   "金曜",   "土曜",   "日曜",   "祝日", NULL };

  for (; p < end; p = g_utf8_next_char (p))
    if (word_at (words, p, end) > 0)
      return TRUE;
  return FALSE;
}

/* Kanji that given names of two and three are made of, old and new ones. */
static gboolean
is_given_kanji (gunichar c)
{
  static const char kanji[]
      = "愛葵碧茜明朱旭梓杏安伊衣依惟郁一壱逸稲詠英瑛栄映恵慧絵笑円媛央凰桜旺乙音恩温佳香歌花華夏加嘉果"
        "海凱開楓覚岳学楽寛環歓貫冠輝暉希季紀貴喜基己規稀祈菊吉橘久宮弓恭京響暁琴欣錦吟空玖駒奎圭桂啓慶"
        "敬景蛍月健賢謙絢憲建顕元玄弦湖虎瑚胡悟吾心広弘宏洸晃康幸光浩昂皓航恒孝功耕紘彩采菜咲作朔桜沙紗早"
        "爽颯桑蒼聡湊奏壮草三山珊史志司士資紫至詩時治次慈爾二実柊秀修周秋洲樹寿珠春俊駿隼淳順純潤諄初尚将"
        "翔匠祥章昭昌勝生正成政誠清星晴聖千泉仙宣扇善禅蘇壮双太汰大鷹泰代拓琢卓匠武丈辰達智知茅宙忠長澄直椎月槻"
        "剛翼紬鶴貞哲天典展斗登都冬東橙灯桃透杜渡藤徳寅敦那奈凪南夏夢苗直成之乃野能音希信伸真芯晋心新慎葉"
        "向絃弦櫂柊匡叡喬嗣塁奨妙孔宗宜寧巌巽庵彗彬徹忍愁旬昊晄晟晨暢棟椛楠榛毅永汐汀津洵浬渓渚渉湘滉漣潮瀬烈環珂瑠甫皐盛眞砂"
        "祥禅禎秀稔穏竣笙節範粋糸素紺綾綺緋縁義翠聖肇臣舟芙芹苑若茂茅菖菫萩薫蘭蝶裟覇詠誉譲豊賀起道達遙那釉鉄鎮陸隼雅零霞静響頼馨"
        "鴻鵬麟麿黎右左宇多四九十久保敏利光典重政滋忠造蔵吉松市進昭博幹登勲勉操君房亀菊梅竹好充猛豪"
        "羽波巴杷馬梅萌帆穂朋芳峰邦苺麻舞毎茉槙真牧正万満未美海弥実魅民夢武務睦望萌百桃耶也夜八矢哉弥椰優悠"
        "結友有由柚祐侑勇雄裕佑雪幸行之唯夕遊予世与代葉陽洋遥瑶耀蓉来莱雷楽嵐藍里莉理梨李璃利律立琉龍竜隆流"
        "涼諒良亮遼凌陵了緑琳凛倫林鈴玲礼怜麗伶嶺恋蓮呂路郎朗浪六和倭環碗介輔助佐丞丈仁人男夫子江枝恵衛"
        "平彦比日妃緋姫飛尋文史芙冨風楓福富歩穂保宝昴昂暖虹澪澄瞳紅織桐蕗夏鳳駆翠晶惺煌莞珀琥冴朝晏叶絆";
  char bytes[7];

  if (!sk_is_kanji (c))
    return FALSE;
  bytes[g_unichar_to_utf8 (c, bytes)] = '\0';
  return strstr (kanji, bytes) != NULL;
}

gboolean
sk_person_word_is_given_kanji_alone (gunichar c)
{
  static const gunichar kanji[]
      = { 0x6E4A, 0x6696, 0x51EA, 0x8A69, 0x7D2C, 0x84BC, 0x7A7A, 0x6714, 0x7D46, 0x6674, 0x6634, 0x6A39,
          0x821E, 0x6953, 0x674F, 0x6893, 0x67DA, 0x7FE0, 0x78A7, 0x5F8B, 0x6167, 0x60A0, 0x51DB, 0x84EE,
          0x8475, 0x65B0, 0x82B1, 0x967D, 0x548C, 0x6816, 0x6728, 0x7F8E, 0x6B69, 0x7D50, 0x5149, 0x5343 };
  /* 湊暖凪詩紬蒼空朔絆晴昴樹 舞楓杏梓柚翠碧律慧悠凛蓮 葵新花陽和栖木美歩結光千 */

  for (guint i = 0; i < G_N_ELEMENTS (kanji); i++)
    if (kanji[i] == c)
      return TRUE;
  return FALSE;
}

gsize
sk_person_word_rare_surname (const char *p, const char *end)
{
  static const char *const surnames[]
      = { "小鳥遊", "月見里", "四月一日", "神宮寺", "御手洗", "二階堂", "西園寺", "一ノ瀬", "一之瀬", "鬼塚", "早乙女",
          "五十里", "八月一日", "九十九", "十六夜", "綾小路", "伊集院", "武者小路", "姉小路", "久世", "冷泉", "京極",
          "東雲",   "雲母",   "不知火", "御子柴", "神楽坂", "鳳", "如月", "桐生", "結城", "藤堂", "氷室", "天童", "宝生",
          "南雲",   "纐纈",   "薬袋", "百目鬼", "八月朔日", "栗花落", "五月女", "六車", "七海", "一色", "一条", "二宮",
          "比嘉",   "金城",   "島袋", "新垣", "知念", "喜屋武", "仲村渠", "東風平", "我那覇", "渡久地", "平良", "砂川", NULL };

  return word_at (surnames, p, end);
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
      "ココネ ココハ ココロ コトネ コトハ コハル サオリ サキ サクヤ サクラ サダオ サチコ サツキ サトシ サトミ サトル サナ サヤ サヤカ "
      "サユリ サラ シオリ シゲル シズカ シホ シュウ シュウイチ シュウジ シュウヘイ シュン ショウ ショウコ ショウタ ショウヘイ "
      "ジュン ジュンイチ ジュンコ ジュンジ ジョウ ジロウ シロウ シンイチ シンジ シンヤ スズ スズカ スミレ ススム セイジ セツコ セナ "
      "ソウ ソウスケ ソウタ ソラ ダイ ダイキ ダイスケ ダイチ タイガ タイキ タイチ タカ タカコ タカシ タカヒロ タカユキ タクマ タクミ "
      "タクヤ タケシ タケル タダシ タツヤ タロウ チエ チエコ チカ チサト チナツ チヒロ チヨ ツバサ ツムギ ツヨシ テツオ テツヤ テルオ "
      "トオル トシオ トシコ トシヒコ トシヤ トモカ トモキ トモコ トモハル トモミ トモヤ トモヒロ ナオ ナオキ ナオコ ナオト ナオミ ナオヤ "
      "ナギサ ナツ ナツキ ナツコ ナツミ ナナ ナナコ ナナミ ナホ ナミ ナルミ ニコ ノア ノゾミ ノドカ ノブオ ノブコ ノブユキ ノリオ "
      "ノリコ ハジメ ハナ ハナコ ハル ハルカ ハルキ ハルコ ハルト ハルナ ハルマ ハヤト ヒカリ ヒカル ヒサコ ヒサシ ヒデオ ヒデキ ヒトミ "
      "ヒナ ヒナタ ヒナノ ヒマリ ヒロキ ヒロコ ヒロシ ヒロト ヒロミ ヒロユキ フミエ フミオ フミカ フミコ フミヤ フユキ ホノカ "
      "マイ マイコ マオ マコト マサオ マサキ マサコ マサシ マサト マサヒロ マサミ マサヤ マサル マナ マナブ マナミ マホ マミ マユ マユミ "
      "マリ マリア マリエ マリコ マリナ ミオ ミカ ミキ ミキコ ミク ミサ ミサキ ミサト ミチコ ミツオ ミツル ミドリ ミナ ミナコ ミナト "
      "ミナミ ミノル ミハル ミホ ミヤコ ミユ ミユキ ミライ ムツミ メイ メグミ モエ モモ モモカ モモコ ヤスコ ヤスシ ヤスヒロ ヤヨイ "
      "ユア ユイ ユイト ユウ ユウカ ユウキ ユウコ ユウジ ユウスケ ユウタ ユウト ユウナ ユウマ ユウヤ ユカ ユカリ ユキ ユキエ ユキオ ユキコ "
      "ユキナ ユズ ユズキ ユナ ユミ ユミコ ユリ ユリカ ユリコ ヨウイチ ヨウコ ヨウスケ ヨウタ ヨシオ ヨシコ ヨシヒロ ヨシミ "
      "ライト リオ リカ リク リコ リサ リツ リナ リノ リュウ リュウイチ リュウジ リュウセイ リュウタ リョウ リョウコ リョウスケ リョウタ "
      "リョウヘイ リン ルイ ルミ ルリ レイ レイカ レイコ レイナ レオ レン ワカナ ワタル ";
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

/* What hiragana goes on with behind a name. */
static gboolean
may_follow_kana (const char *p, const char *end, gboolean is_hiragana)
{
  static const char *const words[]
      = { "です", "でし", "でご", "さん", "さま", "ちゃん", "くん", "は", "が", "の", "を", "に", "と", "も",
          "へ",   "から", "より", "まで", "や",   "で",     "宛",   "様", "殿", "氏", "君", "先", NULL };
  gunichar c = character_at (p, end);

  if (sk_is_kanji (c) || (is_hiragana ? sk_is_hiragana (c) : sk_is_katakana (c)))
    return word_at (words, p, end) > 0;
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
          && may_follow_kana (q, end, is_hiragana))
        longest = (gsize) (q - p);
    }
  return longest;
}
