from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="TransferHoldRefusedEventData")



@_attrs_define
class TransferHoldRefusedEventData:
    """ The `data` of a `TransferHoldRefusedEvent`.

        Example:
            {'detail': 'no stock'}

        Attributes:
            detail (str):
     """

    detail: str





    def to_dict(self) -> dict[str, Any]:
        detail = self.detail


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "detail": detail,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        detail = d.pop("detail")

        transfer_hold_refused_event_data = cls(
            detail=detail,
        )

        return transfer_hold_refused_event_data

