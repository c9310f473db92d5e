# SPDX-License-Identifier: GPL-3.0-or-later
"""A client that says exactly what a test wants it to say."""
import re
import socket
import struct


class Wire:
    def __init__(self, port, host='127.0.0.1', timeout=30, greet=True):
        self.socket = socket.create_connection((host, port), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b''
        if greet:
            assert self.reply().startswith('220')
            assert self.say('EHLO client.example').startswith('250')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def reset(self):
        """Ends the connection with a reset, as a client that was killed."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def reply(self):
        """A whole reply, lines separated by LF; empty when the connection has ended."""
        lines = []
        while not lines or lines[-1][3:4] == '-':
            while b'\n' not in self.buffer:
                try:
                    received = self.socket.recv(1 << 16)
                except ConnectionResetError:
                    received = b''
                if not received:
                    return '\n'.join(lines)
                self.buffer += received
            line, self.buffer = self.buffer.split(b'\n', 1)
            lines.append(line.rstrip(b'\r').decode())
        return '\n'.join(lines)

    def say(self, line):
        self.send(line.encode() + b'\r\n')
        return self.reply()

    def envelope(self, sender, recipients):
        assert (reply := self.say(f'MAIL FROM:<{sender}>')).startswith('250'), reply
        for recipient in recipients:
            assert (reply := self.say(f'RCPT TO:<{recipient}>')).startswith('250'), reply
        assert (reply := self.say('DATA')).startswith('354'), reply

    def content(self, data):
        """Sends the content and the dot; the caller reads the reply."""
        self.send(re.sub(rb'(?m)^\.', b'..', data) + b'.\r\n')

    def submit(self, sender, recipients, data):
        """A whole mail; the reply to its dot."""
        self.envelope(sender, recipients)
        self.content(data)
        return self.reply()


def mail(sender='hana@example.co.jp', to='b@example.org', subject='hello', body='Hello.\r\n', headers='',
         message_id='20261124.1@example.co.jp', date='Tue, 24 Nov 2026 10:00:00 +0900'):
    """A small mail with CRLF lines."""
    return (f'From: Hana <{sender}>\r\nTo: {to}\r\nSubject: {subject}\r\nDate: {date}\r\nMessage-ID: <{message_id}>\r\n'
            'MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n'
            f'{headers}\r\n{body}').encode()
