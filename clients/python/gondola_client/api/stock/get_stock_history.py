from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.get_stock_history_order_by import GetStockHistoryOrderBy
from ...models.movement_view_page import MovementViewPage
from ...models.problem import Problem
from ...types import UNSET, Unset
from typing import cast
import datetime



def _get_kwargs(
    store: str,
    product: str,
    *,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    order_by: GetStockHistoryOrderBy | Unset = UNSET,
    from_: datetime.datetime | Unset = UNSET,
    to: datetime.datetime | Unset = UNSET,

) -> dict[str, Any]:
    

    

    params: dict[str, Any] = {}

    params["limit"] = limit

    params["cursor"] = cursor

    json_order_by: str | Unset = UNSET
    if not isinstance(order_by, Unset):
        json_order_by = order_by.value

    params["orderBy"] = json_order_by

    json_from_: str | Unset = UNSET
    if not isinstance(from_, Unset):
        json_from_ = from_.isoformat()
    params["from"] = json_from_

    json_to: str | Unset = UNSET
    if not isinstance(to, Unset):
        json_to = to.isoformat()
    params["to"] = json_to


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/inventory/stores/{store}/products/{product}/history".format(store=quote(str(store), safe=""),product=quote(str(product), safe=""),),
        "params": params,
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> MovementViewPage | Problem | None:
    if response.status_code == 200:
        response_200 = MovementViewPage.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[MovementViewPage | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    store: str,
    product: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    order_by: GetStockHistoryOrderBy | Unset = UNSET,
    from_: datetime.datetime | Unset = UNSET,
    to: datetime.datetime | Unset = UNSET,

) -> Response[MovementViewPage | Problem]:
    """ The movements of a stock level, newest first by either of their times, each with its cause, its
    actor and the balance
    after it.

     The balance is what was on record then: the sum of all changes that were recorded up to the
    movement. Ordered by
    `occurredAt` it is the same number; what was true at a moment of business time, a stock level tells
    with `effectiveAt`.

    Args:
        store (str):
        product (str):
        limit (int | Unset): How many items the page may have Default: 50.
        cursor (str | Unset):
        order_by (GetStockHistoryOrderBy | Unset): One of the two times of a movement.
        from_ (datetime.datetime | Unset):
        to (datetime.datetime | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[MovementViewPage | Problem]
     """


    kwargs = _get_kwargs(
        store=store,
product=product,
limit=limit,
cursor=cursor,
order_by=order_by,
from_=from_,
to=to,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    store: str,
    product: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    order_by: GetStockHistoryOrderBy | Unset = UNSET,
    from_: datetime.datetime | Unset = UNSET,
    to: datetime.datetime | Unset = UNSET,

) -> MovementViewPage | Problem | None:
    """ The movements of a stock level, newest first by either of their times, each with its cause, its
    actor and the balance
    after it.

     The balance is what was on record then: the sum of all changes that were recorded up to the
    movement. Ordered by
    `occurredAt` it is the same number; what was true at a moment of business time, a stock level tells
    with `effectiveAt`.

    Args:
        store (str):
        product (str):
        limit (int | Unset): How many items the page may have Default: 50.
        cursor (str | Unset):
        order_by (GetStockHistoryOrderBy | Unset): One of the two times of a movement.
        from_ (datetime.datetime | Unset):
        to (datetime.datetime | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        MovementViewPage | Problem
     """


    return sync_detailed(
        store=store,
product=product,
client=client,
limit=limit,
cursor=cursor,
order_by=order_by,
from_=from_,
to=to,

    ).parsed

async def asyncio_detailed(
    store: str,
    product: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    order_by: GetStockHistoryOrderBy | Unset = UNSET,
    from_: datetime.datetime | Unset = UNSET,
    to: datetime.datetime | Unset = UNSET,

) -> Response[MovementViewPage | Problem]:
    """ The movements of a stock level, newest first by either of their times, each with its cause, its
    actor and the balance
    after it.

     The balance is what was on record then: the sum of all changes that were recorded up to the
    movement. Ordered by
    `occurredAt` it is the same number; what was true at a moment of business time, a stock level tells
    with `effectiveAt`.

    Args:
        store (str):
        product (str):
        limit (int | Unset): How many items the page may have Default: 50.
        cursor (str | Unset):
        order_by (GetStockHistoryOrderBy | Unset): One of the two times of a movement.
        from_ (datetime.datetime | Unset):
        to (datetime.datetime | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[MovementViewPage | Problem]
     """


    kwargs = _get_kwargs(
        store=store,
product=product,
limit=limit,
cursor=cursor,
order_by=order_by,
from_=from_,
to=to,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    store: str,
    product: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    order_by: GetStockHistoryOrderBy | Unset = UNSET,
    from_: datetime.datetime | Unset = UNSET,
    to: datetime.datetime | Unset = UNSET,

) -> MovementViewPage | Problem | None:
    """ The movements of a stock level, newest first by either of their times, each with its cause, its
    actor and the balance
    after it.

     The balance is what was on record then: the sum of all changes that were recorded up to the
    movement. Ordered by
    `occurredAt` it is the same number; what was true at a moment of business time, a stock level tells
    with `effectiveAt`.

    Args:
        store (str):
        product (str):
        limit (int | Unset): How many items the page may have Default: 50.
        cursor (str | Unset):
        order_by (GetStockHistoryOrderBy | Unset): One of the two times of a movement.
        from_ (datetime.datetime | Unset):
        to (datetime.datetime | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        MovementViewPage | Problem
     """


    return (await asyncio_detailed(
        store=store,
product=product,
client=client,
limit=limit,
cursor=cursor,
order_by=order_by,
from_=from_,
to=to,

    )).parsed
