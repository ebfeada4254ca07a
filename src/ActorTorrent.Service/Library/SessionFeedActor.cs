using System.Threading.Channels;
using ActorTorrent.Service.Session;
using Akka.Actor;

namespace ActorTorrent.Service;

/// <summary>Passes what happens in the session to a channel, for a reader outside the actor system.</summary>
internal sealed class SessionFeedActor : UntypedActor
{
    private readonly ChannelWriter<SessionEvent> _writer;

    public SessionFeedActor(ChannelWriter<SessionEvent> writer) => _writer = writer;

    public static Props Props(ChannelWriter<SessionEvent> writer) => Akka.Actor.Props.Create(() => new SessionFeedActor(writer));

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(SessionEvent));

    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        _writer.TryComplete();
    }

    protected override void OnReceive(object message)
    {
        if (message is SessionEvent what)
            _writer.TryWrite(what);
    }
}
