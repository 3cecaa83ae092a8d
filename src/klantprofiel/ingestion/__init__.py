"""Ingestion: delivered files are held against their contract and landed as the text they hold, each once.

The door is `ingest(run, deliveries)`. What landed is read by validation through `Land`.
"""

from klantprofiel.ingestion.delivery import Delivery
from klantprofiel.ingestion.door import ingest
from klantprofiel.ingestion.faults import Fault, rule_of
from klantprofiel.ingestion.land import Batch, Land, Order, order_of
from klantprofiel.ingestion.result import Ingested, TakenIn

__all__ = [
    "Batch",
    "Delivery",
    "Fault",
    "Ingested",
    "Land",
    "Order",
    "TakenIn",
    "ingest",
    "order_of",
    "rule_of",
]
