from pydantic import Field

from deploys.config.fields import AcmeDirectory, ControllerPath, Email
from deploys.config.settings import Settings


class Acme(Settings):
    """The certificate authority and the account there (RFC 8555)."""

    email: Email
    """Whom the CA writes to about the account."""

    directory: AcmeDirectory = "letsencrypt"
    """`letsencrypt`, `letsencrypt-staging` (untrusted certificates, generous limits), or a directory URL."""

    ca_bundle: ControllerPath | None = Field(default=None)
    """A PEM file on the controller with the roots that sign the directory's own HTTPS certificate."""

    @property
    def directory_url(self) -> str:
        """The directory's URL, the two short names spelled out."""
        return _DIRECTORIES.get(self.directory, self.directory)


_DIRECTORIES = {
    "letsencrypt": "https://acme-v02.api.letsencrypt.org/directory",
    "letsencrypt-staging": "https://acme-staging-v02.api.letsencrypt.org/directory",
}
