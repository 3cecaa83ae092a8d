"""Exports: who of the chosen customers may be reached for a purpose, and the file that is handed over."""

from klantprofiel.exports.account import Account
from klantprofiel.exports.handover import Exported, export
from klantprofiel.exports.reach import Audience, audience

__all__ = ["Account", "Audience", "Exported", "audience", "export"]
