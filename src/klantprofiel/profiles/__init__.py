"""Profiles: what is known of each customer as of a date, in declared variables.

build_profiles(run)  makes them; Profiles(release) reads them
variables.py         the declarations
*.sql                a theme per file: dates and sums first, what depends on the date last, in profiles.sql
"""

from klantprofiel.profiles.build import build_profiles
from klantprofiel.profiles.profiles import Profiles
from klantprofiel.profiles.variable import Variable
from klantprofiel.profiles.variables import VARIABLES

__all__ = ["VARIABLES", "Profiles", "Variable", "build_profiles"]
