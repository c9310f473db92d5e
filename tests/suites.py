# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds Sekisho with sanitizers, runs the suites and counts single test cases. Called by tests/run.

  unit, smtp     meson tests (TAP): each subtest counts
  box            what needs real limits of memory and time, without sanitizers: the sandbox, and files made to break it
  integration    pytest over tests/integration
  fuzz           every fuzzer for a short while over its stored inputs: each counts as one test

The build directory is build-test, or what SEKISHO_BUILD names; the fuzzers' is build-fuzz, or SEKISHO_FUZZ_BUILD; that of
box build-plain, or SEKISHO_PLAIN_BUILD.
SEKISHO_FUZZ_SECONDS sets how long all fuzzers together may take (default 120), SEKISHO_FUZZ_EACH how long each.
A suite that runs nothing has failed. So has a skipped test, and a build that doesn't succeed.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get('SEKISHO_BUILD') or ROOT / 'build-test')
FUZZ_BUILD = pathlib.Path(os.environ.get('SEKISHO_FUZZ_BUILD') or ROOT / 'build-fuzz')
PLAIN_BUILD = pathlib.Path(os.environ.get('SEKISHO_PLAIN_BUILD') or ROOT / 'build-plain')
FUZZ_SECONDS = int(os.environ.get('SEKISHO_FUZZ_SECONDS') or 120)
FUZZ_EACH = int(os.environ.get('SEKISHO_FUZZ_EACH') or 0)
CORES = os.cpu_count() or 1
PROGRAMS = [('engine/extract', 'sekisho-extract'), ('agent', 'sekisho-agent'), ('agent/ctl', 'sekishoctl')]
BRUTES = 'tests/integration/test_brutes.py'

SANITIZERS = {
    'ASAN_OPTIONS': 'detect_leaks=1:abort_on_error=0:exitcode=99:allocator_may_return_null=1:strict_string_checks=1',
    'UBSAN_OPTIONS': 'print_stacktrace=1:halt_on_error=1:exitcode=99',
}


class Count:
    """How many test cases passed and failed, and what the failed ones are called."""

    def __init__(self):
        self.passed = 0
        self.failures = []

    def add(self, name, passed):
        if passed:
            self.passed += 1
        else:
            self.failures.append(name)

    def merge(self, other):
        self.passed += other.passed
        self.failures += other.failures


def say(text):
    print(f'== {text}', flush=True)


def run(command, timeout, **options):
    """The exit status; 124 when it took too long (then the command's whole process group is ended)."""
    process = subprocess.Popen([str(word) for word in command], cwd=ROOT, start_new_session=True, **options)
    try:
        return process.wait(timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 15)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()
        print(f'ended after {timeout} s: {command[0]}', file=sys.stderr, flush=True)
        return 124


def build(directory, options, environment=None, targets=()):
    """Configures (once) and compiles. True when both succeeded."""
    say(f'build in {directory}')
    settings = dict(os.environ, **(environment or {}))
    if not (directory / 'build.ninja').exists():
        if run(['meson', 'setup', directory, ROOT, *options], 300, env=settings) != 0:
            return False
    return run(['ninja', '-C', directory, f'-j{CORES}', *targets], 1200, env=settings) == 0


def build_tests():
    return build(BUILD, ['-Dtesting=true', '--werror', '-Db_sanitize=address,undefined', '-Db_lundef=false'])


def verdict_of(case):
    return not any(case.find(kind) is not None for kind in ('failure', 'error', 'skipped'))


def read_report(path):
    """What a test printed stands in meson's report as it is, with characters that XML doesn't have."""
    text = pathlib.Path(path).read_text(encoding='utf-8', errors='replace')
    return ElementTree.fromstring(re.sub('[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]', '?', text).encode())


def count_meson(log):
    """Subtests from the JUnit file; a program that failed without a failed subtest (crash, time-out) counts as one."""
    count = Count()
    failed_programs = set()
    for case in read_report(f'{log}.junit.xml').iter('testcase'):
        passed = verdict_of(case)
        count.add(f"{case.get('classname')}: {case.get('name')}", passed)
        if not passed:
            failed_programs |= {case.get('classname').partition('.')[2], case.get('name')}
    for line in pathlib.Path(f'{log}.json').read_text(encoding='utf-8').splitlines():
        result = json.loads(line)
        name = result['name'].rpartition(' / ')[2].rpartition(':')[2].strip()
        if result['result'] not in ('OK', 'EXPECTEDFAIL') and name not in failed_programs:
            count.add(f"{name}: {result['result'].lower()} (exit status {result.get('returncode')})", False)
    return count


def run_meson(suite, directory=BUILD, names=()):
    log = directory / 'meson-logs' / f'testlog-{suite}'
    for suffix in ('.junit.xml', '.json'):
        pathlib.Path(f'{log}{suffix}').unlink(missing_ok=True)
    status = run(['meson', 'test', '-C', directory, '--no-rebuild', '--suite', suite, '--logbase', log.name,
                  '--print-errorlogs', '--num-processes', CORES, *names], 900, env=dict(os.environ, **SANITIZERS))
    if not pathlib.Path(f'{log}.junit.xml').exists():
        return Count()
    count = count_meson(log)
    if status != 0 and not count.failures:
        count.add(f'{suite}: meson test ended with {status}', False)
    return count


def run_box():
    targets = ['tests/unit/test-box', *(f'{folder}/{name}' for folder, name in PROGRAMS)]
    if not build(PLAIN_BUILD, ['-Dtesting=true', '--werror'], targets=targets):
        broken = Count()
        broken.add('box: the build without sanitizers failed', False)
        return broken
    count = run_meson('unit', PLAIN_BUILD, ['box'])
    count.merge(run_pytest(PLAIN_BUILD, [BRUTES]))
    return count


def run_pytest(directory, arguments):
    report = directory / 'integration.junit.xml'
    report.unlink(missing_ok=True)
    environment = dict(os.environ, SEKISHO_BUILD=str(directory), PYTHONDONTWRITEBYTECODE='1', **SANITIZERS)
    status = run(['/usr/bin/python3', '-m', 'pytest', '-p', 'no:cacheprovider', '-q', '--durations=10',
                  f'--junit-xml={report}', *arguments], 1200, env=environment)
    count = Count()
    if report.exists():
        for case in ElementTree.parse(report).getroot().iter('testcase'):
            count.add(f"{case.get('classname')}::{case.get('name')}", verdict_of(case))
    if status != 0 and not count.failures:
        count.add(f'integration: pytest ended with {status}', False)
    return count


def fuzz(program, seconds):
    """One fuzzer, from its stored inputs; what it finds is kept under FUZZ_BUILD/found."""
    name = program.name.removeprefix('fuzz-')
    corpus, found = FUZZ_BUILD / 'corpus' / name, FUZZ_BUILD / 'found'
    corpus.mkdir(parents=True, exist_ok=True)
    found.mkdir(exist_ok=True)
    seeds = [path for path in (ROOT / 'tests/fixtures/fuzz' / name,) if path.is_dir()]
    dictionary = ROOT / 'tests/fixtures/fuzz' / f'{name}.dict'
    log = FUZZ_BUILD / f'{program.name}.log'
    with open(log, 'wb') as output:
        status = run([program, f'-max_total_time={seconds}', '-timeout=10', '-rss_limit_mb=2048', '-print_final_stats=1',
                      f'-artifact_prefix={found}/{name}-', *([f'-dict={dictionary}'] if dictionary.exists() else []),
                      corpus, *seeds],
                     seconds + 60, env=dict(os.environ, SK_FIXTURES=str(ROOT / 'tests/fixtures'), **SANITIZERS),
                     stdout=output, stderr=subprocess.STDOUT)
    text = log.read_text(encoding='utf-8', errors='replace')
    runs = next((line.split()[-1] for line in text.splitlines() if 'number_of_executed_units' in line), '0')
    return name, status == 0 and int(runs) > 0, runs, text


def run_fuzz():
    count = Count()
    if not build(FUZZ_BUILD, ['-Dtesting=true', '-Dfuzzing=true', '-Db_sanitize=address,undefined', '-Db_lundef=false'],
                 {'CC': 'clang-14'}, ['fuzzers']):
        count.add('fuzz: the build failed', False)
        return count
    programs = sorted(path for path in (FUZZ_BUILD / 'tests/fuzz').glob('fuzz-*') if path.is_file())
    if not programs:
        return count
    seconds = FUZZ_EACH or max(5, min(30, FUZZ_SECONDS * CORES // len(programs)))
    say(f'{len(programs)} fuzzers, {seconds} s each')
    with concurrent.futures.ThreadPoolExecutor(CORES) as pool:
        for name, passed, runs, text in pool.map(lambda program: fuzz(program, seconds), programs):
            print(f"{'ok  ' if passed else 'FAIL'} {name}: {runs} inputs", flush=True)
            if not passed:
                print(text[-4000:], flush=True)
            count.add(f'fuzz: {name}', passed)
    return count


SUITES = {
    'unit': lambda arguments: run_meson('unit'),
    'smtp': lambda arguments: run_meson('smtp'),
    'box': lambda arguments: run_box(),
    'integration': lambda arguments: run_pytest(BUILD, ['tests/integration', f'--ignore={BRUTES}', *arguments]),
    'fuzz': lambda arguments: run_fuzz(),
}


def run_suite(name, arguments):
    say(name)
    count = SUITES[name](arguments)
    if not count.passed and not count.failures:
        count.add(f'{name}: no test ran', False)
    return count


def report(results, started):
    total = Count()
    print()
    for name, count, seconds in results:
        print(f'{name:<12} {count.passed:5} passed {len(count.failures):5} failed {seconds:6.0f} s')
        total.merge(count)
    for name in total.failures:
        print(f'failed: {name}')
    print(f'{time.monotonic() - started:.0f} s in all')
    print(f'{total.passed} passed, {len(total.failures)} failed', flush=True)
    return 1 if total.failures or not total.passed else 0


def main():
    names = [sys.argv[1]] if len(sys.argv) > 1 else list(SUITES)
    if names[0] not in SUITES:
        sys.exit(f"tests/run: no suite '{names[0]}'; there are: {' '.join(SUITES)}")
    started = time.monotonic()
    results = []
    if names not in (['fuzz'], ['box']) and not build_tests():
        broken = Count()
        broken.add('the build with sanitizers failed', False)
        return report([('build', broken, time.monotonic() - started)], started)
    for name in names:
        begun = time.monotonic()
        results.append((name, run_suite(name, sys.argv[2:]), time.monotonic() - begun))
    return report(results, started)


if __name__ == '__main__':
    shutil.rmtree(ROOT / '.pytest_cache', ignore_errors=True)
    sys.exit(main())
