# SPDX-License-Identifier: GPL-3.0-or-later
"""A wire between a program and the agent that keeps a copy of what passes."""
import re
import socket
import threading


class Wiretap:
    """Passes everything on, both ways. Subclasses say who listens: receivers() is asked for every connection."""

    def __init__(self, target_port):
        self.target_port = target_port
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def receivers(self):
        """Two functions of bytes: one hears the client, one the server."""
        raise NotImplementedError

    def accept(self):
        while True:
            try:
                client = self.listener.accept()[0]
            except OSError:
                return
            server = socket.create_connection(('127.0.0.1', self.target_port))
            of_client, of_server = self.receivers()
            threading.Thread(target=self.copy, args=(client, server, of_client), daemon=True).start()
            threading.Thread(target=self.copy, args=(server, client, of_server), daemon=True).start()

    @staticmethod
    def copy(source, destination, hear):
        try:
            while received := source.recv(1 << 16):
                hear(received)
                destination.sendall(received)
        except OSError:
            pass
        finally:
            try:
                destination.shutdown(socket.SHUT_WR)
            except OSError:
                pass

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


class Tap(Wiretap):
    """Keeps every message that a client sends."""

    def __init__(self, target_port):
        self.messages = []
        super().__init__(target_port)

    def receivers(self):
        return Scanner(self.messages).add, lambda received: None


class Recorder(Wiretap):
    """Keeps both sides of every connection."""

    def __init__(self, target_port):
        self.said, self.answered = [], []
        super().__init__(target_port)

    def receivers(self):
        self.said.append(bytearray())
        self.answered.append(bytearray())
        return self.said[-1].extend, self.answered[-1].extend


class Scanner:
    """Finds the content in what a client says: between the line DATA and the line with a dot alone."""

    def __init__(self, messages):
        self.messages, self.buffer, self.content = messages, b'', False

    def add(self, received):
        self.buffer += received
        while self.take():
            pass

    def take(self):
        if not self.content:
            line, end, rest = self.buffer.partition(b'\r\n')
            if not end:
                return False
            self.buffer, self.content = rest, line.upper() == b'DATA'
            return True
        data, end, rest = (b'\r\n' + self.buffer).partition(b'\r\n.\r\n')
        if not end:
            return False
        self.messages.append(re.sub(rb'(?m)^\.', b'', (data + b'\r\n')[2:]))
        self.buffer, self.content = rest, False
        return True
