"""PhotoSync's folders are albums, except where they are the whole camera roll, or dates."""

import pytest

from picture_pipeline.sources.albums import no_albums, photosync_albums


@pytest.mark.parametrize(
    ("root", "folder", "albums"),
    [
        (b"/nas/photosync", b"Anna's iPhone/Holiday", ("Holiday",)),
        (b"/nas/photosync", b"Anna/Holiday", ("Holiday",)),
        (b"/nas/photosync", b"Anna's iPhone/Holiday/more", ("Holiday",)),
        (b"/nas/Anna's iPhone", b"Holiday", ("Holiday",)),
        (b"/nas/iPhone", b"Anna's iPhone/Holiday", ("Holiday",)),
        (b"/nas/photosync", b"Holiday", ("Holiday",)),
        (b"/nas/photosync", "Anna's iPhone/Weiße Nächte".encode(), ("Weiße Nächte",)),
        (b"/nas/photosync", b"Anna's iPhone/\xff", ("\ufffd",)),
        (b"/nas/photosync", b"Anna's iPhone/Recents", ()),
        (b"/nas/photosync", b"Anna's iPhone/CAMERA ROLL", ()),
        (b"/nas/photosync", b"Anna's iPhone/2024-03", ()),
        (b"/nas/photosync", b"Anna's iPhone", ()),
        (b"/nas/photosync", b"", ()),
    ],
)
def test_the_folder_below_the_device_is_the_album(
    root: bytes, folder: bytes, albums: tuple[str, ...]
) -> None:
    assert photosync_albums(root, folder) == albums


def test_other_folders_are_no_albums() -> None:
    assert no_albums(b"/nas/pictures", b"Anna's iPhone/Holiday") == ()
