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

if TYPE_CHECKING:
  from ..models.event_data import EventData





T = TypeVar("T", bound="FeedEvent")



@_attrs_define
class FeedEvent:
    """ Something that happened to a stock level.

        Attributes:
            position (int): Place in the global order.
            event_id (UUID): Unique id of the event.
            event_type (str): Name of the event. Example: StockReservedEvent.
            schema_version (int): Version of the shape of `data`.
            stream (str): The stock level's stream.
            version (int): Version of the stock level after it.
            occurred_at (datetime.datetime): When it happened in the shop.
            recorded_at (datetime.datetime): When it was recorded.
            correlation_id (UUID): What it is part of.
            causation_id (UUID): The command that caused it.
            actor (str): Who.
            data (EventData): What happened. `x-event-data` has the schema of each `eventType`; a later release may have
                more types and members.
            store_id (UUID | Unset): The store.
            store_code (str | Unset): Its code, if the catalogue has it.
            product_id (UUID | Unset): The product.
            product_sku (str | Unset): Its SKU, if the catalogue has it.
     """

    position: int
    event_id: UUID
    event_type: str
    schema_version: int
    stream: str
    version: int
    occurred_at: datetime.datetime
    recorded_at: datetime.datetime
    correlation_id: UUID
    causation_id: UUID
    actor: str
    data: EventData
    store_id: UUID | Unset = UNSET
    store_code: str | Unset = UNSET
    product_id: UUID | Unset = UNSET
    product_sku: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.event_data import EventData # noqa: PLC0415
        position = self.position

        event_id = str(self.event_id)

        event_type = self.event_type

        schema_version = self.schema_version

        stream = self.stream

        version = self.version

        occurred_at = self.occurred_at.isoformat()

        recorded_at = self.recorded_at.isoformat()

        correlation_id = str(self.correlation_id)

        causation_id = str(self.causation_id)

        actor = self.actor

        data = self.data.to_dict()

        store_id: str | Unset = UNSET
        if not isinstance(self.store_id, Unset):
            store_id = str(self.store_id)

        store_code = self.store_code

        product_id: str | Unset = UNSET
        if not isinstance(self.product_id, Unset):
            product_id = str(self.product_id)

        product_sku = self.product_sku


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "position": position,
            "eventId": event_id,
            "eventType": event_type,
            "schemaVersion": schema_version,
            "stream": stream,
            "version": version,
            "occurredAt": occurred_at,
            "recordedAt": recorded_at,
            "correlationId": correlation_id,
            "causationId": causation_id,
            "actor": actor,
            "data": data,
        })
        if store_id is not UNSET:
            field_dict["storeId"] = store_id
        if store_code is not UNSET:
            field_dict["storeCode"] = store_code
        if product_id is not UNSET:
            field_dict["productId"] = product_id
        if product_sku is not UNSET:
            field_dict["productSku"] = product_sku

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.event_data import EventData # noqa: PLC0415
        d = dict(src_dict)
        position = d.pop("position")

        event_id = UUID(d.pop("eventId"))




        event_type = d.pop("eventType")

        schema_version = d.pop("schemaVersion")

        stream = d.pop("stream")

        version = d.pop("version")

        occurred_at = datetime.datetime.fromisoformat(d.pop("occurredAt"))




        recorded_at = datetime.datetime.fromisoformat(d.pop("recordedAt"))




        correlation_id = UUID(d.pop("correlationId"))




        causation_id = UUID(d.pop("causationId"))




        actor = d.pop("actor")

        data = EventData.from_dict(d.pop("data"))




        _store_id = d.pop("storeId", UNSET)
        store_id: UUID | Unset
        if isinstance(_store_id,  Unset):
            store_id = UNSET
        else:
            store_id = UUID(_store_id)




        store_code = d.pop("storeCode", UNSET)

        _product_id = d.pop("productId", UNSET)
        product_id: UUID | Unset
        if isinstance(_product_id,  Unset):
            product_id = UNSET
        else:
            product_id = UUID(_product_id)




        product_sku = d.pop("productSku", UNSET)

        feed_event = cls(
            position=position,
            event_id=event_id,
            event_type=event_type,
            schema_version=schema_version,
            stream=stream,
            version=version,
            occurred_at=occurred_at,
            recorded_at=recorded_at,
            correlation_id=correlation_id,
            causation_id=causation_id,
            actor=actor,
            data=data,
            store_id=store_id,
            store_code=store_code,
            product_id=product_id,
            product_sku=product_sku,
        )


        feed_event.additional_properties = d
        return feed_event

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
