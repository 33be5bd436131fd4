"""A chain with as many movements as wanted, all of them lawful: an audit of it must find nothing.

A bond is sold through an offering, and its units and money then go round among the wallets of members, many
times in each transaction.  On the way some units are frozen, a record date passes and a coupon is paid, so
that the register has all that a register has.

    python -m bench.churn --events 200000 --audit --prove
    python -m bench.churn --events 2000000 --serve        # and elsewhere: indenture audit --rpc ... --prove
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.carousel import Carousel
from bench.stage import ROOT, Stage, lei_of, staged
from indenture.audit import audit
from indenture.chain import ContractCall, Sender, send_all
from indenture.contracts import Bond
from indenture.membership import Role
from indenture.models import AccountAdmission

#: Who buys the bond, and then spreads it; each has so many units of the 200 million.
BUYERS, BOUGHT = 20, 10_000_000
#: The record date of the coupon has passed on the first of these, and it is due on the second.
RECORDED_ON = datetime(2020, 12, 5, 1, tzinfo=UTC)
PAID_ON = datetime(2020, 12, 7, 1, tzinfo=UTC)
#: One wallet in so many has some of its units frozen.
FROZEN_EACH, FROZEN_UNITS = 10, 1_000
#: Of three transactions, so many move units, and the rest money.
_OF_UNITS, _OF_ALL = 2, 3
_UNITS, _MONEY, _SPREAD = 3, 100, 15
_WEALTH = 1_000_000
_MAKE, _ADMIT, _PAY = 100, 200, 100
# What a movement may need at most: the first of a wallet after a record date writes a checkpoint.
_GAS, _GAS_EACH, _BLOCK_GAS = 2_000_000, 120_000, 10**10
_WINDOW = 20
WORK = 10**30

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Size:
    """How large a chain is wanted.

    Attributes:
        events: Movements of units and money; what comes before and between them is on top of that.
        wallets: Among how many accounts.
        batch: Movements in a transaction; each is in a block of its own.
    """

    events: int
    wallets: int
    batch: int

    @classmethod
    def of(cls, events: int) -> Size:
        """The usual shape: between 200 and 1,000 accounts, and up to 1,000 movements in a transaction."""
        most = max(200, min(1_000, events // 100))
        return cls(events, wallets=most, batch=most)


class Churn:
    """Builds the chain, on a stage."""

    def __init__(self, stage: Stage, size: Size, progress: Progress) -> None:
        self.stage = stage
        self.size = size
        self._progress = progress
        self._moved = 0
        self._sent = 0

    def build(self) -> Bond:
        """All of it."""
        self.stage.chain.rpc.request("evm_setBlockGasLimit", [hex(_BLOCK_GAS)], resend=False)
        buyers = self.stage.holders(BUYERS)
        self._progress("selling the bond", 0, 1)
        bond = self.stage.issued(self.stage.terms(), buyers, units=BOUGHT)
        self.carousel = self._made()
        wallets = [self.carousel.wallet(number) for number in range(self.size.wallets)]
        self._admit(wallets)
        self._spread(bond, buyers)
        self.go_round(bond, self.size.events // 3)
        for account in wallets[::FROZEN_EACH]:
            self.stage.depository.freeze(bond, account, FROZEN_UNITS)
        self.go_round(bond, self.size.events // 3)
        self._pay_coupon(bond, [*wallets, *(buyer.address for buyer in buyers)])
        self.go_round(bond, self.size.events - 2 * (self.size.events // 3))
        self._progress("moving", self.size.events, self.size.events)
        return bond

    def _made(self) -> Carousel:
        receipt = self.stage.depository.sender.transact(Carousel.deployment())
        carousel = Carousel(str(receipt.contract), self.size.wallets)
        for first in range(0, carousel.wallets, _MAKE):
            self._send([carousel.make(first, min(_MAKE, carousel.wallets - first))])
        return carousel

    def _admit(self, wallets: Sequence[str]) -> None:
        self._progress("admitting the wallets", 0, len(wallets))
        admissions = [
            AccountAdmission(lei_of(f"holder {number % BUYERS}"), account, Role.HOLDER)
            for number, account in enumerate(wallets)
        ]
        self.stage.depository.admit_accounts(admissions, batch=_ADMIT)
        self.stage.cash_issuer.issue([(account, _WEALTH) for account in wallets], batch=_PAY)

    def _spread(self, bond: Bond, buyers: Sequence[Sender]) -> None:
        """Each buyer hands most of its units to a wallet; they all go to the first, and from there to all."""
        half = BOUGHT // 2
        send_all([(buyer, bond.transfer(self.carousel.wallet(n), half)) for n, buyer in enumerate(buyers)])
        others = len(buyers) - 1
        self._send([self.carousel.move(bond.address, others, half, first=1, to=0, to_step=0)])
        each = half * len(buyers) // self.size.wallets
        for first in range(1, self.size.wallets, _PAY):
            count = min(_PAY, self.size.wallets - first)
            self._send([self.carousel.move(bond.address, count, each, first=0, from_step=0, to=first)])

    def go_round(self, bond: Bond, count: int) -> None:
        """Each wallet gives to one that is further on, another one in each transaction."""
        cash, wallets = self.stage.suite.cash("CNY"), self.size.wallets
        calls: list[ContractCall] = []
        for start in range(0, count, self.size.batch):
            self._sent += 1
            of_units = self._sent % _OF_ALL < _OF_UNITS
            first = start % wallets
            calls.append(
                self.carousel.move(
                    bond.address if of_units else cash.address,
                    min(self.size.batch, count - start),
                    _UNITS if of_units else _MONEY,
                    first=first,
                    to=first + 1 + self._sent % (wallets - 1),
                    spread=_SPREAD,
                )
            )
        for at in range(0, len(calls), _WINDOW):
            self._send(calls[at : at + _WINDOW])
            self._progress(
                "moving",
                min(self._moved + (at + _WINDOW) * self.size.batch, self.size.events),
                self.size.events,
            )
        self._moved += count

    def _send(self, calls: Sequence[ContractCall]) -> None:
        gas = _GAS + _GAS_EACH * self.size.batch
        self.stage.depository.sender.send_many(calls, window=_WINDOW, gas=gas, preflight=False, timeout=300)

    def _pay_coupon(self, bond: Bond, holders: Sequence[str]) -> None:
        self._progress("paying a coupon", 0, len(holders))
        agent = self.stage.paying_agent
        self.stage.at(RECORDED_ON)
        agent.advance(bond)
        agent.fund(bond, 1)
        self.stage.at(PAID_ON)
        agent.pay(bond, 1, holders, batch=_PAY)


@contextmanager
def churned(size: Size, progress: Progress | None = None) -> Iterator[Stage]:
    """A stage with the chain on it; its node is gone at the end."""
    with staged(BUYERS) as stage:
        depository = stage.depository.sender
        stage.node.time.set_balances({depository.address: WORK})
        Churn(stage, size, progress or _silent).build()
        yield stage


def main() -> int:
    """Builds a chain; audits it, or keeps it for others, when told to."""
    options = _parse()
    usual = Size.of(options.events)
    size = Size(options.events, options.wallets or usual.wallets, options.batch or usual.batch)
    start = time.monotonic()
    with churned(size, _tell) as stage:
        last = stage.chain.block_stamp()
        _say(f"{options.events:,} movements, {last.number:,} blocks in {time.monotonic() - start:.1f} s")
        if options.audit:
            return _audited(stage, proving=options.prove)
        if options.serve:
            options.deployment.parent.mkdir(parents=True, exist_ok=True)
            stage.suite.deployment.save(options.deployment)
            _say(f"indenture audit --rpc {stage.node.url} --deployment {options.deployment}")
            _say("until Ctrl-C")
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            try:
                signal.pause()
            except KeyboardInterrupt:
                return 0
    return 0


def _audited(stage: Stage, *, proving: bool) -> int:
    start = time.monotonic()
    found = audit(stage.chain, stage.suite.deployment, proving=proving, progress=_tell)
    seconds = time.monotonic() - start
    _say(f"audited {found.events:,} events in {seconds:.1f} s: {found.events / seconds:,.0f} a second")
    for finding in found.findings[:5]:
        _say(str(finding))
    return 8 if found.findings else 0


def _tell(step: str, done: int, total: int) -> None:
    sys.stderr.write(f"\r\x1b[K{step}: {done:,} of {total:,}")
    sys.stderr.flush()


def _say(text: str) -> None:
    sys.stderr.write(f"\r\x1b[K{text}\n")


def _silent(step: str, done: int, total: int) -> None:
    del step, done, total


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.churn", description="A lawful chain of many movements.")
    parser.add_argument("--events", type=int, default=20_000, help="movements of units and money (20,000)")
    parser.add_argument("--wallets", type=int, help="among how many accounts (a hundredth, 200 to 1,000)")
    parser.add_argument("--batch", type=int, help="movements in a transaction, and block (as many)")
    parser.add_argument("--audit", action="store_true", help="audit the chain")
    parser.add_argument("--prove", action="store_true", help="prove what the audit reads")
    parser.add_argument("--serve", action="store_true", help="keep the node until Ctrl-C")
    parser.add_argument(
        "--deployment",
        type=Path,
        default=ROOT / "build" / "bench" / "churn.json",
        help="where the deployment is written, to be served",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
