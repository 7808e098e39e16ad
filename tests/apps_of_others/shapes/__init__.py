"""Every shape, in one table."""

from tests.apps_of_others.shape import Shape
from tests.apps_of_others.shapes import frameworks, layouts, tools

SHAPES: dict[str, Shape] = {**frameworks.SHAPES, **layouts.SHAPES, **tools.SHAPES}

QUICK = ("flask-factory", "django-wsgi", "backend", "poetry-no-package", "src-layout")
"""A few in which each framework's interface, each way to install and each layout meets another one."""
