from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.split_reservation_state import SplitReservationState
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime

if TYPE_CHECKING:
  from ..models.split_reservation_history_entry import SplitReservationHistoryEntry
  from ..models.split_reservation_part import SplitReservationPart





T = TypeVar("T", bound="SplitReservation")



@_attrs_define
class SplitReservation:
    """ A basket held in several stores as one.

        Attributes:
            split_reservation_id (UUID): The split reservation.
            status (SplitReservationState): How a split reservation stands.
            expires_at (datetime.datetime): The deadline: until then it can be committed.
            plan (int): How often stores were looked for; 1 where they were named.
            parts (list[SplitReservationPart]): What each store holds; none while stores are looked for.
            version (int): Its version.
            reason (str | Unset): Why, in people's words.
            order_id (str | Unset): The order that it is for.
            transaction_id (str | Unset): The sale, once it was ordered.
            detail (str | Unset): What a store refused last, in people's words.
            delayed_by (str | Unset): What the present step fails of, again and again; it goes on being tried.
            history (list[SplitReservationHistoryEntry] | Unset): What happened, in order; in the answer to `GET`.
            position (int | Unset): Position of its last change; a consistency token for `minPosition`. Not in lists.
     """

    split_reservation_id: UUID
    status: SplitReservationState
    expires_at: datetime.datetime
    plan: int
    parts: list[SplitReservationPart]
    version: int
    reason: str | Unset = UNSET
    order_id: str | Unset = UNSET
    transaction_id: str | Unset = UNSET
    detail: str | Unset = UNSET
    delayed_by: str | Unset = UNSET
    history: list[SplitReservationHistoryEntry] | Unset = UNSET
    position: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.split_reservation_history_entry import SplitReservationHistoryEntry # noqa: PLC0415
        from ..models.split_reservation_part import SplitReservationPart # noqa: PLC0415
        split_reservation_id = str(self.split_reservation_id)

        status = self.status.value

        expires_at = self.expires_at.isoformat()

        plan = self.plan

        parts = []
        for parts_item_data in self.parts:
            parts_item = parts_item_data.to_dict()
            parts.append(parts_item)



        version = self.version

        reason = self.reason

        order_id = self.order_id

        transaction_id = self.transaction_id

        detail = self.detail

        delayed_by = self.delayed_by

        history: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.history, Unset):
            history = []
            for history_item_data in self.history:
                history_item = history_item_data.to_dict()
                history.append(history_item)



        position = self.position


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "splitReservationId": split_reservation_id,
            "status": status,
            "expiresAt": expires_at,
            "plan": plan,
            "parts": parts,
            "version": version,
        })
        if reason is not UNSET:
            field_dict["reason"] = reason
        if order_id is not UNSET:
            field_dict["orderId"] = order_id
        if transaction_id is not UNSET:
            field_dict["transactionId"] = transaction_id
        if detail is not UNSET:
            field_dict["detail"] = detail
        if delayed_by is not UNSET:
            field_dict["delayedBy"] = delayed_by
        if history is not UNSET:
            field_dict["history"] = history
        if position is not UNSET:
            field_dict["position"] = position

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.split_reservation_history_entry import SplitReservationHistoryEntry # noqa: PLC0415
        from ..models.split_reservation_part import SplitReservationPart # noqa: PLC0415
        d = dict(src_dict)
        split_reservation_id = UUID(d.pop("splitReservationId"))




        status = SplitReservationState(d.pop("status"))




        expires_at = datetime.datetime.fromisoformat(d.pop("expiresAt"))




        plan = d.pop("plan")

        parts = []
        _parts = d.pop("parts")
        for parts_item_data in (_parts):
            parts_item = SplitReservationPart.from_dict(parts_item_data)



            parts.append(parts_item)


        version = d.pop("version")

        reason = d.pop("reason", UNSET)

        order_id = d.pop("orderId", UNSET)

        transaction_id = d.pop("transactionId", UNSET)

        detail = d.pop("detail", UNSET)

        delayed_by = d.pop("delayedBy", UNSET)

        _history = d.pop("history", UNSET)
        history: list[SplitReservationHistoryEntry] | Unset = UNSET
        if _history is not UNSET:
            history = []
            for history_item_data in _history:
                history_item = SplitReservationHistoryEntry.from_dict(history_item_data)



                history.append(history_item)


        position = d.pop("position", UNSET)

        split_reservation = cls(
            split_reservation_id=split_reservation_id,
            status=status,
            expires_at=expires_at,
            plan=plan,
            parts=parts,
            version=version,
            reason=reason,
            order_id=order_id,
            transaction_id=transaction_id,
            detail=detail,
            delayed_by=delayed_by,
            history=history,
            position=position,
        )


        split_reservation.additional_properties = d
        return split_reservation

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
