// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-because.h"

#include <glib.h>
#include <string.h>

static const struct {
  const char *code, *text;
} reasons[] = {
  { "attachment.disguised", "拡張子と中身が異なる添付ファイルがあります" },
  { "attachment.encrypted", "添付ファイルの暗号化の状態" },
  { "attachment.extension", "添付ファイルの拡張子" },
  { "attachment.find", "添付ファイルの個人情報" },
  { "attachment.name", "添付ファイルの名前" },
  { "attachment.named", "添付ファイルの名前の有無" },
  { "attachment.readable", "内容を確認できない添付ファイル" },
  { "attachment.regex", "添付ファイルの語句" },
  { "attachment.size", "添付ファイルの大きさ" },
  { "attachment.type", "添付ファイルの種類" },
  { "attachment.words", "添付ファイルの語句" },
  { "attachments.count", "添付ファイルの数または合計の大きさ" },
  { "content.find", "メールに含まれる個人情報" },
  { "content.regex", "メールに含まれる語句" },
  { "content.words", "メールに含まれる語句" },
  { "message.subject", "件名" },
  { "recipients.count", "宛先の数" },
  { "time", "送信の時刻" },
  { "to.address", "宛先" },
  { "to.domain", "宛先のドメイン" },
  { "to.history", "初めての宛先" },
  { "to.in", "宛先" },
  { "to.lookalike", "紛らわしいドメインの宛先" },
  { "to.scope", "宛先の範囲" },
  { "to.tls", "宛先のメールサーバーの TLS" },
};

const char *
sk_because_in_japanese (const char *code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (strcmp (reasons[i].code, code) == 0)
      return reasons[i].text;
  return NULL;
}
