// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IServicingCoupons} from "./IServicingCoupons.sol";
import {IServicingEvents} from "./IServicingEvents.sol";
import {IServicingFixings} from "./IServicingFixings.sol";
import {IServicingPayments} from "./IServicingPayments.sol";

/// @title IServicing
/// @notice All that the address of the Servicing answers.
interface IServicing is IServicingEvents, IServicingPayments, IServicingCoupons, IServicingFixings {}
