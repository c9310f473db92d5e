# SPDX-License-Identifier: GPL-3.0-or-later
"""The relay against servers that do as they are told: outcomes, losses in each phase, pipelining, the pool, TLS."""
import os
import random
import socket
import ssl
import subprocess
import time

import pytest

from relay_server import (CLOSE, FULL, PLAIN, RESET, SILENT, Server, context_of, hand_over, unstuffed)

MESSAGE = b'Subject: hi\r\n\r\nGood morning.\r\n'
NO = b'550 5.1.1 no such user\r\n'
LATER = b'451 4.3.0 later\r\n'
WITHOUT_PIPELINING = FULL.replace(b'250-PIPELINING\r\n', b'')


@pytest.fixture
def message(tmp_path):
    path = tmp_path / 'message.eml'
    path.write_bytes(MESSAGE)
    return str(path)


def mail(message, *to, **rest):
    return {'file': message, 'from': 'hana@example.co.jp', 'to': list(to) or ['b@example.com'], **rest}


def send(script, message, *to, deadlines=None, **rest):
    """One mail to a server with one script: its result and the server."""
    with Server(*(script if isinstance(script, list) else [script])) as server:
        output = hand_over(server, mail(message, *to, **rest), deadlines=deadlines or {})
        for session in server.sessions:
            session.ended.wait(5)
        return output['results'][0], server


def codes(result):
    return [reply and reply['code'] for reply in result['recipients']]


# --- what goes over the wire

def test_one_mail_byte_for_byte(message):
    result, server = send({}, message)
    assert result['outcome'] == 'accepted' and result['phase'] == 'dot'
    assert result['reply'] == {'code': 250, 'enhanced': '2.0.0', 'text': 'queued as 1'}
    assert server.commands == [b'EHLO [127.0.0.1]', b'MAIL FROM:<hana@example.co.jp> SIZE=%d' % len(MESSAGE),
                               b'RCPT TO:<b@example.com>', b'DATA', b'QUIT']
    assert server.bodies == [MESSAGE]


def test_parameters_are_passed_on(message):
    to = {'address': 'b@example.com', 'notify': 'SUCCESS,FAILURE', 'orcpt': 'rfc822;b+2Bx@example.com'}
    _, server = send({}, message, to, 'c@example.com', body_8bit=True, smtputf8=True, ret='HDRS', envid='QQ314159')
    assert server.commands[1:4] == [
        b'MAIL FROM:<hana@example.co.jp> SIZE=%d BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=QQ314159' % len(MESSAGE),
        b'RCPT TO:<b@example.com> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;b+2Bx@example.com',
        b'RCPT TO:<c@example.com>']


def test_parameters_are_left_out_where_not_offered(message):
    to = {'address': 'b@example.com', 'notify': 'NEVER'}
    result, server = send({'EHLO': PLAIN}, message, to, body_8bit=True, ret='FULL', envid='x')
    assert result['outcome'] == 'accepted'
    assert server.commands[1:] == [b'MAIL FROM:<hana@example.co.jp>', b'RCPT TO:<b@example.com>', b'DATA', b'QUIT']


def test_null_sender(message):
    with Server() as server:
        hand_over(server, {'file': message, 'from': '', 'to': ['b@example.com']})
    assert server.commands[1].startswith(b'MAIL FROM:<> ')


def test_smtputf8_address_is_written_as_utf8(message):
    result, server = send({}, message, '花子@例え.jp', smtputf8=True)
    assert result['outcome'] == 'accepted'
    assert 'RCPT TO:<花子@例え.jp>'.encode() in server.commands


@pytest.mark.parametrize('ehlo, expected', [
    (FULL, {'size': 10485760, 'size_offered': True, 'pipelining': True, '8bitmime': True, 'smtputf8': True, 'dsn': True,
            'enhanced': True}),
    (b'250-mx SIZE PIPELINING\r\n250-size\r\n250-Pipelining\r\n250-8bitMime\r\n250-x-dsn\r\n250 dsn\r\n',
     {'size': 0, 'size_offered': True, 'pipelining': True, '8bitmime': True, 'smtputf8': False, 'dsn': True,
      'enhanced': False}),
    (b'250-mx\r\n250 SIZE 99999999999999999999999\r\n',
     {'size_offered': True, 'pipelining': False, 'dsn': False}),
    (PLAIN, {'size': 0, 'size_offered': False, 'pipelining': False, '8bitmime': False, 'smtputf8': False, 'dsn': False,
             'enhanced': False}),
])
def test_capabilities_in_any_case(message, ehlo, expected):
    with Server({'EHLO': ehlo}) as server:
        output = hand_over(server, probe=True)
    assert output['results'] == [] and output['capabilities']['known']
    assert {key: output['capabilities'][key] for key in expected} == expected
    assert server.commands == [b'EHLO [127.0.0.1]', b'QUIT']


@pytest.mark.parametrize('pipelining', [True, False])
def test_segments_come_together_as_python_stuffs_them(tmp_path, pipelining):
    """Pieces of a file and literals with dots and line ends at every boundary, over several buffers."""
    rng = random.Random(20261124 + pipelining)
    atoms = [b'.', b'..', b'\r\n', b'\r\n.', b'\r\n.\r\n', b'x', b'\r', b'\n', b'\n.', b'line of text' * 5, b'.\r\n']
    stored = b''.join(rng.choice(atoms) for _ in range(120000))
    path = tmp_path / 'message.eml'
    path.write_bytes(stored)
    for _ in range(6):
        segments, expected = [], b''
        for _ in range(rng.randrange(1, 40)):
            if rng.random() < 0.5:
                literal = b''.join(rng.choice(atoms) for _ in range(rng.randrange(0, 12)))
                segments.append(literal.decode())
                expected += literal
            else:
                offset = rng.randrange(len(stored))
                length = rng.choice([0, 1, 2, 3, rng.randrange(300000)])
                length = min(length, len(stored) - offset)
                segments.append([offset, length])
                expected += stored[offset:offset + length]
        if not expected.endswith(b'\r\n') and expected:
            expected += b'\r\n'
        with Server({'EHLO': FULL if pipelining else PLAIN}) as server:
            output = hand_over(server, mail(str(path), segments=segments))
        assert output['results'][0]['outcome'] == 'accepted'
        assert unstuffed(server.bodies[0]) == expected


@pytest.mark.parametrize('content, wire', [
    (b'', b''), (b'.', b'..\r\n'), (b'.\r\n', b'..\r\n'), (b'a', b'a\r\n'), (b'a\r', b'a\r\r\n'), (b'a\n', b'a\n\r\n'),
    (b'a\r\n.\r\nb\r\n', b'a\r\n..\r\nb\r\n'), (b'a\n.\r\n', b'a\n.\r\n'), (b'\r\n.', b'\r\n..\r\n'),
    (b'.\r\n.\r\n.\r\n', b'..\r\n..\r\n..\r\n'), (b'a\r.\r\n', b'a\r.\r\n'), (b'..\r\n', b'...\r\n'),
])
def test_dots_and_ends(tmp_path, content, wire):
    path = tmp_path / 'message.eml'
    path.write_bytes(content)
    result, server = send({}, str(path))
    assert result['outcome'] == 'accepted'
    assert server.bodies == [wire]


def test_large_mail_as_aiosmtpd_sees_it(tmp_path):
    """20 MB of base64, and a body of dots alone, which grows by half."""
    from aiosmtpd.controller import Controller

    class Keep:
        seen = []

        async def handle_DATA(self, server, session, envelope):
            self.seen.append(envelope.original_content)
            return '250 2.0.0 ok'

    large = b'Subject: x\r\n\r\n' + (b'A' * 76 + b'\r\n') * 260000
    dots = b'.\r\n' * 300000
    for name, content in (('large', large), ('dots', dots)):
        (tmp_path / name).write_bytes(content)
    controller = Controller(Keep(), hostname='127.0.0.1', port=free_port(), data_size_limit=None)
    controller.start()
    try:
        output = hand_over(f'smtp://127.0.0.1:{controller.port}', mail(str(tmp_path / 'large')), mail(str(tmp_path / 'dots')))
    finally:
        controller.stop()
    assert [result['outcome'] for result in output['results']] == ['accepted', 'accepted']
    assert Keep.seen == [large, dots]
    assert output['rss_kib'] < 100_000 or 'asan' in os.environ.get('SEKISHO_BUILD', '') or sanitized()


def sanitized():
    from relay_server import RELAY_MAIN
    return b'__asan_init' in RELAY_MAIN.read_bytes()


def free_port():
    with socket.create_server(('127.0.0.1', 0)) as probe:
        return probe.getsockname()[1]


# --- outcomes

@pytest.mark.parametrize('script, outcome, phase, code', [
    ({'MAIL': b'550 5.7.60 not yours\r\n'}, 'rejected', 'envelope', 550),
    ({'MAIL': LATER}, 'deferred', 'envelope', 451),
    ({'MAIL': b'421 4.3.2 closing\r\n'}, 'deferred', 'envelope', 421),
    ({'RCPT': NO}, 'rejected', 'envelope', 550),
    ({'RCPT': LATER}, 'deferred', 'envelope', 451),
    ({'RCPT': b'421 4.3.2 closing\r\n'}, 'deferred', 'envelope', 421),
    ({'DATA': b'554 5.7.1 no\r\n'}, 'rejected', 'envelope', 554),
    ({'DATA': b'452 4.3.1 full\r\n'}, 'deferred', 'envelope', 452),
    ({'DATA': b'421 4.3.1 full\r\n'}, 'deferred', 'envelope', 421),
    ({'DOT': b'550 5.6.0 no\r\n'}, 'rejected', 'dot', 550),
    ({'DOT': b'552 no enhanced code\r\n'}, 'rejected', 'dot', 552),
    ({'DOT': b'432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded\r\n'}, 'deferred', 'dot', 432),
    ({'DOT': b'421 4.3.0 no\r\n'}, 'deferred', 'dot', 421),
    ({'DOT': b'251 fine\r\n'}, 'accepted', 'dot', 251),
    ({'greeting': b'554 5.7.1 you again\r\n'}, 'deferred', 'connecting', 554),
    ({'greeting': b'421 busy\r\n'}, 'deferred', 'connecting', 421),
])
@pytest.mark.parametrize('ehlo', [FULL, WITHOUT_PIPELINING], ids=['pipelined', 'one-by-one'])
def test_outcome(message, script, outcome, phase, code, ehlo):
    result, server = send({'EHLO': ehlo, **script}, message)
    assert (result['outcome'], result['phase'], result['reply']['code']) == (outcome, phase, code)
    assert result['unreachable'] is False
    if phase != 'dot':
        assert server.bodies == []


@pytest.mark.parametrize('reply, place, words', [
    (b'550 5.4.5 Daily user sending quota exceeded\r\n', 'DOT', 'limit'),
    (b'554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException\r\n', 'DOT', 'limit'),
    (b'554-5.2.2 mailbox full\r\n554 5.2.2 STOREDRV\r\n', 'DOT', 'mailbox is full'),
    (b'550-5.7.1 Daily SMTP\r\n550 5.7.1 Relay Limit exceeded for customer\r\n', 'DATA', 'limit'),
    (b'550 5.7.1 Daily SMTP relay limit exceeded\r\n', 'RCPT', 'limit'),
    (b'530 5.7.57 Client not authenticated to send mail\r\n', 'MAIL', 'sign-in'),
    (b'535 5.7.3 Authentication unsuccessful\r\n', 'MAIL', 'sign-in'),
    (b'550 5.1.8 Access denied, bad outbound sender\r\n', 'DOT', 'administrator'),
])
def test_refusals_that_pass_are_deferred_with_a_remedy(message, reply, place, words):
    result, _ = send({place: reply}, message)
    assert result['outcome'] == 'deferred'
    assert result['reply']['code'] == int(reply[:3])
    assert words in result['problem']


@pytest.mark.parametrize('reply, place', [
    (b'550 5.7.1 rejected by policy\r\n', 'DOT'), (b'552 5.2.2 mailbox of the recipient is full\r\n', 'RCPT'),
    (b'550 5.4.6 loop\r\n', 'DOT'), (b'554 5.2.0 SendAsDenied\r\n', 'DOT'), (b'550 5.7.60 SendAsDenied\r\n', 'MAIL'),
])
def test_other_refusals_stay_permanent(message, reply, place):
    result, _ = send({place: reply}, message)
    assert result['outcome'] == 'rejected' and result['problem'] is None


def by_address(**replies):
    return lambda line: replies.get(line.split(b'<')[1].split(b'@')[0].decode(), b'250 2.1.5 ok\r\n')


@pytest.mark.parametrize('ehlo', [FULL, WITHOUT_PIPELINING], ids=['pipelined', 'one-by-one'])
@pytest.mark.parametrize('replies, all_or_nothing, outcome, code', [
    ({'a': NO}, False, 'accepted', 250),
    ({'a': LATER, 'b': NO}, False, 'accepted', 250),
    ({'a': NO, 'b': NO, 'c': NO}, False, 'rejected', 550),
    ({'a': LATER, 'b': LATER, 'c': LATER}, False, 'deferred', 451),
    ({'a': NO, 'b': LATER, 'c': NO}, False, 'deferred', 451),
    ({'a': NO}, True, 'rejected', 550),
    ({'c': LATER}, True, 'deferred', 451),
    ({'a': LATER, 'b': NO}, True, 'rejected', 550),
    ({}, True, 'accepted', 250),
])
def test_mixed_recipients(message, replies, all_or_nothing, outcome, code, ehlo):
    script = {'EHLO': ehlo, 'RCPT': by_address(**replies)}
    if outcome != 'accepted':
        script['DATA'] = b'503 5.5.1 no valid recipients\r\n'
    result, server = send(script, message, 'a@example.com', 'b@example.com', 'c@example.com', all_or_nothing=all_or_nothing)
    assert (result['outcome'], result['reply']['code']) == (outcome, code)
    assert codes(result) == [int(replies.get(name, b'250')[:3]) for name in 'abc']
    assert server.bodies == ([MESSAGE] if outcome == 'accepted' else [])
    if all_or_nothing and outcome != 'accepted':
        assert b'DATA' not in server.commands
    if outcome != 'accepted':
        assert b'RSET' in server.commands


def test_mail_refused_says_nothing_about_recipients(message):
    result, server = send({'MAIL': NO, 'RCPT': b'503 5.5.1 MAIL first\r\n', 'DATA': b'503 5.5.1 MAIL first\r\n'},
                          message, 'a@example.com', 'b@example.com')
    assert result['outcome'] == 'rejected' and result['reply']['code'] == 550
    assert codes(result) == [None, None]


@pytest.mark.parametrize('script', [
    {'RCPT': NO}, {'MAIL': NO, 'RCPT': b'503 MAIL first\r\n'}, {'RCPT': LATER},
])
def test_data_opened_for_nobody_gets_no_dot(message, script):
    """The server says 354 all the same: the connection must go, since a dot would hand over an empty mail."""
    result, server = send(script, message)
    assert result['outcome'] in ('rejected', 'deferred')
    assert server.bodies == [] and server.sessions[0].partial in (b'', b'\r\n')
    assert server.commands[-1] == b'DATA'


def test_no_data_before_all_recipients_are_known_when_one_refusal_stops_all(message):
    seen = []

    def late(line):
        time.sleep(0.05)
        seen.append(line)
        return b'250 ok\r\n'

    def data(line):
        assert len(seen) == 3
        return b'354 go on\r\n'

    result, server = send({'RCPT': late, 'DATA': data}, message, *[f'{n}@example.com' for n in 'abc'], all_or_nothing=True)
    assert result['outcome'] == 'accepted' and server.bodies == [MESSAGE]


def test_thousand_recipients(message):
    to = [f'r{n}@example.com' for n in range(1000)]

    def reply(line):
        number = int(line.split(b'<r')[1].split(b'@')[0])
        return [b'250 ok %d\r\n', b'550 5.1.1 no %d\r\n', b'451 4.2.1 later %d\r\n'][number % 3] % number

    for ehlo in (FULL, PLAIN):
        result, server = send({'RCPT': reply, 'EHLO': ehlo}, message, *to)
        assert result['outcome'] == 'accepted'
        assert codes(result) == [(250, 550, 451)[n % 3] for n in range(1000)]
        assert all(result['recipients'][n]['text'].endswith(f' {n}') for n in range(1000))
        assert [c for c in server.commands if c.startswith(b'RCPT')] == [f'RCPT TO:<{a}>'.encode() for a in to]


# --- what must not be written

@pytest.mark.parametrize('address', [
    'b@example.com>\r\nRCPT TO:<c@example.com', 'b@example.com\n', 'b\x00@example.com', 'b c@example.com', 'b<c@example.com',
    'b>@example.com', '"b\r"@example.com', '"b@example.com', 'b\x7f@example.com', '花@example.com', '"a\\', ''])
def test_unspeakable_recipient_is_refused_without_a_connection(message, address):
    with Server() as server:
        result = hand_over(server, mail(message, 'ok@example.com', address.replace('\x00', '\x01')))['results'][0]
    assert result['outcome'] == 'rejected' and result['reply']['code'] == 553
    assert codes(result) == [None, 553]
    assert server.sessions == []


@pytest.mark.parametrize('field, value', [('from', 'a b@example.com'), ('from', 'a>\r\nDATA'), ('ret', 'HDRS\r\nDATA'),
                                          ('envid', 'a b')])
def test_unspeakable_sender_or_parameter(message, field, value):
    with Server() as server:
        result = hand_over(server, {**mail(message), field: value})['results'][0]
    assert result['outcome'] == 'rejected' and server.sessions == []


def test_no_recipients(message):
    with Server() as server:
        result = hand_over(server, {'file': message, 'from': '', 'to': []})['results'][0]
    assert result['outcome'] == 'rejected' and result['reply']['enhanced'] == '5.5.1'


@pytest.mark.parametrize('address', ['"a b"@example.com', 'a..b@example.com', 'a.@example.com', "o'b+x=1@example.com",
                                     '"a\\"b"@example.com'])
def test_odd_addresses_are_written_as_they_are(message, address):
    result, server = send({}, message, address)
    assert result['outcome'] == 'accepted'
    assert f'RCPT TO:<{address}>'.encode() in server.commands


def test_smtputf8_asked_but_not_offered(message):
    result, server = send({'EHLO': PLAIN}, message, smtputf8=True)
    assert result['outcome'] == 'rejected' and result['reply']['enhanced'] == '5.6.7'
    assert not any(command.startswith(b'MAIL') for command in server.commands)


# --- losses

@pytest.mark.parametrize('how', [CLOSE, RESET], ids=['closed', 'reset'])
@pytest.mark.parametrize('ehlo', [FULL, WITHOUT_PIPELINING], ids=['pipelined', 'one-by-one'])
@pytest.mark.parametrize('step, outcome, phase', [
    ('greeting', 'deferred', 'connecting'), ('EHLO', 'deferred', 'connecting'), ('MAIL', 'deferred', 'envelope'),
    ('RCPT', 'deferred', 'envelope'), ('DATA', 'deferred', 'envelope'), ('DOT', 'unknown', 'dot')])
def test_lost_at(message, step, outcome, phase, ehlo, how):
    result, server = send({'EHLO': ehlo, step: how}, message)
    assert (result['outcome'], result['phase'], result['reply']) == (outcome, phase, None)
    words = ['lost', 'closed'] + (['could not be connected'] if (step, how) == ('greeting', RESET) else [])
    assert any(word in result['problem'] for word in words)
    assert ('may have been sent' in result['problem']) == (outcome == 'unknown')
    assert len(server.sessions) == 1  # a fresh connection is not tried twice


@pytest.mark.parametrize('step, outcome, phase', [
    ('greeting', 'deferred', 'connecting'), ('EHLO', 'deferred', 'connecting'), ('MAIL', 'deferred', 'envelope'),
    ('RCPT', 'deferred', 'envelope'), ('DATA', 'deferred', 'envelope'), ('DOT', 'unknown', 'dot')])
def test_silent_at(message, step, outcome, phase):
    began = time.monotonic()
    result, _ = send({step: SILENT}, message, deadlines={'connect': 300, 'reply': 300, 'final': 500})
    assert (result['outcome'], result['phase'], result['reply']) == (outcome, phase, None)
    assert 0.25 < time.monotonic() - began < 10
    assert result['unreachable'] == (step == 'greeting')


def test_each_deadline_is_its_own(message):
    """Answers that come slowly, but in time, are waited for."""
    slow = {step: (lambda said: lambda line: time.sleep(0.25) or said)(said)
            for step, said in {'MAIL': b'250 ok\r\n', 'RCPT': b'250 ok\r\n', 'DATA': b'354 go\r\n', 'DOT': b'250 ok\r\n'}.items()}
    result, _ = send(slow, message, deadlines={'reply': 400, 'final': 400})
    assert result['outcome'] == 'accepted'
    result, _ = send({'DOT': lambda line: time.sleep(0.8) or b'250 ok\r\n'}, message, deadlines={'reply': 300, 'final': 5000})
    assert result['outcome'] == 'accepted'


@pytest.mark.parametrize('size', [1, 30, 64, 100, 150, 1000, 100000, 3000000])
def test_closed_after_some_octets(tmp_path, size):
    """Whatever was cut off, the server never saw the dot: nothing was sent."""
    path = tmp_path / 'message.eml'
    path.write_bytes(MESSAGE + (b'y' * 76 + b'\r\n') * 400000)  # more than the sockets' buffers hold
    result, server = send({'close_after': size}, str(path))
    assert result['outcome'] == 'deferred', result
    assert result['phase'] in ('envelope', 'content')
    assert server.bodies == []


def test_a_server_that_takes_nothing_more(tmp_path):
    """It stops reading in the middle of the content."""
    path = tmp_path / 'message.eml'
    path.write_bytes(b'x' * 76 + b'\r\n' + (b'y' * 76 + b'\r\n') * 400000)
    with Server() as server:
        def stall(line):
            server.sessions[0].write(b'354 go on\r\n')
            server.stopping.wait(20)
            return CLOSE

        server.scripts = ({'DATA': stall},)
        result = hand_over(server, mail(str(path)), deadlines={'reply': 500})['results'][0]
    assert (result['outcome'], result['phase']) == ('deferred', 'content')
    assert 'silent' in result['problem']


def test_envelope_longer_than_the_sockets_buffers(message):
    """The server answers at once and reads on slowly; both directions fill up."""
    long = b'250 2.1.5 ' + b'fine ' * 80 + b'\r\n'
    to = [f'{"r" * 60}{n}@{"d" * 60}.example.com' for n in range(2000)]
    result, _ = send({'RCPT': long}, message, *to)
    assert result['outcome'] == 'accepted' and codes(result) == [250] * 2000


# --- nonsense

GARBAGE = {
    'http': b'HTTP/1.1 200 OK\r\n\r\n', 'binary': b'\x00\x01\x02\r\n', 'two-digits': b'25\r\n', 'four-digits': b'2500 x\r\n',
    'too-low': b'199 no\r\n', 'too-high': b'600 no\r\n', 'underline': b'250_ok\r\n', 'empty': b'\r\n',
    'mixed': b'250-a\r\n550 b\r\n', 'negative': b'-50 x\r\n', 'long-line': b'x' * 300000 + b'\r\n',
    'endless-line': b'250 ' + b'x' * 300000, 'endless-lines': b'250-x\r\n' * 60000}


@pytest.mark.parametrize('garbage', GARBAGE.values(), ids=GARBAGE.keys())
@pytest.mark.parametrize('step, outcome', [('MAIL', 'deferred'), ('RCPT', 'deferred'), ('DATA', 'deferred'), ('DOT', 'unknown')])
def test_garbage(message, step, outcome, garbage):
    result, server = send({step: garbage}, message)
    assert (result['outcome'], result['reply']) == (outcome, None)
    assert result['problem'].isprintable()
    assert b'QUIT' not in server.commands


@pytest.mark.parametrize('step, reply', [('MAIL', b'354 go on\r\n'), ('RCPT', b'354 go on\r\n'), ('DATA', b'250 ok\r\n'),
                                         ('DATA', b'334 \r\n')])
def test_reply_of_the_wrong_kind(message, step, reply):
    result, server = send({step: reply}, message)
    assert (result['outcome'], result['phase']) == ('deferred', 'envelope')
    assert server.bodies == []


def test_final_reply_of_the_wrong_kind(message):
    result, _ = send({'DOT': b'354 more\r\n'}, message)
    assert result['outcome'] == 'unknown'


def test_more_replies_than_commands(message):
    result, _ = send({'EHLO': PLAIN, 'MAIL': b'250 ok\r\n250 ok\r\n250 ok\r\n250 ok\r\n'}, message)
    assert result['outcome'] == 'deferred'


@pytest.mark.parametrize('early, outcome, code', [
    (b'552 5.3.4 too big\r\n', 'rejected', 552), (b'451 4.3.0 no\r\n', 'deferred', 451), (b'421 4.4.2 time\r\n', 'deferred', 421),
    (b'250 ok\r\n', 'deferred', None), (b'what\r\n', 'deferred', None)])
def test_reply_in_the_middle_of_the_content(tmp_path, early, outcome, code):
    path = tmp_path / 'message.eml'
    path.write_bytes(b'x' * 76 + b'\r\n' + (b'y' * 76 + b'\r\n') * 400000)
    result, server = send({'early': (100000, early)}, str(path))
    assert result['outcome'] == outcome and (result['reply'] or {}).get('code') == code
    assert server.bodies == []


@pytest.mark.parametrize('pieces', [1, 2, 3, 7])
def test_replies_in_pieces(message, pieces):
    script = {'pieces': pieces, 'MAIL': b'250-2.1.0 one\r\n250-2.1.0 two\r\n250 2.1.0 three\r\n', 'RCPT': by_address(b=NO)}
    result, server = send(script, message, 'a@example.com', 'b@example.com')
    assert result['outcome'] == 'accepted' and codes(result) == [250, 550]
    assert result['recipients'][1] == {'code': 550, 'enhanced': '5.1.1', 'text': 'no such user'}
    assert server.bodies == [MESSAGE]


@pytest.mark.parametrize('wire, reply', [
    (b'550-5.7.1 first\r\n550-5.7.1 second\r\n550 5.7.1 third\r\n', (550, '5.7.1', 'first\nsecond\nthird')),
    (b'550\r\n', (550, None, '')),
    (b'550 \r\n', (550, None, '')),
    (b'550 5.7.1\r\n', (550, '5.7.1', '')),
    (b'550 4.7.1 class differs\r\n', (550, None, '4.7.1 class differs')),
    (b'550 5.7.1.2 too many\r\n', (550, None, '5.7.1.2 too many')),
    (b'550 5.1234.1 too long\r\n', (550, None, '5.1234.1 too long')),
    (b'550-no code\r\n550 5.1.1 code\r\n', (550, '5.1.1', 'no code\ncode')),
    (b'550 5.7.1 \xe5\xae\x9b\xe5\x85\x88\r\n', (550, '5.7.1', '宛先')),
    (b'550 5.7.1 bad \x93\xff octets\r\n', (550, '5.7.1', 'bad \ufffd\ufffd octets')),
    (b'550 5.7.1 bare line feed\n', (550, '5.7.1', 'bare line feed')),
    (b'550 5.7.1 bell\x07 and\x1b[31m\r\n', (550, '5.7.1', 'bell? and?[31m')),
    (b'550 ' + b'x' * 5000 + b'\r\n', (550, None, 'x' * 5000)),
])
def test_texts_of_replies(message, wire, reply):
    result, _ = send({'DOT': wire}, message)
    assert (result['reply']['code'], result['reply']['enhanced'], result['reply']['text']) == reply


def test_very_long_text_is_cut(message):
    result, _ = send({'DOT': b'550-' + b'x' * 4000 + b'\r\n' + b'550-' + b'y' * 8000 + b'\r\n' + b'550 ' + b'z' * 4000 + b'\r\n'},
                     message)
    assert result['outcome'] == 'rejected'
    assert 4000 < len(result['reply']['text']) < 9000


# --- before the dot

@pytest.mark.parametrize('what', ['now', 'later', 'none'])
def test_before_dot(message, what):
    result, server = send({}, message, before_dot=what)
    assert result['outcome'] == 'accepted' and server.bodies == [MESSAGE]
    assert result['before_dot_calls'] == (0 if what == 'none' else 1)


@pytest.mark.parametrize('what', ['abandon', 'abandon-later'])
def test_abandoned_before_the_dot(message, what):
    result, server = send({}, message, before_dot=what)
    assert (result['outcome'], result['phase']) == ('deferred', 'content')
    assert server.bodies == [] and 'abandoned' in result['problem']


def test_content_is_out_while_the_dot_waits(message):
    with Server() as server:
        result = hand_over(server, mail(message, before_dot='later', wait=300))['results'][0]
    assert result['outcome'] == 'accepted' and server.bodies == [MESSAGE]
    assert result['content_us'] > 250_000


@pytest.mark.parametrize('how', [CLOSE, RESET, b'421 4.4.2 good night\r\n'])
def test_lost_while_the_dot_waits(tmp_path, how):
    """The end is told only after the answer, and waiting takes no time of the processor."""
    path = tmp_path / 'message.eml'
    path.write_bytes(MESSAGE)

    class Script(dict):
        pass

    def data(line):
        session = server.sessions[0]
        session.write(b'354 go on\r\n')
        session.receive()
        time.sleep(0.1)
        return how if how in (CLOSE, RESET) else session.write(how) or CLOSE

    with Server({'DATA': data}) as server:
        output = hand_over(server, mail(str(path), before_dot='later', wait=700))
    result = output['results'][0]
    assert (result['outcome'], result['phase']) == ('deferred', 'content')
    assert 'may have been sent' not in result['problem']
    assert output['wall_us'] > 650_000 and output['cpu_us'] < 200_000
    assert server.bodies == []


def test_no_before_dot_when_refused(message):
    for script in ({'MAIL': NO}, {'RCPT': NO}, {'DATA': NO}, {'DATA': CLOSE}):
        result, _ = send(script, message)
        assert result['before_dot_calls'] == 0


# --- cancelling

def test_cancelled_before_it_starts(message):
    with Server() as server:
        result = hand_over(server, mail(message, cancel_at='start'))['results'][0]
    assert (result['outcome'], result['phase']) == ('deferred', 'connecting')
    assert 'cancelled' in result['problem'] and server.sessions == []


@pytest.mark.parametrize('step, phase', [('greeting', 'connecting'), ('EHLO', 'connecting'), ('MAIL', 'envelope'),
                                         ('RCPT', 'envelope'), ('DATA', 'envelope')])
def test_cancelled_while_the_server_is_silent(message, step, phase):
    result, server = send({step: SILENT}, message, cancel=200)
    assert (result['outcome'], result['phase']) == ('deferred', phase)
    assert 'cancelled' in result['problem'] and len(server.sessions) == 1


@pytest.mark.parametrize('what', ['now', 'later'])
def test_cancelled_at_the_dot(message, what):
    """Before the dot is out, so nothing is sent, whatever before_dot is answered."""
    result, server = send({}, message, cancel_at='dot', before_dot=what, wait=100)
    if what == 'later':
        assert result['outcome'] == 'deferred' and server.bodies == []
    else:
        assert result['outcome'] == 'accepted' and server.bodies == [MESSAGE]


def test_cancelled_after_the_dot_is_ignored(message):
    result, server = send({'DOT': lambda line: time.sleep(0.5) or b'250 ok\r\n'}, message, cancel=250)
    assert result['outcome'] == 'accepted' and server.bodies == [MESSAGE]


def test_cancelled_in_the_queue(message):
    with Server({'DOT': lambda line: time.sleep(0.5) or b'250 ok\r\n'}) as server:
        results = hand_over(server, mail(message), mail(message, cancel=100), settings={'connections': 1}, parallel=True)['results']
    assert sorted(result['outcome'] for result in results) == ['accepted', 'deferred']
    assert len(server.bodies) == 1


# --- the pool

def test_a_connection_is_kept(message):
    with Server() as server:
        output = hand_over(server, mail(message, repeat=20))
    assert len(server.sessions) == 1 and server.bodies == [MESSAGE] * 20
    assert [result['outcome'] for result in output['results']] == ['accepted'] * 20
    assert server.commands.count(b'EHLO [127.0.0.1]') == 1


def test_an_idle_connection_ends_with_quit(message):
    with Server() as server:
        hand_over(server, mail(message), mail(message, pause=600), deadlines={'idle': 150}, linger=400)
        assert len(server.sessions) == 2
        assert all(session.ended.wait(5) for session in server.sessions)
    assert [session.commands[-1] for session in server.sessions] == [b'QUIT', b'QUIT']


def test_a_connection_that_was_closed_while_idle_is_dropped(message):
    """The server hangs up by itself after the first mail; nobody is told."""
    def hang_up(line):
        session = server.sessions[-1]
        session.write(b'250 ok\r\n')
        time.sleep(0.1)
        return CLOSE

    with Server({'DOT': hang_up}) as server:
        output = hand_over(server, mail(message), mail(message, pause=400))
    assert [result['outcome'] for result in output['results']] == ['accepted', 'accepted']
    assert len(server.sessions) == 2


@pytest.mark.parametrize('death', [CLOSE, RESET, b'421 4.4.2 idle for too long\r\n'])
def test_a_kept_connection_that_dies_at_the_first_command_is_replaced_silently(message, death):
    with Server({'MAIL': [b'250 ok\r\n', death]}, {}) as server:
        output = hand_over(server, mail(message), mail(message))
    assert [result['outcome'] for result in output['results']] == ['accepted', 'accepted']
    assert len(server.sessions) == 2 and len(server.bodies) == 2
    assert [result['before_dot_calls'] for result in output['results']] == [1, 1]


def test_only_one_silent_try(message):
    with Server({'MAIL': [b'250 ok\r\n', CLOSE]}, {'MAIL': CLOSE}) as server:
        output = hand_over(server, mail(message), mail(message))
    assert [result['outcome'] for result in output['results']] == ['accepted', 'deferred']
    assert len(server.sessions) == 2


def test_no_silent_try_once_something_was_answered(message):
    with Server({'RCPT': [b'250 ok\r\n', CLOSE]}, {}) as server:
        output = hand_over(server, mail(message), mail(message))
    assert [result['outcome'] for result in output['results']] == ['accepted', 'deferred']
    assert len(server.sessions) == 1


def test_a_silent_kept_connection_is_deferred(message):
    with Server({'MAIL': [b'250 ok\r\n', SILENT]}, {}) as server:
        output = hand_over(server, mail(message), mail(message), deadlines={'reply': 300})
    assert [result['outcome'] for result in output['results']] == ['accepted', 'deferred']


@pytest.mark.parametrize('script', [{'MAIL': [NO, b'250 ok\r\n'], 'RCPT': [b'503 no\r\n', b'250 ok\r\n'],
                                     'DATA': [b'503 no\r\n', b'354 go\r\n']},
                                    {'RCPT': [NO, b'250 ok\r\n'], 'DATA': [b'503 no\r\n', b'354 go\r\n']},
                                    {'DATA': [LATER, b'354 go\r\n']}, {'DOT': [NO, b'250 ok\r\n']}])
def test_a_refusal_leaves_the_connection_for_the_next_mail(message, script):
    with Server(script) as server:
        output = hand_over(server, mail(message), mail(message, pause=50))
    assert output['results'][1]['outcome'] == 'accepted'
    assert len(server.sessions) == 1
    assert (b'RSET' in server.commands) == ('DOT' not in script)


@pytest.mark.parametrize('reset', [CLOSE, b'500 what\r\n', b'250 ok\r\n250 ok\r\n', b'garbage\r\n', b'421 bye\r\n'])
def test_a_reset_that_fails_costs_only_the_connection(message, reset):
    with Server({'RCPT': [NO], 'DATA': [b'503 no\r\n'], 'RSET': reset}, {}) as server:
        output = hand_over(server, mail(message), mail(message, pause=50))
    assert output['results'][1]['outcome'] == 'accepted'
    assert len(server.sessions) == 2


def test_never_more_connections_than_allowed(message):
    most = []

    def slow(line):
        most.append(sum(not session.ended.is_set() for session in server.sessions))
        time.sleep(0.02)
        return b'250 ok\r\n'

    with Server({'DOT': slow}) as server:
        output = hand_over(server, mail(message, repeat=40), parallel=True, settings={'connections': 3})
    assert [result['outcome'] for result in output['results']] == ['accepted'] * 40
    assert max(most) <= 3 and len(server.sessions) == 3 and len(server.bodies) == 40


def test_many_at_once(message):
    with Server() as server:
        output = hand_over(server, mail(message, repeat=200), parallel=True)
    assert [result['outcome'] for result in output['results']] == ['accepted'] * 200
    assert len(server.bodies) == 200 and len(server.sessions) <= 16


def test_waiting_mails_survive_a_dead_server(message):
    """Each gets its own answer; none is lost or answered twice."""
    output = hand_over(f'smtp://127.0.0.1:{free_port()}', mail(message, repeat=30), parallel=True, settings={'connections': 2})
    assert [result['outcome'] for result in output['results']] == ['deferred'] * 30


# --- no connection

def test_nobody_listens(message):
    result = hand_over(f'smtp://127.0.0.1:{free_port()}', mail(message))['results'][0]
    assert (result['outcome'], result['phase'], result['unreachable']) == ('deferred', 'connecting', True)
    assert 'could not be connected' in result['problem'] and 'port in [upstream] url' in result['problem']


def test_no_such_name(message):
    result = hand_over('smtps://mail.invalid', mail(message), settings={'tls': 'required'},
                       deadlines={'connect': 8000})['results'][0]
    assert result['outcome'] == 'deferred' and result['unreachable'] is True


def test_a_web_server_is_no_mail_server(message):
    result, _ = send({'greeting': b'HTTP/1.0 400 Bad Request\r\n\r\n'}, message, deadlines={'connect': 1000})
    assert result['outcome'] == 'deferred' and result['phase'] == 'connecting'


def test_the_probe_tells_what_is_wrong():
    output = hand_over(f'smtp://127.0.0.1:{free_port()}', probe=True)
    assert 'could not be connected' in output['results'][0]['probe_error']


@pytest.mark.parametrize('url, tls, words', [
    ('smtp://mail.example.com:587', 'none', 'only for this machine'),
    ('smtp://192.0.2.1', 'none', 'only for this machine'),
    ('smtp://localhost.example.com', 'none', 'only for this machine'),
    ('smtps://127.0.0.1', 'none', 'contradicts'),
    ('http://mail.example.com', 'required', 'smtp://'),
    ('graph', 'required', 'smtp://'),
    ('', 'required', 'smtp://'),
    ('smtp://user:secret@mail.example.com', 'required', 'password-file='),
])
def test_settings_that_can_not_be_kept_safe(url, tls, words):
    output = hand_over(url, settings={'tls': tls})
    assert words in output['error'] and 'secret' not in output['error']


@pytest.mark.parametrize('url', ['smtp://localhost:{}', 'smtp://127.0.0.1:{}', 'smtp://127.1.2.3:{}'])
def test_plain_to_this_machine(message, url):
    with Server() as server:
        output = hand_over(url.format(server.port), mail(message), deadlines={'connect': 2000})
    expected = 'deferred' if '127.1.2.3' in url else 'accepted'
    assert output['results'][0]['outcome'] == expected


# --- TLS

@pytest.fixture(scope='module')
def tls_files(tmp_path_factory):
    """A CA and a leaf for localhost and 127.0.0.1, a leaf for another name, and an expired one."""
    folder = tmp_path_factory.mktemp('tls_files')

    def openssl(*arguments):
        subprocess.run(['openssl', *arguments], cwd=folder, check=True, capture_output=True)

    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '30', '-subj',
            '/CN=Test CA')
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'other.key', '-out', 'other.pem', '-days', '30',
            '-subj', '/CN=Other CA')
    for name, names, days in (('good', 'IP:127.0.0.1,DNS:localhost', '30'), ('wrong', 'DNS:mail.example.com', '30'),
                              ('expired', 'IP:127.0.0.1', '-1')):
        (folder / f'{name}.ext').write_text(f'basicConstraints=CA:FALSE\nsubjectAltName={names}\n')
        openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', f'{name}.key', '-out', f'{name}.csr', '-subj', f'/CN={name}')
        openssl('x509', '-req', '-in', f'{name}.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', days,
                '-extfile', f'{name}.ext', '-out', f'{name}.pem')
    return folder


def tls_server(tls_files, name='good', implicit=False, **script):
    ehlo = b'250-mx.example.com\r\n250-PIPELINING\r\n250-STARTTLS\r\n250 8BITMIME\r\n'
    return Server({'EHLO': ehlo, **script}, context=context_of(tls_files / f'{name}.pem', tls_files / f'{name}.key'),
                  implicit=implicit)


def required(tls_files, ca='ca.pem', **rest):
    return {'tls': 'required', **({'ca_file': str(tls_files / ca)} if ca else {}), **rest}


@pytest.mark.parametrize('implicit', [False, True], ids=['starttls', 'implicit'])
def test_tls_with_the_right_ca(tls_files, message, implicit):
    with tls_server(tls_files, implicit=implicit) as server:
        output = hand_over(server, mail(message, repeat=3), settings=required(tls_files))
    assert [result['outcome'] for result in output['results']] == ['accepted'] * 3
    assert server.bodies == [MESSAGE] * 3 and len(server.sessions) == 1
    assert (b'STARTTLS' in server.commands) != implicit
    assert output['capabilities']['8bitmime']


@pytest.mark.parametrize('implicit', [False, True], ids=['starttls', 'implicit'])
def test_large_mail_over_tls(tls_files, tmp_path, implicit):
    path = tmp_path / 'message.eml'
    content = (b'.' + b'z' * 75 + b'\r\n') * 130000
    path.write_bytes(content)
    with tls_server(tls_files, implicit=implicit) as server:
        output = hand_over(server, mail(str(path)), settings=required(tls_files))
    assert output['results'][0]['outcome'] == 'accepted'
    assert unstuffed(server.bodies[0]) == content


@pytest.mark.parametrize('implicit', [False, True], ids=['starttls', 'implicit'])
@pytest.mark.parametrize('name, ca', [('good', 'other.pem'), ('good', None), ('wrong', 'ca.pem'), ('expired', 'ca.pem')])
@pytest.mark.parametrize('tls', ['required', 'opportunistic'])
def test_a_certificate_that_is_not_right(tls_files, message, name, ca, implicit, tls):
    with tls_server(tls_files, name, implicit=implicit) as server:
        output = hand_over(server, mail(message), settings={**required(tls_files, ca), 'tls': tls})
    result = output['results'][0]
    assert (result['outcome'], result['phase'], result['unreachable']) == ('deferred', 'connecting', False)
    assert 'certificate' in result['problem'] and 'ca-file' in result['problem']
    assert not any(command.startswith(b'MAIL') for command in server.commands)


def test_tls_required_and_not_offered(tls_files, message):
    with Server() as server:
        result = hand_over(server, mail(message), settings=required(tls_files))['results'][0]
    assert (result['outcome'], result['phase'], result['unreachable']) == ('deferred', 'connecting', False)
    assert 'STARTTLS' in result['problem'] and 'nothing is sent' in result['problem']
    assert not any(command.startswith(b'MAIL') for command in server.commands)


def test_starttls_refused(tls_files, message):
    with tls_server(tls_files, STARTTLS=b'454 4.7.0 not now\r\n') as server:
        result = hand_over(server, mail(message), settings=required(tls_files))['results'][0]
    assert result['outcome'] == 'deferred' and result['phase'] == 'connecting'
    assert not any(command.startswith(b'MAIL') for command in server.commands)


def test_answers_smuggled_in_front_of_tls_are_not_taken(tls_files, message):
    """What stands behind the answer to STARTTLS in the clear must not count as said under TLS."""
    with tls_server(tls_files, STARTTLS=b'220 go on\r\n250-evil\r\n250 PIPELINING\r\n') as server:
        result = hand_over(server, mail(message), settings=required(tls_files), deadlines={'connect': 3000})['results'][0]
    assert result['outcome'] == 'deferred'
    assert server.bodies == []


def test_opportunistic(tls_files, message):
    with Server() as plain, tls_server(tls_files) as secure:
        first = hand_over(plain, mail(message), settings=dict(required(tls_files), tls='opportunistic'))['results'][0]
        second = hand_over(secure, mail(message), settings=dict(required(tls_files), tls='opportunistic'))['results'][0]
    assert (first['outcome'], second['outcome']) == ('accepted', 'accepted')
    assert b'STARTTLS' in secure.commands


def test_the_wrong_kind_of_port(tls_files, message):
    with tls_server(tls_files, implicit=True) as server:
        result = hand_over(server.url.replace('smtps', 'smtp'), mail(message), settings=required(tls_files),
                           deadlines={'connect': 800})['results'][0]
        assert result['outcome'] == 'deferred'
    with Server() as server:
        result = hand_over(server.url.replace('smtp', 'smtps'), mail(message), settings=required(tls_files))['results'][0]
        assert result['outcome'] == 'deferred' and 'smtp://' in result['problem']


def test_lost_after_the_dot_under_tls(tls_files, message):
    with tls_server(tls_files, DOT=CLOSE) as server:
        result = hand_over(server, mail(message), settings=required(tls_files))['results'][0]
    assert (result['outcome'], result['phase']) == ('unknown', 'dot')


# --- signing in

@pytest.fixture
def password(tmp_path):
    path = tmp_path / 'password'
    path.write_text('s3cret wörd\nnot this line\n')
    path.chmod(0o600)
    return path


SIGN_IN = b'250-mx.example.com\r\n250-AUTH %s\r\n250 PIPELINING\r\n'


def test_sign_in_plain(message, password):
    with Server({'EHLO': SIGN_IN % b'LOGIN PLAIN GSSAPI CRAM-MD5'}) as server:
        output = hand_over(server, mail(message), settings={'user': 'hana@example.co.jp', 'password_file': str(password)})
    assert output['results'][0]['outcome'] == 'accepted'
    sent = [command for command in server.commands if command.startswith(b'AUTH')]
    import base64
    assert len(sent) == 1 and sent[0].startswith(b'AUTH PLAIN ')
    assert base64.b64decode(sent[0].split()[2]) == '\0hana@example.co.jp\0s3cret wörd'.encode()
    assert 's3cret' not in output['stderr']


@pytest.mark.parametrize('reply, words', [(b'535 5.7.8 bad password\r\n', 'password'), (b'454 4.7.0 later\r\n', 'it said "454'),
                                          (b'535 5.7.139 SmtpClientAuthentication is disabled\r\n', 'administrator')])
def test_sign_in_refused(message, password, reply, words):
    with Server({'EHLO': SIGN_IN % b'PLAIN', 'AUTH': reply}) as server:
        result = hand_over(server, mail(message), settings={'user': 'hana', 'password_file': str(password)})['results'][0]
    assert (result['outcome'], result['phase'], result['unreachable']) == ('deferred', 'connecting', False)
    assert result['reply']['code'] == int(reply[:3]) and words in result['problem']
    assert 's3cret' not in result['problem']


def test_a_server_that_hangs_after_refusing_the_sign_in(message, password):
    """libcurl must not wait for an answer to QUIT."""
    with Server({'EHLO': SIGN_IN % b'PLAIN', 'AUTH': b'535 5.7.8 no\r\n', 'QUIT': SILENT}) as server:
        began = time.monotonic()
        hand_over(server, mail(message), settings={'user': 'hana', 'password_file': str(password)})
        assert time.monotonic() - began < 5


def test_no_mechanism_in_common(message, password):
    with Server({'EHLO': SIGN_IN % b'CRAM-MD5 NTLM'}) as server:
        result = hand_over(server, mail(message), settings={'user': 'hana', 'password_file': str(password)})['results'][0]
    assert result['outcome'] == 'deferred' and 'PLAIN or LOGIN' in result['problem']


def test_no_password_in_the_clear_to_another_machine(password):
    """Opportunistic TLS is raised to required when there is a password: seen in that a plain server gets none."""
    host = socket.gethostname()
    with Server({'EHLO': SIGN_IN % b'PLAIN'}) as server:
        output = hand_over(server.url.replace('127.0.0.1', 'localhost.'), mail('/dev/null'),
                           settings={'user': 'hana', 'password_file': str(password), 'tls': 'opportunistic'})
    assert host and output['results'][0]['outcome'] == 'deferred'
    assert not any(command.startswith(b'AUTH') for command in server.commands)


def test_password_file_problems(message, password, tmp_path):
    with Server({'EHLO': SIGN_IN % b'PLAIN'}) as server:
        missing = hand_over(server, mail(message), settings={'user': 'hana', 'password_file': str(tmp_path / 'none')})['results'][0]
        password.write_text('\nsecond\n')
        empty = hand_over(server, mail(message), settings={'user': 'hana', 'password_file': str(password)})['results'][0]
        password.write_text('x')
        password.chmod(0o644)
        open_one = hand_over(server, mail(message), settings={'user': 'hana', 'password_file': str(password)})
    assert missing['outcome'] == 'deferred' and 'password-file' in missing['problem']
    assert empty['outcome'] == 'deferred' and 'first line' in empty['problem']
    assert open_one['results'][0]['outcome'] == 'accepted' and 'chmod 600' in open_one['stderr'] + str(open_one)


# --- the file

def test_a_file_that_became_shorter(tmp_path):
    path = tmp_path / 'message.eml'
    path.write_bytes(MESSAGE)
    result, server = send({}, str(path), segments=[[0, len(MESSAGE) + 10]])
    assert (result['outcome'], result['phase']) == ('deferred', 'content')
    assert 'ends too early' in result['problem'] and server.bodies == []
