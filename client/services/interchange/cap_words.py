"""CAP's words and Misto's: what an alert is made of, and how one scale is put into the other.

OASIS, "Common Alerting Protocol Version 1.2" (1 July 2010), section 3.2, the data dictionary.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from typing import Final, Literal, NamedTuple

from client.services.interchange.problems import Problem
from client.services.interchange.texts import one_line
from shared_schema.records.news import Priority, Published

NAMESPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"
OLDER: Final = ("urn:oasis:names:tc:emergency:cap:1.1", "http://www.incident.com/cap/1.0")
"""Earlier versions have the same elements where Misto looks at them."""
LANGUAGE: Final = "uk-UA"
Status = Literal["Actual", "Exercise", "System", "Test", "Draft"]
STATUSES: Final[tuple[Status, ...]] = ("Actual", "Exercise", "System", "Test", "Draft")
Action = Literal["publish", "correct", "withdraw", "none"]
ACTIONS: Final[dict[str, Action]] = {"Alert": "publish", "Update": "correct", "Cancel": "withdraw"}
"""`Ack` and `Error` are talk between systems and ask for nothing to be said."""


class Scale(NamedTuple):
    """The three scales of section 3.2.2."""

    urgency: str
    severity: str
    certainty: str


SCALES: Final[dict[str, Scale]] = {
    "urgent": Scale("Immediate", "Severe", "Likely"),
    "important": Scale("Expected", "Moderate", "Likely"),
    "normal": Scale("Unknown", "Minor", "Unknown"),
}
"""The newsroom says neither that a threat is extreme nor that somebody has observed it."""
CANCELLED: Final = Scale("Past", "Minor", "Unknown")
"""A receiver that looks at the scales alone must not sound an alarm for a withdrawal."""
CATEGORIES: Final = (
    "Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra",
    "CBRNE", "Other",
)  # fmt: skip
_TOPICS: Final[dict[str, str]] = {
    "Safety": "безпека небезпека укриття тривога загроза danger shelter safety",
    "Security": "оборона поліція security",
    "Rescue": "рятувальники евакуація rescue evacuation",
    "Fire": "пожежа fire",
    "Health": "здоровя медицина лікарня лікарні аптека health",
    "Met": "погода негода шторм weather",
    "Env": "довкілля екологія environment",
    "Transport": "транспорт дороги transport roads",
    "Infra": "вода світло електрика опалення тепло газ відключення звязок енергетика"
    " water power heat gas outage connection",
}
_CATEGORY_OF: Final = {word: name for name, words in _TOPICS.items() for word in words.split()}
TOPIC_OF: Final = {
    "Geo": "Безпека", "Met": "Погода", "Safety": "Безпека", "Security": "Безпека",
    "Rescue": "Безпека", "Fire": "Пожежа", "Health": "Здоровʼя", "Env": "Довкілля",
    "Transport": "Транспорт", "Infra": "Інфраструктура", "CBRNE": "Безпека", "Other": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CapSender:
    """Who speaks. `sender` is a name in the world's sense, such as `misto@nadrichchia.example`.

    Raises:
        ValueError: `sender` has a space, a comma, `<` or `&`, which 3.2.1 forbids, or is empty.
    """

    sender: str
    name: str
    """The city's council, as people know it."""
    area: str
    """The whole city, where an item names no district."""
    zone: tzinfo
    event: str = "Повідомлення міста"
    """What an item without a topic is about."""
    web: str = ""
    contact: str = ""

    def __post_init__(self) -> None:
        if not is_token(self.sender) or not one_line(self.area):
            raise ValueError(self.sender or self.area)


class CapReference(NamedTuple):
    """An earlier message: `sender,identifier,sent` (3.2.1, `references`)."""

    sender: str
    identifier: str
    sent: str

    def __str__(self) -> str:
        return ",".join(self)


@dataclass(frozen=True, slots=True)
class CapDraft:
    """What an alert would have the newsroom say. Nobody has said it yet, and nobody checked it.

    `wording` is None where there is nothing to say in words, as in a cancellation without any.
    """

    wording: Published | None
    action: Action
    status: str
    scope: str
    identifier: str
    sender: str
    sent_ms: int | None
    references: tuple[CapReference, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def for_the_public(self) -> bool:
        """Whether it is meant for everybody and in earnest, and so may become news at all."""
        return self.status == "Actual" and self.scope == "Public"


def is_token(text: str) -> bool:
    """Whether it may stand as a sender or an identifier: 3.2.1, no spaces, commas, `<` or `&`."""
    return bool(text) and text.isprintable() and not any(char in text for char in " ,<&")


def category_of(topic: str) -> str:
    """The CAP category of a topic, by its words; `Other` when none is known."""
    plain = topic.casefold().replace("ʼ", "").replace("’", "").replace("'", "")
    words = "".join(char if char.isalnum() else " " for char in plain).split()
    return next((_CATEGORY_OF[word] for word in words if word in _CATEGORY_OF), "Other")


def priority_of(scale: Scale) -> Priority:
    """How Misto would rank an alert: urgent only if all three scales say so.

    `Past` and `Unlikely` are never more than normal, whatever the severity.
    """
    if scale.urgency == "Past" or scale.certainty == "Unlikely":
        return "normal"
    grave = scale.severity in ("Extreme", "Severe")
    if grave and scale.urgency == "Immediate" and scale.certainty in ("Observed", "Likely"):
        return "urgent"
    if grave or scale.severity == "Moderate" or scale.urgency in ("Immediate", "Expected"):
        return "important"
    return "normal"
