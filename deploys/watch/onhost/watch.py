"""On the host: the daily look at all that parts of the house have named, and at the units that serve."""

import sys
from importlib import import_module
from typing import Any

from deploys.onhost import run
from deploys.watch.onhost import alert

_OWN = "gatehouse-watch.service"
"""What runs this; where it failed, it was told of. An app may be called `watch`, and its units begin so."""


def main(settings: "dict[str, Any]") -> None:
    """Tell whom the settings name what is wrong; with `--test`, tell them that nothing is.

    With `--list`, say it here alone, a line for each.

    Args:
        settings: `alerts`; `looks`, by name the `module` that looks and its own `settings`; `units`, patterns
            of those that must not have failed.

    """
    if "--test" in sys.argv:
        alert.deliver(settings["alerts"], "test", "This is a test. Nothing is wrong.")
        return
    found = problems(settings)
    if "--list" in sys.argv:
        sys.stdout.writelines(f"{line}\n" for line in found)
    elif found:
        title = found[0] if len(found) == 1 else f"{len(found)} things need a look"
        alert.deliver(settings["alerts"], title, "\n".join(found))
    else:
        print(f"all is well: {', '.join([*settings['looks'], 'units'])}")


def problems(settings: "dict[str, Any]") -> "list[str]":
    """List what is wrong, each in one line."""
    found = []
    for look in settings["looks"].values():
        found += import_module(look["module"]).problems(look["settings"])
    return [*found, *units(settings["units"])]


def units(patterns: "list[str]") -> "list[str]":
    """List the units that have failed."""
    done = run.attempt(run.SYSTEMCTL, "list-units", "--failed", "--plain", "--no-legend", *patterns)
    failed = [line.split()[0] for line in done.stdout.splitlines() if line.strip()]
    return [f"{unit} has failed" for unit in failed if unit != _OWN]
