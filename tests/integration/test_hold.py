# SPDX-License-Identifier: GPL-3.0-or-later
"""Held mail: who gets it at once, who later, and what a clock, a restart and a sender can do about it."""
import pytest
from wire import mail

INTERNAL, EXTERNAL = 'boss@example.co.jp', 'b@held.example.com'
HOUR = 3600


def held_mail(subject='held'):
    return mail(to=f'{INTERNAL}, {EXTERNAL}', subject=subject)


@pytest.fixture
def held(agent, provider, submit):
    """One mail to two recipients, one of whom waits."""
    assert submit([INTERNAL, EXTERNAL], held_mail()).startswith('250')
    provider.wait_for(1)
    agent.wait_for_state('held', 'waiting', EXTERNAL)
    return agent


def content_of(data):
    """The mail without the header that marks the halves of a split one."""
    return b''.join(line for line in data.splitlines(keepends=True) if not line.startswith(b'X-Sekisho-Delivery:'))


def test_internal_at_once_external_later(held, provider):
    first = provider.messages[0]
    assert first.recipients == [INTERNAL]
    assert content_of(first.data) == held_mail()
    held.move_clock(HOUR - 60)
    provider.stays_at(1)
    assert held.states('held') == {INTERNAL: 'sent', EXTERNAL: 'waiting'}
    held.move_clock(61)
    second = provider.wait_for(2)[1]
    assert second.recipients == [EXTERNAL]
    assert content_of(second.data) == held_mail()
    mail_now = held.wait_for_state('held', 'sent')
    assert mail_now['state'] == 'done'


def test_the_two_halves_can_be_told_apart(held, provider):
    held.ctl('release', held.mail('held')['id'])
    tokens = [message.header('X-Sekisho-Delivery') for message in provider.wait_for(2)]
    assert all(tokens) and tokens[0] != tokens[1]


def test_what_is_shown(held):
    mail_now = held.mail('held')
    gates = [gate for delivery in mail_now['deliveries'] for gate in delivery.get('gates', [])]
    assert [gate['kind'] for gate in gates] == ['hold']
    assert gates[0]['release'] == 'sender' and gates[0]['open'] is False
    waiting = next(delivery for delivery in mail_now['deliveries'] if delivery['state'] == 'waiting')
    assert waiting['rules'] == ['slow-customer']
    assert mail_now['from'] == 'hana@example.co.jp' and mail_now['state'] == 'accepted'


def test_release(held, provider):
    held.ctl('release', held.mail('held')['id'])
    assert provider.wait_for(2)[1].recipients == [EXTERNAL]
    held.wait_for_state('held', 'sent')


def test_release_twice_sends_once(held, provider):
    mail_id = held.mail('held')['id']
    held.ctl('release', mail_id)
    held.ctl('release', mail_id, check=False)
    provider.wait_for(2)
    provider.stays_at(2)


def test_cancel(held, provider):
    held.ctl('cancel', held.mail('held')['id'])
    held.wait_for_state('held', 'cancelled', EXTERNAL)
    held.move_clock(2 * HOUR)
    provider.stays_at(1)


def test_release_after_cancel_is_told_why_not(held, provider):
    mail_id = held.mail('held')['id']
    held.ctl('cancel', mail_id)
    done = held.ctl('release', mail_id, check=False)
    assert done.returncode == 1
    assert 'cancel' in (done.stdout + done.stderr).lower()
    provider.stays_at(1)


def test_an_unknown_mail(held):
    done = held.ctl('release', '01900000-0000-7000-8000-000000000000', check=False)
    assert done.returncode in (1, 2)
    assert done.stderr


def test_a_jumping_wall_clock_releases_nothing(held, provider):
    held.move_clock(48 * HOUR, boot=False)
    provider.stays_at(1)
    assert held.states('held')[EXTERNAL] == 'waiting'
    held.move_clock(-96 * HOUR, boot=False)
    provider.stays_at(1)
    held.move_clock(HOUR + 1, wall=False)
    assert provider.wait_for(2)[1].recipients == [EXTERNAL]


def test_a_restart_keeps_it(held, provider):
    held.move_clock(HOUR - 600)
    held.restart()
    provider.stays_at(1)
    assert held.states('held') == {INTERNAL: 'sent', EXTERNAL: 'waiting'}
    held.move_clock(605)
    assert content_of(provider.wait_for(2)[1].data) == held_mail()
    held.wait_for_state('held', 'sent')


def test_time_passes_while_the_agent_is_away(held, provider):
    assert held.stop() == 0
    held.move_clock(HOUR + 5)
    held.start()
    assert provider.wait_for(2)[1].recipients == [EXTERNAL]


def test_a_kill_keeps_it(held, provider):
    held.kill9()
    held.start()
    provider.stays_at(1)
    held.move_clock(HOUR + 1)
    assert content_of(provider.wait_for(2)[1].data) == held_mail()


def test_many_held_mails_leave_in_order(agent, provider, submit):
    for number in range(20):
        assert submit([EXTERNAL], mail(to=EXTERNAL, subject=f'mail {number}')).startswith('250')
        agent.move_clock(1)
    provider.stays_at(0, 0.5)
    assert len(agent.ctl_json('list')) == 20
    agent.move_clock(HOUR)
    subjects = [message.header('Subject') for message in provider.wait_for(20, timeout=40)]
    assert sorted(subjects) == sorted(f'mail {number}' for number in range(20))
    assert len(set(subjects)) == 20


def test_an_unsplit_mail_leaves_byte_for_byte(agent, provider, submit):
    data = mail(to=EXTERNAL, subject='whole', body='.\r\n.dot\r\n' + 'x' * 5000 + '\r\n')
    assert submit([EXTERNAL], data).startswith('250')
    agent.move_clock(HOUR + 1)
    assert provider.wait_for(1)[0].data == data


def test_a_bcc_header_never_leaves(agent, provider, submit):
    header = f'Bcc: Somebody\r\n <{EXTERNAL}>\r\n'
    assert submit([INTERNAL, EXTERNAL], mail(to=INTERNAL, subject='secret', headers=header)).startswith('250')
    agent.move_clock(HOUR + 1)
    for message in provider.wait_for(2):
        assert content_of(message.data) == mail(to=INTERNAL, subject='secret')
