# SPDX-License-Identifier: GPL-3.0-or-later
"""sekishoctl's refusals: each says what is wrong and what to do instead, in both languages."""
import json
import os
import re
import subprocess

import pytest

from agent import eventually, program
from wire import Wire, mail

HELD = 'b@held.example.com'
JAPANESE = re.compile('[\u3040-\u30ff\u4e00-\u9fff]')
COMMANDS = [('release',), ('cancel',), ('retry',), ('resolve', '--sent'), ('resolve', '--again'), ('resolve', '--drop')]
# By state: what is done, what is done already, and what the refusal of all else offers.
STATES = {
    'held': {'release', 'cancel'},
    'failed': {'retry', 'cancel'},
    'delayed': {'retry', 'cancel'},
    'uncertain': {'resolve'},
    'cancelled': set(),
    'direct': set(),
}
ALREADY = {('cancelled', 'cancel'), ('cancelled', 'resolve --drop'), ('direct', 'resolve --sent'), ('delayed', 'release'),
           ('delayed', 'resolve --again')}


@pytest.fixture(params=['C.UTF-8', 'ja_JP.UTF-8'])
def language(request):
    return request.param


@pytest.fixture
def mails(make_agent, provider, language):
    """An agent with a mail in each state, and {state: id}."""
    agent = make_agent(environment={'LANG': language})

    def submit(subject, to=HELD):
        with Wire(agent.port) as wire:
            assert wire.submit('hana@example.co.jp', [to], mail(to=to, subject=subject)).startswith('250')
        return agent.mail(subject)['id']
    ids = {name: submit(name, 'c@example.org' if name == 'direct' else HELD)
           for name in ('direct', 'held', 'cancelled', 'failed', 'delayed', 'uncertain')}
    agent.ctl('cancel', ids['cancelled'])
    for name, state, action in (('failed', 'failed', {'reply': '550 5.7.1 no'}), ('delayed', 'ready', {'reply': '450 4.2.0 later'}),
                                ('uncertain', 'may-have-been-sent', {'drop': 'after'})):
        provider.on('DOT', **action)
        agent.ctl('release', ids[name])
        agent.wait_for_state(name, state)
        if name == 'delayed':
            eventually(lambda: agent.mail('delayed')['deliveries'][0]['next-try'], what='the next try')
    return agent, ids


@pytest.mark.parametrize('state', STATES)
def test_what_is_not_possible_says_what_is(mails, provider, language, state):
    agent, ids = mails
    before = {name: agent.mail(name)['deliveries'][0]['state'] for name in ids}
    for name, *how in COMMANDS:
        if name in STATES[state]:
            continue
        done = agent.ctl(name, ids[state], *how, check=False)
        if (state, ' '.join([name, *how])) in ALREADY:
            assert done.returncode == 0, done
            continue
        assert done.returncode == 1 and done.stderr.startswith('sekishoctl: '), (name, how, done)
        assert set(re.findall(r'sekishoctl (\w+) ' + ids[state], done.stderr)) == STATES[state], done.stderr
        assert bool(JAPANESE.search(done.stderr)) == (language == 'ja_JP.UTF-8'), done.stderr
    assert {name: agent.mail(name)['deliveries'][0]['state'] for name in ids} == before


def test_why_a_mail_waits_in_the_words_of_the_policy(make_agent, language):
    agent = make_agent(environment={'LANG': language}, policy='''sekisho: 1
organization: {name: Example K.K., domains: [example.co.jp], timezone: Asia/Tokyo}
rules:
  - {id: slow, title: {ja: 社外は一時間待ちます, en: Outside waits an hour}, if: {to: external}, then: {hold: 60m}}
''')
    with Wire(agent.port) as wire:
        assert wire.submit('hana@example.co.jp', ['b@x.example'], mail(to='b@x.example', subject='why')).startswith('250')
    shown = agent.ctl('show', agent.mail('why')['id']).stdout
    assert ('社外は一時間待ちます (' in shown) == (language == 'ja_JP.UTF-8'), shown
    assert ('Outside waits an hour (' in shown) == (language == 'C.UTF-8'), shown


def test_a_remedy_in_json(mails):
    agent, ids = mails
    said = json.loads(agent.ctl('retry', ids['held'], '--json', check=False).stdout)
    assert said['error'] == 'not-allowed' and f"sekishoctl release {ids['held']}" in said['remedy']


def test_what_is_offered_works(mails, provider):
    agent, ids = mails
    for state, offered in STATES.items():
        if offered:
            how = {'resolve': ['--drop']}
            command = sorted(offered)[0]
            agent.ctl(command, ids[state], *how.get(command, []))
            agent.wait_for_state(state, 'cancelled')


@pytest.mark.parametrize('words', [['show'], ['release'], ['cancel'], ['retry'], ['resolve', '--sent'], ['save', '/tmp/never']])
@pytest.mark.parametrize('given', ['ffff', '01900000-0000-7000-8000-000000000000', '../../etc/passwd', '%s%n', 'a\033[31mb'])
def test_an_unknown_mail(agent, words, given):
    name, *rest = words
    done = agent.ctl(name, given, *rest, check=False)
    assert done.returncode == 2 and 'sekishoctl list --all' in done.stderr, done
    assert '\033' not in done.stderr
    assert json.loads(agent.ctl(name, given, *rest, '--json', check=False).stdout)['error'] == 'not-found'


def test_an_id_that_fits_two(agent, submit):
    for subject in ('one', 'two'):
        submit([HELD], mail(to=HELD, subject=subject))
    ids = [agent.mail(subject)['id'] for subject in ('one', 'two')]
    shared = os.path.commonprefix(ids)
    for words in (['show'], ['release'], ['cancel']):
        done = agent.ctl(*words, shared, check=False)
        assert done.returncode == 2 and ids[0] in done.stderr and ids[1] in done.stderr and 'more of the id' in done.stderr
    assert agent.states('one') == {HELD: 'waiting'}
    agent.ctl('cancel', ids[0][:len(shared) + 1])
    assert agent.states('one') == {HELD: 'cancelled'} and agent.states('two') == {HELD: 'waiting'}
    assert agent.ctl('show', '', check=False).returncode == 2


def test_save_where_it_can_not_be(mails, language, tmp_path):
    agent, ids = mails
    (tmp_path / 'file').write_text('mine')
    (tmp_path / 'link').symlink_to(tmp_path / 'file')
    for path in ('/nonexistent/folder/x.eml', '/proc/x.eml', str(tmp_path / 'file' / 'x'), str(tmp_path / 'file'),
                 str(tmp_path / 'link'), str(tmp_path), '/dev/full', str(tmp_path / ('n' * 300))):
        done = agent.ctl('save', ids['held'], path, check=False)
        assert done.returncode == 1 and path in done.stderr and re.search(r'\(.*\)', done.stderr), done.stderr
        assert bool(JAPANESE.search(done.stderr)) == (language == 'ja_JP.UTF-8'), done.stderr
    assert (tmp_path / 'file').read_text() == 'mine' and sorted(os.listdir(tmp_path)) == ['file', 'link']
    done = agent.ctl('save', ids['direct'], str(tmp_path / 'direct'), check=False)
    assert done.returncode == 1 and re.search(r'\(.*\)', done.stderr) and not (tmp_path / 'direct').exists(), done


def test_output_that_can_not_be_written(mails):
    agent, ids = mails
    for words in (['list'], ['status', '--json'], ['show', ids['held']], ['save', ids['held'], '-'], ['--help']):
        with open('/dev/full', 'wb') as full:
            done = subprocess.run([program('sekishoctl'), '--config', agent.configuration, '--socket', *words],
                                  env=agent.environment(), stdout=full, stderr=subprocess.PIPE, timeout=20)
        assert done.returncode == 1 and done.stderr.startswith(b'sekishoctl: '), (words, done)


@pytest.mark.parametrize('words, expected', [
    (['history', 'imprt', 'x'], 'history import FILE'), (['history', 'import'], 'history import FILE'),
    (['resolve', 'x', '--sent', '--again'], 'resolve ID --sent|--again|--drop'), (['save', 'x'], 'save ID FILE [--force]'),
    (['show'], 'show ID'), (['list', '--force'], 'list [--all]'), (['list', '--jso'], '--help'), (['lst'], '--help'),
    ([], '--help'), (['list', '--config'], '--config')])
def test_wrong_calls(make_agent, language, words, expected):
    done = make_agent(start=False, environment={'LANG': language}).ctl(*words, check=False)
    assert done.returncode == 2 and expected in done.stderr, done
    assert bool(JAPANESE.search(done.stderr)) == (language == 'ja_JP.UTF-8'), done.stderr


def test_no_agent(make_agent, language):
    agent = make_agent(start=False, environment={'LANG': language})
    done = agent.ctl('list', check=False)
    assert done.returncode == 3 and '--socket' in done.stderr
    assert bool(JAPANESE.search(done.stderr)) == (language == 'ja_JP.UTF-8'), done.stderr
    done = subprocess.run([program('sekishoctl'), 'list'], env=agent.environment(), capture_output=True, text=True, timeout=20)
    assert done.returncode == 3 and 'systemctl --user start sekisho-agent' in done.stderr
