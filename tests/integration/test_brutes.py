# SPDX-License-Identifier: GPL-3.0-or-later
"""Bombs and brutes (brutes.py) through a real agent: each ends in time and in little memory, is held with its reason when it
can't be read, and neither it nor the mail behind it is lost or doubled."""
import email.message
import email.policy
import json
import re
import smtplib
import threading
import time

import pytest

import brutes
from agent import eventually

HANA, TO = 'hana@example.co.jp', 'a@example.com'
# Twenty seconds a document in the reader, the detectors over at most 64 MiB of text, and a busy computer.
SECONDS = 75
# The mail itself is never in memory whole; its texts and what they fold to are.
AGENT_MIB = 700

POLICY = '''sekisho: 1
organization:
  name: Example K.K.
  domains: [example.co.jp]
  timezone: Asia/Tokyo
rules:
  - id: unreadable
    title: {ja: 内容を確認できないファイル, en: Nobody could look into an attachment}
    if:
      attachment: {readable: no}
    then:
      hold: 60m
  - id: many
    title: {ja: 個人情報, en: Very many of anything}
    if:
      content:
        find: [credit-card, digits-16, my-number, corporate-number, phone-number, postal-code, address, person-name,
               email-address, bank-account, birth-date, personal-list]
        count: ">= 100000000"
    then:
      hold: 60m
'''


def attached(name, content):
    mail = email.message.EmailMessage(policy=email.policy.SMTP)
    mail['From'], mail['To'], mail['Subject'] = HANA, TO, 'brute'
    mail.set_content('Hello.')
    mail.add_attachment(content, maintype='application', subtype='octet-stream', filename=name)
    return mail.as_bytes()


def harmless(subject):
    return f'From: {HANA}\r\nTo: {TO}\r\nSubject: {subject}\r\n\r\nHello.\r\n'.encode()


def send(agent, data, timeout):
    with smtplib.SMTP('127.0.0.1', agent.port, timeout=timeout) as client:
        client.ehlo()
        client.sendmail(HANA, [TO], data)


def peak_memory(agent):
    """MiB that the agent had at most."""
    with open(f'/proc/{agent.process.pid}/status', encoding='ascii') as status:
        return int(re.search(r'VmHWM:\s+(\d+) kB', status.read())[1]) / 1024


class Brute:
    """Sends a mail, and a harmless one while it is being judged and one behind it. What takes too long for a client is kept, and
    judged on its own."""

    def __init__(self, agent, provider, data):
        self.agent, self.provider = agent, provider
        beside = threading.Timer(0.5, send, (agent, harmless('beside'), SECONDS))
        beside.start()
        start = time.monotonic()
        send(agent, data, SECONDS + 30)
        self.seconds = time.monotonic() - start
        beside.join()
        send(agent, harmless('behind'), SECONDS)

    def subjects(self):
        return sorted(message.header('Subject') for message in self.provider.messages)

    def check(self, reason):
        """`reason`: what its verdict says, or None when it leaves."""
        expected = sorted(['behind', 'beside'] + ([] if reason else ['brute']))
        eventually(lambda: self.subjects() == expected, what=f'{expected}')
        memory = peak_memory(self.agent)
        print(f'{self.seconds:.1f} s, {memory:.0f} MiB')
        assert self.seconds < SECONDS and memory < AGENT_MIB and self.agent.runs
        if reason:
            mail = self.agent.wait_for_state('brute', 'waiting', timeout=SECONDS)['id']
            verdict = eventually(lambda: self.agent.ctl_json('show', mail).get('verdict'), timeout=SECONDS, what='its verdict')
            told = json.dumps(verdict, ensure_ascii=False)
            assert re.search(reason, told), told[:3000]
        self.provider.stays_at(len(expected), 0.3)


TIMES = 'limit: it unpacks to too many times its size'
TOTAL = 'limit: it unpacks to too much'
FILES = 'limit: too many files inside one another'
MANY = 'limit: more files in it than may be opened'
TEXT = 'limit: more text than may be searched'
SECTIONS = 'limit: more sections than may be searched'
LONG = 'limit: it takes more than 20 s'

# name of the file, what makes it, and what is said of it; None: it can be read, and leaves
ATTACHMENTS = [
    ('zeros.zip', brutes.zip_of_zeros, TIMES),
    ('42.zip', brutes.zip_like_42, TIMES),
    ('overlap.zip', brutes.zip_that_overlaps, 'damaged|limit'),
    ('one.zip', brutes.zip_all_of_one, None),
    ('quine.gz', brutes.gzip_quine, 'damaged|' + FILES),
    ('deep.zip', lambda: brutes.nested_zips(20), FILES),
    ('many.zip', lambda: brutes.many_members(20000), MANY),
    ('bomb.tar.gz', brutes.tar_gz, TIMES),
    ('bomb.tar.bz2', brutes.tar_bz2, TIMES),
    ('bomb.tar.xz', brutes.tar_xz, TIMES),
    ('bomb.7z', brutes.seven_zip, 'limit: it unpacks to'),
    ('wide.xz', brutes.xz_with_a_large_dictionary, 'damaged|limit'),
    ('wrong.zip', brutes.deflate_of_wrong_sizes, 'damaged'),
    ('laughs.docx', lambda: brutes.docx(brutes.LAUGHS, '&a11;'), 'damaged'),
    ('quadratic.docx', lambda: brutes.docx(brutes.QUADRATIC, brutes.MANY), 'damaged'),
    ('deep.docx', lambda: brutes.docx_of_paragraphs(500000), 'damaged|limit'),
    ('laughs.xlsx', lambda: brutes.xlsx_of_laughs(brutes.LAUGHS, '&a11;'), 'damaged'),
    ('quadratic.xlsx', lambda: brutes.xlsx_of_laughs(brutes.QUADRATIC, brutes.MANY), 'damaged'),
    ('sparse.xlsx', brutes.xlsx_sparse, None),
    ('dense.xlsx', brutes.xlsx_dense, None),
    ('laughs.odt', lambda: brutes.odt(brutes.LAUGHS, '&a11;'), 'damaged'),
    ('quadratic.odt', lambda: brutes.odt(brutes.QUADRATIC, brutes.MANY), 'damaged'),
    ('repeated.ods', brutes.ods_repeated, None),
    ('spaces.odt', brutes.odt_of_spaces, None),
    ('laughs.svg', lambda: brutes.svg(brutes.LAUGHS, '&a11;'), None),
    ('quadratic.svg', lambda: brutes.svg(brutes.QUADRATIC, brutes.MANY), None),
    ('laughs.html', lambda: brutes.svg(brutes.LAUGHS, '&a11;').replace(b'svg', b'html'), None),
    ('deep.html', brutes.html_deep, None),
    ('open.html', brutes.html_open, None),
    ('loop.pdf', brutes.pdf_tree_that_loops, 'damaged'),
    ('pages.pdf', lambda: brutes.pdf_of_pages(100000), SECTIONS),
    ('same.pdf', lambda: brutes.pdf_of_one_page(100000), 'damaged|limit'),
    ('text.pdf', brutes.pdf_of_much_text, 'limit'),
    ('zeros.pdf', brutes.pdf_of_zeros, None),
    ('forms.pdf', brutes.pdf_of_forms, 'limit'),
    ('laughing.pdf', brutes.pdf_of_laughing_forms, 'limit'),
    ('parts.eml', lambda: brutes.mail_of_parts(10000), 'more than 1000 parts'),
    ('multiparts.eml', lambda: brutes.mail_of_multiparts(100), 'nested deeper'),
    ('mails.eml', lambda: brutes.mail_of_mails(100), 'nested deeper'),
    ('boundaries.eml', brutes.mail_of_boundaries, 'more than 1000 parts|nested deeper'),
    ('headers.eml', brutes.mail_of_headers, 'header'),
    ('base64.eml', brutes.mail_of_base64, TEXT),
    ('loop.doc', brutes.ole2_that_loops, 'damaged'),
    ('groups.rtf', lambda: brutes.rtf_of_groups(1000000), None),
    ('hex.rtf', brutes.rtf_of_hex, None),
    ('binary.rtf', brutes.rtf_of_binary, 'damaged'),
    ('winmail.dat', brutes.tnef_that_lies, 'damaged'),
    ('many.dat', brutes.tnef_of_attachments, MANY),
    ('random.bin', brutes.random_bytes, None),
    ('line.txt', brutes.one_line, None),
    ('phones.csv', brutes.of_phone_numbers, None),
    ('names.csv', brutes.of_names, None),
    ('mixed.txt', brutes.not_utf8, None),
    ('kanji.txt', lambda: brutes.of_one_character('山田'), None),
    ('folded.txt', lambda: brutes.of_one_character('㍿'), 'limit: its text is too long'),
    ('grown.txt', lambda: brutes.of_one_character('ﷺ'), 'limit: its text is too long'),
]


@pytest.mark.seconds(240)
@pytest.mark.parametrize('name, make, reason', ATTACHMENTS, ids=[name for name, *_ in ATTACHMENTS])
def test_attachment(make_agent, provider, name, make, reason):
    Brute(make_agent(policy=POLICY), provider, attached(name, make())).check(reason)


@pytest.mark.seconds(240)
@pytest.mark.parametrize('make, reason', [
    (lambda: brutes.mail_of_parts(10000), 'more than 1000 parts'),
    (lambda: brutes.mail_of_multiparts(100), 'nested deeper'),
    (lambda: brutes.mail_of_mails(100), 'nested deeper'),
    (brutes.mail_of_boundaries, 'nested deeper|more than'),
    (brutes.mail_of_base64, 'text'),
], ids=['parts', 'multiparts', 'mails', 'boundaries', 'base64'])
def test_mail(make_agent, provider, make, reason):
    head, _, rest = make().partition(b'Subject: ')
    data = head.replace(b'a@example.com', HANA.encode()) + b'Subject: brute' + rest[rest.index(b'\r\n'):]
    Brute(make_agent(policy=POLICY), provider, data).check(reason)


@pytest.mark.seconds(240)
def test_texts_of_all_attachments_together(make_agent, provider):
    """Each is small enough, and all of them are not."""
    mail = email.message.EmailMessage(policy=email.policy.SMTP)
    mail['From'], mail['To'], mail['Subject'] = HANA, TO, 'brute'
    mail.set_content('Hello.')
    text = brutes.zipped([('a.txt', brutes.dull_text(30 * brutes.MIB))])
    for n in range(10):
        mail.add_attachment(text, maintype='application', subtype='zip', filename=f'{n}.zip')
    Brute(make_agent(policy=POLICY), provider, mail.as_bytes()).check('limit: the attachments of this mail have too much text')
