from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.list_reservations_sort import ListReservationsSort
from ...models.list_reservations_status import ListReservationsStatus
from ...models.problem import Problem
from ...models.reservation_page import ReservationPage
from ...types import UNSET, Unset
from typing import cast
import datetime



def _get_kwargs(
    *,
    store: str | Unset = UNSET,
    product: str | Unset = UNSET,
    customer_id: str | Unset = UNSET,
    order_id: str | Unset = UNSET,
    status: ListReservationsStatus | Unset = UNSET,
    expires_from: datetime.datetime | Unset = UNSET,
    expires_to: datetime.datetime | Unset = UNSET,
    sort: ListReservationsSort | Unset = UNSET,
    min_position: int | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,

) -> dict[str, Any]:
    

    

    params: dict[str, Any] = {}

    params["store"] = store

    params["product"] = product

    params["customerId"] = customer_id

    params["orderId"] = order_id

    json_status: str | Unset = UNSET
    if not isinstance(status, Unset):
        json_status = status.value

    params["status"] = json_status

    json_expires_from: str | Unset = UNSET
    if not isinstance(expires_from, Unset):
        json_expires_from = expires_from.isoformat()
    params["expiresFrom"] = json_expires_from

    json_expires_to: str | Unset = UNSET
    if not isinstance(expires_to, Unset):
        json_expires_to = expires_to.isoformat()
    params["expiresTo"] = json_expires_to

    json_sort: str | Unset = UNSET
    if not isinstance(sort, Unset):
        json_sort = sort.value

    params["sort"] = json_sort

    params["minPosition"] = min_position

    params["limit"] = limit

    params["cursor"] = cursor


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/inventory/reservations",
        "params": params,
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | ReservationPage | None:
    if response.status_code == 200:
        response_200 = ReservationPage.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | ReservationPage]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    store: str | Unset = UNSET,
    product: str | Unset = UNSET,
    customer_id: str | Unset = UNSET,
    order_id: str | Unset = UNSET,
    status: ListReservationsStatus | Unset = UNSET,
    expires_from: datetime.datetime | Unset = UNSET,
    expires_to: datetime.datetime | Unset = UNSET,
    sort: ListReservationsSort | Unset = UNSET,
    min_position: int | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,

) -> Response[Problem | ReservationPage]:
    """ Reservations in the order of their deadlines.

     All conditions must hold. A reservation whose deadline has passed is expired at that instant. A page
    looks at no more
    than 2,000 reservations that the most telling condition names (order, customer, product, store);
    where few of them meet
    the others, it has fewer items than `limit`, or none, and goes on with `nextCursor`. One that is
    extended while pages
    are read may come twice, and with `sort=expiresAt` is never left out.

    Args:
        store (str | Unset):
        product (str | Unset):
        customer_id (str | Unset):
        order_id (str | Unset):
        status (ListReservationsStatus | Unset): How a reservation stands.
        expires_from (datetime.datetime | Unset):
        expires_to (datetime.datetime | Unset):
        sort (ListReservationsSort | Unset): The order of the list.
        min_position (int | Unset):
        limit (int | Unset): How many items the page may have Default: 50.
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | ReservationPage]
     """


    kwargs = _get_kwargs(
        store=store,
product=product,
customer_id=customer_id,
order_id=order_id,
status=status,
expires_from=expires_from,
expires_to=expires_to,
sort=sort,
min_position=min_position,
limit=limit,
cursor=cursor,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    *,
    client: AuthenticatedClient,
    store: str | Unset = UNSET,
    product: str | Unset = UNSET,
    customer_id: str | Unset = UNSET,
    order_id: str | Unset = UNSET,
    status: ListReservationsStatus | Unset = UNSET,
    expires_from: datetime.datetime | Unset = UNSET,
    expires_to: datetime.datetime | Unset = UNSET,
    sort: ListReservationsSort | Unset = UNSET,
    min_position: int | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,

) -> Problem | ReservationPage | None:
    """ Reservations in the order of their deadlines.

     All conditions must hold. A reservation whose deadline has passed is expired at that instant. A page
    looks at no more
    than 2,000 reservations that the most telling condition names (order, customer, product, store);
    where few of them meet
    the others, it has fewer items than `limit`, or none, and goes on with `nextCursor`. One that is
    extended while pages
    are read may come twice, and with `sort=expiresAt` is never left out.

    Args:
        store (str | Unset):
        product (str | Unset):
        customer_id (str | Unset):
        order_id (str | Unset):
        status (ListReservationsStatus | Unset): How a reservation stands.
        expires_from (datetime.datetime | Unset):
        expires_to (datetime.datetime | Unset):
        sort (ListReservationsSort | Unset): The order of the list.
        min_position (int | Unset):
        limit (int | Unset): How many items the page may have Default: 50.
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | ReservationPage
     """


    return sync_detailed(
        client=client,
store=store,
product=product,
customer_id=customer_id,
order_id=order_id,
status=status,
expires_from=expires_from,
expires_to=expires_to,
sort=sort,
min_position=min_position,
limit=limit,
cursor=cursor,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    store: str | Unset = UNSET,
    product: str | Unset = UNSET,
    customer_id: str | Unset = UNSET,
    order_id: str | Unset = UNSET,
    status: ListReservationsStatus | Unset = UNSET,
    expires_from: datetime.datetime | Unset = UNSET,
    expires_to: datetime.datetime | Unset = UNSET,
    sort: ListReservationsSort | Unset = UNSET,
    min_position: int | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,

) -> Response[Problem | ReservationPage]:
    """ Reservations in the order of their deadlines.

     All conditions must hold. A reservation whose deadline has passed is expired at that instant. A page
    looks at no more
    than 2,000 reservations that the most telling condition names (order, customer, product, store);
    where few of them meet
    the others, it has fewer items than `limit`, or none, and goes on with `nextCursor`. One that is
    extended while pages
    are read may come twice, and with `sort=expiresAt` is never left out.

    Args:
        store (str | Unset):
        product (str | Unset):
        customer_id (str | Unset):
        order_id (str | Unset):
        status (ListReservationsStatus | Unset): How a reservation stands.
        expires_from (datetime.datetime | Unset):
        expires_to (datetime.datetime | Unset):
        sort (ListReservationsSort | Unset): The order of the list.
        min_position (int | Unset):
        limit (int | Unset): How many items the page may have Default: 50.
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | ReservationPage]
     """


    kwargs = _get_kwargs(
        store=store,
product=product,
customer_id=customer_id,
order_id=order_id,
status=status,
expires_from=expires_from,
expires_to=expires_to,
sort=sort,
min_position=min_position,
limit=limit,
cursor=cursor,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    *,
    client: AuthenticatedClient,
    store: str | Unset = UNSET,
    product: str | Unset = UNSET,
    customer_id: str | Unset = UNSET,
    order_id: str | Unset = UNSET,
    status: ListReservationsStatus | Unset = UNSET,
    expires_from: datetime.datetime | Unset = UNSET,
    expires_to: datetime.datetime | Unset = UNSET,
    sort: ListReservationsSort | Unset = UNSET,
    min_position: int | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,

) -> Problem | ReservationPage | None:
    """ Reservations in the order of their deadlines.

     All conditions must hold. A reservation whose deadline has passed is expired at that instant. A page
    looks at no more
    than 2,000 reservations that the most telling condition names (order, customer, product, store);
    where few of them meet
    the others, it has fewer items than `limit`, or none, and goes on with `nextCursor`. One that is
    extended while pages
    are read may come twice, and with `sort=expiresAt` is never left out.

    Args:
        store (str | Unset):
        product (str | Unset):
        customer_id (str | Unset):
        order_id (str | Unset):
        status (ListReservationsStatus | Unset): How a reservation stands.
        expires_from (datetime.datetime | Unset):
        expires_to (datetime.datetime | Unset):
        sort (ListReservationsSort | Unset): The order of the list.
        min_position (int | Unset):
        limit (int | Unset): How many items the page may have Default: 50.
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | ReservationPage
     """


    return (await asyncio_detailed(
        client=client,
store=store,
product=product,
customer_id=customer_id,
order_id=order_id,
status=status,
expires_from=expires_from,
expires_to=expires_to,
sort=sort,
min_position=min_position,
limit=limit,
cursor=cursor,

    )).parsed
