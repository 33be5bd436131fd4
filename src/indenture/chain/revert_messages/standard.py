"""Messages of standards (ERC-20, ERC-2612) and of OpenZeppelin.

A bond's balance and a cash token's are both ERC-20, so these speak of base units: a bond's base unit is one
unit.
"""

from __future__ import annotations

from indenture.chain.revert_messages._texts import Texts
from indenture.errors import ContractRevert, PaymentRefused, SignatureRefused

_REPORT = "This should not happen in normal use; please report it with the call."

TEXTS: Texts = {
    PaymentRefused: {
        "ERC20InsufficientAllowance": (
            "{spender} may take {allowance} base units, and {needed} are needed",
            "Approve the missing amount first.",
        ),
        "ERC20InsufficientBalance": (
            "{sender} has {balance} base units, and {needed} are needed",
            "Move less, or fill the account up first.",
        ),
        "ERC20InvalidApprover": ("{approver} cannot approve anybody", "Give an address that is not zero."),
        "ERC20InvalidReceiver": ("{receiver} cannot receive", "Give the address of an admitted wallet."),
        "ERC20InvalidSender": ("{sender} cannot send", "Give an address that is not zero."),
        "ERC20InvalidSpender": ("{spender} cannot be approved", "Give an address that is not zero."),
        "SafeERC20FailedOperation": (
            "the token {token} did not do what it was told",
            "It refused or answered false: check balance, allowance, and that it is a bond's currency.",
        ),
    },
    SignatureRefused: {
        "ECDSAInvalidSignature": ("the signature is not one", "Sign again."),
        "ECDSAInvalidSignatureLength": ("a signature of {length} bytes is not possible", "It has 65 bytes."),
        "ECDSAInvalidSignatureS": (
            "the signature has a form that could be forged",
            "Sign again with usual software.",
        ),
        "ERC2612ExpiredSignature": (
            "the permit was good until {deadline:time}",
            "Sign a new one, good for longer.",
        ),
        "ERC2612InvalidSigner": (
            "the permit is signed by {signer}, not by {owner}",
            "Sign with the owner's key, for this token, this chain and the owner's next nonce.",
        ),
        "InvalidAccountNonce": (
            "that number of {account} is not the next one, which is {currentNonce:plain}",
            "Sign again with that number: the signature was used, or another came first.",
        ),
    },
    ContractRevert: {
        "AddressEmptyCode": (
            "there is no contract at {target}",
            "Check the address and the deployment file.",
        ),
        "CloneArgumentsTooLong": ("the terms do not fit into one bond", "Shorten the schedule."),
        "Create2EmptyBytecode": ("there is no code to deploy", _REPORT),
        "FailedCall": ("a call that it made failed without saying why", _REPORT),
        "FailedDeployment": (
            "the new contract could not be made",
            "One of the same terms and number may be there already.",
        ),
        "InsufficientBalance": ("the contract has {balance} wei, and {needed} are needed", _REPORT),
        "InvalidShortString": ("a stored name is damaged", _REPORT),
        "ReentrancyGuardReentrantCall": (
            "a contract that it called tried to come back in",
            "The token or wallet involved misbehaves; do not use it.",
        ),
        "SafeCastOverflowedUintDowncast": ("{value} does not fit into {bits} bits", "Give a smaller number."),
        "SafeCastOverflowedUintToInt": (
            "{value} does not fit into a signed number",
            "Give a smaller number.",
        ),
        "StringTooLong": ("{str} is too long a name", "Names have up to 31 characters."),
    },
}
