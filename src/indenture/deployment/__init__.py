"""Deploying the suite, and knowing where it is.

The code is one, the parameters are data: ``scripts/params/<network>.yaml``.  What a deployment comes to is a
file, ``deployments/<chain-id>.json``, that every client reads.
"""

from indenture.deployment.deploy import deploy
from indenture.deployment.file import Deployed, Deployment
from indenture.deployment.parameters import (
    AccountParameters,
    CalendarParameters,
    CashParameters,
    DeployParameters,
    DepositoryParameters,
)
from indenture.deployment.powers import Power, powers_of
from indenture.deployment.verify import verify

__all__ = [
    "AccountParameters",
    "CalendarParameters",
    "CashParameters",
    "DeployParameters",
    "Deployed",
    "Deployment",
    "DepositoryParameters",
    "Power",
    "deploy",
    "powers_of",
    "verify",
]
