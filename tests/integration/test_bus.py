# SPDX-License-Identifier: GPL-3.0-or-later
"""The private socket, asked by GLib's Python binding and by hand; and sekishoctl's exits, tables and files."""
import json
import os
import re
import socket
import stat
import subprocess
import unicodedata

import pytest
from gi.repository import Gio, GLib

from agent import eventually, program
from wire import Wire, mail

HELD = 'b@held.example.com'
PATH = '/org/sekisho/Agent1'


def call(agent, method, arguments=None, descriptors=None):
    connection = Gio.DBusConnection.new_for_address_sync(
        f'unix:path={agent.store}/agent.sock', Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT, None, None)
    try:
        answer, out = connection.call_with_unix_fd_list_sync(
            None, PATH, 'org.sekisho.Agent1', method, arguments, None, Gio.DBusCallFlags.NONE, 20000, descriptors, None)
        return answer.unpack(), out
    finally:
        connection.close_sync(None)


def error_of(agent, method, arguments, descriptors=None):
    with pytest.raises(GLib.Error) as raised:
        call(agent, method, arguments, descriptors)
    return Gio.DBusError.get_remote_error(raised.value), raised.value.message


@pytest.fixture
def held(agent, submit):
    for subject in ('first', 'second'):
        assert submit([HELD], mail(to=HELD, subject=subject)).startswith('250')
    return agent


def test_lists_and_messages(held):
    (mails,), _ = call(held, 'ListMails', GLib.Variant('(a{sv})', ({},)))
    assert [one['subject'] for one in mails] == ['first', 'second']
    assert mails[0]['deliveries'][0]['recipients'] == [HELD]
    (shown,), _ = call(held, 'GetMail', GLib.Variant('(s)', (mails[0]['id'],)))
    assert shown['id'] == mails[0]['id'] and shown['verdict']
    (handle,), out = call(held, 'OpenMessage', GLib.Variant('(s)', (mails[0]['id'],)))
    descriptor = out.get(handle)
    assert os.read(descriptor, 1 << 20) == mail(to=HELD, subject='first')
    with pytest.raises(OSError):
        os.write(descriptor, b'x')
    os.close(descriptor)


def test_errors_have_names(held):
    first = held.mail('first')['id']
    assert error_of(held, 'GetMail', GLib.Variant('(s)', ('ffff',)))[0] == 'org.sekisho.Error.NotFound'
    name, text = error_of(held, 'GetMail', GLib.Variant('(s)', (first[:1],)))
    assert name == 'org.sekisho.Error.Invalid' and first in text
    for filters in ({'al': GLib.Variant('b', True)}, {'all': GLib.Variant('s', 'yes')}):
        assert error_of(held, 'ListMails', GLib.Variant('(a{sv})', (filters,)))[0] == 'org.sekisho.Error.Invalid'
    held.ctl('cancel', first)
    assert error_of(held, 'Command', GLib.Variant('(susa{sv})', (first, 0, 'release', {})))[0] \
        == 'org.sekisho.Error.NotAllowed'


def test_a_pipe_is_no_history(held):
    reading, writing = os.pipe()
    name, _ = error_of(held, 'ImportHistory', GLib.Variant('(h)', (0,)), Gio.UnixFDList.new_from_array([reading]))
    os.close(writing)
    assert name == 'org.sekisho.Error.Invalid'


SAY_HELLO = '''
import os, socket, sys
client = socket.socket(socket.AF_UNIX)
client.connect(sys.argv[1])
client.settimeout(3)
client.sendall(b"\\0AUTH EXTERNAL " + str(os.getuid()).encode().hex().encode() + b"\\r\\n")
try:
    client.recv(200)
    client.sendall(b"BEGIN\\r\\n")
    print("open" if client.recv(200) else "closed")
except TimeoutError:
    print("open")
except ConnectionError:
    print("closed")
'''


def test_another_user_stays_outside(agent):
    path = agent.store / 'agent.sock'
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(agent.store.stat().st_mode) == 0o700
    other = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '/usr/bin/python3', '-c', SAY_HELLO, path]
    refused = subprocess.run(other, capture_output=True, text=True, timeout=20)
    assert 'PermissionError' in refused.stderr
    agent.directory.chmod(0o755)
    agent.store.chmod(0o755)
    path.chmod(0o666)
    looked = subprocess.run(other, capture_output=True, text=True, timeout=20)
    assert looked.stderr == ''
    assert looked.stdout == 'closed\n'
    own = subprocess.run(other[-4:], capture_output=True, text=True, timeout=20)
    assert own.stdout == 'open\n'
    agent.store.chmod(0o700)


def test_nobody_comes_in_without_a_name(agent):
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(10)
        client.connect(str(agent.store / 'agent.sock'))
        client.sendall(b'\0AUTH ANONYMOUS\r\n')
        assert client.recv(200).split() == [b'REJECTED', b'EXTERNAL']


def test_a_dead_agents_socket_is_replaced(held):
    held.kill9()
    assert (held.store / 'agent.sock').exists()
    assert held.ctl('list', check=False).returncode == 3
    held.start()
    assert 'first' in held.ctl('list').stdout


def test_a_path_that_is_too_long(make_agent):
    agent = make_agent(start=False)
    agent.settings['store']['directory'] = str(agent.directory / ('x' * 100))
    agent.write_settings()
    status, output = agent.run_to_the_end()
    assert status > 0 and 'too long for a socket' in output


@pytest.mark.parametrize('words', [
    ['status'], ['list'], ['show', 'x'], ['release', 'x'], ['cancel', 'x'], ['retry', 'x'], ['resolve', 'x', '--drop'],
    ['save', 'x', 'y'], ['history'], ['update'], ['doctor']])
def test_no_agent(make_agent, words):
    agent = make_agent(start=False)
    done = agent.ctl(*words, check=False)
    assert done.returncode == 3
    assert f"sekisho-agent --config '{agent.configuration}' --socket" in done.stdout + done.stderr


@pytest.mark.parametrize('words', [
    [], ['lst'], ['list', 'x'], ['list', '--force'], ['list', '--al'], ['list', '--json=yes'], ['show'], ['show', 'a', 'b'],
    ['resolve', 'x'], ['resolve', 'x', '--sent', '--drop'], ['save', 'x'], ['history', 'import'], ['list', '--config']])
def test_wrong_calls_need_no_agent(make_agent, words):
    done = make_agent(start=False).ctl(*words, check=False)
    assert done.returncode == 2 and done.stderr.startswith('sekishoctl: ')


def test_refusals_in_json(held):
    first = held.mail('first')['id']
    held.ctl('cancel', first)
    done = held.ctl('release', first, '--json', check=False)
    assert done.returncode == 1
    said = json.loads(done.stdout)
    assert said['error'] == 'not-allowed' and said['message'] in done.stderr


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in 'WF' else 1 for c in text)


def test_the_table_is_straight_and_harmless(held, submit):
    to = 'c@held.example.com'
    assert submit([to], mail(to=to, subject='=?utf-8?B?6KaL56mN5pu4G1szMW0=?=')).startswith('250')
    lines = held.ctl('list').stdout.splitlines()
    start = width(lines[0][:lines[0].index('SUBJECT')])
    rows = {line[line.index('.com') + 4:].strip(): width(re.match(r'.*\.com\s+', line)[0]) for line in lines[1:]}
    assert list(rows)[:2] == ['first', 'second'] and re.fullmatch(r'見積書.\[31m', list(rows)[2])
    assert set(rows.values()) == {start}
    assert '\033' not in ''.join(lines)


def test_list_json_has_the_promised_keys(held):
    one = held.ctl_json('list')[0]
    assert {'id', 'revision', 'state', 'subject', 'from', 'submitted', 'deliveries'} <= set(one)
    delivery = one['deliveries'][0]
    assert {'id', 'state', 'recipients', 'gates', 'rules', 'reply', 'next-try'} <= set(delivery)
    assert {'kind', 'until', 'release', 'open'} <= set(delivery['gates'][0])
    assert delivery['reply'] is None and delivery['rules'] == ['slow-customer']


def test_save(held, tmp_path):
    first, file = held.mail('first')['id'], tmp_path / 'saved.eml'
    held.ctl('save', first, str(file))
    assert file.read_bytes() == mail(to=HELD, subject='first')
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_text('mine')
    assert held.ctl('save', first, str(file), check=False).returncode == 1
    assert file.read_text() == 'mine'
    held.ctl('save', first, str(file), '--force')
    assert file.read_bytes() == mail(to=HELD, subject='first')
    assert held.ctl('save', first, str(tmp_path), '--force', check=False).returncode == 1
    assert os.listdir(tmp_path) == ['saved.eml']


def test_history(held, tmp_path):
    file = tmp_path / 'known.csv'
    file.write_text('address\nold@example.org\nolder@example.net\n')
    assert held.ctl_json('history', 'import', str(file)) == {'count': 2}
    assert {row['address'] for row in held.ctl_json('history')} >= {'old@example.org', 'older@example.net'}


def test_doctor(held):
    assert held.ctl('doctor').returncode == 0
    held.store.chmod(0o755)
    done = held.ctl('doctor', check=False)
    held.store.chmod(0o700)
    assert done.returncode == 1 and f"chmod 700 '{held.store}'" in done.stdout


def test_japanese(make_agent):
    agent = make_agent(environment={'LANGUAGE': 'ja'})
    assert '待っているメールはありません' in agent.ctl('list').stdout


def test_every_text_has_its_japanese():
    """What the sources mark as text and what the table translates are the same, with the same places to fill. What the
    agent gives as reasons counts too."""
    folder = os.path.join(os.path.dirname(__file__), '../../agent/ctl')
    literal = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'
    join = lambda found: ''.join(re.findall(r'"((?:[^"\\]|\\.)*)"', found))
    marked, table = set(), {}
    for name in [*os.listdir(folder), *(f'../desk/{name}' for name in os.listdir(f'{folder}/../desk'))]:
        if name.endswith('.c'):
            with open(os.path.join(folder, name), encoding='utf-8') as file:
                source = file.read()
            if name == 'sk-ctl-text.c':
                table = {join(a): join(b) for a, b in re.findall(r'\{\s*' + literal + r',\s*' + literal + r'\}', source)}
            else:
                marked |= {join(found) for found in re.findall(r'\bN?_\s*\(' + literal + r'\)', source)}
    assert marked and marked == set(table)
    for english, japanese in table.items():
        places = r'%[^a-z]*l*[a-z]'
        assert re.findall(places, english) == re.findall(places, japanese), english


def test_the_session_bus_may_come_to_an_end(make_agent):
    """Asked by gdbus on a bus of its own; without the bus mail goes on."""
    bus = subprocess.Popen(['dbus-daemon', '--session', '--nofork', '--print-address'], stdout=subprocess.PIPE, text=True)
    try:
        address = bus.stdout.readline().strip()
        agent = make_agent(start=False, environment={'DBUS_SESSION_BUS_ADDRESS': address})
        with open(agent.log_file, 'ab') as log:
            agent.process = subprocess.Popen([program('sekisho-agent'), '--config', agent.configuration],
                                             env=agent.environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        port = int(eventually(lambda: re.search(r'ready on 127\.0\.0\.1:(\d+)', agent.log), what='the start')[1])
        ask = ['gdbus', 'call', '--address', address, '--dest', 'org.sekisho.Agent1', '--object-path', PATH,
               '--method', 'org.sekisho.Agent1.Status']
        answer = eventually(lambda: (said := subprocess.run(ask, capture_output=True, text=True, timeout=20)).returncode == 0
                            and said.stdout, what='the answer on the bus')
        assert f"'listen': <'127.0.0.1:{port}'>" in answer
        ctl = [program('sekishoctl'), 'status', '--json']
        assert json.loads(subprocess.run(ctl, env=agent.environment(), capture_output=True, timeout=20).stdout)['version']
    finally:
        bus.kill()
        bus.wait(10)
    eventually(lambda: 'there is no session bus' in agent.log, what='the message')
    with Wire(port) as wire:
        assert wire.submit('hana@example.co.jp', ['c@example.org'], mail()).startswith('250')
    done = subprocess.run(ctl, env=agent.environment(), capture_output=True, text=True, timeout=20)
    assert done.returncode == 3 and 'systemctl --user start sekisho-agent' in done.stderr
