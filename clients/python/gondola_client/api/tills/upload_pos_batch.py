from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.pos_batch import PosBatch
from ...models.pos_batch_request import PosBatchRequest
from ...models.problem import Problem
from typing import cast



def _get_kwargs(
    *,
    body: PosBatchRequest,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}


    

    

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/inventory/pos-batches",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> PosBatch | Problem | None:
    if response.status_code == 200:
        response_200 = PosBatch.from_dict(response.json())



        return response_200

    if response.status_code == 201:
        response_201 = PosBatch.from_dict(response.json())



        return response_201

    if response.status_code == 202:
        response_202 = PosBatch.from_dict(response.json())



        return response_202

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[PosBatch | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: PosBatchRequest,

) -> Response[PosBatch | Problem]:
    """ Merge what a till sold while it was offline.

     A batch is received whole or refused whole, with every fault in `errors`. Its lines take effect at
    their own times: in
    whatever order batches come and however often, the stock is the same in the end. They tell what has
    happened, so that
    nothing is refused for what the books say: what they lacked is told in `shortfalls`, line by line.
    201 says that it is
    merged, 200 that it was received before, 202 that merging goes on: look at `Location`. 409 says that
    the till has sent
    something else under this number, and where that differs. No `Idempotency-Key` is needed: the number
    is one, for ever.

    Args:
        body (PosBatchRequest): What a till sold while it was offline, under a number of its own.
            Example: {'lines': [{'lineId': '1', 'occurredAt': '2026-11-27T10:15:30Z', 'productSku':
            'PROD123456', 'quantity': 2, 'transactionId': 'R-4711'}, {'lineId': '2', 'occurredAt':
            '2026-11-27T10:16:02Z', 'productSku': 'PROD123457', 'quantity': 1, 'transactionId':
            'R-4712', 'type': 'return'}], 'openedAt': '2026-11-27T10:00:00Z', 'sequence': 18,
            'storeCode': 'SP-PAULISTA', 'tillId': '3'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PosBatch | Problem]
     """


    kwargs = _get_kwargs(
        body=body,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    *,
    client: AuthenticatedClient,
    body: PosBatchRequest,

) -> PosBatch | Problem | None:
    """ Merge what a till sold while it was offline.

     A batch is received whole or refused whole, with every fault in `errors`. Its lines take effect at
    their own times: in
    whatever order batches come and however often, the stock is the same in the end. They tell what has
    happened, so that
    nothing is refused for what the books say: what they lacked is told in `shortfalls`, line by line.
    201 says that it is
    merged, 200 that it was received before, 202 that merging goes on: look at `Location`. 409 says that
    the till has sent
    something else under this number, and where that differs. No `Idempotency-Key` is needed: the number
    is one, for ever.

    Args:
        body (PosBatchRequest): What a till sold while it was offline, under a number of its own.
            Example: {'lines': [{'lineId': '1', 'occurredAt': '2026-11-27T10:15:30Z', 'productSku':
            'PROD123456', 'quantity': 2, 'transactionId': 'R-4711'}, {'lineId': '2', 'occurredAt':
            '2026-11-27T10:16:02Z', 'productSku': 'PROD123457', 'quantity': 1, 'transactionId':
            'R-4712', 'type': 'return'}], 'openedAt': '2026-11-27T10:00:00Z', 'sequence': 18,
            'storeCode': 'SP-PAULISTA', 'tillId': '3'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PosBatch | Problem
     """


    return sync_detailed(
        client=client,
body=body,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: PosBatchRequest,

) -> Response[PosBatch | Problem]:
    """ Merge what a till sold while it was offline.

     A batch is received whole or refused whole, with every fault in `errors`. Its lines take effect at
    their own times: in
    whatever order batches come and however often, the stock is the same in the end. They tell what has
    happened, so that
    nothing is refused for what the books say: what they lacked is told in `shortfalls`, line by line.
    201 says that it is
    merged, 200 that it was received before, 202 that merging goes on: look at `Location`. 409 says that
    the till has sent
    something else under this number, and where that differs. No `Idempotency-Key` is needed: the number
    is one, for ever.

    Args:
        body (PosBatchRequest): What a till sold while it was offline, under a number of its own.
            Example: {'lines': [{'lineId': '1', 'occurredAt': '2026-11-27T10:15:30Z', 'productSku':
            'PROD123456', 'quantity': 2, 'transactionId': 'R-4711'}, {'lineId': '2', 'occurredAt':
            '2026-11-27T10:16:02Z', 'productSku': 'PROD123457', 'quantity': 1, 'transactionId':
            'R-4712', 'type': 'return'}], 'openedAt': '2026-11-27T10:00:00Z', 'sequence': 18,
            'storeCode': 'SP-PAULISTA', 'tillId': '3'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PosBatch | Problem]
     """


    kwargs = _get_kwargs(
        body=body,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    *,
    client: AuthenticatedClient,
    body: PosBatchRequest,

) -> PosBatch | Problem | None:
    """ Merge what a till sold while it was offline.

     A batch is received whole or refused whole, with every fault in `errors`. Its lines take effect at
    their own times: in
    whatever order batches come and however often, the stock is the same in the end. They tell what has
    happened, so that
    nothing is refused for what the books say: what they lacked is told in `shortfalls`, line by line.
    201 says that it is
    merged, 200 that it was received before, 202 that merging goes on: look at `Location`. 409 says that
    the till has sent
    something else under this number, and where that differs. No `Idempotency-Key` is needed: the number
    is one, for ever.

    Args:
        body (PosBatchRequest): What a till sold while it was offline, under a number of its own.
            Example: {'lines': [{'lineId': '1', 'occurredAt': '2026-11-27T10:15:30Z', 'productSku':
            'PROD123456', 'quantity': 2, 'transactionId': 'R-4711'}, {'lineId': '2', 'occurredAt':
            '2026-11-27T10:16:02Z', 'productSku': 'PROD123457', 'quantity': 1, 'transactionId':
            'R-4712', 'type': 'return'}], 'openedAt': '2026-11-27T10:00:00Z', 'sequence': 18,
            'storeCode': 'SP-PAULISTA', 'tillId': '3'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PosBatch | Problem
     """


    return (await asyncio_detailed(
        client=client,
body=body,

    )).parsed
