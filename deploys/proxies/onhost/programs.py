"""On the host: which programs of a proxy there are."""

import glob
import os
from typing import Any

from deploys.onhost import removal


def main(argument: "dict[str, Any]") -> "list[str]":
    """List them by their paths.

    Args:
        argument: `pattern`, of their directories; `keep`, the only one that is to stay, if others go.

    """
    found = [path for directory in glob.glob(argument["pattern"]) for path in glob.glob(f"{directory}/*")]
    if "keep" not in argument:
        return sorted(found)
    for path in found:
        if path != argument["keep"]:
            removal.remove(os.path.dirname(path))
    return [argument["keep"]]
