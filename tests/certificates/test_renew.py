"""What is renewed in a sandbox, and what is the operator's own and so is not."""

from pathlib import Path

import pytest

from deploys.certificates.onhost import renew

WEBROOT = "/var/lib/gatehouse/acme"
OURS = f"authenticator = webroot\nwebroot_path = {WEBROOT},\nrenew_before_expiry = 720 hours\n"


@pytest.mark.parametrize(
    ("lineage", "is_others"),
    [
        (OURS, False),
        ("authenticator = dns-cloudflare\ndns_cloudflare_credentials = /etc/gatehouse/x.ini\n", False),
        (f"{OURS}installer = None\nrenew_hook = None\n", False),
        (f"{OURS}renew_hook = systemctl reload postfix\n", True),
        (f"{OURS}pre_hook = /root/open\n", True),
        (f"{OURS}post-hook=/root/close\n", True),
        (f"{OURS}installer = nginx\n", True),
        ("authenticator = manual\nmanual_auth_hook = /etc/gatehouse/dns-hook add\n", True),
        ("authenticator = standalone\n", True),
        ("authenticator = webroot\nwebroot_path = /var/www/html,\n", True),
        (f"authenticator = webroot\nwebroot_path = {WEBROOT},/var/www/html,\n", True),
        ("", True),
    ],
)
def test_a_lineage(lineage: str, tmp_path: Path, *, is_others: bool) -> None:
    conf = tmp_path / "renewal" / "a.test.conf"
    conf.parent.mkdir()
    conf.write_text(f"version = 5.8.0\n[renewalparams]\naccount = x\n{lineage}")
    assert renew.of_others(tmp_path, WEBROOT, ()) == ([str(conf)] if is_others else [])


@pytest.mark.parametrize(
    ("name", "mode", "is_others"),
    [
        ("deploy/gatehouse", 0o755, False),
        ("deploy/postfix", 0o755, True),
        ("pre/open", 0o755, True),
        ("post/close", 0o700, True),
        ("deploy/README", 0o644, False),
        ("deploy/postfix~", 0o755, False),
    ],
)
def test_a_hook(name: str, mode: int, tmp_path: Path, *, is_others: bool) -> None:
    hook = tmp_path / "renewal-hooks" / name
    hook.parent.mkdir(parents=True)
    hook.touch()
    hook.chmod(mode)
    assert renew.of_others(tmp_path, WEBROOT, ()) == ([str(hook)] if is_others else [])


@pytest.mark.parametrize(
    ("line", "is_others"),
    [
        ("preconfigured-renewal = True", False),
        ("disable-hook-validation = True", False),
        ("# deploy-hook = x", False),
        ("deploy-hook = systemctl reload postfix", True),
        ("pre-hook=x", True),
    ],
)
def test_an_option_for_all(line: str, tmp_path: Path, *, is_others: bool) -> None:
    options = tmp_path / "cli.ini"
    options.write_text(f"max-log-backups = 0\n{line}\n")
    found = renew.of_others(tmp_path, WEBROOT, (str(options), str(tmp_path / "none.ini")))
    assert found == ([str(options)] if is_others else [])
