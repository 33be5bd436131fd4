// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

import {IBond} from "../../../contracts/bond/interfaces/IBond.sol";
import {IBondEvents} from "../../../contracts/bond/interfaces/IBondEvents.sol";
import {IBondExtension} from "../../../contracts/bond/interfaces/IBondExtension.sol";
import {IERC7943Fungible} from "../../../contracts/bond/interfaces/IERC7943Fungible.sol";

/// @notice A bond with all its faces, so that tests need not import, and compile, the contract itself.
interface IBondToken is IBond, IBondExtension, IBondEvents, IERC7943Fungible, IERC20, IERC20Permit {}
