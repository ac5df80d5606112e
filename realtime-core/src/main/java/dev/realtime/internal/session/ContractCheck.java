package dev.realtime.internal.session;

import dev.realtime.Event.Contract;
import dev.realtime.PayloadShape;
import dev.realtime.spi.JsonCodec;
import dev.realtime.state.State;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;

/** Asks the codec, while the engine is built, whether it can read and write what the handlers of a namespace are for. */
public final class ContractCheck {
    private final JsonCodec json;

    public ContractCheck(JsonCodec json) {
        this.json = json;
    }

    /** @throws IllegalArgumentException naming the event, the type and what is wrong with it */
    public void check(NamespaceHandlers handlers) {
        handlers.routes().values().forEach(route -> {
            checkPayload(route.contract());
            if (route instanceof EventRoute.OfRequest<?, ?> request) {
                checkReply(request.request());
            } else if (route instanceof EventRoute.OfAsyncRequest<?, ?> request) {
                checkReply(request.request());
            } else if (route instanceof EventRoute.OfAcknowledging<?, ?> request) {
                checkReply(request.request());
            }
        });
        handlers.serverRoutes().values().forEach(route -> {
            checkPayload(route.contract());
            if (route instanceof ServerRoute.OfRequest<?, ?> request) {
                checkReply(request.request());
            }
        });
        handlers.states().forEach(state -> checkState(state.contract()));
    }

    private void checkState(State<?> contract) {
        try {
            json.checkReadable(contract.type());
            json.checkWritable(contract.type());
        } catch (IllegalArgumentException e) {
            throw unfit("value", contract.name(), e);
        }
    }

    private void checkPayload(Contract<?> contract) {
        try {
            types(contract.shape(), contract.payload()).forEach(json::checkReadable);
        } catch (IllegalArgumentException e) {
            throw unfit("payload", contract.name(), e);
        }
    }

    private void checkReply(dev.realtime.Request<?, ?> request) {
        try {
            types(request.replyShape(), request.reply()).forEach(json::checkWritable);
        } catch (IllegalArgumentException e) {
            throw unfit("reply", request.name(), e);
        }
    }

    private static List<Type> types(PayloadShape shape, Type type) {
        return switch (shape) {
            case NONE -> List.of();
            case SINGLE -> List.of(type);
            case ARGUMENTS -> {
                List<Type> types = new ArrayList<>();
                for (RecordComponent component : RecordParts.of((Class<?>) type).components()) {
                    types.add(component.getGenericType());
                }
                yield types;
            }
        };
    }

    private static IllegalArgumentException unfit(String what, String event, IllegalArgumentException cause) {
        return new IllegalArgumentException("the " + what + " of '" + event + "': " + cause.getMessage(), cause);
    }
}
