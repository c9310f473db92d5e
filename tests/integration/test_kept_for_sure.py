# SPDX-License-Identifier: GPL-3.0-or-later
"""What happened is known afterwards, and what was decided holds: at ends without warning, full disks, long nights off."""
import os
import time

from agent import eventually
from disk import fill
from wire import Wire, mail

HANA = 'hana@example.co.jp'
HEAD = 'sekisho: 1\norganization: {name: Example K.K., domains: [example.co.jp], timezone: Asia/Tokyo}\nrules:\n'
HOUR = 3600


def submit(agent, recipient, subject, message=None):
    with Wire(agent.port) as wire:
        return wire.submit(HANA, [recipient], message or mail(to=recipient, subject=subject))


def test_sent_and_killed_at_once_is_still_shown(agent, provider):
    with Wire(agent.port) as wire:
        assert wire.submit(HANA, ['b@x.example'], mail(to='b@x.example', subject='quick')).startswith('250')
        assert wire.say('QUIT').startswith('221')
    # Within the second in which the row is not written yet, but when the agent knows that its client has the answer.
    eventually(lambda: not os.listdir(agent.store / 'spool'), what='the end of the submission')
    agent.kill9()
    agent.start()
    assert agent.states('quick') == {'b@x.example': 'sent'}
    assert any(row['address'] == 'b@x.example' for row in agent.ctl_json('history'))
    # Its client has its answer: the same mail again is another mail.
    assert submit(agent, 'b@x.example', 'quick').startswith('250')
    assert len(provider.messages) == 2


def test_a_command_that_can_not_be_saved_has_not_happened(make_agent, provider, small_disk):
    agent = make_agent(settings={'store': {'directory': f'{small_disk}/store'}})
    for subject in ('to cancel', 'to release'):
        assert submit(agent, 'b@held.example.com', subject).startswith('250')
    ids = {subject: agent.mail(subject)['id'] for subject in ('to cancel', 'to release')}
    fill(small_disk, 0)
    for command, subject in (('cancel', 'to cancel'), ('release', 'to release')):
        assert agent.ctl(command, ids[subject], check=False).returncode == 1
        assert agent.states(subject) == {'b@held.example.com': 'waiting'}
    os.unlink(f'{small_disk}/filler')
    agent.ctl('cancel', ids['to cancel'])
    agent.ctl('release', ids['to release'])
    agent.wait_for_state('to release', 'sent')
    agent.restart()
    agent.move_clock(2 * HOUR)
    assert agent.states('to cancel') == {'b@held.example.com': 'cancelled'}
    assert [message.header('Subject') for message in provider.messages] == ['to release']


def test_a_weekend_off_is_no_time_of_trying(agent, provider):
    provider.go_away()
    assert submit(agent, 'b@x.example', 'weekend').startswith('250')
    agent.stop()
    agent.move_clock(60 * HOUR)
    agent.start()
    eventually(lambda: 'next-try' in agent.mail('weekend')['deliveries'][0], what='a try')
    assert agent.states('weekend') == {'b@x.example': 'ready'}
    provider.listen()
    agent.ctl('retry', agent.mail('weekend')['id'])
    agent.wait_for_state('weekend', 'sent')


def test_a_confirmation_can_be_given_while_another_gate_is_closed(make_agent, provider):
    agent = make_agent(policy=HEAD + '''  - id: ask
    then: {confirm: true}
  - id: tomorrow
    then: {hold: {for: 30h, release: nobody}}
''')
    assert submit(agent, 'b@x.example', 'both').startswith('250')
    shown = agent.ctl('show', agent.mail('both')['id']).stdout
    assert 'then held for 30 hours' in shown and 'asks for a confirmation' in shown
    agent.ctl('release', agent.mail('both')['id'])
    again = agent.ctl('release', agent.mail('both')['id'], check=False)
    assert again.returncode == 1 and 'nobody' in again.stderr
    agent.move_clock(25 * HOUR)
    agent.ctl('status')
    assert agent.states('both') == {'b@x.example': 'waiting'}
    assert provider.messages == []
    agent.move_clock(6 * HOUR)
    agent.wait_for_state('both', 'sent')


def test_a_hold_that_waits_after_its_time(make_agent, provider):
    agent = make_agent(policy=HEAD + '  - id: w\n    then: {hold: {for: 60m, afterwards: wait}}\n')
    assert submit(agent, 'b@x.example', 'patient').startswith('250')
    agent.move_clock(2 * HOUR)
    agent.ctl('status')
    assert agent.states('patient') == {'b@x.example': 'waiting'}
    agent.ctl('release', agent.mail('patient')['id'])
    agent.wait_for_state('patient', 'sent')


def test_an_exchanged_policy_folder_is_noticed(agent):
    new = agent.directory / 'policy-2'
    new.mkdir()
    text = (agent.policy_folder / 'policy.yaml').read_text(encoding='utf-8')
    (new / 'policy.yaml').write_text(text.replace('refused.example.com', 'other.example.com'), encoding='utf-8')
    agent.policy_folder.rename(agent.directory / 'policy-1')
    eventually(lambda: 'problem' in agent.ctl_json('status')['policy'], what='the missing folder')
    new.rename(agent.policy_folder)
    eventually(lambda: submit(agent, 'b@other.example.com', 'probe').startswith('550'), what='the new folder')
    agent.write_policy(text)
    eventually(lambda: submit(agent, 'b@refused.example.com', 'probe').startswith('550'), what='a change in it')


def test_a_provider_that_comes_later_is_mirrored(make_agent, provider):
    provider.go_away()
    agent = make_agent()
    with Wire(agent.port) as wire:
        before = wire.say('EHLO client.example')
    provider.listen()
    assert submit(agent, 'b@x.example', 'first').startswith('250')
    agent.wait_for_state('first', 'sent', timeout=30)
    with Wire(agent.port) as wire:
        after = wire.say('EHLO client.example')
    assert 'SMTPUTF8' not in before and 'SMTPUTF8' in after


def test_many_addresses_in_a_header(agent, provider):
    """So many that looking at them may take longer than clients wait: the same mail comes again, and is the same."""
    addresses = ',\r\n '.join(f'u{number}@x.example' for number in range(50000))
    message = f'From: {HANA}\r\nSubject: many\r\nTo: {addresses}\r\n\r\nhi\r\n'.encode()
    with Wire(agent.port) as wire:
        wire.envelope(HANA, ['b@held.example.com'])
        wire.content(message)
        time.sleep(0.3)
    with Wire(agent.port, timeout=60) as wire:
        assert wire.submit(HANA, ['b@held.example.com'], message).startswith('250')
    (kept,) = agent.mails()
    assert [delivery['state'] for delivery in kept['deliveries']] == ['waiting']
    assert provider.messages == []


def test_a_partly_silent_refusal_hides_only_itself(make_agent, provider):
    agent = make_agent(policy=HEAD + '''  - id: quiet
    if: {to: {domain: quiet.example}}
    then: {reject: {scope: recipients, notify: no, forward: audit@example.co.jp}}
  - id: slow
    if: {to: {domain: held.example}}
    then: {hold: 60m}
''')
    recipients = ['b@quiet.example', 'c@held.example']
    with Wire(agent.port) as wire:
        assert wire.submit(HANA, recipients, mail(to='c@held.example', subject='partly')).startswith('250')
    assert agent.states('partly') == {'b@quiet.example': 'sent', 'c@held.example': 'waiting'}
    assert [row['subject'] for row in agent.ctl_json('list')] == ['partly']
    shown = agent.ctl_json('show', agent.mail('partly')['id'])
    assert 'quiet' not in str(shown['verdict']['rules']) and 'audit@' not in str(shown)
    assert {one['address']: one['outcome'] for one in shown['verdict']['recipients']} == {
        'b@quiet.example': 'send', 'c@held.example': 'hold'}
    agent.ctl('cancel', agent.mail('partly')['id'])
    assert agent.states('partly') == {'b@quiet.example': 'sent', 'c@held.example': 'cancelled'}
    assert agent.mail('partly')['state'] == 'done' and agent.ctl_json('list') == []
    agent.move_clock(2 * HOUR)
    agent.restart()
    assert agent.states('partly') == {'b@quiet.example': 'sent', 'c@held.example': 'cancelled'}
    assert provider.messages == []


def test_a_silent_refusal_looks_like_a_mail_that_left(make_agent, provider):
    agent = make_agent(policy=HEAD + '''  - id: quiet
    if: {to: {domain: quiet.example}}
    then: {reject: {notify: no, forward: audit@example.co.jp}}
''')
    assert submit(agent, 'b@quiet.example', 'quiet').startswith('250')
    assert submit(agent, 'b@x.example', 'loud').startswith('250')
    agent.wait_for_state('loud', 'sent')
    assert [message.recipients for message in provider.messages] == [['b@x.example']]
    quiet, loud = (agent.ctl_json('show', agent.mail(subject)['id']) for subject in ('quiet', 'loud'))

    def shape(value):
        if isinstance(value, dict):
            return {key.replace('quiet', 'x'): shape(one) for key, one in value.items()}
        return [shape(one) for one in value] if isinstance(value, list) else type(value)
    assert shape(quiet) == shape(loud)
    assert quiet['deliveries'][0]['state'] == 'sent' and quiet['verdict']['outcome'] == 'send'
    assert 'quiet\'' not in str(quiet['verdict']) and 'audit' not in str(quiet) and 'reject' not in str(quiet)


def test_what_is_judged_late_is_refused_all_the_same(make_agent, provider):
    """Held while there was no policy; the one that comes asks for a confirmation that nobody can give."""
    agent = make_agent(policy={}, settings={'dialog': {'without-desktop': 'reject'}})
    assert submit(agent, 'b@x.example', 'late').startswith('250')
    agent.write_policy(HEAD + '  - id: ask\n    then: {confirm: true}\n')
    agent.wait_for_state('late', 'returned')
    assert 'must be confirmed' in agent.ctl('show', agent.mail('late')['id']).stdout
    assert provider.messages == []
