"""What all hosts of a run share, found once for all of them."""

from collections import defaultdict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Found = TypeVar("Found")


class Once(Generic[Found]):
    """What has been found, by what was looked for; a failure is not kept."""

    def __init__(self) -> None:
        self._found: dict[Hashable, Found] = {}
        # pyinfra prepares hosts at once: another one may ask while the first is still looking.
        self._locks: defaultdict[Hashable, Lock] = defaultdict(Lock)

    def get(self, key: Hashable, find: Callable[[], Found]) -> Found:
        """Give what was found for the key, looking for it unless somebody has.

        Args:
            key: what is looked for.
            find: looks for it; what it raises is passed on, and the next one looks again.

        """
        with self._locks[key]:
            if key not in self._found:
                self._found[key] = find()
            return self._found[key]

    def clear(self) -> None:
        """Forget all of it."""
        self._found.clear()
