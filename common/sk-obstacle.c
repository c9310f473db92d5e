// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-obstacle.h"

#include <string.h>

/* The first row that begins the reason. */
static const struct {
  const char *english, *japanese;
} obstacles[] = {
  { "encrypted", "暗号化されています" },
  { "damaged", "壊れています" },
  { "limit: it takes more than ", "調べるのに時間がかかりすぎます" },
  { "limit: the attachments of this mail take too long", "すべての添付ファイルを調べるのに時間がかかりすぎます" },
  { "limit: it needs more than ", "調べるのに必要なメモリーが上限を超えています" },
  { "limit: it unpacks to too m", "展開すると大きくなりすぎます" },
  { "limit: too many files inside one another", "ファイルの入れ子が深すぎます" },
  { "limit: more files in it than may be opened", "中のファイルが多すぎます" },
  { "limit", "上限を超えています" },
  { "more than ", "上限を超えています" },
  { "the reader", "読み取るプログラムが途中で終了しました" },
  { "documents can't be opened: there is no sandbox", "サンドボックスを使えないため、添付ファイルを開けません" },
  { "attachments can't be read safely: ", "サンドボックスを使えないため、添付ファイルを安全に開けません" },
  { "sekisho-extract is of another version", "読み取るプログラムの版が異なります。Sekisho を起動し直してください" },
  { "only a part of a message is here", "分割されたメールの一部しかありません" },
  { "a fragment of a message", "分割されたメールの一部しかありません" },
  { "its content lies elsewhere", "内容がメールの中にありません" },
  { "its content is not in the mail", "内容がメールの中にありません" },
  { "unknown transfer encoding", "不明な符号化方式です" },
  { "contradictory Content fields", "ヘッダーの記述が矛盾しています" },
};

static const char unknown[] = "読み取れません";

const char *
sk_obstacle_in_japanese (const char *reason)
{
  for (gsize i = 0; reason != NULL && i < G_N_ELEMENTS (obstacles); i++)
    if (g_str_has_prefix (reason, obstacles[i].english))
      return obstacles[i].japanese;
  return unknown;
}

/* What begins as a row says, and goes on, says more. */
static gboolean
says_more (const char *reason)
{
  for (gsize i = 0; i < G_N_ELEMENTS (obstacles); i++)
    if (strcmp (reason, obstacles[i].english) == 0)
      return FALSE;
  return *reason != '\0';
}

char *
sk_obstacle_told_in_japanese (const char *reason)
{
  const char *japanese = sk_obstacle_in_japanese (reason);

  return reason != NULL && says_more (reason) ? g_strdup_printf ("%s (%s)", japanese, reason)
                                              : g_strdup (japanese);
}
