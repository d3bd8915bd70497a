"""Foreign sidecars: the forms of RDF, the encodings, what programs get wrong, what is hostile."""

from collections.abc import Callable
from datetime import UTC, datetime
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from picture_pipeline.metadata.companions.markup import MAX_BYTES
from picture_pipeline.metadata.formats import XMP
from picture_pipeline.metadata.merge import merge
from picture_pipeline.metadata.parsing.values import Evidence
from picture_pipeline.metadata.sidecar import render_sidecar
from picture_pipeline.model.candidate import SourceName
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.media import MediaType
from picture_pipeline.model.metadata import Capture, Gps, Metadata, TakenFrom
from picture_pipeline.model.sidecar import SidecarContent
from picture_pipeline.model.times import format_time

Reads = Callable[[bytes, MediaType], Evidence]
Wrap = Callable[[str], bytes]

ICLOUDPD = b"""<?xml version='1.0' encoding='utf-8'?>
<x:xml_doc xmlns:x="adobe:ns:meta/" x:xmptk="icloudpd 1.32.3+abc"><rdf:RDF
xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Sea</dc:title>
<dc:description>At noon</dc:description><dc:subject><rdf:Seq><rdf:li>a</rdf:li>
<rdf:li>b</rdf:li></rdf:Seq></dc:subject></rdf:Description><rdf:Description rdf:about=""
xmlns:exif="http://ns.adobe.com/exif/1.0/"><exif:GPSAltitude>12.5</exif:GPSAltitude>
<exif:GPSLatitude>-33.8568</exif:GPSLatitude><exif:GPSLongitude>151.2153</exif:GPSLongitude>
</rdf:Description><rdf:Description rdf:about="" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/">
<photoshop:DateCreated>2024-03-15T10:11:12+1100</photoshop:DateCreated></rdf:Description>
<rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/">
<tiff:Make>Screenshot</tiff:Make></rdf:Description><rdf:Description rdf:about=""
xmlns:xmp="http://ns.adobe.com/xap/1.0/"><xmp:CreateDate>2024-03-15T10:11:12+1100</xmp:CreateDate>
<xmp:Rating>-1</xmp:Rating></rdf:Description></rdf:RDF></x:xml_doc>"""

MTIME = Capture(datetime(2020, 1, 1, tzinfo=UTC), TakenFrom.MTIME)


def described(evidence: Evidence) -> Metadata:
    return merge(evidence, None, lambda: MTIME)


def test_attributes_and_elements_say_the_same(reads: Reads, xmp: Wrap) -> None:
    attribute = xmp('<rdf:Description rdf:about="" xmp:Rating="4"/>')
    element = xmp('<rdf:Description rdf:about=""><xmp:Rating>4</xmp:Rating></rdf:Description>')
    assert reads(attribute, XMP) == reads(element, XMP) == {"Xmp.xmp.Rating": ("4",)}


@pytest.mark.parametrize("form", ["Bag", "Seq"])
def test_a_list_gives_each_of_its_items(reads: Reads, xmp: Wrap, form: str) -> None:
    items = f"<rdf:{form}><rdf:li>a</rdf:li><rdf:li>b</rdf:li></rdf:{form}>"
    data = xmp(f"<rdf:Description><dc:subject>{items}</dc:subject></rdf:Description>")
    assert reads(data, XMP) == {"Xmp.dc.subject": ("a", "b")}


def test_of_several_languages_the_default_one_is_read(reads: Reads, xmp: Wrap) -> None:
    items = '<rdf:li xml:lang="de">Meer</rdf:li><rdf:li xml:lang="x-default">Sea</rdf:li>'
    data = xmp(
        f"<rdf:Description><dc:title><rdf:Alt>{items}</rdf:Alt></dc:title></rdf:Description>"
    )
    assert reads(data, XMP) == {"Xmp.dc.title": ("Sea",)}


def test_a_property_given_twice_adds_up(reads: Reads, xmp: Wrap) -> None:
    one = "<dc:subject><rdf:Bag><rdf:li>a</rdf:li></rdf:Bag></dc:subject>"
    two = "<dc:subject><rdf:Seq><rdf:li>b</rdf:li></rdf:Seq></dc:subject>"
    data = xmp(f"<rdf:Description>{one}{two}</rdf:Description>")
    assert reads(data, XMP) == {"Xmp.dc.subject": ("a", "b")}


def test_the_namespace_counts_and_not_its_prefix(reads: Reads, xmp: Wrap) -> None:
    data = xmp(
        '<rdf:Description xmlns:xap="http://ns.adobe.com/xap/1.0/" xap:Rating="3"'
        ' xmlns:own="urn:own" own:Rating="5"/>'
    )
    assert reads(data, XMP) == {"Xmp.xmp.Rating": ("3",)}


def test_a_shared_list_of_f_spot_is_found(reads: Reads, xmp: Wrap) -> None:
    data = xmp(
        '<rdf:Bag rdf:nodeID="n1"><rdf:li>a</rdf:li></rdf:Bag>'
        '<rdf:Description><dc:subject rdf:nodeID="n1"/></rdf:Description>'
    )
    assert reads(data, XMP) == {"Xmp.dc.subject": ("a",)}


def test_structures_say_nothing(reads: Reads, xmp: Wrap) -> None:
    data = xmp(
        '<rdf:Description><exif:Flash rdf:parseType="Resource">'
        "<exif:Mode>2</exif:Mode></exif:Flash></rdf:Description>"
    )
    assert reads(data, XMP) == {}


MWG = 'xmlns:m="http://www.metadataworkinggroup.com/schemas/regions/"'
REGION = (
    '<rdf:li><rdf:Description m:Name="Anna" m:Type="Face"/></rdf:li>'
    '<rdf:li rdf:parseType="Resource"><m:Name>Ben</m:Name><m:Type>Face</m:Type></rdf:li>'
    '<rdf:li><rdf:Description m:Name="Rex" m:Type="Pet"/></rdf:li>'
    '<rdf:li><rdf:Description m:Type="Face"/></rdf:li>'
)


def test_named_faces_are_people(reads: Reads, xmp: Wrap) -> None:
    data = xmp(
        f'<rdf:Description {MWG}><m:Regions rdf:parseType="Resource"><m:RegionList><rdf:Bag>'
        f"{REGION}</rdf:Bag></m:RegionList></m:Regions></rdf:Description>"
    )
    assert described(reads(data, XMP)).people == ("Anna", "Ben")


@pytest.mark.parametrize(
    "said", ['fstop:favorite="1"', 'pp:favourite="True"', 'fstop:favorite=" true "']
)
def test_a_favourite_of_a_sidecar_is_one(reads: Reads, xmp: Wrap, said: str) -> None:
    spaces = (
        'xmlns:fstop="http://www.fstopapp.com/xmp/" xmlns:pp="https://picture-pipeline.org/ns/1.0/"'
    )
    data = xmp(f"<rdf:Description {spaces} {said}/>")
    assert described(reads(data, XMP)).favourite is True


def test_five_stars_of_icloudpd_are_a_favourite_too(reads: Reads) -> None:
    found = described(reads(ICLOUDPD.replace(b">-1<", b">5<"), XMP))
    assert (found.rating, found.favourite) == (5, True)


def test_the_sidecar_of_icloudpd_is_read_whole(reads: Reads) -> None:
    found = described(reads(ICLOUDPD, XMP))
    assert found.gps == Gps(-33.8568, 151.2153, 12.5)
    assert (found.title, found.caption, found.keywords) == ("Sea", "At noon", ("a", "b"))
    assert found.rating == -1
    assert format_time(found.capture.taken_at) == "2024-03-15T10:11:12+11:00"


def test_a_screenshot_of_icloudpd_has_no_camera(reads: Reads) -> None:
    assert described(reads(ICLOUDPD, XMP)).make is None


def test_the_position_of_photos_on_macos_follows_its_reference(reads: Reads, xmp: Wrap) -> None:
    data = xmp(
        "<rdf:Description><exif:GPSLatitudeRef>S</exif:GPSLatitudeRef>"
        "<exif:GPSLatitude>33.5</exif:GPSLatitude><exif:GPSLongitudeRef>W</exif:GPSLongitudeRef>"
        "<exif:GPSLongitude>70.5</exif:GPSLongitude></rdf:Description>"
    )
    assert described(reads(data, XMP)).gps == Gps(-33.5, -70.5)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_of_unicode_is_read(reads: Reads, xmp: Wrap, encoding: str) -> None:
    text = xmp("<rdf:Description><dc:title>Zürich 東京</dc:title></rdf:Description>").decode()
    assert reads(text.encode(encoding), XMP) == {"Xmp.dc.title": ("Zürich 東京",)}


def test_a_declared_single_byte_encoding_is_read(reads: Reads, xmp: Wrap) -> None:
    text = xmp("<rdf:Description><dc:title>Zürich</dc:title></rdf:Description>").decode()
    body = text.replace("\ufeff", "")
    data = f'<?xml version="1.0" encoding="ISO-8859-1"?>{body}'.encode("latin-1")
    assert reads(data, XMP) == {"Xmp.dc.title": ("Zürich",)}


@pytest.mark.parametrize(
    "flawed",
    [
        lambda data: b"\xef\xbb\xbf\xef\xbb\xbf" + data,
        lambda data: b"  \n" + data,
        lambda data: data + b"\0" * 100,
        lambda data: data.replace(b"Sea", b"S\x00e\x01a"),
        lambda data: data.replace(b"Sea", b"S\xef\xbb\xbfea"),
    ],
    ids=["two marks", "blanks before", "NULs behind", "control characters", "a mark inside"],
)
def test_a_flaw_does_not_hide_the_rest(
    reads: Reads, xmp: Wrap, flawed: Callable[[bytes], bytes]
) -> None:
    data = xmp("<rdf:Description><dc:title>Sea</dc:title></rdf:Description>")
    assert reads(flawed(data), XMP) == {"Xmp.dc.title": ("Sea",)}


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>'
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY d SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("doctype", [LAUGHS, OUTSIDE], ids=["billion laughs", "outside entity"])
def test_entities_are_refused(reads: Reads, xmp: Wrap, doctype: str) -> None:
    text = xmp("<rdf:Description><dc:title>&d;</dc:title></rdf:Description>").decode()
    assert reads((doctype + text[text.index("<x:") :]).encode(), XMP) == {}


def test_ten_megabytes_are_the_most_that_is_read(reads: Reads, xmp: Wrap) -> None:
    data = xmp("<rdf:Description><dc:title>Sea</dc:title></rdf:Description>")
    assert reads(data + b" " * (MAX_BYTES - len(data)), XMP) != {}
    assert reads(data + b" " * (MAX_BYTES - len(data) + 1), XMP) == {}


def test_a_million_elements_are_no_sidecar(reads: Reads, xmp: Wrap) -> None:
    assert reads(xmp("<rdf:Description/>" * 500_000), XMP) == {}


def test_elements_within_elements_without_end_do_no_harm(reads: Reads, xmp: Wrap) -> None:
    assert reads(xmp("<dc:title>" * 90_000 + "</dc:title>" * 90_000), XMP) == {}


@pytest.mark.parametrize("data", [b"", b"<", b"\xff\xfe", b"<a>", b"{}", b"\0\0\0\0", b"<a/><b/>"])
def test_what_is_no_xmp_says_nothing(reads: Reads, data: bytes) -> None:
    assert reads(data, XMP) == {}


TEXT = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x2FFF, blacklist_categories=("Cs", "Cc")),
    min_size=1,
    max_size=40,
).filter(lambda text: text.strip() == text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(title=TEXT, encoding=st.sampled_from(["utf-8", "utf-16", "utf-16-be"]))
def test_every_text_comes_back(reads: Reads, xmp: Wrap, title: str, encoding: str) -> None:
    text = xmp(f"<rdf:Description><dc:title>{escape(title)}</dc:title></rdf:Description>").decode()
    assert reads(text.encode(encoding), XMP) == {"Xmp.dc.title": (title,)}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(data=st.binary(max_size=300))
def test_no_bytes_break_the_reading(reads: Reads, data: bytes) -> None:
    assert reads(b"<x:xmpmeta>" + data, XMP) == {}


def test_a_sidecar_of_our_own_comes_back_as_it_was(reads: Reads) -> None:
    said = Metadata(
        capture=Capture(datetime(2024, 3, 15, 10, 11, 12), TakenFrom.EXIF_ORIGINAL),  # noqa: DTZ001
        make="Apple",
        rating=4,
        keywords=("Sea",),
        tags=("Places/Sea",),
        title="At & <by> the sea",
        gps=Gps(48.5, -9.25),
    )
    place = (b"a.jpg", SourceName("s"), b"a.jpg", "2024-03-15T12:00:00Z")
    sidecar = render_sidecar(SidecarContent(Digest("a" * 64), said, *place))
    found = described(reads(sidecar, XMP))
    assert (found.make, found.rating, found.title) == ("Apple", 4, "At & <by> the sea")
    assert (found.keywords, found.tags, found.gps) == (("Sea",), ("Places/Sea",), Gps(48.5, -9.25))
    assert found.capture.taken_at.replace(tzinfo=None) == said.capture.taken_at
