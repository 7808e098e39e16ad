"""Every shape, in one table, and the streets in which they stand beside each other."""

from tests.apps_of_others.shape import Shape
from tests.apps_of_others.shapes import frameworks, layouts, tools

SHAPES: dict[str, Shape] = {**frameworks.SHAPES, **layouts.SHAPES, **tools.SHAPES}

QUICK = ("django-wsgi", "backend", "poetry-no-package")
"""A few, of which each has an interface, a way to install and a layout of its own."""

_STREETS = 6
"""How many there are, so that each is to be tried in some minutes, beside others."""

STREETS = {f"street-{first + 1}": tuple(SHAPES)[first::_STREETS] for first in range(_STREETS)}
"""All of them, some of each kind in each."""
