"""What each contract keeps, as its source declares it: the auditor's own reading of the release.

A test holds every slot and offset that follows from these declarations against the compiler's.  Enums and
contracts stand as the integers and addresses that they are.
"""

from __future__ import annotations

from indenture.audit.prove.storage.declarations import Layout

AUTHORITY = Layout(
    "Authority",
    """
    struct TargetConfig { mapping(bytes4 => uint64) allowedRoles; uint112 adminDelay; bool closed; }
    struct Access { uint48 since; uint112 delay; }
    struct Role { mapping(address => Access) members; uint64 admin; uint64 guardian; uint112 grantDelay; }
    struct Schedule { uint48 timepoint; uint32 nonce; }

    mapping(address => TargetConfig) _targets;
    mapping(uint64 => Role) _roles;
    mapping(bytes32 => Schedule) _schedules;
    bytes32 _executionId;
    """,
)

MEMBER_REGISTRY = Layout(
    "MemberRegistry",
    """
    struct Member { uint40 admittedAt; uint8 class; bytes2 jurisdiction; bool suspended; }

    address _authority; bool _consumingSchedule;
    mapping(bytes20 => Member) _members;
    mapping(address => uint256) _words;
    """,
)

BUSINESS_CALENDAR = Layout(
    "BusinessCalendar",
    """
    struct Year { uint256 low; uint112 high; uint32 version; }

    address _authority; bool _consumingSchedule;
    mapping(bytes8 => mapping(uint16 => Year)) _years;
    mapping(bytes8 => bytes32) _parts;
    mapping(bytes8 => bool) _isKnown;
    """,
)

BENCHMARKS = Layout(
    "Benchmarks",
    """
    struct Benchmark {
        address administrator; bytes8 market; uint8 kind; uint16 basis;
        uint32 correctableFor; uint24 lastDay;
    }
    struct Publication { int64 value; uint40 finalAt; uint128 index; }

    address _authority; bool _consumingSchedule;
    mapping(bytes8 => Benchmark) _benchmarks;
    mapping(bytes8 => mapping(uint24 => Publication)) _publications;
    """,
)

BOND_FACTORY = Layout(
    "BondFactory",
    """
    address _authority; bool _consumingSchedule;
    address implementation;
    mapping(bytes12 => address) bondOf;
    uint256 bondCount;
    """,
)

CASH_TOKEN = Layout(
    "CashToken",
    """
    mapping(address => uint256) _balances;
    mapping(address => mapping(address => uint256)) _allowances;
    uint256 _totalSupply;
    string _name;
    string _symbol;
    string _nameFallback;
    string _versionFallback;
    mapping(address => uint256) _nonces;
    address _authority; bool _consumingSchedule;
    uint256 supplyLimit;
    mapping(address => bool) isTrustedSystem;
    """,
)

SETTLEMENT = Layout(
    "Settlement",
    """
    string _nameFallback;
    string _versionFallback;
    mapping(address => mapping(uint256 => uint256)) _nonces;
    """,
)

BOND = Layout(
    "Bond",
    """
    struct Book {
        uint64 supply; uint40 nextTime; uint16 records; uint16 cursor; uint16 checkpoint;
        bool announced; bool paused; bool closed; uint32 holders; uint16 last; uint24 maturityDay; bool shut;
    }
    struct Entry {
        uint64 units; uint64 frozen; uint64 pledged; uint16 cursor; uint16 checkpoint; uint32 number;
    }
    struct Checkpoint { uint64 units; uint16 since; uint16 previous; }
    struct Checkpoints { mapping(address => mapping(uint256 => Checkpoint)) byRecord; }
    struct PaymentDays { uint24 recordDay; uint24 payDay; uint40 recordTime; uint40 payTime; }
    struct Coupon { uint32 rate; bool isFixed; }
    struct Document { bytes32 documentHash; uint40 lastModified; uint32 position; string uri; }

    Book _book;
    mapping(address => Entry) _entries;
    Checkpoints _checkpoints;
    mapping(uint256 => PaymentDays) _paymentDays;
    mapping(uint256 => mapping(uint256 => uint256)) _paidWords;
    mapping(address => mapping(address => uint256)) _allowances;
    Coupon _coupon;
    mapping(address => uint256) _nonces;
    mapping(bytes32 => Document) _documents;
    bytes32[] _documentNames;
    uint64 _bound;
    """,
)

OFFERING = Layout(
    "Offering",
    """
    struct Book {
        address cash; uint40 opensAt; uint40 closesAt; uint8 stage; uint8 form;
        uint128 deposit; uint40 settlesBy; uint24 eligible; uint16 levels; uint8 basis; uint8 pricing;
        uint64 lowest; uint64 tick; uint64 minimumBid; uint64 maximumBid;
        uint64 bidUnits; uint96 weighted; uint32 bidders; uint64 lot;
        address bond; uint40 revealsBy; uint40 overAllotsBy; uint16 farOff;
        uint64 offered; uint64 overAllotment; uint64 overAllotted; uint64 minimumVolume;
        address proceedsAccount; uint40 clearsBy; uint24 additionalSeconds; uint24 accrualDay;
        bool overAllotmentDeclared;
        address bookrunner; uint40 settlesFrom; uint16 band;
        uint64 nonCompetitive; uint64 commitments; uint40 takesUpBy; uint40 publishedAt; uint32 issueRate;
        uint16 marginalLevel;
        uint16 averageLevel; uint16 firstLevel; uint16 lastLevel; uint64 marginalBid; uint64 marginalShare;
        uint64 competitive;
        uint64 nonCompetitiveShare; uint64 takeUp; uint64 issued; uint64 issuedLater;
        uint128 issuePrice; uint64 additional; uint64 nonCompetitiveBid;
        uint256 marginalCut;
        uint256 nonCompetitiveCut;
        bytes32 encryptionKey;
    }
    struct ClassRule { uint64 minimum; uint64 maximum; uint16 additional; }
    struct Underwriter {
        uint8 class; bool joined; bool deposit; bool tookUp; bool tookUpLater;
        uint64 commitment; uint64 before;
    }
    struct Levels { mapping(uint256 => uint256) words; }
    struct Cuts { uint256 marginal; uint256 nonCompetitive; }
    struct Proof {
        address last;
        Cuts cuts;
        uint64 marginalBid; uint64 marginalShare; uint64 nonCompetitiveBid; uint64 nonCompetitiveShare;
    }

    string _nameFallback;
    string _versionFallback;
    uint256 _offeringCount;
    mapping(address => uint256) _offeringOf;
    mapping(uint256 => Book) _books;
    mapping(uint256 => ClassRule[]) _classes;
    mapping(uint256 => address[]) _syndicates;
    mapping(uint256 => mapping(address => Underwriter)) _underwriters;
    mapping(uint256 => Levels) _levels;
    mapping(uint256 => mapping(address => bytes32)) _bids;
    mapping(uint256 => mapping(address => uint64)) _additional;
    mapping(uint256 => mapping(address => Proof)) _proofs;
    mapping(address => mapping(address => uint128)) _deposits;
    """,
)

SERVICING = Layout(
    "Servicing",
    """
    struct UnitPayment {
        uint256 interestNumerator;
        uint128 interestDenominator; uint128 principalDenominator;
        uint256 principalNumerator;
    }
    struct Payment {
        uint128 funded; uint128 paid;
        uint64 units; uint64 unitsPaid; uint40 fundedAt; uint40 payTime;
        bool isLast; bool withholds; bool hasClaims;
        address payer; uint64 penalty;
        UnitPayment each;
    }
    struct Fixing {
        uint32 rate; uint8 source; bool isDeferred; uint40 fixedAt; int64 value; uint24 day;
        uint64 indexRatio;
        uint128 factor; uint128 arrears;
    }
    struct State {
        uint16 fixedPeriods; uint16 actions; uint16 versions; uint16 calls; uint64 price;
        uint16 extendedFrom; uint32 extendedRate; uint16 duePeriod; uint24 dueDay; uint16 recordsAtDue;
    }
    struct PartialCall { uint16 period; uint64 share; uint64 price; }
    struct Version { address source; uint16 from; }
    struct Action {
        uint8 kind; bool withdrawable; bool isDecided; uint40 opensAt; uint40 closesAt; uint40 payTime;
        uint24 payDay; uint16 period; uint16 redemption;
        uint64 most; uint64 elected; uint64 settled;
        uint128 amount; uint64 price; uint32 newUnits; uint32 oldUnits;
        address target;
        bytes32 document;
    }
    struct Election { uint64 units; uint64 start; bool isCounted; bool isDrawn; }
    struct Drawing {
        uint64 units; uint64 counted; uint64 passed; uint64 seed; uint64 countedIn; bool isSeeded;
    }
    struct Claim { uint256 principal; uint256 interest; uint24 day; bool isClosed; }

    mapping(address => mapping(uint256 => Payment)) _payments;
    mapping(address => mapping(address => uint256)) _kept;
    mapping(address => mapping(uint256 => mapping(address => uint64))) _claimed;
    mapping(address => mapping(uint256 => mapping(address => uint64))) _transferred;
    mapping(address => mapping(uint256 => mapping(address => uint64))) _claimsPaid;
    mapping(address => mapping(uint256 => Fixing)) _fixings;
    mapping(address => State) _states;
    mapping(address => mapping(uint256 => PartialCall)) _partialCalls;
    mapping(address => mapping(uint256 => Version)) _versions;
    mapping(address => mapping(uint256 => Action)) _actions;
    mapping(address => mapping(uint256 => mapping(address => Election))) _elections;
    mapping(address => mapping(uint256 => Drawing)) _drawings;
    mapping(address => mapping(uint256 => uint16)) _actionBy;
    mapping(address => uint64) _credits;
    mapping(address => Claim) _claims;
    """,
)

LAYOUTS = {
    layout.contract: layout
    for layout in (
        AUTHORITY,
        MEMBER_REGISTRY,
        BUSINESS_CALENDAR,
        BENCHMARKS,
        BOND_FACTORY,
        CASH_TOKEN,
        SETTLEMENT,
        BOND,
        OFFERING,
        SERVICING,
    )
}
"""All of them, by the kind of the contract."""
