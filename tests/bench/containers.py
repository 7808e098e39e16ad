"""What the users of an app that is an image notice of its releases."""

import tempfile
from functools import partial
from pathlib import Path

from tests.bench import under_load
from tests.bench.releases import deploys, roll_back, set_up
from tests.bench.report import Report
from tests.bench.setting import Setting
from tests.bench.under_load import Act
from tests.containers import image
from tests.containers.workshop import APP, SERVE
from tests.house import House
from tests.lab import Lab
from tests.outside.load import Load


def measure(lab: Lab, report: Report, setting: Setting) -> None:
    """Keep up the load through deploys and rollbacks of an image."""
    under_load.begin(report, "behind nginx", "image", setting)
    report.tell("setting up")
    server = lab.up(f"bench-containers-{setting.debian}", debian=setting.debian)
    with tempfile.TemporaryDirectory() as folder:
        archive = image.archive(Path(folder, "shop.tar"), {"main.py": APP + SERVE})
        house = House.on(lab, server, apps={"demo": {"source": {"image": str(archive)}}})
        set_up(house)
        acts = under_load.releasing(
            setting,
            partial(deploys, house, 1),
            Act("2 rollbacks", [partial(roll_back, house, 1)] * 2),
        )
        under_load.measure(report, {"an archive": Load(house.outside, setting.rate, sockets=0)}, acts)
