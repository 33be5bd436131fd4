"""Faults of the Authority: who may do what, and when."""

from __future__ import annotations

from tests.audit.faults import offices, stories
from tests.audit.faults.people import BACKDOOR, OPERATOR, OUTSIDER
from tests.audit.faults.plants import Fault, after

_AUTHORITY = "    constructor(address initialAdmin) AccessManager(initialAdmin) {}\n"

OF_POWERS = (
    Fault(
        "back_door",
        "governance/Authority.sol",
        (
            after(
                _AUTHORITY,
                "\n    function canCall(address caller, address target, bytes4 selector)",
                "        public view override returns (bool, uint32)",
                "    {",
                f"        return caller == {BACKDOOR} ? (true, 0) : super.canCall(caller, target, selector);",
                "    }\n",
            ),
        ),
        stories.minted,
        "One account has every power, and no role.",
        "All of it: here, cash is minted.",
        "AUTH-1",
    ),
    Fault(
        "self_made",
        "governance/Authority.sol",
        (
            after(
                _AUTHORITY,
                "\n    function restore() external {",
                f"        require(msg.sender == {BACKDOOR});",
                "        _grantRole(ADMIN_ROLE, msg.sender, 0, 0);",
                "    }\n",
            ),
        ),
        stories.self_made,
        "One account can make itself administrator; the event tells it as if an administrator had.",
        "All powers, in good order from then on.",
        "AUTH-1",
    ),
    Fault(
        "sleeper",
        "governance/Authority.sol",
        (
            after(
                _AUTHORITY,
                "\n    function wake() external {",
                f"        require(msg.sender == {OPERATOR});",
                "        assembly {  // _roles[ADMIN_ROLE].members[BACKDOOR].since",
                "            mstore(0, 0)",
                "            mstore(32, 1)",
                "            mstore(32, keccak256(0, 64))",
                f"            mstore(0, {BACKDOOR})",
                "            sstore(keccak256(0, 64), 1)",
                "        }",
                "    }\n",
            ),
        ),
        offices.restored,
        "An account that nobody knows is made administrator, no event tells it, and it waits.",
        "All powers, for a day to come.",
        "PROVE-5",
    ),
    Fault(
        "short_notice",
        "governance/Authority.sol",
        (
            after(
                _AUTHORITY,
                "\n    function hasRole(uint64 roleId, address account)",
                "        public view override returns (bool isMember, uint32 delay)",
                "    {",
                "        (isMember, delay) = super.hasRole(roleId, account);",
                f"        if (account == {OUTSIDER} && delay > 1) delay = 1;",
                "    }\n",
            ),
        ),
        offices.hurried,
        "One account does after a second what it must announce a day before.",
        "Nobody is in time to stop it.",
        "AUTH-1",
    ),
    Fault(
        "called_off",
        "governance/Authority.sol",
        (
            after(
                _AUTHORITY,
                "\n    function _msgSender() internal view override returns (address) {",
                f"        return msg.sender == {BACKDOOR} && msg.sig == this.cancel.selector",
                f"            ? {OPERATOR} : msg.sender;",
                "    }\n",
            ),
        ),
        offices.called_off,
        "One account without a role may call off what others have announced.",
        "Nobody else's powers can be used.",
        "AUTH-1",
    ),
    Fault(
        "at_once",
        "governance/Authority.sol",
        (
            after(
                _AUTHORITY,
                "\n    function _consumeScheduledOp(bytes32 id) internal override returns (uint32 nonce) {",
                "        nonce = getNonce(id);",
                "        emit OperationExecuted(id, nonce);",
                "    }\n",
            ),
        ),
        offices.done_at_once,
        "What was announced can be done at once, and as often as one likes.",
        "Nobody is in time to stop it.",
        "AUTH-1",
        ("LOG-4", "VIEW-1"),
    ),
)
