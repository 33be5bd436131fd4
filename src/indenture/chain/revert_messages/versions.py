"""Messages of changes of the terms."""

from __future__ import annotations

from indenture.chain.revert_messages._texts import Texts
from indenture.errors import ContractRevert, TermsRefused

TEXTS: Texts = {
    TermsRefused: {
        "AmendmentRefused": (
            "the term {term:text} of {bond} cannot be changed so",
            "What identifies the bond stays for ever, and so do periods that have begun.",
        ),
    },
    ContractRevert: {
        "CodeNotStored": (
            "terms of {size} bytes cannot be kept in code",
            "They are too long: leave out steps or rights.",
        ),
    },
}
