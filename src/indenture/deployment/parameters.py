"""What differs from one deployment to the next, read from a reviewed YAML file."""

from __future__ import annotations

import re
from os import PathLike
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from indenture.calendars import load_calendar
from indenture.chain import checksum
from indenture.errors import InputError
from indenture.identifiers import Lei, validate_lei
from indenture.money import Currency, to_decimal

#: Stands for the account that deploys.
DEPLOYER = "deployer"

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
_JURISDICTION = re.compile(r"[A-Z]{2}")


def _own(check: Any) -> Any:
    """Lets a check of this package speak through pydantic."""

    def run(value: Any) -> Any:
        try:
            return check(value)
        except InputError as error:
            reason = f"{error.message} ({error.hint})" if error.hint else error.message
            raise PydanticCustomError("input", "{reason}", {"reason": reason}) from None

    return run


def _account(value: str) -> str:
    if value == DEPLOYER:
        return value
    if not _ADDRESS.fullmatch(value):
        raise InputError(f"{value!r} is neither an address nor {DEPLOYER}")
    return checksum(value)


def _jurisdiction(value: str) -> str:
    if not _JURISDICTION.fullmatch(value):
        raise InputError(f"{value!r} is not two capital letters (ISO 3166-1 alpha-2)")
    return value


AccountField = Annotated[str, AfterValidator(_own(_account))]


class _Block(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DepositoryParameters(_Block):
    """The depository, which is the first member.

    Attributes:
        lei: Its LEI.
        name: Its name; it does not go on the chain.
        jurisdiction: ISO 3166-1 alpha-2.
    """

    lei: Annotated[Lei, BeforeValidator(_own(validate_lei))]
    name: str
    jurisdiction: Annotated[str, AfterValidator(_own(_jurisdiction))]


class CashParameters(_Block):
    """A cash token.

    Attributes:
        code: ISO 4217 code of its currency.
        name: Name of the token.
        symbol: Symbol of the token.
        decimals: Digits after the point of a base unit.
        supply_limit: The most that may be outstanding at first, in the currency.
        issuer: Who issues and redeems it; None for the general cash issuer.
    """

    code: str
    name: str
    symbol: str
    decimals: int
    supply_limit: Annotated[str, AfterValidator(_own(lambda value: str(to_decimal(value))))]
    issuer: AccountField | None = None

    @property
    def currency(self) -> Currency:
        """Its currency."""
        return Currency(self.code, self.decimals)

    @property
    def limit_base(self) -> int:
        """The supply limit, in base units."""
        return self.currency.to_base(self.supply_limit)

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> CashParameters:
        if _own(lambda token: token.limit_base)(self) < 0:
            raise PydanticCustomError("input", "supply_limit is negative")
        return self


class AccountParameters(_Block):
    """Who gets which power; each is an address, or ``deployer``.

    Attributes:
        operator: Publishes calendars, sets the code of new bonds, cash limits, settlement systems and
            registrars.
        registrar: Admits and suspends members.
        statutory: Freezes, moves by force, pauses.
        cash_issuer: Issues and redeems money.
    """

    operator: AccountField = DEPLOYER
    registrar: AccountField = DEPLOYER
    statutory: AccountField = DEPLOYER
    cash_issuer: AccountField = DEPLOYER

    def resolved(self, deployer: str) -> AccountParameters:
        """The same with the deployer's address in its places."""
        return AccountParameters(
            **{k: deployer if v == DEPLOYER else v for k, v in self.model_dump().items()}
        )


class CalendarParameters(_Block):
    """Working days to publish.

    Attributes:
        code: A calendar that comes with the package.
        years: Its years.
    """

    code: str
    years: tuple[int, ...]

    @model_validator(mode="after")
    def _is_known(self) -> CalendarParameters:
        calendar = _own(load_calendar)(self.code)
        if calendar.parts:
            parts = ", ".join(calendar.parts)
            reason = f"{self.code} is the joint calendar of {parts}: publish those, and join them later"
            raise PydanticCustomError("input", "{reason}", {"reason": reason})
        _own(lambda years: [calendar.bitmap(year) for year in years])(self.years)
        return self


class DeployParameters(_Block):
    """Parameters of a deployment.

    Attributes:
        network: Name of the network.
        chain_id: The chain that these parameters are meant for; None for any.
        depository: The depository.
        accounts: Who gets which power.
        cash: Cash tokens.
        calendars: Working days to publish.
    """

    network: str
    chain_id: int | None = None
    depository: DepositoryParameters
    accounts: AccountParameters = AccountParameters()
    cash: tuple[CashParameters, ...]
    calendars: tuple[CalendarParameters, ...]

    @model_validator(mode="after")
    def _has_no_double(self) -> DeployParameters:
        for what, codes in (
            ("cash", [c.code for c in self.cash]),
            ("calendars", [c.code for c in self.calendars]),
        ):
            if len(set(codes)) != len(codes):
                raise PydanticCustomError("input", "{what} names a code twice", {"what": what})
        return self

    def resolved(self, deployer: str) -> DeployParameters:
        """The same with the deployer's address in its places."""
        cash = [
            token.model_copy(update={"issuer": deployer if token.issuer == DEPLOYER else token.issuer})
            for token in self.cash
        ]
        accounts = self.accounts.resolved(deployer)
        return self.model_copy(update={"accounts": accounts, "cash": tuple(cash)})

    @classmethod
    def load(cls, path: str | PathLike[str]) -> DeployParameters:
        """Reads a file of ``scripts/params``; ``network`` is the name of the file where it is left out.

        Raises:
            InputError: The file cannot be read, or a field is missing, unknown or wrong; the message names
                them all.
        """
        file = Path(path)
        try:
            # Scalars stay text: no amount passes through a float.
            data = yaml.load(file.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506
        except OSError as fault:
            raise InputError(f"{file} cannot be read: {fault.strerror}", hint="Check the path.") from None
        except (yaml.YAMLError, UnicodeDecodeError) as fault:
            raise InputError(f"{file} is not YAML: {fault}") from None
        if not isinstance(data, dict):
            raise InputError(f"{file} is not a block of fields")
        return cls.parse({"network": file.stem, **data}, source=str(file))

    @classmethod
    def parse(cls, data: dict[str, Any], *, source: str = "parameters") -> DeployParameters:
        """Checks parameters that were read already.

        Raises:
            InputError: As ``load``.
        """
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            lines = [
                f"{source}: {'.'.join(str(part) for part in detail['loc']) or '(file)'}: {detail['msg']}"
                for detail in error.errors()
            ]
            raise InputError("\n".join(lines), hint="Correct the parameters; nothing was sent.") from None
