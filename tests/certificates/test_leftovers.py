"""Which keys go once nobody needs them, and which stay."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import trustme

from deploys.certificates.onhost import forget, issue


def test_what_was_set_aside_is_forgotten_with_the_rest(tmp_path: Path) -> None:
    aside = tmp_path / "gatehouse-aside"
    others = ["a.test-1-1700000000", "xa.test-1700000000"]
    for name in ("a.test-1700000000", "a.test-1800000000", *others):
        (aside / name / "live").mkdir(parents=True)
    link, conf = tmp_path / "link", tmp_path / "a.test.conf"
    link.symlink_to(aside)
    conf.touch()
    argument = {"paths": [str(conf), str(link), f"{tmp_path}/none"], "aside": str(aside), "name": "a.test"}
    for _ in range(2):
        forget.main(argument)
        assert sorted(path.name for path in aside.iterdir()) == others
        assert not link.is_symlink()
        assert not conf.exists()
    shutil.rmtree(aside)
    forget.main(argument)


@pytest.mark.parametrize(
    ("target", "reload", "left"),
    [
        ("brought/new", "/bin/true", ["new"]),
        ("live", "/bin/true", []),
        # What cannot be served replaces nothing.
        ("brought/new", "/bin/false", ["new", "old"]),
    ],
)
def test_former_keys_of_the_users_own_go(tmp_path: Path, target: str, reload: str, left: list[str]) -> None:
    made = trustme.CA().issue_cert("a.test")
    for name in ("brought/old", "brought/new", "live"):
        (tmp_path / name).mkdir(parents=True)
        made.cert_chain_pems[0].write_to_path(tmp_path / name / "fullchain.pem")
    argument: dict[str, Any] = {
        "files": {},
        "certbot": [],
        "conf": None,
        "dns": None,
        "link": f"{tmp_path}/links/a.test",
        "target": f"{tmp_path}/{target}",
        "ask": [],
        "reload": [[reload]],
        "brought": f"{tmp_path}/brought",
    }
    try:
        issue.main(argument)
    except SystemExit:
        assert reload == "/bin/false"
    assert sorted(path.name for path in (tmp_path / "brought").iterdir()) == left
    assert (tmp_path / "links" / "a.test" / "fullchain.pem").exists()
