using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Tests.Support;
using Akka.Actor;

namespace ActorTorrent.Engine.Tests.Telemetry;

/// <summary>An actor that can be counted and does as it is told; the root of them has a census.</summary>
internal sealed class Member : ObservedReceiveActor
{
    private readonly TelemetryOptions? _census;

    public Member(TelemetryOptions? census)
    {
        _census = census;
        Become(Working);
    }

    protected override ActorKind Kind => _census is null ? ActorKind.Peer : ActorKind.Engine;

    public static Props Props(TelemetryOptions? census = null) => Akka.Actor.Props.Create(() => new Member(census));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    protected override void PreStart()
    {
        if (_census is not null)
            Context.ActorOf(CensusActor.Props(_census, TimeProvider.System), "census");
    }

    private void Working()
    {
        Receive<Spawn>(spawn => Sender.Tell(Context.ActorOf(Props(), spawn.Name)));
        Receive<Fail>(fail => throw new InvalidOperationException(fail.Why));
        Receive<Rest>(_ => Become(Resting));
        Receive<Block>(block => block.Until.Wait());
        Receive<Spend>(spend => Sender.Tell(BytesAllocatedBy(spend.Messages)));
        Receive<CensusProtocol.Watch>(message => Context.Child("census").Forward(message));
        Receive<CensusProtocol.Take>(message => Context.Child("census").Forward(message));
    }

    private void Resting() => ReceiveAny(_ => { });

    /// <summary>What passing messages through the observation allocates, measured on the thread that does it.</summary>
    private long BytesAllocatedBy(int messages)
    {
        var message = new object();
        Receive handler = _ => true;
        return Allocation.LeastOf(() =>
        {
            for (var i = 0; i < messages; i++)
                AroundReceive(handler, message);
        });
    }

    public sealed record Spawn(string Name);

    public sealed record Fail(string Why);

    public sealed record Rest;

    public sealed record Block(ManualResetEventSlim Until);

    public sealed record Spend(int Messages);
}
