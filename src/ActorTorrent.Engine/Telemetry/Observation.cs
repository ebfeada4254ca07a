using Akka.Actor;

namespace ActorTorrent.Engine.Telemetry;

/// <summary>What the two bases of our actors share.</summary>
internal static class Observation
{
    /// <summary>Answers the census, in the actor's context.</summary>
    public static void Answer(CensusProtocol.Probe probe, ActorKind kind, string state, IActorContext context)
        => context.Sender.Tell(
            new CensusProtocol.Answer(kind, state, probe.Time.GetElapsedTime(probe.SentAt), [.. context.GetChildren()])
            {
                Depth = (context as ICell)?.NumberOfMessages ?? 0,
            },
            context.Self);

    /// <summary>Tells of a restart that took place.</summary>
    public static void Restarted(Exception cause, IActorContext context)
        => context.System.EventStream.Publish(new CensusProtocol.Faulted(context.Self, ActorFault.Of(cause), IsRestart: true));
}
