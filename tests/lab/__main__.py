import sys

try:
    from tests.lab.cli import main
except ModuleNotFoundError as error:
    sys.exit(f"lab: {error.name} is not installed: pip install '.[dev]'")

sys.exit(main())
