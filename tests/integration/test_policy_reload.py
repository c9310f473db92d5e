# SPDX-License-Identifier: GPL-3.0-or-later
"""A changed policy folder: a good one is in force soon, a broken one leaves the last good one, and status says so."""
import os

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
