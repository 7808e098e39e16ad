"""How the user ran this, so that what is to be run next is told in the same words."""

BY_PYINFRA = "pyinfra inventories/prod.py deploys/site.py"
"""How pyinfra is called: it takes what comes first for the inventory."""
SWAPPED = f"this is a deploy, which pyinfra took for an inventory; write that first: {BY_PYINFRA}"

_inventory: str | None = None


def by_command(inventory: str) -> None:
    """Take note that `gatehouse` runs, for an inventory as the user named it."""
    global _inventory  # noqa: PLW0603  # one process has one command line
    _inventory = inventory


def is_by_command() -> bool:
    """Say whether `gatehouse` runs, which shows the beginning and the end itself."""
    return _inventory is not None


def line(verb: str, **said: str) -> str:
    """Give the command for a verb, to be shown, with words of the verb's own."""
    words = [option(key, value) for key, value in said.items()]
    if _inventory is None:
        return " ".join([f"deploys/{verb}.py", *words])
    return " ".join(["./gatehouse", verb, _inventory, *words])


def option(key: str, value: str) -> str:
    """Give a word of a verb's own as it is written on the command line."""
    if _inventory is None:
        return f"--data {key}={value}"
    return f"--{key}" if value == "yes" else f"--{key} {value}"
