# SPDX-License-Identifier: GPL-3.0-or-later
"""The limits of the service leave room for what the settings allow."""
import configparser
import pathlib
import re

from agent import BUILD

ROOT = pathlib.Path(__file__).resolve().parents[2]
UNITS = {'M': 1 << 20, 'G': 1 << 30}


def service():
    lines = configparser.RawConfigParser(strict=False)
    lines.optionxform = str
    lines.read(BUILD / 'agent/sekisho-agent.service')
    return lines['Service']


def test_the_memory_of_all_readers_fits():
    most = re.fullmatch(r'(\d+)([MG])', service()['MemoryMax'])
    readers = int(re.search(r'SK_BOXES_MOST = (\d+)', (ROOT / 'engine/inspect/sk-box.h').read_text())[1])
    each = re.search(r'inspect-memory Ta (\d+) GiB', (ROOT / 'agent/agent.conf.5').read_text())
    assert int(most[1]) * UNITS[most[2]] >= (readers + 1) * int(each[1]) * UNITS['G'] + 512 * UNITS['M']


def test_a_reader_that_is_ended_for_memory_does_not_end_the_agent():
    assert service()['OOMPolicy'] == 'continue'
    assert 64 <= int(service()['TasksMax']) <= 1024
