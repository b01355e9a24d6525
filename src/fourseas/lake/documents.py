"""Texts by which something was found, each kept under its hash: policies, lists, registers."""

from __future__ import annotations

from pathlib import Path

from fourseas.errors import AuditError
from fourseas.lake.chain import HEAD, digest
from fourseas.lake.layout import Lake, disk_errors, taking_turns, write_text


def keep(lake: Lake, text: str) -> str:
    """Keep a text and return its SHA-256; one that is kept already is not written again."""
    name = digest(text.encode())
    with disk_errors(lake.documents):
        if not _path(lake, name).is_file():
            with taking_turns(lake.documents):
                write_text(_path(lake, name), text)
    return name


def read(lake: Lake, sha256: str) -> str:
    """Return the text of a hash.

    Raises
    ------
    AuditError
        If it is not kept here, or is no longer what the hash says.
    """
    with disk_errors(lake.documents):
        if not (HEAD.fullmatch(sha256) and _path(lake, sha256).is_file()):
            raise AuditError.absent_document(sha256, str(lake.documents))
        data = _path(lake, sha256).read_bytes()
    if digest(data) != sha256:
        raise AuditError.changed_document(str(_path(lake, sha256)))
    return data.decode()


def _path(lake: Lake, sha256: str) -> Path:
    return lake.documents / sha256
