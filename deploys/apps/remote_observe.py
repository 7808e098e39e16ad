"""On the host: the apps, and what keeps them from one another's ports, in one look."""

from typing import Any

from deploys.apps import remote_isolated, remote_probe


def main(argument: "dict[str, Any]") -> "dict[str, Any]":
    """Describe both, each as its own module does."""
    return {**remote_probe.main(argument["apps"]), "wall": remote_isolated.main(argument["wall"])}
