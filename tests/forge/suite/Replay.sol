// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IBond} from "../../../contracts/bond/interfaces/IBond.sol";
import {IERC7943Fungible} from "../../../contracts/bond/interfaces/IERC7943Fungible.sol";
import {IMemberRegistry} from "../../../contracts/membership/interfaces/IMemberRegistry.sol";
import {IServicingEvents} from "../../../contracts/servicing/interfaces/IServicingEvents.sol";
import {ISettlementEvents} from "../../../contracts/settlement/interfaces/ISettlementEvents.sol";
import {Fixing, FixingSource} from "../../../contracts/servicing/interfaces/ServicingTypes.sol";
import {Vm} from "../Base.sol";
import {OfferingReplay} from "./OfferingReplay.sol";

/// @notice The state of the suite as its events tell it, and nothing else.
contract Replay is OfferingReplay {
    struct Word {
        bytes20 lei;
        uint8 standing;
        uint24 verdicts;
        uint24 roles;
        uint40 until;
    }

    /// @dev Units of bonds and money alike: balances by token.
    mapping(address token => mapping(address account => uint256)) public balance;
    mapping(address token => uint256) public supply;
    mapping(address token => mapping(address owner => mapping(address spender => uint256))) public allowance;
    mapping(address bond => mapping(address account => uint256)) public frozen;
    mapping(address bond => bool) public paused;
    mapping(address bond => uint256) public records;
    mapping(address bond => mapping(uint256 period => uint256)) public funded;
    mapping(address bond => mapping(uint256 period => uint256)) public paid;
    /// @dev Who was in a list; of these, who held at the record date was paid.
    mapping(address bond => mapping(uint256 period => mapping(address account => bool))) public isServed;
    mapping(address bond => mapping(address account => uint256)) public kept;
    mapping(address bond => mapping(uint256 period => Fixing)) internal _fixings;
    mapping(address bond => uint256) public lastPeriod;
    mapping(address bond => mapping(uint256 period => uint256)) public taxed;
    mapping(address bond => mapping(uint256 period => mapping(address account => uint256))) public claimed;
    mapping(address bond => mapping(uint256 period => mapping(address account => uint256))) public claimsPaid;
    mapping(address bond => mapping(uint256 period => mapping(address account => uint256))) public transferred;
    mapping(address account => mapping(uint256 nonce => bool)) public isNonceUsed;
    mapping(bytes20 lei => uint8) public classOf;
    mapping(address account => Word) internal _words;

    function read(Vm.Log[] calldata logs) external {
        for (uint256 i; i < logs.length; ++i) {
            Vm.Log calldata log = logs[i];
            bytes32 kind = log.topics.length == 0 ? bytes32(0) : log.topics[0];
            if (kind == IERC20.Transfer.selector) {
                _transfer(log);
            } else if (kind == IERC20.Approval.selector) {
                _approve(log);
            } else if (
                !_readBond(kind, log) && !_readServicing(kind, log) && !_readInterest(kind, log)
                    && !_readOffering(kind, log)
            ) {
                _readRest(kind, log);
            }
        }
    }

    function wordOf(address account) external view returns (Word memory) {
        return _words[account];
    }

    function _transfer(Vm.Log calldata log) private {
        (address from, address to) = (_address(log.topics[1]), _address(log.topics[2]));
        uint256 amount = abi.decode(log.data, (uint256));
        if (from == address(0)) supply[log.emitter] += amount;
        else balance[log.emitter][from] -= amount;
        if (to == address(0)) supply[log.emitter] -= amount;
        else balance[log.emitter][to] += amount;
    }

    function _approve(Vm.Log calldata log) private {
        allowance[log.emitter][_address(log.topics[1])][_address(log.topics[2])] = abi.decode(log.data, (uint256));
    }

    function _readBond(bytes32 kind, Vm.Log calldata log) private returns (bool) {
        if (kind == IERC7943Fungible.Frozen.selector) {
            frozen[log.emitter][_address(log.topics[1])] = abi.decode(log.data, (uint256));
        } else if (kind == IBond.PauseSet.selector) {
            (paused[log.emitter],) = abi.decode(log.data, (bool, address));
        } else if (kind == IBond.RecordPassed.selector) {
            records[log.emitter] = uint256(log.topics[1]);
        } else if (kind == IBond.CouponFixed.selector) {
            coupon[log.emitter] = abi.decode(log.data, (uint32));
        } else {
            return false;
        }
        return true;
    }

    function _readServicing(bytes32 kind, Vm.Log calldata log) private returns (bool) {
        address bond = log.topics.length > 1 ? _address(log.topics[1]) : address(0);
        if (kind == IServicingEvents.PaymentFunded.selector) {
            (uint256 interest, uint256 principal,) = abi.decode(log.data, (uint256, uint256, uint64));
            funded[bond][uint256(log.topics[2])] = interest + principal;
        } else if (kind == IServicingEvents.HoldersPaid.selector) {
            (address[] memory holders,, uint256 total,) = abi.decode(log.data, (address[], uint64, uint256, address));
            paid[bond][uint256(log.topics[2])] += total;
            for (uint256 i; i < holders.length; ++i) {
                isServed[bond][uint256(log.topics[2])][holders[i]] = true;
            }
        } else if (kind == IServicingEvents.AmountKept.selector) {
            kept[bond][_address(log.topics[3])] += abi.decode(log.data, (uint256));
        } else if (kind == IServicingEvents.AmountCollected.selector) {
            (uint256 amount,) = abi.decode(log.data, (uint256, address));
            kept[bond][_address(log.topics[2])] -= amount;
        } else if (kind == IServicingEvents.PaymentCompleted.selector) {
            (uint256 residue, address payer) = abi.decode(log.data, (uint256, address));
            kept[bond][payer] += residue;
        } else {
            return false;
        }
        return true;
    }

    function fixingOf(address bond, uint256 period) external view returns (Fixing memory) {
        return _fixings[bond][period];
    }

    function _readInterest(bytes32 kind, Vm.Log calldata log) private returns (bool) {
        if (kind == IBond.TermMoved.selector) {
            (lastPeriod[log.emitter],) = abi.decode(log.data, (uint16, uint24));
            return true;
        }
        address bond = log.topics.length > 2 ? _address(log.topics[1]) : address(0);
        uint256 period = log.topics.length > 2 ? uint256(log.topics[2]) : 0;
        if (kind == IServicingEvents.PeriodFixed.selector) {
            _readFixing(_fixings[bond][period], log.data);
        } else if (kind == IServicingEvents.InterestDeferred.selector) {
            (uint128 arrears,) = abi.decode(log.data, (uint128, address));
            Fixing storage found = _fixings[bond][period];
            (found.isDeferred, found.arrears) = (true, arrears);
        } else if (kind == IServicingEvents.TaxWithheld.selector) {
            (, uint256 tax,) = abi.decode(log.data, (uint256, uint256, uint256));
            taxed[bond][period] += tax;
        } else if (kind == IServicingEvents.ClaimTransferred.selector) {
            (address buyer, uint64 units) = abi.decode(log.data, (address, uint64));
            _moveClaim(claimed[bond][period], transferred[bond][period], _address(log.topics[3]), buyer, units);
        } else if (kind == IServicingEvents.ClaimSettled.selector) {
            (address buyer, uint64 units,) = abi.decode(log.data, (address, uint64, uint256));
            _moveClaim(claimsPaid[bond][period], transferred[bond][period], _address(log.topics[3]), buyer, units);
        } else if (kind == IServicingEvents.ClaimsPaid.selector) {
            (address[] memory buyers,, uint256 total,) = abi.decode(log.data, (address[], uint64, uint256, address));
            paid[bond][period] += total;
            for (uint256 i; i < buyers.length; ++i) {
                claimsPaid[bond][period][buyers[i]] += claimed[bond][period][buyers[i]];
                claimed[bond][period][buyers[i]] = 0;
            }
        } else {
            return false;
        }
        return true;
    }

    function _readFixing(Fixing storage found, bytes calldata data) private {
        uint256[8] memory words = abi.decode(data, (uint256[8]));
        (found.rate, found.source) = (uint32(words[0]), FixingSource(words[1]));
        (found.value, found.day, found.indexRatio) = (int64(uint64(words[2])), uint24(words[3]), uint64(words[4]));
        (found.factor, found.arrears) = (uint128(words[5]), uint128(words[6]));
        found.fixedAt = uint40(block.timestamp);
    }

    /// @dev First what the seller had bought in the same way, then what was his at the record date.
    function _moveClaim(
        mapping(address => uint256) storage held,
        mapping(address => uint256) storage given,
        address seller,
        address buyer,
        uint256 units
    ) private {
        uint256 own = held[seller] < units ? held[seller] : units;
        held[seller] -= own;
        given[seller] += units - own;
        held[buyer] += units;
    }

    function _readRest(bytes32 kind, Vm.Log calldata log) private {
        if (kind == IMemberRegistry.MemberAdmitted.selector || kind == IMemberRegistry.MemberReclassified.selector) {
            (classOf[bytes20(log.topics[1])],,) = abi.decode(log.data, (uint8, bytes2, address));
        } else if (kind == IMemberRegistry.AccountAdmitted.selector) {
            (uint24 roles, uint40 until,) = abi.decode(log.data, (uint24, uint40, address));
            bytes20 lei = bytes20(log.topics[1]);
            _words[_address(log.topics[2])] = Word(lei, 1, uint24(1) << classOf[lei], roles, until);
        } else if (kind == IMemberRegistry.AccountRolesSet.selector) {
            Word storage word = _words[_address(log.topics[2])];
            (word.roles, word.until,) = abi.decode(log.data, (uint24, uint40, address));
        } else if (kind == IMemberRegistry.AccountStandingSet.selector) {
            Word storage word = _words[_address(log.topics[2])];
            (word.standing, word.verdicts,) = abi.decode(log.data, (uint8, uint24, address));
            // What the interface says of removal: no roles, no verdicts.
            if (word.standing & 8 != 0) word.roles = 0;
        } else if (kind == ISettlementEvents.TradeSettled.selector) {
            (,,,, uint256 sellerNonce, uint256 buyerNonce,) =
                abi.decode(log.data, (address, address, uint64, uint128, uint256, uint256, address));
            isNonceUsed[_address(log.topics[2])][sellerNonce] = true;
            isNonceUsed[_address(log.topics[3])][buyerNonce] = true;
        } else if (kind == ISettlementEvents.NoncesCancelled.selector) {
            uint256 mask = abi.decode(log.data, (uint256));
            for (uint256 i; i < 256; ++i) {
                if ((mask >> i) & 1 == 1) {
                    isNonceUsed[_address(log.topics[1])][(uint256(log.topics[2]) << 8) | i] = true;
                }
            }
        }
    }

    function _address(bytes32 topic) private pure returns (address) {
        return address(uint160(uint256(topic)));
    }
}
