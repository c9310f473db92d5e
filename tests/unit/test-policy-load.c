// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy-case.h"

/* The first line of `rest` is line 9 of policy.yaml. */
typedef struct {
  const char *name;
  const char *rest;
  const char *problems; /* one a line; NULL-terminated list of files in `more` */
  CaseFile more[4];
} LoadCase;

#define R(rest) "rules:\n  - id: r\n    " rest "\n"

static const LoadCase cases[] = {
  { "fine", R ("then: {hold: true}"), "" },
  { "misspelt-key", R ("if: {atachment: {size: 1}}\n    then: {hold: true}"),
    "policy.yaml:11:10: unknown key 'atachment' (did you mean 'attachment'?)\n" },
  { "all-in-one-run",
    "lists: {a: {file: lists/none.csv}}\n"
    "rulse: []\n"
    "rules:\n"
    "  - id: a\n"
    "    then: {hold: {fro: 3m}, rejct: true}\n"
    "  - id: a\n"
    "    if: {}\n"
    "    unless: []\n"
    "    then: {hold: 3 minutes}\n"
    "  - then: {confirm: yes}\n",
    "policy.yaml:9:19: lists/none.csv: can't open: No such file or directory\n"
    "policy.yaml:10:1: unknown key 'rulse' (did you mean 'rules'?)\n"
    "policy.yaml:13:19: unknown key 'fro' (did you mean 'for'?)\n"
    "policy.yaml:13:29: unknown key 'rejct' (did you mean 'reject'?)\n"
    "policy.yaml:14:9: two rules have the id 'a'\n"
    "policy.yaml:15:9: empty 'if'\n"
    "policy.yaml:16:13: empty 'unless'\n"
    "policy.yaml:17:18: DURATION\n"
    "policy.yaml:18:5: the rule has no 'id'\n" },
  { "duplicate-key", R ("if: {to: external, to: internal}\n    then: {hold: true}"),
    "policy.yaml:11:24: duplicate key 'to': it stands in the same block already\n" },
  { "anchor-alias-tag", R ("title: &t x\n    if: {message: {subject: *t}}\n    then: {hold: !!bool true}"),
    "policy.yaml:11:15: anchors are not allowed here: write the value out where it is needed\n"
    "policy.yaml:12:29: aliases are not allowed here: write the value out where it is needed\n"
    "policy.yaml:12:29: empty 'words'\n"
    "policy.yaml:13:25: tags are not allowed here: leave out what begins with '!'\n" },
  { "empty-blocks", R ("if: {any: [], all: [], not: {}, to: {}, attachment: {}, recipients: {}}\n    then: {hold: true}"),
    "policy.yaml:11:15: empty 'any'\n"
    "policy.yaml:11:24: empty 'all'\n"
    "policy.yaml:11:33: empty 'not'\n"
    "policy.yaml:11:41: empty 'to'\n"
    "policy.yaml:11:57: empty 'attachment'\n"
    "policy.yaml:11:73: empty 'recipients'\n" },
  { "empty-values", R ("if:\n    unless:\n    then:\n"),
    "policy.yaml:11:5: empty 'if'\npolicy.yaml:12:5: empty 'unless'\npolicy.yaml:13:5: empty 'then'\n" },
  { "empty-lists", "groups: {g: []}\n" R ("if: {to: {in: [], domain: []}, content: {words: []}}\n    then: {hold: true}"),
    "policy.yaml:9:13: empty 'g'\n"
    "policy.yaml:12:19: empty 'in'\n"
    "policy.yaml:12:31: empty 'domain'\n"
    "policy.yaml:12:53: empty 'words'\n" },
  { "unknown-names",
    "lists: {partners: {domains: [x.example]}}\ngroups: {audit: [a@example.co.jp]}\n"
    R ("if: {to: {in: [partner, audit]}}\n    then: {approve: {by: [adit, nobody@example.co.jp, partners]}, insert: {template: notice}}"),
    "policy.yaml:13:20: unknown list or group 'partner' (did you mean 'partners'?)\n"
    "policy.yaml:14:27: unknown list or group 'adit' (did you mean 'audit'?)\n"
    "policy.yaml:14:33: unknown person 'nobody@example.co.jp': an approver stands in people.csv or in a group\n"
    "policy.yaml:14:55: 'partners' is a list; a group of addresses is needed here\n"
    "policy.yaml:14:86: unknown template 'notice'\n" },
  { "words-of-the-language",
    R ("if: {to: externl, attachments: some, content: {find: creditcard, in: subjects}, time: {days: monday}}\n    then: {protect: {as: zipp}}"),
    "policy.yaml:11:14: unknown scope 'externl' (did you mean 'external'?)\n"
    "policy.yaml:11:36: unknown word 'some' (did you mean 'none'?)\n"
    "policy.yaml:11:58: unknown detector 'creditcard' (did you mean 'credit-card'?)\n"
    "policy.yaml:11:74: unknown place 'subjects' (did you mean 'subject'?)\n"
    "policy.yaml:11:98: unknown day 'monday' (did you mean 'mon'?)\n"
    "policy.yaml:12:26: unknown treatment 'zipp' (did you mean 'zip'?)\n" },
  { "truth", R ("enabled: maybe\n    then: {hold: true, stamp: no}"),
    "policy.yaml:11:14: 'maybe' is neither yes nor no\n"
    "policy.yaml:12:31: 'no' does nothing here: leave the key out\n" },
  { "hold-that-never-ends", R ("then: {hold: {release: nobody}}"),
    "policy.yaml:11:18: a hold without a time that nobody may release would never end: add 'for'\n" },
  { "hold-sent-never", R ("then: {hold: {afterwards: send}}"),
    "policy.yaml:11:18: 'afterwards: send' needs a time: add 'for'\n" },
  { "silent-without-forward", R ("then: {reject: {notify: no}}"),
    "policy.yaml:11:20: 'notify: no' needs 'forward': somebody must learn of a silent refusal\n" },
  { "forward-leaves", R ("then: {reject: {forward: a@other.example}}"),
    "policy.yaml:11:30: 'a@other.example' is not internal: a refused mail must not leave\n" },
  { "foreign-header", R ("then: {header: {Subject: x, X-Fine: y}}"),
    "policy.yaml:11:21: 'Subject' can't be set: only fields that begin with X- can\n" },
  { "short-random", R ("then: {protect: {as: zip, password: {random: 9}}}"),
    "policy.yaml:11:50: a random password has at least 10 characters\n" },
  { "numeric-password", R ("then: {protect: {as: zip, password: {fixed: 0123456}}}"),
    "policy.yaml:11:49: warning: the password looks like a number: write it in quotes\n" },
  { "quoted-numeric-password", R ("then: {protect: {as: zip, password: {fixed: \"0123456\"}}}"), "" },
  { "hint-of-random", R ("then: {protect: {as: link, password: {random: 12}, tell: hint, hint: x}}"),
    "policy.yaml:11:21: warning: only a hint is told of a random password: nobody can know it\n" },
  { "hint-missing", R ("then: {protect: {as: zip, tell: hint}}"), "policy.yaml:11:21: 'tell: hint' needs 'hint'\n" },
  { "code-for-zip", R ("then: {protect: {as: zip, password: code}}"),
    "policy.yaml:11:21: a ZIP has no one-time code: 'password: code' is for links\n" },
  { "zip-key-of-a-link", R ("then: {protect: {as: link, method: aes256}}"),
    "policy.yaml:11:40: 'method' says nothing about 'as: link'\n" },
  { "regex", R ("if: {content: {regex: \"(a\"}}\n    then: {hold: true}"),
    "policy.yaml:11:27: '(a' is no regular expression: missing closing parenthesis (at character 3)\n" },
  { "count-alone", R ("if: {content: {words: a}, attachment: {size: 1, count: 2}}\n    then: {hold: true}"),
    "policy.yaml:11:43: 'count' needs one of 'find', 'words' and 'regex' beside it\n" },
  { "public-suffix", "lists: {l: {domains: [co.jp]}}\n" R ("if: {to: {domain: [jp, x.jp], in: l}}\n    then: {hold: true}"),
    "policy.yaml:9:23: warning: 'co.jp' is a public suffix: this means everybody's domains below it\n"
    "policy.yaml:12:24: warning: 'jp' is a public suffix: this means everybody's domains below it\n" },
  { "no-address", R ("if: {to: {address: [x.example, \"a@b c\"], domain: a@x.example}}\n    then: {copy: nobody}"),
    "policy.yaml:11:25: 'x.example' is no mail address\n"
    "policy.yaml:11:36: 'a@b c' is no mail address\n"
    "policy.yaml:11:54: 'a@x.example' is an address; a domain is needed here\n"
    "policy.yaml:12:18: 'nobody' is no mail address\n" },
  { "never-exempts", R ("if: {to: external}\n    unless: {to: {employment: employee, scope: internal}}\n    then: {hold: true}"),
    "policy.yaml:12:13: warning: this 'unless' can never exempt a recipient whom 'if' selects; to ask whether somebody else is there, count: recipients: {where: …}\n" },
  { "may-exempt-the-affiliates-alias", R ("if: {to: external}\n    unless: {to: {employment: employee}}\n    then: {hold: true}"), "" },
  { "manager-never-exempts", R ("if: {to: external}\n    unless: {to: {scope: manager}}\n    then: {hold: true}"),
    "policy.yaml:12:13: warning: this 'unless' can never exempt a recipient whom 'if' selects; to ask whether somebody else is there, count: recipients: {where: …}\n"
    "people.csv:2: warning: president@example.co.jp has no manager, whom the rule 'r' needs\n" },
  { "without-manager", R ("then: {approve: {by: manager}}"),
    "people.csv:2: warning: president@example.co.jp has no manager, whom the rule 'r' needs\n" },
  { "without-manager-otherwise", R ("then: {approve: {by: manager, otherwise: boss@example.co.jp}}"), "" },
  { "type-never-told",
    R ("if: {attachment: {type: [application/vnd.ms-word.document.macroEnabled.13, image/jpg]}}\n    then: {hold: true}"),
    "policy.yaml:11:30: warning: no file is ever found to be of type 'application/vnd.ms-word.document.macroEnabled.13' "
    "(did you mean 'application/vnd.ms-word.document.macroenabled.12'?)\n"
    "policy.yaml:11:80: warning: no file is ever found to be of type 'image/jpg' (did you mean 'image/jpeg'?)\n" },
  { "type-far-from-any", R ("if: {attachments: {where: {type: [video/*, song/*]}}}\n    then: {hold: true}"),
    "policy.yaml:11:48: warning: no file is ever found to be of type 'song/*' (sekisho-policy inspect FILE shows what it is)\n" },
  { "types", R ("if: {attachment: {type: [application/PDF, application/zip, image/*, application/x-7z-compressed, "
                "application/vnd.ms-excel.sheet.macroEnabled.12, application/vnd.ms-word.*, message/rfc822, text/plain, text/html]}}\n"
                "    then: {hold: true}"), "" },
  { "extensions-never-told", R ("if: {attachment: {extension: ['*.exe', .zip, tar.gz, a.tar.gz, x/]}}\n    then: {hold: true}"),
    "policy.yaml:11:35: warning: no file's extension is ever '*.exe' (did you mean 'exe'?)\n"
    "policy.yaml:11:58: warning: no file's extension is ever 'a.tar.gz' (did you mean 'gz'?)\n"
    "policy.yaml:11:68: warning: no file's extension is ever 'x/' (write pdf, or tar.gz)\n" },
  { "count-beyond-people", R ("then: {approve: {by: [boss@example.co.jp], count: 2}}"),
    "policy.yaml:11:21: warning: only 1 can be asked, fewer than 'count': the mail will be held\n" },
  { "templates", R ("then: {insert: {template: note}}"),
    "templates/note.txt:2:4: unknown placeholder '{sendr}' (did you mean '{sender}'?)\n",
    { { "templates/note.txt", "{ not one } {sender} {}\nさん、{sendr}\n" } } },
  { "list-without-rows", "lists: {l: {file: lists/l.csv}}\n" R ("if: {to: {in: l}}\n    then: {hold: true}"),
    "lists/l.csv: no rows: the list would never match\n", { { "lists/l.csv", "domain\n" } } },
  { "list-row", "lists: {l: {file: lists/l.csv}}\n" R ("if: {to: {in: l}}\n    then: {hold: true}"),
    "lists/l.csv:3: 'not a domain' is no domain: write x.jp (with its subdomains) or =x.jp\n",
    { { "lists/l.csv", "domain\nx.example\nnot a domain\n" } } },
  { "domain-in-a-condition", R ("if: {to: {domain: [\"*.y.jp\", y.jp/, \"gmail.com|yahoo.co.jp\", \"%y.jp\", \"=*.y.jp\", .y.jp, \"https://y.jp/a\", \"*\"]}}\n    then: {hold: true}"),
    "policy.yaml:11:24: '*.y.jp' is no domain: 'y.jp' means itself and its subdomains\n"
    "policy.yaml:11:34: 'y.jp/' is no domain: 'y.jp' means itself and its subdomains\n"
    "policy.yaml:11:41: 'gmail.com|yahoo.co.jp' is no domain: write several as a list, [gmail.com, yahoo.co.jp]\n"
    "policy.yaml:11:66: '%y.jp' is no domain: 'y.jp' means itself and its subdomains\n"
    "policy.yaml:11:75: '=*.y.jp' is no domain: 'y.jp' means itself and its subdomains\n"
    "policy.yaml:11:86: '.y.jp' is no domain: 'y.jp' means itself and its subdomains\n"
    "policy.yaml:11:93: 'https://y.jp/a' is no domain: 'y.jp' means itself and its subdomains\n"
    "policy.yaml:11:111: '*' is no domain: write x.jp (with its subdomains) or =x.jp\n" },
  { "domain-in-full-width", R ("if: {to: {domain: ＊.y.jp}}\n    then: {hold: true}"),
    "policy.yaml:11:23: '＊.y.jp' is no domain: write x.jp (with its subdomains) or =x.jp\n" },
  { "domains-that-are-there", R ("if: {to: {domain: [_spf.y.jp, 例え.jp, Y.JP., \"[192.0.2.1]\", =a-.y.jp]}}\n    then: {hold: true}"), "" },
  { "domain-in-a-list", "lists: {l: {domains: [\"*.y.jp\"]}, unused: {domains: [y.jp/]}}\n" R ("if: {to: {in: l}}\n    then: {hold: true}"),
    "policy.yaml:9:23: '*.y.jp' is no domain: 'y.jp' means itself and its subdomains\n"
    "policy.yaml:9:54: 'y.jp/' is no domain: 'y.jp' means itself and its subdomains\n" },
  { "domain-in-a-list-file", "lists: {l: {file: lists/l.csv}}\n" R ("if: {to: {in: l}}\n    then: {hold: true}"),
    "lists/l.csv:2: '*.y.jp' is no domain: 'y.jp' means itself and its subdomains\n"
    "lists/l.csv:4: 'a@*.y.jp' is no mail address\n",
    { { "lists/l.csv", "domain\n*.y.jp\nx.jp\na@*.y.jp\n" } } },
  { "domain-of-an-address", "groups: {g: [\"a@*.y.jp\"]}\n" R ("if: {to: {address: \"a@%y.jp\"}}\n    then: {hold: true}"),
    "policy.yaml:9:14: 'a@*.y.jp' is no mail address\n"
    "policy.yaml:12:24: 'a@%y.jp' is no mail address\n" },
  { "list-of-words-needs-no-domains", "lists: {l: {file: lists/l.csv}}\n" R ("if: {content: {words: {list: l}}}\n    then: {hold: true}"),
    "", { { "lists/l.csv", "word\nnot a domain\n" } } },
  { "list-outside", "lists: {l: {file: ../l.csv}}\n" R ("then: {hold: true}"),
    "policy.yaml:9:19: '../l.csv' is not inside the policy's folder\n" },
  { "list-in-cp932", "lists: {l: {file: lists/l.csv}}\n" R ("then: {hold: true}"),
    "lists/l.csv:2:1: ENCODING\n", { { "lists/l.csv", "word\n\x8a\xd6\x8f\x8a\n" } } },
  { "builtin", "lists: {l: {builtin: free-mial}}\n" R ("then: {hold: true}"),
    "policy.yaml:9:22: unknown built-in list 'free-mial' (did you mean 'free-mail'?)\n" },
  { "list-and-group", "lists: {x: {domains: [x.example]}}\ngroups: {x: [a@example.co.jp]}\n" R ("then: {hold: true}"),
    "policy.yaml:10:10: 'x' is the name of a list and of a group\n" },
  { "registered-columns", "lists: {d: {file: lists/d.csv}}\n" R ("then: {protect: {as: registered, list: d}}"),
    "lists/d.csv:2: 'as' is one of zip, link, none\n"
    "lists/d.csv:3: 'tell: hint' needs 'hint'\n"
    "lists/d.csv:4: warning: only a hint is told of a random password: nobody can know it\n",
    { { "lists/d.csv", "key,as,password,tell,hint\na.example,rar,,,\nb.example,zip,x,hint,\nc.example,zip,,hint,h\n" } } },
  { "mismatch-columns", "lists: {p: {domains: [x.example]}}\n" R ("if: {to: {mismatch: {list: p}}}\n    then: {reject: true}"),
    "policy.yaml:12:32: the list 'p' has no columns with company names behind the first\n" },
  { "defaults", "defaults: {hold-expiry: never, reject: {notify: no}}\nphrases: {ja: []}\noffline: {after: 7d}\n" R ("then: {reject: true}"),
    "policy.yaml:9:25: DURATION\n"
    "policy.yaml:10:15: empty 'ja'\n"
    "policy.yaml:11:10: 'offline' needs 'after' and 'then'\n"
    "policy.yaml:14:20: 'notify: no' needs 'forward': somebody must learn of a silent refusal\n" },
  { "active", R ("active: {from: 2026-12-31, until: 2026-12-01}\n    then: {hold: true}"),
    "policy.yaml:11:13: 'until' is before 'from': the rule would never be active\n" },
  { "not-yaml", "rules: [\n", "policy.yaml:10:1: not valid YAML: flow sequence without a closing bracket\n" },
  { "id", "rules:\n  - {id: 規則, then: {hold: true}}\n",
    "policy.yaml:10:10: '規則' is no id: up to 64 letters, digits, hyphens, dots and underscores\n" },
};

/* What the small modules say of a bad value stands in their own tests; here only that it is told. */
static char *
plain_problems (const char *problems)
{
  g_autoptr (GRegex) duration = g_regex_new ("^(policy.yaml:[0-9:]+ )'(3 minutes|never)'.*$", G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GRegex) encoding = g_regex_new ("^(lists/l.csv:[0-9:]+ ).*(UTF-8|CP932).*$", G_REGEX_MULTILINE, 0, NULL);
  g_autofree char *once = g_regex_replace (duration, problems, -1, 0, "\\1DURATION", 0, NULL);

  return g_regex_replace (encoding, once, -1, 0, "\\1ENCODING", 0, NULL);
}

static void
run_load (gconstpointer data)
{
  const LoadCase *self = data;
  g_autofree char *yaml = g_strconcat (CASE_HEAD, self->rest, NULL);
  CaseFile files[8] = { { "policy.yaml", yaml }, { "people.csv", CASE_PEOPLE } };
  g_autofree char *problems = NULL;
  g_autofree char *plain = NULL;
  g_autoptr (SkPolicy) policy = NULL;
  gboolean warnings_only;

  for (guint i = 0; i < G_N_ELEMENTS (self->more) && self->more[i].name != NULL; i++)
    files[2 + i] = self->more[i];
  policy = case_load_files (files, NULL, &problems);
  plain = plain_problems (problems);
  g_assert_cmpstr (plain, ==, self->problems);
  warnings_only = TRUE;
  for (const char *line = plain; *line != '\0'; line = strchr (line, '\n') + 1)
    {
      g_autofree char *text = g_strndup (line, (gsize) (strchr (line, '\n') - line));

      warnings_only &= strstr (text, ": warning: ") != NULL;
    }
  g_assert_true ((policy != NULL) == warnings_only);
}

/* --- whole files ------------------------------------------------------------------------------------------ */

static void
test_people (void)
{
  static const CaseFile files[] = {
    { "policy.yaml", CASE_HEAD "rules:\n  - {id: r, then: {hold: true}}\n" },
    { "people.csv", "address,name,manager,aliases,extra\n"
                    "a@example.co.jp,A,b@example.co.jp,x@example.co.jp y@example.co.jp,ignored\n"
                    "no address,B,,,\n"
                    "c@example.co.jp,C,missing@example.co.jp,X@Example.co.jp,\n"
                    "a@EXAMPLE.co.jp,D,,,\n"
                    "b@example.co.jp,E,,,\n" },
    { NULL },
  };
  g_autofree char *problems = NULL;

  g_assert_null (case_load_files (files, NULL, &problems));
  g_assert_cmpstr (problems, ==,
                   "people.csv:3: 'no address' is no mail address\n"
                   "people.csv:4: the address x@example.co.jp belongs to a@example.co.jp already (line 2)\n"
                   "people.csv:4: the manager 'missing@example.co.jp' has no row in this file\n"
                   "people.csv:5: the address a@example.co.jp belongs to a@example.co.jp already (line 2)\n");
}

static void
test_organization (void)
{
  static const CaseFile files[] = {
    { "policy.yaml", "sekisho: 2\n"
                     "organization:\n"
                     "  domain: [example.co.jp]\n"
                     "  timezone: Asia/Tokio\n"
                     "  hours: {between: \"9:99-18:00\"}\n"
                     "rules:\n"
                     "  - {id: r, if: {time: {outside: hours}}, then: {hold: 8bh}}\n" },
    { NULL },
  };
  g_autofree char *problems = NULL;

  g_assert_null (case_load_files (files, NULL, &problems));
  g_assert_nonnull (strstr (problems, "policy.yaml:1:10: version '2' of the language is unknown: this program reads 1\n"));
  g_assert_nonnull (strstr (problems, "policy.yaml:3:3: unknown key 'domain' (did you mean 'domains'?)\n"));
  g_assert_nonnull (strstr (problems, "policy.yaml:3:3: 'organization' needs 'domains': what is internal\n"));
  g_assert_nonnull (strstr (problems, "policy.yaml:4:13: unknown time zone 'Asia/Tokio': write it like Asia/Tokyo\n"));
  g_assert_nonnull (strstr (problems, "policy.yaml:5:20: "));
}

static void
test_domains_of_the_organization (void)
{
  static const CaseFile files[] = {
    { "policy.yaml", "sekisho: 1\norganization:\n  domains: [\"*.example.co.jp\"]\n"
                     "  affiliates: example-group.jp/\n  timezone: Asia/Tokyo\n"
                     "rules:\n  - {id: r, then: {hold: true}}\n" },
    { NULL },
  };
  g_autofree char *problems = NULL;

  g_assert_null (case_load_files (files, NULL, &problems));
  g_assert_cmpstr (problems, ==,
                   "policy.yaml:3:13: '*.example.co.jp' is no domain: 'example.co.jp' means itself and its subdomains\n"
                   "policy.yaml:4:15: 'example-group.jp/' is no domain: 'example-group.jp' means itself and its subdomains\n");
}

static void
test_no_hours (void)
{
  static const CaseFile files[] = {
    { "policy.yaml", "sekisho: 1\norganization: {domains: [example.co.jp]}\n"
                     "rules:\n"
                     "  - {id: r, if: {time: {outside: hours}}, then: {hold: 8bh}}\n" },
    { NULL },
  };
  g_autofree char *problems = NULL;

  g_assert_null (case_load_files (files, NULL, &problems));
  g_assert_cmpstr (problems, ==,
                   "policy.yaml:4:34: business hours are asked for, but 'organization' names no 'hours'\n"
                   "policy.yaml:4:56: business hours are asked for, but 'organization' names no 'hours'\n");
}

static void
test_missing (void)
{
  static const CaseFile nothing[] = { { "other.txt", "" }, { NULL } };
  static const CaseFile empty[] = { { "policy.yaml", "# only a comment\n" }, { NULL } };
  static const CaseFile bare[] = { { "policy.yaml", "rules:\n  - {id: r, then: {hold: true}}\n" }, { NULL } };
  static const CaseFile cp932[] = { { "policy.yaml", "sekisho: 1\n# \x8a\xd6\x8f\x8a\n" }, { NULL } };
  g_autofree char *a = NULL, *b = NULL, *c = NULL, *d = NULL;

  g_assert_null (case_load_files (nothing, NULL, &a));
  g_assert_true (g_str_has_prefix (a, "policy.yaml: "));
  g_assert_null (case_load_files (empty, NULL, &b));
  g_assert_cmpstr (b, ==, "policy.yaml: the file is empty\n");
  g_assert_null (case_load_files (bare, NULL, &c));
  g_assert_cmpstr (c, ==, "policy.yaml:1:1: 'sekisho' is missing: the file begins with 'sekisho: 1'\n"
                          "policy.yaml:1:1: 'organization' is missing: it names the internal domains\n");
  g_assert_null (case_load_files (cp932, NULL, &d));
  g_assert_cmpstr (d, ==, "policy.yaml:2:3: CP932 (Shift_JIS), not UTF-8; save it as UTF-8, or convert it with: iconv -f CP932 -t UTF-8\n");
}

static void
test_personal (void)
{
  static const CaseFile files[] = {
    { "policy.yaml", CASE_HEAD "rules:\n  - {id: r, then: {hold: true}}\n" },
    { "people.csv", CASE_PEOPLE },
    { NULL },
  };
  g_autofree char *problems = NULL;

  g_assert_null (case_load_files (files, "organization: {}\nrules:\n  - id: p\n    then: {allow: true, hold: true, reject: true}\n", &problems));
  g_assert_cmpstr (problems, ==,
                   "personal.yaml:1:1: unknown key 'organization': there are sekisho, lists, groups, rules\n"
                   "personal.yaml:4:12: 'allow' can't stand in personal rules: only hold, confirm and warn\n"
                   "personal.yaml:4:37: 'reject' can't stand in personal rules: only hold, confirm and warn\n");
}

static SkPolicy *
load_one (const char *rest)
{
  return case_load (rest, NULL, NULL);
}

static void
test_needs (void)
{
  static const struct {
    const char *rest;
    SkNeeds needs, monitor;
  } table[] = {
    { R ("then: {hold: true}"), 0, 0 },
    { R ("if: {attachment: {size: 1}}\n    then: {hold: true}"), SK_NEED_SIZES, 0 },
    { R ("if: {content: {words: x, in: subject}}\n    then: {hold: true}"), 0, 0 },
    { R ("if: {content: {words: x}}\n    then: {hold: true}"), SK_NEED_TEXTS | SK_NEED_INSPECTION, 0 },
    { R ("if: {any: [{to: {tls: no}}, {to: {history: new}}]}\n    then: {hold: true}"), SK_NEED_TLS | SK_NEED_HISTORY, 0 },
    { R ("if: {to: {lookalike: yes}}\n    then: {hold: true}"), SK_NEED_HISTORY | SK_NEED_LOOKALIKE, 0 },
    { R ("unless: {attachments: {where: {encrypted: yes}}}\n    then: {hold: true}"), SK_NEED_INSPECTION, 0 },
    { R ("mode: monitor\n    if: {to: {tls: no, history: new}}\n    then: {hold: true}"), SK_NEED_HISTORY, SK_NEED_TLS },
    { R ("enabled: no\n    if: {to: {tls: no}}\n    then: {hold: true}"), 0, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (SkPolicy) policy = load_one (table[i].rest);

      g_assert_cmphex (sk_policy_needs (policy), ==, table[i].needs);
      g_assert_cmphex (sk_policy_monitor_needs (policy), ==, table[i].monitor);
    }
}

static void
test_facts (void)
{
  g_autoptr (SkPolicy) policy = load_one (
      "phrases: {ja: [宛先をご確認ください], en: a}\noffline: {after: 7d, then: hold-external}\n" R ("then: {hold: true}"));
  const char *then;
  guint count;

  g_assert_cmpstr (sk_policy_organization (policy), ==, "Example K.K.");
  g_assert_cmpstr (sk_policy_timezone (policy), ==, "Asia/Tokyo");
  g_assert_cmpuint (sk_policy_rule_count (policy), ==, 1);
  g_assert_cmpuint (strlen (sk_policy_sha256 (policy)), ==, 64);
  g_assert_cmpint (sk_policy_offline (policy, &then), ==, 7 * 86400);
  g_assert_cmpstr (then, ==, "hold-external");
  g_assert_cmpstr (sk_policy_phrases (policy, "ja", &count)[0], ==, "宛先をご確認ください");
  g_assert_cmpuint (count, ==, 1);
  g_assert_true (sk_policy_same_person (policy, "HANA@example.co.jp", "hana.alias@example.co.jp"));
  g_assert_false (sk_policy_same_person (policy, "hana@example.co.jp", "boss@example.co.jp"));
  g_assert_false (sk_policy_same_person (policy, "nobody@example.co.jp", "nobody@example.co.jp"));
  g_assert_cmpstr (sk_policy_manager (policy, "h@example-group.jp"), ==, "boss@example.co.jp");
  g_assert_cmpstr (sk_policy_deputy (policy, "boss@example.co.jp"), ==, "deputy@example.co.jp");
  g_assert_cmpstr (sk_policy_person_name (policy, "hana@example.co.jp"), ==, "花");
}

/* The number changes with a name and with a byte, and stays otherwise. */
static void
test_sha256 (void)
{
  CaseFile files[] = { { "policy.yaml", CASE_HEAD R ("then: {hold: true}") }, { "people.csv", CASE_PEOPLE },
                       { "templates/a.txt", "x" }, { NULL } };
  g_autofree char *p1 = NULL, *p2 = NULL, *p3 = NULL, *p4 = NULL;
  g_autoptr (SkPolicy) a = case_load_files (files, NULL, &p1);
  g_autoptr (SkPolicy) b = case_load_files (files, NULL, &p2);
  g_autoptr (SkPolicy) c = NULL, d = NULL;

  files[2].contents = "y";
  c = case_load_files (files, NULL, &p3);
  files[2] = (CaseFile){ "templates/b.txt", "x" };
  d = case_load_files (files, NULL, &p4);
  g_assert_cmpstr (sk_policy_sha256 (a), ==, sk_policy_sha256 (b));
  g_assert_cmpstr (sk_policy_sha256 (a), !=, sk_policy_sha256 (c));
  g_assert_cmpstr (sk_policy_sha256 (a), !=, sk_policy_sha256 (d));
}

static void
test_error_names_the_number (void)
{
  g_autofree char *folder = case_folder ((CaseFile[]){ { "policy.yaml", "rules: []\n" }, { NULL } });
  g_autoptr (GError) error = NULL;

  g_assert_null (sk_policy_load (folder, NULL, NULL, &error));
  g_assert_cmpstr (error->message, ==,
                   "policy.yaml:1:1: 'sekisho' is missing: the file begins with 'sekisho: 1' (and 2 more errors)");
  case_remove (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/policy-load/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], run_load);
    }
  g_test_add_func ("/policy-load/people", test_people);
  g_test_add_func ("/policy-load/organization", test_organization);
  g_test_add_func ("/policy-load/domains-of-the-organization", test_domains_of_the_organization);
  g_test_add_func ("/policy-load/no-hours", test_no_hours);
  g_test_add_func ("/policy-load/missing", test_missing);
  g_test_add_func ("/policy-load/personal", test_personal);
  g_test_add_func ("/policy-load/needs", test_needs);
  g_test_add_func ("/policy-load/facts", test_facts);
  g_test_add_func ("/policy-load/sha256", test_sha256);
  g_test_add_func ("/policy-load/error-names-the-number", test_error_names_the_number);
  return g_test_run ();
}
