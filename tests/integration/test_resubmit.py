# SPDX-License-Identifier: GPL-3.0-or-later
"""A client that gave up and submits again: one mail leaves. A client that was answered may say the same twice."""
import threading
import time

from wire import Wire, mail

TO = 'b@example.org'
HELD = 'b@held.example.com'


def first_try(subject='again', to=TO):
    return mail(to=to, subject=subject)


def second_try(subject='again', to=TO):
    """As a mail program makes it when Send is pressed once more."""
    return mail(to=to, subject=subject, message_id='20261124.2@example.co.jp', date='Tue, 24 Nov 2026 10:01:40 +0900')


def give_up(agent, provider, data, recipient=TO, moment='RCPT'):
    """Submits, and goes away with a reset while the provider still thinks."""
    wire = Wire(agent.port)
    wire.envelope('hana@example.co.jp', [recipient])
    wire.content(data)
    provider.wait_for_log(moment)
    wire.reset()


def test_while_the_first_is_still_under_way(agent, provider):
    answer = provider.pause('DOT')
    give_up(agent, provider, first_try(), moment='.')
    with Wire(agent.port) as wire:
        wire.envelope('hana@example.co.jp', [TO])
        wire.content(second_try())
        threading.Timer(1, answer.set).start()
        assert wire.reply().startswith('250')
    assert len(provider.wait_for(1)) == 1
    provider.stays_at(1, 0.7)


def test_after_the_first_has_been_sent(agent, provider):
    answer = provider.pause('DOT')
    give_up(agent, provider, first_try(), moment='.')
    answer.set()
    provider.wait_for(1)
    with Wire(agent.port) as wire:
        assert wire.submit('hana@example.co.jp', [TO], second_try()).startswith('250')
        wire.say('QUIT')
    provider.stays_at(1, 0.7)


def test_the_answer_it_gets_is_the_first_ones(agent, provider):
    answer = provider.pause('DOT')
    provider.actions['DOT'][0].reply = '554 5.6.0 not this one'
    give_up(agent, provider, first_try(), moment='.')
    with Wire(agent.port) as wire:
        wire.envelope('hana@example.co.jp', [TO])
        wire.content(second_try())
        threading.Timer(1, answer.set).start()
        reply = wire.reply()
    assert reply.startswith('554') and 'not this one' in reply
    provider.stays_at(0, 0.5)


def test_a_held_mail(agent, provider):
    wire = Wire(agent.port)
    wire.envelope('hana@example.co.jp', [HELD])
    wire.content(first_try(to=HELD))
    wire.reset()
    with Wire(agent.port) as wire:
        assert wire.submit('hana@example.co.jp', [HELD], second_try(to=HELD)).startswith('250')
        wire.say('QUIT')
    agent.move_clock(3601)
    provider.wait_for(1)
    provider.stays_at(1, 0.7)


def test_who_was_answered_may_send_the_same_again(agent, provider):
    for data in (first_try(), second_try()):
        with Wire(agent.port) as wire:
            assert wire.submit('hana@example.co.jp', [TO], data).startswith('250')
            assert wire.say('QUIT').startswith('221')
    assert len(provider.wait_for(2)) == 2


def test_two_clients_may_say_the_same_at_the_same_time(agent, provider):
    """Neither has given up: whether the first has read its answer can't be known yet."""
    with Wire(agent.port) as one, Wire(agent.port) as other:
        assert one.submit('hana@example.co.jp', [HELD], first_try()).startswith('250')
        assert other.submit('hana@example.co.jp', [HELD], second_try()).startswith('250')
    assert len(agent.mails()) == 2
    for kept in agent.mails():
        agent.ctl('release', kept['id'])
    provider.wait_for(2)


def test_another_text_is_another_mail(agent, provider):
    answer = provider.pause('DOT')
    give_up(agent, provider, mail(subject='again', body='ten pieces\r\n'), moment='.')
    answer.set()
    with Wire(agent.port) as wire:
        assert wire.submit('hana@example.co.jp', [TO], mail(subject='again', body='eleven pieces\r\n')).startswith('250')
    provider.wait_for(2)


def test_another_recipient_is_another_mail(agent, provider):
    answer = provider.pause('DOT')
    give_up(agent, provider, first_try(), moment='.')
    answer.set()
    with Wire(agent.port) as wire:
        assert wire.submit('hana@example.co.jp', ['c@example.org'], second_try()).startswith('250')
    provider.wait_for(2)


def test_after_half_an_hour_it_is_a_mail_of_its_own(agent, provider):
    answer = provider.pause('DOT')
    give_up(agent, provider, first_try(), moment='.')
    answer.set()
    provider.wait_for(1)
    time.sleep(1)  # the agent has the provider's answer by now; the half hour counts from there
    agent.move_clock(31 * 60)
    with Wire(agent.port) as wire:
        assert wire.submit('hana@example.co.jp', [TO], second_try()).startswith('250')
    provider.wait_for(2)


def test_across_a_crash(agent, provider):
    """The agent died after the dot; the user presses Send again once it is back."""
    answer = provider.pause('DOT')
    with Wire(agent.port) as wire:
        wire.envelope('hana@example.co.jp', [TO])
        wire.content(first_try())
        provider.wait_for_log('.')
        agent.kill9()
    answer.set()
    provider.wait_for(1)
    agent.start()
    agent.wait_for_state('again', 'may-have-been-sent')
    with Wire(agent.port) as wire:
        assert wire.submit('hana@example.co.jp', [TO], second_try()).startswith('250')
    provider.stays_at(1, 1)
