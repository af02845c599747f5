from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.supplier_status import SupplierStatus
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.contact import Contact





T = TypeVar("T", bound="Supplier")



@_attrs_define
class Supplier:
    """ A supplier.

        Attributes:
            supplier_id (UUID): Which supplier; made from its code, so the same everywhere.
            code (str): What the chain calls it; unique, and never changes. Example: ACME.
            name (str): Its name for people. Example: Acme Importadora Ltda.
            status (SupplierStatus): Whether the chain orders from a supplier.
            version (int): How many changes it has had; also its `ETag`. Example: 1.
            contacts (list[Contact] | Unset): Whom to call or write to.
            lead_time_days (int | Unset): Days from an order to its delivery, where its offer of a product says nothing.
                Example: 14.
            currency (str | Unset): In what it is paid. Example: BRL.
            note (str | Unset): What the chain's people should know of it. Example: Orders by noon are delivered the day
                after.
            position (int | Unset): After a change: its position in the catalogue's log, for `minPosition` of lists.
                Example: 42.
     """

    supplier_id: UUID
    code: str
    name: str
    status: SupplierStatus
    version: int
    contacts: list[Contact] | Unset = UNSET
    lead_time_days: int | Unset = UNSET
    currency: str | Unset = UNSET
    note: str | Unset = UNSET
    position: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.contact import Contact # noqa: PLC0415
        supplier_id = str(self.supplier_id)

        code = self.code

        name = self.name

        status = self.status.value

        version = self.version

        contacts: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.contacts, Unset):
            contacts = []
            for contacts_item_data in self.contacts:
                contacts_item = contacts_item_data.to_dict()
                contacts.append(contacts_item)



        lead_time_days = self.lead_time_days

        currency = self.currency

        note = self.note

        position = self.position


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "supplierId": supplier_id,
            "code": code,
            "name": name,
            "status": status,
            "version": version,
        })
        if contacts is not UNSET:
            field_dict["contacts"] = contacts
        if lead_time_days is not UNSET:
            field_dict["leadTimeDays"] = lead_time_days
        if currency is not UNSET:
            field_dict["currency"] = currency
        if note is not UNSET:
            field_dict["note"] = note
        if position is not UNSET:
            field_dict["position"] = position

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.contact import Contact # noqa: PLC0415
        d = dict(src_dict)
        supplier_id = UUID(d.pop("supplierId"))




        code = d.pop("code")

        name = d.pop("name")

        status = SupplierStatus(d.pop("status"))




        version = d.pop("version")

        _contacts = d.pop("contacts", UNSET)
        contacts: list[Contact] | Unset = UNSET
        if _contacts is not UNSET:
            contacts = []
            for contacts_item_data in _contacts:
                contacts_item = Contact.from_dict(contacts_item_data)



                contacts.append(contacts_item)


        lead_time_days = d.pop("leadTimeDays", UNSET)

        currency = d.pop("currency", UNSET)

        note = d.pop("note", UNSET)

        position = d.pop("position", UNSET)

        supplier = cls(
            supplier_id=supplier_id,
            code=code,
            name=name,
            status=status,
            version=version,
            contacts=contacts,
            lead_time_days=lead_time_days,
            currency=currency,
            note=note,
            position=position,
        )


        supplier.additional_properties = d
        return supplier

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
