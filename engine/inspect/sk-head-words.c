// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-head-words.h"

#include <string.h>

enum {
  ALONE = 0,
  BEFORE = SK_HEAD_MAY_BE_LED,
  BEHIND = SK_HEAD_MAY_GO_ON,
};

/* First those that sk-cells.h has a head for, whose order counts; then those that are only labels. */
static const SkHeadWords head_words[] = {
  { SK_LABEL_HEAD, SK_HEAD_NAME, BEFORE | BEHIND, "氏名" },
  { SK_LABEL_HEAD, SK_HEAD_SURNAME, ALONE, "姓" },
  { SK_LABEL_NONE, SK_HEAD_SURNAME, ALONE,
    "苗字,名字,姓(漢字),姓漢字,氏,セイ,せい,姓カナ,姓(カナ)" },
  { SK_LABEL_HEAD, SK_HEAD_GIVEN, ALONE, "名" },
  { SK_LABEL_NONE, SK_HEAD_GIVEN, ALONE, "名(漢字),名漢字,メイ,めい,名カナ,名(カナ)" },
  { SK_LABEL_NONE, SK_HEAD_COMPANY, BEFORE | BEHIND, "会社,企業,法人,組織,団体,店舗,施設,部門" },
  { SK_LABEL_NONE, SK_HEAD_COMPANY, BEFORE, "社名,店名" },
  { SK_LABEL_NONE, SK_HEAD_COMPANY, ALONE, "貴社,部,部課,organization" },
  { SK_LABEL_NONE, SK_HEAD_COMPANY, BEHIND, "所属,勤務先,仕入先,得意先,学校" },
  { SK_LABEL_HEAD, SK_HEAD_COMPANY, BEHIND, "取引先,company" },
  { SK_LABEL_HEAD, SK_HEAD_COMPANY, BEFORE | BEHIND, "部署" },
  { SK_LABEL_HEAD, SK_HEAD_MAIL, BEFORE | BEHIND, "メール,mail" },
  { SK_LABEL_PHONE, SK_HEAD_PHONE, BEFORE | BEHIND, "電話,携帯,tel,phone,mobile,fax" },
  { SK_LABEL_PHONE, SK_HEAD_PHONE, ALONE, "連絡先" },
  { SK_LABEL_NONE, SK_HEAD_PHONE, ALONE, "緊急連絡先" },
  { SK_LABEL_HEAD, SK_HEAD_ADDRESS, BEFORE | BEHIND, "住所,address" },
  { SK_LABEL_HEAD, SK_HEAD_ADDRESS, BEHIND, "所在地" },
  { SK_LABEL_NONE, SK_HEAD_ADDRESS, ALONE, "現住所,居住地" },
  { SK_LABEL_HEAD, SK_HEAD_ADDRESS, ALONE, "都道府県,市区町村" },
  { SK_LABEL_NONE, SK_HEAD_ADDRESS, BEHIND, "町域,番地" },
  { SK_LABEL_POSTAL, SK_HEAD_ADDRESS, ALONE, "郵便番号,〒" },
  { SK_LABEL_HEAD, SK_HEAD_OTHER, ALONE, "品名" },
  { SK_LABEL_NONE, SK_HEAD_OTHER, BEHIND, "商品,製品,案件" },
  { SK_LABEL_HEAD, SK_HEAD_OTHER, BEFORE | BEHIND, "項目,銀行" },
  { SK_LABEL_NONE, SK_HEAD_OTHER, ALONE, "件名,品目,地名,地域" },
  { SK_LABEL_NONE, SK_HEAD_OTHER, BEFORE | BEHIND, "駅" },
  { SK_LABEL_HEAD, SK_HEAD_OTHER, BEHIND, "支店" },
  { SK_LABEL_HEAD, SK_HEAD_NAME, BEFORE | BEHIND, "口座名義" },
  { SK_LABEL_NONE, SK_HEAD_NAME, BEFORE | BEHIND, "名義人" },
  { SK_LABEL_VAGUE, SK_HEAD_NUMBER, BEFORE | BEHIND, "番号" },
  { SK_LABEL_VAGUE, SK_HEAD_NUMBER, ALONE, "no" },
  { SK_LABEL_NONE, SK_HEAD_NUMBER, BEFORE, "員no,客no,者no,員id,客id,者id" },
  { SK_LABEL_NONE, SK_HEAD_NUMBER, ALONE, "管理no,no.,ユーザーid,userid,memberid,customerid" },
  { SK_LABEL_MEMBER, SK_HEAD_NUMBER, ALONE, "id" },
  { SK_LABEL_VAGUE, SK_HEAD_NUMBER, BEFORE, "コード" },
  { SK_LABEL_MY_NUMBER, SK_HEAD_NUMBER, BEFORE | BEHIND, "マイナンバー" },
  { SK_LABEL_BIRTH, SK_HEAD_NUMBER, BEHIND, "生年月日" },
  { SK_LABEL_BIRTH, SK_HEAD_NUMBER, ALONE, "誕生日" },
  { SK_LABEL_NONE, SK_HEAD_NAME, BEFORE | BEHIND,
    "姓名,対象者,候補者,合格者,入社者,退職者,異動者,未納者,滞納者,訪問者,来訪者,宿泊者,"
    "契約者,利用者,参加者,出席者,欠席者,受講者,受験者,来場者,当選者,社員,従業員,患者,生徒,"
    "児童,学生,保護者,申込者,応募者,購入者,注文者,登録者,依頼者,依頼主,宛名,受取人,代表者,"
    "責任者,世帯主,家族,講師" },
  { SK_LABEL_HEAD, SK_HEAD_NAME, BEFORE | BEHIND, "名前,フリガナ,ふりがな" },
  { SK_LABEL_HEAD, SK_HEAD_NAME, ALONE, "カナ,担当,name" },
  { SK_LABEL_NONE, SK_HEAD_NAME, ALONE,
    "かな,ヨミガナ,よみがな,読み仮名,読み,会員,お客様,メンバー,名簿,fullname,name(kana),"
    "customername" },
  { SK_LABEL_HEAD, SK_HEAD_NAME, BEFORE, "担当者" },
  { SK_LABEL_NONE, SK_HEAD_NAME, BEFORE,
    "担当者名,担当者様,者名,メンバー,会員名,顧客名,お客様名,職員名,届け先名,名簿,personname" },
  { SK_LABEL_NONE, SK_HEAD_SURNAME, ALONE, "lastname,familyname" },
  { SK_LABEL_NONE, SK_HEAD_GIVEN, ALONE, "firstname,givenname" },
  { SK_LABEL_HEAD, SK_HEAD_OTHER, ALONE, "年齢,性別,備考,役職" },
  { SK_LABEL_OTHER, SK_HEAD_OTHER, ALONE, "金額,数量,単価" },
  { SK_LABEL_DATE, SK_HEAD_OTHER, ALONE, "日付,登録日,入社日" },
  { SK_LABEL_NONE, SK_HEAD_OTHER, ALONE, "日,職業" },
  { SK_LABEL_NONE, SK_HEAD_OTHER, BEFORE, "月日" },
  { SK_LABEL_HEAD, SK_HEAD_OTHER, BEFORE, "種別,区分" },
  { SK_LABEL_CARD, SK_HEAD_NONE, ALONE,
    "カード番号,カードno,カードナンバー,クレジットカード,クレジット番号,クレカ番号,クレカ,"
    "カード,card number,card no,credit card,debit card,card,pan,visa,mastercard,jcb,amex,"
    "american express,diners,card_number,cardnumber,card_no" },
  { SK_LABEL_MY_NUMBER, SK_HEAD_NONE, ALONE,
    "個人番号,個 人 番 号,マイナンバーカード,マイナンバー番号,マイナンバーカード番号,my number,mynumber,"
    "my_number,individual number,individual no,共通番号,kojin bango,kojin bangou" },
  { SK_LABEL_CORPORATE, SK_HEAD_NONE, ALONE,
    "法人番号,登録番号,事業者番号,インボイス番号,インボイス,corporate number,corporate no,"
    "corporate_number,registration number,registration no,法人no,t番号" },
  { SK_LABEL_PHONE, SK_HEAD_NONE, ALONE,
    "電話番号,電話no,電話先,tel番号,fax番号,telephone,phone number,phone no,telephone number,"
    "tel no,mobile number,cell,cellphone,携帯番号,携帯電話,携帯電話番号,ケータイ,スマホ,"
    "スマートフォン,ファックス,ファクス,ファックス番号,ファクシミリ,連絡先番号,"
    "連絡先電話番号,フリーダイヤル,ナビダイヤル,contact number,contact no,☎,☏,📞,📱,📠,"
    "連絡は,問い合わせは,問合せは,問合わせは,問い合わせ先,問合せ先,問い合せ先,phone_number,"
    "phonenumber,mobile phone" },
  { SK_LABEL_POSTAL, SK_HEAD_NONE, ALONE,
    "〠,〒番号,郵 便 番 号,zipコード,郵便no,postal code,post code,postcode,zip code,zipcode,zip,postal,postal_code,"
    "zip_code" },
  { SK_LABEL_ACCOUNT, SK_HEAD_NONE, ALONE,
    "口座番号,口座no,口座,振込先,振込先口座,口座番号等,account number,account no,account num,"
    "bank account,a/c no,a/c,acct no,account_number,account_no" },
  { SK_LABEL_DEPOSIT, SK_HEAD_NONE, ALONE,
    "普通,普通預金,普通口座,普通預金口座,当座,当座預金,当座口座,貯蓄,貯蓄預金,savings,"
    "checking" },
  { SK_LABEL_SYMBOL, SK_HEAD_NONE, ALONE, "記号,記号番号,記号・番号,記号-番号,記号/番号" },
  { SK_LABEL_BIRTH, SK_HEAD_NONE, ALONE,
    "誕生年月日,生 年 月 日,生誕,出生,生まれた日,生まれ年月日,バースデイ,出生日,出生年月日,生年月,生まれ,お誕生日,バースデー,date of birth,birth date,"
    "birthdate,birthday,birth day,dob,d.o.b,born,born on,birth_date,date_of_birth,bday,birth" },
  { SK_LABEL_DATE, SK_HEAD_NONE, ALONE,
    "年月日,契約日,発行日,作成日,更新日,納期,納品日,期日,期限,有効期限,支払日,請求日,注文日,"
    "発注日,受注日,出荷日,日時,開催日,実施日,改定日,入会日,退職日,取得日,申込日,施行日,"
    "発送日,到着日,購入日,利用日,来店日,最終来店日,最終購入日,会員登録日,提出日,締切,入金日,"
    "検収日,訪問日,予定日,開始日,終了日,完了日,date,updated,created,since,設立,創立,創業" },
  { SK_LABEL_OTHER, SK_HEAD_NONE, ALONE,
    "注文番号,受注番号,発注番号,オーダー番号,注文no,伝票番号,伝票no,送り状番号,送り状no,"
    "送り状,追跡番号,問い合わせ番号,問合せ番号,問合わせ番号,問い合せ番号,問い合わせno,"
    "お問合せno,ヤマト運輸,ヤマト,佐川急便,佐川,宅急便,宅配便,西濃運輸,福山通運,ゆうパック,"
    "日本郵便,レターパック,書留番号,追跡,荷物番号,貨物番号,配送番号,管理番号,整理番号,"
    "受付番号,予約番号,請求書番号,見積番号,見積書番号,請求番号,契約番号,証券番号,製造番号,"
    "製品番号,商品番号,商品コード,製品コード,品番,型番,型式,部品番号,シリアル,シリアル番号,"
    "シリアルno,シリアルナンバー,ロット,ロット番号,ロットno,取引番号,取引id,決済番号,決済id,"
    "承認番号,社員番号,職員番号,従業員番号,学籍番号,jan,janコード,isbn,isbn-13,ean,upc,asin,"
    "バーコード,gtin,order no,order number,order id,order #,tracking number,tracking no,"
    "tracking,serial,serial number,serial no,s/n,sku,part no,part number,p/n,invoice no,"
    "invoice number,po number,po no,p.o,transaction id,ticket,ticket no,価格,合計,小計,税込,"
    "税抜,売上,予算,件数,在庫,残高,price,amount,total,qty,quantity,免許証番号,旅券番号,"
    "パスポート番号,資産番号,保険証番号,被保険者番号,基礎年金番号,会社法人等番号,"
    "チケット番号,案件番号,工事番号,図番,図面番号,ファイル番号,バージョン,version,ver,"
    "timestamp,タイムスタンプ,uuid,guid,hash,ハッシュ,iccid,imei,ip,緯度,経度,座標,"
    "ポイントカード番号,ポイントカード,order_no,order_id,tracking_no,serial_no,product_code,"
    "jan_code,会議id,ミーティングid,meeting id,パスコード,パスワード,パス,暗証番号,pw,pass,pin,password,passcode" },
  { SK_LABEL_VAGUE, SK_HEAD_NONE, ALONE, "number,code,ナンバー,旧番号,新番号" },
  { SK_LABEL_MEMBER, SK_HEAD_NONE, ALONE,
    "#,お客様番号,お客様no,お客様コード,顧客番号,顧客no,顧客コード,会員番号,会員no,"
    "会員コード,申込番号,申込no,申し込み番号,申込み番号,申請番号,届出番号,許可番号,受験番号,"
    "照会番号,確認番号,認証番号,契約者番号,加入者番号,利用者番号,患者番号,診察券番号,"
    "カルテ番号,車台番号,車両番号,端末番号,回線番号,取引先コード,得意先コード,仕入先コード,"
    "店舗コード,社員コード,注文,受注,発注,出荷,入荷,納品,返品,注文 no,order,invoice,ref,ref no,ref. no,reference,"
    "reference no,reference number,po,member no,member number,customer no,customer number,"
    "application no,application number" },
  { SK_LABEL_HEAD, SK_HEAD_NONE, ALONE,
    "会社名,企業名,法人名,取引先名,摘要,メールアドレス,email,e-mail,商品名,内容,銀行名,"
    "支店名,預金種別,名義,国,note,notes,remarks,department,bank,branch,gender,age,status,"
    "ステータス,種類" },
};

void
sk_head_words_each (SkHeadWordFunc callback, gpointer user_data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (head_words); i++)
    for (const char *at = head_words[i].words, *end; *at != '\0'; at = end + (*end == ','))
      {
        end = strchrnul (at, ',');
        callback (&head_words[i], at, (gsize) (end - at), user_data);
      }
}
