from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.split_reservation_release_ordered_event_data_cause import SplitReservationReleaseOrderedEventDataCause
from ..types import UNSET, Unset






T = TypeVar("T", bound="SplitReservationReleaseOrderedEventData")



@_attrs_define
class SplitReservationReleaseOrderedEventData:
    """ The `data` of a `SplitReservationReleaseOrderedEvent`.

        Example:
            {'cause': 'requested', 'reason': 'changed my mind'}

        Attributes:
            cause (SplitReservationReleaseOrderedEventDataCause):
            reason (str | Unset):
     """

    cause: SplitReservationReleaseOrderedEventDataCause
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
        cause = SplitReservationReleaseOrderedEventDataCause(d.pop("cause"))




        reason = d.pop("reason", UNSET)

        split_reservation_release_ordered_event_data = cls(
            cause=cause,
            reason=reason,
        )

        return split_reservation_release_ordered_event_data

