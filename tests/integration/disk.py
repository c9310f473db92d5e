# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk without room."""
import errno
import os


def fill(directory, leave):
    """Fills the disk but for about `leave` bytes."""
    room = os.statvfs(directory)
    with open(f'{directory}/filler', 'wb', buffering=0) as filler:
        if leave:
            os.posix_fallocate(filler.fileno(), 0, room.f_bavail * room.f_frsize - leave)
            return
        try:
            while filler.write(bytes(4096)):
                pass
        except OSError as error:
            assert error.errno == errno.ENOSPC
