"""Inventories of a user's clone, for one server of the lab."""

from tests.house import House


def hosts(house: House, name: str, *gone: str) -> str:
    """Name the server, and others that are not reached."""
    connection = {key: value for key, value in house.host_data.items() if key.startswith("ssh_")}
    known = [(name, connection), *((other, connection | {"ssh_port": 9}) for other in gone)]
    return f"hosts = {known!r}\n"
