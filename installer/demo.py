# SPDX-License-Identifier: GPL-3.0-or-later
"""The quick start behind installer/try: build, start, send, show."""
import argparse
import email.message
import email.policy
import email.utils
import io
import json
import os
import pathlib
import re
import shutil
import signal
import smtplib
import subprocess
import sys
import tempfile
import time
import unicodedata
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
ME = 'hana@example.co.jp'
JAPANESE = next((value for value in map(os.environ.get, ('LC_ALL', 'LC_MESSAGES', 'LANG')) if value), '').startswith('ja') \
    or os.environ.get('LANGUAGE', '').startswith('ja')


def say(english, japanese):
    print(japanese if JAPANESE else english, flush=True)


def word(english, japanese):
    return japanese if JAPANESE else english


# --- the parts that run ----------------------------------------------------------------------------------------------

def build(directory):
    """Compiles (the first time a minute or two); what the compiler says is shown only when it fails."""
    log = directory / 'try.log'
    directory.mkdir(parents=True, exist_ok=True)
    steps = [['ninja', '-C', directory]]
    if not (directory / 'build.ninja').exists():
        steps.insert(0, ['meson', 'setup', directory, ROOT])
    with open(log, 'w+', encoding='utf-8', errors='replace') as output:
        for command in steps:
            process = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
            while process.poll() is None:
                show_progress(log)
                time.sleep(0.3)
            if process.returncode != 0:
                output.seek(0)
                sys.exit(output.read()[-6000:] + f'\ninstaller/try: {command[0]} failed; the whole output is in {log}')
    if sys.stdout.isatty():
        print('\r' + ' ' * 40 + '\r', end='', flush=True)


def show_progress(log):
    if sys.stdout.isatty():
        steps = re.findall(r'(?m)^\[(\d+)/(\d+)\]', log.read_text(encoding='utf-8', errors='replace'))
        if steps:
            print(f'\r      {steps[-1][0]}/{steps[-1][1]}', end='', flush=True)


def program(directory, name):
    found = [path for path in directory.rglob(name) if path.is_file() and os.access(path, os.X_OK)]
    if not found:
        sys.exit(f'installer/try: {name} is not in {directory}: remove that folder and try again')
    return found[0]


class Stage:
    """The provider, the agent, and where they keep things."""

    def __init__(self, build_directory):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix='sekisho-try-'))
        self.agent_program = program(build_directory, 'sekisho-agent')
        self.ctl_program = program(build_directory, 'sekishoctl')
        self.settings, self.maildir = self.directory / 'agent.conf', self.directory / 'Maildir'
        self.processes = []
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith('XDG_')}
        self.environment['SEKISHO_EXTRACT'] = str(program(build_directory, 'sekisho-extract'))
        for name in ('CONFIG', 'STATE', 'DATA', 'CACHE', 'RUNTIME'):
            place = self.directory / name.lower()
            place.mkdir(mode=0o700)
            self.environment[f"XDG_{name}_{'DIR' if name == 'RUNTIME' else 'HOME'}"] = str(place)

    def start(self):
        provider_port = self.run([ROOT / 'installer/demo-provider', '--maildir', self.maildir], 'demo-provider')
        shutil.copytree(ROOT / 'installer/demo-policy', self.directory / 'policy')
        self.settings.write_text(f'''[identity]
addresses={ME}
language={word('en', 'ja')}
[listen]
smtp=127.0.0.1:0
[upstream]
provider=custom
url=smtp://127.0.0.1:{provider_port}
tls=none
auth=none
[policy]
folder={self.directory / 'policy'}
[store]
directory={self.directory / 'store'}
''', encoding='utf-8')
        self.port = self.run([self.agent_program, '--config', self.settings, '--socket'], 'sekisho-agent')

    def run(self, command, name):
        """Starts a server; the port that it says it listens on."""
        log = self.directory / f'{name}.log'
        with open(log, 'wb') as output:
            process = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=output,
                                       stderr=output, env=self.environment, start_new_session=True)
        self.processes.append(process)
        end = time.monotonic() + 20
        while not (ready := re.search(rf'{name}: ready on 127\.0\.0\.1:(\d+)', log.read_text(encoding='utf-8'))):
            if process.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"installer/try: {name} did not start:\n{log.read_text(encoding='utf-8')}")
            time.sleep(0.05)
        return int(ready[1])

    def ctl(self, *words):
        return subprocess.run([self.ctl_program, '--config', self.settings, '--socket', *words], capture_output=True,
                              encoding='utf-8', timeout=30, env=self.environment)

    def mails(self):
        done = self.ctl('list', '--all', '--json')
        return json.loads(done.stdout) if done.returncode == 0 else []

    def arrived(self, subject):
        """To whom the mail of that subject has been delivered."""
        receivers = []
        for file in (self.maildir / 'new').glob('*'):
            message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            if message['Subject'] == subject:
                receivers += [str(address) for address in message.get_all('Delivered-To', [])]
        return sorted(receivers)

    def end(self):
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)


# --- mail programs: each submits one mail and gives what the server said last -----------------------------------------

def card_list():
    """A table in a ZIP, with a number that issuers give out for trials."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, 'w', zipfile.ZIP_DEFLATED) as archive:
        archive.writestr('list.csv', '氏名,カード番号\n見本 花子,4111-1111-1111-1111\n'.encode('cp932'))
    return packed.getvalue()


def compose(subject, recipients, attachments=0, sender=ME, cards=False):
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message['From'], message['To'], message['Subject'] = sender, ', '.join(recipients), subject
    message['Date'] = email.utils.localtime()
    message['Message-ID'] = email.utils.make_msgid(domain='example.co.jp')
    message.set_content(word('Hello,\nthis is a mail of the quick start.\n', 'お世話になっております。\nお試しのメールです。\n'))
    for number in range(1, attachments + 1):
        message.add_attachment(f'attachment {number}\n', filename=f'file-{number}.txt')
    if cards:
        message.add_attachment(card_list(), maintype='application', subtype='zip', filename='list.zip')
    return message


def last_reply(output):
    """The last reply (all its lines) in a client's trace, but for the answer to QUIT."""
    lines = re.findall(r'(?m)^(?:< |<-  |<\*\* |.*SMTP server: )(\d{3})([ -])(.*?)\r?$', output)
    replies, current = [], []
    for code, more, text in lines:
        current.append(text.strip())
        if more == ' ':
            replies.append((code, ' / '.join(re.sub(r'^\d\.\d+\.\d+ ', '', part) for part in current)))
            current = []
    kept = [reply for reply in replies if reply[0] != '221']
    return ' '.join(kept[-1]) if kept else ''


def run_client(command, directory, stdin=None):
    done = subprocess.run([str(part) for part in command], cwd=directory, input=stdin, capture_output=True, timeout=120)
    return done.returncode, (done.stdout + done.stderr).decode('utf-8', 'replace')


def with_curl(stage, message, recipients):
    file = stage.directory / 'curl.eml'
    file.write_bytes(bytes(message))
    receivers = [part for recipient in recipients for part in ('--mail-rcpt', recipient)]
    _, output = run_client(['curl', '-sv', '--url', f'smtp://127.0.0.1:{stage.port}', '--mail-from', ME, *receivers,
                            '--upload-file', file], stage.directory)
    return last_reply(output)


def with_swaks(stage, message, recipients):
    file = stage.directory / 'swaks.eml'
    file.write_bytes(bytes(message))
    _, output = run_client(['swaks', '--server', '127.0.0.1', '--port', stage.port, '--from', ME, '--to',
                            ','.join(recipients), '--data', f'@{file}'], stage.directory)
    return last_reply(output)


def with_s_nail(stage, message, recipients):
    files = []
    for part in message.iter_attachments():
        file = stage.directory / part.get_filename()
        file.write_text(part.get_content(), encoding='utf-8')
        files += ['-a', file]
    status, output = run_client(
        ['s-nail', '-:/', '-Sv15-compat', f'-SDEAD={stage.directory}/dead.letter', f'-Smta=smtp://127.0.0.1:{stage.port}',
         '-Ssmtp-auth=none', f'-Sfrom={ME}', '-r', ME, '-Sttycharset=utf-8', '-s', message['Subject'], *files, *recipients],
        stage.directory, message.get_body().get_content().encode())
    return last_reply(output) or ('250' if status == 0 else output.strip())


def with_smtplib(stage, message, recipients):
    with smtplib.SMTP('127.0.0.1', stage.port, timeout=60) as client:
        client.ehlo()
        client.mail(ME)
        for recipient in recipients:
            client.rcpt(recipient)
        code, text = client.data(bytes(message))
        lines = [re.sub(r'^\d\.\d+\.\d+ ', '', line) for line in text.decode('utf-8', 'replace').split('\n')]
        return f"{code} {' / '.join(lines)}"


# --- what is sent, and what must become of it -------------------------------------------------------------------------

BOSS, PARTNER, CUSTOMER = 'boss@example.co.jp', 'partner@example.com', 'customer@example.org'


class Attempt:
    def __init__(self, english, japanese, client, recipients, code, states, afterwards=None, attachments=0, sender=ME,
                 cards=False):
        self.subject = word(english, japanese)
        self.client_name, self.client = client
        self.recipients, self.code, self.states = recipients, code, states
        self.afterwards, self.attachments, self.sender, self.cards = afterwards, attachments, sender, cards
        self.reply, self.seen, self.arrived = '', {}, []

    def submit(self, stage):
        message = compose(self.subject, self.recipients, self.attachments, self.sender, self.cards)
        try:
            self.reply = self.client(stage, message, self.recipients)
        except (OSError, smtplib.SMTPException, subprocess.TimeoutExpired) as error:
            self.reply = str(error)

    def look(self, stage):
        """What the agent shows and what has arrived; TRUE when both are as they must be."""
        mail = next((mail for mail in stage.mails() if mail['subject'] == self.subject), None)
        self.seen = {recipient: delivery['state'] for delivery in (mail or {}).get('deliveries', [])
                     for recipient in delivery['recipients']}
        self.arrived = stage.arrived(self.subject)
        return self.seen == self.states and self.arrived == sorted(
            recipient for recipient, state in self.states.items() if state == 'sent')

    def command(self, stage):
        if self.afterwards:
            mail = next(mail for mail in stage.mails() if mail['subject'] == self.subject)
            done = stage.ctl(self.afterwards, mail['id'])
            if done.returncode != 0:
                print(done.stderr, file=sys.stderr)

    @property
    def heard_right(self):
        return self.reply.startswith(self.code)


def attempts():
    curl, swaks, nail, lib = (('curl', with_curl), ('swaks', with_swaks), ('s-nail', with_s_nail), ('smtplib', with_smtplib))
    return [
        Attempt('To a colleague', '社内宛', curl, [BOSS], '250', {BOSS: 'sent'}),
        Attempt('To a colleague and outside', '社内と社外', swaks, [BOSS, PARTNER], '250', {BOSS: 'sent', PARTNER: 'waiting'}),
        Attempt('Outside, then released', '社外宛、すぐに送信', lib, [CUSTOMER], '250', {CUSTOMER: 'sent'}, 'release'),
        Attempt('Outside, then cancelled', '社外宛、取り消し', lib, [CUSTOMER], '250', {CUSTOMER: 'cancelled'}, 'cancel'),
        Attempt('Two attachments', '添付2つ', nail, [BOSS], '250', {BOSS: 'sent'}, attachments=2),
        Attempt('Three attachments', '添付3つ', nail, [BOSS], '550', {}, attachments=3),
        Attempt('A card number in a ZIP', 'ZIPの中のカード番号', curl, [BOSS], '550', {}, cards=True),
        Attempt('To free mail', 'フリーメール宛', swaks, ['someone@gmail.com'], '550', {}),
        Attempt('To a phone', '携帯電話宛', curl, ['someone@docomo.ne.jp'], '550', {}),
        Attempt("In another's name", '他人の名前で', lib, [BOSS], '550', {}, sender='ceo@example.co.jp'),
    ]


STATE_WORDS = {'sent': ('sent', '送信済み'), 'waiting': ('held', '一時保留'), 'cancelled': ('cancelled', '取り消し済み'),
               'failed': ('failed', '失敗'), 'ready': ('ready', '送信待ち'), 'sending': ('sending', '送信中'),
               'may-have-been-sent': ('may have been sent', '送信済みかもしれない')}


# --- the table --------------------------------------------------------------------------------------------------------

def width(text):
    return sum(0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in 'WF' else 1
               for character in text)


def fit(text, columns):
    """Cut or filled to so many columns."""
    if width(text) > columns:
        while width(text) > columns - 1:
            text = text[:-1]
        text += '…'
    return text + ' ' * (columns - width(text))


def rows_of(attempt, right):
    states = attempt.seen or {recipient: None for recipient in attempt.recipients}
    for number, (recipient, state) in enumerate(states.items()):
        shown = word('refused', '拒否') if state is None else word(*STATE_WORDS.get(state, (state, state)))
        arrived = word('yes', '届いた') if recipient in attempt.arrived else word('no', '届いていない')
        first = number == 0
        yield [('✓' if right else '✗') if first else '', attempt.subject if first else '', attempt.client_name if first else '',
               recipient, shown, arrived, attempt.reply if first else '']


def show(attempts_and_results):
    head = ['', word('mail', 'メール'), word('sent with', '送信に使用'), word('to', '宛先'), word('state', '状態'),
            word('arrived', '到着'), word("what the mail program heard", 'メールソフトへの返答')]
    rows = [head] + [row for attempt, right in attempts_and_results for row in rows_of(attempt, right)]
    limits = [2, 28, 10, 24, 18, 12, max(30, shutil.get_terminal_size((150, 25)).columns - 108)]
    columns = [min(limit, max(width(row[number]) for row in rows)) for number, limit in enumerate(limits)]
    for number, row in enumerate(rows):
        print('  '.join(fit(text, size) for text, size in zip(row, columns)).rstrip())
        if number == 0:
            print('─' * (sum(columns) + 2 * (len(columns) - 1)))


def send_all(stage):
    """Sends everything; TRUE for each mail that fared as it must."""
    all_attempts = attempts()
    for attempt in all_attempts:
        attempt.submit(stage)
        attempt.command(stage)
    end = time.monotonic() + 15
    while not all([attempt.look(stage) for attempt in all_attempts]) and time.monotonic() < end:
        time.sleep(0.2)
    return [(attempt, attempt.look(stage) and attempt.heard_right) for attempt in all_attempts]


def how_to_go_on(stage):
    ctl = f'{stage.ctl_program} --config {stage.settings} --socket'
    say(f'''
It is running. Your own mail program:
  outgoing server 127.0.0.1, port {stage.port}, no encryption, no password; your address: {ME}
  (the program must run as the same user of this machine: {os.environ.get('USER') or os.getuid()})
Look:
  {ctl} list --all
  {ctl} status
  {ctl} show ID      release ID      cancel ID
  what has left: {stage.maildir}/new
Change the rules (they are in force at once): {stage.directory}/policy/policy.yaml
End it: Ctrl-C here, or: kill {os.getpid()}''', f'''
動作中です。お使いのメールソフトの設定:
  送信サーバー 127.0.0.1、ポート {stage.port}、暗号化なし、認証なし、差出人アドレス {ME}
  (メールソフトもこのマシンの同じユーザーで動かしてください: {os.environ.get('USER') or os.getuid()})
状態を見る:
  {ctl} list --all
  {ctl} status
  {ctl} show ID      release ID      cancel ID
  送信されたメール: {stage.maildir}/new
ルールの変更(すぐに反映されます): {stage.directory}/policy/policy.yaml
終了: ここで Ctrl-C、または: kill {os.getpid()}''')
    signal.sigwait({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})


def main():
    parser = argparse.ArgumentParser(prog='installer/try', description='Sekisho on this machine in one command.')
    parser.add_argument('--stay', action='store_true', help='leave it running for your own mail program')
    options = parser.parse_args()
    build_directory = pathlib.Path(os.environ.get('SEKISHO_TRY_BUILD') or ROOT / 'build')

    say('1/3  building (the first time this takes a minute or two)', '1/3  ビルドしています (初回は1〜2分かかります)')
    build(build_directory)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    stage = Stage(build_directory)
    try:
        say('2/3  starting a provider and the agent', '2/3  プロバイダーとエージェントを起動しています')
        stage.start()
        say('3/3  sending mail with curl, swaks, s-nail and Python', '3/3  curl、swaks、s-nail、Pythonでメールを送信しています')
        results = send_all(stage)
        print()
        show(results)
        wrong = [attempt for attempt, right in results if not right]
        print()
        say(f'{len(results) - len(wrong)} of {len(results)} as the policy demands (installer/demo-policy/policy.yaml)',
            f'{len(results)}件中{len(results) - len(wrong)}件がポリシーどおりです (installer/demo-policy/policy.yaml)')
        if options.stay:
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
            how_to_go_on(stage)
        return 1 if wrong else 0
    finally:
        stage.end()


if __name__ == '__main__':
    sys.exit(main())
