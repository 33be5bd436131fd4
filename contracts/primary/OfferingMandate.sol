// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Book as IBondBook, IBond} from "../bond/interfaces/IBond.sol";
import {IBondFactory} from "../bond/interfaces/IBondFactory.sol";
import {IERC1643} from "../bond/interfaces/IERC1643.sol";
import {Terms} from "../bond/libraries/TermsLib.sol";
import {IMemberRegistry} from "../membership/interfaces/IMemberRegistry.sol";
import {Roles} from "../membership/libraries/Roles.sol";
import {ScheduleLib} from "../bond/libraries/ScheduleLib.sol";
import {IServicing} from "../servicing/interfaces/IServicing.sol";
import {OfferingBase} from "./OfferingBase.sol";
import {IOfferingMandate} from "./interfaces/IOfferingMandate.sol";
import {Book, ClassRule, Conditions, Form, Stage, Underwriter} from "./interfaces/OfferingTypes.sol";
import {ConditionsLib} from "./libraries/ConditionsLib.sol";

/// @title OfferingMandate
/// @notice The part of `Offering` up to the opening of the book.
contract OfferingMandate is OfferingBase, IOfferingMandate {
    uint256 internal constant MAXIMUM_SYNDICATE = 64;

    constructor(IBondFactory factory, IMemberRegistry registry) OfferingBase(factory, registry, address(0)) {}

    /* MANDATE AND SYNDICATE */

    /// @inheritdoc IOfferingMandate
    function mandate(Conditions calldata conditions, ClassRule[] calldata classes)
        external
        returns (uint256 offeringId)
    {
        IBond bond = conditions.bond;
        // A bond obeys one Offering; a part that is called directly is nobody's.
        require(
            FACTORY.isBond(address(bond)) && bond.suite().offering == address(this), OfferingBondUnknown(address(bond))
        );
        Terms memory terms = bond.terms();
        require(
            msg.sender == terms.issuerAccount && REGISTRY.hasRoles(msg.sender, Roles.ISSUER),
            OfferingIssuerRefused(msg.sender)
        );
        require(
            REGISTRY.hasRoles(conditions.bookrunner, Roles.BOOKRUNNER), OfferingBookrunnerRefused(conditions.bookrunner)
        );
        uint256 previous = _offeringOf[bond];
        require(previous == 0 || _isOver(_books[previous]), OfferingAlreadyOpen(address(bond), previous));
        IBondBook memory state = bond.book();
        uint16 last = state.last == 0 ? terms.schedule.periods : state.last;
        ConditionsLib.check(conditions, classes, terms, state.supply, last);

        offeringId = ++_offeringCount;
        _offeringOf[bond] = offeringId;
        _books[offeringId] = ConditionsLib.bookOf(conditions, terms);
        for (uint256 i; i < classes.length; ++i) {
            _classes[offeringId].push(classes[i]);
        }

        _checkAccrued(bond, terms, _books[offeringId].accrualDay);

        emit OfferingMandated(offeringId, bond, msg.sender, terms.currency, conditions, classes);
    }

    /// @dev What winners will owe is known when they bid: interest that nothing has fixed yet is refused, with the reason.
    function _checkAccrued(IBond bond, Terms memory terms, uint24 accrualDay) internal view {
        if (accrualDay == 0) return;
        uint256 period = ScheduleLib.periodOf(terms.schedule, accrualDay);
        IServicing(bond.suite().servicing).accruedPerUnit(bond, accrualDay, uint16(period - 1));
    }

    /// @inheritdoc IOfferingMandate
    function acceptMandate(uint256 offeringId, bytes32 encryptionKey) external {
        Book storage book = _books[offeringId];
        _checkStage(offeringId, book.stage, Stage.MANDATED);
        _checkBookrunner(book);
        require((book.form == Form.ENCRYPTED) == (encryptionKey != 0), BidFormWrong(offeringId));

        (book.stage, book.encryptionKey) = (Stage.ACCEPTED, encryptionKey);

        emit MandateAccepted(offeringId, msg.sender, encryptionKey);
    }

    /// @inheritdoc IOfferingMandate
    function invite(uint256 offeringId, address underwriter, uint8 class, uint64 commitment) external {
        Book storage book = _books[offeringId];
        _checkStage(offeringId, book.stage, Stage.ACCEPTED);
        _checkBookrunner(book);
        Underwriter storage member = _underwriters[offeringId][underwriter];
        address[] storage syndicate = _syndicates[offeringId];
        require(
            !member.joined && class != 0 && class < _classes[offeringId].length && commitment % book.lot == 0
                && commitment <= uint256(book.offered) + book.overAllotment,
            UnderwriterRefused(offeringId, underwriter)
        );
        if (member.class == 0) {
            require(syndicate.length < MAXIMUM_SYNDICATE, UnderwriterRefused(offeringId, underwriter));
            syndicate.push(underwriter);
        }

        (member.class, member.commitment) = (class, commitment);

        emit UnderwriterInvited(offeringId, underwriter, class, commitment, msg.sender);
    }

    /// @inheritdoc IOfferingMandate
    function joinSyndicate(uint256 offeringId, uint8 class, uint64 commitment) external nonReentrant {
        Book storage book = _books[offeringId];
        _checkStage(offeringId, book.stage, Stage.ACCEPTED);
        Underwriter storage member = _underwriters[offeringId][msg.sender];
        require(
            member.class == class && class != 0 && member.commitment == commitment && !member.joined
                && REGISTRY.hasRoles(msg.sender, Roles.UNDERWRITER)
                && _mayHoldUntil(msg.sender, book.eligible, book.takesUpBy),
            UnderwriterRefused(offeringId, msg.sender)
        );

        (member.joined, member.deposit) = (true, book.deposit != 0);

        emit SyndicateJoined(offeringId, msg.sender, class, commitment);
        _hold(offeringId, book.cash, book.deposit);
    }

    /// @inheritdoc IOfferingMandate
    function openBook(uint256 offeringId) external {
        Book storage book = _books[offeringId];
        _checkStage(offeringId, book.stage, Stage.ACCEPTED);
        _checkBookrunner(book);
        _checkUntil(offeringId, book.opensAt);
        address[] memory syndicate = _syndicates[offeringId];
        uint64 commitments;
        for (uint256 i; i < syndicate.length; ++i) {
            Underwriter storage member = _underwriters[offeringId][syndicate[i]];
            if (!member.joined) continue;
            member.before = commitments;
            commitments += member.commitment;
        }

        (book.stage, book.commitments) = (Stage.OPEN, commitments);

        _pinDocuments(offeringId, book.bond);
        emit BookOpened(offeringId, commitments, msg.sender);
    }

    /* VIEWS */

    /// @inheritdoc IOfferingMandate
    function offeringCount() external view returns (uint256) {
        return _offeringCount;
    }

    /// @inheritdoc IOfferingMandate
    function offeringOf(IBond bond) external view returns (uint256) {
        return _offeringOf[bond];
    }

    /// @inheritdoc IOfferingMandate
    function classesOf(uint256 offeringId) external view returns (ClassRule[] memory) {
        return _classes[offeringId];
    }

    /// @inheritdoc IOfferingMandate
    function syndicateOf(uint256 offeringId) external view returns (address[] memory) {
        return _syndicates[offeringId];
    }

    /// @inheritdoc IOfferingMandate
    function underwriterOf(uint256 offeringId, address account) external view returns (Underwriter memory) {
        return _underwriters[offeringId][account];
    }

    /* INTERNAL */

    function _checkBookrunner(Book storage book) internal view {
        require(
            msg.sender == book.bookrunner && REGISTRY.hasRoles(msg.sender, Roles.BOOKRUNNER),
            OfferingBookrunnerRefused(msg.sender)
        );
    }

    /// @return Whether nothing can be issued by an offering any more.
    function _isOver(Book storage book) internal view returns (bool) {
        Stage stage = book.stage;
        return stage == Stage.FAILED || stage == Stage.CANCELLED
            || (stage == Stage.PUBLISHED && block.timestamp > book.takesUpBy);
    }

    function _pinDocuments(uint256 offeringId, IBond bond) internal {
        IERC1643 documents = IERC1643(address(bond));
        bytes32[] memory names = documents.getAllDocuments();
        bytes32[] memory hashes = new bytes32[](names.length);
        for (uint256 i; i < names.length; ++i) {
            (, hashes[i],) = documents.getDocument(names[i]);
        }
        emit DocumentsPinned(offeringId, names, hashes);
    }
}
