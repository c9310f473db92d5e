// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/ctl/sk-ctl-text.h"

#include "engine/inspect/sk-detector-list.h"

#include <string.h>

#define DETECTOR(id, name, japanese) { name, japanese },

static const struct {
  const char *english, *japanese;
} texts[] = {
  /* states */
  { "being received", "受信中" },
  { "being inspected", "検査中" },
  { "waits for your confirmation", "確認待ち" },
  { "accepted", "受付済み" },
  { "done", "完了" },
  { "waits", "待機中" },
  { "about to be sent", "まもなく送信" },
  { "being sent", "送信中" },
  { "sent", "送信済み" },
  { "may have been sent", "送信されたか不明" },
  { "failed", "送信失敗" },
  { "returned", "差し戻し済み" },
  { "cancelled", "取り消し済み" },
  { "refused", "送信拒否" },
  { "held: %s", "保留: %s" },
  { "held until %s", "%s まで保留" },
  { "then held for %d minutes", "その後 %d 分保留" },
  { "then held for %d hours", "その後 %d 時間保留" },
  { "held until the manager releases it", "上司が解除するまで保留" },
  { "held", "保留" },
  { "held until it is released", "解除するまで保留" },
  { "waits for approval (%u of %d) by %s", "承認待ち (%u/%d) 承認者: %s" },
  { "next try %s", "次の送信 %s" },
  { "sent to %s", "%s には送信済み" },
  /* list, show, history, status */
  { "nothing waits", "待っているメールはありません" },
  { "ID", "ID" },
  { "SUBMITTED", "受付" },
  { "STATE", "状態" },
  { "TO", "宛先" },
  { "SUBJECT", "件名" },
  { "Subject", "件名" },
  { "From", "差出人" },
  { "Submitted", "受付" },
  { "Size", "大きさ" },
  { "State", "状態" },
  { "Delivery %d: %s", "配送 %d: %s" },
  { "by the rules %s", "適用した規則: %s" },
  { "Why:", "理由:" },
  { "Found:", "検出:" },
  { "Could not be inspected:", "内容を確認できない添付ファイル:" },
  { "attachment %d", "添付ファイル %d" },
  { "subject", "件名" },
  { "body", "本文" },
  { "the name of %s", "%s の名前" },
  { ", page %d", "、%d ページ" },
  { ", slide %d", "、スライド %d" },
  { ", line %d", "、%d 行目" },
  SK_DETECTORS (DETECTOR)
  { "words", "語句" },
  { "regex", "正規表現" },
  { "no mail has been sent yet", "送信したメールはまだありません" },
  { "ADDRESS", "アドレス" },
  { "LAST", "最後の送信" },
  { "COUNT", "回数" },
  { "none is in force: all mail is held",
    "有効なポリシーがありません。すべてのメールを保留します" },
  { "%s, rules: %d, sha256 %.16s", "%s、規則 %d 件、sha256 %.16s" },
  { "Mail", "メール" },
  { "%s, for %s", "%s、利用者 %s" },
  { "online", "オンライン" },
  { "offline", "オフライン" },
  { "Agent", "エージェント" },
  { "Listens on", "待ち受け" },
  { "Policy", "ポリシー" },
  { "Provider", "プロバイダー" },
  { "The newest policy could not be taken:", "最新のポリシーは適用できませんでした:" },
  { "These detectors can't be used:", "次の検出は使えません:" },
  { "What is in attachments can't be read:", "添付ファイルの中身を調べられません:" },
  { "The newest settings could not be taken:", "最新の設定は適用できませんでした:" },
  { "These settings count when the agent is restarted:",
    "次の設定はエージェントを起動し直すと有効になります:" },
  { "%s: done for %s\n", "%s: %s に実行しました\n" },
  { "%ld addresses taken from %s\n", "%ld 件のアドレスを %s から取り込みました\n" },
  /* refusals */
  { "the running agent is of another version and can't do this; start it anew",
    "動いているエージェントは版が異なり、この操作ができません。起動し直してください" },
  { "no agent answers: %s (start it: %s)", "エージェントが応答しません: %s (起動: %s)" },
  { "%s is there already (--force replaces it)", "%s はすでにあります (置き換えるには --force)" },
  { "%s is no plain file (name another; - is standard output)",
    "%s は通常のファイルではありません (別の名前を指定してください。- は標準出力です)" },
  { "%s: %s (name a file that you can read)", "%s: %s (読めるファイルを指定してください)" },
  { "%s: %s (name a place where you may write)", "%s: %s (書き込める場所を指定してください)" },
  { "there is no mail %s", "%s というメールはありません" },
  { "sekishoctl list --all shows them", "sekishoctl list --all で確かめられます" },
  { "nothing can be done any more with mail %s: %s", "メール %s にはもう操作できません: %s" },
  { "the text of mail %s is not kept: it went straight to the provider",
    "メール %s の本文は保存されていません。そのままプロバイダーに送信されました" },
  { "look into the mail program's or the provider's sent mail",
    "メールソフトまたはプロバイダーの送信済みメールを確かめてください" },
  { "now: %s; possible: %s", "現在: %s。できる操作: %s" },
  /* the agent's reasons, as they stand in desk/ */
  { "the policy asks for a confirmation, and no desktop is there to ask on; "
    "check the recipients and attachments, then release it",
    "送信前の確認が必要ですが、確認画面を表示できません。宛先と添付ファイルを確かめてから解除してください" },
  { "it was due while this computer was off for more than 12 hours; release it if it should "
    "still go",
    "送信予定時刻にパソコンの電源が12時間以上切れていました。送信してよければ解除してください" },
  { "nobody approved it in time", "期限までに承認されませんでした" },
  { "its time was over", "保留の期限が過ぎました" },
  { "nobody released it in time", "期限までに解除されませんでした" },
  { "its From is not one of your addresses", "差出人(From)があなたのアドレスではありません" },
  { "it waits for an approval", "承認待ちです" },
  { "the checkpoint holds it, and nobody can release it; cancel it instead",
    "関所が保留しており、だれも解除できません。代わりに取り消してください" },
  { "the policy lets nobody release it early", "ポリシーにより、だれも早く解除できません" },
  { "only the sender's manager may release it", "解除できるのは送信者の上司だけです" },
  { "it is not held", "保留されていません" },
  { "it has not been inspected yet", "まだ検査されていません" },
  { "no policy is in force, so all mail is held; it goes on by itself when there is one",
    "有効なポリシーがないため、すべてのメールを保留しています。ポリシーが有効になると自動で処理を続けます" },
  { "it is still being inspected; it goes on by itself", "まだ検査中です。終わると自動で処理を続けます" },
  { "it is being sent at this moment", "ちょうど送信しているところです" },
  { "it is too late for that", "もう間に合いません" },
  { "it has not failed and waits for no other try", "失敗しておらず、次の送信を待ってもいません" },
  { "what became of it is known", "送信の結果はすでにわかっています" },
  { "the output can't be written", "出力に書き込めません" },
  { "there is no option %s (see sekishoctl --help)",
    "%s というオプションはありません (sekishoctl --help を参照)" },
  { "%s takes no value", "%s に値は指定できません" },
  { "%s needs a value", "%s には値が必要です" },
  { "%s has no meaning here; write: sekishoctl %s",
    "%s はここでは使えません。書き方: sekishoctl %s" },
  { "write: sekishoctl %s", "書き方: sekishoctl %s" },
  { "say what to do (see sekishoctl --help)",
    "コマンドを指定してください (sekishoctl --help を参照)" },
  { "there is no command %s (see sekishoctl --help)",
    "%s というコマンドはありません (sekishoctl --help を参照)" },
  /* help */
  { "what is in force, and what waits", "有効なポリシーと、待っているメール" },
  { "the mails that wait; with --all the finished ones too",
    "待っているメールの一覧。--all で完了したものも" },
  { "one mail, its deliveries and why", "メール 1 通とその配送、理由" },
  { "let a held mail go now", "保留中のメールを今すぐ送る" },
  { "don't send it", "送信を取り消す" },
  { "try to send it again now", "今すぐもう一度送信を試みる" },
  { "what became of a mail that may have been sent", "送信されたか不明なメールの結果を決める" },
  { "the mail as it was submitted; - is standard output",
    "受け付けたままのメールを保存する。- は標準出力" },
  { "to whom mail was sent", "送信履歴" },
  { "take earlier addresses from a CSV or mbox file", "CSV または mbox からアドレスを取り込む" },
  { "read the policy anew now", "ポリシーを今すぐ読み直す" },
  { "what is wrong, and what to do about it", "問題とその対処を調べる" },
  { "answer in JSON", "JSON で答える" },
  { "the settings of the agent, for --socket and doctor",
    "エージェントの設定ファイル (--socket と doctor 用)" },
  { "talk to an agent that was started with --socket",
    "--socket で起動したエージェントと通信する" },
  { "list: finished mails too", "list: 完了したメールも" },
  { "resolve: it was sent", "resolve: 送信されていた" },
  { "resolve: it was not, send it again", "resolve: 送信されていないので再送する" },
  { "resolve: it was not, and shall not be", "resolve: 送信されていないが、送らない" },
  { "save: replace the file", "save: ファイルを置き換える" },
  { "print this", "この説明を表示する" },
  { "print the version", "版を表示する" },
  { "sekishoctl COMMAND: the mail checkpoint on the command line\n",
    "sekishoctl コマンド: 関所をコマンドラインから操作する\n" },
  { "Options:", "オプション:" },
  { "ID: as list shows it, or a beginning of it that fits no other.\n"
    "Exit status: 0 done, 1 not allowed now, 2 wrong call, 3 no agent.",
    "ID: list が示すもの。ほかと区別できる先頭部分でもよい。\n"
    "終了コード: 0 完了、1 今は許されない、2 呼び出しの誤り、3 エージェントがない。" },
  /* doctor */
  { "they can be read", "読み取れます" },
  { "see agent.conf(5)", "agent.conf(5) を参照してください" },
  { "mend this line; see agent.conf(5)", "この行を直してください。agent.conf(5) を参照" },
  { "%s: others may read this password", "%s: ほかの利用者がこのパスワードを読めます" },
  { "%s: others may look into it", "%s: ほかの利用者が中を見られます" },
  { "%s are free where mail is kept (%s)", "メールの保存先の空き容量: %s (%s)" },
  { "make room: %s are needed for large mails",
    "空き容量を増やしてください。大きなメールには %s 必要です" },
  { "it runs, version %s, and listens on %s", "版 %s が動作中、待ち受け %s" },
  { "%s: changed since the agent was started", "%s: エージェントの起動後に変更されています" },
  { "restart the agent: systemctl --user restart sekisho-agent",
    "エージェントを起動し直してください: systemctl --user restart sekisho-agent" },
  { "another version is installed: systemctl --user restart sekisho-agent",
    "インストールされている版と異なります: systemctl --user restart sekisho-agent" },
  { "mend it, then: sekishoctl update", "ポリシーを直してから: sekishoctl update" },
  { "name its folder in agent.conf, [policy] folder",
    "agent.conf の [policy] folder にフォルダーを書いてください" },
  { "%s has never answered", "%s からまだ一度も応答がありません" },
  { "mend it, then restart the agent: systemctl --user restart sekisho-agent",
    "直してから、エージェントを起動し直してください: systemctl --user restart sekisho-agent" },
  { "are read in a sandbox", "サンドボックスの中で読み取ります" },
  { "connect to the network; mail waits until then",
    "ネットワークに接続してください。それまでメールは待ちます" },
  { "there is no network", "ネットワークがありません" },
  { "check [upstream] url, user and password-file, and the agent's log",
    "[upstream] の url、user、password-file とエージェントのログを確認してください" },
  { "%d could not be sent", "%d 件を送信できませんでした" },
  { "sekishoctl list, then retry ID or cancel ID",
    "sekishoctl list で確かめ、retry ID または cancel ID" },
  { "of %d it is not known whether they were sent", "%d 件は送信されたか不明です" },
  { "look into the provider's sent mail, then sekishoctl resolve ID",
    "プロバイダーの送信済みメールを確かめてから sekishoctl resolve ID" },
  { "settings", "設定" },
  { "secrets", "パスワード" },
  { "store", "保存先" },
  { "space", "空き容量" },
  { "agent", "エージェント" },
  { "policy", "ポリシー" },
  { "attachments", "添付ファイル" },
  { "detectors", "検出" },
  { "provider", "プロバイダー" },
  { "mail", "メール" },
  { "ok", "正常" },
  { "WRONG", "問題" },
};

gboolean
sk_ctl_is_japanese (void)
{
  static int japanese = -1;

  if (japanese < 0)
    japanese = g_str_has_prefix (g_get_language_names_with_category ("LC_MESSAGES")[0], "ja");
  return japanese;
}

const char *
sk_ctl_text_in (const json_t *languages)
{
  const char *japanese = json_string_value (json_object_get (languages, "ja"));
  const char *english = json_string_value (json_object_get (languages, "en"));

  if (japanese == NULL || english == NULL)
    return japanese != NULL ? japanese : english;
  return sk_ctl_is_japanese () ? japanese : english;
}

const char *
sk_ctl_text (const char *english)
{
  if (sk_ctl_is_japanese ())
    for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
      if (strcmp (texts[i].english, english) == 0)
        return texts[i].japanese;
  return english;
}
