"""Which file system a path lies on, by the table of mounts."""

from pathlib import Path

import pytest

from picture_pipeline.durable.mounts import UNKNOWN, mount_of, parse_mounts

TABLE = parse_mounts("""\
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
60 27 0:50 / /nonexistent/nas rw,relatime shared:31 - nfs4 server:/photos rw,vers=4.2
61 27 0:51 / /nonexistent/smb rw,relatime shared:32 master:1 - cifs //server/photos rw,vers=3.1.1
62 27 0:52 / /nonexistent/ssh rw,nosuid - fuse.sshfs anna@server: rw,user_id=0
63 27 0:53 / /nonexistent/ntfs rw - fuseblk /dev/sdb1 rw
64 27 0:54 / /nonexistent/with\\040space rw - virtiofs share rw
65 60 0:55 / /nonexistent/nas/scratch rw - xfs /dev/sdc1 rw
66 27 0:56 / /nonexistent/twice rw - autofs systemd-1 rw
67 66 0:57 / /nonexistent/twice rw - nfs server:/old rw
nonsense
""")


@pytest.mark.parametrize(
    ("path", "kind", "network"),
    [
        ("/nonexistent", "ext4", False),
        ("/nonexistent/nas", "nfs4", True),
        ("/nonexistent/nas/photos/originals", "nfs4", True),
        ("/nonexistent/nasty", "ext4", False),
        ("/nonexistent/smb/x", "cifs", True),
        ("/nonexistent/ssh/x", "fuse.sshfs", True),
        ("/nonexistent/ntfs/x", "fuseblk", False),
        ("/nonexistent/with space/x", "virtiofs", True),
        ("/nonexistent/nas/scratch/x", "xfs", False),
        ("/nonexistent/twice/x", "nfs", True),
    ],
)
def test_the_deepest_and_last_mount_counts(path: str, kind: str, network: bool) -> None:  # noqa: FBT001 - a row of the table
    mount = mount_of(Path(path), TABLE)

    assert (mount.kind, mount.is_network) == (kind, network)


def test_lines_that_are_not_understood_are_left_out() -> None:
    assert len(TABLE) == 9


def test_without_a_table_nothing_is_known() -> None:
    assert mount_of(Path("/nonexistent"), ()) == UNKNOWN
    assert not UNKNOWN.is_network
