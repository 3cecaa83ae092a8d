"""Profiles: what is known of each customer as of a date, in declared variables.

build_profiles(run)  makes them; Profiles(release) reads them
theme.py, themes.py  variables that are computed together, from facts; those of the house and of a project
facts.py             what happened, and since when it is known
changed.py           of whom a run makes facts again; renewal.py, of whom themes
earlier.py           profiles of an earlier date, as known at an earlier moment
purchases/ ...       a package per theme: facts and variables as SQL, with their declarations beside them
"""

from klantprofiel.profiles.build import build_profiles
from klantprofiel.profiles.earlier import profiles_at
from klantprofiel.profiles.profiles import Profiles
from klantprofiel.profiles.theme import MOST_MISSING
from klantprofiel.profiles.variable import Variable

__all__ = ["MOST_MISSING", "Profiles", "Variable", "build_profiles", "profiles_at"]
