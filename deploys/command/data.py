"""What `--data KEY=VALUE` says. Pure."""

from collections.abc import Collection, Iterable

from deploys.command.usage import Wrong


def parsed(pairs: Iterable[str], said: Collection[str] = ()) -> dict[str, str]:
    """Read what was said by `--data`.

    Args:
        pairs: each as it was written.
        said: keys that have a value already, by options of their own.

    Raises:
        Wrong: one is no pair, or a key has two values.

    """
    found: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise Wrong(f"--data {pair}: write KEY=VALUE")
        if key in found or key in said:
            raise Wrong(f"--data {key}: is said twice; leave one of them out")
        found[key] = value
    return found
