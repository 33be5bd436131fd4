// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Book, PaymentDays} from "../../../../contracts/bond/interfaces/IBond.sol";
import {Action, ActionKind, Drawing, Payment} from "../../../../contracts/servicing/interfaces/ServicingTypes.sol";
import {Base} from "../../Base.sol";
import {IBondToken} from "../../suite/IBondToken.sol";
import {Cheats, World} from "../../suite/Suite.sol";

/// @notice What acts of life events made of units, elections and money, beside the contracts; and what the acts share.
/// @dev An act never reverts. What must be so is said to `demand`, which keeps the first broken promise.
abstract contract EventState is Base {
    /// @notice What became of the units that were elected in an event, or drawn.
    struct Fate {
        uint256 elected;
        uint256 withdrawn;
        uint256 released;
        uint256 annulled;
        uint256 settled;
    }

    /// @notice Units from a moment on.
    struct Point {
        uint256 time;
        uint256 units;
    }

    Cheats internal constant cheats = Cheats(address(vm));
    bytes4 private constant PANIC = bytes4(keccak256("Panic(uint256)"));
    uint256 internal constant BILLION = 1e9;
    uint256 internal constant CLAIM = 1e18;

    World internal world;
    IBondToken[] internal bonds;
    /// @dev How many of four payments are forgotten; who forgets has time pass faster.
    uint256 internal _forgetful;
    /// @dev Those who hold, one whose class may not, and the issuer.
    address[] internal people;

    string public broken;
    /// @notice Times that acts succeeded, and were refused, to see that a run does something.
    mapping(bytes32 act => uint256) public done;
    mapping(bytes32 act => uint256) public refused;

    mapping(IBondToken bond => mapping(address holder => uint256)) public unitsOf;
    mapping(IBondToken bond => uint256) public supplyOf;
    mapping(IBondToken bond => mapping(uint16 action => mapping(address holder => uint64))) public electedBy;
    mapping(IBondToken bond => mapping(uint16 action => Fate)) internal _fates;
    mapping(IBondToken bond => mapping(address holder => Point[])) private _history;

    constructor(World memory world_, address[] memory people_) {
        (world, people) = (world_, people_);
    }

    /// @notice A bond that is issued: to the first five, and to the issuer.
    function addBond(IBondToken bond, address[] calldata holders, uint64[] calldata units) external {
        bonds.push(bond);
        for (uint256 i; i < holders.length; ++i) {
            _moved(bond, address(0), holders[i], units[i]);
        }
    }

    function bondCount() external view returns (uint256) {
        return bonds.length;
    }

    function bondAt(uint256 index) external view returns (IBondToken) {
        return bonds[index];
    }

    function fateOf(IBondToken bond, uint16 action) external view returns (Fate memory) {
        return _fates[bond][action];
    }

    /// @return What somebody held just before a moment.
    function unitsBefore(IBondToken bond, address holder, uint256 time) public view returns (uint256) {
        Point[] storage points = _history[bond][holder];
        for (uint256 i = points.length; i > 0; --i) {
            if (points[i - 1].time < time) return points[i - 1].units;
        }
        return 0;
    }

    function _demand(bool met, string memory what) internal {
        if (!met && bytes(broken).length == 0) broken = what;
    }

    /* ACTS */

    /// @dev Lets some time pass before an act.
    modifier act(uint256 seed) {
        _passTime(_mix(seed ^ _now()));
        _;
    }

    function _try(bytes32 name, address actor, address target, bytes memory data)
        internal
        returns (bool success, bytes memory answer)
    {
        vm.prank(actor);
        (success, answer) = target.call(data);
        if (success) ++done[name];
        else ++refused[name];
        bool isNamed = success || (answer.length >= 4 && bytes4(answer) != PANIC);
        _demand(isNamed, "REFUSE-1: who is refused is told why: no act ends in an arithmetic panic, or without a word");
    }

    function _serve(bytes32 name, address actor, bytes memory data) internal returns (bool success) {
        (success,) = _try(name, actor, address(world.servicing), data);
    }

    function _moved(IBondToken bond, address from, address to, uint256 units) internal {
        if (from == address(0)) supplyOf[bond] += units;
        else if (unitsOf[bond][from] < units) return _demand(false, "SUPPLY-2: nobody loses units that he had not");
        else unitsOf[bond][from] -= units;
        if (to == address(0)) supplyOf[bond] -= units;
        else unitsOf[bond][to] += units;
        if (from != address(0)) _history[bond][from].push(Point(_now(), unitsOf[bond][from]));
        if (to != address(0)) _history[bond][to].push(Point(_now(), unitsOf[bond][to]));
    }

    function _give(address to, uint256 amount) internal {
        if (amount == 0) return;
        vm.prank(world.cashIssuer);
        world.cash.mint(to, amount);
    }

    /// @return What somebody has in money, or is owed by name.
    function _wealth(IBondToken bond, address account) internal view returns (uint256) {
        return world.cash.balanceOf(account) + world.servicing.keptFor(bond, account);
    }

    /* CHOICES */

    /// @dev Fuzzers love small numbers and repeat them; whatever picks is spread out first.
    function _mix(uint256 seed) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed)));
    }

    function _bond(uint256 seed) internal view returns (IBondToken) {
        return bonds[_mix(seed) % bonds.length];
    }

    /// @dev Who has money, and nothing to do with the bonds.
    function _stranger() internal view returns (address) {
        return world.cashIssuer;
    }

    function _person(uint256 seed) internal view returns (address) {
        return people[_mix(seed) % people.length];
    }

    /// @dev Mostly the issuer, else anybody.
    function _issuer(uint256 seed) internal view returns (address) {
        return _mix(seed) % 16 == 0 ? _person(seed >> 8) : world.issuer;
    }

    function _batch(uint256 seed) internal view returns (address[] memory batch) {
        batch = new address[](1 + _mix(seed) % (people.length + 2));
        for (uint256 i; i < batch.length; ++i) {
            batch[i] = _person(uint256(keccak256(abi.encode(seed, i))));
        }
    }

    /// @dev Nothing, one, all and one more come up often.
    function _amount(uint256 seed, uint256 all) internal pure returns (uint64) {
        seed = _mix(seed);
        uint256 kind = seed % 16;
        if (kind == 0) return 0;
        if (kind == 1) return uint64(all + 1);
        if (kind <= 4) return uint64(all);
        return all == 0 ? 0 : uint64(1 + (seed >> 8) % all);
    }

    function _isRepeated(address[] memory batch, uint256 index) internal pure returns (bool) {
        for (uint256 i; i < index; ++i) {
            if (batch[i] == batch[index]) return true;
        }
        return false;
    }

    function _isDue(IBondToken bond) internal view returns (bool) {
        return world.servicing.stateOf(bond).duePeriod != 0;
    }

    /// @return Whether a holder has anything elected in an event.
    function _hasElected(IBondToken bond, uint16 number, address[] memory batch) internal view returns (bool) {
        for (uint256 i; i < batch.length; ++i) {
            if (electedBy[bond][number][batch[i]] != 0) return true;
        }
        return false;
    }

    /* TIME */

    function _now() internal view returns (uint256) {
        return cheats.getBlockTimestamp();
    }

    /// @dev Mostly nothing; else to a moment that matters, or just before it, or a few hours.
    function _passTime(uint256 seed) internal {
        if ((seed >> 4) % 4 != 0) vm.roll(cheats.getBlockNumber() + 1);
        uint256 kind = (seed >> 8) % 32;
        if (kind == 0) vm.warp(_now() + (seed >> 16) % 6 hours);
        else if (kind == 1) vm.warp(_nextMoment(false) - 1);
        else if (kind <= 6 + 2 * _forgetful) vm.warp(_nextMoment((seed >> 16) % 2 == 0));
    }

    /// @param isLong Whether only record and payment days count, so that time gets on.
    function _nextMoment(bool isLong) internal view returns (uint256 next) {
        next = type(uint40).max;
        for (uint256 i; i < bonds.length; ++i) {
            Book memory book = bonds[i].book();
            next = _earlier(next, book.nextTime);
            PaymentDays memory days_ = bonds[i].paymentDays(book.records);
            next = _earlierOfLate(next, days_.payTime);
            uint16 actions = isLong ? 0 : world.servicing.actionCount(bonds[i]);
            for (uint16 k = actions > 6 ? actions - 5 : 1; k <= actions; ++k) {
                Action memory action = world.servicing.actionOf(bonds[i], k);
                next = _earlier(next, action.opensAt);
                next = _earlier(next, action.closesAt);
                next = _earlierOfLate(next, action.payTime);
                next = _earlier(next, action.payTime + 10 days);
            }
        }
        if (next > _now() + 20 days) next = _now() + 7 days;
    }

    /// @dev A payment, the day after it, and the end of three days' grace.
    function _earlierOfLate(uint256 next, uint256 payTime) private view returns (uint256) {
        if (payTime == 0) return next;
        next = _earlier(next, payTime);
        next = _earlier(next, payTime + 1 days);
        return _earlier(next, payTime + 4 days);
    }

    function _earlier(uint256 next, uint256 time) internal view returns (uint256) {
        return time > _now() && time < next ? time : next;
    }
}
