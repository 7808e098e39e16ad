"""Take the measurements named on the command line, or all."""

import argparse
import importlib
import pkgutil
import sys

from rich.console import Console

import tests.bench
from tests.lab import Lab
from tests.lab.debian import DEFAULT, RELEASES


def main(names: list[str], debian: str) -> None:
    """Run each module of this package that has a `measure(lab, debian)`, and print the table it returns."""
    modules = [
        importlib.import_module(f"tests.bench.{module.name}")
        for module in pkgutil.iter_modules(tests.bench.__path__)
        if not module.name.startswith("__")
    ]
    known = {module.__name__.rpartition(".")[2]: module for module in modules if hasattr(module, "measure")}
    if unknown := set(names) - set(known):
        sys.exit(f"no measurement called {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    console = Console()
    console.width = max(console.width, 110)
    for name in names or known:
        console.print(known[name].measure(Lab(), debian))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help="one of this package's modules")
    parser.add_argument("--debian", choices=RELEASES, default=DEFAULT, help="what the server runs")
    given = parser.parse_args()
    main(given.names, given.debian)
