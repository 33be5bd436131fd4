// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBond} from "../bond/interfaces/IBond.sol";
import {IBondFactory} from "../bond/interfaces/IBondFactory.sol";
import {DelegateLib} from "../libraries/DelegateLib.sol";
import {IServicingEvents} from "./interfaces/IServicingEvents.sol";
import {
    Action,
    Claim,
    Drawing,
    Election,
    Fixing,
    PartialCall,
    Payment,
    State,
    Version
} from "./interfaces/ServicingTypes.sol";

/// @title ServicingBase
/// @notice What servicing stores, and what its parts share.
/// @dev ONE ADDRESS, MANY PARTS
/// - `Servicing` holds and pays out the money. What a part does not know it hands on, by delegatecall, to the next: `ServicingCoupons`
///   computes, `ServicingFixings` fixes; then come the events of holders and their payments, what moves the term, default, and versions of
///   the terms, the rarest last. All run in the storage of `Servicing`, inherit it from here and add none; a part that is called directly
///   finds no bond that obeys it. None of it can be changed.
abstract contract ServicingBase is IServicingEvents {
    IBondFactory public immutable FACTORY;
    address public immutable NEXT;

    mapping(IBond bond => mapping(uint256 period => Payment)) internal _payments;
    mapping(IBond bond => mapping(address holder => uint256)) internal _kept;
    /// @dev Units whose payment was transferred: to a buyer, until he is paid; and from a seller.
    mapping(IBond bond => mapping(uint256 period => mapping(address buyer => uint64))) internal _claimed;
    mapping(IBond bond => mapping(uint256 period => mapping(address seller => uint64))) internal _transferred;
    /// @dev Units for which a buyer has the money, by claim or from his seller, and so owes it to whom he sold them.
    mapping(IBond bond => mapping(uint256 period => mapping(address buyer => uint64))) internal _claimsPaid;
    mapping(IBond bond => mapping(uint256 period => Fixing)) internal _fixings;
    mapping(IBond bond => State) internal _states;
    mapping(IBond bond => mapping(uint256 number => PartialCall)) internal _partialCalls;
    mapping(IBond bond => mapping(uint256 number => Version)) internal _versions;
    mapping(IBond bond => mapping(uint256 number => Action)) internal _actions;
    mapping(IBond bond => mapping(uint256 action => mapping(address holder => Election))) internal _elections;
    mapping(IBond bond => mapping(uint256 action => Drawing)) internal _drawings;
    /// @dev The event that a right or a sinking fund opened, by what `_putKey` and `_sinkingKey` say.
    mapping(IBond bond => mapping(uint256 key => uint16)) internal _actionBy;
    /// @dev Units cancelled that count towards the sinking fund.
    mapping(IBond bond => uint64) internal _credits;
    mapping(IBond bond => Claim) internal _claims;

    /// @param next The part that does what this one does not know; none for the last.
    constructor(IBondFactory factory, address next) {
        FACTORY = factory;
        require(next == address(0) || next.code.length != 0, ServicingPartMissing(next));
        NEXT = next;
    }

    /// @dev Runs the next part in this storage.
    fallback() external {
        address next = NEXT;
        require(next != address(0), ServicingActUnknown(msg.sig));
        DelegateLib.forward(next);
    }

    /// @return The code that holds the terms of a period: the bond's own, or that of a later version.
    function _sourceAt(IBond bond, uint256 period) internal view returns (address) {
        return _versionAt(bond, _states[bond].versions, period).source;
    }

    /// @param count Versions of the bond.
    /// @return found The version in force at the start of a period; the sealed terms as from period 0.
    function _versionAt(IBond bond, uint256 count, uint256 period) internal view returns (Version memory found) {
        for (; count != 0; --count) {
            found = _versions[bond][count];
            if (found.from <= period) return found;
        }
        return Version({source: address(bond), from: 0});
    }

    function _checkBond(IBond bond) internal view {
        require(FACTORY.isBond(address(bond)), ServicingBondUnknown(address(bond)));
    }

    /// @dev For what changes something: a bond obeys one Servicing; a part that is called directly is nobody's.
    function _checkServed(IBond bond) internal view {
        _checkBond(bond);
        require(bond.suite().servicing == address(this), ServicingBondUnknown(address(bond)));
    }
}
