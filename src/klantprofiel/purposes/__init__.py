"""Purposes: for what customers' data may be used, over which channel and on which ground, and who said no."""

from klantprofiel.purposes.disclosure import MINIMUM_GROUP, WITHHELD, shown_count, shown_groups
from klantprofiel.purposes.permissions import REASONS, permitted
from klantprofiel.purposes.register import (
    ALL_CHANNELS,
    ALL_PURPOSES,
    DIRECT_MARKETING,
    ChannelRule,
    Purpose,
    Register,
    load_register,
)

__all__ = [
    "ALL_CHANNELS",
    "ALL_PURPOSES",
    "DIRECT_MARKETING",
    "MINIMUM_GROUP",
    "REASONS",
    "WITHHELD",
    "ChannelRule",
    "Purpose",
    "Register",
    "load_register",
    "permitted",
    "shown_count",
    "shown_groups",
]
