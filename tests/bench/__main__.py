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
    """Run each module of this package that has a `measure(lab, debian)`, and print the table it returns.

    It ends with 1 where a measurement is not what is promised.
    """
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
    missed = []
    for name in names or known:
        try:
            console.print(known[name].measure(Lab(), debian))
        except tests.bench.MissedError as error:
            console.print(error.table)
            missed.append(str(error))
    if missed:
        sys.exit("\n".join(missed))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help="one of this package's modules")
    parser.add_argument("--debian", choices=RELEASES, default=DEFAULT, help="what the server runs")
    given = parser.parse_args()
    main(given.names, given.debian)
