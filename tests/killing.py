"""Kill -9 at random moments: a forked child works and says what is done; the parent kills it meanwhile.

    def work(done):                 # in the child; nothing but the file system survives it
        store.ingest(document, ...)
        done("document 1")          # said after the call has returned: must be there after the kill

    for acknowledged in rounds(work, count=50, seed=6):
        ...                         # look at what is left, and let the next round go on from there

Moments are drawn from a seeded generator, over the time that one whole run takes.
"""

from __future__ import annotations

import os
import random
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator

Done = Callable[[str], None]
Work = Callable[[Done], None]
LONGEST = 30.0  # seconds after which a child that should have ended is taken for hung


def rounds(work: Work, count: int, seed: int) -> Iterator[tuple[str, ...]]:
    """Run `work` `count` times, killed at a random moment; what each child acknowledged before it died."""
    draw = random.Random(seed)
    whole = _timed(work)
    for _ in range(count):
        yield killed(work, draw.uniform(0, whole))


def _timed(work: Work) -> float:
    """Seconds that a whole run takes."""
    start = time.monotonic()
    killed(work, None)
    return time.monotonic() - start


def killed(work: Work, after: float | None) -> tuple[str, ...]:
    """What `work` acknowledged until it was killed `after` seconds, or until it ended.

    A child that fails by itself fails the test.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _run(work, writing)
    os.close(writing)
    said = _said(reading, child, after)
    os.close(reading)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, f"the child failed: {said[-1:]}"
    return said


def _run(work: Work, writing: int) -> None:
    """The child's life; it never returns, so that nothing of the test runs twice."""
    code = 1
    try:
        work(lambda what: _write(writing, what))
        code = 0
    except BaseException:
        _write(writing, repr(traceback.format_exc()))
    finally:
        sys.stdout.flush()
        os._exit(code)


def _write(writing: int, what: str) -> None:
    os.write(writing, f"{what}\n".encode())


def _said(reading: int, child: int, after: float | None) -> tuple[str, ...]:
    """All lines that the child wrote; it is killed when its time has come."""
    end = time.monotonic() + (LONGEST if after is None else after)
    said = b""
    while True:
        left = end - time.monotonic()
        if left <= 0:
            os.kill(child, signal.SIGKILL)
            end = time.monotonic() + LONGEST
            assert after is not None, "the child hangs"
        elif select.select([reading], [], [], left)[0]:
            piece = os.read(reading, 65536)
            if not piece:
                return tuple(said.decode().splitlines())
            said += piece
