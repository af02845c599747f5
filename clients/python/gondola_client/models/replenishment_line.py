from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.proposed_order import ProposedOrder
  from ..models.proposed_transfer import ProposedTransfer





T = TypeVar("T", bound="ReplenishmentLine")



@_attrs_define
class ReplenishmentLine:
    """ A product that is at or below its reorder point in a store.

        Attributes:
            store_id (UUID): The store.
            product_id (UUID): The product.
            on_hand (int): Units physically in the store.
            reserved (int): Units held by reservations.
            available (int): On hand less reserved.
            safety_stock (int): Units that are not offered.
            reorder_point (int): Reorder at or below so many units.
            in_transit (int): Units of transfers on their way to it.
            on_order (int): Units of transfers to it that have not left yet.
            inventory_position (int): Available, in transit and on order.
            shortage (int): The fewest units that bring the inventory position above the reorder point; 0 where enough is
                coming.
            transfers (list[ProposedTransfer]): Which other stores could send some of what is short without being short
                themselves, at most three.
            store_code (str | Unset): Its code, if the catalogue has it.
            product_sku (str | Unset): Its SKU, if the catalogue has it.
            product_name (str | Unset): Its name, if the catalogue has it.
            order (ProposedOrder | Unset): What to order of a supplier: the preferred one of the product, else the one that
                delivers soonest.
     """

    store_id: UUID
    product_id: UUID
    on_hand: int
    reserved: int
    available: int
    safety_stock: int
    reorder_point: int
    in_transit: int
    on_order: int
    inventory_position: int
    shortage: int
    transfers: list[ProposedTransfer]
    store_code: str | Unset = UNSET
    product_sku: str | Unset = UNSET
    product_name: str | Unset = UNSET
    order: ProposedOrder | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.proposed_order import ProposedOrder # noqa: PLC0415
        from ..models.proposed_transfer import ProposedTransfer # noqa: PLC0415
        store_id = str(self.store_id)

        product_id = str(self.product_id)

        on_hand = self.on_hand

        reserved = self.reserved

        available = self.available

        safety_stock = self.safety_stock

        reorder_point = self.reorder_point

        in_transit = self.in_transit

        on_order = self.on_order

        inventory_position = self.inventory_position

        shortage = self.shortage

        transfers = []
        for transfers_item_data in self.transfers:
            transfers_item = transfers_item_data.to_dict()
            transfers.append(transfers_item)



        store_code = self.store_code

        product_sku = self.product_sku

        product_name = self.product_name

        order: dict[str, Any] | Unset = UNSET
        if not isinstance(self.order, Unset):
            order = self.order.to_dict()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "storeId": store_id,
            "productId": product_id,
            "onHand": on_hand,
            "reserved": reserved,
            "available": available,
            "safetyStock": safety_stock,
            "reorderPoint": reorder_point,
            "inTransit": in_transit,
            "onOrder": on_order,
            "inventoryPosition": inventory_position,
            "shortage": shortage,
            "transfers": transfers,
        })
        if store_code is not UNSET:
            field_dict["storeCode"] = store_code
        if product_sku is not UNSET:
            field_dict["productSku"] = product_sku
        if product_name is not UNSET:
            field_dict["productName"] = product_name
        if order is not UNSET:
            field_dict["order"] = order

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.proposed_order import ProposedOrder # noqa: PLC0415
        from ..models.proposed_transfer import ProposedTransfer # noqa: PLC0415
        d = dict(src_dict)
        store_id = UUID(d.pop("storeId"))




        product_id = UUID(d.pop("productId"))




        on_hand = d.pop("onHand")

        reserved = d.pop("reserved")

        available = d.pop("available")

        safety_stock = d.pop("safetyStock")

        reorder_point = d.pop("reorderPoint")

        in_transit = d.pop("inTransit")

        on_order = d.pop("onOrder")

        inventory_position = d.pop("inventoryPosition")

        shortage = d.pop("shortage")

        transfers = []
        _transfers = d.pop("transfers")
        for transfers_item_data in (_transfers):
            transfers_item = ProposedTransfer.from_dict(transfers_item_data)



            transfers.append(transfers_item)


        store_code = d.pop("storeCode", UNSET)

        product_sku = d.pop("productSku", UNSET)

        product_name = d.pop("productName", UNSET)

        _order = d.pop("order", UNSET)
        order: ProposedOrder | Unset
        if isinstance(_order,  Unset):
            order = UNSET
        else:
            order = ProposedOrder.from_dict(_order)




        replenishment_line = cls(
            store_id=store_id,
            product_id=product_id,
            on_hand=on_hand,
            reserved=reserved,
            available=available,
            safety_stock=safety_stock,
            reorder_point=reorder_point,
            in_transit=in_transit,
            on_order=on_order,
            inventory_position=inventory_position,
            shortage=shortage,
            transfers=transfers,
            store_code=store_code,
            product_sku=product_sku,
            product_name=product_name,
            order=order,
        )


        replenishment_line.additional_properties = d
        return replenishment_line

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
