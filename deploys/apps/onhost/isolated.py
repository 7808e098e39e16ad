"""On the host: whether what keeps apps apart is there, in force, and will be so after a boot."""

import re
from typing import Any

from deploys.base.onhost import files
from deploys.onhost import run

_COMMENT = re.compile(r' comment "([^"]+)"$', re.MULTILINE)


def main(argument: dict[str, Any]) -> dict[str, Any]:
    """Describe the files, name the kernel's rules by their comments, and say whether the unit is enabled."""
    return {
        "files": files.look(argument["look"], argument["contents"]),
        "rules": sorted(
            _COMMENT.findall(run.attempt("/usr/sbin/nft", "list", "table", *argument["table"]).stdout)
        ),
        "unit": run.properties(argument["unit"], "UnitFileState").get("UnitFileState", ""),
    }
