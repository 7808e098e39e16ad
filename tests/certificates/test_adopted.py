"""A lineage that was there before us, and what its owner had certbot do besides."""

import pytest

from tests.certificates.renewal import make_due
from tests.certificates.test_life import NAME, named, serial, settled
from tests.house import House, sites

pytestmark = [pytest.mark.lab, pytest.mark.slow]

CONF = f"/etc/letsencrypt/renewal/{NAME}.conf"
HOOK = "renew_hook = \"sh -c 'touch /run/renew-hook'\""
"""As certbot itself writes one that has quotes in it."""

THEIRS = "/etc/letsencrypt/renewal-hooks/deploy/theirs"


def test_it_is_made_to_renew_here(bare_house: House) -> None:
    before = serial(bare_house)
    edits = (
        f"s|/var/lib/gatehouse/acme|/var/www/html|\n1i autorenew = False\n/^\\[renewalparams\\]/a {HOOK}\n"
    )
    bare_house.server.run(f"sed -i -f /dev/stdin {CONF}", stdin=edits)
    plan = bare_house.deploy("--dry", yes=False).check().output
    change = "webroot changed: /var/www/html -> /var/lib/gatehouse/acme"
    assert f"Certificate for {NAME}: issue again ({change})" in plan

    bare_house.deploy().check()
    assert serial(bare_house) != before
    conf = bare_house.server.run(f"cat {CONF}; ls /run/renew-hook").stdout
    assert "/var/www/html" not in conf
    assert "autorenew = False" not in conf
    assert HOOK in conf
    settled(bare_house)

    bare_house.server.run(f"sed -i -e '/^renew_hook/d' -e '1i autorenew = False' {CONF}")
    before = serial(bare_house)
    run = bare_house.deploy().check()
    assert run.changed == [f"Certificate for {NAME}: serve (its renewal is switched off)"]
    assert "autorenew = False" not in bare_house.server.run(f"cat {CONF}").stdout
    assert serial(bare_house) == before
    settled(bare_house)


def test_its_owners_hooks_run_whoever_renews(bare_house: House) -> None:
    count = "wc -l < /run/theirs"
    theirs = "#!/bin/sh\necho $RENEWED_DOMAINS >> /run/theirs\n"
    bare_house.server.run(f"printf '{theirs}' > {THEIRS}; chmod +x {THEIRS}; > /run/theirs")
    try:
        bare_house.deploy(deploy="deploys/renew.py").check()
        assert bare_house.server.run(count).stdout == "1\n"
        make_due(bare_house)
        bare_house.server.run(
            "REQUESTS_CA_BUNDLE=/etc/gatehouse/acme-ca.pem certbot -q renew --no-random-sleep-on-renew"
        )
        assert bare_house.server.run(count).stdout == "2\n"
    finally:
        bare_house.server.run(f"rm {THEIRS}")
    settled(bare_house)


def test_what_the_proxy_still_serves_is_not_deleted(bare_house: House) -> None:
    named(bare_house, "blog.files.test")
    bare_house.deploy(sites=sites(NAME, "blog.files.test")).check()
    bare_house.server.run("rm /etc/letsencrypt/renewal/blog.files.test.conf")
    bare_house.deploy(sites=sites(NAME, "blog.files.test")).check()
    keys = "find /etc/letsencrypt /etc/gatehouse /var/lib/gatehouse -path '*blog.files.test*' -name '*.pem'"
    assert "/gatehouse-aside/blog.files.test-" in bare_house.server.run(keys).stdout
    run = bare_house.deploy(deploy="deploys/forget.py")
    assert run.code != 0
    refused = "certificate blog.files.test: not deleted, nginx still serves it; run deploys/site.py first"
    assert refused in run.output
    bare_house.deploy().check()
    run = bare_house.deploy(deploy="deploys/forget.py").check()
    assert run.changed == ["Certificate for blog.files.test: delete"]
    assert bare_house.server.run(keys).stdout == ""
    bare_house.server.run("nginx -t")
    settled(bare_house)
