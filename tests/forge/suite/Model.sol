// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Withholding} from "../../../contracts/bond/interfaces/Provisions.sol";
import {ModelTerms} from "./ModelTerms.sol";

/// @notice What should be so after the acts that handlers saw succeed; knows nothing of the contracts' storage or events.
/// @dev Handlers write here. `demand` keeps the first broken promise, for the invariant to find.
contract Model is ModelTerms {
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

    struct Payment {
        bool funded;
        address payer;
        uint64 units;
        uint64 served;
        uint256 amount; // taken from the payer
        uint256 named; // sent to holders, or kept in their names
        uint256 sent;
        uint256 taxed;
        uint256 kept; // of holders, at the time of serving
        uint256 receivers;
    }

    string public broken;

    address[] public accounts;
    mapping(address account => Account) internal _accounts;
    mapping(bytes20 lei => Member) public memberOf;

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
    /// @dev Of units sold before a record date and delivered after it: by seller; by buyer, until he is paid; and after.
    mapping(address bond => mapping(uint256 period => mapping(address seller => uint64))) public transferred;
    mapping(address bond => mapping(uint256 period => mapping(address buyer => uint64))) public claimed;
    mapping(address bond => mapping(uint256 period => mapping(address buyer => uint64))) public claimsPaid;
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

    function watch(address bond) external {
        isWatched[bond] = true;
    }

    /// @return count Record dates that are over, whether anybody noticed or not.
    function recordsOver(address bond) external view returns (uint256 count) {
        while (count < lastOf(bond) && block.timestamp >= periodOf(bond, count + 1).recordTime) ++count;
    }

    function isClosed(address bond) public view returns (bool) {
        return block.timestamp >= periodOf(bond, lastOf(bond)).recordTime;
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
    /// @return tax What is withheld from him.
    function serve(address bond, uint256 period, address holder) external returns (uint256 sent, uint256 tax) {
        uint64 held = unitsAt(bond, holder, period);
        if (held == 0 || timesPaid[bond][period][holder] != 0) return (0, 0);
        timesPaid[bond][period][holder] = 1;
        // What he sold before the record date and delivered after it goes to another.
        uint64 units = held - transferred[bond][period][holder];
        if (units != 0) (sent, tax) = _serve(bond, period, holder, units);
        if (period == lastOf(bond)) move(bond, holder, address(0), held);
    }

    /// @return sent What the buyer is sent now.
    /// @return tax What is withheld from him.
    function serveClaim(address bond, uint256 period, address buyer) external returns (uint256 sent, uint256 tax) {
        uint64 units = claimed[bond][period][buyer];
        if (units == 0) return (0, 0);
        claimed[bond][period][buyer] = 0;
        claimsPaid[bond][period][buyer] += units;
        return _serve(bond, period, buyer, units);
    }

    function _serve(address bond, uint256 period, address holder, uint64 units)
        private
        returns (uint256 sent, uint256 tax)
    {
        uint256 amount = due(bond, period, units);
        uint256 bound = frozen[bond][holder] < units ? frozen[bond][holder] : units;
        uint256 net = netDue(bond, period, holder, units);
        (sent, tax) = (isActive(holder) ? netDue(bond, period, holder, units - bound) : 0, amount - net);

        Payment storage each = _payments[bond][period];
        kept[bond][holder] += net - sent;
        (each.served, each.receivers) = (each.served + units, each.receivers + 1);
        (each.named, each.sent, each.kept) = (each.named + amount, each.sent + sent, each.kept + net - sent);
        each.taxed += tax;
        if (each.served == each.units) kept[bond][each.payer] += each.amount - each.named;
    }

    /// @return What units are paid after tax, which is rounded down.
    function netDue(address bond, uint256 period, address holder, uint256 units) public view returns (uint256) {
        (uint256 interest, uint256 principal) = dueParts(bond, period, units);
        return interest + principal - interest * taxRateOf(bond, holder) / WHOLE;
    }

    /// @return By the class of the account as it stands; the last entry is for all.
    function taxRateOf(address bond, address holder) public view returns (uint256) {
        Account memory account = _accounts[holder];
        Withholding[] memory entries = provisionsOf(bond).withholdings;
        uint256 class = account.removed || account.lei == 0 ? 0 : uint256(1) << account.class;
        for (uint256 i; i < entries.length; ++i) {
            if (entries[i].classes & class != 0) return entries[i].rate;
        }
        return entries.length == 0 ? 0 : entries[entries.length - 1].rate;
    }

    /// @dev Tax that cannot be sent to its account is kept in its name.
    /// @return account Of the tax.
    /// @return taken What it is sent.
    function sendTax(address bond, uint256 tax) external returns (address account, uint256 taken) {
        account = provisionsOf(bond).taxAccount;
        if (tax == 0 || isActive(account)) return (account, tax);
        kept[bond][account] += tax;
    }

    /// @notice Units that were sold before a record date are delivered after it.
    /// @return received What the seller had got for them, after tax, and hands on.
    function transferClaim(address bond, uint256 period, address seller, address buyer, uint64 units)
        external
        returns (uint256 received)
    {
        uint64 moved = _least(claimed[bond][period][seller], units);
        uint64 repaid = _least(claimsPaid[bond][period][seller], units - moved);
        uint64 rest = units - moved - repaid;
        claimed[bond][period][seller] -= moved;
        claimsPaid[bond][period][seller] -= repaid;
        transferred[bond][period][seller] += rest;
        if (timesPaid[bond][period][seller] != 0) (repaid, rest) = (repaid + rest, 0);
        claimed[bond][period][buyer] += moved + rest;
        claimsPaid[bond][period][buyer] += repaid;
        if (repaid != 0) received = netDue(bond, period, seller, repaid);
    }

    /// @return What the seller had got for units, after tax, and would hand on.
    function receivedFor(address bond, uint256 period, address seller, uint64 units) external view returns (uint256) {
        units -= _least(claimed[bond][period][seller], units);
        uint64 repaid = _least(claimsPaid[bond][period][seller], units);
        if (timesPaid[bond][period][seller] != 0) repaid = units;
        return repaid == 0 ? 0 : netDue(bond, period, seller, repaid);
    }

    /// @return Whether the seller has so many units' payment to give.
    function mayTransferClaim(address bond, uint256 period, address seller, uint64 units) external view returns (bool) {
        uint256 own = claimed[bond][period][seller] + claimsPaid[bond][period][seller];
        return units <= own + unitsAt(bond, seller, period) - transferred[bond][period][seller];
    }

    function _least(uint64 a, uint64 b) private pure returns (uint64) {
        return a < b ? a : b;
    }

    function collect(address bond, address holder) external {
        kept[bond][holder] = 0;
    }
}
