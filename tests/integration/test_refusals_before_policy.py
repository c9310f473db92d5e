# SPDX-License-Identifier: GPL-3.0-or-later
"""What the listener refuses before any policy is asked: foreign senders, smuggled mails, other users, web pages."""
import signal
import subprocess

import pytest
from wire import Wire, mail


def test_a_foreign_envelope_sender(agent, provider):
    with Wire(agent.port) as wire:
        assert wire.say('MAIL FROM:<somebody@example.org>').startswith('550 5.7.60')
        assert wire.say('MAIL FROM:<hana@example.co.jp>').startswith('250')


def test_a_foreign_from_header(agent, provider):
    with Wire(agent.port) as wire:
        reply = wire.submit('hana@example.co.jp', ['b@example.org'], mail(sender='ceo@example.co.jp'))
        assert reply.startswith('550') and '5.7.60' in reply
    provider.stays_at(0, 0.5)


def test_the_empty_sender_with_a_from_of_the_user(agent, provider):
    with Wire(agent.port) as wire:
        assert wire.submit('', ['b@example.org'], mail()).startswith('250')
    assert provider.wait_for(1)[0].mail_from == ''


def test_an_alias_of_the_user(agent, provider):
    with Wire(agent.port) as wire:
        assert wire.submit('SALES@Example.co.jp', ['b@example.org'], mail(sender='sales@example.co.jp')).startswith('250')
    provider.wait_for(1)


SMUGGLED = 'MAIL FROM:<hana@example.co.jp>\r\nRCPT TO:<victim@example.org>\r\nDATA\r\nFrom: hana@example.co.jp\r\n\r\nsmuggled\r\n.\r\n'


@pytest.mark.parametrize('ending', ['\n.\n', '\n.\r\n', '\r\n.\n', '\r.\r', '\r.\r\n', '\r\n.\r', '\n\n.\r\n', '\r\n\0.\r\n'],
                         ids=lambda ending: ending.encode().hex())
def test_smuggling(agent, provider, ending):
    """Whatever another program may take for the end of a mail: nothing of it leaves as a second mail."""
    with Wire(agent.port, timeout=10) as wire:
        wire.envelope('hana@example.co.jp', ['b@example.org'])
        wire.send(mail(body='first').rstrip() + ending.encode() + SMUGGLED.encode() + b'QUIT\r\n')
        replies = [wire.reply() for _ in range(6)]
    assert not any('victim' in ' '.join(message.recipients) for message in provider.messages)
    assert not any(line.upper().startswith('RCPT TO:<VICTIM') for line in provider.log)
    if ending not in ('\r\n\0.\r\n',):
        assert any(reply.startswith('550') and '5.6.0' in reply for reply in replies), replies
        provider.stays_at(0, 0.3)


@pytest.mark.parametrize('first', ['GET / HTTP/1.1', 'POST / HTTP/1.1', 'Host: 127.0.0.1', 'Content-Type: text/plain',
                                   'MAIL FROM:<hana@example.co.jp>', 'OPTIONS * HTTP/1.0'])
def test_no_web_page_gets_in(agent, first):
    with Wire(agent.port, greet=False) as wire:
        assert wire.reply().startswith('220')
        assert wire.say(first).startswith('421')
        assert wire.reply() == ''


def test_who_speaks_before_the_greeting(agent):
    agent.process.send_signal(signal.SIGSTOP)  # so that it can't have greeted yet
    with Wire(agent.port, greet=False) as wire:
        wire.send(b'EHLO too.early.example\r\nMAIL FROM:<hana@example.co.jp>\r\n')
        agent.process.send_signal(signal.SIGCONT)
        assert wire.reply().startswith('421')
        assert wire.reply() == ''


def test_another_user_of_the_machine(agent, provider, tmp_path):
    data = tmp_path / 'mail.eml'
    data.write_bytes(mail())
    data.chmod(0o644)
    for parent in data.parents:
        if str(parent).startswith('/tmp/'):
            parent.chmod(0o755)
    done = subprocess.run(['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', 'curl', '-sS',
                           '--url', f'smtp://127.0.0.1:{agent.port}/client.example', '--mail-from', 'hana@example.co.jp',
                           '--mail-rcpt', 'b@example.org', '--upload-file', str(data)], capture_output=True, timeout=60)
    assert done.returncode != 0
    provider.stays_at(0, 0.5)


def test_another_user_hears_why(agent):
    program = ('import socket, sys\n'
               's = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 10)\n'
               'print(s.recv(1000).decode())\n')
    done = subprocess.run(['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '/usr/bin/python3', '-c', program,
                           str(agent.port)], capture_output=True, timeout=60, cwd='/', encoding='utf-8')
    assert done.stdout.startswith('421'), done


def test_a_mail_over_the_limit(make_agent, provider):
    agent = make_agent(settings={'limits': {'message': '100kB'}})
    with Wire(agent.port) as wire:
        assert wire.say('MAIL FROM:<hana@example.co.jp> SIZE=200000').startswith('552 5.3.4')
        wire.envelope('hana@example.co.jp', ['b@example.org'])
        wire.content(mail(body='0123456789\r\n' * 20000))
        assert wire.reply().startswith('552 5.3.4')
        assert wire.submit('hana@example.co.jp', ['b@example.org'], mail(subject='small')).startswith('250')
    assert provider.wait_for(1)[0].header('Subject') == 'small'


def test_on_both_loopbacks(agent, provider):
    with Wire(agent.port, host='::1') as wire:
        assert wire.submit('hana@example.co.jp', ['b@example.org'], mail()).startswith('250')
    provider.wait_for(1)
