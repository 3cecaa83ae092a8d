"""What the tests of validation share: a company with an empty warehouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.validation.shop import Company

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path)
