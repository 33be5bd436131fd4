"""Cases: a bond's whole life, written down as data, played on a private chain and audited."""

from indenture.play.case import Case
from indenture.play.loader import available_cases, load_case
from indenture.play.player import Narrator, play
from indenture.play.result import BondPlayed, PaymentPlayed, PlayResult
from indenture.play.stage import Keys
from indenture.play.tender import tender_facts

__all__ = [
    "BondPlayed",
    "Case",
    "Keys",
    "Narrator",
    "PaymentPlayed",
    "PlayResult",
    "available_cases",
    "load_case",
    "play",
    "tender_facts",
]
