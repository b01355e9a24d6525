"""Archives of small files with a list of their hashes: packed alike each time, read with care."""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from fourseas.errors import BundleError
from fourseas.lake.layout import disk_errors

MANIFEST = "MANIFEST.json"
"""The list of files, their sizes and hashes; it is not in itself."""

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)?")
"""Names of files: plain, at most one directory deep."""

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The date of every entry: the same files give the same bytes, whenever they are packed."""

DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    ValueError,  # a place before its begin; a name in it that is not UTF-8, as it says it is
)
"""What a file raises that is no whole archive."""

MOST_BYTES = 2**31
MOST_FILES = 200
MOST_BYTES_OF_LIST = 2**20
"""Of the list of files, which is read whole before anything is known of them."""

FILE_RIGHTS = 0o644 << 16


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return files as the bytes of an archive, with a list of their hashes."""
    listed = {
        name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in sorted(files.items())
    }
    manifest = (json.dumps({"files": listed}, indent=1) + "\n").encode()
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (*sorted(files.items()), (MANIFEST, manifest)):
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.external_attr = FILE_RIGHTS
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return sink.getvalue()


def unpacked(path: Path) -> dict[str, bytes]:
    """Return the files of an archive, each as its hash says.

    Nothing is written, names lead nowhere, and no more is read than the list allows.

    Raises
    ------
    BundleError
        If it is no archive of ours, or a file is missing, changed, added or too large.
    LakeError
        If it cannot be read.
    """
    with disk_errors(path):
        if not path.is_file():
            raise BundleError.unreadable(str(path), "there is no such file")
        try:
            with zipfile.ZipFile(path) as archive:
                return _files(archive, str(path))
        except DAMAGES as error:
            raise BundleError.unreadable(str(path), f"it is no whole zip file ({error})") from error


def _files(archive: zipfile.ZipFile, path: str) -> dict[str, bytes]:
    """Return the files that the list names; there may be no others."""
    entries = {entry.filename: entry for entry in archive.infolist()}
    if len(entries) != len(archive.infolist()):
        raise BundleError.unreadable(path, "two files in it have one name")
    if MANIFEST not in entries:
        raise BundleError.unreadable(path, f"it holds no {MANIFEST}")
    if len(entries) > MOST_FILES or sum(one.file_size for one in entries.values()) > MOST_BYTES:
        raise BundleError.unreadable(
            path, f"it holds more than {MOST_FILES} files or {MOST_BYTES} bytes"
        )
    listed = _listed(archive, path)
    faults = [f"{name} is not listed" for name in entries.keys() - listed.keys() - {MANIFEST}]
    faults += [f"{name} is missing" for name in listed.keys() - entries.keys()]
    faults += [f"{name} is no name for a file" for name in listed if not NAME.fullmatch(name)]
    files: dict[str, bytes] = {}
    if not faults:
        for name, (n_bytes, sha256) in listed.items():
            with archive.open(name) as stream:
                content = stream.read(n_bytes + 1)
            if hashlib.sha256(content).hexdigest() == sha256:
                files[name] = content
            else:
                faults.append(f"{name} is not what its hash says")
    if faults:
        raise BundleError.changed(path, sorted(faults))
    return files


def _listed(archive: zipfile.ZipFile, path: str) -> dict[str, tuple[int, str]]:
    """Return the size and hash of each file that the list names."""
    try:
        with archive.open(MANIFEST) as stream:
            written = stream.read(MOST_BYTES_OF_LIST + 1)
        if len(written) > MOST_BYTES_OF_LIST:
            raise BundleError.unreadable(path, f"{MANIFEST} is over {MOST_BYTES_OF_LIST} bytes")
        stated = json.loads(written)["files"]
        return {str(name): (int(one["bytes"]), str(one["sha256"])) for name, one in stated.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BundleError.unreadable(path, f"{MANIFEST} is no list of files") from error
