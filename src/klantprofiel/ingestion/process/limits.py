"""What the reading of one untrusted file may take: memory, time, disk."""

from __future__ import annotations

import contextlib
import math
import sys
from dataclasses import dataclass
from typing import Final, Self

MEMORY_BYTES: Final = 2 << 30  # 1M rows of 12 columns take 0.4 GB; several files may be read at once
LEAST_SECONDS: Final = 60.0  # a machine that is busy with other work reads a small file in time all the same
SECONDS_PER_MB: Final = 5.0  # the slowest reader takes 0.2, of text that compressed ten to one
LEAST_WRITTEN_BYTES: Final = 1 << 30
WRITTEN_PER_BYTE: Final = 50  # what is written is compressed: more than this was meant to fill the disk
CPU_PER_SECOND: Final = 4  # several threads work at once; for when nobody is left to look at the clock


@dataclass(frozen=True)
class Limits:
    """The most that the reading of one file may take."""

    memory_bytes: int
    seconds: float
    written_bytes: int

    @classmethod
    def of(cls, n_bytes: int) -> Self:
        """Return the limits for a file of so many bytes.

        >>> Limits.of(100 << 20).seconds
        560.0
        """
        return cls(
            memory_bytes=MEMORY_BYTES,
            seconds=LEAST_SECONDS + SECONDS_PER_MB * n_bytes / (1 << 20),
            written_bytes=max(LEAST_WRITTEN_BYTES, WRITTEN_PER_BYTE * n_bytes),
        )

    def impose(self) -> None:
        """Put the limits on this process, for good.

        Memory is what it writes itself (RLIMIT_DATA): the address space (RLIMIT_AS) counts what allocators
        only reserve, and stops a process in the middle of a thread. macOS does not keep the first.
        """
        import resource  # noqa: PLC0415  not on every system where a release can be read

        cpu_seconds = math.ceil(self.seconds * CPU_PER_SECOND)
        limits = {
            resource.RLIMIT_CORE: 0,  # a core dump would hold the records
            resource.RLIMIT_CPU: cpu_seconds,
            resource.RLIMIT_FSIZE: self.written_bytes,
            resource.RLIMIT_DATA: self.memory_bytes,
        }
        for kind, most in limits.items():
            _, hardest = resource.getrlimit(kind)
            least = most if hardest == resource.RLIM_INFINITY else min(most, hardest)
            with contextlib.suppress(*(() if sys.platform == "linux" else (ValueError, OSError))):
                resource.setrlimit(kind, (least, least))

    def in_words(self) -> str:
        """Return the limits as part of a sentence.

        >>> Limits.of(0).in_words()
        '2 GB of memory and 60 seconds'
        """
        return f"{_size(self.memory_bytes)} of memory and {self.seconds:.0f} seconds"


def _size(n_bytes: int) -> str:
    gigabytes = n_bytes / (1 << 30)
    return f"{gigabytes:.3g} GB" if gigabytes >= 1 else f"{n_bytes >> 20} MB"
