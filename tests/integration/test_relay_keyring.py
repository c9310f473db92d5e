# SPDX-License-Identifier: GPL-3.0-or-later
"""The account's password from the Secret Service: a private bus with a private gnome-keyring on it."""
import base64
import json
import os
import subprocess
import time

import pytest

from agent import eventually
from relay_server import RELAY_MAIN, Server
from wire import Wire, mail

EHLO = b'250-mx.example.com\r\n250-AUTH PLAIN\r\n250 PIPELINING\r\n'


class Keyring:
    def __init__(self, directory):
        self.processes = []
        for name in ('home', 'run'):
            (directory / name).mkdir(mode=0o700)
        self.environment = {'HOME': str(directory / 'home'), 'XDG_RUNTIME_DIR': str(directory / 'run'),
                            'PATH': os.environ['PATH'], 'LANG': 'C.UTF-8',
                            'XDG_DATA_HOME': str(directory / 'home/share'), 'XDG_DATA_DIRS': str(directory),
                            **{name: value for name, value in os.environ.items() if name.endswith('SAN_OPTIONS')}}
        configuration = directory / 'bus.conf'  # nobody is started by the bus itself
        configuration.write_text(f'<busconfig><type>session</type><listen>unix:dir={directory}/run</listen>'
                                 '<policy context="default"><allow send_destination="*" eavesdrop="true"/>'
                                 '<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>')
        bus = self.run('dbus-daemon', f'--config-file={configuration}', '--nofork', '--print-address',
                       stdout=subprocess.PIPE)
        self.environment['DBUS_SESSION_BUS_ADDRESS'] = bus.stdout.readline().decode().strip()

    def run(self, *words, **how):
        self.processes.append(subprocess.Popen(words, env=self.environment, stderr=subprocess.DEVNULL, **how))
        return self.processes[-1]

    def call(self, *words, **how):
        return subprocess.run(words, env=self.environment, capture_output=True, timeout=20, check=True, **how)

    def start(self):
        daemon = self.run('gnome-keyring-daemon', '--unlock', '--foreground', '--components=secrets', stdin=subprocess.PIPE,
                          stdout=subprocess.DEVNULL)
        daemon.stdin.write(b'keyring password')
        daemon.stdin.close()
        end = time.monotonic() + 20
        while b'true' not in self.call('gdbus', 'call', '--session', '-d', 'org.freedesktop.DBus', '-o', '/', '-m',
                                       'org.freedesktop.DBus.NameHasOwner', 'org.freedesktop.secrets').stdout:
            assert time.monotonic() < end
            time.sleep(0.05)

    def store(self, user, password):
        self.call('secret-tool', 'store', '--label=Sekisho', 'application', 'sekisho', 'host', '127.0.0.1', 'user', user,
                  input=password.encode())

    def lock(self):
        self.call('gdbus', 'call', '--session', '-d', 'org.freedesktop.secrets', '-o', '/org/freedesktop/secrets', '-m',
                  'org.freedesktop.Secret.Service.Lock', "['/org/freedesktop/secrets/collection/login']")

    def send(self, server, user, repeat=1):
        request = {'settings': {'url': server.url, 'user': user},
                   'mails': [{'from': 'a@example.co.jp', 'to': ['b@example.com'], 'repeat': repeat}]}
        done = subprocess.run([RELAY_MAIN], input=json.dumps(request), env=self.environment, capture_output=True, text=True,
                              timeout=60)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)['results']

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
            process.wait(10)


@pytest.fixture
def keyring(tmp_path):
    made = Keyring(tmp_path)
    yield made
    made.stop()


def test_password_of_the_keyring(keyring):
    keyring.start()
    keyring.store('hana', 'from the keyring')
    keyring.store('other', 'not this')
    with Server({'EHLO': EHLO}) as server:
        results = keyring.send(server, 'hana', repeat=2)
    assert [result['outcome'] for result in results] == ['accepted', 'accepted']
    said, = [command for command in server.commands if command.startswith(b'AUTH')]
    assert base64.b64decode(said.split()[2]) == b'\0hana\0from the keyring'


def test_locked_is_not_absent(keyring):
    keyring.start()
    keyring.store('hana', 'x')
    keyring.lock()
    with Server({'EHLO': EHLO}) as server:
        locked, = keyring.send(server, 'hana')
        absent, = keyring.send(server, 'nobody')
    assert (locked['outcome'], locked['phase'], locked['unreachable']) == ('deferred', 'connecting', False)
    assert 'is locked' in locked['problem'] and 'unlock' in locked['problem']
    assert absent['outcome'] == 'deferred' and 'secret-tool store' in absent['problem']
    assert server.sessions == []


def test_no_keyring_on_the_bus(keyring):
    with Server({'EHLO': EHLO}) as server:
        result, = keyring.send(server, 'hana')
    assert result['outcome'] == 'deferred' and 'keyring' in result['problem'] and 'password-file' in result['problem']
    assert server.sessions == []


def test_no_bus(keyring):
    del keyring.environment['DBUS_SESSION_BUS_ADDRESS']
    with Server({'EHLO': EHLO}) as server:
        result, = keyring.send(server, 'hana')
    assert result['outcome'] == 'deferred' and 'password-file' in result['problem']


# --- an agent whose settings name no password-file ---------------------------------------------------------------------

def start_agent(make_agent, make_provider, keyring):
    provider = make_provider(passwords={'hana': 'from the keyring'})
    address = keyring.environment['DBUS_SESSION_BUS_ADDRESS']
    agent = make_agent(url=provider.url, environment={'DBUS_SESSION_BUS_ADDRESS': address},
                       settings={'upstream': {'auth': 'password', 'user': 'hana'}})
    return agent, provider


def submit(agent, subject):
    with Wire(agent.port) as wire:
        assert wire.submit('hana@example.co.jp', ['b@example.org'], mail(subject=subject)).startswith('250')


def test_an_agent_sends_with_the_password_of_the_keyring(keyring, make_agent, make_provider):
    keyring.start()
    keyring.store('hana', 'from the keyring')
    agent, provider = start_agent(make_agent, make_provider, keyring)
    submit(agent, 'signed in')
    message, = provider.wait_for(1)
    assert message.user == 'hana' and message.header('Subject') == 'signed in'
    agent.wait_for_state('signed in', 'sent')


def problem(agent, subject):
    delivery, = agent.ctl_json('show', agent.mail(subject)['id'])['deliveries']
    return delivery['reply']


def test_a_missing_password_is_said_and_the_mail_waits_for_it(keyring, make_agent, make_provider):
    keyring.start()
    agent, provider = start_agent(make_agent, make_provider, keyring)
    submit(agent, 'early')
    said = eventually(lambda: problem(agent, 'early'), what='the problem')
    remedy = 'secret-tool store --label=Sekisho application sekisho host 127.0.0.1 user hana'
    assert 'no password for hana at 127.0.0.1' in said and remedy in said
    assert agent.states('early') == {'b@example.org': 'ready'} and provider.messages == []
    keyring.call(*remedy.split(), input=b'from the keyring')
    agent.move_clock(3600)
    assert provider.wait_for(1)[0].user == 'hana'
    agent.wait_for_state('early', 'sent')


def test_without_a_keyring_the_agent_starts_and_keeps_mail(keyring, make_agent, make_provider):
    agent, provider = start_agent(make_agent, make_provider, keyring)
    submit(agent, 'kept')
    assert 'keyring' in eventually(lambda: problem(agent, 'kept'), what='the problem')
    assert provider.messages == []
