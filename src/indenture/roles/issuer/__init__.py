"""The issuer: registers term sheets, mandates offerings, and uses the rights that its terms give."""

from __future__ import annotations

from indenture.roles.issuer.amendments import Amendments
from indenture.roles.issuer.calls import Calls
from indenture.roles.issuer.canonical import canonical_text
from indenture.roles.issuer.fixed_price import fixed_price_rules
from indenture.roles.issuer.offerings import Offerings
from indenture.roles.issuer.offers import Offers
from indenture.roles.issuer.registration import Registration
from indenture.roles.issuer.rights import TermRights

__all__ = ["Issuer", "canonical_text", "fixed_price_rules"]


class Issuer(Registration, Offerings, TermRights, Calls, Offers, Amendments):
    """A client of an issuer's account.

    Args:
        suite: The contracts.
        sender: An account of the issuer, with role ISSUER; it receives the proceeds of the bonds that it
            registers.
    """
