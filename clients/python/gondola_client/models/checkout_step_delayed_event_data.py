from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="CheckoutStepDelayedEventData")



@_attrs_define
class CheckoutStepDelayedEventData:
    """ The `data` of a `CheckoutStepDelayedEvent`.

        Example:
            {'attempts': 10, 'detail': 'away'}

        Attributes:
            attempts (int):
            detail (str):
     """

    attempts: int
    detail: str





    def to_dict(self) -> dict[str, Any]:
        attempts = self.attempts

        detail = self.detail


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "attempts": attempts,
            "detail": detail,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        attempts = d.pop("attempts")

        detail = d.pop("detail")

        checkout_step_delayed_event_data = cls(
            attempts=attempts,
            detail=detail,
        )

        return checkout_step_delayed_event_data

