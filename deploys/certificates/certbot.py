"""certbot: which one, and its command lines. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from deploys.certificates.paths import WEBROOT
from deploys.certificates.plan import Step
from deploys.certificates.wanted import Wanted
from deploys.config import Acme
from deploys.config.certificates import DnsPlugin
from deploys.config.fields import is_address

CA_BUNDLE = "/etc/gatehouse/acme-ca.pem"
DNS_HOOK = "/etc/gatehouse/dns-hook"
DNS_CREDENTIALS = "/etc/gatehouse/dns-credentials.ini"
PINNED = "5.8.0"

_OF_BOTH = frozenset(
    ["cloudflare", "digitalocean", "dnsimple", "gehirn", "google", "linode", "ovh", "rfc2136", "route53"]
)
_IN_DEBIAN = _OF_BOTH | {"gandi", "sakuracloud"}
_OF_CERTBOT = _OF_BOTH | {"sakuracloud", "dnsmadeeasy", "luadns", "nsone"}


@dataclass(frozen=True)
class Program:
    """The certbot that a server uses, and why that one."""

    path: str
    packages: tuple[str, ...]
    """The Debian packages that it needs."""
    timer: str
    pinned: tuple[str, ...] = ()
    """What to install from PyPI; nothing where the distribution's own is used."""
    reason: str = ""
    renews_by_days: bool = False
    """Whether it renews a fixed number of days before the end, unless told otherwise for each lineage."""

    @property
    def environment(self) -> str:
        """The directory of a pinned one's virtual environment."""
        return self.path.removesuffix("/bin/certbot")


def program_for(acme: Acme, certificates: Collection[Wanted], version: tuple[int, ...]) -> Program:
    """Choose the distribution's certbot, or one pinned from PyPI where the former does not suffice.

    Args:
        acme: the settings.
        certificates: what it is to have issued.
        version: of the distribution's.

    """
    plugins = {acme.dns.plugin} if isinstance(acme.dns, DnsPlugin) else set()
    needs = [
        *(["from 4.0 for profiles"] if version < (4,) and any(one.profile for one in certificates) else []),
        *(
            ["from 5.4 for IP addresses"]
            if version < (5, 4) and any(o.addresses for o in certificates)
            else []
        ),
        *[f"with dns-{plugin}" for plugin in plugins - _IN_DEBIAN],
        *(["by the settings"] if acme.certbot == "pypi" else []),
    ]
    if needs and acme.certbot != "debian":
        return Program(
            path=f"/opt/gatehouse/certbot-{PINNED}/bin/certbot",
            packages=("python3-venv", "openssl"),
            timer="gatehouse-certbot.timer",
            pinned=(f"certbot=={PINNED}", *(_pinned(plugin) for plugin in sorted(plugins))),
            reason=", ".join(needs),
        )
    packages = ("certbot", "openssl", *(f"python3-certbot-dns-{plugin}" for plugin in sorted(plugins)))
    return Program(
        path="/usr/bin/certbot", packages=packages, timer="certbot.timer", renews_by_days=version < (4,)
    )


def _pinned(plugin: str) -> str:
    return f"certbot-dns-{plugin}" + (f"=={PINNED}" if plugin in _OF_CERTBOT else "")


def certonly(program: Program, acme: Acme, wanted: Wanted, step: Step, names: Collection[str]) -> list[str]:
    """Make the command line that has the CA issue one lineage.

    Args:
        program: the certbot to use.
        acme: the CA.
        wanted: the certificate.
        step: why it is asked for.
        names: those among its names that are to be on it.

    """
    return [
        *(program.path, "certonly", "--non-interactive", "--agree-tos"),
        *("--server", wanted.directory_url, "--email", acme.email),
        *("--cert-name", wanted.lineage.name, "--renew-with-new-domains"),
        *[word for name in names for word in ("--ip-address" if is_address(name) else "--domain", name)],
        *("--key-type", wanted.key_type),
        *(("--required-profile", wanted.profile) if wanted.profile else ()),
        *_challenge(acme, wanted),
        # The hooks are for renewals that nobody watches: here we reload and look ourselves.
        "--no-directory-hooks",
        *(("--force-renewal", "--break-my-certs") if step.kind != "issue" else ()),
    ]


def _challenge(acme: Acme, wanted: Wanted) -> tuple[str, ...]:
    match wanted.authenticator, acme.dns:
        case "webroot", _:
            return ("--webroot", "--webroot-path", WEBROOT)
        case plugin, DnsPlugin(credentials=credentials, propagation=seconds):
            return (
                *("--authenticator", plugin),
                *((f"--{plugin}-credentials", DNS_CREDENTIALS) if credentials else ()),
                *((f"--{plugin}-propagation-seconds", str(seconds)) if seconds is not None else ()),
            )
        case _:
            return (
                *("--manual", "--preferred-challenges", "dns"),
                *("--manual-auth-hook", f"{DNS_HOOK} add", "--manual-cleanup-hook", f"{DNS_HOOK} remove"),
            )


def account(program: Program, acme: Acme, action: str) -> list[str]:
    """Make the command line that does something with the account: `register` or `update_account`."""
    command = [
        program.path,
        action,
        "--non-interactive",
        "--server",
        acme.directory_url,
        "--email",
        acme.email,
    ]
    return [*command, *(("--agree-tos", "--no-eff-email") if action == "register" else ())]


def environment(acme: Acme) -> dict[str, str]:
    """Give the variables by which certbot trusts a CA's own HTTPS certificate."""
    return {"REQUESTS_CA_BUNDLE": CA_BUNDLE} if acme.ca_bundle else {}
