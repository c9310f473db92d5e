# SPDX-License-Identifier: GPL-3.0-or-later
"""A small certificate authority for the servers that the tests start; made by the openssl command."""
import pathlib
import subprocess


class Certificates:
    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.authority, self.authority_key = self.directory / 'ca.pem', self.directory / 'ca.key'
        self.leaf, self.leaf_key = self.directory / 'leaf.pem', self.directory / 'leaf.key'
        self.openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', '/CN=Test authority',
                     '-addext', 'keyUsage=critical,keyCertSign', '-keyout', self.authority_key, '-out', self.authority)
        request, extensions = self.directory / 'leaf.csr', self.directory / 'leaf.ext'
        self.openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-keyout', self.leaf_key,
                     '-out', request)
        extensions.write_text('basicConstraints=CA:FALSE\nsubjectAltName=IP:127.0.0.1,DNS:localhost\n'
                              'extendedKeyUsage=serverAuth\n', encoding='ascii')
        self.openssl('x509', '-req', '-in', request, '-CA', self.authority, '-CAkey', self.authority_key, '-CAcreateserial',
                     '-days', '30', '-extfile', extensions, '-out', self.leaf)

    @staticmethod
    def openssl(*words):
        subprocess.run(['openssl', *map(str, words)], check=True, capture_output=True, timeout=60)
