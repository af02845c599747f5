from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="WebhookDay")



@_attrs_define
class WebhookDay:
    """ A day's attempts to a webhook.

        Attributes:
            day (str): The day, UTC. Example: 2026-11-28.
            delivered (int): Deliveries that the receiver has.
            failed_attempts (int): Attempts that failed.
            dead (int): Deliveries that were given up.
     """

    day: str
    delivered: int
    failed_attempts: int
    dead: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        day = self.day

        delivered = self.delivered

        failed_attempts = self.failed_attempts

        dead = self.dead


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "day": day,
            "delivered": delivered,
            "failedAttempts": failed_attempts,
            "dead": dead,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        day = d.pop("day")

        delivered = d.pop("delivered")

        failed_attempts = d.pop("failedAttempts")

        dead = d.pop("dead")

        webhook_day = cls(
            day=day,
            delivered=delivered,
            failed_attempts=failed_attempts,
            dead=dead,
        )


        webhook_day.additional_properties = d
        return webhook_day

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
