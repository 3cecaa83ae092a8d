"""The register of purposes: for what customers' data are used, over which channel, and on which ground.

It is a business decision, so it stands in YAML, in `schemas/purposes.yaml`:

    purposes:
      nieuwsbrief:                       # the name that deliveries of consents and `purpose=` use
        label: Nieuwsbrief
        description: Wekelijkse nieuwsbrief voor eigen klanten.
        direct_marketing: true           # who refuses direct marketing refuses this too; default false
        channels:
          email: {ground: consent}
          post: {ground: legitimate_interest}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from klantprofiel.errors import DeclarationError, PermissionRefusedError, near_miss
from klantprofiel.project import resolve
from klantprofiel.purposes.yaml_lines import YamlFile, read_yaml

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic_core import ErrorDetails

Ground = Literal["consent", "contract", "legitimate_interest", "legal_obligation"]
Channel = Literal["analysis", "email", "phone", "post", "store", "web"]
PurposeName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*( [a-z0-9_]+)*$")]
Sentence = Annotated[str, Field(min_length=1, pattern=r"\S")]

DIRECT_MARKETING: Final = "direct_marketing"
ALL_CHANNELS: Final = "all"
ALL_PURPOSES: Final = "all"


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ChannelRule(_Declared):
    """What makes a purpose lawful over one channel."""

    ground: Ground


class Purpose(_Declared):
    """One purpose: its Dutch label and description, and the ground of each channel it may use."""

    label: Sentence
    description: Sentence
    direct_marketing: bool = False
    channels: Annotated[dict[Channel, ChannelRule], Field(min_length=1)]


class Register(_Declared):
    """Every purpose that customers' data may be used for; what is not in it is refused."""

    purposes: Annotated[dict[PurposeName, Purpose], Field(min_length=1)]

    @field_validator("purposes")
    @classmethod
    def _no_reserved_name(cls, purposes: dict[str, Purpose]) -> dict[str, Purpose]:
        for name in (DIRECT_MARKETING, ALL_PURPOSES):
            if name in purposes:
                raise ValueError(f"{name} is what customers refuse as a whole; give this purpose a name")
        return purposes

    def purpose(self, name: str) -> Purpose:
        """Return the purpose called `name`.

        Raises
        ------
        PermissionRefusedError
            When the register does not name it.
        """
        if name not in self.purposes:
            raise PermissionRefusedError(
                f"the register knows no purpose {name!r}{near_miss(name, self.purposes)}",
                expected=f"one of {', '.join(sorted(self.purposes))}",
                todo="use a declared purpose, or have it declared in schemas/purposes.yaml",
            )
        return self.purposes[name]

    def ground(self, purpose: str, channel: str) -> Ground:
        """Return the ground on which `purpose` may use `channel`.

        >>> research = Purpose(
        ...     label="Onderzoek",
        ...     description="Klantonderzoek zonder contactgegevens.",
        ...     channels={"analysis": ChannelRule(ground="legitimate_interest")},
        ... )
        >>> Register(purposes={"onderzoek": research}).ground("onderzoek", "analysis")
        'legitimate_interest'

        Raises
        ------
        PermissionRefusedError
            When the register does not name the purpose, or the channel with it.
        """
        rules = {str(name): rule for name, rule in self.purpose(purpose).channels.items()}
        if channel not in rules:
            raise PermissionRefusedError(
                f"the purpose {purpose!r} has no channel {channel!r}{near_miss(channel, rules)}",
                expected=f"one of {', '.join(sorted(rules))}",
                todo=f"use one of these, or have the ground of {channel!r} declared in schemas/purposes.yaml",
            )
        return rules[channel].ground


def load_register(path: str | Path = "schemas/purposes.yaml") -> Register:
    r"""Read the register of purposes; a relative path starts at the project.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as directory:
    ...     file = Path(directory, "purposes.yaml")
    ...     _ = file.write_text('''
    ... purposes:
    ...   nieuwsbrief:
    ...     label: Nieuwsbrief
    ...     description: Wekelijkse nieuwsbrief voor eigen klanten.
    ...     channels: {email: {ground: consent}}
    ... ''')
    ...     register = load_register(file)
    >>> register.ground("nieuwsbrief", "email")
    'consent'

    Raises
    ------
    DeclarationError
        For the first thing in the file that is not as it should be, with its line and the nearest right name.
    """
    file = read_yaml(resolve(path))
    try:
        return Register.model_validate(file.content)
    except ValidationError as error:
        # A misspelt key is also missing under its right name: tell of the first.
        problems = sorted(error.errors(include_url=False), key=lambda p: p["type"] == "missing")
        raise _refusal(file, problems[0], n_more=len(problems) - 1) from None


def _refusal(file: YamlFile, problem: ErrorDetails, *, n_more: int) -> DeclarationError:
    keys = tuple(str(key) for key in problem["loc"] if key != "[key]")
    where = f"{file.place(keys)}: " + (".".join(keys) or "the file")
    found, expected = _in_our_words(problem, keys[-1] if keys else "")
    more = f" (and {n_more} more like this)" if n_more else ""
    return DeclarationError(
        f"{where} {found}{more}", expected=expected, todo=f"correct {file.path.name} and run again"
    )


def _in_our_words(problem: ErrorDetails, key: str) -> tuple[str, str]:
    """Return what was found at a key and what belongs there."""
    kind = problem["type"]
    is_key = "[key]" in problem["loc"]
    if kind == "extra_forbidden":
        known = _keys_beside(problem["loc"])
        return f"is not a key here{near_miss(key, known)}", f"the keys {', '.join(known)}"
    if kind == "missing":
        return "is missing", f"the key {key} with its value"
    if kind == "literal_error":
        choices = get_args(Channel) if is_key else get_args(Ground)
        word = key if is_key else str(problem["input"])
        return f"names {word!r}{near_miss(word, choices)}", f"one of {', '.join(choices)}"
    if kind == "string_pattern_mismatch" and is_key:
        return "is not a name", "lower-case letters, digits, _ and single spaces, starting with a letter"
    form = _FORMS.get(key, "a mapping with label, description and channels")
    return f"is wrong: {problem['msg'].removeprefix('Value error, ')}", form


def _keys_beside(loc: tuple[str | int, ...]) -> tuple[str, ...]:
    """Return the keys that may stand where `loc` ends: the depth says which mapping it is."""
    models: dict[int, type[BaseModel]] = {1: Register, 3: Purpose, 5: ChannelRule}
    return tuple(models[len(loc)].model_fields)


_FORMS: Final = {
    "": "a mapping that starts with `purposes:`",
    "purposes": "a mapping from the name of a purpose to its label, description and channels",
    "channels": "a mapping from channel to ground, such as {email: {ground: consent}}",
    "direct_marketing": "true or false",
    "label": "a short Dutch label",
    "description": "a sentence in Dutch",
    "ground": f"one of {', '.join(get_args(Ground))}",
    **dict.fromkeys(get_args(Channel), "{ground: ...}"),
}
