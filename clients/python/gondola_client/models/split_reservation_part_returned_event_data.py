from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset






T = TypeVar("T", bound="SplitReservationPartReturnedEventData")



@_attrs_define
class SplitReservationPartReturnedEventData:
    """ The `data` of a `SplitReservationPartReturnedEvent`.

        Example:
            {'part': 0}

        Attributes:
            part (int):
            detail (str | Unset):
     """

    part: int
    detail: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        part = self.part

        detail = self.detail


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "part": part,
        })
        if detail is not UNSET:
            field_dict["detail"] = detail

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        part = d.pop("part")

        detail = d.pop("detail", UNSET)

        split_reservation_part_returned_event_data = cls(
            part=part,
            detail=detail,
        )

        return split_reservation_part_returned_event_data

