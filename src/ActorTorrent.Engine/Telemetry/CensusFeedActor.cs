using System.Threading.Channels;
using Akka.Actor;

namespace ActorTorrent.Engine.Telemetry;

/// <summary>Has the engine's actors counted while it lives, for a reader outside the actor system.</summary>
internal sealed class CensusFeedActor : UntypedActor
{
    private readonly IActorRef _engine;
    private readonly ChannelWriter<ActorCensus> _writer;
    private IActorRef? _census;

    public CensusFeedActor(IActorRef engine, ChannelWriter<ActorCensus> writer)
    {
        _engine = engine;
        _writer = writer;
    }

    public static Props Props(IActorRef engine, ChannelWriter<ActorCensus> writer)
        => Akka.Actor.Props.Create(() => new CensusFeedActor(engine, writer));

    protected override void PreStart() => _engine.Tell(CensusProtocol.Watch.Instance);

    /// <summary>The channel goes on with the next instance, which asks to be told anew.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        if (_census is not null)
            Context.Unwatch(_census);
    }

    protected override void PostStop() => _writer.TryComplete();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ActorCensus census:
                if (_census is null)
                    _census = Context.Watch(Sender);
                _writer.TryWrite(census);
                break;
            case Terminated:
                // The engine was restarted and has another census.
                _census = null;
                _engine.Tell(CensusProtocol.Watch.Instance);
                break;
            default:
                Unhandled(message);
                break;
        }
    }
}
