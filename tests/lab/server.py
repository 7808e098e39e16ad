"""One server, reached over SSH as a VPS is."""

import logging
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

from tests.lab import daemons, disks, limits, network
from tests.lab.cgroups import server_group
from tests.lab.errors import LabError
from tests.lab.layout import CHECKOUT, Layout
from tests.lab.subnets import Subnet
from tests.lab.waiting import until

BOOT_SECONDS = 90.0
USER = "root"
PORT = 22
SSH_FAILED = 255
"""What ssh ends with where it is ssh that failed (ssh(1), "EXIT STATUS"), and not the command."""

INSTALL = "DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends"

log = logging.getLogger("gatehouse.lab")


@dataclass(frozen=True)
class Server:
    name: str
    layout: Layout
    subnet: Subnet
    disk: disks.Disk

    @property
    def address(self) -> IPv4Address:
        return self.subnet.address(self.disk.number)

    @property
    def address6(self) -> IPv6Address:
        return self.subnet.address6(self.disk.number)

    @property
    def key(self) -> Path:
        return self.layout.ssh / "id_ed25519"

    @property
    def known_hosts(self) -> Path:
        return self.layout.ssh / "known_hosts"

    @property
    def console(self) -> Path:
        return self.layout.servers / self.name / "console.log"

    @property
    def running(self) -> bool:
        return server_group(self.layout.id, self.name).populated

    def ssh(self, *command: str) -> list[str]:
        """The command line; one word per argument reaches the server's shell as ssh sends it."""
        return ["ssh", "-F", str(self.layout.ssh / "config"), self.name, *command]

    def run(self, command: str, *, stdin: str = "", check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a shell command as root on the server.

        Args:
            command: what the server's shell is to run.
            stdin: what the command reads.
            check: whether a command that fails is an error, too; a server that is not reached always is.

        """
        done = self.attempt(command, stdin=stdin)
        if done.returncode == SSH_FAILED:
            until(self._answers, within=BOOT_SECONDS, otherwise=self._not_ready)  # for whoever comes next
        if done.returncode == SSH_FAILED or (check and done.returncode != 0):
            words = (
                done.stderr.strip() or done.stdout.strip() or f"exit code {done.returncode}"
            ).splitlines()
            msg = f"{self.name}: {command}: {words[-1]}"
            raise LabError(msg)
        return done

    def install(self, *packages: str) -> None:
        """Install packages of Debian's, whatever the server knows of them by now."""
        words = " ".join(packages)
        self.run(f"apt-get update -qq && {INSTALL} {words} < /dev/null")

    def attempt(self, command: str, *, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run a shell command as root on a server that may be gone, or go meanwhile."""
        # A lab that is killed takes the ssh along that it waits for.
        with_us = ["setpriv", "--pdeathsig", "KILL", *self.ssh(command)]
        # Logs have what clients have sent, which need be no text.
        return subprocess.run(
            with_us, input=stdin, capture_output=True, text=True, errors="replace", check=False
        )

    def boot_id(self) -> str:
        """Tell one boot from another; nothing while it does not answer."""
        return self.attempt("cat /proc/sys/kernel/random/boot_id").stdout.strip()

    def start(self) -> None:
        """Boot it, unless it runs; `wait` tells when it can be used."""
        if self.running:
            return
        daemons.start(
            server_group(self.layout.id, self.name).child("keeper"),
            [sys.executable, "-m", "tests.lab.keeper", self.layout.state, self.name],
            log=self.console,
            env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        )

    def wait(self) -> None:
        """Until it answers over SSH and has booted; a unit that failed is no reason to wait longer."""
        until(self._answers, within=BOOT_SECONDS, otherwise=self._not_ready)
        self.run("systemctl is-system-running --wait", check=False)
        if self.disk.limits:
            self.run(limits.TAKE)

    def reboot(self) -> None:
        """Reboot it from within, and wait until it is back."""
        before = until(self.boot_id, within=BOOT_SECONDS, otherwise=self._not_ready)
        self.attempt("systemctl reboot")  # which may end the connection before it has answered
        until(lambda: self._is_back(before), within=BOOT_SECONDS, otherwise=self._not_ready)
        self.wait()

    def power_off(self) -> None:
        """Shut it down in good order; `Lab.up` boots it again."""
        for pid in server_group(self.layout.id, self.name).child("keeper").processes():
            os.kill(pid, signal.SIGTERM)
        until(lambda: not self.running, within=BOOT_SECONDS, otherwise=f"{self.name}: does not shut down")

    def power_cut(self) -> None:
        """End it at once, as a cut of the power does; `Lab.up` boots it again."""
        network.silence(self.layout, number=self.disk.number)
        server_group(self.layout.id, self.name).kill()

    def _is_back(self, before: str) -> bool:
        if not self.running:  # its keeper was killed and could not boot it again
            self.start()
        return self.boot_id() not in {before, ""}

    def _answers(self) -> bool:
        if not self.running:
            raise LabError(self._not_ready())
        return self.attempt("true").returncode == 0

    def _not_ready(self) -> str:
        state = "runs but does not answer over SSH" if self.running else "has stopped"
        return f"{self.name} {state}: {daemons.last_line(self.console)} (all of it: {self.console})"
