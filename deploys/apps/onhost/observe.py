"""On the host: the apps, their users, and the walls around them, in one look."""

from typing import Any

from deploys.apps.onhost import probe, users
from deploys.firewall.onhost import look


def main(argument: "dict[str, Any]") -> "dict[str, Any]":
    """Describe them, each as its own module does."""
    return {
        **probe.main(argument["apps"]),
        "users": users.look(argument["users"]),
        "firewall": look.main(argument["firewall"]),
    }
