"""A copy of the lives of the package, to make mistakes in."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from indenture.play.lives.loader import lives_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(lives_folder(), tmp_path / "lives"))
