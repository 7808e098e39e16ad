"""Where certificates come from: the CA and the account there, DNS, or files of the user's own."""

import re
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Discriminator, Tag

from deploys.config import guesses
from deploys.config.fields import ControllerPath, Email, Line, Name, absolute_url
from deploys.config.kinds import text
from deploys.config.numbers import seconds
from deploys.config.proxies import ProxyName
from deploys.config.remedies import closest
from deploys.config.secrets import OrOrigin
from deploys.config.settings import HIDDEN, Settings, told_apart_by

KeyType = Literal["ecdsa", "rsa"]


def _token(what: str) -> BeforeValidator:
    def check(value: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9._=-]{1,200}", value):
            raise ValueError(what)
        return value

    return text(check, what, guesses.word)


Profile = Annotated[str, _token('write the name of a profile of the CA, like "tlsserver" or "shortlived"')]


class Eab(Settings):
    """External account binding: what some CAs give their customers (RFC 8555, section 7.3.4)."""

    kid: Annotated[str, _token("write the key identifier as the CA gave it")]
    """The key identifier."""

    hmac_key: OrOrigin[Annotated[str, _token("write the key in base64url, as the CA gave it")]]
    """The key, in base64url; a secret: itself, or an object with `env`, `file` or `command`, as for an app's
    secrets."""


_WRITE_PINNED = 'write a package of PyPI and its version, like "certbot-dns-hetzner==2.0.1"'


def _pinned(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}==[0-9][A-Za-z0-9.+!_-]{0,49}", value):
        raise ValueError(_WRITE_PINNED)
    return value


def _storable(value: str) -> str:
    if ('"' in value and "'" in value) or "%(" in value:
        raise ValueError('remove one kind of quotes, or "%(": the plugin\'s file cannot hold them')
    return value


_NOT_FOR_DNS = {"apache", "manual", "standalone", "webroot", *get_args(ProxyName)}
"""What certbot or somebody else calls a plugin, too."""


def _plugin(value: str) -> str:
    if value.startswith("dns-"):
        raise ValueError(f'write it without "dns-": "{value.removeprefix("dns-")}"')
    if value in _NOT_FOR_DNS:
        raise ValueError('write the name of a plugin for DNS, like "cloudflare", or remove "dns"')
    return value


class DnsPlugin(Settings):
    """One of certbot's DNS plugins puts the challenge into DNS."""

    plugin: Annotated[Name, AfterValidator(_plugin)]
    """Its name in certbot: `cloudflare`, `route53`, `rfc2136` …"""

    package: Annotated[str, text(_pinned, _WRITE_PINNED, guesses.requirement)] | None = None
    """PyPI's package of a plugin that is not certbot's own, and its version: `certbot-dns-x==1.2.3`."""

    credentials: dict[
        Annotated[str, _token("write a key of the plugin's own")],
        OrOrigin[Annotated[Line, AfterValidator(_storable)]],
    ] = {}
    """What the plugin's credentials file is to say; secrets, each itself, or an object with `env`, `file` or
    `command`."""

    propagation: Annotated[int, seconds(0, 3600)] | None = None
    """Seconds until the CA can see the record; the plugin's own default unless given."""


class DnsHook(Settings):
    """A program of the user's own puts the challenge into DNS."""

    hook: ControllerPath
    """The program; it is called with `add` or `remove`, and CERTBOT_DOMAIN and CERTBOT_VALIDATION."""


Dns = Annotated[
    Annotated[DnsPlugin, Tag("<plugin>")] | Annotated[DnsHook, Tag("<hook>")],
    told_apart_by("plugin", "hook", bare="plugin", remedy='write either "plugin" or "hook"'),
]


_DIRECTORIES = {
    "letsencrypt": "https://acme-v02.api.letsencrypt.org/directory",
    "letsencrypt-staging": "https://acme-staging-v02.api.letsencrypt.org/directory",
}
LETS_ENCRYPT = frozenset(_DIRECTORIES.values())
"""The directories of Let's Encrypt, whose rules are known before it is asked."""

_AT_LETS_ENCRYPT = re.compile(r"https?://(?:[^/]*\.)?letsencrypt\.org(?:[/:]|$)")

_WRITE_DIRECTORY = 'write "letsencrypt", "letsencrypt-staging" or a directory URL'


def _directory(value: str) -> str:
    if value in _DIRECTORIES:
        return value
    try:
        directory = absolute_url(value)
    except ValueError:
        raise ValueError(_WRITE_DIRECTORY) from None
    if directory not in _DIRECTORIES.values() and _AT_LETS_ENCRYPT.match(directory):
        raise ValueError(_WRITE_DIRECTORY)
    if not directory.startswith("https:"):
        raise ValueError(
            "write an https URL, as anybody on the way could answer for the CA (RFC 8555, section 6.1)"
        )
    return directory


def _nearest_directory(value: str) -> str | None:
    if "/" in value and not _AT_LETS_ENCRYPT.match(value):
        return guesses.secure_url(value)
    word = "letsencrypt" if "/" in value else re.sub(r"[^a-z]+", "", value.lower())
    return closest("letsencrypt-staging" if "stag" in value.lower() else word, _DIRECTORIES)


AcmeDirectory = Annotated[str, text(_directory, _WRITE_DIRECTORY, _nearest_directory)]


class Acme(Settings):
    """The certificate authority and the account there (RFC 8555)."""

    email: Email
    """Whom the CA writes to about the account."""

    directory: AcmeDirectory = "letsencrypt"
    """`letsencrypt`, `letsencrypt-staging` (untrusted certificates, generous limits), or a directory URL."""

    ca_bundle: ControllerPath | None = None
    """A PEM file on the controller with the roots that sign the directory's own HTTPS certificate."""

    key_type: KeyType = "ecdsa"
    """The kind of the certificates' keys."""

    profile: Profile | None = None
    """A profile that the CA offers, like Let's Encrypt's `tlsserver` and `shortlived` (160 hours)."""

    eab: Annotated[Eab | None, HIDDEN] = None
    """External account binding, where the CA asks for it."""

    dns: Dns | None = None
    """How challenges get into DNS, for wildcards and for sites that nobody reaches over HTTP."""

    certbot: Literal["auto", "distribution", "pypi"] = "auto"
    """certbot of the distribution, or pinned from PyPI; `auto` takes PyPI's where it is needed."""

    @property
    def directory_url(self) -> str:
        """The directory's URL, the two short names spelled out."""
        return _DIRECTORIES.get(self.directory, self.directory)


class AcmeCertificate(Settings):
    """A certificate from the CA; what is not said here is as `acme` says."""

    challenge: Literal["http", "dns"] | None = None
    """How the CA sees that the names are ours: `http`, unless a name is a wildcard."""

    key_type: KeyType | None = None
    """The kind of this certificate's key."""

    profile: Profile | None = None
    """The CA's profile for this certificate."""


class OwnCertificate(Settings):
    """A certificate that the user brings; it is watched like the others."""

    chain: ControllerPath
    """PEM file with the certificate, and after it those that lead to its root."""

    key: ControllerPath
    """PEM file with its private key, unencrypted."""


def _certificate_kind(certificate: Any) -> str | None:
    if not isinstance(certificate, dict | Settings):
        return None
    given = certificate if isinstance(certificate, dict) else getattr(type(certificate), "model_fields", ())
    keys = set(given)
    return "<own>" if keys & {"chain", "key"} else "<acme>"


Certificate = Annotated[
    Annotated[AcmeCertificate, Tag("<acme>")] | Annotated[OwnCertificate, Tag("<own>")],
    Discriminator(
        _certificate_kind,
        custom_error_type="alternative",
        custom_error_message='leave it out, or write {"chain": …, "key": …} for your own',
    ),
]


class Backup(Settings):
    """Where the account and the certificates are kept, so that a server built anew has them again."""

    file: ControllerPath
    """The encrypted file on the controller; site.py restores it where the server has no account."""

    passphrase_file: ControllerPath | None = None
    """A file on the controller with the passphrase; it is in GATEHOUSE_BACKUP_PASSPHRASE unless given."""

    name: Line | None = None
    """The server's name in the backup; that of the inventory, unless given because it has changed since."""
