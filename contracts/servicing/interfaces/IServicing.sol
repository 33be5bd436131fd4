// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IServicingAccruals} from "./IServicingAccruals.sol";
import {IServicingActionPayments} from "./IServicingActionPayments.sol";
import {IServicingActions} from "./IServicingActions.sol";
import {IServicingCoupons} from "./IServicingCoupons.sol";
import {IServicingDefault} from "./IServicingDefault.sol";
import {IServicingDrawings} from "./IServicingDrawings.sol";
import {IServicingEvents} from "./IServicingEvents.sol";
import {IServicingFixings} from "./IServicingFixings.sol";
import {IServicingPayments} from "./IServicingPayments.sol";
import {IServicingTerm} from "./IServicingTerm.sol";
import {IServicingVersions} from "./IServicingVersions.sol";

/// @title IServicing
/// @notice All that the address of the Servicing answers.
interface IServicing is
    IServicingEvents,
    IServicingPayments,
    IServicingCoupons,
    IServicingAccruals,
    IServicingFixings,
    IServicingTerm,
    IServicingActions,
    IServicingActionPayments,
    IServicingDrawings,
    IServicingDefault,
    IServicingVersions
{}
