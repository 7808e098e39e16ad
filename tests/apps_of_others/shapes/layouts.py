"""Where people put what belongs to an app."""

from tests.apps_of_others.shape import Shape

_ASGI = """
async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": word().encode()})
"""
_BESIDE = f"""
from pathlib import Path

def word():
    return (Path(__file__).resolve().parents[PARENTS] / "data/word.txt").read_text()
{_ASGI}"""
_WSGI_ABOVE = """
from pathlib import Path

def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [Path("../VERSION").read_bytes()]
"""
_HATCHLING = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
_SETUPTOOLS = '[build-system]\nrequires = ["setuptools>=77"]\nbuild-backend = "setuptools.build_meta"\n'
_PROJECT = '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.9"\n'

SHAPES = {
    "src-layout": Shape(
        {
            "pyproject.toml": _PROJECT
            + _HATCHLING
            + '[tool.hatch.build.targets.wheel]\npackages = ["src/shop"]\n',
            "src/shop/__init__.py": "",
            "src/shop/main.py": _BESIDE.replace("PARENTS", "2"),
            "data/word.txt": "WORD",
        },
        {"asgi": "shop.main:app"},
    ),
    "src-by-its-path": Shape(
        {
            "src/shop/main.py": _BESIDE.replace("PARENTS", "2"),
            "data/word.txt": "WORD",
            "requirements.txt": "",
        },
        {"asgi": "shop.main:app", "env": {"PYTHONPATH": "src"}},
    ),
    "src-as-a-copy": Shape(
        {
            "pyproject.toml": _PROJECT + _HATCHLING,
            "src/shop/__init__.py": "",
            "src/shop/main.py": _BESIDE.replace("PARENTS", "0"),
            "src/shop/data/word.txt": "WORD",
        },
        {"asgi": "shop.main:app", "dependencies": {"editable": False}},
    ),
    "backend": Shape(
        {
            "VERSION": "WORD",
            "frontend/package.json": "{}",
            "backend/requirements.txt": "",
            "backend/main.py": _WSGI_ABOVE,
        },
        {"wsgi": "main:app", "working_directory": "backend"},
    ),
    "namespace": Shape(
        {
            "pyproject.toml": _PROJECT + _SETUPTOOLS + '[tool.setuptools.packages.find]\nwhere = ["src"]\n',
            "src/company/shop/main.py": _BESIDE.replace("PARENTS", "0"),
            "src/company/shop/data/word.txt": "WORD",
        },
        {"asgi": "company.shop.main:app"},
    ),
    "namespace-at-the-top": Shape(
        {"company/shop/main.py": _BESIDE.replace("PARENTS", "2"), "data/word.txt": "WORD"},
        {"asgi": "company.shop.main:app"},
    ),
    "one-file": Shape({"main.py": f'def word():\n    return "WORD"\n{_ASGI}'}, {"asgi": "main:app"}),
    "working-directory": Shape(
        {
            "main.py": f'def word():\n    return open("data/word.txt").read()\n{_ASGI}',
            "data/word.txt": "WORD",
        },
        {"asgi": "main:app", "server": "gunicorn"},
    ),
    "requirements-above": Shape(
        {
            "backend/main.py": f'import idna\n\ndef word():\n    return "WORD"\n{_ASGI}',
            "requirements.txt": "idna",
        },
        {"asgi": "main:app", "working_directory": "backend"},
    ),
    "data-by-its-package": Shape(
        {
            "pyproject.toml": _PROJECT
            + _SETUPTOOLS
            + '[tool.setuptools.package-data]\nshop = ["*.txt"]\n[tool.setuptools]\npackages = ["shop"]\n',
            "shop/__init__.py": "",
            "shop/word.txt": "WORD",
            "shop/main.py": "from importlib.resources import files\n\n"
            f'def word():\n    return files("shop").joinpath("word.txt").read_text()\n{_ASGI}',
            "tests/test_shop.py": "",
            "docs/conf.py": "",
        },
        {"asgi": "shop.main:app", "dependencies": {"editable": False}},
    ),
    "made-by-the-build": Shape(
        {
            "main.py": f'def word():\n    return open("generated/word.txt").read()\n{_ASGI}',
            "frontend/build.py": 'import pathlib\npathlib.Path("../generated").mkdir()\n'
            'pathlib.Path("../generated/word.txt").write_text("WORD")\n',
        },
        {"asgi": "main:app", "build": ["sh -c 'cd frontend && python build.py'"]},
        asks=("/", "/made/word.txt"),
        routes={"/made/": {"files": "generated"}},
    ),
    "spa": Shape(
        {
            "api/requirements.txt": "",
            "api/main.py": f'def word():\n    return "WORD"\n{_ASGI}',
            "web/dist/index.html": "<p>WORD",
            "web/dist/assets/index-DiwrgTda.js": "// WORD",
        },
        {"asgi": "main:app", "working_directory": "api"},
        asks=("/", "/ui/", "/ui/any/page", "/ui/assets/index-DiwrgTda.js"),
        routes={"/ui/": {"files": "web/dist", "fallback": "index.html"}},
    ),
}
