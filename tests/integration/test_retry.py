# SPDX-License-Identifier: GPL-3.0-or-later
"""A provider that can't take a mail now: it is kept, tried again, and at last shown as failed."""
import email.utils
import resource
import time

import pytest
from agent import eventually
from provider import FOREVER
from wire import mail

DELAYS = [10, 30, 60, 120, 300, 600, 900]


@pytest.fixture
def agent(make_agent, provider):
    """An agent that has looked at its provider and closed that connection: what a test says of connections is for later ones."""
    agent = make_agent()
    provider.wait_for_log('EHLO')
    time.sleep(0.3)  # it has the provider's answer by now
    agent.move_clock(60)
    provider.wait_for_log('QUIT')
    agent.first_offset = agent.boot_offset
    return agent


def attempts(provider):
    return provider.count_log('MAIL FROM')


@pytest.mark.parametrize('moment', ['MAIL', 'RCPT', 'DATA', 'DOT'])
def test_a_temporary_no_at_any_moment(agent, provider, submit, moment):
    provider.on(moment, '451 4.3.0 not now')
    data = mail(subject='later')
    assert submit(['b@example.org'], data).startswith('250')
    assert provider.messages == []
    mail_now = agent.mail('later')
    assert mail_now['state'] == 'accepted'
    assert '451 4.3.0 not now' in mail_now['deliveries'][0]['reply']
    agent.move_clock(11)
    assert provider.wait_for(1)[0].data == data
    agent.wait_for_state('later', 'sent')


def test_the_times_of_the_tries(agent, provider, submit):
    provider.on('MAIL', '451 4.3.0 not now', times=FOREVER)
    assert submit(['b@example.org'], mail(subject='patient')).startswith('250')
    for number, delay in enumerate(DELAYS, 1):
        agent.wait_for_state('patient', 'ready')
        assert attempts(provider) == number
        agent.move_clock(delay - 2)
        provider.stays_at(0, 0.4)
        assert attempts(provider) == number, f'try {number + 1} came before {delay} s were over'
        agent.move_clock(3)
        provider.wait_for_log('MAIL FROM', number + 1)
    agent.wait_for_state('patient', 'ready')
    provider.forget_actions()
    agent.move_clock(901)
    provider.wait_for(1)


@pytest.mark.parametrize('moment', ['MAIL', 'RCPT', 'DATA', 'DOT'])
def test_a_temporary_no_to_a_held_mail(agent, provider, submit, moment):
    to = 'b@held.example.com'
    data = mail(to=to, subject='held, then later')
    assert submit([to], data).startswith('250')
    provider.on(moment, '451 4.3.0 not now')
    agent.move_clock(3601)
    provider.wait_for_log('MAIL FROM')
    agent.wait_for_state('held, then later', 'ready')
    agent.move_clock(11)
    assert provider.wait_for(1)[0].data == data
    agent.wait_for_state('held, then later', 'sent')


def test_the_next_try_is_shown(agent, provider, submit):
    provider.on('MAIL', '451 4.3.0 not now')
    assert submit(['b@example.org'], mail(subject='shown')).startswith('250')
    delivery = agent.mail('shown')['deliveries'][0]
    assert 'T' in delivery['next-try']


@pytest.mark.parametrize('moment', ['CONNECT', 'EHLO', 'MAIL', 'RCPT', 'DATA', 'CONTENT'])
def test_a_connection_lost_before_our_dot(agent, provider, submit, moment):
    provider.on(moment, drop='before', times=3)
    # More than the sockets between the two take: else all of it, dot included, is on its way before anybody notices.
    data = mail(subject='lost', body=('x' * 998 + '\r\n') * 12_000)
    assert submit(['b@example.org'], data).startswith('250')
    provider.forget_actions()
    agent.move_clock(11)
    assert provider.wait_for(1)[0].data == data
    agent.wait_for_state('lost', 'sent')
    provider.stays_at(1, 0.3)


def test_a_provider_that_is_down(agent, provider, submit):
    provider.go_away()
    data = mail(subject='down')
    assert submit(['b@example.org'], data).startswith('250')
    first_time = agent.mail('down')['deliveries'][0]['next-try']
    agent.move_clock(11)
    eventually(lambda: agent.mail('down')['deliveries'][0].get('next-try', first_time) != first_time, what='the second try')
    provider.listen()
    agent.move_clock(31)
    assert provider.wait_for(1)[0].data == data


def test_down_across_a_restart(agent, provider, submit):
    provider.go_away()
    data = mail(subject='down')
    assert submit(['b@example.org'], data).startswith('250')
    agent.restart()
    provider.listen()
    agent.move_clock(31)
    assert provider.wait_for(1)[0].data == data
    provider.stays_at(1, 0.3)


def test_a_busy_provider_says_421(agent, provider, submit):
    provider.on('EHLO', '421 4.3.2 too busy')
    assert submit(['b@example.org'], mail(subject='busy')).startswith('250')
    agent.move_clock(11)
    provider.wait_for(1)


def test_after_a_day_it_has_failed(agent, provider, submit):
    provider.on('RCPT', '450 4.2.1 mailbox busy', times=FOREVER)
    assert submit(['b@example.org'], mail(subject='hopeless')).startswith('250')
    for _ in range(120):
        if agent.states('hopeless')['b@example.org'] == 'failed':
            break
        seen = attempts(provider)
        agent.move_clock(901)
        try:
            provider.wait_for_log('MAIL FROM', seen + 1, timeout=3)
        except AssertionError:
            continue
    assert agent.states('hopeless')['b@example.org'] == 'failed'
    assert 24 * 3600 <= agent.boot_offset - agent.first_offset <= 25.5 * 3600
    assert '450 4.2.1 mailbox busy' in agent.mail('hopeless')['deliveries'][0]['reply']
    assert agent.mail('hopeless')['id'] in agent.ctl('list').stdout


def test_retry_by_hand(agent, provider, submit):
    provider.on('MAIL', '451 4.3.0 not now')
    assert submit(['b@example.org'], mail(subject='impatient')).startswith('250')
    agent.ctl('retry', agent.mail('impatient')['id'])
    provider.wait_for(1)
    agent.wait_for_state('impatient', 'sent')
    agent.move_clock(60)
    provider.stays_at(1, 0.5)


def test_a_failed_mail_can_be_retried(agent, provider, submit):
    to = 'b@held.example.com'
    provider.on('RCPT', '550 5.7.9 not today', address=to)
    assert submit([to], mail(to=to, subject='held and refused')).startswith('250')
    agent.move_clock(3601)
    agent.wait_for_state('held and refused', 'failed')
    assert '550 5.7.9 not today' in agent.mail('held and refused')['deliveries'][0]['reply']
    agent.ctl('retry', agent.mail('held and refused')['id'])
    provider.wait_for(1)
    agent.wait_for_state('held and refused', 'sent')


def test_a_failed_mail_can_be_saved(agent, provider, submit, tmp_path):
    to = 'b@held.example.com'
    data = mail(to=to, subject='to be saved', body='ほぞん\r\n.\r\n')
    assert submit([to], data).startswith('250')
    file = tmp_path / 'saved.eml'
    agent.ctl('save', agent.mail('to be saved')['id'], str(file))
    assert file.read_bytes() == data


def test_one_of_two_recipients_is_refused(agent, provider, submit):
    """The other one gets the mail once, and only once."""
    provider.on('RCPT', '550 5.1.1 no such mailbox', address='gone@example.org', times=FOREVER)
    reply = submit(['b@example.org', 'gone@example.org'], mail(subject='half'))
    agent.move_clock(700)
    provider.stays_at(1 if reply.startswith('250') else 0, 1)
    if reply.startswith('250'):
        assert provider.messages[0].recipients == ['b@example.org']
        assert 'no such mailbox' in agent.ctl('show', agent.mail('half')['id']).stdout
    else:
        assert 'no such mailbox' in reply


def test_one_of_two_recipients_has_to_wait(agent, provider, submit):
    """Nobody gets it twice."""
    provider.on('RCPT', '450 4.2.1 mailbox busy', address='busy@example.org', times=1)
    assert submit(['b@example.org', 'busy@example.org'], mail(subject='half now')).startswith('250')
    agent.move_clock(11)
    agent.wait_for_state('half now', 'sent')
    given = sorted(recipient for message in provider.messages for recipient in message.recipients)
    assert given == ['b@example.org', 'busy@example.org']


def test_who_was_refused_for_good_is_not_asked_again(agent, provider, submit):
    gone, busy, there = (f'{name}@held.example.com' for name in ('gone', 'busy', 'there'))
    provider.on('RCPT', '550 5.1.1 no such mailbox', address=gone, times=FOREVER)
    provider.on('RCPT', '450 4.2.1 mailbox busy', address=busy, times=1)
    assert submit([gone, busy, there], mail(subject='three')).startswith('250')
    agent.ctl('release', agent.mail('three')['id'])
    provider.wait_for(1)
    agent.wait_for_state('three', 'ready')
    agent.move_clock(11)
    agent.wait_for_state('three', 'failed')
    assert [message.recipients for message in provider.messages] == [[there], [busy]]
    assert len([line for line in provider.log if 'RCPT' in str(line) and gone in str(line)]) == 1
    assert {row['address'] for row in agent.ctl_json('history')} == {there, busy}


def test_a_cancel_says_who_has_it_already(agent, provider, submit):
    busy, there = 'busy@held.example.com', 'there@held.example.com'
    provider.on('RCPT', '450 4.2.1 mailbox busy', address=busy, times=FOREVER)
    assert submit([busy, there], mail(subject='half')).startswith('250')
    kept = agent.mail('half')['id']
    agent.ctl('release', kept)
    provider.wait_for(1)
    agent.wait_for_state('half', 'ready')
    agent.ctl('cancel', kept)
    (delivery,) = agent.mail('half')['deliveries']
    assert (delivery['state'], delivery['accepted']) == ('cancelled', [there])
    assert f'cancelled; sent to {there}' in agent.ctl('show', kept).stdout
    agent.move_clock(700)
    provider.stays_at(1, 1)


def test_hundreds_that_waited(agent, provider, submit):
    """More than there are descriptors for: they leave one after the other, and what comes in between is not kept waiting."""
    provider.go_away()
    for number in range(300):
        assert submit(['b@example.org'], mail(subject=f'number {number}')).startswith('250')
    resource.prlimit(agent.process.pid, resource.RLIMIT_NOFILE, (128, 128))
    provider.on('DOT', delay=0.05, times=FOREVER)
    provider.listen()
    agent.move_clock(700)
    provider.wait_for(20)
    assert submit(['b@example.org'], mail(subject='in between')).startswith('250')
    assert len(provider.messages) < 300
    provider.wait_for(301, timeout=60)
    eventually(lambda: agent.ctl_json('list') == [], what='the end of all deliveries')
    assert len({message.header('Subject') for message in provider.messages}) == 301 == len(provider.messages)


def test_dsn_parameters_are_passed_on(agent, provider):
    from wire import Wire
    with Wire(agent.port) as wire:
        assert 'DSN' in wire.say('EHLO client.example') or provider.connections == 0
        agent_offers = wire.say('EHLO client.example')
        if 'DSN' not in agent_offers:
            wire.submit('hana@example.co.jp', ['b@example.org'], mail(subject='first'))
            provider.wait_for(1)
            assert 'DSN' in wire.say('EHLO client.example')
        assert wire.say('MAIL FROM:<hana@example.co.jp> RET=HDRS ENVID=q4').startswith('250')
        assert wire.say('RCPT TO:<b@example.org> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;b@example.org').startswith('250')
        assert wire.say('DATA').startswith('354')
        wire.content(mail(subject='with receipts'))
        assert wire.reply().startswith('250')
    message = provider.messages[-1]
    assert {'RET=HDRS', 'ENVID=q4'} <= set(message.mail_parameters)
    assert {'NOTIFY=SUCCESS,FAILURE', 'ORCPT=rfc822;b@example.org'} <= set(message.recipient_parameters['b@example.org'])


def test_a_provider_without_8bitmime(make_provider, make_agent):
    provider = make_provider(keywords=['SIZE 1000000'])
    agent = make_agent(url=provider.url)
    from wire import Wire
    with Wire(agent.port) as wire:
        assert wire.submit('hana@example.co.jp', ['b@example.org'], mail(subject='seven', body='plain\r\n')).startswith('250')
    message = provider.wait_for(1)[0]
    assert not any(parameter.upper().startswith('BODY=') for parameter in message.mail_parameters)
    assert email.utils.parseaddr(message.header('From'))[1] == 'hana@example.co.jp'
