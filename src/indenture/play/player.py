"""Plays a case: on a private chain that it starts and ends, or on a development node that is there."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from eth_account.signers.local import LocalAccount

from indenture.audit import AuditResult
from indenture.chain import AnvilNode, Chain, Sender, TimeTravel
from indenture.contracts import Suite
from indenture.deployment import (
    AccountParameters,
    CashParameters,
    Deployment,
    DeployParameters,
    DepositoryParameters,
    deploy,
)
from indenture.errors import IndentureError, InputError, NodeRefused
from indenture.play.acts.audit import Audit
from indenture.play.acts.clock import AdvanceTo
from indenture.play.case import Case
from indenture.play.lives.loader import Lives
from indenture.play.lives.outcome import life_played
from indenture.play.lives.result import LivesResult
from indenture.play.outcome import bond_played, payments_of
from indenture.play.result import PlayResult
from indenture.play.stage import DEPOSITORY, Keys, Stage
from indenture.sealing import Vault, Work

# Enough for any play; on a private chain gas costs nothing that anybody has to earn.
_PURSE = 10**22


class Narrator(Protocol):
    """Hears what happens, as it happens."""

    def begin(self, number: int, total: int, title: str) -> None:
        """An act begins."""

    def progress(self, step: str, done: int, total: int) -> None:
        """A part of the act is done."""

    def end(self, day: str, title: str, said: str, seconds: float) -> None:
        """The act is over."""


def play(
    case: Case,
    *,
    narrator: Narrator,
    chain: Chain | None = None,
    deployment: Deployment | None = None,
    account: LocalAccount | None = None,
    report: Path | None = None,
    seed: int = 0,
) -> PlayResult:
    """Plays a case from its first act to its audit.

    Args:
        case: What to play.
        narrator: Hears what happens.
        chain: A development node that gives control of its clock; None starts a private one, which is ended
            again whatever happens.
        deployment: A suite on that chain; None deploys one.
        account: The depository's key, for a suite that is there.
        report: Folder for the audit's report.
        seed: Where keys and chance come from.

    Raises:
        InputError: The node's clock cannot be moved, or is past the case's beginning.
        IndentureError: An act failed; the message says which, and where it stands in the file.
    """
    started = time.monotonic()
    with _on(chain, case) as there, _vault() as vault:
        player = _Player(case, there, vault, narrator, report, seed)
        player.prepare(deployment, account)
        player.run()
        return player.result(time.monotonic() - started)


def play_lives(
    lives: Lives,
    *,
    narrator: Narrator,
    chain: Chain | None = None,
    report: Path | None = None,
    seed: int = 0,
) -> LivesResult:
    """Plays all lives on one chain, from the first registration to the audit.

    Args:
        lives: What to play.
        narrator: Hears what happens.
        chain: A development node that gives control of its clock; None starts a private one, which is ended
            again whatever happens.
        report: Folder for the audit's report.
        seed: Where keys come from.

    Raises:
        InputError: The node's clock cannot be moved, or is past the beginning.
        IndentureError: An act failed; the message says which, and of which life.
    """
    started = time.monotonic()
    with _on(chain, lives.case) as there, _vault() as vault:
        player = _Player(lives.case, there, vault, narrator, report, seed)
        player.prepare(None, None)
        player.run()
        return player.lives_result(lives, started)


@contextmanager
def _on(chain: Chain | None, case: Case) -> Iterator[Chain]:
    if chain is not None:
        yield chain
        return
    with AnvilNode(timestamp=case.genesis, accounts=1) as node:
        yield node.connect()


@contextmanager
def _vault() -> Iterator[Vault]:
    """A vault for the play. Its passphrase is too long to be guessed, so that a guess may be cheap."""
    with TemporaryDirectory(prefix="indenture-play-") as folder:
        yield Vault(Path(folder) / "vault", secrets.token_urlsafe(32), create=True, work=Work.MINIMAL)


class _Player:
    def __init__(
        self, case: Case, chain: Chain, vault: Vault, narrator: Narrator, report: Path | None, seed: int
    ) -> None:
        self._case = case
        self._chain = chain
        self._vault = vault
        self._narrator = narrator
        self._report = report
        self._seed = seed
        self._keys = Keys(case.name, seed)
        self._clock = TimeTravel(chain.rpc)
        self._seconds: dict[str, float] = {"deploy": 0.0, "play": 0.0, "audit": 0.0}
        self._stage: Stage

    def prepare(self, deployment: Deployment | None, account: LocalAccount | None) -> None:
        """Funds the accounts, and deploys the suite unless it is there."""
        begun = time.monotonic()
        title = "Deploy the suite"
        self._narrator.begin(0, len(self._case.steps), title)
        self._require_clock()
        if deployment is not None and account is None:
            raise InputError(
                "a suite that is there needs the depository's key", hint="Give a keystore, or INDENTURE_KEY."
            )
        depository = Sender(self._chain, account or self._keys.of(DEPOSITORY))
        addresses = [self._keys.of(name).address for name in self._case.accounts("all")]
        self._clock.set_balances(dict.fromkeys([depository.address, *addresses], _PURSE))
        if deployment is None:
            deployment = deploy(depository, self._parameters(), progress=self._narrator.progress)
        suite = Suite(self._chain, deployment)
        self._stage = Stage(
            self._case,
            suite,
            self._clock,
            self._keys,
            depository,
            self._vault,
            self._seed,
            self._narrator.progress,
        )
        self._stage.report = self._report
        self._seconds["deploy"] = time.monotonic() - begun
        contracts = len(deployment.contracts) + len(deployment.cash)
        self._narrator.end(self._stage.local_day(), title, f"{contracts} contracts", self._seconds["deploy"])

    def run(self) -> None:
        """Does every act."""
        for number, step in enumerate(self._case.steps, start=1):
            begun = time.monotonic()
            title = step.act.title()
            shown = f"{step.subject}: {title}" if step.subject else title
            self._narrator.begin(number, len(self._case.steps), shown)
            try:
                said = step.act.perform(self._stage)
            except IndentureError as error:
                error.message = f"{self._case.name}/{step.place}: {step.act.word}: {error.message}"
                raise
            seconds = time.monotonic() - begun
            self._seconds["audit" if isinstance(step.act, Audit) else "play"] += seconds
            if step.is_told and not isinstance(step.act, AdvanceTo):  # the day stands beside every other act
                self._narrator.end(self._stage.local_day(), step.subject or title, said, seconds)

    def result(self, seconds: float) -> PlayResult:
        """What it came to, read from the chain."""
        stage, staged, audited = self._stage, self._stage.bonds.values(), self._audited()
        return PlayResult(
            case=self._case.name,
            title=self._case.title,
            bonds=tuple(bond_played(stage.suite, each) for each in staged),
            tenders=tuple(
                stage.result(offering.id)
                for each in staged
                for offering in each.offerings
                if stage.has_result(offering.id)
            ),
            payments=tuple(payment for each in staged for payment in payments_of(stage.suite, each)),
            trades=stage.trades,
            audit=audited,
            seconds={**self._seconds, "total": seconds},
            deployment=stage.suite.deployment,
        )

    def lives_result(self, lives: Lives, started: float) -> LivesResult:
        """What the lives came to, read from the chain."""
        suite, bonds, audited = self._stage.suite, self._stage.bonds, self._audited()
        played = tuple(life_played(suite, life, bonds[life.label], audited) for life in lives.lives)
        seconds = {**self._seconds, "total": time.monotonic() - started}
        return LivesResult(played, audited, seconds, suite.deployment)

    def _audited(self) -> AuditResult:
        if self._stage.audited is None:
            raise InputError(f"the case {self._case.name} has no audit", hint="It ends with one.")
        return self._stage.audited

    def _require_clock(self) -> None:
        """A case is at home in its own years: the node must let its clock be set, and not be past them."""
        try:
            self._chain.rpc.request("anvil_nodeInfo")
        except NodeRefused:
            raise InputError(
                f"the node at {self._chain.url} gives no control of its clock",
                hint="A case is played on a development node (Anvil); leave --rpc out to start one.",
            ) from None
        now, genesis = self._chain.block_stamp().time, self._case.genesis
        limit = next((step.act.at for step in self._case.steps if isinstance(step.act, AdvanceTo)), None)
        if limit is not None and now >= limit:
            raise InputError(
                f"the node's clock is at {now:%Y-%m-%d %H:%M} UTC, the case begins on {genesis:%Y-%m-%d}",
                hint=f"Time only goes forward: start the node with --timestamp {int(genesis.timestamp())}.",
            )
        if now < genesis:
            self._clock.mine(at=genesis)

    def _parameters(self) -> DeployParameters:
        """The case's own parameters: its depository, its currencies, its cash issuers."""
        depository = self._case.depository
        return DeployParameters(
            network=self._case.name,
            depository=DepositoryParameters(
                lei=depository.lei, name=depository.name, jurisdiction=depository.jurisdiction
            ),
            accounts=AccountParameters(),
            cash=tuple(
                CashParameters(
                    code=cash.code,
                    name=cash.name,
                    symbol=cash.symbol,
                    decimals=cash.decimals,
                    supply_limit=str(cash.limit),
                    issuer=self._keys.of(self._case.accounts(cash.issuer)[0]).address,
                )
                for cash in self._case.cash
            ),
            calendars=(),
        )
