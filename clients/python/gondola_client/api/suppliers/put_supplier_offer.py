from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.problem import Problem
from ...models.put_supplier_offer import PutSupplierOffer
from ...models.supplier_offer import SupplierOffer
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    product: str,
    supplier: str,
    *,
    body: PutSupplierOffer,
    if_match: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_match, Unset):
        headers["If-Match"] = if_match

    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key



    

    

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/api/v1/products/{product}/suppliers/{supplier}".format(product=quote(str(product), safe=""),supplier=quote(str(supplier), safe=""),),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | SupplierOffer | None:
    if response.status_code == 200:
        response_200 = SupplierOffer.from_dict(response.json())



        return response_200

    if response.status_code == 201:
        response_201 = SupplierOffer.from_dict(response.json())



        return response_201

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())



        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())



        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())



        return response_403

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())



        return response_404

    if response.status_code == 408:
        response_408 = Problem.from_dict(response.json())



        return response_408

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())



        return response_409

    if response.status_code == 412:
        response_412 = Problem.from_dict(response.json())



        return response_412

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())



        return response_413

    if response.status_code == 415:
        response_415 = Problem.from_dict(response.json())



        return response_415

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())



        return response_422

    if response.status_code == 429:
        response_429 = Problem.from_dict(response.json())



        return response_429

    if response.status_code == 500:
        response_500 = Problem.from_dict(response.json())



        return response_500

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())



        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | SupplierOffer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    product: str,
    supplier: str,
    *,
    client: AuthenticatedClient,
    body: PutSupplierOffer,
    if_match: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> Response[Problem | SupplierOffer]:
    """ Makes an offer, or replaces its terms.

     201 the first time. Refused with 409: `preferred-taken` while another offer of the product is the
    preferred one,
    `supplier-unavailable` when the supplier was removed.

    Args:
        product (str):
        supplier (str):
        if_match (str | Unset):
        idempotency_key (str | Unset):
        body (PutSupplierOffer): The terms of an offer, all of them.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SupplierOffer]
     """


    kwargs = _get_kwargs(
        product=product,
supplier=supplier,
body=body,
if_match=if_match,
idempotency_key=idempotency_key,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    product: str,
    supplier: str,
    *,
    client: AuthenticatedClient,
    body: PutSupplierOffer,
    if_match: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> Problem | SupplierOffer | None:
    """ Makes an offer, or replaces its terms.

     201 the first time. Refused with 409: `preferred-taken` while another offer of the product is the
    preferred one,
    `supplier-unavailable` when the supplier was removed.

    Args:
        product (str):
        supplier (str):
        if_match (str | Unset):
        idempotency_key (str | Unset):
        body (PutSupplierOffer): The terms of an offer, all of them.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SupplierOffer
     """


    return sync_detailed(
        product=product,
supplier=supplier,
client=client,
body=body,
if_match=if_match,
idempotency_key=idempotency_key,

    ).parsed

async def asyncio_detailed(
    product: str,
    supplier: str,
    *,
    client: AuthenticatedClient,
    body: PutSupplierOffer,
    if_match: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> Response[Problem | SupplierOffer]:
    """ Makes an offer, or replaces its terms.

     201 the first time. Refused with 409: `preferred-taken` while another offer of the product is the
    preferred one,
    `supplier-unavailable` when the supplier was removed.

    Args:
        product (str):
        supplier (str):
        if_match (str | Unset):
        idempotency_key (str | Unset):
        body (PutSupplierOffer): The terms of an offer, all of them.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SupplierOffer]
     """


    kwargs = _get_kwargs(
        product=product,
supplier=supplier,
body=body,
if_match=if_match,
idempotency_key=idempotency_key,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    product: str,
    supplier: str,
    *,
    client: AuthenticatedClient,
    body: PutSupplierOffer,
    if_match: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> Problem | SupplierOffer | None:
    """ Makes an offer, or replaces its terms.

     201 the first time. Refused with 409: `preferred-taken` while another offer of the product is the
    preferred one,
    `supplier-unavailable` when the supplier was removed.

    Args:
        product (str):
        supplier (str):
        if_match (str | Unset):
        idempotency_key (str | Unset):
        body (PutSupplierOffer): The terms of an offer, all of them.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SupplierOffer
     """


    return (await asyncio_detailed(
        product=product,
supplier=supplier,
client=client,
body=body,
if_match=if_match,
idempotency_key=idempotency_key,

    )).parsed
