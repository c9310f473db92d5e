# SPDX-License-Identifier: GPL-3.0-or-later
"""A changed policy folder: a good one is in force soon, a broken one leaves the last good one, and status says so."""
import os
import time

import pytest
from agent import POLICY, eventually
from wire import Wire, mail

REFUSED, FREE = 'x@refused.example.com', 'x@new.example.com'
NEW = POLICY.replace('refused.example.com', 'new.example.com')
BROKEN = POLICY.replace('reject: true', 'rejekt: true')


def reply_to(agent, recipient, subject='probe'):
    with Wire(agent.port) as wire:
        return wire.submit('hana@example.co.jp', [recipient], mail(to=recipient, subject=subject))


def status_text(agent):
    return agent.ctl('status', '--json').stdout


def test_a_new_policy_is_noticed(agent, provider):
    assert reply_to(agent, REFUSED).startswith('550')
    agent.write_policy(NEW)
    eventually(lambda: reply_to(agent, FREE).startswith('550'), what='the new policy')
    assert reply_to(agent, REFUSED).startswith('250')


def test_update_waits_for_it(agent):
    agent.write_policy(NEW)
    agent.ctl('update')
    assert reply_to(agent, FREE).startswith('550')


def test_a_reload_signal(agent):
    agent.write_policy(NEW)
    agent.reload()
    eventually(lambda: reply_to(agent, FREE).startswith('550'), what='the new policy')


def test_a_broken_policy_leaves_the_last_good_one(agent, provider):
    before = agent.ctl_json('status')['policy']['sha256']
    agent.write_policy(BROKEN)
    eventually(lambda: 'rejekt' in status_text(agent), what='the problem in status')
    assert 'policy.yaml:' in status_text(agent)
    assert reply_to(agent, REFUSED).startswith('550')
    assert agent.ctl_json('status')['policy']['sha256'] == before
    agent.write_policy(NEW)
    eventually(lambda: 'rejekt' not in status_text(agent), what='the end of the problem')
    assert reply_to(agent, FREE).startswith('550')
    assert agent.ctl_json('status')['policy']['sha256'] != before


def test_update_says_what_is_wrong(agent):
    agent.write_policy(BROKEN)
    done = agent.ctl('update', check=False)
    assert done.returncode in (1, 2)
    assert 'policy.yaml:' in done.stdout + done.stderr and 'rejekt' in done.stdout + done.stderr


def test_a_folder_that_goes_away(agent):
    (agent.policy_folder / 'policy.yaml').unlink()
    eventually(lambda: agent.ctl_json('status')['policy'].get('problem'), what='the problem in status')
    assert reply_to(agent, REFUSED).startswith('550')


def test_a_pipe_in_its_place(agent, provider):
    """Nobody writes to it: to wait for that would be for good."""
    (agent.policy_folder / 'policy.yaml').unlink()
    os.mkfifo(agent.policy_folder / 'policy.yaml')
    eventually(lambda: 'is no plain file' in status_text(agent), what='the problem in status')
    assert reply_to(agent, REFUSED).startswith('550')
    assert agent.ctl('update', check=False).returncode in (1, 2)
    agent.stop()
    (agent.policy_folder / 'policy.yaml').unlink()


def test_kept_mail_stays_under_the_policy_of_its_submission(agent, provider):
    held = 'b@held.example.com'
    assert reply_to(agent, held, subject='kept').startswith('250')
    agent.write_policy(POLICY.replace('hold: 60m', 'reject: true'))
    agent.ctl('update')
    assert reply_to(agent, held, subject='later').startswith('550')
    assert agent.states('kept') == {held: 'waiting'}
    agent.move_clock(3601)
    assert provider.wait_for(1)[0].header('Subject') == 'kept'


def test_without_a_good_one_everything_is_held_until_there_is_one(make_agent, provider):
    agent = make_agent(policy=BROKEN)
    assert reply_to(agent, 'boss@example.co.jp', subject='unjudged').startswith('250')
    agent.wait_for_state('unjudged', 'waiting')
    provider.stays_at(0, 0.5)
    agent.write_policy(POLICY)
    agent.ctl('update')
    assert reply_to(agent, 'boss@example.co.jp', subject='judged').startswith('250')
    assert 'judged' in [message.header('Subject') for message in provider.wait_for(1)]


@pytest.mark.parametrize('times', [20])
def test_many_changes_in_a_row(agent, times):
    for number in range(times):
        agent.write_policy([NEW, BROKEN, POLICY][number % 3])
    agent.write_policy(NEW)
    agent.ctl('update')
    assert reply_to(agent, FREE).startswith('550')
    assert reply_to(agent, REFUSED).startswith('250')


# --- every file that the policy names ----------------------------------------------------------------------------------

OWN = '''sekisho: 1
rules:
  - id: mine
    if: {to: {domain: mine.example.com}}
    then: {hold: 60m}
'''
MINE = 'x@mine.example.com'


def with_list(name):
    text = POLICY.replace('rules:\n', f'lists: {{closed: {{file: {name}}}}}\nrules:\n', 1)
    return text + '''  - id: closed
    if: {to: {in: closed}}
    then: {reject: true}
'''


def domains(*names):
    return ''.join(f'{name}\n' for name in ('domain', *names))


def replace(path, text):
    temporary = path.with_name(f'.{path.name}.new')
    temporary.write_text(text)
    temporary.replace(path)


@pytest.mark.parametrize('name', ['closed.csv', 'partners/closed.csv', 'a/b/c/closed.csv', 'lists/closed.csv'])
def test_a_list_anywhere_in_the_folder(make_agent, name):
    agent = make_agent(start=False)
    path = agent.policy_folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(domains('other.example.com'))
    agent.write_policy(with_list(name))
    agent.start()
    assert reply_to(agent, FREE).startswith('250')
    replace(path, domains('new.example.com'))
    eventually(lambda: reply_to(agent, FREE).startswith('550'), what='the new list')
    path.write_text(domains('other.example.com'))
    eventually(lambda: reply_to(agent, FREE).startswith('250'), what='the list written in its place')


def test_a_folder_of_lists_that_is_made_later(agent):
    agent.write_policy(with_list('later/deep/closed.csv'))
    eventually(lambda: 'closed.csv' in status_text(agent), what='the missing file in status')
    (agent.policy_folder / 'later').mkdir()
    time.sleep(0.5)
    (agent.policy_folder / 'later/deep').mkdir()
    time.sleep(0.5)
    (agent.policy_folder / 'later/deep/closed.csv').write_text(domains('new.example.com'))
    eventually(lambda: reply_to(agent, FREE).startswith('550'), what='the list that was missing')


def test_a_list_that_is_a_link_to_elsewhere(make_agent):
    agent = make_agent(start=False)
    shared = agent.directory / 'shared'
    shared.mkdir()
    (shared / 'closed.csv').write_text(domains('other.example.com'))
    (agent.policy_folder / 'closed.csv').symlink_to(shared / 'closed.csv')
    (agent.policy_folder / 'loop').symlink_to('.')
    agent.write_policy(with_list('closed.csv'))
    agent.start()
    assert reply_to(agent, FREE).startswith('250')
    replace(shared / 'closed.csv', domains('new.example.com'))
    eventually(lambda: reply_to(agent, FREE).startswith('550'), what='the new list')
    (shared / 'closed.csv').write_text(domains('other.example.com'))
    eventually(lambda: reply_to(agent, FREE).startswith('250'), what='the list written in its place')


def holds(agent, recipient=MINE):
    """A probe to `recipient` waits, and is then cancelled."""
    subject = f'probe {time.monotonic_ns()}'
    assert reply_to(agent, recipient, subject=subject).startswith('250')
    state = eventually(lambda: agent.states(subject), what='the probe in the list')[recipient]
    if state == 'waiting':
        agent.ctl('cancel', agent.mail(subject)['id'])
    return state == 'waiting'


def test_the_own_rules_appear_change_and_vanish(agent, provider):
    path = agent.directory / 'personal.yaml'
    assert not holds(agent)
    path.write_text(OWN)
    eventually(lambda: holds(agent), what='the own rules')
    replace(path, OWN.replace('mine', 'thine'))
    eventually(lambda: not holds(agent), what='the changed own rules')
    replace(path, OWN.replace('hold:', 'hodl:'))
    eventually(lambda: 'personal.yaml' in status_text(agent), what='the problem in status')
    path.write_text(OWN)
    eventually(lambda: holds(agent), what='the mended own rules')
    path.unlink()
    eventually(lambda: not holds(agent), what='the end of the own rules')


def test_update_reads_the_own_rules(agent, provider):
    path = agent.directory / 'personal.yaml'
    path.write_text(OWN)
    agent.ctl('update')
    assert holds(agent)
    path.unlink()
    agent.ctl('update')
    assert not holds(agent)


@pytest.mark.parametrize('name', ['mine.csv', 'own/mine.csv'])
def test_a_list_of_the_own_rules(agent, provider, name):
    path = agent.directory / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(domains('other.example.com'))
    (agent.directory / 'personal.yaml').write_text(
        OWN.replace('rules:', f'lists: {{m: {{file: {name}}}}}\nrules:').replace('{domain: mine.example.com}', '{in: m}'))
    eventually(lambda: holds(agent, 'x@other.example.com'), what='the own rules')
    replace(path, domains('mine.example.com'))
    eventually(lambda: holds(agent), what='the changed list')


def test_what_is_written_beside_the_own_rules_is_no_change(agent, provider):
    path = agent.directory / 'personal.yaml'
    path.write_text(OWN)
    eventually(lambda: holds(agent), what='the own rules')
    time.sleep(0.5)
    before = agent.log.count('is in force')
    (agent.directory / 'elsewhere.txt').write_text('x')
    assert holds(agent)
    time.sleep(0.7)
    assert agent.log.count('is in force') == before
