from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.notification import Notification
  from ..models.notification_attempt import NotificationAttempt
  from ..models.notification_event import NotificationEvent





T = TypeVar("T", bound="NotificationDetail")



@_attrs_define
class NotificationDetail:
    """ A notification with what it says and what came of it.

        Attributes:
            notification (Notification): One message to one subscription.
            events (list[NotificationEvent]): What it tells of, in order.
            attempts (list[NotificationAttempt]): The latest 100 attempts, oldest first.
            subject (str | Unset): Its subject as it was last sent; absent before its first attempt.
            text (str | Unset): Its text as it was last sent.
     """

    notification: Notification
    events: list[NotificationEvent]
    attempts: list[NotificationAttempt]
    subject: str | Unset = UNSET
    text: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.notification import Notification # noqa: PLC0415
        from ..models.notification_attempt import NotificationAttempt # noqa: PLC0415
        from ..models.notification_event import NotificationEvent # noqa: PLC0415
        notification = self.notification.to_dict()

        events = []
        for events_item_data in self.events:
            events_item = events_item_data.to_dict()
            events.append(events_item)



        attempts = []
        for attempts_item_data in self.attempts:
            attempts_item = attempts_item_data.to_dict()
            attempts.append(attempts_item)



        subject = self.subject

        text = self.text


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "notification": notification,
            "events": events,
            "attempts": attempts,
        })
        if subject is not UNSET:
            field_dict["subject"] = subject
        if text is not UNSET:
            field_dict["text"] = text

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.notification import Notification # noqa: PLC0415
        from ..models.notification_attempt import NotificationAttempt # noqa: PLC0415
        from ..models.notification_event import NotificationEvent # noqa: PLC0415
        d = dict(src_dict)
        notification = Notification.from_dict(d.pop("notification"))




        events = []
        _events = d.pop("events")
        for events_item_data in (_events):
            events_item = NotificationEvent.from_dict(events_item_data)



            events.append(events_item)


        attempts = []
        _attempts = d.pop("attempts")
        for attempts_item_data in (_attempts):
            attempts_item = NotificationAttempt.from_dict(attempts_item_data)



            attempts.append(attempts_item)


        subject = d.pop("subject", UNSET)

        text = d.pop("text", UNSET)

        notification_detail = cls(
            notification=notification,
            events=events,
            attempts=attempts,
            subject=subject,
            text=text,
        )


        notification_detail.additional_properties = d
        return notification_detail

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
