from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.list_offers_of_supplier_status import ListOffersOfSupplierStatus
from ...models.problem import Problem
from ...models.supplier_offer_page import SupplierOfferPage
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    supplier: str,
    *,
    q: str | Unset = UNSET,
    status: ListOffersOfSupplierStatus | Unset = UNSET,
    min_position: int | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,

) -> dict[str, Any]:
    

    

    params: dict[str, Any] = {}

    params["q"] = q

    json_status: str | Unset = UNSET
    if not isinstance(status, Unset):
        json_status = status.value

    params["status"] = json_status

    params["minPosition"] = min_position

    params["limit"] = limit

    params["cursor"] = cursor


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/suppliers/{supplier}/products".format(supplier=quote(str(supplier), safe=""),),
        "params": params,
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | SupplierOfferPage | None:
    if response.status_code == 200:
        response_200 = SupplierOfferPage.from_dict(response.json())



        return response_200

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | SupplierOfferPage]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    supplier: str,
    *,
    client: AuthenticatedClient,
    q: str | Unset = UNSET,
    status: ListOffersOfSupplierStatus | Unset = UNSET,
    min_position: int | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,

) -> Response[Problem | SupplierOfferPage]:
    """ Lists what a supplier offers, sorted by the ids of the products.

    Args:
        supplier (str):
        q (str | Unset):
        status (ListOffersOfSupplierStatus | Unset): Whether an offer holds.
        min_position (int | Unset):
        limit (int | Unset): How many items the page may have Default: 50.
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SupplierOfferPage]
     """


    kwargs = _get_kwargs(
        supplier=supplier,
q=q,
status=status,
min_position=min_position,
limit=limit,
cursor=cursor,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    supplier: str,
    *,
    client: AuthenticatedClient,
    q: str | Unset = UNSET,
    status: ListOffersOfSupplierStatus | Unset = UNSET,
    min_position: int | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,

) -> Problem | SupplierOfferPage | None:
    """ Lists what a supplier offers, sorted by the ids of the products.

    Args:
        supplier (str):
        q (str | Unset):
        status (ListOffersOfSupplierStatus | Unset): Whether an offer holds.
        min_position (int | Unset):
        limit (int | Unset): How many items the page may have Default: 50.
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SupplierOfferPage
     """


    return sync_detailed(
        supplier=supplier,
client=client,
q=q,
status=status,
min_position=min_position,
limit=limit,
cursor=cursor,

    ).parsed

async def asyncio_detailed(
    supplier: str,
    *,
    client: AuthenticatedClient,
    q: str | Unset = UNSET,
    status: ListOffersOfSupplierStatus | Unset = UNSET,
    min_position: int | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,

) -> Response[Problem | SupplierOfferPage]:
    """ Lists what a supplier offers, sorted by the ids of the products.

    Args:
        supplier (str):
        q (str | Unset):
        status (ListOffersOfSupplierStatus | Unset): Whether an offer holds.
        min_position (int | Unset):
        limit (int | Unset): How many items the page may have Default: 50.
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SupplierOfferPage]
     """


    kwargs = _get_kwargs(
        supplier=supplier,
q=q,
status=status,
min_position=min_position,
limit=limit,
cursor=cursor,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    supplier: str,
    *,
    client: AuthenticatedClient,
    q: str | Unset = UNSET,
    status: ListOffersOfSupplierStatus | Unset = UNSET,
    min_position: int | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,

) -> Problem | SupplierOfferPage | None:
    """ Lists what a supplier offers, sorted by the ids of the products.

    Args:
        supplier (str):
        q (str | Unset):
        status (ListOffersOfSupplierStatus | Unset): Whether an offer holds.
        min_position (int | Unset):
        limit (int | Unset): How many items the page may have Default: 50.
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SupplierOfferPage
     """


    return (await asyncio_detailed(
        supplier=supplier,
client=client,
q=q,
status=status,
min_position=min_position,
limit=limit,
cursor=cursor,

    )).parsed
