"""Each fault is found by the comparison with the release, and without it, but for those that say so."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

import pytest
from tests.audit import stage
from tests.audit.faults.catalogue import FAULTS
from tests.audit.faults.conftest import Swap
from tests.audit.faults.plants import Change, Fault, Play, without
from tests.audit.faults.stories import permitted_through_another
from tests.audit.faults.table import table
from tests.audit.faults.variants import ROOT, Variant

from indenture.audit import AuditResult, Finding, audit
from indenture.chain import AnvilNode
from indenture.chain.artifacts import Artifact
from indenture.errors import ContractRevert

PAGE = ROOT / "docs" / "audit.md"
PLACE = re.compile(r"(?<=<!-- faults:begin -->\n).*?(?=<!-- faults:end -->)", re.DOTALL)
CURE = "Run this test with SNAPSHOTS=update, look at the difference, and commit it."


def is_of_code(finding: Finding) -> bool:
    return finding.kind.startswith("CODE-") or finding.kind == "PROVE-6"


def audited(play: Play, node: AnvilNode, *, proving: bool = False) -> AuditResult:
    story = play(node)
    return audit(story.chain, story.deployment, proving=proving)


@pytest.mark.integration
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault__planted__is_found(fault: Fault, planted: Mapping[str, Artifact], swap: Swap) -> None:
    with AnvilNode(timestamp=stage.START) as node, swap(planted[fault.name]):
        result = audited(fault.play, node, proving=fault.found_by.startswith("PROVE-"))

    by_release = [f for f in result.findings if f.kind == "CODE-3"]
    assert {f.contract.rpartition(" ")[0].split()[0] for f in by_release} == {fault.contract}
    # The deployment file names the hash of the crooked code: that check believes its word.
    assert "CODE-1" not in {f.kind for f in result.findings}
    others = [f.kind for f in result.findings if not is_of_code(f)]
    assert others[:1] == ([fault.found_by] if fault.found_by else [])
    assert set(fault.also) <= set(others)


@pytest.mark.integration
def test_fault__used_through_another_contract__is_found_by_its_code_and_told(
    planted: Mapping[str, Artifact], swap: Swap
) -> None:
    """What that contract passed on is in no transaction: nobody can say that it was not signed."""
    with AnvilNode(timestamp=stage.START) as node, swap(planted["unsigned_permit"]):
        result = audited(permitted_through_another, node, proving=True)

    assert {finding.kind for finding in result.findings} == {"CODE-3", "PROVE-6"}
    (notice,) = result.notices
    assert notice.kind == "NOTE-10"
    assert notice.message.endswith(
        "; others acted through it too, on its word alone (1 Approval, 1 PermitUsed)"
    )


@pytest.mark.integration
@pytest.mark.parametrize(
    "play", dict.fromkeys(fault.play for fault in FAULTS), ids=lambda play: play.__name__
)
def test_story__on_the_release__is_refused_or_breaks_no_rule(play: Play) -> None:
    with AnvilNode(timestamp=stage.START) as node:
        try:
            findings = audited(play, node).findings
        except ContractRevert:
            findings = ()

    assert findings == ()


@pytest.mark.unit
def test_change__matches_twice__is_refused() -> None:
    twice = Change("external restricted {", "external {")
    variant = Variant("wrong", "cash/CashToken.sol", (twice,))

    with pytest.raises(ValueError, match=r"wrong: contracts/cash/CashToken.sol has \d+ times, not once"):
        variant.sources()


@pytest.mark.unit
def test_change__of_what_the_contract_is_not_made_of__is_refused() -> None:
    change = without("require(name != 0, ERC1643InvalidName());", "bond/Documents.sol")
    variant = Variant("wrong", "cash/CashToken.sol", (change,))

    with pytest.raises(ValueError, match=r"not made of contracts/bond/Documents\.sol"):
        variant.sources()


@pytest.mark.unit
def test_page__table__is_that_of_the_catalogue() -> None:
    text = PAGE.read_text(encoding="utf-8")
    fresh = PLACE.sub(lambda _: table(FAULTS), text)
    if os.environ.get("SNAPSHOTS") == "update":
        PAGE.write_text(fresh, encoding="utf-8")
        return

    assert PLACE.search(text), "docs/audit.md has no place for the table of faults"
    assert fresh == text, CURE
