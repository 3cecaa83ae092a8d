"""Hand an audience over as a file, with a manifest, an account and a line in the ledger."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from klantprofiel.display import Displayed
from klantprofiel.errors import ConfigurationError, NotFoundError, PermissionRefusedError
from klantprofiel.exports.csv_file import csv_bytes
from klantprofiel.exports.reach import audience as reach
from klantprofiel.exports.rows import header, rows
from klantprofiel.project import resolve
from klantprofiel.reading import open_release
from klantprofiel.warehouse import Warehouse, write_file
from klantprofiel.warehouse.store import PRIVATE_DIRECTORY, PRIVATE_FILE, file_sha256

if TYPE_CHECKING:
    from pathlib import Path

    from klantprofiel.display import Summary
    from klantprofiel.exports.account import Account
    from klantprofiel.exports.reach import Audience
    from klantprofiel.targeting import Choice
    from klantprofiel.warehouse import Ledger


@dataclass(frozen=True, repr=False, kw_only=True)
class Exported(Displayed):
    """A file that was handed over, and where its manifest lies; `n` is its number of customers."""

    export_id: str
    path: Path
    n: int
    sha256: str
    manifest: Path
    account: Account

    def summary(self) -> Summary:
        """Return what was handed over, in Dutch."""
        steps = self.account.steps()
        return {
            "title": "Export",
            "facts": {"Klanten": self.n, "Bestand": str(self.path), "Export": self.export_id},
            "tables": [{"title": "Van bruto naar netto", "columns": ["Stap", "Klanten"], "rows": steps}],
            "notes": [f"Manifest en verantwoording staan in {self.manifest.parent}."],
        }


def export(audience: Audience, file: str | Path, *, replace: bool = False) -> Exported:
    """Write the audience to a CSV file for who carries out the campaign, and record that it was handed over.

    The file has one row per customer, sorted by customer number, and only the columns its channel needs:
    customer number and segment; over e-mail, telephone and post also the name and the address; over analysis
    the chosen variables. It is written whole or not at all, for the owner's eyes (0600). The same audience of
    the same release gives the same bytes.

    A file that an earlier export wrote to this place is replaced, so a pipeline may write to one path every
    night. Anything else that stands there, also an export that was changed by hand, is refused.

    Parameters
    ----------
    audience
        What `audience(...)` returned for a recorded choice, of the release in force.
    file
        Where to; ends in `.csv`; a relative path starts at the project.
    replace
        Replace whatever file stands there.

    Returns
    -------
    Exported
        The path, number of customers and SHA-256; the manifest and account lie in `exports/<export id>/` of
        the warehouse.

    Raises
    ------
    PermissionRefusedError
        When the choice is not recorded, the audience is of a release that is no longer in force (who said no
        since then would still be in it) or was altered, or you are not the owner of the warehouse.
    ConfigurationError
        When the file is not a `.csv`, lies in the warehouse, or is not an export of ours.

    Examples
    --------
    >>> from klantprofiel.exports import audience
    >>> choice = release.scorecard("najaar").select(top=2, by="CCO", because="de hoogste score")
    >>> letters = audience(choice, purpose="nieuwsbrief", channel="email")
    >>> export(letters, "uitvoer/brieven.csv").n == letters.account.net
    True
    """
    warehouse = Warehouse(audience.root)
    path = _checked_path(resolve(file), warehouse)
    _check_permission(audience, warehouse)
    _check_unaltered(audience)
    content = csv_bytes(header(audience), rows(audience))
    sha256 = hashlib.sha256(content).hexdigest()
    if not replace:
        _check_overwriting(path, sha256, warehouse.ledger)
    _make_directory(path.parent)
    manifest = _manifest(audience, path, sha256)
    export_id = hashlib.sha256(_json(manifest)).hexdigest()[:16]
    directory = warehouse.store.exports / export_id
    directory.mkdir(mode=PRIVATE_DIRECTORY, exist_ok=True)
    write_file(directory / "manifest.json", _json({"export_id": export_id, **manifest}), PRIVATE_FILE)
    write_file(directory / "account.json", _json(audience.account.as_dict()), PRIVATE_FILE)
    # Recorded before the file is there: a crash in between leaves a record too many, never a file unrecorded.
    warehouse.ledger.record_export(export_id, manifest)
    write_file(path, content, PRIVATE_FILE)
    return Exported(
        export_id=export_id,
        path=path,
        n=len(audience),
        sha256=sha256,
        manifest=directory / "manifest.json",
        account=audience.account,
    )


def _checked_path(path: Path, warehouse: Warehouse) -> Path:
    if path.suffix.lower() != ".csv":
        raise ConfigurationError(
            f"{path.name} does not end in .csv",
            expected="a CSV file: the only form that is written",
            todo="give the file the ending .csv",
        )
    if path.resolve().is_relative_to(warehouse.store.root.resolve()):
        raise ConfigurationError(
            f"{path} lies in the warehouse",
            expected="a place outside it: the warehouse holds what runs and exports recorded",
            todo="choose another directory",
        )
    if path.exists() and not path.is_file():
        raise ConfigurationError(f"{path} is there and is no file", expected="a file, or nothing there yet")
    return path


def _check_permission(audience: Audience, warehouse: Warehouse) -> None:
    if not _is_recorded(audience.choice, warehouse.ledger):
        raise PermissionRefusedError(
            "the segments of this audience were not chosen on the record",
            expected="a choice in the ledger: who chose these segments, and why",
            todo='make one as the owner of the warehouse: scorecard.select(..., by="...", because="...")',
        )
    in_force = warehouse.current()
    if audience.release_id != in_force:
        raise PermissionRefusedError(
            f"the audience is of release {audience.release_id}, and {in_force} is in force",
            expected="the release in force: who said no since then must not be reached",
            todo="make the audience again",
        )
    if not warehouse.ledger.is_writable:
        raise PermissionRefusedError(
            "this export cannot be recorded: the ledger is not yours to write",
            expected="the owner of the warehouse",
            todo="ask the operator to run the export",
        )


def _check_unaltered(audience: Audience) -> None:
    """Refuse who is not in the audience of this choice, purpose, channel and variables, computed anew."""
    if audience.choice is None:
        return
    try:
        with open_release(audience.root, audience.release_id) as release:
            again = reach(
                audience.choice,
                purpose=audience.purpose,
                channel=audience.channel,
                variables=audience.variables,
                release=release,
            )
        is_same = again == audience and again.members.equals(audience.members)
    except (ConfigurationError, NotFoundError):
        is_same = False
    if not is_same:
        raise PermissionRefusedError(
            "the audience is not what its choice, purpose and channel give: it or the register was altered",
            expected="an audience as `audience(...)` returned it",
            todo="make the audience again, for the channel and purpose that you need",
        )


def _is_recorded(choice: Choice | None, ledger: Ledger) -> bool:
    """Whether the ledger of this warehouse holds exactly this choice."""
    if choice is None or not choice.is_recorded:
        return False
    told = choice.as_dict()
    return any({**entry, **told} == entry for entry in ledger.choices())


def _check_overwriting(path: Path, sha256: str, ledger: Ledger) -> None:
    if not path.exists():
        return
    found = file_sha256(path)
    ours = {entry["sha256"] for entry in ledger.exports() if entry["file"] == str(path)}
    if found not in {sha256, *ours}:
        raise ConfigurationError(
            f"{path} is there already, and is not as an export left it",
            expected="no file, or one that an earlier export wrote there",
            todo="move it away, or pass replace=True when it may go",
        )


def _make_directory(directory: Path) -> None:
    try:
        # One by one: with `parents=True` those in between would have a mode for everybody.
        for made in reversed([directory, *directory.parents]):
            if not made.is_dir():
                made.mkdir(mode=PRIVATE_DIRECTORY, exist_ok=True)
        is_writable = os.access(directory, os.W_OK)
    except OSError:
        is_writable = False
    if not is_writable:
        raise ConfigurationError(
            f"no file can be written in {directory}",
            expected="a directory that is yours to write in",
            todo="choose another place; nothing was exported",
        )


def _manifest(audience: Audience, path: Path, sha256: str) -> dict[str, Any]:
    return {
        "file": str(path),
        "sha256": sha256,
        "n_customers": len(audience),
        "columns": header(audience),
        "purpose": audience.purpose,
        "channel": audience.channel,
        "ground": audience.ground,
        "segments": list(audience.segments),
        "choice": audience.choice and audience.choice.as_dict(),
        "release": audience.release_id,
        "account": audience.account.as_dict(),
    }


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n"
