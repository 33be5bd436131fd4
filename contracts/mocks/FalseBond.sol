// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title FalseBond
/// @notice A stranger that answers like a bond, with an ISIN of its choice, and may call back while it delivers.
contract FalseBond {
    bytes12 public isin;
    address public target;
    bytes public call;
    bool public reentered;
    bytes public answer;

    event Delivered(address from, address to, uint256 units);

    constructor(bytes12 isin_) {
        isin = isin_;
    }

    function setReentry(address target_, bytes calldata call_) external {
        (target, call) = (target_, call_);
    }

    function bookTransfer(address from, address to, uint256 units) external {
        if (target != address(0)) (reentered, answer) = target.call(call);
        emit Delivered(from, to, units);
    }
}

/// @title SilentContract
/// @notice Takes every call and answers nothing, or with the same bytes each time.
contract SilentContract {
    bytes public answer;

    constructor(bytes memory answer_) {
        answer = answer_;
    }

    // solhint-disable-next-line no-complex-fallback
    fallback() external {
        bytes memory data = answer;
        assembly ("memory-safe") {
            return(add(data, 32), mload(data))
        }
    }
}
