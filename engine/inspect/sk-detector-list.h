/* The detectors there are: one row each, in the order of the policy language's list.
 *
 * A detector NAME is the file sk-detect-NAME.c, which defines sk_ID_finder (sk-detector.h), and its row here;
 * all that must know it is made of the rows: the table in sk-detector.c, the list of files in meson.build
 * (which reads lines that begin with `D (`), and what sekishoctl calls it in Japanese. In English it goes by
 * its name. Includes nothing, so that who only names detectors needs none of what they need.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/* ID, NAME as the policy language spells it, and in Japanese. */
#define SK_DETECTORS(D) \
  D (credit_card, "credit-card", "カード番号") \
  D (digits_16, "digits-16", "16桁の数字") \
  D (my_number, "my-number", "マイナンバー") \
  D (corporate_number, "corporate-number", "法人番号") \
  D (phone_number, "phone-number", "電話番号") \
  D (postal_code, "postal-code", "郵便番号") \
  D (address, "address", "住所") \
  D (person_name, "person-name", "氏名") \
  D (email_address, "email-address", "メールアドレス") \
  D (bank_account, "bank-account", "銀行口座") \
  D (birth_date, "birth-date", "生年月日") \
  D (personal_list, "personal-list", "個人情報の一覧")
