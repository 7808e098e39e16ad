"""A certificate's life on a real server: issued, changed, renewed, forgotten."""

import ssl
from dataclasses import replace
from typing import Any

import pytest

from tests.certificates.renewal import make_due
from tests.house import House, sites

pytestmark = pytest.mark.lab

NAME = "www.files.test"


def serial(house: House, name: str = NAME) -> str:
    return str(house.outside.certificate(name)["serialNumber"])


def names(house: House, name: str = NAME) -> set[str]:
    return {value for _, value in house.outside.certificate(name)["subjectAltName"]}


def named(house: House, *known: str) -> None:
    for name in known:
        house.lab.set_name(name, str(house.server.address))


def settled(house: House, **settings: Any) -> None:
    """A second run finds nothing to do, and a dry run says so."""
    before = serial(house)
    assert house.deploy(**settings).check().changed == []
    assert serial(house) == before


def test_it_is_issued_by_the_ca_and_kept(bare_house: House) -> None:
    assert "Pebble" in str(bare_house.outside.certificate(NAME)["issuer"])
    assert names(bare_house) == {NAME}
    settled(bare_house)


def test_only_root_reads_the_keys(bare_house: House) -> None:
    keys = (
        "find -L /etc/gatehouse /etc/letsencrypt /var/lib/gatehouse -name 'privkey*.pem' -o -name '*key.json'"
    )
    modes = bare_house.server.run(f"{keys} | xargs stat -L -c '%a %U'").stdout.split("\n")[:-1]
    assert len(modes) >= 4
    assert set(modes) <= {"600 root", "400 root"}
    reading = f"runuser -u www-data -- cat /etc/gatehouse/certificates/{NAME}/privkey.pem"
    assert bare_house.server.run(reading, check=False).returncode != 0


@pytest.mark.slow
def test_a_key_is_ecdsa_until_told_otherwise(bare_house: House) -> None:
    look = f"openssl x509 -noout -text -in /etc/gatehouse/certificates/{NAME}/fullchain.pem"
    assert "prime256v1" in bare_house.server.run(look).stdout
    rsa: dict[str, Any] = {"acme": {**bare_house.settings["acme"], "key_type": "rsa"}}
    run = bare_house.deploy(**rsa).check()
    assert f"Certificate for {NAME}: issue again (key type changed: ecdsa -> rsa)" in run.changed
    assert "rsaEncryption" in bare_house.server.run(look).stdout
    settled(bare_house, **rsa)
    bare_house.deploy().check()
    assert "prime256v1" in bare_house.server.run(look).stdout
    settled(bare_house)


def test_names_come_and_go(bare_house: House) -> None:
    alias = "alias.files.test"
    named(bare_house, alias)
    more: dict[str, Any] = {"sites": sites(NAME, aliases=[alias])}
    plan = bare_house.deploy("--dry", yes=False, **more).check().output
    step = f"Certificate for {NAME}: issue again (names changed: +{alias})"
    assert step in plan
    assert step in bare_house.deploy(**more).check().changed
    assert names(bare_house) == {NAME, alias}
    settled(bare_house, **more)
    run = bare_house.deploy().check()
    assert f"Certificate for {NAME}: issue again (names changed: -{alias})" in run.changed
    assert names(bare_house) == {NAME}
    settled(bare_house)


def test_another_site_leaves_the_first_alone_and_is_forgotten_on_request(bare_house: House) -> None:
    second = "second.files.test"
    named(bare_house, second)
    before = serial(bare_house)
    bare_house.deploy(sites=sites(NAME, second)).check()
    assert serial(bare_house) == before
    assert names(bare_house, second) == {second}

    run = bare_house.deploy().check()
    assert f"no site has the certificate {second} any more" in run.output
    bare_house.deploy(deploy="deploys/forget.py").check()
    left = bare_house.server.run(
        f"find /etc/letsencrypt /etc/gatehouse /var/lib/gatehouse -name '*{second}*'"
    )
    assert left.stdout == ""
    assert "no site has" not in bare_house.deploy().check().output
    assert serial(bare_house) == before


def test_a_site_waits_on_its_placeholder_and_spoils_nothing(bare_house: House) -> None:
    dark, bright = "dark.files.test", "bright.files.test"
    named(bare_house, bright)
    both: dict[str, Any] = {"sites": sites(NAME, dark, bright)}
    bare_house.lab.remove_name(dark)
    before = serial(bare_house)

    run = bare_house.deploy(**both)
    assert run.code != 0
    assert f"{dark}: no address: DNS has neither an A nor an AAAA record for it" in run.output
    assert f"failed, see above: {dark}" in run.output
    assert "Traceback" not in run.output
    assert serial(bare_house) == before
    assert names(bare_house, bright) == {bright}
    wire = f"openssl s_client -connect 127.0.0.1:443 -servername {dark} </dev/null 2>/dev/null"
    assert "gatehouse placeholder" in bare_house.server.run(f"{wire} | openssl x509 -noout -subject").stdout

    named(bare_house, dark)
    bare_house.deploy(**both).check()
    assert names(bare_house, dark) == {dark}
    settled(bare_house, **both)
    bare_house.deploy().check()
    bare_house.deploy(deploy="deploys/forget.py").check()


RENEW_UNSERVED = (
    "REQUESTS_CA_BUNDLE=/etc/gatehouse/acme-ca.pem certbot renew -q --force-renewal --no-directory-hooks "
    "--no-random-sleep-on-renew"
)


@pytest.mark.slow
def test_a_dead_alias_costs_the_other_names_nothing(bare_house: House) -> None:
    dead, good = "dead.files.test", "good.files.test"
    named(bare_house, good)
    bare_house.lab.set_name(dead, bare_house.outside.own_address())
    settings: dict[str, Any] = {"sites": sites(NAME, aliases=[dead, good])}
    run = bare_house.deploy(**settings)
    assert run.code != 0
    assert f"{dead}: wrong address: {bare_house.outside.own_address()} refuses connections" in run.output
    assert names(bare_house) == {NAME, good}

    before, orders = serial(bare_house), bare_house.lab.ca.orders
    assert orders
    run = bare_house.deploy(**settings)
    assert run.code != 0
    assert "the CA was not asked" in run.output
    assert serial(bare_house) == before
    assert bare_house.lab.ca.orders == orders

    bare_house.server.run(RENEW_UNSERVED)
    run = bare_house.deploy(**settings)
    assert run.code != 0
    assert "the CA was not asked" in run.output
    assert serial(bare_house) != before
    bare_house.deploy().check()


NEARLY_OVER = (
    f"cd /etc/letsencrypt/live/{NAME} && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 "
    f"-nodes -subj /CN=x -addext subjectAltName=DNS:{NAME} -not_before 20260801000000Z "
    "-not_after $(date -ud '+9 days' +%Y%m%d%H%M%SZ) -keyout /root/old.key -out /root/old.pem && "
    "cat /root/old.pem > $(readlink -f fullchain.pem) && cat /root/old.key > $(readlink -f privkey.pem)"
)


def test_a_run_renews_what_is_due(bare_house: House) -> None:
    bare_house.server.run(NEARLY_OVER)
    step = f"Certificate for {NAME}: renew (ends in 8 days)"
    assert step in bare_house.deploy("--dry", yes=False).check().output
    assert step in bare_house.deploy().check().changed
    assert "Pebble" in str(bare_house.outside.certificate(NAME)["issuer"])
    settled(bare_house)


@pytest.mark.parametrize(
    ("site", "guess"), [("www.flies.test", f"did you mean {NAME!r}? "), ("shop.example", "")]
)
def test_a_site_that_is_not_there_is_not_renewed(bare_house: House, site: str, guess: str) -> None:
    run = bare_house.deploy("--data", f"site={site}", deploy="deploys/renew.py")
    assert run.code != 0
    assert f"site: {site!r}: {guess}write a site with a certificate from the CA: {NAME}" in run.output
    assert "Traceback" not in run.output
    assert "line " not in run.output


@pytest.mark.slow
def test_renewal_on_request(bare_house: House) -> None:
    before = serial(bare_house)
    bare_house.deploy("--data", "rehearse=yes", deploy="deploys/renew.py").check()
    assert serial(bare_house) == before
    bare_house.deploy(deploy="deploys/renew.py").check()
    assert serial(bare_house) != before
    settled(bare_house)


@pytest.mark.slow
def test_from_one_ca_to_another_and_back(bare_house: House) -> None:
    """As from staging to production: another directory, another root, another account."""
    lab, acme = bare_house.lab, bare_house.settings["acme"]
    first, second = lab.ca, lab.start_other_ca()
    there: dict[str, Any] = {"acme": {**acme, "directory": second.directory, "ca_bundle": str(second.bundle)}}
    for ca, other, settings in ((second, first, there), (first, second, {})):
        step = f"Certificate for {NAME}: issue again (CA changed: {other.directory} -> {ca.directory})"
        assert step in bare_house.deploy("--dry", yes=False, **settings).check().output
        with pytest.raises(ssl.SSLCertVerificationError):
            replace(bare_house.outside, roots=ca.root).certificate()
        assert step in bare_house.deploy(**settings).check().changed
        with pytest.raises(ssl.SSLCertVerificationError):
            replace(bare_house.outside, roots=other.root).certificate()
        before = replace(bare_house.outside, roots=ca.root).certificate()
        assert bare_house.deploy(**settings).check().changed == []
        assert "Certificate for" not in bare_house.deploy("--dry", yes=False, **settings).check().output
        renewal = f"/etc/letsencrypt/renewal/{NAME}.conf"
        assert f"server = {ca.directory}" in bare_house.server.run(f"cat {renewal}").stdout
        # Its account and its bundle are what the server renews by.
        make_due(bare_house)
        bare_house.server.run("systemctl start certbot.service")
        after = replace(bare_house.outside, roots=ca.root).certificate()
        assert after["serialNumber"] != before["serialNumber"]
    settled(bare_house)


@pytest.mark.slow
def test_a_new_address_is_told_to_the_ca_once(bare_house: House) -> None:
    acme: dict[str, Any] = {"acme": {**bare_house.settings["acme"], "email": "else@gatehouse.test"}}
    run = bare_house.deploy(**acme).check()
    assert "Certificates: the CA writes to else@gatehouse.test (was ops@gatehouse.test)" in run.changed
    assert "else@gatehouse.test" in address_at_the_ca(bare_house)
    settled(bare_house, **acme)
    bare_house.deploy().check()
    assert "ops@gatehouse.test" in address_at_the_ca(bare_house)


def address_at_the_ca(house: House) -> str:
    """What the CA itself says of the account, and not what is noted on the server."""
    directory = house.settings["acme"]["directory"]
    ask = f"REQUESTS_CA_BUNDLE=/etc/gatehouse/acme-ca.pem certbot show_account --server {directory}"
    return house.server.run(ask).stdout


def test_a_lost_reload_is_made_good(bare_house: House) -> None:
    bare_house.server.run(RENEW_UNSERVED)
    before = serial(bare_house)
    run = bare_house.deploy().check()
    assert f"Certificate for {NAME}: serve (the proxy still serves another one)" in run.changed
    assert serial(bare_house) != before
    settled(bare_house)
