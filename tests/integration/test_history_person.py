# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom somebody has written to is a matter of people, not of addresses; who only stands in the header counts as well."""
import pytest

from agent import POLICY
from test_examples import run
from wire import Wire, mail

PEOPLE = '''address,name,department,employment,manager,deputy,aliases
hana@example.co.jp,Hana,sales,employee,,,hana.old@example.co.jp
taro@example.co.jp,Taro,sales,employee,,,taro.yamada@example.co.jp t@example-group.jp
jiro@example.co.jp,Jiro,sales,employee,,,
'''
HEAD = POLICY[:POLICY.index('rules:')] + 'people: people.csv\n'
NEW = {'people.csv': PEOPLE, 'policy.yaml': HEAD + '''rules:
  - id: first-contact
    if: {to: {history: new}}
    then: {hold: 60m}
'''}
NEW_ANYWHERE = {'people.csv': PEOPLE, 'policy.yaml': HEAD + '''rules:
  - id: first-contact
    if: {recipients: {where: {history: new}}}
    then: {hold: 60m}
'''}


def known(agent, tmp_path, *addresses):
    file = tmp_path / 'known.csv'
    file.write_text('address\n' + ''.join(f'{address}\n' for address in addresses), encoding='utf-8')
    agent.ctl_json('history', 'import', str(file))


def state(agent, recipient, subject, to=None, body='Hello.\r\n'):
    with Wire(agent.port) as wire:
        data = mail(to=to or recipient, subject=subject, body=body)
        assert wire.submit('hana@example.co.jp', [recipient], data).startswith('250')
    return agent.states(subject)[recipient]


@pytest.mark.parametrize('before, after', [
    ('taro@example.co.jp', 'taro.yamada@example.co.jp'), ('t@example-group.jp', 'taro@example.co.jp'),
    ('taro.yamada@example.co.jp', 't@example-group.jp')])
def test_a_person_is_known_by_every_address(make_agent, provider, tmp_path, before, after):
    agent = make_agent(policy=NEW)
    assert state(agent, after, 'new') == 'waiting'
    known(agent, tmp_path, before)
    assert state(agent, after, 'known') == 'sent'
    assert state(agent, 'jiro@example.co.jp', 'another') == 'waiting'


def test_the_user_is_one_person_too(make_agent, provider, tmp_path):
    """What was sent while another address stood first in the settings was sent by the same person."""
    agent = make_agent(policy=NEW, settings={'identity': {'addresses': 'hana.old@example.co.jp;hana@example.co.jp',
                                                          'language': 'en'}})
    known(agent, tmp_path, 'b@example.org')
    agent.stop()
    agent.settings['identity']['addresses'] = 'hana@example.co.jp;hana.old@example.co.jp'
    agent.write_settings()
    agent.start()
    assert state(agent, 'b@example.org', 'again') == 'sent'
    assert state(agent, 'c@example.org', 'new') == 'waiting'


@pytest.mark.parametrize('body', ['Hello.\r\n', 'Hello, hello.\r\n' * 20000], ids=['small', 'large'])
def test_who_only_stands_in_the_header_is_looked_up(make_agent, provider, tmp_path, body):
    agent = make_agent(policy=NEW_ANYWHERE)
    known(agent, tmp_path, 'b@example.org', 'taro@example.co.jp')
    assert state(agent, 'b@example.org', 'stranger', 'b@example.org, c@example.org', body) == 'waiting'
    assert state(agent, 'b@example.org', 'known', 'b@example.org, t@example-group.jp', body) == 'sent'


@pytest.mark.parametrize('rows, to, cc, status', [
    ('hana@example.co.jp,taro@example.co.jp', 't@example-group.jp', None, 0),
    ('hana.old@example.co.jp,taro.yamada@example.co.jp', 'taro@example.co.jp', None, 0),
    ('hana@example.co.jp,taro@example.co.jp', 'jiro@example.co.jp', None, 10),
    ('hana@example.co.jp,taro@example.co.jp', 'taro@example.co.jp', 'c@example.org', 10),
    ('hana@example.co.jp,taro@example.co.jp', 'taro@example.co.jp', 't@example-group.jp', 0)])
def test_the_tool_looks_up_people(tmp_path, rows, to, cc, status):
    folder = tmp_path / 'policy'
    folder.mkdir()
    for name, text in NEW_ANYWHERE.items():
        (folder / name).write_text(text, encoding='utf-8')
    (tmp_path / 'history.csv').write_text(f'sender,recipient\n{rows}\n', encoding='utf-8')
    (tmp_path / 'mail.eml').write_bytes(mail(to=to, headers=f'Cc: {cc}\r\n' if cc else ''))
    done = run('explain', folder, tmp_path / 'mail.eml', '--from', 'hana@example.co.jp', '--to', to,
               '--history', tmp_path / 'history.csv')
    assert done.returncode == status, done.stdout + done.stderr
