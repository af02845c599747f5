from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.channel import Channel






T = TypeVar("T", bound="NotificationDay")



@_attrs_define
class NotificationDay:
    """ A day's attempts by a channel.

        Attributes:
            day (str): The day, UTC. Example: 2026-11-28.
            channel (Channel): How people are told.
            sent (int): Notifications that were sent.
            failed_attempts (int): Attempts that failed.
            dead (int): Notifications that were given up.
     """

    day: str
    channel: Channel
    sent: int
    failed_attempts: int
    dead: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        day = self.day

        channel = self.channel.value

        sent = self.sent

        failed_attempts = self.failed_attempts

        dead = self.dead


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "day": day,
            "channel": channel,
            "sent": sent,
            "failedAttempts": failed_attempts,
            "dead": dead,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        day = d.pop("day")

        channel = Channel(d.pop("channel"))




        sent = d.pop("sent")

        failed_attempts = d.pop("failedAttempts")

        dead = d.pop("dead")

        notification_day = cls(
            day=day,
            channel=channel,
            sent=sent,
            failed_attempts=failed_attempts,
            dead=dead,
        )


        notification_day.additional_properties = d
        return notification_day

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
