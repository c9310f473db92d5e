# SPDX-License-Identifier: GPL-3.0-or-later
"""Every example policy loads without a word of complaint and keeps its own cases."""
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = pathlib.Path(os.environ.get('SEKISHO_BUILD') or ROOT / 'build-test') / 'rules-sync/sekisho-policy'
EXAMPLES = sorted(path.parent for path in (ROOT / 'rules-sync/examples').rglob('policy.yaml'))


def run(*arguments, timeout=100):
    return subprocess.run([TOOL, *arguments], capture_output=True, text=True, timeout=timeout)


def test_there_are_examples():
    assert len(EXAMPLES) >= 23


@pytest.mark.parametrize('folder', EXAMPLES, ids=lambda path: str(path.relative_to(ROOT / 'rules-sync/examples')))
def test_example(folder):
    check = run('check', folder)
    assert (check.returncode, check.stderr) == (0, '')
    assert ' 0 warnings' in check.stdout
    test = run('test', folder)
    assert test.returncode == 0, test.stdout + test.stderr
    documents = sum(text.read_text(encoding='utf-8').count('\nexpect:') for text in (folder / 'cases').glob('*.yaml'))
    assert documents >= 3
    assert test.stdout.endswith(f'{documents} passed, 0 failed\n')
