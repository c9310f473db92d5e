# SPDX-License-Identifier: GPL-3.0-or-later
"""The crash walk: the agent is killed at every point that the code names, and at random moments under load. Afterwards
each mail has arrived exactly once, or is shown as one that may have been sent. None is lost, none doubled.

A client whose connection broke submits the same mail again, as its user would.
"""
import collections
import pathlib
import random
import re
import threading
import time

import pytest
from provider import FOREVER
from wire import Wire, mail

SOURCE = pathlib.Path(__file__).resolve().parents[2]
HELD = 'b@held.example.com'
POINTS = sorted({name for folder in ('common', 'agent') for path in (SOURCE / folder).rglob('*.c')
                 for name in re.findall(r'sk_crash_point \("([^"]+)"\)|_commit = "([a-z-]+)"', path.read_text())
                 for name in name if name})


def try_to_submit(agent, recipients, data):
    """The reply, or '' when the connection broke."""
    try:
        with Wire(agent.port, timeout=30) as wire:
            reply = wire.submit('hana@example.co.jp', recipients, data)
            if reply:
                wire.say('QUIT')
            return reply
    except (OSError, AssertionError):
        return ''


def start_again_when_dead(agent, wait):
    """Starts the agent again when it dies within `wait` seconds (a process that was just killed may not be gone yet)."""
    end = time.monotonic() + wait
    while agent.runs and time.monotonic() < end:
        time.sleep(0.02)
    if agent.runs:
        return False
    agent.extra_environment.pop('SEKISHO_CRASH_AT', None)
    agent.start()
    return True


def submit_until_answered(agent, recipients, data):
    """True when the agent was killed meanwhile."""
    crashed = False
    for _ in range(5):
        reply = try_to_submit(agent, recipients, data)
        if reply:
            assert reply.startswith('250'), reply
            return crashed
        crashed = start_again_when_dead(agent, 5) or crashed
    raise AssertionError(f'no answer in 5 tries\n{agent.log[-3000:]}')


def settle(agent):
    """Lets all time pass that anything may wait for. True when the agent was killed meanwhile."""
    crashed = start_again_when_dead(agent, 0.3)
    for seconds in (11, 31, 61, 3601):
        agent.move_clock(seconds)
        crashed = start_again_when_dead(agent, 0.3) or crashed
    agent.move_clock(121)
    return crashed


def check_each_once(agent, provider, wanted):
    """`wanted` is a list of (subject, recipient)."""
    end = time.monotonic() + 20
    while True:
        arrived = collections.Counter((message.header('Subject'), recipient) for message in provider.messages
                                      for recipient in message.recipients)
        unsure = {(mail_now['subject'], recipient) for mail_now in agent.mails() for delivery in mail_now['deliveries']
                  if delivery['state'] == 'may-have-been-sent' for recipient in delivery['recipients']}
        lost = [each for each in wanted if not arrived[each] and each not in unsure]
        if not lost or time.monotonic() > end:
            break
        time.sleep(0.2)
    doubled = [each for each in arrived if arrived[each] > 1]
    assert not lost and not doubled, f'lost: {lost}, doubled: {doubled}\n{agent.mails()}\n{agent.log[-3000:]}'
    assert set(arrived) <= set(wanted)


def straight(agent, provider):
    crashed = submit_until_answered(agent, ['a@example.org'], mail(to='a@example.org', subject='straight'))
    return [('straight', 'a@example.org')], crashed


def held(agent, provider):
    recipients = ['boss@example.co.jp', HELD]
    crashed = submit_until_answered(agent, recipients, mail(to=', '.join(recipients), subject='held'))
    return [('held', recipient) for recipient in recipients], crashed


def retried(agent, provider):
    provider.on('RCPT', '450 4.2.1 busy', times=2)
    crashed = submit_until_answered(agent, ['a@example.org'], mail(to='a@example.org', subject='retried'))
    return [('retried', 'a@example.org')], crashed


SCENARIOS = [straight, held, retried]
# Where the walk has killed an agent, and in which scenarios.
crashed_at = collections.defaultdict(set)


def test_there_are_points():
    assert len(POINTS) >= 6, POINTS


@pytest.mark.parametrize('time_around', [1, 2])
@pytest.mark.parametrize('scenario', SCENARIOS, ids=lambda scenario: scenario.__name__)
@pytest.mark.parametrize('point', POINTS)
def test_a_crash_at(make_agent, provider, point, scenario, time_around):
    agent = make_agent(environment={'SEKISHO_CRASH_AT': f'{point}:{time_around}'})
    wanted, crashed = scenario(agent, provider)
    if settle(agent) or crashed:
        crashed_at[point].add(scenario.__name__)
    check_each_once(agent, provider, wanted)
    agent.restart()
    agent.move_clock(4000)
    check_each_once(agent, provider, wanted)


def test_every_point_was_reached():
    if not crashed_at:
        pytest.fail('runs only together with the walk')
    assert set(crashed_at) == set(POINTS), f'never reached: {set(POINTS) - set(crashed_at)}'


@pytest.mark.seconds(180)
@pytest.mark.parametrize('seed', [1, 2])
def test_random_kills_under_load(make_agent, provider, seed):
    chance = random.Random(seed)
    agent = make_agent()
    provider.on('DOT', delay=0.02, times=FOREVER)
    done, wanted, failures = threading.Event(), [], []
    alive = threading.Lock()

    def client(name):
        for number in range(12):
            to = chance.choice(['a@example.org', HELD, 'boss@example.co.jp'])
            subject = f'{name}-{number}'
            wanted.append((subject, to))
            for _ in range(200):
                with alive:
                    pass
                reply = try_to_submit(agent, [to], mail(to=to, subject=subject))
                if reply:
                    break
                time.sleep(0.05)
            if not reply.startswith('250'):
                failures.append((subject, reply))

    clients = [threading.Thread(target=client, args=(name,)) for name in ('x', 'y', 'z')]
    for thread in clients:
        thread.start()
    for _ in range(10):
        time.sleep(chance.uniform(0.02, 0.4))
        with alive:
            agent.kill9()
            agent.start()
    for thread in clients:
        thread.join(100)
    done.set()
    assert not failures
    settle(agent)
    check_each_once(agent, provider, wanted)
