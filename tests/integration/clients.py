# SPDX-License-Identifier: GPL-3.0-or-later
"""Real mail programs, each told to submit one mail to a port on the loopback. Each function returns the finished process."""
import os
import pathlib
import subprocess


def run(words, directory, stdin=None, environment=None, timeout=60):
    return subprocess.run([str(word) for word in words], cwd=directory, input=stdin, capture_output=True, timeout=timeout,
                          env={'PATH': os.environ['PATH'], 'HOME': str(directory), 'LANG': 'C.UTF-8', 'TZ': 'Asia/Tokyo',
                               **(environment or {})})


def write(directory, name, data, mode=0o600):
    path = pathlib.Path(directory) / name
    path.write_bytes(data)
    path.chmod(mode)
    return path


def curl(port, directory, sender, recipients, data, *more):
    path = write(directory, 'curl.eml', data)
    receivers = [word for recipient in recipients for word in ('--mail-rcpt', recipient)]
    return run(['curl', '-sSv', '--url', f'smtp://127.0.0.1:{port}/client.example', '--mail-from', sender, *receivers,
                '--upload-file', path, *more], directory)


def swaks(port, directory, sender, recipients, data, *more):
    path = write(directory, 'swaks.eml', data)
    return run(['swaks', '--server', '127.0.0.1', '--port', port, '--from', sender, '--to', ','.join(recipients),
                '--data', f'@{path}', *more], directory)


def msmtp(port, directory, sender, recipients, data):
    settings = write(directory, 'msmtprc', f'account default\nhost 127.0.0.1\nport {port}\nauth off\ntls off\n'.encode())
    return run(['msmtp', f'--file={settings}', f'--from={sender}', '--', *recipients], directory,
               stdin=data.replace(b'\r\n', b'\n'))


def neomutt(port, directory, sender, recipients, subject, body, attachment):
    settings = write(directory, 'muttrc', (
        f'set from="{sender}"\nset envelope_from=yes\nset use_envelope_from=yes\nset smtp_url="smtp://127.0.0.1:{port}/"\n'
        'set ssl_starttls=no\nset ssl_force_tls=no\nset copy=no\nset charset="utf-8"\nset send_charset="utf-8"\n').encode())
    return run(['neomutt', '-n', '-F', settings, '-s', subject, '-a', attachment, '--', *recipients], directory,
               stdin=body.encode())


def s_nail(port, directory, sender, recipients, subject, body, attachment):
    return run(['s-nail', '-:/', '-Sv15-compat', f'-SDEAD={directory}/dead.letter', f'-Smta=smtp://127.0.0.1:{port}', '-Ssmtp-auth=none', f'-Sfrom={sender}',
                '-r', sender, '-Sttycharset=utf-8', '-Ssendcharsets=utf-8', '-s', subject, '-a', attachment, *recipients],
               directory, stdin=body.encode())


def git_send_email(port, directory, sender, recipients, subject):
    """Makes a repository with one commit of that subject, and sends it as a patch."""
    environment = {'GIT_CONFIG_NOSYSTEM': '1', 'GIT_AUTHOR_NAME': 'Hana', 'GIT_AUTHOR_EMAIL': sender,
                   'GIT_COMMITTER_NAME': 'Hana', 'GIT_COMMITTER_EMAIL': sender}
    repository = pathlib.Path(directory) / 'repository'
    repository.mkdir()
    write(repository, 'text.txt', 'いろは\n'.encode())
    for words in (['init', '-q'], ['add', '.'], ['commit', '-q', '-m', subject], ['format-patch', '-q', '--root', '-1', '-o', '..']):
        assert run(['git', *words], repository, environment=environment).returncode == 0, words
    patch = next(pathlib.Path(directory).glob('0001-*.patch'))
    receivers = [f'--to={recipient}' for recipient in recipients]
    return run(['git', 'send-email', f'--from={sender}', *receivers, '--smtp-server=127.0.0.1', f'--smtp-server-port={port}',
                '--confirm=never', '--suppress-cc=all', '--8bit-encoding=UTF-8', '--quiet', patch],
               repository, environment=environment)


def smtplib(port, directory, sender, recipients, data):
    """Python's smtplib, in a process of its own as any other client."""
    path = write(directory, 'smtplib.eml', data)
    program = ('import smtplib, sys\n'
               'with smtplib.SMTP("127.0.0.1", int(sys.argv[1])) as s:\n'
               '    refused = s.sendmail(sys.argv[2], sys.argv[4:], open(sys.argv[3], "rb").read(), ["BODY=8BITMIME"])\n'
               'sys.exit(bool(refused))\n')
    return run(['/usr/bin/python3', '-c', program, port, sender, path, *recipients], directory)
