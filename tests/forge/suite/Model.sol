// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Terms} from "../../../contracts/bond/libraries/TermsLib.sol";
import {Naive} from "./Naive.sol";

/// @notice What should be so after the acts that handlers saw succeed; knows nothing of the contracts' storage or events.
/// @dev Handlers write here. `demand` keeps the first broken promise, for the invariant to find.
contract Model {
    struct Member {
        bytes20 lei;
        uint8 class;
        bool suspended;
    }

    struct Account {
        bytes20 lei;
        uint24 roles;
        uint40 until;
        // As of the last word that was written for the account.
        uint8 class;
        bool memberSuspended;
        bool suspended;
        bool removed;
    }

    struct Point {
        uint256 time;
        uint64 units;
    }

    struct Period {
        uint256 dueDay;
        uint256 payDay;
        uint256 recordDay;
        uint256 recordTime;
        uint256 payTime;
        uint256 numerator; // interest of one unit at a coupon of one, times the denominator
        uint256 denominator;
        uint256 principal;
    }

    struct Payment {
        bool funded;
        address payer;
        uint64 units;
        uint64 served;
        uint256 amount; // taken from the payer
        uint256 named; // sent to holders, or kept in their names
        uint256 sent;
        uint256 kept; // of holders, at the time of serving
        uint256 receivers;
    }

    string public broken;

    address[] public bonds;
    address[] public accounts;
    mapping(address account => Account) internal _accounts;
    mapping(bytes20 lei => Member) public memberOf;

    mapping(address bond => Terms) internal _terms;
    mapping(address bond => bytes32) public sealedHash;
    mapping(address bond => Period[]) internal _periods;
    mapping(address bond => bool) public paused;
    mapping(address bond => uint256) public issued;
    /// @dev Record dates pass from the first issue on, or from when the Offering looked for one.
    mapping(address bond => bool) public isWatched;
    mapping(address bond => uint256) public burned;
    mapping(address bond => mapping(address account => Point[])) internal _history;
    mapping(address bond => mapping(address account => uint256)) public frozen;
    mapping(address bond => mapping(address account => bool)) public broughtBelow;
    mapping(address bond => mapping(uint256 period => Payment)) internal _payments;
    mapping(address bond => mapping(uint256 period => mapping(address account => uint256))) public timesPaid;
    mapping(address bond => mapping(address account => uint256)) public kept;
    mapping(address bond => mapping(address owner => mapping(address spender => uint256))) public allowance;
    mapping(address account => uint256) public cash;
    uint256 public cashSupply;

    function demand(bool met, string calldata what) external {
        if (!met && bytes(broken).length == 0) broken = what;
    }

    /* MEMBERS */

    function addAccount(address account, bytes20 lei, uint8 class, uint24 roles, uint40 until, uint256 money) external {
        accounts.push(account);
        memberOf[lei] = Member({lei: lei, class: class, suspended: false});
        _accounts[account] = Account(lei, roles, until, class, false, false, false);
        cash[account] = money;
        cashSupply += money;
    }

    function setAccount(address account, Account calldata next) external {
        _accounts[account] = next;
    }

    function setMember(bytes20 lei, uint8 class, bool suspended) external {
        memberOf[lei] = Member(lei, class, suspended);
    }

    function accountOf(address account) external view returns (Account memory) {
        return _accounts[account];
    }

    function isActive(address account) public view returns (bool) {
        Account memory each = _accounts[account];
        return
            each.lei != 0 && !each.suspended && !each.memberSuspended && !each.removed && block.timestamp <= each.until;
    }

    function mayHold(address bond, address account) public view returns (bool) {
        Account memory each = _accounts[account];
        return isActive(account) && each.roles & 1 == 1 && (_terms[bond].eligible >> each.class) & 1 == 1;
    }

    function accountCount() external view returns (uint256) {
        return accounts.length;
    }

    /* BONDS */

    function addBond(address bond, Terms calldata terms) external {
        bonds.push(bond);
        _terms[bond] = terms;
        sealedHash[bond] = keccak256(abi.encode(terms));
        for (uint256 k = 1; k <= terms.periods; ++k) {
            Period memory period;
            period.dueDay = Naive.addMonths(terms.issueDay, k * terms.monthsPerPeriod);
            period.payDay = Naive.roll(period.dueDay, terms.roll);
            period.recordDay = Naive.businessDaysBefore(period.payDay, terms.recordBusinessDays);
            period.payTime = _instant(terms, period.payDay, 0);
            period.recordTime = _instant(terms, period.recordDay, terms.cutOff);
            uint256 start = Naive.addMonths(terms.issueDay, (k - 1) * terms.monthsPerPeriod);
            (uint256 numerator, uint256 denominator) =
                Naive.fraction(terms.dayCount, start, period.dueDay, terms.monthsPerPeriod);
            period.numerator = terms.faceValue * numerator;
            period.denominator = denominator * 1e9;
            period.principal = k == terms.periods ? terms.faceValue : 0;
            _periods[bond].push(period);
        }
    }

    /// @dev The one thing that terms may leave to an offering.
    function fixCoupon(address bond, uint32 rate) external {
        _terms[bond].couponRate = rate;
        sealedHash[bond] = keccak256(abi.encode(_terms[bond]));
    }

    function watch(address bond) external {
        isWatched[bond] = true;
    }

    /// @return count Record dates that are over, whether anybody noticed or not.
    function recordsOver(address bond) external view returns (uint256 count) {
        while (count < _terms[bond].periods && block.timestamp >= periodOf(bond, count + 1).recordTime) ++count;
    }

    function bondCount() external view returns (uint256) {
        return bonds.length;
    }

    function termsOf(address bond) external view returns (Terms memory) {
        return _terms[bond];
    }

    function periodOf(address bond, uint256 period) public view returns (Period memory) {
        return _periods[bond][period - 1];
    }

    function isClosed(address bond) public view returns (bool) {
        return block.timestamp >= periodOf(bond, _terms[bond].periods).recordTime;
    }

    /// @dev Floors interest alone, as the term sheet says; principal is whole.
    function due(address bond, uint256 period, uint256 units) public view returns (uint256) {
        Period memory each = periodOf(bond, period);
        return units * each.numerator * _terms[bond].couponRate / each.denominator + units * each.principal;
    }

    /* UNITS */

    function unitsOf(address bond, address account) public view returns (uint64) {
        Point[] storage points = _history[bond][account];
        return points.length == 0 ? 0 : points[points.length - 1].units;
    }

    /// @return Units just before a time.
    function unitsBefore(address bond, address account, uint256 time) public view returns (uint64) {
        Point[] storage points = _history[bond][account];
        for (uint256 i = points.length; i > 0; --i) {
            if (points[i - 1].time < time) return points[i - 1].units;
        }
        return 0;
    }

    function unitsAt(address bond, address account, uint256 record) public view returns (uint64) {
        return unitsBefore(bond, account, periodOf(bond, record).recordTime);
    }

    function supplyAt(address bond, uint256 record) public view returns (uint64 sum) {
        for (uint256 i; i < accounts.length; ++i) {
            sum += unitsAt(bond, accounts[i], record);
        }
    }

    function move(address bond, address from, address to, uint64 units) public {
        if (from == address(0)) (issued[bond], isWatched[bond]) = (issued[bond] + units, true);
        else _history[bond][from].push(Point(block.timestamp, unitsOf(bond, from) - units));
        if (to == address(0)) burned[bond] += units;
        else _history[bond][to].push(Point(block.timestamp, unitsOf(bond, to) + units));
    }

    /// @return Whether the holder himself may move these units.
    function mayTransfer(address bond, address from, address to, uint256 units) external view returns (bool) {
        uint256 held = unitsOf(bond, from);
        uint256 least = _terms[bond].minimumUnits;
        if (isClosed(bond) || paused[bond] || from == to || units == 0 || units > held) return false;
        if (!mayHold(bond, from) || !mayHold(bond, to)) return false;
        if (frozen[bond][from] > held - units) return false;
        return (held == units || held - units >= least) && unitsOf(bond, to) + units >= least;
    }

    function mayForce(address bond, address from, address to, uint256 units) external view returns (bool) {
        return !isClosed(bond) && from != to && units != 0 && units <= unitsOf(bond, from) && mayHold(bond, to);
    }

    /// @dev A freeze falls only by what had to be taken out of it, unless it is for ever.
    function force(address bond, address from, address to, uint64 units) external {
        uint256 held = unitsOf(bond, from);
        uint256 bound = frozen[bond][from];
        uint256 free = held > bound ? held - bound : 0;
        if (units > free && bound < type(uint64).max) frozen[bond][from] -= units - free;
        move(bond, from, to, units);
        (broughtBelow[bond][from], broughtBelow[bond][to]) = (true, true);
    }

    function setFrozen(address bond, address account, uint256 units) external {
        frozen[bond][account] = units;
    }

    function setPaused(address bond, bool on) external {
        paused[bond] = on;
    }

    function setAllowance(address bond, address owner, address spender, uint256 units) external {
        allowance[bond][owner][spender] = units;
    }

    /* MONEY */

    function moveCash(address from, address to, uint256 amount) public {
        if (from == address(0)) cashSupply += amount;
        else cash[from] -= amount;
        if (to == address(0)) cashSupply -= amount;
        else cash[to] += amount;
    }

    function paymentOf(address bond, uint256 period) external view returns (Payment memory) {
        return _payments[bond][period];
    }

    function fund(address bond, uint256 period, address payer, uint64 units, uint256 amount) external {
        Payment storage each = _payments[bond][period];
        (each.funded, each.payer, each.units, each.amount) = (true, payer, units, amount);
    }

    /// @return sent What the holder is sent now; what is due on frozen units, or to one who cannot have money, is kept.
    function serve(address bond, uint256 period, address holder) external returns (uint256 sent) {
        uint64 units = unitsAt(bond, holder, period);
        if (units == 0 || timesPaid[bond][period][holder] != 0) return 0;
        uint256 amount = due(bond, period, units);
        uint256 bound = frozen[bond][holder] < units ? frozen[bond][holder] : units;
        sent = isActive(holder) ? due(bond, period, units - bound) : 0;

        Payment storage each = _payments[bond][period];
        timesPaid[bond][period][holder] = 1;
        kept[bond][holder] += amount - sent;
        (each.served, each.receivers) = (each.served + units, each.receivers + 1);
        (each.named, each.sent, each.kept) = (each.named + amount, each.sent + sent, each.kept + amount - sent);
        if (period == _terms[bond].periods) move(bond, holder, address(0), units);
        if (each.served == each.units) kept[bond][each.payer] += each.amount - each.named;
    }

    function collect(address bond, address holder) external {
        kept[bond][holder] = 0;
    }

    function _instant(Terms memory terms, uint256 day, uint256 second) private pure returns (uint256) {
        return uint256(int256(day * 86_400 + second) - int256(terms.utcOffset) * 60);
    }
}
