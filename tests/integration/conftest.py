# SPDX-License-Identifier: GPL-3.0-or-later
"""What the end-to-end tests stand on: a scripted provider, agents, a private Postfix, and a limit of time for each test."""
import os
import signal
import subprocess
import tempfile

import pytest

from agent import Agent, program
from certificates import Certificates
from postfix import Postfix
from provider import Provider
from wire import Wire

SECONDS_A_TEST = 120


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item):
    """Nothing may hang: a test that takes too long is ended with a traceback of where it stood."""
    def too_long(*_):
        raise TimeoutError(f'the test took more than {seconds} s')
    marker = item.get_closest_marker('seconds')
    seconds = marker.args[0] if marker else SECONDS_A_TEST
    previous = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(seconds)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, previous)


def pytest_configure(config):
    os.environ['SEKISHO_EXTRACT'] = str(program('sekisho-extract'))
    config.addinivalue_line('markers', 'seconds(n): the time limit of this test')


@pytest.fixture(scope='session')
def certificates(tmp_path_factory):
    return Certificates(tmp_path_factory.mktemp('certificates'))


@pytest.fixture
def small_disk():
    """A file system of 40 MiB of its own."""
    directory = tempfile.mkdtemp(prefix='skfull-', dir='/tmp')
    subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=40m,mode=0700', 'tmpfs', directory], check=True)
    yield directory
    subprocess.run(['umount', '-l', directory], check=True)
    os.rmdir(directory)


@pytest.fixture
def make_provider():
    made = []

    def make(**how):
        made.append(Provider(**how))
        return made[-1]
    yield make
    for provider in made:
        provider.close()
        assert not provider.violations, provider.violations


@pytest.fixture
def provider(make_provider):
    return make_provider()


@pytest.fixture
def make_agent(provider):
    """Agents towards the test's provider; started unless start=False."""
    made = []

    def make(start=True, url=None, **how):
        agent = Agent(url or provider.url, **how)
        made.append(agent)
        return agent.start() if start else agent
    yield make
    for agent in made:
        agent.clean_up()


@pytest.fixture
def agent(make_agent):
    return make_agent()


@pytest.fixture
def submit(agent):
    """submit(recipients, data, sender=…): one mail through the test's agent; the reply."""
    def submit_one(recipients, data, sender='hana@example.co.jp'):
        with Wire(agent.port) as wire:
            reply = wire.submit(sender, recipients, data)
            wire.say('QUIT')
            return reply
    return submit_one


@pytest.fixture(scope='session')
def sink():
    """Where the private Postfix sends everything."""
    provider = Provider()
    yield provider
    provider.close()


@pytest.fixture(scope='session')
def postfix(certificates, sink):
    server = Postfix(certificates, sink.port)
    try:
        yield server.start()
    finally:
        server.stop()
