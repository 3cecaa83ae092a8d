"""From raw deliveries to a defensible choice of customers, in one house.

    import klantprofiel as kp

    release = kp.open_release("klanten")
    profiles = release.profiles()

Importing this costs nothing: each name is fetched from its room when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # what editors and type checkers see; `_ROOMS` says the same to Python
    from klantprofiel import schema
    from klantprofiel.errors import (
        ConfigurationError,
        DeclarationError,
        DeliveryError,
        GateError,
        KlantprofielError,
        LockedError,
        NotFoundError,
        PermissionRefusedError,
        ProjectError,
    )
    from klantprofiel.exports import audience, export
    from klantprofiel.ingestion import Delivery, ingest
    from klantprofiel.profiles import Profiles, build_profiles
    from klantprofiel.project import Project, find_project
    from klantprofiel.reading import open_release
    from klantprofiel.segmentation import (
        KMeansSegmenter,
        MixtureSegmenter,
        RuleSegmenter,
        Segmentation,
        segment,
    )
    from klantprofiel.targeting import score
    from klantprofiel.unification import unify
    from klantprofiel.validation import validate
    from klantprofiel.warehouse import Warehouse

_ROOMS: Final = {
    "ConfigurationError": "errors",
    "DeclarationError": "errors",
    "Delivery": "ingestion",
    "DeliveryError": "errors",
    "GateError": "errors",
    "KMeansSegmenter": "segmentation",
    "KlantprofielError": "errors",
    "LockedError": "errors",
    "MixtureSegmenter": "segmentation",
    "NotFoundError": "errors",
    "PermissionRefusedError": "errors",
    "Profiles": "profiles",
    "Project": "project",
    "ProjectError": "errors",
    "RuleSegmenter": "segmentation",
    "Segmentation": "segmentation",
    "Warehouse": "warehouse",
    "audience": "exports",
    "build_profiles": "profiles",
    "export": "exports",
    "find_project": "project",
    "ingest": "ingestion",
    "open_release": "reading",
    "score": "targeting",
    "segment": "segmentation",
    "unify": "unification",
    "validate": "validation",
}

__all__ = [
    "ConfigurationError",
    "DeclarationError",
    "Delivery",
    "DeliveryError",
    "GateError",
    "KMeansSegmenter",
    "KlantprofielError",
    "LockedError",
    "MixtureSegmenter",
    "NotFoundError",
    "PermissionRefusedError",
    "Profiles",
    "Project",
    "ProjectError",
    "RuleSegmenter",
    "Segmentation",
    "Warehouse",
    "audience",
    "build_profiles",
    "export",
    "find_project",
    "ingest",
    "open_release",
    "schema",
    "score",
    "segment",
    "unify",
    "validate",
]


if not TYPE_CHECKING:  # a type checker refuses what is not listed above

    def __getattr__(name: str) -> object:
        """Fetch a public name from its room, and keep it here."""
        from importlib import import_module  # noqa: PLC0415 - importing klantprofiel imports nothing

        if name == "schema":  # a room that is public as a whole; importing it keeps it here
            return import_module(f"{__name__}.schema")
        if name not in _ROOMS:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value: object = getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """Name what can be fetched, for completion in a notebook."""
    return __all__
