"""On the host: delete a certificate, with its keys and all that renews it."""

import shutil
from pathlib import Path
from typing import Any


def main(argument: "dict[str, Any]") -> None:
    """Delete what certbot keeps of a lineage, what the user brought for it, the placeholder and the link.

    Args:
        argument: `paths`, files and directories, deleted in this order.

    """
    for path in map(Path, argument["paths"]):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
