"""The guide's table of views names every view there is."""

import re

from ganviz.resources import resource
from ganviz.views.pictures import VIEWS


def test_every_view_is_told_in_the_guide() -> None:
    text = resource("guide", "4-the-views.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| ([^|]+) \|", text, re.MULTILINE)[1:]
    assert sorted(told) == sorted(view.title.removeprefix("The plane") or "Plane" for view in VIEWS)
