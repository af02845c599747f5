from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.delivery_state import DeliveryState
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="Delivery")



@_attrs_define
class Delivery:
    """ The delivery of one event to one webhook.

        Attributes:
            delivery_id (UUID): Which.
            event_id (UUID): The event's id: `webhook-id` of every attempt.
            event_type (str): The event's type.
            subject (str): What the event is about.
            state (DeliveryState): How a delivery stands.
            attempts (int): How often it was tried.
            created_at (datetime.datetime): When it was made.
            due_at (datetime.datetime | Unset): When it is tried next, while it is pending.
            ended_at (datetime.datetime | Unset): When it was delivered or given up.
     """

    delivery_id: UUID
    event_id: UUID
    event_type: str
    subject: str
    state: DeliveryState
    attempts: int
    created_at: datetime.datetime
    due_at: datetime.datetime | Unset = UNSET
    ended_at: datetime.datetime | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        delivery_id = str(self.delivery_id)

        event_id = str(self.event_id)

        event_type = self.event_type

        subject = self.subject

        state = self.state.value

        attempts = self.attempts

        created_at = self.created_at.isoformat()

        due_at: str | Unset = UNSET
        if not isinstance(self.due_at, Unset):
            due_at = self.due_at.isoformat()

        ended_at: str | Unset = UNSET
        if not isinstance(self.ended_at, Unset):
            ended_at = self.ended_at.isoformat()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "deliveryId": delivery_id,
            "eventId": event_id,
            "eventType": event_type,
            "subject": subject,
            "state": state,
            "attempts": attempts,
            "createdAt": created_at,
        })
        if due_at is not UNSET:
            field_dict["dueAt"] = due_at
        if ended_at is not UNSET:
            field_dict["endedAt"] = ended_at

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        delivery_id = UUID(d.pop("deliveryId"))




        event_id = UUID(d.pop("eventId"))




        event_type = d.pop("eventType")

        subject = d.pop("subject")

        state = DeliveryState(d.pop("state"))




        attempts = d.pop("attempts")

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))




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




        delivery = cls(
            delivery_id=delivery_id,
            event_id=event_id,
            event_type=event_type,
            subject=subject,
            state=state,
            attempts=attempts,
            created_at=created_at,
            due_at=due_at,
            ended_at=ended_at,
        )


        delivery.additional_properties = d
        return delivery

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
