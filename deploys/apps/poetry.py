"""What a project of Poetry's needs that no build backend installs, as with `package-mode = false`. Pure."""

import shlex
from collections.abc import Iterable

_REQUIREMENT = "poetry-core>=2,<3"
"""Poetry's own reader of its words for versions."""

_PROGRAM = r"""
import pathlib, sys
from poetry.core.factory import Factory
package = Factory().create_poetry(pathlib.Path.cwd()).package
count = int(sys.argv[1])
extras, groups = sys.argv[2:2 + count], sys.argv[2 + count:]
chosen = set()
for name in extras:
    if name not in package.extras:
        sys.exit(f"pyproject.toml has no extra {name!r}: name one that it has in dependencies")
    chosen |= {one.name for one in package.extras[name]}
needed = [one for one in package.requires if not one.is_optional() or one.name in chosen]
for name in groups:
    if not package.has_dependency_group(name):
        sys.exit(f"pyproject.toml has no group {name!r}: name one that it has in dependencies")
    needed += package.dependency_group(name).dependencies
for one in needed:
    sys.stdout.write(one.to_pep_508(with_extras=False) + "\n")
"""


def list_requirements(extras: Iterable[str], groups: Iterable[str], file: str) -> str:
    """Give the line of script that writes what the project needs to a requirements file.

    Args:
        extras: the project's extras that are to be there.
        groups: its groups, besides the main one.
        file: a word of the shell, for the file's path.

    """
    chosen = [*extras]
    words = [_PROGRAM, str(len(chosen)), *chosen, *groups]
    python = f'--python "$VIRTUAL_ENV/bin/python" --with {shlex.quote(_REQUIREMENT)} python'
    return f"uv run --quiet --isolated --no-project {python} -I -c {shlex.join(words)} > {file}"
