"""When certbot is told to renew: as site.py itself would, and never after the watch has complained."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from deploys.certificates.onhost.renewal import note, set_point
from deploys.certificates.onhost.watch import too_old
from deploys.certificates.plan import is_due

CONF = """# renew_before_expiry = 30 days
version = 2.1.0
archive_dir = /etc/letsencrypt/archive/a.test
[renewalparams]
server = https://ca.example/dir
"""


@pytest.mark.parametrize(
    ("hours", "point", "words"),
    [
        (90 * 24, 720, "720 hours"),
        (64 * 24, 512, "512 hours"),
        (45 * 24, 360, "360 hours"),
        (10 * 24, 80, "80 hours"),
        (160, 80, "80 hours"),
        (100, 50, "50 hours"),
        (1, 0.5, "30 minutes"),
    ],
)
def test_a_third_or_half_of_a_short_life(tmp_path: Path, hours: int, point: float, words: str) -> None:
    now = datetime.now(tz=UTC)
    chain, conf = tmp_path / "fullchain.pem", tmp_path / "a.test.conf"
    leaf = trustme.CA().issue_cert("a.test", not_before=now, not_after=now + timedelta(hours=hours))
    leaf.cert_chain_pems[0].write_to_path(chain)
    conf.write_text(CONF)
    set_point(conf, str(chain))
    assert conf.read_text() == CONF.replace(
        "# renew_before_expiry = 30 days", f"renew_before_expiry = {words}"
    )
    assert conf.stat().st_mode & 0o777 == 0o600

    life = {"not_before": 0, "not_after": hours * 3600}
    moment = (hours - point) * 3600
    assert is_due(life, moment + 1)
    assert not is_due(life, moment)
    assert too_old("a", life, moment + min(24, point / 3) * 3600, renewed=True) == []


def test_a_note_is_kept_once_above_the_sections(tmp_path: Path) -> None:
    conf = tmp_path / "a.test.conf"
    conf.write_text(CONF)
    note(conf, "gatehouse_dns", "1a")
    note(conf, "gatehouse_dns", "2b")
    assert conf.read_text() == f"gatehouse_dns = 2b\n{CONF}"
    assert [path.name for path in tmp_path.iterdir()] == ["a.test.conf"]
