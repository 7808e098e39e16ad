"""How the user ran this, so that what is to be run next is told in the same words."""

_inventory: str | None = None


def by_command(inventory: str) -> None:
    """Take note that `gatehouse` runs, for an inventory as the user named it."""
    global _inventory  # noqa: PLW0603  # one process has one command line
    _inventory = inventory


def is_by_command() -> bool:
    """Say whether `gatehouse` runs, which shows the beginning and the end itself."""
    return _inventory is not None


def line(verb: str, *words: str) -> str:
    """Give the command for a verb, to be shown."""
    if _inventory is None:
        return " ".join([f"deploys/{verb}.py", *words])
    return " ".join(["./gatehouse", verb, _inventory, *words])
