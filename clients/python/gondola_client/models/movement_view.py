from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="MovementView")



@_attrs_define
class MovementView:
    """ One change of a stock level.

        Attributes:
            position (int): Place in the global order.
            version (int): Version of the stock level after it.
            event_type (str): Name of the event.
            cause (str): What kind of change. Example: reserved.
            on_hand_delta (int): Change of the units on hand.
            reserved_delta (int): Change of the units reserved.
            on_hand_after (int): Units on hand after it. This and the next two go by the order of recording, in either order
                of the list.
            reserved_after (int): Units of the holds on record after it; an overdue one counts until its end is recorded.
            actor (str): Who.
            occurred_at (datetime.datetime): When it happened in the shop.
            recorded_at (datetime.datetime): When it was recorded.
            quantity (int | Unset): Units that a physical fact told of: those that came, negative those that went, or those
                that were counted.
            shortfall_delta (int | Unset): Change of the shortfall: what was taken beyond what the books had, or was
                explained.
            included_in_count_of (datetime.datetime | Unset): The time of the count that had seen the fact already, so that
                it changed nothing.
            shortfall_after (int | Unset): The shortfall after it, if there was one.
            reason (str | Unset): Why, in people's words.
            reference (str | Unset): What it belongs to: a delivery note, an order, a sale.
            reservation_id (UUID | Unset): The reservation that it concerns.
     """

    position: int
    version: int
    event_type: str
    cause: str
    on_hand_delta: int
    reserved_delta: int
    on_hand_after: int
    reserved_after: int
    actor: str
    occurred_at: datetime.datetime
    recorded_at: datetime.datetime
    quantity: int | Unset = UNSET
    shortfall_delta: int | Unset = UNSET
    included_in_count_of: datetime.datetime | Unset = UNSET
    shortfall_after: int | Unset = UNSET
    reason: str | Unset = UNSET
    reference: str | Unset = UNSET
    reservation_id: UUID | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        position = self.position

        version = self.version

        event_type = self.event_type

        cause = self.cause

        on_hand_delta = self.on_hand_delta

        reserved_delta = self.reserved_delta

        on_hand_after = self.on_hand_after

        reserved_after = self.reserved_after

        actor = self.actor

        occurred_at = self.occurred_at.isoformat()

        recorded_at = self.recorded_at.isoformat()

        quantity = self.quantity

        shortfall_delta = self.shortfall_delta

        included_in_count_of: str | Unset = UNSET
        if not isinstance(self.included_in_count_of, Unset):
            included_in_count_of = self.included_in_count_of.isoformat()

        shortfall_after = self.shortfall_after

        reason = self.reason

        reference = self.reference

        reservation_id: str | Unset = UNSET
        if not isinstance(self.reservation_id, Unset):
            reservation_id = str(self.reservation_id)


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "position": position,
            "version": version,
            "eventType": event_type,
            "cause": cause,
            "onHandDelta": on_hand_delta,
            "reservedDelta": reserved_delta,
            "onHandAfter": on_hand_after,
            "reservedAfter": reserved_after,
            "actor": actor,
            "occurredAt": occurred_at,
            "recordedAt": recorded_at,
        })
        if quantity is not UNSET:
            field_dict["quantity"] = quantity
        if shortfall_delta is not UNSET:
            field_dict["shortfallDelta"] = shortfall_delta
        if included_in_count_of is not UNSET:
            field_dict["includedInCountOf"] = included_in_count_of
        if shortfall_after is not UNSET:
            field_dict["shortfallAfter"] = shortfall_after
        if reason is not UNSET:
            field_dict["reason"] = reason
        if reference is not UNSET:
            field_dict["reference"] = reference
        if reservation_id is not UNSET:
            field_dict["reservationId"] = reservation_id

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        position = d.pop("position")

        version = d.pop("version")

        event_type = d.pop("eventType")

        cause = d.pop("cause")

        on_hand_delta = d.pop("onHandDelta")

        reserved_delta = d.pop("reservedDelta")

        on_hand_after = d.pop("onHandAfter")

        reserved_after = d.pop("reservedAfter")

        actor = d.pop("actor")

        occurred_at = datetime.datetime.fromisoformat(d.pop("occurredAt"))




        recorded_at = datetime.datetime.fromisoformat(d.pop("recordedAt"))




        quantity = d.pop("quantity", UNSET)

        shortfall_delta = d.pop("shortfallDelta", UNSET)

        _included_in_count_of = d.pop("includedInCountOf", UNSET)
        included_in_count_of: datetime.datetime | Unset
        if isinstance(_included_in_count_of,  Unset):
            included_in_count_of = UNSET
        else:
            included_in_count_of = datetime.datetime.fromisoformat(_included_in_count_of)




        shortfall_after = d.pop("shortfallAfter", UNSET)

        reason = d.pop("reason", UNSET)

        reference = d.pop("reference", UNSET)

        _reservation_id = d.pop("reservationId", UNSET)
        reservation_id: UUID | Unset
        if isinstance(_reservation_id,  Unset):
            reservation_id = UNSET
        else:
            reservation_id = UUID(_reservation_id)




        movement_view = cls(
            position=position,
            version=version,
            event_type=event_type,
            cause=cause,
            on_hand_delta=on_hand_delta,
            reserved_delta=reserved_delta,
            on_hand_after=on_hand_after,
            reserved_after=reserved_after,
            actor=actor,
            occurred_at=occurred_at,
            recorded_at=recorded_at,
            quantity=quantity,
            shortfall_delta=shortfall_delta,
            included_in_count_of=included_in_count_of,
            shortfall_after=shortfall_after,
            reason=reason,
            reference=reference,
            reservation_id=reservation_id,
        )


        movement_view.additional_properties = d
        return movement_view

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
