"""Amounts in nginx's words (nginx.org/en/docs/syntax.html). Pure."""

from deploys.config.amounts import SIZES, TIMES, Duration, Rate, Size, in_the_largest

_MINUTE = 60_000
_UP_TO_A_MINUTE = {"s": TIMES["s"], "ms": TIMES["ms"]}


def duration(amount: Duration) -> str:
    """Write a time: up to a minute in seconds, as nginx's own documents do."""
    units = TIMES if amount.milliseconds > _MINUTE else _UP_TO_A_MINUTE
    number, unit = in_the_largest(amount.milliseconds, units)
    return f"{number}{unit}"


def size(amount: Size) -> str:
    """Write an amount of data."""
    number, unit = in_the_largest(amount.bytes, SIZES)
    return f"{number}{unit}"


def rate(amount: Rate) -> str:
    """Write a rate of requests."""
    return f"{amount.requests}r/{'m' if amount.seconds == 60 else 's'}"
