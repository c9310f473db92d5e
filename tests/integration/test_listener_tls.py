# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS and passwords at the agent's own port, seen by Python's ssl, OpenSSL's s_client and swaks."""
import base64
import os
import re
import smtplib
import socket
import ssl
import stat
import subprocess

import pytest

import clients
from agent import eventually
from wire import Wire, mail

SENDER, RECIPIENT = 'hana@example.co.jp', 'b@example.org'
PASSWORDS = 'hana:local-secret-4\nsales:花と嵐:x\n'.encode()
CERTIFICATE_FILES = {'ca.pem', 'ca.key', 'server.pem', 'server.key'}


@pytest.fixture
def with_tls(make_agent, tmp_path):
    def make(tls, passwords=None):
        listen = {'tls': tls}
        if passwords is not None:
            listen |= {'clients': 'password', 'password-file': str(clients.write(tmp_path, 'clients', passwords))}
        return make_agent(settings={'listen': listen})
    return make


def authority(agent):
    return agent.store / 'tls' / 'ca.pem'


def context(agent):
    context = ssl.create_default_context(cafile=authority(agent))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context


def openssl(agent, *words):
    """Says QUIT by s_client, after the greeting where one is to come: who speaks earlier is turned away."""
    command = ['openssl', 's_client', '-connect', f'127.0.0.1:{agent.port}', '-CAfile', str(authority(agent)),
               '-verify_return_error', '-verify_ip', '127.0.0.1', '-x509_strict', '-crlf', '-quiet', *words]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as client:
        greeting = b'' if '-starttls' in words else client.stdout.readline()
        output, _ = client.communicate(b'QUIT\n', timeout=30)
    return client.returncode, greeting + output


# --- verified connections ----------------------------------------------------------------------------------------

@pytest.mark.parametrize('host', ['127.0.0.1', '::1', 'localhost'])
def test_starttls_by_smtplib(with_tls, provider, host):
    agent = with_tls('starttls')
    with smtplib.SMTP(host, agent.port, timeout=20) as client:
        assert 'starttls' in client.ehlo()[1].decode().lower()
        assert client.starttls(context=context(agent))[0] == 220
        client.ehlo()
        assert not client.has_extn('starttls')
        client.sendmail(SENDER, [RECIPIENT], mail(), ['BODY=8BITMIME'])
    assert provider.wait_for(1)[0].data == mail()


@pytest.mark.parametrize('host', ['127.0.0.1', '::1', 'localhost'])
def test_implicit_by_smtplib(with_tls, provider, host):
    agent = with_tls('implicit')
    with smtplib.SMTP_SSL(host, agent.port, timeout=20, context=context(agent)) as client:
        assert 'starttls' not in client.ehlo()[1].decode().lower()
        client.sendmail(SENDER, [RECIPIENT], mail(body='x' * 70 + '\r\n' + 'line\r\n' * 200_000), ['BODY=8BITMIME'])
    assert len(provider.wait_for(1)[0].data) > 1_200_000


@pytest.mark.parametrize('tls, word', [('starttls', '--tls'), ('implicit', '--tls-on-connect')])
def test_swaks(with_tls, provider, tmp_path, tls, word):
    agent = with_tls(tls)
    done = clients.swaks(agent.port, tmp_path, SENDER, [RECIPIENT], mail(), word, '--tls-verify', '--tls-ca-path',
                         authority(agent))
    assert done.returncode == 0, done.stdout + done.stderr
    assert provider.wait_for(1)[0].header('Subject') == 'hello'
    other = clients.swaks(agent.port, tmp_path, SENDER, [RECIPIENT], mail(), word, '--tls-verify')
    assert other.returncode != 0
    provider.stays_at(1, 0.3)


@pytest.mark.parametrize('tls, words', [('starttls', ('-starttls', 'smtp')), ('implicit', ())])
@pytest.mark.parametrize('version', ['-tls1_2', '-tls1_3'])
def test_openssl(with_tls, tls, words, version):
    agent = with_tls(tls)
    status, output = openssl(agent, version, *words)
    assert status == 0 and b'221 2.0.0' in output, output
    status, output = openssl(agent, '-tls1_1', '-cipher', 'DEFAULT@SECLEVEL=0', *words)
    assert status != 0 and b'221' not in output


@pytest.mark.parametrize('name', ['mail.example.org', '192.0.2.1'])
def test_the_certificate_is_for_this_machine_alone(with_tls, name):
    agent = with_tls('implicit')
    with socket.create_connection(('127.0.0.1', agent.port), 20) as raw:
        with pytest.raises(ssl.SSLCertVerificationError):
            context(agent).wrap_socket(raw, server_hostname=name)


def test_the_same_user_may_stay_in_the_clear(with_tls, provider):
    agent = with_tls('starttls')
    with Wire(agent.port) as wire:
        assert wire.submit(SENDER, [RECIPIENT], mail()).startswith('250')
    provider.wait_for(1)


def test_a_client_in_the_clear_at_a_port_under_tls(with_tls, provider):
    agent = with_tls('implicit')
    with Wire(agent.port, greet=False) as wire:
        wire.send(b'EHLO client.example\r\n')
        assert wire.reply()[:3] not in ('220', '250')
    with smtplib.SMTP_SSL('127.0.0.1', agent.port, timeout=20, context=context(agent)) as client:
        client.sendmail(SENDER, [RECIPIENT], mail(), ['BODY=8BITMIME'])
    provider.wait_for(1)


# --- the files ---------------------------------------------------------------------------------------------------

def files(agent):
    folder = agent.store / 'tls'
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize('umask', ['0000', '0022'])
def test_files_are_private_and_stay(make_agent, umask):
    agent = make_agent(start=False, settings={'listen': {'tls': 'starttls'}})
    before = os.umask(int(umask, 8))
    try:
        agent.start()
    finally:
        os.umask(before)
    made = files(agent)
    assert set(made) == CERTIFICATE_FILES
    assert stat.S_IMODE((agent.store / 'tls').stat().st_mode) == 0o700
    for name in made:
        assert stat.S_IMODE((agent.store / 'tls' / name).stat().st_mode) == 0o600, name
    agent.restart()
    assert files(agent) == made


def test_a_damaged_pair_is_made_anew(with_tls):
    agent = with_tls('implicit')
    made = files(agent)
    (agent.store / 'tls' / 'server.key').write_bytes(made['ca.key'])
    agent.restart()
    again = files(agent)
    assert again['ca.pem'] == made['ca.pem'] and again['server.pem'] != made['server.pem']
    assert openssl(agent)[0] == 0


def test_a_certificate_near_its_end_is_made_anew(with_tls):
    agent = with_tls('implicit')
    made = files(agent)
    assert openssl(agent)[0] == 0
    agent.move_clock(370 * 86400)
    openssl(agent)
    eventually(lambda: files(agent)['server.pem'] != made['server.pem'], what='the new certificate')
    assert files(agent)['ca.pem'] == made['ca.pem']
    until = subprocess.run(['openssl', 'x509', '-noout', '-checkend', str(700 * 86400)], input=files(agent)['server.pem'],
                           capture_output=True)
    assert until.returncode == 0, until.stdout


# --- STARTTLS injection ------------------------------------------------------------------------------------------

@pytest.mark.parametrize('behind', [b'EHLO x\r\nMAIL FROM:<hana@example.co.jp>\r\nRCPT TO:<b@example.org>\r\n', b'\r\n', b'x'])
def test_bytes_behind_starttls(with_tls, provider, behind):
    agent = with_tls('starttls')
    with Wire(agent.port) as wire:
        wire.send(b'STARTTLS\r\n' + behind)
        assert wire.reply().startswith('554 5.5.1')
        assert wire.reply() == ''
    assert agent.mails() == []


def test_a_mail_begun_before_tls_is_forgotten(with_tls, provider):
    agent = with_tls('starttls')
    with smtplib.SMTP('127.0.0.1', agent.port, timeout=20) as client:
        client.ehlo()
        assert client.docmd(f'MAIL FROM:<{SENDER}>')[0] == 250
        assert client.starttls(context=context(agent))[0] == 220
        client.ehlo()
        assert client.docmd(f'RCPT TO:<{RECIPIENT}>')[0] == 503
        client.sendmail(SENDER, [RECIPIENT], mail(), ['BODY=8BITMIME'])
    provider.wait_for(1)


# --- passwords ---------------------------------------------------------------------------------------------------

def plain(user, password):
    return base64.b64encode(f'\0{user}\0{password}'.encode()).decode()


def word(text):
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize('mechanism', ['PLAIN', 'LOGIN'])
@pytest.mark.parametrize('tls', ['starttls', 'implicit'])
def test_passwords(with_tls, provider, tls, mechanism):
    agent = with_tls(tls, PASSWORDS)
    kind = smtplib.SMTP_SSL if tls == 'implicit' else smtplib.SMTP
    how = {'context': context(agent)} if tls == 'implicit' else {}

    def attempt(user, password):
        with kind('127.0.0.1', agent.port, timeout=20, **how) as client:
            if tls == 'starttls':
                client.starttls(context=context(agent))
            client.ehlo()
            assert client.esmtp_features['auth'].split() == ['PLAIN', 'LOGIN']
            client.user, client.password = user, password
            with pytest.raises(smtplib.SMTPSenderRefused) as refused:
                client.sendmail(SENDER, [RECIPIENT], mail(), ['BODY=8BITMIME'])
            assert refused.value.smtp_code == 530
            client.auth(mechanism, getattr(client, f'auth_{mechanism.lower()}'))
            client.sendmail(SENDER, [RECIPIENT], mail(), ['BODY=8BITMIME'])

    attempt('hana', 'local-secret-4')
    provider.wait_for(1)
    for user, password in (('hana', 'guess'), ('nobody', 'local-secret-4'), ('hana', '')):
        with pytest.raises(smtplib.SMTPAuthenticationError) as wrong:
            attempt(user, password)
        assert wrong.value.smtp_code == 535
    provider.stays_at(1, 0.3)
    assert not re.search('local-secret-4|guess|' + word('local-secret-4'), agent.log)


def test_a_password_with_a_colon_and_kanji(with_tls, provider):
    agent = with_tls('implicit', PASSWORDS)
    with smtplib.SMTP_SSL('127.0.0.1', agent.port, timeout=20, context=context(agent)) as client:
        client.ehlo()
        assert client.docmd('AUTH PLAIN ' + plain('sales', '花と嵐:x'))[0] == 235
        client.sendmail(SENDER, [RECIPIENT], mail(), ['BODY=8BITMIME'])
    provider.wait_for(1)


OTHER_USER = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '/usr/bin/python3', '-c']
IN_THE_CLEAR = '''
import smtplib, sys
with smtplib.SMTP(sys.argv[1], int(sys.argv[2]), timeout=20) as client:
    print(client.ehlo()[1].decode().replace("\\n", " "))
    print(client.docmd("AUTH PLAIN " + sys.argv[3]))
    print(client.docmd("MAIL FROM:<hana@example.co.jp>"))
'''


def test_another_user_says_no_password_in_the_clear(with_tls):
    agent = with_tls('starttls', PASSWORDS)
    right = plain('hana', 'local-secret-4')
    for host in ('127.0.0.1', '::1'):
        done = subprocess.run([*OTHER_USER, IN_THE_CLEAR, host, str(agent.port), right], capture_output=True, text=True,
                              timeout=30)
        extensions, auth, begun = done.stdout.splitlines()
        assert 'STARTTLS' in extensions and 'AUTH' not in extensions
        assert auth.startswith('(538') or auth.startswith('(530') or auth.startswith('(503'), auth
        assert begun.startswith('(530'), begun
    with Wire(agent.port) as wire:
        assert 'AUTH PLAIN LOGIN' in wire.say('EHLO same.example')
        assert wire.say('AUTH PLAIN ' + right).startswith('235')


UNDER_TLS = '''
import smtplib, ssl, sys
context = ssl.create_default_context(cadata=sys.argv[4])
with smtplib.SMTP("127.0.0.1", int(sys.argv[1]), timeout=20) as client:
    client.starttls(context=context)
    client.login("hana", sys.argv[2])
    client.sendmail("hana@example.co.jp", ["b@example.org"], sys.argv[3].encode())
    print("sent")
'''


def test_another_user_comes_in_with_a_password(with_tls, provider):
    agent = with_tls('starttls', PASSWORDS)
    text = authority(agent).read_text()

    def submit(password):
        return subprocess.run([*OTHER_USER, UNDER_TLS, str(agent.port), password, mail().decode(), text],
                              capture_output=True, text=True, timeout=30)
    assert submit('local-secret-4').stdout == 'sent\n'
    provider.wait_for(1)
    assert '535' in submit('guess').stderr
    provider.stays_at(1, 0.3)


def test_guessing_is_slowed_down(with_tls):
    agent = with_tls('implicit', PASSWORDS)
    with smtplib.SMTP_SSL('127.0.0.1', agent.port, timeout=20, context=context(agent)) as client:
        client.ehlo()
        codes = [client.docmd('AUTH PLAIN ' + plain('hana', f'guess{number}'))[0] for number in range(5)]
    assert codes[:4] == [535] * 4 and codes[4] in (421, 454, 535)
    assert 'too many wrong passwords' in agent.log
    with smtplib.SMTP_SSL('127.0.0.1', agent.port, timeout=20, context=context(agent)) as client:
        client.ehlo()
        assert client.docmd('AUTH PLAIN ' + plain('hana', 'local-secret-4'))[0] != 235
    agent.move_clock(61)
    with smtplib.SMTP_SSL('127.0.0.1', agent.port, timeout=20, context=context(agent)) as client:
        client.ehlo()
        assert client.docmd('AUTH PLAIN ' + plain('hana', 'local-secret-4'))[0] == 235


def test_changed_passwords_count_at_once(with_tls, tmp_path):
    agent = with_tls('implicit', PASSWORDS)
    clients.write(tmp_path, 'clients', b'hana:other\n')
    with smtplib.SMTP_SSL('127.0.0.1', agent.port, timeout=20, context=context(agent)) as client:
        client.ehlo()
        assert client.docmd('AUTH PLAIN ' + plain('hana', 'local-secret-4'))[0] == 535
        assert client.docmd('AUTH PLAIN ' + plain('hana', 'other'))[0] == 235


@pytest.mark.parametrize('content, words', [(b'', ['user:password']), (b'no colon\n', ['user:password'])])
def test_a_password_file_without_passwords(make_agent, tmp_path, content, words):
    file = clients.write(tmp_path, 'clients', content)
    agent = make_agent(start=False, settings={'listen': {'clients': 'password', 'password-file': str(file)}})
    status, output = agent.run_to_the_end()
    assert status == 2 and str(file) in output
    assert all(part in output for part in words), output
