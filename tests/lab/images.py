"""Images built once for all labs of a host, and kept in a cache."""

import json
import logging
import os
import subprocess
from contextlib import suppress
from pathlib import Path

from pyinfra.api.command import StringCommand

from deploys.remote import python
from tests.lab import fitted, registry
from tests.lab.cgroups import lab_group
from tests.lab.daemons import within
from tests.lab.errors import LabError
from tests.lab.layout import Layout
from tests.lab.locks import held
from tests.lab.recipes import Kind, Recipe, recipe
from tests.lab.shell import failure, run

log = logging.getLogger("gatehouse.lab")


def image(layout: Layout, kind: Kind, release: str) -> Path:
    """The unpacked image; built when the cache has none of this recipe."""
    wanted = recipe(kind, release)
    place = layout.cache / wanted.image
    registry.use_image(layout, place)
    if not place.exists():
        with held(layout.cache / f"{wanted.image}.lock", what=f"another lab that builds {wanted.image}"):
            if not place.exists():
                _build(layout, wanted, place)
    return place


def keep(layout: Layout, layers: list[str]) -> None:
    """See that the layers of a disk are there, and stay."""
    for layer in map(Path, layers):
        if not layer.is_dir():
            msg = f"{layer} is gone: take down what was made from it"
            raise LabError(msg)
        if layer.parent == layout.cache:
            registry.use_image(layout, layer)


def _build(layout: Layout, wanted: Recipe, place: Path) -> None:
    """Build under a name of this lab's own and rename: a build cut off is never taken for an image."""
    log.info("building the image %s, once for all labs of this host", wanted.image)
    clean_up(layout)
    draft = layout.cache / f"{_draft_prefix(layout)}{wanted.image}"
    _bootstrap(layout, wanted, draft)
    (draft / "srv").mkdir(exist_ok=True)  # an extracted image has run no script that would have made it
    for path, text in wanted.files:
        file = draft / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    if wanted.kind != "ca":
        _make_bare_server(wanted, draft)
    draft.rename(place)


def _bootstrap(layout: Layout, wanted: Recipe, draft: Path) -> None:
    options = [f"--aptopt={option}" for option in wanted.options]
    # What it mounts to run the packages' scripts ends with it, however it ends.
    command = [
        *["unshare", "--mount", "--propagation", "slave"],
        "mmdebstrap",
        "--quiet",
        "--mode=root",
        f"--variant={wanted.variant}",
        f"--include={','.join(wanted.packages)}",
        *options,
        wanted.sources[0].split()[3],
        str(draft),
        *wanted.sources,
    ]
    # In a group of its own: whatever of it outlives a killed lab is found and ended by the next command.
    group = lab_group(layout.id).child("build").make()
    try:
        done = subprocess.run(within(group, command), capture_output=True, text=True, check=False)
    finally:
        group.remove()
    if done.returncode != 0:
        raise LabError(failure(["mmdebstrap"], done.returncode, done.stderr))


def _make_bare_server(wanted: Recipe, root: Path) -> None:
    """What a provider's image has: the local trust anchors, and nothing of the machine it was built on."""
    anchors = root / "usr/local/share/ca-certificates"
    anchors.mkdir(parents=True, exist_ok=True)
    for number, certificate in enumerate(wanted.certificates, start=1):
        (anchors / f"host-{number}.crt").write_text(certificate)
    run(["chroot", root, "update-ca-certificates"])
    if wanted.uv:
        install = StringCommand(*python(fitted)).get_raw_value()
        argument = {"uv": dict(wanted.uv), "index": None, "index_logins": ""}
        run(["chroot", root, "/bin/sh", "-c", install], stdin=json.dumps(argument))
    for unit in wanted.masked_units:
        (root / "etc/systemd/system" / unit).symlink_to("/dev/null")
    for file in [*root.glob("etc/ssh/ssh_host_*"), root / "etc/hostname", root / "etc/resolv.conf"]:
        file.unlink(missing_ok=True)
    (root / "etc/machine-id").write_text("")


def clean_up(layout: Layout) -> None:
    """Remove what builds of this lab that were cut off have left."""
    lab_group(layout.id).child("build").remove()
    for draft in layout.cache.glob(f"{_draft_prefix(layout)}*"):
        remove_tree(draft)


def remove(layout: Layout) -> None:
    """Empty the cache, but for what other labs use."""
    for lock in layout.cache.glob("*.lock"):  # a builder that was killed left it
        with held(lock, what=f"another lab that builds {lock.stem}"):
            pass
    with registry.locked():
        used = registry.images_of_others(layout)
        for place in sorted(layout.cache.glob("[!.]*")):
            if user := used.get(str(place)):
                log.info("kept the image %s: the lab in %s uses it", place.name, user)
            else:
                place.rename(layout.cache / f"{_draft_prefix(layout)}{place.name}")
        for draft in layout.cache.glob(".*"):  # of a lab that was cut off and whose checkout is gone
            if draft.name[1:].split("-")[0] not in registry.labs():
                remove_tree(draft)
    clean_up(layout)
    with suppress(OSError):  # not empty: images of other labs
        layout.cache.rmdir()


def remove_tree(folder: Path) -> None:
    """Remove a file, or a folder unless something is mounted in it: that would be removed with it."""
    real = os.path.realpath(folder)
    mounts = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    if any(mount == real or mount.startswith(f"{real}/") for mount in mounts):
        msg = f"{folder}: something is mounted in it; unmount it and try again"
        raise LabError(msg)
    # Not shutil's, which goes no deeper than Python's own stack: what servers leave may be deeper.
    run(["rm", "--recursive", "--force", "--one-file-system", str(folder)])


def _draft_prefix(layout: Layout) -> str:
    return f".{layout.id}-"
