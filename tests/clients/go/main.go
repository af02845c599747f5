// Makes a hold, a commit and a batch with the client that is generated for Go.
package main

import (
	"context"
	"fmt"
	"os"

	gondola "github.com/gondola/gondola"
)

const (
	store   = "11111111-1111-1111-1111-111111111111"
	product = "PROD123458"
)

func must(err error, doing string) {
	if err != nil {
		fmt.Fprintln(os.Stderr, doing+":", err)
		os.Exit(1)
	}
}

func mustBe(is bool, what string, got any) {
	if !is {
		must(fmt.Errorf("not %s: %v", what, got), "the answer is")
	}
}

func hold(quantity int64) gondola.BatchCommand {
	command := gondola.NewReserveStockCommand("reserve", quantity)
	command.SetStoreId(store)
	command.SetProductSku(product)
	return gondola.ReserveStockCommandAsBatchCommand(command)
}

func main() {
	config := gondola.NewConfiguration()
	config.Servers = gondola.ServerConfigurations{{URL: os.Getenv("GONDOLA_URL")}}
	config.AddDefaultHeader("X-Api-Key", os.Getenv("GONDOLA_KEY"))
	client, ctx := gondola.NewAPIClient(config), context.Background()

	request := gondola.NewReserveRequest(2)
	request.SetStoreId(store)
	request.SetProductSku(product)
	held, _, err := client.ReservationsAPI.ReserveStock(ctx).IdempotencyKey("go-hold").ReserveRequest(*request).Execute()
	must(err, "hold")
	again, answer, err := client.ReservationsAPI.ReserveStock(ctx).IdempotencyKey("go-hold").ReserveRequest(*request).Execute()
	must(err, "the same hold again")
	mustBe(again.ReservationId == held.ReservationId, "the same reservation", again.ReservationId)
	mustBe(answer.Header.Get("Idempotency-Replayed") == "true", "marked as replayed", answer.Header)

	commit := gondola.NewCommitRequest("GO-1")
	commit.SetReservationId(held.ReservationId)
	sold, _, err := client.ReservationsAPI.CommitReservation(ctx).CommitRequest(*commit).Execute()
	must(err, "commit")
	mustBe(sold.Status == gondola.RESERVATIONSTATUS_COMMITTED, "committed", sold.Status)

	commands := []gondola.BatchCommand{hold(1), hold(2), hold(1000000)}
	answers, _, err := client.StockAPI.WriteBatch(ctx).BatchCommand(commands).Execute()
	must(err, "batch")
	mustBe(len(answers) == 3, "an answer for each command", len(answers))
	mustBe(answers[0].Status == 201 && answers[1].Status == 201, "two holds", answers)
	mustBe(answers[2].GetCode() == "insufficient-stock", "insufficient stock", answers[2].GetCode())
	mustBe(answers[2].Problem.GetRequested() == 1000000, "what was asked for", answers[2].Problem.GetRequested())
	fmt.Println("go: a hold, a commit and a batch")
}
