"""Files that gzip compressed, unpacked while they are read: whole, or refused."""

from __future__ import annotations

import gzip
import io
import os
import zlib
from typing import TYPE_CHECKING, BinaryIO, Final

from klantprofiel.errors import DeliveryError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAGIC: Final = b"\x1f\x8b"
FREE_BYTES: Final = 64 << 20  # up to this much, any ratio is fine: it is read in a second
MOST_TIMES: Final = 200  # registers in CSV and JSON lines become 5 to 30 times as small
MOST_BYTES: Final = 64 << 30


def open_packed(file: BinaryIO, name: str) -> BinaryIO:
    """Return the file unpacked when it starts as gzip does, and as it is otherwise.

    Raises
    ------
    DeliveryError
        When a name ends in .gz and the file is not compressed; and while it is read, when it was cut off or
        damaged, or unpacks to far more than it is.

    Examples
    --------
    >>> open_packed(io.BytesIO(gzip.compress(b"a;b")), "f.csv").read()
    b'a;b'
    """
    is_packed = file.read(len(MAGIC)) == MAGIC
    file.seek(0)
    if is_packed:
        return io.BufferedReader(_Unpacked(file, name))
    if name.lower().endswith(".gz"):
        raise DeliveryError(
            f"{name} is not compressed by gzip",
            expected="a file that starts as gzip files do, since its name ends in .gz",
            todo="have it delivered again; it may be empty, or be named wrongly",
        )
    return file


class _Unpacked(io.RawIOBase):
    """The content of a gzip file, of one member or more, that knows when it is too much."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._n_packed = file.seek(0, os.SEEK_END)
        file.seek(0)
        self._name = name
        self._content = gzip.GzipFile(fileobj=file, mode="rb")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._content.seek(offset, whence)

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        try:
            content = self._content.read(len(view))
        except EOFError:
            raise self._damaged("is cut off: it ends in the middle of what gzip compressed") from None
        except (gzip.BadGzipFile, zlib.error):
            raise self._damaged("is damaged: gzip cannot unpack it") from None
        n_bytes = self._content.tell()
        if n_bytes > min(max(FREE_BYTES, MOST_TIMES * self._n_packed), MOST_BYTES):
            raise DeliveryError(
                f"{self._name} unpacks to {n_bytes >> 20} MB and more, from {self._n_packed} bytes",
                expected=f"a file that becomes at most {MOST_TIMES} times as large",
                todo="ask the supplier what was sent; an honest file of this kind can be delivered unpacked",
            )
        view[: len(content)] = content
        return len(content)

    def _damaged(self, found: str) -> DeliveryError:
        return DeliveryError(
            f"{self._name} {found}",
            expected="a whole file",
            todo="have it delivered again, and moved into place only when it is whole",
        )
