from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset






T = TypeVar("T", bound="CheckoutStep")



@_attrs_define
class CheckoutStep:
    """ How a checkout stands with one who takes part.

        Attributes:
            participant (str): Who: `store`, `inventory` or `notification`.
            status (str): How it stands there: `pending`, `accepted`, `refused`, `skipped`, `committed`, `rolledBack`,
                `revoked`, `notServed` (this
                installation has no notification service) or `notWanted`. The store keeps nothing of its answer: it stays
                `accepted`.
            detail (str | Unset): Why it was refused, in people's words.
     """

    participant: str
    status: str
    detail: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        participant = self.participant

        status = self.status

        detail = self.detail


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "participant": participant,
            "status": status,
        })
        if detail is not UNSET:
            field_dict["detail"] = detail

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        participant = d.pop("participant")

        status = d.pop("status")

        detail = d.pop("detail", UNSET)

        checkout_step = cls(
            participant=participant,
            status=status,
            detail=detail,
        )


        checkout_step.additional_properties = d
        return checkout_step

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
