"""certbot's command lines. Pure."""

from deploys.certificates.paths import WEBROOT
from deploys.certificates.plan import Step, Wanted
from deploys.config import Acme

CA_BUNDLE = "/etc/gatehouse/acme-ca.pem"
PROGRAM = "/usr/bin/certbot"


def certonly(wanted: Wanted, acme: Acme, step: Step) -> list[str]:
    """Make the command line that has the CA issue one lineage."""
    names = [argument for name in wanted.lineage.names for argument in ("--domain", name)]
    return [
        *(PROGRAM, "certonly", "--non-interactive", "--agree-tos"),
        *("--server", wanted.directory_url, "--email", acme.email),
        *("--cert-name", wanted.lineage.name, *names, "--renew-with-new-domains"),
        *("--key-type", wanted.key_type),
        *("--webroot", "--webroot-path", WEBROOT),
        # The hooks are for renewals that nobody watches: here we reload and look ourselves.
        "--no-directory-hooks",
        *(("--force-renewal",) if step.kind != "issue" else ()),
    ]


def environment(acme: Acme) -> dict[str, str]:
    """Give the variables by which certbot trusts a CA's own HTTPS certificate."""
    return {"REQUESTS_CA_BUNDLE": CA_BUNDLE} if acme.ca_bundle else {}
