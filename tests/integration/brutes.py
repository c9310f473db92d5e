# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are meant to use up whoever opens them: bombs, loops, nests, and plain bulk. All are made here, none is kept.

Each maker gives the bytes of one attachment. What they imitate is public: 42.zip, David Fifield's "A better zip bomb" (2019),
Russ Cox's "Zip Files All the Way Down" (2010), the billion laughs (CVE-2003-1564).
"""
import base64
import bz2
import io
import lzma
import random
import struct
import subprocess
import tarfile
import tempfile
import zipfile
import zlib

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30


def dull_text(size):
    """Text that is packed to a hundredth."""
    pieces = random.Random(1)
    return b''.join(b'%08d ' % pieces.randrange(10 ** 8) * 200 for _ in range(size // 1800 + 1))[:size]


# --- archives ---------------------------------------------------------------------------------------------------------

def zipped(members, method=zipfile.ZIP_DEFLATED):
    """A ZIP of (name, bytes)."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, 'w', method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file.getvalue()


def zip_of_zeros(size=GIB, name='zeros.txt'):
    file = io.BytesIO()
    with zipfile.ZipFile(file, 'w', zipfile.ZIP_DEFLATED) as archive, archive.open(name, 'w', force_zip64=True) as member:
        for _ in range(size // MIB):
            member.write(bytes(MIB))
    return file.getvalue()


def zip_like_42():
    """16 in each of 16 in each of …, and each of the last unpacks to 64 MiB."""
    inner = zip_of_zeros(64 * MIB)
    for _ in range(4):
        inner = zipped([(f'lib {n:x}.zip', inner) for n in range(16)])
    return inner


def local_header(name, packed, crc, size):
    return struct.pack('<4sHHHHHIIIHH', b'PK\3\4', 20, 0, 8, 0, 33, crc, packed, size, len(name), 0) + name


def directory_entry(name, packed, crc, size, offset):
    return struct.pack('<4sHHHHHHIIIHHHHHII', b'PK\1\2', 20, 20, 0, 8, 0, 33, crc, packed, size, len(name), 0, 0, 0, 0, 0,
                       offset) + name


def end_record(count, directory, offset):
    return struct.pack('<4sHHHHIIH', b'PK\5\6', 0, 0, count, count, directory, offset, 0)


def zip_that_overlaps(count=500, kernel_size=4 * MIB):
    """Each member quotes the header of the next in a stored block and goes on with its data: all share the text at the end, which is
    packed no better than texts are."""
    kernel, compressor = dull_text(kernel_size), zlib.compressobj(9, zlib.DEFLATED, -15)
    tail, quotes, size, members = compressor.compress(kernel) + compressor.flush(), b'', kernel_size, []
    for n in range(count, 0, -1):
        name = b'%04d.txt' % n
        member = (name, len(tail), zlib.crc32(kernel, zlib.crc32(quotes)), size)
        header = local_header(*member)
        members.insert(0, member)
        tail = b'\0' + struct.pack('<HH', len(header), len(header) ^ 0xffff) + header + tail
        quotes, size = header + quotes, size + len(header)
    tail, offset, directory = tail[5:], 0, b''
    for name, packed, crc, unpacked in members:
        directory += directory_entry(name, packed, crc, unpacked, offset)
        offset += len(local_header(name, 0, 0, 0)) + 5
    return tail + directory + end_record(count, len(directory), len(tail))


def zip_all_of_one(count=20000):
    """Every entry of the directory is the same member."""
    data = zlib.compress(bytes(900 * KIB), 9)[2:-4]
    entry = (b'a.txt', len(data), zlib.crc32(bytes(900 * KIB)), 900 * KIB)
    body = local_header(*entry) + data
    directory = directory_entry(*entry, 0) * count
    return body + directory + end_record(count, len(directory), len(body))


def solve(rows):
    """x with rows·x = 0 over GF(2), of 32 unknowns; each row is 32 bits and the constant above them."""
    rows, pivots = list(rows), []
    for bit in range(32):
        pivot = next((row for row in rows if row >> bit & 1), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows = [row ^ pivot if row >> bit & 1 else row for row in rows]
        pivots = [(b, row ^ pivot if row >> bit & 1 else row) for b, row in pivots] + [(bit, pivot)]
    assert not any(rows), 'there is no such sum'
    return sum((row >> 32 & 1) << bit for bit, row in pivots)


def with_own_sum(make):
    """make(crc) is a file with its own CRC-32 in it. The sum is affine in what stands there, so that it can be solved for."""
    start = zlib.crc32(make(0))
    columns = [zlib.crc32(make(1 << bit)) ^ start ^ 1 << bit for bit in range(32)]
    return make(solve(sum((columns[bit] >> row & 1) << bit for bit in range(32)) | (start >> row & 1) << 32 for row in range(32)))


def stored(length):
    """Deflate: the head of so many bytes as they are."""
    return struct.pack('<BHH', 0, length, length ^ 0xffff)


def repeated(length, last=False):
    """Deflate: the last 17 to 20 bytes once more, in five bytes: two copies of up to 10 at that distance, in the fixed code."""
    bits = f"{'1' if last else '0'}10"
    for half in (length // 2, length - length // 2):
        bits += f'{half - 2:07b}' + f'{8:05b}' + f'{length - 17:03b}'[::-1]
    return int((bits + 7 * '0')[::-1], 2).to_bytes(5, 'little')


def gzip_quine():
    """Unpacks to itself."""
    def make(crc):
        head, tail = b'\x1f\x8b\x08\x08' + bytes(5) + b'\3abc\0', struct.pack('<II', crc, 0xdeadbeef) + bytes(4)
        one, four, copy = stored(5), stored(20), repeated(20)
        copy_head, copy_tail = repeated(len(head) + 5), repeated(len(tail) + 5, last=True)
        print_head, print_tail, none = stored(len(head) + 5), stored(len(tail) + 5), stored(0)
        data = (head + print_head + head + print_head + copy_head + one + copy_head + one + one + four + copy_head + one + one + four
                + copy + four + copy + four + copy + four + copy + four + copy + none + none + print_tail
                + copy + none + none + print_tail + copy_tail + tail + copy_tail + tail)
        return data.replace(struct.pack('<I', 0xdeadbeef), struct.pack('<I', len(data)))
    return with_own_sum(make)


def nested_zips(depth, inner=b'text at the bottom'):
    for level in range(depth):
        inner = zipped([(f'{level}.zip' if level else 'bottom.txt', inner)])
    return inner


def many_members(count):
    return zipped([(f'{n:05}.txt', b'text %d' % n) for n in range(count)], zipfile.ZIP_STORED)


def in_pieces(compressor, size, head=b''):
    return compressor.compress(head) + b''.join([compressor.compress(bytes(MIB)) for _ in range(size // MIB)]) + compressor.flush()


def tar_head(size):
    member = tarfile.TarInfo('zeros.txt')
    member.size = size
    return member.tobuf()


def tar_gz(size=GIB):
    return in_pieces(zlib.compressobj(9, zlib.DEFLATED, 31), size, tar_head(size))


def tar_bz2(size=GIB // 2):
    return in_pieces(bz2.BZ2Compressor(), size, tar_head(size))


def tar_xz(size=GIB):
    return in_pieces(lzma.LZMACompressor(preset=1), size, tar_head(size))


def seven_zip(size=GIB):
    with tempfile.TemporaryDirectory() as folder:
        with open(f'{folder}/zeros.txt', 'wb') as file:
            file.truncate(size)
        subprocess.run(['7z', 'a', '-mx1', '-bd', f'{folder}/a.7z', f'{folder}/zeros.txt'], check=True, stdout=subprocess.DEVNULL)
        with open(f'{folder}/a.7z', 'rb') as file:
            return file.read()


def xz_with_a_large_dictionary():
    """It asks for 1.5 GiB before the first byte."""
    small = lzma.compress(b'text', filters=[{'id': lzma.FILTER_LZMA2, 'dict_size': 4096}])
    wide = bytearray(small)
    at = wide.index(b'\x21\x01\x00')
    wide[at + 2] = 0x25
    head = wide[12:12 + 4 * (wide[12] + 1) - 4]
    wide[12 + len(head):16 + len(head)] = struct.pack('<I', zlib.crc32(head))
    return bytes(wide)


def deflate_of_wrong_sizes():
    """The directory and the headers say what is not so."""
    data = zlib.compress(b'text ' * 1000, 9)[2:-4]
    body, directory = b'', b''
    for n, (packed, size) in enumerate([(len(data), 1), (len(data), 0xfffffff0), (len(data) - 5, 5000), (0x7fffffff, 5000),
                                        (0, 0), (len(data), 5000)]):
        entry = (b'%d.txt' % n, packed, zlib.crc32(b'text ' * 1000), size)
        directory += directory_entry(*entry, len(body))
        body += local_header(*entry) + data
    return body + directory + end_record(6, len(directory), len(body))


# --- XML --------------------------------------------------------------------------------------------------------------

LAUGHS = '<!DOCTYPE x [<!ENTITY a0 "laugh">' + ''.join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)) + ']>'
QUADRATIC = f'<!DOCTYPE x [<!ENTITY q "{"laugh" * 20000}">]>'
MANY = '&q;' * 50000
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = ' '.join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ('office', 'text', 'table'))
RELATION = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'


def package(kind, main, part, more=()):
    """An Office Open XML package around one part."""
    types = ('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
             '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
             '<Default Extension="xml" ContentType="application/xml"/>'
             f'<Override PartName="/{main}" ContentType="application/vnd.openxmlformats-officedocument.{kind}.main+xml"/></Types>')
    relations = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                 f'<Relationship Id="r1" Type="{RELATION}/officeDocument" Target="{main}"/></Relationships>')
    return zipped([('[Content_Types].xml', types), ('_rels/.rels', relations), (main, part), *more])


def docx(doctype, text):
    return package('wordprocessingml.document', 'word/document.xml',
                   f'{doctype}<w:document {WORD}><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>')


def docx_of_paragraphs(count):
    """Deep and many: a table in a table in a table, and paragraphs by the million."""
    deep = '<w:tbl><w:tr><w:tc>' * 5000 + '</w:tc></w:tr></w:tbl>' * 5000
    return docx('', 'x</w:t></w:r></w:p>' + deep + '<w:p><w:r><w:t>03-3456-7890</w:t></w:r></w:p>' * count + '<w:p><w:r><w:t>')


def xlsx(sheet, doctype=''):
    book = (f'{doctype}<workbook {SHEET} xmlns:r="{RELATION}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>')
    relations = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                 f'<Relationship Id="r1" Type="{RELATION}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
    return package('spreadsheetml.sheet', 'xl/workbook.xml', book,
                   [('xl/_rels/workbook.xml.rels', relations), ('xl/worksheets/sheet1.xml', sheet)])


def rows(cells):
    return f'<worksheet {SHEET}><sheetData>' + ''.join(cells) + '</sheetData></worksheet>'


def xlsx_of_laughs(doctype, text):
    return xlsx(doctype + rows([f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>']))


def xlsx_sparse():
    """A million rows, and a cell in every ninetieth."""
    return xlsx(rows(f'<row r="{r}"><c r="XFD{r}"><v>{r}</v></c></row>' for r in range(1, 1048577, 90)))


def xlsx_dense(count=1048576):
    return xlsx(rows(f'<row r="{r}"><c r="A{r}"><v>{r}</v></c><c r="B{r}"><v>{r * 7 % 10007}</v></c></row>' for r in range(1, count + 1)))


def opendocument(kind, doctype, body):
    content = f'{doctype}<office:document-content {OFFICE}><office:body>{body}</office:body></office:document-content>'
    return zipped([('mimetype', f'application/vnd.oasis.opendocument.{kind}'), ('content.xml', content)])


def odt(doctype, text):
    return opendocument('text', doctype, f'<office:text><text:p>{text}</text:p></office:text>')


def ods_repeated():
    cell = '<table:table-cell table:number-columns-repeated="1024" office:value-type="string"><text:p>03-3456-7890</text:p></table:table-cell>'
    return opendocument('spreadsheet', '', '<office:spreadsheet><table:table table:name="a">'
                        f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
                        '</table:table></office:spreadsheet>')


def odt_of_spaces():
    return odt('', '<text:s text:c="2000000000"/>' * 1000)


def svg(doctype, text):
    return f'<?xml version="1.0"?>{doctype}<svg xmlns="http://www.w3.org/2000/svg"><text>{text}</text></svg>'.encode()


def html_deep():
    return b'<html><body>' + b'<div>' * 1000000 + b'text'


def html_open():
    """Tags, comments and entities that never end."""
    return b'<html><body>' + b'<a href="' * 1000000 + b'<!--' * 1000000 + b'&#' * 1000000 + b'<![CDATA[' * 500000 + b'<script>' * 500000


# --- PDF --------------------------------------------------------------------------------------------------------------

def pdf_file(objects):
    pieces, places, at = [b'%PDF-1.7\n'], [], 9
    for number, body in enumerate(objects, 1):
        piece = b'%d 0 obj\n%s\nendobj\n' % (number, body)
        places.append(at)
        pieces.append(piece)
        at += len(piece)
    table = b'xref\n0 %d\n0000000000 65535 f \n' % (len(places) + 1) + b''.join(b'%010d 00000 n \n' % place for place in places)
    return b''.join(pieces) + table + b'trailer <</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n' % (len(places) + 1, at)


def stream(data, more=b''):
    packed = zlib.compress(data, 9)
    return b'<</Length %d/Filter/FlateDecode%s>>stream\n%s\nendstream' % (len(packed), more, packed)


FONT = b'<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>'


def pdf_page(content, resources=b'/Font<</F1 5 0 R>>', more=()):
    return pdf_file([b'<</Type/Catalog/Pages 2 0 R>>', b'<</Type/Pages/Kids[3 0 R]/Count 1>>',
                     b'<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<%s>>>>' % resources,
                     content, FONT, *more])


def pdf_tree_that_loops():
    return pdf_file([b'<</Type/Catalog/Pages 2 0 R>>', b'<</Type/Pages/Kids[3 0 R 2 0 R 3 0 R]/Count 1000000/Parent 3 0 R>>',
                     b'<</Type/Pages/Kids[2 0 R 2 0 R 3 0 R]/Count 1000000/Parent 2 0 R>>'])


def pdf_of_pages(count):
    kids = b' '.join(b'%d 0 R' % (n + 3) for n in range(count))
    text = count + 3
    pages = [b'<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents %d 0 R/Resources<</Font<</F1 %d 0 R>>>>>>' % (text, text + 1)] * count
    return pdf_file([b'<</Type/Catalog/Pages 2 0 R>>', b'<</Type/Pages/Kids[%s]/Count %d>>' % (kids, count), *pages,
                     stream(b'BT /F1 9 Tf (a page) Tj ET'), FONT])


def pdf_of_one_page(count):
    """The same page so many times."""
    return pdf_file([b'<</Type/Catalog/Pages 2 0 R>>', b'<</Type/Pages/Kids[%s]/Count %d>>' % (b'3 0 R ' * count, count),
                     b'<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
                     stream(b'BT /F1 9 Tf ' + b'(words) Tj ' * 1000 + b'ET'), FONT])


def pdf_of_much_text():
    return pdf_page(stream(b'BT /F1 9 Tf ' + b'1 0 0 1 9 9 Tm (03-3456-7890 and more) Tj ' * 2000000 + b'ET'))


def pdf_of_zeros():
    """A stream in a stream in a stream."""
    data = zlib.compress(zlib.compress(in_pieces(zlib.compressobj(9), GIB // 8), 9), 9)
    return pdf_page(b'<</Length %d/Filter[/FlateDecode/FlateDecode/FlateDecode]>>stream\n%s\nendstream' % (len(data), data))


def pdf_of_forms(depth=12):
    """Each form shows the next ten times; the last shows the first."""
    forms = [stream(b'/X Do ' * 10, b'/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>'
                    % (6 + (n + 1) % depth)) for n in range(depth)]
    return pdf_page(stream(b'/X Do ' * 10), b'/XObject<</X 6 0 R>>', forms)


def pdf_of_laughing_forms(depth=12):
    """Each form shows the next ten times; the last is a word."""
    forms = [stream(b'/X Do ' * 10, b'/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>' % (7 + n))
             for n in range(depth)]
    last = stream(b'BT /F1 9 Tf (laugh) Tj ET', b'/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F1 5 0 R>>>>')
    return pdf_page(stream(b'/X Do ' * 10), b'/XObject<</X 6 0 R>>', [*forms, last])


# --- mails ------------------------------------------------------------------------------------------------------------

def mail(kind, body):
    return b'From: a@example.com\r\nTo: b@example.com\r\nSubject: inside\r\nMIME-Version: 1.0\r\nContent-Type: %s\r\n\r\n%s' % (kind, body)


def mail_of_parts(count):
    part = b'--x\r\nContent-Type: text/plain; name=a.txt\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\ntext\r\n'
    return mail(b'multipart/mixed; boundary=x', part * count + b'--x--\r\n')


def mail_of_multiparts(depth):
    body = b'Content-Type: text/plain\r\n\r\ntext\r\n'
    for n in range(depth):
        body = b'Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n%s--b%d--\r\n' % (n, n, body, n)
    return b'From: a@example.com\r\nSubject: deep\r\nMIME-Version: 1.0\r\n' + body


def mail_of_mails(depth):
    inner = mail(b'text/plain', b'text\r\n')
    for _ in range(depth):
        inner = mail(b'message/rfc822', inner)
    return inner


def mail_of_boundaries(count=3000):
    """Multiparts inside one another, and then lines that look like all their boundaries."""
    head = b''.join(b'Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n' % (n, n) for n in range(count))
    return b'From: a@example.com\r\nSubject: deep\r\nMIME-Version: 1.0\r\n' + head + b'--b\r\n' * 1000000


def mail_of_headers():
    return b'From: a@example.com\r\nSubject: many\r\n' + b'X-A: =?utf-8?b?44GC?=\r\n' * 500000 + b'\r\ntext\r\n'


def mail_of_base64(size=40 * MIB):
    text = base64.encodebytes(b'The quick brown fox 03-3456-7890.\n' * (size // 34)).replace(b'\n', b'\r\n')
    return mail(b'text/plain\r\nContent-Transfer-Encoding: base64', text)


# --- older formats ----------------------------------------------------------------------------------------------------

def ole2(fat, directory):
    """A compound file of one FAT sector (128 numbers) and one sector of directory."""
    head = (b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + bytes(16) + struct.pack('<HHHHH', 0x3e, 3, 0xfffe, 9, 6) + bytes(6)
            + struct.pack('<IIIIIIIIII', 0, 1, 1, 0, 4096, 0xfffffffe, 0, 0xfffffffe, 0, 0) + struct.pack('<108I', *[0xffffffff] * 108))
    body = struct.pack('<128I', *fat) + directory
    return head + body + bytes(512) * 125


def directory_of(name, child=0xffffffff, left=0xffffffff, right=0xffffffff, kind=2, start=2, size=4096):
    text = name.encode('utf-16-le') + b'\0\0'
    return (text.ljust(64, b'\0') + struct.pack('<HBBIII', len(text), kind, 1, left, right, child) + bytes(36)
            + struct.pack('<IQ', start, size))


def ole2_that_loops():
    """The chain of every stream leads back to its start, and so do the siblings in the directory; each says that it has 4 GB."""
    fat = [0xfffffffd, 1, *[2 + (n + 1) % 126 for n in range(126)]]
    directory = (directory_of('Root Entry', 1, kind=5) + directory_of('WordDocument', left=2, right=3, child=1, size=0xfffffff0)
                 + directory_of('1Table', left=1, right=3, child=2, kind=1, size=0xfffffff0)
                 + directory_of('Workbook', left=2, right=1, child=3, size=0xfffffff0))
    return ole2(fat, directory)


def rtf_of_groups(count):
    return b'{\\rtf1\\ansi ' + b'{\\b ' * count + b'text' + b'}' * count + b'}'


def rtf_of_hex():
    return b'{\\rtf1\\ansi\\ansicpg932 ' + b"\\'82\\'a0\\u12354?{\\*\\x }" * 800000 + b'}'


def rtf_of_binary():
    return b'{\\rtf1\\ansi ' + b'\\bin2147483647 text' * 100000 + b'\\bin-1 x}'


def tnef_that_lies():
    """Attributes that say they are longer than the file, and a million properties in a few bytes."""
    def attribute(name, data, length=None):
        return struct.pack('<BII', 1, name, len(data) if length is None else length) + data + struct.pack('<H', sum(data) & 0xffff)
    properties = struct.pack('<I', 0x7fffffff) + struct.pack('<III', 0x0e04001f, 0x7fffffff, 0x7fffffff) * 1000
    return (struct.pack('<IH', 0x223e9f78, 1) + attribute(0x00069003, properties) * 200
            + attribute(0x00069005, properties) * 200 + attribute(0x0006800f, b'text', 0x7fffffff))


def tnef_of_attachments(count=100000):
    def attribute(name, data):
        return struct.pack('<BII', 2, name, len(data)) + data + struct.pack('<H', sum(data) & 0xffff)
    one = attribute(0x00069002, bytes(14)) + attribute(0x00018010, b'a.txt\0') + attribute(0x0006800f, b'text')
    return struct.pack('<IH', 0x223e9f78, 1) + one * count


# --- bulk -------------------------------------------------------------------------------------------------------------

def random_bytes(size=50 * MIB):
    return random.Random(2).randbytes(size)


def one_line(size=30 * MIB):
    words = ['見積書', '御中', '03-', '請求', 'ａｂｃ', '12345', '、', '株式会社', 'です', 'the ', 'order ']
    pieces = random.Random(3)
    return ''.join(pieces.choices(words, k=size // 7)).encode()[:size].decode(errors='ignore').encode()


def of_phone_numbers(size=20 * MIB):
    pieces = random.Random(4)
    return b'No.,\xe9\x9b\xbb\xe8\xa9\xb1\xe7\x95\xaa\xe5\x8f\xb7\n' + b''.join(
        b'%d,0%d0-%04d-%04d\n' % (n, pieces.choice((7, 8, 9)), pieces.randrange(10000), pieces.randrange(10000)) for n in range(size // 22))


FAMILIES = '佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 斎藤 清水'.split()
GIVEN = '翔太 健一 花子 美咲 陽子 大輔 直樹 恵子 由美 さくら 拓也 誠 洋子 真由美 和彦 千尋 葵 蓮 結衣 大翔'.split()


def of_names(size=20 * MIB):
    pieces = random.Random(5)
    line = lambda n: f'{n},{pieces.choice(FAMILIES)} {pieces.choice(GIVEN)},東京都千代田区丸の内{n % 9 + 1}丁目{n % 31 + 1}番{n % 17 + 1}号\n'
    return ('No.,氏名,住所\n' + ''.join(line(n) for n in range(size // 76))).encode()


def of_one_character(character, size=30 * MIB):
    return (character * (size // len(character.encode()))).encode()


def not_utf8(size=30 * MIB):
    """Shift_JIS, EUC-JP and neither."""
    text = one_line(size // 3).decode()
    return text.encode('cp932', 'replace') + text.encode('euc_jp', 'replace') + random_bytes(1000)
