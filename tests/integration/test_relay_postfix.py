# SPDX-License-Identifier: GPL-3.0-or-later
"""The relay and a real Postfix, which demands STARTTLS and signing in (Dovecot), and passes on to a sink."""
import pathlib
import time

import pytest

from relay_server import hand_over

LINES = b'Subject: to the provider\r\nFrom: hana@example.co.jp\r\nTo: b@example.com\r\n\r\n.dot\r\n..two\r\n.\r\nplain\r\n'


@pytest.fixture
def settings(postfix, certificates, tmp_path):
    password = tmp_path / 'password'
    password.write_text(postfix.password + '\n')
    password.chmod(0o600)
    return {'url': f'smtp://127.0.0.1:{postfix.port}', 'tls': 'required', 'ca_file': str(certificates.authority),
            'user': postfix.user, 'password_file': str(password)}


def hand_to(settings, *mails, **rest):
    return hand_over(settings['url'], *mails, settings=settings, **rest)


def write(tmp_path, content):
    path = tmp_path / 'message.eml'
    path.write_bytes(content)
    return str(path)


def arrived(sink, address, timeout=20):
    """What the sink has for one address; Postfix hands it on in its own time."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        found = [message for message in sink.messages if address in message.recipients]
        if found:
            return found
        time.sleep(0.05)
    return []


def body(data):
    return data.partition(b'\r\n\r\n')[2]


def test_signed_in_over_starttls(settings, sink, tmp_path):
    output = hand_to(settings, {'file': write(tmp_path, LINES), 'from': 'hana@example.co.jp', 'to': ['one@example.com'],
                                'body_8bit': True, 'ret': 'HDRS', 'envid': 'QQ1'})
    result, = output['results']
    assert (result['outcome'], result['reply']['code'], result['reply']['enhanced']) == ('accepted', 250, '2.0.0')
    assert result['reply']['text'].startswith('Ok: queued as')
    assert output['capabilities'] == {'known': True, 'size': 104857600, 'size_offered': True, 'pipelining': True,
                                      '8bitmime': True, 'smtputf8': True, 'dsn': True, 'enhanced': True}
    message, = arrived(sink, 'one@example.com')
    assert body(message.data) == body(LINES)
    assert message.mail_from == 'hana@example.co.jp'


def test_many_mails_and_a_large_one_over_one_connection(settings, sink, tmp_path):
    small = write(tmp_path, LINES)
    large = tmp_path / 'large.eml'
    content = b'Subject: large\r\n\r\n' + b'.' + b'A' * 75 + b'\r\n' + (b'B' * 76 + b'\r\n') * 100000
    large.write_bytes(content)
    mails = [{'file': small, 'from': 'hana@example.co.jp', 'to': [f'many{n}@example.com']} for n in range(20)]
    mails.append({'file': str(large), 'from': 'hana@example.co.jp', 'to': ['large@example.com']})
    output = hand_to(settings, *mails)
    assert [result['outcome'] for result in output['results']] == ['accepted'] * 21
    assert all(result['connect_us'] < 1000 for result in output['results'][1:])
    message, = arrived(sink, 'large@example.com')
    assert body(message.data) == body(content)
    assert all(len(arrived(sink, f'many{n}@example.com')) == 1 for n in range(20))


def test_wrong_password(settings, tmp_path):
    pathlib.Path(settings['password_file']).write_text('wrong\n')
    result, = hand_to(settings, {'file': write(tmp_path, LINES), 'from': 'a@example.co.jp', 'to': ['b@example.com']})['results']
    assert (result['outcome'], result['phase'], result['unreachable']) == ('deferred', 'connecting', False)
    assert result['reply']['code'] == 535 and 'password' in result['problem']


def test_not_signed_in(settings, tmp_path):
    """Postfix answers 554 5.7.1 (relay access denied) to every recipient."""
    settings = {key: value for key, value in settings.items() if key not in ('user', 'password_file')}
    result, = hand_to(settings, {'file': write(tmp_path, LINES), 'from': 'a@example.co.jp', 'to': ['b@example.com']})['results']
    assert result['outcome'] == 'rejected' and result['recipients'][0]['code'] == 554


def test_without_the_ca(settings, tmp_path):
    settings = {key: value for key, value in settings.items() if key != 'ca_file'}
    result, = hand_to(settings, {'file': write(tmp_path, LINES), 'from': 'a@example.co.jp', 'to': ['b@example.com']})['results']
    assert result['outcome'] == 'deferred' and 'certificate' in result['problem']


def test_larger_than_postfix_takes(settings, tmp_path):
    """It is refused by SIZE=, before the content."""
    content = write(tmp_path, LINES)
    segments = [[0, len(LINES)]] * (104857600 // len(LINES) + 1)
    result, = hand_to(settings, {'file': content, 'from': 'a@example.co.jp', 'to': ['b@example.com'],
                                 'segments': segments})['results']
    assert (result['outcome'], result['phase']) == ('rejected', 'envelope')
    assert (result['reply']['code'], result['reply']['enhanced']) == (552, '5.3.4')
