"""Further client machines, as far as a test needs one: an address of its own and the lab's names."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address


@dataclass(frozen=True)
class Client:
    """A network namespace: run programs in it by `ip netns exec NAMESPACE ...`."""

    namespace: str
    address: IPv4Address
    address6: IPv6Address

    def command(self, *command: str) -> list[str]:
        return ["ip", "netns", "exec", self.namespace, *command]
