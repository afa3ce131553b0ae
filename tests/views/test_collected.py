"""Views that are collected at any moment do not end the program; many times: tests/campaigns/collected.py."""

import sys

import pytest

from ganviz.views.pictures import VIEWS
from tests.campaigns.collected import survived


@pytest.mark.skipif(sys.platform != "linux", reason="of glibc")
def test_views_may_be_collected_whenever():
    found = survived(times=3, seed=1)
    assert found.returncode == 0, found.stdout + found.stderr
    assert found.stdout.split() == [*(cls.key for cls in VIEWS), "runs"]
