"""Immich's API, as far as a source of pictures needs it: ``ports.AssetServer``.

Versions 2.5.6 and 3.1.0 were looked at; what they do differently is tolerated.
No redirect is ever followed, so that the key goes to no other host; it
stands in a header only, and in no message.
"""

import heapq
import json
import ssl
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus

import httpx

from picture_pipeline.errors import Unavailable, UsageError
from picture_pipeline.model.server_asset import ServerAsset, Visibility
from picture_pipeline.remote.access import Access
from picture_pipeline.remote.answers import (
    as_id,
    as_list,
    as_object,
    asset_of,
    ids_of,
    named,
)
from picture_pipeline.remote.patience import Patience

PERMISSIONS = (
    "asset.read",
    "asset.download",
    "album.read",
    "stack.read",
    "tag.read",
    "user.read",
)
"""Least that a key needs."""

_PAGE = 1000
"""The most that Immich gives at once."""
_OLDEST = 2
_STALE_PAGES = 3
"""Pages without anything new, after which a server is not asked any further."""
_LONGEST_MESSAGE = 200
_PIECE = 1 << 20
_LARGEST_ANSWER = 1 << 29
"""Bytes; a page of 1000 assets with EXIF and people has 3 MB."""
_AS_IS = {"accept": "*/*", "accept-encoding": "identity"}
_TIMEOUT = httpx.Timeout(60.0, connect=10.0)
_GONE = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND})
"""Immich answers 400, not 404, for an id that is not there or not ours."""
_NOT_GIVEN = _GONE | {HTTPStatus.INTERNAL_SERVER_ERROR}
"""And 500 for a file that it cannot read: one file's fault, not the server's."""


class ImmichServer:
    """One Immich server, asked with one person's key; see ``ports.AssetServer``."""

    def __init__(
        self, access: Access, patience: Patience | None = None, timeout: httpx.Timeout = _TIMEOUT
    ) -> None:
        self._shown = access.url
        self._patience = patience or Patience(time.sleep)
        self._client = httpx.Client(
            base_url=f"{access.url}/api/",
            headers={"x-api-key": access.key, "accept": "application/json"},
            timeout=timeout,
            follow_redirects=False,
            trust_env=False,  # no proxy or .netrc of the environment gets to see the key
            verify=_trust(access.url),
        )

    def close(self) -> None:
        """Let go of the connections; twice does no harm."""
        self._client.close()

    def check(self) -> None:
        """Make sure that an Immich of a version we know answers, and knows the key."""
        version = as_object(self._get("server/version"))
        major = version.get("major")
        if not isinstance(major, int):
            raise self._no_immich("its answer is something else's")
        if major < _OLDEST:
            told = ".".join(str(version.get(part)) for part in ("major", "minor", "patch"))
            raise UsageError(f"{self._shown}: Immich {told} is too old; update it to 2.5 or newer")
        self.owner()

    def owner(self) -> str:
        """Give the id of the person whose key this is."""
        identity = as_id(as_object(self._get("users/me")).get("id"))
        if identity is None:
            raise self._no_immich("it does not say whose key this is")
        return identity

    def assets(self, visibility: Visibility) -> Iterator[ServerAsset]:
        """Give every asset of this visibility; see the port.

        Asked with EXIF, Immich leaves out what it has not looked at yet (an
        inner join, seen in its source): so it is asked without, too.
        """
        query = {"visibility": visibility.value}
        full = self._by_time({**query, "withExif": True, "withPeople": True})
        return _without_doubles(heapq.merge(full, self._by_time(query), key=_taken))

    def asset(self, asset: str) -> ServerAsset | None:
        """Give one asset; None when it is gone, or not this person's to see."""
        answer = self._ask("GET", f"assets/{asset}", gone=_GONE)
        return asset_of(answer)

    def albums(self) -> Mapping[str, str]:
        """Give the names of all albums, own and shared ones, by their ids."""
        own = named(self._get("albums"), "albumName")
        shared = named(self._get("albums?shared=true"), "albumName")
        return {**own, **shared}

    def tags(self) -> Mapping[str, str]:
        """Give the tags, paths of words like ``A/B``, by their ids."""
        return named(self._get("tags"), "value")

    def stacks(self) -> Iterator[tuple[str, Collection[str]]]:
        """Give each stack's id, with its assets' ids."""
        for answer in as_list(self._get("stacks")):
            told = as_object(answer)
            identity, primary = as_id(told.get("id")), as_id(told.get("primaryAssetId"))
            members = {*ids_of(told.get("assets")), *([primary] if primary else ())}
            if identity is not None:
                yield identity, members

    def ids_in_album(self, album: str) -> Iterator[str]:
        """Give the ids of an album's assets."""
        return self._ids({"albumIds": [album]})

    def ids_with_tag(self, tag: str) -> Iterator[str]:
        """Give the ids of the assets with a tag, or with one below it."""
        return self._ids({"tagIds": [tag]})

    def size_of(self, asset: str) -> int | None:
        """Ask for the length of an asset's bytes; None when they cannot be had."""
        response = self._begun(asset)
        if response.status_code != HTTPStatus.OK:
            self._judge(response, _reason(response), gone=frozenset(HTTPStatus))
            return None
        response.close()
        length = response.headers.get("content-length", "")
        return int(length[:18]) if length.isdecimal() else None

    @contextmanager
    def original(self, asset: str) -> Iterator[Iterator[bytes] | None]:
        """Open an asset's bytes, in pieces; see the port."""
        response = self._begun(asset)
        try:
            if response.status_code == HTTPStatus.OK:
                yield _pieces(response)
            else:
                self._judge(response, _reason(response), gone=_NOT_GIVEN)
                yield None
        finally:
            response.close()

    def _ids(self, query: Mapping[str, object]) -> Iterator[str]:
        # Without ``visibility`` Immich gives what a person sees; films follow their stills.
        return (asset.id for asset in self._by_time(query))

    def _by_time(self, query: Mapping[str, object]) -> Iterator[ServerAsset]:
        """Page by the time of the last asset, not by page numbers.

        Immich counts off the rows of all pages before: page 1000 costs what
        1000 pages cost. Only where a whole page is of one instant is the
        number used.
        """
        after: str | None = None
        newest, page, stale = "", 1, 0
        at_newest: set[str] = set()
        while stale < _STALE_PAGES:
            found, more = self._page(query, after, page)
            stale += 1
            for asset in found:
                if asset.taken < newest:
                    raise self._no_immich("it does not give its assets in the order of time")
                if asset.taken > newest:
                    newest = asset.taken
                    at_newest.clear()
                if asset.id not in at_newest:
                    at_newest.add(asset.id)
                    stale = 0
                    yield asset
            if not more or not found:
                return
            page = page + 1 if newest == after else 1
            after = newest

    def _page(
        self, query: Mapping[str, object], after: str | None, page: int
    ) -> tuple[list[ServerAsset], bool]:
        body = {**query, "withDeleted": True, "order": "asc", "size": _PAGE, "page": page}
        if after is not None:
            body["takenAfter"] = after
        told = as_object(as_object(self._ask("POST", "search/metadata", body)).get("assets"))
        if "items" not in told:
            raise self._no_immich("its search gives no assets")
        found = (asset_of(answer) for answer in as_list(told["items"]))
        return [asset for asset in found if asset is not None], told.get("nextPage") is not None

    def _get(self, path: str) -> object:
        return self._ask("GET", path)

    def _ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        gone: frozenset[HTTPStatus] = frozenset(),
    ) -> object:
        """Give the JSON of an answer; None for a status that means that it is gone."""
        response, data = self._patience.send(
            self._client,
            lambda: self._client.build_request(method, path, json=body),
            _whole,
            self._shown,
        )
        if response.status_code not in {HTTPStatus.OK, HTTPStatus.CREATED}:
            self._judge(response, data, gone=gone)
            return None
        try:
            return json.loads(data)
        except ValueError:
            kind = response.headers.get("content-type", "something").partition(";")[0]
            raise self._no_immich(f"it answers with {kind}") from None

    def _begun(self, asset: str) -> httpx.Response:
        """Ask for an asset's bytes, as they are; whoever asked closes the answer."""
        return self._patience.send(
            self._client,
            lambda: self._client.build_request("GET", f"assets/{asset}/original", headers=_AS_IS),
            lambda response: response,
            self._shown,
        )

    def _judge(self, response: httpx.Response, data: bytes, gone: frozenset[HTTPStatus]) -> None:
        """Raise what a status means; return for those in ``gone``."""
        status = response.status_code
        if status == HTTPStatus.UNAUTHORIZED:
            raise UsageError(
                f"{self._shown}: this API key is wrong, or was deleted; make one in Immich "
                "(Account Settings, API Keys) and put it into storage.immich.api_key_file"
            )
        if status == HTTPStatus.FORBIDDEN:
            raise UsageError(
                f"{self._shown}: this API key may not do that ({_message(data)}); in Immich "
                f"(Account Settings, API Keys) give it: {', '.join(PERMISSIONS)}"
            )
        if status in gone:
            return
        if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
            where = response.headers.get("location", "elsewhere").partition("?")[0]
            raise UsageError(
                f"{self._shown}: this address leads on to {where}; give the address where Immich "
                "itself answers as storage.immich.url"
            )
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise self._away(f"it answers {status}: {_message(data)}")
        raise self._no_immich(f"it answers {status}: {_message(data)}")

    def _away(self, problem: str) -> Unavailable:
        return Unavailable(
            f"{self._shown}: the server broke off ({problem}). Nothing was lost; look at its log, "
            "then run the command again"
        )

    def _no_immich(self, problem: str) -> UsageError:
        return UsageError(
            f"{self._shown}: this is no Immich that picture-pipeline knows ({problem}); give the "
            "address that Immich's app uses, such as http://immich.lan:2283"
        )


def _taken(asset: ServerAsset) -> str:
    return asset.taken


def _without_doubles(assets: Iterable[ServerAsset]) -> Iterator[ServerAsset]:
    """Give the first of those with one id and instant; they come by time."""
    newest = ""
    seen: set[str] = set()
    for asset in assets:
        if asset.taken != newest:
            newest = asset.taken
            seen.clear()
        if asset.id not in seen:
            seen.add(asset.id)
            yield asset


def _whole(response: httpx.Response) -> tuple[httpx.Response, bytes]:
    """Read an answer that is not a picture; raises httpx.TransportError when it breaks off."""
    data = bytearray()
    try:
        for piece in response.iter_bytes():
            data += piece
            if len(data) > _LARGEST_ANSWER:
                raise httpx.ReadError("it answers without end")
    finally:
        response.close()
    return response, bytes(data)


def _reason(response: httpx.Response) -> bytes:
    """Read why there are no bytes; nothing when that breaks off too."""
    try:
        return _whole(response)[1]
    except (httpx.TransportError, httpx.DecodingError):
        return b""


def _pieces(response: httpx.Response) -> Iterator[bytes]:
    try:
        yield from response.iter_bytes(_PIECE)
    except (httpx.TransportError, httpx.DecodingError) as error:
        raise ConnectionError(str(error) or type(error).__name__) from None


def _message(data: bytes) -> str:
    """Give an error's own words, short and on one line."""
    try:
        said = as_object(json.loads(data)).get("message")
    except ValueError:
        said = None
    return " ".join(str(said or "without a reason").split())[:_LONGEST_MESSAGE]


def _trust(url: str) -> ssl.SSLContext | bool:
    """Trust what this computer trusts: also a certificate authority of one's own."""
    return ssl.create_default_context() if url.startswith("https:") else True
