# SPDX-License-Identifier: GPL-3.0-or-later
"""The store's disk is full: mail is refused for now (452), nothing half-written stays, and all is well when there is room."""
import os

import pytest
from disk import fill
from wire import Wire, mail

MIB = 1 << 20
HELD = 'b@held.example.com'


@pytest.fixture
def agent(make_agent, small_disk):
    return make_agent(settings={'store': {'directory': f'{small_disk}/store'}})


def leftovers(directory):
    return [path.name for folder in ('spool', 'mail') for path in os.scandir(f'{directory}/store/{folder}')]


def test_full_before_the_mail_begins(agent, provider, small_disk):
    fill(small_disk, 256 * 1024)
    with Wire(agent.port) as wire:
        replies = [wire.say('MAIL FROM:<hana@example.co.jp>'), wire.say(f'RCPT TO:<{HELD}>'), wire.say('DATA')]
        if replies[-1].startswith('354'):
            wire.content(mail(to=HELD))
            replies.append(wire.reply())
        assert any(reply.startswith('452 4.3.1') for reply in replies), replies
    assert leftovers(small_disk) == []
    os.unlink(f'{small_disk}/filler')
    with Wire(agent.port) as wire:
        assert wire.submit('hana@example.co.jp', [HELD], mail(to=HELD, subject='room again')).startswith('250')
    agent.move_clock(3601)
    assert provider.wait_for(1)[0].header('Subject') == 'room again'


def test_full_while_the_mail_comes(agent, provider, small_disk):
    """The announced size fits nowhere near: the client sends anyway, without SIZE."""
    fill(small_disk, 17 * MIB)
    line = b'0123456789' * 7 + b'\r\n'
    with Wire(agent.port) as wire:
        wire.envelope('hana@example.co.jp', [HELD])
        wire.content(mail(to=HELD) + line * (30 * MIB // len(line)))
        assert wire.reply().startswith('452 4.3.1')
        assert leftovers(small_disk) == []
        os.unlink(f'{small_disk}/filler')
        assert wire.submit('hana@example.co.jp', [HELD], mail(to=HELD, subject='room again')).startswith('250')
    agent.move_clock(3601)
    assert provider.wait_for(1)[0].header('Subject') == 'room again'


def test_held_mail_still_leaves_on_a_full_disk(agent, provider, small_disk):
    with Wire(agent.port) as wire:
        assert wire.submit('hana@example.co.jp', [HELD], mail(to=HELD, subject='kept')).startswith('250')
    fill(small_disk, 0)
    agent.move_clock(3601)
    os.unlink(f'{small_disk}/filler')
    agent.move_clock(1000)
    try:
        assert provider.wait_for(1)[0].header('Subject') == 'kept'
    except AssertionError as error:
        raise AssertionError(f'{error}\n{agent.mails()}\n{agent.log}') from None
    provider.stays_at(1, 0.5)
    agent.restart()
    agent.move_clock(1000)
    provider.stays_at(1, 0.5)
