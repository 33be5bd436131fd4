// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBond} from "../bond/interfaces/IBond.sol";
import {IBondFactory} from "../bond/interfaces/IBondFactory.sol";
import {IServicingEvents} from "./interfaces/IServicingEvents.sol";
import {Fixing, Payment} from "./interfaces/ServicingTypes.sol";

/// @title ServicingBase
/// @notice What servicing stores, and what its parts share.
/// @dev ONE ADDRESS, THREE PARTS
/// - `Servicing` holds and pays out the money. What it does not know it hands on, by delegatecall, to `ServicingCoupons`, which
///   computes, and that one to `ServicingFixings`, which fixes. All run in the storage of `Servicing`, inherit it from here and add none; a part that is called directly finds no
///   bond that obeys it. None of it can be changed.
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
    mapping(IBond bond => uint16) internal _fixedPeriods;

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
        assembly ("memory-safe") {
            let input := mload(0x40)
            calldatacopy(input, 0, calldatasize())
            let ok := delegatecall(gas(), next, input, calldatasize(), 0, 0)
            returndatacopy(input, 0, returndatasize())
            if iszero(ok) { revert(input, returndatasize()) }
            return(input, returndatasize())
        }
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
