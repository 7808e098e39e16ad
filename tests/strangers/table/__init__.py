"""Everything that the strangers try, in one table."""

from tests.strangers.attempt import Attempt
from tests.strangers.table import (
    commanding,
    kernel,
    planted,
    publishing,
    reaching,
    reading,
    steering,
    terminal,
    traffic,
    writing,
)

ATTEMPTS: tuple[Attempt, ...] = (
    *reading.ROWS,
    *writing.ROWS,
    *reaching.ROWS,
    *traffic.ROWS,
    *kernel.ROWS,
    *commanding.ROWS,
    *planted.ROWS,
    *publishing.ROWS,
    *steering.ROWS,
    *terminal.ROWS,
)
