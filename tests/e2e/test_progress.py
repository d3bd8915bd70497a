"""Progress: plain lines where nobody looks on, a bar with rate and remaining time on a terminal."""

import os
import pty
import re
import select
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from installed import COMMAND, Storage
from pictures import fill, jpeg, write

WIDE = {"COLUMNS": "120", "TERM": "xterm-256color"}


def on_a_terminal(
    storage: Storage,
    *arguments: str | Path,
    looking: Callable[[bytes, int], None] = lambda _seen, _terminal: None,
) -> tuple[int, str, str]:
    """Run with stderr on a terminal; gives status, stdout, and what the terminal showed."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [COMMAND, *arguments],
        env=storage.given(**WIDE).environ,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    seen = b""
    while process.poll() is None or select.select([ours], [], [], 0)[0]:
        if select.select([ours], [], [], 0.1)[0]:
            try:
                seen += os.read(ours, 65536)
            except OSError:  # the other side is closed
                break
            looking(seen, process.pid)
    out, _ = process.communicate()
    os.close(ours)
    return process.returncode, out.decode(), seen.decode(errors="replace")


def test_where_stderr_is_no_terminal_there_are_plain_lines(storage: Storage, source: Path) -> None:
    fill(source, 3)

    said = storage.call("import", source)

    assert all(line.startswith("picture-pipeline: ") for line in said.err.splitlines())
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u2500-\u25ff]", said.err)


def test_a_terminal_shows_a_bar_with_rate_and_remaining_time(
    storage: Storage, source: Path
) -> None:
    fill(source, 150, side=1200)

    status, out, seen = on_a_terminal(storage, "import", source)

    assert status == 0
    assert re.search(r"Importing.*\d+/150.*\d+\.\d files/s.*\d:\d\d:\d\d", seen)
    assert out.startswith("150 seen = 150 imported")


def test_the_bar_leaves_stdout_to_the_report(storage: Storage, source: Path) -> None:
    fill(source, 3)

    _, out, _ = on_a_terminal(storage, "import", "--json", source)

    assert out.startswith("{")
    assert "\x1b" not in out


def test_quiet_shows_no_bar(storage: Storage, source: Path) -> None:
    fill(source, 3)

    _, _, seen = on_a_terminal(storage, "import", "--quiet", source)

    assert "\x1b" not in seen


def test_ctrl_c_on_a_terminal_reaches_the_command(storage: Storage, source: Path) -> None:
    fill(source, 150, side=1200)
    sent: list[int] = []

    def press(seen: bytes, pid: int) -> None:
        if not sent and re.search(rb"[1-9]\d*/", seen):
            sent.append(pid)
            os.killpg(pid, signal.SIGINT)

    status, out, seen = on_a_terminal(storage, "import", source, looking=press)

    assert (status, len(sent)) == (130, 1)
    assert "stopping" in seen
    assert "interrupted" in out


def test_generate_thumbs_shows_a_bar_too(storage: Storage, source: Path) -> None:
    fill(source, 3)
    storage.call("import", source)

    status, _, seen = on_a_terminal(storage, "generate-thumbs")

    assert status == 0
    assert re.search(r"Thumbnails.*3/3", seen)


def test_json_on_stdout_is_one_document_and_talk_goes_to_stderr(
    storage: Storage, source: Path
) -> None:
    write(source / "a.jpg", jpeg(1))

    said = storage.call("import", "--json", source)

    assert said.json["imported"] == 1
    assert "no storage.yaml" in said.err
