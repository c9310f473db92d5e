# SPDX-License-Identifier: GPL-3.0-or-later
"""What was cancelled stays, what asks is answered first, who gave up is told apart from who was told, and an end in the
middle of it all is an end like any other."""
import json
import re
import signal
import sqlite3
import time

import pytest

from agent import POLICY, eventually
from wire import Wire, mail

HANA = 'hana@example.co.jp'
TO = 'b@example.org'
HELD = 'b@held.example.com'
REFUSED = 'x@refused.example.com'
BROKEN = POLICY.replace('reject: true', 'rejekt: true')
CONFIRMED = POLICY.replace('hold: 60m', 'hold: 60m\n      confirm: true')
HOUR = 3600


def submit(agent, recipients, data):
    with Wire(agent.port) as wire:
        reply = wire.submit(HANA, recipients, data)
        wire.say('QUIT')
    return reply


@pytest.fixture
def slow_disk(tmp_path):
    """While the file exists no commit ends."""
    flag = tmp_path / 'slow'
    yield flag
    flag.unlink(missing_ok=True)


@pytest.fixture
def events():
    """All events of an agent's store, as they will be uploaded."""
    def read(agent):
        database = sqlite3.connect(f'file:{agent.store}/store.db?mode=ro', uri=True)
        try:
            return [json.loads(body) for body, in database.execute('SELECT body FROM events ORDER BY number')]
        finally:
            database.close()
    return read


# --- cancelled ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize('restart', [False, True])
def test_what_is_cancelled_before_it_is_judged_stays(make_agent, provider, restart):
    agent = make_agent(policy=BROKEN)
    submit(agent, [TO], mail(subject='unjudged'))
    agent.ctl('cancel', agent.mail('unjudged')['id'])
    if restart:
        agent.stop()
    agent.write_policy(POLICY)
    if restart:
        agent.start()
    eventually(lambda: agent.ctl_json('status')['policy']['in-force'], what='the good policy')
    assert submit(agent, [TO], mail(subject='next')).startswith('250')
    agent.wait_for_state('next', 'sent')
    assert agent.states('unjudged') == {TO: 'cancelled'} and agent.mail('unjudged')['state'] == 'done'
    assert [message.header('Subject') for message in provider.messages] == ['next']


def test_why_it_waits_without_a_policy(make_agent):
    agent = make_agent(policy=BROKEN)
    submit(agent, [TO], mail(subject='unjudged'))
    assert 'no policy is in force' in agent.ctl('show', agent.mail('unjudged')['id']).stdout
    assert 'no policy is in force' in agent.ctl('release', agent.mail('unjudged')['id'], check=False).stderr


@pytest.mark.parametrize('end', ['cancelled', 'failed'])
def test_who_sends_again_what_will_not_leave_wants_it_to_leave(agent, provider, end):
    wire = Wire(agent.port)
    wire.envelope(HANA, [HELD])
    wire.content(mail(subject='first', to=HELD))
    wire.reset()
    eventually(lambda: agent.mail('first'), what='the first')
    if end == 'failed':
        provider.on('DOT', '550 5.7.1 no')
        agent.ctl('release', agent.mail('first')['id'])
        agent.wait_for_state('first', 'failed')
    else:
        agent.ctl('cancel', agent.mail('first')['id'])
    again = submit(agent, [HELD], mail(subject='first', to=HELD, message_id='2@example.co.jp'))
    assert agent.mails()[0]['id'] not in again and len(agent.mails()) == 2
    (waiting,) = [kept for kept in agent.mails() if kept['deliveries'][0]['state'] == 'waiting']
    agent.ctl('release', waiting['id'])
    provider.wait_for(1)


def test_after_three_tries_the_same_text_is_a_mail_of_its_own(agent, provider):
    answer = provider.pause('DOT')
    for number in (1, 2):
        wire = Wire(agent.port)
        wire.envelope(HANA, [TO])
        wire.content(mail(subject='again', message_id=f'{number}@example.co.jp'))
        provider.wait_for_log('.')
        time.sleep(0.4)
        wire.reset()
        time.sleep(0.3)
    with Wire(agent.port) as third:
        third.envelope(HANA, [TO])
        third.content(mail(subject='again', message_id='3@example.co.jp'))
        time.sleep(0.4)
        answer.set()
        assert third.reply().startswith('250') and third.say('QUIT').startswith('221')
    provider.stays_at(1, 0.5)
    assert submit(agent, [TO], mail(subject='again', message_id='4@example.co.jp')).startswith('250')
    provider.wait_for(2)


# --- a question first ----------------------------------------------------------------------------------------------------

def test_to_confirm_is_not_to_release(make_agent, provider):
    """The hold begins when the mail is confirmed, and has its whole time."""
    agent = make_agent(policy=CONFIRMED)
    submit(agent, [HELD], mail(subject='both', to=HELD))
    kept = agent.mail('both')['id']
    assert 'then held for 60 minutes' in agent.ctl('show', kept).stdout
    agent.move_clock(2 * HOUR)
    provider.stays_at(0, 0.7)
    agent.ctl('release', kept)
    assert agent.states('both') == {HELD: 'waiting'}
    agent.move_clock(HOUR - 120)
    provider.stays_at(0, 0.7)
    agent.move_clock(180)
    provider.wait_for(1)


def test_confirmed_and_released(make_agent, provider):
    agent = make_agent(policy=CONFIRMED)
    submit(agent, [HELD], mail(subject='both', to=HELD))
    agent.ctl('release', agent.mail('both')['id'])
    agent.ctl('release', agent.mail('both')['id'])
    provider.wait_for(1)


def test_a_confirmation_that_nobody_gives_expires_as_the_policy_says(make_agent, provider):
    agent = make_agent(policy=POLICY.replace('rules:', 'defaults: {hold-expiry: 2h}\nrules:').replace('hold: 60m', 'confirm: true'))
    submit(agent, [HELD], mail(subject='asked', to=HELD))
    agent.move_clock(3 * HOUR)
    agent.wait_for_state('asked', 'returned')
    assert provider.messages == []


@pytest.mark.parametrize('policy, released', [
    (POLICY.replace('hold: 60m', 'hold: {for: 60m, release: nobody}\n      confirm: true'), True), (CONFIRMED, True),
    (POLICY, False)])
def test_after_half_a_day_away_the_sender_is_asked(make_agent, provider, policy, released):
    agent = make_agent(policy=policy)
    submit(agent, [HELD], mail(subject='late', to=HELD))
    if released:
        agent.ctl('release', agent.mail('late')['id'])
    agent.stop()
    agent.move_clock(20 * HOUR)
    agent.start()
    eventually(lambda: 'more than 12 hours' in agent.ctl('show', agent.mail('late')['id']).stdout, what='the question')
    provider.stays_at(0, 0.5)
    agent.ctl('release', agent.mail('late')['id'])
    provider.wait_for(1)


def test_what_was_released_half_a_day_ago_asks_too(make_agent, provider):
    agent = make_agent()
    answer = provider.pause('MAIL')
    submit(agent, [HELD], mail(subject='late', to=HELD))
    agent.ctl('release', agent.mail('late')['id'])
    provider.wait_for_log('MAIL')
    agent.kill9()
    answer.set()
    agent.move_clock(20 * HOUR)
    agent.start()
    eventually(lambda: 'more than 12 hours' in agent.ctl('show', agent.mail('late')['id']).stdout, what='the question')
    provider.stays_at(0, 0.5)


# --- what became of each --------------------------------------------------------------------------------------------------

def test_resolved_as_sent_goes_on_for_those_who_were_put_off(agent, provider):
    there, later, gone = (f'{name}@held.example.com' for name in ('there', 'later', 'gone'))
    submit(agent, [there, later, gone], mail(subject='three', to=there))
    provider.on('RCPT', '451 4.2.1 later', address=later)
    provider.on('RCPT', '550 5.1.1 nobody', address=gone)
    provider.on('DOT', drop='after')
    agent.ctl('release', agent.mail('three')['id'])
    agent.wait_for_state('three', 'may-have-been-sent')
    agent.ctl('resolve', agent.mail('three')['id'], '--sent')
    agent.wait_for_state('three', 'failed')
    assert [message.recipients for message in provider.messages] == [[there], [later]]
    assert sorted(agent.mail('three')['deliveries'][0]['accepted']) == [later, there]
    assert {row['address'] for row in agent.ctl_json('history')} == {there, later}
    assert 'may have been sent' not in agent.ctl('show', agent.mail('three')['id']).stdout


@pytest.mark.parametrize('language', ['C.UTF-8', 'ja_JP.UTF-8'])
def test_a_refused_recipient_is_named(make_agent, provider, language):
    policy = POLICY.replace('reject: true', 'reject: {scope: recipients, message: {en: ask the sales desk, ja: 営業部へ}}')
    agent = make_agent(policy=policy, language=language[:2].replace('C.', 'en'))
    reply = submit(agent, [TO, REFUSED], mail(subject='part'))
    assert re.match('250.2.0.0 Accepted .* but not sent to ' + REFUSED, reply), reply
    assert ('次の宛先には送信しません: ' + REFUSED in reply) == (language == 'ja_JP.UTF-8')
    words = '営業部へ' if language == 'ja_JP.UTF-8' else 'ask the sales desk'
    assert 'rule no-mail-there: ask the sales desk' in reply
    agent.wait_for_state('part', 'sent', recipient=TO)
    assert agent.states('part')[REFUSED] == 'refused'
    assert words in agent.ctl('show', agent.mail('part')['id']).stdout


def test_a_silent_refusal_stands_in_the_history_that_is_shown(make_agent, provider):
    policy = POLICY.replace('reject: true', 'reject: {notify: no, forward: audit@example.co.jp}')
    policy += '  - {id: strangers, if: {to: {history: new, domain: refused.example.com}}, then: {hold: true}}\n'
    agent = make_agent(policy=policy)
    submit(agent, [REFUSED], mail(subject='silent', to=REFUSED))
    assert [(row['address'], row['count']) for row in agent.ctl_json('history')] == [(REFUSED, 1)]


def test_every_end_has_its_event(agent, provider, events):
    submit(agent, [REFUSED], mail(subject='by the policy', to=REFUSED))
    provider.on('RCPT', '550 5.1.1 nobody')
    submit(agent, [TO], mail(subject='by the provider'))
    submit(agent, [HELD], mail(subject='held', to=HELD))
    eventually(lambda: [event['kind'] for event in events(agent)].count('refused') == 2, what='the events')
    found = events(agent)
    refused = [event for event in found if event['kind'] == 'refused']
    assert '550' in refused[0]['reply'] and 'nobody' in refused[1]['reply']
    assert [event['kind'] for event in found if event['mail'] == agent.mail('held')['id']] == ['submitted', 'judged', 'held']
    assert all(set(event['policy']) == {'revision', 'sha256'} for event in found)


def test_a_late_verdict_has_its_events(make_agent, provider, events):
    agent = make_agent(policy=BROKEN)
    for subject, recipient in ('held', HELD), ('refused', REFUSED), ('sent', TO):
        submit(agent, [recipient], mail(subject=subject, to=recipient))
    agent.write_policy(POLICY)
    agent.wait_for_state('sent', 'sent')
    agent.wait_for_state('held', 'waiting')
    eventually(lambda: agent.states('refused') == {REFUSED: 'returned'}, what='the return')
    of = lambda subject: [event['kind'] for event in events(agent) if event['mail'] == agent.mail(subject)['id']]
    assert of('held') == ['submitted', 'judged', 'held']
    assert of('refused') == ['submitted', 'judged', 'refused', 'returned']
    assert of('sent') == ['submitted', 'judged', 'sent']


def test_whether_the_client_was_told(agent, provider):
    wire = Wire(agent.port)
    wire.envelope(HANA, [HELD])
    wire.content(mail(subject='gone', to=HELD))
    wire.reset()
    eventually(lambda: agent.ctl_json('list'), what='the mail')
    submit(agent, [HELD], mail(subject='told', to=HELD))
    shown = lambda subject: agent.ctl_json('show', agent.mail(subject)['id'])['client-told']
    eventually(lambda: shown('told'), what='the told one')
    assert shown('gone') is False


def test_the_beginning_of_an_old_id(agent):
    for number in range(3):
        submit(agent, [HELD], mail(subject=f'number {number}', to=HELD))
    ids = [kept['id'] for kept in agent.mails()]
    for kept in ids:
        assert kept in agent.ctl('show', kept[:-1]).stdout
    several = agent.ctl('show', ids[0][:4], check=False)
    assert several.returncode == 2 and ids[0] in several.stderr
    assert 'there is no mail ffff' in agent.ctl('show', 'ffff', check=False).stderr


def test_save_of_a_file_that_is_gone(agent):
    submit(agent, [HELD], mail(subject='held', to=HELD))
    kept = agent.mail('held')['id']
    (agent.store / 'mail' / f'{kept}.eml').unlink()
    assert 'is gone' in agent.ctl('save', kept, '-', check=False).stderr


# --- the end in the middle of it ------------------------------------------------------------------------------------------

@pytest.mark.parametrize('connections', [1, 16])
def test_many_are_due_at_the_start(make_agent, provider, connections):
    """The first look at the provider waits behind them, and finds a connection that is there already."""
    agent = make_agent(settings={'limits': {'upstream-connections': connections}})
    for number in range(20):
        submit(agent, [HELD], mail(subject=f'number {number}', to=HELD))
    agent.stop()
    agent.move_clock(2 * HOUR)
    agent.start()
    provider.wait_for(20, timeout=30)
    eventually(lambda: agent.ctl_json('list') == [], what='the end of all deliveries')
    assert len(provider.messages) == 20


def test_an_end_while_a_mail_is_being_kept(make_agent, provider, slow_disk):
    agent = make_agent(environment={'SEKISHO_DISK_SLOW_FILE': str(slow_disk)})
    slow_disk.touch()
    with Wire(agent.port) as wire:
        wire.envelope(HANA, [HELD])
        wire.content(mail(subject='held', to=HELD))
        time.sleep(0.5)
        agent.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        slow_disk.unlink()
        assert wire.reply().startswith('250')
    assert agent.process.wait(30) == 0
    agent.start()
    assert agent.states('held') == {HELD: 'waiting'}


def test_an_end_while_a_dot_is_written_down(make_agent, provider, slow_disk):
    """The dot does not go out any more; the mail leaves at the next start, once."""
    agent = make_agent(environment={'SEKISHO_DISK_SLOW_FILE': str(slow_disk)})
    submit(agent, [HELD], mail(subject='held', to=HELD))
    data = provider.pause('DATA')
    agent.ctl('release', agent.mail('held')['id'])
    provider.wait_for_log('DATA')
    slow_disk.touch()
    data.set()
    time.sleep(0.4)
    agent.process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    slow_disk.unlink()
    assert agent.process.wait(30) == 0
    assert provider.messages == []
    agent.start()
    agent.move_clock(60)
    agent.wait_for_state('held', 'sent')
    assert len(provider.messages) == 1


@pytest.mark.parametrize('recipient', [TO, HELD])
def test_an_end_while_the_provider_thinks(make_agent, provider, recipient):
    """What the provider never answers may have been sent; it is asked for nothing again."""
    agent = make_agent()
    answer = provider.pause('DOT')
    with Wire(agent.port) as wire:
        wire.envelope(HANA, [recipient])
        wire.content(mail(subject='thinking', to=recipient))
        if recipient == HELD:
            assert wire.reply().startswith('250')
            agent.ctl('release', agent.mail('thinking')['id'])
        provider.wait_for_log('.')
        agent.process.send_signal(signal.SIGTERM)
        assert agent.process.wait(30) == 0
    answer.set()
    agent.start()
    assert agent.states('thinking') == {recipient: 'may-have-been-sent'}
    agent.move_clock(2 * HOUR)
    provider.stays_at(len(provider.messages), 0.7)


def test_a_disk_that_is_full_when_a_mail_has_left(make_agent, provider, tmp_path):
    """It is written down as soon as there is room, and nobody is asked what became of it."""
    full = tmp_path / 'full'
    agent = make_agent(environment={'SEKISHO_DISK_FULL_FILE': str(full)})
    submit(agent, [HELD], mail(subject='held', to=HELD))
    answer = provider.pause('DOT')
    agent.ctl('release', agent.mail('held')['id'])
    provider.wait_for_log('.')
    full.touch()
    answer.set()
    eventually(lambda: "can't be saved" in agent.log, what='the full disk')
    full.unlink()
    agent.move_clock(11)
    agent.wait_for_state('held', 'sent')
    agent.kill9()
    agent.start()
    assert agent.states('held') == {HELD: 'sent'} and len(provider.messages) == 1


def test_a_disk_that_is_full_before_the_dot(make_agent, provider, tmp_path):
    """What can't be written down doesn't leave, and says why."""
    full = tmp_path / 'full'
    agent = make_agent(environment={'SEKISHO_DISK_FULL_FILE': str(full)})
    submit(agent, [HELD], mail(subject='held', to=HELD))
    data = provider.pause('DATA')
    agent.ctl('release', agent.mail('held')['id'])
    provider.wait_for_log('DATA')
    full.touch()
    data.set()
    eventually(lambda: 'before that can be written down' in agent.ctl('show', agent.mail('held')['id']).stdout, what='why')
    assert provider.messages == []
    full.unlink()
    agent.move_clock(11)
    provider.wait_for(1)
    agent.wait_for_state('held', 'sent')
