"""The one call that renders a template."""

import os
from functools import cache
from pathlib import Path

from jinja2 import BytecodeCache, Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).parent.parent / "templates"


def render(template: str, **context: object) -> str:
    """Render a file of `templates/`; a name that the context lacks is an error, not an empty string."""
    return _environment().get_template(template).render(**context)


@cache
def _environment() -> Environment:
    return Environment(  # noqa: S701  # configuration files, not HTML: escaping would corrupt them
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=_compiled(),
    )


def _compiled() -> BytecodeCache | None:
    """Keep compiled templates where Python keeps compiled modules: compiling is most of the work of a run."""
    folder = Path(__file__).parent / "__pycache__"
    return FileSystemBytecodeCache(str(folder)) if os.access(folder, os.W_OK) else None
