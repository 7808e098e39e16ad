"""Names and addresses of hosts and networks."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Annotated

from deploys.config import guesses, letters
from deploys.config.kinds import text

_LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+{_LABEL}")
_ENDPOINT = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<v4>[0-9.]+)):(?P<port>[0-9]{1,5})")
_EVERYBODY = IPv4Address("255.255.255.255")
_WIDEST = {4: 8, 6: 16}
"""The shortest prefixes of networks, in bits, that one operator can have."""


_WRITE_DOMAIN = 'write a domain name like "example.com", without scheme, port or path'
_WRITE_ADDRESS = 'write an IP address like "192.0.2.7"'
_WRITE_NETWORK = 'write a network like "192.0.2.0/24"'
_WRITE_ENDPOINT = 'write address and port, like "192.0.2.7:8000" or "[2001:db8::7]:8000"'


def _domain(value: str) -> str:
    name = value.removesuffix(".").lower()
    if letters.strange(name):
        raise ValueError(_WRITE_DOMAIN)
    if not name.isascii():
        raise ValueError(f"write it in its ASCII form, {_punycode(name)!r}")
    if "_" in name:
        raise ValueError('host names have no "_"; write it as DNS has it')
    if len(name) > 253 or not _DOMAIN.fullmatch(name) or name.rsplit(".", 1)[1].isdigit():
        raise ValueError(_WRITE_DOMAIN)
    return name


def _punycode(name: str) -> str:
    try:
        return name.encode("idna").decode()
    except UnicodeError:
        return "xn--…"


def _ip(value: str) -> IPv4Address | IPv6Address:
    return ip_address(_without_zone(value))


def _without_zone(value: str) -> str:
    # After it ipaddress takes any text, and it means nothing on another machine (RFC 4007, section 6).
    if "%" in value:
        raise ValueError("leave out the zone after the %")
    return value


def _address(value: str) -> str:
    try:
        return str(_ip(value))
    except ValueError:
        raise ValueError(_WRITE_ADDRESS) from None


def _network(value: str) -> str:
    try:
        network = ip_network(_without_zone(value))
    except ValueError:
        raise ValueError(_WRITE_NETWORK) from None
    if network.prefixlen < _WIDEST[network.version]:
        raise ValueError("name its own networks: anybody in so wide a one would be believed")
    if not _is_somebody_s(network.network_address):
        raise ValueError(f"{_WRITE_NETWORK}, from which it connects: nobody has that one")
    return str(network)


def _is_somebody_s(address: IPv4Address | IPv6Address) -> bool:
    """Say whether anybody can connect from an address, or be connected to at it."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return not (address.is_unspecified or address.is_multicast or address == _EVERYBODY or mapped)


def _endpoint(value: str) -> str:
    match = _ENDPOINT.fullmatch(value)
    try:
        address = _ip(match["v6"] or match["v4"]) if match else None
    except ValueError:
        address = None
    if not match or not address or not _is_somebody_s(address) or not 1 <= int(match["port"]) <= 65535:
        raise ValueError(_WRITE_ENDPOINT)
    return f"[{address}]:{int(match['port'])}" if match["v6"] else f"{address}:{int(match['port'])}"


def _alias(value: str) -> str:
    return f"*.{_domain(value[2:])}" if value.startswith("*.") else _domain(value)


def is_address(name: str) -> bool:
    """Say whether a site is named by an IP address."""
    try:
        _ip(name)
    except ValueError:
        return False
    return True


def _site_name(value: str) -> str:
    if value.startswith("*."):
        raise ValueError("name the site itself, and write this one among its aliases")
    if not is_address(value):
        return _domain(value)
    address = _ip(value)
    if address.is_unspecified or address.is_loopback or address.is_multicast:
        raise ValueError("write the address by which clients reach the server")
    return str(address)


def _nearest_network(value: str) -> str | None:
    try:
        return str(ip_network(value, strict=False))
    except ValueError:
        return None


Domain = Annotated[str, text(_domain, _WRITE_DOMAIN, guesses.domain)]
"""A DNS host name in lower case (RFC 1123, section 2.1)."""

Alias = Annotated[str, text(_alias, _WRITE_DOMAIN, guesses.alias)]
"""A DNS host name, or `*.` and one (RFC 9525, section 6.3)."""

SiteName = Annotated[str, text(_site_name, _WRITE_DOMAIN, guesses.domain)]
"""A DNS host name, or the IP address of a server that has none."""

Address = Annotated[str, text(_address, _WRITE_ADDRESS, guesses.domain)]
Network = Annotated[str, text(_network, _WRITE_NETWORK, _nearest_network)]
Endpoint = Annotated[str, text(_endpoint, _WRITE_ENDPOINT, guesses.endpoint)]
"""An IP address and a port."""
