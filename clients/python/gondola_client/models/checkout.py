from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.checkout_state import CheckoutState
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime

if TYPE_CHECKING:
  from ..models.checkout_history_entry import CheckoutHistoryEntry
  from ..models.checkout_line import CheckoutLine
  from ..models.checkout_step import CheckoutStep





T = TypeVar("T", bound="Checkout")



@_attrs_define
class Checkout:
    """ A basket that store, inventory and notification service accept, and commit or roll back together.

        Attributes:
            checkout_id (UUID): The checkout.
            status (CheckoutState): How a checkout stands.
            store_id (UUID): The store that serves it.
            reservation_id (UUID): The reservation that holds its units.
            expires_at (datetime.datetime): The deadline: until then it can be committed.
            lines (list[CheckoutLine]): How many of which.
            steps (list[CheckoutStep]): How it stands with each who takes part, in the order in which they are asked.
            version (int): Its version.
            position (int): Position of its last change; a consistency token for `minPosition`.
            store_code (str | Unset): Its code, if the catalogue has it.
            reason (str | Unset): Why, in people's words.
            order_id (str | Unset): The order that it is for.
            transaction_id (str | Unset): The sale, once it was ordered.
            delayed_by (str | Unset): What the present step fails of, again and again; it goes on being tried.
            history (list[CheckoutHistoryEntry] | Unset): What happened, in order; in the answer to `GET`.
     """

    checkout_id: UUID
    status: CheckoutState
    store_id: UUID
    reservation_id: UUID
    expires_at: datetime.datetime
    lines: list[CheckoutLine]
    steps: list[CheckoutStep]
    version: int
    position: int
    store_code: str | Unset = UNSET
    reason: str | Unset = UNSET
    order_id: str | Unset = UNSET
    transaction_id: str | Unset = UNSET
    delayed_by: str | Unset = UNSET
    history: list[CheckoutHistoryEntry] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.checkout_history_entry import CheckoutHistoryEntry # noqa: PLC0415
        from ..models.checkout_line import CheckoutLine # noqa: PLC0415
        from ..models.checkout_step import CheckoutStep # noqa: PLC0415
        checkout_id = str(self.checkout_id)

        status = self.status.value

        store_id = str(self.store_id)

        reservation_id = str(self.reservation_id)

        expires_at = self.expires_at.isoformat()

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)



        steps = []
        for steps_item_data in self.steps:
            steps_item = steps_item_data.to_dict()
            steps.append(steps_item)



        version = self.version

        position = self.position

        store_code = self.store_code

        reason = self.reason

        order_id = self.order_id

        transaction_id = self.transaction_id

        delayed_by = self.delayed_by

        history: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.history, Unset):
            history = []
            for history_item_data in self.history:
                history_item = history_item_data.to_dict()
                history.append(history_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "checkoutId": checkout_id,
            "status": status,
            "storeId": store_id,
            "reservationId": reservation_id,
            "expiresAt": expires_at,
            "lines": lines,
            "steps": steps,
            "version": version,
            "position": position,
        })
        if store_code is not UNSET:
            field_dict["storeCode"] = store_code
        if reason is not UNSET:
            field_dict["reason"] = reason
        if order_id is not UNSET:
            field_dict["orderId"] = order_id
        if transaction_id is not UNSET:
            field_dict["transactionId"] = transaction_id
        if delayed_by is not UNSET:
            field_dict["delayedBy"] = delayed_by
        if history is not UNSET:
            field_dict["history"] = history

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.checkout_history_entry import CheckoutHistoryEntry # noqa: PLC0415
        from ..models.checkout_line import CheckoutLine # noqa: PLC0415
        from ..models.checkout_step import CheckoutStep # noqa: PLC0415
        d = dict(src_dict)
        checkout_id = UUID(d.pop("checkoutId"))




        status = CheckoutState(d.pop("status"))




        store_id = UUID(d.pop("storeId"))




        reservation_id = UUID(d.pop("reservationId"))




        expires_at = datetime.datetime.fromisoformat(d.pop("expiresAt"))




        lines = []
        _lines = d.pop("lines")
        for lines_item_data in (_lines):
            lines_item = CheckoutLine.from_dict(lines_item_data)



            lines.append(lines_item)


        steps = []
        _steps = d.pop("steps")
        for steps_item_data in (_steps):
            steps_item = CheckoutStep.from_dict(steps_item_data)



            steps.append(steps_item)


        version = d.pop("version")

        position = d.pop("position")

        store_code = d.pop("storeCode", UNSET)

        reason = d.pop("reason", UNSET)

        order_id = d.pop("orderId", UNSET)

        transaction_id = d.pop("transactionId", UNSET)

        delayed_by = d.pop("delayedBy", UNSET)

        _history = d.pop("history", UNSET)
        history: list[CheckoutHistoryEntry] | Unset = UNSET
        if _history is not UNSET:
            history = []
            for history_item_data in _history:
                history_item = CheckoutHistoryEntry.from_dict(history_item_data)



                history.append(history_item)


        checkout = cls(
            checkout_id=checkout_id,
            status=status,
            store_id=store_id,
            reservation_id=reservation_id,
            expires_at=expires_at,
            lines=lines,
            steps=steps,
            version=version,
            position=position,
            store_code=store_code,
            reason=reason,
            order_id=order_id,
            transaction_id=transaction_id,
            delayed_by=delayed_by,
            history=history,
        )


        checkout.additional_properties = d
        return checkout

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
