"""How many commands a run sends, by the server's own account."""

from tests.house import House

MOST_COMMANDS = 1
"""How many a run may send that changes nothing."""


class Commands:
    """Counts what the server's own sshd says that it was asked to run."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.house.server.run(
            "echo 'LogLevel VERBOSE' > /etc/ssh/sshd_config.d/verbose.conf && systemctl reload ssh"
        )
        self.house.server.wait()

    def cursor(self) -> str:
        return self.house.server.run("date +%s.%N; journalctl --sync").stdout.split()[0]

    def since(self, moment: str) -> list[str]:
        log = self.house.server.run(
            f"journalctl --sync; journalctl -t sshd -t sshd-session -o cat --since @{moment}"
        ).stdout
        started = [line for line in log.splitlines() if line.startswith("Starting session: ")]
        # The last session is the question itself.
        return started[:-1]
