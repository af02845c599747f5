from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset






T = TypeVar("T", bound="PosBatchDifference")



@_attrs_define
class PosBatchDifference:
    """ Where a till's batch differs from the one that it sent before.

        Attributes:
            pointer (str | Unset): Where (RFC 6901).
            received (Any | Unset): What came first, and holds.
            sent (Any | Unset): What was sent now.
     """

    pointer: str | Unset = UNSET
    received: Any | Unset = UNSET
    sent: Any | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        pointer = self.pointer

        received = self.received

        sent = self.sent


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
        })
        if pointer is not UNSET:
            field_dict["pointer"] = pointer
        if received is not UNSET:
            field_dict["received"] = received
        if sent is not UNSET:
            field_dict["sent"] = sent

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        pointer = d.pop("pointer", UNSET)

        received = d.pop("received", UNSET)

        sent = d.pop("sent", UNSET)

        pos_batch_difference = cls(
            pointer=pointer,
            received=received,
            sent=sent,
        )


        pos_batch_difference.additional_properties = d
        return pos_batch_difference

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
