"""The lab as a whole: every command of the lab is a method here."""

import json
import logging
import shutil
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from tests.lab import disks, hostsetup, images, network, registry, snapshots, sshfiles
from tests.lab import limits as unit_limits
from tests.lab.acme import CaOptions, CertificateAuthority
from tests.lab.cgroups import Group, lab_group, server_group
from tests.lab.clients import Client
from tests.lab.debian import DEFAULT
from tests.lab.errors import LabError
from tests.lab.keys import login_key
from tests.lab.layout import Layout, checked_name
from tests.lab.locks import held
from tests.lab.names import Names
from tests.lab.recipes import Kind
from tests.lab.server import Server
from tests.lab.subnets import CA, CLIENTS, SERVERS, Subnet, first_free

# A server's name has no dot: these are never taken by one.
CA_NAME = "ca.lab"
CLIENT_SUFFIX = ".client"
OTHER_PORT = 14100

log = logging.getLogger("gatehouse.lab")


class Lab:
    """The servers, the names and the CA of one checkout, or of the state directory given."""

    def __init__(self, state: Path | None = None) -> None:
        self.layout = Layout.of(state)

    def up(
        self,
        name: str,
        *,
        debian: str | None = None,
        image: str | None = None,
        furnished: bool = False,
        nginx: bool = True,
        limits: bool = False,
        room: str = "",
    ) -> Server:
        """Boot a server, new or as it was left; one that runs is left alone.

        A new one is bare, from an image, or `furnished`: bare but for what gatehouse installs first, `nginx`
        among it unless another proxy is to have its ports. For `limits` and `room` see `Disk`.
        """
        checked_name(name, "server")
        with self._lock():
            subnet = self._foundation()
            disk = disks.read(self.layout, name)
            if disk is None:
                kind: Kind = ("furnished" if nginx else "without-proxy") if furnished else "server"
                disk = self._new_disk(subnet, name, debian, image, kind=kind, limits=limits, room=room)
            elif debian not in {None, disk.debian} or image not in {None, disk.image}:
                origin = f" from {disk.image}" if disk.image else ""
                msg = (
                    f"{name} is there as Debian {disk.debian}{origin}: python -m tests.lab down {name} first"
                )
                raise LabError(msg)
            images.keep(self.layout, disk.layers)
            server = Server(name, self.layout, subnet, disk)
            sshfiles.write(self.layout, self.servers())
            if not server.running:
                log.info("booting %s (Debian %s) at %s", name, disk.debian, server.address)
                server.start()
        server.wait()
        return server

    def beside(self, name: str) -> "Lab":
        """Give a lab of its own, with a CA and servers that are nobody else's; it goes with this one."""
        return Lab(self.layout.beside / checked_name(name, "lab"))

    def down(self, name: str | None = None, *, cached_images: bool = False) -> None:
        """Remove a server, or everything that this lab, and those beside it, have made."""
        if name is None and self.layout.beside.is_dir():
            for state in sorted(self.layout.beside.iterdir()):
                Lab(state).down()
        with self._lock():
            if name is not None:
                self._remove_server(self.server(name))
                sshfiles.write(self.layout, self.servers())
                return
            _remove_group(lab_group(self.layout.id))
            images.clean_up(self.layout)
            network.remove(self.layout)
            if cached_images:
                images.remove(self.layout)
            registry.release(self.layout)
            for file in self.layout.state.iterdir():
                if file != self.layout.lock:  # it keeps others out until the last
                    images.remove_tree(file)

    def server(self, name: str) -> Server:
        for server in self.servers():
            if server.name == name:
                return server
        msg = f"there is no server {name}: python -m tests.lab up {name}"
        raise LabError(msg)

    def servers(self) -> list[Server]:
        claim = registry.read(self.layout)
        if claim is None or not self.layout.servers.is_dir():
            return []
        found = [
            (path.name, disks.read(self.layout, path.name)) for path in sorted(self.layout.servers.iterdir())
        ]
        return [Server(name, self.layout, claim.subnet, disk) for name, disk in found if disk is not None]

    def snapshot(self, name: str, image: str) -> None:
        """Save a server's disk as an image for `up`; one that runs is shut down for it and boots again."""
        checked_name(image, "image")
        with self._lock():
            server = self.server(name)
            on_disks = {other.name: other.disk for other in self.servers()}
            if users := snapshots.users(self.layout, on_disks, image):
                msg = f"the image {image} is there already, under {', '.join(users)}: use another name"
                raise LabError(msg)
            if was_running := server.running:
                server.power_off()
            snapshots.save(self.layout, server.disk, self.layout.servers / name / "upper", image)
            if was_running:
                server.start()
        if was_running:
            server.wait()

    def snapshots(self) -> list[str]:
        return snapshots.names(self.layout)

    def client(self, name: str = "client") -> Client:
        """A network namespace on the lab's network with an address of its own; made when there is none."""
        checked_name(name, "client")
        with self._lock():
            subnet = self._foundation()
            record = self.layout.state / "clients.json"
            numbers: dict[str, int] = json.loads(record.read_text()) if record.exists() else {}
            if name not in numbers:
                numbers[name] = first_free(CLIENTS, numbers.values())
                disks.write_record(record, dict(numbers))
            label = f"{name}{CLIENT_SUFFIX}"
            if not network.is_attached(self.layout, name=label, number=numbers[name]):
                network.attach(self.layout, subnet, name=label, number=numbers[name])
            network.resolver_for_namespace(self.layout, subnet, label)
        number = numbers[name]
        return Client(self.layout.namespace(label), subnet.address(number), subnet.address6(number))

    @property
    def ca(self) -> CertificateAuthority:
        subnet = self._subnet()
        names = Names(self.layout, subnet, self.layout.namespace(CA_NAME))
        return CertificateAuthority(self.layout, subnet, names.namespace, names.server)

    @property
    def other_ca(self) -> CertificateAuthority:
        """A second CA, with other ports, another root and other accounts; `start_other_ca` starts it."""
        return replace(self.ca, name="other_ca", directory_port=OTHER_PORT, management_port=OTHER_PORT + 1)

    @property
    def dns(self) -> Names:
        return Names(self.layout, self._subnet(), self.layout.namespace(CA_NAME))

    def start_ca(self, options: CaOptions | None = None) -> CertificateAuthority:
        """Start the CA afresh with these options; the network comes up with it."""
        with self._lock():
            self._foundation(with_ca=False)
            self.ca.start(options or CaOptions())
        return self.ca

    def start_other_ca(self, options: CaOptions | None = None) -> CertificateAuthority:
        """Start the second CA afresh; it is there until the lab or its network goes."""
        with self._lock():
            self._foundation()
            self.other_ca.start(options or CaOptions())
        return self.other_ca

    def stop_ca(self) -> None:
        """A CA that is down: connections are refused until `resume_ca`, and nothing is forgotten."""
        with self._lock():
            self._foundation()
            self.ca.stop()

    def resume_ca(self) -> None:
        with self._lock():
            self._foundation()
            self.ca.resume()

    def set_name(self, name: str, *addresses: str) -> None:
        """Give a name under .test these addresses, and no others."""
        with self._lock():
            self.dns.set(name, *addresses)

    def remove_name(self, name: str) -> None:
        with self._lock():
            self.dns.set(name)

    def _lock(self) -> AbstractContextManager[None]:
        hostsetup.require_root()
        return held(self.layout.lock, what="another command of this lab")

    @property
    def subnet(self) -> Subnet | None:
        """The lab's network; none while the lab is down."""
        claim = registry.read(self.layout)
        return claim.subnet if claim else None

    def _subnet(self) -> Subnet:
        if subnet := self.subnet:
            return subnet
        msg = "the lab is not up: python -m tests.lab up NAME"
        raise LabError(msg)

    def _foundation(self, *, with_ca: bool = True) -> Subnet:
        """What every server stands on: the host's packages, the network, names and a CA."""
        hostsetup.install_missing()
        subnet = registry.claim(self.layout)
        network.make(self.layout, subnet)
        login_key(self.layout)
        attached = network.is_attached(self.layout, name=CA_NAME, number=CA)
        if not (attached and (self.dns.running or self.ca.alive)):
            lab_group(self.layout.id).child("services").kill()  # what is left of them has no network any more
            network.attach(self.layout, subnet, name=CA_NAME, number=CA)
        self.dns.start()
        if with_ca and not (self.ca.running or self.ca.is_stopped):
            self.ca.start(self.ca.options or CaOptions())
        return subnet

    def _new_disk(
        self,
        subnet: Subnet,
        name: str,
        debian: str | None,
        image: str | None,
        *,
        kind: Kind,
        limits: bool,
        room: str,
    ) -> disks.Disk:
        # Half-made by a command that was cut off.
        shutil.rmtree(self.layout.servers / name, ignore_errors=True)
        if image:
            saved = snapshots.read(self.layout, image)
            if debian not in {None, saved.debian}:
                msg = f"the image {image} is Debian {saved.debian}, not {debian}"
                raise LabError(msg)
            chosen, layers = saved.debian, saved.layers
        else:
            chosen = debian or DEFAULT
            layers = [str(images.image(self.layout, kind, chosen))]
        number = first_free(SERVERS, (server.disk.number for server in self.servers()))
        disk = disks.Disk(chosen, number, layers, image, limits, room)
        disks.create(self.layout, subnet, name, disk)
        return disk

    def _remove_server(self, server: Server) -> None:
        _remove_group(server_group(self.layout.id, server.name))
        network.detach(self.layout, name=server.name, number=server.disk.number)
        images.remove_tree(self.layout.servers / server.name)


def _remove_group(group: Group) -> None:
    group.remove()
    unit_limits.remove(group)
