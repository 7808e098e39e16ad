"""certbot: which one, and its command lines. Pure."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from deploys import pins
from deploys.certificates.onhost import renewal as renewal_onhost
from deploys.certificates.plan import Step
from deploys.certificates.wanted import Wanted
from deploys.config import Acme
from deploys.config.certificates import DnsHook, DnsPlugin
from deploys.config.hosts import is_address
from deploys.places.certificates import (
    CA_BUNDLE,
    DNS_CREDENTIALS,
    DNS_HOOK,
    PINNED_CERTBOTS,
    TIMER,
    WEBROOT,
)
from deploys.refusal import Refusal

_PINS = pins.read(Path(__file__).with_suffix(".txt"))
PINNED = next(pin.version for pin in _PINS if pin.name == "certbot")

_IN_EVERY_RELEASE = frozenset(["cloudflare", "google", "rfc2136", "route53"])
"""Debian 13 has fewer plugins than the releases before and after it."""

_PREFIX = "certbot-dns-"
_OF_CERTBOT = {pin.name.removeprefix(_PREFIX) for pin in _PINS if pin.name.startswith(_PREFIX)}


@dataclass(frozen=True)
class FromIndex:
    """A certbot to install from a package index."""

    verified: str
    """Itself, its own plugin, and all that they need: versions and digests, as pip reads them."""
    versions: str
    """The same without the digests, as pip reads constraints."""
    foreign: str = ""
    """A plugin of somebody else's, by its version alone."""

    @property
    def digest(self) -> str:
        """Of all that says what is installed."""
        return hashlib.sha256(f"{self.verified}{self.foreign}".encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Program:
    """The certbot that a server uses, and why that one."""

    path: str
    packages: tuple[str, ...]
    """The Debian packages that it needs."""
    timer: str
    pinned: FromIndex | None = None
    """What to install from PyPI; nothing where the distribution's own is used."""
    reason: str = ""

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

    Raises:
        Refusal: it would have to install what nobody has pinned, or the one asked for does not suffice.

    """
    dns = acme.dns if isinstance(acme.dns, DnsPlugin) else None
    newer = [
        *(["from 4.0 for profiles"] if version < (4,) and any(one.profile for one in certificates) else []),
        *(
            ["from 5.4 for IP addresses"]
            if version < (5, 4) and any(o.addresses for o in certificates)
            else []
        ),
    ]
    needs = [
        *newer,
        *(["with " + (dns.package or f"dns-{dns.plugin}")] if dns and not _in_every_release(dns) else []),
        *(["by the settings"] if acme.certbot == "pypi" else []),
    ]
    if needs and acme.certbot != "distribution":
        pinned = _pinned(dns)
        return Program(
            # Named for what is in it, so that what renews today is left alone while the next is installed.
            path=PINNED_CERTBOTS.replace("*", f"{PINNED}-{pinned.digest}") + "/bin/certbot",
            packages=("python3-venv", "openssl"),
            timer=TIMER,
            pinned=pinned,
            reason=", ".join(needs),
        )
    if dns and dns.package:
        raise Refusal(f"acme['dns']['package']: {dns.package!r}: is from PyPI; set acme['certbot'] to 'auto'")
    if newer:
        has = ".".join(map(str, version))
        raise Refusal(
            f"acme['certbot']: 'distribution': has {has}, needed is one {', '.join(newer)}; set it to 'auto'"
        )
    packages = ("certbot", "openssl", *([f"python3-certbot-dns-{dns.plugin}"] if dns else []))
    return Program(path="/usr/bin/certbot", packages=packages, timer="certbot.timer")


def _in_every_release(dns: DnsPlugin) -> bool:
    return dns.plugin in _IN_EVERY_RELEASE and not dns.package


def _pinned(dns: DnsPlugin | None) -> FromIndex:
    if dns:
        _refuse_unpinned(dns)
    own = f"{_PREFIX}{dns.plugin}" if dns else ""
    foreign = dns.package if dns and dns.package and dns.package != f"{own}=={PINNED}" else ""
    chosen = pins.needed(_PINS, {"certbot", *([] if foreign else [own])})
    return FromIndex(
        verified="".join(pin.text for pin in chosen),
        versions="".join(f"{pin.bare}\n" for pin in chosen),
        foreign=foreign,
    )


def _refuse_unpinned(dns: DnsPlugin) -> None:
    name = (dns.package or "").partition("==")[0]
    others = {f"{_PREFIX}{plugin}" for plugin in _OF_CERTBOT - {dns.plugin}}
    if name in others:
        raise Refusal(f"acme['dns']['package']: {dns.package!r}: is not that of the plugin {dns.plugin!r}")
    if not dns.package and dns.plugin not in _OF_CERTBOT:
        raise Refusal(
            f"acme['dns']['package']: missing: dns-{dns.plugin} is not certbot's own; "
            f"pin what it comes from, like 'certbot-dns-{dns.plugin}==1.2.3'"
        )


def certonly(
    program: Program,
    acme: Acme,
    wanted: Wanted,
    step: Step,
    names: Collection[str],
    *,
    renewal: Mapping[str, str] | None = None,
) -> list[str]:
    """Make the command line that has the CA issue one lineage.

    Args:
        program: the certbot to use.
        acme: the CA.
        wanted: the certificate.
        step: why it is asked for.
        names: those among its names that are to be on it.
        renewal: what certbot knows of the lineage; a hook of the user's own would be forgotten otherwise.

    """
    hook = (renewal or {}).get("renew_hook", "")
    return [
        *(program.path, "certonly", "--non-interactive", "--agree-tos"),
        *("--server", wanted.directory_url, "--email", acme.email),
        *("--cert-name", wanted.lineage.name, "--renew-with-new-domains"),
        *[word for name in names for word in ("--ip-address" if is_address(name) else "--domain", name)],
        *("--key-type", wanted.key_type),
        *(("--required-profile", wanted.profile) if wanted.profile else ()),
        *challenge(acme, wanted),
        *(("--deploy-hook", unquoted(hook), "--disable-hook-validation") if hook else ()),
        *(("--force-renewal", "--break-my-certs") if step.kind != "issue" else ()),
    ]


def unquoted(value: str) -> str:
    """Take from a value of a renewal configuration the one pair of quotes that certbot may put around it."""
    for quote in ("'''", '"""', "'", '"'):
        if len(value) >= 2 * len(quote) and value.startswith(quote) and value.endswith(quote):
            return value[len(quote) : -len(quote)]
    return value


def challenge(acme: Acme, wanted: Wanted) -> tuple[str, ...]:
    """Make the words that say how the CA is to see that the names are ours."""
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


def dns_file(acme: Acme) -> str | None:
    """Give the path of the file that certbot puts challenges into DNS by, where there is one."""
    match acme.dns:
        case DnsHook():
            return DNS_HOOK
        case DnsPlugin(credentials=credentials) if credentials:
            return DNS_CREDENTIALS
        case _:
            return None


def credentials(values: Mapping[str, str]) -> str:
    """Write a plugin's credentials file, in which a comma would make a list and a `#` a comment."""
    quotes = {key: "'" if '"' in value else '"' for key, value in values.items()}
    return "".join(f"{key} = {quotes[key]}{value}{quotes[key]}\n" for key, value in values.items())


def with_dns(wanted: Wanted, acme: Acme, text: str) -> Wanted:
    """Note in what is wanted the digest of all that says how challenges get into DNS.

    Args:
        wanted: the certificate.
        acme: the settings.
        text: what the `dns_file` is to say.

    """
    if wanted.by_http:
        return wanted
    return replace(wanted, dns=renewal_onhost.digest(challenge(acme, wanted), text))


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
