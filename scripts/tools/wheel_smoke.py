"""Run by scripts/check_wheel.sh in an empty environment: the installed package reads and drives a chain."""

import importlib.resources
import json
import shutil
import sys
from pathlib import Path

import indenture
from indenture import (
    Auditor,
    CashIssuer,
    Chain,
    DeployParameters,
    Depository,
    Investor,
    MemberAdmission,
    MemberClass,
    Role,
    Sender,
    Suite,
    deploy,
    lei_from_prefix,
)
from indenture.chain.node import TEST_MNEMONIC, well_known_account

PARAMETERS = {
    "network": "smoke",
    "depository": {"lei": "9999INDENTUREDEPO168", "name": "Example Depository", "jurisdiction": "CN"},
    "cash": [
        {
            "code": "CNY",
            "name": "Tokenised Yuan",
            "symbol": "CNY",
            "decimals": 2,
            "supply_limit": "1000000000",
        }
    ],
    "calendars": [{"code": "CN-IB", "years": [2025, 2026]}],
}


def check_no_tools() -> None:
    for tool in ("node", "npm", "solc", "anvil"):
        assert shutil.which(tool) is None, f"{tool} is on PATH, so that this proves nothing"


def check_package_data() -> None:
    package = importlib.resources.files("indenture")
    assert "site-packages" in str(package), f"not the installed package: {package}"
    artefacts = [file for file in package.joinpath("_abi").iterdir() if file.name.endswith(".json")]
    assert artefacts, "no artefacts in the wheel"
    for file in artefacts:
        assert json.loads(file.read_text())["contractName"] == Path(file.name).stem


def check_chain(url: str) -> None:
    """Deploys the suite to the node, admits a member, issues money, reads it back, and audits."""
    chain = Chain.connect(url)
    depository = Sender(chain, well_known_account(TEST_MNEMONIC))
    suite = Suite(chain, deploy(depository, DeployParameters.parse(PARAMETERS)))
    lei = lei_from_prefix("EXAMPLE00000BANK01")
    bank = Sender(chain, well_known_account(TEST_MNEMONIC, 1))

    Depository(suite, depository).admit_members(
        [MemberAdmission(lei, MemberClass.BANK, "CN", bank.address, Role.HOLDER)]
    )
    CashIssuer(suite, depository).issue([(bank.address, "1000000.00")])

    assert str(Investor(suite, bank).cash_balance()) == "CNY 1,000,000.00"
    result = Auditor(chain, suite.deployment).audit()
    assert result.differences == 0, result.findings
    print(f"wheel: {result.events} events audited, 0 differences")


def main() -> None:
    assert all(hasattr(indenture, name) for name in indenture.__all__)
    check_no_tools()
    check_package_data()
    check_chain(sys.argv[1])


if __name__ == "__main__":
    main()
