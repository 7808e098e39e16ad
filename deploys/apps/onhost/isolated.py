"""On the host: whether what keeps apps apart is there, in force, and will be so after a boot."""

import re
import subprocess
from typing import Any

from deploys.base.onhost import files

_COMMENT = re.compile(r' comment "([^"]+)"$', re.MULTILINE)


def main(argument: dict[str, Any]) -> dict[str, Any]:
    """Describe the files, name the kernel's rules by their comments, and say whether the unit is enabled."""
    return {
        "files": files.look(argument["look"], argument["contents"]),
        "rules": sorted(_COMMENT.findall(_said("nft", "list", "table", *argument["table"]))),
        "unit": _said("systemctl", "show", "--value", "--property=UnitFileState", argument["unit"]),
    }


def _said(*command: str) -> str:
    """Give what a program says, and nothing where it is not there or has nothing to tell."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except FileNotFoundError:
        return ""
