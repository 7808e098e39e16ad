"""On the host: delete a certificate, with its keys and all that renews it."""

import re
from pathlib import Path
from typing import Any

from deploys.onhost import removal


def main(argument: "dict[str, Any]") -> None:
    """Delete what certbot keeps of a lineage, what the user brought for it, the placeholder and the link.

    Args:
        argument: `paths`, files and directories, deleted in this order; `aside`, the directory of what was
            left of damaged lineages, where all that was of `name` is deleted, too.

    """
    left = sorted(Path(argument["aside"]).glob("*"))
    of_it = [path for path in left if re.fullmatch(rf"{re.escape(argument['name'])}-\d+", path.name)]
    for path in [*map(Path, argument["paths"]), *of_it]:
        removal.remove(path)
