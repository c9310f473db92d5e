# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs of another user of the machine, on both loopback addresses; and addresses that are not the loopback."""
import re
import shutil
import subprocess

import pytest

from agent import eventually, program
from wire import Wire, mail

AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
HOSTS = {'IPv4': '127.0.0.1', 'IPv6': '::1'}

# Sends everything at once, without waiting for a reply; a refused client may see a reset behind its 421.
SPEAK = '''
import socket, sys
client = socket.create_connection((sys.argv[1], int(sys.argv[2])), 20)
try:
    client.sendall(b"EHLO x\\r\\nMAIL FROM:<hana@example.co.jp>\\r\\nRCPT TO:<b@example.org>\\r\\nDATA\\r\\n")
    client.sendall(b"Subject: stolen\\r\\n\\r\\n.\\r\\nQUIT\\r\\n")
except OSError:
    pass
heard = b""
try:
    while received := client.recv(1000):
        heard += received
except OSError:
    pass
sys.stdout.buffer.write(heard)
'''
LISTEN = '''
import socket, sys
client = socket.create_connection((sys.argv[1], int(sys.argv[2])), 20)
print(client.makefile().read(), end="")
'''


def as_nobody(script, host, port):
    return subprocess.run([*AS_NOBODY, '/usr/bin/python3', '-c', script, host, str(port)], capture_output=True, text=True,
                          timeout=30)


def nothing_is_kept(agent, provider):
    provider.stays_at(0, 0.3)
    assert agent.mails() == []
    assert not list((agent.store / 'spool').iterdir())


@pytest.mark.parametrize('host', HOSTS.values(), ids=HOSTS)
def test_another_user(agent, provider, host):
    done = as_nobody(LISTEN, host, agent.port)
    assert done.stdout == '421 4.7.0 This port serves another user of this computer\n', done
    done = as_nobody(SPEAK, host, agent.port)
    assert '220' not in done.stdout and '250' not in done.stdout
    assert agent.log.count('refused a connection of another user: uid=65534') == 1
    nothing_is_kept(agent, provider)
    agent.move_clock(61)
    as_nobody(LISTEN, host, agent.port)
    eventually(lambda: agent.log.count('uid=65534') == 2, what='the second warning')
    with Wire(agent.port, host) as wire:
        assert wire.submit('hana@example.co.jp', ['b@example.org'], mail()).startswith('250')
    provider.wait_for(1)


@pytest.mark.parametrize('host', ['127.0.0.1', '[::1]'])
def test_curl_of_another_user(agent, provider, tmp_path, host):
    done = subprocess.run([*AS_NOBODY, 'curl', '-sS', '--url', f'smtp://{host}:{agent.port}/c', '--mail-from',
                           'hana@example.co.jp', '--mail-rcpt', 'b@example.org', '--upload-file', '-'],
                          input=mail(), capture_output=True, timeout=30)
    assert done.returncode != 0
    nothing_is_kept(agent, provider)


def test_a_socket_that_was_handed_over(agent, provider):
    """Who opened the connection counts: root's own, inherited by a program that has become another user."""
    script = ('import os, socket, sys\nclient = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 20)\n'
               'os.setgroups([]); os.setgid(65534); os.setuid(65534)\nprint(client.recv(100)[:3].decode())\n')
    done = subprocess.run(['/usr/bin/python3', '-c', script, str(agent.port)], capture_output=True, text=True, timeout=30)
    assert done.stdout == '220\n', done


def test_an_agent_of_another_user_and_a_client_of_root(make_agent, provider):
    """Not even root: it would be somebody else's mail."""
    agent = make_agent(start=False)
    program_path = shutil.copy(program('sekisho-agent'), agent.directory)  # the build may not be readable for others
    subprocess.run(['chown', '-R', '65534:65534', agent.directory], check=True)
    with open(agent.log_file, 'ab') as log:
        agent.process = subprocess.Popen([*AS_NOBODY, program_path, '--config', agent.configuration, '--socket'],
                                         env=agent.environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    agent.port = int(eventually(lambda: re.search(r'ready on 127\.0\.0\.1:(\d+)', agent.log), what='the start')[1])
    for host in HOSTS.values():
        with Wire(agent.port, host, greet=False) as wire:
            assert wire.reply().startswith('421 4.7.0')
        assert as_nobody(LISTEN.replace('.read()', '.readline()'), host, agent.port).stdout.startswith('220')
    assert 'refused a connection of another user: uid=0' in agent.log


@pytest.mark.parametrize('value', ['0.0.0.0:2525', '192.0.2.1:2525', '[::]:2525', ':2525', '*:2525', 'example.org:2525',
                                   '127.0.0.1.example.org:2525', '2525'])
def test_addresses_that_are_not_the_loopback(make_agent, value):
    agent = make_agent(start=False, settings={'listen': {'smtp': value}})
    status, output = agent.run_to_the_end()
    line = agent.configuration.read_text().splitlines().index(f'smtp={value}') + 1
    assert status == 2
    assert output.startswith(f'sekisho-agent: {agent.configuration}:{line}: [listen] smtp: "{value}" is not this machine alone '
                             '(write 127.0.0.1:PORT'), output


def test_only_the_loopback_listens(agent):
    listening = subprocess.run(['ss', '-Hltn', f'sport = :{agent.port}'], capture_output=True, text=True, check=True).stdout
    assert sorted(line.split()[3] for line in listening.splitlines()) == [f'127.0.0.1:{agent.port}', f'[::1]:{agent.port}']
