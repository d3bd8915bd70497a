"""Keys of storage.yaml about where pictures come from: sources, watching, servers."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from picture_pipeline.config.values import AbsolutePath, Number, Section

Kind = Literal[
    "auto",
    "folder",
    "icloudpd",
    "camera",
    "iphone",
    "iphone_usb",
    "immich",
    "immich_api",
    "synology",
    "photosync",
    "takeout",
    "icloud_takeout",
    "apple_photos",
    "rsync",
]
Policy = Literal["keep", "free", "reclaim", "move"]


def _source_name(name: str) -> str:
    if "/" in name or "=" in name or not name.strip():
        message = "must be a plain word without / and ="
        raise ValueError(message)
    return name


class SourceEntry(Section):
    """One named place where candidates turn up."""

    name: Annotated[str, AfterValidator(_source_name)] = Field(examples=["phone"])
    path: AbsolutePath = Field(examples=["/mnt/nas/phone"])
    kind: Kind = Field(default="auto", examples=["auto"])
    owner: str | None = Field(default=None, examples=["anna"])
    policy: Policy = Field(default="keep", examples=["keep"])


class Sync(Section):
    """Where new pictures arrive by themselves."""

    method: Literal["docker-icloud", "immich", "rsync", "folder"] = Field(
        default="folder",
        description="What fills the folder; `docker-icloud`, `immich`, `rsync` or `folder`.",
        examples=["docker-icloud"],
    )
    watch_path: AbsolutePath | None = Field(
        default=None,
        description="Folder of the source called `watch`.",
        examples=["/mnt/nas/icloud-sync"],
    )
    poll_interval_seconds: Number = Field(
        default=60, gt=0, description="Seconds between two looks at it.", examples=[60]
    )
    full_scan_interval_seconds: Number = Field(
        default=1800,
        gt=0,
        description="Seconds between two looks at every file.",
        examples=[1800],
    )
    settle_seconds: Number = Field(
        default=30,
        ge=0,
        description="Seconds a file must stand still before it is taken.",
        examples=[30],
    )
    incomplete_after_seconds: Number = Field(
        default=3600,
        ge=0,
        description="Seconds after which a file that is cut short is taken all the same.",
        examples=[3600],
    )
    stale_after_days: Number = Field(
        default=3,
        gt=0,
        description="Days without a new file after which a source counts as stale.",
        examples=[3],
    )
    icloudpd_config: AbsolutePath | None = Field(
        default=None,
        description="Folder of icloudpd's own configuration, for `doctor`.",
        examples=["/config"],
    )


class Reclaim(Section):
    """Space back in download folders."""

    after_days: Number = Field(
        default=30,
        ge=0,
        description="Days after its ingest before a download may give its space back.",
        examples=[30],
    )


class PathPair(Section):
    """One of the server's folders, and where it lies on this computer."""

    server: str = Field(examples=["/usr/src/app/upload"])
    local: AbsolutePath = Field(examples=["/mnt/nas/immich"])


class ImmichServer(Section):
    """The Immich server that pictures are taken in from."""

    url: str | None = Field(
        default=None, description="Its address.", examples=["http://immich.lan:2283"]
    )
    api_key: str | None = Field(default=None, description="An API key of its.", examples=["k"])
    api_key_file: AbsolutePath | None = Field(
        default=None, description="File that holds the key.", examples=["/run/secrets/immich"]
    )
    paths: tuple[PathPair, ...] = Field(
        default=(),
        description="Its folders and where they lie here: `{server, local}` each.",
        examples=[[{"server": "/usr/src/app/upload", "local": "/mnt/nas/immich"}]],
    )
