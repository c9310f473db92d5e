# SPDX-License-Identifier: GPL-3.0-or-later
"""SIGHUP: what may change of the settings does, what can't is named, and broken ones leave all as it is."""
import pytest

from agent import POLICY, eventually
from wire import Wire, mail


def reload(agent):
    """Writes the settings, and waits until the agent has read them."""
    begin = len(agent.log)
    agent.write_settings()
    agent.reload()
    said = eventually(lambda: 'policy ' in agent.log[begin:] and agent.log[begin:], what='the reload')
    return said.split('policy ')[0]


def waits(agent):
    return agent.ctl_json('status')['settings']['from-next-start']


def submit(agent, sender='hana@example.co.jp', to='b@example.org', data=None):
    with Wire(agent.port) as wire:
        reply = wire.say(f'MAIL FROM:<{sender}>')
        if not reply.startswith('250'):
            return reply
        wire.say('RSET')
        return wire.submit(sender, [to], data or mail(sender=sender, to=to))


def test_addresses(agent, provider):
    assert submit(agent, 'taro@example.co.jp').startswith('550')
    agent.settings['identity']['addresses'] = 'taro@example.co.jp'
    said = reload(agent)
    assert 'in force: [identity] addresses' in said and waits(agent) == []
    assert submit(agent, 'taro@example.co.jp').startswith('250')
    assert submit(agent, 'hana@example.co.jp').startswith('550')
    assert agent.ctl_json('status')['person'] == 'taro@example.co.jp'
    provider.wait_for(1)


def test_a_mail_that_is_on_its_way_when_the_addresses_change(agent, provider):
    go_on = provider.pause('DOT')
    with Wire(agent.port) as wire:
        wire.envelope('hana@example.co.jp', ['b@example.org'])
        wire.content(mail())
        provider.wait_for_log('.')
        agent.settings['identity']['addresses'] = 'taro@example.co.jp'
        reload(agent)
        go_on.set()
        assert wire.reply().startswith('250')
    provider.wait_for(1)


def test_language(agent):
    agent.settings['identity']['language'] = 'ja'
    reload(agent)
    assert 'この宛先には送れません' in submit(agent, to='x@refused.example.com')


def test_another_policy_folder_is_read_and_watched(agent):
    other = agent.directory / 'other'
    other.mkdir()
    (other / 'policy.yaml').write_text(POLICY.replace('refused.example.com', 'new.example.com'))
    agent.settings['policy']['folder'] = str(other)
    reload(agent)
    assert submit(agent, to='x@new.example.com').startswith('550')
    (other / 'policy.yaml').write_text(POLICY)
    eventually(lambda: submit(agent, to='x@refused.example.com').startswith('550'), what='the changed policy')
    before = agent.ctl_json('status')['policy']['sha256']
    agent.write_policy(POLICY.replace('60m', '61m'))
    assert submit(agent, to='x@refused.example.com').startswith('550')
    assert agent.ctl_json('status')['policy']['sha256'] == before


def test_keep_days(agent, provider):
    assert submit(agent).startswith('250')
    assert submit(agent, to='b@held.example.com', data=mail(to='b@held.example.com', subject='waits')).startswith('250')
    eventually(lambda: any(delivery['state'] == 'sent' for entry in agent.mails() for delivery in entry['deliveries']),
               what='the mail that went through')
    agent.ctl('cancel', agent.mail('waits')['id'])
    assert submit(agent, to='b@held.example.com', data=mail(to='b@held.example.com', subject='open')).startswith('250')
    assert len(list((agent.store / 'mail').iterdir())) == 2
    agent.move_clock(29 * 86400, boot=False)
    agent.restart()
    assert len(agent.mails()) == 3
    agent.settings['store']['keep-days'] = '28'
    assert 'in force: [store] keep-days' in reload(agent)
    eventually(lambda: len(agent.mails()) == 1, what='the forgetting')
    kept, = (agent.store / 'mail').iterdir()
    assert kept.stem == agent.mail('open')['id']
    assert [row['address'] for row in agent.ctl_json('history')] == ['b@example.org']


def test_limits(agent):
    with Wire(agent.port) as early:
        agent.settings['limits'] = {'message': '20000', 'recipients': '2', 'command-line': '600'}
        assert '[limits] message, [limits] command-line, [limits] recipients' in reload(agent)
        assert early.say('MAIL FROM:<hana@example.co.jp> SIZE=30000').startswith('552')
        assert early.say('MAIL FROM:<hana@example.co.jp>').startswith('250')
        replies = [early.say(f'RCPT TO:<{name}@example.org>')[:3] for name in 'abc']
        assert replies == ['250', '250', '452']
        assert early.say('NOOP ' + 'x' * 700).startswith('500')
    with Wire(agent.port, greet=False) as wire:
        wire.reply()
        assert '250-SIZE 20000' in wire.say('EHLO c')


@pytest.mark.parametrize('group, key, value, asked', [
    ('listen', 'tls', 'starttls', 'STARTTLS'), ('limits', 'parts', '5', None), ('limits', 'idle', '60', None)])
def test_what_needs_a_restart_is_named_until_it_happens(make_agent, provider, group, key, value, asked):
    agent = make_agent()
    name = f'[{group}] {key}'
    agent.settings.setdefault(group, {})[key] = value
    said = reload(agent)
    assert f'from the next start: {name} (restart the agent' in said
    assert waits(agent) == [name]
    assert name in agent.ctl('status').stdout and 'restart' in agent.ctl('status').stdout
    assert f'{name}: changed' in agent.ctl('doctor', check=False).stdout
    assert submit(agent).startswith('250')
    agent.restart()
    assert waits(agent) == [] and agent.ctl('doctor').returncode == 0
    if asked:
        with Wire(agent.port, greet=False) as wire:
            wire.reply()
            assert asked in wire.say('EHLO c')


def test_what_is_taken_back_waits_no_longer(agent):
    agent.settings['listen']['tls'] = 'starttls'
    reload(agent)
    assert waits(agent) == ['[listen] tls']
    del agent.settings['listen']['tls']
    said = reload(agent)
    assert 'the same as before' in said and waits(agent) == []


def test_another_provider_waits_for_the_restart(agent, provider, make_provider):
    other = make_provider()
    agent.settings['upstream']['url'] = other.url
    reload(agent)
    assert waits(agent) == ['[upstream] url']
    assert submit(agent).startswith('250')
    provider.wait_for(1)
    agent.restart()
    assert submit(agent).startswith('250')
    other.wait_for(1)


def test_broken_settings_change_nothing(agent, provider):
    before = agent.configuration.read_text()
    agent.settings['identity']['addresses'] = 'taro@example.co.jp'
    agent.settings['limits'] = {'recipients': 'many'}
    said = reload(agent)
    line = agent.configuration.read_text().splitlines().index('recipients=many') + 1
    place = f'{agent.configuration}:{line}: [limits] recipients: "many" is not possible (write a number from 1'
    assert 'settings in force stay' in said and place in said
    assert place in agent.ctl_json('status')['settings']['problem'] and place in agent.ctl('status').stdout
    assert submit(agent, 'taro@example.co.jp').startswith('550')
    assert submit(agent).startswith('250')
    provider.wait_for(1)
    agent.configuration.write_text(before)
    agent.reload()
    eventually(lambda: 'problem' not in agent.ctl_json('status')['settings'], what='the end of the problem')


def test_settings_that_go_away(agent):
    agent.configuration.rename(agent.directory / 'elsewhere')
    agent.reload()
    eventually(lambda: 'there is no such file' in agent.log, what='the complaint')
    assert submit(agent).startswith('250')
    (agent.directory / 'elsewhere').rename(agent.configuration)


def test_many_reloads(agent, provider):
    for number in range(30):
        agent.settings['identity']['addresses'] = f'hana@example.co.jp;a{number}@example.co.jp'
        agent.write_settings()
        agent.reload()
        assert submit(agent).startswith('250')
    eventually(lambda: submit(agent, 'a29@example.co.jp').startswith('250'), what='the last address')


def test_japanese(make_agent):
    agent = make_agent(environment={'LANG': 'ja_JP.UTF-8', 'LANGUAGE': 'ja'})
    agent.settings['listen']['tls'] = 'starttls'
    reload(agent)
    assert '起動し直すと有効になります' in agent.ctl('status').stdout
