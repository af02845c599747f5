from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.notification_state import NotificationState
from ..models.severity import Severity
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="Notification")



@_attrs_define
class Notification:
    """ One message to one subscription.

        Attributes:
            notification_id (UUID): Which.
            subscription_id (UUID): For which subscription.
            severity (Severity): How much an event matters.
            event_count (int): Of how many events it tells.
            state (NotificationState): How a notification stands.
            attempts (int): How often it was tried.
            created_at (datetime.datetime): When its first event came.
            reason (str | Unset): Why its last attempt failed.
            due_at (datetime.datetime | Unset): When it is tried next, while it is pending.
            ended_at (datetime.datetime | Unset): When it was sent or given up.
     """

    notification_id: UUID
    subscription_id: UUID
    severity: Severity
    event_count: int
    state: NotificationState
    attempts: int
    created_at: datetime.datetime
    reason: str | Unset = UNSET
    due_at: datetime.datetime | Unset = UNSET
    ended_at: datetime.datetime | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        notification_id = str(self.notification_id)

        subscription_id = str(self.subscription_id)

        severity = self.severity.value

        event_count = self.event_count

        state = self.state.value

        attempts = self.attempts

        created_at = self.created_at.isoformat()

        reason = self.reason

        due_at: str | Unset = UNSET
        if not isinstance(self.due_at, Unset):
            due_at = self.due_at.isoformat()

        ended_at: str | Unset = UNSET
        if not isinstance(self.ended_at, Unset):
            ended_at = self.ended_at.isoformat()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "notificationId": notification_id,
            "subscriptionId": subscription_id,
            "severity": severity,
            "eventCount": event_count,
            "state": state,
            "attempts": attempts,
            "createdAt": created_at,
        })
        if reason is not UNSET:
            field_dict["reason"] = reason
        if due_at is not UNSET:
            field_dict["dueAt"] = due_at
        if ended_at is not UNSET:
            field_dict["endedAt"] = ended_at

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        notification_id = UUID(d.pop("notificationId"))




        subscription_id = UUID(d.pop("subscriptionId"))




        severity = Severity(d.pop("severity"))




        event_count = d.pop("eventCount")

        state = NotificationState(d.pop("state"))




        attempts = d.pop("attempts")

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))




        reason = d.pop("reason", UNSET)

        _due_at = d.pop("dueAt", UNSET)
        due_at: datetime.datetime | Unset
        if isinstance(_due_at,  Unset):
            due_at = UNSET
        else:
            due_at = datetime.datetime.fromisoformat(_due_at)




        _ended_at = d.pop("endedAt", UNSET)
        ended_at: datetime.datetime | Unset
        if isinstance(_ended_at,  Unset):
            ended_at = UNSET
        else:
            ended_at = datetime.datetime.fromisoformat(_ended_at)




        notification = cls(
            notification_id=notification_id,
            subscription_id=subscription_id,
            severity=severity,
            event_count=event_count,
            state=state,
            attempts=attempts,
            created_at=created_at,
            reason=reason,
            due_at=due_at,
            ended_at=ended_at,
        )


        notification.additional_properties = d
        return notification

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
