"""What can go wrong between a server and this machine: what was asked for, and what came."""

from __future__ import annotations

from typing import Self

from fourseas.errors import SourceError


class FetchError(SourceError):
    """A server did not give what it should."""

    @classmethod
    def not_an_address(cls, url: str) -> Self:
        """Say that a text names no file or directory on a server."""
        return cls(
            f"{url} is not the address of a file or directory.",
            "Give it like https://HOST/PATH or s3://BUCKET/PATH, without `?` and `#`.",
        )

    @classmethod
    def no_manifest(cls, url: str) -> Self:
        """Say that nobody can tell which parts a server has."""
        return cls(
            f"There is no `manifest.json` or `manifest` at {url} nor right above it, so that "
            "nobody can tell which parts there are.",
            "Give the address of the directory that holds the manifest, such as .../data/jsonl.",
        )

    @classmethod
    def not_given(cls, url: str, found: str) -> Self:
        """Say what a server did in place of giving a file."""
        return cls(
            f"{url} could not be fetched: {found}",
            "Run the same command again when the server is well; what was fetched and read stays.",
        )

    @classmethod
    def other_size(cls, url: str, listed: int, found: int) -> Self:
        """Say that a manifest and a server differ on the size of a part."""
        return cls(
            f"{url}: the manifest lists {listed:,} bytes, the server has {found:,}.",
            "One of them is older; run the same command again when both are new.",
        )


class AbsentFileError(FetchError):
    """A file that a manifest lists is not on the server."""

    @classmethod
    def at(cls, url: str) -> Self:
        """Say which."""
        return cls(
            f"{url} is not there.",
            "See whether the address is right, or pass --allow-incomplete to go without it.",
        )


class UntriedError(FetchError):
    """A part was not asked for, since the server had failed too often."""

    @classmethod
    def part(cls, url: str) -> Self:
        """Say which."""
        return cls(
            f"{url} was not asked for: the server had failed time after time.",
            "Run the same command again when the server is well; what was fetched and read stays.",
        )
