# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks that come and go: a network namespace of the test's own, with a provider on an address that is not loopback."""
import ctypes
import os
import subprocess

import pytest

from agent import eventually
from wire import Wire, mail

NEW_NETWORK = 0x40000000  # CLONE_NEWNET
HOST = '10.99.0.2'
ENVIRONMENT = {'GIO_USE_NETWORK_MONITOR': 'netlink'}  # not what the machine's NetworkManager says of another network


def ip(*words):
    subprocess.run(['ip', *words], check=True, timeout=20)


@pytest.fixture
def networks():
    """Two networks with a cable between them. This thread and its children are in that of the provider; enter() takes
    them to the other, where nothing but a loopback and the cable's end, lan, is there, and no route."""
    libc = ctypes.CDLL(None, use_errno=True)
    before = os.open('/proc/thread-self/ns/net', os.O_RDONLY)
    assert libc.unshare(NEW_NETWORK) == 0, os.strerror(ctypes.get_errno())
    other = subprocess.Popen(['unshare', '--net', 'sleep', '600'])

    def enter():
        ip('link', 'set', 'lan', 'netns', str(other.pid))
        descriptor = os.open(f'/proc/{other.pid}/ns/net', os.O_RDONLY)
        assert libc.setns(descriptor, NEW_NETWORK) == 0
        os.close(descriptor)
        ip('link', 'set', 'lo', 'up')
        ip('addr', 'add', '10.99.0.1/32', 'dev', 'lan')
        ip('link', 'set', 'lan', 'up')
    try:
        eventually(lambda: os.readlink(f'/proc/{other.pid}/ns/net') != os.readlink('/proc/thread-self/ns/net'), what='the other network')
        ip('link', 'set', 'lo', 'up')
        ip('link', 'add', 'far', 'type', 'veth', 'peer', 'name', 'lan')
        ip('addr', 'add', f'{HOST}/24', 'dev', 'far')
        ip('link', 'set', 'far', 'up')
        yield enter
    finally:
        assert libc.setns(before, NEW_NETWORK) == 0
        os.close(before)
        other.terminate()
        other.wait(10)


def route(what, action='add'):
    ip('route', action, what, 'dev', 'lan')


@pytest.fixture
def lan(networks, make_provider):
    provider = make_provider(host=HOST)
    networks()
    return provider


def start(make_agent, url):
    return make_agent(url=url, settings={'upstream': {'tls': 'opportunistic'}}, environment=ENVIRONMENT)


def submit(agent, subject):
    with Wire(agent.port) as wire:
        assert wire.submit('hana@example.co.jp', ['b@example.org'], mail(subject=subject)).startswith('250')


def online(agent):
    return agent.ctl_json('status')['upstream']['online']


def wait_until(agent, state):
    eventually(lambda: online(agent) is state, what=f'online {state}')


def test_a_provider_in_the_same_network_needs_no_default_route(lan, make_agent):
    route('10.99.0.0/24')
    agent = start(make_agent, lan.url)
    wait_until(agent, True)
    submit(agent, 'near')
    assert lan.wait_for(1)[0].header('Subject') == 'near'


def test_mail_waits_without_a_route_and_leaves_when_there_is_one(lan, make_agent):
    agent = start(make_agent, lan.url)
    assert not online(agent)
    submit(agent, 'waits')
    lan.stays_at(0)
    route('10.98.0.0/24')  # leads elsewhere
    lan.stays_at(0)
    assert not online(agent)
    route('10.99.0.0/24')
    assert lan.wait_for(1)[0].header('Subject') == 'waits'
    assert online(agent)


def test_a_route_that_goes(lan, make_agent):
    route('10.99.0.0/24')
    agent = start(make_agent, lan.url)
    wait_until(agent, True)
    route('10.99.0.0/24', 'del')
    wait_until(agent, False)
    submit(agent, 'kept')
    assert agent.states('kept') == {'b@example.org': 'ready'}
    lan.stays_at(0)
    route('10.99.0.0/24')
    lan.wait_for(1)


def test_a_default_route_is_enough(lan, make_agent):
    route('default')
    agent = start(make_agent, lan.url)
    assert online(agent)
    submit(agent, 'far')
    lan.wait_for(1)
    route('default', 'del')
    wait_until(agent, False)


def test_loopback_needs_no_network(networks, make_provider, make_agent):
    networks()
    provider = make_provider()
    agent = make_agent(url=provider.url.replace('127.0.0.1', 'LOCALHOST'), environment=ENVIRONMENT)
    assert online(agent)
    submit(agent, 'here')
    provider.wait_for(1)
