# SPDX-License-Identifier: GPL-3.0-or-later
"""What a foreign program sees on D-Bus: signals by gdbus on a session bus, and the interface as it is shipped."""
import pathlib
import re
import subprocess
import threading
import xml.etree.ElementTree as ElementTree

import pytest
from gi.repository import Gio, GLib

from agent import eventually, program
from wire import Wire, mail

HELD, DIRECT = 'b@held.example.com', 'c@example.org'
PATH, NAME = '/org/sekisho/Agent1', 'org.sekisho.Agent1'
SHIPPED = pathlib.Path(__file__).resolve().parents[2] / 'agent/bus/org.sekisho.Agent1.xml'


class Monitor:
    """`gdbus monitor`, and what it has printed: [(signal, id, revision or kind)]."""

    def __init__(self, address):
        self.process = subprocess.Popen(['gdbus', 'monitor', '--address', address, '--dest', NAME, '--object-path', PATH],
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.lines = []
        threading.Thread(target=self.read, daemon=True).start()
        eventually(lambda: any('is owned by' in line for line in self.lines), what='the monitor')

    def read(self):
        self.lines.extend(iter(self.process.stdout.readline, ''))

    def seen(self, mail_id):
        found = []
        for line in list(self.lines):
            said = re.fullmatch(rf"{PATH}: {re.escape(NAME)}\.(\w+) \('([^']*)', (?:uint32 (\d+)|'([^']*)')\)\n", line)
            assert said or not line.startswith('/'), line
            if said and said[2] == mail_id:
                found.append((said[1], int(said[3]) if said[3] else said[4]))
        return found

    def close(self):
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture
def bus():
    process = subprocess.Popen(['dbus-daemon', '--session', '--nofork', '--print-address'], stdout=subprocess.PIPE, text=True)
    yield process.stdout.readline().strip()
    process.kill()
    process.wait(10)


class OnTheBus:
    """An agent without --socket, and its sekishoctl."""

    def __init__(self, agent, address):
        self.agent, self.address = agent, address
        with open(agent.log_file, 'ab') as log:
            agent.process = subprocess.Popen([program('sekisho-agent'), '--config', agent.configuration],
                                             env=agent.environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        agent.port = int(eventually(lambda: re.search(r'ready on 127\.0\.0\.1:(\d+)', agent.log), what='the start')[1])

    def ctl(self, *words):
        return subprocess.run([program('sekishoctl'), *words], env=self.agent.environment(), check=True, capture_output=True,
                              timeout=30)

    def call(self, method, *arguments):
        done = subprocess.run(['gdbus', 'call', '--address', self.address, '--dest', NAME, '--object-path', PATH,
                               '--method', f'{NAME}.{method}', *arguments], capture_output=True, text=True, timeout=30)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def submit(self, to):
        """A mail; its id."""
        with Wire(self.agent.port) as wire:
            reply = wire.submit('hana@example.co.jp', [to], mail(to=to))
            assert reply.startswith('250'), reply
        return re.search(r'[0-9a-f]{8}-[0-9a-f-]{27}', reply)[0]


@pytest.fixture
def on_the_bus(make_agent, bus):
    return OnTheBus(make_agent(start=False, environment={'DBUS_SESSION_BUS_ADDRESS': bus}), bus)


@pytest.fixture
def monitor(on_the_bus, bus):
    monitor = Monitor(bus)
    yield monitor
    monitor.close()


def state_of(on_the_bus, mail_id):
    """(revision, states) as GetMail says."""
    said = on_the_bus.call('GetMail', mail_id)
    return int(re.search(r"'revision': <(?:int64 |uint32 )?(\d+)>", said)[1]), re.findall(r"'state': <'([\w-]+)'>", said)


def revisions_rise(signals):
    revisions = [value for name, value in signals if name == 'Changed']
    assert revisions == sorted(revisions) and revisions
    return revisions


def test_held_and_released(on_the_bus, monitor, provider):
    mail_id = on_the_bus.submit(HELD)
    eventually(lambda: monitor.seen(mail_id), what='a signal when it is held')
    first = revisions_rise(monitor.seen(mail_id))
    assert first[-1] == state_of(on_the_bus, mail_id)[0]
    on_the_bus.ctl('release', mail_id)
    provider.wait_for(1)

    def told_to_the_end():
        revision, states = state_of(on_the_bus, mail_id)
        return 'sent' in states and ('Changed', revision) in monitor.seen(mail_id)
    eventually(told_to_the_end, what='the signal of the last revision')
    assert revisions_rise(monitor.seen(mail_id))[-1] > first[-1]
    assert not [value for name, value in monitor.seen(mail_id) if name == 'Attention']


def test_cancelled(on_the_bus, monitor):
    mail_id = on_the_bus.submit(HELD)
    on_the_bus.ctl('cancel', mail_id)
    eventually(lambda: ('Changed', state_of(on_the_bus, mail_id)[0]) in monitor.seen(mail_id), what='the signal')


def test_failed(on_the_bus, monitor, provider):
    provider.on('DOT', '550 5.7.1 not this one')
    mail_id = on_the_bus.submit(HELD)
    on_the_bus.ctl('release', mail_id)
    eventually(lambda: ('Attention', 'failure') in monitor.seen(mail_id), what='Attention')
    revision, states = state_of(on_the_bus, mail_id)
    assert 'failed' in states
    eventually(lambda: ('Changed', revision) in monitor.seen(mail_id), what='Changed')


@pytest.mark.parametrize('to', [HELD, DIRECT])
def test_uncertain(on_the_bus, monitor, provider, to):
    provider.on('DOT', drop='after')
    mail_id = on_the_bus.submit(to)
    if to == HELD:
        on_the_bus.ctl('release', mail_id)
    eventually(lambda: ('Attention', 'uncertain') in monitor.seen(mail_id), what='Attention')
    revision, states = state_of(on_the_bus, mail_id)
    assert 'may-have-been-sent' in states
    eventually(lambda: ('Changed', revision) in monitor.seen(mail_id), what='Changed')


def test_the_private_socket_has_the_same_signals(agent, submit):
    connection = Gio.DBusConnection.new_for_address_sync(
        f'unix:path={agent.store}/agent.sock', Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT, None, None)
    seen = []
    connection.signal_subscribe(None, NAME, None, PATH, None, Gio.DBusSignalFlags.NONE,
                                lambda *told: seen.append((told[4], told[5].unpack())))
    submit([HELD], mail(to=HELD, subject='held'))
    mail_id = agent.mail('held')['id']
    agent.ctl('cancel', mail_id)

    def cancelled():
        while GLib.MainContext.default().iteration(False):
            pass
        return ('Changed', (mail_id, agent.mail('held')['revision'])) in seen
    eventually(cancelled, what='the signal')
    connection.close_sync(None)


def interface_of(xml):
    """Everything of the interface that programs depend on: kinds, names, arguments, their types and directions."""
    [interface] = [one for one in ElementTree.fromstring(xml).iter('interface') if one.get('name') == NAME]
    return sorted((member.tag, member.get('name'),
                   tuple((one.tag, one.get('name'), one.get('type') or one.get('value'), one.get('direction', 'out'))
                         for one in member if one.tag == 'arg')) for member in interface)


def test_the_interface_is_the_shipped_one(on_the_bus, bus):
    said = eventually(lambda: (done := subprocess.run(
        ['gdbus', 'introspect', '--xml', '--address', bus, '--dest', NAME, '--object-path', PATH],
        capture_output=True, text=True, timeout=30)).returncode == 0 and done.stdout, what='the introspection')
    shipped = SHIPPED.read_text(encoding='utf-8')
    assert interface_of(said) == interface_of(shipped)
    assert len(interface_of(shipped)) >= 10
    text = ''.join(re.findall(r'<!--(.*?)-->', shipped, re.S))
    for _, name, arguments in interface_of(shipped):
        assert re.search(rf'\b{name}:', text), f'{name} has no comment'


def test_every_documented_type_is_the_one_that_comes(on_the_bus):
    mail_id = on_the_bus.submit(HELD)
    listed = on_the_bus.call('ListMails', '{}')
    assert f"'id': <'{mail_id}'>" in listed and "'submitted': <'20" in listed
    assert "'from-next-start': <" in on_the_bus.call('Status')
    assert on_the_bus.call('Command', mail_id, '0', 'cancel', '{}') == '()\n'
