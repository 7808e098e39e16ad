"""The files that keep certificates renewed when nobody is logged in. Pure, but for reading the bundle."""

from collections.abc import Sequence
from pathlib import Path

from deploys import remote
from deploys.base.files import File
from deploys.certificates import remote_hook
from deploys.certificates.certbot import CA_BUNDLE, environment
from deploys.certificates.paths import LETSENCRYPT, Lineage
from deploys.config import Acme
from deploys.refusal import Refusal
from deploys.render import render

HOOK = f"{LETSENCRYPT}/renewal-hooks/deploy/gatehouse"
UNIT = "/etc/systemd/system/certbot.service.d/gatehouse.conf"


def renewal_files(acme: Acme, lineages: Sequence[Lineage], reload: str) -> list[File]:
    """List the deploy hook, and what certbot's own service must know of the CA.

    Args:
        acme: the CA.
        lineages: the certificates.
        reload: the proxy's shell command.

    Raises:
        Refusal: the CA's bundle cannot be read.

    """
    hook = {"lineages": {lineage.name: lineage.on_the_wire for lineage in lineages}, "reload": reload}
    unit = render("certificates/certbot.service.d.conf.j2", environment=environment(acme))
    return [
        File(HOOK, remote.installed(remote_hook, hook), mode=0o755),
        File(UNIT, unit),
        *([File(CA_BUNDLE, _bundle(acme.ca_bundle))] if acme.ca_bundle else []),
    ]


def _bundle(path: str) -> str:
    try:
        text = Path(path).read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"acme['ca_bundle']: {path!r}: cannot be read ({error})") from None
    if "-----BEGIN CERTIFICATE-----" not in text:
        raise Refusal(f"acme['ca_bundle']: {path!r}: give a PEM file with the roots of the CA's HTTPS")
    return text
