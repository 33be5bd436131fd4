// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title ContractWallet
/// @notice A contract account with one owner: signs by ERC-1271, acts by `execute`.
contract ContractWallet is IERC1271 {
    enum Mode {
        CHECKS,
        ACCEPTS,
        REFUSES,
        REVERTS,
        SHORT_ANSWER
    }

    address public owner;
    Mode public mode;

    error WalletCallFailed(bytes reason);

    constructor(address owner_) {
        owner = owner_;
    }

    function setMode(Mode mode_) external {
        mode = mode_;
    }

    function execute(address target, bytes calldata data) external returns (bytes memory) {
        (bool done, bytes memory answer) = target.call(data);
        require(done, WalletCallFailed(answer));
        return answer;
    }

    /// @notice Several acts in one call, each of which must be done.
    function executeAll(address[] calldata targets, bytes[] calldata data) external {
        for (uint256 i; i < targets.length; ++i) {
            (bool done, bytes memory answer) = targets[i].call(data[i]);
            require(done, WalletCallFailed(answer));
        }
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        if (mode == Mode.ACCEPTS) return IERC1271.isValidSignature.selector;
        if (mode == Mode.REFUSES) return 0xffffffff;
        if (mode == Mode.REVERTS) revert WalletCallFailed("");
        if (mode == Mode.SHORT_ANSWER) {
            bytes4 magic = IERC1271.isValidSignature.selector;
            assembly ("memory-safe") {
                mstore(0, magic)
                return(0, 4)
            }
        }
        (address signer, ECDSA.RecoverError failure,) = ECDSA.tryRecover(hash, signature);
        bool valid = failure == ECDSA.RecoverError.NoError && signer == owner;
        return valid ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}
