# SPDX-License-Identifier: GPL-3.0-or-later
"""sekisho-policy as IT calls it: exit statuses, what it prints, and what it says of mistakes."""
import email.message
import email.policy
import json
import os
import pathlib
import textwrap

import pytest

from test_examples import run

POLICY = '''\
sekisho: 1
organization: {name: Example K.K., domains: [example.co.jp], affiliates: [example-group.jp], timezone: Asia/Tokyo}
people: people.csv
rules:
  - id: hold
    if: {message: {subject: [hold]}, to: external}
    then: {hold: 60m}
  - id: approve
    if: {message: {subject: [approve]}}
    then: {approve: {by: [boss@example.co.jp]}}
  - id: reject
    if: {message: {subject: [reject]}}
    then: {reject: true}
  - id: confirm
    if: {message: {subject: [confirm]}}
    then: {confirm: true}
  - id: evening
    if: {time: {between: "19:00-20:00"}}
    then: {reject: true}
  - id: new
    if: {message: {subject: [history]}, to: {history: new}}
    then: {hold: true}
  - id: no-tls
    if: {message: {subject: [secure]}, to: {tls: no}}
    then: {reject: true}
'''
PEOPLE = '''\
address,name,department,employment,manager,deputy,aliases
boss@example.co.jp,Boss,sales,employee,,,
hana@example.co.jp,Hana,sales,employee,boss@example.co.jp,,hana.alias@example.co.jp
'''


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / 'policy'
    (folder / 'cases').mkdir(parents=True)
    (folder / 'policy.yaml').write_text(POLICY, encoding='utf-8')
    (folder / 'people.csv').write_text(PEOPLE, encoding='utf-8')
    return folder


@pytest.fixture
def mail(tmp_path):
    def make(subject, **headers):
        message = email.message.EmailMessage(policy=email.policy.SMTP)
        message['From'] = 'hana@example.co.jp'
        message['Subject'] = subject
        for name, value in (headers or {'To': 'a@example.com'}).items():
            message[name] = value
        message.set_content('Hello.')
        path = tmp_path / 'mail.eml'
        path.write_bytes(message.as_bytes())
        return path
    return make


def explain(folder, path, *options, at='2026-11-24T10:00'):
    result = run('explain', folder, path, '--from', 'hana@example.co.jp', '--at', at, *options)
    return result.returncode, json.loads(result.stdout) if result.stdout else result.stderr


@pytest.mark.parametrize('subject, status, outcome', [
    ('nothing', 0, 'send'), ('confirm', 0, 'confirm'), ('hold', 10, 'hold'), ('approve', 11, 'approve'), ('reject', 12, 'reject')])
def test_explain_exit_status(folder, mail, subject, status, outcome):
    code, verdict = explain(folder, mail(subject))
    assert (code, verdict['outcome']) == (status, outcome)


def fields(verdict):
    return {recipient['address']: recipient['field'] for recipient in verdict['recipients']}


def test_recipients_come_from_the_headers(folder, mail):
    path = mail('x', To='a@example.com', Cc='b@example.com', Bcc='c@example.com')
    assert fields(explain(folder, path)[1]) == {'a@example.com': 'to', 'b@example.com': 'cc', 'c@example.com': 'bcc'}


def test_envelope_beats_the_headers(folder, mail):
    path = mail('x', To='a@example.com', Cc='b@example.com')
    _, verdict = explain(folder, path, '--to', 'b@example.com', '--cc', 'd@example.com', '--bcc', 'e@example.com')
    assert fields(verdict) == {'b@example.com': 'cc', 'd@example.com': 'cc', 'e@example.com': 'bcc'}


@pytest.mark.parametrize('at, status', [
    ('2026-11-24T18:59', 0), ('2026-11-24T19:00', 12), ('2026-11-24T10:00Z', 12), ('2026-11-24T20:00', 0)])
def test_time_is_the_policys(folder, mail, at, status):
    assert explain(folder, mail('x'), at=at)[0] == status


@pytest.mark.parametrize('rows, status', [
    (None, 10), ('hana@example.co.jp,a@example.com', 0), ('hana.alias@example.co.jp,A@example.com', 0),
    ('boss@example.co.jp,a@example.com', 10), ('hana@example.co.jp,b@example.com', 10)])
def test_history(folder, mail, tmp_path, rows, status):
    options = []
    if rows is not None:
        (tmp_path / 'history.csv').write_text(f'sender,recipient\n{rows}\n', encoding='utf-8')
        options = ['--history', tmp_path / 'history.csv']
    assert explain(folder, mail('history'), *options)[0] == status


@pytest.mark.parametrize('rows, status, unknown', [
    ('example.com,yes', 0, None), ('example.com,no', 12, False), ('example.org,yes', 12, True)])
def test_tls(folder, mail, tmp_path, rows, status, unknown):
    (tmp_path / 'tls.csv').write_text(f'domain,tls\n{rows}\n', encoding='utf-8')
    code, verdict = explain(folder, mail('secure'), '--tls', tmp_path / 'tls.csv')
    assert code == status
    assert unknown is None or verdict['rules'][0].get('unknown', False) == unknown


@pytest.mark.parametrize('arguments, said', [
    (['explain', '{folder}', '{mail}'], '--from'),
    (['explain', '{folder}', '{folder}/none.eml', '--from', 'hana@example.co.jp'], 'none.eml'),
    (['explain', '{folder}', '{mail}', '--from', 'hana@example.co.jp', '--to', 'nobody'], "'nobody'"),
    (['explain', '{folder}', '{mail}', '--from', 'hana@example.co.jp', '--at', 'noon'], "'noon'"),
    (['explain', '{folder}', '{mail}', '--from', 'hana@example.co.jp', '--tls', '{folder}/people.csv'], 'domain,tls'),
    (['check', '{folder}/none'], 'policy.yaml'), (['check'], 'usage'), (['nonsense'], 'nonsense'), ([], 'Usage'),
    (['test', '{folder}', 'none'], "'none'"), (['check', '--nonsense', '{folder}'], '--nonsense')])
def test_wrong_calls(folder, mail, arguments, said):
    names = {'folder': folder, 'mail': mail('x')}
    result = run(*(argument.format(**names) for argument in arguments))
    assert result.returncode == 2
    assert said in result.stderr
    assert result.stdout == ''


def test_check_shows_all_errors_with_their_places(folder):
    (folder / 'policy.yaml').write_text(POLICY.replace('if: {time', 'fi: {time').replace('confirm: true', 'confrim: true'), encoding='utf-8')
    result = run('check', folder)
    assert result.returncode == 2
    assert "policy.yaml:16:12: unknown key 'confrim' (did you mean 'confirm'?)" in result.stderr
    assert "policy.yaml:18:5: unknown key 'fi' (did you mean 'if'?)" in result.stderr


def test_help():
    for arguments in (['--help'], ['check', '--help'], ['explain', '--help'], ['test', '--help']):
        result = run(*arguments)
        assert result.returncode == 0
        assert 'Usage' in result.stdout


def run_cases(folder, text):
    (folder / 'cases/x.yaml').write_text(textwrap.dedent(text), encoding='utf-8')
    return run('test', folder)


def test_a_mail_of_fields_is_a_real_one(folder):
    name = 'とても長い名前の見積書（改訂版、社外秘ではないもの）二〇二六年十一月.tar.gz'
    (folder / 'cases/own.bin').write_bytes(b'\x00\r\n\xff\x01')
    result = run_cases(folder, f'''\
        mail:
          from: hana@example.co.jp
          to: [a@example.com]
          cc: b@example.com
          bcc: [c@example.com]
          subject: とても長い件名、承認をお願いします、approve
          headers: {{X-Test: 値}}
          body: 本文
          attachments:
            - {{name: "{name}", text: 関所}}
            - {{size: 1.5MB, name: 'quote " and \\ slash.bin'}}
            - {{size: 1000001}}
            - {{file: own.bin, name: own.bin, type: image/png}}
        expect:
          outcome: approve
          recipients: [{{address: a@example.com, field: to}}, {{address: b@example.com, field: cc}}, {{address: c@example.com, field: bcc}}]
          attachments:
            - {{index: 1, name: "{name}", size: 6, type: text/plain}}
            - {{index: 2, name: 'quote " and \\ slash.bin', size: 1572864}}
            - {{index: 3, name: null, size: 1000001}}
            - {{index: 4, name: own.bin, size: 5, type: image/png}}
        ''')
    assert result.returncode == 0, result.stdout + result.stderr


def test_differences_are_shown_where_they_are(folder):
    result = run_cases(folder, '''\
        name: wrong
        mail: {from: hana@example.co.jp, to: [a@example.com, b@example.co.jp], subject: hold}
        expect: {outcome: send, recipients: [{address: a@example.com, outcome: send}], deliveries: [{hold: {seconds: 3600}}]}
        ---
        name: right
        mail: {from: hana@example.co.jp, to: [b@example.co.jp], subject: hold}
        expect: {outcome: send, rules: [], confirm: {recipients: []}, reply: null}
        ''')
    assert result.returncode == 1
    assert 'FAILED  cases/x.yaml:1  wrong\n    outcome\n      expected  send\n      actual    hold\n' in result.stdout
    assert '    recipients\n      expected  {address: a@example.com, outcome: send}\n' in result.stdout
    assert 'deliveries' not in result.stdout
    assert 'ok      cases/x.yaml:5  right\n1 passed, 1 failed\n' in result.stdout


@pytest.mark.parametrize('expect, passes', [
    ('{recipients: [{outcome: hold}, {address: a@example.com}]}', True),   # each takes one of its own, whatever the order
    ('{recipients: [{outcome: hold}, {outcome: hold}, {outcome: hold}]}', False),
    ('{deliveries: [{recipients: [b@example.com, a@example.com]}]}', True), ('{deliveries: [{recipients: [a@example.com]}]}', False),
    ('{deliveries: [{bcc: [], protect: [], hold: {seconds: "3600"}, stamp: no}]}', True), ('{deliveries: [{stamp: yes}]}', False),
    ('{deliveries: []}', False), ('{rules: [{id: hold, attachments: []}]}', True), ('{rules: {id: hold}}', True),
    ('{reply: {code: 250}}', False), ('{nonsense: 1}', False), ('{rules: [{id: hold, recipients: [a@example.com, b@example.com, b@example.com]}]}', False)])
def test_what_an_expectation_means(folder, expect, passes):
    result = run_cases(folder, f'''\
        mail: {{from: hana@example.co.jp, to: [a@example.com, b@example.com], subject: hold}}
        expect: {expect}
        ''')
    assert result.returncode == (0 if passes else 1), result.stdout + result.stderr


@pytest.mark.parametrize('text, said', [
    ('mail: x.eml\nexpect: {outcome: send}', "cases/x.yaml:1: there is no file 'x.eml'"),
    ('mail: ../../mail.eml\nexpect: {outcome: send}', 'leads out of'),
    ('mail: {from: a@example.co.jp, to: [b@example.com]}\nexpct: {outcome: send}', "cases/x.yaml:2:1: unknown key 'expct' (did you mean 'expect'?)"),
    ('mail: {to: [b@example.com]}\nexpect: {outcome: send}', "a mail needs 'from'"),
    ('mail: {from: a@example.co.jp}\nexpect: {outcome: send}', "needs 'to', 'cc' or 'bcc'"),
    ('mail: {from: a@example.co.jp, to: [b@example.com], attachments: [{text: a, size: 1}]}\nexpect: {outcome: send}', 'one of'),
    ('mail: {from: a@example.co.jp, to: [b@example.com], attachments: [{size: ">= 1"}]}\nexpect: {outcome: send}', "'>= 1'"),
    ('mail: {from: a@example.co.jp, to: [b@example.com]}\nonly: [rejct]\nexpect: {outcome: send}', "(did you mean 'reject'?)"),
    ('mail: {from: a@example.co.jp, to: [b@example.com]}\ntls: {example.com: maybe}\nexpect: {outcome: send}', 'yes or no')])
def test_cases_that_cant_be_run(folder, mail, text, said):
    mail('x')
    result = run_cases(folder, text)
    assert result.returncode == 2
    assert said in result.stderr


def test_a_case_that_cant_be_run_is_one_that_failed(folder):
    """The others are run all the same."""
    result = run_cases(folder, '''\
        mail: none.eml
        expect: {outcome: send}
        ---
        name: fine
        mail: {from: hana@example.co.jp, to: [a@example.com]}
        expect: {outcome: send}
        ''')
    assert result.returncode == 2
    assert "there is no file 'none.eml'" in result.stderr
    assert 'FAILED  cases/x.yaml:1\n' in result.stdout
    assert result.stdout.endswith('ok      cases/x.yaml:4  fine\n1 passed, 1 failed\n')


def test_explain_wants_an_address(folder, mail):
    result = run('explain', folder, mail('x'), '--from', 'nonsense')
    assert result.returncode == 2 and result.stdout == ''
    assert "--from: 'nonsense' is no mail address; write it as name@example.com" in result.stderr


def test_explain_says_what_it_could_not_read(folder, tmp_path):
    path = tmp_path / 'mail.eml'
    path.write_bytes(b'X-A: b\r\n' * 30000 + b'From: hana@example.co.jp\r\nTo: a@example.com\r\n\r\nx')
    result = run('explain', folder, path, '--from', 'hana@example.co.jp')
    assert result.returncode == 2
    assert 'could not be read whole (more than 20000 header fields)' in result.stderr and '--to' in result.stderr
    assert explain(folder, path, '--to', 'a@example.com')[1]['recipients'][0]['address'] == 'a@example.com'


def test_a_zip_that_only_other_programs_see(folder, tmp_path):
    """Programs differ about which of two fields counts: what can't be decided is treated as matched."""
    policy = POLICY.split('rules:')[0] + 'rules:\n  - id: zip\n    if: {attachments: {where: {extension: zip}}}\n    then: {reject: true}\n'
    (folder / 'policy.yaml').write_text(policy, encoding='utf-8')
    head = 'From: hana@example.co.jp\r\nTo: a@example.com\r\nMIME-Version: 1.0\r\n'
    frames = ('Content-Type: multipart/mixed; boundary=q\r\nContent-Type: multipart/mixed; boundary=r\r\n\r\n'
              '--q\r\nContent-Disposition: attachment; filename=a.zip\r\n\r\nPK\r\n--q--\r\n')
    names = ('Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\nContent-Disposition: attachment; filename=a.zip\r\n'
             'Content-Disposition: attachment; filename=a.txt\r\n\r\nPK\r\n--q--\r\n')
    signatures = ('Content-Type: multipart/signed; boundary=q\r\n\r\n' + ''.join(
        f'--q\r\nContent-Type: application/pgp-signature; name={name}.zip\r\n\r\nPK\r\n' for name in 'ab') + '--q--\r\n')
    for text in (frames, names, signatures):
        path = tmp_path / 'mail.eml'
        path.write_bytes((head + text).encode())
        assert any(part.get_filename() == 'a.zip' for part in email.message_from_bytes(path.read_bytes()).walk())
        assert explain(folder, path)[0] == 12, text


def test_only_some_rules(folder):
    result = run_cases(folder, '''\
        mail: {from: hana@example.co.jp, to: [a@example.com], subject: hold and reject}
        only: [hold]
        expect: {outcome: hold, rules: [{id: hold}]}
        ---
        mail: {from: hana@example.co.jp, to: [a@example.com], subject: hold and reject}
        expect: {outcome: reject}
        ''')
    assert result.returncode == 0, result.stdout + result.stderr


def test_personal_rules(folder):
    (folder / 'cases/personal.yaml.txt').write_text('sekisho: 1\nrules:\n  - id: mine\n    if: {to: external}\n    then: {confirm: true}\n', encoding='utf-8')
    result = run_cases(folder, '''\
        mail: {from: hana@example.co.jp, to: [a@example.com], subject: x}
        personal: personal.yaml.txt
        expect: {outcome: confirm}
        ---
        mail: {from: hana@example.co.jp, to: [a@example.com], subject: x}
        expect: {outcome: send}
        ''')
    assert result.returncode == 0, result.stdout + result.stderr


def check(folder, name, content):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return run('check', folder)


BASE = """sekisho: 1
organization: {name: E, domains: [e.jp], timezone: Asia/Tokyo}
"""
ONE = BASE + """rules:
  - id: a
    if: {to: external}
    then: {%s}
"""


@pytest.mark.parametrize('encoding, text, place, said', [
    ('cp932', '# ok\n# 見積書\n', '4:3', 'CP932 (Shift_JIS), not UTF-8; save it as UTF-8, or convert it with: iconv -f CP932 -t UTF-8'),
    ('utf-16', '', '1:1', 'iconv -f UTF-16 -t UTF-8'), ('utf-8', '# a\0b\n', '3:4', 'a NUL byte'),
    ('latin-1', '# caf\xe9 \xff\xff\n', '3:6', 'not UTF-8; save it as UTF-8')],
    ids=['cp932', 'utf-16', 'nul', 'latin-1'])
def test_wrong_encodings_are_named(folder, encoding, text, place, said):
    result = check(folder, 'policy.yaml', (BASE + text).encode(encoding))
    assert result.returncode == 2
    assert result.stderr.startswith(f'policy.yaml:{place}: ')
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_template_in_shift_jis_is_told_once(folder):
    check(folder, 'policy.yaml', (ONE % 'insert: {template: n, at: top}').encode())
    result = check(folder, 'templates/n.txt', 'a\n御中'.encode('cp932'))
    assert result.returncode == 2
    assert result.stderr.startswith('templates/n.txt:2:1: CP932 (Shift_JIS)')
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize('action, said', [
    ('approve: {by: managr}', "6:26: unknown approver 'managr' (did you mean 'manager'?)"),
    ('approve: {by: nobody-there}', "6:26: unknown list or group 'nobody-there'"),
    ('protect: {as: zip, password: "12345"}', "6:41: '12345' is no kind of password: write {fixed: …}"),
    ('protect: {as: zip, password: code}', '6:'), ('hold: 60x', "6:18: '60x': not a duration"), ('hold: [1m, 2m]', '6:18')])
def test_wrong_actions(folder, action, said):
    result = check(folder, 'policy.yaml', (ONE % action).encode())
    assert result.returncode == 2
    assert 'policy.yaml:' + said in result.stderr


@pytest.mark.parametrize('condition, said', [
    ('[' * 100000 + ']' * 100000, 'nested too deeply'), ('{not: ' * 3000 + '{to: external}' + '}' * 3000, 'nested too deeply'),
    ('&a {to: external}', 'anchors are not allowed'), ('{any: [*a, *a]}', 'aliases are not allowed'),
    ('!!str external', 'tags are not allowed'), ('{to: external, to: internal}', "duplicate key 'to'"),
    ('{content: {regex: "(a"}}', 'missing closing parenthesis (at character 3)'), ('{to: external', 'not valid YAML'),
    ('{message: {subject: "a\\0b"}}', 'a NUL character'), ('{to: {in: nowhere}}', "unknown list or group 'nowhere'")],
    ids=['lists', 'nots', 'anchor', 'alias', 'tag', 'duplicate', 'regex', 'unclosed', 'nul', 'list'])
def test_hostile_and_wrong_conditions(folder, condition, said):
    result = check(folder, 'policy.yaml', (ONE % 'hold: 60m').replace('{to: external}', condition).encode())
    assert result.returncode == 2
    assert said in result.stderr
    assert result.stderr.startswith('policy.yaml:')


def test_aliases_do_not_grow(folder):
    bomb = 'x0: &x0 [x, x, x, x, x, x, x, x, x]\n' + ''.join(
        f'x{n}: &x{n} [{", ".join([f"*x{n - 1}"] * 9)}]\n' for n in range(1, 30))
    result = check(folder, 'policy.yaml', (BASE + bomb).encode())
    assert result.returncode == 2
    assert 'aliases are not allowed' in result.stderr


def test_every_row_of_a_csv_is_told(folder):
    (folder / 'people.csv').write_text('address,name,department,employment,manager,deputy,aliases\n'
                                       'a@e.jp,A,,,nobody@e.jp,,\nbad,B,,,,,\na@e.jp,C,,,,,\n,D,,,,,\n', encoding='utf-8')
    (folder / 'lists').mkdir()
    (folder / 'lists/p.csv').write_text('domain\n"two words"\n@\n', encoding='utf-8')
    text = BASE + 'people: people.csv\nlists: {p: {file: lists/p.csv}}\n' + ONE[len(BASE):] % 'hold: 60m'
    result = check(folder, 'policy.yaml', text.replace('to: external', 'to: {in: p}').encode())
    assert result.returncode == 2
    for said in ("people.csv:2: the manager 'nobody@e.jp' has no row", "people.csv:3: 'bad' is no mail address",
                 'people.csv:4: the address a@e.jp belongs to', 'people.csv:5: the address is missing',
                 "lists/p.csv:2: 'two words' is no domain", "lists/p.csv:3: '@' is no mail address"):
        assert said in result.stderr


def test_what_is_too_much_is_counted(folder):
    rules = ''.join(f'  - id: r{n}\n    fi: x\n    then: {{hold: 60m}}\n' for n in range(1200))
    result = check(folder, 'policy.yaml', (BASE + 'rules:\n' + rules).encode())
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1001
    assert result.stderr.endswith('policy.yaml: 200 more errors are not shown\n')


def test_an_error_behind_many_warnings_is_told(folder):
    suffixes = 'domain\n' + 'co.jp\nne.jp\nor.jp\n' * 500
    (folder / 'lists').mkdir()
    (folder / 'lists/p.csv').write_text(suffixes, encoding='utf-8')
    text = BASE + 'lists: {p: {file: lists/p.csv}}\n' + ONE[len(BASE):] % 'hodl: 60m'
    result = check(folder, 'policy.yaml', text.replace('to: external', 'to: {in: p}').encode())
    assert result.returncode == 2
    assert "unknown key 'hodl' (did you mean 'hold'?)" in result.stderr
    assert '(null)' not in result.stderr


def test_ten_megabytes_are_read(folder):
    text = (ONE % 'hold: 60m').encode() + b'# ' + b'x' * 77 + b'\n'
    result = check(folder, 'policy.yaml', text + b'# a line of a comment\n' * 500000)
    assert (result.returncode, result.stderr) == (0, '')
    assert '1 rules, 0 warnings' in result.stdout


@pytest.mark.parametrize('name', ['policy.yaml', 'people.csv', 'cases/a.yaml', 'templates/a.txt'])
def test_a_pipe_is_no_file_of_a_policy(folder, name):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    result = run('test' if name.startswith('cases') else 'check', folder, timeout=20)
    assert result.returncode == 2 and name in result.stderr and 'is no plain file' in result.stderr


@pytest.mark.parametrize('option', ['--history', '--tls', '--personal', None])
def test_explain_reads_no_pipe(folder, mail, tmp_path, option):
    pipe = tmp_path / 'pipe'
    os.mkfifo(pipe)
    arguments = [pipe] if option is None else [mail('x'), option, pipe]
    result = run('explain', folder, *arguments, '--from', 'hana@example.co.jp', timeout=20)
    assert result.returncode == 2 and 'is no plain file' in result.stderr


def test_inspect_shows_a_document_without_steering_the_terminal(tmp_path):
    path = tmp_path / 'list.csv'
    path.write_text('氏名,電話\n\x1b[31m見本\x9b31m,03-3456-7801\n', encoding='utf-8')
    shown = run('inspect', path)
    assert shown.returncode == 0
    assert '\x1b' not in shown.stdout and '\x9b' not in shown.stdout
    assert 'readable   yes' in shown.stdout and 'phone-number' in shown.stdout and '[03-3456-7801]' in shown.stdout


def test_inspect_of_mails_and_documents_as_json(tmp_path):
    mail = email.message.EmailMessage(policy=email.policy.SMTP)
    mail['From'], mail['To'], mail['Subject'] = 'hana@example.co.jp', 'a@example.com', '請求の件'
    mail.set_content('TEL 03-3456-7801\n')
    mail.add_attachment('カード 4111111111111111\n'.encode('cp932'), maintype='text', subtype='csv', filename='一覧.csv')
    (tmp_path / 'm.eml').write_bytes(mail.as_bytes())
    (tmp_path / 'a.jpg').write_bytes(b'%PDF-1.4 broken')
    shown = run('inspect', '--json', tmp_path / 'm.eml', tmp_path / 'a.jpg')
    whole, broken = (json.loads(line) for line in shown.stdout.splitlines())
    assert (shown.returncode, whole['type'], whole['subject'], whole['readable']) == (0, 'message/rfc822', '請求の件', True)
    attachment, = whole['attachments']
    assert (attachment['name'], attachment['text'], attachment['encrypted']) == ('一覧.csv', 'カード 4111111111111111\n', False)
    assert {(found['kind'], found['in'], found['at'], found['text']) for found in whole['findings']} == {
        ('phone-number', 'body', 'line 1', '03-3456-7801'),
        ('credit-card', 'attachment:1', 'line 1', '4111111111111111'),
        ('digits-16', 'attachment:1', 'line 1', '4111111111111111')}
    assert (broken['readable'], broken['disguised'], broken['encrypted']) == (False, True, None)
    assert broken['reason'].startswith('damaged')


def test_inspect_of_what_is_not_there(tmp_path):
    shown = run('inspect', tmp_path / 'nothing.pdf')
    assert shown.returncode == 2 and 'nothing.pdf' in shown.stderr


def test_inspect_of_a_name_that_is_no_utf8(tmp_path):
    path = os.path.join(os.fsencode(tmp_path), '名簿.txt'.encode('cp932'))
    with open(path, 'wb') as file:
        file.write(b'4111111111111111\n')
    shown = run('inspect', '--json', path)
    assert shown.returncode == 0 and json.loads(shown.stdout)['findings'][0]['kind'] == 'credit-card'


def test_no_type_that_inspection_tells_is_warned_of(folder):
    documents = pathlib.Path(__file__).resolve().parents[1] / 'fixtures/documents'
    files = [path for path in documents.rglob('*') if path.is_file() and path.suffix not in ('.md', '.json')]
    shown = [json.loads(line) for line in run('inspect', '--json', *files).stdout.splitlines()]
    types = {one['type'] for one in shown if one.get('type')}
    types |= {attachment['type'] for one in shown for attachment in one.get('attachments', []) if attachment.get('type')}
    assert len(types) > 20
    listed = ', '.join(f'"{name}"' for name in sorted(types))
    (folder / 'policy.yaml').write_text(POLICY + f'  - id: types\n    if: {{attachment: {{type: [{listed}]}}}}\n    then: {{hold: true}}\n')
    checked = run('check', folder)
    assert (checked.returncode, checked.stderr) == (0, '') and 'no file is ever' not in checked.stdout, checked
