"""On the host: the link that a proxy reads a site's certificate through."""

import os
from pathlib import Path


def lead(link: Path, target: Path) -> None:
    """Have the link lead to the target, in one rename, so that it leads somewhere at every moment."""
    # Lest a cut of the power leaves a link to files that were never written.
    os.sync()
    link.parent.mkdir(parents=True, exist_ok=True)
    new = link.with_name(f".{link.name}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(target)
    new.rename(link)
