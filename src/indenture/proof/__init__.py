"""What block headers prove, worked out from bytes alone: no node, no contract, no audit is known here."""

from indenture.proof.accounts import (
    NO_ACCOUNT,
    Account,
    check_claims,
    storage_root,
    verify_account,
    verify_slot,
)
from indenture.proof.fault import ProofFault
from indenture.proof.hashing import keccak
from indenture.proof.headers import Header, bloom_of, header_of
from indenture.proof.persistent import PersistentTrie
from indenture.proof.receipts import Receipt, ReceiptLog, receipt_of, receipts_root
from indenture.proof.transactions import Transaction, sender_of, transaction_of, transactions_root
from indenture.proof.trie import EMPTY_ROOT, list_root, trie_root, verify_path

__all__ = [
    "EMPTY_ROOT",
    "NO_ACCOUNT",
    "Account",
    "Header",
    "PersistentTrie",
    "ProofFault",
    "Receipt",
    "ReceiptLog",
    "Transaction",
    "bloom_of",
    "check_claims",
    "header_of",
    "keccak",
    "list_root",
    "receipt_of",
    "receipts_root",
    "sender_of",
    "storage_root",
    "transaction_of",
    "transactions_root",
    "trie_root",
    "verify_account",
    "verify_path",
    "verify_slot",
]
