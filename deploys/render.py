"""The one call that renders a template."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

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
    )
