// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-label-words.h"
#include "sk-digits.h"

#include <string.h>

/* As they are after folding, ASCII in lower case. */
static const struct {
  SkLabel label;
  const char *words; /* between commas */
} label_words[] = {
  { SK_LABEL_CARD,
    "カード番号,カードno,カードナンバー,クレジットカード,"
    "クレジット番号,クレカ番号,クレカ,カード,card number,card no,credit card,"
    "debit card,card,pan,visa,mastercard,jcb,amex,american express,diners,card_number,"
    "cardnumber,card_no" },
  { SK_LABEL_MY_NUMBER,
    "マイナンバー,個人番号,マイナンバーカード,マイナンバー番号,"
    "マイナンバーカード番号,my number,mynumber,my_number,individual number" },
  { SK_LABEL_CORPORATE,
    "法人番号,登録番号,事業者番号,インボイス番号,インボイス,"
    "corporate number,corporate no,corporate_number,registration number,registration no,"
    "法人no,t番号" },
  { SK_LABEL_PHONE,
    "電話番号,電話,電話no,電話先,tel,tel番号,fax,fax番号,telephone,phone,"
    "phone number,phone no,telephone number,tel no,mobile,mobile number,cell,cellphone,携帯,"
    "携帯番号,携帯電話,携帯電話番号,ケータイ,スマホ,スマートフォン,"
    "ファックス,ファクス,ファックス番号,ファクシミリ,連絡先,"
    "連絡先番号,連絡先電話番号,フリーダイヤル,ナビダイヤル,"
    "contact number,contact no,☎,☏,📞,📱,📠,連絡は,問い合わせは,"
    "問合せは,問合わせは,問い合わせ先,問合せ先,問い合せ先,phone_number,"
    "phonenumber,mobile phone" },
  { SK_LABEL_POSTAL,
    "〒,〠,郵便番号,郵便no,postal code,post code,postcode,zip code,zipcode,zip,postal,"
    "postal_code,zip_code" },
  { SK_LABEL_ACCOUNT,
    "口座番号,口座no,口座,振込先,振込先口座,口座番号等,account number,"
    "account no,account num,bank account,a/c no,a/c,acct no,account_number,account_no" },
  { SK_LABEL_DEPOSIT,
    "普通,普通預金,普通口座,普通預金口座,当座,当座預金,当座口座,"
    "貯蓄,貯蓄預金,savings,checking" },
  { SK_LABEL_SYMBOL,
    "記号,記号番号,記号・番号,記号-番号,記号/番号" },
  { SK_LABEL_BIRTH,
    "生年月日,誕生日,誕生年月日,出生日,出生年月日,生年月,生まれ,"
    "お誕生日,バースデー,date of birth,birth date,birthdate,birthday,birth day,dob,"
    "d.o.b,born,born on,birth_date,date_of_birth,birth" },
  { SK_LABEL_DATE,
    "日付,年月日,契約日,発行日,作成日,更新日,入社日,登録日,納期,"
    "納品日,期日,期限,有効期限,支払日,請求日,注文日,発注日,受注日,"
    "出荷日,日時,開催日,実施日,改定日,入会日,退職日,取得日,申込日,"
    "施行日,発送日,到着日,購入日,利用日,来店日,最終来店日,"
    "最終購入日,会員登録日,提出日,締切,入金日,検収日,訪問日,予定日,"
    "開始日,終了日,完了日,date,updated,created,since,設立,創立,創業" },
  { SK_LABEL_OTHER,
    "注文番号,受注番号,発注番号,オーダー番号,注文no,伝票番号,伝票no,"
    "送り状番号,送り状no,送り状,追跡番号,問い合わせ番号,問合せ番号,"
    "問合わせ番号,問い合せ番号,問い合わせno,お問合せno,ヤマト運輸,"
    "ヤマト,佐川急便,佐川,宅急便,宅配便,西濃運輸,福山通運,"
    "ゆうパック,日本郵便,レターパック,書留番号,追跡,荷物番号,"
    "貨物番号,配送番号,管理番号,整理番号,受付番号,予約番号,"
    "請求書番号,見積番号,見積書番号,請求番号,契約番号,証券番号,"
    "製造番号,製品番号,商品番号,商品コード,製品コード,品番,型番,"
    "型式,部品番号,シリアル,シリアル番号,シリアルno,"
    "シリアルナンバー,ロット,ロット番号,ロットno,取引番号,取引id,"
    "決済番号,決済id,承認番号,社員番号,職員番号,従業員番号,学籍番号,"
    "jan,janコード,isbn,isbn-13,ean,upc,asin,バーコード,gtin,order no,order number,"
    "order id,order #,tracking number,tracking no,tracking,serial,serial number,serial no,s/n,"
    "sku,part no,part number,p/n,invoice no,invoice number,po number,po no,p.o,transaction id,"
    "ticket,ticket no,金額,価格,合計,小計,単価,税込,税抜,売上,予算,数量,"
    "件数,在庫,残高,price,amount,total,qty,quantity,免許証番号,旅券番号,"
    "パスポート番号,資産番号,保険証番号,被保険者番号,基礎年金番号,"
    "会社法人等番号,チケット番号,案件番号,工事番号,図番,図面番号,"
    "ファイル番号,バージョン,version,ver,timestamp,タイムスタンプ,uuid,guid,"
    "hash,ハッシュ,iccid,imei,ip,緯度,経度,座標,ポイントカード番号,"
    "ポイントカード,order_no,order_id,tracking_no,serial_no,product_code,jan_code,"
    "会議id,ミーティングid,meeting id,パスコード,パスワード,password,"
    "passcode" },
  { SK_LABEL_VAGUE,
    "番号,コード,no,number,code,ナンバー" },
  { SK_LABEL_MEMBER,
    "#,id,お客様番号,お客様no,お客様コード,顧客番号,顧客no,顧客コード,会員番号,会員no,"
    "会員コード,申込番号,申込no,申し込み番号,申込み番号,申請番号,届出番号,許可番号,"
    "受験番号,照会番号,確認番号,認証番号,契約者番号,加入者番号,利用者番号,患者番号,"
    "診察券番号,カルテ番号,車台番号,車両番号,端末番号,回線番号,取引先コード,"
    "得意先コード,仕入先コード,店舗コード,社員コード,注文,注文 no,order,invoice,"
    "ref,ref no,ref. no,reference,reference no,reference number,po,member no,member number,"
    "customer no,customer number,application no,application number" },
  { SK_LABEL_HEAD,
    "氏名,名前,姓,名,住所,所在地,会社名,企業名,法人名,取引先,"
    "取引先名,部署,役職,備考,摘要,メール,メールアドレス,email,e-mail,"
    "mail,name,address,company,性別,年齢,フリガナ,ふりがな,カナ,都道府県,"
    "市区町村,担当,担当者,商品名,品名,項目,内容,銀行名,支店名,銀行,"
    "支店,種別,預金種別,口座名義,名義,国,note,notes,remarks,department,bank,"
    "branch,gender,age,status,ステータス,区分,種類" },
};

/* A byte of words, read from their end to their beginning. Words with the same end share its nodes; number 0 is
 * none. */
typedef struct {
  guint16 before; /* a byte that may stand before this one, */
  guint16 other;  /* and another one that may stand in its place */
  guint8 byte, label; /* SK_LABEL_NONE: no word begins here */
} Node;

typedef struct {
  GArray *nodes; /* Node */
  guint16 last[256]; /* of each byte that words end with */
} Words;

static inline guint16
find_node (const Node *nodes, guint16 at, guchar byte)
{
  while (at != 0 && nodes[at].byte != byte)
    at = nodes[at].other;
  return at;
}

static guint16
append_node (Words *self, guchar byte, guint16 other)
{
  const Node node = { 0, other, byte, SK_LABEL_NONE };

  g_assert (self->nodes->len < G_MAXUINT16);
  g_array_append_val (self->nodes, node);
  return (guint16) (self->nodes->len - 1);
}

/* The node of `byte` before that of number `after`. */
static guint16
node_before (Words *self, guint16 after, guchar byte)
{
  guint16 first = g_array_index (self->nodes, Node, after).before;
  guint16 found = find_node ((const Node *) self->nodes->data, first, byte);

  if (found != 0)
    return found;
  found = append_node (self, byte, first);
  g_array_index (self->nodes, Node, after).before = found;
  return found;
}

/* Of a word that stands under two labels, the first counts. */
static void
add_word (Words *self, const char *word, gsize length, SkLabel label)
{
  guchar byte = (guchar) word[--length];
  guint16 at = self->last[byte];
  Node *node;

  if (at == 0)
    at = self->last[byte] = append_node (self, byte, 0);
  while (length > 0)
    at = node_before (self, at, (guchar) word[--length]);
  node = &g_array_index (self->nodes, Node, at);
  node->label = node->label != SK_LABEL_NONE ? node->label : (guint8) label;
}

static gpointer
index_words (gpointer unused)
{
  Words *self = g_new0 (Words, 1);

  self->nodes = g_array_new (FALSE, FALSE, sizeof (Node));
  append_node (self, 0, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (label_words); i++)
    for (const char *at = label_words[i].words, *end; *at != '\0'; at = end + (*end == ','))
      {
        end = strchrnul (at, ',');
        add_word (self, at, (gsize) (end - at), label_words[i].label);
      }
  return self;
}

static const Words *
get_words (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, index_words, NULL);
}

/* Latin words end and begin at letters; Japanese has no such bounds. */
static gboolean
is_whole_word (const char *text, gsize start, gsize end, gsize limit)
{
  if (sk_is_letter (text[end - 1]) && end < limit && sk_is_letter (text[end]))
    return FALSE;
  return !sk_is_letter (text[start]) || start == 0 || !sk_is_letter (text[start - 1]);
}

SkLabel
sk_label_ending (const char *text, gsize low, gsize end, gsize limit, gsize *length)
{
  const Words *words = get_words ();
  const Node *nodes = (const Node *) words->nodes->data;
  SkLabel label = SK_LABEL_NONE;
  gsize start = end - 1;

  if (end < limit && ((guchar) text[end] & 0xc0) == 0x80) /* within a character */
    return SK_LABEL_NONE;
  for (guint16 at = words->last[(guchar) sk_lower (text[start])]; at != 0;
       at = find_node (nodes, nodes[at].before, (guchar) sk_lower (text[--start])))
    {
      if (nodes[at].label != SK_LABEL_NONE && is_whole_word (text, start, end, limit))
        {
          label = nodes[at].label;
          *length = end - start;
        }
      if (start == low)
        break;
    }
  return label;
}
