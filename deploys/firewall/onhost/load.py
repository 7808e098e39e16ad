"""On the host: each app's rules, in force before their files say so; what one app lacks, no other misses."""

import sys
from pathlib import Path
from typing import Any

from deploys.base.onhost import files
from deploys.firewall.onhost import former, nft
from deploys.onhost import run


def main(argument: "dict[str, Any]") -> None:
    """Load rules, write them and what loads them at boot, and remove those that are no longer wanted."""
    problems = [_load(wall) for wall in argument["walls"]]
    files.main({"write": argument["shared"]})
    for app in argument["gone"]:
        forget(app)
    run.systemctl("daemon-reload")
    # What has been loaded is loaded once more: a failure at boot is then no longer told.
    problems += [_have_loaded(nft.unit_of(wall["app"])) for wall in argument["walls"]]
    for app in argument["again"]:
        if _have_loaded(nft.unit_of(app)):
            remedy = argument["remedy"]
            problems.append(f"{app}: no longer in the settings, and its rules cannot be loaded; {remedy}")
    said = [problem for problem in problems if problem]
    if said:
        sys.exit("\n".join(said))
    if argument["former"]:
        former.remove()
        run.systemctl("daemon-reload")


def forget(app: str) -> None:
    """Open what the rules of an app have closed; the file by which they are known goes last."""
    nft.attempt("delete", "table", "inet", nft.table_of(app))
    run.attempt(run.SYSTEMCTL, "--quiet", "disable", "--now", nft.unit_of(app))
    Path(f"/etc/systemd/system/nftables.service.d/gatehouse-{app}.conf").unlink(missing_ok=True)
    Path(f"/etc/gatehouse/firewall/{app}.nft").unlink(missing_ok=True)


def _load(wall: "dict[str, Any]") -> "str | None":
    """Load an app's rules and write its files, or say why its former ones stay in force."""
    done = nft.attempt("-f", "-", stdin=wall["rules"])
    if done.returncode:
        return run.refusal(done, f"{wall['app']}: nftables refuses its rules, and keeps the former ones")
    files.main({"write": wall["files"]})
    return None


def _have_loaded(unit: str) -> "str | None":
    """Have systemd load an app's rules, now and at each boot."""
    for verb in ("enable", "restart"):
        done = run.attempt(run.SYSTEMCTL, "--quiet", verb, unit)
        if done.returncode:
            return run.refusal(done, f"systemctl {verb} {unit}")
    return None
