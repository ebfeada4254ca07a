using System.Threading.Channels;
using ActorTorrent.Engine.Faults;
using Akka.Actor;

namespace ActorTorrent.Engine.Telemetry;

/// <summary>Passes what is published about torrents to a channel, for readers outside the actor system.</summary>
internal sealed class EventFeedActor : UntypedActor
{
    private readonly ChannelWriter<object> _writer;

    public EventFeedActor(ChannelWriter<object> writer) => _writer = writer;

    public static Props Props(ChannelWriter<object> writer) => Akka.Actor.Props.Create(() => new EventFeedActor(writer));

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(TorrentSnapshot));
        Context.System.EventStream.Subscribe(Self, typeof(TorrentEvent));
        Context.System.EventStream.Subscribe(Self, typeof(FaultJournalEntry));
    }

    protected override void PreRestart(Exception reason, object message)
    {
        // Neither the channel nor the subscription ends with one instance: the next goes on with both.
    }

    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        _writer.TryComplete();
    }

    protected override void OnReceive(object message) => _writer.TryWrite(message);
}
