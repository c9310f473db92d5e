// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy-case.h"

#define RULE(rest) "rules:\n  - id: r\n    " rest "\n"
#define OUT "client@customer.example"
#define OUT2 "second@other.example"
#define APPLIES "{'rules': [{'id': 'r'}]}"
#define APPLIES_NOT "{'rules': []}"

#define LIKE(answer)                                                                               \
  "lists:\n  partners: {domains: [partner-trading.co.jp, =part-trade.example]}\n"                  \
  "  people: {addresses: [x@list-address.example]}\n"                                              \
  "rules:\n  - id: r\n    if: {to: {lookalike: " answer "}}\n    then: {hold: true}\n"

static const Case cases[] = {
  { "no-rule-sends", RULE ("then: {hold: true}\n    enabled: no"), { .to = OUT },
    "{'outcome': 'send', 'rules': [], 'deliveries': [{'id': 1, 'recipients': ['" OUT "']}]}" },
  { "every-mail", RULE ("then: {hold: true}"), { .to = OUT },
    "{'outcome': 'hold', 'rules': [{'id': 'r', 'mode': 'enforce', 'because': {'code': 'always'}}],"
    " 'deliveries': [{'hold': {'seconds': null, 'afterwards': 'wait', 'release': 'sender'}}]}" },
  { "monitor", RULE ("then: {reject: true}\n    mode: monitor"), { .to = OUT },
    "{'outcome': 'send', 'rules': [{'id': 'r', 'mode': 'monitor'}]}" },

  /* scope */
  { "bare-word", RULE ("if: {to: external}\n    then: {hold: 60m}"),
    { .to = OUT " peer@example.co.jp h@example-group.jp x@sub.example.co.jp" },
    "{'outcome': 'hold', 'rules': [{'recipients': ['" OUT "', 'h@example-group.jp']}],"
    " 'recipients': [{'address': '" OUT "', 'scope': 'external', 'outcome': 'hold'},"
    " {'address': 'h@example-group.jp', 'scope': 'affiliate', 'outcome': 'hold'},"
    " {'address': 'x@sub.example.co.jp', 'scope': 'internal', 'outcome': 'send'}]}" },
  { "bare-list", RULE ("if: {to: [affiliate, self]}\n    then: {hold: 60m}"),
    { .to = OUT " hana.alias@example.co.jp h@example-group.jp a@example-group.jp" },
    "{'rules': [{'recipients': ['hana.alias@example.co.jp', 'h@example-group.jp', 'a@example-group.jp']}]}" },
  { "manager", RULE ("if: {to: {scope: manager}}\n    then: {hold: 60m}"),
    { .to = "boss@example.co.jp president@example.co.jp" },
    "{'rules': [{'recipients': ['boss@example.co.jp']}]}" },
  { "manager-unknown", RULE ("if: {to: {scope: manager}}\n    then: {hold: 60m}"),
    { .from = "new@example.co.jp", .to = "boss@example.co.jp" },
    "{'rules': [{'unknown': true}], 'outcome': 'hold'}" },
  { "idna-and-case", RULE ("if: {to: {domain: ドメイン.example, address: \"A@ドメイン.EXAMPLE\"}}\n    then: {hold: true}"),
    { .to = "a@xn--eckwd4c7c.example" }, APPLIES },
  { "domain-with-subdomains", RULE ("if: {to: {domain: customer.example}}\n    then: {hold: true}"),
    { .to = "a@x.customer.example a@customer.example a@notcustomer.example" },
    "{'rules': [{'recipients': ['a@x.customer.example', 'a@customer.example']}]}" },
  { "exact-domain", RULE ("if: {to: {domain: \"=customer.example\"}}\n    then: {hold: true}"),
    { .to = "a@x.customer.example a@customer.example" },
    "{'rules': [{'recipients': ['a@customer.example']}]}" },
  { "alias-as-its-person", RULE ("if: {to: {address: hana.alias@example.co.jp}}\n    then: {hold: true}"),
    { .from = "peer@example.co.jp", .to = "hana@example.co.jp" }, APPLIES },

  /* the sender */
  { "department", RULE ("if: {from: {department: [総務部, 営業部]}}\n    then: {hold: true}"),
    { .to = OUT }, "{'rules': [{'id': 'r', 'because': {'code': 'from.department'}}]}" },
  { "department-of-the-person", RULE ("if: {from: {department: 総務部}}\n    then: {hold: true}"),
    { .to = OUT, .from = "hana@example.co.jp", .person = "peer@example.co.jp" }, APPLIES },
  { "department-unknown", RULE ("if: {from: {department: 総務部}}\n    then: {hold: true}"),
    { .to = OUT, .from = "new@example.co.jp" },
    "{'rules': [{'id': 'r', 'unknown': true}], 'outcome': 'hold'}" },
  { "from-any-of-its-addresses", RULE ("if: {from: {address: sales@example.co.jp}}\n    then: {hold: true}"),
    { .to = OUT, .mail_from = "Sales@EXAMPLE.co.jp" }, APPLIES },
  { "in-compares-the-address", "groups: {new: [new@example.co.jp]}\n" RULE ("if: {from: {in: new}}\n    then: {hold: true}"),
    { .to = OUT, .from = "new@example.co.jp" }, "{'rules': [{'id': 'r', 'unknown': 'absent'}]}" },
  { "recipients-department-is-no", RULE ("if: {to: {department: 営業部}}\n    then: {hold: true}"),
    { .to = OUT " boss@example.co.jp" }, "{'rules': [{'recipients': ['boss@example.co.jp']}]}" },

  /* fields */
  { "both-fields", RULE ("if: {to: {field: cc}}\n    then: {hold: true}"),
    { .to = OUT, .cc = OUT, .envelope = OUT }, APPLIES },
  { "neither-is-bcc", RULE ("if: {to: {field: bcc}}\n    then: {hold: true}"),
    { .to = OUT, .bcc = OUT2 }, "{'rules': [{'recipients': ['" OUT2 "']}],"
    " 'recipients': [{'address': '" OUT2 "', 'field': 'bcc'}]}" },
  { "field-by-the-person", RULE ("if: {to: {field: bcc}}\n    then: {hold: true}"),
    { .from = "peer@example.co.jp", .to = "hana@example.co.jp", .bcc = "hana.alias@example.co.jp" },
    APPLIES_NOT },

  /* counting people */
  { "alias-and-person-count-once", RULE ("if: {recipients: {count: \">= 2\"}}\n    then: {hold: true}"),
    { .from = "peer@example.co.jp", .to = "hana@example.co.jp", .cc = "hana.alias@example.co.jp" },
    APPLIES_NOT },
  { "header-counts-undelivered", RULE ("if: {recipients: {where: external, count: \">= 2\"}}\n    then: {hold: true}"),
    { .to = OUT " " OUT2, .envelope = OUT },
    "{'rules': [{'recipients': ['" OUT "'], 'because': {'code': 'recipients.count', 'args': {'count': 2, 'limit': 2}}}]}" },
  { "unless-counts-the-envelope", RULE ("unless: {recipients: {where: {field: cc, employment: employee}}}\n    then: {hold: true}"),
    { .from = "temp@example.co.jp", .to = OUT, .cc = "hana@example.co.jp", .envelope = OUT }, APPLIES },
  { "unless-counts-delivered", RULE ("unless: {recipients: {where: {field: cc, employment: employee}}}\n    then: {hold: true}"),
    { .from = "temp@example.co.jp", .to = OUT, .cc = "hana@example.co.jp" }, APPLIES_NOT },
  { "unless-cc-not-to", RULE ("unless: {recipients: {where: {field: cc, employment: employee}}}\n    then: {hold: true}"),
    { .from = "temp@example.co.jp", .to = OUT " hana@example.co.jp" }, APPLIES },
  { "under-not", RULE ("if: {not: {recipients: {where: {scope: internal}}}}\n    then: {hold: true}"),
    { .to = OUT, .cc = "hana@example.co.jp", .envelope = OUT }, APPLIES },
  { "manager-by-envelope", RULE ("if: {recipients: {where: {scope: manager}, count: 0}}\n    then: {hold: true}"),
    { .to = OUT, .cc = "boss@example.co.jp", .envelope = OUT }, APPLIES },
  { "allow-by-envelope", RULE ("if: {recipients: {where: external, count: \">= 2\"}}\n    then: {allow: true}"),
    { .to = OUT " " OUT2, .envelope = OUT }, APPLIES_NOT },
  { "domains", RULE ("if: {recipients: {domains: \">= 2\"}}\n    then: {hold: true}"),
    { .to = "a@x.example b@x.example c@a.x.example" }, APPLIES },
  { "domains-one", RULE ("if: {recipients: {domains: \">= 2\"}}\n    then: {hold: true}"),
    { .to = "a@x.example b@X.example" }, APPLIES_NOT },

  /* attachments */
  { "pair", RULE ("if: {to: external, attachment: {size: \">= 2MB\"}}\n    then: {protect: {as: link}}"),
    { .to = OUT " peer@example.co.jp", .attachments = { { "a.pdf", 2097152 }, { "b.pdf", 2097151 } } },
    "{'rules': [{'recipients': ['" OUT "'], 'attachments': [1]}],"
    " 'deliveries': [{'recipients': ['" OUT "'], 'protect': [{'attachment': 1, 'as': 'link', 'expires': 604800, 'downloads': 10, 'per': 'delivery'}]},"
    " {'recipients': ['peer@example.co.jp'], 'protect': []}]}" },
  { "size-unknown", RULE ("if: {attachment: {size: \">= 2MB\"}}\n    then: {hold: true}"),
    { .to = OUT, .attachments = { { "a.pdf", -1 } } }, "{'rules': [{'unknown': true}]}" },
  { "no-attachment-is-no", RULE ("if: {attachment: {named: no}}\n    then: {hold: true}"), { .to = OUT },
    APPLIES_NOT },
  { "no-attachment-is-no-twice", RULE ("if: {not: {attachment: {extension: pdf}}}\n    then: {hold: true}"),
    { .to = OUT }, APPLIES },
  { "no-attachment-other-extension", RULE ("if: {attachment: {extension: {not: [pdf]}}}\n    then: {hold: true}"),
    { .to = OUT }, APPLIES_NOT },
  { "compound-extension", RULE ("if: {attachment: {extension: [.TAR.GZ]}}\n    then: {hold: true}"),
    { .to = OUT, .attachments = { { "a.gz" }, { "ａ.Tar.GZ. " } } }, "{'rules': [{'attachments': [2]}]}" },
  { "compound-counts-as-both", RULE ("if: {attachment: {extension: gz}}\n    then: {hold: true}"),
    { .to = OUT, .attachments = { { "a.gz" }, { "a.tar.gz" }, { "a.txt" } } }, "{'rules': [{'attachments': [1, 2]}]}" },
  { "extension-not", RULE ("if: {attachment: {extension: {not: [txt, csv]}}}\n    then: {hold: true}"),
    { .to = OUT, .files = 4, .attachments = { { "a.txt" }, { "b.exe" }, { NULL }, { "c" } } },
    "{'rules': [{'attachments': [2, 3, 4]}]}" },
  { "nameless-message-is-eml", RULE ("if: {attachment: {extension: eml}}\n    then: {hold: true}"),
    { .to = OUT, .files = 2, .attachments = { { NULL, .kind = SK_PART_MESSAGE }, { NULL } } },
    "{'rules': [{'attachments': [1]}]}" },
  { "named-no", RULE ("if: {attachment: {named: no}}\n    then: {hold: true}"),
    { .to = OUT, .files = 2, .attachments = { { "a.txt" }, { NULL } } }, "{'rules': [{'attachments': [2]}]}" },
  { "attachments-count", RULE ("if: {attachments: {count: \">= 3\"}}\n    then: {reject: true}"),
    { .to = OUT, .attachments = { { "a" }, { "b" }, { "c" } } },
    "{'outcome': 'reject', 'rules': [{'because': {'code': 'attachments.count', 'args': {'count': 3, 'limit': 3}, 'text': '3 attachments >= 3'}}],"
    " 'deliveries': [], 'reply': {'code': 550, 'enhanced': '5.7.1'}}" },
  { "attachments-count-below", RULE ("if: {attachments: {count: \">= 3\"}}\n    then: {reject: true}"),
    { .to = OUT, .attachments = { { "a" }, { "b" } } }, APPLIES_NOT },
  { "attachments-where", RULE ("if: {attachments: {where: {extension: pdf}, count: \">= 2\"}}\n    then: {hold: true}"),
    { .to = OUT, .attachments = { { "a.pdf" }, { "b.txt" } } }, APPLIES_NOT },
  { "attachments-none", RULE ("if: {attachments: none}\n    then: {hold: true}"), { .to = OUT }, APPLIES },
  { "attachments-any", RULE ("if: {attachments: any}\n    then: {hold: true}"),
    { .to = OUT, .attachments = { { "a" } } }, APPLIES },
  { "total-size", RULE ("if: {attachments: {total-size: \">= 10MB\"}}\n    then: {hold: true}"),
    { .to = OUT, .attachments = { { "a", 10485759 }, { "b", 1 } } }, APPLIES },
  { "total-size-below", RULE ("if: {attachments: {total-size: \">= 10MB\"}}\n    then: {hold: true}"),
    { .to = OUT, .attachments = { { "a", 10485758 }, { "b", 1 } } }, APPLIES_NOT },
  { "attachment-name-words", RULE ("if: {attachment: {name: [見積, ABC]}}\n    then: {hold: true}"),
    { .to = OUT, .attachments = { { "ａｂｃ.txt" }, { "x.txt" }, { "御見積書.pdf" } } }, "{'rules': [{'attachments': [1, 3]}]}" },

  /* content */
  { "words-in-subject", RULE ("if: {content: {words: [見積書, ABC], in: subject}}\n    then: {hold: true}"),
    { .to = OUT, .subject = "Re: ａｂｃ社" }, APPLIES },
  { "words-elsewhere", RULE ("if: {content: {words: 見積書, in: [body, attachment-names]}}\n    then: {hold: true}"),
    { .to = OUT, .subject = "見積書" }, APPLIES_NOT },
  { "alternatives-count-once", RULE ("if: {content: {words: 秘, in: body, count: \">= 3\"}}\n    then: {hold: true}"),
    { .to = OUT, .body = "秘 秘", .html = "秘 秘" }, APPLIES_NOT },
  { "longer-alternative-counts", RULE ("if: {content: {words: 秘, in: body, count: \">= 3\"}}\n    then: {hold: true}"),
    { .to = OUT, .body = "秘 秘", .html = "秘 秘 秘" }, APPLIES },
  { "words-together", RULE ("if: {content: {words: [甲, 乙], in: [subject, body], count: \">= 3\"}}\n    then: {hold: true}"),
    { .to = OUT, .subject = "甲", .body = "乙 甲" },
    "{'rules': [{'because': {'code': 'content.words', 'args': {'count': 3, 'limit': 3}}}]}" },
  { "overlap-counts-once", RULE ("if: {content: {words: [見積, 見積書], in: body, count: \">= 2\"}}\n    then: {hold: true}"),
    { .to = OUT, .body = "見積書" }, APPLIES_NOT },
  { "unread-attachment-is-unknown", RULE ("if: {content: {words: 見積書}}\n    then: {hold: true}"),
    { .to = OUT, .body = "x", .attachments = { { "a.pdf" } } }, "{'rules': [{'unknown': true}]}" },
  { "words-without-attachments", RULE ("if: {content: {words: 見積書}}\n    then: {hold: true}"),
    { .to = OUT, .body = "x" }, APPLIES_NOT },
  { "words-in-attachment", RULE ("if: {content: {words: 見積書}}\n    then: {hold: true}"),
    { .to = OUT, .findings = "address body 0 x 1", .attachments = { { "a.pdf", .text = "御見積書", .readable = SK_YES } } },
    "{'rules': [{'id': 'r', 'unknown': 'absent'}]}" },
  { "regex", RULE ("if: {content: {regex: \"第[0-9]+号\", in: body, count: 2}}\n    then: {hold: true}"),
    { .to = OUT, .body = "第１号 第12号" }, APPLIES },
  { "regex-limit-is-unknown", RULE ("if: {content: {regex: \"^(a+)+$\", in: body}}\n    then: {hold: true}"),
    { .to = OUT, .body = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab" },
    "{'rules': [{'unknown': true}], 'outcome': 'hold'}" },
  { "find-is-unknown-before-inspection", RULE ("if: {content: {find: credit-card}}\n    then: {hold: true}"),
    { .to = OUT, .body = "x" }, "{'rules': [{'unknown': true, 'because': {'args': {'unknown': 'how much personal data the mail has'}}}]}" },
  { "find-alone", RULE ("if: {content: {find: [phone-number, address], count: \">= 2\"}}\n    then: {hold: true}"),
    { .to = OUT, .body = "x", .findings = "phone-number body 0 1 1; address body 0 a 1" }, APPLIES_NOT },
  { "find-distinct", RULE ("if: {content: {find: phone-number, count: \">= 2\"}}\n    then: {hold: true}"),
    { .to = OUT, .body = "x", .findings = "phone-number body 0 1 1; phone-number subject 0 1 1" }, APPLIES_NOT },
  { "find-over-places", RULE ("if: {content: {find: phone-number, count: \">= 2\"}}\n    then: {hold: true}"),
    { .to = OUT, .body = "x", .findings = "phone-number body 0 1 1; phone-number subject 0 2 1" },
    "{'rules': [{'because': {'code': 'content.find', 'args': {'count': 2}}}], 'findings': [{'kind': 'phone-number', 'in': 'body', 'count': 1}]}" },
  { "find-in-one-attachment", RULE ("if: {attachment: {find: credit-card, count: \">= 2\"}}\n    then: {hold: true}"),
    { .to = OUT, .findings = "credit-card attachment 1 1 1; credit-card attachment 2 2 1; credit-card attachment 2 3 1",
      .attachments = { { "a", .text = "", .readable = SK_YES }, { "b", .text = "", .readable = SK_YES } } },
    "{'rules': [{'attachments': [2], 'unknown': 'absent'}]}" },
  { "encrypted", RULE ("if: {attachment: {encrypted: no}}\n    then: {protect: {as: zip}}"),
    { .to = OUT, .findings = "address body 0 x 1", .attachments = { { "a.zip", .encrypted = SK_YES }, { "b.zip", .encrypted = SK_NO }, { "c.zip", .encrypted = SK_UNKNOWN } } },
    "{'rules': [{'attachments': [2, 3], 'unknown': true}], 'deliveries': [{'protect': [{'attachment': 2}, {'attachment': 3}]}]}" },

  /* lookalikes: of own domains, listed ones, and those that had mail */
  { "lookalike", LIKE ("yes"),
    { .to = "a@exampel.co.jp b@exmaple-group.jp c@partner-trading.com d@mail.part-trading.example e@frequentt.example f@unlike.example",
      .sent_to = "frequent.example" },
    "{'rules': [{'recipients': ['a@exampel.co.jp', 'b@exmaple-group.jp', 'c@partner-trading.com', 'e@frequentt.example'],"
    " 'unknown': 'absent', 'because': {'code': 'to.lookalike', 'args': {'domain': 'exampel.co.jp', 'like': 'example.co.jp'}}}]}" },
  { "lookalike-themselves", LIKE ("yes"),
    { .to = "a@example.co.jp b@sub.example-group.jp c@partner-trading.co.jp d@x.partner-trading.co.jp e@frequent.example f@list-address.example",
      .sent_to = "frequent.example" }, "{'rules': []}" },
  { "lookalike-of-a-listed-address", LIKE ("yes"), { .to = "a@list-adress.example" }, "{'rules': [{'because': {'args': {'like': 'list-address.example'}}}]}" },
  { "lookalike-known", LIKE ("yes"), { .to = "a@exampel.co.jp", .known = "a@exampel.co.jp" }, "{'rules': []}" },
  { "lookalike-no", LIKE ("no"), { .to = "a@exampel.co.jp b@unlike.example" },
    "{'rules': [{'recipients': ['b@unlike.example'], 'because': {'args': {'like': 'absent'}}}]}" },
  { "lookalike-history-unread", LIKE ("yes"), { .to = "a@exampel.co.jp b@unlike.example c@example.co.jp", .sent_unread = TRUE },
    "{'rules': [{'recipients': ['a@exampel.co.jp', 'b@unlike.example'], 'unknown': true}]}" },
  { "lookalike-not-of-built-in-lists",
    "lists: {free: {builtin: free-mail}}\nrules:\n  - id: r\n    if: {to: {lookalike: yes, scope: external}}\n    unless: {to: {in: free}}\n"
    "    then: {hold: true}\n", { .to = "a@gmall.com" }, "{'rules': []}" },

  /* tls and history */
  { "tls", RULE ("if: {to: {tls: no}}\n    then: {protect: {as: link}}"),
    { .to = OUT " " OUT2 " third@third.example", .tls_yes = OUT, .tls_no = OUT2 },
    "{'rules': [{'recipients': ['" OUT2 "', 'third@third.example']}]}" },
  { "history", RULE ("if: {to: {history: new}}\n    then: {hold: true}"), { .to = OUT " " OUT2, .known = OUT },
    "{'rules': [{'recipients': ['" OUT2 "'], 'because': {'code': 'to.history'}}]}" },
  { "history-of-the-header-alone", RULE ("if: {recipients: {where: {history: new}}}\n    then: {hold: true}"),
    { .to = OUT " " OUT2, .envelope = OUT, .known = OUT }, "{'rules': [{'id': 'r', 'unknown': 'absent', 'because': {'args': {'count': 1}}}]}" },
  { "history-of-the-header-known", RULE ("if: {recipients: {where: {history: new}}}\n    then: {hold: true}"),
    { .to = OUT " " OUT2, .envelope = OUT, .known = OUT " " OUT2 }, APPLIES_NOT },
  { "history-of-the-header-not-looked-up", RULE ("if: {recipients: {where: {history: known}, count: 2}}\n    then: {hold: true}"),
    { .to = "b@customer.example " OUT2, .envelope = "b@customer.example" }, APPLIES_NOT },

  /* three values */
  { "unknown-unless-exempts-nobody", RULE ("unless: {to: {tls: yes}}\n    then: {hold: true}"), { .to = OUT },
    "{'outcome': 'hold', 'rules': [{'unknown': true}]}" },
  { "unknown-never-allows", RULE ("if: {to: {tls: yes}}\n    then: {allow: true}") "  - id: s\n    then: {hold: true}\n",
    { .to = OUT }, "{'outcome': 'hold', 'rules': [{'id': 's'}]}" },
  { "known-allows", RULE ("if: {to: {tls: yes}}\n    then: {allow: true}") "  - id: s\n    then: {hold: true}\n",
    { .to = OUT " " OUT2, .tls_yes = OUT, .tls_no = OUT2 },
    "{'outcome': 'hold', 'rules': [{'id': 'r', 'recipients': ['" OUT "']}, {'id': 's', 'recipients': ['" OUT2 "']}]}" },
  { "unknown-never-spares", RULE ("if: {to: {tls: yes}}\n    then: {protect: {as: none}}") "  - id: s\n    then: {protect: {as: zip}}\n",
    { .to = OUT, .attachments = { { "a" } } }, "{'deliveries': [{'protect': [{'attachment': 1, 'as': 'zip'}]}]}" },
  { "known-spares", RULE ("if: {to: {tls: yes}}\n    then: {protect: {as: none}}") "  - id: s\n    then: {protect: {as: zip}}\n",
    { .to = OUT, .tls_yes = OUT, .attachments = { { "a" } } }, "{'deliveries': [{'protect': []}]}" },
  { "unknown-restricts-but-never-allows", RULE ("if: {to: {tls: yes}}\n    then: {allow: true, hold: true}") "  - id: s\n    then: {stamp: true}\n",
    { .to = OUT }, "{'outcome': 'hold', 'rules': [{'id': 'r', 'unknown': true}, {'id': 's'}], 'deliveries': [{'stamp': true}]}" },
  { "unknown-restricts-but-never-spares", RULE ("if: {to: {tls: yes}}\n    then: {protect: {as: none}, hold: true}") "  - id: s\n    then: {protect: {as: zip}}\n",
    { .to = OUT, .attachments = { { "a" } } }, "{'outcome': 'hold', 'deliveries': [{'protect': [{'as': 'zip'}]}]}" },
  { "on-error-skip", RULE ("if: {to: {tls: no}}\n    on-error: skip\n    then: {hold: true}"), { .to = OUT },
    APPLIES_NOT },
  { "on-error-skip-unless", RULE ("unless: {to: {tls: yes}}\n    on-error: skip\n    then: {hold: true}"), { .to = OUT },
    APPLIES_NOT },
  { "unknown-and-no-is-no", RULE ("if: {to: {tls: no}, attachments: any}\n    then: {hold: true}"), { .to = OUT },
    APPLIES_NOT },
  { "unknown-or-yes-is-yes", RULE ("if: {any: [{to: {tls: no}}, {attachments: none}]}\n    then: {hold: true}"), { .to = OUT },
    "{'rules': [{'id': 'r', 'unknown': 'absent'}]}" },
  { "not-unknown-is-unknown", RULE ("if: {not: {to: {tls: no}}}\n    then: {hold: true}"), { .to = OUT },
    "{'rules': [{'unknown': true}]}" },
  { "all-nests", RULE ("if: {all: [{to: external}, {not: {attachments: any}}]}\n    then: {hold: true}"), { .to = OUT },
    APPLIES },
  { "unless-list-any", RULE ("unless: [{to: internal}, {message: {subject: 済}}]\n    then: {hold: true}"),
    { .to = OUT, .subject = "確認済" }, APPLIES_NOT },

  /* what a limit kept from being seen */
  { "incomplete-attachment-unknown", RULE ("if: {attachment: {extension: exe}}\n    then: {reject: true}"),
    { .to = OUT, .uninspected = "more than 1,000 parts" }, "{'outcome': 'reject', 'rules': [{'unknown': true}]}" },
  { "incomplete-count", RULE ("if: {attachments: {count: \">= 3\"}}\n    then: {hold: true}"),
    { .to = OUT, .uninspected = "limit", .attachments = { { "a" } } }, "{'rules': [{'unknown': true}]}" },
  { "incomplete-count-enough", RULE ("if: {attachments: {count: \">= 1\"}}\n    then: {hold: true}"),
    { .to = OUT, .uninspected = "limit", .attachments = { { "a" } } }, "{'rules': [{'id': 'r', 'unknown': 'absent', 'attachments': [1]}]}" },
  { "incomplete-words", RULE ("if: {content: {words: 秘, in: body}}\n    then: {hold: true}"),
    { .to = OUT, .body = "x", .uninspected = "limit" }, "{'rules': [{'unknown': true}]}" },
  { "incomplete-recipients", RULE ("if: {recipients: {count: \">= 5\"}}\n    then: {hold: true}"),
    { .to = OUT, .uninspected = "limit" }, "{'rules': [{'unknown': true}]}" },

  /* an attachment whose fields say two things: neither name is known */
#define UNCLEAR .to = OUT, .attachments = { { "a.txt", .contradictory = TRUE } }
#define UNKNOWN "{'outcome': 'reject', 'rules': [{'unknown': true}]}"
  { "contradictory-extension", RULE ("if: {attachments: {where: {extension: zip}}}\n    then: {reject: true}"), { UNCLEAR }, UNKNOWN },
  { "contradictory-not-extension", RULE ("if: {attachment: {extension: {not: txt}}}\n    then: {reject: true}"), { UNCLEAR }, UNKNOWN },
  { "contradictory-name", RULE ("if: {attachment: {name: secret}}\n    then: {reject: true}"), { UNCLEAR }, UNKNOWN },
  { "contradictory-named", RULE ("if: {attachment: {named: no}}\n    then: {reject: true}"), { UNCLEAR }, UNKNOWN },
  { "contradictory-type", RULE ("if: {attachment: {type: image/*}}\n    then: {reject: true}"),
    { UNCLEAR, .findings = "phone-number body 0 - 1" }, UNKNOWN },
  { "contradictory-size", RULE ("if: {attachment: {size: \">= 1MB\"}}\n    then: {reject: true}"), { UNCLEAR }, UNKNOWN },
  { "contradictory-total", RULE ("if: {attachments: {total-size: \">= 1MB\"}}\n    then: {reject: true}"), { UNCLEAR }, UNKNOWN },
  { "contradictory-words", RULE ("if: {content: {words: secret, in: attachment-names}}\n    then: {reject: true}"), { UNCLEAR }, UNKNOWN },
  { "contradictory-regex", RULE ("if: {content: {regex: secret, in: attachment-names}}\n    then: {reject: true}"), { UNCLEAR }, UNKNOWN },
  { "contradictory-spares-nobody", RULE ("if: {attachments: {where: {extension: txt}}}\n    then: {allow: true}")
    "  - id: s\n    then: {reject: true}\n", { UNCLEAR }, "{'outcome': 'reject'}" },
  { "contradictory-still-counts", RULE ("if: {attachments: {count: 1}}\n    then: {reject: true}"), { UNCLEAR },
    "{'outcome': 'reject', 'rules': [{'unknown': 'absent'}]}" },

  /* time: 2026-11-23 is a holiday and a Monday, 2026-11-24 a Tuesday */
  { "between-includes-start", RULE ("if: {time: {between: \"19:00-09:30\"}}\n    then: {hold: true}"),
    { .to = OUT, .at = "2026-11-24T19:00+09:00" }, APPLIES },
  { "between-before-start", RULE ("if: {time: {between: \"19:00-09:30\"}}\n    then: {hold: true}"),
    { .to = OUT, .at = "2026-11-24T18:59:59+09:00" }, APPLIES_NOT },
  { "between-over-midnight", RULE ("if: {time: {between: \"19:00-09:30\"}}\n    then: {hold: true}"),
    { .to = OUT, .at = "2026-11-24T09:29:59+09:00" }, APPLIES },
  { "between-excludes-end", RULE ("if: {time: {between: \"19:00-09:30\"}}\n    then: {hold: true}"),
    { .to = OUT, .at = "2026-11-24T09:30+09:00" }, APPLIES_NOT },
  { "day-includes-start", RULE ("if: {time: {between: \"09:00-10:00\"}}\n    then: {hold: true}"),
    { .to = OUT, .at = "2026-11-24T09:00+09:00" }, APPLIES },
  { "day-excludes-end", RULE ("if: {time: {between: \"09:00-10:00\"}}\n    then: {hold: true}"), { .to = OUT }, APPLIES_NOT },
  { "between-in-the-time-zone", RULE ("if: {time: {between: \"19:00-09:30\"}}\n    then: {hold: true}"),
    { .to = OUT, .at = "2026-11-24T10:00Z" }, APPLIES },
  { "night-belongs-to-its-day", RULE ("if: {time: {between: \"22:00-02:00\", days: tue}}\n    then: {hold: true}"),
    { .to = OUT, .at = "2026-11-25T01:00+09:00" }, APPLIES },
  { "night-not-of-the-next-day", RULE ("if: {time: {between: \"22:00-02:00\", days: wed}}\n    then: {hold: true}"),
    { .to = OUT, .at = "2026-11-25T01:00+09:00" }, APPLIES_NOT },
  { "day-holiday", RULE ("if: {time: {days: [sun, holiday]}}\n    then: {hold: true}"),
    { .to = OUT, .at = "2026-11-23T10:00+09:00" }, APPLIES },
  { "day-no-holiday", RULE ("if: {time: {days: [sun, holiday]}}\n    then: {hold: true}"), { .to = OUT }, APPLIES_NOT },
  { "own-holidays", RULE ("if: {time: {days: holiday, holidays: [2026-11-24]}}\n    then: {hold: true}"), { .to = OUT }, APPLIES },
  { "holidays-alone", RULE ("if: {time: {holidays: jp}}\n    then: {hold: true}"),
    { .to = OUT, .at = "2026-11-23T10:00+09:00" }, APPLIES },
  { "outside-hours", RULE ("if: {time: {outside: hours}}\n    then: {hold: true}"),
    { .to = OUT, .at = "2026-11-24T18:00+09:00" }, APPLIES },
  { "inside-hours", RULE ("if: {time: {outside: hours}}\n    then: {hold: true}"), { .to = OUT }, APPLIES_NOT },
  { "holiday-is-outside", RULE ("if: {time: {outside: hours}}\n    then: {hold: true}"),
    { .to = OUT, .at = "2026-11-23T10:00+09:00" }, APPLIES },
  { "active", RULE ("active: {from: 2026-11-24, until: 2026-11-24}\n    then: {hold: true}"), { .to = OUT }, APPLIES },
  { "active-later", RULE ("active: {from: 2026-11-25}\n    then: {hold: true}"), { .to = OUT }, APPLIES_NOT },
  { "active-before", RULE ("active: {until: 2026-11-23}\n    then: {hold: true}"), { .to = OUT }, APPLIES_NOT },

  /* the message */
  { "message-size", RULE ("if: {message: {size: \">= 1kB\"}}\n    then: {hold: true}"), { .to = OUT, .size = 1024 }, APPLIES },
  { "message-subject", RULE ("if: {message: {subject: 至急}}\n    then: {hold: true}"), { .to = OUT, .subject = "【至急】" }, APPLIES },
  { "second-subject", RULE ("if: {message: {subject: 社外秘}}\n    then: {hold: true}"),
    { .to = OUT, .subject = "a", .header = "Subject: a\nsubject: 社外秘" }, APPLIES },
  { "second-subject-for-regex", RULE ("if: {content: {regex: \"社外.$\", in: subject}}\n    then: {hold: true}"),
    { .to = OUT, .subject = "a", .header = "Subject: a\nSUBJECT: 社外秘" }, APPLIES },
  { "one-subject-counts-once", RULE ("if: {content: {words: 秘, in: subject, count: 2}}\n    then: {hold: true}"),
    { .to = OUT, .subject = "秘", .header = "Subject: 秘" }, APPLIES_NOT },
  { "words-of-two-subjects-are-not-one", RULE ("if: {message: {subject: 社外秘}}\n    then: {hold: true}"),
    { .to = OUT, .subject = "社外", .header = "Subject: 社外\nSubject: 秘" }, APPLIES_NOT },
  { "message-header", RULE ("if: {message: {header: {X-Level: secret}}}\n    then: {hold: true}"),
    { .to = OUT, .header = "x-level: TOP SECRET" }, APPLIES },
  { "message-signed", RULE ("if: {message: {signed: yes}}\n    then: {hold: true}"), { .to = OUT, .is_signed = TRUE }, APPLIES },
  { "message-not-encrypted", RULE ("if: {message: {encrypted: no}}\n    then: {hold: true}"), { .to = OUT }, APPLIES },
};

/* An affiliate's domain inside the organisation's, and one of the organisation's inside an affiliate's. */
static void
test_scope_of_the_longer_domain (void)
{
  static const CaseFile files[] = {
    { "policy.yaml", "sekisho: 1\n"
                     "organization: {domains: [example.co.jp, us.example-group.jp, \"=only.example\"], affiliates: [sub.example.co.jp, example-group.jp]}\n" },
    { NULL },
  };
  g_autofree char *problems = NULL;
  g_autoptr (SkPolicy) policy = case_load_files (files, NULL, &problems);
  CaseMail mail = { .to = "a@example.co.jp a@x.sub.example.co.jp a@example-group.jp a@us.example-group.jp "
                          "a@only.example a@x.only.example" };
  json_t *verdict;

  g_assert_cmpstr (problems, ==, "");
  verdict = case_evaluate (policy, &mail);
  case_assert ("scopes", verdict,
               "{'recipients': [{'address': 'a@example.co.jp', 'scope': 'internal'},"
               " {'address': 'a@x.sub.example.co.jp', 'scope': 'affiliate'},"
               " {'address': 'a@example-group.jp', 'scope': 'affiliate'},"
               " {'address': 'a@us.example-group.jp', 'scope': 'internal'},"
               " {'address': 'a@only.example', 'scope': 'internal'},"
               " {'address': 'a@x.only.example', 'scope': 'external'}]}");
  json_decref (verdict);
}

static char *
repeat (const char *text, guint times, const char *end)
{
  GString *result = g_string_new (NULL);

  for (guint i = 0; i < times; i++)
    g_string_append (result, text);
  g_string_append (result, end);
  return g_string_free (result, FALSE);
}

static void
check_long_body (const char *name, const char *body, const char *expected)
{
  g_autoptr (SkPolicy) policy = case_load (RULE ("if: {content: {regex: \"第[0-9]+号$\", in: body}}\n    then: {hold: true}"),
                                           NULL, NULL);
  CaseMail mail = { .to = OUT, .body = body };
  json_t *verdict = case_evaluate (policy, &mail);

  case_assert (name, verdict, expected);
  json_decref (verdict);
}

/* ﷺ becomes 33 bytes, so 2,100,000 of them are more than a regex is shown. */
static void
test_regex_of_a_long_text (void)
{
  g_autofree char *fits = repeat ("ﷺ", 100000, "第１号");
  g_autofree char *no_match = repeat ("ﷺ", 100000, "第１");
  g_autofree char *too_long = repeat ("ﷺ", 2100000, "第１");
  g_autofree char *normal = repeat ("関", 100000, "第1号");

  check_long_body ("fits", fits, "{'rules': [{'id': 'r', 'unknown': 'absent'}]}");
  check_long_body ("no-match", no_match, APPLIES_NOT);
  check_long_body ("too-long", too_long, "{'rules': [{'id': 'r', 'unknown': true}]}");
  check_long_body ("normal", normal, "{'rules': [{'id': 'r', 'unknown': 'absent'}]}");
}

/* Together more than is kept at one time: each is still seen as it is, whichever rule asks. */
static void
test_regex_of_many_long_texts (void)
{
  g_autofree char *first = repeat ("ﷺ", 1200000, "第１号"), *second = repeat ("ﷺ", 1200000, "第２号");
  g_autoptr (SkPolicy) policy
      = case_load ("rules:\n"
                   "  - id: both\n    if: {content: {regex: \"第[12]号$\", in: attachments, count: 2}}\n    then: {hold: true}\n"
                   "  - id: first\n    if: {content: {regex: \"第1号$\", in: attachments, count: 1}}\n    then: {hold: true}\n"
                   "  - id: second\n    if: {content: {regex: \"第2号$\", in: attachments, count: 1}}\n    then: {hold: true}\n",
                   NULL, NULL);
  CaseMail mail = { .to = OUT, .findings = "address body 0 x 1",
                    .attachments = { { "a.pdf", .text = first, .readable = SK_YES }, { "b.pdf", .text = second, .readable = SK_YES } } };
  json_t *verdict = case_evaluate (policy, &mail);

  case_assert ("many", verdict,
               "{'rules': [{'id': 'both', 'unknown': 'absent'}, {'id': 'first', 'unknown': 'absent'}, {'id': 'second', 'unknown': 'absent'}]}");
  json_decref (verdict);
}

/* The only name that is seen is the company's, and other programs may see another one. */
static void
test_mismatch_of_contradictory_names (void)
{
  const CaseFile list[] = { { "lists/l.csv", "domain,name\ncustomer.example,ABC\n" }, { NULL } };
  g_autoptr (SkPolicy) policy
      = case_load ("lists:\n  l: {file: lists/l.csv}\n"
                   RULE ("if: {to: {mismatch: {list: l, check: attachment-name}}}\n    then: {hold: true}"), list, NULL);
  CaseMail clear = { .to = OUT, .attachments = { { "ABC.txt" } } };
  CaseMail unclear = { .to = OUT, .attachments = { { "ABC.txt", .contradictory = TRUE } } };
  json_t *of_clear = case_evaluate (policy, &clear), *of_unclear = case_evaluate (policy, &unclear);

  case_assert ("clear", of_clear, APPLIES_NOT);
  case_assert ("unclear", of_unclear, "{'rules': [{'id': 'r', 'unknown': true}]}");
  json_decref (of_clear);
  json_decref (of_unclear);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  case_add_all ("policy-evaluate", cases, G_N_ELEMENTS (cases));
  g_test_add_func ("/policy-evaluate/scope-of-the-longer-domain", test_scope_of_the_longer_domain);
  g_test_add_func ("/policy-evaluate/regex-of-a-long-text", test_regex_of_a_long_text);
  g_test_add_func ("/policy-evaluate/regex-of-many-long-texts", test_regex_of_many_long_texts);
  g_test_add_func ("/policy-evaluate/mismatch-of-contradictory-names", test_mismatch_of_contradictory_names);
  return g_test_run ();
}
