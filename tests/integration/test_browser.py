# SPDX-License-Identifier: GPL-3.0-or-later
"""Web pages in a real browser try to submit mail. What the browser sends to the agent is recorded on the way."""
import http.server
import json
import re
import subprocess
import threading

import pytest

from agent import eventually
from tap import Recorder
from wire import Wire, mail

SUBMISSION = ('EHLO page.example\r\nMAIL FROM:<hana@example.co.jp>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n'
              'From: hana@example.co.jp\r\nTo: b@example.org\r\nSubject: from a page\r\n\r\nHello.\r\n.\r\nQUIT\r\n')

# Each page reports to the server when its attempt is over, however it ended.
PAGE = '''<!DOCTYPE html><meta charset="utf-8"><title>page</title><script>
const port = %(port)d, submission = %(submission)s;
function over (how) { return fetch("/over", { method: "POST", body: String (how) }); }
%(script)s
</script>'''
FETCH = '''fetch (`%s://127.0.0.1:${port}/`, { method: "POST", mode: "no-cors", %s body: submission })
  .then (() => over ("an answer"), (error) => over (error));'''
SCRIPTS = {
    'fetch': FETCH % ('http', 'headers: { "Content-Type": "text/plain" },'),
    'fetch with a method of its own': FETCH.replace('"POST"', '"EHLO"').replace('no-cors', 'cors') % ('http', ''),
    'fetch of https': FETCH % ('https', ''),
    'beacon': 'navigator.sendBeacon (`http://127.0.0.1:${port}/`, submission); over ("sent");',
    'form': '''document.addEventListener ("DOMContentLoaded", () => {
  const form = document.createElement ("form"), field = document.createElement ("textarea");
  form.action = `http://127.0.0.1:${port}/`; form.method = "post"; form.enctype = "text/plain";
  field.name = "EHLO page.example\\r\\nX"; field.value = submission;
  form.append (field); document.body.append (form);
  over ("sent").then (() => form.submit ()); });''',
    'WebSocket': '''const socket = new WebSocket (`ws://127.0.0.1:${port}/`, "EHLO");
socket.onopen = () => socket.send (submission);
socket.onclose = (event) => over (event.code);''',
    'many at once': '''Promise.allSettled (Array.from ({ length: 12 }, () =>
  fetch (`http://127.0.0.1:${port}/`, { method: "POST", mode: "no-cors", body: submission }))).then (() => over ("all"));''',
}


class Web:
    """Serves one page, and hears from it when it is done."""

    def __init__(self):
        web = self
        self.page, self.reports = '', []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.reply(web.page if self.path == '/' else '')

            def do_POST(self):
                web.reports.append(self.rfile.read(int(self.headers['Content-Length'])).decode())
                self.reply('')

            def reply(self, text):
                self.send_response(200)
                self.send_header('Content-Type', 'text/html; charset=utf-8')
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f'http://127.0.0.1:{self.server.server_address[1]}/'

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def web():
    web = Web()
    yield web
    web.close()


@pytest.fixture
def recorder(agent):
    recorder = Recorder(agent.port)
    yield recorder
    recorder.close()


@pytest.fixture
def browse(tmp_path):
    """Opens a page, and keeps the browser open until the test ends."""
    browsers = []

    def open_page(url):
        with open(tmp_path / 'browser.log', 'wb') as log:
            browsers.append(subprocess.Popen(
                ['chromium', '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage',
                 '--no-first-run', '--disable-extensions', '--disable-background-networking', '--disable-sync',
                 '--disable-component-update', '--no-proxy-server', '--remote-debugging-port=0',
                 f'--user-data-dir={tmp_path}/profile', url],
                env={'PATH': '/usr/bin:/bin', 'HOME': str(tmp_path), 'LANG': 'C.UTF-8'},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log))
    yield open_page
    for browser in browsers:
        browser.terminate()
        try:
            browser.wait(10)
        except subprocess.TimeoutExpired:
            browser.kill()
            browser.wait(10)


def visit(web, browse, script, port):
    web.page = PAGE % {'port': port, 'submission': json.dumps(SUBMISSION), 'script': script}
    browse(web.url)
    eventually(lambda: web.reports, timeout=60, what='the page')


def check_nothing_was_submitted(agent, provider):
    """Nothing of the page's is anywhere, and a mail program is still served."""
    with Wire(agent.port) as wire:
        assert wire.submit('hana@example.co.jp', ['b@example.org'], mail(subject='real')).startswith('250')
    provider.wait_for(1)
    provider.stays_at(1, 0.5)
    assert [one['subject'] for one in agent.mails()] == ['real']
    assert 'from a page' not in agent.log


@pytest.mark.parametrize('name', SCRIPTS)
def test_a_page(name, agent, recorder, provider, web, browse):
    visit(web, browse, SCRIPTS[name], recorder.port)
    arrived = eventually(lambda: [bytes(said) for said in recorder.said if said], what='the bytes of the browser')
    if name == 'fetch of https':
        assert all(said[:2] == b'\x16\x03' for said in arrived), arrived
    elif name in ('fetch', 'beacon', 'form', 'many at once'):
        assert any(said.startswith(b'POST / HTTP/1.1\r\n') and b'MAIL FROM:<hana@example.co.jp>' in said
                   for said in arrived), arrived
    elif name == 'fetch with a method of its own':
        assert all(said.startswith(b'OPTIONS / HTTP/1.1\r\n') for said in arrived), arrived
    elif name == 'WebSocket':
        assert any(said.startswith(b'GET / HTTP/1.1\r\n') and b'Sec-WebSocket-Protocol: EHLO' in said for said in arrived)
    answers = eventually(lambda: len([True for said in recorder.answered if b'421' in said]) >= len(arrived)
                         and [said.decode() for said in recorder.answered if b'421' in said], what='the answers')
    for answer in answers:
        assert re.fullmatch(r'(220 .*\r\n)?421 4\.7\.0 .*\r\n', answer), answer
    assert 'turned away a program that is no mail program' in agent.log
    check_nothing_was_submitted(agent, provider)


def test_the_log_is_not_filled(agent, recorder, provider, web, browse):
    visit(web, browse, SCRIPTS['many at once'], recorder.port)
    assert agent.log.count('turned away') == 1
    agent.move_clock(61)
    with Wire(agent.port, greet=False) as wire:
        assert wire.reply().startswith('220') and wire.say('AUTH PLAIN AGhhbmEAc2VjcmV0').startswith('421')
    eventually(lambda: agent.log.count('turned away') == 2, what='the second warning')
    assert 'it said AUTH' in agent.log and 'AGhhbmEAc2VjcmV0' not in agent.log


@pytest.mark.parametrize('scheme', ['http', 'https'])
def test_a_page_and_a_port_under_tls(scheme, make_agent, provider, web, browse):
    """The browser doesn't trust the certificate; one told to ignore that would get as far as the greeting."""
    agent = make_agent(settings={'listen': {'tls': 'implicit'}})
    recorder = Recorder(agent.port)
    try:
        visit(web, browse, SCRIPTS['fetch' if scheme == 'http' else 'fetch of https'], recorder.port)
        eventually(lambda: any(recorder.said), what='the bytes of the browser')
    finally:
        recorder.close()
    assert agent.mails() == []
    provider.stays_at(0, 0.5)
    assert 'from a page' not in agent.log
