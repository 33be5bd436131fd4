// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title OwnerWallet
/// @notice An example of a member's account that is a contract: one owner, who acts and signs for it.
/// @dev For demonstrations and tests of the ERC-1271 path; a real wallet has several owners, limits and recovery.
/// SIGNATURES
/// - The owner signs the digest itself. Digests of the suite name the wallet as a party, so that a signature for one wallet
///   is of no use to another wallet of the same owner.
contract OwnerWallet is IERC1271 {
    using Address for address;

    /// @notice Thrown when somebody else than the owner acts.
    error WalletCallerRefused(address caller);

    address public immutable OWNER;

    constructor(address owner) {
        OWNER = owner;
    }

    /// @notice Calls a contract as the wallet. Caller: the owner. Reverts with the reason of the callee.
    function execute(address target, bytes calldata data) external returns (bytes memory) {
        require(msg.sender == OWNER, WalletCallerRefused(msg.sender));
        return target.functionCall(data);
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        (address signer, ECDSA.RecoverError failure,) = ECDSA.tryRecoverCalldata(hash, signature);
        bool valid = failure == ECDSA.RecoverError.NoError && signer == OWNER;
        return valid ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}
