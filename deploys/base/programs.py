"""Programs of ours that stay on a host, and go on when nobody is logged in. Pure."""

from types import ModuleType

from deploys import remote
from deploys.base.files import File
from deploys.places.programs import LIBRARY
from deploys.render import render

PROGRAM = "a program of gatehouse's"


def program(path: str, module: ModuleType, settings: str) -> File:
    """Make the program that calls a module's `main` with what is in a file of settings."""
    package, _, name = module.__name__.rpartition(".")
    text = render("base/program.j2", library=LIBRARY, package=package, module=name, settings=settings)
    return File(path, text, mode=0o755, ours=PROGRAM)


def library(*modules: ModuleType) -> list[File]:
    """List the modules, and those that they import, as files for programs to import."""
    sources = {name: source for module in modules for name, source in remote.sources(module)}
    return [
        File(f"{LIBRARY}/{name.replace('.', '/')}.py", source, ours=PROGRAM)
        for name, source in sources.items()
    ]
