# SPDX-License-Identifier: GPL-3.0-or-later
"""A mail provider whose every answer a test can write.

It keeps what arrives byte for byte. What it does at a moment of the conversation is said beforehand with on():

    provider.on('RCPT', '451 4.2.1 later', address='b@example.org')   # one answer, once
    provider.on('DOT', delay=2, times=FOREVER)
    provider.on('DOT', drop='after')       # takes the mail, then drops the connection without a word

The moments are CONNECT, EHLO, AUTH, MAIL, RCPT, DATA, CONTENT (the first bytes of the content) and DOT.
"""
import base64
import dataclasses
import re
import socket
import ssl
import threading
import time

FOREVER = 1 << 30


@dataclasses.dataclass
class Message:
    """A mail that was answered 250, or taken before the connection was dropped."""
    mail_from: str
    mail_parameters: list
    recipients: list
    recipient_parameters: dict
    data: bytes
    at: float
    user: str = None

    def header(self, name):
        """The unfolded value of a header, or None."""
        head = self.data.partition(b'\r\n\r\n')[0] + b'\r\n'
        found = re.search(rb'(?im)^%s:[ \t]*((?:.*\r\n(?:[ \t].*\r\n)*))' % name.encode(), head)
        return re.sub(rb'\r\n(?=[ \t])', b'', found[1]).strip().decode() if found else None


@dataclasses.dataclass
class Action:
    reply: str = None
    delay: float = 0
    drop: str = None          # 'before': without doing it; 'after': does it, then drops instead of answering
    address: str = None
    times: int = 1
    hold: threading.Event = None


class Dropped(Exception):
    """The connection is to be closed without another word."""


class Provider:
    def __init__(self, keywords=('PIPELINING', '8BITMIME', 'SIZE 104857600', 'ENHANCEDSTATUSCODES', 'DSN', 'SMTPUTF8'),
                 tls=None, certificates=None, passwords=None, host='127.0.0.1'):
        """`host` is the address to listen on. `tls` is None, 'starttls' or 'implicit'; `passwords` makes AUTH PLAIN and LOGIN necessary."""
        self.keywords, self.tls, self.passwords = list(keywords), tls, passwords
        self.context = None
        if tls:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificates.leaf, certificates.leaf_key)
        self.messages, self.log, self.violations, self.actions = [], [], [], {}
        self.connections = 0
        self.changed = threading.Condition()
        self.open_sockets = set()
        self.listener, self.host, self.port = None, host, 0
        self.listen()

    # --- what tests say and ask ---------------------------------------------------------------------------------

    @property
    def url(self):
        return f"{'smtps' if self.tls == 'implicit' else 'smtp'}://{self.host}:{self.port}"

    def on(self, moment, reply=None, **how):
        """Adds an action; actions of one moment are used up in the order in which they were added."""
        with self.changed:
            self.actions.setdefault(moment, []).append(Action(reply, **how))

    def pause(self, moment, times=1):
        """The conversation stops there until the returned event is set."""
        event = threading.Event()
        self.on(moment, hold=event, times=times)
        return event

    def forget_actions(self):
        with self.changed:
            self.actions.clear()

    def wait_for(self, count, timeout=15):
        """Waits until `count` mails have arrived in all; the list of them."""
        with self.changed:
            arrived = self.changed.wait_for(lambda: len(self.messages) >= count, timeout)
            assert arrived, f'{len(self.messages)} of {count} mails arrived in {timeout} s; the conversation:\n{self.talk()}'
            return list(self.messages)

    def wait_for_log(self, text, count=1, timeout=15):
        """Waits until a client has said `text` (a beginning of a line) `count` times in all."""
        with self.changed:
            said = self.changed.wait_for(lambda: self.count_log(text) >= count, timeout)
            assert said, f'{text!r} was said {self.count_log(text)} times of {count}; the conversation:\n{self.talk()}'

    def count_log(self, text):
        return sum(line.upper().startswith(text.upper()) for line in self.log)

    def stays_at(self, count, seconds=1.0):
        """Nothing more than `count` mails arrives within `seconds`."""
        with self.changed:
            assert not self.changed.wait_for(lambda: len(self.messages) > count, seconds), \
                f'{len(self.messages)} mails arrived, {count} were expected'
            assert len(self.messages) == count

    def talk(self):
        return '\n'.join(self.log[-60:])

    def listen(self):
        """Takes connections (again), always on the same port."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((self.host, self.port))
        listener.listen(64)
        self.port, self.listener = listener.getsockname()[1], listener
        threading.Thread(target=self.accept, args=(listener,), daemon=True).start()

    def go_away(self):
        """Refuses connections and drops those that are open."""
        if self.listener is not None:
            self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
            self.listener = None
        for connection in list(self.open_sockets):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    close = go_away

    # --- the conversation ---------------------------------------------------------------------------------------

    def accept(self, listener):
        while True:
            try:
                connection = listener.accept()[0]
            except OSError:
                return
            connection.settimeout(120)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            if self.tls == 'implicit':
                connection = self.context.wrap_socket(connection, server_side=True)
            self.open_sockets.add(connection)
            Conversation(self, connection).run()
        except (OSError, Dropped):
            pass
        finally:
            self.open_sockets.discard(connection)
            connection.close()

    def note(self, line):
        with self.changed:
            self.log.append(line)
            self.changed.notify_all()

    def keep(self, message):
        with self.changed:
            self.messages.append(message)
            self.changed.notify_all()

    def next_action(self, moment, address=None):
        with self.changed:
            for action in self.actions.get(moment, ()):
                if action.times > 0 and (action.address is None or action.address == address):
                    action.times -= 1
                    return action
        return Action()


class Conversation:
    """One connection of a client."""

    def __init__(self, provider, connection):
        self.provider, self.connection = provider, connection
        self.buffer, self.secure, self.user = b'', provider.tls == 'implicit', None
        self.reset()

    def reset(self):
        self.mail_from, self.mail_parameters, self.recipients, self.recipient_parameters = None, [], [], {}

    def say(self, text):
        self.connection.sendall(text.encode() + b'\r\n')

    def line(self):
        while b'\n' not in self.buffer:
            self.more()
        line, self.buffer = self.buffer.split(b'\n', 1)
        if not line.endswith(b'\r'):
            self.provider.violations.append(f'bare LF in a command: {line!r}')
        return line.rstrip(b'\r').decode('utf-8', 'replace')

    def more(self):
        received = self.connection.recv(1 << 18)
        if not received:
            raise Dropped
        self.buffer += received

    def at(self, moment, perform, usual, address=None):
        """Performs a step as the test has said, and answers. `usual` is the reply when nothing was said."""
        action = self.provider.next_action(moment, address)
        if action.hold is not None:
            action.hold.wait(60)
        if action.delay:
            time.sleep(action.delay)
        if action.drop == 'before':
            raise Dropped
        good = action.reply is None or action.reply[0] in '23'
        if good:
            perform()
        if action.drop == 'after':
            raise Dropped
        self.say(action.reply or usual)
        if action.reply and action.reply.startswith('421'):
            raise Dropped
        return good

    def run(self):
        self.at('CONNECT', lambda: None, '220 provider.example ESMTP')
        while True:
            line = self.line()
            verb = line.partition(' ')[0].partition(':')[0].upper()
            self.provider.note(line if verb != 'AUTH' else 'AUTH ' + line.split(' ')[1])
            handler = getattr(self, 'do_' + verb.lower(), None)
            if handler is None:
                self.say('500 5.5.2 unknown command')
            elif handler(line) == 'end':
                return

    def do_ehlo(self, line):
        words = list(self.provider.keywords)
        if self.provider.tls == 'starttls' and not self.secure:
            words.append('STARTTLS')
        if self.provider.passwords and (self.secure or not self.provider.tls):
            words.append('AUTH PLAIN LOGIN')
        lines = ['provider.example', *words]
        self.at('EHLO', self.reset, '\r\n'.join(
            f"250{'-' if number < len(lines) else ' '}{word}" for number, word in enumerate(lines, 1)))

    def do_helo(self, line):
        self.at('EHLO', self.reset, '250 provider.example')

    def do_starttls(self, line):
        self.say('220 2.0.0 go ahead')
        self.provider.open_sockets.discard(self.connection)
        self.connection = self.provider.context.wrap_socket(self.connection, server_side=True)
        self.provider.open_sockets.add(self.connection)
        self.secure, self.buffer = True, b''

    def do_auth(self, line):
        words = line.split(' ')
        if words[1].upper() == 'PLAIN':
            given = words[2] if len(words) > 2 else self.ask('')
            _, user, password = base64.b64decode(given).decode().split('\0')
        else:
            user = base64.b64decode(words[2] if len(words) > 2 else self.ask('VXNlcm5hbWU6')).decode()
            password = base64.b64decode(self.ask('UGFzc3dvcmQ6')).decode()
        if self.provider.passwords.get(user) != password:
            self.say('535 5.7.8 wrong user or password')
            return

        def sign_in():
            self.user = user
        self.at('AUTH', sign_in, '235 2.7.0 welcome')

    def ask(self, challenge):
        self.say('334 ' + challenge)
        return self.line()

    def do_mail(self, line):
        if self.provider.passwords and self.user is None:
            self.say('530 5.7.0 sign in first')
            return
        address, parameters = parse_path(line)

        def begin():
            self.reset()
            self.mail_from, self.mail_parameters = address, parameters
        self.at('MAIL', begin, '250 2.1.0 sender fine', address)

    def do_rcpt(self, line):
        if self.mail_from is None:
            self.say('503 5.5.1 MAIL first')
            return
        address, parameters = parse_path(line)

        def add():
            self.recipients.append(address)
            self.recipient_parameters[address] = parameters
        self.at('RCPT', add, '250 2.1.5 recipient fine', address)

    def do_data(self, line):
        if not self.recipients:
            self.say('554 5.5.1 no valid recipients')
            return
        if self.at('DATA', lambda: None, '354 go ahead'):
            self.content()

    def content(self):
        while not self.buffer:
            self.more()
        if self.provider.next_action('CONTENT').drop:
            raise Dropped
        while not (self.buffer.startswith(b'.\r\n') or b'\r\n.\r\n' in self.buffer):
            self.more()
        if self.buffer.startswith(b'.\r\n'):
            data, self.buffer = b'', self.buffer[3:]
        else:
            data, self.buffer = self.buffer.split(b'\r\n.\r\n', 1)
            data += b'\r\n'
        if re.search(rb'(?<!\r)\n|\r(?!\n)', data):
            self.provider.violations.append('bare CR or LF in the content')
        data = re.sub(rb'(?m)^\.', b'', data)
        self.provider.note('.')
        message = Message(self.mail_from, self.mail_parameters, self.recipients, self.recipient_parameters, data,
                          time.time(), self.user)
        self.at('DOT', lambda: self.provider.keep(message), '250 2.0.0 taken as 4711')
        self.reset()

    def do_rset(self, line):
        self.reset()
        self.say('250 2.0.0 reset')

    def do_noop(self, line):
        self.say('250 2.0.0 still here')

    def do_quit(self, line):
        self.say('221 2.0.0 bye')
        return 'end'


def parse_path(line):
    """'MAIL FROM:<a@b> SIZE=3' → ('a@b', ['SIZE=3'])"""
    found = re.match(r'(?:MAIL FROM|RCPT TO):\s*<((?:"(?:\\.|[^"])*"|[^>])*)>\s*(.*)$', line, re.I)
    return (found[1], found[2].split()) if found else ('', [])
