"""Why a record that could not be read at all is in quarantine, in Dutch."""

from __future__ import annotations

from typing import Final

from klantprofiel.ingestion import Fault, rule_of

REJECT_REASONS: Final = {
    rule_of(fault): reason
    for fault, reason in {
        Fault.UNCLOSED_QUOTE: "Een aanhalingsteken wordt niet gesloten",
        Fault.TEXT_AFTER_QUOTE: "Er staat tekst achter een gesloten aanhalingsteken",
        Fault.QUOTE_IN_FIELD: "Er staat een aanhalingsteken midden in een veld, na een eerder gebroken veld",
        Fault.NUL_BYTE: "Het record bevat een NUL-teken",
        Fault.TOO_FEW_FIELDS: "Het record heeft minder velden dan de kopregel",
        Fault.TOO_MANY_FIELDS: "Het record heeft meer velden dan de kopregel",
        Fault.WRONG_ENCODING: "Het record bevat bytes die niet bij de afgesproken tekencodering horen",
        Fault.NOT_JSON: "De regel is geen geldige JSON",
        Fault.NO_OBJECT: "De regel bevat iets anders dan een JSON-object",
        Fault.DUPLICATE_NAME: "Een naam komt meer dan eens voor in het JSON-object",
        Fault.NESTED_VALUE: "Een afgesproken kolom bevat een lijst of object in plaats van een waarde",
        Fault.LONE_SURROGATE: "Het record bevat een half teken, dat geen tekst kan zijn",
        Fault.TOO_DEEP: "Het JSON-object is te diep genest",
        Fault.ERROR_CELL: "Een cel bevat een foutmelding van Excel, zoals #N/B",
        Fault.LOST_DIGITS: "Een tekst staat als getal in de cel, waarvan Excel maar vijftien cijfers bewaart",
        Fault.NO_RESULT: "Een cel bevat een formule waarvan de uitkomst niet is opgeslagen",
        Fault.REPEATED_HEADER: "De regel herhaalt de kopregel van het bestand",
        Fault.MERGED_CELL: "Een cel is samengevoegd met een andere, en houdt zelf geen waarde",
        Fault.RENAMED: "Een afgesproken naam ontbreekt en staat er met andere hoofdletters of tekens",
    }.items()
}
