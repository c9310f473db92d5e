# SPDX-License-Identifier: GPL-3.0-or-later
"""A private Postfix with a private Dovecot for signing in. Both run beside the system's own, touch none of its files, and
need root. What is submitted (STARTTLS and SASL demanded) goes on to a sink that the test looks into."""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import textwrap
import time

SERVICES = '''
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
'''

MAIN = '''
compatibility_level = 3.6
queue_directory = {directory}/queue
data_directory = {directory}/data
maillog_file = {directory}/log/postfix.log
maillog_file_prefixes = {directory}
myhostname = provider.example
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
relayhost = [127.0.0.1]:{sink}
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtpd_peername_lookup = no
message_size_limit = 104857600
mailbox_size_limit = 0
local_header_rewrite_clients =
smtp_line_length_limit = 0
smtpd_tls_security_level = encrypt
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {directory}/dovecot/auth
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
in_flow_delay = 0
'''

DOVECOT = '''
base_dir = {directory}/dovecot
state_dir = {directory}/dovecot
log_path = {directory}/log/dovecot.log
protocols =
ssl = no
default_internal_user = dovecot
default_login_user = dovenull
auth_mechanisms = plain login
auth_failure_delay = 0
disable_plaintext_auth = no
passdb {{
  driver = passwd-file
  args = scheme=plain username_format=%u {directory}/users
}}
userdb {{
  driver = static
  args = uid=65534 gid=65534 home=/nonexistent
}}
service auth {{
  unix_listener {directory}/dovecot/auth {{
    mode = 0660
    user = postfix
    group = postfix
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
'''


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Postfix:
    user, password = 'hana', 'four-words-and-a-7'

    def __init__(self, certificates, sink_port):
        assert os.geteuid() == 0, 'the private Postfix must be started by root'
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix='skpf-', dir='/tmp'))
        self.directory.chmod(0o755)
        self.port = free_port()
        self.processes = []
        for name in ('etc', 'queue', 'data', 'log', 'dovecot', 'tls'):
            (self.directory / name).mkdir()
        for source, name in ((certificates.leaf, 'leaf.pem'), (certificates.leaf_key, 'leaf.key')):
            shutil.copy(source, self.directory / 'tls' / name)
        (self.directory / 'tls/leaf.key').chmod(0o600)
        shutil.chown(self.directory / 'data', 'postfix')
        places = {'directory': self.directory, 'port': self.port, 'sink': sink_port,
                  'certificate': self.directory / 'tls/leaf.pem', 'key': self.directory / 'tls/leaf.key'}
        self.write('etc/master.cf', SERVICES.format(**places))
        self.write('etc/main.cf', MAIN.format(**places))
        self.write('dovecot.conf', DOVECOT.format(**places))
        self.write('users', f'{self.user}:{{PLAIN}}{self.password}\n')

    def write(self, name, text):
        (self.directory / name).write_text(textwrap.dedent(text).lstrip(), encoding='utf-8')

    def start(self):
        self.run('dovecot', '-F', '-c', self.directory / 'dovecot.conf')
        self.run('postfix', '-c', self.directory / 'etc', 'start-fg')
        end = time.monotonic() + 30
        while not (self.answers() and (self.directory / 'dovecot/auth').exists()):
            assert time.monotonic() < end, f'Postfix does not start:\n{self.log()}'
            time.sleep(0.1)
        return self

    def run(self, *words):
        with open(self.directory / 'log/output.log', 'ab') as output:
            self.processes.append(subprocess.Popen([str(word) for word in words], stdin=subprocess.DEVNULL, stdout=output,
                                                   stderr=output, start_new_session=True,
                                                   env=dict(os.environ, PATH=os.environ['PATH'] + ':/usr/sbin')))

    def answers(self):
        try:
            with socket.create_connection(('127.0.0.1', self.port), 2) as connection:
                connection.settimeout(5)
                return connection.recv(4) == b'220 '
        except OSError:
            return False

    def log(self):
        return '\n'.join(path.read_text(encoding='utf-8', errors='replace')[-4000:]
                         for path in sorted((self.directory / 'log').iterdir()))

    def stop(self):
        self.stop_master()
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    def stop_master(self):
        """The master leaves the process group of the script that started it; its pid stands in a file."""
        pid_file = self.directory / 'queue/pid/master.pid'
        if not pid_file.exists():
            return
        pid = int(pid_file.read_text(encoding='ascii'))
        end = time.monotonic() + 15
        os.kill(pid, signal.SIGTERM)
        while pathlib.Path(f'/proc/{pid}/cmdline').exists() and pathlib.Path(f'/proc/{pid}/cmdline').read_bytes():
            if time.monotonic() > end:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)
