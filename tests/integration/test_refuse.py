# SPDX-License-Identifier: GPL-3.0-or-later
"""Refused mail: what the mail program hears, in which language, and that nothing leaves."""
import pytest
from agent import POLICY
from wire import Wire, mail

REFUSED = 'x@refused.example.com'
WITH_MESSAGE = POLICY.replace('reject: true', 'reject: {message: {ja: 総務へお尋ねください, en: Please ask the general affairs desk}}')
TITLES = {'en': 'Nothing may be sent there', 'ja': 'この宛先には送れません'}
MESSAGES = {'en': 'Please ask the general affairs desk', 'ja': '総務へお尋ねください'}


def submit(agent, recipients, data):
    with Wire(agent.port) as wire:
        return wire.submit('hana@example.co.jp', recipients, data)


@pytest.mark.parametrize('language', TITLES)
def test_the_reply_names_the_rule(make_agent, provider, language):
    agent = make_agent(language=language)
    reply = submit(agent, [REFUSED], mail(to=REFUSED))
    lines = reply.split('\n')
    assert all(line.startswith(('550-5.7.1 ', '550 5.7.1 ')) for line in lines), reply
    assert TITLES[language] in reply
    assert all(len(line.encode()) <= 510 for line in lines)
    provider.stays_at(0, 0.5)


@pytest.mark.parametrize('language', MESSAGES)
def test_the_policy_may_say_it_in_its_own_words(make_agent, provider, language):
    agent = make_agent(policy=WITH_MESSAGE, language=language)
    reply = submit(agent, [REFUSED], mail(to=REFUSED))
    assert reply.startswith('550') and MESSAGES[language] in reply
    provider.stays_at(0, 0.5)


def test_a_refusal_meets_the_whole_mail(agent, provider):
    recipients = ['boss@example.co.jp', REFUSED]
    assert submit(agent, recipients, mail(to=', '.join(recipients))).startswith('550')
    provider.stays_at(0)


def test_only_the_selected_recipients(make_agent, provider):
    agent = make_agent(policy=POLICY.replace('reject: true', 'reject: {scope: recipients}'))
    recipients = ['boss@example.co.jp', REFUSED]
    assert submit(agent, recipients, mail(to=', '.join(recipients), subject='half')).startswith('250')
    assert provider.wait_for(1)[0].recipients == ['boss@example.co.jp']
    assert agent.states('half').get(REFUSED, 'refused') == 'refused'


def test_the_session_goes_on_after_a_refusal(agent, provider):
    with Wire(agent.port) as wire:
        assert wire.submit('hana@example.co.jp', [REFUSED], mail(to=REFUSED)).startswith('550')
        good = mail(subject='after a refusal')
        assert wire.submit('hana@example.co.jp', ['b@example.org'], good).startswith('250')
    assert provider.wait_for(1)[0].data == good


def test_the_providers_own_refusal_comes_through(agent, provider):
    provider.on('DOT', '554 5.6.0 this provider does not like it')
    reply = submit(agent, ['b@example.org'], mail(subject='disliked'))
    assert reply.startswith('554') and 'this provider does not like it' in reply
    provider.stays_at(0, 0.5)


def test_the_providers_refusal_of_the_only_recipient(agent, provider):
    provider.on('RCPT', '550 5.1.1 no such mailbox here')
    reply = submit(agent, ['b@example.org'], mail(subject='nobody'))
    assert reply.startswith('550') and 'no such mailbox here' in reply
    provider.stays_at(0, 0.5)


def test_without_a_policy_everything_is_held(make_agent, provider):
    agent = make_agent(policy='sekisho: 1\nrules: [this is no policy\n')
    assert submit(agent, ['boss@example.co.jp'], mail(to='boss@example.co.jp', subject='unjudged')).startswith('250')
    agent.wait_for_state('unjudged', 'waiting')
    provider.stays_at(0)
