// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";

import {ICashToken, IERC20Batch} from "./interfaces/ICashToken.sol";
import {IMemberRegistry} from "../membership/interfaces/IMemberRegistry.sol";
import {AccountWord} from "../membership/libraries/AccountWordLib.sol";
import {RegistryLib} from "../membership/libraries/RegistryLib.sol";

/// @title CashToken
/// @notice Tokenised money for members: ERC-20 with permit, a supply limit, and batches.
/// @dev ROLES (through the Authority)
/// - Cash issuer: mint, burn. Operator: supply limit, trusted settlement systems.
/// TRUSTED SYSTEMS
/// - `transferFrom` by the Settlement, or by a trusted system, takes no allowance. Only the suite's Offering and Servicing
///   are meant as such: each moves a member's money only on that member's own call, bid or signature.
contract CashToken is ICashToken, ERC20Permit, AccessManaged, ERC165 {
    IMemberRegistry public immutable REGISTRY;
    /// @dev The system of nearly every `transferFrom`; as an immutable it saves each delivery versus payment a cold slot.
    address public immutable SETTLEMENT;
    uint8 internal immutable _DECIMALS;

    uint256 public supplyLimit;
    mapping(address system => bool) public isTrustedSystem;

    constructor(
        address authority,
        IMemberRegistry registry,
        address settlement,
        string memory name,
        string memory symbol,
        uint8 decimals_,
        uint256 limit
    ) ERC20(name, symbol) ERC20Permit(name) AccessManaged(authority) {
        REGISTRY = registry;
        SETTLEMENT = settlement;
        _DECIMALS = decimals_;
        supplyLimit = limit;
        emit SupplyLimitSet(0, limit, msg.sender);
    }

    /* ISSUE AND REDEMPTION */

    /// @inheritdoc ICashToken
    function mint(address to, uint256 amount) external restricted {
        _issue(to, amount);
    }

    /// @inheritdoc ICashToken
    function mintBatch(address[] calldata receivers, uint256[] calldata amounts) external restricted {
        require(receivers.length == amounts.length, CashBatchInvalid(receivers.length, amounts.length));
        for (uint256 i; i < receivers.length; ++i) {
            _issue(receivers[i], amounts[i]);
        }
    }

    /// @inheritdoc ICashToken
    function burn(uint256 amount) external restricted {
        require(amount != 0, CashAmountZero());

        _burn(msg.sender, amount);

        emit CashRedeemed(msg.sender, amount, msg.sender);
    }

    /* MOVEMENT */

    /// @inheritdoc IERC20
    function transfer(address to, uint256 amount) public override(ERC20, IERC20) returns (bool) {
        _checkMembers(msg.sender, to);
        _transfer(msg.sender, to, amount);
        return true;
    }

    /// @inheritdoc IERC20
    function transferFrom(address from, address to, uint256 amount) public override(ERC20, IERC20) returns (bool) {
        if (msg.sender != SETTLEMENT && !isTrustedSystem[msg.sender]) _spendAllowance(from, msg.sender, amount);
        _checkMembers(from, to);
        _transfer(from, to, amount);
        return true;
    }

    /// @inheritdoc IERC20Batch
    function tryTransferBatch(address[] calldata receivers, uint256[] calldata amounts)
        external
        returns (uint256 moved)
    {
        uint256 count = receivers.length;
        require(count == amounts.length && count <= 256, CashBatchInvalid(count, amounts.length));
        require(REGISTRY.wordOf(msg.sender).isActive(), CashAccountRefused(msg.sender));
        AccountWord[] memory words = RegistryLib.wordsOf(REGISTRY, receivers);

        for (uint256 i; i < count; ++i) {
            uint256 amount = amounts[i];
            if (amount == 0 || !words[i].isActive()) continue;
            _update(msg.sender, receivers[i], amount); // an active member is not the zero address
            moved |= 1 << i;
        }
    }

    /// @notice ERC-2612, with the nonce told.
    function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        public
        override
    {
        emit PermitUsed(owner, nonces(owner));
        super.permit(owner, spender, value, deadline, v, r, s);
    }

    /* SETTINGS */

    /// @inheritdoc ICashToken
    function setSupplyLimit(uint256 limit) external restricted {
        emit SupplyLimitSet(supplyLimit, limit, msg.sender);
        supplyLimit = limit;
    }

    /// @inheritdoc ICashToken
    function setTrustedSystem(address system, bool trusted) external restricted {
        isTrustedSystem[system] = trusted;
        emit TrustedSystemSet(system, trusted, msg.sender);
    }

    /* VIEWS */

    function decimals() public view override returns (uint8) {
        return _DECIMALS;
    }

    function supportsInterface(bytes4 id) public view override returns (bool) {
        return id == type(IERC20).interfaceId || id == type(IERC20Batch).interfaceId || super.supportsInterface(id);
    }

    /* INTERNAL */

    function _issue(address to, uint256 amount) internal {
        require(amount != 0, CashAmountZero());
        require(REGISTRY.wordOf(to).isActive(), CashAccountRefused(to));

        _mint(to, amount);

        require(totalSupply() <= supplyLimit, CashSupplyLimitExceeded(totalSupply(), supplyLimit));
        emit CashIssued(to, amount, msg.sender);
    }

    /// @dev Tells of every allowance that changes, also by `transferFrom`: else no one could rebuild them from events.
    function _approve(address owner, address spender, uint256 value, bool) internal override {
        super._approve(owner, spender, value, true);
    }

    function _checkMembers(address from, address to) internal view {
        (AccountWord sender, AccountWord receiver) = RegistryLib.counterparties(REGISTRY, from, to);
        require(sender.isActive(), CashAccountRefused(from));
        require(receiver.isActive(), CashAccountRefused(to));
    }
}
