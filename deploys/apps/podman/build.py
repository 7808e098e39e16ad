"""A release of an image: its files, and what it says about how they are run."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from . import engine, layout

_COPY = """
code=$1; shift
exec cp -dR --preserve=mode,links,timestamps "$("$@")/." "$code"
"""
_NAMES = ("Containerfile", "Dockerfile")


def build(written: str) -> None:
    """Get the image as `archive`, `reference` or `context` says, and lay it out.

    Args:
        written: in JSON; also `mounts`, directories that are to be there. Where its files go, what it says
            itself, and further directories, is in the environment.

    """
    wanted: dict[str, Any] = json.loads(written)
    environment = engine.environment(engine.BUILDS)
    code, config = Path(os.environ["GATEHOUSE_CODE"]), Path(os.environ["VIRTUAL_ENV"], "image.json")

    podman = partial(_podman, environment)

    match wanted:
        case {"archive": str() as archive}:
            podman("load", "--quiet", "--input", archive)
        case {"reference": str() as reference}:
            podman("pull", "--quiet", reference)
        case {"context": str() as context}:
            file = next((name for name in _NAMES if Path(context, name).is_file()), _NAMES[0])
            # With "oci", Debian 12's podman gives what a RUN starts a network that only root can make.
            how = ("--isolation=rootless", "--layers=false", "--tag=localhost/built")
            podman("build", *how, f"--file={context}/{file}", context)
    image = (
        "localhost/built"
        if "context" in wanted
        else _only(podman("images", "--quiet", "--no-trunc", ask=True))
    )
    described = json.loads(podman("image", "inspect", image, ask=True))[0]
    mount = [*engine.podman(engine.BUILDS), "image", "mount", image]
    podman("unshare", "sh", "-c", _COPY, "sh", str(code), *mount)
    layout.make_room(code, [*os.environ["GATEHOUSE_MOUNTS"].split(":"), *wanted["mounts"]])
    said = {"id": described["Id"], **(described.get("Config") or {})}
    config.write_text(json.dumps(said), encoding="utf-8")


def _podman(environment: Mapping[str, str], *words: str, ask: bool = False) -> str:
    """Call podman, and end as it does where it fails.

    Args:
        environment: its environment.
        words: what it is to do.
        ask: whether what it writes is the answer; else it is for whoever reads the build's words.

    """
    done = subprocess.run(
        [*engine.podman(engine.BUILDS), *words],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if ask else None,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        sys.exit(done.returncode)
    return done.stdout if ask else ""


def _only(listed: str) -> str:
    images = sorted(set(listed.split()))
    if len(images) != 1:
        sys.exit(f"the archive has {len(images)} images: save the one that is to run")
    return images[0]
