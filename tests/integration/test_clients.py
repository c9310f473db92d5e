# SPDX-License-Identifier: GPL-3.0-or-later
"""Real mail programs submit through the agent to a real Postfix that demands STARTTLS and a password. What left the
program is recorded on its wire; what Postfix gives to the next hop must be the same bytes below Postfix's own Received."""
import re

import clients
import pytest
from tap import Tap
from wire import mail

SENDER = 'hana@example.co.jp'
RECIPIENTS = ['b@example.org', 'c@example.net']
TRICKY = mail(subject='=?utf-8?B?6KaL56mN5pu4?=', to=', '.join(RECIPIENTS), body=(
    '見積書をお送りします。\r\n.\r\n..two dots\r\n.one dot\r\n' + 'long ' * 150 + '\r\n\ttab and trailing space \r\n\r\n'
    'From the beginning\r\n\r\n\r\n'))


@pytest.fixture
def agent(make_agent, postfix, certificates, tmp_path):
    password = clients.write(tmp_path, 'password', postfix.password.encode() + b'\n')
    return make_agent(url=f'smtp://127.0.0.1:{postfix.port}', settings={'upstream': {
        'tls': 'required', 'ca-file': str(certificates.authority), 'auth': 'password', 'user': postfix.user,
        'password-file': str(password)}})


@pytest.fixture
def tap(agent):
    tap = Tap(agent.port)
    yield tap
    tap.close()


@pytest.fixture
def attachment(tmp_path):
    return clients.write(tmp_path, '見積書.bin', bytes(range(256)) * 40)


def without_trace(data):
    """Without the Received header that Postfix puts on top."""
    found = re.match(rb'Received: from .*\r\n(?:[ \t].*\r\n)*', data)
    assert found and b'(Postfix) with ESMTPSA' in found[0], data[:300]
    return data[found.end():]


def check(tap, sink, postfix, before, recipients):
    """One mail has left the program, one has arrived, and they are the same."""
    try:
        arrived = sink.wait_for(before + 1)[before:]
    except AssertionError as error:
        raise AssertionError(f'{error}\n{postfix.log()}') from None
    assert len(tap.messages) == 1 and len(arrived) == 1
    assert arrived[0].mail_from == SENDER
    assert sorted(arrived[0].recipients) == sorted(recipients)
    assert without_trace(arrived[0].data) == tap.messages[0]


FIXED = {'curl': clients.curl, 'swaks': clients.swaks, 'msmtp': clients.msmtp, 'smtplib': clients.smtplib}


@pytest.mark.parametrize('name', FIXED)
def test_a_finished_mail(name, tap, sink, postfix, tmp_path):
    before = len(sink.messages)
    done = FIXED[name](tap.port, tmp_path, SENDER, RECIPIENTS, TRICKY)
    assert done.returncode == 0, done.stdout + done.stderr
    check(tap, sink, postfix, before, RECIPIENTS)
    if name != 'swaks':  # which ends the text in its own way
        assert sink.messages[before].data.endswith(TRICKY[TRICKY.index(b'\r\n\r\n'):])


COMPOSING = {'neomutt': clients.neomutt, 's-nail': clients.s_nail}


@pytest.mark.parametrize('name', COMPOSING)
def test_a_composed_mail_with_an_attachment(name, tap, sink, postfix, tmp_path, attachment):
    before = len(sink.messages)
    done = COMPOSING[name](tap.port, tmp_path, SENDER, RECIPIENTS, '見積書の件', 'お世話になっております。\n.\nhana\n', attachment)
    assert done.returncode == 0, done.stdout + done.stderr
    check(tap, sink, postfix, before, RECIPIENTS)


def test_git_send_email(tap, sink, postfix, tmp_path):
    before = len(sink.messages)
    done = clients.git_send_email(tap.port, tmp_path, SENDER, RECIPIENTS, '関所を作る')
    assert done.returncode == 0, done.stdout + done.stderr
    check(tap, sink, postfix, before, RECIPIENTS)


def test_a_large_mail(tap, sink, postfix, tmp_path):
    before = len(sink.messages)
    line = 'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3\r\n'
    done = clients.curl(tap.port, tmp_path, SENDER, RECIPIENTS[:1], mail(subject='large', body=line * 120_000))
    assert done.returncode == 0, done.stdout + done.stderr
    check(tap, sink, postfix, before, RECIPIENTS[:1])


def test_nothing_of_the_password_is_logged(agent, sink, postfix, tmp_path):
    before = len(sink.messages)
    assert clients.curl(agent.port, tmp_path, SENDER, RECIPIENTS, TRICKY).returncode == 0
    sink.wait_for(before + 1)
    assert postfix.password not in agent.log
    assert 'Zm91ci13b3Jkcy' not in agent.log


@pytest.mark.parametrize('name', ['curl', 'swaks', 'smtplib', 'msmtp'])
def test_a_refusal_reaches_the_user(name, agent, tmp_path):
    done = FIXED[name](agent.port, tmp_path, SENDER, ['x@refused.example.com'], mail(to='x@refused.example.com'))
    assert done.returncode != 0
    output = (done.stdout + done.stderr).decode()
    assert '550' in output
    assert name == 'curl' or 'no-mail-there' in output or 'Nothing may be sent there' in output


@pytest.mark.parametrize('name', ['curl'])
def test_a_client_with_a_password_over_starttls(name, make_agent, provider, tmp_path):
    passwords = clients.write(tmp_path, 'clients', b'hana:local-secret-4\n')
    agent = make_agent(settings={'listen': {'tls': 'starttls', 'clients': 'password', 'password-file': str(passwords)}})
    authority = next(path for path in agent.store.rglob('*') if path.suffix == '.pem'
                     and b'BEGIN CERTIFICATE' in path.read_bytes() and 'ca' in path.name)
    good = {'curl': ('--ssl-reqd', '--cacert', authority, '--user', 'hana:local-secret-4'),
            'swaks': ('--tls', '--tls-verify', '--tls-ca-path', authority, '--auth-user', 'hana', '--auth-password',
                      'local-secret-4')}[name]
    done = FIXED[name](agent.port, tmp_path, SENDER, RECIPIENTS, TRICKY, *good)
    assert done.returncode == 0, done.stdout + done.stderr
    assert provider.wait_for(1)[0].data == TRICKY
    wrong = [str(word).replace('local-secret-4', 'guess') for word in good]
    assert FIXED[name](agent.port, tmp_path, SENDER, RECIPIENTS, TRICKY, *wrong).returncode != 0
    provider.stays_at(1)
