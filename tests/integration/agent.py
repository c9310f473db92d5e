# SPDX-License-Identifier: GPL-3.0-or-later
"""One agent of one made-up user, with folders, settings, policy and clock of its own."""
import functools
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time

BUILD = pathlib.Path(os.environ.get('SEKISHO_BUILD') or pathlib.Path(__file__).resolve().parents[2] / 'build-test')

POLICY = '''sekisho: 1
organization:
  name: Example K.K.
  domains: [example.co.jp]
  affiliates: [example-group.jp]
  timezone: Asia/Tokyo
rules:
  - id: slow-customer
    title: {ja: この取引先へは60分後に送ります, en: Mail to this customer leaves after 60 minutes}
    if:
      to: {domain: held.example.com}
    then:
      hold: 60m
  - id: no-mail-there
    title: {ja: この宛先には送れません, en: Nothing may be sent there}
    if:
      to: {domain: refused.example.com}
    then:
      reject: true
'''


@functools.lru_cache
def program(name):
    """The built program of that name, wherever in the build directory it lies."""
    found = [path for path in BUILD.rglob(name) if path.is_file() and os.access(path, os.X_OK)]
    assert found, f'{name} is not in {BUILD}: build it first (tests/run does)'
    return found[0]


def eventually(question, timeout=15, what='it'):
    """The first true answer to `question`, asked again and again."""
    end = time.monotonic() + timeout
    while True:
        answer = question()
        if answer:
            return answer
        assert time.monotonic() < end, f'{what} did not happen within {timeout} s'
        time.sleep(0.05)


class Agent:
    def __init__(self, provider_url, policy=POLICY, settings=None, environment=None, directory=None, language='en'):
        """`policy` is policy.yaml's text, or a dictionary of file names and texts. `settings` is a dictionary of groups
        of keys; a value of None leaves the key out."""
        self.directory = pathlib.Path(directory or tempfile.mkdtemp(prefix='sk-', dir='/tmp'))
        self.own_directory = directory is None
        self.home = self.directory / 'home'
        self.runtime = self.directory / 'run'
        self.store = self.directory / 'store'
        self.policy_folder = self.directory / 'policy'
        self.configuration = self.directory / 'agent.conf'
        self.clock_file = self.directory / 'clock' / 'offsets'
        self.log_file = self.directory / 'agent.log'
        self.extra_environment = environment or {}
        self.wall_offset = self.boot_offset = 0.0
        self.process, self.port = None, 0
        for folder in (self.home, self.runtime, self.clock_file.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.settings = {
            'identity': {'addresses': 'hana@example.co.jp;sales@example.co.jp', 'language': language},
            'listen': {'smtp': '127.0.0.1:0'},
            'upstream': {'provider': 'custom', 'url': provider_url, 'tls': 'none', 'auth': 'none'},
            'policy': {'folder': str(self.policy_folder)},
            'store': {'directory': str(self.store)},
        }
        for group, keys in (settings or {}).items():
            self.settings.setdefault(group, {}).update(keys)
        self.write_settings()
        self.write_policy(policy)
        self.write_clock()

    # --- files --------------------------------------------------------------------------------------------------

    def write_settings(self):
        lines = []
        for group, keys in self.settings.items():
            lines += [f'[{group}]', *(f'{key}={value}' for key, value in keys.items() if value is not None), '']
        self.configuration.write_text('\n'.join(lines), encoding='utf-8')

    def write_policy(self, policy):
        self.policy_folder.mkdir(exist_ok=True)
        files = policy if isinstance(policy, dict) else {'policy.yaml': policy}
        for name, text in files.items():
            path = self.policy_folder / name
            path.parent.mkdir(exist_ok=True)
            temporary = path.with_name(f'.{path.name}.new')
            temporary.write_text(text, encoding='utf-8')
            temporary.replace(path)

    def write_clock(self):
        temporary = self.directory / 'offsets.new'
        temporary.write_text(f'{self.wall_offset} {self.boot_offset}\n', encoding='ascii')
        temporary.replace(self.clock_file)

    def move_clock(self, seconds, wall=True, boot=True):
        """Time goes on by so much; with one of the two FALSE only the other clock moves."""
        self.wall_offset += seconds if wall else 0
        self.boot_offset += seconds if boot else 0
        self.write_clock()

    @property
    def log(self):
        return self.log_file.read_text(encoding='utf-8', errors='replace') if self.log_file.exists() else ''

    # --- the process --------------------------------------------------------------------------------------------

    def environment(self):
        kept = {name: value for name, value in os.environ.items()
                if name in ('PATH', 'ASAN_OPTIONS', 'UBSAN_OPTIONS', 'LSAN_OPTIONS', 'TMPDIR')}
        return {**kept, 'HOME': str(self.home), 'XDG_RUNTIME_DIR': str(self.runtime), 'LANG': 'C.UTF-8',
                'XDG_CONFIG_HOME': str(self.home / '.config'), 'XDG_STATE_HOME': str(self.home / '.local/state'),
                'XDG_DATA_HOME': str(self.home / '.local/share'), 'XDG_CACHE_HOME': str(self.home / '.cache'),
                'DBUS_SESSION_BUS_ADDRESS': 'disabled:', 'G_DEBUG': 'fatal-criticals', 'GIO_USE_VFS': 'local',
                'SEKISHO_TEST_CLOCK': str(self.clock_file),
                'SEKISHO_EXTRACT': str(program('sekisho-extract')), **self.extra_environment}

    def start(self, timeout=30):
        """Starts the agent and waits until it is ready."""
        begin = len(self.log)
        with open(self.log_file, 'ab') as log:
            self.process = subprocess.Popen(
                [program('sekisho-agent'), '--config', self.configuration, '--socket'], cwd=self.directory,
                env=self.environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log)

        def ready():
            found = re.search(r'sekisho-agent: ready on 127\.0\.0\.1:(\d+)', self.log[begin:])
            assert found or self.process.poll() is None, f'the agent ended with {self.process.returncode}:\n{self.log[begin:]}'
            return found
        self.port = int(eventually(ready, timeout, 'the start of the agent')[1])
        return self

    def run_to_the_end(self, timeout=30):
        """Starts an agent that is expected to refuse to run: its exit status and what it said."""
        done = subprocess.run([program('sekisho-agent'), '--config', self.configuration, '--socket'], cwd=self.directory,
                              env=self.environment(), stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout)
        return done.returncode, (done.stdout + done.stderr).decode('utf-8', 'replace')

    def stop(self):
        """An orderly end; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill9()
            raise AssertionError(f'the agent did not end after SIGTERM:\n{self.log[-3000:]}') from None

    def kill9(self):
        self.process.kill()
        self.process.wait(10)

    def wait_until_dead(self, timeout=20):
        return self.process.wait(timeout)

    def restart(self):
        assert self.stop() == 0, self.log[-3000:]
        return self.start()

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    @property
    def runs(self):
        return self.process is not None and self.process.poll() is None

    def clean_up(self):
        """Ends the agent; fails the test when it ended badly or a sanitizer spoke."""
        try:
            if self.runs:
                status = self.stop()
                assert status == 0, f'the agent ended with {status}:\n{self.log[-6000:]}'
            assert not re.search(r'ERROR: \w+Sanitizer|runtime error:|-CRITICAL \*\*', self.log), self.log[-8000:]
        finally:
            if self.runs:
                self.kill9()
            if self.own_directory:
                shutil.rmtree(self.directory, ignore_errors=True)

    # --- sekishoctl ---------------------------------------------------------------------------------------------

    def ctl(self, *words, check=True, timeout=30):
        done = subprocess.run([program('sekishoctl'), '--config', self.configuration, '--socket', *words],
                              env=self.environment(), stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout,
                              encoding='utf-8', errors='replace')
        assert not check or done.returncode == 0, f'sekishoctl {words}: {done.returncode}\n{done.stdout}{done.stderr}'
        return done

    def ctl_json(self, *words):
        return json.loads(self.ctl(*words, '--json').stdout)

    def mails(self):
        return self.ctl_json('list', '--all')

    def mail(self, subject):
        """The one mail with that subject; None when there is none."""
        found = [mail for mail in self.mails() if mail['subject'] == subject]
        assert len(found) < 2, f'{len(found)} mails are called {subject!r}: {found}'
        return found[0] if found else None

    def states(self, subject):
        """{recipient: state} of a mail."""
        mail = self.mail(subject)
        return {recipient: delivery['state'] for delivery in (mail or {}).get('deliveries', [])
                for recipient in delivery['recipients']}

    def wait_for_state(self, subject, state, recipient=None, timeout=15):
        """Waits until a recipient's (or every recipient's) delivery is in that state; the mail."""
        def there():
            states = self.states(subject)
            looked_at = [states.get(recipient)] if recipient else list(states.values())
            return looked_at and all(seen == state for seen in looked_at)
        try:
            eventually(there, timeout)
        except AssertionError:
            raise AssertionError(f'{subject!r} is not {state}: {self.mail(subject)}\n{self.log[-2000:]}') from None
        return self.mail(subject)
