# SPDX-License-Identifier: GPL-3.0-or-later
"""Wrong settings: the agent doesn't start, and says which file, which key, what is wrong and what to do."""
import os
import re

import pytest

WRONG = {
    'an unknown key': ({'listen': {'smpt': '127.0.0.1:0'}}, ['[listen]', 'smpt', 'smtp']),
    'an unknown group': ({'upstraem': {'url': 'smtp://127.0.0.1:25'}}, ['upstraem', 'upstream']),
    'no address': ({'identity': {'addresses': None}}, ['[identity]', 'addresses']),
    'no address in it': ({'identity': {'addresses': 'hana'}}, ['[identity]', 'addresses', 'hana']),
    'a language nobody speaks': ({'identity': {'language': 'tlh'}}, ['[identity]', 'language', 'tlh']),
    'a port that is none': ({'listen': {'smtp': '127.0.0.1:99999'}}, ['[listen]', 'smtp', '99999']),
    'listening to the world': ({'listen': {'smtp': '0.0.0.0:2525'}}, ['[listen]', 'smtp', '0.0.0.0']),
    'a word that is no choice': ({'listen': {'tls': 'maybe'}}, ['[listen]', 'tls', 'starttls']),
    'passwords without a file': ({'listen': {'clients': 'password'}}, ['[listen]', 'password-file']),
    'no provider': ({'upstream': {'url': None}}, ['[upstream]', 'url']),
    'a scheme nobody speaks': ({'upstream': {'url': 'gopher://127.0.0.1'}}, ['[upstream]', 'url', 'gopher']),
    'no TLS beyond the loopback': ({'upstream': {'url': 'smtp://192.0.2.1:25', 'tls': 'none'}}, ['[upstream]', 'tls']),
    'a user without a password': ({'upstream': {'auth': 'password', 'user': 'hana', 'password-file': '/nonexistent/pw'}},
                                  ['[upstream]', 'password-file', '/nonexistent/pw']),
    'a limit that is no number': ({'limits': {'recipients': 'many'}}, ['[limits]', 'recipients', 'many']),
    'a negative limit': ({'limits': {'connections': '-1'}}, ['[limits]', 'connections', '-1']),
    'no choice for the desktop': ({'dialog': {'without-desktop': 'send'}}, ['[dialog]', 'without-desktop', 'hold']),
}


def line_is_right(agent, number, words):
    """The line has the key, or is the heading of the group in which it is missing."""
    line = agent.configuration.read_text().splitlines()[number - 1]
    return line.partition('=')[0].strip('[]') in [word.strip('[]') for word in words]


@pytest.mark.parametrize('name', WRONG)
def test_wrong(make_agent, name):
    settings, words = WRONG[name]
    agent = make_agent(start=False, settings=settings)
    status, output = agent.run_to_the_end()
    assert status == 2, output
    place = re.match(rf'sekisho-agent: {re.escape(str(agent.configuration))}:(\d+): \[', output)
    assert place, output
    assert line_is_right(agent, int(place[1]), words), output
    for word in words:
        assert word in output, f'{word!r} is not in: {output}'
    assert 'ready' not in output


def test_all_mistakes_at_once(make_agent):
    agent = make_agent(start=False, settings={'listen': {'smpt': 'x', 'tls': 'maybe'}, 'limits': {'recipients': 'many'}})
    _, output = agent.run_to_the_end()
    assert all(word in output for word in ('smpt', 'maybe', 'many')), output


def test_no_settings_at_all(make_agent):
    agent = make_agent(start=False)
    agent.configuration.unlink()
    status, output = agent.run_to_the_end()
    assert status > 0 and str(agent.configuration) in output


def test_a_store_that_another_agent_has(make_agent):
    first = make_agent()
    second = make_agent(start=False, settings={'store': {'directory': str(first.store)}})
    status, output = second.run_to_the_end()
    assert status > 0 and str(first.store) in output
    assert first.ctl('status').returncode == 0


def test_a_store_where_nothing_can_be(make_agent):
    agent = make_agent(start=False, settings={'store': {'directory': '/proc/x'}})
    status, output = agent.run_to_the_end()
    assert status > 0 and '[store] directory: /proc/x: ' in output and '(name a folder where you may write)' in output


def test_settings_that_are_a_pipe(make_agent):
    """Nobody writes to it."""
    agent = make_agent(start=False)
    agent.configuration.unlink()
    os.mkfifo(agent.configuration)
    status, output = agent.run_to_the_end()
    assert status > 0 and f'{agent.configuration}: is no plain file' in output


@pytest.mark.parametrize('text, said', [('', 'no user:password line is in it (write NAME:PASSWORD'), (None, 'plain file')])
def test_passwords_of_programs_that_are_none(make_agent, tmp_path, text, said):
    path = tmp_path / 'passwords'
    os.mkfifo(path) if text is None else path.write_text(text)
    agent = make_agent(start=False, settings={'listen': {'clients': 'password', 'password-file': str(path)}})
    status, output = agent.run_to_the_end()
    assert status > 0 and '[listen] password-file: ' in output and str(path) in output
    assert said in output or text is None


def test_a_damaged_store_is_not_emptied(make_agent):
    agent = make_agent()
    assert agent.stop() == 0
    database = agent.store / 'store.db'
    for name in ('store.db-wal', 'store.db-shm'):
        (agent.store / name).unlink(missing_ok=True)
    database.write_bytes(b'this is no database\n' * 1000)
    status, output = agent.run_to_the_end()
    assert status > 0 and str(database) in output
    assert database.read_bytes().startswith(b'this is no database')


def test_a_reload_with_a_mistake_keeps_the_old_settings(make_agent, provider):
    from agent import eventually
    from wire import Wire, mail
    agent = make_agent()
    agent.settings['listen']['tls'] = 'maybe'
    agent.write_settings()
    agent.reload()
    eventually(lambda: 'maybe' in agent.log, what='the complaint')
    with Wire(agent.port) as wire:
        assert wire.submit('hana@example.co.jp', ['b@example.org'], mail()).startswith('250')
    provider.wait_for(1)


def test_sekishoctl_without_an_agent(make_agent):
    agent = make_agent(start=False)
    done = agent.ctl('list', check=False)
    assert done.returncode == 3 and done.stderr


@pytest.mark.parametrize('words', [['frobnicate'], ['show'], ['release'], ['resolve', 'x'], []])
def test_sekishoctl_wrong_calls(agent, words):
    done = agent.ctl(*words, check=False)
    assert done.returncode == 2
    assert done.stderr or done.stdout
