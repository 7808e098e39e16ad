"""Taking measurements one after another, whatever becomes of each."""

import threading
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait

from rich.console import Console

from tests.bench.report import Report

Part = Callable[[Report], None]
MISSED, BY_HAND = 1, 130


def run(parts: Mapping[str, Part], console: Console) -> int:
    """Take each part, print its table, and at the end all that is not as promised.

    Args:
        parts: what takes each, by name.
        console: where to print.

    Returns:
        An exit code, 0 if all is as promised.

    """
    missed: list[str] = []
    code = 0
    for name, part in parts.items():
        report = Report(name, lambda line: console.out(line, highlight=False))
        try:
            part(report)
        except KeyboardInterrupt:
            report.miss("ended by hand")
            code = BY_HAND
        except Exception as error:  # the other parts are taken all the same
            failed(report, error)
        else:
            if not report.rows:
                report.miss("nothing was measured")
        console.print(report.table())
        missed += report.missed
        if code:
            break
    for line in missed or ["All is as promised."]:
        console.out(line, highlight=False)
    return code or (MISSED if missed else 0)


def side_by_side(report: Report, jobs: Mapping[str, Callable[[], None]], at_once: int = 1) -> None:
    """Have so many jobs at a time run beside each other; one that fails holds up none of the others.

    Raises:
        KeyboardInterrupt: somebody has ended it; each job has ended what it was at.

    """

    all_there = threading.Event()

    def run_one(name: str) -> None:
        # Who ends it while threads are being started could end it without them.
        all_there.wait()
        try:
            if not report.over.is_set():
                jobs[name]()
        except Exception as error:
            # As by Ctrl-C what is under way ends by itself, and not well.
            if not report.over.is_set():
                failed(report, error, f"{name}: ")

    with ThreadPoolExecutor(at_once) as pool:
        try:
            begun = [pool.submit(run_one, name) for name in jobs]
            all_there.set()
            # A signal that comes just before it waits is heeded as it wakes.
            while wait(begun, timeout=1).not_done:
                pass
        except KeyboardInterrupt:
            report.over.set()
            raise
        finally:
            all_there.set()


def failed(report: Report, error: Exception, what: str = "") -> None:
    """Have a failure count, and print all of it."""
    traceback.print_exception(error)
    lines = str(error).splitlines() or [""]
    report.miss(f"{what}{type(error).__name__}: {lines[0]}".rstrip(": "))
