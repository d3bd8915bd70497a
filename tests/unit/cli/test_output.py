"""Output copes with any name, in any locale."""

import json
import os
import subprocess
import sys

import pytest

from picture_pipeline.cli.output import (
    print_json,
    print_json_line,
    print_line,
    print_table,
    printable_line,
    say,
    size_text,
)

NOT_UTF8 = os.fsdecode(b"caf\xe9.jpg")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("plain ä 日.jpg", "plain ä 日.jpg"),
        ("two\nlines", "two\\nlines"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("gpj.\u202eexe", "gpj.\\u202eexe"),
        (NOT_UTF8, "caf\\xe9.jpg"),
    ],
)
def test_names_can_do_no_harm_on_a_terminal(name: str, shown: str) -> None:
    assert printable_line(name) == shown


def test_json_is_utf8_whatever_the_name(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    print_json_line({"path": "日", "names": [NOT_UTF8], "size": 1})

    out = capsysbinary.readouterr().out
    assert json.loads(out.decode("utf-8")) == {"path": "日", "names": ["caf\\xe9.jpg"], "size": 1}
    assert out.count(b"\n") == 1


def test_lines_and_json_come_out_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    print_line("one")
    print_json({"two": 2})
    print_line("three")

    assert capsys.readouterr().out == 'one\n{\n  "two": 2\n}\nthree\n'


def test_a_table_is_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([("", "archive"), ("hard link", "yes")])

    assert capsys.readouterr().out == "           archive\nhard link  yes\n"


def test_talk_goes_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    say("one\ntwo")

    assert capsys.readouterr() == ("", "picture-pipeline: one\ntwo\n")


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 bytes"), (1023, "1023 bytes"), (1536, "1.5 KB"), (5 * 1024**3, "5.0 GB")],
)
def test_sizes_are_told_in_powers_of_1024(size: int, text: str) -> None:
    assert size_text(size) == text


@pytest.mark.parametrize("locale", [{"LANG": "C"}, {"LC_ALL": "C"}, {"PYTHONIOENCODING": "latin1"}])
def test_any_name_is_printed_in_any_locale(locale: dict[str, str]) -> None:
    program = (
        "from picture_pipeline.cli import main\n"
        "from picture_pipeline.cli.output import print_line, print_json_line\n"
        "main.main(['--version'])\n"
        "print_line('\u65e5 \\udce9')\n"
        "print_json_line({'a': '\u65e5'})\n"
    )
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        capture_output=True,
        env={**kept, **locale},
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == '{"a": "日"}'.encode()
