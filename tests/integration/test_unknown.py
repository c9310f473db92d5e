# SPDX-License-Identifier: GPL-3.0-or-later
"""The provider's answer to the final dot is lost: the mail may have been sent. It is never sent again by itself."""
import threading

import pytest
from wire import Wire, mail

HELD = 'b@held.example.com'
DAY = 24 * 3600


@pytest.fixture(params=['after', 'before'], ids=['it was taken', 'it was not taken'])
def uncertain(request, agent, provider, submit):
    """A mail after whose dot the provider dropped the connection; how many times it has arrived."""
    provider.on('DOT', drop=request.param)
    assert submit(['b@example.org'], mail(subject='unsure')).startswith('250')
    agent.wait_for_state('unsure', 'may-have-been-sent')
    return agent, len(provider.messages)


def test_it_is_never_sent_again_by_itself(uncertain, provider):
    agent, arrived = uncertain
    agent.move_clock(3600)
    provider.stays_at(arrived, 0.5)
    agent.restart()
    agent.move_clock(2 * DAY)
    provider.stays_at(arrived, 1)
    assert set(agent.states('unsure').values()) == {'may-have-been-sent'}


def test_resolve_sent(uncertain, provider):
    agent, arrived = uncertain
    agent.ctl('resolve', agent.mail('unsure')['id'], '--sent')
    agent.wait_for_state('unsure', 'sent')
    provider.stays_at(arrived, 0.5)


def test_resolve_again(uncertain, provider):
    agent, arrived = uncertain
    agent.ctl('resolve', agent.mail('unsure')['id'], '--again')
    assert provider.wait_for(arrived + 1)[-1].data == mail(subject='unsure')
    agent.wait_for_state('unsure', 'sent')
    provider.stays_at(arrived + 1, 0.3)


def test_resolve_drop(uncertain, provider):
    agent, arrived = uncertain
    agent.ctl('resolve', agent.mail('unsure')['id'], '--drop')
    agent.move_clock(DAY)
    provider.stays_at(arrived, 0.5)
    assert set(agent.states('unsure').values()) == {'cancelled'}


def test_no_other_command_works_on_it(uncertain, provider):
    agent, arrived = uncertain
    for command in ('retry', 'release', 'cancel'):
        done = agent.ctl(command, agent.mail('unsure')['id'], check=False)
        assert done.returncode == 1 and done.stderr, (command, done)
    provider.stays_at(arrived, 0.5)


@pytest.mark.parametrize('moment', ['after', 'before'])
def test_a_held_mail(agent, provider, submit, moment):
    provider.on('DOT', drop=moment)
    assert submit([HELD], mail(to=HELD, subject='held')).startswith('250')
    agent.move_clock(3601)
    agent.wait_for_state('held', 'may-have-been-sent')
    arrived = len(provider.messages)
    agent.move_clock(DAY)
    provider.stays_at(arrived, 0.5)
    agent.ctl('resolve', agent.mail('held')['id'], '--again')
    provider.wait_for(arrived + 1)


def test_killed_while_the_provider_thinks(agent, provider, submit):
    """The dot went out, the agent dies, the provider takes the mail."""
    answer = provider.pause('DOT')
    with Wire(agent.port) as wire:
        wire.envelope('hana@example.co.jp', ['b@example.org'])
        wire.content(mail(subject='killed'))
        provider.wait_for_log('.')
        agent.kill9()
    answer.set()
    provider.wait_for(1)
    agent.start()
    agent.wait_for_state('killed', 'may-have-been-sent')
    agent.move_clock(DAY)
    provider.stays_at(1, 0.5)


def test_killed_while_the_envelope_is_under_way(agent, provider):
    """Nothing was promised, nothing was sent, nothing is left."""
    answer = provider.pause('RCPT')
    with Wire(agent.port) as wire:
        wire.envelope('hana@example.co.jp', ['b@example.org'])
        wire.content(mail(subject='early'))
        provider.wait_for_log('RCPT')
        agent.kill9()
    answer.set()
    agent.start()
    assert agent.mail('early') is None
    provider.stays_at(0, 0.5)


def test_ended_while_the_provider_thinks(agent, provider, submit):
    """An orderly end waits for the answer, or gives it up as unknown; it never makes two mails of one."""
    answer = provider.pause('DOT')
    assert submit([HELD], mail(to=HELD, subject='ended')).startswith('250')
    agent.move_clock(3601)
    provider.wait_for_log('.')
    threading.Timer(2, answer.set).start()
    assert agent.stop() == 0
    provider.wait_for(1)
    agent.start()
    agent.move_clock(DAY)
    provider.stays_at(1, 1)
    assert set(agent.states('ended').values()) <= {'sent', 'may-have-been-sent'}
