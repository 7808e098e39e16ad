"""What the users of an app that is an image notice of its releases."""

import tempfile
from pathlib import Path

from rich.table import Table

from tests.bench import MissedError
from tests.bench.releases import RATE, loaded, under_load
from tests.bench.servers import acts
from tests.containers import image
from tests.containers.workshop import APP, SERVE
from tests.house import House
from tests.lab import Lab
from tests.outside.load import Load


def measure(lab: Lab, debian: str) -> Table:
    """Keep up the load through deploys and rollbacks of an image.

    Raises:
        MissedError: something failed, or took longer than it may.

    """
    name = f"bench-containers-{debian}"
    with tempfile.TemporaryDirectory() as folder:
        archive = image.archive(Path(folder, "shop.tar"), {"main.py": APP + SERVE})
        house = House.on(lab, lab.up(name, debian=debian), apps={"demo": {"source": {"image": str(archive)}}})
        house.deploy().check()
        table = loaded(f"Debian {debian}", "image")
        with Load(house.outside, RATE, sockets=0).running() as load:
            missed = under_load(load, table, "an archive", acts(house, "demo"))
    if missed:
        raise MissedError(table, missed)
    return table
