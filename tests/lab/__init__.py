"""Throw-away servers for tests: see docs/lab.md."""

from tests.lab.acme import CaOptions, CertificateAuthority
from tests.lab.clients import Client
from tests.lab.errors import LabError
from tests.lab.lab import Lab
from tests.lab.server import Server

__all__ = ["CaOptions", "CertificateAuthority", "Client", "Lab", "LabError", "Server"]
