using Akka.Actor;

namespace Akka.Event;

public class EventStream : LoggingBus
{
    private readonly bool _debug;

    public EventStream(bool debug)
    {
        _debug = debug;
    }

    public override bool Subscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        var local = InternalActorRefBase.From(subscriber) as LocalRef;
        if (local is not null)
        {
            // So that its end takes it off again.
            local.HasSubscriptions = true;
            if (local.IsTerminated)
                return false;
        }

        var added = base.Subscribe(subscriber, channel);
        if (local?.IsTerminated == true)
        {
            // It ended in between and may not have seen that it had anything to take off.
            base.Unsubscribe(subscriber);
            return false;
        }

        if (_debug)
            Publish(new Debug(nameof(EventStream), GetType(), $"subscribing {subscriber} to channel {channel}"));
        return added;
    }

    public override bool Unsubscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        var removed = base.Unsubscribe(subscriber, channel);
        if (_debug)
            Publish(new Debug(nameof(EventStream), GetType(), $"unsubscribing {subscriber} from channel {channel}"));
        return removed;
    }

    public override bool Unsubscribe(IActorRef subscriber)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        var removed = base.Unsubscribe(subscriber);
        if (_debug)
            Publish(new Debug(nameof(EventStream), GetType(), $"unsubscribing {subscriber} from all channels"));
        return removed;
    }
}
