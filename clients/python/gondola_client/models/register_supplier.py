from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.supplier_status import SupplierStatus
from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.contact import Contact





T = TypeVar("T", bound="RegisterSupplier")



@_attrs_define
class RegisterSupplier:
    """ A supplier to add.

        Attributes:
            code (str): What the chain calls it: unique, and never changes. Not a UUID. Example: ACME.
            name (str): Its name for people. Example: Acme Importadora Ltda.
            contacts (list[Contact] | Unset): Whom to call or write to, at most 20.
            lead_time_days (int | Unset): Days from an order to its delivery, where its offer of a product says nothing.
                Example: 14.
            currency (str | Unset): In what it is paid: three letters of ISO 4217. Example: BRL.
            note (str | Unset): What the chain's people should know of it. Example: Orders by noon are delivered the day
                after.
            status (SupplierStatus | Unset): Whether the chain orders from a supplier.
     """

    code: str
    name: str
    contacts: list[Contact] | Unset = UNSET
    lead_time_days: int | Unset = UNSET
    currency: str | Unset = UNSET
    note: str | Unset = UNSET
    status: SupplierStatus | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.contact import Contact # noqa: PLC0415
        code = self.code

        name = self.name

        contacts: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.contacts, Unset):
            contacts = []
            for contacts_item_data in self.contacts:
                contacts_item = contacts_item_data.to_dict()
                contacts.append(contacts_item)



        lead_time_days = self.lead_time_days

        currency = self.currency

        note = self.note

        status: str | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status.value



        field_dict: dict[str, Any] = {}

        field_dict.update({
            "code": code,
            "name": name,
        })
        if contacts is not UNSET:
            field_dict["contacts"] = contacts
        if lead_time_days is not UNSET:
            field_dict["leadTimeDays"] = lead_time_days
        if currency is not UNSET:
            field_dict["currency"] = currency
        if note is not UNSET:
            field_dict["note"] = note
        if status is not UNSET:
            field_dict["status"] = status

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.contact import Contact # noqa: PLC0415
        d = dict(src_dict)
        code = d.pop("code")

        name = d.pop("name")

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

        _status = d.pop("status", UNSET)
        status: SupplierStatus | Unset
        if isinstance(_status,  Unset):
            status = UNSET
        else:
            status = SupplierStatus(_status)




        register_supplier = cls(
            code=code,
            name=name,
            contacts=contacts,
            lead_time_days=lead_time_days,
            currency=currency,
            note=note,
            status=status,
        )

        return register_supplier

