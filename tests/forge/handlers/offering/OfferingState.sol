// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Terms} from "../../../../contracts/bond/libraries/TermsLib.sol";
import {
    Basis,
    ClassRule,
    Conditions,
    Form,
    Opening,
    Pricing,
    Stage,
    TickBid
} from "../../../../contracts/primary/interfaces/OfferingTypes.sol";
import {IBondToken} from "../../suite/IBondToken.sol";
import {NaivePrice} from "../../suite/NaivePrice.sol";
import {NaiveTender} from "../../suite/NaiveTender.sol";
import {Handler} from "../Handler.sol";

/// @notice Offerings as their acts say, in plain lists: nothing packed, nothing summed up, no hashes.
abstract contract OfferingState is Handler {
    /// @dev A bid is over when it was settled, released, lapsed, forfeited.
    enum Mark {
        NONE,
        SEALED,
        OPENED,
        OVER
    }

    struct Deal {
        IBondToken bond;
        Conditions conditions;
        ClassRule[] classes;
        uint256 lot;
        Stage stage;
        address[] syndicate; // as invited
        uint256 overAllotted;
        bool declared;
        NaiveTender.Result result;
        uint256 issueRate;
        uint256 issuePrice;
        uint256 publishedAt;
        uint256 issued;
        uint256 issuedLater;
        uint256 issuedMore; // additional units
        uint256 proceeds;
    }

    struct Bidder {
        Mark mark;
        TickBid[] bids;
        bool isHis; // what he sealed is these bids and this salt, under his name
        bool opened;
        bytes32 salt;
        bytes32 commitment;
        bytes ciphertext;
        uint256[] allotted;
        uint256 additional;
    }

    struct Member {
        bool invited;
        uint8 class;
        uint256 commitment;
        bool joined;
        bool held;
        bool tookUp;
        bool tookUpLater;
    }

    /// @dev What a winner has to pay.
    struct Owed {
        uint256 units; // won
        uint256 additional;
        uint256 amount;
        uint256 most; // what his quotes imply
    }

    uint256 internal constant UNQUOTED = NaiveTender.UNQUOTED;

    /// @notice Offerings so far.
    uint256 public latest;
    /// @notice Base units that stand ready for an account.
    mapping(address account => uint256) public standing;
    mapping(uint256 id => Deal) internal _deals;
    mapping(uint256 id => mapping(address account => Bidder)) internal _bidders;
    mapping(uint256 id => mapping(address account => Member)) internal _members;

    /* WHAT PROMISES COMPARE */

    function dealOf(uint256 id) external view returns (Deal memory) {
        return _deals[id];
    }

    function bidderOf(uint256 id, address account) external view returns (Bidder memory) {
        return _bidders[id][account];
    }

    function memberOf(uint256 id, address account) external view returns (Member memory) {
        return _members[id][account];
    }

    /// @return Deposits that bids and underwriters of an offering hold.
    function heldBy(uint256 id) external view returns (uint256) {
        uint256 count;
        for (uint256 i; i < holders.length; ++i) {
            Mark mark = _bidders[id][holders[i]].mark;
            if (mark == Mark.SEALED || mark == Mark.OPENED) ++count;
            if (_members[id][holders[i]].held) ++count;
        }
        return count * _deals[id].conditions.deposit;
    }

    /// @return units That opened bids ask for at a quote.
    function unitsAt(uint256 id, uint256 quote) public view returns (uint256 units) {
        for (uint256 i; i < holders.length; ++i) {
            Bidder storage bidder = _bidders[id][holders[i]];
            for (uint256 j; bidder.opened && j < bidder.bids.length; ++j) {
                if (bidder.bids[j].quote == quote) units += bidder.bids[j].units;
            }
        }
    }

    function openingOf(uint256 id, address account) public view returns (Opening memory) {
        return Opening(account, _bidders[id][account].bids);
    }

    /// @return first Units of each holder's part of what bids left.
    /// @return second Of what was not paid.
    function partsOf(uint256 id, address account) public view returns (uint256 first, uint256 second) {
        Deal storage deal = _deals[id];
        Member storage member = _members[id][account];
        if (deal.stage != Stage.PUBLISHED || !member.joined) return (0, 0);
        (uint256[] memory commitments, uint256 place) = _commitments(id, account);
        if (member.commitment == 0) return (0, 0);
        first = NaivePrice.parts(deal.result.takeUp / deal.lot, commitments)[place] * deal.lot;
        Conditions storage conditions = deal.conditions;
        if (_now() <= conditions.settlesBy || conditions.takesUpBy == conditions.settlesBy) return (first, 0);
        uint256 rest = deal.result.competitive + deal.result.unquoted + deal.result.takeUp - deal.issued;
        uint256 left = commitmentsOf(id) - deal.result.takeUp;
        second = NaivePrice.parts((rest < left ? rest : left) / deal.lot, commitments)[place] * deal.lot;
        if (second > member.commitment - first) second = member.commitment - first;
    }

    /// @return sum Units of all who joined.
    function commitmentsOf(uint256 id) public view returns (uint256 sum) {
        (uint256[] memory commitments,) = _commitments(id, address(0));
        Deal storage deal = _deals[id];
        for (uint256 i; i < commitments.length; ++i) {
            sum += commitments[i] * deal.lot;
        }
    }

    /* CHOICES */

    /// @dev Mostly one for which a test is met, when there is one.
    function _pick(uint256 seed, function(uint256) internal view returns (bool) fits) internal view returns (uint256) {
        seed = _mix(seed ^ 2);
        uint256 start = seed % latest;
        if ((seed >> 64) % 8 == 0) return 1 + start;
        for (uint256 i; i < latest; ++i) {
            uint256 id = 1 + (start + i) % latest;
            if (fits(id)) return id;
        }
        return 1 + start;
    }

    function _isBidding(uint256 id) internal view returns (bool) {
        Conditions storage conditions = _deals[id].conditions;
        return _isAt(id, Stage.OPEN) && _now() >= conditions.opensAt && _now() < conditions.closesAt;
    }

    function _isAt(uint256 id, Stage stage) internal view returns (bool) {
        return _deals[id].stage == stage;
    }

    /// @dev Mostly one whose bid is as asked for, when there is one.
    function _bidder(uint256 id, uint256 seed, Mark mark) internal view returns (address account) {
        seed = _mix(seed ^ 3);
        if (seed % 8 == 0) return _account(seed >> 3);
        for (uint256 i; i < holders.length; ++i) {
            account = holders[((seed >> 3) + i) % holders.length];
            if (_bidders[id][account].mark == mark) return account;
        }
    }

    /* RULES */

    function _rulesOf(uint256 id) internal view returns (NaiveTender.Rules memory) {
        Deal storage deal = _deals[id];
        Conditions memory given = deal.conditions;
        return NaiveTender.Rules({
            offering: id,
            byRate: given.basis == Basis.RATE,
            pays: NaiveTender.Pays(uint8(given.pricing)),
            lot: deal.lot,
            lowest: given.lowest,
            highest: given.highest,
            tick: given.tick,
            farOff: given.farOff,
            band: given.band,
            available: given.offered + deal.overAllotted,
            unquotedMost: given.nonCompetitive,
            commitments: commitmentsOf(id),
            leastVolume: given.minimumVolume
        });
    }

    /// @dev Every quote is tried, in place of dividing.
    function _isQuote(Conditions memory given, uint256 quote) internal pure returns (bool) {
        if (quote == UNQUOTED) return given.nonCompetitive != 0;
        for (uint256 each = given.lowest; each <= given.highest; each += given.tick) {
            if (each == quote) return true;
        }
        return false;
    }

    function _areValid(uint256 id, address bidder, TickBid[] memory bids) internal view returns (bool) {
        Conditions memory given = _deals[id].conditions;
        if (bids.length == 0 || bids.length > 64) return false;
        uint256 total;
        for (uint256 i; i < bids.length; ++i) {
            TickBid memory bid = bids[i];
            if (!_isQuote(given, bid.quote) || bid.units % _deals[id].lot != 0) return false;
            if (bid.units < given.minimumBid || bid.units > given.maximumBid) return false;
            bool ascends = i == 0 || bid.quote > bids[i - 1].quote
                || (bid.quote == bids[i - 1].quote && bid.account > bids[i - 1].account);
            if (!ascends) return false;
            total += bid.units;
        }
        Member storage member = _members[id][bidder];
        ClassRule storage rule = _deals[id].classes[member.joined ? member.class : 0];
        return total >= rule.minimum && total <= rule.maximum;
    }

    function _mayHold(uint256 id, address account) internal view returns (bool) {
        return model.mayHold(address(_deals[id].bond), account);
    }

    /// @dev Who could not pay any more when it is time may not bid.
    function _mayHoldUntil(uint256 id, address account, uint256 time) internal view returns (bool) {
        return _mayHold(id, account) && model.accountOf(account).until >= time;
    }

    function _hasRole(address account, uint24 role) internal view returns (bool) {
        return model.isActive(account) && model.accountOf(account).roles & role == role;
    }

    /* MONEY */

    function _canPay(address account, uint256 amount, uint256 held) internal view returns (bool) {
        uint256 ready = standing[account] + held;
        return amount <= ready || (model.isActive(account) && model.cash(account) >= amount - ready);
    }

    /// @dev The deposit of the bid goes first, then what stands ready, then the account's own money.
    function _pay(address account, uint256 amount, uint256 held) internal {
        uint256 ready = standing[account] + held;
        uint256 taken = amount > ready ? amount - ready : 0;
        standing[account] = ready + taken - amount;
        model.moveCash(account, address(world.offering), taken);
    }

    function _owed(uint256 id, address account) internal view returns (Owed memory owed) {
        Deal storage deal = _deals[id];
        Bidder storage bidder = _bidders[id][account];
        Terms memory terms = model.termsOf(address(deal.bond));
        for (uint256 i; i < bidder.allotted.length; ++i) {
            uint256 units = bidder.allotted[i];
            if (units == 0) continue;
            (uint256 price, uint256 implied) = _price(id, terms, bidder.bids[i].quote);
            owed.units += units;
            owed.amount += units * price;
            owed.most += units * implied;
        }
        if (owed.units == 0) return owed;
        owed.additional = bidder.additional;
        uint256 more = owed.additional * deal.issuePrice;
        owed.amount = _withInterest(id, terms, owed.amount + more, owed.units + owed.additional);
        owed.most = _withInterest(id, terms, owed.most + more, owed.units + owed.additional);
    }

    /// @return price What a unit costs whoever won it with a quote.
    /// @return implied What his quote says that it is worth to him.
    function _price(uint256 id, Terms memory terms, uint256 quote)
        internal
        view
        returns (uint256 price, uint256 implied)
    {
        Deal storage deal = _deals[id];
        Pricing pricing = deal.conditions.pricing;
        if (quote == UNQUOTED) return (deal.issuePrice, deal.issuePrice);
        implied = quote;
        if (deal.conditions.basis == Basis.RATE) {
            (implied,) =
                NaivePrice.priceAt(terms.faceValue, deal.issueRate, quote, terms.schedule.periods, terms.schedule.step);
        }
        bool paysIssue = pricing == Pricing.UNIFORM;
        if (pricing == Pricing.MIXED) {
            paysIssue = NaiveTender.behind(_rulesOf(id), quote, deal.result.averageQuote) <= 0;
        }
        price = paysIssue ? deal.issuePrice : implied;
    }

    /// @dev With what has accrued by the first day of settlement; with the coupon before, if its record date is still to
    /// come; without this one, if its record date is over.
    function _withInterest(uint256 id, Terms memory terms, uint256 price, uint256 units)
        internal
        view
        returns (uint256)
    {
        Deal storage deal = _deals[id];
        uint256 passed = model.recordsOver(address(deal.bond));
        uint256 day = uint256(int256(uint256(deal.conditions.settlesFrom)) + int256(terms.utcOffset) * 60) / 1 days;
        if (day < terms.schedule.issueDay) day = terms.schedule.issueDay;
        uint256 period = NaivePrice.periodOf(terms, day);
        if (passed >= period) {
            uint256 lost = NaivePrice.accrued(terms, day, units, NaivePrice.Coupon.LOST);
            return lost < price ? price - lost : 0;
        }
        bool pending = passed + 1 < period;
        return
            price + NaivePrice.accrued(terms, day, units, pending ? NaivePrice.Coupon.BOTH : NaivePrice.Coupon.RUNNING);
    }

    /// @dev Of those who joined, in the order of invitation, in lots.
    function _commitments(uint256 id, address account)
        internal
        view
        returns (uint256[] memory commitments, uint256 place)
    {
        Deal storage deal = _deals[id];
        commitments = new uint256[](deal.syndicate.length);
        for (uint256 i; i < commitments.length; ++i) {
            Member storage each = _members[id][deal.syndicate[i]];
            if (each.joined) commitments[i] = each.commitment / deal.lot;
            if (deal.syndicate[i] == account) place = i;
        }
    }
}
