from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.transfer_cancel_ordered_event_data_cause import TransferCancelOrderedEventDataCause
from ..types import UNSET, Unset






T = TypeVar("T", bound="TransferCancelOrderedEventData")



@_attrs_define
class TransferCancelOrderedEventData:
    """ The `data` of a `TransferCancelOrderedEvent`.

        Example:
            {'cause': 'requested', 'detail': 'not needed'}

        Attributes:
            cause (TransferCancelOrderedEventDataCause):
            detail (str | Unset):
     """

    cause: TransferCancelOrderedEventDataCause
    detail: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        cause = self.cause.value

        detail = self.detail


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "cause": cause,
        })
        if detail is not UNSET:
            field_dict["detail"] = detail

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        cause = TransferCancelOrderedEventDataCause(d.pop("cause"))




        detail = d.pop("detail", UNSET)

        transfer_cancel_ordered_event_data = cls(
            cause=cause,
            detail=detail,
        )

        return transfer_cancel_ordered_event_data

