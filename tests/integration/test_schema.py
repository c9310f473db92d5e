# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON Schema for editors and the parser of policies must agree: on the keys of every block, and on whole policies."""
import json
import os
import pathlib
import re
import shutil
import subprocess

import jsonschema
import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get('SEKISHO_BUILD') or ROOT / 'build-test')
LANGUAGE = BUILD / 'tests/policy/policy-language'
FIXTURES = ROOT / 'tests/fixtures/policy'
VALID = sorted((ROOT / 'tests/fixtures/fuzz/policy').glob('*.yaml'))
SCHEMA = json.loads((ROOT / 'rules-sync/policy.schema.json').read_text())
PERSONAL = {**SCHEMA, '$ref': '#/$defs/personal'}

HEAD = '''sekisho: 1
organization: {domains: [example.co.jp], hours: {between: "09:00-18:00"}}
people: people.csv
lists: {partners: {file: lists/partners.csv}}
groups: {audit: [audit@example.co.jp]}
'''


class Yaml12(yaml.SafeLoader):
    """Scalars as editors read them: the core schema of YAML 1.2."""


Yaml12.yaml_implicit_resolvers = {}
for tag, pattern, first in (('bool', r'^(?:true|True|TRUE|false|False|FALSE)$', 'tTfF'),
                            ('int', r'^[-+]?[0-9]+$', '-+0123456789'),
                            ('float', r'^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$', '-+.0123456789'),
                            ('null', r'^(?:~|null|Null|NULL|)$', ['~', 'n', 'N', ''])):
    Yaml12.add_implicit_resolver(f'tag:yaml.org,2002:{tag}', re.compile(pattern), list(first))
Yaml12.add_constructor('tag:yaml.org,2002:int', lambda loader, node: int(node.value))


def schema_accepts(text, schema=SCHEMA):
    validator = jsonschema.Draft202012Validator(schema)
    return not list(validator.iter_errors(yaml.load(text, Yaml12)))


def parser_accepts(text, folder):
    shutil.copytree(FIXTURES, folder, dirs_exist_ok=True)
    (folder / 'policy.yaml').write_text(text)
    run = subprocess.run([LANGUAGE, folder], capture_output=True, text=True, timeout=60)
    assert run.returncode in (0, 2), run
    return run.returncode == 0, run.stdout


def parser_keys():
    return json.loads(subprocess.run([LANGUAGE], capture_output=True, check=True, timeout=60).stdout)


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_block_of_the_parser_is_in_the_schema():
    keys = parser_keys()
    blocks = {name: definition['properties'] for name, definition in SCHEMA['$defs'].items()
              if 'properties' in definition}
    assert set(keys) == set(blocks)
    assert len(keys) > 25


@pytest.mark.parametrize('block', sorted(name for name, definition in SCHEMA['$defs'].items()
                                         if 'properties' in definition))
def test_keys(block):
    assert sorted(SCHEMA['$defs'][block]['properties']) == sorted(parser_keys()[block])


@pytest.mark.parametrize('path', VALID, ids=lambda path: path.stem)
def test_valid_policies(path, tmp_path):
    accepted, problems = parser_accepts(path.read_text(), tmp_path)
    assert accepted, problems
    assert schema_accepts(path.read_text())


def test_valid_policies_use_every_key():
    used = set()

    def collect(value):
        if isinstance(value, dict):
            used.update(value)
        for inside in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            collect(inside)
    for path in VALID:
        collect(yaml.load(path.read_text(), Yaml12))
    assert {key for keys in parser_keys().values() for key in keys} <= used


VALID_RULES = [
    'then: {hold: yes}',
    'then: {hold: "8bh"}',
    'if: {to: [external, self]}\n    then: {confirm: true}',
    'if: {recipients: {where: external, count: 5}}\n    then: {warn: 注意}',
    'if: {attachment: {extension: pdf}}\n    then: {protect: {as: link}}',
    'unless: {to: {in: [partners, audit]}}\n    then: {reject: true}',
    'if: {message: {subject: 2026}}\n    then: {copy: audit@example.co.jp}',
    'if: {all: {to: internal}}\n    then: {hold: {for: 90s}}',
    'if: {time: {holidays: 2026-12-29}}\n    then: {hold: true}',
]

INVALID_RULES = [
    'then: {}',
    'then:',
    'if: {to: external}',
    'if: {}\n    then: {hold: true}',
    'unless: []\n    then: {hold: true}',
    'if: {any: []}\n    then: {hold: true}',
    'if: {not: {}}\n    then: {hold: true}',
    'if: {to: everybody}\n    then: {hold: true}',
    'if: {to: []}\n    then: {hold: true}',
    'if: {to: {field: reply-to}}\n    then: {hold: true}',
    'if: {to: {tls: perhaps}}\n    then: {hold: true}',
    'if: {to: {history: old}}\n    then: {hold: true}',
    'if: {to: {mismatch: {check: body}}}\n    then: {hold: true}',
    'if: {recipients: {count: many}}\n    then: {hold: true}',
    'if: {atachment: {size: 1}}\n    then: {hold: true}',
    'if: {attachment: {size: ">= 2 potatoes"}}\n    then: {hold: true}',
    'if: {attachment: {type: pdf}}\n    then: {hold: true}',
    'if: {attachment: {size: 1, count: 2}}\n    then: {hold: true}',
    'if: {attachments: some}\n    then: {hold: true}',
    'if: {content: {in: body}}\n    then: {hold: true}',
    'if: {content: {find: passport}}\n    then: {hold: true}',
    'if: {content: {words: {file: x}}}\n    then: {hold: true}',
    'if: {time: {days: monday}}\n    then: {hold: true}',
    'if: {time: {between: late}}\n    then: {hold: true}',
    'if: {message: {header: {}}}\n    then: {hold: true}',
    'then: {hold: soon}',
    'then: {hold: no}',
    'then: {hold: {release: nobody}}',
    'then: {hold: {afterwards: send}}',
    'then: {approve: {count: 1}}',
    'then: {approve: {by: manager, count: 0}}',
    'then: {reject: {scope: some}}',
    'then: {confirm: {countdown: never}}',
    'then: {protect: {method: aes256}}',
    'then: {protect: {as: rar}}',
    'then: {protect: {as: link, method: aes256}}',
    'then: {protect: {as: zip, per: recipient}}',
    'then: {protect: {as: zip, password: code}}',
    'then: {protect: {as: none, password: {random: 12}}}',
    'then: {protect: {as: registered}}',
    'then: {protect: {as: zip, password: {random: 9}}}',
    'then: {protect: {as: zip, notices: []}}',
    'then: {insert: {at: top}}',
    'then: {insert: {template: note, at: middle}}',
    'then: {header: {Subject: x}}',
    'then: {add: {to: manager}}',
    'then: {copy: nobody}',
    'mode: watch\n    then: {hold: true}',
    'enabled: perhaps\n    then: {hold: true}',
    'active: {from: tomorrow}\n    then: {hold: true}',
    'on-error: stop\n    then: {hold: true}',
]


def rule(text):
    return f'{HEAD}rules:\n  - id: r\n    {text}\n'


@pytest.mark.parametrize('text', VALID_RULES)
def test_valid_rules(text, tmp_path):
    accepted, problems = parser_accepts(rule(text), tmp_path)
    assert accepted, problems
    assert schema_accepts(rule(text))


@pytest.mark.parametrize('text', INVALID_RULES)
def test_invalid_rules(text, tmp_path):
    accepted, _ = parser_accepts(rule(text), tmp_path)
    assert not accepted
    assert not schema_accepts(rule(text))


INVALID_POLICIES = [
    'rules: []\n',
    'sekisho: 2\norganization: {domains: [example.co.jp]}\n',
    'sekisho: 1\n',
    'sekisho: 1\norganization: {name: x}\n',
    'sekisho: 1\norganization: {domains: []}\n',
    'sekisho: 1\norganization: {domains: [example.co.jp]}\nlists: {}\n',
    'sekisho: 1\norganization: {domains: [example.co.jp]}\nlists: {l: {domains: [a@x.example]}}\n',
    'sekisho: 1\norganization: {domains: [example.co.jp]}\nlists: {l: {builtin: everything}}\n',
    'sekisho: 1\norganization: {domains: [example.co.jp]}\ngroups: {g: [nobody]}\n',
    'sekisho: 1\norganization: {domains: [example.co.jp]}\noffline: {after: 7d}\n',
    'sekisho: 1\norganization: {domains: [example.co.jp]}\ndefaults: {hold-expiry: never}\n',
    'sekisho: 1\norganization: {domains: [example.co.jp]}\nphrases: {ja: []}\n',
    'sekisho: 1\norganization: {domains: [example.co.jp]}\nrules: {id: r, then: {hold: true}}\n',
    'sekisho: 1\norganization: {domains: [example.co.jp]}\nrules: [{then: {hold: true}}]\n',
]


@pytest.mark.parametrize('text', INVALID_POLICIES)
def test_invalid_policies(text, tmp_path):
    accepted, _ = parser_accepts(text, tmp_path)
    assert not accepted
    assert not schema_accepts(text)


def test_personal_rules():
    assert schema_accepts('rules: [{id: p, if: {to: external}, then: {hold: 60m}}]', PERSONAL)
    assert not schema_accepts('organization: {domains: [x.example]}', PERSONAL)
    assert not schema_accepts('rules: [{id: p, then: {allow: true}}]', PERSONAL)
