// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

import {IERC20Batch} from "../cash/interfaces/ICashToken.sol";

/// @title WeirdCash
/// @notice An ERC-20 that misbehaves on demand: for all, or towards single receivers. Anyone mints.
contract WeirdCash {
    enum Mode {
        PLAIN,
        TAKES_FEE,
        RETURNS_FALSE,
        RETURNS_NOTHING,
        LIES,
        REVERTS,
        REENTERS,
        BURNS_GAS,
        RETURNS_BOMB,
        MOVES_AND_SAYS_NO
    }

    uint8 public immutable decimals;

    uint256 public totalSupply;
    mapping(address account => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    Mode public mode;
    mapping(address receiver => Mode) public modeTowards;
    /// @dev Whether it says that it knows batches, and the bits that it then claims to have moved.
    bool public knowsBatches;
    uint256 public claimedMoves;

    address public target;
    bytes public call;
    bool public reentered;
    bytes public answer;

    event Transfer(address indexed from, address indexed to, uint256 value);

    error CashBlocked(address receiver);

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    function setMode(Mode mode_) external {
        mode = mode_;
    }

    function setModeTowards(address receiver, Mode mode_) external {
        modeTowards[receiver] = mode_;
    }

    function setBatches(bool known, uint256 moves) external {
        (knowsBatches, claimedMoves) = (known, moves);
    }

    /// @notice What a re-entering transfer calls.
    function setReentry(address target_, bytes calldata call_) external {
        (target, call) = (target_, call_);
    }

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
        totalSupply += amount;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        return true;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        return _transfer(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        allowance[from][msg.sender] -= amount;
        return _transfer(from, to, amount);
    }

    function tryTransferBatch(address[] calldata receivers, uint256[] calldata amounts) external returns (uint256) {
        for (uint256 i; i < receivers.length; ++i) {
            if (modeTowards[receivers[i]] == Mode.PLAIN) _move(msg.sender, receivers[i], amounts[i]);
        }
        return claimedMoves;
    }

    function supportsInterface(bytes4 id) external view returns (bool) {
        return knowsBatches && (id == type(IERC165).interfaceId || id == type(IERC20Batch).interfaceId);
    }

    function _transfer(address from, address to, uint256 amount) internal returns (bool) {
        Mode how = modeTowards[to] == Mode.PLAIN ? mode : modeTowards[to];
        if (how == Mode.RETURNS_FALSE) return false;
        if (how == Mode.LIES) return true;
        if (how == Mode.REVERTS || how == Mode.BURNS_GAS || how == Mode.RETURNS_BOMB) _fail(how, to);
        if (how == Mode.REENTERS) (reentered, answer) = target.call(call);

        _move(from, to, amount);
        if (how == Mode.TAKES_FEE) _move(to, address(0xfee), amount / 100);
        if (how == Mode.MOVES_AND_SAYS_NO) return false;
        if (how == Mode.RETURNS_NOTHING) {
            assembly ("memory-safe") {
                return(0, 0)
            }
        }
        return true;
    }

    function _fail(Mode how, address to) internal pure {
        while (how == Mode.BURNS_GAS) {
            to = address(uint160(to) + 1);
        }
        if (how == Mode.RETURNS_BOMB) {
            assembly ("memory-safe") {
                revert(0, 100000)
            }
        }
        revert CashBlocked(to);
    }

    function _move(address from, address to, uint256 amount) internal {
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
        emit Transfer(from, to, amount);
    }
}
