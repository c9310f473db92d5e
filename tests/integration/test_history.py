# SPDX-License-Identifier: GPL-3.0-or-later
"""Sending history: what has left, and what is imported from elsewhere, decides who is new."""
import datetime
import mailbox
import os
import time
from email.headerregistry import Address
from email.message import EmailMessage

import pytest

from agent import POLICY
from wire import Wire, mail

NEW_PARTNERS = POLICY[:POLICY.index('rules:')] + '''rules:
  - id: first-contact
    title: {ja: 初めての宛先です, en: The first mail to this address}
    if:
      to: {scope: external, history: new}
    then:
      hold: 60m
'''


@pytest.fixture
def agent(make_agent):
    return make_agent(policy=NEW_PARTNERS, environment={'TZ': 'Asia/Tokyo'})


def write(directory, data, name='known.csv'):
    path = directory / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return str(path)


def history(agent):
    return {row['address']: row for row in agent.ctl_json('history')}


def states(agent, recipient, subject):
    with Wire(agent.port) as wire:
        assert wire.submit('hana@example.co.jp', [recipient], mail(to=recipient, subject=subject)).startswith('250')
    return agent.states(subject)[recipient]


def test_an_imported_partner_is_no_longer_new(agent, provider, tmp_path):
    assert states(agent, 'Old@Partner.example.com', 'before') == 'waiting'
    file = write(tmp_path, 'address\nold@partner.EXAMPLE.com\n')
    assert agent.ctl_json('history', 'import', file) == {'count': 1}
    assert states(agent, 'Old@Partner.example.com', 'after') == 'sent'
    assert states(agent, 'new@partner.example.com', 'new') == 'waiting'
    agent.restart()
    assert states(agent, 'old@partner.example.com', 'again') == 'sent'


def test_what_has_left_is_history(agent, provider):
    assert states(agent, 'b@example.org', 'first') == 'waiting'
    assert history(agent) == {}
    agent.ctl('release', agent.mail('first')['id'])
    agent.wait_for_state('first', 'sent')
    assert states(agent, 'b@example.org', 'second') == 'sent'
    row = history(agent)['b@example.org']
    assert row['count'] == 2 and row['person'] == 'hana@example.co.jp'
    said = datetime.datetime.fromisoformat(row['last'].replace('Z', '+00:00')).timestamp()
    assert abs(said - time.time()) < 60
    assert datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9))).strftime('%Y-%m-%d') \
        in agent.ctl('history').stdout


# --- CSV ---------------------------------------------------------------------------------------------------------

CSV = {
    'a byte order mark': '\ufeffaddress\na@example.org\n',
    'CRLF': 'address\r\na@example.org\r\n',
    'no end': 'address\na@example.org',
    'quotes': '"name","address"\r\n"Müller, ""Max""\nof two lines","a@example.org"\r\n',
    'another column': 'at,Recipient,subject\n2026-11-20T10:00:00+09:00,a@example.org,"x,y"\n',
    'Japanese': '氏名,メールアドレス\n花,a@example.org\n',
    'empty rows': 'name,address\n,\nx,a@example.org\n\n,\n',
    'twice': 'address\na@example.org\nA@EXAMPLE.ORG\n',
    'blanks': 'address\n a@example.org\u3000\n',
}


@pytest.mark.parametrize('name', CSV)
def test_csv(agent, tmp_path, name):
    assert agent.ctl_json('history', 'import', write(tmp_path, CSV[name])) == {'count': 1}
    assert list(history(agent)) == ['a@example.org']


@pytest.mark.parametrize('text, expected', [
    ('2026-11-20', '2026-11-19T15:00:00'), ('2026/11/20 10:30', '2026-11-20T01:30:00'),
    ('2026-11-20T10:30:15+02:00', '2026-11-20T08:30:15'), ('2026-11-20T10:30:15Z', '2026-11-20T10:30:15'), ('', None)])
def test_times(agent, tmp_path, text, expected):
    agent.ctl('history', 'import', write(tmp_path, f'address,at\na@example.org,{text}\n'))
    last = history(agent)['a@example.org']['last']
    if expected is None:
        assert last is None
    else:
        given = datetime.datetime.fromisoformat(last.replace('Z', '+00:00')).astimezone(datetime.timezone.utc)
        assert given.strftime('%Y-%m-%dT%H:%M:%S') == expected


BAD = {
    'no address': ('address\na@example.org\nnobody\nb@example.org\n', ':3: ', "'nobody' is no mail address", 'take it out'),
    'an empty field': ('name,address\nx,a@example.org\ny,\n', ':3: ', "'' is no mail address", 'take it out'),
    'behind a field of two lines': ('name,address\n"x\ny",a@example.org\nz,bad\n', ':4: ', "'bad'", 'take it out'),
    'no time': ('address,at\na@example.org,2026-11-20\nb@example.org,yesterday\n', ':3: ', "'yesterday' is no time", '2026-11-24'),
    'no column': ('name,phone\nx,y\n', ':1: ', "'recipient' or 'address'", 'name the columns'),
    'an open quote': ('address\n"a@example.org\n', ':2:', 'quot', ''),
    'CP932': ('氏名,address\n花,a@example.org\n'.encode('cp932'), ':1:', 'UTF-8', ''),
    'no mbox': ('From the start\nTo: a@example.org\n', ':1: ', 'mbox', 'date'),
    'bytes': (bytes(range(256)) * 4, ':', '', ''),
}


@pytest.mark.parametrize('name', BAD)
def test_a_mistake_takes_nothing(agent, tmp_path, name):
    data, place, *words = BAD[name]
    file = write(tmp_path, data)
    done = agent.ctl('history', 'import', file, check=False)
    assert done.returncode == 2, done
    assert done.stderr.startswith(f'sekishoctl: {file}{place}'), done.stderr
    assert all(word in done.stderr for word in words), done.stderr
    assert history(agent) == {}


@pytest.mark.parametrize('make', ['empty', 'folder', 'fifo', 'missing'])
def test_no_file(agent, tmp_path, make):
    path = tmp_path / 'x'
    {'empty': path.touch, 'folder': path.mkdir, 'fifo': lambda: None, 'missing': lambda: None}[make]()
    if make == 'fifo':
        os.mkfifo(path)
        descriptor = os.open(path, os.O_RDWR)
    done = agent.ctl('history', 'import', str(path), check=False)
    if make == 'fifo':
        os.close(descriptor)
    assert done.returncode == 2 and ('plain file' in done.stderr or 'that you can read' in done.stderr), done.stderr


# --- mbox --------------------------------------------------------------------------------------------------------

def sent_folder(path, messages):
    """As Python's mailbox writes it; lines that begin with From are not escaped by all programs, nor here."""
    box = mailbox.mbox(path)
    for message in messages:
        box.add(message)
    box.close()


def test_mbox(agent, tmp_path):
    message = EmailMessage()
    message['From'] = 'hana@example.co.jp'
    message['To'] = [Address('見積 担当 ' + '長い名前' * 10, addr_spec='to1@example.org'), Address('', addr_spec='to2@example.org')]
    message['Cc'] = [Address('Müller, Max', addr_spec='cc@example.net')]
    message['Bcc'] = 'bcc@example.net'
    message['Reply-To'] = 'not-me@example.org'
    message['Subject'] = 'To: neither@example.org'
    message.set_content('To: body@example.org\n\nFrom here on\nTo: body2@example.org\nFrom now Jan 1\nCc: body3@example.org\n')
    file = tmp_path / 'Sent'
    text = message.as_bytes()
    file.write_bytes(b'From - Tue Nov 24 01:02:03 2026\n' + text + b'\nFrom hana@example.co.jp  Fri Jan  2 10:00:00 2026\r\n'
                     b'to: "x, y" <second@example.org>,\r\n\t(comment) third@example.org\r\nSubject: s\r\n\r\nbody\r\n')
    assert agent.ctl_json('history', 'import', str(file)) == {'count': 6}
    rows = history(agent)
    assert set(rows) == {f'{name}@example.org' for name in ('to1', 'to2', 'second', 'third')} | {
        'cc@example.net', 'bcc@example.net'}
    assert rows['to1@example.org']['last'].startswith('2026-11-24T') and rows['third@example.org']['last'].startswith('2026-01-02T')


def test_mbox_of_pythons(agent, tmp_path):
    messages = []
    for number in range(300):
        message = EmailMessage()
        message['To'] = f'p{number}@example.org, q{number % 7}@example.org'
        message.set_content('From time to time.\n\nFrom the same.\n')
        messages.append(message)
    sent_folder(tmp_path / 'Sent', messages)
    assert agent.ctl_json('history', 'import', str(tmp_path / 'Sent')) == {'count': 307}


@pytest.mark.parametrize('end', ['F', 'From', 'From ', '\nFrom', 'To: a@example.org', '\n\nFrom - Tue Nov 24 01:02:03'])
def test_mbox_that_is_cut_off(agent, tmp_path, end):
    file = write(tmp_path, 'From - Tue Nov 24 01:02:03 2026\nTo: b@example.org\n' + end, 'Sent')
    agent.ctl('history', 'import', file)
    assert 'b@example.org' in history(agent)


def test_many(agent, provider, tmp_path):
    rows = 50_000
    start = datetime.datetime(2024, 1, 1)
    lines = [f'a{number}@partner{number % 900}.example.com,{(start + datetime.timedelta(minutes=number)).isoformat()}'
             for number in range(rows)]
    file = write(tmp_path, 'address,at\n' + '\n'.join(lines) + '\n')
    begin = time.monotonic()
    assert agent.ctl_json('history', 'import', file) == {'count': rows}
    seconds = time.monotonic() - begin
    print(f'{rows} rows in {seconds:.2f} s')
    assert seconds < 30
    assert states(agent, 'a49999@partner499.example.com', 'known') == 'sent'
    assert states(agent, 'a50000@partner499.example.com', 'new') == 'waiting'
    assert agent.ctl_json('history')[0]['address'] == 'a49999@partner499.example.com'


def test_many_and_one_mistake(agent, tmp_path):
    lines = [f'a{number}@example.com' for number in range(20_000)] + ['mistake']
    done = agent.ctl('history', 'import', write(tmp_path, 'address\n' + '\n'.join(lines)), check=False)
    assert done.returncode == 2 and ':20002: ' in done.stderr
    assert history(agent) == {}
