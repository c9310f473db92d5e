# SPDX-License-Identifier: GPL-3.0-or-later
"""A mail server that misbehaves as it is told, and relay-main, the program that hands it mails.

A script is a dictionary from a step ('greeting', 'EHLO', 'MAIL', 'RCPT', 'DATA', 'DOT', 'RSET', 'QUIT', 'early') to what is done
there: octets are sent, CLOSE and RESET end the connection, SILENT stops answering, a list gives one of these for each
time, a function is called with the line. 'early' is sent after so many octets of content.
"""
import json
import os
import pathlib
import re
import socket
import ssl
import struct
import subprocess
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get('SEKISHO_BUILD') or ROOT / 'build-test')
RELAY_MAIN = BUILD / 'tests/relay/relay-main'

CLOSE, RESET, SILENT = object(), object(), object()

FULL = b'250-mx.example.com\r\n250-PIPELINING\r\n250-SIZE 10485760\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-DSN\r\n' \
       b'250 ENHANCEDSTATUSCODES\r\n'
PLAIN = b'250 mx.example.com\r\n'

USUAL = {'greeting': b'220 mx.example.com ready\r\n', 'EHLO': FULL, 'MAIL': b'250 2.1.0 ok\r\n',
         'RCPT': b'250 2.1.5 ok\r\n', 'DATA': b'354 go on\r\n', 'DOT': b'250 2.0.0 queued as 1\r\n',
         'RSET': b'250 2.0.0 forgotten\r\n', 'QUIT': b'221 2.0.0 bye\r\n', 'STARTTLS': b'220 2.0.0 go on\r\n',
         'AUTH': b'235 2.7.0 welcome\r\n'}


class End(Exception):
    """The connection is over."""


class Session:
    """One connection: what came, and whether it ended properly."""

    def __init__(self, server, connection, script):
        self.server, self.connection, self.script = server, connection, script
        self.commands = []   # lines without their ends
        self.bodies = []     # content as it came on the wire, without the final dot's line
        self.partial = b''   # content that was not ended by a dot, behind a CRLF
        self.octets = 0      # received after the EHLO reply
        self.counts = {}
        self.buffer = b''
        self.counting = False
        self.ended = threading.Event()

    def receive(self):
        data = self.connection.recv(65536)
        if not data:
            raise End
        if self.counting:
            limit = self.script.get('close_after')
            self.octets += len(data)
            if limit is not None and self.octets >= limit:
                self.buffer += data
                raise End
        self.buffer += data

    def line(self):
        while b'\n' not in self.buffer:
            self.receive()
        line, self.buffer = self.buffer.split(b'\n', 1)
        return line.rstrip(b'\r')

    def write(self, octets):
        size = self.script.get('pieces', len(octets) or 1)
        for start in range(0, len(octets), size):
            self.connection.sendall(octets[start:start + size])
            if size < len(octets):
                time.sleep(self.script.get('piece_pause', 0.0005))

    def act(self, step, line=b''):
        what = self.script.get(step, USUAL.get(step, b'500 5.5.1 what?\r\n'))
        if isinstance(what, list):
            count = self.counts.get(step, 0)
            self.counts[step] = count + 1
            what = what[min(count, len(what) - 1)]
        if callable(what):
            what = what(line)
        if what is CLOSE:
            raise End
        if what is RESET:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
            raise End
        if what is SILENT:
            while True:
                self.receive()
        self.write(what)
        return what

    def content(self):
        """The octets up to CRLF.CRLF; those of a first line that is a dot alone count too."""
        early = self.script.get('early')
        self.buffer = bytearray(b'\r\n' + self.buffer)
        self.partial = self.buffer
        searched = 0
        while (end := self.buffer.find(b'\r\n.\r\n', searched)) < 0:
            searched = max(len(self.buffer) - 4, 0)
            if early and len(self.buffer) >= early[0]:
                self.write(early[1])
                early = None
            self.receive()
        self.bodies.append(bytes(self.buffer[2:end + 2]))
        self.buffer, self.partial = bytes(self.buffer[end + 5:]), b''

    def secure(self):
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.buffer = b''

    def serve(self):
        if self.server.implicit:
            self.secure()
        self.act('greeting')
        while True:
            line = self.line()
            self.commands.append(line)
            verb = line.split(b' ')[0].split(b':')[0].upper().decode('latin-1')
            said = self.act(verb, line)
            if verb == 'EHLO':
                self.counting = True
            if verb == 'STARTTLS' and said.startswith(b'2'):
                self.secure()
            if verb == 'DATA' and said.startswith(b'354'):
                self.content()
                self.act('DOT')
            if verb == 'QUIT':
                raise End

    def run(self):
        try:
            self.serve()
        except (End, OSError):
            pass
        finally:
            try:
                self.connection.close()
            except OSError:
                pass
            self.ended.set()


class Server:
    """Listens on the loopback; connection n is served by script n (the last one again and again)."""

    def __init__(self, *scripts, context=None, implicit=False):
        self.scripts = scripts or ({},)
        self.context, self.implicit = context, implicit
        self.sessions, self.threads = [], []
        self.stopping = threading.Event()
        self.socket = socket.create_server(('127.0.0.1', 0), backlog=256)
        self.port = self.socket.getsockname()[1]

    def accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.settimeout(20)
            session = Session(self, connection, self.scripts[min(len(self.sessions), len(self.scripts) - 1)])
            self.sessions.append(session)
            thread = threading.Thread(target=session.run, daemon=True)
            thread.start()
            self.threads.append(thread)

    def __enter__(self):
        self.acceptor = threading.Thread(target=self.accept, daemon=True)
        self.acceptor.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for thread in self.threads:
            thread.join(10)

    @property
    def url(self):
        return f"{'smtps' if self.implicit else 'smtp'}://127.0.0.1:{self.port}"

    @property
    def commands(self):
        return [command for session in self.sessions for command in session.commands]

    @property
    def bodies(self):
        for session in self.sessions:
            session.ended.wait(10)
        return [body for session in self.sessions for body in session.bodies]


def hand_over(server, *mails, settings=None, timeout=60, **rest):
    """Runs relay-main; its output."""
    url = server if isinstance(server, str) else server.url
    request = {'settings': {'url': url, **(settings or {})}, 'mails': list(mails), **rest}
    done = subprocess.run([RELAY_MAIN], input=json.dumps(request), capture_output=True, text=True, timeout=timeout)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout), stderr=done.stderr)


def unstuffed(body):
    """RFC 5321 4.5.2, the receiver's side."""
    return re.sub(rb'(?:(?<=\r\n)|\A)\.', b'', body)


def context_of(certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
