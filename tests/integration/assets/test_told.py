"""What a companion says of people and favourites is shown, listed and written."""

from itertools import permutations

from installed import Storage
from libraries import Library
from pictures import jpeg, photo

TAKEN = "2024:03:15 10:11:12"
SIDECAR = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:fstop="http://www.fstopapp.com/xmp/" fstop:favorite="{}"
 xmlns:i="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"><i:PersonInImage><rdf:Bag>{}</rdf:Bag>
 </i:PersonInImage></rdf:Description></rdf:RDF></x:xmpmeta>"""
NAMES = ("IMG_1.JPG", "IMG_1.JPG.xmp")
FOUND = (True, [{"name": "Anna", "region": None}, {"name": "Ben", "region": None}])


def sidecar(favourite: int, *people: str) -> bytes:
    return SIDECAR.format(favourite, "".join(f"<rdf:li>{p}</rdf:li>" for p in people)).encode()


FILES = dict(zip(NAMES, (photo(1, taken=TAKEN), sidecar(1, "Anna", "Ben")), strict=True))


def test_a_foreign_sidecar_tells_people_and_favourites_in_both_orders(library: Library) -> None:
    for number, order in enumerate(permutations(NAMES)):
        home = library.folder.parent / f"{number}"
        one = Library(Storage(home / "home"), home / "phone")
        for name in order:
            one.arrive({name: FILES[name]})
        shown = one.shown(NAMES[0])
        assert (shown["favourite"], shown["people"]) == FOUND
        text = one.sidecar(NAMES[0]).read_text()
        assert "<pp:favourite>True</pp:favourite>" in text
        assert text.count("<rdf:li>Anna</rdf:li>") == 2


def test_favourites_and_people_are_listed(library: Library) -> None:
    library.arrive(FILES | {"IMG_2.JPG": jpeg(2)})

    for condition in (("--favourite",), ("--person", "Ben")):
        assert NAMES[0] in {one["original_name"] for one in library.listed(*condition)}
        assert "IMG_2.JPG" not in {one["original_name"] for one in library.listed(*condition)}
    assert library.listed("--album", "Sea") == []


def test_a_companion_that_is_rewritten_takes_back_what_it_said(library: Library) -> None:
    library.arrive(FILES)
    library.arrive({NAMES[1]: sidecar(0)})

    shown = library.shown(NAMES[0])
    assert (shown["favourite"], shown["people"]) == (False, [])


def test_the_text_for_people_names_albums_and_people(library: Library) -> None:
    library.arrive(FILES)
    said = library.storage.here("show", str(library.shown(NAMES[0])["digest"]))

    assert "favourite" in said.text
    assert "Anna" in said.text


def test_a_copy_in_each_album_makes_one_original_in_all_of_them(library: Library) -> None:
    picture = photo(1, taken=TAKEN)
    photosync = ("--source", "photosync")
    first = library.arrive({"Anna's iPhone/Recents/IMG_1.JPG": picture}, *photosync)
    before = library.sidecar("IMG_1.JPG").read_bytes()
    again = library.arrive(
        {f"Anna's iPhone/{album}/IMG_1.JPG": picture for album in ("Sea", "A|B")}, *photosync
    )

    assert (first["imported"], again["imported"], again["duplicate"]) == (1, 0, 2)
    assert b"pp:albums" not in before
    shown = library.shown("IMG_1.JPG")
    assert (shown["albums"], shown["tags"]) == (["A|B", "Sea"], ["Albums/A-B", "Albums/Sea"])
    assert "<rdf:li>Albums|Sea</rdf:li>" in library.sidecar("IMG_1.JPG").read_text()
    for condition in (("--album", "A|B"), ("--tag", "Albums")):
        assert len(library.listed(*condition)) == 1
