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
  from ..models.pos_batch_difference import PosBatchDifference
  from ..models.problem_fault import ProblemFault
  from ..models.problem_line import ProblemLine





T = TypeVar("T", bound="Problem")



@_attrs_define
class Problem:
    """ Why a request was refused or failed (RFC 9457). Further fields depend on the code.

        Attributes:
            type_ (str): Where the problem is explained, such as `/problems/insufficient-stock`.
            title (str): The problem in general, the same for every occurrence.
            status (int): The HTTP status.
            code (str): Stable name of an error, for programs. `x-extensible-enum` has those of this release, and each has a
                page at `/problems/{code}`; a later release may have more. Example: insufficient-stock.
            detail (str | Unset): This occurrence, with the values that matter and what to do next.
            request_id (str | Unset): The request, as in the header `X-Request-Id` and in the log.
            field (str | Unset): The field, parameter or header that is not acceptable, such as `lines[2].quantity`.
            errors (list[ProblemFault] | Unset): All faults of the request, 100 at most: of its parameters, then of its
                body.
            lines (list[ProblemLine] | Unset): The lines that cannot be done; nothing was, of no line.
            requested (int | Unset): Units that were asked for.
            available (int | Unset): Units that are not reserved.
            offered (int | Unset): Units that may be promised: available units less the safety stock.
            on_hand_after (int | Unset): Units that the change would leave.
            reserved (int | Unset): Units that are promised to customers.
            shortage (int | Unset): Promised units that would be missing.
            first_recorded_at (datetime.datetime | Unset): When the first event of the stock level was recorded, where
                `asOf` lies before it.
            version (int | Unset): The present version of what has changed meanwhile.
            store_id (UUID | Unset): The store.
            store_code (str | Unset): Its code.
            product_id (UUID | Unset): The product.
            product_sku (str | Unset): Its SKU.
            gtin (str | Unset): The barcode that another product has.
            supplier_id (UUID | Unset): The supplier.
            supplier_code (str | Unset): Its code.
            supplier_offer_id (UUID | Unset): The supplier's offer.
            supplier_offer (str | Unset): It, as its product and its supplier.
            category_id (UUID | Unset): The category.
            category_code (str | Unset): Its code.
            parent (str | Unset): The category above.
            children (int | Unset): Categories that are below it still.
            products (int | Unset): Products that are in it still.
            offers (int | Unset): Offers that stand still.
            reservation_id (UUID | Unset): The reservation.
            reservation_ids (list[str] | Unset): The reservations that may be meant.
            transaction_id (str | Unset): The sale that ended it.
            split_reservation_id (UUID | Unset): The split reservation.
            split_reservation_status (str | Unset): How it stands.
            checkout_id (UUID | Unset): The checkout.
            checkout_status (str | Unset): How it stands.
            refused_by (str | Unset): The service that refused it.
            transfer_status (str | Unset): How the transfer stands.
            stocktake_status (str | Unset): How the stocktake stands.
            line_status (str | Unset): How its line of the product stands.
            product_ids (list[str] | Unset): The first 20 of the products whose books have changed.
            step (int | Unset): The step of the saga.
            last_error (str | Unset): What its last attempt failed with.
            differences (list[PosBatchDifference] | Unset): Where the batch differs from the one that was sent before.
            limit (Any | Unset): The name of the quota, or how many there may be at once.
            holder (str | Unset): Whose limit it is: `customer` or `caller`.
            limited (str | Unset): What is limited: `units` or `reservations`.
            held (int | Unset): How much of it is held already.
            transfer_id (UUID | Unset): The transfer that has the reference.
            per_second (int | Unset): What the quota gives back in a second.
            burst (int | Unset): What the quota has when it is whole.
            roles (list[str] | Unset): The roles of which one is needed.
            service (str | Unset): The service that did not answer.
     """

    type_: str
    title: str
    status: int
    code: str
    detail: str | Unset = UNSET
    request_id: str | Unset = UNSET
    field: str | Unset = UNSET
    errors: list[ProblemFault] | Unset = UNSET
    lines: list[ProblemLine] | Unset = UNSET
    requested: int | Unset = UNSET
    available: int | Unset = UNSET
    offered: int | Unset = UNSET
    on_hand_after: int | Unset = UNSET
    reserved: int | Unset = UNSET
    shortage: int | Unset = UNSET
    first_recorded_at: datetime.datetime | Unset = UNSET
    version: int | Unset = UNSET
    store_id: UUID | Unset = UNSET
    store_code: str | Unset = UNSET
    product_id: UUID | Unset = UNSET
    product_sku: str | Unset = UNSET
    gtin: str | Unset = UNSET
    supplier_id: UUID | Unset = UNSET
    supplier_code: str | Unset = UNSET
    supplier_offer_id: UUID | Unset = UNSET
    supplier_offer: str | Unset = UNSET
    category_id: UUID | Unset = UNSET
    category_code: str | Unset = UNSET
    parent: str | Unset = UNSET
    children: int | Unset = UNSET
    products: int | Unset = UNSET
    offers: int | Unset = UNSET
    reservation_id: UUID | Unset = UNSET
    reservation_ids: list[str] | Unset = UNSET
    transaction_id: str | Unset = UNSET
    split_reservation_id: UUID | Unset = UNSET
    split_reservation_status: str | Unset = UNSET
    checkout_id: UUID | Unset = UNSET
    checkout_status: str | Unset = UNSET
    refused_by: str | Unset = UNSET
    transfer_status: str | Unset = UNSET
    stocktake_status: str | Unset = UNSET
    line_status: str | Unset = UNSET
    product_ids: list[str] | Unset = UNSET
    step: int | Unset = UNSET
    last_error: str | Unset = UNSET
    differences: list[PosBatchDifference] | Unset = UNSET
    limit: Any | Unset = UNSET
    holder: str | Unset = UNSET
    limited: str | Unset = UNSET
    held: int | Unset = UNSET
    transfer_id: UUID | Unset = UNSET
    per_second: int | Unset = UNSET
    burst: int | Unset = UNSET
    roles: list[str] | Unset = UNSET
    service: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.pos_batch_difference import PosBatchDifference # noqa: PLC0415
        from ..models.problem_fault import ProblemFault # noqa: PLC0415
        from ..models.problem_line import ProblemLine # noqa: PLC0415
        type_ = self.type_

        title = self.title

        status = self.status

        code = self.code

        detail = self.detail

        request_id = self.request_id

        field = self.field

        errors: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.errors, Unset):
            errors = []
            for errors_item_data in self.errors:
                errors_item = errors_item_data.to_dict()
                errors.append(errors_item)



        lines: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.lines, Unset):
            lines = []
            for lines_item_data in self.lines:
                lines_item = lines_item_data.to_dict()
                lines.append(lines_item)



        requested = self.requested

        available = self.available

        offered = self.offered

        on_hand_after = self.on_hand_after

        reserved = self.reserved

        shortage = self.shortage

        first_recorded_at: str | Unset = UNSET
        if not isinstance(self.first_recorded_at, Unset):
            first_recorded_at = self.first_recorded_at.isoformat()

        version = self.version

        store_id: str | Unset = UNSET
        if not isinstance(self.store_id, Unset):
            store_id = str(self.store_id)

        store_code = self.store_code

        product_id: str | Unset = UNSET
        if not isinstance(self.product_id, Unset):
            product_id = str(self.product_id)

        product_sku = self.product_sku

        gtin = self.gtin

        supplier_id: str | Unset = UNSET
        if not isinstance(self.supplier_id, Unset):
            supplier_id = str(self.supplier_id)

        supplier_code = self.supplier_code

        supplier_offer_id: str | Unset = UNSET
        if not isinstance(self.supplier_offer_id, Unset):
            supplier_offer_id = str(self.supplier_offer_id)

        supplier_offer = self.supplier_offer

        category_id: str | Unset = UNSET
        if not isinstance(self.category_id, Unset):
            category_id = str(self.category_id)

        category_code = self.category_code

        parent = self.parent

        children = self.children

        products = self.products

        offers = self.offers

        reservation_id: str | Unset = UNSET
        if not isinstance(self.reservation_id, Unset):
            reservation_id = str(self.reservation_id)

        reservation_ids: list[str] | Unset = UNSET
        if not isinstance(self.reservation_ids, Unset):
            reservation_ids = self.reservation_ids



        transaction_id = self.transaction_id

        split_reservation_id: str | Unset = UNSET
        if not isinstance(self.split_reservation_id, Unset):
            split_reservation_id = str(self.split_reservation_id)

        split_reservation_status = self.split_reservation_status

        checkout_id: str | Unset = UNSET
        if not isinstance(self.checkout_id, Unset):
            checkout_id = str(self.checkout_id)

        checkout_status = self.checkout_status

        refused_by = self.refused_by

        transfer_status = self.transfer_status

        stocktake_status = self.stocktake_status

        line_status = self.line_status

        product_ids: list[str] | Unset = UNSET
        if not isinstance(self.product_ids, Unset):
            product_ids = self.product_ids



        step = self.step

        last_error = self.last_error

        differences: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.differences, Unset):
            differences = []
            for differences_item_data in self.differences:
                differences_item = differences_item_data.to_dict()
                differences.append(differences_item)



        limit = self.limit

        holder = self.holder

        limited = self.limited

        held = self.held

        transfer_id: str | Unset = UNSET
        if not isinstance(self.transfer_id, Unset):
            transfer_id = str(self.transfer_id)

        per_second = self.per_second

        burst = self.burst

        roles: list[str] | Unset = UNSET
        if not isinstance(self.roles, Unset):
            roles = self.roles



        service = self.service


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "type": type_,
            "title": title,
            "status": status,
            "code": code,
        })
        if detail is not UNSET:
            field_dict["detail"] = detail
        if request_id is not UNSET:
            field_dict["requestId"] = request_id
        if field is not UNSET:
            field_dict["field"] = field
        if errors is not UNSET:
            field_dict["errors"] = errors
        if lines is not UNSET:
            field_dict["lines"] = lines
        if requested is not UNSET:
            field_dict["requested"] = requested
        if available is not UNSET:
            field_dict["available"] = available
        if offered is not UNSET:
            field_dict["offered"] = offered
        if on_hand_after is not UNSET:
            field_dict["onHandAfter"] = on_hand_after
        if reserved is not UNSET:
            field_dict["reserved"] = reserved
        if shortage is not UNSET:
            field_dict["shortage"] = shortage
        if first_recorded_at is not UNSET:
            field_dict["firstRecordedAt"] = first_recorded_at
        if version is not UNSET:
            field_dict["version"] = version
        if store_id is not UNSET:
            field_dict["storeId"] = store_id
        if store_code is not UNSET:
            field_dict["storeCode"] = store_code
        if product_id is not UNSET:
            field_dict["productId"] = product_id
        if product_sku is not UNSET:
            field_dict["productSku"] = product_sku
        if gtin is not UNSET:
            field_dict["gtin"] = gtin
        if supplier_id is not UNSET:
            field_dict["supplierId"] = supplier_id
        if supplier_code is not UNSET:
            field_dict["supplierCode"] = supplier_code
        if supplier_offer_id is not UNSET:
            field_dict["supplierOfferId"] = supplier_offer_id
        if supplier_offer is not UNSET:
            field_dict["supplierOffer"] = supplier_offer
        if category_id is not UNSET:
            field_dict["categoryId"] = category_id
        if category_code is not UNSET:
            field_dict["categoryCode"] = category_code
        if parent is not UNSET:
            field_dict["parent"] = parent
        if children is not UNSET:
            field_dict["children"] = children
        if products is not UNSET:
            field_dict["products"] = products
        if offers is not UNSET:
            field_dict["offers"] = offers
        if reservation_id is not UNSET:
            field_dict["reservationId"] = reservation_id
        if reservation_ids is not UNSET:
            field_dict["reservationIds"] = reservation_ids
        if transaction_id is not UNSET:
            field_dict["transactionId"] = transaction_id
        if split_reservation_id is not UNSET:
            field_dict["splitReservationId"] = split_reservation_id
        if split_reservation_status is not UNSET:
            field_dict["splitReservationStatus"] = split_reservation_status
        if checkout_id is not UNSET:
            field_dict["checkoutId"] = checkout_id
        if checkout_status is not UNSET:
            field_dict["checkoutStatus"] = checkout_status
        if refused_by is not UNSET:
            field_dict["refusedBy"] = refused_by
        if transfer_status is not UNSET:
            field_dict["transferStatus"] = transfer_status
        if stocktake_status is not UNSET:
            field_dict["stocktakeStatus"] = stocktake_status
        if line_status is not UNSET:
            field_dict["lineStatus"] = line_status
        if product_ids is not UNSET:
            field_dict["productIds"] = product_ids
        if step is not UNSET:
            field_dict["step"] = step
        if last_error is not UNSET:
            field_dict["lastError"] = last_error
        if differences is not UNSET:
            field_dict["differences"] = differences
        if limit is not UNSET:
            field_dict["limit"] = limit
        if holder is not UNSET:
            field_dict["holder"] = holder
        if limited is not UNSET:
            field_dict["limited"] = limited
        if held is not UNSET:
            field_dict["held"] = held
        if transfer_id is not UNSET:
            field_dict["transferId"] = transfer_id
        if per_second is not UNSET:
            field_dict["perSecond"] = per_second
        if burst is not UNSET:
            field_dict["burst"] = burst
        if roles is not UNSET:
            field_dict["roles"] = roles
        if service is not UNSET:
            field_dict["service"] = service

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.pos_batch_difference import PosBatchDifference # noqa: PLC0415
        from ..models.problem_fault import ProblemFault # noqa: PLC0415
        from ..models.problem_line import ProblemLine # noqa: PLC0415
        d = dict(src_dict)
        type_ = d.pop("type")

        title = d.pop("title")

        status = d.pop("status")

        code = d.pop("code")

        detail = d.pop("detail", UNSET)

        request_id = d.pop("requestId", UNSET)

        field = d.pop("field", UNSET)

        _errors = d.pop("errors", UNSET)
        errors: list[ProblemFault] | Unset = UNSET
        if _errors is not UNSET:
            errors = []
            for errors_item_data in _errors:
                errors_item = ProblemFault.from_dict(errors_item_data)



                errors.append(errors_item)


        _lines = d.pop("lines", UNSET)
        lines: list[ProblemLine] | Unset = UNSET
        if _lines is not UNSET:
            lines = []
            for lines_item_data in _lines:
                lines_item = ProblemLine.from_dict(lines_item_data)



                lines.append(lines_item)


        requested = d.pop("requested", UNSET)

        available = d.pop("available", UNSET)

        offered = d.pop("offered", UNSET)

        on_hand_after = d.pop("onHandAfter", UNSET)

        reserved = d.pop("reserved", UNSET)

        shortage = d.pop("shortage", UNSET)

        _first_recorded_at = d.pop("firstRecordedAt", UNSET)
        first_recorded_at: datetime.datetime | Unset
        if isinstance(_first_recorded_at,  Unset):
            first_recorded_at = UNSET
        else:
            first_recorded_at = datetime.datetime.fromisoformat(_first_recorded_at)




        version = d.pop("version", UNSET)

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

        gtin = d.pop("gtin", UNSET)

        _supplier_id = d.pop("supplierId", UNSET)
        supplier_id: UUID | Unset
        if isinstance(_supplier_id,  Unset):
            supplier_id = UNSET
        else:
            supplier_id = UUID(_supplier_id)




        supplier_code = d.pop("supplierCode", UNSET)

        _supplier_offer_id = d.pop("supplierOfferId", UNSET)
        supplier_offer_id: UUID | Unset
        if isinstance(_supplier_offer_id,  Unset):
            supplier_offer_id = UNSET
        else:
            supplier_offer_id = UUID(_supplier_offer_id)




        supplier_offer = d.pop("supplierOffer", UNSET)

        _category_id = d.pop("categoryId", UNSET)
        category_id: UUID | Unset
        if isinstance(_category_id,  Unset):
            category_id = UNSET
        else:
            category_id = UUID(_category_id)




        category_code = d.pop("categoryCode", UNSET)

        parent = d.pop("parent", UNSET)

        children = d.pop("children", UNSET)

        products = d.pop("products", UNSET)

        offers = d.pop("offers", UNSET)

        _reservation_id = d.pop("reservationId", UNSET)
        reservation_id: UUID | Unset
        if isinstance(_reservation_id,  Unset):
            reservation_id = UNSET
        else:
            reservation_id = UUID(_reservation_id)




        reservation_ids = cast(list[str], d.pop("reservationIds", UNSET))


        transaction_id = d.pop("transactionId", UNSET)

        _split_reservation_id = d.pop("splitReservationId", UNSET)
        split_reservation_id: UUID | Unset
        if isinstance(_split_reservation_id,  Unset):
            split_reservation_id = UNSET
        else:
            split_reservation_id = UUID(_split_reservation_id)




        split_reservation_status = d.pop("splitReservationStatus", UNSET)

        _checkout_id = d.pop("checkoutId", UNSET)
        checkout_id: UUID | Unset
        if isinstance(_checkout_id,  Unset):
            checkout_id = UNSET
        else:
            checkout_id = UUID(_checkout_id)




        checkout_status = d.pop("checkoutStatus", UNSET)

        refused_by = d.pop("refusedBy", UNSET)

        transfer_status = d.pop("transferStatus", UNSET)

        stocktake_status = d.pop("stocktakeStatus", UNSET)

        line_status = d.pop("lineStatus", UNSET)

        product_ids = cast(list[str], d.pop("productIds", UNSET))


        step = d.pop("step", UNSET)

        last_error = d.pop("lastError", UNSET)

        _differences = d.pop("differences", UNSET)
        differences: list[PosBatchDifference] | Unset = UNSET
        if _differences is not UNSET:
            differences = []
            for differences_item_data in _differences:
                differences_item = PosBatchDifference.from_dict(differences_item_data)



                differences.append(differences_item)


        limit = d.pop("limit", UNSET)

        holder = d.pop("holder", UNSET)

        limited = d.pop("limited", UNSET)

        held = d.pop("held", UNSET)

        _transfer_id = d.pop("transferId", UNSET)
        transfer_id: UUID | Unset
        if isinstance(_transfer_id,  Unset):
            transfer_id = UNSET
        else:
            transfer_id = UUID(_transfer_id)




        per_second = d.pop("perSecond", UNSET)

        burst = d.pop("burst", UNSET)

        roles = cast(list[str], d.pop("roles", UNSET))


        service = d.pop("service", UNSET)

        problem = cls(
            type_=type_,
            title=title,
            status=status,
            code=code,
            detail=detail,
            request_id=request_id,
            field=field,
            errors=errors,
            lines=lines,
            requested=requested,
            available=available,
            offered=offered,
            on_hand_after=on_hand_after,
            reserved=reserved,
            shortage=shortage,
            first_recorded_at=first_recorded_at,
            version=version,
            store_id=store_id,
            store_code=store_code,
            product_id=product_id,
            product_sku=product_sku,
            gtin=gtin,
            supplier_id=supplier_id,
            supplier_code=supplier_code,
            supplier_offer_id=supplier_offer_id,
            supplier_offer=supplier_offer,
            category_id=category_id,
            category_code=category_code,
            parent=parent,
            children=children,
            products=products,
            offers=offers,
            reservation_id=reservation_id,
            reservation_ids=reservation_ids,
            transaction_id=transaction_id,
            split_reservation_id=split_reservation_id,
            split_reservation_status=split_reservation_status,
            checkout_id=checkout_id,
            checkout_status=checkout_status,
            refused_by=refused_by,
            transfer_status=transfer_status,
            stocktake_status=stocktake_status,
            line_status=line_status,
            product_ids=product_ids,
            step=step,
            last_error=last_error,
            differences=differences,
            limit=limit,
            holder=holder,
            limited=limited,
            held=held,
            transfer_id=transfer_id,
            per_second=per_second,
            burst=burst,
            roles=roles,
            service=service,
        )


        problem.additional_properties = d
        return problem

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
