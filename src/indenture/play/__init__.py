"""Cases: a bond's whole life, written down as data, played on a private chain and audited."""

from indenture.play.case import Case
from indenture.play.lives.loader import Lives, load_lives
from indenture.play.lives.result import LifePlayed, LivesResult
from indenture.play.loader import available_cases, load_case
from indenture.play.player import Narrator, play, play_lives
from indenture.play.result import BondPlayed, PaymentPlayed, PlayResult
from indenture.play.stage import Keys
from indenture.play.tender import tender_facts

__all__ = [
    "BondPlayed",
    "Case",
    "Keys",
    "LifePlayed",
    "Lives",
    "LivesResult",
    "Narrator",
    "PaymentPlayed",
    "PlayResult",
    "available_cases",
    "load_case",
    "load_lives",
    "play",
    "play_lives",
    "tender_facts",
]
