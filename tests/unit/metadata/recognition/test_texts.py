"""Which texts belong to pictures: by their root element or their keys."""

import pytest

from picture_pipeline.metadata import formats
from picture_pipeline.metadata.recognition.recognise import recognise
from picture_pipeline.model.media import MediaType, Unsupported

DECLARED = '<?xml version="1.0" encoding="UTF-8"?>\n'
SONY = DECLARED + '<NonRealTimeMeta xmlns="urn:schemas-professionalDisc:nonRealTimeMeta:ver.2.00">'
DOCTYPE = '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://x/y.dtd">'
EDIT = f'{DECLARED}{DOCTYPE}<plist version="1.0"><dict><key>adjustmentData</key>'


def what(text: str | bytes, name: str = "x") -> MediaType | Unsupported | None:
    head = text.encode() if isinstance(text, str) else text
    return recognise(head, name.encode(), len(head))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SONY, formats.CAMERA_XML),
        ("\ufeff" + SONY, formats.CAMERA_XML),
        (SONY.encode("utf-16"), formats.CAMERA_XML),
        (SONY.encode("utf-16-be"), formats.CAMERA_XML),
        (SONY.replace("<Non", "<sony:Non"), formats.CAMERA_XML),
        (EDIT, formats.AAE),
        ("<!-- by hand --><x:xmpmeta xmlns:x='adobe:ns:meta/'>", formats.XMP),
        ("<rdf:RDF xmlns:rdf='r'>", formats.XMP),
        ('{"photoTakenTime": {"timestamp": "1"}}', formats.JSON),
        ('{"title": "x.jpg", "imageViews": "3"}', formats.JSON),
        ('{"title": "Album", "access": "protected", "date": {}}', formats.JSON),
        ('\ufeff{"albumData": {}}', formats.JSON),
        ('{"fileName": "a.jpg", "dateTaken": "2024-01-01T00:00:00Z"}', formats.JSON),
    ],
)
def test_a_companion_is_told_by_its_content(text: str | bytes, expected: MediaType) -> None:
    assert what(text, "whatever.bin") == expected


@pytest.mark.parametrize(
    "text",
    [
        "<html><body>",
        "<plist version='1.0'><dict>",
        "<NonRealTimeMetadata>",
        "<a><NonRealTimeMeta>",
        "<!-- <NonRealTimeMeta> -->",
        "photoTakenTime",
        '{"title": "a page"}',
    ],
)
def test_other_texts_are_nothing(text: str) -> None:
    assert what(text) is None


@pytest.mark.parametrize(
    "text", ['{"a": 1}', '[{"SourceFile": "x.jpg", "title": 1, "imageViews": 2}]']
)
def test_other_json_is_named_and_not_taken_in(text: str) -> None:
    assert what(text, "x.jpg.json") == Unsupported("application/json")


def test_a_property_list_named_aae_is_an_edit() -> None:
    assert what(DECLARED + "<plist version='1.0'><dict>", "IMG_0001.AAE") == formats.AAE
    assert what(b"bplist00\xd1", "IMG_0001.AAE") == formats.AAE


def test_a_drawing_that_holds_rdf_is_a_drawing() -> None:
    drawing = "<svg xmlns='http://www.w3.org/2000/svg'><metadata><rdf:RDF>"
    assert what(drawing) == Unsupported("image/svg+xml")


def test_a_prolog_made_to_be_slow_is_read_once() -> None:
    assert what("<?a?>" * 20_000 + "<") is None
