"""Every shape, in one table, and the streets in which they stand beside each other."""

from tests.apps_of_others.shape import Shape
from tests.apps_of_others.shapes import frameworks, layouts, tools

SHAPES: dict[str, Shape] = {**frameworks.SHAPES, **layouts.SHAPES, **tools.SHAPES}

QUICK = ("django-wsgi", "backend", "poetry-no-package")
"""A few, of which each has an interface, a way to install and a layout of its own."""

STREETS = {
    "frameworks": tuple(frameworks.SHAPES),
    "layouts": tuple(layouts.SHAPES),
    "tools": tuple(tools.SHAPES),
}
"""All of them, by what makes them differ."""
