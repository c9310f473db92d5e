# SPDX-License-Identifier: GPL-3.0-or-later
"""A client that leaves while its mail is being inspected: nothing leaves without it, its next try has the verdict of the
first, and what is done for nobody is little."""
import subprocess
import time

import pytest

from agent import eventually
from wire import Wire

POLICY = '''sekisho: 1
organization:
  name: Example K.K.
  domains: [example.co.jp]
  timezone: Asia/Tokyo
rules:
  - id: nobody-could-look
    if: {attachment: {readable: no}}
    then: {%s}
'''
HANA, TO = 'hana@example.co.jp', 'b@example.org'
SLOW = 'SEKISHO-MISCHIEF: turn'  # is read until the time is over


def mail(content=SLOW, subject='papers', message_id='1@example.co.jp'):
    return (f'From: {HANA}\r\nTo: {TO}\r\nSubject: {subject}\r\nMessage-ID: <{message_id}>\r\nMIME-Version: 1.0\r\n'
            'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello.\r\n--b\r\nContent-Type: text/plain\r\n'
            f'Content-Disposition: attachment; filename=a.txt\r\n\r\n{content}\r\n--b--\r\n').encode()


def leave(agent, data):
    """Submits, and goes away with a reset before the answer."""
    wire = Wire(agent.port)
    wire.envelope(HANA, [TO])
    wire.content(data)
    time.sleep(0.4)
    wire.reset()
    time.sleep(0.2)


def submit(agent, data):
    """The answer, and after how many seconds it came."""
    begun = time.monotonic()
    with Wire(agent.port) as wire:
        reply = wire.submit(HANA, [TO], data)
        wire.say('QUIT')
    return reply, time.monotonic() - begun


def busy_readers(agent):
    """How many of the agent's readers have a document: all but the one that waits."""
    found = subprocess.run(['ps', '-o', 'comm=', '--ppid', str(agent.process.pid)], capture_output=True, text=True)
    return max(0, sum('sekisho-extract'.startswith(line[:15]) for line in found.stdout.split()) - 1)


def spooled(agent):
    return [path.name for path in (agent.store / 'spool').iterdir()]


@pytest.fixture
def slow_agent(make_agent):
    def make(action='reject: true', seconds=4):
        return make_agent(policy=POLICY % action, settings={'limits': {'inspect-time': str(seconds)}})
    return make


@pytest.mark.parametrize('action', ['hold: 60m', 'reject: {scope: recipients}', 'reject: true'])
def test_nothing_becomes_of_it(slow_agent, provider, action):
    agent = slow_agent(action, 2)
    leave(agent, mail())
    eventually(lambda: busy_readers(agent) == 0, what='the end of inspection')
    time.sleep(0.5)
    assert agent.mails() == [] and len(spooled(agent)) == 1
    agent.move_clock(301)
    eventually(lambda: spooled(agent) == [], what='forgetting')
    assert agent.mails() == [] and 'did not come again' in agent.log
    provider.stays_at(0, 0.3)


def test_what_would_go_straight_through_stays(slow_agent, provider):
    agent = slow_agent('hold: 60m}\n    on-error: skip\n    active: {until: 2026-01-01', 2)
    leave(agent, mail())
    time.sleep(3)
    provider.stays_at(0, 0.3)
    assert len(spooled(agent)) == 1
    assert submit(agent, mail(message_id='2@example.co.jp'))[0].startswith('250')
    assert provider.wait_for(1)[0].header('Message-ID') == '<1@example.co.jp>'
    provider.stays_at(1, 0.5)


def test_the_next_try_waits_for_what_is_left(slow_agent, provider):
    agent = slow_agent()
    begun = time.monotonic()
    leave(agent, mail())
    time.sleep(1.5)
    reply, seconds = submit(agent, mail(message_id='2@example.co.jp'))
    assert reply.startswith('550')
    assert seconds < 3.5 and 4 <= time.monotonic() - begun < 6


def test_the_next_try_has_the_verdict_at_once(slow_agent, provider):
    agent = slow_agent('hold: 60m')
    leave(agent, mail())
    time.sleep(5)
    reply, seconds = submit(agent, mail(message_id='2@example.co.jp'))
    assert reply.startswith('250') and seconds < 2
    kept, = agent.mails()
    agent.ctl('release', kept['id'])
    assert provider.wait_for(1)[0].header('Message-ID') == '<1@example.co.jp>'
    provider.stays_at(1, 0.5)


def test_after_its_time_a_try_is_judged_anew(slow_agent):
    agent = slow_agent(seconds=2)
    leave(agent, mail())
    time.sleep(3)
    agent.move_clock(301)
    eventually(lambda: spooled(agent) == [], what='forgetting')
    reply, seconds = submit(agent, mail(message_id='2@example.co.jp'))
    assert reply.startswith('550') and seconds >= 2


def test_impatient_tries_get_to_the_end(slow_agent):
    """None of them waits as long as it takes."""
    agent = slow_agent()
    begun = time.monotonic()
    for number in range(3):
        leave(agent, mail(message_id=f'{number}@example.co.jp'))
        assert busy_readers(agent) == 1
        time.sleep(0.5)
    reply, _ = submit(agent, mail(message_id='9@example.co.jp'))
    assert reply.startswith('550') and time.monotonic() - begun < 6


def test_a_try_that_outlasts_its_patience_is_kept(slow_agent, provider):
    """Its first try had left; 250 is said for the second alone, and one mail is kept."""
    agent = slow_agent('hold: 60m', 6)
    leave(agent, mail())
    agent.move_clock(25)
    time.sleep(1)
    assert agent.mails() == []
    with Wire(agent.port) as wire:
        wire.envelope(HANA, [TO])
        wire.content(mail(message_id='2@example.co.jp'))
        time.sleep(1)
        agent.move_clock(25)
        assert wire.reply().startswith('250')
        wire.say('QUIT')
    kept, = agent.mails()
    assert kept['state'] == 'inspecting'
    eventually(lambda: agent.mail('papers')['state'] == 'accepted', what='the verdict')
    assert len(agent.mails()) == 1
    provider.stays_at(0, 0.3)


def test_a_policy_that_comes_meanwhile_judges_the_next_try(slow_agent):
    agent = slow_agent(seconds=3)
    leave(agent, mail())
    agent.write_policy(POLICY % 'hold: 60m')
    eventually(lambda: agent.log.count('is in force') == 2, what='the new policy')
    reply, seconds = submit(agent, mail(message_id='2@example.co.jp'))
    assert reply.startswith('250') and seconds >= 3
    assert len(agent.mails()) == 1


def test_two_run_on_and_four_verdicts_wait(slow_agent):
    agent = slow_agent(seconds=8)
    for number in range(7):
        leave(agent, mail(subject=f'papers {number}'))
    eventually(lambda: busy_readers(agent) <= 2, 3, 'the end of those that were left first')
    assert busy_readers(agent) == 2
    assert eventually(lambda: len(spooled(agent)) == 2, 3, 'forgetting the first five')
    eventually(lambda: busy_readers(agent) == 0, what='the end of inspection')
    for first in (7, 9):
        for number in (first, first + 1):
            leave(agent, mail(subject=f'papers {number}'))
        eventually(lambda: busy_readers(agent) == 0, what='the end of inspection')
    eventually(lambda: len(spooled(agent)) == 4, 3, 'forgetting the verdicts that waited longest')
    assert submit(agent, mail(subject='papers 9'))[1] < 2 <= 8 <= submit(agent, mail(subject='papers 0'))[1]


def test_those_who_wait_find_a_reader(slow_agent):
    agent = slow_agent(seconds=12)
    for number in range(4):
        leave(agent, mail(subject=f'papers {number}'))
    assert submit(agent, mail('hello', subject='a quick one'))[1] < 3


def test_a_late_verdict_is_of_the_policy_in_force(slow_agent):
    """The second policy's judging is under way when the third comes: what the third says is done."""
    agent = slow_agent('hold: 60m', 6)
    with Wire(agent.port) as wire:
        wire.envelope(HANA, [TO])
        wire.content(mail())
        time.sleep(1)
        agent.move_clock(25)
        assert wire.reply().startswith('250')
        wire.say('QUIT')
    agent.write_policy(POLICY % 'hold: 50m')
    eventually(lambda: agent.log.count('is in force') == 2, what='the second policy')
    time.sleep(7)
    assert agent.mail('papers')['state'] == 'inspecting'
    agent.write_policy(POLICY % 'reject: true')
    eventually(lambda: agent.log.count('is in force') == 3, what='the third policy')
    eventually(lambda: agent.mail('papers')['state'] != 'inspecting', 30, what='the verdict')
    assert agent.mail('papers')['deliveries'][0]['state'] == 'returned'


def test_an_end_while_one_runs_on(slow_agent):
    agent = slow_agent()
    leave(agent, mail())
    assert agent.stop() == 0
    agent.start()
    assert agent.mails() == [] and spooled(agent) == []
