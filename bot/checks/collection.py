"""The collection check: is an SMS about a debt written as a lawful collector writes?

The four points of it (sender, loan details, no ask for secrets, the creditor's own hotline) follow
docs/facts/numbering.md §6: GB/T 45251-2025 and the Banking Association's guideline of 2026-01-30. Breaking them
makes an SMS "illegal collection or a scam", not automatically a fake; so this check informs and scores nothing:
what scores are the signs of ``data/rules/collection.toml``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import CollectionCheck

if TYPE_CHECKING:
    from collections.abc import Mapping

DETAILS: Mapping[str, tuple[str, ...]] = {
    "creditor": ("#claim", "#claim.other"),
    "amount": ("#amount",),
    "principal": ("@principal",),
    "overdue": ("@overdue_days", "@past_due"),
    "contract": ("#card_tail", "@masked_name"),
}
"""Loan detail → the terms that show it."""

FAULTS: Mapping[str, tuple[str, ...]] = {
    "private_account": ("@private_account", "#card_number"),
    "personal_contact": ("#mobile", "#mvno", "#chat"),
    "foreign_link": ("#link.mismatch", "#link.odd", "#link.ip", "#link.masked"),
    "secrets": ("@give_code", "@give_identity"),
    "threat": ("@threat",),
    "posing": ("@police",),
    "third_person": ("@third_person",),
}
"""What a lawful collector does not write → the terms that show it."""

_ABOUT = ("@late", "@collect")
_PAST_DUE, _OWES = "@past_due", "@owes"


def check_collection(found: Mapping[str, object]) -> CollectionCheck | None:
    """The findings, or None where the SMS is not about collecting a debt.

    Args:
        found: The terms that occur.
    """
    if not (any(term in found for term in _ABOUT) or (_PAST_DUE in found and _OWES in found)):
        return None
    present = tuple(name for name, terms in DETAILS.items() if any(t in found for t in terms))
    missing = tuple(name for name in DETAILS if name not in present)
    faults = tuple(name for name, terms in FAULTS.items() if any(t in found for t in terms))
    return CollectionCheck(present, missing, faults)
