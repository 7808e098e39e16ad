"""Throw-away servers for tests: see docs/lab.md."""

from tests.lab.acme import CertificateAuthority, Options
from tests.lab.clients import Client
from tests.lab.errors import LabError
from tests.lab.lab import Lab
from tests.lab.server import Server

__all__ = ["CertificateAuthority", "Client", "Lab", "LabError", "Options", "Server"]
