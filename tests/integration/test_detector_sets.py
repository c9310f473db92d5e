# SPDX-License-Identifier: GPL-3.0-or-later
"""The labelled documents are sound, are what their templates make, and the detectors reach their targets on the half held out."""
import datetime
import filecmp
import importlib.machinery
import importlib.util
import itertools
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unicodedata

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get('SEKISHO_BUILD') or ROOT / 'build-test')
SETS = ROOT / 'tests/fixtures/detectors'
HALVES = ('dev', 'held-out', 'blind', 'fresh')
DETECTORS = ('credit-card', 'digits-16', 'my-number', 'corporate-number', 'phone-number', 'postal-code', 'address', 'person-name',
             'email-address', 'bank-account', 'birth-date', 'personal-list')


def read_labels(half):
    for path in sorted((SETS / half).glob('*.labels')):
        content = path.with_suffix('').read_bytes()
        for line in path.read_text(encoding='utf-8').splitlines():
            start, length, detector, value, text = line.split('\t')
            yield path.name, content, int(start), int(length), detector, value, text


LABELS = {half: list(read_labels(half)) for half in HALVES}


def is_luhn(number):
    """In the table form of the rule, not the arithmetic one of values.py."""
    return sum((int(digit), (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)[int(digit)])[at % 2] for at, digit in enumerate(reversed(number))) % 10 == 0


def is_my_number(number):
    rest = sum(int(digit) * weight for digit, weight in zip(number, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2))) % 11
    return int(number[11]) == (11 - rest if rest > 1 else 0)


def is_corporate_number(number):
    return int(number[0]) == 9 - sum(int(digit) * weight for digit, weight in zip(number[1:], (2, 1) * 6)) % 9


VALUES = {
    'credit-card': lambda value: re.fullmatch('[0-9]{14,16}', value) and is_luhn(value),
    'digits-16': lambda value: re.fullmatch('[0-9]{16}', value),
    'my-number': lambda value: re.fullmatch('[0-9]{12}', value) and is_my_number(value),
    'corporate-number': lambda value: re.fullmatch('[0-9]{13}', value) and is_corporate_number(value),
    'phone-number': lambda value: re.fullmatch('0[1-9][0-9]{8,9}', value),
    'postal-code': lambda value: re.fullmatch('[0-9]{7}', value),
    'email-address': lambda value: re.fullmatch(r'[^@]+@[a-z.-]*example\.(com|net|jp|co\.jp|or\.jp|ne\.jp|ac\.jp|go\.jp)', value),
    'birth-date': lambda value: value == '-' or datetime.date.fromisoformat(value),
}


def test_check_digits_of_published_examples():
    assert is_luhn('4111111111111111') and is_luhn('378282246310005') and not is_luhn('4111111111111112')
    assert is_my_number('123456789018') and not is_my_number('123456789019')
    assert is_corporate_number('7000012050002') and not is_corporate_number('8000012050002')  # the National Tax Agency's own


@pytest.mark.parametrize('half', HALVES)
def test_labels_are_in_the_text(half):
    for name, content, start, length, detector, _, text in LABELS[half]:
        shown = content[start:start + length].decode().replace('\\', '\\\\').replace('\t', '\\t').replace('\n', '\\n')
        assert shown == text and length, name
        assert detector.lstrip('?') in DETECTORS, name


@pytest.mark.parametrize('half', HALVES)
def test_labels_of_one_detector_do_not_overlap(half):
    ends = {}
    for name, _, start, length, detector, *_ in sorted(LABELS[half], key=lambda label: (label[0], label[2])):
        if not detector.startswith('?'):
            assert ends.get((name, detector), 0) <= start, name
            ends[name, detector] = start + length


@pytest.mark.parametrize('half', HALVES)
def test_values_follow_their_rules(half):
    for name, _, _, _, detector, value, text in LABELS[half]:
        if detector in VALUES:
            assert VALUES[detector](value), (name, text)
            number = re.sub('[^0-9]', '', unicodedata.normalize('NFKC', text))
            assert detector in ('phone-number', 'email-address', 'birth-date') or number == value, (name, text)
        else:
            assert value == '-', name


@pytest.mark.parametrize('half', HALVES)
def test_each_detector_has_enough_labels(half):
    for detector in DETECTORS:
        assert sum(label[4] == detector for label in LABELS[half]) >= 50, detector


def test_halves_share_no_values():
    kinds = ('credit-card', 'my-number', 'phone-number', 'address', 'bank-account', 'email-address')
    generated = [{(label[4], label[6]) for label in LABELS[half] if label[4] in kinds and not label[0].startswith('hard-')
                  and not re.match('[a-z-]+@', label[6])} for half in HALVES]
    assert all(not one & other for one, other in itertools.combinations(generated, 2))


def test_documents_are_what_the_templates_make(tmp_path):
    for program in ('make.py', 'make-fresh.py'):
        subprocess.run([sys.executable, SETS / program, tmp_path], check=True, timeout=100)
    for half in HALVES:
        compared = filecmp.dircmp(tmp_path / half, SETS / half)
        assert not compared.left_only and not compared.right_only
        assert not filecmp.cmpfiles(tmp_path / half, SETS / half, compared.common_files, shallow=False)[1]


def test_the_same_is_found_in_every_encoding():
    """Where figures differ by encoding, it is because fewer documents can be written in it."""
    loader = importlib.machinery.SourceFileLoader('bench_detectors', str(ROOT / 'tests/bench/detectors'))
    bench = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(bench)
    bench.BUILD = BUILD
    documents = [bench.Document(path.with_suffix('')) for half in ('dev', 'held-out') for path in sorted((SETS / half).glob('*.labels'))]

    def hits(encoding, folder):
        contents = [(number, bench.encoded(document, encoding)) for number, document in enumerate(documents)]
        folder.mkdir()
        _, results = bench.dump([pair for pair in contents if pair[1] is not None], encoding, folder)
        return {number: {name: found for name, found in of.items() if found} for number, (_, _, of) in results.items()}

    with tempfile.TemporaryDirectory() as folder:
        found = {encoding: hits(encoding, pathlib.Path(folder) / encoding) for encoding in bench.ENCODINGS}
    for encoding, results in found.items():
        assert len(results) > 300
        assert not [documents[number].path.name for number in results if results[number] != found['utf-8'][number]], encoding


def test_detectors_reach_their_targets():
    run = subprocess.run([ROOT / 'tests/bench/detectors', '--half', 'held-out', '--encoding', 'utf-8'], stdout=subprocess.PIPE, text=True,
                         timeout=100, env=dict(os.environ, SEKISHO_BUILD=str(BUILD)))
    print(run.stdout)
    assert run.returncode == 0
