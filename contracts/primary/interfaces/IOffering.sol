// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IOfferingBook} from "./IOfferingBook.sol";
import {IOfferingClearing} from "./IOfferingClearing.sol";
import {IOfferingEvents} from "./IOfferingEvents.sol";
import {IOfferingMandate} from "./IOfferingMandate.sol";
import {IOfferingPayment} from "./IOfferingPayment.sol";

/// @title IOffering
/// @notice The primary market: mandate and syndicate, sealed bids, clearing, payment and issue in one act.
/// @dev One address answers all of it. Units are whole bonds; amounts are base units of the bond's currency; times are Unix
/// seconds; quotes are rates in billionths a year or prices in base units for one unit.
interface IOffering is IOfferingBook, IOfferingPayment, IOfferingClearing, IOfferingMandate, IOfferingEvents {}
