"""Cases: a bond's whole life, written down as data, played on a private chain and audited."""

from indenture.play.case import Case
from indenture.play.loader import available_cases, load_case
from indenture.play.player import Narrator, play
from indenture.play.result import BondPlayed, PaymentPlayed, PlayResult

__all__ = [
    "BondPlayed",
    "Case",
    "Narrator",
    "PaymentPlayed",
    "PlayResult",
    "available_cases",
    "load_case",
    "play",
]
