# SPDX-License-Identifier: GPL-3.0-or-later
"""What the engine reads of some hundred mails, beside what they were made of.

A seeded generator writes each mail by hand (not with Python's email package) and keeps the truth: subject, addresses,
body texts, attachments. Python's email package must read the same truth (else the generator is wrong), and so must the
engine, as dump-message prints it; one run of it reads all mails.

What is left out on purpose, since Python reads it otherwise or not at all (tests/fixtures/mail has it): raw 8-bit
headers, encoded words cut inside a character, words within quotes, vendor characters of ISO-2022-JP, uuencode. Domain
literals: tests/unit/test-address.c.
"""
import base64
import email
import email.header
import email.utils
import encodings.aliases
import hashlib
import html.parser
import json
import os
import random
import re
import subprocess
import urllib.parse

import pytest

from agent import BUILD

MAILS = 400
SEED = 20240407

# All of these stand in JIS X 0208 and mean one character in every codec of Python and ICU.
JAPANESE = ('見積書請求納品株式会社東京大阪契約資料添付確認御中山田花子鈴木様年月日本語表能ソ予十申'
            'あいうえおかきくけこアイウエオカキク、。・ー「」')
WIDER = 'äßéñ한글中文简体🌸①㈱髙'
WORDS = ['Re:', 'report', 'invoice', '2024', 'Q3', 'meeting', 'a=b', 'x_y', '100%', 'v1.2', '(draft)', "it's", 'a&b']
# What stands in the mail, and how Python encodes it; cp932 under the labels that mailers use.
CHARSETS = [('UTF-8', 'utf-8'), ('utf-8', 'utf-8'), ('ISO-2022-JP', 'iso2022_jp'), ('iso-2022-jp', 'iso2022_jp'),
            ('Shift_JIS', 'cp932'), ('Windows-31J', 'cp932'), ('cp932', 'cp932'), ('EUC-JP', 'euc_jp')]
encodings.aliases.aliases.setdefault('windows_31j', 'cp932')  # its registered name, which Python lacks
PNG = b'\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89'


def address(spec, name=None):
    return {'address': spec, 'name': name or None}


class Generator:
    """Writes one mail; `truth` says what is in it."""

    def __init__(self, number):
        self.random = random.Random(SEED + number)
        self.truth = {'from': [], 'to': [], 'cc': [], 'bcc': [], 'subject': '', 'texts': [], 'attachments': []}
        self.boundaries = 0
        self.mail = self.whole(self.truth)

    def one(self, *choices):
        return self.random.choice(choices)

    def chance(self, percent):
        return self.random.random() * 100 < percent

    # --- words and charsets ---

    def japanese(self, codec, low=1, high=12):
        alphabet = JAPANESE + WIDER if codec == 'utf-8' else JAPANESE
        return ''.join(self.random.choices(alphabet, k=self.random.randint(low, high)))

    def encoded_word(self, text, label, codec):
        raw = text.encode(codec)
        if self.chance(50):
            return f'=?{label}?{self.one("B", "b")}?{base64.b64encode(raw).decode()}?='
        safe = b'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
        coded = ''.join('_' if byte == 32 else chr(byte) if byte in safe else f'={byte:02X}' for byte in raw)
        return f'=?{label}?{self.one("Q", "q")}?{coded}?='

    def blank(self):
        """What may stand between two words of a header."""
        return self.one(' ', ' ', '\r\n ', '\r\n\t')

    def encoded_run(self):
        """Encoded words beside one another: the blanks between them vanish."""
        words, text = [], ''
        for _ in range(self.random.randint(1, 4)):
            label, codec = self.random.choice(CHARSETS)
            piece = self.japanese(codec)
            words.append(self.encoded_word(piece, label, codec))
            text += piece
        return self.blank().join(words), text

    def phrase(self, high):
        """Words, plain and encoded ones: as they are written, and what they mean."""
        written, meant, encoded = [], [], False
        for _ in range(self.random.randint(1, high)):
            encoded = not encoded and self.chance(50)
            if encoded:
                raw, text = self.encoded_run()
            else:
                raw = text = self.random.choice(WORDS)
            written.append(raw)
            meant.append(text)
        out = written[0]
        for word in written[1:]:
            out += self.one(' ', '\r\n ') + word
        return out, ' '.join(meant)

    # --- addresses ---

    def spec(self):
        local = self.one('hana', 'taro.yamada', 'user+tag', 'a_b', 'sales', 'x-y', 'o\'hara', '"a b"', 'info')
        return local + '@' + self.one('example.co.jp', 'customer.example', 'mail.partner.example', 'Example.COM', 'x.jp')

    def mailbox(self):
        spec, kind = self.spec(), self.random.randint(0, 5)
        if kind == 0:
            return spec, address(spec)
        if kind == 1:
            return f'<{spec}>', address(spec)
        if kind == 2:
            name = self.one('Yamada, Hana', 'Sales (Tokyo)', 'a "quoted" name', 'back\\slash', 'x@y', 'semi; colon:', 'Dr. Who')
            escaped = name.replace('\\', '\\\\').replace('"', '\\"')
            return f'"{escaped}"{self.one("", " ", self.blank())}<{spec}>', address(spec, name)
        if kind == 3:
            run, name = self.encoded_run()
            return f'{run}{self.blank()}<{spec}>', address(spec, name)
        if kind == 4:
            name = self.one('Hana Yamada', 'Taro', 'The Sales Team')
            return f'{name.replace(" ", self.blank())} <{spec}>', address(spec, name)
        name = self.one('Hana', 'Taro Yamada')
        return f'{spec} ({name})', address(spec, name)

    def mailboxes(self, low, high):
        return [self.mailbox() for _ in range(self.random.randint(low, high))]

    def address_list(self, high):
        """Mailboxes and groups."""
        pieces, meant = [], []
        for _ in range(self.random.randint(1, high)):
            if self.chance(15):
                members = self.mailboxes(0, 3)
                pieces.append(self.one('Team', 'Sales Dept') + ':' + ', '.join(raw for raw, _ in members) + ';')
            else:
                members = [self.mailbox()]
                pieces.append(members[0][0])
            meant += [person for _, person in members]
        return ''.join(piece + ('' if i == len(pieces) - 1 else ',' + self.blank()) for i, piece in enumerate(pieces)), meant

    # --- bodies ---

    def sentence(self, codec):
        if self.chance(40):
            return ' '.join(self.random.choices(WORDS, k=self.random.randint(1, 12)))
        return self.japanese(codec, 1, 30) + self.one('', ' OK', '=', '..')

    def lines(self, codec):
        lines = [self.sentence(codec) if self.chance(85) else self.one('', '.', '-- ', '--', 'From here', '>quoted')
                 for _ in range(self.random.randint(1, 12))]
        return lines[:-1] + [lines[-1] or 'end']

    def transfer(self, content, text):
        """Encoding, and the content in it."""
        kinds = ['base64', 'BASE64', 'quoted-printable', *([self.one('8bit', '7bit', '')] * 2 if text else [])]
        kind = self.random.choice(kinds)
        if kind.lower() == 'base64':
            return kind, base64.encodebytes(content).replace(b'\n', b'\r\n').removesuffix(b'\r\n')
        if kind == 'quoted-printable':
            return kind, self.quoted_printable(content, text)
        return kind, content

    def quoted_printable(self, content, text):
        """`text`: its line ends stay; soft line breaks at any place."""
        lines = content.split(b'\r\n') if text else [content]
        out = []
        for line in lines:
            coded = [bytes([b]) if 33 <= b <= 126 and b != 61 or b == 32 and i < len(line) - 1 else b'=%02X' % b for i, b in enumerate(line)]
            rows, row = [], b''
            for piece in coded:
                if len(row) + len(piece) > self.random.randint(60, 75):
                    rows.append(row + b'=')
                    row = b''
                row += piece
            out.append(b'\r\n'.join([*rows, row]))
        return b'\r\n'.join(out)

    def fields(self, *fields):
        """In any order, and in any case."""
        fields = [field for field in fields if field]
        self.random.shuffle(fields)
        return ''.join((field if self.chance(80) else field[:12].lower() + field[12:]) + '\r\n' for field in fields)

    def part(self, head, body):
        return head.encode() + b'\r\n' + body

    def encoding_field(self, kind):
        return f'Content-Transfer-Encoding: {kind}' if kind else ''

    def plain(self, truth):
        label, codec = self.random.choice(CHARSETS)
        text = '\r\n'.join(self.lines(codec))
        kind, body = self.transfer(text.encode(codec), True)
        truth['texts'].append({'kind': 'plain', 'text': text})
        quoted = self.one('{}', '"{}"').format(label)
        more = self.one('', '; format=flowed', ' ; delsp=yes')
        return self.part(self.fields(f'Content-Type: text/plain; charset={quoted}{more}', self.encoding_field(kind),
                                     self.one('', '', 'Content-Disposition: inline')), body)

    def html(self, truth, picture=''):
        label, codec = self.random.choice(CHARSETS)
        paragraphs, written = [], ''
        for _ in range(self.random.randint(1, 5)):
            before, inside, after = (self.sentence(codec) for _ in range(3))
            paragraphs.append(re.sub(' +', ' ', before + inside + after))
            before, inside, after = (piece.replace('&', '&amp;') for piece in (before, inside, after))
            written += f'<p class="x">{before}<b>{inside}</b>{after}</p>\r\n'
        page = f'<html><head><title>no</title><style>p {{ }}</style></head>\r\n<body>{written}{picture}</body></html>'
        kind, body = self.transfer(page.encode(codec), True)
        truth['texts'].append({'kind': 'html', 'text': '\n'.join(paragraphs)})
        return self.part(self.fields(f'Content-Type: text/html; charset={label}', self.encoding_field(kind)), body)

    # --- attachments ---

    def file_name(self, codec):
        stem = self.japanese(codec, 1, 30) if self.chance(70) else self.one('report', 'a b', 'Quarterly "final"', "it's", 'x;y', '100%', 'a(1)')
        return stem + self.one('.pdf', '.tar.gz', '.xlsx', '', '.TXT')

    def rfc2231(self, key, name, label, codec):
        coded = urllib.parse.quote(name.encode(codec), safe='')
        if len(coded) < 60 and self.chance(60):
            return [f"{key}*={label}'{self.one('', 'ja')}'{coded}"]
        size, cut = self.random.randint(10, 60), []
        while coded:
            piece = coded[:size]
            # Python reads no "%" that was cut off; the standard has none either.
            piece = re.sub('%.?$', '', piece) if len(piece) < len(coded) else piece
            cut.append(piece)
            coded = coded[len(piece):]
        pieces = [f"{key}*{i}*={label + chr(39) * 2 if i == 0 else ''}{piece}" for i, piece in enumerate(cut)]
        if self.chance(30):
            self.random.shuffle(pieces)
        return pieces

    def rfc2047(self, key, name, label, codec):
        words = [self.encoded_word(name[i:i + 10], label, codec) for i in range(0, len(name), 10)]
        return [f'{key}="' + self.one(' ', '\r\n ').join(words) + '"']

    def parameter(self, key, name, label, codec):
        """The pieces of a parameter, of one of the forms that are in use."""
        if name.isascii() and self.chance(70):
            escaped = name.replace('\\', '\\\\').replace('"', '\\"')
            return [f'{key}="{escaped}"']
        if self.chance(60):
            return self.rfc2231(key, name, label, codec)
        return self.rfc2047(key, name, label, codec)

    def attachment(self, truth):
        label, codec = self.random.choice(CHARSETS)
        name = self.file_name(codec)
        kind = self.one('application/pdf', 'Application/ZIP', 'image/png', 'text/plain', 'application/octet-stream', 'text/csv')
        text = kind.startswith('text/')
        content = ('\r\n'.join(self.lines('utf-8')).encode() if text else self.random.randbytes(self.random.choice([0, 1, 2, 57, 300, 5000])))
        encoding, body = self.transfer(content, text)
        disposed = self.chance(80)
        pieces = self.parameter('filename' if disposed else 'name', name, label, codec)
        pieces = ''.join(';' + self.blank() + piece for piece in pieces)
        if disposed:
            head = self.fields(f'Content-Type: {kind}', 'Content-Disposition: ' + self.one('attachment', 'inline', 'Attachment') + pieces,
                               self.encoding_field(encoding))
        else:
            head = self.fields(f'Content-Type: {kind}{pieces}', self.encoding_field(encoding))
        truth['attachments'].append({'name': name, 'type': kind.lower(), 'size': len(content), 'sha256': hashlib.sha256(content).hexdigest()})
        return self.part(head, body)

    def message(self, truth):
        """An attached mail: one attachment, whatever is in it."""
        inner = self.whole({'from': [], 'to': [], 'cc': [], 'bcc': [], 'subject': '', 'texts': [], 'attachments': []}, level=2)
        label, codec = self.random.choice(CHARSETS)
        name = self.file_name(codec) if self.chance(50) else None
        pieces = ''.join(';' + self.blank() + piece for piece in self.parameter('filename', name, label, codec)) if name else ''
        truth['attachments'].append({'name': name, 'type': 'message/rfc822', 'size': len(inner), 'sha256': hashlib.sha256(inner).hexdigest()})
        return self.part(self.fields('Content-Type: message/rfc822', f'Content-Disposition: attachment{pieces}'), inner)

    # --- structure ---

    def boundary(self):
        """Some begin like others do."""
        self.boundaries += 1
        return self.one('b', 'b1', '=_x', "a'(b)+_,-./:=?", '----=_NextPart_000') + f'{self.boundaries:d}' + 'x' * self.boundaries

    def multipart(self, kind, parts, extra=''):
        boundary = self.boundary()
        out = f'Content-Type: multipart/{kind};{self.blank()}boundary="{boundary}"{extra}\r\n\r\n'.encode()
        out += self.one(b'', b'This is a multi-part message in MIME format.\r\n', b'\r\n')
        for part in parts:
            out += b'--' + boundary.encode() + self.one(b'', b'', b' ') + b'\r\n' + part + b'\r\n'
        return out + b'--' + boundary.encode() + b'--' + self.one(b'', b'\r\n', b'\r\nepilogue\r\n')

    def alternative(self, truth):
        return self.multipart('alternative', [self.plain(truth), self.related(truth) if self.chance(40) else self.html(truth)])

    def related(self, truth):
        """A picture that the text shows is no attachment."""
        body = base64.encodebytes(PNG).replace(b'\n', b'\r\n')
        picture = self.part(self.fields('Content-Type: image/png; name="p.png"', 'Content-ID: <p1@x>', 'Content-Transfer-Encoding: base64',
                                        'Content-Disposition: inline; filename="p.png"'), body)
        return self.multipart('related', [self.html(truth, '<img src="cid:p1@x">'), picture], '; type="text/html"')

    def mixed(self, truth, level):
        makers = [self.attachment, self.attachment, self.attachment]
        if level < 2:
            makers += [self.message, lambda t: self.mixed(t, level + 1), self.plain]
        parts = [self.one(self.plain, self.html, self.alternative)(truth)]
        parts += [self.random.choice(makers)(truth) for _ in range(self.random.randint(1, 4))]
        return self.multipart('mixed', parts)

    def whole(self, truth, level=0):
        body = self.one(self.plain, self.html, self.alternative, self.related,
                        *[lambda t: self.mixed(t, level)] * 6)(truth)
        subject, truth['subject'] = self.phrase(6)
        fields = [f'Subject: {subject}', 'Date: Sun, 7 Apr 2024 10:00:00 +0900', 'MIME-Version: 1.0', 'Message-ID: <1@example.co.jp>']
        sender, person = self.mailbox()
        truth['from'].append(person)
        fields.append(f'From: {sender}')
        for name in ('To', 'To', 'Cc', 'Bcc'):
            if self.chance(90 if not truth['to'] else 40):
                raw, people = self.address_list(8)
                fields.append(f'{name}: {raw}')
                truth[name.lower()] += people
        return self.in_order(fields).encode() + body

    def in_order(self, fields):
        """Any order, but that of fields of one name is kept: they are stable-sorted by a random key of the name."""
        keys = {name: self.random.random() for name in ('Subject', 'Date', 'MIME-Version', 'Message-ID', 'From', 'To', 'Cc', 'Bcc')}
        return ''.join(field + '\r\n' for field in sorted(fields, key=lambda field: keys[field.split(':')[0]]))


# --- as Python reads it ---

def decoded(value):
    """Header's words; folds are gone."""
    pieces = email.header.decode_header(re.sub('\r?\n', '', str(value)))
    return ''.join(piece if isinstance(piece, str) else piece.decode(charset or 'ascii') for piece, charset in pieces)


class Page(html.parser.HTMLParser):
    """The paragraphs of the generator's pages."""

    def __init__(self, page):
        super().__init__()
        self.paragraphs, self.inside = [], False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        if tag == 'p':
            self.paragraphs.append('')
            self.inside = True

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != 'p'

    def handle_data(self, data):
        if self.inside:
            self.paragraphs[-1] += data


def python_addresses(message, field):
    values = [re.sub('\r?\n', '', str(value)) for value in message.get_all(field, [])]
    # An empty group gives an empty address.
    return [address(spec, decoded(name)) for name, spec in email.utils.getaddresses(values) if (name, spec) != ('', '')]


def python_name(part):
    name = part.get_filename()
    return decoded(name) if name and '=?' in name else name


def python_parts(part):
    if part.is_multipart() and part.get_content_type() != 'message/rfc822':
        for child in part.get_payload():
            yield from python_parts(child)
    else:
        yield part


def python_reads(mail):
    message = email.message_from_bytes(mail)
    read = {field: python_addresses(message, field) for field in ('from', 'to', 'cc', 'bcc')}
    read |= {'subject': decoded(message['subject']), 'texts': [], 'attachments': []}
    for part in python_parts(message):
        kind, name = part.get_content_type(), python_name(part)
        if kind == 'message/rfc822':
            # Python does not keep where it stood.
            read['attachments'].append({'name': name, 'type': kind})
        elif name is None:
            text = part.get_payload(decode=True).decode(part.get_content_charset())
            text = text if kind == 'text/plain' else '\n'.join(re.sub(' +', ' ', line) for line in Page(text).paragraphs)
            read['texts'].append({'kind': kind.removeprefix('text/'), 'text': text})
        elif part['Content-ID'] is None:
            content = part.get_payload(decode=True)
            read['attachments'].append({'name': name, 'type': kind, 'size': len(content), 'sha256': hashlib.sha256(content).hexdigest()})
    return read


# --- as the engine reads it ---

def engine_reads(line):
    read = json.loads(line)
    assert read['uninspected'] is None, read['uninspected']
    for text in read['texts']:
        assert text['replaced'] == 0
        if text['kind'] == 'html':
            text['text'] = '\n'.join(row.strip() for row in text['text'].splitlines() if row.strip())
    return {'subject': read['subject'], **{field: read[field] for field in ('from', 'to', 'cc', 'bcc')},
            'texts': [{key: text[key] for key in ('kind', 'text')} for text in read['texts']],
            'attachments': [{key: file[key] for key in ('name', 'type', 'size', 'sha256')} for file in read['attachments']]}


@pytest.fixture(scope='module')
def generated():
    return [Generator(number) for number in range(MAILS)]


@pytest.fixture(scope='module')
def engine(generated, tmp_path_factory):
    """One line of JSON a mail."""
    folder = tmp_path_factory.mktemp('mails')
    paths = []
    for number, one in enumerate(generated):
        paths.append(folder / f'{number}.eml')
        paths[-1].write_bytes(one.mail)
    done = subprocess.run([BUILD / 'tests/unit/dump-message', *paths], capture_output=True, text=True, env=dict(os.environ), timeout=60)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == MAILS
    return lines


@pytest.mark.parametrize('number', range(MAILS))
def test_python_confirms(generated, number):
    one = generated[number]
    truth = dict(one.truth, attachments=[{key: value for key, value in file.items() if file['type'] != 'message/rfc822' or key in ('name', 'type')}
                                         for file in one.truth['attachments']])
    assert python_reads(one.mail) == truth


@pytest.mark.parametrize('number', range(MAILS))
def test_engine_reads_the_truth(generated, engine, number):
    assert engine_reads(engine[number]) == generated[number].truth


def test_all_is_generated(generated):
    """The generator reaches what it is for."""
    mails = b'\n'.join(one.mail for one in generated).lower()
    for piece in (b'=?iso-2022-jp?b?', b'=?shift_jis?q?', b'=?euc-jp?', b"*0*=utf-8''", b'message/rfc822', b'multipart/alternative', b'multipart/related',
                  b'quoted-printable', b'8bit', b'team:', b'\r\n\t', b'filename*='):
        assert mails.count(piece) > 20, piece
    assert sum(len(one.truth['attachments']) for one in generated) > MAILS
