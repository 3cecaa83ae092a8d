r"""The bytes of a text file as UTF-8, checked against the declared encoding while they stream by.

A byte that the encoding does not know condemns its record and no other. On its way there it is written as
UTF-8 writes a surrogate, which no text holds: `\x81` travels as U+DC81.

Where each byte is a sign, UTF-8 is read without an error, as other signs: a record whose signs beyond ASCII
are all UTF-8 when written back is condemned too.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, BinaryIO, Final

import numpy as np

from klantprofiel.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

STRETCH_BYTES: Final = (
    1 << 24
)  # some 100,000 records: enough for arrays to pay off, little enough to hold ten of
MOST_WRONG: Final = 20  # records; a file with more of them, and few right ones, is in another encoding

_START_BYTES: Final = 8  # two signs of UTF-32
_MARKED: Final = {  # encodings whose byte order mark tells how to read them
    "utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
    "utf-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE),
}
_UTF_8_NAMES: Final = {"utf-8", "utf-8-sig"}
_LEAD: Final = 0xED  # the first of three bytes of a surrogate in UTF-8, followed by 0xA0 or more
_SURROGATES: Final = 0xA0
_TWO_BYTES: Final = 0xC0  # the first byte of a sign in UTF-8 tells how many it has
_THREE_BYTES: Final = 0xE0
_FOUR_BYTES: Final = 0xF0
_ESCAPE: Final = 0xDC00
_ESCAPED: Final = re.compile("[\udc00-\udcff]")
_CONDEMNED: Final = "klantprofiel.condemned"
_LOOKS: Final = {  # how files start that are something else than they are declared
    codecs.BOM_UTF16_LE: 'UTF-16: declare encoding="utf-16"',
    codecs.BOM_UTF16_BE: 'UTF-16: declare encoding="utf-16"',
    b"PAR1": "Parquet: declare dialect = s.Parquet()",
    b"PK\x03\x04": "a zip or Excel file: declare dialect = s.Excel(), or have it unpacked",
    b"\xd0\xcf\x11\xe0": "an old Excel file: have it saved as .xlsx, and declare dialect = s.Excel()",
}


def utf_8_stretches(file: BinaryIO, encoding: str, name: str) -> Iterator[bytes]:
    r"""Yield the file as stretches of UTF-8 without its byte order mark, whole characters at a time.

    Bytes that the encoding does not know are in it as surrogates; `wrong_bytes` finds them.

    Raises
    ------
    DeliveryError
        When the file starts with the byte order mark of another encoding, or lacks the one that it needs.

    Examples
    --------
    >>> import io
    >>> b"".join(utf_8_stretches(io.BytesIO(b"caf\xe9"), "cp1252", "f.csv")).decode()
    'café'
    """
    is_utf_8 = codecs.lookup(encoding).name in _UTF_8_NAMES
    decoder = codecs.getincrementaldecoder("utf-8" if is_utf_8 else encoding)("strict")
    is_first, rest = True, b""
    start = file.read(_START_BYTES)
    _check_start(start, encoding, name)
    while True:
        stretch, start = start + file.read(max(STRETCH_BYTES - len(start), 0)), b""
        try:
            text = decoder.decode(stretch, final=not stretch)
            is_whole = True
        except UnicodeDecodeError:
            decoder.errors = _CONDEMNED
            text = decoder.decode(stretch, final=not stretch)
            decoder.errors, is_whole = "strict", False
        if is_utf_8:
            content = rest + stretch if rest else stretch
            rest, _ = decoder.getstate()
            content = content[: len(content) - len(rest)] if rest else content
        if not (is_utf_8 and is_whole):
            content = text.encode("utf-8", "surrogatepass")
        if content and is_first:
            content, is_first = content.removeprefix(codecs.BOM_UTF8), False
        if content:
            yield content
        if not stretch:
            return


def wrong_bytes(data: bytes) -> NDArray[np.int64]:
    """Return where in a stretch the bytes stand that its encoding does not know."""
    if _LEAD.to_bytes(1, "big") not in data:
        return np.zeros(0, np.int64)
    seen = np.frombuffer(data, np.uint8)
    leads = np.flatnonzero(seen[:-1] == _LEAD)
    return leads[seen[leads + 1] >= _SURROGATES]


def shown(record: bytes) -> str:
    r"""Return the text of a record, with what its encoding does not know as `\x81`.

    >>> (data,) = utf_8_stretches(__import__("io").BytesIO(b"Ren\xe9e"), "utf-8", "f.csv")
    >>> print(shown(data))
    Ren\xe9e
    """
    text = record.decode("utf-8", "surrogatepass")
    return _ESCAPED.sub(lambda match: f"\\x{ord(match[0]) - _ESCAPE:02x}", text)


class Wrongs:
    """The count of records that are not in the declared encoding, against those that speak for it."""

    def __init__(self, encoding: str, name: str) -> None:
        self._encoding = encoding
        self._name = name
        self._is_single_byte = _is_single_byte(encoding)
        self._n_wrong = 0
        self._n_telling = 0

    def mark(
        self, data: bytes, ends: NDArray[np.int64], lines: NDArray[np.int64]
    ) -> NDArray[np.bool_] | None:
        """Say which records are wrong, of a stretch in which they end at `ends` and start on `lines`.

        None when none is: then all its records speak for the encoding, unless ASCII says all.

        Raises
        ------
        DeliveryError
            When so many are wrong that the file is in another encoding.
        """
        places = np.searchsorted(ends, wrong_bytes(data), "right")
        if self._is_single_byte:
            places = np.append(places, self._doubled(data, ends))
        places = places[places < len(ends)]
        if not len(places):
            self._n_telling += 0 if data.isascii() else len(ends)
            return None
        wrong = np.zeros(len(ends), np.bool_)
        wrong[places] = True
        beyond_ascii = np.flatnonzero(np.frombuffer(data, np.uint8) & 0x80)
        self._n_telling += int(np.count_nonzero(np.diff(np.searchsorted(beyond_ascii, ends), prepend=0)))
        self._n_wrong += int(np.count_nonzero(wrong))
        if self._n_wrong > MOST_WRONG and self._n_wrong * 2 > self._n_telling:
            at = int(wrong.argmax())
            start = int(ends[at - 1]) if at else 0
            raise wrong_encoding(data[start : int(ends[at])], self._encoding, self._name, int(lines[at]))
        return wrong

    def _doubled(self, data: bytes, ends: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the records of which all bytes beyond ASCII are UTF-8 that was read sign by sign.

        Only a record in which two signs beyond ASCII stand side by side can be one, so only those are tried.
        """
        seen = np.frombuffer(data, np.uint8)
        leads = np.flatnonzero(seen >= _TWO_BYTES)
        kinds = seen[leads]
        afters = leads + 2 + (kinds >= _THREE_BYTES) + (kinds >= _FOUR_BYTES)
        tried = np.unique(np.searchsorted(ends, leads[:-1][leads[1:] == afters[:-1]], "right"))
        tried = tried[tried < len(ends)]
        starts = np.where(tried, ends[tried - 1], 0)
        records = zip(tried.tolist(), starts.tolist(), ends[tried].tolist(), strict=True)
        return np.array([at for at, start, end in records if self._is_doubled(data[start:end])], np.int64)

    def _is_doubled(self, record: bytes) -> bool:
        try:
            record.decode().encode(self._encoding).decode()
        except UnicodeError:
            return False
        return True


def wrong_encoding(record: bytes, encoding: str, name: str, line: int) -> DeliveryError:
    """Return the error of a file that is in another encoding than its table declares, shown by one record."""
    delivered = b"".join(
        bytes([ord(letter) - _ESCAPE]) if _ESCAPED.fullmatch(letter) else letter.encode(encoding, "replace")
        for letter in record.decode("utf-8", "surrogatepass")
    )
    look = look_of(delivered)
    others = (other for other in ("utf-8", "cp1252") if _can_be(delivered, other))
    if not look and (other := next(others, None)):
        look = f'{other}: declare encoding="{other}" when the supplier says so'
    found = "a byte that is" if len(wrong_bytes(record)) else "UTF-8, which is"
    return DeliveryError(
        f"{name} holds {found} not {encoding}, on line {line}",
        expected=f"a file in {encoding}, as its table declares",
        todo=f"the file looks like {look}"
        if look
        else "ask the supplier for the declared encoding, or declare the one that the file is in",
    )


def look_of(start: bytes) -> str | None:
    """Return what a file seems to be that starts so, if that is no text of one byte per sign."""
    return next((look for mark, look in _LOOKS.items() if start.startswith(mark)), None)


def _check_start(start: bytes, encoding: str, name: str) -> None:
    """Refuse a file that starts with the byte order mark of another encoding, or lacks the one it needs."""
    if start.startswith(codecs.BOM_UTF8) and _is_single_byte(encoding):
        raise DeliveryError(
            f"{name} starts with the byte order mark of UTF-8",
            expected=f"a file in {encoding}, as its table declares",
            todo='the file is UTF-8: declare encoding="utf-8"',
        )
    marked = codecs.lookup(encoding).name
    if not start or start.startswith(_MARKED.get(marked, b"")):
        return
    look = look_of(start)
    at_even, at_odd = start[::2].count(0), start[1::2].count(0)
    if marked == "utf-32":  # the highest byte of a sign is always zero: the first or the last of four
        at_even, at_odd = start[::4].count(0), start[3::4].count(0)
    todo = "ask the supplier for the declared encoding, or declare the one that the file is in"
    if look:
        todo = f"the file looks like {look}"
    elif at_even != at_odd:
        todo = f'declare encoding="{marked}-{"le" if at_odd > at_even else "be"}"'
    raise DeliveryError(
        f"{name} has no byte order mark",
        expected=f"a file in {encoding}, of which the mark tells the order of its bytes",
        todo=todo,
    )


def _is_single_byte(encoding: str) -> bool:
    """Say whether each byte is a sign by itself, those beyond ASCII too."""
    every = bytes(range(0x80, 0x100))
    alone = "".join(bytes([byte]).decode(encoding, "replace") for byte in every)
    return every.decode(encoding, "replace") == alone != "\ufffd" * len(every)


def _can_be(delivered: bytes, encoding: str) -> bool:
    try:
        delivered.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _condemn(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(_ESCAPE + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error(_CONDEMNED, _condemn)
