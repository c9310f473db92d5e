# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in attachments decides what becomes of a mail, end to end: a client submits, the policies of the examples
judge, and the provider has it or has not."""
import email.message
import email.policy
import json
import os
import pathlib
import signal
import smtplib
import subprocess
import threading
import time
import zipfile

import pytest

from agent import eventually

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / 'rules-sync/examples'
HANA = 'hana@example.co.jp'
TO = 'a@example.com'
CARD = '4111111111111111'


def example(name):
    folder = EXAMPLES / name
    return {str(path.relative_to(folder)): path.read_text(encoding='utf-8') for path in folder.rglob('*')
            if path.is_file() and 'cases' not in path.parts}


def message(subject, body='Hello.', files=(), to=TO):
    mail = email.message.EmailMessage(policy=email.policy.SMTP)
    mail['From'], mail['To'], mail['Subject'] = HANA, to, subject
    mail.set_content(body)
    for name, content in files:
        mail.add_attachment(content, maintype='application', subtype='octet-stream', filename=name)
    return mail


def send(agent, mail, to=TO):
    """The provider's or the checkpoint's answer to the mail."""
    with smtplib.SMTP('127.0.0.1', agent.port, timeout=60) as client:
        client.ehlo()
        try:
            client.sendmail(HANA, [to], mail.as_bytes())
        except smtplib.SMTPDataError as error:
            return error.smtp_code, error.smtp_error.decode()
    return 250, ''


def case_file(path):
    return (EXAMPLES / path).read_bytes()


def zipped(path, name, content):
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return path.read_bytes()


@pytest.mark.parametrize('count, refused', [(9, False), (10, True), (11, True)])
def test_s11_phone_numbers(make_agent, provider, count, refused):
    agent = make_agent(policy=example('s11'))
    numbers = [f'03-3456-78{number:02}' for number in range(count)]
    body, rest = numbers[:5], 'No.,電話番号\n' + '\n'.join(f'{n},{number}' for n, number in enumerate(numbers[5:]))
    code, text = send(agent, message('contacts', '\n'.join(body), [('連絡先.csv', rest.encode('cp932'))]))
    assert (code == 550) == refused
    if refused:
        assert 'no-contact-lists' in text
        provider.stays_at(0, 0.3)
    else:
        assert provider.wait_for(1)[0].header('Subject') == 'contacts'


@pytest.mark.parametrize('count, refused', [(9, False), (10, True)])
def test_s11_addresses(make_agent, provider, count, refused):
    agent = make_agent(policy=example('s11'))
    body = '\n'.join(f'東京都千代田区丸の内{n + 1}丁目2番3号' for n in range(count))
    assert (send(agent, message('addresses', body))[0] == 550) == refused


@pytest.mark.parametrize('name, content, refused', [
    ('card.txt', CARD.encode(), True),
    ('card.csv', f'氏名,カード番号\r\n見本,{CARD}\r\n'.encode('utf-16'), True),
    ('card.xlsx', 's28/card/cases/card.xlsx', True),
    ('wrong.txt', b'4111111111111112', False),
    ('locked.zip', 's28/card/cases/locked.zip', True),
    ('picture.png', bytes.fromhex('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489'), False),
])
def test_s28_card_numbers(make_agent, provider, name, content, refused):
    agent = make_agent(policy=example('s28/card'))
    content = case_file(content) if isinstance(content, str) else content
    code, text = send(agent, message('card', files=[(name, content)]))
    assert (code == 550) == refused, text
    if refused:
        provider.stays_at(0, 0.3)
    else:
        provider.wait_for(1)


def test_s28_in_an_archive_in_an_archive(make_agent, provider, tmp_path):
    agent = make_agent(policy=example('s28/card'))
    inner = zipped(tmp_path / 'inner.zip', 'card.txt', CARD)
    outer = zipped(tmp_path / 'outer.zip', '内側.zip', inner)
    assert send(agent, message('card', files=[('資料.zip', outer)]))[0] == 550


@pytest.mark.parametrize('language, words', [
    ('en', 'locked.zip could not be inspected: encrypted'), ('ja', '「locked.zip」の内容を確認できません（暗号化されています）')])
def test_the_reply_says_that_nobody_could_look(make_agent, language, words):
    agent = make_agent(policy=example('s28/card'), language=language)
    locked = ('locked.zip', case_file('s28/card/cases/locked.zip'))
    code, text = send(agent, message('card', files=[locked]))
    assert code == 550 and words in text and 'カード番号とみられる' not in text
    code, text = send(agent, message('card', files=[('memo.txt', b'memo'), ('card.txt', CARD.encode())]))
    assert code == 550 and 'An attachment holds what can be a card number (card.txt)' in text
    assert ('カード番号とみられる数字が添付されています（card.txt）' in text) == (language == 'ja')
    code, text = send(agent, message('card', files=[('card.txt', CARD.encode()), locked]))
    assert code == 550 and words in text and '1 x credit-card' in text
    assert ('カード番号とみられる' in text) == (language == 'ja')


@pytest.mark.parametrize('file', ['estimate.docx', 'estimate.pdf', 'estimate.zip'])
def test_s27_waits_for_its_approval(make_agent, provider, file):
    agent = make_agent(policy=example('s27'))
    assert send(agent, message('papers', files=[('a' + pathlib.Path(file).suffix, case_file(f's27/cases/{file}'))]))[0] == 250
    mail = agent.wait_for_state('papers', 'waiting')
    gate, = mail['deliveries'][0]['gates']
    assert (gate['kind'], gate['by']) == ('approval', ['boss@example.co.jp', 'chief@example.co.jp'])
    provider.stays_at(0, 0.3)


def test_s27_another_document_leaves(make_agent, provider):
    agent = make_agent(policy=example('s27'))
    assert send(agent, message('papers', files=[('a.docx', case_file('s27/cases/invoice.docx'))]))[0] == 250
    assert provider.wait_for(1)[0].header('Subject') == 'papers'


@pytest.mark.parametrize('language', ['en', 'ja'])
@pytest.mark.parametrize('to, body, name, words', [
    ('x@partner0027.example', '見本0027商会 御中', '見積書_見本0027商会.txt', None),
    ('x@partner0027.example', '株式会社 見本0028商会 御中', '見積書_見本0027商会.txt',
     ('the body does not name the company of x@partner0027.example', '本文に x@partner0027.example の会社名がありません')),
    ('x@partner0027.example', '見本0027商会 御中', '見積書_見本00271商会.txt',
     ('the name of attachment 1 does not name the company', '添付ファイル「見積書_見本00271商会.txt」の名前に')),
    ('x@unlisted.example', '見本0027商会 御中', '見積書_見本0027商会.txt',
     ('x@unlisted.example is not in the list partners', 'x@unlisted.example のドメインは登録されていません')),
])
def test_s12_partners(make_agent, provider, language, to, body, name, words):
    agent = make_agent(policy=example('s12'), language=language)
    code, text = send(agent, message('estimate', body, [(name, b'x')], to=to), to=to)
    if words is None:
        assert code == 250 and provider.wait_for(1)[0].header('Subject') == 'estimate'
    else:
        assert code == 550 and words[language == 'ja'] in text
        provider.stays_at(0, 0.3)


@pytest.mark.parametrize('name, content, refused', [
    ('a.jpg', b'MZ' + bytes(58) + bytes([64, 0, 0, 0]) + b'PE\0\0\x64\x86' + bytes(200), True),
    ('a.pdf', 's22/cases/plain.zip', True),
    ('a.csv', '番号,金額\r\n1,100\r\n'.encode('cp932'), False),
    ('a.docx', 's27/cases/invoice.docx', False),
])
def test_what_is_disguised(make_agent, provider, name, content, refused):
    agent = make_agent(policy=example('s28/card')['policy.yaml'].replace('find: credit-card', 'disguised: yes'))
    content = case_file(content) if isinstance(content, str) else content
    assert (send(agent, message('file', files=[(name, content)]))[0] == 550) == refused


@pytest.mark.parametrize('asked, refused', [
    ('application/vnd.ms-word.document.macroEnabled.12', True), ('Application/VND.ms-word.*', True),
    ('application/vnd.openxmlformats-officedocument.*', False)])
def test_types_are_compared_without_case(make_agent, tmp_path, asked, refused):
    """Those of documents with macros have capitals."""
    with zipfile.ZipFile(EXAMPLES / 's27/cases/invoice.docx') as plain, zipfile.ZipFile(tmp_path / 'a.docm', 'w') as macros:
        for name in plain.namelist():
            content = plain.read(name)
            if name == '[Content_Types].xml':
                content = content.replace(b'openxmlformats-officedocument.wordprocessingml.document.main', b'ms-word.document.macroEnabled.main')
            macros.writestr(name, content)
    agent = make_agent(policy=example('s28/card')['policy.yaml'].replace('find: credit-card', f'type: {asked}'))
    code, text = send(agent, message('macros', files=[('a.docm', (tmp_path / 'a.docm').read_bytes())]))
    assert (code == 550) == refused, text


HOLD_CARDS = example('s28/card')['policy.yaml'].replace('reject: true', 'hold: 60m')


def test_evidence_is_shown_with_its_place(make_agent):
    agent = make_agent(policy=HOLD_CARDS)
    send(agent, message('card', files=[('card.xlsx', case_file('s28/card/cases/card.xlsx'))]))
    shown = agent.ctl_json('show', agent.wait_for_state('card', 'waiting')['id'])
    assert shown['verdict']['findings'] == [{'kind': 'credit-card', 'in': 'attachment:1', 'count': 1}]
    found, = shown['verdict']['evidence']
    assert (found['kind'], found['in'], found['hit'], found['rules']) == ('credit-card', 'attachment:1', CARD, ['no-card-numbers'])
    assert found['place']['sheet'] == 'card' and found['place']['cell'] == 'B2'


@pytest.mark.parametrize('language, words', [
    ('en', ['Found:', 'credit-card  card.xlsx, card B2', f'[{CARD}]', 'Could not be inspected:', 'locked.zip  encrypted']),
    ('ja', ['検出:', 'カード番号  card.xlsx, card B2', f'[{CARD}]', '内容を確認できない添付ファイル:', 'locked.zip  暗号化されています'])])
def test_show_names_what_was_found(make_agent, language, words):
    agent = make_agent(policy=HOLD_CARDS, environment={'LANGUAGE': language})
    send(agent, message('card', files=[(name, case_file(f's28/card/cases/{name}')) for name in ('card.xlsx', 'locked.zip')]))
    shown = agent.ctl('show', agent.wait_for_state('card', 'waiting')['id']).stdout
    assert all(word in shown for word in words), shown


SECRETS = '''sekisho: 1
organization:
  name: Example K.K.
  domains: [example.co.jp]
  timezone: Asia/Tokyo
lists:
  projects: {file: lists/projects.csv}
rules:
  - id: project-names
    title: {ja: 社外秘の案件名が含まれています, en: A confidential project is named}
    if: {content: {words: {list: projects}}}
    then: {%s}
  - id: order-numbers
    if: {to: external, attachment: {regex: 'PO-[0-9]{5}', count: ">= 2"}}
    then: {%s}
  - id: not-these
    unless: {content: {words: [Hello]}}
    then: {hold: 60m}
'''


def secrets(first='hold: 60m', second='hold: 60m'):
    return {'policy.yaml': SECRETS % (first, second), 'lists/projects.csv': 'name\n暁計画\nBlue Whale\n'}


ORDERS = ('注文.csv', '日付,番号\r\n11/24,ＰＯ－１２３４５\r\n11/25,PO-00002\r\n'.encode())
DOZENS = ('長い.txt', ('Ａｶﾞ' * 40000 + '\n\nそれは ｂｌｕｅ　ＷＨＡＬＥ です').encode())


def hits(evidence, *keys):
    return sorted(tuple(found[key] if key in found else found['place'].get(key) for key in keys) for found in evidence)


def test_words_and_matches_are_shown_with_their_places(make_agent):
    agent = make_agent(policy=secrets())
    mail = message('Re: blue whale', 'Hello.\n暁計画 and 暁計画\n', [ORDERS, DOZENS])
    mail.get_body().add_alternative('<p>Hello.</p><p>暁計画 and 暁計画</p>', subtype='html')
    send(agent, mail)
    verdict = agent.ctl_json('show', agent.wait_for_state('Re: blue whale', 'waiting')['id'])['verdict']
    assert hits(verdict['evidence'], 'kind', 'in', 'line', 'hit', 'rules') == sorted([
        ('words', 'subject', 1, 'blue whale', ['project-names']),
        ('words', 'body', 2, '暁計画', ['project-names']), ('words', 'body', 2, '暁計画', ['project-names']),
        ('words', 'attachment:2', 3, 'ｂｌｕｅ　ＷＨＡＬＥ', ['project-names']),
        ('regex', 'attachment:1', 2, 'ＰＯ－１２３４５', ['order-numbers']), ('regex', 'attachment:1', 3, 'PO-00002', ['order-numbers'])])


@pytest.mark.parametrize('language, words', [
    ('en', ['project-names  A confidential project is named (1 x a word of', 'words  subject, line 1   …Re: [blue whale]…', 'regex  注文.csv, line 2',
            '[ＰＯ－１２３４５]']),
    ('ja', ['社外秘の案件名が含まれています (語句 1 件)', '正規表現 /PO-[0-9]{5}/ 2 件（1 つの添付ファイルの中）', '語句      件名、1 行目',
            '正規表現  注文.csv'])])
def test_show_speaks_of_words_in_both_languages(make_agent, language, words):
    agent = make_agent(policy=secrets(), environment={'LANGUAGE': language})
    send(agent, message('Re: blue whale', 'Hello.', [ORDERS]))
    shown = agent.ctl('show', agent.wait_for_state('Re: blue whale', 'waiting')['id']).stdout
    assert all(word in shown for word in words), shown


def test_the_words_of_a_silent_refusal_are_not_told(make_agent, provider):
    """Nobody but that rule looked for them."""
    agent = make_agent(policy=secrets('reject: {notify: no, forward: audit@example.co.jp}'))
    shown = {}
    for subject, body in (('silent', 'Hello. 暁計画'), ('sent', 'Hello.')):
        assert send(agent, message(subject, body))[0] == 250
        shown[subject] = agent.ctl_json('show', eventually(lambda: agent.mail(subject))['id'])
        assert agent.states(subject) == {TO: 'sent'}
    assert shown['silent']['verdict'].keys() == shown['sent']['verdict'].keys()
    assert '暁計画' not in json.dumps(shown['silent'], ensure_ascii=False)


@pytest.mark.parametrize('language, words', [
    ('en', ['limit: it takes more than 2 s', 'Refused by rule no-card-numbers']),
    ('ja', ['調べるのに時間がかかりすぎます (limit: it takes more than 2 s)', '送信できません'])])
def test_what_goes_back_says_why_in_both_languages(make_agent, language, words):
    agent = make_agent(policy=example('s28/card'), settings={'limits': {'inspect-time': '2'}}, language=language,
                       environment={'LANGUAGE': language})
    client = threading.Thread(target=send, args=(agent, message('slow', files=[('a.txt', b'SEKISHO-MISCHIEF: turn')])))
    client.start()
    time.sleep(1)
    agent.move_clock(25)
    client.join(30)
    wait_until_inspected(agent, 'slow')
    shown = agent.ctl('show', agent.wait_for_state('slow', 'returned')['id']).stdout
    assert all(word in shown for word in words), shown


UNREADABLE = example('s28/card')['policy.yaml'].replace('{attachment: {find: credit-card}}', '{attachment: {readable: no}}')


def wait_until_inspected(agent, subject):
    eventually(lambda: agent.mail(subject)['state'] != 'inspecting', what='the end of inspection')


@pytest.mark.parametrize('action, state', [('reject: true', 'returned'), ('hold: 60m', 'waiting')])
def test_what_takes_longer_than_its_client_waits_is_judged_once(make_agent, provider, action, state):
    agent = make_agent(policy=UNREADABLE.replace('reject: true', action), settings={'limits': {'inspect-time': '5'}})
    answers = []
    mail = message('slow', files=[('a.txt', b'SEKISHO-MISCHIEF: turn')])
    begun = time.monotonic()
    client = threading.Thread(target=lambda: answers.append(send(agent, mail)))
    client.start()
    time.sleep(1)
    agent.move_clock(25)
    client.join(30)
    assert answers[0][0] == 250 and time.monotonic() - begun < 4
    kept, = agent.mails()
    assert 'it is still being inspected' in agent.ctl('show', kept['id']).stdout
    wait_until_inspected(agent, 'slow')
    agent.wait_for_state('slow', state)
    assert 4 < time.monotonic() - begun < 9
    assert 'takes more than 5 s' in agent.ctl('show', agent.mail('slow')['id']).stdout
    provider.stays_at(0, 0.3)


def test_what_is_being_inspected_has_its_subject_and_recipients(make_agent):
    agent = make_agent(policy=UNREADABLE, settings={'limits': {'inspect-time': '5'}})
    mail = message('=?iso-2022-jp?B?GyRCOCtAUSRiGyhC?=', files=[('a.txt', b'SEKISHO-MISCHIEF: turn')])
    client = threading.Thread(target=send, args=(agent, mail))
    client.start()
    time.sleep(1)
    agent.move_clock(25)
    client.join(30)
    kept, = agent.ctl_json('list')
    assert (kept['state'], kept['subject'], kept['from']) == ('inspecting', '見積も', HANA)
    assert [delivery['recipients'] for delivery in kept['deliveries']] == [[TO]]
    listed = agent.ctl('list').stdout
    assert '見積も' in listed and 'being inspected' in listed


def test_a_policy_that_comes_meanwhile_judges_anew(make_agent, provider):
    agent = make_agent(policy=UNREADABLE, settings={'limits': {'inspect-time': '3'}})
    client = threading.Thread(target=send, args=(agent, message('slow', files=[('a.txt', b'SEKISHO-MISCHIEF: turn')])))
    client.start()
    time.sleep(1)
    agent.move_clock(25)
    client.join(30)
    agent.write_policy(UNREADABLE.replace('reject: true', 'hold: 60m'))
    wait_until_inspected(agent, 'slow')
    agent.wait_for_state('slow', 'waiting')
    agent.ctl('release', agent.mail('slow')['id'])
    assert provider.wait_for(1)[0].header('Subject') == 'slow'


def test_a_silent_refusal_by_what_was_found_looks_sent(make_agent, provider):
    policy = example('s28/card')['policy.yaml'] + '''  - id: silently
    if: {attachment: {find: my-number}}
    then: {reject: {notify: no, forward: audit@example.co.jp}}
'''
    agent = make_agent(policy=policy.replace('find: credit-card', 'find: credit-card, count: ">= 2"'))
    numbers = {'silent': '123456789018', 'sent': CARD}
    shown = {}
    for subject, number in numbers.items():
        assert send(agent, message(subject, files=[('a.txt', f'マイナンバー {number}'.encode())]))[0] == 250
        shown[subject] = agent.ctl_json('show', eventually(lambda: agent.mail(subject))['id'])
        assert agent.states(subject) == {TO: 'sent'}
    assert shown['silent'].keys() == shown['sent'].keys()
    assert shown['silent']['verdict'].keys() == shown['sent']['verdict'].keys()
    assert [found['rules'] for found in shown['silent']['verdict']['evidence']] == [[]]
    assert 'silently' not in json.dumps(shown['silent'])
    assert [mail.header('Subject') for mail in provider.messages] == ['sent']


def test_without_a_sandbox_nothing_is_read(make_agent, provider):
    agent = make_agent(policy=example('s28/card'), environment={'SEKISHO_EXTRACT': '/nonexistent/sekisho-extract'})
    eventually(lambda: "what is in attachments can't be read" in agent.log, what='the warning')
    assert '/nonexistent/sekisho-extract' in agent.ctl_json('status')['inspection']['problem']
    assert '/nonexistent/sekisho-extract' in agent.ctl('status').stdout
    doctor = agent.ctl('doctor', check=False)
    assert doctor.returncode != 0 and ("attachments can't be read safely" in doctor.stdout)
    code, text = send(agent, message('text', files=[('a.txt', b'hello')]))
    assert code == 550 and 'a.txt could not be inspected' in text and 'sandbox' in text
    assert send(agent, message('nothing attached'))[0] == 250


def test_without_a_sandbox_japanese_users_are_told_so(make_agent):
    agent = make_agent(policy=example('s28/card'), environment={'SEKISHO_EXTRACT': '/bin/true', 'LANGUAGE': 'ja'})
    eventually(lambda: 'problem' in agent.ctl_json('status')['inspection'], what='the self-test')
    told = 'サンドボックスを使えないため、添付ファイルを安全に開けません (attachments'
    assert told in agent.ctl('status').stdout
    assert f'問題  添付ファイル  {told}' in agent.ctl('doctor', check=False).stdout


def test_a_self_test_that_hangs_keeps_only_attachments_waiting(make_agent, provider, tmp_path):
    hanging = tmp_path / 'sekisho-extract'
    hanging.write_text('#!/bin/sh\nexec /bin/sleep 5\n')
    hanging.chmod(0o755)
    begun = time.monotonic()
    agent = make_agent(policy=example('s28/card'), environment={'SEKISHO_EXTRACT': str(hanging)})
    answers = []
    client = threading.Thread(target=lambda: answers.append(send(agent, message('papers', files=[('a.txt', b'hello')]))))
    client.start()
    assert send(agent, message('nothing attached'))[0] == 250
    assert agent.ctl_json('status')['inspection'] == {'ready': False}
    assert time.monotonic() - begun < 4
    time.sleep(1)
    assert answers == [] and len(provider.messages) == 1
    client.join(30)
    assert answers[0][0] == 550 and "a.txt could not be inspected: attachments can't be read safely" in answers[0][1]
    assert 'the reader ended with status 0' in agent.ctl_json('status')['inspection']['problem']
    provider.stays_at(1, 0.3)


def test_without_the_dictionary_names_are_unknown(make_agent, provider):
    policy = example('s28/card')['policy.yaml'].replace('{attachment: {find: credit-card}}', '{content: {find: person-name}}')
    agent = make_agent(policy=policy, environment={'SEKISHO_TEST_DICTIONARY': '/nonexistent'})
    assert 'the detector person-name can\'t be used' in agent.log
    assert 'mecab-ipadic-utf8' in agent.ctl_json('status')['inspection']['detectors']
    assert 'These detectors can\'t be used' in agent.ctl('status').stdout
    assert agent.ctl('doctor', check=False).returncode != 0
    assert send(agent, message('nobody is named'))[0] == 550
    provider.stays_at(0, 0.3)


def test_no_sandbox_is_started_that_no_rule_asks_for(agent):
    assert agent.ctl_json('status')['inspection'] == {'ready': False}
    assert extractors(agent) == []


def extractors(agent):
    """The process ids of the readers that this agent has started."""
    found = subprocess.run(['ps', '-o', 'pid=,comm=', '--ppid', str(agent.process.pid)], capture_output=True, text=True)
    return [int(line.split()[0]) for line in found.stdout.splitlines() if 'sekisho-extract'.startswith(line.split()[1][:15])]


def test_a_reader_that_is_killed_costs_nobody_their_mail(make_agent, provider):
    agent = make_agent(policy=example('s28/card'))
    eventually(lambda: agent.ctl_json('status')['inspection']['ready'], what='the self-test')
    assert len(extractors(agent)) == 1
    for process in extractors(agent):
        os.kill(process, signal.SIGKILL)
    assert send(agent, message('still read', files=[('a.txt', b'hello')]))[0] == 250
    assert send(agent, message('found', files=[('a.txt', CARD.encode())]))[0] == 550
    eventually(lambda: len(extractors(agent)) == 1, what='one reader that waits')


# --- what can be read in several ways counts once -----------------------------------------------------------------------

COUNTED = '''sekisho: 1
organization: {name: Example K.K., domains: [example.co.jp], timezone: Asia/Tokyo}
rules:
  - id: counted
    if: {%s}
    then: {reject: true}
'''
CALENDAR = 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDESCRIPTION:secret plan\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n'


def invitation(body, html, calendar):
    mail = message('invitation', body)
    mail.add_alternative(html, subtype='html')
    mail.add_alternative(calendar, subtype='calendar')
    return mail


@pytest.mark.parametrize('asked', ['words: [secret]', "regex: 'secr[e]t'"])
@pytest.mark.parametrize('count, refused', [(1, True), (2, False)])
def test_an_invitation_says_its_text_once(make_agent, provider, asked, count, refused):
    """In three forms: the text, HTML, and the calendar's entry."""
    agent = make_agent(policy=COUNTED % f'content: {{{asked}, in: body, count: ">= {count}"}}')
    code, text = send(agent, invitation('secret plan', '<p>secret plan</p>', CALENDAR))
    assert (code == 550) == refused, text


@pytest.mark.parametrize('asked', ['words: [secret]', "regex: 'secr[e]t'"])
@pytest.mark.parametrize('count, refused', [(3, True), (4, False)])
def test_of_alternatives_the_one_that_says_it_most_counts(make_agent, provider, asked, count, refused):
    agent = make_agent(policy=COUNTED % f'content: {{{asked}, in: body, count: ">= {count}"}}')
    code, text = send(agent, invitation('secret', '<p>secret</p><p>secret secret</p>', CALENDAR))
    assert (code == 550) == refused, text


AMBIGUOUS = 'PO-00001,ｱｲｳｴ\r\nPO-00002,ｶｷｸｹ\r\nPO-00003,ｻｼｽｾ\r\n'.encode('cp932')  # kanji in EUC-JP


@pytest.mark.parametrize('place', ['attachment: {%s, count: ">= %d"}', 'content: {%s, in: attachments, count: ">= %d"}'])
@pytest.mark.parametrize('asked', ['words: [po-0]', "regex: 'PO-[0-9]+'"])
@pytest.mark.parametrize('count, refused', [(3, True), (4, False)])
def test_a_charset_in_doubt_counts_once(make_agent, provider, place, asked, count, refused):
    agent = make_agent(policy=COUNTED % (place % (asked, count)))
    code, text = send(agent, message('orders', files=[('注文.txt', AMBIGUOUS)]))
    assert (code == 550) == refused, text


@pytest.mark.parametrize('word', ['アイウ', AMBIGUOUS[9:13].decode('euc-jp')])
def test_each_reading_of_it_is_searched(make_agent, provider, word):
    agent = make_agent(policy=COUNTED % f'attachment: {{words: [{word}]}}')
    assert send(agent, message('orders', files=[('注文.txt', AMBIGUOUS)]))[0] == 550


def test_what_both_readings_say_is_shown_once(make_agent):
    agent = make_agent(policy=(COUNTED % "attachment: {regex: 'PO-[0-9]+', words: [po-0]}").replace('reject: true', 'hold: 60m'))
    send(agent, message('orders', files=[('注文.txt', AMBIGUOUS)]))
    shown = agent.ctl_json('show', agent.wait_for_state('orders', 'waiting')['id'])['verdict']['evidence']
    assert hits(shown, 'kind', 'line', 'hit') == sorted(
        [('words', n, 'PO-0') for n in (1, 2, 3)] + [('regex', n, f'PO-0000{n}') for n in (1, 2, 3)])
