// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title IERC20Batch
/// @notice One call, many receivers; whoever may not receive is passed over instead of stopping the rest.
interface IERC20Batch {
    /// @notice Thrown when the lists differ in length, or are longer than 256.
    error CashBatchInvalid(uint256 receivers, uint256 amounts);

    /// @notice Sends from the caller to each receiver.
    /// @param amounts Base units, one per receiver.
    /// @return moved Bit `i` is set when receiver `i` got its amount; zero amounts and receivers that are not active
    /// members are passed over.
    function tryTransferBatch(address[] calldata receivers, uint256[] calldata amounts) external returns (uint256 moved);
}

/// @title ICashToken
/// @notice Tokenised money of a central bank or settlement bank, held and moved by active members only.
/// @dev All amounts are base units: fen for CNY with 2 decimals.
interface ICashToken is IERC20, IERC20Batch {
    event CashIssued(address indexed to, uint256 amount, address actor);
    event CashRedeemed(address indexed from, uint256 amount, address actor);
    event SupplyLimitSet(uint256 oldLimit, uint256 newLimit, address actor);
    /// @notice A permit of the owner was used; its next nonce is one more. `Approval` follows.
    event PermitUsed(address indexed owner, uint256 nonce);
    event TrustedSystemSet(address indexed system, bool trusted, address actor);

    /// @notice Thrown when an account is not that of an active member.
    error CashAccountRefused(address account);
    /// @notice Thrown when an issue would pass the limit.
    error CashSupplyLimitExceeded(uint256 supply, uint256 limit);
    /// @notice Thrown for an issue or redemption of zero.
    error CashAmountZero();

    /// @notice Issues money to a member. Caller: the cash issuer.
    function mint(address to, uint256 amount) external;

    /// @notice Issues money to several members; all or none.
    function mintBatch(address[] calldata receivers, uint256[] calldata amounts) external;

    /// @notice Redeems money that the cash issuer holds. Caller: the cash issuer.
    function burn(uint256 amount) external;

    /// @notice Sets the most that may be outstanding. Zero stops every issue; it does not mean «no limit».
    function setSupplyLimit(uint256 limit) external;

    /// @notice Trusts, or stops trusting, a contract of the suite to move money that its owner signed or sent for.
    /// @dev A trusted system needs no allowance: it saves each member an approval, and each settlement a slot.
    function setTrustedSystem(address system, bool trusted) external;

    function supplyLimit() external view returns (uint256);

    function isTrustedSystem(address system) external view returns (bool);
}
