"""An app as it is to be released on one host. Pure."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from deploys.apps import build, ports
from deploys.apps.image_unit import ImageOccupant
from deploys.apps.onhost import probe
from deploys.apps.source import Source
from deploys.apps.state import Address, Made, Ports, SlotWanted, Wanted
from deploys.apps.turn import turn
from deploys.apps.unit import Occupant, environment_file
from deploys.base.files import File
from deploys.config import App
from deploys.onhost.run import Commands
from deploys.places.apps import AppPlaces, Slot, public_name

_NOT_RUN_BY = {"source", "sources", "include", "secrets", "env_file", "keep"}
"""Settings that say how a release comes to be, or what its secrets are, whose values count instead."""

_A_MOMENT = 5

_digest_of = cache(probe.digest_of)
"""The same for many hosts, and that of a secret takes long."""


@dataclass(frozen=True)
class Release:
    """An app as it is to be released: settings, source, secrets and places."""

    app: App
    places: AppPlaces
    source: Source
    recipe: build.Recipe
    secret: Callable[[str], str] = field(repr=False)
    """Reads the value of a secret, given its name."""
    ca_bundle: str
    """Certificates that the build trusts besides the machine's own, in PEM."""
    index_logins: str = field(repr=False)
    """What package indexes ask for, as a netrc file."""
    health_host: str
    """The Host header of health requests."""
    prefix: str
    """The path under which the app's users see it; empty for the root."""
    folders: tuple[str, ...]
    """The folders of its code from which the proxy answers."""
    leads: bool
    """Whether this host is the one that runs the app's hooks."""
    backs_off: bool
    """Whether the host's systemd can wait longer and longer between restarts."""
    balancers: tuple[str, ...] = ()
    """The networks of the load balancer, where one stands before the app, and no proxy."""
    obey: Commands = ()
    """What has proxies heed marks that look at none by themselves."""
    again: bool = False
    """Whether it is to have the traffic though it was rolled back from."""

    @property
    def name(self) -> str:
        return self.places.app

    @property
    def address(self) -> Address:
        return Address(self.places.port, self.prefix, bool(self.balancers and self.app.public))

    @property
    def patience(self) -> int:
        """Seconds in which whoever is connected to a slot without traffic is to go by itself.

        A load balancer lets go of what it does not use, and an earlier end could meet a request on its way.
        """
        public = self.app.public if self.balancers else None
        return max(self.app.drain, public.idle_timeout + _A_MOMENT) if public else self.app.drain

    @property
    def ports(self) -> Ports:
        return {port: ports.digests(self.places, port) for port in self.places.ports}

    @cached_property
    def wanted(self) -> Wanted:
        hooks = self.app.hooks
        return Wanted(
            digest=self.recipe.digest,
            slot=cache(self._slot_wanted),
            keep=self.app.keep,
            address=self.address,
            ports=self.ports,
            before=self.leads and bool(hooks.before),
            after=self.leads and bool(hooks.after),
            published=frozenset(map(public_name, self.folders)),
            made=self.made,
            health=self.health,
            again=self.again,
        )

    @cached_property
    def made(self) -> Made:
        # A default that another gatehouse has is no change of the user's.
        said = self.app.model_dump(mode="json", exclude_defaults=True, exclude=_NOT_RUN_BY)
        secrets = {name: self.secret(name) for name in self.app.secrets}
        whole = json.dumps([said, secrets, self.prefix, self.places.port], sort_keys=True).encode()
        kinds = {is_secret: _digest_of(whole, is_secret=is_secret) for is_secret in (True, False)}
        return Made(self.source.digest, settings=kinds[bool(secrets)], formerly=kinds[not secrets])

    @property
    def health(self) -> str:
        """What it must answer, as it is written down once it has."""
        return self.app.health.model_dump_json(include={"path", "status"})

    def read_secrets(self) -> None:
        """See that all secrets are there, before anything is changed.

        Raises:
            Refusal: one is not.

        """
        for name in self.app.secrets:
            self.secret(name)

    def files(self, slot: Slot, number: int) -> list[File]:
        """List the files that say what a slot runs."""
        kind = ImageOccupant if self.app.is_image else Occupant
        occupant = kind(self.app, self.places, slot, number, self.prefix, self.backs_off, self.balancers)
        units = occupant.unit_files()
        files = [File(self.places.unit_file(name), content) for name, content in units.items()]
        delivered = {name: secret.deliver for name, secret in self.app.secrets.items()}
        environment = {name: self.secret(name) for name, how in delivered.items() if how == "environment"}
        if environment:
            content = environment_file(environment)
            files.append(File(self.places.secret_environment(slot), content, mode=0o600, secret=True))
        for name in (name for name, how in delivered.items() if how == "credential"):
            path = self.places.credential(slot, name)
            files.append(File(path, self.secret(name), mode=0o600, secret=True))
        return files

    def units(self, slot: Slot) -> frozenset[str]:
        """List the units that run as long as the slot has the traffic."""
        return frozenset(
            [
                self.places.service(slot),
                *(self.places.process(slot, name) for name in self.app.processes),
                *(self.places.timer(slot, name) for name in self.app.jobs),
            ]
        )

    def lock(self, *, end: bool = False) -> dict[str, Any]:
        """Tell a step whose turn it is."""
        return turn(self.places, end=end)

    def _slot_wanted(self, slot: Slot, number: int) -> SlotWanted:
        files = self.files(slot, number)
        digests = {file.path: _digest_of(file.content.encode(), is_secret=file.secret) for file in files}
        return SlotWanted(digests, self.units(slot))
