"""On the host: ports 80 and 443 go from one proxy to another, and back where that fails."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from deploys.onhost import run


@contextmanager
def taken_over(unit: str, predecessors: Sequence[str]) -> Iterator[None]:
    """Stop what serves until now, for a proxy that begins here; where that fails, it serves again.

    A reboot meanwhile has it serve again, too: it is not disabled before somebody has seen the other serve.

    Args:
        unit: of the proxy that begins.
        predecessors: units of the others.

    """
    before = serving(predecessors)
    for each in before:
        run.systemctl("stop", each)
    try:
        yield
    except BaseException:
        if before:
            run.attempt(run.SYSTEMCTL, "--quiet", "disable", "--now", unit)
        for each in before:
            run.attempt(run.SYSTEMCTL, "start", each)
        raise


def serving(units: Sequence[str]) -> list[str]:
    """List those of the units that run: who has the ports, of proxies that are not to have them."""
    return [each for each in units if is_active(each)]


def is_active(unit: str) -> bool:
    """Say whether systemd has a unit running."""
    return run.attempt(run.SYSTEMCTL, "is-active", "-q", unit).returncode == 0
