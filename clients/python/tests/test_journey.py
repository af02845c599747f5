"""Makes a hold, a commit and a batch against the server at GONDOLA_URL."""

import os
import unittest
from uuid import UUID

from gondola import connect
from gondola_client.api.reservations import commit_reservation, reserve_stock
from gondola_client.api.stock import write_batch
from gondola_client.models import CommitRequest, ReservationStatus, ReserveRequest, ReserveStockCommand, ReserveStockCommandOp

STORE = UUID("11111111-1111-1111-1111-111111111111")
PRODUCT = "PROD123457"


@unittest.skipUnless("GONDOLA_URL" in os.environ, "no server")
class Journey(unittest.TestCase):
    def test_a_hold_a_commit_and_a_batch(self):
        client = connect(os.environ["GONDOLA_URL"], os.environ.get("GONDOLA_KEY"))
        request = ReserveRequest(store_id=STORE, product_sku=PRODUCT, quantity=2)
        held = reserve_stock.sync(client=client, body=request, idempotency_key="py-hold")
        again = reserve_stock.sync_detailed(client=client, body=request, idempotency_key="py-hold")
        self.assertEqual(again.parsed.reservation_id, held.reservation_id)
        self.assertEqual(again.headers["idempotency-replayed"], "true")

        commit = CommitRequest(reservation_id=held.reservation_id, transaction_id="PY-1")
        sold = commit_reservation.sync(client=client, body=commit)
        self.assertEqual(sold.status, ReservationStatus.COMMITTED)

        holds = [
            ReserveStockCommand(op=ReserveStockCommandOp.RESERVE, store_id=STORE, product_sku=PRODUCT, quantity=units)
            for units in (1, 2, 1_000_000)
        ]
        answers = write_batch.sync(client=client, body=holds)
        self.assertEqual([answer.status for answer in answers], [201, 201, 409])
        self.assertEqual(answers[2].problem.requested, 1_000_000)


if __name__ == "__main__":
    unittest.main()
