"""Records in files of a thousand, appended: a file of its own for each costs a hundred times as much."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

PER_FILE = 1_000
MOST_FILES = 11


@dataclass(frozen=True, slots=True)
class Record:
    """Where one stands."""

    file: Path
    start: int
    length: int

    def read(self) -> bytes:
        """What it holds."""
        with self.file.open("rb") as source:
            source.seek(self.start)
            return source.read(self.length)


class Records:
    """Records under one folder, at least the newest ten thousand. Each is in the file behind a line with its length."""

    def __init__(self, folder: Path) -> None:
        """Opens nothing until `load`."""
        self._folder = folder
        self._out: FileIO | None = None
        self._file, self._count = folder / _name(1), 0

    def load(self) -> list[Record]:
        """Makes the folder; all that is in it, oldest first. What a killed process left half written is cut off."""
        self._folder.mkdir(parents=True, exist_ok=True)
        found = list[Record]()
        for file in sorted(self._folder.glob("*.mails")):
            self._file, records = file, list(_records(file))
            self._count = len(records)
            found += records
        return found

    def append(self, content: bytes) -> Record:
        """Writes one as a whole or, with an OSError, not at all."""
        out = self._open()
        start, head = out.tell(), b"%d\n" % len(content)
        try:
            if out.write(head + content) < len(head) + len(content):
                raise OSError(f"{self._file} takes no more")
        except OSError:
            out.truncate(start)
            raise
        self._count += 1
        return Record(self._file, start + len(head), len(content))

    def close(self) -> None:
        """Closes the file that is written to."""
        if self._out is not None:
            self._out.close()
            self._out = None

    def _open(self) -> FileIO:
        if self._count >= PER_FILE:
            self._turn()
        if self._out is None:
            self._out = FileIO(self._file, "ab")
            self._out.seek(0, 2)
        return self._out

    def _turn(self) -> None:
        """The next file; the oldest goes."""
        self.close()
        number = int(self._file.stem) + 1
        self._file, self._count = self._folder / _name(number), 0
        (self._folder / _name(number - MOST_FILES)).unlink(missing_ok=True)


def _name(number: int) -> str:
    return f"{number:06d}.mails"


def _records(file: Path) -> Iterator[Record]:
    size, start = file.stat().st_size, 0
    with file.open("r+b") as source:
        while head := source.readline(20):
            begins = start + len(head)
            if not head.endswith(b"\n") or begins + int(head) > size:
                source.truncate(start)
                return
            yield Record(file, begins, int(head))
            start = begins + int(head)
            source.seek(start)
