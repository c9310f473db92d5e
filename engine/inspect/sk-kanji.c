// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-kanji.h"

/* Pairs: the variant, then the form it becomes, which is no variant itself. Those that NFKC joins
 * already (海 神 福 as compatibility ideographs) are not here. */
static const char pairs[] =
  /* 常用漢字表 (Cabinet notice no. 2 of 2010): the older forms it gives in parentheses, all of them */
  "亞亜 惡悪 壓圧 圍囲 醫医 爲為 壹壱 隱隠 榮栄 營営 衞衛 驛駅 圓円 鹽塩 "
  "緣縁 艷艶 應応 歐欧 毆殴 櫻桜 奧奥 橫横 溫温 穩穏 假仮 價価 畫画 會会 "
  "繪絵 壞壊 懷懐 槪概 擴拡 殼殻 覺覚 學学 嶽岳 樂楽 渴渇 罐缶 卷巻 陷陥 "
  "勸勧 寬寛 關関 歡歓 觀観 氣気 歸帰 龜亀 僞偽 戲戯 犧犠 舊旧 據拠 擧挙 "
  "虛虚 峽峡 挾挟 狹狭 鄕郷 曉暁 區区 驅駆 勳勲 薰薫 徑径 莖茎 惠恵 揭掲 "
  "溪渓 經経 螢蛍 輕軽 繼継 鷄鶏 藝芸 擊撃 缺欠 硏研 縣県 儉倹 劍剣 險険 "
  "圈圏 檢検 獻献 權権 顯顕 驗験 嚴厳 廣広 效効 恆恒 黃黄 鑛鉱 號号 國国 "
  "黑黒 碎砕 濟済 齋斎 劑剤 雜雑 參参 棧桟 蠶蚕 慘惨 贊賛 殘残 絲糸 齒歯 "
  "兒児 辭辞 濕湿 實実 寫写 釋釈 壽寿 收収 從従 澁渋 獸獣 縱縦 肅粛 處処 "
  "緖緒 敍叙 將将 稱称 涉渉 燒焼 證証 奬奨 條条 狀状 乘乗 淨浄 剩剰 疊畳 "
  "繩縄 壤壌 孃嬢 讓譲 釀醸 觸触 囑嘱 眞真 寢寝 愼慎 盡尽 圖図 粹粋 醉酔 "
  "穗穂 隨随 髓髄 樞枢 數数 瀨瀬 聲声 齊斉 靜静 竊窃 攝摂 專専 淺浅 戰戦 "
  "踐践 錢銭 潛潜 纖繊 禪禅 雙双 壯壮 爭争 莊荘 搜捜 插挿 巢巣 曾曽 瘦痩 "
  "裝装 總総 騷騒 增増 藏蔵 臟臓 卽即 屬属 續続 墮堕 對対 體体 帶帯 滯滞 "
  "臺台 瀧滝 擇択 澤沢 擔担 單単 膽胆 團団 斷断 彈弾 遲遅 癡痴 蟲虫 晝昼 "
  "鑄鋳 廳庁 徵徴 聽聴 敕勅 鎭鎮 遞逓 鐵鉄 點点 轉転 傳伝 燈灯 當当 黨党 "
  "盜盗 稻稲 鬭闘 德徳 獨独 讀読 屆届 貳弐 惱悩 腦脳 霸覇 拜拝 廢廃 賣売 "
  "麥麦 發発 髮髪 拔抜 晚晩 蠻蛮 祕秘 濱浜 甁瓶 拂払 佛仏 倂併 竝並 餠餅 "
  "邊辺 變変 辨弁 瓣弁 辯弁 步歩 寶宝 豐豊 襃褒 飜翻 每毎 萬万 滿満 麵麺 "
  "默黙 彌弥 譯訳 藥薬 與与 豫予 餘余 譽誉 搖揺 樣様 謠謡 來来 賴頼 亂乱 "
  "覽覧 龍竜 兩両 獵猟 綠緑 淚涙 壘塁 禮礼 勵励 戾戻 靈霊 齡齢 曆暦 歷歴 "
  "戀恋 鍊錬 爐炉 勞労 郞郎 樓楼 錄録 灣湾 "
  /* 人名用漢字, appended table 2 to the Family Register Act's regulations, article 60: variants of one another,
   * and what else it allows beside a form of the first table */
  "亙亘 凜凛 堯尭 巖巌 晄晃 檜桧 槇槙 禰祢 禱祷 祿禄 穰穣 萠萌 遙遥 薗園 "
  "駈駆 嶋島 盃杯 冨富 峯峰 埜野 凉涼 "
  /* 表外漢字字体表 (National Language Council, 2000): printing forms and their simple ones */
  "繡繍 鷗鴎 蔣蒋 醬醤 蠟蝋 啞唖 蘆芦 穎頴 攪撹 嚙噛 鹼鹸 麴麹 搔掻 屛屏 "
  "彎弯 "
  /* one character of that table in two code points, as older sets and fonts have it */
  "悅悦 閱閲 銳鋭 說説 稅税 脫脱 絕絶 吳呉 娛娯 敎教 强強 戶戸 歲歳 產産 "
  "彥彦 顏顔 淸清 靑青 尙尚 內内 姬姫 蔥葱 閒間 鄉郷 鬪闘 舉挙 姊姉 駡罵 "
  "飮飲 旣既 瑤瑶 "
  /* printing forms and those of JIS X 0208, which most people's computers wrote for decades */
  "俠侠 軀躯 蟬蝉 驒騨 簞箪 摑掴 顚顛 瀆涜 囊嚢 潑溌 醱醗 萊莱 俱倶 吞呑 "
  "噓嘘 姸妍 繫繋 屢屡 頰頬 剝剥 塡填 焰焔 𠮟叱 攢攅 鶯鴬 諫諌 礪砺 壷壺 "
  "檮梼 濤涛 蠅蝿 篭籠 竈竃 蠣蛎 "
  /* variants in names of people, places and firms */
  "髙高 﨑崎 嵜崎 邉辺 濵浜 嶌島 栁柳 桒桑 曻昇 昻昂 𠮷吉 舘館 渕淵 冐冒 "
  "槗橋 𣘺橋 靍鶴 靏鶴 寉鶴 靎鶴 曺曹 𡈽土 圡土 㐂喜 斈学 藪薮 籔薮 暎映 "
  "冝宜 桺柳 舩船 耻恥 恠怪 峩峨 凾函 皷鼓 咊和 秊年 穐秋 烱炯 躰体 "
  "囯国 濶闊 畄留 﨔欅 逹達 迯逃 壻婿 聟婿 豎竪 ";

/* In names only these are taken for one another; in a dictionary they are two words (書斎, 一斉). */
static const char mistaken_pairs[] = "斎斉 ";

/* The pairs. Most characters are no variants; that is told by a bit for the low half of each one. */
typedef struct {
  GHashTable *common; /* the variant: its form */
  guint8 may_have[0x10000 / 8];
} Table;

static void
add_pairs (Table *self, const char *text)
{
  while (*text != '\0')
    {
      const char *second = g_utf8_next_char (text);
      gunichar variant = g_utf8_get_char (text);

      g_hash_table_insert (self->common, GUINT_TO_POINTER (variant),
                           GUINT_TO_POINTER (g_utf8_get_char (second)));
      self->may_have[(variant & 0xffff) / 8] |= (guint8) (1 << variant % 8);
      text = g_utf8_next_char (second) + 1;
    }
}

static gpointer
make_tables (gpointer unused)
{
  Table *tables = g_new0 (Table, 2);

  for (guint i = 0; i < 2; i++)
    tables[i].common = g_hash_table_new (NULL, NULL);
  add_pairs (&tables[0], pairs);
  add_pairs (&tables[1], mistaken_pairs);
  return tables;
}

static gunichar
look_up (guint table, gunichar kanji)
{
  static GOnce once = G_ONCE_INIT;
  const Table *self = (const Table *) g_once (&once, make_tables, NULL) + table;
  gpointer found;

  if ((self->may_have[(kanji & 0xffff) / 8] >> kanji % 8 & 1) == 0)
    return kanji;
  found = g_hash_table_lookup (self->common, GUINT_TO_POINTER (kanji));
  return found != NULL ? GPOINTER_TO_UINT (found) : kanji;
}

gunichar
sk_kanji_common (gunichar kanji)
{
  return look_up (0, kanji);
}

gunichar
sk_kanji_loose (gunichar kanji)
{
  return look_up (1, look_up (0, kanji));
}
