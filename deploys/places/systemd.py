"""Where systemd finds units. Pure."""

UNITS = "/etc/systemd/system"


def unit_file(unit: str) -> str:
    """Give the file of a unit."""
    return f"{UNITS}/{unit}"


def drop_in(unit: str, name: str) -> str:
    """Give a file with settings of a unit, or of all services whose names begin so, like `shop-*`."""
    return f"{UNITS}/{unit.replace('-*', '-.service')}.d/{name}.conf"
