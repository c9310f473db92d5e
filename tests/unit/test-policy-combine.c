// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy-case.h"

#define OUT "client@customer.example"
#define OUT2 "second@other.example"
#define IN "peer@example.co.jp"

/* Two rules a and b that meet everybody. */
#define BOTH(a, b) "rules:\n  - {id: a, then: {" a "}}\n  - {id: b, then: {" b "}}\n"
#define ONE(then) "rules:\n  - {id: a, if: {to: external}, then: {" then "}}\n"

static const Case cases[] = {
  /* holds */
  { "longest-hold", BOTH ("hold: 60m", "hold: 24h"), { .to = OUT },
    "{'outcome': 'hold', 'deliveries': [{'hold': {'seconds': 86400, 'afterwards': 'send', 'release': 'sender'}, 'rules': ['a', 'b']}]}" },
  { "none-is-longest", BOTH ("hold: 60m", "hold: true"), { .to = OUT },
    "{'deliveries': [{'hold': {'seconds': null, 'afterwards': 'wait', 'expires': 86400}}]}" },
  { "return-before-wait", BOTH ("hold: {for: 60m, afterwards: return}", "hold: {for: 3m, afterwards: wait}"), { .to = OUT },
    "{'deliveries': [{'hold': {'seconds': 3600, 'afterwards': 'return'}}]}" },
  { "wait-before-send", BOTH ("hold: 60m", "hold: {for: 3m, afterwards: wait}"), { .to = OUT },
    "{'deliveries': [{'hold': {'seconds': 3600, 'afterwards': 'wait'}}]}" },
  { "nobody-before-manager", BOTH ("hold: {for: 3m, release: nobody}", "hold: {for: 3m, release: manager}"), { .to = OUT },
    "{'deliveries': [{'hold': {'release': 'nobody'}}]}" },
  { "manager-before-sender", BOTH ("hold: {for: 3m, release: manager}", "hold: 60m"), { .to = OUT },
    "{'deliveries': [{'hold': {'release': 'manager', 'seconds': 3600}}]}" },
  { "nobody-without-a-time-becomes-manager", BOTH ("hold: {for: 3m, release: nobody}", "hold: true"), { .to = OUT },
    "{'deliveries': [{'hold': {'release': 'manager', 'seconds': null}}]}" },
  /* Tuesday 10:00; 8 business hours end on Wednesday 09:00 + 0: 10-18 is all of them, so at 18:00 */
  { "business-hours", ONE ("hold: 8bh"), { .to = OUT }, "{'deliveries': [{'hold': {'seconds': 28800}}]}" },
  { "business-hours-over-night", ONE ("hold: 9bh"), { .to = OUT },
    "{'deliveries': [{'hold': {'seconds': 86400}}]}" },
  { "own-hold-expiry", "defaults: {hold-expiry: 7d}\n" ONE ("hold: true"), { .to = OUT },
    "{'deliveries': [{'hold': {'seconds': null, 'expires': 604800}}]}" },
  { "hold-splits", ONE ("hold: 60m"), { .to = OUT " " IN " " OUT2 },
    "{'outcome': 'hold', 'deliveries': [{'id': 1, 'recipients': ['" OUT "', '" OUT2 "'], 'outcome': 'hold'},"
    " {'id': 2, 'recipients': ['" IN "'], 'outcome': 'send', 'hold': 'absent', 'rules': []}],"
    " 'recipients': [{'address': '" IN "', 'delivery': 2, 'outcome': 'send'}]}" },

  /* approvals */
  { "manager", ONE ("approve: {by: manager}"), { .to = OUT " " IN },
    "{'outcome': 'approve', 'deliveries': [{'recipients': ['" OUT "'], 'approve': [{'by': ['boss@example.co.jp'], 'count': 1, 'expires': 86400, 'on-expiry': 'return'}], 'hold': 'absent'}, {'outcome': 'send'}]}" },
  { "anyone", ONE ("approve: {by: anyone, count: 2}"), { .to = OUT },
    "{'deliveries': [{'approve': [{'by': ['boss@example.co.jp', 'deputy@example.co.jp', 'peer@example.co.jp', 'president@example.co.jp', 'temp@example.co.jp'], 'count': 2}]}]}" },
  { "group-without-the-sender", "groups: {checkers: [hana.alias@example.co.jp, temp@example.co.jp, auditor@other.example]}\n" ONE ("approve: {by: checkers}"),
    { .to = OUT }, "{'deliveries': [{'approve': [{'by': ['auditor@other.example', 'temp@example.co.jp']}]}]}" },
  { "no-manager", ONE ("approve: {by: manager}"), { .from = "president@example.co.jp", .to = OUT },
    "{'outcome': 'hold', 'deliveries': [{'approve': 'absent', 'hold': {'seconds': null, 'release': 'manager', 'afterwards': 'wait', 'reason': 'rule a: fewer people are left to approve than the 1 it needs'}}]}" },
  { "otherwise", ONE ("approve: {by: manager, otherwise: [peer@example.co.jp]}"), { .from = "president@example.co.jp", .to = OUT },
    "{'deliveries': [{'approve': [{'by': ['peer@example.co.jp']}], 'hold': 'absent'}]}" },
  { "unknown-sender", ONE ("approve: {by: manager}"), { .from = "new@example.co.jp", .to = OUT },
    "{'outcome': 'hold', 'deliveries': [{'hold': {'release': 'manager'}}]}" },
  { "only-the-sender", ONE ("approve: {by: [hana@example.co.jp]}"), { .to = OUT },
    "{'outcome': 'hold', 'deliveries': [{'hold': {'release': 'manager', 'seconds': null}}]}" },
  { "fewer-than-count", ONE ("approve: {by: [hana@example.co.jp, peer@example.co.jp, boss@example.co.jp], count: 3}"), { .to = OUT },
    "{'outcome': 'hold'}" },
  { "just-count", ONE ("approve: {by: [hana@example.co.jp, peer@example.co.jp, boss@example.co.jp], count: 2}"), { .to = OUT },
    "{'deliveries': [{'approve': [{'by': ['boss@example.co.jp', 'peer@example.co.jp'], 'count': 2}]}]}" },
  { "same-people-once", BOTH ("approve: {by: manager, expires: 48h}", "approve: {by: [boss@example.co.jp], expires: 24h}"), { .to = OUT },
    "{'deliveries': [{'approve': [{'by': ['boss@example.co.jp'], 'expires': 86400, 'rule': 'a'}]}], 'outcome': 'approve'}" },
  { "others-are-all-needed", BOTH ("approve: {by: manager}", "approve: {by: [peer@example.co.jp]}"), { .to = OUT },
    "{'deliveries': [{'approve': [{'by': ['boss@example.co.jp']}, {'by': ['peer@example.co.jp']}]}]}" },
  { "other-count-is-another", BOTH ("approve: {by: anyone}", "approve: {by: anyone, count: 2}"), { .to = OUT },
    "{'deliveries': [{'approve': [{'count': 1}, {'count': 2}]}]}" },
  { "beside-a-hold", BOTH ("approve: {by: manager}", "hold: 60m"), { .to = OUT },
    "{'outcome': 'approve', 'deliveries': [{'outcome': 'approve', 'hold': {'seconds': 3600}, 'approve': [{'count': 1}]}]}" },
  { "deputy-on-expiry", ONE ("approve: {by: manager, on-expiry: deputy}"), { .to = OUT },
    "{'deliveries': [{'approve': [{'on-expiry': 'deputy', 'by': ['boss@example.co.jp']}]}]}" },

  /* confirmation */
  { "confirm-gates-everybody", ONE ("confirm: {recipients: each, attachments: each, countdown: 5s, body: yes}"),
    { .to = OUT " " IN, .attachments = { { "a" } } },
    "{'outcome': 'confirm', 'deliveries': [{'recipients': ['" OUT "', '" IN "'], 'outcome': 'confirm'}],"
    " 'confirm': {'recipients': ['" OUT "'], 'attachments': [1], 'body': true, 'reason': false, 'countdown': 5, 'warnings': []}}" },
  { "confirm-true-ticks-nothing", ONE ("confirm: true"), { .to = OUT }, "{'confirm': {'recipients': [], 'attachments': [], 'countdown': 0}}" },
  { "warn-confirms", BOTH ("warn: 危険", "warn: {ja: 危険, en: danger}"), { .to = OUT },
    "{'outcome': 'confirm', 'confirm': {'warnings': ['危険', 'danger']}}" },
  { "longest-countdown", BOTH ("confirm: {countdown: 9s}", "confirm: {countdown: 5s, reason: yes}"), { .to = OUT },
    "{'confirm': {'countdown': 9, 'reason': true}}" },
  { "confirm-and-hold", "rules:\n  - {id: a, then: {confirm: true}}\n  - {id: b, if: {to: external}, then: {hold: 60m}}\n",
    { .to = OUT " " IN }, "{'outcome': 'hold', 'deliveries': [{'outcome': 'hold'}, {'outcome': 'confirm'}]}" },

  /* refusals */
  { "reject-whole-mail", ONE ("reject: true"), { .to = OUT " " IN },
    "{'outcome': 'reject', 'deliveries': [], 'recipients': [{'outcome': 'reject', 'address': '" IN "', 'delivery': 'absent'}], 'reply': {'code': 550, 'rule': 'a', 'text': 'Refused by rule a: to external'}, 'refused': 'absent'}" },
  { "reject-message", ONE ("reject: {message: {ja: だめです, en: Not that way}}"), { .to = OUT },
    "{'reply': {'text': 'Refused by rule a: Not that way', 'text-ja': 'だめです（規則 a）'}}" },
  { "reject-recipients", ONE ("reject: {scope: recipients}"), { .to = OUT " " IN },
    "{'outcome': 'send', 'reply': 'absent', 'refused': ['" OUT "'], 'deliveries': [{'recipients': ['" IN "']}], 'recipients': [{'address': '" OUT "', 'outcome': 'reject'}]}" },
  { "reject-all-recipients", ONE ("reject: {scope: recipients}"), { .to = OUT },
    "{'outcome': 'reject', 'reply': {'code': 550}, 'deliveries': []}" },
  { "first-answers", BOTH ("reject: {message: {en: first}}", "reject: {message: {en: second}}"), { .to = OUT },
    "{'reply': {'rule': 'a'}, 'rules': [{'id': 'a'}, {'id': 'b'}]}" },
  { "silent", ONE ("reject: {notify: no, forward: audit@example.co.jp}"), { .to = OUT },
    "{'outcome': 'reject', 'reply': {'code': 250}, 'forward': ['audit@example.co.jp'], 'deliveries': []}" },
  { "silent-only-if-all", BOTH ("reject: {notify: no, forward: audit@example.co.jp}", "reject: {forward: boss@example.co.jp}"), { .to = OUT },
    "{'reply': {'code': 550, 'rule': 'a'}, 'forward': ['audit@example.co.jp', 'boss@example.co.jp']}" },
  { "silent-only-if-recipients-too", "rules:\n  - {id: a, then: {reject: {notify: no, forward: audit@example.co.jp}}}\n  - {id: b, if: {to: external}, then: {reject: {scope: recipients}}}\n",
    { .to = OUT " " IN }, "{'reply': {'code': 550}}" },
  { "defaults-are-taken", "defaults: {reject: {notify: no, forward: audit@example.co.jp, message: {ja: 既定}}}\n" ONE ("reject: true"),
    { .to = OUT }, "{'reply': {'code': 250}, 'forward': ['audit@example.co.jp']}" },
  { "defaults-are-overridden", "defaults: {reject: {notify: no, forward: audit@example.co.jp}}\n" ONE ("reject: {notify: yes}"),
    { .to = OUT }, "{'reply': {'code': 550}, 'forward': ['audit@example.co.jp']}" },
  { "rejected-is-not-asked", BOTH ("reject: true", "confirm: true, copy: audit@example.co.jp"), { .to = OUT },
    "{'outcome': 'reject', 'confirm': 'absent', 'copy': 'absent'}" },

  /* allow */
  { "allow-ends", "rules:\n  - {id: a, if: {to: {domain: other.example}}, then: {allow: true}}\n  - {id: b, if: {to: external}, then: {hold: 60m}}\n",
    { .to = OUT " " OUT2 }, "{'rules': [{'id': 'a'}, {'id': 'b', 'recipients': ['" OUT "']}]}" },
  { "allow-still-counts", "rules:\n  - {id: a, if: {to: {domain: other.example}}, then: {allow: true}}\n  - {id: b, if: {recipients: {where: external, count: \">= 2\"}}, then: {hold: 60m}}\n",
    { .to = OUT " " OUT2 }, "{'rules': [{'id': 'b', 'recipients': ['" OUT "']}]}" },
  { "allow-is-refused-with-the-mail", "rules:\n  - {id: a, if: {to: {domain: other.example}}, then: {allow: true}}\n  - {id: b, if: {to: external}, then: {reject: true}}\n",
    { .to = OUT " " OUT2 }, "{'outcome': 'reject', 'recipients': [{'address': '" OUT2 "', 'outcome': 'reject'}]}" },

  /* changes */
  { "bcc", "rules:\n  - {id: a, if: {to: {scope: external, field: [to, cc]}, recipients: {where: {scope: external, field: [to, cc]}, count: \">= 2\"}}, then: {bcc: true}}\n",
    { .to = OUT " " IN, .cc = OUT2, .bcc = "third@third.example" },
    "{'outcome': 'send', 'deliveries': [{'bcc': ['" OUT "', '" OUT2 "'], 'recipients': ['" OUT "', '" IN "', '" OUT2 "', 'third@third.example']}]}" },
  { "bcc-of-the-header-alone", "rules:\n  - {id: a, if: {to: {scope: external, field: [to, cc]}}, then: {bcc: true}}\n",
    { .to = OUT " " OUT2, .envelope = OUT }, "{'deliveries': [{'bcc': ['" OUT "', '" OUT2 "']}]}" },
  { "add-manager", ONE ("add: {cc: [manager]}"), { .to = OUT " " IN },
    "{'deliveries': [{'recipients': ['" OUT "'], 'add': [{'field': 'cc', 'address': 'boss@example.co.jp'}]}, {'add': []}]}" },
  { "add-who-is-there", ONE ("add: {bcc: [boss@example.co.jp, audit@example.co.jp]}"), { .to = OUT, .cc = "boss@example.co.jp" },
    "{'deliveries': [{'recipients': ['" OUT "'], 'add': [{'field': 'bcc', 'address': 'audit@example.co.jp'}]}]}" },
  { "add-whose-alias-is-there", ONE ("add: {bcc: [HANA.alias@example.co.jp, audit@example.co.jp]}"), { .from = "peer@example.co.jp", .to = OUT, .cc = "hana@example.co.jp" },
    "{'deliveries': [{'recipients': ['" OUT "'], 'add': [{'field': 'bcc', 'address': 'audit@example.co.jp'}]}]}" },
  { "first-header-wins", BOTH ("header: {X-Level: one, X-Other: o}", "header: {x-level: two}"), { .to = OUT },
    "{'deliveries': [{'headers': {'X-Level': 'one', 'X-Other': 'o', 'x-level': 'absent'}}]}" },
  { "copies-once", BOTH ("copy: audit@example.co.jp", "copy: audit@example.co.jp"), { .to = OUT }, "{'copy': ['audit@example.co.jp']}" },
  { "stamp", ONE ("stamp: true"), { .to = OUT " " IN }, "{'deliveries': [{'stamp': true, 'recipients': ['" OUT "']}, {'stamp': false}]}" },
  { "same-result-by-other-rules", "rules:\n  - {id: a, if: {to: {domain: customer.example}}, then: {hold: 60m}}\n  - {id: b, if: {to: {domain: other.example}}, then: {hold: 60m}}\n",
    { .to = OUT " " OUT2 }, "{'deliveries': [{'recipients': ['" OUT "', '" OUT2 "'], 'rules': ['a', 'b']}]}" },

  { "same-hold-for-other-reasons", "rules:\n  - {id: a, if: {to: {domain: customer.example}}, then: {approve: {by: manager}}}\n"
    "  - {id: b, if: {to: {domain: other.example}}, then: {approve: {by: [president@example.co.jp]}}}\n",
    { .from = "president@example.co.jp", .to = OUT " " OUT2 },
    "{'deliveries': [{'recipients': ['" OUT "', '" OUT2 "'], 'rules': ['a', 'b'], 'hold': {'release': 'manager', 'reason': 'rule a: fewer people are left to approve than the 1 it needs'}}]}" },
  { "the-reason-that-is-there", "rules:\n  - {id: a, if: {to: {domain: customer.example}}, then: {hold: {release: manager}}}\n"
    "  - {id: b, if: {to: {domain: other.example}}, then: {approve: {by: [president@example.co.jp]}}}\n",
    { .from = "president@example.co.jp", .to = OUT " " OUT2 },
    "{'deliveries': [{'recipients': ['" OUT "', '" OUT2 "'], 'hold': {'release': 'manager', 'reason': 'rule b: fewer people are left to approve than the 1 it needs'}}]}" },

  /* what could not be seen can't be protected */
  { "unseen-parts-are-held", ONE ("protect: {as: zip}"), { .to = OUT " " IN, .uninspected = "more than 1,000 parts", .attachments = { { "a" } } },
    "{'outcome': 'hold', 'deliveries': [{'recipients': ['" OUT "'], 'protect': [{'attachment': 1}], 'hold': {'seconds': null, 'release': 'manager', 'reason': 'a rule protects attachments, and parts of this mail could not be seen'}}, {'outcome': 'send'}]}" },
  { "offline-hold", "offline: {after: 7d, then: hold-external}\n" ONE ("copy: audit@example.co.jp"), { .to = OUT " " IN, .unheard = 604800 },
    "{'outcome': 'hold', 'rules': [{'id': 'a'}, {'id': 'policy-offline', 'recipients': ['" OUT "']}]}" },
  { "offline-not-yet", "offline: {after: 7d, then: hold-external}\n" ONE ("copy: audit@example.co.jp"), { .to = OUT, .unheard = 604799 },
    "{'outcome': 'send', 'rules': [{'id': 'a'}]}" },
  { "offline-confirm", "offline: {after: 7d, then: confirm-external}\n" ONE ("copy: audit@example.co.jp"), { .to = OUT, .unheard = 700000 },
    "{'outcome': 'confirm'}" },
  { "japanese-reason", ONE ("reject: true"), { .to = OUT }, "{'reply': {'text-ja': 'このメールは送信できません：宛先の範囲（規則 a）'}}" },

  /* protection */
  { "zip-defaults", ONE ("protect: {as: zip}"), { .to = OUT, .attachments = { { "a" } } },
    "{'outcome': 'send', 'deliveries': [{'protect': [{'attachment': 1, 'as': 'zip', 'method': 'aes256', 'archive': 'one', 'password': 'random', 'tell': 'password', 'to': 'sender', 'after': 0}]}]}" },
  { "link-defaults", ONE ("protect: {as: link}"), { .to = OUT, .attachments = { { "a" } } },
    "{'deliveries': [{'protect': [{'as': 'link', 'password': 'code', 'tell': 'absent'}]}]}" },
  { "told-later", ONE ("protect: {as: zip, method: zipcrypto, password: {random: 16}, tell: password, to: recipients, after: 3m}"),
    { .to = OUT, .attachments = { { "a" } } },
    "{'deliveries': [{'protect': [{'method': 'zipcrypto', 'tell': 'password', 'to': 'recipients', 'after': 180}]}]}" },
  { "several-notices", ONE ("protect: {as: zip, password: {fixed: \"s3cret\"}, hint: the usual, notices: [{tell: hint, to: recipients, after: 3m}, {tell: password, to: sender}]}"),
    { .to = OUT, .attachments = { { "a" } } },
    "{'deliveries': [{'protect': [{'password': 'fixed', 'hint': 'the usual', 'notices': [{'tell': 'hint', 'to': 'recipients', 'after': 180}, {'tell': 'password', 'to': 'sender', 'after': 0}]}]}]}" },
  { "first-treatment-wins", "rules:\n  - {id: a, if: {attachment: {extension: pdf}}, then: {protect: {as: none}}}\n  - {id: b, then: {protect: {as: link}}}\n  - {id: c, then: {protect: {as: zip}}}\n",
    { .to = OUT, .attachments = { { "a.pdf" }, { "b.txt" } } },
    "{'rules': [{'id': 'a'}, {'id': 'b'}, {'id': 'c'}], 'deliveries': [{'protect': [{'attachment': 2, 'as': 'link'}]}]}" },
  { "link-per-recipient", ONE ("protect: {as: link, per: recipient}"), { .to = OUT " " OUT2 " " IN, .attachments = { { "a" } } },
    "{'deliveries': [{'recipients': ['" OUT "']}, {'recipients': ['" OUT2 "']}, {'recipients': ['" IN "'], 'protect': []}]}" },
  { "signed-is-held", ONE ("protect: {as: zip}"), { .to = OUT " " IN, .is_signed = TRUE, .attachments = { { "a" } } },
    "{'outcome': 'hold', 'deliveries': [{'recipients': ['" OUT "'], 'hold': {'seconds': null, 'release': 'sender', 'reason': 'a rule would change this mail, and it is signed'}}, {'outcome': 'send'}]}" },
  { "signed-without-change", ONE ("copy: audit@example.co.jp"), { .to = OUT, .is_signed = TRUE }, "{'outcome': 'send'}" },
};

/* --- with more files ------------------------------------------------------------------------------------ */

static const CaseFile destinations[] = {
  { "lists/destinations.csv", "key,as,password,tell,hint\n"
                              "customer.example,zip,fixed-secret,nobody,\n"
                              "vip@customer.example,link,random,password,\n"
                              "other.example,zip,,,\n"
                              "another.example,zip,random,,\n"
                              "hint.example,zip,usual-secret,hint,社名\n"
                              "=plain.example,none,,,\n" },
  { NULL },
};

static void
test_registered (void)
{
  g_autoptr (SkPolicy) policy = case_load (
      "lists: {destinations: {file: lists/destinations.csv}}\n"
      "rules:\n"
      "  - {id: a, if: {to: external}, then: {protect: {as: registered, list: destinations}}}\n"
      "  - {id: b, if: {to: external}, then: {protect: {as: link, password: code}}}\n",
      destinations, NULL);
  CaseMail mail = { .to = "a@customer.example vip@customer.example a@other.example b@another.example "
                          "a@hint.example a@plain.example a@sub.plain.example",
                    .attachments = { { "a.txt" } } };
  json_t *verdict = case_evaluate (policy, &mail);
  char *text = json_dumps (verdict, 0);

  case_assert ("registered", verdict,
               "{'deliveries': ["
               "{'recipients': ['a@customer.example'], 'protect': [{'as': 'zip', 'password': 'fixed', 'tell': 'nobody', 'to': 'absent'}]},"
               "{'recipients': ['vip@customer.example'], 'protect': [{'as': 'link', 'password': 'random', 'tell': 'password'}]},"
               "{'recipients': ['a@other.example', 'b@another.example'], 'protect': [{'as': 'zip', 'password': 'random'}]},"
               "{'recipients': ['a@hint.example'], 'protect': [{'tell': 'hint', 'hint': '社名'}]},"
               "{'recipients': ['a@plain.example'], 'protect': []},"
               "{'recipients': ['a@sub.plain.example'], 'protect': [{'as': 'link', 'password': 'code'}]}]}");
  g_assert_null (strstr (text, "fixed-secret"));
  g_assert_null (strstr (text, "usual-secret"));
  free (text);
  json_decref (verdict);
}

static const CaseFile partners[] = {
  { "lists/partners.csv", "domain,name,short\n"
                          "denki.example,日本電気株式会社,\n"
                          "garasu.example,日本電気硝子,\n"
                          "sho.example,（株）第27商会,SHO27\n"
                          "sho.example,別名商事,\n"
                          "vip@sho.example,特別社,\n" },
  { NULL },
};

static const struct {
  const char *name;
  CaseMail mail;
  const char *expected;
} mismatches[] = {
  { "all-named", { .to = "a@denki.example", .body = "日本電気 御中", .attachments = { { "日本電気_見積.pdf" } } }, "{'outcome': 'send', 'rules': []}" },
  { "any-row-will-do", { .to = "a@x.sho.example", .body = "別名商事様", .attachments = { { "sho27.pdf" } } }, "{'outcome': 'send'}" },
  { "not-listed", { .to = "a@nobody.example", .body = "日本電気", .attachments = { { "日本電気.pdf" } } },
    "{'outcome': 'reject', 'reply': {'text': 'Refused by rule r: a@nobody.example is not in the list partners; the body does not name the company of a@nobody.example; the name of attachment 1 does not name the company of a@nobody.example'}}" },
  { "longer-listed-name", { .to = "a@denki.example", .body = "日本電気硝子 御中", .attachments = { { "日本電気.pdf" } } },
    "{'outcome': 'reject', 'rules': [{'because': {'code': 'to.mismatch', 'args': {'recipient': 'a@denki.example', 'failed': ['body']}}}],"
    " 'reply': {'text': 'Refused by rule r: the body does not name the company of a@denki.example', 'text-ja': '取引先と違います：本文に a@denki.example の会社名がありません（規則 r）'}}" },
  { "names-the-file", { .to = "a@denki.example", .body = "日本電気 御中", .attachments = { { "日本電気.pdf" }, { "other.pdf" } } },
    "{'rules': [{'attachments': [2]}], 'reply': {'text': 'Refused by rule r: the name of attachment 2 (other.pdf) does not name the company of a@denki.example',"
    " 'text-ja': '取引先と違います：添付ファイル「other.pdf」の名前に a@denki.example の会社名がありません（規則 r）'}}" },
  { "address-row-beats-domain", { .to = "vip@sho.example", .body = "第27商会" }, "{'outcome': 'reject'}" },
  { "each-recipient", { .to = "a@denki.example a@garasu.example", .body = "日本電気" },
    "{'rules': [{'recipients': ['a@garasu.example']}]}" },
  { "continued-name", { .to = "a@sho.example", .body = "第271商会" }, "{'outcome': 'reject'}" },
  { "quoted-text-counts", { .to = "a@denki.example", .body = "ok\n> 日本電気 御中" }, "{'outcome': 'send'}" },
};

static void
test_mismatch (void)
{
  g_autoptr (SkPolicy) policy = case_load (
      "lists: {partners: {file: lists/partners.csv}}\n"
      "rules:\n"
      "  - {id: r, title: {ja: 取引先と違います}, if: {to: {scope: external, mismatch: {list: partners}}}, then: {reject: true}}\n",
      partners, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (mismatches); i++)
    {
      json_t *verdict = case_evaluate (policy, &mismatches[i].mail);

      case_assert (mismatches[i].name, verdict, mismatches[i].expected);
      json_decref (verdict);
    }
}

static void
test_mismatch_without_domain (void)
{
  g_autoptr (SkPolicy) policy = case_load (
      "lists: {partners: {file: lists/partners.csv}}\n"
      "rules:\n"
      "  - {id: r, if: {to: {mismatch: {list: partners, check: body}}}, then: {reject: true}}\n",
      partners, NULL);
  CaseMail mail = { .to = "a@nobody.example", .body = "日本電気" };
  json_t *verdict = case_evaluate (policy, &mail);

  case_assert ("unlisted-has-no-names", verdict, "{'outcome': 'reject', 'rules': [{'because': {'args': {'failed': ['body']}}}]}");
  json_decref (verdict);
}

static void
test_insert (void)
{
  static const CaseFile templates[] = { { "templates/note.ja.txt", "{sender-name} から\n" },
                                        { "templates/plain.txt", "x" }, { NULL } };
  g_autoptr (SkPolicy) policy = case_load (
      "rules:\n"
      "  - {id: a, if: {to: external}, then: {insert: {template: note, at: bottom}}}\n"
      "  - {id: b, if: {to: external}, then: {insert: [{template: note, at: bottom}, {template: plain, if-signed: send}], stamp: {footer: plain}}}\n",
      templates, NULL);
  CaseMail mail = { .to = OUT };
  json_t *verdict = case_evaluate (policy, &mail);

  case_assert ("insert", verdict,
               "{'deliveries': [{'insert': [{'template': 'note', 'at': 'bottom'}, {'template': 'plain', 'at': 'top'}], 'stamp': true, 'footer': 'plain'}]}");
  g_assert_cmpuint (json_array_size (json_object_get (json_array_get (json_object_get (verdict, "deliveries"), 0), "insert")), ==, 2);
  json_decref (verdict);
  g_assert_cmpstr (sk_policy_template (policy, "note", "en"), ==, "{sender-name} から\n");
  g_assert_null (sk_policy_template (policy, "other", "en"));
}

static void
test_signed_insert (void)
{
  static const CaseFile templates[] = { { "templates/note.txt", "x" }, { NULL } };
  static const struct {
    const char *option, *expected;
  } cases_of[] = {
    { "", "{'outcome': 'hold', 'deliveries': [{'hold': {'seconds': null}}]}" },
    { ", if-signed: send", "{'outcome': 'send', 'deliveries': [{'insert': [], 'hold': 'absent'}]}" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases_of); i++)
    {
      g_autofree char *rules = g_strdup_printf (
          "rules:\n  - {id: a, then: {insert: {template: note%s}}}\n", cases_of[i].option);
      g_autoptr (SkPolicy) policy = case_load (rules, templates, NULL);
      CaseMail mail = { .to = OUT, .is_signed = TRUE };
      json_t *verdict = case_evaluate (policy, &mail);

      case_assert ("signed-insert", verdict, cases_of[i].expected);
      json_decref (verdict);
    }
}

static void
test_personal (void)
{
  g_autoptr (SkPolicy) policy = case_load (
      "lists: {partners: {domains: [other.example]}}\n"
      "rules:\n"
      "  - {id: a, if: {to: {in: partners}}, then: {allow: true}}\n"
      "  - {id: b, if: {to: external}, then: {hold: 60m}}\n",
      NULL,
      "lists: {mine: {domains: [customer.example]}}\n"
      "rules:\n"
      "  - {id: b, if: {to: {in: [mine, partners]}}, then: {hold: 24h, confirm: {recipients: each}}}\n");
  CaseMail mail = { .to = OUT " " OUT2 };
  json_t *verdict = case_evaluate (policy, &mail);

  case_assert ("personal", verdict,
               "{'outcome': 'hold', 'rules': [{'id': 'a'}, {'id': 'b', 'recipients': ['" OUT "'], 'personal': 'absent'}, {'id': 'b', 'personal': true, 'recipients': ['" OUT "', '" OUT2 "']}],"
               " 'confirm': {'recipients': ['" OUT "', '" OUT2 "']},"
               " 'deliveries': [{'recipients': ['" OUT "', '" OUT2 "'], 'hold': {'seconds': 86400}}]}");
  json_decref (verdict);
}

/* What the sending room needs and the JSON must not show. */
static void
test_passwords_stay_inside (void)
{
  g_autoptr (SkPolicy) policy = case_load (
      "rules:\n  - {id: a, then: {protect: {as: zip, password: {fixed: \"hush hush\"}}}}\n", NULL, NULL);
  CaseMail mail = { .to = OUT, .attachments = { { "a" } } };
  SkMessage *message = case_message (&mail);
  g_autoptr (GPtrArray) recipients = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_recipient_free);
  SkSubmission submission = { .message = message, .recipients = recipients, .person = "hana@example.co.jp" };
  g_autoptr (SkVerdict) verdict = NULL;
  const SkVerdictDelivery *delivery;
  const SkProtection *protection;

  case_add_recipients (recipients, &mail, OUT);
  verdict = sk_policy_evaluate (policy, &submission);
  g_assert_cmpuint (verdict->deliveries->len, ==, 1);
  delivery = verdict->deliveries->pdata[0];
  protection = delivery->protections->pdata[0];
  g_assert_cmpstr (protection->password, ==, "hush hush");
  g_assert_cmpuint (protection->random_length, ==, 0);
  case_message_free (message);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  case_add_all ("policy-combine", cases, G_N_ELEMENTS (cases));
  g_test_add_func ("/policy-combine/registered", test_registered);
  g_test_add_func ("/policy-combine/mismatch", test_mismatch);
  g_test_add_func ("/policy-combine/mismatch-without-domain", test_mismatch_without_domain);
  g_test_add_func ("/policy-combine/insert", test_insert);
  g_test_add_func ("/policy-combine/signed-insert", test_signed_insert);
  g_test_add_func ("/policy-combine/personal", test_personal);
  g_test_add_func ("/policy-combine/passwords-stay-inside", test_passwords_stay_inside);
  return g_test_run ();
}
