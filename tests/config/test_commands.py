"""A command that would enter an environment is told from all others."""

import pytest

from deploys.config.commands import without_entering
from deploys.load import server_from
from tests.config.wrong import SMALLEST

ENTERS = {
    "uv run alembic upgrade head": "did you mean 'alembic upgrade head'?",
    "uv run -- python -m shop": "did you mean 'python -m shop'?",
    "uv run --frozen --no-dev serve.py --now": "did you mean 'python serve.py --now'?",
    "uv run -m shop": "did you mean 'python -m shop'?",
    "uv run --with idna shop": "write the command without 'uv run':",
    "uv run": "write the command without 'uv run':",
    "conda run -n shop celery": "write the command without 'conda run':",
    "poetry run python -c 'print(1)'": "did you mean \"python -c 'print(1)'\"?",
    "hatch run start": "did you mean 'start'? or what it stands for: ",
    "A=b env C=d pipenv run shop": "did you mean 'A=b env C=d shop'? or what it stands for: ",
    ".venv/bin/shop": "did you mean 'shop'?",
    "backend/env/bin/python -m shop": "did you mean 'python -m shop'?",
    "/home/me/shop/venv/bin/python manage.py": "did you mean 'python manage.py'?",
}
GOES = [
    "uv pip install idna",
    "poetry --version",
    "python -m uv run shop",
    "sh -c 'uv run shop'",
    "run uv",
    "../venv/bin/shop",
    "/opt/venv/bin/tool",
    "bin/venv/shop",
    "env",
]


@pytest.mark.parametrize(("command", "words"), ENTERS.items())
def test_a_command_that_enters(command: str, words: str) -> None:
    assert (without_entering(command) or "").startswith(words)


@pytest.mark.parametrize("command", GOES)
def test_a_command_that_does_not(command: str) -> None:
    assert without_entering(command) is None


def test_an_image_has_an_environment_of_its_own() -> None:
    shop = {"source": {"image": "shop.tar"}, "processes": {"worker": "uv run worker"}}
    assert server_from({**SMALLEST, "apps": {"shop": shop}}).apps["shop"].processes
