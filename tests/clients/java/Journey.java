import dev.gondola.ApiClient;
import dev.gondola.ApiException;
import dev.gondola.api.ReservationsApi;
import dev.gondola.api.StockApi;
import dev.gondola.model.BatchCommand;
import dev.gondola.model.CommitRequest;
import dev.gondola.model.ReservationStatus;
import dev.gondola.model.ReserveRequest;
import dev.gondola.model.ReserveStockCommand;
import java.util.List;
import java.util.UUID;

/** Makes a hold, a commit and a batch with the client that is generated for Java. */
public final class Journey {
    private static final UUID STORE = UUID.fromString("11111111-1111-1111-1111-111111111111");
    private static final String PRODUCT = "PROD123459";

    public static void main(String[] arguments) throws ApiException {
        var client = new ApiClient();
        client.updateBaseUri(System.getenv("GONDOLA_URL"));
        client.setRequestInterceptor(request -> request.header("X-Api-Key", System.getenv("GONDOLA_KEY")));
        var reservations = new ReservationsApi(client);

        var request = new ReserveRequest().storeId(STORE).productSku(PRODUCT).quantity(2L);
        var held = reservations.reserveStock(request, "java-hold", null);
        var again = reservations.reserveStockWithHttpInfo(request, "java-hold", null);
        mustBe(again.getData().getReservationId().equals(held.getReservationId()), "the same reservation", again);
        mustBe(again.getHeaders().containsKey("idempotency-replayed"), "marked as replayed", again.getHeaders());

        var commit = new CommitRequest().reservationId(held.getReservationId()).transactionId("JAVA-1");
        var sold = reservations.commitReservation(commit, null);
        mustBe(sold.getStatus() == ReservationStatus.COMMITTED, "committed", sold);

        var answers = new StockApi(client).writeBatch(List.of(hold(1), hold(2), hold(1_000_000)), null);
        mustBe(answers.size() == 3, "an answer for each command", answers);
        mustBe(answers.get(0).getStatus() == 201 && answers.get(1).getStatus() == 201, "two holds", answers);
        mustBe("insufficient-stock".equals(answers.get(2).getCode()), "insufficient stock", answers);
        mustBe(answers.get(2).getProblem().getRequested() == 1_000_000, "what was asked for", answers);
        System.out.println("java: a hold, a commit and a batch");
    }

    private static BatchCommand hold(long quantity) {
        var command = new ReserveStockCommand().op(ReserveStockCommand.OpEnum.RESERVE);
        return new BatchCommand(command.storeId(STORE).productSku(PRODUCT).quantity(quantity));
    }

    private static void mustBe(boolean is, String what, Object got) {
        if (!is) {
            throw new IllegalStateException("the answer is not " + what + ": " + got);
        }
    }
}
