"""Experiments on the command line."""

import json

import pytest

from ganviz.cli import experiments as command
from ganviz.cli.main import main
from ganviz.session import experiments as room
from tests.session.test_experiments import ASKED, PLAIN


@pytest.fixture
def one(monkeypatch):
    """Let there be one quick experiment, with or without the claim that fails."""

    def put(*, is_seen):
        plain = json.loads(json.dumps(PLAIN)) | {"prediction": ASKED}
        if is_seen:
            plain["stages"][-1]["claims"].pop()
        made = room.experiment_from_plain("two", plain)
        monkeypatch.setattr(command, "experiment", lambda key: made)

    return put


def played(capsys, *options):
    code = main(["experiment", *options], None, None, None)
    found = capsys.readouterr()
    return code, found.out, found.err


def test_findings_are_printed_and_the_code_says_whether_it_was_seen(capsys, one):
    one(is_seen=False)
    code, out, err = played(capsys, "two", "--seed", "2", "--json")
    found = json.loads(out)
    assert (code, err) == (1, "")
    assert found["seen"] is False
    assert found["seed"] == 2
    assert [finding["seen"] for finding in found["findings"]] == [True, True, False]
    assert found["findings"][2]["at_least"] == 1e9
    assert found["findings"][2]["at_most"] is None
    assert (found["prediction"]["answer"], found["prediction"]["value"]) == ("fifty", 50)
    one(is_seen=True)
    code, out, _ = played(capsys, "two")
    assert code == 0
    assert out.count("✓") == 2
    assert "? How many? fifty: 50" in out
    assert out.splitlines()[-1].startswith("seen, ")


def test_bad_words_are_sentences(capsys):
    code, out, err = played(capsys, "saturatoin")
    assert (code, out) == (2, "")
    assert "did you mean saturation" in err
    code, _, err = played(capsys, "saturation", "--seed", "-1")
    assert code == 2
    assert "seed" in err
