"""On the host: rules of nftables that are in force before their file says so."""

from typing import Any

from deploys.onhost import files, run

NFT = "/usr/sbin/nft"


def main(argument: dict[str, Any]) -> None:
    """Load the rules, then write them and the unit that loads them at boot, so that neither is forgotten."""
    rules = argument["contents"][argument["rules"]]
    run.output(NFT, "-f", "-", stdin=rules, what="nft refuses the rules of the apps' ports")
    for path, content in argument["contents"].items():
        files.write(path, content)
    run.systemctl("daemon-reload")
    run.systemctl("enable", argument["unit"])
