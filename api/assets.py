"""Static files, our own and those of installed packages: read once, compressed once, named by content."""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

_OWN = Path(__file__).parent / "static"
_FONTS = ("Regular", "SemiBold", "Bold")
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
}
_FOREVER = "public, max-age=31536000, immutable"
_BRIEFLY = "public, max-age=300"


class AssetMissing(Exception):
    """An installed package lacks a file that the pages need."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, ready to be sent."""

    name: str
    media_type: str
    content: bytes
    compressed: bytes
    digest: str

    @property
    def url(self) -> str:
        """Its address; another content has another address."""
        return f"/static/{self.name}?v={self.digest}"


@cache
def assets() -> Mapping[str, Asset]:
    """Every static file by name. The style sheet refers to the fonts by their addresses."""
    fonts = [_asset(f"BeVietnamPro-{weight}.ttf", font_path(weight).read_bytes()) for weight in _FONTS]
    found = {font.name: font for font in fonts}
    found["htmx.min.js"] = _asset("htmx.min.js", _htmx().read_bytes())
    for path in sorted(_OWN.iterdir()):
        content = path.read_bytes()
        if path.suffix == ".css":
            for font in fonts:
                content = content.replace(f"/static/{font.name}".encode(), font.url.encode())
        found[path.name] = _asset(path.name, content)
    return found


def asset_url(name: str) -> str:
    """Address of a static file, for templates."""
    return assets()[name].url


def serve_asset(name: str, request: Request) -> Response | None:
    """The response for a static file, or None when there is none of that name."""
    asset = assets().get(name)
    if asset is None:
        return None
    current = request.query_params.get("v") == asset.digest
    headers = {
        "Cache-Control": _FOREVER if current else _BRIEFLY,
        "ETag": f'"{asset.digest}"',
        "Vary": "Accept-Encoding",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    zipped = "gzip" in request.headers.get("accept-encoding", "")
    if zipped:
        headers["Content-Encoding"] = "gzip"
    return Response(asset.compressed if zipped else asset.content, media_type=asset.media_type, headers=headers)


def _asset(name: str, content: bytes) -> Asset:
    digest = hashlib.sha256(content).hexdigest()[:16]
    return Asset(name, _TYPES[Path(name).suffix], content, gzip.compress(content, mtime=0), digest)


def font_path(weight: str) -> Path:
    """A file of the pages' typeface: Regular, SemiBold or Bold."""
    return _installed("fontpkg_be_vietnam_pro", f"files/BeVietnamPro-{weight}.ttf")


def _htmx() -> Path:
    return _installed("js_lib_htmx", "static/htmx/htmx.min.js")  # found without importing it: it wants Django


def _installed(package: str, file: str) -> Path:
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / file
        if path.is_file():
            return path
    raise AssetMissing(f"{package}: {file}")
