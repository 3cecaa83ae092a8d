"""The bytes of a text file as UTF-8, checked against the declared encoding while they stream by."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, BinaryIO, Final

from klantprofiel.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Iterator

STRETCH_BYTES: Final = (
    1 << 24
)  # some 100,000 records: enough for arrays to pay off, little enough to hold ten of

_UTF_8_NAMES: Final = {"utf-8", "utf-8-sig"}
_LOOKS: Final = {  # how files start that are something else than they are declared
    codecs.BOM_UTF16_LE: 'UTF-16: declare encoding="utf-16"',
    codecs.BOM_UTF16_BE: 'UTF-16: declare encoding="utf-16"',
    b"PAR1": "Parquet: declare dialect = s.Parquet()",
    b"\x1f\x8b": "compressed by gzip: have it unpacked",
    b"PK\x03\x04": "a zip or Excel file: have it delivered as CSV",
}


def utf_8_stretches(file: BinaryIO, encoding: str, name: str) -> Iterator[bytes]:
    r"""Yield the file as stretches of UTF-8 without its byte order mark; a character may fall over two.

    Examples
    --------
    >>> import io
    >>> b"".join(utf_8_stretches(io.BytesIO(b"caf\xe9"), "cp1252", "menu.csv")).decode()
    'café'

    Raises
    ------
    DeliveryError
        At the first byte that the encoding does not know; the error tells the line.
    """
    is_utf_8 = codecs.lookup(encoding).name in _UTF_8_NAMES
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    offset = 0
    while True:
        stretch = file.read(STRETCH_BYTES)
        try:
            text = decoder.decode(stretch, final=not stretch)
        except UnicodeDecodeError as error:
            start = offset - (len(error.object) - len(stretch)) + error.start
            raise _wrong_encoding(file, encoding, name, start) from None
        if is_utf_8:
            content = stretch.removeprefix(codecs.BOM_UTF8) if offset == 0 else stretch
        else:
            content = (text.removeprefix("\ufeff") if offset == 0 else text).encode()
        if content:
            yield content
        if not stretch:
            return
        offset += len(stretch)


def _wrong_encoding(file: BinaryIO, encoding: str, name: str, offset: int) -> DeliveryError:
    file.seek(0)
    start = file.read(4)
    look = next((look for mark, look in _LOOKS.items() if start.startswith(mark)), None)
    return DeliveryError(
        f"{name} holds a byte that is not {encoding}, on line {_line_at(file, encoding, offset)}",
        expected=f"a file in {encoding}, as its table declares",
        todo=f"the file looks like {look}"
        if look
        else "ask the supplier for the declared encoding, or declare the one that the file is in",
    )


def _line_at(file: BinaryIO, encoding: str, offset: int) -> int:
    """Return the number of the line on which a byte stands, counting from 1."""
    decoder = codecs.getincrementaldecoder(encoding)("ignore")
    file.seek(0)
    n_line_ends, last = 0, ""
    while offset > 0:
        stretch = file.read(min(STRETCH_BYTES, offset))
        offset -= len(stretch)
        text = last + decoder.decode(stretch)
        last = "\r" if text.endswith("\r") else ""  # an LF may follow
        text = text.removesuffix(last)
        n_line_ends += text.count("\n") + text.count("\r") - text.count("\r\n")
    return n_line_ends + bool(last) + 1
