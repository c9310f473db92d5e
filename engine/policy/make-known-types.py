#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes sk-known-types.inc: all media types that sekisho-extract can tell of a file.

    engine/policy/make-known-types.py /usr/lib/file/magic.mgc engine/extract > engine/policy/sk-known-types.inc

They are those of libmagic's compiled database (libmagic-mgc 1:5.44, BSD; entries of 376 bytes, the type before their last
72) and those that its own code names.
"""
import pathlib
import re
import sys

ENTRY, BEHIND_TYPE, TYPE = 376, 72, 80
MEDIA = re.compile(r'(application|audio|chemical|font|image|inode|message|model|multipart|text|video|x-[a-z]+|rinex|biosig)'
                   r'/[A-Za-z0-9.+_-]*[A-Za-z0-9]')
NOT_SAID = re.compile(r'.*\.main(\+xml)?|multipart/.*|message/(external-body|partial)')  # of parts, not of files
SAID_BY_LIBMAGIC_ITSELF = {'application/x-empty', 'inode/x-empty', 'application/octet-stream', 'text/plain', 'text/x-script',
                           'application/x-sharedlib', 'application/x-pie-executable', 'application/x-executable',
                           'application/x-object', 'application/x-coredump'}


def of_libmagic(path):
    data = path.read_bytes()
    for start in range(ENTRY, len(data) - ENTRY + 1, ENTRY):
        end = start + ENTRY - BEHIND_TYPE
        yield data[end - TYPE:end].split(b'\0')[0].decode('latin-1')


def of_code(path):
    text = path.read_text(encoding='utf-8')
    for name, value in re.findall(r'^#define (\w+) ("[^"]*")$', text, re.MULTILINE):
        text = re.sub(rf'\b{name} "', value[:-1], text)
    yield from re.findall(r'"([^"\s]*/[^"\s]*)"', text)


def main():
    types = set(SAID_BY_LIBMAGIC_ITSELF) | set(of_libmagic(pathlib.Path(sys.argv[1])))
    for path in sorted(pathlib.Path(sys.argv[2]).glob('*.c')):
        types |= set(of_code(path))
    known = sorted({name.lower() for name in types if MEDIA.fullmatch(name) and not NOT_SAID.fullmatch(name)})
    print('/* Made by make-known-types.py; see there. */')
    for name in known:
        print(f'"{name}",')


main()
