"""An image that the server builds itself, of a directory with a Containerfile."""

from pathlib import Path

import pytest

from tests.apps.conftest import MakeWorkshop
from tests.containers import image
from tests.containers.workshop import APP, SERVE

pytestmark = [pytest.mark.lab, pytest.mark.slow]

CONTAINERFILE = """\
FROM scratch AS first
ADD base.tar /
ENV PATH=/usr/bin:/bin
RUN python3 -c "open('/made', 'w').write('built')"
FROM first
COPY main.py /app/main.py
USER web
WORKDIR /app
EXPOSE 8000
CMD ["python3", "-u", "/app/main.py"]
"""
NAMES_IT = APP.replace('"first"', "open('/made').read()") + SERVE


def test_it_is_built_on_the_server_and_a_failing_build_changes_nothing(
    make_workshop: MakeWorkshop, tmp_path: Path
) -> None:
    workshop = make_workshop("kitchen")
    source = {"image": {"containerfile": str(tmp_path)}}
    (tmp_path / "base.tar").write_bytes(image.base())
    (tmp_path / "main.py").write_text(NAMES_IT)
    (tmp_path / "Containerfile").write_text(CONTAINERFILE)
    workshop.deploy(source=source).check()
    assert workshop.answer()["words"] == "built"
    assert workshop.deploy(source=source).check().changed == []

    (tmp_path / "Containerfile").write_text(CONTAINERFILE.replace("open('/made'", "open('/no/such'"))
    before = workshop.answer()["pid"]
    broken = workshop.deploy(source=source)
    assert broken.code != 0
    assert "No such file or directory: '/no/such'" in broken.output, broken.output
    assert workshop.answer()["pid"] == before
    assert len(workshop.releases()) == 1
