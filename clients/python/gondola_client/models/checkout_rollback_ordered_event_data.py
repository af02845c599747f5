from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.checkout_rollback_ordered_event_data_cause import CheckoutRollbackOrderedEventDataCause
from ..types import UNSET, Unset






T = TypeVar("T", bound="CheckoutRollbackOrderedEventData")



@_attrs_define
class CheckoutRollbackOrderedEventData:
    """ The `data` of a `CheckoutRollbackOrderedEvent`.

        Example:
            {'cause': 'requested', 'reason': 'changed my mind'}

        Attributes:
            cause (CheckoutRollbackOrderedEventDataCause):
            reason (str | Unset):
     """

    cause: CheckoutRollbackOrderedEventDataCause
    reason: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        cause = self.cause.value

        reason = self.reason


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "cause": cause,
        })
        if reason is not UNSET:
            field_dict["reason"] = reason

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        cause = CheckoutRollbackOrderedEventDataCause(d.pop("cause"))




        reason = d.pop("reason", UNSET)

        checkout_rollback_ordered_event_data = cls(
            cause=cause,
            reason=reason,
        )

        return checkout_rollback_ordered_event_data

