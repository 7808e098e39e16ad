"""On the host: the apps, and what keeps them from one another's ports, in one look."""

from typing import Any

from deploys.apps.onhost import isolated, probe


def main(argument: "dict[str, Any]") -> "dict[str, Any]":
    """Describe both, each as its own module does."""
    return {**probe.main(argument["apps"]), "wall": isolated.main(argument["wall"])}
