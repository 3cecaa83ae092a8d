"""Hoefblad Huis & Tuin, a retailer that does not exist: its deliveries, and its own pipelines run on them."""

from klantprofiel.demo.files import GeneratedFile
from klantprofiel.demo.generate import Generated, generate
from klantprofiel.demo.run import run_demo

__all__ = ["Generated", "GeneratedFile", "generate", "run_demo"]
